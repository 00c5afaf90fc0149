"""Bodies that clients send with curl: limits, ways of sending, and malformed ones."""

import json
import os
import socket
import tempfile
import time
import unittest
from concurrent.futures import ThreadPoolExecutor

from support.fronts import Nginx
from support.http import curl, fetch
from support.paths import example
from support.patience import patient
from support.server import Server, ServerTest, plugin_options


# Without it curl says that what it sends is a form.
BYTES = ("-H", "Content-Type: application/octet-stream")


class Bodies(ServerTest):
    ini = "features.ini"

    def test_body_comes_back_as_it_was_sent(self):
        data = os.urandom(300_000)
        answer = curl(self.server, "/body", *BYTES, "--data-binary", "@-", data=data)
        self.assertEqual((answer.status, answer.body), (200, data))

    def test_empty_body_is_a_body(self):
        answer = curl(self.server, "/body", "--data-binary", "")
        self.assertEqual((answer.status, answer.body), (200, b""))

    def test_client_that_expects_100_continue_gets_it(self):
        data = b"y" * 2_000_000
        answer = curl(self.server, "/body", "-H", "Expect: 100-continue", "--data-binary", "@-",
                      data=data)
        self.assertEqual(answer.headers["interim"], [100])
        self.assertEqual((answer.status, answer.body), (200, data))

    def test_chunked_body_is_put_together(self):
        data = os.urandom(200_000)
        answer = curl(self.server, "/body", *BYTES, "-H", "Transfer-Encoding: chunked",
                      "-H", "Expect:", "-X", "POST", "-T", "-", data=data)
        self.assertEqual((answer.status, answer.body), (200, data))

    def test_json_body_is_parsed(self):
        value = {"a": [1, 2.5, None, True], "text": "ü😀"}
        answer = curl(self.server, "/json", "-H", "Content-Type: application/json",
                      "--data-binary", "@-", data=json.dumps(value).encode())
        self.assertEqual(answer.json(), value)

    def test_json_error_is_told_with_its_position(self):
        answer = curl(self.server, "/json", "-H", "Content-Type: application/json",
                      "--data-binary", '{"a": 1, oops}')
        self.assertEqual(answer.status, 400)
        self.assertRegex(answer.text, r"\b(9|10)\b")

    def test_json_that_nests_without_end_is_refused(self):
        answer = curl(self.server, "/json", "--data-binary", "@-", data=b"[" * 1_000_000)
        self.assertEqual(answer.status, 400)
        self.assertEqual(fetch(self.server, "/title").status, 200)

    def test_urlencoded_form_is_read_before_the_view_runs(self):
        answer = curl(self.server, "/upload", "--data-urlencode", "name=Jürgen & Co")
        self.assertEqual(answer.json()["fields"], {"name": "Jürgen & Co"})

    def test_multipart_form_brings_files(self):
        with tempfile.NamedTemporaryFile(suffix=".bin") as file:
            file.write(b"\0" * 5000)
            file.flush()
            answer = curl(self.server, "/upload", "-F", "title=two words", "-F",
                          f"file=@{file.name};filename=report.pdf;type=application/pdf")
        self.assertEqual(answer.json(), {
            "fields": {"title": "two words"},
            "files": [{"name": "file", "filename": "report.pdf",
                       "content_type": "application/pdf", "size": 5000}],
        })

    def test_multipart_error_is_told_with_its_position(self):
        answer = curl(self.server, "/upload", "-H", "Content-Type: multipart/form-data; boundary=xx",
                      "--data-binary", "--xx\r\nContent-Disposition: form-data; name=a\r\n\r\n1\r\n")
        self.assertEqual(answer.status, 400)
        self.assertRegex(answer.text, r"\d+")


class BodyLimit(ServerTest):
    options = plugin_options("--http-socket", "127.0.0.1:{port}", "--aiopyr", "10",
                             "--aiopyr-max-body", "100000", "--aiopyr-app", example("features"))

    def test_body_at_the_limit_is_taken(self):
        answer = curl(self.server, "/body", "--data-binary", "@-", data=b"z" * 100_000)
        self.assertEqual((answer.status, len(answer.body)), (200, 100_000))

    def test_body_over_the_limit_is_answered_with_413(self):
        answer = curl(self.server, "/body", "-H", "Expect:", "--data-binary", "@-",
                      data=b"z" * 100_001)
        self.assertEqual(answer.status, 413)

    def test_client_sees_the_413_even_while_it_sends_much_more(self):
        answer = curl(self.server, "/body", "-H", "Expect:", "--data-binary", "@-",
                      data=b"z" * 20_000_000)
        self.assertEqual(answer.status, 413)

    def test_client_that_asks_first_sends_nothing(self):
        answer = curl(self.server, "/body", "-H", "Expect: 100-continue", "--data-binary", "@-",
                      data=b"z" * 20_000_000)
        self.assertEqual((answer.status, answer.headers["interim"]), (413, []))

    def test_chunked_body_over_the_limit_is_answered_with_413(self):
        answer = curl(self.server, "/body", "-H", "Transfer-Encoding: chunked", "-H", "Expect:",
                      "-X", "POST", "-T", "-", data=b"z" * 3_000_000)
        self.assertEqual(answer.status, 413)

    def test_worker_serves_on_after_refusing_many(self):
        for _ in range(30):
            curl(self.server, "/body", "-H", "Expect:", "--data-binary", "@-", data=b"z" * 200_000)
        self.assertEqual(fetch(self.server, "/title").status, 200)


class ChunksOfOneByte(ServerTest):
    ini = "features.ini"

    def send(self, chunks):
        with socket.create_connection(self.server.address, patient(30)) as client:
            client.sendall(b"POST /body HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n")
            client.sendall(b"1\r\nx\r\n" * chunks + b"0\r\n\r\n")
            return client.makefile("rb").read()

    def test_flood_of_them_holds_nobody_up(self):
        chunks = 6_000_000
        with ThreadPoolExecutor(1) as pool:
            flood = pool.submit(self.send, chunks)
            while not flood.done():
                begin = time.monotonic()
                self.assertEqual(fetch(self.server, "/title").status, 200)
                self.assertLess(time.monotonic() - begin, patient(0.5))
            self.assertTrue(flood.result().endswith(b"x" * chunks))


class BodyOfOneByteAtATime(unittest.TestCase):
    def test_slow_sender_is_waited_for(self):
        server = Server("features.ini")
        self.addCleanup(server.stop)
        with socket.create_connection(server.address, patient(10)) as client:
            client.sendall(b"POST /body HTTP/1.0\r\nHost: x\r\nContent-Length: 5\r\n\r\n")
            for byte in b"hello":
                client.sendall(bytes([byte]))
                time.sleep(0.02)
            answer = b""
            while chunk := client.recv(65536):
                answer += chunk
        self.assertTrue(answer.endswith(b"\r\n\r\nhello"), answer)


class BehindNginx(unittest.TestCase):
    def test_chunks_that_nginx_has_taken_off_are_not_looked_for(self):
        server = Server(options=plugin_options("--uwsgi-socket", "127.0.0.1:{port}", "--aiopyr", "4",
                                               "--aiopyr-app", example("features")))
        self.addCleanup(server.stop)
        data = os.urandom(50_000)
        with Nginx("nginx.conf", server.port) as nginx:
            answer = curl(nginx, "/body", *BYTES, "-H", "Transfer-Encoding: chunked", "-H", "Expect:",
                          "-X", "POST", "-T", "-", data=data)
        self.assertEqual((answer.status, answer.body), (200, data))

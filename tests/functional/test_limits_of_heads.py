"""The size of requests within uWSGI's own limits, and the answers to larger ones."""

import os
import socket
import subprocess
import tempfile
import unittest

from support.http import fetch
from support.paths import BUILD
from support.patience import patient
from support.raw_http import RawHttp, RawHttpTest, request
from support.server import Server, ServerTest, plugin_options

TELLING = os.path.join(BUILD, "tests", "telling_app.so")


def options(*more):
    return plugin_options("--http-socket", "127.0.0.1:{port}", "--aiopyr-app", TELLING, *more)


class Heads(RawHttpTest):
    """Heads up to the room of the default `buffer-size`."""

    options = options("--aiopyr", "4")

    def status(self, *lines, path="/variables"):
        client = self.connect()
        client.send(request(path, *lines))
        answer = client.answer()
        if answer.status != 200:
            self.assertEqual(client.until_end(), b"")
        return answer.status

    def test_long_targets_and_many_cookies_are_served(self):
        self.assertEqual(self.status(path="/variables?" + "q" * 5000), 200)
        self.assertEqual(self.status("Cookie: a=" + "c" * 12_000), 200)
        self.assertEqual(self.status("Cookie: a=" + "c" * 12_000, path="/variables?" + "q" * 5000), 200)

    def test_target_that_is_too_long_is_414(self):
        for size in (20_000, 40_000, 100_000):
            for path in ("/" + "x" * size, "/variables?" + "q" * size):
                with self.subTest(size=size, path=path[:20]):
                    self.assertEqual(self.status(path=path), 414)

    def test_headers_that_are_too_large_are_431(self):
        self.assertEqual(self.status("Cookie: a=" + "c" * 40_000), 431)
        self.assertEqual(self.status(*(f"X-{i}: " + "x" * 1000 for i in range(40))), 431)
        self.assertEqual(self.status("Cookie: a=" + "c" * 32_650), 431)

    def test_head_that_comes_in_pieces_is_judged_alike(self):
        client = self.connect()
        head = request("/" + "x" * 40_000)
        for at in range(0, len(head), 5000):
            client.send(head[at:at + 5000])
        self.assertEqual(client.answer().status, 414)


class ToldSizes(unittest.TestCase):
    def statuses(self, *more):
        server = Server(options=options(*more))
        self.addCleanup(server.stop)
        return [fetch(server, "/variables", headers={"Cookie": "a=" + "c" * size}).status
                for size in (3000, 7000, 20_000)]

    def test_size_that_is_told_counts_wherever_it_stands(self):
        self.assertEqual(self.statuses("--buffer-size", "8192", "--aiopyr", "4"), [200, 200, 431])
        self.assertEqual(self.statuses("--aiopyr", "4", "--buffer-size", "8192"), [200, 200, 431])
        self.assertEqual(self.statuses("-b", "4096", "--aiopyr", "4"), [200, 431, 431])
        self.assertEqual(self.statuses("--aiopyr", "4"), [200, 200, 200])


class Posts(RawHttpTest):
    """Over `limit-post`."""

    options = options("--aiopyr", "4", "--limit-post", "1000")

    def test_body_over_the_limit_is_413_and_the_connection_ends(self):
        for size in (1001, 100_000, 1 << 34):
            with self.subTest(size=size):
                client = self.connect()
                client.send(request("/length", f"Content-Length: {size}", method="POST"))
                answer = client.answer()
                self.assertEqual((answer.status, answer.headers["connection"]), (413, "close"))
                self.assertIn("1000", answer.text)

    def test_body_in_chunks_over_the_limit_is_413(self):
        client = self.connect()
        head = request("/length", "Transfer-Encoding: chunked", method="POST")
        client.send(head + b"3e9\r\n" + b"x" * 1001 + b"\r\n0\r\n\r\n")
        self.assertEqual(client.answer().status, 413)

    def test_body_within_it_is_served(self):
        answer = fetch(self.server, "/length", "POST", b"x" * 1000)
        self.assertEqual((answer.status, answer.text), (200, "1000"))

    def test_whole_body_that_is_sent_at_once_does_not_hide_the_answer(self):
        client = self.connect()
        client.send(request("/length", method="POST", body=b"x" * 50_000))
        self.assertEqual(client.answer().status, 413)


class Variables(RawHttpTest):
    """Over `max-vars`, with routes and without."""

    options = options("--aiopyr", "4", "--max-vars", "16")

    def test_more_headers_than_variables_are_431_and_the_connection_ends(self):
        client = self.connect()
        lines = [f"X-{i}: y" for i in range(60)]
        client.send(request("/variables", *lines, "Content-Length: 3", method="POST") + b"abc")
        answer = client.answer()
        self.assertEqual((answer.status, answer.headers["connection"]), (431, "close"))
        self.assertEqual(client.until_end(), b"")

    def test_head_of_it_has_no_body(self):
        client = self.connect()
        client.send(request("/variables", *(f"X-{i}: y" for i in range(60)), method="HEAD"))
        self.assertEqual(client.answer("HEAD").status, 431)
        self.assertEqual(client.until_end(), b"")

    def test_few_headers_are_served(self):
        self.assertEqual(fetch(self.server, "/variables").status, 200)


class VariablesBehindRoutes(Variables):
    options = [*Variables.options, "--route", "^/nowhere break:404"]


class VariablesOfProxies(ServerTest):
    """Over uWSGI's protocol."""

    options = plugin_options("--socket", "127.0.0.1:{port}", "--aiopyr-app", TELLING, "--aiopyr", "4",
                             "--max-vars", "16", "--limit-post", "10")

    def ask(self, variables, body=b""):
        packet = b"".join(len(text).to_bytes(2, "little") + text
                          for item in variables.items() for text in map(str.encode, item))
        with socket.create_connection(self.server.address, patient(10)) as client:
            client.sendall(b"\0" + len(packet).to_bytes(2, "little") + b"\0" + packet + body)
            return client.makefile("rb").read().partition(b"\r\n")[0]

    def test_refusals_have_answers(self):
        known = {"REQUEST_METHOD": "GET", "REQUEST_URI": "/variables", "PATH_INFO": "/variables",
                 "SERVER_PROTOCOL": "HTTP/1.1", "QUERY_STRING": ""}
        self.assertIn(b" 200 ", self.ask(known))
        self.assertIn(b" 431 ", self.ask({**known, **{f"HTTP_X{i}": "y" for i in range(60)}}))
        self.assertIn(b" 413 ", self.ask({**known, "CONTENT_LENGTH": "11"}, b"x" * 11))
        self.assertIn(b" 400 ", self.ask({**known, "REQUEST_METHOD": "CONNECT"}))
        self.assertIn(b" 400 ", self.ask({**known, "REQUEST_URI": "/variables%zz?a"}))
        self.assertIn(b" 400 ", self.ask({**known, "HTTP_HOST": "a:b:c"}))
        self.assertIn(b" 200 ", self.ask({**known, "REQUEST_URI": "/variables?%zz", "HTTP_HOST": "a:80"}))


class FullDisk(unittest.TestCase):
    """`post-buffering` keeps bodies in files of TMPDIR."""

    def statuses(self, folder):
        server = Server(options=options("--aiopyr", "4", "--post-buffering", "8192"), env={"TMPDIR": folder})
        self.addCleanup(server.stop)
        for size in (10_000, 100_000):
            client = RawHttp(server)
            self.addCleanup(client.close)
            client.send(request("/length", method="POST", body=b"x" * size))
            yield client.answer()

    def test_bodies_are_kept(self):
        with tempfile.TemporaryDirectory() as folder:
            self.assertEqual([answer.text for answer in self.statuses(folder)], ["10000", "100000"])

    def test_body_for_which_there_is_no_file_is_500(self):
        with tempfile.TemporaryDirectory() as folder:
            missing = os.path.join(folder, "missing")
            self.assertEqual([answer.status for answer in self.statuses(missing)], [500, 500])

    @unittest.skipUnless(os.geteuid() == 0, "mounts a small file system")
    def test_body_that_the_disk_has_no_room_for_is_500(self):
        folder = self.enterContext(tempfile.TemporaryDirectory())
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", folder], check=True)
        self.addCleanup(subprocess.run, ["umount", "-l", folder], check=True)
        with open(os.path.join(folder, "full"), "wb") as full:
            full.write(b"x" * (64 << 10))
        self.assertEqual([answer.status for answer in self.statuses(folder)], [500, 500])

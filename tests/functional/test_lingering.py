"""The end of a connection whose client goes on sending: it gets the answer all the same."""

import socket
import time
import unittest

from support.fronts import Certificate
from support.patience import patient
from support.paths import example
from support.ports import reserve_port
from support.server import Server, plugin_options, wait_until

TWO_LENGTHS = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n"


class Lingering(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.certificate = Certificate()
        cls.addClassCleanup(cls.certificate.remove)

    def start(self, *more):
        self.tls_port = reserve_port()
        server = Server(options=plugin_options(
            "--aiopyr", "4", "--aiopyr-app", example("features"), "--http-socket", "127.0.0.1:{port}",
            "--https-socket", f"127.0.0.1:{self.tls_port},{self.certificate.cert},{self.certificate.key}",
            "--disable-logging", *more))
        self.addCleanup(server.stop)
        return server

    def connect(self, server, scheme):
        where = server.address if scheme == "http" else ("127.0.0.1", self.tls_port)
        client = socket.create_connection(where, patient(10))
        if scheme == "https":
            client = self.certificate.client_context().wrap_socket(client, server_hostname="127.0.0.1",
                                                                   suppress_ragged_eofs=True)
        self.addCleanup(client.close)
        return client

    def answer_to(self, client):
        answer = b""
        while part := client.recv(1 << 16):
            answer += part
        return answer

    def test_a_refused_request_with_much_behind_it_is_answered(self):
        server = self.start()
        for scheme in ("http", "https"):
            for behind in (50_000, 3_000_000):
                with self.subTest(scheme, behind=behind):
                    client = self.connect(server, scheme)
                    client.sendall(TWO_LENGTHS)
                    for _ in range(behind // 10_000):
                        client.sendall(b"x" * 10_000)
                    self.assertTrue(self.answer_to(client).startswith(b"HTTP/1.1 400 "))

    def test_a_request_that_does_not_arrive_is_answered_though_its_client_goes_on(self):
        server = self.start("--aiopyr-read-timeout", "1", "--aiopyr-lingering-time", "60")
        for scheme in ("http", "https"):
            with self.subTest(scheme):
                client = self.connect(server, scheme)
                client.sendall(b"GET /title HTTP/1.1\r\nHo")
                time.sleep(patient(1.5))
                client.sendall(b"st: x\r\nX: " + b"y" * 100)
                self.assertTrue(self.answer_to(client).startswith(b"HTTP/1.1 408 "))

    def test_a_client_that_sends_a_little_more_than_its_last_request_is_answered(self):
        server = self.start()
        close = b"Host: x\r\nConnection: close\r\n"
        requests = {
            "behind a body": [b"POST /body HTTP/1.1\r\n" + close + b"Content-Length: 5\r\n\r\n", b"hello\r\n"],
            "an old client": [b"GET /?sleep=0.3 HTTP/1.0\r\nHost: x\r\n\r\n", b"\r\n"],
            "while its view waits": [b"GET /?sleep=0.3 HTTP/1.1\r\n" + close + b"\r\n", b"\r\n"],
        }
        for scheme in ("http", "https"):
            for name, parts in requests.items():
                with self.subTest(scheme, request=name):
                    client = self.connect(server, scheme)
                    for part in parts:
                        client.sendall(part)
                        time.sleep(0.1)
                    self.assertIn(b" 200 ", self.answer_to(client)[:16])

    def test_a_client_that_never_ends_is_closed_after_the_time_that_is_set(self):
        server = self.start("--aiopyr-lingering-time", "1")
        client = self.connect(server, "http")
        client.sendall(TWO_LENGTHS)
        self.assertTrue(self.answer_to(client).startswith(b"HTTP/1.1 400 "))

        def is_reset():
            try:
                client.sendall(b"more")
            except ConnectionError:
                return True
            return False
        wait_until(is_reset, 10, lambda: "the connection is still read")


if __name__ == "__main__":
    unittest.main()

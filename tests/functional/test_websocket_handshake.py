"""Handshakes that are refused, by curl, and what a good one is answered with."""

import socket

from support.http import curl, fetch
from support.server import ServerTest

GOOD = {
    "Upgrade": "websocket",
    "Connection": "Upgrade",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
}


class Handshake(ServerTest):
    ini = "tutorial.ini"
    paths = ("/echo", "/echo-uwsgi")

    def shake(self, path, *options, **changes):
        headers = {**GOOD, **{name.replace("_", "-"): value for name, value in changes.items()}}
        arguments = [f"-H{name}: {value}" for name, value in headers.items() if value is not None]
        return curl(self.server, path, "--http1.1", "--no-buffer", *arguments, *options, timeout=5)

    def check(self, status, *options, **changes):
        for path in self.paths:
            with self.subTest(path=path):
                answer = self.shake(path, *options, **changes)
                self.assertEqual(answer.status, status, answer.text)
        return answer

    def test_ordinary_request_is_told_to_upgrade(self):
        for path in self.paths:
            with self.subTest(path=path):
                answer = fetch(self.server, path)
                self.assertEqual(answer.status, 426)
                self.assertEqual(answer.headers["upgrade"].lower(), "websocket")

    def test_upgrade_to_something_else_is_told_to_upgrade(self):
        self.check(426, Upgrade="h2c")
        self.check(426, Connection="close")

    def test_other_version_is_told_the_right_one(self):
        answer = self.check(426, Sec_WebSocket_Version="12")
        self.assertEqual(answer.headers["sec-websocket-version"], "13")

    def test_key_that_is_none_is_a_bad_request(self):
        self.check(400, Sec_WebSocket_Key="short")
        self.check(400, Sec_WebSocket_Key=None)

    def test_other_method_is_not_allowed(self):
        answer = self.check(405, "-X", "POST")
        self.assertIn("GET", answer.headers["allow"])

    def test_other_origin_is_forbidden(self):
        self.check(403, Origin="http://evil.example")
        self.check(403, Origin="null")

    def test_unknown_path_is_not_found(self):
        self.assertEqual(self.shake("/echo-nowhere").status, 404)

    def test_worker_serves_on_after_refusals(self):
        for _ in range(50):
            fetch(self.server, "/echo")
            fetch(self.server, "/echo-uwsgi")
        self.assertEqual(fetch(self.server).status, 200)


class Answer(ServerTest):
    ini = "tutorial.ini"

    def test_key_is_answered_as_in_the_rfc(self):
        for path in ("/echo", "/echo-uwsgi"):
            with self.subTest(path=path):
                with socket.create_connection(self.server.address, 5) as client:
                    head = f"GET {path} HTTP/1.1\r\nHost: {self.server.host}:{self.server.port}\r\n"
                    head += f"Origin: {self.server.url('')}\r\n"
                    head += "".join(f"{name}: {value}\r\n" for name, value in GOOD.items())
                    client.sendall(head.encode() + b"\r\n")
                    answer = b""
                    while b"\r\n\r\n" not in answer:
                        answer += client.recv(4096)
                text = answer.decode("latin-1")
                self.assertTrue(text.startswith("HTTP/1.1 101 "), text)
                if path == "/echo":
                    self.assertTrue(text.startswith("HTTP/1.1 101 Switching Protocols\r\n"), text)
                self.assertIn("sec-websocket-accept: s3pplmbitxaq9kygzzhzrbk+xoo=", text.lower())
                self.assertIn("upgrade: websocket\r\n", text.lower())
                self.assertIn("connection: upgrade\r\n", text.lower())
                self.assertNotIn("content-length", text.lower())
                self.assertNotIn("sec-websocket-extensions", text.lower())

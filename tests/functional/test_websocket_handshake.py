"""Refused handshakes, by curl, and the answer to a good one."""

import os
import socket
import unittest

from support.fronts import Nginx
from support.http import curl, fetch
from support.paths import BUILD
from support.patience import patient
from support.raw_http import RawHttpTest, request
from support.raw_websocket import TEXT, RawWebsocket, Refused, frame
from support.server import Server, ServerTest, plugin_options

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
                with socket.create_connection(self.server.address, patient(5)) as client:
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


class RefusedUpgrades(RawHttpTest):
    """Upgrades that are refused: a proxy that already tunnels must not pass on a second request."""

    ini = "tutorial.ini"

    def assert_last(self, status, path="/echo", changes=(), body=b"", **how):
        lines = [f"{name}: {value}" for name, value in {**GOOD, **dict(changes)}.items() if value is not None]
        for later in (False, True):
            with self.subTest(path=path, status=status, later=later):
                client = self.connect()
                sent = request(path, *lines, body=body, **how)
                client.send(sent if later else sent + request("/"))
                answer = client.answer()
                self.assertEqual(answer.status, status, answer.text)
                self.assertEqual(answer.headers["connection"], "Upgrade, close" if status == 426 else "close")
                if later:
                    try:
                        client.send(request("/"))
                    except ConnectionError:
                        pass
                try:
                    self.assertEqual(client.until_end(), b"")
                except ConnectionResetError:
                    pass

    def test_refused_handshake_is_the_last_request_of_its_connection(self):
        for path in ("/echo", "/echo-uwsgi"):
            self.assert_last(403, path, {"Origin": "http://evil.example"})
            self.assert_last(426, path, {"Sec-WebSocket-Version": "12"})
            self.assert_last(426, path, {"Connection": "keep-alive"})
            self.assert_last(426, path, {"Upgrade": "h2c"})
            self.assert_last(426, path, {name: None for name in GOOD})
            self.assert_last(400, path, {"Sec-WebSocket-Key": "short"})
            self.assert_last(405, path, method="POST")

    def test_so_is_an_upgrade_that_nobody_has_looked_at(self):
        self.assert_last(200, "/")
        self.assert_last(404, "/nowhere")
        self.assert_last(200, "/", {"Upgrade": "h2c", "Connection": "Upgrade, HTTP2-Settings"})

    def test_so_is_a_handshake_with_a_body(self):
        for path in ("/echo", "/echo-uwsgi"):
            self.assert_last(400, path, body=frame(TEXT, b"smuggled"))

    def test_body_of_no_bytes_is_none(self):
        for path in ("/echo", "/echo-uwsgi"):
            client = self.connect()
            client.send(request(path, *(f"{name}: {value}" for name, value in GOOD.items()), "Content-Length: 0"))
            self.assertIn(" 101 ", client.head()[0])

    def test_chunked_body_is_one_and_is_not_read_as_frames(self):
        for path in ("/echo", "/echo-uwsgi"):
            client = self.connect()
            lines = [f"{name}: {value}" for name, value in GOOD.items()]
            client.send(request(path, *lines, "Transfer-Encoding: chunked") + frame(TEXT, b"smuggled"))
            self.assertEqual(client.answer().status, 400)
            self.assertEqual(client.until_end(), b"")


class HandshakesBehindNginx(unittest.TestCase):
    """Handshakes with a body, which nginx passes on."""

    def test_body_is_not_read_as_frames(self):
        body = frame(TEXT, b"smuggled")
        for ini, config in (("tutorial.ini", "nginx-proxy.conf"), ("uwsgi-socket.ini", "nginx.conf")):
            server = Server(ini)
            self.addCleanup(server.stop)
            front = self.enterContext(Nginx(config, server.port))
            for path in ("/echo", "/echo-uwsgi"):
                with self.subTest(config=config, path=path):
                    with self.assertRaisesRegex(Refused, "HTTP/1.1 400 "):
                        RawWebsocket(front, path, headers=[f"Content-Length: {len(body)}"], early=body)
                    with RawWebsocket(front, path) as client:
                        client.send_frame(TEXT, b"hello")
                        self.assertEqual(client.receive(), (TEXT, b"hello"))


class OtherProtocols(RawHttpTest):
    """Other protocols than websockets, for which an app takes over the stream itself."""

    options = plugin_options("--http-socket", "127.0.0.1:{port}", "--aiopyr", "4", "--aiopyr-app",
                             os.path.join(BUILD, "tests", "telling_app.so"))
    UPGRADE = ("Upgrade: nothing", "Connection: Upgrade")

    def test_what_follows_the_head_is_of_the_new_protocol(self):
        client = self.connect()
        client.send(request("/upgraded", *self.UPGRADE) + b"early")
        self.assertIn(" 101 ", client.head()[0])
        self.assertEqual(client.until_end(), b"early")

    def test_body_is_not(self):
        for lines, body in ((["Content-Length: 3"], b"abc"), (["Transfer-Encoding: chunked"], b"3\r\nabc\r\n0\r\n\r\n")):
            with self.subTest(lines=lines):
                client = self.connect()
                client.send(request("/upgraded", *self.UPGRADE, *lines) + body + b"early")
                status, rest = client.head()[0].split()[1], client.until_end()
                # It is refused if the body has not been read.
                self.assertTrue(rest == b"early" if status == "101" else status == "400", (status, rest))
                self.assertNotIn(b"abc", rest)

"""Pipelined requests: their answers come in order, whatever part of the server writes them, and none of
them waits for another that takes long."""

import os
import socket
import tempfile
import time
import unittest

from support.paths import example
from support.patience import patient
from support.raw_http import RawHttpTest, request
from support.server import plugin_options

TITLE = {"title": "features"}
STATIC = b"a file of uWSGI's\n"


class PipeliningTest(RawHttpTest):
    def assert_title(self, client):
        self.assertEqual(client.answer().json(), TITLE)


class AnswersOfOthers(PipeliningTest):
    """Output of uWSGI itself comes after the answers to earlier requests."""

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.folder.cleanup)
        with open(os.path.join(cls.folder.name, "file.txt"), "wb") as file:
            file.write(STATIC)
        cls.options = plugin_options("--http-socket", "127.0.0.1:{port}", "--aiopyr", "3", "--aiopyr-app",
                                     example("features"), "--static-map", f"/files={cls.folder.name}",
                                     *cls.routes())
        super().setUpClass()

    @staticmethod
    def routes():
        return ()

    def test_file_of_a_static_map(self):
        client = self.connect()
        client.send(request("/title") * 2 + request("/files/file.txt"))
        self.assert_title(client)
        self.assert_title(client)
        self.assertTrue(client.until_end().endswith(STATIC))

    def test_refusal(self):
        client = self.connect()
        client.send(request("/title") * 2 + b"NONSENSE\r\n\r\n")
        self.assert_title(client)
        self.assert_title(client)
        self.assertEqual(client.answer().status, 400)

    def test_head_that_is_too_large(self):
        client = self.connect()
        client.send(request("/title") * 2 + request("/title", "X-Long: " + "x" * 40_000))
        self.assert_title(client)
        self.assert_title(client)
        self.assertEqual(client.answer().status, 431)

    def test_invitation_to_send_a_body(self):
        client = self.connect()
        client.send(request("/title") + request("/body", "Expect: 100-continue", "Content-Length: 3", method="POST"))
        self.assert_title(client)
        self.assertEqual(client.head(), ["HTTP/1.1 100 Continue"])
        client.send(b"abc")
        self.assertEqual(client.answer().body, b"abc")

    def test_websockets(self):
        for path in ("/type", "/uwsgi-type"):
            with self.subTest(path=path):
                client = self.connect()
                client.send(request("/title") * 2)
                client.send(request("/title") + request(
                    path, "Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13",
                    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="))
                for _ in range(3):
                    self.assert_title(client)
                self.assertIn(" 101 ", client.head()[0])
                client.send(b"\x81\x82\x00\x00\x00\x00hi")
                answer = client.take(2)
                while answer == b"\x89\x00":  # a ping of uWSGI's
                    answer = client.take(2)
                self.assertEqual(answer + client.take(5), b"\x81\x05str:2")


class AnswersOfRoutes(AnswersOfOthers):
    """With uWSGI's routes, which may take connections as they are."""

    @staticmethod
    def routes():
        return "--route", "^/routed break:410 Gone"

    def test_route_that_answers(self):
        client = self.connect()
        client.send(request("/title") * 2 + request("/routed"))
        self.assert_title(client)
        self.assert_title(client)
        self.assertTrue(client.until_end().startswith(b"HTTP/1.1 410 Gone\r\n"))


class AnswersInTime(PipeliningTest):
    options = plugin_options("--http-socket", "127.0.0.1:{port}", "--aiopyr", "3", "--aiopyr-app", example("features"))

    def test_none_waits_for_a_view_behind_it(self):
        client = self.connect()
        begin = time.monotonic()
        client.send(request("/title") * 2 + request(f"/?sleep={patient(2)}") + request("/title"))
        self.assert_title(client)
        self.assert_title(client)
        self.assertLess(time.monotonic() - begin, patient(1))
        self.assertEqual(client.answer().status, 200)
        self.assert_title(client)

    def test_none_waits_for_the_rest_of_a_request_behind_it(self):
        for rest in (request("/title")[:-3], request("/body", "Content-Length: 5", method="POST") + b"ab"):
            with self.subTest(rest=rest):
                client = self.connect()
                begin = time.monotonic()
                client.send(request("/title") * 2 + rest)
                self.assert_title(client)
                self.assert_title(client)
                self.assertLess(time.monotonic() - begin, patient(1))

    def test_client_that_ends_its_side_gets_all_of_them(self):
        client = self.connect()
        client.send(request("/title") * 31)
        client.socket.shutdown(socket.SHUT_WR)
        for _ in range(31):
            self.assert_title(client)
        self.assertTrue(client.is_closed())


if __name__ == "__main__":
    unittest.main()

"""Clients that send their body only when they are asked for it (Expect: 100-continue): the server asks when
code reads the body, so that a view may refuse it before."""

import os
import unittest

from support.paths import BUILD
from support.raw_http import RawHttpTest, request
from support.server import plugin_options

TELLING = os.path.join(BUILD, "tests", "telling_app.so")
SIZE = 100_000
GUARDED = ("/guarded", "/guarded-plain", "/lazy")


class Expect(RawHttpTest):
    options = plugin_options("--http-socket", "127.0.0.1:{port}", "--aiopyr", "4", "--aiopyr-app", TELLING,
                             "--aiopyr-max-body", "1000000")

    def begin(self, path, *lines, size=SIZE):
        client = self.connect()
        client.send(request(path, "Expect: 100-continue", f"Content-Length: {size}", *lines, method="POST"))
        return client

    def assert_refused(self, client, status):
        """Checks that it is refused at once, without an invitation, and closed: the body may still follow."""
        answer = client.answer()
        self.assertEqual((answer.status, answer.headers["connection"]), (status, "close"))
        self.assertEqual(client.until_end(), b"")

    def test_a_view_refuses_before_the_body_is_sent(self):
        for path in GUARDED:
            with self.subTest(path):
                self.assert_refused(self.begin(path), 403)

    def test_the_body_is_asked_for_once_it_is_read(self):
        for path in (*GUARDED, "/length"):
            with self.subTest(path):
                client = self.begin(path, "X-Word: please")
                self.assertEqual(client.head()[0], "HTTP/1.1 100 Continue")
                client.send(b"x" * SIZE)
                answer = client.answer()
                self.assertEqual((answer.status, answer.text), (200, str(SIZE)))
                # The connection serves another request.
                self.assertEqual(client.get("/dated").status, 200)

    def test_routes_and_limits_refuse_before(self):
        self.assert_refused(self.begin("/nowhere"), 404)
        self.assert_refused(self.begin("/length", size=2_000_000), 413)

    def test_a_client_that_does_not_wait_is_not_asked(self):
        for path in GUARDED:
            with self.subTest(path):
                client = self.connect()
                client.send(request(path, "Expect: 100-continue", "X-Word: please", method="POST", body=b"x" * 500))
                answer = client.answer()
                self.assertEqual((answer.status, answer.text), (200, "500"))

    def test_a_view_refuses_without_reading_what_nobody_has_asked_for(self):
        for path in ("/guarded", "/guarded-plain"):
            with self.subTest(path):
                client = self.connect()
                client.send(request(path, f"Content-Length: {SIZE}", method="POST"))
                # Sends all that is awaited without a core: 64 KiB after the bytes that came with the head.
                client.send(b"x" * (SIZE - 1000))
                self.assert_refused(client, 403)


if __name__ == "__main__":
    unittest.main()

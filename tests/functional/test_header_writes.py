"""Counts the writes of a response to whose head uWSGI's own options add. A preloaded library counts them,
so the sanitized server's tests skip this."""

import errno
import unittest

from support.faults import WRITE, FaultyServer
from support.paths import example
from support.raw_http import RawHttp, request
from support.server import plugin_options

NEVER = 1 << 30


class AddedHeadersInOneWrite(unittest.TestCase):
    """With a server whose writes are counted."""

    def start(self, *more):
        self.server = FaultyServer(3, plugin_options(
            "--http-socket", "127.0.0.1:{port}", "--aiopyr-app", example("features"), "--disable-logging",
            "--add-header", "X-Added: 1", *more))
        self.addCleanup(self.server.stop)
        client = RawHttp(self.server)
        self.addCleanup(client.close)
        return client

    def count_writes(self):
        self.server.arm(WRITE, NEVER, errno.EIO)

    def test_headers_that_are_added_leave_with_the_head_and_the_body(self):
        client = self.start("--route", "^/teapot addheader:X-Routed: 2")
        for path, routed in (("/title", None), ("/teapot", "2")):
            self.count_writes()
            answer = client.get(path)
            self.assertEqual((answer.headers["x-added"], answer.headers.get("x-routed")), ("1", routed))
            self.assertEqual(self.server.control.calls, 1)
        self.server.disarm()

    def test_answers_to_pipelined_requests_leave_together_with_them(self):
        client = self.start()
        self.count_writes()
        client.send(request("/title") * 8)
        for _ in range(8):
            self.assertEqual(client.answer().headers["x-added"], "1")
        self.assertEqual(self.server.control.calls, 1)
        self.server.disarm()

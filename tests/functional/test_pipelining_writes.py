"""The number of writes for the answers to pipelined requests, the result when one fails, and how many of
them the loop takes in a row."""

import contextlib
import errno
import time
import unittest

from support.faults import EPOLL_WAIT, WRITE, FaultyServer
from support.paths import example
from support.patience import patient
from support.raw_http import RawHttpTest, request
from support.server import plugin_options

TITLE = {"title": "features"}
NEVER = 1 << 30
CORES = 3


class AnswersTogether(RawHttpTest):
    """Tests with a server whose writes are counted, and fail on demand."""

    @classmethod
    def setUpClass(cls):
        cls.server = FaultyServer(CORES, plugin_options("--http-socket", "127.0.0.1:{port}", "--aiopyr-app",
                                                    example("features"), "--disable-logging"))
        cls.addClassCleanup(cls.server.stop)

    def assert_title(self, client):
        self.assertEqual(client.answer().json(), TITLE)

    def test_they_leave_in_one_write(self):
        client = self.connect()
        self.server.arm(WRITE, NEVER, errno.EIO)
        client.send(request("/title") * 8)
        for _ in range(8):
            self.assert_title(client)
        self.assertEqual(self.server.control.calls, 1)

    def test_more_than_a_writes_worth_of_them_leave_in_few(self):
        client = self.connect()
        self.server.arm(WRITE, NEVER, errno.EIO)
        client.send(request("/title") * 100)
        for _ in range(100):
            self.assert_title(client)
        self.assertLess(self.server.control.calls, 10)

    def test_last_one_takes_those_before_along(self):
        client = self.connect()
        self.server.arm(WRITE, NEVER, errno.EIO)
        client.send(request("/title") * 3 + request("/title", "Connection: close"))
        for _ in range(4):
            self.assert_title(client)
        self.assertEqual(self.server.control.calls, 1)

    def test_one_that_the_socket_does_not_take_leaves_while_the_next_is_made(self):
        client = self.connect()
        self.server.arm(WRITE, 0, errno.EAGAIN)
        begin = time.monotonic()
        client.send(request("/title") + request(f"/?sleep={patient(2)}"))
        self.assert_title(client)
        self.assertLess(time.monotonic() - begin, patient(1))
        self.assertEqual(self.server.disarm(), WRITE)
        self.assertEqual(client.answer().status, 200)

    def test_connection_whose_answer_cannot_be_sent_ends_and_nothing_else(self):
        client = self.connect()
        self.server.arm(WRITE, 0, errno.ECONNRESET)
        client.send(request("/title") * 3 + request("/?sleep=0.1") + request("/title"))
        # The connection may be reset, as an answer was lost.
        with contextlib.suppress(ConnectionResetError):
            self.assertEqual(client.until_end(), b"")
        self.assertEqual(self.server.disarm(), WRITE)
        client.close()
        self.server.wait_until_idle()
        other = self.connect()
        self.assertEqual(other.get("/title").json(), TITLE)

    def test_those_of_clients_that_wait_for_a_core_by_turns_leave_time_for_others(self):
        """A request's length does not divide a buffer's size, so that there is always an incomplete one."""
        count = 2000
        waiting = [self.connect() for _ in range(CORES)]
        for client in waiting:
            client.send(request(f"/?sleep={patient(0.5)}"))
        floods = [self.connect() for _ in range(3)]
        self.server.arm(EPOLL_WAIT, NEVER, errno.EIO)
        for client in floods:
            client.send(request("/title", "X: y") * count)
        for client in waiting:
            self.assertEqual(client.answer().status, 200)
        for client in floods:
            for _ in range(count):
                self.assert_title(client)
        self.assertGreater(self.server.control.calls, count // 20)


if __name__ == "__main__":
    unittest.main()

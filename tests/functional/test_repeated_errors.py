"""The same error many times: the log has it a few times, and a number for the others."""

import contextlib
import re
import unittest

from support.paths import example
from support.raw_http import RawHttp, request
from support.server import Server, plugin_options

COUNT = 3000
PATH, TEXT = "/error/coroutine", "the secret of the coroutine"
MORE = re.compile(r"^\[aiopyr\] ERROR: (\d+) times more, not written: (.*)$", re.M)


class RepeatedErrors(unittest.TestCase):
    def start(self):
        server = Server(options=plugin_options("--http-socket", "127.0.0.1:{port}", "--aiopyr", "10",
                                               "--aiopyr-app", example("features"), "--disable-logging",
                                               "--aiopyr-block-warning", "0"))
        self.addCleanup(lambda: server.is_running() and server.stop())
        return server

    def ask(self, server, path, count):
        with contextlib.closing(RawHttp(server, timeout=60)) as client:
            for _ in range(count // 50):
                client.send(request(path) * 50)
                for _ in range(50):
                    self.assertEqual(client.answer().status, 500)

    def written(self, log, text):
        return sum(1 for line in log.splitlines() if text in line and not MORE.match(line))

    def test_each_is_written_or_counted(self):
        server = self.start()
        self.ask(server, PATH, COUNT)
        server.stop()
        log = server.log()
        written = self.written(log, TEXT)
        counted = sum(int(more) for more, kind in MORE.findall(log) if TEXT in kind)
        self.assertGreaterEqual(written, 5)
        self.assertEqual(written + counted, COUNT, log[-3000:])
        self.assertLess(len(log), 100_000)

    def test_number_is_told_while_the_worker_serves(self):
        server = self.start()
        self.ask(server, PATH, 100)
        log = server.wait_for_log("times more, not written", 25)
        self.assertEqual(sum(int(more) for more, _ in MORE.findall(log)), 100 - self.written(log, TEXT))

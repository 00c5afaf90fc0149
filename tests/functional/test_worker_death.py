"""A worker that dies at once, killed or by a view's crash: the master replaces it, the others serve."""

import http.client
import os
import signal
import threading
import unittest

from support.endings import leaves_of
from support.http import fetch
from support.paths import BUILD
from support.raw_websocket import TEXT, RawWebsocket
from support.server import Server, plugin_options, wait_until

OPTIONS = plugin_options(
    "--master", "--processes", "2", "--aiopyr", "20", "--http-socket", "127.0.0.1:{port}", "--aiopyr-app",
    os.path.join(BUILD, "tests", "crashing_app.so"), "--disable-logging")


class WorkerDeath(unittest.TestCase):
    def setUp(self):
        self.server = Server(options=OPTIONS)
        self.addCleanup(self.stop)
        self.server.wait_for_log("spawned uWSGI worker 2")
        self.workers = leaves_of(self.server.pid)

    def stop(self):
        """Not as usual: its log does tell of a crash."""
        self.server.send_signal(signal.SIGINT)
        self.assertEqual(self.server.wait(15), 0)

    def websocket_of(self, worker):
        """A websocket that this worker serves: the others are stopped meanwhile."""
        others = self.workers - {worker}
        for other in others:
            os.kill(other, signal.SIGSTOP)
        try:
            ws = RawWebsocket(self.server, "/echo")
            self.addCleanup(ws.socket.close)
            self.echo(ws)
            return ws
        finally:
            for other in others:
                os.kill(other, signal.SIGCONT)

    def echo(self, ws):
        ws.send_frame(TEXT, b"abc")
        self.assertEqual(ws.receive(), (TEXT, b"abc"))

    def assert_replaced(self, kill, sign):
        """`kill` ends one worker while clients are served by the others, and is called with it."""
        victim, survivor = sorted(self.workers)
        lost, kept = self.websocket_of(victim), self.websocket_of(survivor)
        failures, stop = [], threading.Event()

        def load():
            while not stop.is_set():
                try:
                    if fetch(self.server, "/fine", timeout=10).text != "fine":
                        failures.append("not fine")
                except (OSError, http.client.HTTPException) as error:
                    failures.append(error)
        thread = threading.Thread(target=load)
        thread.start()
        try:
            kill(victim)
            # The stream ends, without a close frame: nobody was left to send it.
            self.assertIsNone(lost.receive_close())
            wait_until(lambda: len(leaves_of(self.server.pid) - {victim}) == 2, 10)
            self.echo(kept)
            self.server.wait_for_log("Respawned uWSGI worker")
        finally:
            stop.set()
            thread.join()
        # The request that the victim was answering at that moment is lost with it.
        self.assertLessEqual(len(failures), 1, failures)
        self.assertIn(survivor, leaves_of(self.server.pid))
        self.assertIn(sign, self.server.log())
        for _ in range(20):
            self.assertEqual(fetch(self.server, "/fine").text, "fine")

    def crash_by(self, path):
        def crash(victim):
            survivor, = self.workers - {victim}
            os.kill(survivor, signal.SIGSTOP)
            try:
                with self.assertRaises((OSError, http.client.HTTPException)):
                    fetch(self.server, path)
            finally:
                os.kill(survivor, signal.SIGCONT)
        return crash

    def test_kill(self):
        self.assert_replaced(lambda victim: os.kill(victim, signal.SIGKILL), "killed by signal 9")

    def test_crash_of_a_coroutine(self):
        self.assert_replaced(self.crash_by("/segfault?sleep=0.1"), "got Segmentation Fault")

    def test_crash_in_a_thread(self):
        self.assert_replaced(self.crash_by("/abort"), "killed by signal 6")

    def test_overflow_of_a_fibers_stack(self):
        self.assert_replaced(self.crash_by("/overflow"), "killed by signal 11")


if __name__ == "__main__":
    unittest.main()

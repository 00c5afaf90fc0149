"""What uWSGI does for its workers: signals, pausing."""

import os
import signal
import socket
import tempfile
import time
import unittest
from concurrent.futures import ThreadPoolExecutor

from support.http import fetch
from support.paths import example
from support.raw_websocket import TEXT, RawWebsocket
from support.server import Server, ServerTest, plugin_options, wait_until

MASTER = plugin_options("--http-socket", "127.0.0.1:{port}", "--master", "--aiopyr", "20",
                        "--aiopyr-app", example("features"), "--disable-logging")


class Signals(unittest.TestCase):
    def test_uwsgi_signal_reaches_the_worker(self):
        with tempfile.NamedTemporaryFile(prefix="aiopyr-touch-") as touched:
            server = Server(options=[*MASTER, "--touch-signal", f"{touched.name} 17"])
            self.addCleanup(server.stop)
            time.sleep(1.1)
            os.utime(touched.name)
            # Nobody has registered a handler, and uWSGI's receiver says so, in the worker.
            server.wait_for_log("signal 17 on worker 1", timeout=8)
            self.assertEqual(fetch(server, "/title").status, 200)


class Pause(ServerTest):
    options = MASTER

    def test_paused_worker_goes_on_with_what_it_has_and_takes_nothing_new(self):
        with ThreadPoolExecutor(2) as pool, RawWebsocket(self.server, "/type") as ws:
            running = pool.submit(fetch, self.server, "/?sleep=1")
            time.sleep(0.2)
            os.kill(self.server.pid, signal.SIGTSTP)
            self.wait_for_new_log("paused")
            late = pool.submit(fetch, self.server, "/title")
            self.assertEqual(running.result().status, 200)
            ws.send_frame(TEXT, b"still here")
            self.assertEqual(ws.receive(), (TEXT, b"str:10"))
            self.assertFalse(late.done(), "a paused worker has accepted a connection")
            os.kill(self.server.pid, signal.SIGTSTP)
            self.assertEqual(late.result().status, 200)

    def test_worker_that_is_paused_uses_no_cpu(self):
        worker = self.server.worker_pids()[0]
        os.kill(self.server.pid, signal.SIGTSTP)
        self.wait_for_new_log("paused")
        waiting = socket.create_connection(self.server.address, 5)
        before = cpu_ticks(worker)
        time.sleep(1)
        self.assertLess(cpu_ticks(worker) - before, 5)
        os.kill(self.server.pid, signal.SIGTSTP)
        waiting.close()
        wait_until(lambda: fetch(self.server, "/title").status == 200)


def cpu_ticks(pid):
    with open(f"/proc/{pid}/stat") as stat:
        fields = stat.read().rsplit(")", 1)[1].split()
    return int(fields[11]) + int(fields[12])

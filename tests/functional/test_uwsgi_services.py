"""uWSGI's services for its workers: signals, pausing."""

import os
import signal
import socket
import tempfile
import threading
import time
import unittest
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as FutureTimeout

from support.http import fetch
from support.paths import example
from support.patience import patient
from support.raw_http import RawHttp, request
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
            # There is no handler, and uWSGI's receiver logs that, in the worker.
            server.wait_for_log("signal 17 on worker 1", timeout=8)
            self.assertEqual(fetch(server, "/title").status, 200)


class Pause(ServerTest):
    options = MASTER

    def test_paused_worker_goes_on_with_what_it_has_and_takes_nothing_new(self):
        with ThreadPoolExecutor(2) as pool, RawWebsocket(self.server, "/type") as ws:
            running = pool.submit(fetch, self.server, f"/?sleep={patient(1)}")
            time.sleep(patient(0.2))
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
        waiting = socket.create_connection(self.server.address, patient(5))
        before = cpu_ticks(worker)
        time.sleep(1)
        self.assertLess(cpu_ticks(worker) - before, patient(5))
        os.kill(self.server.pid, signal.SIGTSTP)
        waiting.close()
        wait_until(lambda: fetch(self.server, "/title").status == 200)


class PauseUnderLoad(unittest.TestCase):
    """Clients of workers that are paused and continue: they get everything that they have requested."""

    def start(self, *more):
        server = Server(options=[*MASTER, *more])
        self.addCleanup(lambda: server.is_running() and server.kill())
        return server

    def pause(self, server, count=1):
        """Waits until workers have noticed so many pauses in all."""
        server.send_signal(signal.SIGTSTP)
        wait_until(lambda: server.log().count("paused: no new") >= count, 10)

    def resume(self, server, count=1):
        server.send_signal(signal.SIGTSTP)
        wait_until(lambda: server.log().count("[aiopyr] resumed") >= count, 10)

    def test_worker_that_is_to_end_in_a_pause_answers_what_waits_in_it(self):
        for sent in (signal.SIGHUP, signal.SIGINT):
            with self.subTest(signal=sent):
                server = self.start()
                client = RawHttp(server)
                self.addCleanup(client.close)
                client.get("/title")
                self.pause(server)
                client.send(request("/title"))
                time.sleep(patient(0.2))
                server.send_signal(sent)
                self.assertEqual(client.answer().status, 200)
                self.assertTrue(client.is_closed())

    def test_pauses_under_load_lose_no_request(self):
        workers, clients, pauses = 2, 16, 3
        server = self.start("--processes", str(workers), "--listen", "100")
        answers, stop = [], threading.Event()

        def ask():
            while not stop.is_set():
                answers.append(fetch(server, "/where/coroutine", timeout=30).status)

        with ThreadPoolExecutor(clients) as pool:
            running = [pool.submit(ask) for _ in range(clients)]
            try:
                for turn in range(1, pauses + 1):
                    self.pause(server, workers * turn)
                    # The request in progress has been answered.
                    wait_until(lambda: is_steady(answers), 10)
                    before = len(answers)
                    self.resume(server, workers * turn)
                    wait_until(lambda: len(answers) >= before + 10 * clients, 20)
            finally:
                stop.set()
        for client in running:
            client.result()
        self.assertEqual(set(answers), {200})
        server.stop()

    def test_a_request_that_waits_for_its_core_outlasts_a_pause(self):
        server = self.start("--aiopyr-queue-timeout", str(patient(0.5)))
        with socket.create_connection(server.address, patient(10)) as client:
            client.sendall(b"GET /title HTTP/1.1\r\nHost: x\r\n")
            # It was accepted, and taken out of its core, once the next one is answered.
            self.assertEqual(fetch(server, "/title").status, 200)
            self.pause(server)
            client.sendall(b"\r\n")
            client.settimeout(patient(1.5))
            with self.assertRaises(TimeoutError, msg="a paused worker has answered"):
                client.recv(100)
            self.resume(server)
            client.settimeout(patient(10))
            self.assertIn(b" 200 OK", client.recv(100))
        server.stop()

    def test_a_worker_that_is_made_during_a_pause_is_paused_from_its_start(self):
        server = self.start()
        self.pause(server)
        os.kill(server.worker_pids()[0], signal.SIGKILL)
        wait_until(lambda: server.log().count("paused: no new") == 2, 10)
        with ThreadPoolExecutor(1) as pool:
            late = pool.submit(fetch, server, "/title")
            with self.assertRaises(FutureTimeout, msg="a paused worker has accepted a connection"):
                late.result(0.5)
            self.resume(server)
            self.assertEqual(late.result().status, 200)
        server.stop()


def is_steady(things, seconds=0.3):
    before = len(things)
    time.sleep(patient(seconds))
    return len(things) == before


def cpu_ticks(pid):
    with open(f"/proc/{pid}/stat") as stat:
        fields = stat.read().rsplit(")", 1)[1].split()
    return int(fields[11]) + int(fields[12])

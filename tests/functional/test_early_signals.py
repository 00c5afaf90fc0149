"""Signals to workers that are starting: a worker obeys at once, so that the master does not wait for it."""

import contextlib
import os
import signal
import tempfile
import time
import unittest

from support.c_plugin import compile_plugin
from support.endings import DISORDER
from support.http import fetch
from support.paths import example
from support.patience import patient
from support.server import Server, plugin_options, wait_until

# Less would do, but for the master, which looks once a second. Its mercy takes 60 s.
SOON = 10


class EarlySignals(unittest.TestCase):
    """The gate is closed while its file is there: no worker gets to its loop."""

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.folder.cleanup)
        compile_plugin("starting", cls.folder.name)

    def setUp(self):
        self.gate = os.path.join(self.folder.name, "gate")
        self.last_gate = os.path.join(self.folder.name, "last-gate")
        self.hangup = os.path.join(self.folder.name, "hangup")
        self.fifo = os.path.join(self.folder.name, "fifo")

    def start(self, *more, master=("--master", "--processes", "2")):
        # Removes the fifo of an earlier server: a process that opens that one waits for ever.
        with contextlib.suppress(FileNotFoundError):
            os.unlink(self.fifo)
        server = Server(
            options=["--plugins-dir", self.folder.name, "--plugins", "starting", *plugin_options(
                *master, "--aiopyr", "20", "--aiopyr-app", example("features"),
                "--http-socket", "127.0.0.1:{port}", "--disable-logging", *more)],
            env={"STARTING_GATE": self.gate, "STARTING_LAST_GATE": self.last_gate,
                 "STARTING_HANGUP": self.hangup})
        self.addCleanup(lambda: server.is_running() and server.kill())
        self.addCleanup(self.open_gate)
        self.addCleanup(self.open_last_gate)
        return server

    def close_gate(self):
        open(self.gate, "w").close()

    def open_gate(self):
        if os.path.exists(self.gate):
            os.unlink(self.gate)

    def open_last_gate(self):
        if os.path.exists(self.last_gate):
            os.unlink(self.last_gate)

    def start_waiting(self, *more):
        """A server whose first two workers do not get to their loops."""
        self.close_gate()
        server = self.start(*more)
        for worker in (1, 2):
            self.wait_for(server, f"[starting] worker {worker} waits", 1)
        return server

    def start_serving(self, *more):
        """A server whose first two workers are on the way to their loops. Those that the master
        makes later get its signal handlers along."""
        self.open_gate()
        server = self.start(*more)
        for worker in (1, 2):
            self.wait_for(server, f"[starting] worker {worker} goes on", 1)
        self.assertEqual(fetch(server, "/where/coroutine").status, 200)
        return server

    def start_respawning(self, *more):
        """A server that makes one of its workers again, which does not get to its loop."""
        server = self.start_serving(*more)
        self.close_gate()
        os.kill(server.worker_pids()[0], signal.SIGKILL)
        self.wait_for(server, "[starting] worker 1 waits", 1)
        return server

    def wait_for(self, server, text, times):
        wait_until(lambda: server.log().count(text) >= times, SOON,
                   lambda: f"not {times} times {text!r} in the log:\n" + server.log()[-2000:])

    def assert_serves(self, server):
        self.open_gate()
        self.assertEqual(fetch(server, "/where/coroutine", timeout=SOON).status, 200)
        server.stop()

    def assert_orderly(self, server, signs=DISORDER):
        for sign in signs:
            self.assertNotIn(sign, server.log())

    def test_a_reload_while_the_first_workers_start_does_not_wait_for_them(self):
        for way in (signal.SIGHUP, signal.SIGTERM):
            with self.subTest(signal=way.name):
                server = self.start_waiting()
                server.send_signal(way)
                self.wait_for(server, "spawned uWSGI worker 2", 2)
                self.assert_orderly(server)
                self.assert_serves(server)

    def test_a_reload_while_a_worker_is_made_again_does_not_wait_for_it(self):
        for way in (signal.SIGHUP, signal.SIGTERM):
            with self.subTest(signal=way.name):
                server = self.start_respawning()
                server.send_signal(way)
                self.wait_for(server, "spawned uWSGI worker 2", 2)
                # Once: the worker has not taken itself for the master.
                self.assertEqual(server.log().count("killing workers..."), 1)
                self.assert_serves(server)

    def test_a_stop_while_workers_start_does_not_wait_for_them(self):
        for name, start in (("first", self.start_waiting), ("again", self.start_respawning)):
            for way in (signal.SIGINT, signal.SIGQUIT):
                with self.subTest(name, signal=way.name):
                    server = start()
                    server.send_signal(way)
                    self.assertEqual(server.wait(SOON), 0)
                    self.assertEqual(server.log().count("killing workers..."), 1)
                    self.open_gate()

    def test_a_stop_right_before_the_loop_waits_for_it(self):
        # uWSGI's own handlers would exit() within whatever runs: the heap breaks, where that is malloc.
        for name, master in (("master", ("--master",)), ("alone", ())):
            for way in (signal.SIGINT, signal.SIGTERM) if not master else (signal.SIGINT,):
                with self.subTest(name, signal=way.name):
                    open(self.last_gate, "w").close()
                    server = self.start(master=master)
                    self.wait_for(server, "[starting] worker 1 is about to begin", 1)
                    server.send_signal(way)
                    if master:
                        self.wait_for(server, "killing workers...", 1)
                    self.open_last_gate()
                    server.wait(SOON)
                    self.assertNotIn("ended within", server.log()[-1000:])
                    self.assertIn("about to stop: 0 requests", server.log()[-1000:])

    def test_a_graceful_stop_while_workers_start_does_not_wait_for_them(self):
        server = self.start_waiting("--master-fifo", self.fifo)
        wait_until(lambda: os.path.exists(self.fifo), SOON)
        with open(self.fifo, "w") as fifo:
            fifo.write("q")
        self.assertEqual(server.wait(SOON), 0)

    def test_a_reload_of_the_workers_while_they_start_makes_them_anew(self):
        for name, start, count in (("first", self.start_waiting, 2), ("again", self.start_respawning, 3)):
            with self.subTest(name):
                server = start("--master-fifo", self.fifo)
                wait_until(lambda: os.path.exists(self.fifo), SOON)
                begun = time.monotonic()
                with open(self.fifo, "w") as fifo:
                    fifo.write("w")
                self.wait_for(server, "Respawned uWSGI worker", count)
                self.assertLess(time.monotonic() - begun, patient(SOON))
                self.assertNotIn("killing workers...", server.log())
                if start == self.start_waiting:
                    self.assert_orderly(server)
                self.assert_serves(server)

    def test_a_worker_that_was_just_forked_when_the_reload_came_is_told_too(self):
        server = self.start_serving()
        open(self.hangup, "w").close()
        os.kill(server.worker_pids()[0], signal.SIGKILL)
        self.wait_for(server, "spawned uWSGI worker 2", 2)
        self.assertFalse(os.path.exists(self.hangup))
        self.assert_serves(server)


if __name__ == "__main__":
    unittest.main()

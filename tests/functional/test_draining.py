"""Reloading and stopping: what runs is finished, websockets are told, nothing is lost."""

import asyncio
import os
import signal
import socket
import threading
import time
import unittest
import urllib.request

from support import websocket_client
from support.endings import DISORDER, Clients, Instance
from support.paths import example
from support.patience import PATIENCE, patient
from support.raw_websocket import RawWebsocket
from support.server import Server, plugin_options, wait_until

FEATURES = plugin_options(
    "--aiopyr", "100", "--aiopyr-app", example("features"), "--http-socket", "127.0.0.1:{port}"
)
MASTER = ["--master", *FEATURES]
# The number of reloads: each takes a turn of the master, a second.
RELOADS = 10 if os.environ.get("AIOPYR_SLOW_TESTS") else 2


def get(server, path, results):
    try:
        with urllib.request.urlopen(server.url(path), timeout=patient(20)) as response:
            results.append(response.status)
    except OSError as error:
        results.append(error)


def in_background(server, path, count):
    """Starts so many requests; the results and a function that waits for them."""
    results = []
    threads = [threading.Thread(target=get, args=(server, path, results)) for _ in range(count)]
    for thread in threads:
        thread.start()
    return results, lambda: [thread.join(patient(25)) for thread in threads]


class Draining(unittest.TestCase):
    def start(self, options):
        server = Server(options=options)
        self.addCleanup(lambda: server.is_running() and server.kill())
        return server

    def busy(self, server, count):
        """Waits until so many requests are with views."""
        results, join = in_background(server, f"/blocking?sleep={patient(1)}", count)
        time.sleep(patient(0.4))
        return results, join

    def assert_all_answered(self, results, join, count):
        join()
        self.assertEqual(results, [200] * count)

    def test_a_reload_answers_what_is_in_flight_and_comes_back(self):
        server = self.start(MASTER)
        first = server.worker_pids()
        results, join = self.busy(server, 10)
        server.send_signal(signal.SIGHUP)
        self.assert_all_answered(results, join, 10)
        wait_until(lambda: server.worker_pids() and server.worker_pids() != first, 10)
        again = []
        get(server, "/where/coroutine", again)
        self.assertEqual(again, [200])
        self.assertIn("about to restart: 10 requests and 0 websockets are to end", server.log())
        server.stop()

    def test_a_stop_answers_what_is_in_flight(self):
        for name, options in (("master", MASTER), ("no master", FEATURES)):
            for ending in (signal.SIGINT, signal.SIGTERM):
                with self.subTest(name, signal=ending.name):
                    more = ["--die-on-term"] if ending == signal.SIGTERM else []
                    server = self.start([*options, *more])
                    results, join = self.busy(server, 5)
                    server.send_signal(ending)
                    self.assert_all_answered(results, join, 5)
                    wait_until(lambda: not server.is_running(), 5)
                    self.assertIn("about to stop", server.log())

    def test_an_idle_worker_stops_at_once(self):
        server = self.start(MASTER)
        begin = time.monotonic()
        server.send_signal(signal.SIGINT)
        wait_until(lambda: not server.is_running(), 5)
        self.assertLess(time.monotonic() - begin, patient(3))

    def test_a_connection_on_which_nothing_is_asked_does_not_hold_it_up(self):
        # Otherwise the kernel keeps such connections back.
        server = self.start([*MASTER, "--no-defer-accept"])
        with socket.create_connection(server.address, patient(5)) as silent:
            time.sleep(patient(0.3))
            begin = time.monotonic()
            server.send_signal(signal.SIGINT)
            self.assertEqual(silent.recv(1), b"")
            wait_until(lambda: not server.is_running(), 5)
            self.assertLess(time.monotonic() - begin, patient(4))
            self.assertNotIn("cut off", server.log())

    def test_after_the_drain_timeout_the_rest_is_cut_off(self):
        server = self.start([*MASTER, "--aiopyr-drain-timeout", "1"])
        _, join = in_background(server, "/blocking?sleep=8", 2)
        time.sleep(patient(0.5))
        begin = time.monotonic()
        server.send_signal(signal.SIGINT)
        wait_until(lambda: not server.is_running(), 6)
        self.assertLess(time.monotonic() - begin, patient(5))
        self.assertIn("the drain timeout is over: 2 requests and 0 websockets are cut off", server.log())
        join()

    def test_views_of_websockets_end_where_their_clients_do_not(self):
        server = self.start([*MASTER, "--aiopyr-drain-timeout", "2"])
        silent = [RawWebsocket(server, "/type") for _ in range(3)]
        begin = time.monotonic()
        server.send_signal(signal.SIGINT)
        self.assertEqual(server.wait(8), 0)
        self.assertGreater(time.monotonic() - begin, 1)
        self.assertNotIn("cut off", server.log())
        for websocket in silent:
            self.assertEqual(websocket.receive_close(), 1001)
            websocket.socket.close()

    def test_the_drain_ends_before_the_master_has_no_more_mercy(self):
        mercy = round(patient(3))
        server = self.start([*MASTER, "--aiopyr-drain-timeout", "60", "--worker-reload-mercy", str(mercy)])
        self.assertIn(f"[aiopyr] worker-reload-mercy = {mercy} cuts aiopyr-drain-timeout short", server.log())
        _, join = in_background(server, f"/blocking?sleep={mercy + 5}", 1)
        websocket = RawWebsocket(server, "/type")
        time.sleep(patient(0.5))
        server.send_signal(signal.SIGINT)
        self.assertEqual(websocket.receive_close(), 1001)
        self.assertEqual(server.wait(8), 0)
        self.assertIn("1 requests and 0 websockets are cut off", server.log())
        self.assertNotIn("NO MERCY", server.log())
        websocket.socket.close()
        join()

    def test_nothing_is_said_about_mercy_where_there_is_enough_of_it(self):
        server = self.start(MASTER)
        self.assertNotIn("cuts aiopyr-drain-timeout short", server.log())
        server.stop()

    def test_a_stop_during_a_reload_lets_requests_finish_too(self):
        server = self.start(MASTER)
        results, join = in_background(server, f"/?sleep={3.5 + patient(0.5)}", 3)
        time.sleep(patient(0.4))
        server.send_signal(signal.SIGHUP)
        server.wait_for_log("about to restart")
        time.sleep(2.2)
        os.kill(server.worker_pids()[0], signal.SIGINT)
        self.assert_all_answered(results, join, 3)
        server.stop()

    def test_cheaper_takes_a_worker_away_in_order(self):
        with Instance("--master", "--master-fifo", "{folder}/fifo", "--processes", "2", "--cheaper", "1",
                      "--cheaper-initial", "2", "--cheaper-algo", "manual") as instance:
            server = instance.server
            server.wait_for_log("spawned uWSGI worker 2")
            # Connects all websockets to the first worker, which will be taken away.
            first, second = sorted(instance.workers())
            os.kill(second, signal.SIGSTOP)
            clients = Clients(server, requests=0, native=0, websockets=5)
            os.kill(second, signal.SIGCONT)
            instance.command("-")
            self.assertEqual(clients.close_codes(), [1012] * 5)
            wait_until(lambda: instance.workers() == {second}, 10)
            self.assertIn("uWSGI worker 1 cheaped", server.wait_for_log("cheaped"))
            after = []
            get(server, "/where/coroutine", after)
            self.assertEqual(after, [200])
            for sign in DISORDER:
                self.assertNotIn(sign, server.log())

    def test_websockets_are_closed_with_1012_for_a_reload_and_with_1001_for_a_stop(self):
        for ending, code in ((signal.SIGHUP, 1012), (signal.SIGINT, 1001)):
            with self.subTest(signal=ending.name):
                server = self.start(MASTER)
                self.assertEqual(asyncio.run(closes(server, ending, 50)), [code] * 50)
                if server.is_running():
                    server.stop()

    def test_a_native_websocket_is_closed_too(self):
        server = self.start(MASTER)
        codes = asyncio.run(closes(server, signal.SIGINT, 3, "/uwsgi-type"))
        self.assertEqual(codes, [1001] * 3)

    def test_a_handshake_during_the_drain_is_answered_with_503(self):
        server = self.start(MASTER)
        with socket.create_connection(server.address, patient(5)) as late:
            late.sendall(b"GET /type HTTP/1.1\r\nHost: x\r\n")
            time.sleep(patient(0.3))
            server.send_signal(signal.SIGINT)
            server.wait_for_log("about to stop")
            late.sendall(
                b"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
            )
            self.assertTrue(late.recv(4096).startswith(b"HTTP/1.1 503 "))

    def test_a_second_interrupt_ends_it_at_once(self):
        server = self.start(FEATURES)
        _, join = in_background(server, "/blocking?sleep=8", 1)
        time.sleep(patient(0.5))
        begin = time.monotonic()
        server.send_signal(signal.SIGINT)
        time.sleep(2.2)
        self.assertTrue(server.is_running())
        server.send_signal(signal.SIGINT)
        wait_until(lambda: not server.is_running(), 2)
        self.assertLess(time.monotonic() - begin, patient(6))
        join()

    def test_a_second_interrupt_ends_an_instance_with_a_master_at_once(self):
        for first, second, *options in ((signal.SIGINT, signal.SIGINT),
                                        (signal.SIGTERM, signal.SIGTERM, "--die-on-term", "--processes", "3"),
                                        (signal.SIGINT, signal.SIGTERM, "--die-on-term", "--lazy-apps"),
                                        (signal.SIGQUIT, signal.SIGQUIT)):
            with self.subTest(first=first, second=second, options=options):
                server = self.start([*MASTER, "--aiopyr-drain-timeout", "200", "--worker-reload-mercy", "300",
                                     *options])
                _, join = in_background(server, "/blocking?sleep=200", 2)
                # Waits until the master has looked around.
                time.sleep(patient(1.5))
                server.send_signal(first)
                server.wait_for_log("requests and 0 websockets are to end")
                time.sleep(2.2)
                self.assertTrue(server.is_running())
                server.send_signal(second)
                self.assertEqual(server.wait(10), 0)
                join()
                self.assertNotIn("NO MERCY", server.log())

    def test_max_requests_replaces_the_worker_without_a_loss(self):
        server = self.start([*MASTER, "--max-requests", "20", "--min-worker-lifetime", "1"])
        first = server.worker_pids()
        # Waits for the time in which no worker is replaced.
        time.sleep(patient(1.5))
        results, join = in_background(server, "/where/coroutine", 60)
        self.assert_all_answered(results, join, 60)
        wait_until(lambda: server.worker_pids() != first, 10)
        server.stop()

    def test_reloads_under_load_lose_no_request(self):
        server = self.start([*MASTER, "--processes", "2", "--listen", "100"])
        stop = threading.Event()
        self.addCleanup(stop.set)
        results = []

        def load():
            while not stop.is_set():
                get(server, "/where/coroutine", results)

        threads = [threading.Thread(target=load) for _ in range(16)]
        for thread in threads:
            thread.start()
        for i in range(RELOADS):
            server.send_signal(signal.SIGHUP)
            # Waits for a line of the master's: a new worker may end, without a line, before its loop runs.
            wait_until(lambda: server.log().count("spawned uWSGI worker 2") >= i + 2, 20)
        stop.set()
        for thread in threads:
            thread.join(patient(25))
        self.assertEqual([result for result in results if result != 200], [])
        # Expects few answers for 16 clients: a sanitized server is slow while others start.
        self.assertGreater(len(results), 100 / PATIENCE)
        server.stop()


async def closes(server, ending, count, path="/type"):
    """The close codes that so many websockets see when the server gets that signal."""
    url = server.url(path, "ws")
    clients = [await websocket_client.connect(url) for _ in range(count)]
    for client in clients:
        await client.send("x")
        await client.recv()
    server.send_signal(ending)
    await asyncio.gather(*(client.wait_closed() for client in clients))
    return [client.close_code for client in clients]


if __name__ == "__main__":
    unittest.main()

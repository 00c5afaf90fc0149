"""Clients that leave in the middle, and more clients than cores: no core is lost."""

import socket
import struct
import time

from support.http import fetch, fetch_all
from support.paths import example
from support.patience import patient
from support.raw_websocket import TEXT, RawWebsocket
from support.server import ServerTest, plugin_options, wait_until


def abort(client):
    """Ends a connection by a reset, as a crash would."""
    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    client.close()


class FewCores(ServerTest):
    """A server of three cores, so that a lost one is noticed at once."""

    cores = 3
    options = plugin_options("--http-socket", "127.0.0.1:{port}", "--aiopyr", str(cores),
                             "--aiopyr-app", example("features"), "--disable-logging",
                             "--listen", "100")

    def connect(self, data=b""):
        client = socket.create_connection(self.server.address, patient(10))
        self.addCleanup(client.close)
        if data:
            client.sendall(data)
        return client

    def assert_all_cores_serve(self):
        pause = patient(0.5)
        begin = time.monotonic()
        answers = fetch_all(self.server, [f"/?sleep={pause}"] * self.cores)
        self.assertEqual([answer.status for answer in answers], [200] * self.cores)
        self.assertLess(time.monotonic() - begin, 1.9 * pause, "not all cores were free")

    def occupy_and_leave(self, data, leave):
        clients = [self.connect(data) for _ in range(self.cores)]
        time.sleep(patient(0.1))
        for client in clients:
            leave(client)
        time.sleep(patient(0.1))
        self.assert_all_cores_serve()

    def test_client_that_leaves_before_it_says_anything_frees_its_core(self):
        for leave in (socket.socket.close, abort):
            with self.subTest(leave=leave):
                self.occupy_and_leave(b"", leave)

    def test_client_that_leaves_within_its_headers_frees_its_core(self):
        for leave in (socket.socket.close, abort):
            with self.subTest(leave=leave):
                self.occupy_and_leave(b"GET / HTTP/1.1\r\nHost: x\r\nX-Ha", leave)

    def test_client_that_leaves_within_its_body_frees_its_core(self):
        for leave in (socket.socket.close, abort):
            with self.subTest(leave=leave):
                self.occupy_and_leave(
                    b"POST /body HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nabc", leave)

    def test_client_that_leaves_within_a_chunked_body_frees_its_core(self):
        self.occupy_and_leave(
            b"POST /body HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n10\r\nabc", abort)

    def test_client_that_leaves_while_it_reads_a_big_answer_frees_its_core(self):
        for leave in (socket.socket.close, abort):
            with self.subTest(leave=leave):
                self.occupy_and_leave(b"GET /big?mib=60 HTTP/1.1\r\nHost: x\r\n\r\n", leave)

    def test_client_that_leaves_while_its_view_waits_frees_its_core(self):
        self.occupy_and_leave(b"GET /?sleep=0.2 HTTP/1.1\r\nHost: x\r\n\r\n", abort)
        time.sleep(patient(0.2))
        self.assert_all_cores_serve()

    def test_client_that_leaves_a_native_websocket_frees_its_core(self):
        clients = [RawWebsocket(self.server, "/uwsgi-type") for _ in range(self.cores)]
        for client in clients:
            client.send_frame(TEXT, b"abc")
            self.assertEqual(client.receive(), (TEXT, b"str:3"))
            abort(client.socket)
        wait_until(lambda: fetch(self.server, "/title", timeout=5).status == 200)
        self.assert_all_cores_serve()

    def test_websockets_of_the_recommended_mapper_hold_no_core(self):
        clients = [RawWebsocket(self.server, "/type") for _ in range(self.cores * 5)]
        for client in clients:
            self.addCleanup(client.socket.close)
            client.send_frame(TEXT, b"abc")
            self.assertEqual(client.receive(), (TEXT, b"str:3"))
        self.assert_all_cores_serve()

    def test_hundreds_of_aborted_connections_lose_no_core(self):
        parts = [b"", b"GET", b"GET / HTTP/1.1\r\n", b"GET /title HTTP/1.1\r\nHost: x\r\n\r\n",
                 b"POST /body HTTP/1.1\r\nContent-Length: 9\r\n\r\n1",
                 b"GET /big?mib=8 HTTP/1.1\r\nHost: x\r\n\r\n"]
        for i in range(400):
            client = self.connect(parts[i % len(parts)])
            abort(client) if i % 2 else client.close()
        wait_until(lambda: fetch(self.server, "/title", timeout=10).status == 200)
        self.assert_all_cores_serve()


class FullQueue(ServerTest):
    options = plugin_options("--http-socket", "127.0.0.1:{port}", "--aiopyr", "2",
                             "--aiopyr-app", example("features"), "--disable-logging",
                             "--listen", "100")

    def test_worker_without_free_cores_sleeps_and_recovers(self):
        slow = [socket.create_connection(self.server.address, patient(10)) for _ in range(30)]
        try:
            for client in slow[:2]:
                client.sendall(b"GET / HTTP/1.1\r\n")
            time.sleep(patient(0.3))
            before = self.server.cpu_seconds()
            time.sleep(1.5)
            self.assertLess(self.server.cpu_seconds() - before, patient(0.1), "the worker is busy waiting")
        finally:
            for client in slow:
                client.close()
        self.assertEqual(fetch(self.server, "/title").status, 200)
        answers = fetch_all(self.server, ["/?sleep=0.05"] * 20)
        self.assertEqual([answer.status for answer in answers], [200] * 20)

    def test_idle_worker_uses_no_cpu(self):
        before = self.server.cpu_seconds()
        time.sleep(1)
        self.assertLess(self.server.cpu_seconds() - before, patient(0.05))

    def test_idle_worker_is_hardly_ever_awake(self):
        self.assertEqual(fetch(self.server, "/title").status, 200)
        time.sleep(0.5)
        before, begin = self.server.times_slept(), time.monotonic()
        time.sleep(2)
        # The watch of blocked loops looks once a second.
        self.assertLess(self.server.times_slept() - before, 3 * (time.monotonic() - begin))

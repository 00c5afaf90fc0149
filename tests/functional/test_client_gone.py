"""A client that vanishes while its view waits for something else: the view is cancelled."""

import os
import socket
import tempfile
import time

from support import uwsgi_client
from support.http import fetch, fetch_all
from support.paths import example
from support.patience import patient
from support.raw_websocket import TEXT, RawWebsocket
from support.server import ServerTest, plugin_options, wait_until
from test_vanishing_clients import abort

CORES = 2
SLOW = b"GET /?sleep=30 HTTP/1.1\r\nHost: x\r\n\r\n"


def options(*more):
    return plugin_options("--http-socket", "127.0.0.1:{port}", "--aiopyr", str(CORES),
                          "--aiopyr-app", example("features"), "--listen", "100", *more)


class ClientGoneTest(ServerTest):
    def connect(self, data=SLOW):
        client = socket.create_connection(self.server.address, patient(10))
        self.addCleanup(client.close)
        client.sendall(data)
        return client

    def occupy(self, data=SLOW):
        """Takes all cores, and gives the requests time to become watched."""
        clients = [self.connect(data) for _ in range(CORES)]
        time.sleep(patient(0.5))
        return clients

    def assert_all_cores_serve(self, within):
        begin = time.monotonic()
        answers = fetch_all(self.server, ["/?sleep=0.3"] * CORES)
        self.assertEqual([answer.status for answer in answers], [200] * CORES)
        self.assertLess(time.monotonic() - begin, patient(within + 0.3))

    def assert_no_core_is_free(self):
        with socket.create_connection(self.server.address, patient(10)) as late:
            late.sendall(b"GET /title HTTP/1.1\r\nHost: x\r\n\r\n")
            late.settimeout(patient(0.7))
            with self.assertRaises(TimeoutError):
                late.recv(1)


class ByDefault(ClientGoneTest):
    options = options()

    def test_reset_frees_the_core_and_is_logged_as_499(self):
        for client in self.occupy():
            abort(client)
        self.assert_all_cores_serve(within=0.5)
        log = self.wait_for_new_log(" 499)")
        self.assertEqual(log.count("(HTTP/1.1 499)"), CORES, log)
        self.assertNotIn("exception", log)

    def test_reset_at_once_is_noticed_later(self):
        for _ in range(CORES):
            abort(self.connect())
        self.assert_all_cores_serve(within=1.0)

    def test_client_that_only_ends_its_own_side_gets_its_answer(self):
        client = self.connect(b"GET /?sleep=1 HTTP/1.1\r\nHost: x\r\n\r\n")
        client.shutdown(socket.SHUT_WR)
        self.assertIn(b" 200 OK", client.recv(65536))

    def test_early_input_and_half_closed_clients_cost_no_cpu(self):
        clients = self.occupy(SLOW + b"GET /title HTTP/1.1\r\nHost: x\r\n\r\n")
        clients[0].shutdown(socket.SHUT_WR)
        before = self.server.cpu_seconds()
        time.sleep(1)
        self.assertLess(self.server.cpu_seconds() - before, patient(0.05), "the worker is busy waiting")
        # Both ways of vanishing are still noticed.
        for client in clients:
            abort(client)
        self.assert_all_cores_serve(within=0.5)

    def test_blocking_view_cannot_be_stopped_and_harms_nothing(self):
        for client in self.occupy(b"GET /blocking?sleep=%f HTTP/1.1\r\nHost: x\r\n\r\n" % patient(2)):
            abort(client)
        self.assert_no_core_is_free()
        wait_until(lambda: fetch(self.server, "/title").status == 200)
        self.assert_all_cores_serve(within=0.5)

    def test_websockets_are_not_cancelled_but_end_in_order(self):
        for path in ("/type", "/uwsgi-type"):
            with self.subTest(path=path), RawWebsocket(self.server, path) as ws:
                time.sleep(0.6)
                ws.send_frame(TEXT, b"abc")
                self.assertEqual(ws.receive(), (TEXT, b"str:3"))
                abort(ws.socket)
        self.assert_all_cores_serve(within=0.5)
        self.assertNotIn("499", self.new_log())


class AtTheEndOfTheStream(ClientGoneTest):
    options = options("--aiopyr-client-gone", "eof")

    def test_client_that_closes_in_order_frees_its_core(self):
        for client in self.occupy():
            client.close()
        self.assert_all_cores_serve(within=0.5)

    def test_early_input_does_not_hide_the_end(self):
        for client in self.occupy(SLOW + b"GET /title HTTP/1.1\r\n\r\n"):
            client.close()
        self.assert_all_cores_serve(within=0.5)

    def test_client_that_stays_is_answered(self):
        self.assertEqual(fetch(self.server, "/?sleep=0.8").status, 200)


class Ignored(ClientGoneTest):
    options = options("--aiopyr-client-gone", "ignore")

    def test_view_goes_on(self):
        for client in self.occupy(b"GET /?sleep=%f HTTP/1.1\r\nHost: x\r\n\r\n" % patient(2)):
            abort(client)
        self.assert_no_core_is_free()


class BehindAProxy(ServerTest):
    """A Unix socket, as nginx uses one: its close is distinguished from the end of its stream."""

    folder = tempfile.mkdtemp(prefix="aiopyr-gone-")
    path = os.path.join(folder, "socket")
    options = options("--uwsgi-socket", path)

    @classmethod
    def tearDownClass(cls):
        if os.path.exists(cls.path):
            os.unlink(cls.path)
        os.rmdir(cls.folder)

    def ask(self, query):
        client = socket.socket(socket.AF_UNIX)
        self.addCleanup(client.close)
        client.connect(self.path)
        client.sendall(uwsgi_client.packet(uwsgi_client.variables_for("/", query=query)))
        return client

    def test_close_frees_the_core(self):
        clients = [self.ask("sleep=30") for _ in range(CORES)]
        time.sleep(patient(0.5))
        for client in clients:
            client.close()
        self.assertEqual(fetch(self.server, "/title", timeout=2).status, 200)

    def test_end_of_the_stream_does_not(self):
        client = self.ask("sleep=1")
        client.shutdown(socket.SHUT_WR)
        self.assertIn(b" 200 OK", client.recv(65536))

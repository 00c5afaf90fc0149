"""The limit of open files: raised at the start, and what happens when it is reached."""

import contextlib
import re
import socket
import time
import unittest

from support.http import fetch
from support.paths import example
from support.patience import patient
from support.raw_http import RawHttp
from support.raw_websocket import TEXT, RawWebsocket
from support.server import Server, plugin_options, wait_until

OPTIONS = plugin_options("--http-socket", "127.0.0.1:{port}", "--aiopyr-app", example("features"),
                         "--disable-logging")
SHORTAGE = "new connections have to wait"


def limits_of(pid):
    """Returns the soft and the hard limit of open files."""
    with open(f"/proc/{pid}/limits") as limits:
        return tuple(map(int, re.search(r"^Max open files +(\d+) +(\d+)", limits.read(), re.M).groups()))


class Limit(unittest.TestCase):
    def start(self, *options, **more):
        server = Server(options=[*OPTIONS, *options], **more)
        self.addCleanup(server.stop)
        return server

    def test_soft_limit_is_raised_to_the_hard_one(self):
        server = self.start("--aiopyr", "10", max_files=(200, 1000))
        self.assertEqual(limits_of(server.pid), (1000, 1000))
        self.assertIn("[aiopyr] limit of open files raised from 200 to 1000\n", server.log())

    def test_workers_of_a_master_have_it_too(self):
        server = self.start("--aiopyr", "10", "--master", max_files=(200, 1000))
        for worker in server.worker_pids():
            self.assertEqual(limits_of(worker), (1000, 1000))
        self.assertEqual(server.log().count("limit of open files"), 1)

    def test_nothing_is_said_where_there_is_nothing_to_raise(self):
        server = self.start("--aiopyr", "10", max_files=(1000, 1000))
        self.assertNotIn("limit of open files", server.log())

    def test_max_fd_counts_more(self):
        server = self.start("--aiopyr", "10", "--max-fd", "500", max_files=(200, 1000))
        self.assertEqual(limits_of(server.pid), (500, 500))
        self.assertNotIn("limit of open files", server.log())

    def test_more_cores_than_the_soft_limit_do_not_lower_the_hard_one(self):
        server = self.start("--aiopyr", "300", max_files=(200, 1000))
        self.assertEqual(limits_of(server.pid), (1000, 1000))


class Shortage(unittest.TestCase):
    """A worker with fewer descriptors than clients."""

    limit = 100

    def setUp(self):
        # Accepts connections without input at once.
        self.server = Server(options=[*OPTIONS, "--aiopyr", "50", "--listen", "100", "--aiopyr-lingering-time", "60",
                                      "--no-defer-accept"],
                             max_files=(self.limit, self.limit))
        self.addCleanup(self.server.stop)

    def test_connections_that_linger_at_their_end_make_room(self):
        """Each was answered, and its client has not taken note of the end."""
        clients = []
        for _ in range(2 * self.limit):
            client = socket.create_connection(self.server.address, patient(10))
            self.addCleanup(client.close)
            clients.append(client)
            client.sendall(b"GET /title HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\nand more")
            self.assertTrue(client.recv(1000).startswith(b"HTTP/1.1 200 OK"))
        self.assertEqual(fetch(self.server, "/title").status, 200)

    def shortages(self):
        return self.server.log().count(SHORTAGE)

    def fill_up(self):
        """Opens as many websockets as there are descriptors, and connections that are not accepted."""
        told, clients = self.shortages(), []
        while self.shortages() == told:
            self.assertLess(len(clients), self.limit)
            try:
                clients.append(RawWebsocket(self.server, "/type", timeout=0.5))
                self.addCleanup(clients[-1].socket.close)
            except TimeoutError:
                break
        waiting = [socket.create_connection(self.server.address, patient(5)) for _ in range(20)]
        for client in waiting:
            self.addCleanup(client.close)
        wait_until(lambda: self.shortages() == told + 1)
        return clients, waiting

    def test_worker_sleeps_and_goes_on_with_what_it_has(self):
        clients, _ = self.fill_up()
        before = self.server.cpu_seconds()
        time.sleep(1)
        self.assertLess(self.server.cpu_seconds() - before, patient(0.05), "it is busy waiting")
        for ws in clients:
            ws.send_frame(TEXT, b"abc")
        for ws in clients:
            self.assertEqual(ws.receive(), (TEXT, b"str:3"))

    def test_connections_that_wait_are_served_when_others_end(self):
        clients, waiting = self.fill_up()
        for client in waiting:
            client.sendall(b"GET /title HTTP/1.0\r\n\r\n")
        for ws in clients[:30]:
            ws.socket.close()
        for client in waiting:
            client.settimeout(patient(5))
            self.assertIn(b" 200 OK", client.recv(65536))
        self.assertEqual(fetch(self.server, "/title").status, 200)

    def test_one_line_of_log_is_enough_for_as_long_as_it_lasts(self):
        clients, waiting = self.fill_up()
        for ws in clients[:5]:
            time.sleep(0.25)
            ws.socket.close()
        self.assertEqual(self.shortages(), 1)
        for client in (*waiting, *(ws.socket for ws in clients)):
            client.close()
        wait_until(lambda: fetch(self.server, "/title", timeout=5).status == 200)
        self.fill_up()
        self.assertEqual(self.shortages(), 2)


class KeptConnections(unittest.TestCase):
    def test_idle_connections_make_room_for_new_ones(self):
        server = Server(options=[*OPTIONS, "--aiopyr", "3", "--listen", "100"], max_files=(60, 60))
        self.addCleanup(server.stop)
        with contextlib.ExitStack() as stack:
            clients = [stack.enter_context(contextlib.closing(RawHttp(server))) for _ in range(100)]
            for client in clients:
                self.assertEqual(client.get("/title").status, 200)
            self.assertTrue(clients[0].is_closed())
            self.assertEqual(clients[-1].get("/title").status, 200)
        self.assertIn(SHORTAGE, server.log())

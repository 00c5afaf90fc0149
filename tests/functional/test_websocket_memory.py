"""The cost of an idle websocket of the recommended mapper: memory of the worker, and no core."""

import resource
import socket
import unittest

from support.http import fetch_all
from support.paths import example
from support.patience import patient
from support.raw_websocket import TEXT, frame
from support.server import ServerTest, anonymous_memory, plugin_options

CONNECTIONS = 10_000
# The number of handshakes at a time: fewer than the listen queue holds.
AT_A_TIME = 100
# The frame of the tutorial's echo as it waits in recv(), in malloc's size.
FRAME_BYTES = 272
MOST_BYTES = 1024


class Idle(ServerTest):
    cores = 10
    options = plugin_options("--http-socket", "127.0.0.1:{port}", "--aiopyr", str(cores),
                             "--aiopyr-app", example("tutorial"), "--disable-logging")

    @classmethod
    def setUpClass(cls):
        _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
        if most < CONNECTIONS + 500:
            raise unittest.SkipTest(f"{most} open files are too few for {CONNECTIONS} connections")
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
        super().setUpClass()
        for client in cls.open(2 * AT_A_TIME):  # what is made once
            client.close()
        fetch_all(cls.server, ["/?sleep=0.1"] * cls.cores)
        before = anonymous_memory(cls.server.pid)
        cls.clients = cls.open(CONNECTIONS)
        for client in cls.clients:
            cls.addClassCleanup(client.close)
        cls.bytes_each = (anonymous_memory(cls.server.pid) - before) / CONNECTIONS

    @classmethod
    def open(cls, count):
        """Opens as many websockets, as bare sockets, so that the client needs little memory too."""
        head = (f"GET /echo HTTP/1.1\r\nHost: {cls.server.host}:{cls.server.port}\r\n"
                "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n").encode()
        clients = []
        while len(clients) < count:
            some = [socket.create_connection(cls.server.address, patient(20)) for _ in range(AT_A_TIME)]
            clients += some
            for client in some:
                client.sendall(head)
            for client in some:
                answer = client.recv(1000)
                if b" 101 " not in answer:
                    raise AssertionError(f"no websocket: {answer!r}")
        return clients

    def test_connection_costs_less_than_a_kibibyte_beyond_its_coroutine(self):
        self.assertLess(self.bytes_each, FRAME_BYTES + MOST_BYTES)

    def test_connections_hold_no_core(self):
        answers = fetch_all(self.server, ["/?sleep=0.1"] * self.cores)
        self.assertEqual([answer.status for answer in answers], [200] * self.cores)

    def test_connections_are_all_there(self):
        for client in self.clients:
            client.sendall(frame(TEXT, b"still here"))
        for client in self.clients:
            self.assertEqual(client.recv(100), b"\x81\x0astill here")

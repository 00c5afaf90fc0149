"""Clients that give up while their requests wait for a core: their work comes last, or not at all."""

import contextlib
import select
import socket
import time
import unittest

from support.http import fetch
from support.paths import example
from support.patience import patient
from support.server import ServerTest, plugin_options
from test_vanishing_clients import abort

CORES = 2
BUSY = patient(1.5)
QUEUED = 6


def options(*more):
    return plugin_options("--http-socket", "127.0.0.1:{port}", "--aiopyr", str(CORES), "--aiopyr-app",
                          example("features"), "--listen", "100", "--aiopyr-queue-timeout", str(patient(60)), *more)


class GivingUpTest(ServerTest):
    def connect(self, target):
        client = socket.create_connection(self.server.address, patient(30))
        self.addCleanup(client.close)
        client.sendall(b"GET %s HTTP/1.1\r\nHost: x\r\n\r\n" % target.encode())
        return client

    def occupy(self):
        """Occupies all cores for a while."""
        clients = [self.connect(f"/?sleep={BUSY}") for _ in range(CORES)]
        time.sleep(patient(0.2))
        return clients

    def queue(self, target, give_up):
        """Makes requests wait for a core, and their clients give up; returns the clients."""
        clients = [self.connect(target) for _ in range(QUEUED)]
        time.sleep(patient(0.4))
        for client in clients:
            give_up(client)
        return clients

    def end(self, client):
        client.shutdown(socket.SHUT_WR)

    def assert_reset_drops_what_waits(self):
        busy = self.occupy()
        self.queue("/given-up", abort)
        for client in busy:
            self.assertIn(b" 200 OK", client.recv(65536))
        self.assertEqual(fetch(self.server, "/title").status, 200)
        self.assertNotIn("/given-up", self.new_log())


class ByDefault(GivingUpTest):
    options = options()

    def test_who_has_ended_its_side_is_served_last(self):
        self.occupy()
        ended = self.queue(f"/?sleep={patient(0.5)}", self.end)
        late = self.connect("/title")
        self.assertIn(b" 200 OK", late.recv(65536))
        self.assertEqual(select.select(ended, [], [], 0)[0], [])
        for client in ended:
            self.assertIn(b" 200 OK", client.recv(65536))

    def test_that_holds_for_those_who_wait_to_be_accepted(self):
        """Cores become free so often that no request waits for so long that it is queued here."""
        pause = patient(0.05)
        ended = [self.connect(f"/?sleep={pause}") for _ in range(40)]
        for client in ended:
            self.end(client)
        before = len(select.select(ended, [], [], 0)[0])
        late = self.connect("/title")
        self.assertIn(b" 200 OK", late.recv(65536))
        self.assertLess(len(select.select(ended, [], [], 0)[0]) - before, 15)
        for client in ended:
            self.assertIn(b" 200 OK", client.recv(65536))

    def test_reset_drops_what_waits(self):
        self.assert_reset_drops_what_waits()


class Eof(GivingUpTest):
    options = options("--aiopyr-client-gone", "eof")

    def test_who_has_ended_its_side_is_dropped(self):
        busy = self.occupy()
        ended = self.queue("/given-up", self.end)
        for client in ended:
            with contextlib.suppress(ConnectionResetError):
                self.assertEqual(client.recv(65536), b"")
        self.assertNotIn("/given-up", self.new_log())
        for client in busy:
            self.assertIn(b" 200 OK", client.recv(65536))

    def test_reset_drops_what_waits(self):
        self.assert_reset_drops_what_waits()


class Ignore(GivingUpTest):
    options = options("--aiopyr-client-gone", "ignore")

    def test_reset_drops_what_waits(self):
        self.assert_reset_drops_what_waits()


if __name__ == "__main__":
    unittest.main()

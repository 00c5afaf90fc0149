"""Sockets that another process has opened: systemd's socket activation, in uWSGI's documented ways."""

import contextlib
import os
import signal
import socket
import tempfile
import unittest

from support.activation import FIRST, ActivatedServer, listen
from support.paths import example
from support.patience import patient
from support.ports import reserve_port
from support.server import plugin_options, run_to_its_end, wait_until

APP = plugin_options("--aiopyr", "10", "--aiopyr-app", example("features"), "--master")
SPAWNED = "spawned uWSGI worker 1 "


def ask(address, family=socket.AF_INET):
    """Returns the answer on a connection of its own."""
    with socket.socket(family) as client:
        client.settimeout(patient(10))
        client.connect(address)
        client.sendall(b"GET /title HTTP/1.0\r\n\r\n")
        answer = b""
        with contextlib.suppress(ConnectionResetError):
            while data := client.recv(65536):
                answer += data
        return answer


class Activation(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="aiopyr-activation-")
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        self.port = reserve_port()

    def open(self, address, family=socket.AF_INET):
        listening = listen(address, family)
        self.addCleanup(listening.close)
        return listening

    def start(self, sockets, *options):
        server = ActivatedServer(sockets, [*APP, *options], port=self.port)
        self.addCleanup(server.stop)
        return server

    def check(self, server, *sockets, reloads=1):
        """Checks that each socket is served, also after SIGHUP, and by no worker that dies."""
        for starts in range(1, reloads + 2):
            if starts > 1:
                server.send_signal(signal.SIGHUP)
            wait_until(lambda: server.log().count(SPAWNED) == starts, 20, server.log)
            for listening in sockets:
                self.assertIn(b" 200 OK\r\n", ask(listening.getsockname(), listening.family), server.log())
        self.assertEqual(server.log().count(SPAWNED), reloads + 1, server.log())

    def test_socket_and_protocol_as_documented(self):
        given = self.open(("127.0.0.1", self.port))
        server = self.start([given], "--socket", f"127.0.0.1:{self.port}", "--protocol", "http")
        self.check(server, given)

    def test_http_socket_says_the_protocol(self):
        given = self.open(("127.0.0.1", self.port))
        server = self.start([given], "--http-socket", f"127.0.0.1:{self.port}")
        self.check(server, given, reloads=2)

    def test_every_interface_in_ipv6_is_what_a_port_alone_means(self):
        given = self.open(("::", self.port), socket.AF_INET6)
        server = self.start([given], "--http-socket", f":{self.port}")
        self.assertIn(b" 200 OK\r\n", ask(("127.0.0.1", self.port)))
        self.check(server, given)

    def test_unix_path(self):
        for name, option in (("a.sock", os.path.join(self.folder, "a.sock")),
                             ("b.sock", os.path.join(self.folder, ".", "b.sock"))):
            with self.subTest(option):
                given = self.open(os.path.join(self.folder, name), socket.AF_UNIX)
                server = self.start([given], "--http-socket", option)
                self.check(server, given)

    def test_abstract_unix_socket(self):
        name = f"aiopyr-activation-{self.port}"
        given = self.open("\0" + name, socket.AF_UNIX)
        server = self.start([given], "--http-socket", "@" + name)
        self.check(server, given)

    def test_socket_that_no_option_names(self):
        given = self.open(("127.0.0.1", self.port))
        server = self.start([given], "--protocol", "http")
        self.check(server, given, reloads=2)

    def test_number_of_a_descriptor(self):
        given = self.open(("127.0.0.1", self.port))
        server = self.start([given], "--http-socket", f"fd://{FIRST}")
        for _ in range(10):
            self.check(server, given, reloads=0)

    def test_several_sockets_each_with_its_protocol(self):
        other = reserve_port()
        path = os.path.join(self.folder, "app.sock")
        given = [self.open(("127.0.0.1", self.port)), self.open(path, socket.AF_UNIX)]
        server = self.start(given, "--http-socket", path, "--http-socket", f"127.0.0.1:{other}",
                            "--http-socket", f"127.0.0.1:{self.port}")
        self.check(server, *given)
        self.assertIn(b" 200 OK\r\n", ask(("127.0.0.1", other)))

    def test_socket_that_is_given_to_another_process_is_none_of_ours(self):
        code, log = run_to_its_end(*APP, env={"LISTEN_PID": "1", "LISTEN_FDS": "1"})
        self.assertNotEqual(code, 0)
        self.assertIn("[aiopyr] there is no socket to listen on", log)


class NoSocket(unittest.TestCase):
    def test_start_without_any_socket_fails_with_one_line(self):
        for options in (APP, APP[:-1]):
            with self.subTest(options):
                code, log = run_to_its_end(*options)
                self.assertNotEqual(code, 0, log)
                lines = [line for line in log.splitlines() if "[aiopyr]" in line]
                self.assertEqual(len(lines), 1, log)
                self.assertIn("there is no socket to listen on: set http-socket", lines[0])
                self.assertNotIn("spawned uWSGI worker", log)

"""The log lines at the start for a configuration that does not do what it seems to."""

import socket
import time
import unittest

from support.paths import example
from support.patience import patient
from support.server import Server, plugin_options
from support.uwsgi_client import packet, variables_for

NOTHING = "[aiopyr] nothing is served: set aiopyr-app = app.so, or mount = /prefix=app.so"


class NotesTest(unittest.TestCase):
    def start(self, *options):
        return Server(options=plugin_options("--http-socket", "127.0.0.1:{port}", "--aiopyr", "10", *options))

    def log_of_start(self, *options):
        server = self.start(*options)
        try:
            return server.log()
        finally:
            server.stop()


class Apps(NotesTest):
    def test_start_without_an_app_says_that_nothing_is_served(self):
        for options in ((), ("--master", "--processes", "2")):
            with self.subTest(options):
                self.assertEqual(self.log_of_start(*options).count(NOTHING), 1)
        for option in ("--lazy-apps", "--lazy"):
            with self.subTest(option):
                server = self.start("--master", option)
                server.wait_for_log(NOTHING)
                server.stop()

    def test_nothing_of_the_kind_is_said_where_something_is_served(self):
        for options in (("--aiopyr-app", example("hello")), ("--mount", "/x=" + example("hello")),
                        ("--static-map", "/=/usr/share"), ("--check-static", "/usr/share"),
                        ("--aiopyr-app", example("hello"), "--master", "--lazy-apps")):
            with self.subTest(options):
                self.assertNotIn("nothing is served", self.log_of_start(*options))


class SlowClients(NotesTest):
    def test_temporary_folder_in_which_nothing_can_be_made_is_told_once(self):
        told = "a temporary file in /proc cannot be made"
        options = ("--aiopyr-app", example("hello"), "--aiopyr-temp-folder", "/proc", "--master", "--processes", "2")
        server = self.start(*options)
        self.addCleanup(server.stop)
        self.assertEqual(server.wait_for_log(told).count(told), 1)
        self.assertNotIn(told, self.log_of_start(*options, "--aiopyr-temp-bytes", "0"))

    def test_slow_cores_that_leave_none_to_others(self):
        told = "[aiopyr] aiopyr-slow-cores = {}: slow clients may hold every core, as there are 10"
        for cores, times in ((9, 0), (10, 1), (100, 1)):
            with self.subTest(cores=cores):
                log = self.log_of_start("--aiopyr-app", example("hello"), "--aiopyr-slow-cores", str(cores), "--master")
                self.assertEqual(log.count(told.format(cores)), times)


class SocketTimeout(unittest.TestCase):
    """A wait of 2.5 seconds, which a socket-timeout of one second would end."""

    def test_it_is_raised_wherever_it_stands(self):
        cores, timeout = ("--aiopyr", "10"), ("--socket-timeout", "1")
        for order in ((*cores, *timeout), (*timeout, *cores)):
            with self.subTest(order):
                server = Server(options=plugin_options("--uwsgi-socket", "127.0.0.1:{port}", "--aiopyr-app",
                                                       example("features"), *order))
                self.addCleanup(server.stop)
                asked = packet(variables_for("/title"))
                with socket.create_connection(server.address, patient(10)) as client:
                    client.sendall(asked[:20])
                    time.sleep(2.5)
                    client.sendall(asked[20:])
                    self.assertIn(b" 200 OK", client.recv(65536))

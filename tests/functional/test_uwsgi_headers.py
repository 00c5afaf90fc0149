"""The effects of uWSGI's own options on a response's headers, on sockets with kept connections."""

import os
import tempfile
import unittest

from support.http import fetch
from support.paths import UWSGI_PLUGINS, example
from support.patience import patient
from support.raw_http import RawHttp, request
from support.server import Server, ServerTest, plugin_options

TITLE = b'{"title":"features"}'


def options(*more):
    return plugin_options("--http-socket", "127.0.0.1:{port}", "--aiopyr", "10",
                          "--aiopyr-app", example("features"), *more)


class UwsgiHeaders(ServerTest):
    options = options("--add-header", "X-Added: 1", "--del-header", "X-Handle",
                      "--collect-header", "Content-Type TYPE", "--log-format", "type=%(var.TYPE)",
                      "--response-route", "^/teapot addheader:X-Routed: 2",
                      "--error-route-status", "404 addheader:X-Error: 3")

    def test_each_response_has_what_is_added(self):
        client = RawHttp(self.server)
        self.addCleanup(client.close)
        for path, status in (("/title", 200), ("/missing/it", 404), ("/file", 404)):
            answer = client.get(path)
            self.assertEqual((answer.status, answer.headers["x-added"]), (status, "1"))
        self.assertEqual(client.get("/title").body, TITLE)

    def test_headers_are_removed_collected_and_routed(self):
        answer = fetch(self.server, "/teapot")
        self.assertNotIn("x-handle", answer.headers)
        self.assertEqual((answer.status, answer.headers["x-routed"]), (418, "2"))
        self.wait_for_new_log("type=text/plain")

    def test_error_routes_see_the_status(self):
        self.assertEqual(fetch(self.server, "/nowhere").headers["x-error"], "3")
        self.assertNotIn("x-error", fetch(self.server, "/title").headers)


class Closing(unittest.TestCase):
    """Options of uWSGI that remove, or contradict, what a kept connection needs."""

    def assert_last(self, *more, version="1.1", lines=(), path="/title"):
        server = Server(options=options(*more))
        try:
            client = RawHttp(server)
            self.addCleanup(client.close)
            client.send(request(path, *lines, version=version))
            client.socket.settimeout(patient(2))
            head, _, body = client.until_end().partition(b"\r\n\r\n")
        finally:
            server.stop()
        return head.decode().split("\r\n"), body

    def test_response_that_loses_its_length_is_the_last(self):
        for option, value in (("--del-header", "content-length"), ("--pull-header", "Content-Length LENGTH")):
            with self.subTest(option=option):
                head, body = self.assert_last(option, value)
                self.assertIn("Connection: close", head)
                self.assertEqual(body, TITLE)

    def test_old_client_that_is_not_told_of_keeping_is_closed(self):
        head, _ = self.assert_last("--del-header", "Connection", version="1.0",
                                   lines=["Connection: keep-alive"])
        self.assertFalse(any(line.startswith("Connection") for line in head))

    def test_close_that_an_option_or_a_route_adds_is_meant(self):
        for option, value in (("--add-header", "Connection: close"),
                              ("--route", ".* addheader:Connection: Close"),
                              ("--response-route", ".* addheader:Connection: close")):
            with self.subTest(option=option):
                head, body = self.assert_last(option, value)
                self.assertEqual(sum(line.lower() == "connection: close" for line in head), 1)
                self.assertEqual(body, TITLE)

    def test_file_that_a_thread_of_uwsgi_sends_is_the_last(self):
        with tempfile.NamedTemporaryFile() as file:
            file.write(b"f" * 100_000)
            file.flush()
            head, body = self.assert_last("--offload-threads", "1", "--aiopyr-set",
                                          f"features.file={file.name}", path="/file")
        self.assertIn("Connection: close", head)
        self.assertEqual(body, b"f" * 100_000)

    @unittest.skipUnless(os.path.exists(f"{UWSGI_PLUGINS}/transformation_toupper_plugin.so"), "no toupper plugin")
    def test_transformation_of_a_response_route_is_applied(self):
        head, body = self.assert_last("--plugins-dir", UWSGI_PLUGINS, "--plugin", "transformation_toupper",
                                      "--response-route", ".* toupper:")
        self.assertIn("Connection: close", head)
        self.assertEqual(body, TITLE.upper())


class HeaderLimit(unittest.TestCase):
    def test_head_beyond_the_limit_is_not_sent(self):
        server = Server(options=options("--response-headers-limit", "50"))
        self.addCleanup(server.stop)
        client = RawHttp(server)
        self.addCleanup(client.close)
        with self.assertRaises(EOFError):
            client.get("/teapot")

"""What uWSGI's own options do to a response's headers, on sockets whose connections are kept."""

import unittest

from support.http import fetch
from support.paths import example
from support.raw_http import RawHttp
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


class HeaderLimit(unittest.TestCase):
    def test_head_beyond_the_limit_is_not_sent(self):
        server = Server(options=options("--response-headers-limit", "50"))
        self.addCleanup(server.stop)
        client = RawHttp(server)
        self.addCleanup(client.close)
        with self.assertRaises(EOFError):
            client.get("/teapot")

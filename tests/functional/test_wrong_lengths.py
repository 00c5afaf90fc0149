"""Apps whose responses are framed otherwise than they say: the connection is not for another one."""

import os
import tempfile
import unittest

from support.compilers import compile_app
from support.raw_http import RawHttp, request
from support.server import Server, plugin_options

APP = r"""
#include <aiopyr/aiopyr.h>

using namespace aiopyr;

Response chunked(Request&) {
  Response response("5\r\nhello\r\n0\r\n\r\n");
  response.headers().set("Transfer-Encoding", "chunked");
  return response;
}

Response plain(Request&) { return Response("plain"); }

// Code around the app sees responses that are ready, and may spoil them.
Handler app(Configurator& config) {
  config.add_route("chunked", "/chunked");
  config.add_view(chunked, {.route_name = "chunked"});
  config.add_route("plain", "/{how}");
  config.add_view(plain, {.route_name = "plain"});
  return [inner = config.make_app()](Request& request) {
    Response response = inner(request);
    if (request.path_info() == "/longer") response.set_body("plain, and more");
    if (request.path_info() == "/empty") response.set_status(204);
    return response;
  };
}

AIOPYR_APP(app);
"""


class WrongLengths(unittest.TestCase):
    def test_response_that_does_not_end_where_it_says_is_the_last(self):
        with tempfile.TemporaryDirectory(prefix="aiopyr-lengths-") as folder:
            path = compile_app(os.path.join(folder, "app.so"), APP)
            server = Server(options=plugin_options("--http-socket", "127.0.0.1:{port}", "--aiopyr", "3",
                                                   "--aiopyr-app", path))
            self.addCleanup(server.stop)
            for how, last in (("plain", False), ("chunked", True), ("longer", True), ("empty", True)):
                with self.subTest(how=how):
                    client = RawHttp(server)
                    self.addCleanup(client.close)
                    client.send(request("/" + how) + request("/plain", "Connection: close"))
                    received = client.until_end()
                    self.assertEqual(received.count(b"HTTP/1.1 "), 1 if last else 2)
                    self.assertIn(b"Connection: close", received)

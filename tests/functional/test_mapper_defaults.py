"""Class-wide defaults of the mappers that an app sets are for that app, not for another in the server."""

import os
import tempfile
import unittest

from support.compilers import compile_app
from support.raw_websocket import TEXT, RawWebsocket
from support.server import Server, plugin_options

APP = """
#include <aiopyr/aiopyr.h>
using namespace aiopyr;

static Task<> tell_kind(Websocket& ws) {
  while (auto message = co_await ws.recv()) co_await ws.send(message->is_text() ? "text" : "bytes");
}

static void app(Configurator& config) {
#ifdef AS_BYTES
  WebsocketMapper::use_bytes = true;
  UWSGIWebsocketMapper::use_str = false;
#endif
  config.add_route("ws", "/ws");
  config.add_view(tell_kind, {.route_name = "ws", .mapper = WebsocketMapper{}});
  config.add_route("uwsgi", "/uwsgi");
  config.add_view(tell_kind, {.route_name = "uwsgi", .mapper = UWSGIWebsocketMapper{}});
}

AIOPYR_APP(app)
"""


class MapperDefaults(unittest.TestCase):
    def test_two_apps_of_one_server_have_their_own(self):
        with tempfile.TemporaryDirectory(prefix="aiopyr-defaults-") as folder:
            usual = compile_app(os.path.join(folder, "usual.so"), APP)
            bytes_app = compile_app(os.path.join(folder, "bytes.so"), APP, "-DAS_BYTES")
            server = Server(options=plugin_options(
                "--http-socket", "127.0.0.1:{port}", "--aiopyr", "10", "--manage-script-name",
                "--mount", f"/first={usual}", "--mount", f"/bytes={bytes_app}", "--mount", f"/last={usual}"))
            self.addCleanup(server.stop)
            for path, kind in (("/first", b"text"), ("/bytes", b"bytes"), ("/last", b"text")):
                for view in ("/ws", "/uwsgi"):
                    with self.subTest(path + view), RawWebsocket(server, path + view) as websocket:
                        websocket.send_frame(TEXT, b"hello")
                        self.assertEqual(websocket.receive(), (TEXT, kind))


if __name__ == "__main__":
    unittest.main()

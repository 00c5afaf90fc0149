"""An app made by each compiler that is here runs in the plugin of this tree: the table of
docs/compilers.md, and the two patterns that g++ 12 miscompiles."""

import os
import tempfile
import unittest

from support.compilers import ALLOW_OLD, app_compilers, compile_app, is_too_old
from support.http import fetch
from support.raw_websocket import TEXT, RawWebsocket
from support.server import Server, plugin_options

APP = """
#include <aiopyr/aiopyr.h>
using namespace aiopyr;

static Task<bool> check() {
  co_await sleep(0.001);
  co_return true;
}
static Task<Response> with_condition(Request&) {
  if (co_await check()) co_return Response("yes");
  co_return Response("no");
}
static Task<std::string> with_copies(Request& request) {
  co_return co_await run_in_executor(
      [name = request.params().get<std::string>("name") + " who needs more than a small string"] { return name; });
}
static Task<Json> throws(Request& request) {
  try {
    co_await sleep(0);
    throw HTTPNotFound("thrown by the app");
  } catch (const HttpException& caught) {
    if (request.params().contains("caught")) co_return Json{{"caught", caught.code()}};
    throw;
  }
}
static Response plain(Request& request) { return Response(request.settings().at("greeting")); }
static Task<> echo(Websocket& ws) {
  while (auto message = co_await ws.recv()) co_await ws.send(*message);
}
struct Counter {
  explicit Counter(Request& request) : request(request) {}
  Task<Json> get() {
    co_await sleep(0);
    co_return Json{{"path", request.path()}};
  }
  Request& request;
};

static void app(Configurator& config) {
  for (const char* name : {"condition", "copies", "throws", "plain", "echo", "class", "tween"}) {
    config.add_route(name, std::string("/") + name);
  }
  config.add_view(with_condition, {.route_name = "condition"});
  config.add_view(with_copies, {.route_name = "copies", .renderer = "string"});
  config.add_view(throws, {.route_name = "throws", .renderer = "json"});
  config.add_view(plain, {.route_name = "plain"});
  config.add_view(&Counter::get, {.route_name = "class", .renderer = "json"});
  config.add_view(echo, {.route_name = "echo", .mapper = WebsocketMapper{}});
  config.add_tween([](Handler next, Registry&) -> Handler {
    return [next](Request& request) {
      Response response = next(request);
      response.headers().set("X-Tween", synchronize(check)() ? "yes" : "no");
      return response;
    };
  });
}

AIOPYR_APP(app)
"""

# The same as in APP, but for a compiler whose coroutine cannot start.
NEVER_BEGINS = """
#include <aiopyr/aiopyr.h>
using namespace aiopyr;
static Task<bool> check() { co_return true; }
static Task<Response> unlucky(Request&) {
  if (co_await check()) co_return Response("yes");
  co_return Response("no");
}
static void app(Configurator& config) {
  config.add_route("unlucky", "/unlucky");
  config.add_view(unlucky, {.route_name = "unlucky"});
}
AIOPYR_APP(app);
"""


class CompilerMatrix(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="aiopyr-matrix-")
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def serve(self, source, *flags, compiler=None):
        app = compile_app(os.path.join(self.folder, "app.so"), source, *flags, compiler=compiler)
        server = Server(options=plugin_options("--http-socket", "127.0.0.1:{port}", "--aiopyr", "4", "--aiopyr-app",
                                               app, "--aiopyr-set", "greeting=hello"))
        self.addCleanup(server.stop)
        return server

    def check(self, server):
        self.assertEqual(fetch(server, "/condition").text, "yes")
        self.assertEqual(fetch(server, "/copies?name=ann").text, "ann who needs more than a small string")
        self.assertEqual(fetch(server, "/throws").status, 404)
        self.assertEqual(fetch(server, "/throws?caught=1").json(), {"caught": 404})
        answer = fetch(server, "/plain")
        self.assertEqual((answer.text, answer.headers["x-tween"]), ("hello", "yes"))
        self.assertEqual(fetch(server, "/class").json(), {"path": "/class"})
        with RawWebsocket(server, "/echo") as websocket:
            websocket.send_frame(TEXT, b"hello")
            self.assertEqual(websocket.receive(), (TEXT, b"hello"))

    def test_apps_of_every_compiler_and_language_run_in_this_plugin(self):
        if not app_compilers():
            self.skipTest("there is no compiler of apps here")
        for compiler in app_compilers():
            for flags in (["-std=c++20"], ["-std=c++23"], ["-std=c++20", "-O2"]):
                with self.subTest(compiler=compiler, flags=flags):
                    self.check(self.serve(APP, *flags, compiler=[compiler]))

    @unittest.skipUnless(is_too_old("g++"), "this g++ compiles coroutines")
    def test_a_coroutine_that_never_begins_is_answered_and_said(self):
        for flags in (["-O0"], ["-O2"]):
            with self.subTest(flags):
                server = self.serve(NEVER_BEGINS, *flags, compiler=["g++", ALLOW_OLD])
                self.assertEqual(fetch(server, "/unlucky").status, 500)
                log = server.wait_for_log("never begins")
                self.assertRegex(log, r"route 'unlucky': aiopyr::Error: a coroutine never begins.*clang\+\+-19")


if __name__ == "__main__":
    unittest.main()

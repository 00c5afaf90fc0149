"""A blocked loop: the log names the request or websocket that blocks it, and gives advice."""

import os
import re
import tempfile
import unittest
from concurrent.futures import ThreadPoolExecutor

from support.compilers import compile_app
from support.http import fetch
from support.patience import patient
from support.raw_websocket import TEXT, RawWebsocket
from support.server import Server, plugin_options, wait_until

APP = """
#include <chrono>
#include <string>
#include <aiopyr/aiopyr.h>
#include <aiopyr/runtime/web/json/json_writer.h>
using namespace aiopyr;
namespace {
void block() {
  const auto until = std::chrono::steady_clock::now() + std::chrono::duration<double>(SECONDS);
  while (std::chrono::steady_clock::now() < until) {
  }
}
Task<Response> at_once(Request&) { block(); co_return Response("blocked"); }
Task<Response> later(Request&) { co_await sleep(0.05); block(); co_return Response("blocked"); }
Response on_fiber(Request&) { block(); return Response("blocked"); }
Task<Response> waiting(Request&) { co_await sleep(SECONDS * 3); co_return Response("waited"); }
Response json(Request&) {
  Json list = Json::array();
  for (int i = 0; i < 2000; ++i) list.push_back("a member of a list that is long");
  const auto until = std::chrono::steady_clock::now() + std::chrono::duration<double>(SECONDS);
  std::size_t size = 0;
  while (std::chrono::steady_clock::now() < until) size += write_json(list).size();
  return Response(std::to_string(size));
}
Task<> chat(Websocket& websocket) {
  while (co_await websocket.recv()) { block(); co_await websocket.send("blocked"); }
}
void app(Configurator& config) {
  config.add_route("first", "/at-once");
  config.add_view(at_once, {.route_name = "first"});
  config.add_route("second", "/later");
  config.add_view(later, {.route_name = "second"});
  config.add_route("third", "/on-fiber");
  config.add_view(on_fiber, {.route_name = "third", .mapper = FiberMapper{}});
  config.add_route("fourth", "/waiting");
  config.add_view(waiting, {.route_name = "fourth"});
  config.add_route("fifth", "/json");
  config.add_view(json, {.route_name = "fifth", .mapper = FiberMapper{}});
  config.add_route("talk", "/chat");
  config.add_view(chat, {.route_name = "talk", .mapper = WebsocketMapper{}});
}
}  // namespace
AIOPYR_APP(app);
"""
BLOCKED = re.compile(r"the loop has been blocked for \d+ ms(?: by (.*?))?, and everybody waits: (.*)")


class BlockedLoop(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="aiopyr-blocked-")
        cls.addClassCleanup(folder.cleanup)
        # Blocks for long: beside other tests, any code may take some milliseconds.
        cls.app = compile_app(os.path.join(folder.name, "blocking.so"),
                              APP.replace("SECONDS", str(patient(0.4))), "-O1")

    def start(self):
        server = Server(options=plugin_options(
            "--http-socket", "127.0.0.1:{port}", "--aiopyr", "20", "--aiopyr-app", self.app,
            "--aiopyr-block-warning", str(patient(0.1)), "--disable-logging"))
        self.addCleanup(server.stop)
        return server

    def told(self, server, count=1):
        wait_until(lambda: len(BLOCKED.findall(server.log())) >= count, 10, server.log)
        return BLOCKED.findall(server.log())[count - 1]

    def test_request_is_named_by_method_path_and_route(self):
        for path, route in (("/at-once", "first"), ("/later", "second"), ("/on-fiber", "third")):
            with self.subTest(path):
                server = self.start()
                self.assertEqual(fetch(server, path + "?secret=1", "POST", b"").text, "blocked")
                self.assertEqual(self.told(server)[0], f"POST {path} (route {route})")
                self.assertNotIn("secret", server.log())

    def test_request_is_named_beside_others_that_wait(self):
        server = self.start()
        with ThreadPoolExecutor(3) as pool:
            waiting = [pool.submit(fetch, server, "/waiting") for _ in range(3)]
            fetch(server, "/at-once")
            self.assertEqual(self.told(server)[0], "GET /at-once (route first)")
            self.assertEqual([answer.result().text for answer in waiting], ["waited"] * 3)

    def test_one_that_goes_on_after_a_wait_is_one_of_those_in_flight(self):
        server = self.start()
        with ThreadPoolExecutor(3) as pool:
            waiting = [pool.submit(fetch, server, "/waiting") for _ in range(2)]
            fetch(server, "/later")
            self.assertRegex(self.told(server)[0], r"^one of [23] requests, such as GET /\w+ \(route \w+\)$")
            self.assertIn("later", server.log())
            self.assertEqual([answer.result().text for answer in waiting], ["waited"] * 2)

    def test_websocket_is_named_by_path_and_route(self):
        server = self.start()
        with RawWebsocket(server, "/chat", timeout=20) as ws:
            ws.send_frame(TEXT, b"abc")
            self.assertEqual(ws.receive(), (TEXT, b"blocked"))
        self.assertEqual(self.told(server)[0], "the websocket /chat (route talk)")

    def test_advice_fits_what_is_on_the_stack(self):
        server = self.start()
        for count, (path, advice) in enumerate((("/json", "large JSON"), ("/at-once", "move what blocks")), 1):
            fetch(server, path)
            self.assertIn(advice, self.told(server, count)[1])


if __name__ == "__main__":
    unittest.main()

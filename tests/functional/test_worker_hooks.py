"""An app's hooks on the loop of each worker, and what they make for requests."""

import json
import os
import signal
import tempfile
import unittest

from support.compilers import compile_app
from support.http import fetch
from support.server import Server, plugin_options, wait_until

APP = """
#include <fstream>
#include <unistd.h>
#include <aiopyr/aiopyr.h>
#include <aiopyr/uwsgi.h>
using namespace aiopyr;

struct Pool {
  explicit Pool(std::string path) : log(std::move(path)) {}
  Task<> close() {
    co_await sleep(0.01);
    std::ofstream(log, std::ios::app) << "closed by " << getpid() << '\\n';
  }
  std::string log;
  int worker = uwsgi::worker_id();
};

static Task<> start(Registry& registry) {
  co_await sleep(0.01);
  if (registry.settings.contains("fails")) throw Error("no database today");
  registry.emplace<Pool>(registry.settings.at("log"));
  std::ofstream(registry.settings.at("log"), std::ios::app) << "started by " << getpid() << '\\n';
}

static Task<Json> tell(Request& request) {
  co_return Json{{"worker", request.registry().get<Pool>().worker}, {"pid", getpid()}};
}

static void app(Configurator& config) {
  config.on_worker_start(start);
  config.add_route("home", "/");
  config.add_view(tell, {.route_name = "home", .renderer = "json"});
  const std::string log = config.settings().at("log");
  uwsgi::mule("work", [log] {
    auto job = [log]() -> Task<> {
      co_await sleep(0.01);
      std::ofstream(log, std::ios::app) << "mule " << getpid() << '\\n';
    };
    run_blocking(job);
    for (;;) pause();
  });
}

AIOPYR_APP(app)
"""


class WorkerHooks(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory(prefix="aiopyr-hooks-")
        cls.addClassCleanup(cls.folder.cleanup)
        cls.app = compile_app(os.path.join(cls.folder.name, "app.so"), APP)

    def setUp(self):
        self.log = os.path.join(self.folder.name, self.id().rpartition(".")[2])

    def start(self, *options):
        server = self.start_unguarded(*options)
        self.addCleanup(server.stop)
        return server

    def start_unguarded(self, *options):
        return Server(options=plugin_options(
            "--http-socket", "127.0.0.1:{port}", "--aiopyr", "10", "--aiopyr-app", self.app,
            "--aiopyr-set", f"log={self.log}", *options))

    def lines(self):
        try:
            with open(self.log) as file:
                return file.read().splitlines()
        except FileNotFoundError:
            return []

    def test_each_worker_makes_and_closes_its_own(self):
        server = self.start_unguarded("--master", "--processes", "2")
        try:
            wait_until(lambda: len(self.lines()) == 2, 10)
            answer = json.loads(fetch(server, "/").body)
        finally:
            server.stop()
        self.assertIn(answer["worker"], (1, 2))
        self.assertIn(f"started by {answer['pid']}", self.lines())
        started = {line.split()[-1] for line in self.lines() if line.startswith("started")}
        closed = {line.split()[-1] for line in self.lines() if line.startswith("closed")}
        self.assertEqual(closed, started)

    def test_a_reload_closes_the_old_ones_and_makes_new_ones(self):
        server = self.start("--master")
        before = json.loads(fetch(server, "/").body)["pid"]
        server.send_signal(signal.SIGHUP)
        wait_until(lambda: f"closed by {before}" in self.lines(), 10)
        self.assertNotEqual(json.loads(fetch(server, "/").body)["pid"], before)

    def test_a_hook_that_throws_is_logged_and_tried_again(self):
        server = Server(options=plugin_options(
            "--http-socket", "127.0.0.1:{port}", "--aiopyr", "10", "--aiopyr-app", self.app, "--master",
            "--aiopyr-set", f"log={self.log}", "--aiopyr-set", "fails=yes"))
        self.addCleanup(server.stop)
        wait_until(lambda: server.log().count("no database today") >= 2, 10)
        self.assertIn("on_worker_start of", server.log())

    def test_a_mule_runs_a_task_on_a_loop_of_its_own(self):
        self.start("--master", "--mule=work")
        wait_until(lambda: any(line.startswith("mule ") for line in self.lines()), 10)


if __name__ == "__main__":
    unittest.main()

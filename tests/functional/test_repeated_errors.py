"""The same error many times: the log has the first few, and the number of the others."""

import contextlib
import os
import re
import signal
import tempfile
import threading
import time
import unittest

from support.compilers import compile_app
from support.http import fetch
from support.paths import example
from support.patience import patient
from support.raw_http import RawHttp, request
from support.server import Server, plugin_options, wait_until

# Each request makes the mule and the spooler fail a hundred times.
ELSEWHERE = """
#include <stdexcept>
#include <aiopyr/aiopyr.h>
#include <aiopyr/uwsgi.h>
using namespace aiopyr;
namespace {
void fail(std::string_view) { throw std::runtime_error("in the mule"); }
Response tell_mule(Request&) {
  for (int i = 0; i < 100; ++i) uwsgi::mule_msg("something");
  return Response("told");
}
void app(Configurator& config) {
  uwsgi::on_mule_msg(fail);
  config.add_route("mule", "/mule");
  config.add_view(tell_mule, {.route_name = "mule"});
}
}  // namespace
AIOPYR_APP(app);
"""
COUNT = 3000
PATH, TEXT = "/error/coroutine", "the secret of the coroutine"
MORE = re.compile(r"^\[aiopyr\] ERROR: (\d+) times more, not written: (.*)$", re.M)


class RepeatedErrors(unittest.TestCase):
    def start(self):
        server = Server(options=plugin_options("--http-socket", "127.0.0.1:{port}", "--aiopyr", "10",
                                               "--aiopyr-app", example("features"), "--disable-logging",
                                               "--aiopyr-block-warning", "0"))
        self.addCleanup(lambda: server.is_running() and server.stop())
        return server

    def ask(self, server, path, count):
        with contextlib.closing(RawHttp(server, timeout=60)) as client:
            for _ in range(count // 50):
                client.send(request(path) * 50)
                for _ in range(50):
                    self.assertEqual(client.answer().status, 500)

    def written(self, log, text):
        return sum(1 for line in log.splitlines() if text in line and not MORE.match(line))

    def test_each_is_written_or_counted(self):
        server = self.start()
        self.ask(server, PATH, COUNT)
        server.stop()
        log = server.log()
        written = self.written(log, TEXT)
        counted = sum(int(more) for more, kind in MORE.findall(log) if TEXT in kind)
        self.assertGreaterEqual(written, 5)
        self.assertEqual(written + counted, COUNT, log[-3000:])
        self.assertLess(len(log), 100_000)

    def test_number_is_told_while_the_worker_serves(self):
        server = self.start()
        self.ask(server, PATH, 100)
        log = server.wait_for_log("times more, not written", 25)
        self.assertEqual(sum(int(more) for more, _ in MORE.findall(log)), 100 - self.written(log, TEXT))

    def test_number_is_told_where_a_second_interrupt_ends_the_worker(self):
        server = self.start()
        self.ask(server, PATH, 100)
        hanging = threading.Thread(target=lambda: self.assertRaises(Exception, fetch, server, "/blocking?sleep=60"))
        hanging.start()
        time.sleep(patient(0.5))
        os.kill(server.pid, signal.SIGINT)
        time.sleep(1.5)
        os.kill(server.pid, signal.SIGINT)
        server.wait(10)
        hanging.join()
        log = server.log()
        told = re.search(r"ERROR: (\d+) failures more, not written", log)
        self.assertIsNotNone(told, log[-2000:])
        self.assertEqual(int(told.group(1)) + self.written(log, TEXT), 100)


class RepeatedErrorsElsewhere(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="aiopyr-repeated-")
        cls.addClassCleanup(folder.cleanup)
        cls.app = compile_app(os.path.join(folder.name, "elsewhere.so"), ELSEWHERE)

    def start(self):
        server = Server(options=plugin_options("--http-socket", "127.0.0.1:{port}", "--aiopyr", "10", "--master",
                                               "--aiopyr-app", self.app, "--disable-logging", "--mule",
                                               "--aiopyr-block-warning", "0"))
        self.addCleanup(lambda: server.is_running() and server.stop())
        return server

    def test_mule_tells_the_number_though_no_other_error_follows(self):
        server = self.start()
        fetch(server, "/mule")
        log = server.wait_for_log("times more, not written", 25)
        self.assertEqual(sum(int(more) for more, _ in MORE.findall(log)), 95)
        self.assertEqual(len(re.findall("^.*message of mule 1: .*in the mule", log, re.M)), 5)

    def test_mule_tells_the_number_at_its_end(self):
        server = self.start()
        fetch(server, "/mule")
        wait_until(lambda: server.log().count("in the mule") >= 5)
        time.sleep(patient(0.5))
        server.stop()
        self.assertIn("ERROR: 95 failures more, not written", server.log())

"""An app's file that changes while its code runs: `cp new.so app.so` writes into the same file."""

import os
import shutil
import signal
import tempfile
import unittest

from support.compilers import compile_app
from support.http import fetch
from support.paths import BUILD, example
from support.server import Server, plugin_options, run_to_its_end, wait_until

APP = """
#include <stdexcept>
#include <string>
#include <aiopyr/aiopyr.h>
using namespace aiopyr;
namespace {
// Padding differs in size between versions, so that all code moves.
PADDING
Response version(Request&) { return Response("VERSION"); }
Response wrong_place(Request&) { throw std::runtime_error("of VERSION"); }
Task<Response> later(Request&) { co_await sleep(0.01); co_return Response("VERSION"); }
void app(Configurator& config) {
  config.add_route("version", "/");
  config.add_view(version, {.route_name = "version"});
  config.add_route("wrong", "/wrong");
  config.add_view(wrong_place, {.route_name = "wrong"});
  config.add_route("later", "/later");
  config.add_view(later, {.route_name = "later"});
}
}  // namespace
AIOPYR_APP(app);
"""
PADDING = """
int unused(int x) { switch (x) { case 1: return 77; case 2: return 1234; default: return x * 31; } }
volatile int kept = unused(3);
std::string text = "something that is put in front of everything else";
"""


class OverwrittenApp(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="aiopyr-overwritten-")
        cls.addClassCleanup(folder.cleanup)
        cls.folder = folder.name
        cls.versions = [
            compile_app(os.path.join(folder.name, name + ".so"),
                        APP.replace("VERSION", name).replace("PADDING", padding))
            for name, padding in (("one", ""), ("two", PADDING))]

    def setUp(self):
        self.app = os.path.join(self.folder, "shop.so")
        shutil.copyfile(self.versions[0], self.app)

    def start(self, *options):
        server = Server(options=plugin_options("--http-socket", "127.0.0.1:{port}", "--aiopyr", "10",
                                               "--aiopyr-block-warning", "0", *options))
        self.addCleanup(server.stop)
        return server

    def check(self, server, prefix, version):
        for path in ("/", "/later"):
            for _ in range(20):
                self.assertEqual(fetch(server, prefix + path).text, version)

    def overwrite(self, source):
        """Writes into the same file, as cp does."""
        before = os.stat(self.app).st_ino
        if source is None:
            os.truncate(self.app, 0)
        else:
            shutil.copyfile(source, self.app)
        self.assertEqual(os.stat(self.app).st_ino, before)

    def test_requests_go_on_with_what_was_loaded(self):
        for prefix, option in (("", ("--aiopyr-app", self.app)), ("/x", ("--mount", "/x=" + self.app))):
            for source in (self.versions[1], None):
                with self.subTest(prefix=prefix, source=source):
                    shutil.copyfile(self.versions[0], self.app)
                    server = self.start(*option)
                    self.check(server, prefix, "one")
                    self.overwrite(source)
                    self.check(server, prefix, "one")

    def test_reload_serves_the_new_file(self):
        server = self.start("--aiopyr-app", self.app, "--master")
        self.check(server, "", "one")
        self.overwrite(self.versions[1])
        self.check(server, "", "one")
        server.send_signal(signal.SIGHUP)
        wait_until(lambda: server.log().count("spawned uWSGI worker 1 ") == 2, 20)
        self.check(server, "", "two")

    def test_errors_name_the_file_and_its_functions(self):
        server = self.start("--aiopyr-app", self.app)
        self.overwrite(self.versions[1])
        self.assertEqual(fetch(server, "/wrong").status, 500)
        log = server.wait_for_log("of one")
        self.assertRegex(log, r"at .*wrong_place.* in shop\.so\+0x")
        self.assertIn("wrong_place", log)
        self.assertNotIn("memfd", log)

    def test_app_that_finds_its_libraries_beside_itself_is_loaded_in_place(self):
        compile_app(os.path.join(self.folder, "libbeside.so"), 'extern "C" const char* beside() { return "one"; }')
        app = compile_app(
            os.path.join(self.folder, "uses.so"), """
            #include <aiopyr/aiopyr.h>
            using namespace aiopyr;
            extern "C" const char* beside();
            static Response version(Request&) { return Response(beside()); }
            static void app(Configurator& config) {
              config.add_route("version", "/");
              config.add_view(version, {.route_name = "version"});
            }
            AIOPYR_APP(app);""",
            "-Wl,--no-as-needed", "-L" + self.folder, "-Wl,-rpath,$ORIGIN", "-lbeside")
        server = self.start("--aiopyr-app", app)
        self.assertEqual(fetch(server, "/").text, "one")
        self.assertIn(f"WARNING: app {app} is loaded from its file", server.log())


class Recipe(unittest.TestCase):
    """docs/deploying.md: tries an app beside the instance, before the instance loads it."""

    def test_broken_app_is_found_out_while_the_former_one_serves(self):
        folder = tempfile.TemporaryDirectory(prefix="aiopyr-recipe-")
        self.addCleanup(folder.cleanup)
        app, ini, pid = (os.path.join(folder.name, name) for name in ("app.so", "app.ini", "app.pid"))
        shutil.copyfile(example("hello"), app)
        with open(ini, "w") as file:
            file.write(f"[uwsgi]\nplugins-dir = {BUILD}\nplugins = aiopyr\nmaster = true\naiopyr = 10\n"
                       f"aiopyr-app = {app}\nhttp-socket = 127.0.0.1:$(AIOPYR_PORT)\npidfile = {pid}\n"
                       "vacuum = true\n")
        server = Server(options=["--ini", ini])
        self.addCleanup(server.stop)
        attempt = ("--ini", ini, "--aiopyr-check")
        environment = {"AIOPYR_PORT": str(server.port)}
        self.assertEqual(run_to_its_end(*attempt, env=environment)[0], 0)
        os.rename(app, app + ".before")
        throwing = compile_app(app, """
            #include <stdexcept>
            #include <aiopyr/runtime/web/config/app.h>
            static void app(aiopyr::Configurator&) { throw std::out_of_range("no database"); }
            AIOPYR_APP(app);""")
        code, log = run_to_its_end(*attempt, env=environment)
        self.assertNotEqual(code, 0)
        self.assertIn("no database", log)
        self.assertEqual(fetch(server, "/?sleep=0").status, 200)
        os.rename(app + ".before", throwing)
        self.assertEqual(run_to_its_end(*attempt, env=environment)[0], 0)
        with open(pid) as file:
            os.kill(int(file.read()), signal.SIGHUP)
        wait_until(lambda: server.log().count("spawned uWSGI worker 1 ") == 2, 20)
        self.assertEqual(fetch(server, "/?sleep=0").status, 200)

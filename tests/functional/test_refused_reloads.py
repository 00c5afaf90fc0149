"""Trials before reloads: if the new app does not load, the instance goes on as it was."""

import os
import re
import shutil
import signal
import tempfile
import time
import unittest

from support.compilers import compile_app
from support.endings import by_fifo, by_signal, by_touch, children_of
from support.http import fetch
from support.paths import BUILD
from support.patience import patient
from support.server import Server, run_to_its_end, wait_until

APP = """
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <stdexcept>
#include <thread>
#include <aiopyr/aiopyr.h>
using namespace aiopyr;
static Response version(Request&) { return Response("VERSION"); }
static void app(Configurator& config) {
  BEGIN;
  config.add_route("version", "/");
  config.add_view(version, {.route_name = "version"});
}
AIOPYR_APP(app);
"""
VERSIONS = {
    "one": "",
    "two": "",
    "throwing": 'throw std::out_of_range("no database")',
    "hanging": 'std::ofstream(std::getenv("LOADED")); std::this_thread::sleep_for(std::chrono::hours(1))',
    "crashing": "std::abort()",
    "waiting": """std::ofstream(std::getenv("LOADED"));
  while (!std::ifstream(std::getenv("GO"))) std::this_thread::sleep_for(std::chrono::milliseconds(10))""",
}
INI = """[uwsgi]
plugins-dir = {plugins}
plugins = aiopyr
master = true
aiopyr = 10
aiopyr-app = {folder}/app.so
http-socket = 127.0.0.1:$(AIOPYR_PORT)
pidfile = {folder}/app.pid
master-fifo = {folder}/fifo
touch-reload = {folder}/touched
vacuum = true
disable-logging = true
aiopyr-block-warning = 0
"""
PLUGIN = "aiopyr_plugin.so"
NOBODY = 65534
REFUSED = re.compile(r"\[aiopyr\] ERROR: the reload \((.*)\) is refused, and all goes on as it was: (.*)")
RELOADED = "spawned uWSGI worker 1 "


class RefusedReloads(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="aiopyr-versions-")
        cls.addClassCleanup(folder.cleanup)
        cls.versions = {
            name: compile_app(os.path.join(folder.name, name + ".so"),
                              APP.replace("VERSION", name).replace("BEGIN", begin))
            for name, begin in VERSIONS.items()}

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="aiopyr-reloads-")
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        self.fifo = self.path("fifo")
        self.touched = self.path("touched")
        open(self.touched, "w").close()
        self.deploy("one")

    def path(self, name):
        return os.path.join(self.folder, name)

    def deploy(self, version):
        shutil.copyfile(self.versions[version], self.path("app.so.new"))
        os.rename(self.path("app.so.new"), self.path("app.so"))

    def configure(self, *lines, plugins=BUILD):
        with open(self.path("app.ini"), "w") as ini:
            ini.write("\n".join((INI.format(plugins=plugins, folder=self.folder), *lines)))

    def start(self, *lines, plugins=BUILD, options=None):
        self.configure(*lines, plugins=plugins)
        server = Server(options=options or ["--ini", self.path("app.ini")], cwd=self.folder,
                        env={"LOADED": self.path("loaded"), "GO": self.path("go")})
        self.addCleanup(lambda: server.is_running() and server.stop())
        self.server = server
        return server

    # The same functions as Instance of support/endings.py has, for its triggers.
    def command(self, letter):
        with open(self.fifo, "w") as fifo:
            fifo.write(letter)

    def touch(self, path):
        later = time.time() + 5
        os.utime(path, (later, later))

    def signal(self, number):
        self.server.send_signal(number)

    def refusals(self):
        return REFUSED.findall(self.server.log())

    def wait_for_refusal(self, count=1, timeout=20):
        wait_until(lambda: len(self.refusals()) >= count, timeout, self.server.log)
        return self.refusals()[count - 1]

    def wait_for_reload(self, version, count=2):
        wait_until(lambda: self.server.log().count(RELOADED) >= count, 20, self.server.log)
        wait_until(lambda: fetch(self.server, "/").text == version, 20)

    def check_serves(self, version):
        self.assertEqual(fetch(self.server, "/").text, version)

    def test_broken_app_is_refused_whatever_asks_for_the_reload(self):
        for name, ask in (("SIGHUP", by_signal(signal.SIGHUP)), ("fifo r", by_fifo("r")),
                          ("fifo R", by_fifo("R")), ("fifo w", by_fifo("w")), ("fifo c", by_fifo("c")),
                          ("touch-reload", by_touch)):
            with self.subTest(name):
                self.deploy("one")
                server = self.start()
                workers = server.worker_pids()
                # Waits until the master has looked around, and taken over the signal.
                time.sleep(patient(1.2))
                self.deploy("throwing")
                ask(self)
                asked_by, reason = self.wait_for_refusal()
                self.assertEqual(asked_by, name)
                self.assertRegex(reason, r"app .*/app\.so: .*no database")
                self.check_serves("one")
                self.assertEqual(server.worker_pids(), workers)
                self.deploy("two")
                by_signal(signal.SIGHUP)(self)
                self.wait_for_reload("two")
                self.assertEqual(len(self.refusals()), 1)
                server.stop()

    def test_each_way_in_which_an_app_can_fail_is_told(self):
        server = self.start("aiopyr-reload-check = 3")
        time.sleep(patient(1.2))
        count = 0
        for version, told in (("throwing", "no database"), ("crashing", r"died of signal 6 \(ABRT\); .* loads app .*/app\.so"),
                              ("hanging", r"not ended in time; .* loads app .*/app\.so"),
                              (None, "cannot be loaded"),
                              ("missing", "there is no such file")):
            with self.subTest(version):
                count += 1
                if version == "missing":
                    os.unlink(self.path("app.so"))
                elif version is None:
                    with open(self.path("app.so"), "w") as file:
                        file.write("no library")
                else:
                    self.deploy(version)
                server.send_signal(signal.SIGHUP)
                reason = self.wait_for_refusal(count)[1]
                self.assertRegex(reason, told)
                self.assertIn("app.so", reason)
                self.check_serves("one")
        self.assertEqual(server.log().count(RELOADED), 1)
        self.assertNotIn("subprocess", server.log())

    def test_broken_configuration_is_refused(self):
        self.start()
        time.sleep(patient(1.2))
        for count, (line, told) in enumerate((("aiopyr-keep-alive = soon", "expected seconds"),
                                              ("threads = 4", "remove threads"),
                                              ("aiopyr-kep-alive = 3", "there is no option")), 1):
            with self.subTest(line):
                self.configure(line)
                self.signal(signal.SIGHUP)
                self.assertIn(told, self.wait_for_refusal(count)[1])
                self.check_serves("one")

    def test_workers_that_load_the_app_themselves_are_replaced_only_by_one_that_loads(self):
        self.start("lazy-apps = true", "processes = 2")
        time.sleep(patient(1.2))
        for count, letter in enumerate("wc", 1):
            self.deploy("throwing")
            self.command(letter)
            self.wait_for_refusal(count)
            self.check_serves("one")
        self.deploy("two")
        self.command("w")
        self.wait_for_reload("two")

    def test_trial_touches_nothing_of_the_instance_and_leaves_nothing_behind(self):
        server = self.start()
        time.sleep(patient(1.2))
        self.deploy("throwing")
        before = {name: os.stat(self.path(name)).st_mtime_ns for name in ("app.pid", "fifo")}
        server.send_signal(signal.SIGHUP)
        self.wait_for_refusal()
        self.assertEqual({name: os.stat(self.path(name)).st_mtime_ns for name in before}, before)
        self.assertEqual(len(children_of(server.pid)), 1)

    def test_stop_during_a_trial_ends_both(self):
        server = self.start()
        time.sleep(patient(1.2))
        self.deploy("hanging")
        server.send_signal(signal.SIGHUP)
        wait_until(lambda: os.path.exists(self.path("loaded")), 20)
        server.send_signal(signal.SIGINT)
        self.assertEqual(server.wait(15), 0)
        ini = self.path("app.ini").encode()

        def is_tried():
            for pid in filter(str.isdigit, os.listdir("/proc")):
                try:
                    with open(f"/proc/{pid}/cmdline", "rb") as command:
                        if ini in command.read():
                            return True
                except OSError:
                    pass
            return False

        wait_until(lambda: not is_tried(), 10, "the trial goes on")

    def test_reload_that_is_asked_for_during_a_trial_is_tried_again(self):
        server = self.start("aiopyr-reload-check = 4")
        time.sleep(patient(1.2))
        self.deploy("hanging")
        server.send_signal(signal.SIGHUP)
        wait_until(lambda: os.path.exists(self.path("loaded")), 20)
        self.deploy("two")
        server.send_signal(signal.SIGHUP)
        self.wait_for_refusal()
        self.wait_for_reload("two")

    def test_reload_is_tried_again_where_another_one_is_asked_for_meanwhile(self):
        for name, ask in (("SIGHUP", by_signal(signal.SIGHUP)),
                          ("touch-reload", lambda test: test.touch(test.touched))):
            with self.subTest(name):
                self.deploy("one")
                server = self.start()
                workers = server.worker_pids()
                time.sleep(patient(1.2))
                self.deploy("waiting")
                server.send_signal(signal.SIGHUP)
                wait_until(lambda: os.path.exists(self.path("loaded")), 20)
                self.deploy("throwing")
                ask(self)
                open(self.path("go"), "w").close()
                self.assertIn("no database", self.wait_for_refusal()[1])
                self.assertIn(f"asked to reload ({name}) during the trial", server.log())
                self.check_serves("one")
                self.assertEqual(server.worker_pids(), workers)
                server.stop()
                for file in ("loaded", "go"):
                    os.unlink(self.path(file))

    def test_ini_may_be_given_in_any_way(self):
        ini = self.path("app.ini")
        for options in ([ini], ["--ini", ini, "--"]):
            with self.subTest(options):
                self.deploy("one")
                server = self.start(options=options)
                self.check_a_broken_and_a_good_reload()
                server.stop()

    def check_a_broken_and_a_good_reload(self):
        time.sleep(patient(1.2))
        self.deploy("throwing")
        self.signal(signal.SIGHUP)
        self.assertIn("no database", self.wait_for_refusal()[1])
        self.check_serves("one")
        self.deploy("two")
        self.signal(signal.SIGHUP)
        self.wait_for_reload("two")

    @unittest.skipUnless(os.geteuid() == 0, "needs root, to give it up")
    def test_instance_that_has_given_up_being_root_in_a_jail_is_reloaded(self):
        self.copy_plugin()
        os.chown(self.folder, NOBODY, NOBODY)
        os.chmod(self.folder, 0o755)
        self.start("chroot = /", f"uid = {NOBODY}", f"gid = {NOBODY}", plugins=self.folder)
        self.check_a_broken_and_a_good_reload()

    def copy_plugin(self):
        shutil.copy(os.path.join(BUILD, PLUGIN), self.folder)

    def test_what_a_configuration_says_of_reloads_alone_is_tried(self):
        self.start("if-reload = true", "aiopyr-keep-alive = soon", "endif =")
        time.sleep(patient(1.2))
        self.signal(signal.SIGHUP)
        self.assertIn("expected seconds", self.wait_for_refusal()[1])
        self.check_serves("one")

    def test_trial_without_the_plugin_does_not_become_an_instance(self):
        self.copy_plugin()
        self.start(f"socket = {self.path('socket')}", "http = 127.0.0.1:0", plugins=self.folder)
        time.sleep(patient(1.2))
        sockets = os.stat(self.path("socket"))
        os.rename(self.path(PLUGIN), self.path("elsewhere"))
        self.signal(signal.SIGHUP)
        self.assertIn("the plugin is not loaded", self.wait_for_refusal()[1])
        self.assertEqual(os.stat(self.path("socket")), sockets)
        self.assertTrue(os.path.exists(self.path("app.pid")))
        self.check_serves("one")

    def test_without_a_check_the_reload_is_uwsgis(self):
        server = self.start("aiopyr-reload-check = 0")
        time.sleep(patient(1.2))
        self.deploy("two")
        server.send_signal(signal.SIGHUP)
        self.wait_for_reload("two")
        self.assertNotIn("tried first", server.log())

    def test_lock_of_the_instance_does_not_stand_in_the_way(self):
        open(self.path("lock"), "w").close()
        server = self.start(f"flock = {self.path('lock')}")
        time.sleep(patient(1.2))
        self.deploy("two")
        server.send_signal(signal.SIGHUP)
        self.wait_for_reload("two")

    def test_emperor_keeps_the_vassal_that_serves(self):
        self.configure()
        server = Server(options=["--emperor", self.path("app.ini"), "--emperor-freq", "1"])
        self.addCleanup(lambda: server.is_running() and server.stop())
        self.server = server
        time.sleep(patient(2.5))
        vassal = children_of(server.pid)
        self.deploy("throwing")
        os.utime(self.path("app.ini"), (time.time() + 20,) * 2)
        asked_by, reason = self.wait_for_refusal()
        self.assertEqual(asked_by, "the Emperor")
        self.assertIn("no database", reason)
        self.check_serves("one")
        self.deploy("two")
        os.utime(self.path("app.ini"), (time.time() + 40,) * 2)
        self.wait_for_reload("two")
        self.assertEqual(children_of(server.pid), vassal)
        os.unlink(self.path("app.ini"))
        server.wait_for_log("goodbye to uWSGI", 15)
        self.assertNotIn("lost connection with my emperor", server.log())

    def test_check_is_a_command(self):
        self.start()
        for version, code in (("one", 0), ("throwing", 22)):
            self.deploy(version)
            done, log = run_to_its_end("--ini", self.path("app.ini"), "--aiopyr-check",
                                       env={"AIOPYR_PORT": str(self.server.port)})
            self.assertEqual(done, code, log)
        self.check_serves("one")

    def test_check_is_a_variable_for_the_environment_too(self):
        self.start()
        for version, code in (("one", 0), ("throwing", 22)):
            self.deploy(version)
            done, log = run_to_its_end(self.path("app.ini"), env={"AIOPYR_PORT": str(self.server.port),
                                                                  "UWSGI_AIOPYR_CHECK": "true"})
            self.assertEqual(done, code, log)
        self.check_serves("one")


if __name__ == "__main__":
    unittest.main()

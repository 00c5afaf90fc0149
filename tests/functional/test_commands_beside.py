"""Commands with the configuration of an instance that is running: they do not change anything of it."""

import os
import socket
import tempfile
import unittest

from support.http import fetch
from support.paths import BUILD, example
from support.ports import reserve_port
from support.server import Server, run_to_its_end, wait_until

INI = """[uwsgi]
plugins-dir = {build}
plugins = aiopyr
master = true
processes = 2
aiopyr = 10
aiopyr-app = {app}
{sockets}
pidfile = {folder}/one.pid
pidfile2 = {folder}/two.pid
safe-pidfile = {folder}/three.pid
safe-pidfile2 = {folder}/four.pid
vacuum = true
disable-logging = true
stats = {folder}/stats.sock
master-fifo = {folder}/fifo
metrics-dir = {folder}/metrics
enable-metrics = true
cache2 = name=things,items=10,store={folder}/cache,blocksize=100
queue = 10
queue-store = {folder}/queue
spooler = {folder}/spool
touch-reload = {folder}/touched
touch-logreopen = {folder}/touched-too
hook-asap = appendn:{folder}/hooks asap
hook-pre-jail = appendn:{folder}/hooks pre-jail
hook-in-jail = appendn:{folder}/hooks in-jail
hook-as-user = appendn:{folder}/hooks as-user
hook-pre-app = appendn:{folder}/hooks pre-app
hook-as-user-atexit = appendn:{folder}/hooks atexit
exec-asap = echo exec-asap >> {folder}/hooks
exec-pre-app = echo exec-pre-app >> {folder}/hooks
exec-as-user-atexit = echo exec-atexit >> {folder}/hooks
file-write = {folder}/written=%t
attach-daemon = echo daemon >> {folder}/hooks; exec sleep 600
mule = true
"""

COMMANDS = (["--aiopyr-routes"], ["--aiopyr-views"], ["--aiopyr-views=/"], ["--aiopyr-tweens"],
            ["--aiopyr-check"], ["--aiopyr-request", "/?sleep=0"])


class CommandsBeside(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="aiopyr-beside-")
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        for name in ("spool", "metrics"):
            os.mkdir(self.path(name))
        for name in ("touched", "touched-too"):
            with open(self.path(name), "w"):
                pass

    def path(self, name):
        return os.path.join(self.folder, name)

    def lines(self, name):
        with open(self.path(name)) as file:
            return file.read().splitlines()

    def start(self):
        router = reserve_port()
        sockets = "\n".join(("http-socket = 127.0.0.1:$(AIOPYR_PORT)", f"socket = {self.path('app.sock')}",
                             f"http = 127.0.0.1:{router}", f"shared-socket = {self.path('shared.sock')}",
                             "http-socket = =0"))
        self.ini = self.path("app.ini")
        with open(self.ini, "w") as ini:
            ini.write(INI.format(build=BUILD, app=example("hello"), folder=self.folder, sockets=sockets))
        self.server = Server(options=["--ini", self.ini, "--aiopyr-block-warning", "0"])
        self.addCleanup(self.server.stop)

    def snapshot(self):
        """Returns the identity, the time of modification and the bytes of each file in the folder."""
        found = {}
        for folder, _, files in os.walk(self.folder):
            for name in files:
                path = os.path.join(folder, name)
                status = os.lstat(path)
                found[path] = (status.st_ino, status.st_mode, status.st_uid)
                if os.path.isfile(path) and not path.startswith((self.path("metrics"), self.path("spool"))):
                    with open(path, "rb") as file:
                        found[path] += (status.st_mtime_ns, file.read())
        return found

    def check_commands(self):
        wait_until(lambda: "daemon" in self.lines("hooks"), 10)
        before = self.snapshot()
        for command in COMMANDS:
            with self.subTest(command):
                code, out = run_to_its_end("--ini", self.ini, *command,
                                           env={"AIOPYR_PORT": str(self.server.port)})
                self.assertEqual(code, 0, out)
                self.assertRegex(out, "hello|INGRESS|Welcome|loads app")
                after = self.snapshot()
                changed = [path for path in before.keys() | after.keys() if before.get(path) != after.get(path)]
                self.assertEqual(changed, [])
        self.assertEqual(fetch(self.server, "/?sleep=0").status, 200)
        with socket.socket(socket.AF_UNIX) as client:
            client.connect(self.path("app.sock"))
        with open(self.path("one.pid")) as file:
            self.assertEqual(int(file.read()), self.server.pid)

    def test_pid_files_sockets_stores_hooks_and_programs(self):
        self.start()
        self.check_commands()

    def test_command_does_not_wait_for_what_the_instance_waits_for(self):
        self.start()
        code, out = run_to_its_end("--ini", self.ini, "--wait-for-socket", "127.0.0.1:1",
                                   "--aiopyr-routes", env={"AIOPYR_PORT": str(self.server.port)})
        self.assertEqual(code, 0, out)

    def test_log_files(self):
        for option in ("logto = {folder}/log", "logto2 = {folder}/log",
                       "logger = file:{folder}/log\nreq-logger = file:{folder}/requests",
                       "daemonize = {folder}/log\nlog-truncate = true", "daemonize2 = {folder}/log"):
            with self.subTest(option):
                ini = self.path("log.ini")
                log = self.path("log")
                with open(ini, "w") as file:
                    file.write(f"[uwsgi]\nplugins-dir = {BUILD}\nplugins = aiopyr\nmaster = true\naiopyr = 10\n"
                               f"aiopyr-app = {example('hello')}\n{option.format(folder=self.folder)}\n")
                with open(log, "w") as file:
                    file.write("of the instance\n")
                code, out = run_to_its_end("--ini", ini, "--aiopyr-routes")
                self.assertEqual(code, 0, out)
                self.assertIn("hello  /", out)
                with open(log) as file:
                    self.assertEqual(file.read(), "of the instance\n")
                self.assertFalse(os.path.exists(self.path("requests")))

"""make jobs-demo: it starts all that the job board needs, and leaves nothing behind."""

import os
import signal
import subprocess
import sys
import tempfile
import unittest

from support.endings import children_of
from support.jobs import Visitor
from support.paths import ROOT
from support.patience import patient
from support.ports import reserve_port
from support.postgres_programs import programs_folder
from support.server import Listener
from support.visitor import Forms

DEMO = os.path.join(ROOT, "tools", "jobs_demo.py")
# The same, but for a Ctrl-C that comes just when the named program has begun.
INTERRUPTED_DEMO = """
import os, runpy, signal, subprocess, sys
class Popen(subprocess.Popen):
    def __init__(self, command, **how):
        super().__init__(command, **how)
        if how.get("start_new_session") and sys.argv[2] in command[0]:
            os.kill(os.getpid(), signal.SIGINT)
subprocess.Popen = Popen
runpy.run_path(sys.argv[1], run_name="__main__")
"""


def open_and_read(path):
    with open(path, "rb") as file:
        return file.read()


class Demo(unittest.TestCase):
    def setUp(self):
        if not programs_folder():
            self.skipTest("PostgreSQL is not installed")
        folder = tempfile.TemporaryDirectory(prefix="jobs-demo-", dir="/tmp")
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        os.chmod(self.folder, 0o755)

    def start(self, program=(DEMO,), **environment):
        server = Listener()
        server.port = reserve_port()
        process = subprocess.Popen([sys.executable, "-u", *program],
                                   stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                   text=True, start_new_session=True, cwd=ROOT,
                                   env={**os.environ, "AIOPYR_JOBS": self.folder, "AIOPYR_PORT": str(server.port),
                                        **environment})
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.kill)
        return server, process

    def read_until(self, process, text):
        read = []
        for line in process.stdout:
            read.append(line)
            if text in line:
                return read
        self.fail("".join(read))

    def descendants(self, pid):
        found = children_of(pid)
        return found + [below for child in found for below in self.descendants(child)]

    def end(self, process, number):
        processes = self.descendants(process.pid)
        self.assertGreater(len(processes), 4)
        process.send_signal(number)
        self.assertIn("Ended.", process.stdout.read())
        self.assertEqual(process.wait(patient(30)), 0)
        self.assertEqual([pid for pid in processes if os.path.exists(f"/proc/{pid}")], [])

    def test_it_starts_ends_and_finds_its_data_again(self):
        server, process = self.start()
        self.read_until(process, "Ctrl-C")
        visitor = Visitor(server).login("ada")
        self.assertIn("about 91,800 USD", visitor.get("/?currency=USD").text)
        path = visitor.post_ad(title="To be found again")
        self.end(process, signal.SIGINT)
        self.assertFalse(server.accepts())
        server, process = self.start()
        self.assertIn("nothing to apply\n", self.read_until(process, "Ctrl-C"))
        page = Visitor(server).get("/").text
        self.assertIn("6 jobs", page)
        self.assertIn(path, Forms(page).links)
        self.end(process, signal.SIGTERM)

    def test_it_leaves_nothing_where_it_is_ended_while_it_starts_a_program(self):
        for name in ("postgres", "uwsgi"):
            _, process = self.start(("-c", INTERRUPTED_DEMO, DEMO, name))
            self.assertIn("Ended.", process.stdout.read())
            self.assertEqual(process.wait(patient(30)), 0)
            self.assertEqual([pid for pid in filter(str.isdecimal, os.listdir("/proc")) if self.is_of_folder(pid)], [])

    def is_of_folder(self, pid):
        """Returns whether a process has the folder in its command or its environment."""
        try:
            return any(self.folder.encode() in open_and_read(f"/proc/{pid}/{what}") for what in ("cmdline", "environ"))
        except OSError:
            return False  # it has ended

    def test_what_is_wrong_is_said_and_nothing_is_left(self):
        server, process = self.start(UWSGI="/bin/false")
        output = process.stdout.read()
        self.assertEqual(process.wait(patient(30)), 1)
        self.assertIn("uwsgi does not start", output)
        self.assertFalse(os.path.exists(os.path.join(self.folder, "data", "postmaster.pid")))
        server, process = self.start(AIOPYR_JOBS="/tmp/" + "x" * 100)
        self.assertIn("too long a path", process.stdout.read())
        server, process = self.start(UWSGI="/bin/there-is-none")
        self.assertIn("/bin/there-is-none is missing", process.stdout.read())
        for port in ("http", "0", "65536"):
            server, process = self.start(AIOPYR_PORT=port)
            self.assertIn(f"from 1 to 65535, not {port}\n", process.stdout.read())

    def test_it_takes_no_server_of_another_start_for_its_own(self):
        server, first = self.start()
        self.read_until(first, "Ctrl-C")
        # The same folder, as somebody in its parent would write it.
        folder = os.path.relpath(self.folder, ROOT)
        _, second = self.start(AIOPYR_JOBS=folder)
        self.assertRegex(second.stdout.read(), r"(?s)^postgres does not start:.*postmaster\.pid")
        self.assertEqual(second.wait(patient(30)), 1)
        self.assertEqual(Visitor(server).get("/").status, 200)
        self.end(first, signal.SIGINT)

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


class Demo(unittest.TestCase):
    def setUp(self):
        if not programs_folder():
            self.skipTest("PostgreSQL is not installed")
        folder = tempfile.TemporaryDirectory(prefix="jobs-demo-", dir="/tmp")
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        os.chmod(self.folder, 0o755)

    def start(self, **environment):
        server = Listener()
        server.port = reserve_port()
        process = subprocess.Popen([sys.executable, "-u", os.path.join(ROOT, "tools", "jobs_demo.py")],
                                   stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                   text=True, start_new_session=True,
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

    def test_what_is_wrong_is_said_and_nothing_is_left(self):
        server, process = self.start(UWSGI="/bin/false")
        output = process.stdout.read()
        self.assertEqual(process.wait(patient(30)), 1)
        self.assertIn("uwsgi does not start", output)
        self.assertFalse(os.path.exists(os.path.join(self.folder, "data", "postmaster.pid")))
        server, process = self.start(AIOPYR_JOBS="/tmp/" + "x" * 100)
        self.assertIn("too long a path", process.stdout.read())

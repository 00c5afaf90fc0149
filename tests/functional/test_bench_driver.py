"""`make bench` itself: that it measures every row and says so, not what the figures are."""

import json
import os
import subprocess
import sys
import tempfile
import unittest

from support.paths import ROOT

RUN = os.path.join(ROOT, "bench", "run.py")


def run(*options):
    return subprocess.run(
        [sys.executable, RUN, "--quick", *options], capture_output=True, text=True, timeout=240)


class Driver(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="aiopyr-bench-")
        cls.addClassCleanup(folder.cleanup)
        cls.done = run("--output", folder.name)
        cls.folder = folder.name

    def results(self):
        with open(os.path.join(self.folder, "results.json")) as file:
            return json.load(file)

    def row(self, name):
        return next(row for row in self.results()["rows"] if row["name"] == name)

    def test_succeeds(self):
        self.assertEqual(self.done.returncode, 0, self.done.stderr)

    def test_prints_a_line_for_each_row(self):
        lines = self.done.stdout.splitlines()
        self.assertEqual(lines[0].split(),
                         ["work", "ours", "reference", "ratio", "must", "stretch", "verdict"])
        for row in self.results()["rows"]:
            self.assertTrue(any(line.startswith(row["name"]) for line in lines), row["name"])

    def test_an_echo_has_figures_of_both_servers(self):
        row = self.row("websocket echo, 20 B")
        self.assertGreater(row["ours"], 0)
        self.assertGreater(row["reference"], 0)
        self.assertEqual(row["reference_name"], "floor")
        self.assertIn(row["verdict"], ("missed", "reached", "stretch"))
        ours = row["details"]["ours"]
        self.assertGreater(ours["operations"], 0)
        self.assertLessEqual(ours["latency_us"]["p50"], ours["latency_us"]["p99.9"])


class Filter(unittest.TestCase):
    def test_chooses_rows_by_name(self):
        with tempfile.TemporaryDirectory(prefix="aiopyr-bench-") as folder:
            done = run("--filter", "16 KiB", "--output", folder)
            with open(os.path.join(folder, "results.json")) as file:
                rows = json.load(file)["rows"]
        self.assertEqual([row["name"] for row in rows], ["websocket echo, 16 KiB"], done.stderr)

    def test_that_chooses_nothing_is_an_error(self):
        done = run("--filter", "no such row")
        self.assertEqual(done.returncode, 1)
        self.assertIn("no row's name holds", done.stderr)

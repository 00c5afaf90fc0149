"""`make bench` itself: checks that it measures and reports every row, not the figures."""

import json
import os
import subprocess
import sys
import tempfile
import unittest
from xml.etree import ElementTree

from support.paths import ROOT
from support.patience import patient

BENCH = os.path.join(ROOT, "bench")
sys.path.insert(0, BENCH)

from driver.chart import chart  # noqa: E402
from driver.processes import Failed  # noqa: E402
from driver.report import summary, table  # noqa: E402
from driver.results import Goal, Row, compare, judge  # noqa: E402
from driver.rows.clients import headers_of, require_alike  # noqa: E402

RUN = os.path.join(BENCH, "run.py")


def run(*options):
    return subprocess.run(
        [sys.executable, RUN, "--quick", *options], capture_output=True, text=True, timeout=patient(240))


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

    def test_draws_a_chart(self):
        with open(os.path.join(self.folder, "chart.svg")) as file:
            texts = texts_of(file.read())
        self.assertIn("websocket echo, 20 B", texts)

    def test_an_echo_has_figures_of_both_servers(self):
        row = self.row("websocket echo, 20 B")
        self.assertGreater(row["ours"], 0)
        self.assertGreater(row["reference"], 0)
        self.assertEqual(row["reference_name"], "floor")
        self.assertIn(row["verdict"], ("missed", "reached", "stretch"))
        ours = row["details"]["ours"]
        self.assertGreater(ours["operations"], 0)
        self.assertLessEqual(ours["latency_us"]["p50"], ours["latency_us"]["p99.9"])


def texts_of(svg):
    return [element.text for element in ElementTree.fromstring(svg)
            if element.tag.endswith("text")]


class Results(unittest.TestCase):
    def test_a_ratio_is_that_of_the_round_in_the_middle(self):
        row = compare(Row("a"), [2, 30, 3], [1, 10, 2])
        self.assertEqual((row.ours, row.reference, row.ratio), (3, 2, 2))

    def test_an_inverse_ratio_says_how_many_times_the_reference_costs(self):
        self.assertEqual(compare(Row("a"), [2], [8], inverse=True).ratio, 4)

    def test_verdicts(self):
        goal = Goal(must=1.1, stretch=1.0)
        self.assertEqual([goal.verdict(ratio) for ratio in (1.0, 1.1, 1.11)],
                         ["stretch", "reached", "missed"])
        goal = Goal(must=7, stretch=9, at_least=True)
        self.assertEqual([goal.verdict(ratio) for ratio in (9, 7, 6.9)],
                         ["stretch", "reached", "missed"])
        self.assertEqual(Goal(must=1.1).verdict(0.1), "reached")

    def test_a_goal_may_be_one_of_our_own_figure(self):
        self.assertEqual(judge(Row("a", ours=50, goal=Goal(40, 20, of_ratio=False))).verdict, "missed")


class Reports(unittest.TestCase):
    rows = [
        compare(Row("echo <20 B>", goal=Goal(1.1, 1.03), reference_name="floor"), [3], [2]),
        judge(Row("memory", unit="B", ours=-5, goal=Goal(1280, 768, of_ratio=False))),
        compare(Row("json"), [3], [2]),
        Row("none", goal=Goal(1, 1), verdict="error: not kept alive"),
    ]

    def test_a_table_has_a_line_a_row_in_columns(self):
        lines = table(self.rows).splitlines()
        self.assertEqual(len(lines), 1 + len(self.rows))
        self.assertRegex(lines[1], r"^echo <20 B> +3.00 µs +floor 2.00 µs +1.50 x +1.10 x +1.03 x +missed$")
        self.assertRegex(lines[2], r"^memory +-5 B +1,280 B +768 B +stretch$")
        self.assertRegex(lines[4], r"^none +.*error: not kept alive$")

    def test_a_summary_counts(self):
        self.assertEqual(summary(self.rows), "1 goals reached, 1 of them the further one; 1 missed; "
                                             "1 rows not measured")

    def test_a_chart_shows_what_was_measured(self):
        texts = texts_of(chart(self.rows, "a machine"))
        for text in ("a machine", "echo <20 B>", "1.50 x", "memory", "json"):
            self.assertIn(text, texts)
        self.assertNotIn("none", texts)

    def test_a_chart_of_nothing_is_one_too(self):
        self.assertIn("a machine", texts_of(chart([], "a machine")))


class ClientsFloor(unittest.TestCase):
    ours = (b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nX-Own: a: b\r\nContent-Length: 9\r\n\r\n"
            b'{"id": 7}')

    def test_writes_the_same_headers_but_those_of_its_own(self):
        self.assertEqual(headers_of(self.ours), ["Content-Type: application/json", "X-Own: a: b"])

    def test_has_to_answer_alike_but_for_numbers(self):
        require_alike(self.ours, b'HTTP/1.1 200 OK\r\n\r\n{"id": 10000}')
        with self.assertRaisesRegex(Failed, "differs from the floor's"):
            require_alike(self.ours, b'HTTP/1.1 200 OK\r\n\r\n{"id":7}')


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

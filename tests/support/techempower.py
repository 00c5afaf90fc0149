"""What TechEmpower's tests of a database demand, for whichever server answers them."""

import os
import re
import sys
import unittest
from concurrent.futures import ThreadPoolExecutor
from html import unescape

from support.paths import ROOT

sys.path.insert(0, os.path.join(ROOT, "bench"))

from driver import backends  # noqa: E402
from driver.results import Skipped  # noqa: E402

QUERIES = (("", 1), ("?queries=", 1), ("?queries=x", 1), ("?queries=-3", 1), ("?queries=0", 1),
           ("?queries=1", 1), ("?queries=20", 20), ("?queries=501", 500))


def start_or_skip(test_class, start):
    """Returns the server that `start` of driver.backends makes, for all tests of a class; skips them where it
    is not installed."""
    try:
        backend = start()
    except Skipped as reason:
        raise unittest.SkipTest(str(reason)) from None
    test_class.addClassCleanup(backend.stop)
    return backend


class DatabaseTests:
    """Tests of /db, /queries, /fortunes and /updates, for a TestCase with `backend`, a backends.Postgres, and
    `ask(path)`, which returns an Answer."""

    def test_db_is_one_row(self):
        answer = self.ask("/db")
        self.assertEqual((answer.status, answer.headers["content-type"]), (200, "application/json"))
        self.assertRegex(answer.text, r'^\{"id": \d+, "randomNumber": \d+\}$')
        self.check_worlds([answer.json()])

    def test_queries_is_a_list_of_as_many_rows_as_asked_for(self):
        for asked, count in QUERIES:
            with self.subTest(asked=asked):
                worlds = self.ask("/queries" + asked).json()
                self.assertEqual(len(worlds), count)
                self.check_worlds(worlds)

    def test_fortunes_are_a_page_of_sorted_and_escaped_rows(self):
        answer = self.ask("/fortunes")
        page = answer.text
        self.assertEqual(answer.headers["content-type"].lower(), "text/html; charset=utf-8")
        self.assertTrue(page.startswith("<!DOCTYPE html><html><head><title>Fortunes</title></head>"))
        self.assertIn("<table><tr><th>id</th><th>message</th></tr><tr><td>", page)
        self.assertNotIn("<script>", page)
        rows = re.findall(r"<tr><td>(\d+)</td><td>(.*?)</td></tr>", page)
        messages = [unescape(message) for _, message in rows]
        self.assertEqual(len(messages), 13)
        self.assertEqual(messages, sorted(messages))
        self.assertIn(("0", "Additional fortune added at request time."), rows)
        self.assertIn("フレームワークのベンチマーク", messages)

    def test_updates_are_written(self):
        for asked, count in QUERIES:
            with self.subTest(asked=asked):
                worlds = self.ask("/updates" + asked).json()
                self.assertEqual(len(worlds), count)
                self.check_worlds(worlds)

    def test_updates_of_many_wait_for_each_other_and_end(self):
        with ThreadPoolExecutor(16) as pool:
            sizes = list(pool.map(lambda _: len(self.ask("/updates?queries=100").json()), range(64)))
        self.assertEqual(sizes, [100] * 64)

    def check_worlds(self, worlds):
        """Checks that the table holds these rows, the last of those with the same id."""
        for world in worlds:
            self.assertEqual(set(world), {"id", "randomNumber"})
        found = self.backend.numbers()
        expected = {world["id"]: world["randomNumber"] for world in worlds}
        self.assertEqual({number: found[number] for number in expected}, expected)

"""The floor that the clients are measured against: its answers are right, whoever asks at the same time."""

import json
import os
import re
import socket
import sys
import unittest
from concurrent.futures import ThreadPoolExecutor
from html import unescape

from support.http import fetch, fetch_all
from support.paths import ROOT
from support.patience import patient

sys.path.insert(0, os.path.join(ROOT, "bench"))

from driver import backends  # noqa: E402
from driver.results import Skipped  # noqa: E402


class FloorTest(unittest.TestCase):
    """Base of tests with a backend for the class, and a floor for each test."""

    start = None

    @classmethod
    def setUpClass(cls):
        if cls.start is None:
            raise unittest.SkipTest("a base class")
        try:
            cls.backend = cls.start()
        except Skipped as reason:
            raise unittest.SkipTest(str(reason)) from None
        cls.addClassCleanup(cls.backend.stop)

    def floor(self, test, address, **options):
        floor = backends.client_floor(test, address, **options)
        self.addCleanup(floor.stop)
        return floor


def ask(connection, path):
    """Returns the body of the answer on a kept connection."""
    connection.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
    return read_body(connection.makefile("rb"))


def read_body(stream):
    length = 0
    for line in iter(stream.readline, b"\r\n"):
        if line.lower().startswith(b"content-length:"):
            length = int(line.partition(b":")[2])
    return stream.read(length)


class OfPostgres(FloorTest):
    start = backends.Postgres

    def test_db_is_one_row(self):
        floor = self.floor("db", self.backend.url, headers=["Content-Type: application/json"])
        answer = fetch(floor, "/db")
        self.assertEqual((answer.status, answer.headers["content-type"]), (200, "application/json"))
        self.check_worlds([answer.json()])
        self.assertRegex(answer.text, r'^\{"id": \d+, "randomNumber": \d+\}$')

    def test_queries_is_a_list_of_as_many_rows_as_asked_for(self):
        floor = self.floor("queries", self.backend.url)
        for asked, count in (("", 1), ("?queries=", 1), ("?queries=x", 1), ("?queries=0", 1),
                             ("?queries=1", 1), ("?queries=20", 20), ("?queries=501", 500)):
            with self.subTest(asked=asked):
                worlds = fetch(floor, "/queries" + asked).json()
                self.assertEqual(len(worlds), count)
                self.check_worlds(worlds)

    def test_answers_are_their_askers_when_many_ask(self):
        floor = self.floor("queries", self.backend.url, connections=2)
        counts = [count for count in range(1, 60)]
        answers = fetch_all(floor, [f"/queries?queries={count}" for count in counts])
        self.assertEqual([len(answer.json()) for answer in answers], counts)

    def test_a_kept_connection_serves_one_request_behind_the_other(self):
        floor = self.floor("queries", self.backend.url)
        with socket.create_connection(floor.address, patient(10)) as connection:
            for count in (3, 1, 20):
                self.assertEqual(len(json.loads(ask(connection, f"/?queries={count}"))), count)
            request = "GET /?queries={} HTTP/1.1\r\n\r\n"
            connection.sendall("".join(map(request.format, (2, 5, 4))).encode())
            stream = connection.makefile("rb")
            self.assertEqual([len(json.loads(read_body(stream))) for _ in range(3)], [2, 5, 4])

    def test_a_client_that_has_gone_disturbs_nobody(self):
        floor = self.floor("queries", self.backend.url, connections=1)
        for _ in range(50):
            with socket.create_connection(floor.address, patient(10)) as connection:
                connection.sendall(b"GET /?queries=500 HTTP/1.1\r\n\r\n")
        self.assertEqual(len(fetch(floor, "/?queries=7").json()), 7)

    def test_fortunes_are_a_page_of_sorted_and_escaped_rows(self):
        page = fetch(self.floor("fortunes", self.backend.url), "/fortunes").text
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
        floor = self.floor("updates", self.backend.url)
        for count in (1, 20, 500):
            with self.subTest(count=count):
                worlds = fetch(floor, f"/updates?queries={count}").json()
                self.assertEqual(len(worlds), count)
                self.check_worlds(worlds)

    def test_updates_of_many_wait_for_each_other_and_end(self):
        floor = self.floor("updates", self.backend.url)
        with ThreadPoolExecutor(16) as pool:
            sizes = list(pool.map(
                lambda _: len(fetch(floor, "/updates?queries=500").json()), range(64)))
        self.assertEqual(sizes, [500] * 64)

    def check_worlds(self, worlds):
        """Checks that the table holds these rows, the last of those with the same id."""
        for world in worlds:
            self.assertEqual(set(world), {"id", "randomNumber"})
        found = self.backend.numbers()
        expected = {world["id"]: world["randomNumber"] for world in worlds}
        self.assertEqual({number: found[number] for number in expected}, expected)


class OfRedis(FloorTest):
    start = backends.Redis

    def test_answers_with_the_value_of_the_key(self):
        floor = self.floor("redis", self.backend.socket)
        for answer in fetch_all(floor, ["/redis"] * 30):
            self.assertEqual((answer.status, answer.text), (200, backends.VALUE))


class OfHttp(FloorTest):
    start = staticmethod(backends.fetched)

    def test_answers_with_what_the_other_server_answers(self):
        floor = self.floor("fetch", self.backend.url("/"))
        for answer in fetch_all(floor, ["/fetch"] * 30):
            self.assertEqual((answer.status, answer.body), (200, b"x" * backends.FETCHED_BYTES))

"""The floor that the clients are measured against: its answers are right, whoever asks at the same time."""

import json
import socket
import unittest

from support.http import fetch, fetch_all
from support.patience import patient
from support.techempower import DatabaseTests, backends, start_or_skip


class FloorTest(unittest.TestCase):
    """Base of tests with a backend for the class, and a floor for each test."""

    start = None

    @classmethod
    def setUpClass(cls):
        if cls.start is None:
            raise unittest.SkipTest("a base class")
        cls.backend = start_or_skip(cls, cls.start)

    def floor(self, test, address, **options):
        floor = backends.client_floor(test, address, **options)
        self.addCleanup(floor.stop)
        return floor


def ask_on(connection, path):
    """Returns the body of the answer on a kept connection."""
    connection.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
    return read_body(connection.makefile("rb"))


def read_body(stream):
    length = 0
    for line in iter(stream.readline, b"\r\n"):
        if line.lower().startswith(b"content-length:"):
            length = int(line.partition(b":")[2])
    return stream.read(length)


class OfPostgres(FloorTest, DatabaseTests):
    start = backends.Postgres

    HEADERS = {"/db": "application/json", "/fortunes": "text/html; charset=utf-8"}

    def ask(self, path):
        page = path.partition("?")[0]
        if page not in self.floors:
            headers = ["Content-Type: " + self.HEADERS.get(page, "application/json")]
            self.floors[page] = self.floor(page[1:], self.backend.url, headers=headers)
        return fetch(self.floors[page], path)

    def setUp(self):
        self.floors = {}

    def test_answers_are_their_askers_when_many_ask(self):
        floor = self.floor("queries", self.backend.url, connections=2)
        counts = list(range(1, 60))
        answers = fetch_all(floor, [f"/queries?queries={count}" for count in counts])
        self.assertEqual([len(answer.json()) for answer in answers], counts)

    def test_a_kept_connection_serves_one_request_behind_the_other(self):
        floor = self.floor("queries", self.backend.url)
        with socket.create_connection(floor.address, patient(10)) as connection:
            for count in (3, 1, 20):
                self.assertEqual(len(json.loads(ask_on(connection, f"/?queries={count}"))), count)
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

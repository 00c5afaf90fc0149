"""The app of the benchmarks: checks that it does what is measured."""

import asyncio
import time
import unittest

from support import websocket_client
from support.http import fetch, fetch_all
from support.paths import example
from support.patience import patient
from support.server import ServerTest, plugin_options, run_to_its_end
from support.techempower import DatabaseTests, backends, start_or_skip


class BenchTest(ServerTest):
    ini = "bench.ini"

    def ws_url(self, path):
        return self.server.url(path, "ws")


class Pages(BenchTest):
    def test_plaintext_comes_from_a_coroutine_and_from_the_fiber(self):
        for path in ("/plaintext", "/fiber"):
            with self.subTest(path=path):
                answer = fetch(self.server, path)
                self.assertEqual((answer.status, answer.body), (200, b"Hello, World!"))
                self.assertEqual(answer.headers["content-type"], "text/plain; charset=UTF-8")

    def test_json(self):
        answer = fetch(self.server, "/json")
        self.assertEqual(answer.json(), {"message": "Hello, World!"})
        self.assertEqual(answer.headers["x-content-type-options"], "nosniff")

    def test_sleep_takes_its_time(self):
        begin = time.monotonic()
        self.assertEqual(fetch(self.server, "/sleep?ms=300").status, 200)
        self.assertGreaterEqual(time.monotonic() - begin, 0.3)

    def test_static_files_have_the_sizes_of_their_names(self):
        self.assertEqual(len(fetch(self.server, "/static/1k.txt").body), 1 << 10)
        self.assertEqual(len(fetch(self.server, "/static/1m.txt").body), 1 << 20)


class Pipeline(BenchTest):
    def cookie(self, user):
        return fetch(self.server, f"/login?user={user}").headers["set-cookie"].partition(";")[0]

    def test_users_in_the_group_are_let_in(self):
        answer = fetch(self.server, "/pipeline", headers={"Cookie": self.cookie("george")})
        self.assertEqual(answer.status, 200, answer.text)
        self.assertEqual(answer.json()["items"], [1, 2, 3])

    def test_others_are_not(self):
        self.assertEqual(fetch(self.server, "/pipeline").status, 403)
        answer = fetch(self.server, "/pipeline", headers={"Cookie": self.cookie("ringo")})
        self.assertEqual(answer.status, 403)

    def test_its_route_is_the_last_of_a_hundred(self):
        self.assertEqual(self.routes(100)[-1], "pipeline")

    def test_there_are_as_many_routes_as_the_setting_says(self):
        for count in (10, 1000):
            with self.subTest(count=count):
                self.assertEqual(len(self.routes(count)), count)

    def routes(self, count):
        code, log = run_to_its_end(*plugin_options(
            "--http-socket", "127.0.0.1:0", "--aiopyr", "2", "--aiopyr-app", example("bench"),
            "--aiopyr-set", f"bench.routes={count}", "--aiopyr-routes"))
        self.assertEqual(code, 0, log)
        table = log[log.index("Name ") :].splitlines()[2:]
        return [line.split()[0] for line in table if " /" in line or " *" in line]


class Websockets(BenchTest):
    def test_echo(self):
        async def talk():
            async with websocket_client.connect(self.ws_url("/echo")) as ws:
                await ws.send("hello")
                return await asyncio.wait_for(ws.recv(), patient(10))

        self.assertEqual(asyncio.run(talk()), "hello")

    def test_what_is_sent_to_the_topic_goes_to_all(self):
        async def talk():
            url = self.ws_url("/topic")
            async with websocket_client.connect(url) as first, websocket_client.connect(url) as second:
                await second.send("news")
                return await asyncio.wait_for(asyncio.gather(first.recv(), second.recv()), patient(10))

        self.assertEqual(asyncio.run(talk()), ["news", "news"])


class Clients(BenchTest):
    """Base of tests with a server that the app asks."""

    setting = None
    start = None

    @classmethod
    def setUpClass(cls):
        if cls.setting is None:
            raise unittest.SkipTest("a base class")
        cls.backend = start_or_skip(cls, cls.start)
        cls.options = ["--aiopyr-set", f"{cls.setting}={cls.url_of(cls.backend)}"]
        super().setUpClass()

    @staticmethod
    def url_of(backend):
        return backend.url

    def ask(self, path):
        return fetch(self.server, path)


class Databases(Clients, DatabaseTests):
    setting = "postgres.url"
    start = backends.Postgres

    def test_the_fortunes_are_the_floors(self):
        floor = backends.client_floor("fortunes", self.backend.url)
        self.addCleanup(floor.stop)
        self.assertEqual(self.ask("/fortunes").text, fetch(floor, "/fortunes").text)

    def test_many_that_wait_for_connections_get_their_turns(self):
        answers = fetch_all(self.server, ["/slow-db?ms=50"] * 40 + ["/db"] * 40)
        self.assertEqual({answer.status for answer in answers}, {200})


class Redis(Clients):
    setting = "redis.url"
    start = backends.Redis

    def test_answers_with_the_value_of_the_key(self):
        self.assertEqual(self.ask("/redis").text, backends.VALUE)


class Fetch(Clients):
    setting = "http.url"
    start = staticmethod(backends.fetched)

    @staticmethod
    def url_of(backend):
        return backend.url("/")

    def test_answers_with_what_the_other_server_answers(self):
        self.assertEqual(self.ask("/fetch").body, b"x" * backends.FETCHED_BYTES)


class WithoutSettings(BenchTest):
    def test_there_are_no_pages_that_ask_others(self):
        for path in ("/db", "/queries", "/fortunes", "/updates", "/slow-db", "/redis", "/fetch"):
            self.assertEqual(fetch(self.server, path).status, 404, path)

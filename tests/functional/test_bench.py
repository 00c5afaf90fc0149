"""The app of the benchmarks: checks that it does what is measured."""

import asyncio
import time

from support import websocket_client
from support.http import fetch
from support.paths import example
from support.patience import patient
from support.server import ServerTest, plugin_options, run_to_its_end


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

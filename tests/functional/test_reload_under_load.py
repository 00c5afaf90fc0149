"""Reloads while everybody is busy: no request is lost, and each websocket gets its close frame.

Requests are kept alive by nginx: uWSGI's own http-socket closes after each answer, and uWSGI's router
is killed with all of its connections when the master reloads.
"""

import asyncio
import os
import signal
import time
import unittest

from support.fronts import Nginx
from support.load import Load
from support.paths import example
from support.patience import patient
from support.server import Server, plugin_options

SLOW = bool(os.environ.get("AIOPYR_SLOW_TESTS"))
RELOADS = 10 if SLOW else 2
REQUESTS = 64 if SLOW else 16
WEBSOCKETS = 1000 if SLOW else 100

OPTIONS = plugin_options(
    "--master", "--processes", "2", "--listen", "1000", "--aiopyr", "200", "--aiopyr-app",
    example("features"), "--http-socket", "127.0.0.1:{port}", "--disable-logging")


async def until(condition, what):
    deadline = time.monotonic() + patient(30)
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError(what + " in vain")
        await asyncio.sleep(0.05)


class Reloads(unittest.TestCase):
    def setUp(self):
        self.server = Server(options=OPTIONS)
        self.addCleanup(lambda: self.server.is_running() and self.server.kill())

    def test_reloads_lose_no_request_and_close_each_websocket(self):
        with Nginx("nginx-proxy.conf", self.server.port) as nginx:
            load = asyncio.run(self.reload(nginx))
        self.assert_nothing_is_lost(load)
        self.assertEqual([code for _, code in load.closes],
                         [1012] * WEBSOCKETS * RELOADS + [1001] * WEBSOCKETS)
        self.assertGreater(load.answers, RELOADS * REQUESTS * 10)
        self.assertNotIn("cut off", self.server.log())
        self.assertNotIn("DAMN", self.server.log())

    async def reload(self, nginx):
        load = Load()
        self.reloads = []
        try:
            await self.reload_under(load, nginx)
        finally:
            # wait_for() may swallow the cancellation by which asyncio.run() ends them else.
            load.stop_soon()
        return load

    async def reload_under(self, load, nginx):
        load.start(load.websocket(self.server.address), WEBSOCKETS)
        load.start(load.one_shot(self.server.address), REQUESTS)
        load.start(load.keep_alive(nginx.address), REQUESTS)
        for turn in range(RELOADS):
            await self.until_all_are_open(load, turn)
            begun = time.monotonic()
            self.reloads.append(f"{load.age():.2f}")
            self.server.send_signal(signal.SIGHUP)
            await until(lambda: len(load.closes) >= WEBSOCKETS * (turn + 1), "waited for the closes")
            # Two workers, a thousand a second each; less would be a stampede.
            self.assertGreater(time.monotonic() - begun, WEBSOCKETS / 4000)
        await self.until_all_are_open(load, RELOADS)
        await self.stop(load)

    def assert_nothing_is_lost(self, load):
        log = [line for line in self.server.log().splitlines() if not line.startswith("[aiopyr]   ")]
        self.assertEqual(load.losses, [], f"\nreloads after {', '.join(self.reloads)} s\n" + "\n".join(log[-60:]))

    async def until_all_are_open(self, load, turn):
        # One worker may serve them all while the master, which takes no signals yet, makes the other.
        await until(lambda: self.server.log().count("spawned uWSGI worker 2") > turn, "waited for the workers")
        await until(lambda: load.losses or load.open_websockets == WEBSOCKETS, "waited for the websockets")
        self.assert_nothing_is_lost(load)
        # So that requests are answered between the reloads too.
        await asyncio.sleep(0.3)

    async def stop(self, load):
        """First the requests, which the server's end would refuse; then all the rest."""
        load.stop_soon()
        await asyncio.sleep(0.5)
        self.server.send_signal(signal.SIGINT)
        await asyncio.wait_for(load.ended(), patient(60))


if __name__ == "__main__":
    unittest.main()

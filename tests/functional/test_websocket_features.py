"""The websockets of examples/features: types under all flags, views that throw, what is kept."""

import asyncio
import unittest

import websockets
from support import websocket_client
from support.http import fetch
from support.patience import patient
from support.server import ServerTest, wait_until


class FeaturesTest(ServerTest, unittest.IsolatedAsyncioTestCase):
    ini = "features.ini"

    def connect(self, path, **options):
        return websocket_client.connect(self.server.url(path, "ws"), **options)

    async def ask(self, path, *messages):
        async with self.connect(path) as ws:
            answers = []
            for message in messages:
                await ws.send(message)
                answers.append(await asyncio.wait_for(ws.recv(), patient(5)))
            return answers


class WebsocketFeatures(FeaturesTest):
    async def test_recommended_mapper_keeps_the_types(self):
        self.assertEqual(await self.ask("/type", "\u00fcb", b"abc", "", b""),
                         ["str:3", "bytes:3", "str:0", "bytes:0"])

    async def test_use_bytes_makes_bytes_of_text(self):
        self.assertEqual(await self.ask("/type-bytes", "\u00fcb", b"abc", ""),
                         ["bytes:3", "bytes:3", "bytes:0"])

    async def test_native_mapper_makes_str_of_text(self):
        self.assertEqual(await self.ask("/uwsgi-type", "\u00fcb", "", b"\xff\xfe"),
                         ["str:3", "str:0", "bytes:2"])

    async def test_use_str_switched_off_leaves_bytes(self):
        self.assertEqual(await self.ask("/uwsgi-type-raw", "\u00fcb", b"abc", ""),
                         ["bytes:3", "bytes:3", "bytes:0"])

    async def test_many_views_that_throw_harm_nobody(self):
        async def throw_once(path):
            ws = await self.connect(path)
            await ws.send("x")
            await ws.wait_closed()
            return ws.close_code

        paths = ("/throws", "/uwsgi-throws") * 20
        codes = await asyncio.gather(*(throw_once(path) for path in paths))
        self.assertEqual(codes, [1011] * 40)
        self.assertEqual(fetch(self.server, "/title").status, 200)

    async def test_class_view_knows_the_request_that_opened_it(self):
        async with self.connect("/welcome/J%C3%BCrgen") as ws:
            self.assertEqual(await asyncio.wait_for(ws.recv(), patient(5)), "welcome J\u00fcrgen")
            await ws.send("x")
            self.assertEqual(await asyncio.wait_for(ws.recv(), patient(5)), "x")


class FailingView(FeaturesTest):
    """On a server of its own, whose log leaves out no error because there were many of them."""

    async def test_view_that_throws_closes_with_1011_and_is_logged_once(self):
        for path in ("/throws", "/uwsgi-throws"):
            with self.subTest(path=path):
                begin = len(self.new_log())
                ws = await self.connect(path)
                await ws.send("first")
                with self.assertRaises(websockets.ConnectionClosed):
                    await asyncio.wait_for(ws.recv(), patient(5))
                self.assertEqual(ws.close_code, 1011)
                wait_until(lambda: "this view always throws" in self.new_log()[begin:], 5, "no line in the log")
                await asyncio.sleep(0.2)
                log = self.new_log()[begin:]
                self.assertEqual(log.count("this view always throws"), 1, log)
                self.assertNotIn("always throws", ws.close_reason)
                self.assertEqual(await self.ask("/type", "abc"), ["str:3"])
                self.assertEqual(fetch(self.server, "/title").status, 200)

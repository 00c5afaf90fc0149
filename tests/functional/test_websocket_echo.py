"""The tutorial's echoes with Python's websockets: both mappers, as functions and as classes."""

import asyncio
import unittest

from support import websocket_client
from support.patience import patient
from support.raw_websocket import (
    BINARY, CLOSE, PING, PONG, TEXT, RawWebsocket, close_payload, frame)
from support.server import ServerTest

RECOMMENDED = ("/echo", "/echo-class")
NATIVE = ("/echo-uwsgi", "/echo-uwsgi-class")
ENDPOINTS = RECOMMENDED + NATIVE


class EchoTest(ServerTest, unittest.IsolatedAsyncioTestCase):
    ini = "tutorial.ini"

    def connect(self, path, **options):
        options = {"max_size": None, "compression": None, **options}
        return websocket_client.connect(self.server.url(path, "ws"), **options)

    async def exchange(self, ws, message):
        await ws.send(message)
        return await asyncio.wait_for(ws.recv(), patient(10))


class Messages(EchoTest):
    async def test_twenty_numbers_come_back_in_order(self):
        for path in ENDPOINTS:
            with self.subTest(path=path):
                async with self.connect(path) as ws:
                    for number in range(20):
                        self.assertEqual(int(await self.exchange(ws, str(number))), number)

    async def test_message_keeps_its_type(self):
        for path in ENDPOINTS:
            with self.subTest(path=path):
                async with self.connect(path) as ws:
                    for message in ("text", b"bytes", "\u00fc\U0001f600", bytes(range(256))):
                        self.assertEqual(await self.exchange(ws, message), message)

    async def test_empty_messages_are_messages(self):
        for path in ENDPOINTS:
            with self.subTest(path=path):
                async with self.connect(path) as ws:
                    for message in ("", b"", "after"):
                        self.assertEqual(await self.exchange(ws, message), message)

    async def test_message_of_every_length_encoding_arrives_whole(self):
        for path in ENDPOINTS:
            with self.subTest(path=path):
                async with self.connect(path) as ws:
                    for length in (1, 125, 126, 127, 65535, 65536, 200_000, (1 << 20) - 1):
                        message = bytes([length % 251]) * length
                        self.assertEqual(await self.exchange(ws, message), message)

    async def test_message_in_fragments_is_put_together(self):
        for path in ENDPOINTS:
            with self.subTest(path=path):
                async with self.connect(path) as ws:
                    self.assertEqual(await self.exchange(ws, ["a", "", "b\u00fc", "c"]), "ab\u00fcc")
                    self.assertEqual(await self.exchange(ws, [b"\0", b"\1\2"]), b"\0\1\2")

    async def test_many_messages_on_their_way_keep_their_order(self):
        for path in ENDPOINTS:
            with self.subTest(path=path):
                async with self.connect(path) as ws:
                    sent = [str(number) * 20 for number in range(300)]

                    async def send_all():
                        for message in sent:
                            await ws.send(message)

                    sender = asyncio.ensure_future(send_all())
                    got = [await asyncio.wait_for(ws.recv(), patient(10)) for _ in sent]
                    await sender
                    self.assertEqual(got, sent)

    async def test_extension_that_is_offered_is_not_needed(self):
        async with self.connect("/echo", compression="deflate") as ws:
            self.assertEqual(await self.exchange(ws, "x" * 1000), "x" * 1000)


class PingsAndCloses(EchoTest):
    async def test_ping_is_answered(self):
        for path in ENDPOINTS:
            with self.subTest(path=path):
                async with self.connect(path) as ws:
                    pong = await ws.ping(b"payload")
                    await asyncio.wait_for(pong, patient(5))
                    self.assertEqual(await self.exchange(ws, "after"), "after")

    async def test_close_in_order_is_answered_in_order(self):
        for path in ENDPOINTS:
            with self.subTest(path=path):
                ws = await self.connect(path)
                await self.exchange(ws, "x")
                await asyncio.wait_for(ws.close(), patient(5))
                self.assertEqual(ws.close_code, 1000)

    async def test_code_of_the_client_is_echoed(self):
        for path in ENDPOINTS:
            for code in (1001, 3000, 4999):
                with self.subTest(path=path, code=code):
                    ws = await self.connect(path)
                    await asyncio.wait_for(ws.close(code, "bye"), patient(5))
                    self.assertEqual(ws.close_code, code)

    async def test_closing_is_not_logged_as_an_error(self):
        for path in ENDPOINTS:
            ws = await self.connect(path)
            await self.exchange(ws, "x")
            await ws.close()
        for path in ENDPOINTS:
            ws = await self.connect(path)
            ws.transport.abort()
        await asyncio.sleep(0.2)
        for words in ("exception", "WebsocketClosed", "ConnectionClosed"):
            self.assertNotIn(words, self.new_log())


    def test_close_is_answered_with_what_it_carried(self):
        for path in ENDPOINTS:
            for payload in (close_payload(1000), close_payload(4321, b"bye \xc3\xbc"), b""):
                with self.subTest(path=path, payload=payload), \
                        RawWebsocket(self.server, path) as ws:
                    ws.send_frame(CLOSE, payload)
                    opcode, answer = ws.receive()
                    self.assertEqual((opcode, answer[:2]), (CLOSE, payload[:2]))

    def test_ping_of_every_size_comes_back_whole_between_messages(self):
        for path in ENDPOINTS:
            with self.subTest(path=path), RawWebsocket(self.server, path) as ws:
                for size in (0, 1, 124, 125):
                    ws.send(frame(PING, b"p" * size) + frame(TEXT, b"after"))
                    got = [ws.receive(), ws.receive()]
                    self.assertIn((PONG, b"p" * size), got)
                    self.assertIn((TEXT, b"after"), got)

    def test_ping_that_comes_byte_by_byte_is_answered(self):
        for path in ENDPOINTS:
            with self.subTest(path=path), RawWebsocket(self.server, path) as ws:
                for byte in frame(PING, b"slow"):
                    ws.send(bytes([byte]))
                self.assertEqual(ws.receive(), (PONG, b"slow"))


class ManyConnections(EchoTest):
    async def test_a_hundred_connections_at_a_time(self):
        for path in ("/echo", "/echo-uwsgi"):
            count = 100 if path in RECOMMENDED else 60
            with self.subTest(path=path):
                sockets = await asyncio.gather(*(self.connect(path) for _ in range(count)))
                for turn in range(3):
                    answers = await asyncio.gather(
                        *(self.exchange(ws, f"{turn} {i}") for i, ws in enumerate(sockets)))
                    self.assertEqual(answers, [f"{turn} {i}" for i in range(count)])
                await asyncio.gather(*(ws.close() for ws in sockets))

    async def test_hundreds_of_connections_one_after_another(self):
        for path in ("/echo", "/echo-uwsgi"):
            with self.subTest(path=path):
                for begin in range(0, 200, 50):
                    await asyncio.gather(*(self.one_message(path, str(begin + i))
                                           for i in range(50)))

    async def one_message(self, path, message):
        async with self.connect(path) as ws:
            self.assertEqual(await self.exchange(ws, message), message)


class Pipelining(EchoTest):
    def test_frames_of_one_segment_are_all_answered(self):
        for path in ENDPOINTS:
            with self.subTest(path=path), RawWebsocket(self.server, path) as ws:
                ws.send(b"".join(frame(TEXT, str(i).encode()) for i in range(10)))
                self.assertEqual([ws.receive() for _ in range(10)],
                                 [(TEXT, str(i).encode()) for i in range(10)])

    def test_messages_of_any_length_are_answered_before_the_end_that_came_with_them(self):
        ends = {1000: frame(CLOSE, close_payload(1000)), 1002: frame(0x3, b"no such opcode")}
        for path in ENDPOINTS:
            for code, end in ends.items():
                for lengths in ((65537, 5), (1, 65537, 65537, 2), (300_000, 70_000, 70_000, 3)):
                    with self.subTest(path=path, code=code, lengths=lengths), RawWebsocket(self.server, path) as ws:
                        ws.send(b"".join(frame(TEXT, b"x" * length) for length in lengths) + end)
                        frames = ws.receive_to_the_end()
                        self.assertEqual([(opcode, len(payload)) for opcode, payload in frames[:-1]],
                                         [(TEXT, length) for length in lengths])
                        self.assertEqual(frames[-1][0], CLOSE)
                        self.assertEqual(frames[-1][1][:2], close_payload(code))

    def test_frames_that_come_with_the_handshake_are_answered(self):
        for path in ENDPOINTS:
            with self.subTest(path=path):
                early = frame(TEXT, b"early") + frame(BINARY, b"2")
                with RawWebsocket(self.server, path, early=early) as ws:
                    self.assertEqual(ws.receive(), (TEXT, b"early"))
                    self.assertEqual(ws.receive(), (BINARY, b"2"))

    def test_frame_that_comes_byte_by_byte_is_answered(self):
        for path in ENDPOINTS:
            with self.subTest(path=path), RawWebsocket(self.server, path) as ws:
                for byte in frame(TEXT, b"slow"):
                    ws.send(bytes([byte]))
                self.assertEqual(ws.receive(), (TEXT, b"slow"))

    def test_ping_between_fragments_is_answered_at_once(self):
        for path in ENDPOINTS:
            with self.subTest(path=path), RawWebsocket(self.server, path) as ws:
                ws.send_frame(TEXT, b"one ", fin=False)
                ws.send_frame(PING, b"p")
                self.assertEqual(ws.receive(), (PONG, b"p"))
                ws.send_frame(0, b"two")
                self.assertEqual(ws.receive(), (TEXT, b"one two"))

"""permessage-deflate (RFC 7692): with Python's websockets in all its settings, and frame by frame."""

import asyncio
import itertools
import json
import os
import random
import unittest
import zlib

from support import websocket_client
from support.http import curl
from support.paths import example
from support.patience import PATIENCE, patient
from support.raw_websocket import (
    BINARY, CONTINUATION, PING, PONG, TEXT, RawWebsocket, frame)
from support.server import ServerTest, plugin_options
from websockets.extensions.permessage_deflate import ClientPerMessageDeflateFactory

PATH = "/echo-deflate"
RSV1 = 4
TAIL = b"\x00\x00\xff\xff"
SIZES = (0, 1, 16, 64, 256, 1024, 4096, 8192, 16384, 32768, 65536, 131072)

WORDS = random.Random(7)
JSON = json.dumps([{"id": i, "name": f"n\u00e4me {WORDS.random()}", "tags": ["a", "b"] * (i % 5)}
                   for i in range(4000)], ensure_ascii=False)


def messages():
    """Returns messages of every size: text and bytes that compress, bytes that do not."""
    noise = random.Random(3)
    for size in SIZES:
        yield JSON[:size]
        yield bytes(size)
        yield noise.randbytes(size)


def connect(server, offer, path=PATH):
    headers = [f"Sec-WebSocket-Extensions: {offer}"] if offer else []
    return RawWebsocket(server, path, headers=headers)


def deflated(message, bits=15, final=False):
    compressor = zlib.compressobj(wbits=-bits)
    data = compressor.compress(message)
    if final:
        return data + compressor.flush(zlib.Z_FINISH) + b"\0"
    return (data + compressor.flush(zlib.Z_SYNC_FLUSH)).removesuffix(TAIL)


def inflated(payload):
    return zlib.decompressobj(wbits=-15).decompress(payload + TAIL)


class WithPythonsWebsockets(ServerTest, unittest.IsolatedAsyncioTestCase):
    ini = "tutorial.ini"

    def connect(self, **settings):
        return websocket_client.connect(
            self.server.url(PATH, "ws"), compression=None, max_size=None,
            extensions=[ClientPerMessageDeflateFactory(**settings)])

    async def check_echo(self, ws, message, received=None):
        await ws.send(message)
        self.assertEqual(await asyncio.wait_for(ws.recv(), patient(10)), received or message)

    async def test_every_message_comes_back_under_every_setting(self):
        for server_alone, client_alone, server_bits, client_bits in itertools.product(
                (False, True), (False, True), (None, 8, 9, 15), (None, True, 9, 15)):
            settings = {
                "server_no_context_takeover": server_alone,
                "client_no_context_takeover": client_alone,
                "server_max_window_bits": server_bits,
                "client_max_window_bits": client_bits,
            }
            with self.subTest(**settings):
                async with self.connect(**settings) as ws:
                    (agreed,) = websocket_client.extensions_of(ws)
                    self.assertEqual(agreed.remote_no_context_takeover, server_alone)
                    self.assertEqual(agreed.remote_max_window_bits, server_bits or 15)
                    for message in messages():
                        await self.check_echo(ws, message)

    async def test_messages_in_fragments_are_put_together(self):
        for alone in (False, True):
            async with self.connect(client_no_context_takeover=alone) as ws:
                for _ in range(3):
                    await self.check_echo(ws, ["a", "", JSON, "\u00fc", ""], "a" + JSON + "\u00fc")

    async def test_default_compression_of_the_client_is_accepted(self):
        async with websocket_client.connect(self.server.url(PATH, "ws")) as ws:
            self.assertEqual(len(websocket_client.extensions_of(ws)), 1)
            for message in ("", "text", b"bytes", JSON):
                await self.check_echo(ws, message)

    async def test_many_connections_do_not_mix_their_windows(self):
        async def talk(number):
            alone = {"server_no_context_takeover": bool(number & 1),
                     "client_no_context_takeover": bool(number & 2)}
            async with self.connect(**alone) as ws:
                for turn in range(10):
                    await self.check_echo(ws, f"{number} {turn} " + JSON[number:number + 500])

        await asyncio.gather(*(talk(number) for number in range(40)))


class Negotiation(ServerTest):
    ini = "tutorial.ini"

    def answer(self, offer, path=PATH):
        with connect(self.server, offer, path) as ws:
            return websocket_client.extensions_of(ws)

    def test_first_offer_that_is_valid_is_answered(self):
        for offer, answer in {
            "permessage-deflate": "permessage-deflate",
            "permessage-deflate; client_max_window_bits": "permessage-deflate",
            'permessage-deflate; server_max_window_bits="10"':
                "permessage-deflate; server_max_window_bits=10",
            "x-webkit-deflate-frame, permessage-deflate; x, permessage-deflate; "
            "client_no_context_takeover": "permessage-deflate; client_no_context_takeover",
            "permessage-deflate; server_max_window_bits=16": None,
            "permessage-deflate; server_max_window_bits": None,
            "permessage-deflate; client_max_window_bits=10; client_max_window_bits=10": None,
            "permessage-bzip2": None,
        }.items():
            with self.subTest(offer=offer):
                self.assertEqual(self.answer(offer), answer)

    def test_views_that_did_not_ask_for_it_answer_nothing(self):
        for path in ("/echo", "/echo-uwsgi"):
            self.assertIsNone(self.answer("permessage-deflate", path))

    def test_clients_that_are_declined_get_messages_as_they_are(self):
        agent = ["User-Agent: App/1 CFNetwork/1485 Darwin/23.1.0", "Sec-WebSocket-Extensions: permessage-deflate"]
        for path in (PATH, "/echo-uwsgi"):
            with self.subTest(path), RawWebsocket(self.server, path, headers=agent) as ws:
                self.assertIsNone(websocket_client.extensions_of(ws))
                ws.send_frame(TEXT, b"x" * 1000)
                self.assertEqual((ws.receive(), ws.rsv), ((TEXT, b"x" * 1000), 0))

    def test_header_that_breaks_the_grammar_is_a_bad_request(self):
        for header in ("permessage-deflate;", "permessage-deflate; =1", "a b"):
            answer = curl(self.server, PATH, "--http1.1", "-HUpgrade: websocket",
                          "-HConnection: Upgrade", "-HSec-WebSocket-Version: 13",
                          "-HSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
                          f"-HSec-WebSocket-Extensions: {header}", timeout=5)
            self.assertEqual(answer.status, 400)


class FrameByFrame(ServerTest):
    ini = "tutorial.ini"

    def open(self, offer="permessage-deflate; server_no_context_takeover"):
        return connect(self.server, offer)

    def check_message(self, ws, opcode, message):
        got = ws.receive()
        self.assertEqual(ws.rsv, RSV1)
        self.assertEqual((got[0], inflated(got[1])), (opcode, message))

    def test_hello_comes_as_in_the_rfc(self):
        for hello in ("f248cdc9c90700", "000500faff48656c6c6f00", "f348cdc9c9070000",
                      "f24805000000ffffcac9c90700"):
            with self.subTest(hello), self.open() as ws:
                ws.send_frame(TEXT, bytes.fromhex(hello), rsv=RSV1)
                opcode, payload = ws.receive()
                # Five bytes that become seven are sent as they are.
                self.assertEqual((opcode, ws.rsv, payload), (TEXT, 0, b"Hello"))

    def test_window_goes_on_from_message_to_message(self):
        with self.open("permessage-deflate") as ws:
            for payload in ("f248cdc9c90700", "f200110000"):
                ws.send_frame(TEXT, bytes.fromhex(payload), rsv=RSV1)
                self.assertEqual(ws.receive(), (TEXT, bytes.fromhex(payload)))
                self.assertEqual(ws.rsv, RSV1)

    def test_fragments_and_control_frames_between_them(self):
        message = JSON[:5000].encode()
        for cut in (1, 100, 1000):
            with self.subTest(cut=cut), self.open() as ws:
                payload = deflated(message)
                ws.send_frame(TEXT, payload[:cut], rsv=RSV1, fin=False)
                ws.send_frame(CONTINUATION, fin=False)
                ws.send_frame(PING, b"p")
                self.assertEqual(ws.receive(), (PONG, b"p"))
                ws.send_frame(CONTINUATION, payload[cut:])
                self.check_message(ws, TEXT, message)

    def test_final_blocks_end_nothing(self):
        with self.open("permessage-deflate; client_no_context_takeover") as ws:
            for turn in range(3):
                message = b"%d" % turn * 100
                ws.send_frame(BINARY, deflated(message, final=True), rsv=RSV1)
                self.assertEqual(ws.receive()[0], BINARY)

    def test_plain_messages_may_come_between(self):
        with self.open() as ws:
            for message in (b"x" * 1000, b"y" * 1000):
                ws.send_frame(TEXT, message)
                self.check_message(ws, TEXT, message)
                ws.send_frame(TEXT, deflated(message), rsv=RSV1)
                self.check_message(ws, TEXT, message)

    def test_violations_are_named(self):
        bad_text = deflated(b"ok\xc0\x80")
        for name, (data, code) in {
            "no deflate data": (frame(TEXT, b"\xff\xff\xff", rsv=RSV1), 1002),
            "a message that breaks off": (
                frame(TEXT, deflated(JSON.encode())[:500], rsv=RSV1), 1002),
            "a reference into a window that is empty": (
                frame(TEXT, bytes.fromhex("f200110000"), rsv=RSV1), 1002),
            "bad UTF-8": (frame(TEXT, bad_text, rsv=RSV1), 1007),
            "bad UTF-8 in an unfinished message": (
                frame(TEXT, bad_text + TAIL, rsv=RSV1, fin=False), 1007),
            "the bit on a continuation": (
                frame(TEXT, b"\0", rsv=RSV1, fin=False) + frame(0, b"\0", rsv=RSV1), 1002),
            "the bit on a ping": (frame(PING, b"\0", rsv=RSV1), 1002),
            "another bit": (frame(TEXT, b"\0", rsv=RSV1 | 1), 1002),
        }.items():
            with self.subTest(name), self.open() as ws:
                ws.send(data)
                self.assertEqual(ws.receive_close(), code)

    def test_bit_without_negotiation_is_a_violation(self):
        for path, offer in ((PATH, None), ("/echo", "permessage-deflate")):
            with connect(self.server, offer, path) as ws:
                ws.send_frame(TEXT, b"\0", rsv=RSV1)
                self.assertEqual(ws.receive_close(), 1002)


def memory(pid, field):
    """Returns KiB: VmRSS is a process's memory, VmHWM the most that it has had."""
    with open(f"/proc/{pid}/status") as status:
        return int(next(line.split()[1] for line in status if line.startswith(field + ":")))


class Limits(ServerTest):
    limit = 1 << 20
    options = plugin_options("--http-socket", "127.0.0.1:{port}", "--aiopyr", "10",
                             "--aiopyr-app", example("tutorial"),
                             "--aiopyr-websocket-max-size", str(limit))

    def test_limit_is_for_inflated_bytes_and_to_the_byte(self):
        with connect(self.server, "permessage-deflate") as ws:
            noise = os.urandom(self.limit)
            ws.send_frame(BINARY, deflated(noise), rsv=RSV1)
            self.assertEqual(inflated(ws.receive()[1]), noise)
            ws.send_frame(BINARY, deflated(bytes(self.limit + 1)), rsv=RSV1)
            self.assertEqual(ws.receive_close(), 1009)

    def test_bomb_is_given_up_at_the_limit(self):
        compressor = zlib.compressobj(wbits=-15)
        bomb = b"".join(compressor.compress(bytes(1 << 20)) for _ in range(256))
        bomb += compressor.flush(zlib.Z_SYNC_FLUSH)
        self.assertLess(len(bomb), self.limit)
        (worker,) = self.server.worker_pids()
        with connect(self.server, "permessage-deflate") as ws:
            ws.send_frame(TEXT, deflated(b"warm"), rsv=RSV1)
            ws.receive()
        before = memory(worker, "VmHWM")
        for fin in (True, False):
            with connect(self.server, "permessage-deflate") as ws:
                try:
                    ws.send_frame(BINARY, bomb, rsv=RSV1, fin=fin)
                except ConnectionError:
                    pass
                self.assertEqual(ws.receive_close(), 1009)
        self.assertLess(memory(worker, "VmHWM") - before, 6 * 1024)


@unittest.skipIf(PATIENCE > 1, "a sanitizer's memory is its own")
class Memory(ServerTest):
    options = plugin_options("--http-socket", "127.0.0.1:{port}", "--aiopyr", "10",
                             "--aiopyr-app", example("tutorial"))
    count = 200

    def talk_on(self, sockets, offer, count):
        for _ in range(count):
            sockets.append(connect(self.server, offer))
            sockets[-1].send_frame(TEXT, deflated(JSON[:3000].encode()), rsv=RSV1)
            sockets[-1].receive()

    def growth_by_connections(self, offer):
        """Returns the KiB of each of many idle connections, after a message in both directions."""
        (worker,) = self.server.worker_pids()
        sockets = []
        try:
            self.talk_on(sockets, offer, 5)  # what they share is there now
            before = memory(worker, "VmRSS")
            self.talk_on(sockets, offer, self.count)
            return (memory(worker, "VmRSS") - before) / self.count
        finally:
            for ws in sockets:
                ws.socket.close()

    def test_idle_connections_hold_windows_only_with_context_takeover(self):
        alone = "permessage-deflate; server_no_context_takeover; client_no_context_takeover"
        self.assertLess(self.growth_by_connections(alone), 8)
        self.assertGreater(self.growth_by_connections("permessage-deflate"), 50)

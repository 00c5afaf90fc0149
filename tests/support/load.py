"""Clients that continue over a server's reloads, all in one asyncio loop. `losses` lists what they lose."""

import asyncio
import base64
import os
import struct
import time

from support.patience import patient
from support.raw_websocket import CLOSE, TEXT, close_payload, frame

REQUEST = b"GET /where/coroutine HTTP/1.1\r\nHost: localhost\r\n\r\n"
PAUSE = 0.03
LONGEST = 30  # seconds for an answer over a reload, with all the others


def soon(awaitable):
    return asyncio.wait_for(awaitable, patient(LONGEST))


class Load:
    def __init__(self):
        self.losses = []
        self.answers = 0
        self.closes = []  # the time and the code of each close frame
        self.open_websockets = 0
        self._begun = time.monotonic()
        self._stop = asyncio.Event()
        self._tasks = []

    def start(self, client, count):
        self._tasks += [asyncio.ensure_future(self._guard(client)) for _ in range(count)]

    def age(self):
        """Returns the seconds since it was made."""
        return time.monotonic() - self._begun

    def stop_soon(self):
        """Finishes what is in flight, and begins nothing new."""
        self._stop.set()

    async def ended(self):
        await asyncio.gather(*self._tasks)

    async def _guard(self, client):
        while not self._stop.is_set():
            try:
                await client()
            except Exception as error:
                self.losses.append(f"after {self.age():.2f} s: {client.__name__}: {error!r}")
                return

    def one_shot(self, address):
        """Uses a connection for each request, which the server closes."""
        async def one_shot():
            reader, writer = await asyncio.open_connection(*address)
            writer.write(REQUEST)
            await soon(self._read_answer(reader))
            if await soon(reader.read()):
                raise AssertionError("more than the answer has come")
            writer.close()
            await asyncio.sleep(PAUSE)
        return one_shot

    def keep_alive(self, address):
        """Sends requests on one connection, as long as the server (nginx) keeps it."""
        async def keep_alive():
            reader, writer = await asyncio.open_connection(*address)
            while not self._stop.is_set():
                writer.write(REQUEST)
                if b"\r\nconnection: close" in await soon(self._read_answer(reader)):
                    break
                await asyncio.sleep(PAUSE)
            writer.close()
        return keep_alive

    async def _read_answer(self, reader):
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        if not head.startswith(b"http/1.1 200 "):
            raise AssertionError(head)
        length = int(head.split(b"content-length:")[1].split(b"\r\n")[0])
        await reader.readexactly(length)
        self.answers += 1
        return head

    def websocket(self, address):
        """Echoes once, waits for the close frame, connects again. An end without a close frame is a
        loss."""
        async def websocket():
            reader, writer = await asyncio.open_connection(*address)
            key = base64.b64encode(os.urandom(16))
            writer.write(b"GET /type HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                         b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: " + key + b"\r\n\r\n")
            head = await soon(reader.readuntil(b"\r\n\r\n"))
            if head.startswith(b"HTTP/1.1 503 "):  # it was about to end: told, not lost
                writer.close()
                await asyncio.sleep(PAUSE)
                return
            if not head.startswith(b"HTTP/1.1 101 "):
                raise AssertionError(head)
            self.open_websockets += 1
            try:
                await self._talk(reader, writer)
            finally:
                self.open_websockets -= 1
                writer.close()
        return websocket

    async def _talk(self, reader, writer):
        writer.write(frame(TEXT, b"abc"))
        while True:
            first, length = await reader.readexactly(2)
            payload = await reader.readexactly(length)
            if first == 0x80 | CLOSE:
                break
            if (first, payload) != (0x80 | TEXT, b"str:3"):
                raise AssertionError(f"no echo: {first:#x} {payload}")
        code, = struct.unpack("!H", payload[:2])
        self.closes.append((time.monotonic(), code))
        writer.write(frame(CLOSE, close_payload(code)))
        if await soon(reader.read()):
            raise AssertionError("more came behind the close frame")

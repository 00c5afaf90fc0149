"""A raw websocket client for thousands of connections in one process, as an asyncio protocol."""

import asyncio
import collections
import os
import struct
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tests"))

from support.raw_websocket import CLOSE, PING, PONG, frame  # noqa: E402

HANDSHAKE = ("GET {path} HTTP/1.1\r\nHost: {host}:{port}\r\nUpgrade: websocket\r\n"
             "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
             "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")


class Ended(Exception):
    """Raised when the stream has ended; the argument says how."""


class SoakClient(asyncio.Protocol):
    """A client whose frames are read by receive(); it answers the server's pings itself."""

    def __init__(self):
        self.transport = None
        self._buffer = bytearray()
        self._frames = collections.deque()
        self._shaken = False
        self._end = None
        self._waiter = None

    @classmethod
    async def connect(cls, host, port, path):
        _, client = await asyncio.get_running_loop().create_connection(cls, host, port)
        client.transport.write(HANDSHAKE.format(host=host, port=port, path=path).encode())
        try:
            await client._wait_for(lambda: client._shaken)
        except BaseException:
            client.abort()
            raise
        return client

    def send(self, opcode, payload=b"", fin=True):
        self.transport.write(frame(opcode, payload, fin=fin))

    async def receive(self):
        """Returns the next frame, as opcode and payload; raises Ended after the last one."""
        await self._wait_for(lambda: self._frames)
        return self._frames.popleft()

    async def receive_close(self):
        """Reads up to the close frame; returns its code."""
        while True:
            opcode, payload = await self.receive()
            if opcode == CLOSE:
                return struct.unpack("!H", payload[:2])[0] if payload else 1005

    def abort(self):
        if self.transport is not None:
            self.transport.abort()

    async def _wait_for(self, condition):
        while not condition():
            if self._end is not None:
                raise Ended(self._end)
            self._waiter = asyncio.get_running_loop().create_future()
            await self._waiter

    def _wake(self):
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)

    # asyncio.Protocol

    def connection_made(self, transport):
        self.transport = transport

    def data_received(self, data):
        self._buffer += data
        if not self._shaken and not self._take_handshake():
            return
        while self._take_frame():
            pass
        self._wake()

    def eof_received(self):
        self._end = self._end or "end of stream"
        self._wake()

    def connection_lost(self, error):
        self._end = self._end or f"lost: {error!r}"
        self._wake()

    def _take_handshake(self):
        end = self._buffer.find(b"\r\n\r\n")
        if end < 0:
            return False
        status = bytes(self._buffer[:end]).split(b"\r\n")[0].decode("latin-1")
        del self._buffer[: end + 4]
        self._shaken = " 101 " in status
        if not self._shaken:
            self._end = f"refused: {status}"
            self._wake()
        return self._shaken

    def _take_frame(self):
        buffer = self._buffer
        if len(buffer) < 2:
            return False
        length, begin = buffer[1] & 0x7F, 2
        if length >= 126:
            form, begin = ("!H", 4) if length == 126 else ("!Q", 10)
            if len(buffer) < begin:
                return False
            (length,) = struct.unpack_from(form, buffer, 2)
        if len(buffer) < begin + length:
            return False
        opcode, payload = buffer[0] & 0x0F, bytes(buffer[begin : begin + length])
        del buffer[: begin + length]
        if opcode == PING:
            self.send(PONG, payload)
        else:
            self._frames.append((opcode, payload))
        return True

"""A websocket client that can break every rule, for input that a correct client never sends."""

import base64
import os
import re
import socket
import struct

from support.patience import patient

TEXT, BINARY, CONTINUATION, CLOSE, PING, PONG = 0x1, 0x2, 0x0, 0x8, 0x9, 0xA


def frame(opcode, payload=b"", fin=True, rsv=0, masked=True, key=None):
    """Returns the bytes of one frame (RFC 6455 section 5.2)."""
    head = bytes([(0x80 if fin else 0) | rsv << 4 | opcode])
    mask_bit = 0x80 if masked else 0
    if len(payload) < 126:
        head += bytes([mask_bit | len(payload)])
    elif len(payload) < 65536:
        head += bytes([mask_bit | 126]) + struct.pack("!H", len(payload))
    else:
        head += bytes([mask_bit | 127]) + struct.pack("!Q", len(payload))
    if not masked:
        return head + payload
    key = key or os.urandom(4)
    pad = (key * (len(payload) // 4 + 1))[: len(payload)]
    mixed = int.from_bytes(payload, "big") ^ int.from_bytes(pad, "big")
    return head + key + mixed.to_bytes(len(payload), "big")


def close_payload(code, reason=b""):
    return struct.pack("!H", code) + reason


class Refused(AssertionError):
    """Raised when the handshake is answered with another status than 101."""


class Closed(Exception):
    """Raised when the server has ended the TCP stream."""


class RawWebsocket:
    """Connects. `early` is sent in the segment of the handshake, `headers` in the handshake, `tls` is an
    SSLContext, `receive_buffer` is the size of the kernel's buffer for a client that does not read."""

    def __init__(self, server, path, timeout=10, early=b"", headers=(), tls=None, receive_buffer=None):
        self.socket = socket.socket()
        self.socket.settimeout(patient(timeout))
        if receive_buffer is not None:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self.socket.connect(server.address)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if tls is not None:
            self.socket = tls.wrap_socket(self.socket, server_hostname=server.host)
        self._buffer = bytearray()
        self.extensions = None  # what was agreed on
        self.rsv = 0  # of the last frame that was received
        key = base64.b64encode(os.urandom(16)).decode()
        self.send(
            f"GET {path} HTTP/1.1\r\nHost: {server.host}:{server.port}\r\nUpgrade: websocket\r\n"
            f"Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\n"
            .encode() + "".join(f"{line}\r\n" for line in headers).encode() + b"\r\n" + early
        )
        while b"\r\n\r\n" not in self._buffer:
            self._fill()
        self.head = self._take(self._buffer.index(b"\r\n\r\n") + 4)
        if not self.head.startswith(b"HTTP/1.1 101 "):
            raise Refused(f"no websocket: {self.head!r}")
        answered = re.search(rb"sec-websocket-extensions: *([^\r]*)", self.head, re.I)
        if answered:
            self.extensions = answered[1].decode()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def send(self, data):
        self.socket.sendall(data)

    def send_frame(self, opcode, payload=b"", **options):
        self.send(frame(opcode, payload, **options))

    def receive(self):
        """Returns the next frame, except pings, which uWSGI's engine sends on its own: opcode and payload.

        Raises Closed at the end of the stream.
        """
        while True:
            opcode, payload = self._receive_frame()
            if opcode != PING:
                return opcode, payload

    def _receive_frame(self):
        first, second = self._take(2)
        self.rsv = first >> 4 & 7
        if not first & 0x80 or self.rsv & ~(4 if self.extensions else 0):
            raise AssertionError(f"the server has sent a fragment or reserved bits: {first:#x}")
        if second & 0x80:
            raise AssertionError("the server has masked a frame")
        length, least = second & 0x7F, 0
        if length == 126:
            (length,), least = struct.unpack("!H", self._take(2)), 126
        elif length == 127:
            (length,), least = struct.unpack("!Q", self._take(8)), 1 << 16
        if length < least:
            raise AssertionError("the server has not used the shortest encoding of a length")
        return first & 0x0F, self._take(length)

    def receive_to_the_end(self):
        """Returns all frames up to the end of the stream, in the form of receive()."""
        frames = []
        try:
            while True:
                frames.append(self.receive())
        except Closed:
            return frames

    def receive_close(self):
        """Reads up to the close frame; returns its code, or None for the end of the stream without one."""
        try:
            while True:
                opcode, payload = self.receive()
                if opcode == CLOSE:
                    return struct.unpack("!H", payload[:2])[0] if payload else 1005
        except (Closed, ConnectionError):
            return None

    def _take(self, count):
        while len(self._buffer) < count:
            self._fill()
        taken = bytes(self._buffer[:count])
        del self._buffer[:count]
        return taken

    def _fill(self):
        data = self.socket.recv(1 << 18)
        if not data:
            raise Closed()
        self._buffer += data

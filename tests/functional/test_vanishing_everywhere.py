"""Clients that leave after each byte that they send, in order and by a reset, without leaving a trace."""

import socket
import unittest

from support.faults import FaultyServer
from support.http import fetch
from support.paths import example
from support.patience import patient
from support.raw_websocket import BINARY, CONTINUATION, PING, TEXT, RawWebsocket, frame
from support.server import plugin_options
from test_vanishing_clients import abort

CORES = 3
POST = b"POST /body HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nabcde"
CHUNKED = b"POST /body HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"
FORM = (b"POST /upload HTTP/1.1\r\nHost: x\r\nContent-Length: 80\r\nContent-Type: multipart/form-data; "
        b"boundary=B\r\n\r\n--B\r\nContent-Disposition: form-data; name=\"f\"; filename=\"g\"\r\n\r\ncontents\r\n--B--\r\n")
HANDSHAKE = (b"GET %s HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
             b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")
FRAMES = (frame(TEXT, b"abc") + frame(BINARY, b"de", fin=False) + frame(PING, b"p") +
          frame(CONTINUATION, b"x" * 130))


class VanishingEverywhere(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = FaultyServer(CORES, plugin_options(
            "--http-socket", "127.0.0.1:{port}", "--no-defer-accept", "--listen", "100", "--aiopyr-app",
            example("features"), "--disable-logging"))
        cls.addClassCleanup(cls.server.stop)

    def vanish_in(self, data, connect):
        for leave in (socket.socket.close, abort):
            for length in range(len(data) + 1):
                with self.subTest(leave=leave.__name__, after=data[:length]):
                    client = connect()
                    client.sendall(data[:length])
                    leave(client)
                    # Sends as many at a time as there are cores, and one more.
                    if length % (CORES + 1) == 0:
                        self.server.wait_until_idle()
            self.server.wait_until_idle()
            self.assertEqual(fetch(self.server, "/title").status, 200)

    def connect(self):
        return socket.create_connection(self.server.address, patient(10))

    def test_in_a_request(self):
        self.vanish_in(POST, self.connect)

    def test_in_a_chunked_request(self):
        self.vanish_in(CHUNKED, self.connect)

    def test_in_a_form(self):
        self.vanish_in(FORM, self.connect)

    def test_in_a_handshake(self):
        self.vanish_in(HANDSHAKE % b"/type", self.connect)

    def test_in_a_handshake_of_the_native_mapper(self):
        self.vanish_in(HANDSHAKE % b"/uwsgi-type", self.connect)

    def test_in_frames(self):
        self.vanish_in(FRAMES, lambda: RawWebsocket(self.server, "/type").socket)

    def test_in_frames_of_the_native_mapper(self):
        self.vanish_in(FRAMES, lambda: RawWebsocket(self.server, "/uwsgi-type").socket)


if __name__ == "__main__":
    unittest.main()

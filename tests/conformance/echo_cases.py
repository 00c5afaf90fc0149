"""The base of the cases: a server that echoes valid messages, and checks of everything that it sends.

A case compares everything the server sends, to the end of its stream: nothing may be missing, nothing
may be too much. It is run with its bytes in one piece and byte by byte.
"""

import itertools
import os

from support.paths import example
from support.patience import patient
from support.raw_websocket import BINARY, CLOSE, TEXT, RawWebsocket, close_payload, frame
from support.server import ServerTest, plugin_options

MAX_SIZE = 16 << 20
GOODBYE = frame(CLOSE, close_payload(1000))
# Longer streams are sent in one piece only.
LONGEST_BYTE_BY_BYTE = 2000


def text(payload, **options):
    return frame(TEXT, payload, **options)


def binary(payload, **options):
    return frame(BINARY, payload, **options)


def chopped(data, size):
    return [data[begin : begin + size] for begin in range(0, len(data), size)]


class EchoCases(ServerTest):
    options = plugin_options("--http-socket", "127.0.0.1:{port}", "--aiopyr", "10",
                             "--aiopyr-app", example("tutorial"), "--disable-logging",
                             "--aiopyr-websocket-max-size", str(MAX_SIZE))
    # The path, for example /echo-uwsgi to test uWSGI's engine.
    path = os.environ.get("AIOPYR_CONFORMANCE_PATH", "/echo")

    def open(self, early=b""):
        """Connects; `early` is sent in the segment of the handshake."""
        ws = RawWebsocket(self.server, self.path, early=early)
        self.addCleanup(ws.socket.close)
        return ws

    def accepts(self, data, echoes):
        """Checks that `data` is answered with `echoes`, and then a close in order with its answer."""
        self._check(data + GOODBYE, [*echoes, (CLOSE, close_payload(1000))])

    def closes(self, data, answer, echoes=()):
        """Checks that `data`, which ends with a close frame, is answered with `echoes` and this close
        payload."""
        self._check(data, [*echoes, (CLOSE, answer)])

    def refuses(self, data, code, echoes=()):
        """Checks that `data` fails the connection with `code`, after `echoes` for the valid part before."""
        for pieces in self._ways_to_send(data):
            with self.subTest(pieces=len(pieces), data=data[:40]):
                *before, (opcode, payload) = self.answers_to(pieces)
                self.assertEqual(before, list(echoes))
                self.assertEqual((opcode, payload[:2]), (CLOSE, close_payload(code)))

    def refuses_at_last_byte(self, data, code):
        """Checks as refuses(), and that nothing happens while the last byte of `data` is missing."""
        with self.subTest(data=data[:40]), self.open() as ws:
            ws.send(data[:-1])
            self.assert_silent(ws)
            ws.send(data[-1:])
            self.assertEqual(ws.receive_close(), code)

    def assert_silent(self, ws, seconds=0.03):
        ws.socket.settimeout(seconds)
        with self.assertRaises(TimeoutError):
            ws.receive()
        ws.socket.settimeout(patient(10))

    def answers_to(self, pieces):
        with self.open() as ws:
            try:
                for piece in pieces:
                    ws.send(piece)
            except ConnectionError:
                pass  # it may have closed before it was told all
            return ws.receive_to_the_end()

    def _check(self, data, answers):
        for pieces in self._ways_to_send(data):
            with self.subTest(pieces=len(pieces), data=data[:40]):
                self.assertEqual(self.answers_to(pieces), answers)

    def _ways_to_send(self, data):
        yield [data]
        if len(data) <= LONGEST_BYTE_BY_BYTE:
            yield chopped(data, 1)


def fragments(opcode, *payloads):
    """Returns a message in so many frames."""
    frames = []
    for number, payload in enumerate(payloads):
        frames.append(frame(opcode if number == 0 else 0, payload, fin=number == len(payloads) - 1))
    return b"".join(frames)


def interleaved(frames, between):
    """Puts `between` after each of the frames but the last."""
    return b"".join(itertools.chain.from_iterable((one, between) for one in frames[:-1])) + frames[-1]

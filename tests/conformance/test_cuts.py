"""TCP is a stream: wherever it is cut, the result is the same. Each cut has a connection of its own, and
the second part is sent long after the server has received the first."""

import time

from echo_cases import GOODBYE, EchoCases, binary, fragments, text
from support.raw_websocket import (
    BINARY, CLOSE, CONTINUATION, PING, PONG, TEXT, close_payload, frame)

# The time for the first parts of a hundred connections; if the server needs longer, this tests less.
PAUSE = 0.05

CONVERSATION = (text("\u00fc\u20ac".encode()) + frame(PING, b"ping")
                + fragments(BINARY, b"\x00" * 130, b"", b"\xff") + binary(b"") + GOODBYE)
ANSWERS = [(TEXT, "\u00fc\u20ac".encode()), (PONG, b"ping"), (BINARY, b"\x00" * 130 + b"\xff"),
           (BINARY, b""), (CLOSE, close_payload(1000))]


class Cuts(EchoCases):
    def answers_by_cut(self, data):
        """Returns the answers for each way to cut `data` in two."""
        clients = {cut: self.open() for cut in range(1, len(data))}
        for cut, ws in clients.items():
            ws.send(data[:cut])
        time.sleep(PAUSE)
        for cut, ws in clients.items():
            ws.send(data[cut:])
        for cut, ws in clients.items():
            with self.subTest(cut=cut), ws:
                yield ws.receive_to_the_end()

    def test_conversation_may_be_cut_anywhere(self):
        for answers in self.answers_by_cut(CONVERSATION):
            self.assertEqual(answers, ANSWERS)

    def test_conversation_may_come_in_pieces_of_any_size(self):
        for size in range(1, 20):
            with self.subTest(size=size), self.open() as ws:
                for begin in range(0, len(CONVERSATION), size):
                    ws.send(CONVERSATION[begin : begin + size])
                self.assertEqual(ws.receive_to_the_end(), ANSWERS)

    def test_long_length_may_be_cut_anywhere(self):
        head = binary(b"x" * 66_000)
        clients = {cut: self.open() for cut in range(1, 16)}
        for cut, ws in clients.items():
            ws.send(head[:cut])
        time.sleep(PAUSE)
        for cut, ws in clients.items():
            with self.subTest(cut=cut), ws:
                ws.send(head[cut:])
                self.assertEqual(ws.receive(), (BINARY, b"x" * 66_000))

    def test_violation_has_the_same_code_wherever_it_is_cut(self):
        good, echo = text(b"good"), (TEXT, b"good")
        for data, code in ((good + text(b"ok\xed\xa0\x80 and more"), 1007),
                           (good + frame(0x3, b"abc"), 1002),
                           (good + frame(CONTINUATION, b"abc"), 1002),
                           (good + frame(CLOSE, close_payload(1005)), 1002)):
            with self.subTest(data=data):
                for answers in self.answers_by_cut(data):
                    self.assertEqual(answers[0], echo)
                    self.assertEqual([(opcode, payload[:2]) for opcode, payload in answers[1:]],
                                     [(CLOSE, close_payload(code))])

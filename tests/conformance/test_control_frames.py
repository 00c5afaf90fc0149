"""Pings and pongs: RFC 6455 sections 5.5, 5.5.2 and 5.5.3."""

from echo_cases import EchoCases, text
from support.raw_websocket import CLOSE, PING, PONG, TEXT, frame


class PingsAndPongs(EchoCases):
    def test_ping_is_answered_with_what_it_carried(self):
        for payload in (b"", b"Hello, world!", b"\x00\xff\xfe\xfd\xfc\xfb\x00\xff", b"\xfe" * 125):
            self.accepts(frame(PING, payload), [(PONG, payload)])

    def test_ping_of_every_length_is_answered(self):
        payloads = [b"x" * length for length in range(126)]
        for some in (payloads[:50], payloads[50:100], payloads[100:]):
            self.accepts(b"".join(frame(PING, payload) for payload in some),
                         [(PONG, payload) for payload in some])

    def test_ten_pings_are_answered_in_order(self):
        payloads = [b"payload-%d" % number for number in range(10)]
        self.accepts(b"".join(frame(PING, payload) for payload in payloads),
                     [(PONG, payload) for payload in payloads])

    def test_ping_between_messages_is_answered_in_its_place(self):
        self.accepts(text(b"a") + frame(PING, b"p") + text(b"b"),
                     [(TEXT, b"a"), (PONG, b"p"), (TEXT, b"b")])

    def test_control_frame_of_more_than_125_bytes_is_refused(self):
        for opcode in (PING, PONG, CLOSE):
            for length in (126, 127, 1000, 65536):
                self.refuses(frame(opcode, b"\x03\xe8" + b"x" * (length - 2)), 1002)

    def test_long_ping_is_refused_before_the_payload_arrives(self):
        self.refuses(frame(PING, b"x" * 126)[:8], 1002)

    def test_message_before_a_long_ping_is_answered_first(self):
        self.refuses(text(b"good") + frame(PING, b"x" * 126), 1002, [(TEXT, b"good")])

    def test_pong_that_nobody_asked_for_is_ignored(self):
        for payload in (b"", b"unasked", b"x" * 125):
            self.accepts(frame(PONG, payload), [])

    def test_ping_after_such_a_pong_is_answered_alone(self):
        self.accepts(frame(PONG, b"unasked") + frame(PING, b"asked"), [(PONG, b"asked")])
        self.accepts(frame(PONG) * 10 + text(b"a"), [(TEXT, b"a")])

    def test_ping_is_answered_while_a_frame_is_awaited(self):
        with self.open() as ws:
            ws.send(frame(PING, b"p") + text(b"abc")[:5])
            self.assertEqual(ws.receive(), (PONG, b"p"))

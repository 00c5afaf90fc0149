"""The bits RSV1-3 and opcodes that are reserved for extensions and later versions: RFC 6455 section 5.2."""

from echo_cases import EchoCases, binary, fragments, text
from support.raw_websocket import (
    BINARY, CLOSE, CONTINUATION, PING, PONG, TEXT, close_payload, frame)

GOOD = text(b"good")
ECHO = [(TEXT, b"good")]


class ReservedBits(EchoCases):
    """Reserved bits of frames: without a negotiated extension they have no meaning."""

    def test_each_of_them_is_refused_on_text(self):
        for rsv in range(1, 8):
            self.refuses(text(b"abc", rsv=rsv), 1002)

    def test_each_of_them_is_refused_on_binary(self):
        for rsv in range(1, 8):
            self.refuses(binary(b"abc", rsv=rsv), 1002)

    def test_each_of_them_is_refused_on_control_frames(self):
        for opcode in (PING, PONG, CLOSE):
            for rsv in range(1, 8):
                self.refuses(frame(opcode, b"", rsv=rsv), 1002)

    def test_they_are_refused_on_a_continuation(self):
        for rsv in (1, 2, 4, 7):
            self.refuses(text(b"a", fin=False) + frame(CONTINUATION, b"b", rsv=rsv), 1002)

    def test_message_before_them_is_answered_first(self):
        for rsv in range(1, 8):
            self.refuses(GOOD + text(b"bad", rsv=rsv) + frame(PING), 1002, ECHO)

    def test_ping_before_them_is_answered_first(self):
        self.refuses(frame(PING, b"p") + binary(b"bad", rsv=4), 1002, [(PONG, b"p")])

    def test_they_are_refused_before_the_payload_arrives(self):
        self.refuses(text(b"abc", rsv=2)[:6], 1002)


class ReservedOpcodes(EchoCases):
    reserved = (0x3, 0x4, 0x5, 0x6, 0x7, 0xB, 0xC, 0xD, 0xE, 0xF)

    def test_each_of_them_is_refused(self):
        for opcode in self.reserved:
            self.refuses(frame(opcode), 1002)

    def test_each_of_them_is_refused_with_a_payload(self):
        for opcode in self.reserved:
            self.refuses(frame(opcode, b"reserved"), 1002)

    def test_message_before_them_is_answered_first(self):
        for opcode in self.reserved:
            self.refuses(GOOD + frame(opcode, b"bad") + frame(PING), 1002, ECHO)

    def test_they_are_refused_within_a_fragmented_message(self):
        for opcode in self.reserved:
            self.refuses(GOOD + text(b"a", fin=False) + frame(opcode), 1002, ECHO)

    def test_fragmented_message_before_them_is_answered_first(self):
        self.refuses(fragments(BINARY, b"a", b"b") + frame(0x3), 1002, [(BINARY, b"ab")])

    def test_they_are_refused_before_the_payload_arrives(self):
        self.refuses(frame(0xB, b"abc")[:6], 1002)

    def test_nothing_that_follows_a_violation_is_answered(self):
        self.refuses(frame(0x3) + GOOD + frame(PING) + frame(CLOSE, close_payload(1000)), 1002)

"""Masking: RFC 6455 sections 5.1 and 5.3. Every case also checks that the server's frames are not
masked."""

import os

from echo_cases import EchoCases, binary, text
from support.raw_websocket import (
    BINARY, CLOSE, CONTINUATION, PING, PONG, TEXT, close_payload, frame)


class Masking(EchoCases):
    def test_frame_that_is_not_masked_is_refused(self):
        for data in (text(b"abc", masked=False), text(b"", masked=False),
                     binary(b"x" * 200, masked=False), binary(b"x" * 66_000, masked=False)):
            self.refuses(data, 1002)

    def test_control_frame_that_is_not_masked_is_refused(self):
        for opcode in (PING, PONG):
            self.refuses(frame(opcode, b"abc", masked=False), 1002)
        self.refuses(frame(CLOSE, close_payload(1000), masked=False), 1002)

    def test_continuation_that_is_not_masked_is_refused(self):
        self.refuses(text(b"a", fin=False) + frame(CONTINUATION, b"b", masked=False), 1002)

    def test_message_before_it_is_answered_first(self):
        self.refuses(text(b"good") + text(b"bad", masked=False), 1002, [(TEXT, b"good")])

    def test_missing_mask_is_refused_before_the_payload_arrives(self):
        self.refuses(text(b"abc", masked=False)[:2], 1002)

    def test_key_of_any_value_is_undone(self):
        for key in (b"\0\0\0\0", b"\xff\xff\xff\xff", b"\x01\0\0\0", b"\0\0\0\x80", b"\r\n\r\n"):
            self.accepts(text(b"The quick brown fox", key=key), [(TEXT, b"The quick brown fox")])

    def test_payload_of_every_length_is_unmasked(self):
        # Sizes beyond those done a word or a vector at a time, at every alignment within the segment.
        payloads = [os.urandom(length) for length in range(150)]
        self.accepts(b"".join(map(binary, payloads)), [(BINARY, payload) for payload in payloads])

    def test_each_frame_of_a_message_has_its_own_key(self):
        data = (text(b"abcde", fin=False, key=b"\x11\x22\x33\x44")
                + frame(CONTINUATION, b"fg", fin=False, key=b"\x99\x88\x77\x66")
                + frame(CONTINUATION, b"hij", key=b"\xde\xad\xbe\xef"))
        self.accepts(data, [(TEXT, b"abcdefghij")])

    def test_ping_within_a_message_has_its_own_key(self):
        data = (binary(b"abc", fin=False, key=b"\x11\x22\x33\x44")
                + frame(PING, b"ping", key=b"\x99\x88\x77\x66")
                + frame(CONTINUATION, b"def", key=b"\xde\xad\xbe\xef"))
        self.accepts(data, [(PONG, b"ping"), (BINARY, b"abcdef")])

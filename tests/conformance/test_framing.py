"""Frames and their lengths: RFC 6455 sections 5.2 and 5.6."""

import os
import struct

from echo_cases import EchoCases, binary, chopped, text
from support.raw_websocket import BINARY, TEXT

# Lengths on both sides of each length encoding.
LENGTHS = (0, 1, 125, 126, 127, 128, 65535, 65536, 65537)


def with_length(encoded, length):
    """Returns a binary frame of `length` bytes, with the length encoded as given."""
    return b"\x82" + encoded + b"\0\0\0\0" + b"x" * length


class Framing(EchoCases):
    def test_text_of_every_length_encoding_is_echoed_in_the_shortest(self):
        for length in LENGTHS:
            self.accepts(text(b"*" * length), [(TEXT, b"*" * length)])

    def test_binary_of_every_length_encoding_is_echoed_in_the_shortest(self):
        for length in LENGTHS:
            payload = os.urandom(length)
            self.accepts(binary(payload), [(BINARY, payload)])

    def test_message_in_pieces_of_any_size_arrives_whole(self):
        payload = os.urandom(65536)
        for size in (997, 4096, 16384, 16385):
            with self.subTest(size=size), self.open() as ws:
                for piece in chopped(binary(payload), size):
                    ws.send(piece)
                self.assertEqual(ws.receive(), (BINARY, payload))

    def test_frames_of_one_segment_are_answered_in_order(self):
        payloads = [b"%d" % number * number for number in range(100)]
        self.accepts(b"".join(map(text, payloads)), [(TEXT, payload) for payload in payloads])

    def test_text_and_binary_keep_their_type_between_each_other(self):
        self.accepts(text(b"a") + binary(b"b") + text(b"") + binary(b"") + text(b"c"),
                     [(TEXT, b"a"), (BINARY, b"b"), (TEXT, b""), (BINARY, b""), (TEXT, b"c")])

    def test_length_in_more_bytes_than_it_needs_is_refused(self):
        # "The minimal number of bytes MUST be used to encode the length."
        for length in (0, 1, 125):
            self.refuses(with_length(b"\xfe" + struct.pack("!H", length), length), 1002)
        for length in (0, 125, 126, 65535):
            self.refuses(with_length(b"\xff" + struct.pack("!Q", length), length), 1002)

    def test_length_with_its_most_significant_bit_set_is_refused(self):
        self.refuses(with_length(b"\xff\x80" + b"\0" * 6 + b"\x01", 0), 1002)
        self.refuses(with_length(b"\xff" * 9, 0), 1002)

    def test_bad_length_is_refused_at_its_last_byte(self):
        self.refuses_at_last_byte(b"\x82\xfe\x00\x7d", 1002)
        self.refuses_at_last_byte(b"\x82\xff\0\0\0\0\0\0\xff\xff", 1002)

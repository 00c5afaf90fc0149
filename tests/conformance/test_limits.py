"""Sizes: messages up to the limit, over any number of frames and in pieces of any size; larger ones are
refused with 1009 (RFC 6455 section 7.4.1) before they are read."""

import os

from echo_cases import MAX_SIZE, EchoCases, binary, chopped, fragments, text
from support.raw_websocket import BINARY, CONTINUATION, PING, PONG, TEXT, frame

MIB = 1 << 20
NOISE = os.urandom(MAX_SIZE)


class LongMessages(EchoCases):
    def echoes(self, opcode, payload, pieces):
        with self.subTest(size=len(payload), piece=len(pieces[0])), self.open() as ws:
            for piece in pieces:
                ws.send(piece)
            self.assertTrue(ws.receive() == (opcode, payload), "another message came back")

    def test_text_up_to_16_mib_is_echoed(self):
        for size in (65536, 256 << 10, MIB, 4 * MIB, 16 * MIB):
            self.echoes(TEXT, b"*" * size, [text(b"*" * size)])

    def test_binary_up_to_16_mib_is_echoed(self):
        for size in (65536, 256 << 10, MIB, 4 * MIB, 16 * MIB):
            self.echoes(BINARY, NOISE[:size], [binary(NOISE[:size])])

    def test_text_of_many_bytes_a_character_is_echoed(self):
        payload = "\u00fc\u20ac\U0001f600".encode() * (MIB // 9)
        self.echoes(TEXT, payload, [text(payload)])
        self.echoes(TEXT, payload, [fragments(TEXT, *chopped(payload, 1001))])

    def test_message_in_fragments_of_any_size_is_echoed(self):
        for size in (64, 256, 1 << 10, 4 << 10, 16 << 10, 64 << 10, 256 << 10, MIB):
            payload = NOISE[: min(MIB, size * 4096)]
            self.echoes(BINARY, payload, [fragments(BINARY, *chopped(payload, size))])
        self.echoes(BINARY, NOISE, [fragments(BINARY, *chopped(NOISE, MIB))])

    def test_message_in_pieces_of_any_size_is_echoed(self):
        for size in (64, 128, 256, 512, 1024):
            payload = NOISE[: size * 1024]
            self.echoes(BINARY, payload, chopped(binary(payload), size))
            self.echoes(TEXT, b"*" * len(payload), chopped(text(b"*" * len(payload)), size))

    def test_a_thousand_messages_of_each_size_are_echoed(self):
        for size in (0, 16, 64, 256, 1024, 4096):
            with self.subTest(size=size), self.open() as ws:
                payload = NOISE[:size]
                for _ in range(10):
                    ws.send(binary(payload) * 100)
                    for _ in range(100):
                        self.assertEqual(ws.receive(), (BINARY, payload))


class Limit(EchoCases):
    def test_frame_that_announces_too_much_is_refused_at_its_header(self):
        for opcode in (TEXT, BINARY):
            header = frame(opcode, b"x" * (MAX_SIZE + 1), key=b"\0\0\0\0")[:14]
            self.refuses_at_last_byte(header, 1009)

    def test_length_that_no_machine_has_is_refused(self):
        self.refuses(b"\x82\xff\x7f" + b"\xff" * 7 + b"mask", 1009)

    def test_message_over_the_limit_in_all_its_frames_is_refused_at_the_header_of_the_last(self):
        with self.open() as ws:
            ws.send(binary(NOISE, fin=False))
            ws.send(frame(CONTINUATION, b"", fin=False) + frame(PING, b"still here"))
            self.assertEqual(ws.receive(), (PONG, b"still here"))
            ws.send(frame(CONTINUATION, b"x")[:6])
            self.assertEqual(ws.receive_close(), 1009)

    def test_message_before_it_is_answered_first(self):
        self.refuses(text(b"good") + b"\x82\xff\x7f" + b"\xff" * 7 + b"mask", 1009, [(TEXT, b"good")])

    def test_close_arrives_although_the_client_sends_on(self):
        data = binary(b"x" * (MAX_SIZE + 1), key=b"\0\0\0\0")
        self.refuses(data, 1009)

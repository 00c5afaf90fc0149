"""Text is UTF-8: RFC 6455 sections 5.6 and 8.1, RFC 3629.

Whether a message is in one frame or many, bad text fails the connection at its first bad byte.
"""

from echo_cases import EchoCases, binary, chopped, fragments, text
from support.raw_websocket import BINARY, CONTINUATION, PING, PONG, TEXT, frame

KOSME = "\u03ba\u1f79\u03c3\u03bc\u03b5".encode()

# The first and the last of each length, and the neighbours of the surrogates.
VALID = [chr(point).encode() for point in (
    0x00, 0x7F, 0x80, 0x7FF, 0x800, 0xFFFD, 0xFFFE, 0xFFFF, 0xD7FF, 0xE000, 0x10000, 0x1FFFE,
    0x1FFFF, 0xFFFFE, 0x10FFFE, 0x10FFFF)]

INVALID = {
    "a continuation byte alone": [b"\x80", b"\xbf", b"\x80\xbf" * 3, bytes(range(0x80, 0xC0))],
    "a sequence cut short by the next character": [
        b"\xc2 ", b"\xe1\x80 ", b"\xe1 ", b"\xf1\x80\x80 ", b"\xf1\x80 ", b"\xf1 "],
    "a sequence cut short by another": [b"\xc2\xc2\x80", b"\xe1\x80\xe1\x80\x80",
                                        b"\xf1\x80\x80\xf1\x80\x80\x80"],
    "a sequence cut short by the end": [b"\xc2", b"\xe1", b"\xe1\x80", b"\xf1", b"\xf1\x80",
                                        b"\xf1\x80\x80", KOSME[:-1]],
    "a byte that is in no sequence": [b"\xfe", b"\xff", b"\xc0", b"\xc1", b"\xf5", b"\xf8", b"\xfc"],
    "a sequence of five or six bytes": [b"\xf8\x88\x80\x80\x80", b"\xfc\x84\x80\x80\x80\x80"],
    "a longer sequence than it takes": [b"\xc0\xaf", b"\xe0\x80\xaf", b"\xf0\x80\x80\xaf",
                                        b"\xc1\xbf", b"\xe0\x9f\xbf", b"\xf0\x8f\xbf\xbf",
                                        b"\xc0\x80", b"\xe0\x80\x80"],
    "a surrogate": [b"\xed\xa0\x80", b"\xed\xad\xbf", b"\xed\xae\x80", b"\xed\xbf\xbf",
                    b"\xed\xa0\x80\xed\xb0\x80", b"\xed\xaf\xbf\xed\xbf\xbf"],
    "a code point above U+10FFFF": [b"\xf4\x90\x80\x80", b"\xf7\xbf\xbf\xbf"],
}

# Text that is valid up to its last byte, which no valid text has there.
BAD_AT_ITS_LAST_BYTE = [b"\x80", b"ok\xc0", b"ok\xff", b"\xe0\x9f", b"\xed\xa0", b"\xf0\x8f",
                        b"\xf4\x90", KOSME + b"\xf5", b"x" * 200 + b"\xc1", b"\xe1\x80\x20"]


class Utf8(EchoCases):
    def test_valid_text_is_echoed(self):
        for payload in (*VALID, KOSME, b"".join(VALID)):
            self.accepts(text(payload), [(TEXT, payload)])

    def test_valid_text_may_be_cut_anywhere_into_fragments(self):
        payload = KOSME + b"".join(VALID)
        self.accepts(fragments(TEXT, *chopped(payload, 1)), [(TEXT, payload)])
        for cut in range(len(KOSME) + 1):
            self.accepts(fragments(TEXT, KOSME[:cut], KOSME[cut:]), [(TEXT, KOSME)])

    def test_every_part_of_the_basic_plane_is_echoed(self):
        points = [point for point in range(0x10000) if not 0xD800 <= point < 0xE000]
        payload = "".join(map(chr, points)).encode()
        self.accepts(text(payload), [(TEXT, payload)])

    def test_invalid_text_is_refused(self):
        for name, payloads in INVALID.items():
            with self.subTest(name):
                for payload in payloads:
                    self.refuses(text(payload), 1007)

    def test_invalid_text_within_valid_text_is_refused(self):
        for name, payloads in INVALID.items():
            with self.subTest(name):
                for payload in payloads:
                    self.refuses(text(KOSME * 20 + payload + KOSME), 1007)

    def test_invalid_text_is_refused_however_it_is_fragmented(self):
        for payload in (b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xc0\x80", KOSME[:-1]):
            self.refuses(fragments(TEXT, *chopped(payload, 1)), 1007)
            self.refuses(fragments(TEXT, payload, b""), 1007)
            self.refuses(fragments(TEXT, b"", KOSME, payload), 1007)

    def test_message_before_it_is_answered_first(self):
        self.refuses(text(KOSME) + text(b"\xff"), 1007, [(TEXT, KOSME)])

    def test_ping_before_it_is_answered_first(self):
        self.refuses(text(b"a", fin=False) + frame(PING, b"p") + frame(CONTINUATION, b"\xff"), 1007,
                     [(PONG, b"p")])

    def test_bad_byte_in_an_unfinished_message_is_refused_at_once(self):
        for payload in BAD_AT_ITS_LAST_BYTE:
            self.refuses(text(payload, fin=False), 1007)
            self.refuses(text(KOSME, fin=False) + frame(CONTINUATION, payload, fin=False), 1007)

    def test_bad_byte_in_an_unfinished_frame_is_refused_at_once(self):
        for payload in BAD_AT_ITS_LAST_BYTE:
            whole = text(payload + b"x" * 100)
            self.refuses_at_last_byte(whole[: len(whole) - 100], 1007)

    def test_bad_byte_in_a_later_frame_is_refused_at_once(self):
        for payload in BAD_AT_ITS_LAST_BYTE:
            rest = frame(CONTINUATION, payload + b"x" * 100)
            self.refuses_at_last_byte(text(KOSME, fin=False) + rest[: len(rest) - 100], 1007)

    def test_sequence_that_is_cut_by_a_frame_is_checked_across_it(self):
        rest = frame(CONTINUATION, b"\xa0\x80" + b"x" * 10)
        self.refuses_at_last_byte(text(b"\xed", fin=False) + rest[: len(rest) - 11], 1007)

    def test_sequence_that_the_message_leaves_open_is_refused_at_its_end(self):
        self.refuses_at_last_byte(text(KOSME[:-1]), 1007)
        self.refuses_at_last_byte(fragments(TEXT, KOSME[:-1], b"")[:-4] + b"\0\0\0\0", 1007)

    def test_binary_may_hold_anything(self):
        for payload in sum(INVALID.values(), []):
            self.accepts(binary(payload), [(BINARY, payload)])
            self.accepts(fragments(BINARY, payload[:1], payload[1:]), [(BINARY, payload)])

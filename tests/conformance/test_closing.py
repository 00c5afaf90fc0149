"""The closing handshake: RFC 6455 sections 5.5.1, 7.1 and 7.4. Every case sees the server end the
stream after its close frame (section 7.1.1)."""

from echo_cases import GOODBYE, EchoCases, binary, text
from support.http import fetch
from support.raw_websocket import (
    BINARY, CLOSE, CONTINUATION, PING, PONG, TEXT, Closed, RawWebsocket, close_payload, frame)
from support.server import wait_until

MAY_BE_SENT = (1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3999,
               4000, 4999)
# Codes that are reserved, unassigned, or outside of every range.
MAY_NOT_BE_SENT = (0, 1, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65535)


def close(code, reason=b""):
    return frame(CLOSE, close_payload(code, reason))


class Closing(EchoCases):
    def test_close_is_answered_with_its_code(self):
        for code in MAY_BE_SENT:
            self.closes(close(code), close_payload(code))

    def test_close_without_a_code_is_answered_without_one(self):
        self.closes(frame(CLOSE), b"")

    def test_reason_may_be_anything_in_utf_8_up_to_123_bytes(self):
        for reason in (b"", b"ok", "\u00fc\U0001f600".encode(), b"x" * 123):
            self.closes(close(1000, reason), close_payload(1000))

    def test_code_that_may_not_be_sent_is_refused(self):
        for code in MAY_NOT_BE_SENT:
            self.refuses(close(code), 1002)
            self.refuses(close(code, b"reason"), 1002)

    def test_payload_of_one_byte_is_refused(self):
        for payload in (b"\x03", b"\0"):
            self.refuses(frame(CLOSE, payload), 1002)

    def test_payload_of_more_than_125_bytes_is_refused(self):
        self.refuses(close(1000, b"x" * 124), 1002)

    def test_reason_that_is_not_utf_8_is_refused(self):
        for reason in (b"\xff", b"ok\xed\xa0\x80", b"\xc3", b"x" * 122 + b"\xce"):
            self.refuses(close(1000, reason), 1007)

    def test_messages_before_it_are_answered_first(self):
        self.closes(text(b"a") + frame(PING, b"p") + binary(b"b") + GOODBYE, close_payload(1000),
                    [(TEXT, b"a"), (PONG, b"p"), (BINARY, b"b")])

    def test_nothing_after_it_is_answered(self):
        for more in (text(b"late"), frame(PING, b"late"), GOODBYE, close(3000), b"\xff" * 50,
                     text(b"\xff"), frame(CONTINUATION, b"c")):
            self.closes(GOODBYE + more, close_payload(1000))

    def test_long_message_after_it_does_not_lose_the_answer(self):
        self.closes(GOODBYE + binary(b"x" * 300_000), close_payload(1000))

    def test_it_drops_an_unfinished_message(self):
        self.closes(text(b"a", fin=False) + close(1001), close_payload(1001))

    def test_server_ends_the_stream_first(self):
        # Section 7.1.1: otherwise the client would have the port in TIME_WAIT.
        with self.open() as ws:
            ws.send(GOODBYE)
            self.assertEqual(ws.receive(), (CLOSE, close_payload(1000)))
            with self.assertRaises(Closed):
                ws.receive()

    def test_close_after_half_a_frame_is_part_of_that_frame(self):
        with self.open() as ws:
            ws.send(binary(b"x" * 100)[:50] + GOODBYE)
            self.assert_silent(ws)

    def test_end_of_the_stream_without_a_close_ends_the_connection(self):
        for before in (b"", text(b"a", fin=False), text(b"abc")[:5]):
            with self.subTest(before=before), self.open() as ws:
                ws.send(before)
                ws.socket.shutdown(1)
                self.assertEqual(ws.receive_to_the_end(), [])

    def test_server_serves_on_after_all_of_it(self):
        for data in (GOODBYE, close(0), b"\xff" * 10):
            for _ in range(20):
                with RawWebsocket(self.server, self.path) as ws:
                    ws.send(data)
        self.accepts(text(b"after"), [(TEXT, b"after")])
        wait_until(lambda: fetch(self.server, "/?sleep=0").status == 200, 5)

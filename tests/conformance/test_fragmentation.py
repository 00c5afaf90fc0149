"""Messages in several frames: RFC 6455 section 5.4."""

from echo_cases import EchoCases, binary, chopped, fragments, interleaved, text
from support.raw_websocket import (
    BINARY, CLOSE, CONTINUATION, PING, PONG, TEXT, close_payload, frame)


class Fragmentation(EchoCases):
    def test_message_is_put_together(self):
        for opcode in (TEXT, BINARY):
            self.accepts(fragments(opcode, b"one ", b"two"), [(opcode, b"one two")])
            self.accepts(fragments(opcode, *[b"%d;" % i for i in range(50)]),
                         [(opcode, b"".join(b"%d;" % i for i in range(50)))])

    def test_empty_fragments_add_nothing(self):
        self.accepts(fragments(TEXT, b"", b"", b""), [(TEXT, b"")])
        self.accepts(fragments(TEXT, b"", b"middle", b""), [(TEXT, b"middle")])
        self.accepts(fragments(BINARY, b"a", b"", b"b"), [(BINARY, b"ab")])

    def test_fragments_of_one_byte_make_a_message(self):
        payload = b"x" * 1000
        self.accepts(fragments(TEXT, *chopped(payload, 1)), [(TEXT, payload)])

    def test_message_that_a_client_cuts_by_itself_arrives_whole(self):
        payload = b"*" * 65536
        self.accepts(fragments(TEXT, *chopped(payload, 1300)), [(TEXT, payload)])

    def test_messages_in_fragments_follow_each_other(self):
        self.accepts(fragments(TEXT, b"a", b"b") + binary(b"c") + fragments(BINARY, b"d", b"e", b"f"),
                     [(TEXT, b"ab"), (BINARY, b"c"), (BINARY, b"def")])

    def test_ping_between_fragments_is_answered_before_the_message(self):
        message = [text(b"a", fin=False), frame(CONTINUATION, b"b", fin=False),
                   frame(CONTINUATION, b"c")]
        self.accepts(interleaved(message, frame(PING, b"p")),
                     [(PONG, b"p"), (PONG, b"p"), (TEXT, b"abc")])

    def test_ping_between_fragments_is_answered_at_once(self):
        with self.open() as ws:
            ws.send(text(b"a", fin=False) + frame(PING, b"p"))
            self.assertEqual(ws.receive(), (PONG, b"p"))
            ws.send(frame(CONTINUATION, b"b"))
            self.assertEqual(ws.receive(), (TEXT, b"ab"))

    def test_pong_between_fragments_is_ignored(self):
        message = [binary(b"a", fin=False), frame(CONTINUATION, b"b")]
        self.accepts(interleaved(message, frame(PONG, b"unasked")), [(BINARY, b"ab")])

    def test_close_between_fragments_is_answered_and_the_message_dropped(self):
        self.closes(text(b"a", fin=False) + frame(CLOSE, close_payload(1000)), close_payload(1000))

    def test_unfinished_message_is_not_delivered(self):
        with self.open() as ws:
            ws.send(text(b"a", fin=False) + frame(CONTINUATION, b"b", fin=False))
            self.assert_silent(ws)

    def test_continuation_of_nothing_is_refused(self):
        for fin in (True, False):
            for payload in (b"", b"abc"):
                self.refuses(frame(CONTINUATION, payload, fin=fin) + text(b"after"), 1002)

    def test_continuation_of_a_whole_message_is_refused_after_its_echo(self):
        for fin in (True, False):
            self.refuses(text(b"whole") + frame(CONTINUATION, b"more", fin=fin), 1002,
                         [(TEXT, b"whole")])

    def test_continuation_of_a_finished_message_is_refused_after_its_echo(self):
        self.refuses(fragments(TEXT, b"a", b"b") + frame(CONTINUATION, b"c"), 1002,
                     [(TEXT, b"ab")])

    def test_new_message_within_one_is_refused(self):
        for begun in (TEXT, BINARY):
            for opcode in (TEXT, BINARY):
                for fin in (True, False):
                    self.refuses(frame(begun, b"a", fin=False) + frame(opcode, b"b", fin=fin), 1002)

    def test_control_frame_is_never_fragmented(self):
        for opcode in (PING, PONG):
            self.refuses(frame(opcode, b"a", fin=False) + frame(CONTINUATION, b"b"), 1002)
            self.refuses(frame(opcode, b"", fin=False), 1002)
        self.refuses(frame(CLOSE, close_payload(1000), fin=False), 1002)

    def test_fragments_of_two_clients_stay_apart(self):
        with self.open() as one, self.open() as other:
            for turn in range(10):
                one.send(text(b"one", fin=False))
                other.send(binary(b"other", fin=False))
                one.send(frame(CONTINUATION, b"%d" % turn))
                other.send(frame(CONTINUATION, b"!"))
                self.assertEqual(other.receive(), (BINARY, b"other!"))
                self.assertEqual(one.receive(), (TEXT, b"one%d" % turn))

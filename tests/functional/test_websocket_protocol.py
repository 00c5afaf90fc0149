"""Input that a client must not send, on a raw socket: the worker continues, and the native mapper closes
with the right code. tests/conformance tests the recommended mapper."""

import socket
import threading
import time

from support.http import fetch
from support.paths import example
from support.patience import patient
from support.raw_websocket import (
    BINARY, CLOSE, CONTINUATION, PING, TEXT, Closed, RawWebsocket, close_payload, frame)
from support.server import ServerTest, plugin_options

STRICT, NATIVE = "/type", "/uwsgi-type"

# The input, and the code of the close.
VIOLATIONS = {
    "unmasked frame": (frame(TEXT, b"abc", masked=False), 1002),
    "lone continuation": (frame(CONTINUATION, b"abc"), 1002),
    "lone unfinished continuation": (frame(CONTINUATION, b"abc", fin=False), 1002),
    "new message inside one": (frame(TEXT, b"a", fin=False) + frame(TEXT, b"b"), 1002),
    "reserved opcode": (frame(0x3, b"abc"), 1002),
    "reserved control opcode": (frame(0xB, b"abc"), 1002),
    "reserved bit": (frame(TEXT, b"abc", rsv=4), 1002),
    "fragmented ping": (frame(PING, b"abc", fin=False), 1002),
    "long ping": (frame(PING, b"x" * 126), 1002),
    "close payload of one byte": (frame(CLOSE, b"\x03"), 1002),
    "close code that may not be sent": (frame(CLOSE, close_payload(1005)), 1002),
    "text that is not UTF-8": (frame(TEXT, b"\xff\xfe"), 1007),
    "close reason that is not UTF-8": (frame(CLOSE, close_payload(1000, b"\xff")), 1007),
    "bad UTF-8 in an unfinished message": (frame(TEXT, b"ok\xc0\x80", fin=False), 1007),
    "surrogate": (frame(TEXT, b"\xed\xa0\x80"), 1007),
    "message over the limit": (frame(BINARY, b"x" * ((1 << 20) + 1)), 1009),
    "fragments over the limit": (
        frame(BINARY, b"x" * (1 << 20), fin=False) + frame(CONTINUATION, b"xx"), 1009),
    "length that no machine has": (b"\x82\xff\x7f" + b"\xff" * 7 + b"mask", 1009),
    "length with its first bit set": (b"\x82\xff" + b"\xff" * 8 + b"mask", 1002),
}


class Violations(ServerTest):
    ini = "features.ini"

    def assert_worker_serves(self):
        self.assertEqual(fetch(self.server, "/title").status, 200)
        for path in (STRICT, NATIVE):
            with RawWebsocket(self.server, path) as ws:
                ws.send_frame(TEXT, b"abc")
                self.assertEqual(ws.receive(), (TEXT, b"str:3"))

    def test_native_mapper_names_the_violation_but_for_bad_text(self):
        for name, (data, code) in VIOLATIONS.items():
            if code == 1007 and data[0] & 0x0F != CLOSE:
                continue
            with self.subTest(name), RawWebsocket(self.server, NATIVE) as ws:
                try:
                    ws.send(data)
                except ConnectionError:
                    pass
                self.assertEqual(ws.receive_close(), code)
        self.assert_worker_serves()

    def test_violations_are_not_logged_as_errors(self):
        for data, _ in list(VIOLATIONS.values())[:4]:
            with RawWebsocket(self.server, STRICT) as ws:
                ws.send(data)
                ws.receive_close()
        self.assertNotIn("exception", self.new_log())

    def test_native_mapper_survives_every_violation(self):
        for name, (data, _) in VIOLATIONS.items():
            with self.subTest(name):
                with RawWebsocket(self.server, NATIVE, timeout=2) as ws:
                    try:
                        ws.send(data + frame(TEXT, b"after") + frame(CLOSE, close_payload(1000)))
                        ws.receive_close()
                    except (ConnectionError, TimeoutError):
                        pass
                self.assertTrue(self.server.is_running())
        self.assert_worker_serves()

    def test_native_mapper_refuses_a_lone_continuation(self):
        with RawWebsocket(self.server, NATIVE) as ws:
            ws.send_frame(CONTINUATION, b"abc")
            with self.assertRaises((Closed, ConnectionError)):
                while ws.receive()[0] == CLOSE:
                    pass

    def test_native_mapper_does_not_lose_its_close_to_what_follows(self):
        for _ in range(5):
            with RawWebsocket(self.server, NATIVE) as ws:
                ws.send(frame(CLOSE, close_payload(3000)) + frame(BINARY, b"x" * 300_000))
                self.assertEqual(ws.receive_to_the_end(), [(CLOSE, close_payload(3000))])

    def test_native_mapper_delivers_no_unfinished_fragment(self):
        with RawWebsocket(self.server, NATIVE) as ws:
            ws.send_frame(TEXT, b"abc", fin=False)
            ws.send_frame(CONTINUATION, b"de", fin=False)
            ws.send_frame(CONTINUATION, b"f")
            self.assertEqual(ws.receive(), (TEXT, b"str:6"))

    def test_client_that_vanishes_inside_a_message_harms_nobody(self):
        for path in (STRICT, NATIVE):
            for data in (frame(TEXT, b"abc", fin=False), frame(TEXT, b"abcdef")[:7],
                         frame(BINARY, b"x" * 100_000)[:50_000]):
                with self.subTest(path=path, data=data[:10]):
                    ws = RawWebsocket(self.server, path)
                    ws.send(data)
                    ws.socket.close()
        self.assert_worker_serves()


class Floods(ServerTest):
    ini = "features.ini"

    # Frames without a message, so that only the engine itself sees them.
    floods = {"pings": (b"", frame(PING) * 10_000),
              "long pings": (b"", frame(PING, b"x" * 125) * 2_000),
              "fragments": (frame(TEXT, b"", fin=False), frame(CONTINUATION, fin=False) * 10_000)}

    def send_for(self, seconds, path, first, more):
        with RawWebsocket(self.server, path) as ws:
            reader = threading.Thread(target=self.drain, args=(ws.socket,))
            reader.start()
            end = time.monotonic() + seconds
            ws.send(first)
            while time.monotonic() < end:
                ws.socket.send(more)
            ws.socket.shutdown(socket.SHUT_RDWR)
            reader.join()

    def drain(self, client):
        try:
            while client.recv(1 << 20):
                pass
        except OSError:
            pass

    def test_client_that_floods_holds_nobody_up(self):
        for path in (STRICT, NATIVE):
            for name, (first, more) in self.floods.items():
                with self.subTest(path=path, flood=name):
                    flood = threading.Thread(target=self.send_for, args=(0.6, path, first, more))
                    flood.start()
                    time.sleep(0.2)
                    while flood.is_alive():
                        begin = time.monotonic()
                        self.assertEqual(fetch(self.server, "/title").status, 200)
                        self.assertLess(time.monotonic() - begin, patient(0.5))
                    flood.join()


class SizeLimit(ServerTest):
    limit = 1500
    options = plugin_options("--http-socket", "127.0.0.1:{port}", "--aiopyr", "10",
                             "--aiopyr-app", example("features"),
                             "--aiopyr-websocket-max-size", str(limit))

    def test_option_limits_a_message_to_the_byte(self):
        for path in (STRICT, NATIVE):
            with self.subTest(path=path), RawWebsocket(self.server, path) as ws:
                ws.send_frame(TEXT, b"x" * self.limit)
                self.assertEqual(ws.receive(), (TEXT, b"str:1500"))
                ws.send_frame(TEXT, b"x" * (self.limit + 1))
                self.assertEqual(ws.receive_close(), 1009)

    def test_option_limits_a_message_over_all_its_frames(self):
        for path in (STRICT, NATIVE):
            with self.subTest(path=path), RawWebsocket(self.server, path) as ws:
                ws.send(frame(TEXT, b"x" * 1000, fin=False) + frame(CONTINUATION, b"x" * 500))
                self.assertEqual(ws.receive(), (TEXT, b"str:1500"))
                ws.send(frame(TEXT, b"x" * 1000, fin=False) + frame(CONTINUATION, b"x" * 501))
                self.assertEqual(ws.receive_close(), 1009)


class RaisedSizeLimit(ServerTest):
    options = plugin_options("--http-socket", "127.0.0.1:{port}", "--aiopyr", "10",
                             "--aiopyr-app", example("features"),
                             "--aiopyr-websocket-max-size", str(3 << 20))

    def test_option_lets_longer_messages_in_than_uwsgis_default(self):
        for path in (STRICT, NATIVE):
            with self.subTest(path=path), RawWebsocket(self.server, path) as ws:
                ws.send_frame(BINARY, b"x" * (3 << 20))
                self.assertEqual(ws.receive(), (TEXT, b"bytes:3145728"))


class CrossTalk(ServerTest):
    ini = "tutorial.ini"

    def test_interleaved_fragments_of_two_clients_stay_apart(self):
        for path in ("/echo", "/echo-uwsgi", "/echo-uwsgi-class"):
            with self.subTest(path=path), RawWebsocket(self.server, path) as a, \
                    RawWebsocket(self.server, path) as b:
                for turn in range(20):
                    own_a, own_b = f"a{turn}" * 10, f"b{turn}" * 10
                    a.send_frame(TEXT, b"A:" + own_a.encode(), fin=False)
                    b.send_frame(TEXT, b"B:" + own_b.encode(), fin=False)
                    a.send_frame(CONTINUATION, own_a.encode(), fin=False)
                    b.send_frame(CONTINUATION, b"!")
                    a.send_frame(CONTINUATION, b"!")
                    self.assertEqual(a.receive(), (TEXT, f"A:{own_a}{own_a}!".encode()))
                    self.assertEqual(b.receive(), (TEXT, f"B:{own_b}!".encode()))

    def test_fragments_of_many_clients_stay_apart(self):
        failures = []

        def talk(name):
            try:
                with RawWebsocket(self.server, "/echo-uwsgi") as ws:
                    for turn in range(20):
                        parts = [f"{name}-{turn}-{i};".encode() * 50 for i in range(4)]
                        ws.send_frame(TEXT, parts[0], fin=False)
                        for part in parts[1:-1]:
                            ws.send_frame(CONTINUATION, part, fin=False)
                        ws.send_frame(CONTINUATION, parts[-1])
                        if ws.receive() != (TEXT, b"".join(parts)):
                            failures.append(f"{name}: something else came back")
                            return
            except Exception as error:
                failures.append(f"{name}: {error!r}")

        threads = [threading.Thread(target=talk, args=(name,)) for name in range(16)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(patient(30))
        self.assertEqual(failures, [])

"""One set of tests for every way to a websocket: plain, over TLS, behind uWSGI's routers, behind nginx."""

import http.client
import os
import socket
import struct
import time
from concurrent.futures import ThreadPoolExecutor

from support.fronts import Certificate, Nginx
from support.paths import example
from support.patience import patient
from support.raw_websocket import (
    BINARY, CLOSE, CONTINUATION, PING, PONG, TEXT, RawWebsocket, Refused, close_payload, frame)
from support.server import Server, ServerTest

# The options of a test override those of its ini.
FEATURES = ["--aiopyr-app", example("features")]
GOODBYE = frame(CLOSE, close_payload(1000))
# The header alone announces more than every limit.
HEAD_OF_A_TEBIBYTE = struct.pack("!BBQ", 0x82, 0x80 | 127, 1 << 40) + b"mask"
SIZES = (0, 1, 125, 126, 65535, 65536, (1 << 20) - 1)


class Front:
    """The tests. A subclass names the ini, and the server in front."""

    ini = None
    scheme = "http"
    nginx = None
    options = ()

    @classmethod
    def setUpClass(cls):
        environment, cls.tls = {}, None
        if cls.scheme == "https":
            certificate = Certificate()
            cls.addClassCleanup(certificate.remove)
            environment, cls.tls = certificate.environment, certificate.client_context()
        cls.server = cls.front = Server(cls.ini, [*FEATURES, *cls.options], environment)
        cls.addClassCleanup(cls.server.stop)
        if cls.nginx:
            cls.front = cls.enterClassContext(Nginx(cls.nginx, cls.server.port))

    def open(self, path="/echo", **options):
        ws = RawWebsocket(self.front, path, tls=self.tls, **options)
        self.addCleanup(ws.socket.close)
        return ws

    def ask(self, path, headers):
        """Returns status, headers and body of an ordinary request."""
        if self.tls:
            client = http.client.HTTPSConnection(*self.front.address, timeout=patient(10), context=self.tls)
        else:
            client = http.client.HTTPConnection(*self.front.address, timeout=patient(10))
        try:
            client.request("GET", path, headers=headers)
            response = client.getresponse()
            return response.status, response.headers, response.read()
        finally:
            client.close()

    def test_messages_of_any_size_are_echoed(self):
        ws = self.open()
        for size in SIZES:
            for opcode, payload in ((TEXT, b"*" * size), (BINARY, os.urandom(size))):
                ws.send_frame(opcode, payload)
                self.assertTrue(ws.receive() == (opcode, payload), f"{size} bytes came back changed")

    def test_frames_of_one_segment_are_answered_in_order(self):
        ws = self.open()
        payloads = [b"%d" % number * number for number in range(100)]
        ws.send(b"".join(frame(TEXT, payload) for payload in payloads))
        self.assertEqual([ws.receive() for _ in payloads], [(TEXT, payload) for payload in payloads])

    def test_frames_may_come_with_the_handshake(self):
        ws = self.open(early=frame(TEXT, b"early") + frame(BINARY, b"2"))
        self.assertEqual(ws.receive(), (TEXT, b"early"))
        self.assertEqual(ws.receive(), (BINARY, b"2"))

    def test_ping_between_fragments_is_answered_at_once(self):
        ws = self.open()
        ws.send(frame(TEXT, b"one ", fin=False) + frame(PING, b"p"))
        self.assertEqual(ws.receive(), (PONG, b"p"))
        ws.send_frame(CONTINUATION, b"two")
        self.assertEqual(ws.receive(), (TEXT, b"one two"))

    def test_bytes_that_come_one_by_one_are_put_together(self):
        ws = self.open()
        for byte in frame(TEXT, b"slow") + frame(PING, b"p"):
            ws.send(bytes([byte]))
        self.assertEqual([ws.receive(), ws.receive()], [(TEXT, b"slow"), (PONG, b"p")])

    def test_close_of_the_client_is_answered_with_its_code(self):
        for code in (1000, 1001, 3000, 4999):
            with self.subTest(code=code):
                ws = self.open("/close")
                ws.send_frame(CLOSE, close_payload(code, b"bye"))
                self.assertEqual(ws.receive_to_the_end(), [(CLOSE, close_payload(code))])
                self.wait_for_new_log(f"websocket ended with {code}\n", 5)

    def test_close_of_the_server_arrives_with_code_and_reason(self):
        ws = self.open("/close")
        ws.send_frame(TEXT, b"4001 so long")
        self.assertEqual(ws.receive(), (CLOSE, close_payload(4001, b"so long")))
        ws.send_frame(CLOSE, close_payload(4001))
        self.assertEqual(ws.receive_to_the_end(), [])

    def test_violation_is_answered_with_its_code(self):
        for data, code in ((frame(TEXT, b"\xff"), 1007), (frame(TEXT, b"a", masked=False), 1002),
                           (frame(0x3), 1002), (HEAD_OF_A_TEBIBYTE, 1009)):
            with self.subTest(code=code):
                ws = self.open()
                ws.send(frame(TEXT, b"good") + data)
                self.assertEqual(ws.receive(), (TEXT, b"good"))
                self.assertEqual(ws.receive_close(), code)

    def test_subprotocol_is_agreed_on(self):
        ws = self.open("/speak", headers=["Sec-WebSocket-Protocol: chat.v1, chat.v2, other"])
        self.assertIn(b"sec-websocket-protocol: chat.v2\r\n", ws.head.lower())
        self.assertEqual(ws.receive(), (TEXT, b"we speak chat.v2"))

    def test_refusal_is_an_ordinary_response(self):
        good = {"Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Version": "13",
                "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ=="}
        for path, headers, status in (
                ("/echo", {}, 426), ("/echo", {**good, "Sec-WebSocket-Version": "8"}, 426),
                ("/echo", {**good, "Sec-WebSocket-Key": "short"}, 400),
                ("/echo", {**good, "Origin": "http://evil.example"}, 403),
                ("/no-such-path", good, 404)):
            with self.subTest(path=path, headers=headers):
                answered, received, body = self.ask(path, headers)
                self.assertEqual(answered, status)
                self.assertTrue(body)
                self.assertNotIn("sec-websocket-accept", received)

    def test_page_of_the_same_origin_is_welcome(self):
        origin = f"{self.scheme}://{self.front.host}:{self.front.port}"
        self.open(headers=[f"Origin: {origin}"]).send(GOODBYE)

    def test_browser_that_keeps_connections_alive_is_welcome(self):
        # The headers of Firefox.
        answer = self.open(headers=["Connection: keep-alive, Upgrade"])
        answer.send(GOODBYE)

    def test_client_that_vanishes_is_noticed(self):
        for before in (b"", frame(TEXT, b"unfinished", fin=False), frame(TEXT, b"4000")[:4]):
            with self.subTest(before=before):
                self._log_begin = len(self.server.log())
                ws = self.open("/close")
                ws.send(before)
                ws.socket.close()
                self.wait_for_new_log("websocket ended with 1006\n", 5)

    def test_client_that_resets_its_connection_is_noticed(self):
        ws = self.open("/close")
        ws.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        ws.socket.close()
        self.wait_for_new_log("websocket ended with 1006\n", 5)

    def test_client_that_reads_late_gets_everything(self):
        ws = self.open()
        payload = os.urandom(60_000)
        # The bytes that fit between the two ends if the client does not read.
        for _ in range(10):
            ws.send_frame(BINARY, payload)
        time.sleep(0.2)
        for _ in range(10):
            self.assertTrue(ws.receive() == (BINARY, payload))

    def test_twenty_clients_at_a_time_get_what_is_theirs(self):
        def talk(name):
            ws = self.open()
            for turn in range(20):
                payload = f"{name}-{turn};".encode() * (turn * 50)
                ws.send(frame(TEXT, payload[:5], fin=False) + frame(CONTINUATION, payload[5:]))
                if ws.receive() != (TEXT, payload):
                    return f"{name} got something else in turn {turn}"
            ws.send(GOODBYE)
            return ws.receive_to_the_end()

        with ThreadPoolExecutor(20) as pool:
            self.assertEqual(list(pool.map(talk, range(20))), [[(CLOSE, close_payload(1000))]] * 20)

    def test_handshake_with_a_body_is_refused_and_its_body_is_no_frame(self):
        body = frame(TEXT, b"smuggled")
        with self.assertRaisesRegex(Refused, "HTTP/1.1 400 "):
            self.open(headers=[f"Content-Length: {len(body)}"], early=body)

    def test_websockets_hold_no_core(self):
        with ThreadPoolExecutor(20) as pool:
            clients = list(pool.map(lambda _: self.open(), range(150)))  # the inis have 100 cores
        self.assertEqual(self.ask("/title", {})[0], 200)
        for ws in clients:
            ws.send_frame(TEXT, b"still here")
        for ws in clients:
            self.assertEqual(ws.receive(), (TEXT, b"still here"))


class Plain(Front, ServerTest):
    ini = "tutorial.ini"


class Tls(Front, ServerTest):
    ini = "https.ini"
    scheme = "https"


class HttpRouter(Front, ServerTest):
    ini = "http-router.ini"
    # The router drops them. RFC 6455 section 4.1 requires clients to wait for the answer.
    test_frames_may_come_with_the_handshake = None


class HttpsRouter(HttpRouter):
    ini = "https-router.ini"
    scheme = "https"


class NginxWithProxyPass(Front, ServerTest):
    ini = "tutorial.ini"
    nginx = "nginx-proxy.conf"


class NginxWithUwsgiPass(Front, ServerTest):
    ini = "uwsgi-socket.ini"
    nginx = "nginx.conf"

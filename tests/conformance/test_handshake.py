"""The opening handshake: RFC 6455 sections 4.2.1 and 4.2.2."""

import base64
import hashlib
import http.client
import os
import socket

from echo_cases import EchoCases, text
from support.patience import patient
from support.raw_websocket import TEXT

GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


class Handshake(EchoCases):
    def request(self, line="GET /echo HTTP/1.1", **changes):
        """Returns the bytes of a good request, with the given changes; None removes a header."""
        headers = {"Host": f"{self.server.host}:{self.server.port}", "Upgrade": "websocket",
                   "Connection": "Upgrade", "Sec-WebSocket-Version": "13",
                   "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ=="}
        headers.update({name.replace("_", "-"): value for name, value in changes.items()})
        lines = [f"{name}: {value}" for name, value in headers.items() if value is not None]
        return ("\r\n".join([line, *lines]) + "\r\n\r\n").encode("latin-1")

    def answer(self, data, pieces=1):
        """Returns status and headers; the rest of a 101's stream stays unread."""
        with socket.create_connection(self.server.address, patient(10)) as client:
            client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            size = -(-len(data) // pieces)
            for begin in range(0, len(data), size):
                client.sendall(data[begin : begin + size])
            response = http.client.HTTPResponse(client)
            response.begin()
            return response.status, {name.lower(): value for name, value in response.getheaders()}

    def accepted(self, data, pieces=1):
        status, headers = self.answer(data, pieces)
        self.assertEqual(status, 101)
        return headers

    def refused(self, status, data):
        with self.subTest(data=data):
            answered, headers = self.answer(data)
            self.assertEqual(answered, status)
            self.assertNotIn("sec-websocket-accept", headers)
            return headers

    def test_answer_says_what_the_rfc_asks_for_and_nothing_else(self):
        headers = self.accepted(self.request())
        self.assertEqual(headers["upgrade"].lower(), "websocket")
        self.assertEqual(headers["connection"].lower(), "upgrade")
        self.assertEqual(headers["sec-websocket-accept"], "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
        self.assertFalse({"content-length", "transfer-encoding", "sec-websocket-extensions",
                          "sec-websocket-protocol"} & set(headers))

    def test_every_key_has_its_answer(self):
        for _ in range(20):
            key = base64.b64encode(os.urandom(16)).decode()
            digest = base64.b64encode(hashlib.sha1((key + GUID).encode()).digest()).decode()
            headers = self.accepted(self.request(Sec_WebSocket_Key=key))
            self.assertEqual(headers["sec-websocket-accept"], digest)

    def test_names_and_words_may_be_in_any_case(self):
        self.accepted(self.request(Upgrade="WebSocket"))
        self.accepted(self.request(Connection="upGRADE"))
        self.accepted(self.request().replace(b"Sec-WebSocket-Key", b"sec-websocket-KEY"))

    def test_headers_may_be_lists(self):
        self.accepted(self.request(Connection="keep-alive, Upgrade"))
        self.accepted(self.request(Connection="foo ,,upgrade,bar"))
        self.accepted(self.request(Upgrade="h2c, websocket"))

    def test_request_may_arrive_byte_by_byte(self):
        data = self.request()
        self.accepted(data, len(data))

    def test_frames_may_come_in_its_segment(self):
        for size in (0, 5, 1000, 100_000):
            with self.subTest(size=size):
                with self.open(early=text(b"x" * size)) as ws:
                    self.assertEqual(ws.receive(), (TEXT, b"x" * size))

    def test_request_without_what_makes_it_a_handshake_is_refused(self):
        for changes in ({"Upgrade": None}, {"Upgrade": "h2c"}, {"Connection": None},
                        {"Connection": "close"}, {"Connection": "keep-alive"}):
            headers = self.refused(426, self.request(**changes))
            self.assertEqual(headers["upgrade"].lower(), "websocket")

    def test_other_method_is_refused(self):
        for method in ("POST", "PUT", "OPTIONS"):
            self.refused(405, self.request(f"{method} /echo HTTP/1.1", Content_Length="0"))

    def test_http_1_0_is_refused(self):
        self.refused(426, self.request("GET /echo HTTP/1.0"))

    def test_key_that_is_not_16_bytes_in_base64_is_refused(self):
        for size in (0, 15, 17, 32):
            key = base64.b64encode(os.urandom(size)).decode()
            self.refused(400, self.request(Sec_WebSocket_Key=key))
        for key in (None, "", "not base64 at all, no..==", "dGhlIHNhbXBsZSBub25jZQ"):
            self.refused(400, self.request(Sec_WebSocket_Key=key))

    def test_other_version_is_refused_with_the_right_one(self):
        for version in (None, "", "0", "8", "12", "14", "130", "13x"):
            headers = self.refused(426, self.request(Sec_WebSocket_Version=version))
            self.assertEqual(headers["sec-websocket-version"], "13")

    def test_page_of_another_origin_is_refused(self):
        for origin in ("http://evil.example", "null", "https://127.0.0.1:1"):
            self.refused(403, self.request(Origin=origin))

    def test_page_of_the_same_origin_is_welcome(self):
        self.accepted(self.request(Origin=self.server.url("")))

    def test_subprotocol_and_extension_that_nobody_speaks_are_not_answered(self):
        headers = self.accepted(self.request(Sec_WebSocket_Protocol="foo, bar",
                                             Sec_WebSocket_Extensions="x-unknown; a=1"))
        self.assertNotIn("sec-websocket-protocol", headers)
        self.assertNotIn("sec-websocket-extensions", headers)

    def test_refusal_is_an_ordinary_response_and_the_server_serves_on(self):
        for _ in range(20):
            self.refused(400, self.request(Sec_WebSocket_Key="x"))
        self.accepted(self.request())

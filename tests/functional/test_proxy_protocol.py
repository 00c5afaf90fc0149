"""The PROXY protocol, in both versions, also in front of TLS."""

import os
import socket
import ssl
import struct
import time

from support.fronts import Certificate
from support.paths import BUILD
from support.raw_http import RawHttp, RawHttpTest, request, trusting_context
from support.server import Server, plugin_options

TELLING = os.path.join(BUILD, "tests", "telling_app.so")
SIGNATURE = b"\r\n\r\n\0\r\nQUIT\n"
LINE = b"PROXY TCP4 192.0.2.7 198.51.100.9 4711 443\r\n"


def header(source=("192.0.2.7", 4711), destination=("198.51.100.9", 443), command=0x21, more=b""):
    """Returns a header of version 2."""
    family = socket.AF_INET6 if ":" in source[0] else socket.AF_INET
    block = b"".join(socket.inet_pton(family, address) for address, _ in (source, destination))
    block += struct.pack("!HH", source[1], destination[1]) + more
    return SIGNATURE + struct.pack("!BBH", command, 0x21 if ":" in source[0] else 0x11, len(block)) + block


# A header of AWS's balancer: a TLV with the endpoint's name after the addresses.
HEADERS = (LINE, header(), header(more=b"\xea\0\x05\x01vpce"))

CUT_SHORT = {
    "a line without ports": b"PROXY TCP4 192.0.2.7 198.51.100.9\r\n",
    "a line without a port": b"PROXY TCP4 192.0.2.7 198.51.100.9 4711\r\n",
    "a line without addresses": b"PROXY TCP4\r\n",
    "a line of one word": b"PROXY \r\n",
    "a line that ends in LF": LINE[:-2] + b"\n",
    "a line without an end": LINE[:-2],
    "a line with an address that is none": LINE.replace(b"192.0.2.7", b"192.0.2.777"),
    "a block without ports": header()[:14] + b"\0\x08" + header()[16:24],
    "a block of nothing": header()[:14] + b"\0\0",
    "a version that is none": header(command=0x31),
    "a block that is too long": header(more=b"x" * 5000),
}


class ProxyProtocolTest(RawHttpTest):
    def assert_told(self, answer, address="192.0.2.7", port="4711", server="198.51.100.9", server_port="443"):
        told = answer.json()
        self.assertEqual((told["REMOTE_ADDR"], told["REMOTE_PORT"]), (address, port))
        self.assertEqual((told["SERVER_ADDR"], told["SERVER_PORT"]), (server, server_port))


class Plain(ProxyProtocolTest):
    options = plugin_options("--http-socket", "127.0.0.1:{port}", "--enable-proxy-protocol", "--aiopyr", "2",
                             "--aiopyr-app", TELLING, "--aiopyr-read-timeout", "5")

    def test_both_ends_are_told_for_every_request(self):
        for told in HEADERS:
            with self.subTest(told=told):
                client = self.connect()
                client.send(told + request("/variables") * 2)
                for _ in range(2):
                    self.assert_told(client.answer())
                self.assert_told(client.get("/variables"))

    def test_ipv6_is_told(self):
        client = self.connect()
        client.send(header(("2001:db8::7", 1), ("2001:db8::9", 65535)) + request("/variables"))
        self.assert_told(client.answer(), "2001:db8::7", "1", "2001:db8::9", "65535")

    def test_header_may_come_byte_by_byte(self):
        for told in HEADERS:
            client = self.connect()
            for byte in told:
                client.send(bytes([byte]))
            self.assert_told(client.get("/variables"))

    def test_header_that_is_cut_short_is_refused(self):
        for name, told in CUT_SHORT.items():
            with self.subTest(name):
                client = self.connect()
                client.send(told + request("/variables") + request("/variables"))
                answer = client.answer()
                self.assertEqual((answer.status, answer.headers["connection"]), (400, "close"))
                self.assertEqual(client.until_end(), b"")
        self.wait_for_new_log("refused a request from 127.0.0.1: The PROXY protocol's header is malformed.")

    def test_second_header_is_no_request(self):
        for first in HEADERS:
            for second in HEADERS:
                for between in (b"", request("/variables")):
                    client = self.connect()
                    client.send(first + between + second + request("/variables"))
                    if between:
                        self.assert_told(client.answer())
                    self.assertEqual(client.answer().status, 400)
                    self.assertEqual(client.until_end(), b"")

    def test_proxy_that_asks_for_itself_is_told_as_it_is(self):
        for told in (b"PROXY UNKNOWN\r\n", header(command=0x20), SIGNATURE + b"\x20\0\0\0", SIGNATURE + b"\x21\0\0\0"):
            with self.subTest(told=told):
                client = self.connect()
                client.send(told)
                answer = client.get("/variables").json()
                self.assertEqual((answer["REMOTE_ADDR"], int(answer["REMOTE_PORT"])), client.socket.getsockname())
                self.assertEqual(client.get("/variables").status, 200)

    def test_beginning_of_a_header_takes_no_core_and_no_time(self):
        for begun in (b"P", LINE[:20], SIGNATURE, header()[:20], LINE):
            for _ in range(3):
                self.connect().send(begun)
        used = self.server.cpu_seconds()
        time.sleep(1)
        self.assertLess(self.server.cpu_seconds() - used, 0.5)
        client = self.connect()
        client.send(LINE + request("/variables"))
        self.assert_told(client.answer())

    def test_client_that_sends_no_more_of_it_is_closed(self):
        client = self.connect(timeout=30)
        client.send(LINE[:20])
        client.until_end()


class BeforeTls(ProxyProtocolTest):
    @classmethod
    def setUpClass(cls):
        certificate = Certificate()
        cls.addClassCleanup(certificate.remove)
        cls.server = Server(options=plugin_options(
            "--https-socket", f"127.0.0.1:{{port}},{certificate.cert},{certificate.key}",
            "--enable-proxy-protocol", "--aiopyr", "2", "--aiopyr-app", TELLING, "--aiopyr-read-timeout", "5"))
        cls.addClassCleanup(cls.server.stop)

    def open(self, *parts):
        """Returns a client whose proxy has sent these bytes before TLS."""
        client = RawHttp(self.server)
        self.addCleanup(lambda: client.socket.close())
        for part in parts:
            client.send(part)
            time.sleep(0.01)
        return client

    def begin_tls(self, client):
        client.socket = trusting_context().wrap_socket(client.socket)
        return client

    def test_both_ends_are_told_for_every_request(self):
        for told in HEADERS:
            with self.subTest(told=told):
                client = self.begin_tls(self.open(told))
                for _ in range(3):
                    answer = client.get("/variables")
                    self.assert_told(answer)
                    self.assertEqual(answer.json()["HTTPS"], "on")

    def test_header_may_come_byte_by_byte(self):
        for told in HEADERS:
            with self.subTest(told=told):
                client = self.begin_tls(self.open(*(bytes([byte]) for byte in told)))
                self.assert_told(client.get("/variables"))

    def test_header_and_the_beginning_of_tls_may_come_together(self):
        for told in HEADERS:
            incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
            tls = trusting_context().wrap_bio(incoming, outgoing)
            client = self.open()
            first = told
            while not self.advances(tls.do_handshake):
                client.send(first + outgoing.read())
                first = b""
                data = client.socket.recv(65536)
                self.assertTrue(data, "the connection has ended within TLS's handshake")
                incoming.write(data)
            tls.write(request("/variables", "Connection: close"))
            client.send(outgoing.read())
            text = b""
            while data := client.socket.recv(65536):
                incoming.write(data)
                try:
                    while part := tls.read(65536):
                        text += part
                except ssl.SSLError:
                    continue
            self.assertIn(b'"REMOTE_ADDR":"192.0.2.7"', text)

    @staticmethod
    def advances(step):
        """Returns whether it needs nothing more from the server."""
        try:
            step()
            return True
        except ssl.SSLWantReadError:
            return False

    def test_header_that_is_cut_short_is_refused(self):
        for name, told in CUT_SHORT.items():
            with self.subTest(name):
                with self.assertRaises((ssl.SSLError, ConnectionError)):
                    self.begin_tls(self.open(told)).get("/variables")

    def test_header_within_tls_is_the_clients_own(self):
        for told in HEADERS:
            client = self.begin_tls(self.open())
            client.send(told + request("/variables"))
            self.assertEqual(client.answer().status, 400)

    def test_connection_without_one_is_served(self):
        answer = self.begin_tls(self.open()).get("/variables")
        self.assertEqual((answer.status, answer.json()["REMOTE_ADDR"]), (200, "127.0.0.1"))
        self.assertEqual(answer.headers["connection"], "close")

    def test_beginning_of_a_header_takes_no_core_and_no_time(self):
        clients = [self.open(begun) for begun in (b"P", LINE[:20], SIGNATURE, header()[:20], LINE) for _ in range(3)]
        used = self.server.cpu_seconds()
        time.sleep(1)
        self.assertLess(self.server.cpu_seconds() - used, 0.5)
        self.assert_told(self.begin_tls(self.open(LINE)).get("/variables"))
        self.assert_told(self.begin_tls(clients[-1]).get("/variables"))

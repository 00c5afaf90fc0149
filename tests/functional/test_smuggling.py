"""Requests that two servers could understand in two ways: each is answered with one 400, the
connection is closed, and what was smuggled behind is not taken for a request."""

import re
import socket
import ssl
import time
import unittest

from support.fronts import Certificate
from support.http import curl, fetch
from support.paths import example
from support.patience import patient
from support.raw_http import RawHttpTest, request, trusting_context
from support.server import Server, ServerTest, plugin_options

# A request that an attacker hopes to have answered, too.
SMUGGLED = b"GET /title HTTP/1.1\r\nHost: x\r\n\r\n"


def exchange(server, data, tls=False, timeout=10):
    """Returns the server's answer to exactly these bytes, before it closes."""
    with socket.create_connection(server.address, patient(timeout)) as client:
        if tls:
            client = trusting_context().wrap_socket(client)
        client.sendall(data)
        if not tls:
            client.shutdown(socket.SHUT_WR)
        answer = b""
        try:
            while chunk := client.recv(65536):
                answer += chunk
        except ssl.SSLEOFError:
            pass
        return answer


def statuses(answer):
    return [int(status) for status in re.findall(rb"HTTP/1\.[01] (\d{3}) ", answer)]


def post(*lines, body=b"", request_line="POST /body HTTP/1.1", host="Host: x"):
    head = "\r\n".join([request_line, *([host] if host else []), *lines])
    return head.encode("latin-1") + b"\r\n\r\n" + body


AMBIGUOUS = {
    "two lengths": post("Content-Length: 0", f"Content-Length: {len(SMUGGLED)}", body=SMUGGLED),
    "the same length twice": post("Content-Length: 3", "Content-Length: 3", body=b"abc"),
    "a list of lengths": post("Content-Length: 3, 3", body=b"abc"),
    "a length with a sign": post("Content-Length: +3", body=b"abc"),
    "a length in hexadecimal": post("Content-Length: 0x3", body=b"abc"),
    "an empty length": post("Content-Length:", body=b"abc"),
    "a length beside an encoding": post(
        "Content-Length: 4", "Transfer-Encoding: chunked", body=b"0\r\n\r\n" + SMUGGLED
    ),
    "an encoding beside a length": post(
        "Transfer-Encoding: chunked", "Content-Length: 4", body=b"0\r\n\r\n" + SMUGGLED
    ),
    "two encodings": post(
        "Transfer-Encoding: chunked", "Transfer-Encoding: identity", body=b"0\r\n\r\n" + SMUGGLED
    ),
    "an encoding with a vertical tab": post("Transfer-Encoding: \x0bchunked", body=b"0\r\n\r\n"),
    "an encoding of HTTP/1.0": post(
        "Transfer-Encoding: chunked", request_line="POST /body HTTP/1.0", body=b"0\r\n\r\n"
    ),
    "chunked that is not last": post("Transfer-Encoding: chunked, identity", body=b"0\r\n\r\n"),
    "a folded header": post("X: a", " Content-Length: 3", body=b"abc"),
    "a folded encoding": post("Transfer-Encoding:", " chunked", body=b"0\r\n\r\n" + SMUGGLED),
    "an underscore in a length": post("Content_Length: 3", body=b"abc"),
    "an underscore in an encoding": post("Transfer_Encoding: chunked", body=b"0\r\n\r\n"),
    "a space before the colon": post("Content-Length : 3", body=b"abc"),
    "a line that ends in LF": post("X: a\nContent-Length: 3", body=b"abc"),
    "a CR in a value": post("X: a\rContent-Length: 3", body=b"abc"),
    "a NUL in a value": post("X: a\0b"),
    "a NUL in a name": post("X\0: a"),
    "no host": post(host=None),
    "two hosts": post("Host: y"),
    "a host with a path": post(host="Host: x/y"),
    "a host with two colons": post(host="Host: a:b:c"),
    "a host with a port that is none": post(host="Host: a:b"),
    "a host with an open bracket": post(host="Host: [::1"),
    "no host beside that of the target": post(request_line="GET http://y/title HTTP/1.1", host=None),
    "a target's host with two colons": post(request_line="GET http://a:b:c/title HTTP/1.1"),
    "an escape that is none": post(request_line="GET /greetings/%zz HTTP/1.1"),
    "an escape cut short": post(request_line="GET /title% HTTP/1.1"),
    "an escape cut short by a query": post(request_line="GET /title%2?x=1 HTTP/1.1"),
    "an escape that is none behind a host": post(request_line="GET http://x/%x1 HTTP/1.1"),
    "CONNECT to a path": post(request_line="CONNECT /title HTTP/1.1"),
    "CONNECT to a host": post(request_line="CONNECT x:80 HTTP/1.1"),
    "CONNECT to a URL": post(request_line="CONNECT http://x/title HTTP/1.1"),
    "a space in the target": post(request_line="GET /a b HTTP/1.1"),
    "a fragment in the target": post(request_line="GET /a#b HTTP/1.1"),
    "two spaces": post(request_line="GET  /title HTTP/1.1"),
    "a method that is no token": post(request_line="G(T /title HTTP/1.1"),
    "no version": post(request_line="GET /title"),
}

BAD_CHUNKS = {
    "a size with a sign": b"+3\r\nabc\r\n0\r\n\r\n",
    "a size with 0x": b"0x3\r\nabc\r\n0\r\n\r\n",
    "a size with a letter behind": b"3z\r\nabc\r\n0\r\n\r\n",
    "a size beyond 64 bits": b"ffffffffffffffff3\r\nabc\r\n0\r\n\r\n",
    "no size": b"\r\nabc\r\n0\r\n\r\n",
    "data longer than its size": b"3\r\nabcd\r\n0\r\n\r\n",
    "data that ends in LF": b"3\r\nabc\n0\r\n\r\n",
    "a line that ends in LF": b"3\nabc\r\n0\r\n\r\n",
    "a trailer that is folded": b"3\r\nabc\r\n0\r\n A: b\r\n\r\n",
    "an extension without end": b"3;" + b"x" * 20_000,
}


class Smuggling(ServerTest):
    options = plugin_options("--http-socket", "127.0.0.1:{port}", "--aiopyr", "4",
                             "--aiopyr-app", example("features"))

    def test_ambiguous_heads_are_refused_once_and_the_connection_is_closed(self):
        for name, data in AMBIGUOUS.items():
            with self.subTest(name):
                answer = exchange(self.server, data)
                self.assertEqual(statuses(answer), [400], answer)
                self.assertIn(b"\r\nConnection: close\r\n", answer)

    def test_ambiguous_chunks_are_refused_once_and_the_connection_is_closed(self):
        for name, chunks in BAD_CHUNKS.items():
            with self.subTest(name):
                answer = exchange(self.server, post("Transfer-Encoding: chunked",
                                                    body=chunks + SMUGGLED))
                self.assertEqual(statuses(answer), [400], answer)

    def test_extensions_and_trailers_of_chunks_are_skipped(self):
        body = b"3;name=\"value\"\r\nabc\r\n0002\r\nde\r\n0\r\nChecksum: 1\r\n\r\n"
        answer = exchange(self.server, post("Transfer-Encoding: chunked", body=body))
        self.assertEqual(statuses(answer), [200])
        self.assertTrue(answer.endswith(b"\r\n\r\nabcde"), answer)

    def test_other_refusals_have_their_status(self):
        cases = {
            501: post("Transfer-Encoding: gzip, chunked"),
            505: post(request_line="GET /title HTTP/2.0"),
            431: post(*(f"X-{i}: y" for i in range(100))),
        }
        for status, data in cases.items():
            with self.subTest(status=status):
                self.assertEqual(statuses(exchange(self.server, data)), [status])

    def test_head_larger_than_the_buffer_is_answered_with_431(self):
        for size in (32_768, 40_000, 100_000):
            with self.subTest(size=size):
                answer = exchange(self.server, post("X: " + "y" * size))
                self.assertEqual(statuses(answer), [431])

    def test_head_whose_variables_do_not_fit_the_buffer_is_answered_with_431(self):
        answer = exchange(self.server, post("X: " + "y" * 32_650))
        self.assertEqual(statuses(answer), [431])

    def test_head_may_come_byte_by_byte(self):
        with socket.create_connection(self.server.address, patient(10)) as client:
            for byte in post("Connection: close", request_line="GET /title HTTP/1.1"):
                client.sendall(bytes([byte]))
            self.assertEqual(statuses(client.makefile("rb").read()), [200])

    def test_head_without_carriage_returns_is_refused_at_its_first_line(self):
        begin = time.monotonic()
        self.assertEqual(statuses(exchange(self.server, b"GET /title HTTP/1.0\n")), [400])
        self.assertLess(time.monotonic() - begin, patient(3))

    def test_absolute_target_is_served_as_its_path(self):
        answer = exchange(self.server, post(request_line="GET http://x/title HTTP/1.1"))
        self.assertEqual(statuses(answer), [200], answer)

    def test_header_with_an_underscore_does_not_stand_for_another(self):
        for name, fields in (("Content-Type", {}), ("Content_Type", {"a": "b"})):
            with self.subTest(name):
                answer = curl(self.server, "/upload", "-H", "Content-Type:", "-H",
                              f"{name}: text/plain", "--data-binary", "a=b")
                self.assertEqual(answer.json()["fields"], fields)

    def test_refusal_is_logged_on_one_line_and_escaped(self):
        time.sleep(1.1)
        exchange(self.server, post("X: a\x1b[31m\0b"))
        log = self.wait_for_new_log("refused a request from 127.0.0.1: ")
        self.assertIn(r"X: a\x1b[31m\x00b", log)

    def test_flood_of_refusals_does_not_fill_the_log_nor_take_the_cores(self):
        for _ in range(50):
            exchange(self.server, post("Content_Length: 3"))
        self.assertLess(self.new_log().count("refused a request"), 10)
        self.assertEqual(fetch(self.server, "/title").status, 200)

    def test_clients_that_keep_sending_hold_no_core(self):
        clients = []
        self.addCleanup(lambda: [client.close() for client in clients])
        for _ in range(8):  # twice the cores
            client = socket.create_connection(self.server.address, patient(10))
            client.sendall(post("Content_Length: 3"))
            clients.append(client)
        begin = time.monotonic()
        self.assertEqual(fetch(self.server, "/title").status, 200)
        self.assertLess(time.monotonic() - begin, patient(1.5))


class SmugglingByProtocol(unittest.TestCase):
    """A socket that speaks HTTP because of the option `protocol`."""

    @classmethod
    def setUpClass(cls):
        cls.server = Server(options=plugin_options(
            "--socket", "127.0.0.1:{port}", "--protocol", "http", "--aiopyr", "4",
            "--aiopyr-app", example("features"), "--disable-logging"))
        cls.addClassCleanup(cls.server.stop)

    def test_ambiguous_heads_are_refused_there_too(self):
        for name in ("two lengths", "a folded header", "an underscore in a length", "two hosts"):
            with self.subTest(name):
                answer = exchange(self.server, AMBIGUOUS[name])
                self.assertEqual(statuses(answer), [400], answer)

    def test_start_says_what_it_serves_and_good_requests_are_served(self):
        self.assertIn("on http://127.0.0.1:", self.server.log())
        self.assertEqual(curl(self.server, "/title").status, 200)


class SmugglingOverTls(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        certificate = Certificate()
        cls.addClassCleanup(certificate.remove)
        cls.server = Server("https.ini", env=certificate.environment)
        cls.addClassCleanup(cls.server.stop)

    def test_ambiguous_heads_are_refused_there_too(self):
        for name in ("two lengths", "a folded header", "an underscore in a length", "two hosts",
                     "a host with two colons", "an escape that is none", "CONNECT to a path"):
            with self.subTest(name):
                answer = exchange(self.server, AMBIGUOUS[name], tls=True)
                self.assertEqual(statuses(answer), [400], answer)

    def test_head_larger_than_the_buffer_is_answered_with_431(self):
        answer = exchange(self.server, post("X: " + "y" * 40_000), tls=True)
        self.assertEqual(statuses(answer), [431])

    def test_good_requests_are_served(self):
        self.assertEqual(curl(self.server, "/", scheme="https").status, 200)


class ProxyProtocol(RawHttpTest):
    options = plugin_options(
        "--http-socket", "127.0.0.1:{port}", "--enable-proxy-protocol", "--aiopyr", "4",
        "--aiopyr-app", example("features"), "--log-format", "%(addr) %(uri)")
    LINE = b"PROXY TCP4 192.0.2.7 127.0.0.1 4711 80\r\n"

    def test_address_that_the_proxy_tells_is_the_clients(self):
        answer = exchange(self.server, self.LINE + SMUGGLED)
        self.assertEqual(statuses(answer), [200], answer)
        self.wait_for_new_log("192.0.2.7 /")

    def test_it_is_that_of_every_request_on_the_connection(self):
        client = self.connect()
        client.send(self.LINE + request("/title?first") + request("/title?second"))
        self.assertEqual([client.answer().status for _ in range(2)], [200, 200])
        self.assertEqual(client.get("/title?third").status, 200)
        for which in ("first", "second", "third"):
            self.wait_for_new_log(f"192.0.2.7 /title?{which}")

    def test_another_line_is_not_believed(self):
        other = b"PROXY TCP4 198.51.100.1 127.0.0.1 4711 80\r\n"
        for begin in (other, request("/title") + other):
            with self.subTest(begin=begin):
                client = self.connect()
                client.send(self.LINE + begin + request("/title"))
                self.assertEqual(statuses(client.until_end())[-1], 400)
        self.assertNotIn("198.51.100.1 /", self.new_log())

    def test_connection_without_a_line_is_for_one_request(self):
        client = self.connect()
        self.assertEqual(client.get("/title").headers.get("connection"), "close")
        self.assertTrue(client.is_closed())

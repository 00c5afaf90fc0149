"""Trusted proxies, on every kind of socket: what they tell of a client is in the variables of its request,
in URLs, in the log and in routes. The same headers from any other peer have no effect."""

import json
import os
import socket
import tempfile
import unittest

from support.fronts import Certificate
from support.paths import BUILD
from support.patience import patient
from support.server import Server, ServerTest, plugin_options, run_to_its_end
from support.uwsgi_client import ask, packet, variables_for

TELLING = os.path.join(BUILD, "tests", "telling_app.so")
TRUSTED = "127.0.0.1"
# Another address of this machine.
STRANGER = "127.0.0.2"
ALL = {"X-Forwarded-For": "1.2.3.4", "X-Forwarded-Proto": "https", "X-Forwarded-Host": "shop.example",
       "X-Forwarded-Port": "8443"}


def options(*more, trusted=TRUSTED):
    trusting = ("--aiopyr-trusted-proxies", trusted) if trusted else ()
    return plugin_options("--aiopyr", "4", "--aiopyr-app", TELLING, *trusting, *more)


def exchange(client, headers, before=b"", host="x"):
    """Returns the status of the answer, and the variables that the app got."""
    lines = [f"{name}: {value}" for name, value in getattr(headers, "items", lambda: headers)()]
    head = "\r\n".join(["GET /variables HTTP/1.1", f"Host: {host}", "Connection: close", *lines])
    client.settimeout(patient(10))
    client.sendall(before + head.encode() + b"\r\n\r\n")
    answer = b""
    while part := client.recv(65536):
        answer += part
    client.close()
    return parse(answer)


def parse(answer):
    head, _, body = answer.partition(b"\r\n\r\n")
    status = int(head.split()[1])
    return status, json.loads(body) if status == 200 else body.decode()


class TrustedProxiesTest(ServerTest):
    def tell(self, headers, source=TRUSTED, **how):
        client = socket.create_connection(self.server.address, patient(5), source_address=(source, 0))
        return exchange(client, headers, **how)

    def told(self, headers, **how):
        status, told = self.tell(headers, **how)
        self.assertEqual(status, 200, told)
        return told


class Plain(TrustedProxiesTest):
    options = options("--http-socket", "127.0.0.1:{port}", "--log-format", "LOGGED %(addr) %(status)",
                      trusted="127.0.0.1 10.0.0.0/8 2001:db8::/32")

    def test_trusted_proxy_is_believed_of_all(self):
        told = self.told(ALL)
        self.assertEqual(told["REMOTE_ADDR"], "1.2.3.4")
        self.assertNotIn("REMOTE_PORT", told)
        self.assertEqual(told["host_url"], "https://shop.example:8443")
        self.assertEqual((told["HTTPS"], told["UWSGI_SCHEME"], told["SERVER_PORT"]), ("on", "https", "8443"))
        self.server.wait_for_log("LOGGED 1.2.3.4 200")

    def test_stranger_is_believed_of_nothing(self):
        for headers in (ALL, {"Forwarded": "for=1.2.3.4;proto=https;host=shop.example"},
                        {"X-Forwarded-For": "127.0.0.1"}, {"X-Forwarded-For": "garbage"}):
            with self.subTest(headers=headers):
                told = self.told(headers, source=STRANGER)
                self.assertEqual((told["REMOTE_ADDR"], told["host_url"]), (STRANGER, "http://x"))
                self.assertNotIn("HTTPS", told)
        self.server.wait_for_log(f"LOGGED {STRANGER} 200")

    def test_chain_is_walked_through_trusted_addresses_only(self):
        for told, client in (("9.9.9.9, 1.2.3.4", "1.2.3.4"), ("1.2.3.4, 10.0.0.1", "1.2.3.4"),
                             ("10.0.0.7, x y z, 1.2.3.4, 2001:db8::1, 10.0.0.1", "1.2.3.4"),
                             ("10.0.0.7, 10.0.0.1", "10.0.0.7"), ("2001:db9::1", "2001:db9::1"),
                             ("::ffff:1.2.3.4, ::ffff:10.0.0.1", "1.2.3.4"), ("1.2.3.4, unknown", "")):
            with self.subTest(told=told):
                self.assertEqual(self.told({"X-Forwarded-For": told})["REMOTE_ADDR"], client)

    def test_lines_of_one_header_are_one_list(self):
        lines = [("X-Forwarded-For", "9.9.9.9"), ("X-Forwarded-For", "1.2.3.4")]
        self.assertEqual(self.told(lines)["REMOTE_ADDR"], "1.2.3.4")

    def test_port_of_the_client_is_told_where_it_is_known(self):
        told = self.told({"X-Forwarded-For": "1.2.3.4:567"})
        self.assertEqual((told["REMOTE_ADDR"], told["REMOTE_PORT"]), ("1.2.3.4", "567"))

    def test_forwarded_is_understood(self):
        told = self.told({"Forwarded": 'for=9.9.9.9, for="[2001:db9::7]:4711";proto=https;host="a.example"'})
        self.assertEqual((told["REMOTE_ADDR"], told["REMOTE_PORT"]), ("2001:db9::7", "4711"))
        self.assertEqual((told["host_url"], told["SERVER_PORT"]), ("https://a.example", "443"))

    def test_host_and_ports(self):
        for headers, url in (
                ({"X-Forwarded-Host": "a.example"}, "http://a.example"),
                ({"X-Forwarded-Host": "a.example:81", "X-Forwarded-Port": "82"}, "http://a.example:81"),
                ({"X-Forwarded-Host": "[::1]", "X-Forwarded-Port": "82"}, "http://[::1]:82"),
                ({"X-Forwarded-Port": "82"}, "http://x:82"), ({"X-Forwarded-Port": "80"}, "http://x"),
                ({"X-Forwarded-Port": "443", "X-Forwarded-Proto": "https"}, "https://x"),
                ({"X-Forwarded-Port": "0082"}, "http://x:82"), ({"X-Forwarded-Host": "a:0080"}, "http://a"),
                ({"X-Forwarded-Host": "a", "Forwarded": 'host="a:80"'}, "http://a"),
                ({"X-Forwarded-Proto": "https"}, "https://x:7000")):
            with self.subTest(headers=headers):
                self.assertEqual(self.told(headers, host="x:7000")["host_url"], url)

    def test_what_makes_no_sense_is_refused(self):
        for headers in ({"X-Forwarded-For": "garbage"}, {"X-Forwarded-For": "1.2.3.4 5.6.7.8"},
                        {"X-Forwarded-Proto": "ftp"}, {"X-Forwarded-Host": "a b"}, {"X-Forwarded-Port": "x"},
                        {"Forwarded": 'for="1.2.3.4'}, {"Forwarded": "for=127.0.0.1", "X-Forwarded-For": "1.2.3.4"}):
            with self.subTest(headers=headers):
                self.assertEqual(self.tell(headers)[0], 400)
        self.assertIn("makes no sense", self.new_log())

    def test_next_request_of_a_connection_is_another_matter(self):
        client = socket.create_connection(self.server.address, patient(5))
        client.settimeout(patient(5))
        client.sendall(b"GET /length HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: 1.2.3.4\r\n\r\n")
        self.assertIn(b"200 OK", client.recv(4096))
        self.assertEqual(exchange(client, {})[1]["REMOTE_ADDR"], TRUSTED)

    def test_body_that_comes_later_changes_nothing(self):
        client = socket.create_connection(self.server.address, patient(5))
        client.settimeout(patient(5))
        client.sendall(b"POST /length HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nX-Forwarded-For: 10.0.0.7\r\n\r\n")
        client.sendall(b"12345")
        self.assertTrue(client.recv(4096).endswith(b"5"))
        client.close()
        self.server.wait_for_log("LOGGED 10.0.0.7 200")


class ByDefault(TrustedProxiesTest):
    options = options("--http-socket", "127.0.0.1:{port}", trusted=None)

    def test_nobody_is_believed(self):
        told = self.told(ALL)
        self.assertEqual((told["REMOTE_ADDR"], told["host_url"]), (TRUSTED, "http://x"))


class Unix(unittest.TestCase):
    def start(self, kind, trusted):
        folder = tempfile.TemporaryDirectory(prefix="aiopyr-unix-")
        self.addCleanup(folder.cleanup)
        path = os.path.join(folder.name, "socket")
        server = Server(options=options("--http-socket", "127.0.0.1:{port}", kind, path, trusted=trusted))
        self.addCleanup(server.stop)
        return path

    def connect(self, path):
        client = socket.socket(socket.AF_UNIX)
        client.connect(path)
        return client

    def test_whoever_connects_there_is_named_by_unix(self):
        for trusted, client in (("unix:", "1.2.3.4"), ("127.0.0.1", "")):
            with self.subTest(trusted=trusted):
                path = self.start("--http-socket", trusted)
                self.assertEqual(exchange(self.connect(path), ALL)[1]["REMOTE_ADDR"], client)

    def test_on_a_uwsgi_socket_it_is_whom_the_web_server_has_served(self):
        path = self.start("--uwsgi-socket", "unix: 10.0.0.0/8")
        for peer, client in (("10.0.0.1", "1.2.3.4"), ("unix:", "1.2.3.4"), ("9.9.9.9", "9.9.9.9")):
            with self.subTest(peer=peer):
                connection = self.connect(path)
                connection.sendall(packet(variables_for("/variables", REMOTE_ADDR=peer,
                                                        HTTP_X_FORWARDED_FOR="1.2.3.4")))
                answer = b""
                while part := connection.recv(65536):
                    answer += part
                connection.close()
                self.assertEqual(parse(answer)[1]["REMOTE_ADDR"], client)


class Tls(TrustedProxiesTest):
    @classmethod
    def setUpClass(cls):
        cls.certificate = Certificate()
        cls.addClassCleanup(cls.certificate.remove)
        cls.options = options("--https-socket",
                              f"127.0.0.1:{{port}},{cls.certificate.cert},{cls.certificate.key}")
        super().setUpClass()

    def told(self, headers):
        client = socket.create_connection(self.server.address, patient(5))
        client = self.certificate.client_context().wrap_socket(client, server_hostname="127.0.0.1",
                                                               suppress_ragged_eofs=True)
        return exchange(client, headers)[1]

    def test_client_that_speaks_http_to_the_proxy_is_told_so(self):
        self.assertEqual(self.told({})["host_url"], "https://x")
        told = self.told({"X-Forwarded-Proto": "http"})
        self.assertEqual((told["host_url"], told["UWSGI_SCHEME"]), ("http://x", "http"))
        self.assertNotIn("HTTPS", told)


class ProxyProtocol(TrustedProxiesTest):
    """A balancer with the PROXY protocol: it has to be trusted, and so has the proxy that it names."""

    options = options("--http-socket", "127.0.0.1:{port}", "--enable-proxy-protocol", trusted="127.0.0.1 10.0.0.1")

    def line(self, client):
        return f"PROXY TCP4 {client} 127.0.0.1 1 2\r\n".encode()

    def test_both_are_trusted(self):
        told = self.told(ALL, before=self.line("10.0.0.1"))
        self.assertEqual(told["REMOTE_ADDR"], "1.2.3.4")

    def test_clients_of_the_balancer_are_believed_of_nothing(self):
        told = self.told(ALL, before=self.line("9.9.9.9"))
        self.assertEqual((told["REMOTE_ADDR"], told["host_url"]), ("9.9.9.9", "http://x"))

    def test_nobody_becomes_trusted_by_what_he_claims(self):
        for claimed in ("10.0.0.1", "127.0.0.1"):
            told = self.told(ALL, source=STRANGER, before=self.line(claimed))
            self.assertEqual((told["REMOTE_ADDR"], told["host_url"]), (claimed, "http://x"))

    def test_somebody_whom_the_balancer_does_not_know_is_believed_of_nothing(self):
        for line in (b"PROXY UNKNOWN\r\n", b"\r\n\r\n\0\r\nQUIT\n\x21\0\0\0"):
            self.assertEqual(self.told(ALL, before=line)["REMOTE_ADDR"], TRUSTED)

    def test_without_a_header_it_is_who_has_connected(self):
        self.assertEqual(self.told(ALL)["REMOTE_ADDR"], "1.2.3.4")


class UwsgiSocket(ServerTest):
    options = options("--uwsgi-socket", "127.0.0.1:{port}", "--log-format", "LOGGED %(addr)", trusted="10.0.0.0/8")

    def told(self, *body, **variables):
        status, told = parse(ask(self.server, variables_for("/variables", **variables)))
        self.assertEqual(status, 200, told)
        return told

    def test_client_of_the_web_server_counts(self):
        told = self.told(REMOTE_ADDR="10.0.0.1", HTTP_X_FORWARDED_FOR="1.2.3.4", HTTP_X_FORWARDED_PROTO="https",
                         REQUEST_SCHEME="http")
        self.assertEqual((told["REMOTE_ADDR"], told["host_url"]), ("1.2.3.4", "https://localhost"))
        self.assertEqual(told["REQUEST_SCHEME"], "https")
        self.server.wait_for_log("LOGGED 1.2.3.4")

    def test_strangers_of_it_are_believed_of_nothing(self):
        told = self.told(REMOTE_ADDR="9.9.9.9", HTTP_X_FORWARDED_FOR="1.2.3.4", HTTP_X_FORWARDED_PROTO="https")
        self.assertEqual((told["REMOTE_ADDR"], told["host_url"]), ("9.9.9.9", "http://localhost"))

    def test_what_makes_no_sense_is_refused(self):
        answer = ask(self.server, variables_for("/variables", REMOTE_ADDR="10.0.0.1", HTTP_FORWARDED="for"))
        self.assertEqual(parse(answer)[0], 400)

    def test_body_stays_whole_where_the_variables_grow(self):
        for size in (5, 100000):
            variables = variables_for("/length", "POST", REMOTE_ADDR="10.0.0.1", CONTENT_LENGTH=str(size),
                                      HTTP_FORWARDED='for="[2001:db9:1111:2222:3333:4444:5555:6666]";proto=https')
            answer = ask(self.server, variables, b"x" * size)
            self.assertTrue(answer.endswith(b"\r\n\r\n%d" % size), answer)


BUFFER_SIZE = 16384
SCGI = {"CONTENT_LENGTH": "0", "SCGI": "1"}


def ask_by_scgi(server, variables):
    block = b"".join(text.encode() + b"\0" for pair in {**SCGI, **variables}.items() for text in pair)
    with socket.create_connection(server.address, patient(10)) as connection:
        connection.sendall(b"%d:%s," % (len(block), block))
        answer = b""
        while chunk := connection.recv(65536):
            answer += chunk
        return answer


class Refused(ServerTest):
    """Requests of clients that cannot be known are refused: uWSGI's rules would see the proxy's address."""

    FOLDER = tempfile.TemporaryDirectory(prefix="aiopyr-private-")
    RULES = ("--route-if-not", "startswith:${REMOTE_ADDR};10. break:403 Forbidden", "--buffer-size", str(BUFFER_SIZE),
             "--static-map", f"/private={FOLDER.name}", "--check-static", FOLDER.name, "--static-index", "secret",
             "--log-format", "LOGGED %(method) %(uri) %(proto) by [%(addr)] %(status)")
    options = options("--uwsgi-socket", "127.0.0.1:{port}", *RULES, trusted="10.0.0.0/8")

    @classmethod
    def setUpClass(cls):
        with open(os.path.join(cls.FOLDER.name, "secret"), "w") as file:
            file.write("SECRET")
        super().setUpClass()

    def ask(self, path, **more):
        return ask(self.server, self.variables(path, **more))

    def variables(self, path, **more):
        return {**variables_for(path, REMOTE_ADDR="10.0.0.1"), **more}

    def padded(self, path):
        """Returns variables that fit, but no longer do so with the client's longer address and its scheme."""
        told = {"HTTP_X_FORWARDED_FOR": "2001:db8:1111:2222:3333:4444:5555:6666", "HTTP_X_FORWARDED_PROTO": "https"}
        left = BUFFER_SIZE - 8 - len(packet(self.variables(path, **SCGI, **told, HTTP_X_PAD="")))
        return {**told, "HTTP_X_PAD": "a" * left}

    def test_who_is_known_is_served_by_the_rules(self):
        self.assertIn(b"SECRET", self.ask("/private/secret"))
        self.assertIn(b"SECRET", self.ask("/private/secret", HTTP_X_FORWARDED_FOR="10.0.0.7"))
        self.assertIn(b" 403 ", self.ask("/variables", HTTP_X_FORWARDED_FOR="6.6.6.6"))

    def test_a_request_without_room_for_its_client_is_refused_before_routes_and_files(self):
        for path in ("/private/secret", "/variables", "/"):
            with self.subTest(path=path):
                answer = self.ask(path, **self.padded(path))
                self.assertEqual(answer.split(b"\r\n")[0], b"HTTP/1.1 431 Request Header Fields Too Large")
                self.assertNotIn(b"SECRET", answer)
                self.server.wait_for_log(f"LOGGED GET {path} HTTP/1.1 by [-] 431")

    def test_so_is_one_whose_proxies_contradict_each_other(self):
        for path in ("/private/secret", "/variables", "/"):
            with self.subTest(path=path):
                answer = self.ask(path, HTTP_X_FORWARDED_FOR="6.6.6.6", HTTP_FORWARDED="bad")
                self.assertEqual(answer.split(b"\r\n")[0], b"HTTP/1.1 400 Bad Request")
                self.assertNotIn(b"SECRET", answer)
                self.server.wait_for_log(f"LOGGED GET {path} HTTP/1.1 by [-] 400")

    def test_the_log_says_why(self):
        self.ask("/variables", HTTP_FORWARDED="bad")
        # A refusal is logged once a second, so the line may be that of another test.
        self.server.wait_for_log("refused a request from 127.0.0.1: ")

    def test_head_has_no_body_and_a_body_is_not_waited_for(self):
        told = {"HTTP_FORWARDED": "bad"}
        answer = self.ask("/private/secret", **told, REQUEST_METHOD="HEAD")
        self.assertTrue(answer.startswith(b"HTTP/1.1 400 ") and answer.endswith(b"\r\n\r\n"), answer)
        answer = self.ask("/length", **told, CONTENT_LENGTH="1000", REQUEST_METHOD="POST")
        self.assertTrue(answer.startswith(b"HTTP/1.1 400 "), answer)

    def test_the_version_of_the_client_is_logged(self):
        self.ask("/variables", SERVER_PROTOCOL="HTTP/2.0")
        self.server.wait_for_log("LOGGED GET /variables HTTP/2.0 by [10.0.0.1] 200")


class RefusedByScgi(Refused):
    options = options("--scgi-socket", "127.0.0.1:{port}", *Refused.RULES, trusted="10.0.0.0/8")

    def ask(self, path, **more):
        # SCGI has the status in a header, as CGI.
        answer = ask_by_scgi(self.server, self.variables(path, **more))
        return answer.replace(b"Status:", b"HTTP/1.1", 1)

    def test_head_has_no_body_and_a_body_is_not_waited_for(self):
        answer = self.ask("/private/secret", HTTP_FORWARDED="bad", REQUEST_METHOD="HEAD")
        self.assertTrue(answer.startswith(b"HTTP/1.1 400 ") and answer.endswith(b"\r\n\r\n"), answer)


class Router(TrustedProxiesTest):
    @classmethod
    def setUpClass(cls):
        cls.options = options("--plugins", "http", "--master", "--http", "127.0.0.1:{port}",
                              "--socket", "127.0.0.1:0")
        super().setUpClass()

    def test_clients_of_the_router_count_and_not_the_router(self):
        self.assertEqual(self.told(ALL)["REMOTE_ADDR"], "1.2.3.4")
        self.assertEqual(self.told(ALL, source=STRANGER)["REMOTE_ADDR"], STRANGER)


class Misprints(unittest.TestCase):
    def test_they_stop_the_start_with_a_line_that_helps(self):
        for value, words in (("127.0.0.1 10.0.0.0.0/8", "'10.0.0.0.0/8' is no address"),
                             ("10.0.0.1/8", "write 10.0.0.0/8"), ("unix", "write unix:"), ("*", "'*' is no address"),
                             ("", "it names nobody")):
            with self.subTest(value=value):
                code, log = run_to_its_end(*options("--http-socket", "127.0.0.1:0", trusted=None),
                                           f"--aiopyr-trusted-proxies={value}")
                self.assertNotEqual(code, 0, log)
                lines = [line for line in log.splitlines() if "[aiopyr]" in line]
                self.assertEqual(len(lines), 1, log)
                self.assertIn("aiopyr-trusted-proxies", lines[0])
                self.assertIn(words, lines[0])


if __name__ == "__main__":
    unittest.main()

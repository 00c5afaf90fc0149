"""The facts that an app learns about a request: its target, and its client."""

import os
import socket
import ssl
import subprocess
import tempfile
import unittest

from support.fronts import Certificate, Nginx
from support.http import fetch
from support.paths import BUILD
from support.patience import patient
from support.raw_http import RawHttp, RawHttpTest, request
from support.server import Server, plugin_options

TELLING = os.path.join(BUILD, "tests", "telling_app.so")


def options(*more):
    return plugin_options("--http-socket", "127.0.0.1:{port}", "--aiopyr", "4", "--aiopyr-app", TELLING, *more)


class Hosts(RawHttpTest):
    options = options()

    def told(self, head):
        client = self.connect()
        client.send(head.replace("\n", "\r\n").encode() + b"\r\n\r\n")
        answer = client.answer()
        self.assertEqual(answer.status, 200, answer.text)
        return answer.json()

    def test_host_of_an_absolute_target_counts(self):
        for head in ("GET http://y:81/variables HTTP/1.1\nHost: x", "GET http://y:81/variables HTTP/1.1\nHost:",
                     "GET HTTP://y:81/variables HTTP/1.1\nA: b\nhost: x:82",
                     "GET http://y:81/variables HTTP/1.0", "GET http://y:81/variables HTTP/1.0\nHost: x"):
            with self.subTest(head=head):
                told = self.told(head)
                self.assertEqual((told["HTTP_HOST"], told["host_url"]), ("y:81", "http://y:81"))
                self.assertEqual(told["PATH_INFO"], "/variables")

    def test_without_one_the_host_counts(self):
        self.assertEqual(self.told("GET /variables HTTP/1.1\nHost: x:82")["host_url"], "http://x:82")
        self.assertEqual(self.told("GET /variables HTTP/1.1\nHost: [::1]:82")["host_url"], "http://[::1]:82")

    def test_old_client_that_names_no_host_gets_the_servers(self):
        self.assertNotIn("HTTP_HOST", self.told("GET /variables HTTP/1.0"))

    def test_address_and_port_are_the_clients(self):
        client = self.connect()
        told = client.get("/variables").json()
        self.assertEqual((told["REMOTE_ADDR"], int(told["REMOTE_PORT"])), client.socket.getsockname())


class IPv6(unittest.TestCase):
    def test_address_and_port_are_the_clients(self):
        server = Server(options=options("--http-socket", "[::1]:{port}"))
        self.addCleanup(server.stop)
        with socket.create_connection(("::1", server.port), patient(5)) as client:
            client.sendall(request("/variables", "Connection: close"))
            text = client.makefile("rb").read()
            address, port = client.getsockname()[:2]
        self.assertIn(b'"REMOTE_ADDR":"%s"' % address.encode(), text)
        self.assertIn(b'"REMOTE_PORT":"%d"' % port, text)


class UnixClients(unittest.TestCase):
    """Clients of an http-socket on a path."""

    @classmethod
    def setUpClass(cls):
        cls.folder = cls.enterClassContext(tempfile.TemporaryDirectory())
        cls.path = os.path.join(cls.folder, "socket")
        # Also listens on a port, by which the start is noticed.
        cls.server = Server(options=options("--http-socket", cls.path, "--log-format", "<%(addr)> %(uri)"))
        cls.addClassCleanup(cls.server.stop)

    def told(self, bound_to=None):
        with socket.socket(socket.AF_UNIX) as client:
            client.settimeout(patient(5))
            if bound_to:
                client.bind(bound_to)
            client.connect(self.path)
            client.sendall(request("/variables", "Connection: close"))
            return client.makefile("rb").read()

    def test_they_have_no_address_whatever_they_are_bound_to(self):
        for bound_to in (None, os.path.join(self.folder, "client"), "\0abstract-" + str(os.getpid())):
            with self.subTest(bound_to=bound_to):
                text = self.told(bound_to)
                self.assertIn(b'"REMOTE_ADDR":""', text)
                self.assertNotIn(b"REMOTE_PORT", text)
        self.server.wait_for_log("<-> /variables")


class Tls(unittest.TestCase):
    """With certificates of clients, which are self-signed and trusted by name."""

    @classmethod
    def setUpClass(cls):
        cls.certificate = Certificate()
        cls.addClassCleanup(cls.certificate.remove)
        cls.folder = cls.enterClassContext(tempfile.TemporaryDirectory())
        cls.client, cls.key = (os.path.join(cls.folder, name) for name in ("client.pem", "client.key"))
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj",
             "/O=Test/CN=some one", "-keyout", cls.key, "-out", cls.client],
            check=True, stderr=subprocess.DEVNULL)
        cls.server = Server(options=plugin_options(
            "--https-socket",
            f"127.0.0.1:{{port}},{cls.certificate.cert},{cls.certificate.key},HIGH,{cls.client}",
            "--aiopyr", "4", "--aiopyr-app", TELLING))
        cls.addClassCleanup(cls.server.stop)

    def told(self, show=True):
        context = self.certificate.client_context()
        if show:
            context.load_cert_chain(self.client, self.key)
        with socket.create_connection(self.server.address, patient(5)) as plain:
            address = plain.getsockname()
            with context.wrap_socket(plain, server_hostname="localhost") as client:
                client.sendall(request("/variables", "HTTPS-DN: /CN=forged", "Connection: close"))
                data = b""
                try:
                    while part := client.recv(65536):
                        data += part
                except ssl.SSLEOFError:
                    pass
        return data, address

    def test_name_of_the_clients_certificate_is_told(self):
        data, (address, port) = self.told()
        self.assertIn(b'"HTTPS_DN":"/O=Test/CN=some one"', data)
        self.assertIn(b'"REMOTE_ADDR":"%s"' % address.encode(), data)
        self.assertIn(b'"REMOTE_PORT":"%d"' % port, data)
        self.assertIn(b'"HTTPS":"on"', data)

    def test_client_without_one_has_no_name(self):
        self.assertNotIn(b'"HTTPS_DN"', self.told(show=False)[0])


class Fronts(unittest.TestCase):
    """Requests that a proxy passes on, and an HTTP socket would refuse."""

    BAD = (b"GET /greetings/%zz HTTP/1.1\r\nHost: x\r\n\r\n", b"GET /% HTTP/1.1\r\nHost: x\r\n\r\n",
           b"CONNECT / HTTP/1.1\r\nHost: x\r\n\r\n")

    def assert_refused(self, front, *more):
        for sent in (*self.BAD, *more):
            with self.subTest(sent=sent):
                client = RawHttp(front)
                self.addCleanup(client.close)
                client.send(sent)
                status = int(client.head()[0].split()[1])
                # nginx has its own 405.
                self.assertIn(status, (400, 405))

    def test_uwsgis_router(self):
        server = Server("http-router.ini")
        self.addCleanup(server.stop)
        self.assert_refused(server, b"GET / HTTP/1.1\r\nHost: a:b:c\r\n\r\n")
        self.assertEqual(fetch(server).status, 200)

    def test_nginx_that_speaks_uwsgi(self):
        server = Server("uwsgi-socket.ini")
        self.addCleanup(server.stop)
        front = self.enterContext(Nginx("nginx.conf", server.port))
        self.assert_refused(front)
        self.assertEqual(fetch(front).status, 200)

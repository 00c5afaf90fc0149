"""Files with less content than their size: the available bytes are sent, the connection ends before its
length, the log says so, and nothing else is harmed."""

import os
import socket
import tempfile
import unittest

from support.fronts import Certificate
from support.http import fetch_all
from support.paths import example
from support.patience import patient
from support.ports import reserve_port
from support.server import Server, plugin_options, wait_until

CORES = 2
SIZE = 16 << 20
# A file whose size is a page, with less than a line in it.
SHORT_FROM_THE_START = "/sys/kernel/mm/transparent_hugepage/enabled"
COMPLAINT = "it has become shorter"


class ShortFiles(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.certificate = Certificate()
        cls.addClassCleanup(cls.certificate.remove)

    def start(self, path):
        self.tls_port = reserve_port()
        server = Server(options=plugin_options(
            "--aiopyr", str(CORES), "--aiopyr-app", example("features"), "--aiopyr-set", f"features.file={path}",
            "--http-socket", "127.0.0.1:{port}", "--https-socket",
            f"127.0.0.1:{self.tls_port},{self.certificate.cert},{self.certificate.key}", "--disable-logging"))
        self.addCleanup(lambda: server.is_running() and server.kill())
        return server

    def ask(self, server, scheme):
        """Returns a client that has read nothing yet."""
        client = socket.socket()
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        client.settimeout(patient(10))
        client.connect(server.address if scheme == "http" else ("127.0.0.1", self.tls_port))
        if scheme == "https":
            client = self.certificate.client_context().wrap_socket(client, server_hostname="127.0.0.1",
                                                                   suppress_ragged_eofs=True)
        self.addCleanup(client.close)
        client.sendall(b"GET /file HTTP/1.1\r\nHost: x\r\n\r\n")
        return client

    def receive_all(self, client):
        answer = b""
        try:
            while part := client.recv(1 << 16):
                answer += part
        except ConnectionError:
            pass
        return answer

    def assert_one_line_each(self, server, path):
        log = server.log()
        self.assertEqual(log.count(f"the file '{path}' could not be sent"), log.count(COMPLAINT), log)
        self.assertNotIn("    at ", log)
        self.assertNotIn("ERROR", log)
        self.assertNotIn("exception", log)

    def assert_serves(self, server):
        answers = fetch_all(server, ["/?sleep=0.1"] * CORES)
        self.assertEqual([answer.status for answer in answers], [200] * CORES)
        server.stop()

    def test_a_file_that_becomes_shorter_while_it_is_sent_ends_its_connection(self):
        for scheme in ("http", "https"):
            with self.subTest(scheme), tempfile.NamedTemporaryFile() as file:
                file.truncate(SIZE)
                server = self.start(file.name)
                clients = [self.ask(server, scheme) for _ in range(CORES + 1)]
                # The response is longer than the kernel's buffers.
                heads = [client.recv(12) for client in clients]
                self.assertEqual(heads, [b"HTTP/1.1 200"] * len(clients))
                os.truncate(file.name, 100)
                for client in clients:
                    answer = self.receive_all(client)
                    self.assertIn(b"Content-Length: %d\r\n" % SIZE, answer)
                    self.assertLess(len(answer), SIZE)
                    self.assertNotIn(b"500 Internal", answer)
                wait_until(lambda: server.log().count(COMPLAINT) == len(clients), 5, server.log)
                self.assert_one_line_each(server, file.name)
                self.assert_serves(server)

    def test_a_file_that_is_shorter_from_the_start_does_too(self):
        for scheme in ("http", "https"):
            with self.subTest(scheme):
                self.assertEqual(os.path.getsize(SHORT_FROM_THE_START), 4096)
                server = self.start(SHORT_FROM_THE_START)
                for _ in range(CORES + 1):
                    answer = self.receive_all(self.ask(server, scheme))
                    head, _, body = answer.partition(b"\r\n\r\n")
                    self.assertTrue(head.startswith(b"HTTP/1.1 200 OK"), answer)
                    self.assertIn(b"Content-Length: 4096", head)
                    self.assertLess(len(body), 100)
                    self.assertNotIn(b"500 Internal", body)
                wait_until(lambda: server.log().count(COMPLAINT) == CORES + 1, 5, server.log)
                self.assert_one_line_each(server, SHORT_FROM_THE_START)
                self.assert_serves(server)


if __name__ == "__main__":
    unittest.main()

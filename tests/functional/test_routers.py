"""configs/http-router.ini and https-router.ini: uWSGI's own routers in front, as they are told to be used."""

import os
import time

from support.fronts import Certificate
from support.http import curl
from support.paths import BUILD
from support.patience import patient
from support.raw_http import RawHttpTest, request
from support.raw_websocket import TEXT, RawWebsocket
from support.server import Server

TELLING = os.path.join(BUILD, "tests", "telling_app.so")


class HttpRouter(RawHttpTest):
    ini = "http-router.ini"
    options = ("--aiopyr-app", TELLING)

    def assert_quick(self, begin):
        self.assertLess(time.monotonic() - begin, patient(5))

    def test_body_in_chunks_is_served_at_once(self):
        begin = time.monotonic()
        client = self.connect(timeout=10)
        client.send(request("/length", "Transfer-Encoding: chunked", method="POST") +
                    b"3\r\nabc\r\n" + b"fffe\r\n" + b"x" * 65534 + b"\r\n0\r\n\r\n")
        answer = client.answer()
        self.assertEqual((answer.status, answer.text), (200, "65537"))
        self.assert_quick(begin)

    def test_chunks_may_come_one_by_one(self):
        client = self.connect(timeout=10)
        client.send(request("/length", "Transfer-Encoding: chunked", method="POST"))
        for _ in range(5):
            client.send(b"3\r\nabc\r\n")
            time.sleep(0.05)
        client.send(b"0\r\n\r\n")
        self.assertEqual(client.answer().text, "15")

    def test_client_that_waits_for_an_invitation_gets_one(self):
        begin = time.monotonic()
        client = self.connect(timeout=10)
        client.send(request("/length", "Expect: 100-continue", "Content-Length: 3", method="POST"))
        self.assertEqual(client.head()[0].split()[1], "100")
        client.send(b"abc")
        answer = client.answer()
        self.assertEqual((answer.status, answer.text), (200, "3"))
        self.assert_quick(begin)

    def test_answer_says_that_the_connection_is_closed_behind_it(self):
        for sent in (request("/variables"), request("/nowhere"), request("/variables", method="HEAD"),
                     request("/length", method="POST", body=b"abc")):
            client = self.connect()
            client.send(sent)
            self.assertIn("Connection: close", client.head())
            client.until_end()

    def test_upgrade_does_not(self):
        client = self.connect()
        client.send(request("/upgraded", "Upgrade: nothing", "Connection: Upgrade"))
        connections = [line for line in client.head() if line.lower().startswith("connection:")]
        self.assertEqual(connections, ["Connection: Upgrade"])

    def test_large_heads_pass(self):
        client = self.connect()
        self.assertEqual(client.get("/variables", "Cookie: a=" + "c" * 12_000).status, 200)


class HttpsRouter(HttpRouter):
    ini = "https-router.ini"
    tls = True

    @classmethod
    def setUpClass(cls):
        certificate = Certificate()
        cls.addClassCleanup(certificate.remove)
        cls.server = Server(cls.ini, cls.options, certificate.environment)
        cls.addClassCleanup(cls.server.stop)


class HttpRouterThatKeepsConnections(RawHttpTest):
    ini = "http-router.ini"
    options = ("--aiopyr-app", TELLING, "--http-keepalive=10")

    def test_answers_do_not_say_that_it_is_closed(self):
        client = self.connect()
        for _ in range(3):
            answer = client.get("/variables")
            self.assertEqual(answer.status, 200)
            self.assertNotIn("connection", answer.headers)


class HttpRouterOfWebsockets(RawHttpTest):
    ini = "http-router.ini"

    def test_websockets_pass(self):
        for path in ("/echo", "/echo-uwsgi"):
            with RawWebsocket(self.server, path) as client:
                self.assertNotIn(b"close", client.head)
                client.send_frame(TEXT, b"hello")
                self.assertEqual(client.receive(), (TEXT, b"hello"))

    def test_curl_sends_a_large_body(self):
        answer = curl(self.server, "/nowhere", "--data-binary", "@-", "-H", "Expect: 100-continue", data=b"x" * 100_000)
        self.assertEqual(answer.status, 404)

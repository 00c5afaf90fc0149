"""Every answer has a Date (RFC 9110 section 6.6.1), whatever part of the server sends it."""

import email.utils
import os
import time

from support.fronts import Certificate
from support.http import curl, fetch
from support.paths import BUILD
from support.raw_http import RawHttpTest, request
from support.raw_websocket import RawWebsocket
from support.server import Server, ServerTest, plugin_options

TELLING = os.path.join(BUILD, "tests", "telling_app.so")


class DateTest(RawHttpTest):
    def assert_dated(self, head):
        """Checks that the lines of `head` have one Date, which is now."""
        dates = [line.partition(": ")[2] for line in head if line.lower().startswith("date:")]
        self.assertEqual(len(dates), 1, head)
        told = email.utils.parsedate_to_datetime(dates[0])
        self.assertTrue(dates[0].endswith(" GMT"), dates)
        # The wall clock is the same one.
        self.assertLess(abs(time.time() - told.timestamp()), 60)

    def assert_answers_are_dated(self, *data):
        for sent in data:
            with self.subTest(sent=sent):
                client = self.connect()
                client.send(sent)
                self.assert_dated(client.head())


class Dates(DateTest):
    options = plugin_options("--http-socket", "127.0.0.1:{port}", "--aiopyr", "4", "--aiopyr-app", TELLING,
                             "--route", "^/routed break:410 Gone",
                             "--static-map", "/files=" + os.path.dirname(__file__))

    def test_answers_of_an_app_are_dated(self):
        self.assert_answers_are_dated(
            request("/variables"), request("/variables", version="1.0"), request("/nowhere"),
            request("/variables", method="HEAD"), request("/variables", "Connection: close"),
            request("/length", "Expect: x", method="POST", body=b"abc"))

    def test_refusals_are_dated(self):
        self.assert_answers_are_dated(
            b"\0\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", request("/%zz"), request("/", "X : y"),
            request("/", "Transfer-Encoding: gzip, chunked"))

    def test_answers_of_uwsgi_are_dated(self):
        name = os.path.basename(__file__)
        self.assert_answers_are_dated(
            request("/files/" + name), request("/files/" + name, method="HEAD"),
            request("/files/" + name, "If-Modified-Since: Fri, 01 Jan 2100 00:00:00 GMT"),
            request("/routed"))

    def test_upgrade_is_dated(self):
        self.assert_answers_are_dated(request("/upgraded", "Upgrade: nothing", "Connection: Upgrade"))

    def test_date_of_a_view_is_kept(self):
        answer = fetch(self.server, "/dated")
        self.assertEqual(answer.headers["date"], "Sun, 06 Nov 1994 08:49:37 GMT")
        client = self.connect()
        client.send(request("/dated"))
        self.assertEqual(sum(line.startswith("Date:") for line in client.head()), 1)

    def test_pipelined_answers_are_dated_each(self):
        client = self.connect()
        client.send(request("/dated") + request("/variables") + request("/nowhere"))
        for _ in range(3):
            self.assertIn("date", client.answer().headers)

    def test_it_goes_on(self):
        first = fetch(self.server, "/variables").headers["date"]
        time.sleep(1.1)
        self.assertNotEqual(fetch(self.server, "/variables").headers["date"], first)


class DatesOfWebsockets(DateTest):
    ini = "tutorial.ini"

    def test_handshakes_of_both_mappers_are_dated(self):
        for path in ("/echo", "/echo-uwsgi"):
            with self.subTest(path=path), RawWebsocket(self.server, path) as client:
                self.assert_dated(client.head.decode().split("\r\n"))

    def test_refused_handshakes_are_dated(self):
        self.assert_answers_are_dated(request("/echo"), request("/echo-uwsgi"))


class DatesBesideOptions(DateTest):
    """With options that make uWSGI write the head."""

    options = plugin_options("--http-socket", "127.0.0.1:{port}", "--aiopyr", "4", "--aiopyr-app", TELLING,
                             "--response-route", "^/variables addheader:X-Routed: 1",
                             "--collect-header", "Content-Type TYPE")

    def test_answers_are_dated_once(self):
        self.assert_answers_are_dated(request("/variables"), request("/nowhere"))
        self.assertEqual(fetch(self.server, "/dated").headers["date"], "Sun, 06 Nov 1994 08:49:37 GMT")


class DatesOfTheOperator(ServerTest):
    options = plugin_options("--http-socket", "127.0.0.1:{port}", "--aiopyr", "4", "--aiopyr-app", TELLING,
                             "--add-header", "date: long ago")

    def test_one_that_is_added_is_the_only_one(self):
        for path in ("/variables", "/nowhere"):
            answer = curl(self.server, path)
            self.assertEqual(answer.headers["date"], "long ago")


class NoDates(ServerTest):
    options = plugin_options("--http-socket", "127.0.0.1:{port}", "--aiopyr", "4", "--aiopyr-app", TELLING,
                             "--del-header", "Date")

    def test_one_that_is_taken_away_does_not_come_back(self):
        for path in ("/variables", "/nowhere", "/dated"):
            self.assertNotIn("date", fetch(self.server, path).headers)


class DatesOverTls(DateTest):
    tls = True

    @classmethod
    def setUpClass(cls):
        certificate = Certificate()
        cls.addClassCleanup(certificate.remove)
        cls.server = Server("https.ini", env=certificate.environment)
        cls.addClassCleanup(cls.server.stop)

    def test_answers_and_refusals_are_dated(self):
        self.assert_answers_are_dated(request("/"), request("/", "X : y"))


class DatesThroughTheRouter(DateTest):
    ini = "http-router.ini"

    def test_answers_are_dated(self):
        self.assert_answers_are_dated(request("/"), request("/nowhere"))

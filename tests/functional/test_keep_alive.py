"""Connections that live on after a response: what is kept and what is closed, and at whose word."""

import contextlib
import os
import signal
import socket
import tempfile
import threading
import time
import unittest

from support.fronts import Certificate
from support.paths import example
from support.patience import patient
from support.raw_http import RawHttp, RawHttpTest, request
from support.server import Server, plugin_options, wait_until

CORES = 3
BIG = 1 << 20


def options(*more, socket_option=("--http-socket", "127.0.0.1:{port}")):
    return plugin_options(*socket_option, "--aiopyr", str(CORES), "--aiopyr-app", example("features"),
                          "--listen", "100", "--no-defer-accept", *more)


class KeepAliveTest(RawHttpTest):
    def assert_kept(self, client, answer):
        self.assertNotIn("connection", answer.headers)
        self.assertEqual(client.get("/title").status, 200)

    def assert_closed(self, client, answer):
        self.assertEqual(answer.headers.get("connection"), "close")
        self.assertTrue(client.is_closed())


class Rules:
    """For plain and TLS sockets alike."""

    def test_connection_is_for_many_requests(self):
        client = self.connect()
        for _ in range(20):
            answer = client.get("/title")
            self.assertEqual(answer.json(), {"title": "features"})
            self.assertNotIn("connection", answer.headers)

    def test_idle_connections_hold_no_core(self):
        clients = [self.connect() for _ in range(3 * CORES)]
        for client in clients:
            client.get("/title")
        answers = [self.connect() for _ in range(CORES)]
        for client in answers:
            client.send(request("/?sleep=0.2"))
        self.assertEqual([client.answer().status for client in answers], [200] * CORES)
        for client in clients:
            self.assert_kept(client, client.get("/title"))

    def test_pipelined_requests_are_answered_in_order(self):
        client = self.connect()
        client.send(b"".join(
            request(path, method=method, body=body)
            for path, method, body in [("/?sleep=0.2", "GET", b""), ("/body", "POST", b"one"),
                                       ("/missing/thing", "GET", b""), ("/body", "POST", b"two"),
                                       ("/title", "GET", b"")]))
        answers = [client.answer() for _ in range(5)]
        self.assertEqual([answer.status for answer in answers], [200, 200, 404, 200, 200])
        self.assertEqual([answers[1].body, answers[3].body], [b"one", b"two"])
        self.assertEqual(answers[4].json(), {"title": "features"})

    def test_more_pipelined_requests_than_a_buffer_holds_are_all_answered(self):
        client = self.connect(timeout=20)
        count = 400
        client.send(request("/title") * count)
        for _ in range(count):
            self.assertEqual(client.answer().json(), {"title": "features"})

    def test_head_that_comes_in_two_parts_is_a_request_like_the_first(self):
        client = self.connect()
        whole = request("/title")
        for cut in range(1, len(whole)):
            client.send(whole[:cut])
            client.send(whole[cut:])
            self.assertEqual(client.answer().status, 200)
        client.send(whole + whole[:10])
        client.answer()
        client.send(whole[10:])
        self.assertEqual(client.answer().status, 200)

    def test_client_that_says_close_is_told_so_and_closed(self):
        for value in ("close", "Close", "x-option, CLOSE ,y"):
            with self.subTest(value=value):
                client = self.connect()
                self.assert_closed(client, client.get("/title", f"Connection: {value}"))

    def test_old_client_is_closed_unless_it_asks(self):
        client = self.connect()
        self.assertEqual(client.get("/title", version="1.0").headers["connection"], "close")
        self.assertTrue(client.is_closed())
        client = self.connect()
        for _ in range(3):
            answer = client.get("/title", "Connection: Keep-Alive", version="1.0")
            self.assertEqual(answer.headers["connection"], "keep-alive")

    def test_responses_without_a_body_leave_the_connection_in_step(self):
        client = self.connect()
        for _ in range(3):
            self.assertGreater(int(client.get("/title", method="HEAD").headers["content-length"]), 0)
            self.assertEqual(client.get("/redirect").status, 302)
            fresh = client.get("/static/style.css")
            same = client.get("/static/style.css", f"If-None-Match: {fresh.headers['etag']}")
            self.assertEqual(same.status, 304)
        self.assert_kept(client, client.get("/title"))

    def test_errors_do_not_end_it(self):
        client = self.connect()
        for path, status in (("/missing/it", 404), ("/error/coroutine", 500), ("/nowhere", 404),
                             ("/?sleep=abc", 400)):
            self.assertEqual(client.get(path).status, status)
        self.assert_kept(client, client.get("/title"))

    def test_bodies_that_are_read_leave_the_connection_in_step(self):
        client = self.connect()
        for size in (1, 1000, 5000, 200_000):
            body = os.urandom(size).hex().encode()[:size]
            client.send(request("/body", method="POST", body=body))
            self.assertEqual(client.answer().body, body)
        self.assert_kept(client, client.get("/title"))

    def test_chunked_body_ends_where_the_next_request_begins(self):
        client = self.connect()
        chunked = request("/body", "Transfer-Encoding: chunked", method="POST") + b"3\r\none\r\n0\r\n\r\n"
        client.send(chunked + request("/title"))
        self.assertEqual(client.answer().body, b"one")
        self.assertEqual(client.answer().json(), {"title": "features"})
        for cut in range(1, len(chunked)):
            client.send(chunked[:cut])
            client.send(chunked[cut:] + request("/title"))
            self.assertEqual(client.answer().body, b"one")
            self.assertEqual(client.answer().json(), {"title": "features"})

    def test_body_that_nobody_reads_ends_the_connection_behind_the_answer(self):
        for body in (b"x", b"x" * 100_000):
            client = self.connect()
            client.send(request("/nowhere", method="POST", body=body))
            self.assert_closed(client, client.answer())

    def test_malformed_request_ends_it(self):
        client = self.connect()
        client.get("/title")
        client.send(b"nonsense\r\n\r\n" + request("/title"))
        self.assertEqual(client.answer().status, 400)
        self.assertTrue(client.is_closed())

    def test_big_responses_and_files_do_not_end_it(self):
        client = self.connect()
        for _ in range(2):
            self.assertEqual(len(client.get("/big").body), BIG)
            self.assertEqual(len(client.get("/file").body), BIG)
        self.assert_kept(client, client.get("/title"))

    def test_client_that_is_slow_to_read_goes_on_afterwards(self):
        for path in ("/big?mib=8", "/file"):
            with self.subTest(path=path):
                client = self.connect(receive_buffer=1 << 16, timeout=20)
                client.send(request(path) + request("/title"))
                time.sleep(0.3)  # the response does not fit the sockets
                self.assertGreaterEqual(len(client.answer().body), BIG)
                self.assertEqual(client.answer().json(), {"title": "features"})

    def test_websocket_may_begin_on_a_kept_connection(self):
        client = self.connect()
        client.get("/title")
        client.send(request("/echo", "Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13",
                            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="))
        self.assertEqual(client.socket.recv(4096).split(b"\r\n")[0], b"HTTP/1.1 101 Switching Protocols")
        client.send(b"\x81\x82\x00\x00\x00\x00hi")
        self.assertEqual(client.socket.recv(4096), b"\x81\x02hi")

    def test_client_that_leaves_between_requests_is_not_worth_a_line(self):
        for _ in range(5):
            client = self.connect()
            client.get("/title")
            client.close()
        self.connect().get("/title")
        self.assertNotIn("rror", self.new_log())


class Plain(Rules, KeepAliveTest):
    @classmethod
    def setUpClass(cls):
        cls.file = tempfile.NamedTemporaryFile()
        cls.file.write(b"f" * BIG)
        cls.file.flush()
        cls.options = options("--aiopyr-set", f"features.file={cls.file.name}")
        super().setUpClass()

    def test_pipelined_requests_are_taken_in_turn_with_those_of_others(self):
        flood = self.connect(timeout=30)
        count = 3000
        sender = threading.Thread(target=flood.send, args=(request("/title") * count,))
        reader = threading.Thread(target=lambda: [flood.answer() for _ in range(count)])
        sender.start(), reader.start()
        other = self.connect()
        served = 0
        while reader.is_alive():
            self.assertEqual(other.get("/title").status, 200)
            served += 1
        sender.join()
        self.assertGreater(served, 5)


class SmallSocketBuffers(KeepAliveTest):
    """Short responses wait for others to leave with: what a client does not take of them is not lost."""

    options = options("--socket-sndbuf", "4096")
    paths = ["/title" if n % 3 else f"/missing{n}" for n in range(2000)]

    def flood(self):
        client = self.connect(timeout=30, receive_buffer=4096)
        requests = b"".join(request(path) for path in self.paths)

        def send():
            with contextlib.suppress(ConnectionError):
                client.send(requests)

        sender = threading.Thread(target=send)
        sender.start()
        self.addCleanup(sender.join)
        time.sleep(0.3)  # the responses do not fit the sockets
        return client

    def test_client_that_pipelines_and_does_not_read_gets_every_response_in_order(self):
        client = self.flood()
        self.assertEqual(self.connect().get("/title").status, 200)
        for path in self.paths:
            answer = client.answer()
            if path == "/title":
                self.assertEqual((answer.status, answer.json()), (200, {"title": "features"}))
            else:
                self.assertEqual(answer.status, 404)
                self.assertIn(path.encode(), answer.body)
        self.assert_kept(client, client.get("/title"))

    def test_clients_that_do_not_read_hold_no_core(self):
        """They hold none for answers, and none for bytes that uWSGI would write after them."""
        for count in (15, 60, 2000):
            clients = []
            for _ in range(CORES + 1):
                clients.append(self.connect(receive_buffer=2048))
                for _ in range(60):
                    clients[-1].send(request("/title"))
                clients[-1].send(request("/title") * count + b"NONSENSE\r\n\r\n")
            time.sleep(patient(0.3))
            self.assertEqual(self.connect().get("/title").status, 200)
            for client in clients:
                client.close()

    def test_client_that_leaves_instead_costs_nobody_anything(self):
        clients = [self.flood() for _ in range(CORES + 1)]
        for client in clients:
            client.socket.shutdown(socket.SHUT_RDWR)
        self.assertEqual(self.connect().get("/title").status, 200)
        self.assertNotIn("rror", self.new_log())


class Tls(Rules, KeepAliveTest):
    tls = True

    @classmethod
    def setUpClass(cls):
        cls.certificate = Certificate()
        cls.addClassCleanup(cls.certificate.remove)
        cls.file = tempfile.NamedTemporaryFile()
        cls.file.write(b"f" * BIG)
        cls.file.flush()
        where = "127.0.0.1:{port}," + f"{cls.certificate.cert},{cls.certificate.key}"
        cls.options = options("--aiopyr-set", f"features.file={cls.file.name}",
                              socket_option=("--https-socket", where))
        super().setUpClass()


class Limits(KeepAliveTest):
    options = options("--aiopyr-keep-alive", str(patient(0.5)), "--aiopyr-keep-alive-requests", "3",
                      "--aiopyr-read-timeout", str(patient(1.5)))

    def test_idle_connection_is_closed_without_a_word(self):
        client = self.connect()
        client.get("/title")
        begin = time.monotonic()
        self.assertTrue(client.is_closed())
        self.assertGreater(time.monotonic() - begin, patient(0.4))

    def test_each_request_gives_it_its_time_anew(self):
        client = self.connect()
        for _ in range(2):
            client.get("/title")
            time.sleep(patient(0.3))
        self.assertEqual(client.get("/title").status, 200)

    def test_last_request_that_a_connection_may_have_says_so(self):
        client = self.connect()
        for _ in range(2):
            self.assertNotIn("connection", client.get("/title").headers)
        self.assert_closed(client, client.get("/title"))

    def test_what_is_pipelined_behind_the_last_does_not_cost_its_answer(self):
        for _ in range(20):
            client = self.connect()
            client.send(request("/title") * 100)
            for _ in range(3):
                self.assertEqual(client.answer().status, 200)
            self.assertTrue(client.is_closed())

    def test_next_request_that_does_not_arrive_in_time_is_answered_408(self):
        client = self.connect()
        client.get("/title")
        client.send(request("/title")[:-3])
        self.assertEqual(client.answer().status, 408)
        self.assertTrue(client.is_closed())


class BigBuffer(KeepAliveTest):
    options = options("--buffer-size", "65535")

    def test_nothing_behind_a_chunked_body_is_lost(self):
        client = self.connect(timeout=10)
        count = 40
        client.send(request("/body", "Transfer-Encoding: chunked", method="POST") +
                    b"3\r\none\r\n0\r\n\r\n" + request("/title", "X-Padding: " + "p" * 1000) * count)
        self.assertEqual(client.answer().body, b"one")
        for _ in range(count):
            self.assertEqual(client.answer().json(), {"title": "features"})


class SwitchedOff(KeepAliveTest):
    options = options("--aiopyr-keep-alive", "0")

    def test_every_response_is_the_last(self):
        client = self.connect()
        self.assert_closed(client, client.get("/title"))


class AnyNumber(KeepAliveTest):
    options = options()

    def test_requests_are_not_counted(self):
        client = self.connect()
        for _ in range(1500):
            client.get("/title")
        self.assert_kept(client, client.get("/title"))


class Ending(unittest.TestCase):
    """A worker that leaves."""

    def start(self, *more):
        server = Server(options=options("--master", *more))
        self.addCleanup(lambda: server.is_running() and server.kill())
        return server

    def test_idle_connections_get_a_second_and_hold_nothing_up(self):
        server = self.start()
        clients = [RawHttp(server) for _ in range(5)]
        for client in clients:
            client.get("/title")
        server.send_signal(signal.SIGINT)
        server.wait_for_log("about to stop")
        # A request that comes now is answered, and told that it is the last.
        self.assertEqual(clients[0].get("/title").headers["connection"], "close")
        for client in clients:
            self.assertTrue(client.is_closed())
        wait_until(lambda: not server.is_running(), 5)
        self.assertNotIn("cut off", server.log())

    def test_requests_that_are_there_already_are_answered(self):
        server = self.start()
        client = RawHttp(server)
        client.send(request(f"/?sleep={patient(0.5)}") + request("/title"))
        time.sleep(patient(0.2))
        server.send_signal(signal.SIGINT)
        self.assertNotIn("connection", client.answer().headers)
        self.assertEqual(client.answer().headers["connection"], "close")
        self.assertTrue(client.is_closed())

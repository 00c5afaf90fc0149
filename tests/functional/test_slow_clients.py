"""Slow clients: they hold no core, have a deadline, and do not delay other clients."""

import os
import select
import socket
import tempfile
import threading
import time
import unittest
from concurrent.futures import ThreadPoolExecutor

from support.fronts import Certificate
from support.http import fetch, fetch_all
from support.paths import example
from support.patience import patient
from support.ports import reserve_port
from support.server import ServerTest, plugin_options
from support.uwsgi_client import packet, variables_for

CORES = 2
# The time for clients to send and to read, in seconds. All other times are multiples of it.
TIME = patient(1)
HEAD = b"GET /title HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
# The number of clients: thousands only in the slow tests.
MANY = 2000 if os.environ.get("AIOPYR_SLOW_TESTS") else 300


def options(*more):
    return plugin_options("--http-socket", "127.0.0.1:{port}", "--aiopyr", str(CORES),
                          "--aiopyr-app", example("features"), "--listen", "1000",
                          # Otherwise the kernel keeps silent clients back.
                          "--no-defer-accept",
                          "--aiopyr-read-timeout", str(TIME),
                          "--aiopyr-write-timeout", str(TIME), *more)


class SlowClientTest(ServerTest):
    def connect(self, data=b"", receive_buffer=None):
        client = socket.socket()
        self.addCleanup(client.close)
        if receive_buffer:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        client.settimeout(10 * TIME)
        client.connect(self.server.address)
        client.sendall(data)
        return client

    def receive_all(self, client):
        answer = bytearray()
        while part := client.recv(65536):
            answer += part
        return bytes(answer)

    def receive_from_each(self, clients):
        """Returns what each gets. All read at once: a client that waited for its turn would be slow, too."""
        with ThreadPoolExecutor(len(clients)) as readers:
            return list(readers.map(self.receive_all, clients))

    def assert_cores_are_free(self):
        begin = time.monotonic()
        answers = fetch_all(self.server, ["/?sleep=0.1"] * CORES)
        self.assertEqual([answer.status for answer in answers], [200] * CORES)
        self.assertLess(time.monotonic() - begin, 0.8 * TIME)

    def assert_slow_body_holds_no_core(self):
        head = b"POST /body HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 1000\r\n\r\nabc"
        clients = [self.connect(head) for _ in range(CORES + 3)]
        self.assert_cores_are_free()
        for client in clients:
            self.assertIn(b"408 Request Timeout", self.receive_all(client))


class Slow(SlowClientTest):
    options = options()

    def test_half_a_head_holds_no_core_and_is_answered_408(self):
        begin = time.monotonic()
        clients = [self.connect(HEAD[:20]) for _ in range(CORES + 3)]
        self.assert_cores_are_free()
        for client in clients:
            self.assertIn(b"408 Request Timeout", self.receive_all(client))
        self.assertGreater(time.monotonic() - begin, 0.9 * TIME)

    def test_silent_connection_is_closed_without_a_word(self):
        clients = [self.connect() for _ in range(CORES + 3)]
        self.assert_cores_are_free()
        for client in clients:
            self.assertEqual(self.receive_all(client), b"")

    def test_head_that_comes_byte_by_byte_is_answered(self):
        client = self.connect()
        for i in range(len(HEAD)):
            client.sendall(HEAD[i : i + 1])
            time.sleep(0.005)
        self.assertIn(b"200 OK", self.receive_all(client))

    def test_drip_does_not_move_the_deadline(self):
        client = self.connect(b"GET /title HTTP/1.1\r\nX: ")
        begin = time.monotonic()
        client.settimeout(0.1)
        answer = b""
        while not answer and time.monotonic() - begin < 5 * TIME:
            try:
                client.sendall(b"x")
                answer = client.recv(65536)
            except TimeoutError:
                pass
        self.assertIn(b"408", answer)
        self.assertLess(time.monotonic() - begin, 2 * TIME)

    def test_slow_body_holds_no_core_and_is_answered_408(self):
        self.assert_slow_body_holds_no_core()

    def test_slow_part_of_a_large_body_is_answered_408(self):
        head = b"POST /body HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 200000\r\n\r\n"
        client = self.connect(head + b"x" * 100000)
        client.settimeout(patient(300))
        begin = time.monotonic()
        # The 100000 bytes that have come allow 200 seconds more (500 bytes each), which this does not wait for.
        client.shutdown(socket.SHUT_WR)
        self.receive_all(client)
        self.assertLess(time.monotonic() - begin, 5 * TIME)

    def test_chunked_body_that_is_read_holds_no_core(self):
        head = (b"POST /body HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: x/y\r\n"
                b"Transfer-Encoding: chunked\r\n\r\n")
        for client in [self.connect(head + b"5\r\nhello\r\n0\r\n\r\n") for _ in range(CORES + 3)]:
            self.assertIn(b"hello", client.recv(65536))
        self.assert_cores_are_free()

    def test_slow_chunks_hold_no_core_and_are_answered_408(self):
        head = (b"POST /body HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
                b"Transfer-Encoding: chunked\r\n\r\n")
        clients = [self.connect(head + begun) for begun in (b"", b"5", b"5\r\nab", b"2\r\nab\r\n") * CORES]
        self.assert_cores_are_free()
        for client in clients:
            self.assertIn(b"408 Request Timeout", self.receive_all(client))

    def test_chunks_in_pieces_arrive_whole(self):
        for count in (1, 1000, 40_000):
            with self.subTest(chunks=count):
                head = b"POST /body HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: x/y\r\n"
                sent = head + b"Transfer-Encoding: chunked\r\n\r\n" + b"3\r\nabc\r\n" * count + b"0\r\n\r\n"
                client = self.connect(sent[: len(sent) // 3])
                time.sleep(0.1)
                client.sendall(sent[len(sent) // 3 : -1])
                time.sleep(0.1)
                client.sendall(sent[-1:])
                self.assertTrue(self.receive_all(client).endswith(b"\r\n\r\n" + b"abc" * count))

    def test_malformed_chunks_are_refused_at_once(self):
        head = b"POST /body HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
        client = self.connect(head + b"5\r\nab")
        time.sleep(0.1)
        begin = time.monotonic()
        client.sendall(b"cdeXX")
        self.assertIn(b"400 Bad Request", self.receive_all(client))
        self.assertLess(time.monotonic() - begin, 0.5 * TIME)

    def test_client_that_leaves_in_its_chunks_leaves_nothing_behind(self):
        head = b"POST /body HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab"
        for _ in range(CORES + 3):
            self.connect(head).close()
        self.assert_cores_are_free()

    def test_body_in_pieces_arrives_whole(self):
        for size in (1, 1000, 65536, 200_000):
            with self.subTest(size=size):
                body = bytes(i % 251 for i in range(size))
                head = b"POST /body HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: x/y\r\n"
                head += b"Content-Length: %d\r\n\r\n" % size
                client = self.connect(head + body[: size // 3])
                time.sleep(0.1)
                client.sendall(body[size // 3 : size - 1])
                time.sleep(0.1)
                client.sendall(body[size - 1 :])
                answer = self.receive_all(client)
                self.assertIn(b"200 OK", answer)
                self.assertTrue(answer.endswith(body))

    def test_client_that_leaves_in_its_body_leaves_nothing_behind(self):
        head = b"POST /body HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 1000\r\n\r\nabc"
        for _ in range(CORES + 3):
            self.connect(head).close()
        self.assert_cores_are_free()

    def test_many_slow_clients_hold_up_nobody(self):
        heads = [self.connect(HEAD[:20]) for _ in range(MANY // 2)]
        body = b"POST /body HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 1000\r\n\r\nabc"
        bodies = [self.connect(body) for _ in range(MANY // 4)]
        invited = [self.connect(BodiesInCores.INVITED) for _ in range(MANY // 4)]
        times = []
        for _ in range(50):
            begin = time.monotonic()
            self.assertEqual(fetch(self.server, "/title").status, 200)
            times.append(time.monotonic() - begin)
        self.assertLess(sorted(times)[-2], 0.25 * TIME)
        for client in heads + bodies + invited:
            client.close()


class SilentByDefault(SlowClientTest):
    """Silent clients with uWSGI's deferred accept: by itself the kernel would keep them for 30 seconds."""

    options = [option for option in options() if option != "--no-defer-accept"]

    def test_a_client_that_sends_nothing_is_closed_in_time(self):
        begin = time.monotonic()
        clients = [self.connect() for _ in range(CORES + 3)]
        for client in clients:
            self.assertEqual(self.receive_all(client), b"")
        self.assertLess(time.monotonic() - begin, 5 * TIME)
        self.assertGreater(time.monotonic() - begin, 0.9 * TIME)


class SilentForLong(SlowClientTest):
    options = [*(option for option in options() if option != "--no-defer-accept"), "--aiopyr-read-timeout", "10"]

    def test_a_longer_time_is_kept_to_within_a_second_or_so(self):
        begin = time.monotonic()
        client = self.connect()
        client.settimeout(patient(60))
        self.assertEqual(self.receive_all(client), b"")
        self.assertGreater(time.monotonic() - begin, 9.5)
        self.assertLess(time.monotonic() - begin, 10 + patient(4))


class BodiesInCores(SlowClientTest):
    """The parts of bodies that are not awaited without a core: half of the cores may read them, here one."""

    options = options("--aiopyr-queue-timeout", str(20 * TIME))
    INVITED = (b"POST /body HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 5\r\n"
               b"Content-Type: x/y\r\nExpect: 100-continue\r\n\r\n")
    LARGE = (b"POST /body HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 90000\r\n"
             b"Content-Type: x/y\r\n\r\n" + b"x" * 89999)
    CHUNKS = (b"POST /body HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n"
              b"Content-Type: x/y\r\n\r\n15f90\r\n" + b"x" * 89999)

    def assert_others_are_served(self):
        for _ in range(5):
            begin = time.monotonic()
            self.assertEqual(fetch(self.server, "/title").status, 200)
            self.assertLess(time.monotonic() - begin, 0.5 * TIME)

    def invite(self, client):
        self.assertEqual(client.recv(100), b"HTTP/1.1 100 Continue\r\n\r\n")

    def connect_invited(self, head=INVITED):
        """Returns a client that has the core for bodies before any other client comes: of those whose
        heads arrive in the same turn of the loop, any may be first."""
        client = self.connect(head)
        self.invite(client)
        return client

    def test_clients_that_are_invited_and_send_nothing_leave_cores_to_others(self):
        first = self.connect_invited()
        others = [self.connect(self.INVITED) for _ in range(CORES)]
        self.assert_others_are_served()
        self.assertIn(b"408 Request Timeout", self.receive_all(first))
        while others:
            client, = select.select(others, [], [], 10 * TIME)[0]
            self.invite(client)
            client.sendall(b"hello")
            self.assertIn(b"hello", self.receive_all(client))
            others.remove(client)

    def test_bodies_that_stop_beyond_what_is_awaited_leave_cores_to_others(self):
        for request, end in ((self.LARGE, b"x"), (self.CHUNKS, b"x\r\n0\r\n\r\n")):
            clients = [self.connect(request) for _ in range(CORES + 2)]
            self.assert_others_are_served()
            for client in clients:
                client.sendall(end)
            for client in clients:
                self.assertTrue(self.receive_all(client).endswith(b"x" * 90000))

    def test_a_body_that_was_read_makes_room_for_the_next(self):
        """The core is free before the view of the first one has answered."""
        head = self.INVITED.replace(b"/body", b"/?sleep=%d" % round(TIME))
        first, second = self.connect_invited(head), self.connect(self.INVITED)
        first.sendall(b"hello")
        begin = time.monotonic()
        self.invite(second)
        second.sendall(b"hello")
        self.assertIn(b"hello", self.receive_all(second))
        self.assertLess(time.monotonic() - begin, 0.8 * TIME)
        self.assertIn(b"200 OK", self.receive_all(first))

    def test_a_body_that_has_come_meanwhile_needs_none(self):
        self.connect_invited()
        client = self.connect(self.LARGE[:80000])
        time.sleep(0.1 * TIME)
        begin = time.monotonic()
        client.sendall(self.LARGE[80000:] + b"x")
        self.assertTrue(self.receive_all(client).endswith(b"x" * 90000))
        self.assertLess(time.monotonic() - begin, 0.5 * TIME)

    def test_a_body_that_is_too_large_is_refused_without_one(self):
        self.connect_invited()
        begin = time.monotonic()
        client = self.connect(self.INVITED.replace(b"Length: 5", b"Length: 99999999"))
        self.assertIn(b"413 Request Entity Too Large", self.receive_all(client))
        self.assertLess(time.monotonic() - begin, 0.5 * TIME)

    def test_a_handshake_that_was_to_bring_a_body_is_refused_and_keeps_no_core(self):
        head = (b"GET /uwsgi-type HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
                b"Content-Length: 1\r\nExpect: 100-continue\r\n\r\n")
        self.assertIn(b"400 ", self.connect(head).recv(1000))
        client = self.connect_invited()
        client.sendall(b"hello")
        self.assertIn(b"hello", self.receive_all(client))

    def test_client_that_leaves_while_it_waits_for_one_leaves_nothing_behind(self):
        clients = [self.connect_invited()] + [self.connect(self.INVITED) for _ in range(CORES + 1)]
        for client in clients:
            client.close()
        self.assert_cores_are_free()
        client = self.connect_invited()
        client.sendall(b"hello")
        self.assertIn(b"hello", self.receive_all(client))


class BodyQueue(SlowClientTest):
    options = options("--aiopyr-queue", "4")

    def test_half_of_the_queue_is_for_bodies(self):
        """One has a core, two wait, and the others are refused; a request without a body waits as usual."""
        clients = [self.connect(BodiesInCores.INVITED) for _ in range(5)]
        answered = set()
        deadline = time.monotonic() + 5 * TIME
        while len(answered) < 3 and time.monotonic() < deadline:
            answered.update(select.select(clients, [], [], TIME)[0])
        answers = sorted(client.recv(1000).split(b"\r\n")[0] for client in answered)
        self.assertEqual(answers, [b"HTTP/1.1 100 Continue"] + 2 * [b"HTTP/1.1 503 Service Unavailable"])
        self.assertEqual(fetch(self.server, "/title").status, 200)


class SlowBehindAProxyTest(SlowClientTest):
    """Clients behind a proxy that passes bodies on as they come, such as uWSGI's HTTP router."""

    proxy_options = [option.replace("--http-socket", "--uwsgi-socket") for option in options()]

    def head(self, **variables):
        return packet(variables_for("/body", "POST", CONTENT_TYPE="x/y", **variables))


class SlowBehindAProxy(SlowBehindAProxyTest):
    options = SlowBehindAProxyTest.proxy_options

    def assert_cores_are_free(self):
        begin = time.monotonic()
        clients = [self.connect(packet(variables_for("/", QUERY_STRING="sleep=0.1"))) for _ in range(CORES)]
        for client in clients:
            self.assertIn(b"200 OK", self.receive_all(client))
        self.assertLess(time.monotonic() - begin, 0.8 * TIME)

    def test_slow_body_holds_no_core_and_is_answered_408(self):
        for begun in (b"", b"abc"):
            clients = [self.connect(self.head(CONTENT_LENGTH="1000") + begun) for _ in range(CORES + 3)]
            self.assert_cores_are_free()
            for client in clients:
                self.assertIn(b"408 Request Timeout", self.receive_all(client))

    def test_body_in_pieces_arrives_whole(self):
        for begun in (b"", b"ab"):
            body = bytes(range(256)) * 600
            clients = [self.connect(self.head(CONTENT_LENGTH=str(len(body))) + body[: len(begun)])
                       for _ in range(CORES + 3)]
            for begin in range(len(begun), len(body), 50_000):
                for client in clients:
                    client.sendall(body[begin : begin + 50_000])
                time.sleep(0.01)
            for client in clients:
                self.assertTrue(self.receive_all(client).endswith(body))

    def test_chunks_in_pieces_arrive_whole(self):
        clients = [self.connect(self.head(HTTP_TRANSFER_ENCODING="chunked") + b"5\r\nhe") for _ in range(CORES + 3)]
        self.assert_cores_are_free()
        for client in clients:
            client.sendall(b"llo\r\n0\r\n\r\n")
            self.assertTrue(self.receive_all(client).endswith(b"hello"))

    def test_lengths_are_what_uwsgi_takes_them_for(self):
        """It takes the digits before any other character, and the last of several lengths."""
        for heads in (self.head(CONTENT_LENGTH="5x"), self.head_with(("CONTENT_LENGTH", "0"), ("CONTENT_LENGTH", "5"))):
            clients = [self.connect(heads) for _ in range(CORES + 3)]
            self.assert_cores_are_free()
            for client in clients:
                client.sendall(b"hello")
                self.assertTrue(self.receive_all(client).endswith(b"hello"))

    def head_with(self, *more):
        variables = [*variables_for("/body", "POST", CONTENT_TYPE="x/y").items(), *more]
        return packet(variables)

    def test_a_body_in_a_file_is_not_awaited(self):
        with tempfile.NamedTemporaryFile(prefix="aiopyr-post-") as file:
            file.write(b"hello")
            file.flush()
            begin = time.monotonic()
            client = self.connect(self.head(CONTENT_LENGTH="5", UWSGI_POSTFILE=file.name))
            self.assertTrue(self.receive_all(client).endswith(b"hello"))
            self.assertLess(time.monotonic() - begin, 0.5 * TIME)

    def test_a_length_that_is_none_harms_nobody(self):
        for length in ("x", "5x", "-1", "99999999999999999999999"):
            client = self.connect(self.head(CONTENT_LENGTH=length))
            client.shutdown(socket.SHUT_WR)
            self.receive_all(client)
        self.assert_cores_are_free()


class BodiesBehindAProxy(SlowBehindAProxyTest):
    """Clients with so much time that a request that had to wait for them would wait very long."""

    options = [*SlowBehindAProxyTest.proxy_options, "--aiopyr-read-timeout", str(60 * TIME),
               "--aiopyr-queue-timeout", str(60 * TIME)]

    def test_bodies_beyond_what_is_awaited_leave_cores_to_others(self):
        body = b"x" * 100_000
        clients = [self.connect(self.head(CONTENT_LENGTH=str(len(body))) + body[:-1]) for _ in range(CORES + 2)]
        begin = time.monotonic()
        for _ in range(CORES):
            other = self.connect(packet(variables_for("/", QUERY_STRING="sleep=0.1")))
            self.assertIn(b"200 OK", self.receive_all(other))
        self.assertLess(time.monotonic() - begin, 30 * TIME)
        for client in clients:
            client.sendall(body[-1:])
            self.assertTrue(self.receive_all(client).endswith(body))


class SlowBehindTheRouter(SlowClientTest):
    options = plugin_options(
        "--plugins", "http", "--master", "--http", "127.0.0.1:{port}", "--socket", "127.0.0.1:0",
        "--aiopyr", str(CORES), "--aiopyr-app", example("features"), "--aiopyr-read-timeout", str(TIME))

    def test_slow_body_holds_no_core_and_is_answered_408(self):
        self.assert_slow_body_holds_no_core()


class SlowTls(SlowClientTest):
    @classmethod
    def setUpClass(cls):
        cls.certificate = Certificate()
        cls.addClassCleanup(cls.certificate.remove)
        cls.tls_port = reserve_port()
        cls.options = options("--https-socket", f"127.0.0.1:{cls.tls_port},{cls.certificate.cert},"
                              f"{cls.certificate.key}")
        super().setUpClass()

    def connect_tls(self, data):
        client = socket.create_connection(("127.0.0.1", self.tls_port), 10 * TIME)
        client = self.certificate.client_context().wrap_socket(client, server_hostname="127.0.0.1")
        self.addCleanup(client.close)
        client.sendall(data)
        return client

    def test_slow_body_holds_no_core_and_is_answered_408(self):
        heads = (b"POST /body HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nabc",
                 b"POST /body HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabc")
        clients = [self.connect_tls(head) for head in heads * (CORES + 2)]
        self.assert_cores_are_free()
        for client in clients:
            self.assertIn(b"408 Request Timeout", self.receive_all(client))

    def test_body_in_pieces_arrives_whole(self):
        for size in (1, 1000, 16384, 65536, 200_000):
            with self.subTest(size=size):
                body = bytes(i % 251 for i in range(size))
                client = self.connect_tls(b"POST /body HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
                                          b"Content-Type: x/y\r\nContent-Length: %d\r\n\r\n" % size
                                          + body[: size // 3])
                time.sleep(0.1)
                client.sendall(body[size // 3 : size - 1])
                time.sleep(0.1)
                client.sendall(body[size - 1 :])
                self.assertTrue(self.receive_all(client).endswith(b"\r\n\r\n" + body))


class SlowReaders(SlowClientTest):
    options = options()
    SIZE = 20 << 20

    def ask(self, path, receive_buffer=4096):
        return self.connect(b"GET %s HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n" % path.encode(), receive_buffer)

    def test_response_that_is_not_read_holds_no_core(self):
        readers = [self.ask("/big?mib=8") for _ in range(CORES + 3)]
        self.assert_cores_are_free()
        for reader in readers:
            reader.close()

    def test_response_that_is_read_in_time_arrives_whole(self):
        reader = self.ask(f"/big?mib={self.SIZE >> 20}", receive_buffer=None)
        time.sleep(0.3)
        answer = self.receive_all(reader)
        self.assertEqual(len(answer.partition(b"\r\n\r\n")[2]), self.SIZE)

    def test_readers_that_come_at_once_all_get_all(self):
        readers = [self.ask("/big?mib=8", receive_buffer=None) for _ in range(20)]
        for answer in self.receive_from_each(readers):
            self.assertEqual(len(answer.partition(b"\r\n\r\n")[2]), 8 << 20)

    def test_slow_reader_goes_on_for_as_long_as_it_reads(self):
        reader = self.ask(f"/big?mib={self.SIZE >> 20}")
        got = 0
        end = time.monotonic() + 3 * TIME
        while time.monotonic() < end:
            got += len(reader.recv(4000))
            time.sleep(0.02)
        reader.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
        self.assertGreater(got + len(self.receive_some(reader, 2 << 20)), 2 << 20)

    def receive_some(self, client, count):
        answer = b""
        while len(answer) < count and (part := client.recv(65536)):
            answer += part
        return answer

    def test_what_is_sent_behind_the_request_harms_no_response(self):
        reader = self.ask("/big?mib=2", receive_buffer=None)
        reader.sendall(HEAD * 300)
        time.sleep(0.2)
        self.assertEqual(len(self.receive_all(reader).partition(b"\r\n\r\n")[2]), 2 << 20)

    def test_reader_that_stops_is_cut_off(self):
        reader = self.ask(f"/big?mib={self.SIZE >> 20}")
        # Bytes that the kernels move in this time count as progress in the first period.
        time.sleep(2.5 * TIME)
        answer = b""
        with self.assertRaises(ConnectionError):
            answer = self.receive_all(reader)
            raise ConnectionResetError  # a close that came in order, and too early
        self.assertLess(len(answer), self.SIZE)
        self.assert_cores_are_free()


class LittleRoom(SlowClientTest):
    options = options("--aiopyr-write-buffer", "1000000")

    def test_responses_without_room_are_sent_from_their_cores(self):
        request = b"GET /big?mib=8 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
        readers = [self.connect(request) for _ in range(CORES * 3)]
        for answer in self.receive_from_each(readers):
            self.assertEqual(len(answer.partition(b"\r\n\r\n")[2]), 8 << 20)


class NoRoom(SlowClientTest):
    FILE = tempfile.NamedTemporaryFile()
    options = options("--aiopyr-write-buffer", "1000", "--aiopyr-set", f"features.file={FILE.name}")

    def test_files_that_are_not_read_hold_no_core(self):
        for size in (16 << 10, 1 << 20):
            with self.subTest(size=size):
                self.FILE.truncate(size)
                request = b"GET /file HTTP/1.1\r\nHost: x\r\n\r\n"
                # More responses than the kernel takes.
                readers = [self.connect(request * 600, 4096) for _ in range(CORES + 1)]
                time.sleep(patient(0.3))
                self.assert_cores_are_free()
                for reader in readers:
                    reader.close()


class Queue(SlowClientTest):
    options = options("--aiopyr-queue-timeout", str(0.5 * TIME), "--aiopyr-queue", "3")

    def occupy(self, times):
        """Occupies all cores for a while."""
        busy = threading.Thread(target=fetch_all, args=(self.server, [f"/?sleep={times * TIME}"] * CORES))
        busy.start()
        self.addCleanup(busy.join)
        time.sleep(0.1 * TIME)

    def test_whole_request_waits_for_a_core(self):
        late = self.connect(HEAD[:-2])
        time.sleep(0.1 * TIME)
        self.occupy(0.4)
        late.sendall(HEAD[-2:])
        self.assertIn(b"200 OK", self.receive_all(late))

    def test_request_without_a_core_is_answered_503_in_the_end(self):
        late = self.connect(HEAD[:-2])
        time.sleep(0.1 * TIME)
        self.occupy(1.5)
        late.sendall(HEAD[-2:])
        answer = self.receive_all(late)
        self.assertIn(b"503 Service Unavailable", answer)
        self.assertIn(b"Retry-After: 1", answer)

    def test_connection_that_waits_for_a_core_is_served_or_answered_503(self):
        self.occupy(0.4)
        self.assertIn(b"200 OK", self.receive_all(self.connect(HEAD)))
        self.occupy(2)
        begin = time.monotonic()
        self.assertIn(b"503 Service Unavailable", self.receive_all(self.connect(HEAD)))
        self.assertLess(time.monotonic() - begin, 1.5 * TIME)

    def test_those_beyond_the_queue_are_answered_503_at_once(self):
        self.occupy(0.5)
        clients = [self.connect(HEAD) for _ in range(8)]
        statuses = [self.receive_all(client).split(b" ")[1] for client in clients]
        self.assertEqual(statuses.count(b"503"), 5)
        self.assertEqual(statuses.count(b"200"), 3)

    def test_parked_requests_beyond_the_queue_are_answered_503_too(self):
        clients = [self.connect(HEAD[:-2]) for _ in range(8)]
        time.sleep(0.1 * TIME)
        self.occupy(0.4)
        for client in clients:
            client.sendall(HEAD[-2:])
        statuses = [self.receive_all(client).split(b" ")[1] for client in clients]
        self.assertEqual(statuses.count(b"503"), 5)

    def test_waiting_costs_no_cpu_and_all_recovers(self):
        self.occupy(1)
        clients = [self.connect(HEAD) for _ in range(20)]
        before = self.server.cpu_seconds()
        time.sleep(0.7 * TIME)
        self.assertLess(self.server.cpu_seconds() - before, 0.05 * TIME)
        for client in clients:
            self.receive_all(client)
        time.sleep(0.5 * TIME)
        self.assert_cores_are_free()


if __name__ == "__main__":
    unittest.main()

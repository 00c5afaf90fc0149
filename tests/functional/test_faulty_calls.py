"""Each system call of a request or a websocket fails once: whatever happens to that one, the next client is
served, no core is lost and no descriptor stays open."""

import contextlib
import errno
import http.client
import os
import socket
import ssl
import unittest
from concurrent.futures import ThreadPoolExecutor

from support import uwsgi_client
from support.faults import (ACCEPT, EPOLL_CTL, EPOLL_WAIT, MEMORY, POLL, READ, SETSOCKOPT, SHUTDOWN, STACK, THREAD,
                            WRITE, Faults, FaultyServer)
from support.fronts import Certificate
from support.http import fetch, fetch_all
from support.paths import example
from support.patience import patient
from support.ports import reserve_port
from support.raw_http import RawHttp, request
from support.raw_websocket import CLOSE, TEXT, Closed, RawWebsocket, Refused, close_payload
from support.server import plugin_options, run_to_its_end

CORES = 3
FILE = os.path.join(os.path.dirname(__file__), "test_faulty_calls.py")

# Errors that a client must not notice: the kernel only asks to try again.
AGAIN = {
    errno.EINTR: ACCEPT | EPOLL_WAIT | POLL,
    errno.EAGAIN: ACCEPT | READ | WRITE,
}
ERRORS = {
    errno.ECONNABORTED: ACCEPT,
    errno.EMFILE: ACCEPT,
    errno.EINTR: READ | WRITE,
    errno.ECONNRESET: READ | WRITE,
    errno.EPIPE: WRITE,
    errno.ENOMEM: ACCEPT | READ | WRITE | EPOLL_CTL | POLL | SETSOCKOPT,
    errno.ENOTCONN: SHUTDOWN,
}


class Lost(Exception):
    """Raised when the connection has ended too early."""


def exchange(address, request, tls=None):
    """Returns the whole answer to a request on a connection of its own."""
    try:
        with socket.create_connection(address, patient(10)) as connection:
            return answer_to(request, tls.wrap_socket(connection, server_hostname="127.0.0.1") if tls else connection)
    except (ConnectionError, ssl.SSLError) as error:
        raise Lost(error) from error


def answer_to(request, connection):
    with connection:
        connection.sendall(request)
        answer = b""
        while chunk := connection.recv(1 << 18):
            answer += chunk
        return answer


def require_answer(answer, body):
    """Checks the answer; raises Lost for a 500 or one that is not complete."""
    head, separator, rest = answer.partition(b"\r\n\r\n")
    if separator and b" 500 " in head.split(b"\r\n")[0]:
        raise Lost("500")
    if separator and not head.split(b"\r\n")[0].endswith(b" 200 OK"):
        raise AssertionError(f"what is that: {answer[:200]}")
    if rest != body:
        if not body.startswith(rest):
            raise AssertionError(f"a wrong body: {answer[:200]}")
        raise Lost("incomplete")


class FaultTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.certificate = Certificate()
        cls.addClassCleanup(cls.certificate.remove)
        cls.tls_port, cls.uwsgi_port = reserve_port(), reserve_port()
        cls.server = FaultyServer(CORES, plugin_options(
            "--http-socket", "127.0.0.1:{port}", "--https-socket",
            f"127.0.0.1:{cls.tls_port},{cls.certificate.cert},{cls.certificate.key}", "--uwsgi-socket",
            f"127.0.0.1:{cls.uwsgi_port}", "--aiopyr-app", example("features"), "--aiopyr-set",
            f"features.file={FILE}", "--disable-logging"))
        cls.addClassCleanup(cls.server.stop)

    def post(self):
        body = b"abc" * 100
        require_answer(exchange(self.server.address, b"POST /body HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
                                b"Content-Length: 300\r\n\r\n" + body), body)

    def chunked(self):
        require_answer(exchange(self.server.address, b"POST /body HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
                                b"Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"), b"abcde")

    def big(self):
        require_answer(exchange(self.server.address, b"GET /big?mib=4 HTTP/1.1\r\nHost: x\r\n"
                                b"Connection: close\r\n\r\n"),
                       b"x" * (4 << 20))

    def file(self):
        with open(FILE, "rb") as file:
            require_answer(exchange(self.server.address, b"GET /file HTTP/1.1\r\nHost: x\r\n"
                                    b"Connection: close\r\n\r\n"), file.read())

    def uwsgi(self):
        variables = uwsgi_client.variables_for("/body", "POST", CONTENT_LENGTH="3")
        require_answer(exchange(("127.0.0.1", self.uwsgi_port), uwsgi_client.packet(variables) + b"abc"), b"abc")

    def https(self):
        require_answer(exchange(("127.0.0.1", self.tls_port), b"POST /body HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
                                b"Content-Length: 3\r\n\r\nabc", self.certificate.client_context()), b"abc")

    def kept(self):
        """Sends several requests on a connection: a small one, a large one, and pipelined ones."""
        try:
            with contextlib.closing(RawHttp(self.server, timeout=10)) as client:
                client.send(request("/body", method="POST", body=b"abc"))
                self.take_whole(client, b"abc")
                client.send(request("/big") + request("/body", method="POST", body=b"def"))
                self.take_whole(client, b"x" * (1 << 20))
                self.take_whole(client, b"def")
                client.send(b"".join(request("/body", method="POST", body=body) for body in (b"gh", b"ij", b"kl")))
                for body in (b"gh", b"ij", b"kl"):
                    self.take_whole(client, body)
        except (EOFError, ConnectionError) as error:
            raise Lost(error) from error

    def take_whole(self, client, body):
        answer = client.answer()
        if answer.status == 500:
            raise Lost("500")
        self.assertEqual((answer.status, answer.body), (200, body))

    def websocket(self, path="/type", server=None, tls=None):
        try:
            with RawWebsocket(server or self.server, path, tls=tls) as ws:
                ws.send_frame(TEXT, b"abc")
                ws.send_frame(TEXT, b"defg")
                self.take(ws, (TEXT, b"str:3"), (TEXT, b"str:4"))
                ws.send_frame(CLOSE, close_payload(1000))
                self.take(ws, (CLOSE, close_payload(1000)))
        except (Closed, ConnectionError, ssl.SSLError) as error:
            raise Lost(error) from error
        except Refused as error:
            if " 500 " not in str(error):
                raise
            raise Lost(error) from error

    def take(self, ws, *frames):
        for frame in frames:
            received = ws.receive()
            if received[0] == CLOSE and frame[0] != CLOSE:
                raise Lost(received)
            self.assertEqual(received, frame)

    def native_websocket(self):
        self.websocket("/uwsgi-type")

    def tls_websocket(self):
        class Tls:
            host, port, address = "127.0.0.1", self.tls_port, ("127.0.0.1", self.tls_port)
        self.websocket(server=Tls, tls=self.certificate.client_context())

    def talks(self):
        return (self.post, self.chunked, self.kept, self.big, self.file, self.uwsgi, self.https, self.websocket,
                self.native_websocket, self.tls_websocket)

    def assert_whole(self):
        """Checks that no core and no descriptor is lost, and the next request is served."""
        self.server.wait_until_idle()
        self.post()

    def fail_each(self, talk, error, kinds, may_lose):
        """Makes each call fail in turn, until none is left to fail; returns how many there were."""
        for position in range(200):
            self.server.arm(kinds, position, error)
            with self.subTest(talk=talk.__name__, error=errno.errorcode[error], position=position):
                try:
                    talk()
                except Lost as lost:
                    self.assertTrue(may_lose, lost)
                failed = self.server.disarm()
                self.assert_whole()
                if not failed:
                    return position
        raise AssertionError("it never ends")


class FailingCalls(FaultTest):
    def test_what_can_be_tried_again_is_tried_again(self):
        for talk in self.talks():
            for error, kinds in AGAIN.items():
                self.assertGreater(self.fail_each(talk, error, kinds, may_lose=False), 0)

    def test_what_cannot_ends_one_connection_at_most(self):
        for talk in self.talks():
            for error, kinds in ERRORS.items():
                self.fail_each(talk, error, kinds, may_lose=True)


class OneByteAtATime(FaultTest):
    def test_nobody_notices_that_each_call_moves_one_byte(self):
        self.server.control.one_byte = 1
        self.addCleanup(setattr, self.server.control, "one_byte", 0)
        for talk in self.talks():
            if talk != self.big:
                with self.subTest(talk=talk.__name__):
                    talk()
                    self.assert_whole()


class ShortOfMemory(FaultTest):
    """Makes each allocation of a request or a websocket fail in turn."""

    def test_it_ends_one_connection_at_most(self):
        for talk in self.talks():
            # Things that are made once stay.
            talk()
            self.server.wait_until_idle()
            self.assertGreater(self.fail_each(talk, errno.ENOMEM, MEMORY, may_lose=True), 3)


class ShortOfResources(FaultTest):
    """Tests things that are made on first use: stacks, threads. So each test gets its own server."""

    def setUp(self):
        self.setUpClass()
        self.addCleanup(self.doClassCleanups)

    def test_request_for_which_there_is_no_stack_ends_alone(self):
        for position in range(10):
            self.server.arm(STACK, position, errno.ENOMEM)
            with ThreadPoolExecutor(CORES) as pool:
                answers = list(pool.map(self.try_to_wait, range(CORES)))
            failed = self.server.disarm()
            self.assert_whole()
            self.assertGreaterEqual(answers.count(200), CORES - 1)
            if not failed:
                self.assertGreater(position, 0)
                return
        raise AssertionError("it never ends")

    def try_to_wait(self, _):
        try:
            return fetch(self.server, "/?sleep=0.3").status
        except (OSError, http.client.HTTPException) as error:
            return error

    def test_view_for_which_there_is_no_thread_fails_alone(self):
        self.server.arm(THREAD, 0, errno.EAGAIN)
        self.assertEqual(fetch(self.server, "/where/plain").status, 500)
        self.assertEqual(self.server.disarm(), THREAD)
        self.assertIn("cannot start a thread", self.server.log())
        self.assert_whole()
        self.assertEqual(fetch(self.server, "/where/plain").status, 200)

    def test_threads_that_are_there_do_the_work_of_one_that_cannot_be_had(self):
        self.assertEqual(fetch(self.server, "/where/plain").status, 200)
        self.server.arm(THREAD, 0, errno.EAGAIN)
        answers = fetch_all(self.server, ["/blocking?sleep=0.1"] * CORES)
        self.assertEqual(self.server.disarm(), THREAD)
        self.assertEqual([answer.status for answer in answers], [200] * CORES)
        self.assert_whole()


class StartWithoutThreads(unittest.TestCase):
    def test_no_thread_is_to_be_had(self):
        faults = Faults()
        faults.control.error = errno.EAGAIN
        faults.control.kinds = THREAD
        code, log = run_to_its_end(*plugin_options("--http-socket", "127.0.0.1:0", "--aiopyr", "10",
                                                   "--aiopyr-app", example("hello")),
                                   env=faults.environment)
        self.assertEqual(faults.control.failed, THREAD, log)
        self.assertNotEqual(code, 0, log)
        last = [line for line in log.splitlines() if "[aiopyr]" in line][-1]
        for words in ("the loop engine has failed", "thread that watches for a blocked loop",
                      "limit of processes"):
            self.assertIn(words, last)


if __name__ == "__main__":
    unittest.main()

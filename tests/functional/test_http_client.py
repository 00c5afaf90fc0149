"""The HTTP client against nginx (HTTP/1.1, TLS, HTTP/2), against a proxy that delays, cuts, resets and
half-closes, and in a worker."""

import collections
import contextlib
import os
import select
import socket
import struct
import threading
import time
import unittest

from support.http import fetch
from support.http_asker import ask, results_of, start_asking
from support.http_backend import Backend, BackendTest
from support.paths import BUILD
from support.patience import patient
from support.server import Listener, Server, plugin_options

APP = os.path.join(BUILD, "tests", "http_app.so")
BIG = 3_000_000


class BadProxy(Listener):
    """A TCP proxy that treats each connection in one of several ways: delays it, cuts its answer after a number
    of bytes, resets it there, or half-closes it and goes on reading."""

    def __init__(self, target, ways):
        self._target, self._ways = target, ways
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=200)
        self.port = self._listener.getsockname()[1]
        self._count = 0
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self):
        self._listener.close()

    def _accept(self):
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                way = self._ways[self._count % len(self._ways)]
                self._count += 1
                threading.Thread(target=self._serve, args=(client, way), daemon=True).start()

    def _serve(self, client, way):
        kind, amount = way
        with contextlib.suppress(OSError), client, socket.create_connection(self._target) as server:
            if kind == "delay":
                time.sleep(amount)
            self._carry(client, server, amount if kind in ("cut", "reset", "half") else None)
            if kind == "half":
                client.shutdown(socket.SHUT_WR)
                while client.recv(4096):
                    pass
            if kind == "reset":
                client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    @staticmethod
    def _carry(client, server, left):
        """Carries bytes both ways until one side ends, or `left` bytes of answers have been carried."""
        while left != 0:
            ready, _, _ = select.select([client, server], [], [], patient(30))
            for source, target in ((client, server), (server, client)):
                if source not in ready:
                    continue
                data = source.recv(4096 if left is None or source is client else left)
                if not data:
                    return
                target.sendall(data)
                if left is not None and source is server:
                    left -= len(data)


class HttpClientTest(BackendTest):
    big = BIG

    def urls(self, count, scheme="http"):
        port = self.backend.port if scheme == "http" else self.backend.tls_port
        return [f"{scheme}://localhost:{port}/{n}" for n in range(count)]

    def check_answers(self, results, count):
        """Every answer has to be that of its own question."""
        self.assertEqual(len(results), count)
        for result in results:
            self.assertEqual(result.get("status"), 200, result)
            self.assertEqual(result["body"], "GET /" + result["asked"].rpartition("/")[2])

    def test_many_requests_over_kept_connections(self):
        results = ask(self.urls(100), times=20, parallel=32)
        self.check_answers(results, 2000)
        self.assertEqual({result["version"] for result in results}, {"HTTP/1.1"})

    def test_tls_is_verified_and_speaks_http_2(self):
        options = {"ca_file": self.certificate.cert}
        results = ask(self.urls(100, "https"), times=10, parallel=32, options=options)
        self.check_answers(results, 1000)
        self.assertEqual({result["version"] for result in results}, {"HTTP/2"})
        results = ask(self.urls(3, "https"), options={**options, "version": "1"})
        self.check_answers(results, 3)
        self.assertEqual(results[0]["version"], "HTTP/1.1")

    def test_http_2_without_tls_where_it_is_known(self):
        urls = [f"http://localhost:{self.backend.h2c_port}/{n}" for n in range(100)]
        results = ask(urls, times=5, parallel=32, options={"version": "2 directly"})
        self.check_answers(results, 500)
        self.assertEqual({result["version"] for result in results}, {"HTTP/2"})

    def test_an_answer_that_comes_before_the_body_was_read_is_an_answer(self):
        # nginx reads none of it, answers, and ends the stream of HTTP/2.
        for url, options in ((f"https://localhost:{self.backend.tls_port}/early", {"ca_file": self.certificate.cert}),
                             (f"http://localhost:{self.backend.h2c_port}/early", {"version": "2 directly"}),
                             (self.backend.url("/early"), {})):
            with self.subTest(url):
                results = ask([url], times=100, parallel=4, method="POST", body="b" * 20_000, options=options)
                told = collections.Counter(result.get("body", result.get("says")) for result in results)
                self.assertEqual(told, {"POST /early": 100})

    def test_a_client_may_have_a_certificate(self):
        url = f"https://localhost:{self.backend.tls_port}/verified"
        options = {"ca_file": self.certificate.cert}
        self.assertEqual(ask([url], options=options)[0].get("body"), "NONE")
        options.update(client_cert_file=self.certificate.cert, client_key_file=self.certificate.key)
        self.assertEqual(ask([url], options=options)[0].get("body"), "SUCCESS")

    def test_a_certificate_that_is_not_trusted_or_of_another_host_is_an_error_that_says_so(self):
        [result] = ask(self.urls(1, "https"))
        self.assertEqual(result["error"], "connect")
        self.assertIn("certificate", result["says"])
        [result] = ask([f"https://127.0.0.2:{self.backend.tls_port}/"], options={"ca_file": self.certificate.cert})
        self.assertEqual(result["error"], "connect")
        self.assertIn("127.0.0.2", result["says"])
        [result] = ask(self.urls(1, "https"), options={"verify_tls": False})
        self.assertEqual(result.get("status"), 200, result)

    def test_requests_given_up_at_random_leave_the_others_of_a_connection_alone(self):
        for scheme in ("http", "https"):
            with self.subTest(scheme):
                results = ask(self.urls(100, scheme), times=30, parallel=32, cancel=0.01,
                              options={"ca_file": self.certificate.cert})
                kinds = collections.Counter(result.get("error", "answer") for result in results)
                self.assertLessEqual(set(kinds), {"answer", "cancelled"}, kinds)
                answers = [result for result in results if "error" not in result]
                self.check_answers(answers, kinds["answer"])

    def test_large_answers_whole_and_streamed(self):
        url = self.backend.url("/big")
        for streamed in (False, True):
            [result] = ask([url], stream=streamed)
            self.assertEqual((result.get("status"), result.get("size")), (200, BIG), result)
        tls = f"https://localhost:{self.backend.tls_port}/big"
        results = ask([tls], times=8, parallel=4, stream=True, options={"ca_file": self.certificate.cert})
        self.assertEqual([result.get("size") for result in results], [BIG] * 8)

    def test_statuses_redirects_and_unix_sockets(self):
        [result] = ask([self.backend.url("/unavailable")])
        self.assertEqual((result["status"], result["body"]), (503, "later"))
        [result] = ask([self.backend.url("/moved")], options={"follow_redirects": True})
        self.assertEqual(result["body"], "GET /there")
        [result] = ask([self.backend.url("/nothing")])
        self.assertEqual(result["error"], "lost")
        [result] = ask(["http://some.name.invalid/x"], options={"unix_socket": self.backend.socket})
        self.assertEqual(result.get("body"), "GET /x", result)
        [result] = ask([self.backend.url("/")], options={"guard": True})
        self.assertEqual(result["error"], "forbidden")

    def test_a_proxy_that_delays_cuts_resets_and_half_closes(self):
        ways = [("delay", 0.05), ("cut", 1), ("cut", 100), ("reset", 1), ("reset", 150), ("half", 1), ("half", 150),
                ("pass", 0)]
        proxy = BadProxy(self.backend.address, ways)
        self.addCleanup(proxy.close)
        urls = [proxy.url(f"/{n}") for n in range(60)]
        results = ask(urls, parallel=8)
        kinds = collections.Counter(result.get("error", "answer") for result in results)
        self.assertLessEqual(set(kinds), {"answer", "lost"}, kinds)
        self.assertGreater(kinds["lost"], 0)
        self.check_answers([result for result in results if "error" not in result], kinds["answer"])

    def test_a_server_that_is_killed_and_starts_again_under_load(self):
        backend = Backend(self.certificate, BIG)
        backend.start()
        self.addCleanup(backend.remove)
        urls = [backend.url(f"/{n}") for n in range(100)]
        process = start_asking(urls, times=40, parallel=16, pause=0.01)
        time.sleep(0.5)
        backend.kill()
        time.sleep(0.3)
        backend.start()
        results = results_of(process)
        kinds = collections.Counter(result.get("error", "answer") for result in results)
        self.assertLessEqual(set(kinds), {"answer", "lost", "connect"}, kinds)
        self.assertGreater(kinds["answer"], 0)
        self.check_answers([result for result in results if "error" not in result], kinds["answer"])
        self.assertNotIn("error", results[-1])

    def test_a_server_that_accepts_and_says_nothing(self):
        with socket.create_server(("127.0.0.1", 0)) as silent:
            port = silent.getsockname()[1]
            [result] = ask([f"http://127.0.0.1:{port}/"], options={"read": 0.3})
            self.assertEqual(result["error"], "read")
            [result] = ask([f"https://127.0.0.1:{port}/"], options={"connect": 0.3})
            self.assertEqual(result["error"], "connect")

    def test_in_a_worker_views_and_fibers_ask(self):
        options = plugin_options("--master", "--aiopyr", "8", "--http-socket", "127.0.0.1:{port}",
                                 "--aiopyr-app", APP, "--aiopyr-set", f"http.url={self.backend.url('/big')}")
        server = Server(options=options)
        try:
            self.assertEqual(fetch(server, "/count").body, str(BIG).encode())
            self.assertEqual(len(fetch(server, "/fetch").body), BIG)
            self.assertEqual(len(fetch(server, "/synchronized").body), BIG)
        finally:
            server.stop()


if __name__ == "__main__":
    unittest.main()

"""Each system call of a client fails once, in each of its ways: the client ends what it does in time, with right
answers or errors of its own, and goes on afterwards. tests/support/clients/faults says how."""

import os
import re
import subprocess
import unittest

from support.http_backend import BackendTest
from support.paths import BUILD
from support.patience import patient
from support.postgres_server import PostgresTest
from support.redis_server import TlsRedisServer

SLOW = bool(os.environ.get("AIOPYR_SLOW_TESTS"))
# Limits the runs over TLS, whose handshakes read often, to these ways where there is no time for all.
FEW_WAYS = ("socket EMFILE", "connect ECONNREFUSED", "write EAGAIN", "write EPIPE", "read one byte", "read ECONNRESET")


def fail_each_call(client, *arguments, ways=None):
    """Returns how many calls have failed, by the way in which they did; tries all ways, or those that are given."""
    environment = {**os.environ, "AIOPYR_FAULT_WAYS": ",".join(ways)} if ways else None
    done = subprocess.run([os.path.join(BUILD, "tests", f"{client}_faults"), *arguments], stdin=subprocess.DEVNULL,
                          capture_output=True, text=True, timeout=patient(200), env=environment)
    if done.returncode != 0:
        raise AssertionError(f"exit code {done.returncode}: {done.stdout[-1000:]}{done.stderr[-2000:]}")
    return {way: int(number) for way, number in re.findall(r"^(.+): (\d+) calls$", done.stdout, re.MULTILINE)}


class FaultyCalls(unittest.TestCase):
    def check(self, failed, *others):
        """Checks that the client has made calls of the kinds that all make, and of these: those that every version
        of its library makes."""
        for way in ("socket EMFILE", "connect ECONNREFUSED", "write EPIPE", "read ECONNRESET", *others):
            self.assertGreater(failed[way], 0, way)


class Redis(FaultyCalls):
    @classmethod
    def setUpClass(cls):
        cls.server = cls.enterClassContext(TlsRedisServer())

    def test_over_a_unix_socket(self):
        self.check(fail_each_call("redis", self.server.unix_url), "epoll_ctl ENOMEM", "epoll_wait EINTR")

    def test_over_tcp(self):
        failed = fail_each_call("redis", f"redis://localhost:{self.server.port}")
        self.check(failed, "getaddrinfo EAI_AGAIN", "getsockopt ENOBUFS", "setsockopt ENOMEM")

    def test_over_tls(self):
        self.check(fail_each_call("redis", f"rediss://localhost:{self.server.tls_port}?ca_file={self.server.ca_file}",
                                  ways=None if SLOW else FEW_WAYS))


class Postgres(FaultyCalls, PostgresTest):
    settings = {"ssl": True}

    def test_over_a_unix_socket(self):
        self.check(fail_each_call("postgres", self.postgres.url(pool_size=1)), "epoll_ctl ENOMEM")

    def test_over_tls(self):
        url = self.postgres.tcp_url(pool_size=1, sslmode="verify-full", sslrootcert=self.postgres.certificate)
        self.check(fail_each_call("postgres", url.replace("127.0.0.1", "localhost"), ways=None if SLOW else FEW_WAYS))

    @unittest.skipUnless(SLOW, "takes a minute")
    def test_what_libpq_does_not_tell_ends_with_the_timeout_of_the_query(self):
        failed = fail_each_call("postgres", self.postgres.url(pool_size=1, query_timeout="200ms"), "untold")
        self.assertGreater(failed["write EIO"], 0)


class Http(FaultyCalls, BackendTest):
    def test_over_tcp(self):
        failed = fail_each_call("http", f"http://localhost:{self.backend.port}")
        self.check(failed, "getaddrinfo EAI_AGAIN", "poll EINTR", "epoll_ctl ENOMEM")

    def test_over_tls_with_http_2(self):
        self.check(fail_each_call("http", f"https://localhost:{self.backend.tls_port}", self.certificate.cert))

    def test_over_a_unix_socket(self):
        self.check(fail_each_call("http", "http://some.name.invalid", "", self.backend.socket))


if __name__ == "__main__":
    unittest.main()

"""Each client in a worker, briefly: answers, a browser that leaves, a server that goes away. valgrind runs it, too."""

import os
import unittest

from support.fronts import Certificate
from support.http import fetch, fetch_all
from support.http_backend import Backend
from support.paths import BUILD
from support.postgres_server import PostgresServer, programs_folder
from support.raw_http import RawHttp, request
from support.redis_server import RedisServer
from support.server import Server, plugin_options, wait_until


class ClientAppTest(unittest.TestCase):
    def serve(self, client, url):
        server = Server(options=plugin_options(
            "--http-socket", "127.0.0.1:{port}", "--master", "--aiopyr", "20", "--aiopyr-client-gone", "eof",
            "--aiopyr-app", os.path.join(BUILD, "tests", f"{client}_app.so"), "--aiopyr-set",
            f"{client}.url={url}"))
        self.addCleanup(server.stop)
        return server

    @staticmethod
    def leave(server, path, is_asked):
        """Asks, and leaves once the request waits."""
        browser = RawHttp(server)
        browser.send(request(path))
        wait_until(is_asked, 10, "nothing is asked")
        browser.close()
        wait_until(lambda: not is_asked(), 10, "it is still asked")

    @unittest.skipUnless(programs_folder(), "PostgreSQL is not installed")
    def test_postgres(self):
        with PostgresServer() as postgres:
            postgres.execute("create table visits (name text)")
            server = self.serve("postgres", postgres.url(pool_size=2))
            answers = fetch_all(server, [f"/echo?key={n}" for n in range(10)])
            self.assertEqual([answer.text for answer in answers], [f"answer {n}" for n in range(10)])
            self.leave(server, "/abandoned", lambda: postgres.execute(
                "select count(*) from pg_stat_activity where state = 'active' and query like '%pg_sleep(20)%' "
                "and pid <> pg_backend_pid()") == "1")
            self.assertEqual(postgres.execute("select count(*) from visits"), "0")
            postgres.restart()
            wait_until(lambda: fetch(server, "/echo?key=again").status == 200, 10)

    def test_redis(self):
        with RedisServer() as redis:
            server = self.serve("redis", f"{redis.unix_url}?pool=2")
            answers = fetch_all(server, [f"/echo?text={n}" for n in range(10)])
            self.assertEqual([answer.text for answer in answers], [str(n) for n in range(10)])
            self.leave(server, "/pop?seconds=60", lambda: redis.blocked() == 1)
            redis.kill()
            self.assertIn("failed: ", fetch(server, "/echo?text=a").text)
            redis.start()
            wait_until(lambda: fetch(server, "/echo?text=a").text == "a", 30)

    def test_http(self):
        certificate = Certificate()
        self.addCleanup(certificate.remove)
        backend = Backend(certificate, big=100_000)
        backend.start()
        self.addCleanup(backend.remove)
        server = self.serve("http", backend.url("/big"))
        answers = fetch_all(server, ["/fetch", "/synchronized"] * 4)
        self.assertEqual([len(answer.body) for answer in answers], [100_000] * 8)
        self.assertEqual(fetch(server, "/count").text, "100000")
        backend.kill()
        self.assertEqual(fetch(server, "/fetch").status, 503)
        backend.start()
        wait_until(lambda: fetch(server, "/fetch").status == 200, 30)


if __name__ == "__main__":
    unittest.main()

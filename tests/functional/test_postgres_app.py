"""The PostgreSQL client in a worker of a real uWSGI: answers, clients that leave, metrics, reloads."""

import os
import unittest
from concurrent.futures import ThreadPoolExecutor

from support.http import fetch
from support.paths import BUILD
from support.postgres_server import PostgresServer, programs_folder
from support.raw_http import RawHttp, request
from support.server import Server, plugin_options, wait_until

APP = os.path.join(BUILD, "tests", "postgres_app.so")


@unittest.skipUnless(programs_folder(), "PostgreSQL is not installed")
class PostgresAppTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.postgres = PostgresServer()
        cls.addClassCleanup(cls.postgres.close)
        cls.postgres.execute("create table visits (name text)")
        cls.server = Server(options=plugin_options(
            "--http-socket", "127.0.0.1:{port}", "--master", "--processes", "2", "--aiopyr", "100",
            "--aiopyr-client-gone", "eof", "--aiopyr-app", APP, "--aiopyr-set",
            "postgres.url=" + cls.postgres.url(pool_size=4)))
        cls.addClassCleanup(cls.server.stop)

    def ask(self, key):
        return fetch(self.server, f"/echo?key={key}").text

    def test_many_requests_get_their_own_answers(self):
        with ThreadPoolExecutor(16) as threads:
            keys = [f"key{i}" for i in range(400)]
            self.assertEqual(list(threads.map(self.ask, keys)), [f"answer {key}" for key in keys])
        self.assertLessEqual(self.postgres.backends(), 8)

    def test_a_client_that_leaves_has_its_transaction_rolled_back(self):
        client = RawHttp(self.server)
        client.send(request("/abandoned"))
        wait_until(lambda: self._sleeping() == 1, 10)
        client.close()
        wait_until(lambda: self._sleeping() == 0, 10, "the statement goes on")
        self.assertEqual(self.postgres.execute("select count(*) from visits"), "0")
        self.assertEqual(self.ask("after"), "answer after")

    def test_a_restarted_database_is_used_again(self):
        self.assertEqual(self.ask("before"), "answer before")
        self.postgres.restart()
        wait_until(lambda: fetch(self.server, "/echo?key=again").status == 200, 10)

    def _sleeping(self):
        return int(self.postgres.execute(
            "select count(*) from pg_stat_activity where state = 'active' and query like '%pg_sleep(20)%' "
            "and pid <> pg_backend_pid()"))


if __name__ == "__main__":
    unittest.main()

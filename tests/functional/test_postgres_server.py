"""The helper that starts PostgreSQL for tests: its servers start, stop, crash, follow and are promoted."""

import subprocess
import unittest

from support.postgres_server import PostgresServer, PostgresTest, programs_folder
from support.server import wait_until


@unittest.skipUnless(programs_folder(), "PostgreSQL is not installed")
class PostgresServers(unittest.TestCase):
    def test_a_server_keeps_its_rows_over_restarts_and_a_kill(self):
        with PostgresServer() as server:
            server.execute("create table t(x int); insert into t values (1)")
            server.restart()
            server.execute("insert into t values (2)")
            server.kill()
            self.assertFalse(server.is_running())
            server.start()
            self.assertEqual(server.execute("select x from t"), "1\n2")

    def test_a_server_has_the_settings_that_it_is_given(self):
        with PostgresServer(max_connections=7) as server:
            self.assertEqual(server.execute("show max_connections"), "7")
            self.assertEqual(server.backends(), 0)

    def test_a_server_speaks_tls_and_asks_for_passwords(self):
        with PostgresServer(ssl=True) as server:
            server.execute("create role app login password 'a b'")
            server.allow("hostssl all all 127.0.0.1/32 scram-sha-256")
            url = server.tcp_url(user="app", password="a b", sslmode="verify-full", sslrootcert=server.certificate)
            ran = subprocess.run(["psql", "-XAtc", "select ssl from pg_stat_ssl where pid = pg_backend_pid()", url],
                                 capture_output=True, text=True)
            self.assertEqual(ran.stdout, "t\n", ran.stderr)

    def test_a_replica_follows_and_is_promoted(self):
        with PostgresServer() as primary:
            primary.execute("create table t(x int)")
            with PostgresServer.replica_of(primary) as replica:
                primary.execute("insert into t values (1)")
                primary.wait_for_replica(replica)
                self.assertEqual(replica.execute("select x, pg_is_in_recovery() from t"), "1|t")
                primary.kill()
                replica.promote()
                replica.execute("insert into t values (2)")
                self.assertEqual(replica.execute("select count(*) from t"), "2")

    def test_a_suspended_server_says_nothing(self):
        with PostgresServer() as server:
            server.suspend()
            with subprocess.Popen(["psql", "-XAtc", "select 1", server.url()], stdout=subprocess.PIPE) as client:
                with self.assertRaises(subprocess.TimeoutExpired):
                    client.wait(0.3)
                server.resume()
                wait_until(lambda: client.poll() is not None, 10)
                self.assertEqual(client.stdout.read(), b"1\n")


class PostgresDatabases(PostgresTest):
    def test_each_test_has_a_database_of_its_own(self):
        urls = {self.new_database() for _ in range(2)}
        self.assertEqual(len(urls), 2)
        for url in urls:
            subprocess.run(["psql", "-Xqc", "create table t(x int)", url], check=True)

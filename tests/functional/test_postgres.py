"""The PostgreSQL client against real servers: cancellations, crashes, proxies, full pools, failover."""

import os
import re
import shutil
import subprocess
import tempfile
import threading
import time
import unittest

from support.paths import BUILD
from support.patience import patient
from support.ports import reserve_port
from support.postgres_proxy import Proxy
from support.postgres_server import PostgresServer, PostgresTest
from support.server import wait_until

PROGRAM = os.path.join(BUILD, "tests", "postgres_scenarios")


class Scenario:
    """One scenario that runs: its lines are read as they come."""

    def __init__(self, name, url, argument=""):
        self.lines = []
        self._process = subprocess.Popen([PROGRAM, name, url, argument], stdout=subprocess.PIPE,
                                         stderr=subprocess.STDOUT, text=True)
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self):
        for line in self._process.stdout:
            if not line.startswith("notice "):
                self.lines.append(line.rstrip("\n"))

    def wait_for(self, line):
        wait_until(lambda: line in self.lines or self._process.poll() is not None, 30,
                   lambda: f"no {line!r} in {self.lines}")
        if line not in self.lines:
            raise AssertionError(f"no {line!r} in {self.lines}")

    def finish(self, timeout=60):
        """Waits for the end, and returns the lines; raises AssertionError if it has failed."""
        try:
            status = self._process.wait(patient(timeout))
        except subprocess.TimeoutExpired:
            self._process.kill()
            raise AssertionError(f"the scenario does not end: {self.lines}") from None
        self._reader.join()
        self._process.stdout.close()
        if status != 0 or self.lines[-1] != "done":
            raise AssertionError(f"status {status}: {self.lines}")
        return self.lines


class Load(Scenario):
    """Questions without a pause, until finish()."""

    def __init__(self, url):
        self._folder = tempfile.TemporaryDirectory(prefix="pgl-")
        self._end = os.path.join(self._folder.name, "end")
        super().__init__("load", url, self._end)
        self.wait_for("begun")

    def finish(self, timeout=60):
        open(self._end, "w").close()
        lines = super().finish(timeout)
        self._folder.cleanup()
        others = [line for line in lines if line.startswith("other")]
        if "well at the end" not in lines or others:
            raise AssertionError(f"not well: {lines}")
        return lines


def run(name, url, argument="", timeout=60):
    return Scenario(name, url, argument).finish(timeout)


def counts(lines):
    """Returns what a scenario counted, by its name."""
    found = (re.fullmatch(r"(.+) (\d+)", line) for line in lines)
    return {match[1]: int(match[2]) for match in found if match}


class ClientTest(PostgresTest):
    def test_each_answer_is_its_askers_whatever_is_cancelled(self):
        seen = counts(run("cancellations", self.new_database(), timeout=120))
        self.assertEqual(sum(seen.get(kind, 0) for kind in ("answers", "refusals", "transactions", "cancelled")),
                         10_000)
        self.assertGreater(seen["cancelled"], 100)
        self.assertEqual(seen["dirty"], 0)

    def test_transactions_commit_roll_back_and_nest(self):
        lines = run("transactions", self.new_database())
        self.assertIn("kept 2", lines)
        self.assertIn("asleep 0", lines)
        self.assertTrue(any("rolled back instead of committed" in line for line in lines), lines)

    def test_a_conflict_is_tried_again(self):
        lines = run("conflict", self.new_database())
        self.assertIn("runs more", lines)
        self.assertIn("rows 4", lines)

    @unittest.skipIf("ASAN_OPTIONS" in os.environ, "the sanitizer keeps what was freed")
    def test_a_million_rows_are_streamed_in_little_memory(self):
        grew = next(line for line in run("stream", self.new_database()) if line.startswith("grew"))
        self.assertLess(int(grew.split()[1]), 20 * 1024)

    def test_rows_are_copied_in_and_out(self):
        lines = run("copy", self.new_database())
        for line in ("copied in 100000", "copied out 100000", "refused 22P02", "rows 100000"):
            self.assertIn(line, lines)

    def test_a_full_pool_says_so_and_recovers(self):
        lines = run("full", self.postgres.url(pool_size=1, acquire_timeout="500ms"))
        self.assertIn("1 of 1 connections are open", lines[0])
        self.assertIn("raise pool_size or acquire_timeout", lines[0])
        self.assertIn("then 3", lines)

    def test_the_server_stops_what_takes_too_long(self):
        lines = run("timeouts", self.postgres.url(query_timeout="1s"))
        self.assertEqual(lines[:2], ["SqlError 57014", "then 5"])

    def test_without_statement_timeout_the_client_stops_waiting(self):
        lines = run("timeouts", self.postgres.url(query_timeout="1s", pgbouncer="transaction"))
        self.assertEqual(lines[:2], ["ClientTimeoutError", "then 5"])

    def test_bad_passwords_and_databases_say_what_is_wrong_without_the_password(self):
        lines = run("once", self.postgres.url("nonesuch"), "select 'x'")
        self.assertIn('database "nonesuch" does not exist', lines[0])
        refused = run("once", "postgresql://me:geheim@127.0.0.1:1/postgres", "select 'x'")
        self.assertIn("ConnectError", refused[0])
        self.assertNotIn("geheim", " ".join(refused))

    def test_a_copy_by_query_says_what_to_call(self):
        lines = run("once", self.postgres.url(), "copy (select 1) to stdout")
        self.assertIn("ask for it by copy_in() or copy_out()", lines[0])

    def test_names_are_looked_up(self):
        url = self.postgres.tcp_url().replace("127.0.0.1", "localhost")
        self.assertEqual(run("once", url, "select 'found'")[0], "found")

    def test_few_statements_are_kept(self):
        seen = counts(run("cancellations", self.new_database() + "&statement_cache=2", timeout=120))
        self.assertEqual(seen["dirty"], 0)


class ServerAwayTest(unittest.TestCase):
    def setUp(self):
        self.postgres = PostgresServer(max_connections=20)
        self.addCleanup(self.postgres.close)

    def test_a_killed_server_that_comes_again_is_used_again(self):
        load = Load(self.postgres.url())
        time.sleep(0.5)
        self.postgres.kill()
        time.sleep(0.5)
        self.postgres.start()
        time.sleep(0.5)
        self.assertGreater(counts(load.finish())["answers"], 100)

    def test_a_restart_is_survived(self):
        load = Load(self.postgres.url())
        time.sleep(0.5)
        self.postgres.restart()
        load.finish()

    def test_listening_goes_on_after_a_restart_and_tells_the_gap(self):
        listener = Scenario("listen", self.postgres.url())
        listener.wait_for("listening")
        self.postgres.execute("notify news, 'first'")
        listener.wait_for("news first")
        self.postgres.restart()
        listener.wait_for("gap")
        self.postgres.execute("notify news, 'end'")
        lines = listener.finish()
        self.assertEqual(lines, ["listening", "news first", "gap", "news end", "done"])

    def test_a_hung_server_is_given_up(self):
        url = self.postgres.url(query_timeout="1s", connect_timeout="1s")
        self.assertEqual(run("once", url, "select 'well'")[0], "well")
        load = Load(url)
        self.postgres.suspend()
        time.sleep(3)
        self.postgres.resume()
        seen = counts(load.finish())
        self.assertGreater(seen.get("ClientTimeoutError", 0) + seen.get("ConnectionLostError", 0), 0)

    def test_max_connections_leaves_callers_with_those_that_are_open(self):
        url = self.postgres.url(pool_size=60, pool_connecting=60)
        load = Load(url)
        time.sleep(1)
        self.assertGreater(counts(load.finish())["answers"], 100)

    def test_a_replica_that_is_promoted_takes_over(self):
        replica = PostgresServer.replica_of(self.postgres)
        self.addCleanup(replica.close)
        self.postgres.execute("create table seen (key int)")
        self.postgres.wait_for_replica(replica)
        url = (f"host={self.postgres.folder},{replica.folder} port={self.postgres.port},{replica.port} "
               "user=postgres dbname=postgres target_session_attrs=read-write")
        load = Load(url)
        time.sleep(0.5)
        self.postgres.kill()
        replica.promote()
        time.sleep(0.5)
        load.finish()
        self.assertGreater(int(replica.execute("select count(*) from seen")), 0)


class TlsTest(PostgresTest):
    settings = {"ssl": True}

    def url(self, **parameters):
        return self.postgres.tcp_url(**parameters).replace("127.0.0.1", "localhost")

    def test_a_server_that_proves_its_name_is_trusted(self):
        url = self.url(sslmode="verify-full", sslrootcert=self.postgres.certificate)
        lines = run("once", url, "select ssl::text from pg_stat_ssl where pid = pg_backend_pid()")
        self.assertEqual(lines[0], "true")
        load = Load(url)
        time.sleep(1)
        self.assertGreater(counts(load.finish())["answers"], 100)

    def test_a_server_that_does_not_is_refused(self):
        lines = run("once", self.url(sslmode="verify-full", sslrootcert="/etc/ssl/certs/ca-certificates.crt"),
                    "select 'x'")
        self.assertIn("ConnectError", lines[0])
        self.assertIn("certificate", lines[0])


class ProxyTest(PostgresTest):
    def test_a_slow_network_changes_nothing_but_the_time(self):
        with Proxy(self.postgres.folder, self.postgres.port, delay=0.005) as proxy:
            self.assertIn("kept 2", run("transactions", proxy.url()))
        self.postgres.execute("drop table kept")

    def test_a_server_that_says_nothing_is_given_up_in_time(self):
        with Proxy(self.postgres.folder, self.postgres.port, mute=True) as proxy:
            begin = time.monotonic()
            lines = run("once", proxy.url(connect_timeout="500ms"), "select 'x'")
            self.assertIn("connect_timeout", lines[0])
            self.assertLess(time.monotonic() - begin, patient(10))

    def test_connections_that_are_cut_anywhere_fail_with_one_of_our_errors(self):
        for limit in (0, 1, 9, 40, 120, 300, 400, 420, 450, 600, 1000, 5000):
            for half_close in (False, True):
                with self.subTest(limit=limit, half_close=half_close):
                    with Proxy(self.postgres.folder, self.postgres.port, cut_after=limit,
                               half_close=half_close) as proxy:
                        lines = run("once", proxy.url(connect_timeout="2s", query_timeout="2s"),
                                    "select string_agg(i::text, '') from generate_series(1, 1000) i")
                        self.assertRegex(lines[0], "^(ConnectError|ConnectionLostError|ClientTimeoutError|123)")

    def test_cuts_under_load_are_survived(self):
        with Proxy(self.postgres.folder, self.postgres.port) as proxy:
            load = Load(proxy.url())
            for _ in range(6):
                time.sleep(0.4)
                proxy.cut_all()
            load.finish()


@unittest.skipUnless(shutil.which("pgbouncer"), "pgbouncer is not installed")
class PgbouncerTest(PostgresTest):
    def setUp(self):
        folder = tempfile.mkdtemp(prefix="pgb-", dir="/tmp")
        self.addCleanup(shutil.rmtree, folder, ignore_errors=True)
        os.chmod(folder, 0o777)
        port = reserve_port()
        ini = os.path.join(folder, "pgbouncer.ini")
        with open(ini, "w") as file:
            file.write(f"""[databases]
postgres = host={self.postgres.folder} port={self.postgres.port} dbname=postgres user=postgres
[pgbouncer]
listen_addr =
unix_socket_dir = {folder}
listen_port = {port}
auth_type = any
pool_mode = transaction
default_pool_size = 4
logfile = {folder}/log
""")
        user = ["--user", "nobody"] if os.getuid() == 0 else []
        if user:
            subprocess.run(["chown", "-R", "nobody", folder], check=True)
        self.bouncer = subprocess.Popen(["pgbouncer", "-q", *user, ini], stdout=subprocess.DEVNULL,
                                        stderr=subprocess.DEVNULL)
        self.addCleanup(self.bouncer.wait)
        self.addCleanup(self.bouncer.kill)
        wait_until(lambda: os.path.exists(os.path.join(folder, f".s.PGSQL.{port}")), 10)
        self.url = f"postgresql://postgres@/postgres?host={folder}&port={port}&pgbouncer=transaction"

    def test_transaction_mode_serves_all_kinds_of_operations(self):
        seen = counts(run("cancellations", self.url, timeout=180))
        self.assertEqual(sum(seen.get(kind, 0) for kind in ("answers", "refusals", "transactions", "cancelled")),
                         10_000)


if __name__ == "__main__":
    unittest.main()

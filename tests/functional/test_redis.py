"""redis::Client with a real redis-server."""

import os
import re
import subprocess
import time
import unittest

from support.faulty_proxy import FaultyProxy
from support.paths import BUILD
from support.patience import patient
from support.redis_server import RedisServer, Sentinel, TlsRedisServer
from support.server import wait_until

CLIENT = os.path.join(BUILD, "tests", "redis_client")
SLOW = bool(os.environ.get("AIOPYR_SLOW_TESTS"))
FEATURES = os.path.join(BUILD, "tests", "redis_features")


def run(url, *task, program=CLIENT):
    """Runs the program to its end and returns its output."""
    done = subprocess.run([program, url, *task], capture_output=True, text=True, timeout=patient(120))
    if done.returncode != 0:
        raise AssertionError(f"exit code {done.returncode}: {done.stdout}{done.stderr}")
    return done.stdout


def counts(output):
    """The numbers that a load has printed, by their words."""
    return {word: int(number) for number, word in re.findall(r"(\d+) (\w+)", output)}


class Lines:
    """A client that runs commands as they come."""

    def __init__(self, url):
        self._process = subprocess.Popen([CLIENT, url, "lines"], stdin=subprocess.PIPE,
                                         stdout=subprocess.PIPE, text=True, bufsize=1)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._process.kill()
        self._process.communicate()

    def ask(self, line):
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()
        return self._process.stdout.readline().strip()


class Commands(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = cls.enterClassContext(RedisServer())

    def test_commands_over_a_unix_socket(self):
        self.assertEqual(run(self.server.unix_url, "commands"), "all is well\n")

    def test_commands_over_tcp(self):
        self.assertEqual(run(f"redis://localhost:{self.server.port}/3", "commands"), "all is well\n")

    def test_commands_in_resp2(self):
        self.assertEqual(run(self.server.unix_url + "?protocol=2&db=1", "commands"), "all is well\n")

    def test_every_answer_is_its_askers_while_others_cancel(self):
        count = counts(run(self.server.unix_url + "?db=5", "load", "10000"))
        self.assertEqual((count["wrong"], count["failed"]), (0, 0))
        self.assertGreater(count["cancelled"], 100)
        self.assertEqual(count["right"] + count["cancelled"], 10000)

    def test_refused_commands_say_what_to_use(self):
        with Lines(self.server.unix_url) as lines:
            self.assertIn("blocking_command", lines.ask("BLPOP l 0"))
            self.assertIn("subscribe", lines.ask("SUBSCRIBE c"))
            self.assertIn("transaction", lines.ask("MULTI"))
            self.assertIn("URL", lines.ask("SELECT 1"))
            self.assertEqual(lines.ask("PING"), "+PONG")

    def test_name_and_database(self):
        with Lines(self.server.url + "/7?client_name=its-name") as lines:
            self.assertEqual(lines.ask("CLIENT GETNAME"), '"its-name"')
            self.assertIn(" db=7 ", lines.ask("CLIENT INFO"))
            self.assertIn(" resp=3", lines.ask("CLIENT INFO"))


class Features(unittest.TestCase):
    def test_what_takes_connections_of_its_own(self):
        with RedisServer() as server:
            for parameters in "", "?protocol=2&db=1":
                output = run(server.unix_url + parameters, program=FEATURES)
                self.assertEqual(output, "all is well\n")

    def test_a_subscription_outlives_its_server(self):
        with RedisServer() as server:
            listener = subprocess.Popen([FEATURES, server.unix_url, "listen", "news"],
                                        stdout=subprocess.PIPE, text=True, bufsize=1)
            try:
                self.assertEqual(listener.stdout.readline(), "subscribed\n")
                self.assertEqual(server.ask("PUBLISH", "news", "one"), ":1")
                self.assertEqual(listener.stdout.readline(), "one\n")
                server.kill()
                server.start()
                self.assertEqual(listener.stdout.readline(), "gap\n")
                self.assertEqual(server.ask("PUBLISH", "news", "two"), ":1")
                self.assertEqual(listener.stdout.readline(), "two\n")
            finally:
                listener.kill()
                listener.communicate()


class Tls(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = cls.enterClassContext(TlsRedisServer())

    def url(self, host="localhost", parameters=""):
        return f"rediss://{host}:{self.server.tls_port}/0?connect_timeout=10{parameters}"

    def test_commands(self):
        verified = self.url(parameters=f"&ca_file={self.server.ca_file}")
        self.assertEqual(run(verified, "commands"), "all is well\n")
        count = counts(run(verified, "load", "3000"))
        self.assertEqual((count["wrong"], count["failed"]), (0, 0))

    def test_a_certificate_of_nobody_is_refused(self):
        with Lines(self.url()) as lines:
            self.assertIn("certificate is refused: self-signed certificate", lines.ask("PING"))

    def test_a_certificate_of_another_host_is_refused(self):
        with Lines(self.url("127.0.0.1", f"&ca_file={self.server.ca_file}")) as lines:
            self.assertIn("IP address mismatch", lines.ask("PING"))

    def test_verification_can_be_switched_off(self):
        with Lines(self.url("127.0.0.1", "&verify=off")) as lines:
            self.assertEqual(lines.ask("PING"), "+PONG")

    def test_a_server_without_tls(self):
        with Lines(f"rediss://127.0.0.1:{self.server.port}?connect_timeout=1") as lines:
            self.assertIn("! redis rediss://", lines.ask("PING"))

    def test_a_file_that_is_not_there(self):
        done = subprocess.run([CLIENT, self.url(parameters="&ca_file=/nowhere"), "lines"], input="PING\n",
                              capture_output=True, text=True, timeout=patient(30))
        self.assertIn("ca_file '/nowhere'", done.stderr)


class Failover(unittest.TestCase):
    def test_the_client_follows_the_master(self):
        with RedisServer() as master, RedisServer("--replicaof", "127.0.0.1", str(master.port)) as replica:
            wait_until(lambda: self.link(replica) == "up", 10, "the replica does not follow")
            with Sentinel(master) as sentinel:
                url = f"redis+sentinel://127.0.0.1:1,127.0.0.1:{sentinel.port}/mymaster/0?timeout=1"
                with Lines(url) as lines:
                    self.assertEqual(lines.ask("SET a 1"), "+OK")
                    self.assertIn("+master", lines.ask("ROLE").replace('"', "+"))
                    # Told of its replica, which INFO says every ten seconds.
                    wait_until(lambda: self.replicas(sentinel) == 1, 30, "the sentinel does not know the replica")
                    master.kill()
                    wait_until(lambda: lines.ask("SET a 2") == "+OK", 60, "the replica has not become master")
                    self.assertEqual(replica.ask("GET", "a"), "$1")

    def test_a_master_that_nobody_knows(self):
        with RedisServer() as master, Sentinel(master) as sentinel:
            with Lines(f"redis+sentinel://127.0.0.1:{sentinel.port}/other/0") as lines:
                self.assertIn("knows no master 'other'", lines.ask("PING"))

    @staticmethod
    def link(replica):
        with Lines(replica.unix_url) as lines:
            return re.search(r"master_link_status:(\w+)", lines.ask("INFO replication")).group(1)

    @staticmethod
    def replicas(sentinel):
        with Lines(sentinel.url + "?protocol=2") as lines:
            return int(re.search(r'"num-slaves" "(\d+)"', lines.ask("SENTINEL master mymaster")).group(1))


class Failures(unittest.TestCase):
    def test_a_network_that_delays_cuts_and_resets(self):
        with RedisServer() as server, FaultyProxy(server.port) as proxy:
            count = counts(run(f"redis://127.0.0.1:{proxy.port}", "endure", "5" if SLOW else "2"))
            self.assertEqual(count["wrong"], 0)
            self.assertGreater(count["failed"], 0)
            self.assertGreater(count["right"], 100)

    def test_a_password(self):
        with RedisServer("--requirepass", "a secret/word") as server:
            there = f"127.0.0.1:{server.port}"
            for protocol in 2, 3:
                with Lines(f"redis://:a%20secret%2Fword@{there}?protocol={protocol}") as lines:
                    self.assertEqual(lines.ask("PING"), "+PONG")
                with Lines(f"redis://:wrong-secret@{there}?protocol={protocol}") as lines:
                    refused = lines.ask("PING")
                    self.assertIn("WRONGPASS", refused)
                    self.assertNotIn("secret", refused)
                with Lines(f"redis://{there}?protocol={protocol}") as lines:
                    self.assertIn("NOAUTH", lines.ask("PING"))

    def test_a_server_that_is_not_there(self):
        with RedisServer() as server:
            url = server.url
            server.kill()
            with Lines(url) as lines:
                self.assertIn("Connection refused", lines.ask("PING"))
                begun = time.monotonic()
                self.assertIn("the server is away", lines.ask("PING"))
                self.assertLess(time.monotonic() - begun, patient(2))
                server.start()
                wait_until(lambda: lines.ask("PING") == "+PONG", 30, "the client does not find the server")

    def test_a_kill_and_a_restart_under_load(self):
        with RedisServer() as server:
            client = subprocess.Popen([CLIENT, server.unix_url, "endure", "4"],
                                      stdout=subprocess.PIPE, text=True)
            for _ in range(3):
                time.sleep(0.3)
                server.kill()
                server.start()
            output, _ = client.communicate(timeout=patient(120))
            count = counts(output)
            self.assertEqual(count["wrong"], 0)
            self.assertGreater(count["failed"], 0)
            self.assertGreater(count["right"], 1000)

    def test_a_server_that_accepts_and_says_nothing(self):
        with RedisServer() as server, Lines(server.unix_url + "?timeout=300ms") as lines:
            self.assertEqual(lines.ask("PING"), "+PONG")
            server.ask("CLIENT", "PAUSE", "1500", "ALL")
            self.assertIn("not answered in time", lines.ask("GET a"))
            wait_until(lambda: lines.ask("PING") == "+PONG", 30, "the server does not go on")

    def test_a_server_that_is_full(self):
        with RedisServer("--maxclients", "1") as server, Lines(server.url) as first:
            self.assertEqual(first.ask("PING"), "+PONG")
            with Lines(server.url) as second:
                self.assertIn("max number of clients reached", second.ask("PING"))
            self.assertEqual(first.ask("PING"), "+PONG")

    def test_a_database_that_is_not_there(self):
        with RedisServer() as server:
            with Lines(f"redis://127.0.0.1:{server.port}/99") as lines:
                self.assertIn("DB index is out of range", lines.ask("PING"))


if __name__ == "__main__":
    unittest.main()

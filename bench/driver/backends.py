"""The servers that the measured ones ask: PostgreSQL, Redis, and an HTTP server. They run on any core; what
they use is not measured."""

import contextlib
import os

from support.postgres_server import PostgresServer, programs_folder
from support.redis_server import SERVER, RedisServer

from driver import servers
from driver.processes import Failed
from driver.results import Skipped

# For the pools of all servers of a run.
MOST_CONNECTIONS = 300
# The value that /redis answers with, and its key.
KEY, VALUE = "bench", "Hello, World!"
FETCHED_BYTES = 1 << 10


class Postgres:
    """A server with TechEmpower's tables."""

    name = "PostgreSQL"

    def __init__(self):
        if not programs_folder():
            raise Skipped("PostgreSQL is not installed")
        self._server = PostgresServer(max_connections=MOST_CONNECTIONS)
        try:
            with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "tables.sql"),
                      encoding="utf-8") as tables:
                self._server.execute(tables.read())
        except BaseException:
            self.stop()
            raise
        self.url = self._server.url()

    def numbers(self):
        """Returns the column randomnumber of `world` by id."""
        lines = self._server.execute("select id, randomnumber from world").splitlines()
        return {int(number): int(value) for number, _, value in (line.partition("|") for line in lines)}

    def connections(self, application):
        """Returns how many connections have that application_name."""
        return int(self._server.execute(
            f"select count(*) from pg_stat_activity where application_name = '{application}'"))

    def stop(self):
        self._server.close()


class Redis:
    """A server with one key, on a Unix socket."""

    name = "Redis"

    def __init__(self):
        if not os.path.exists(SERVER):
            raise Skipped("Redis is not installed")
        with contextlib.ExitStack() as stack:
            server = stack.enter_context(RedisServer())
            self.url, self.socket = server.unix_url, server.path
            answer = server.ask("SET", KEY, VALUE)
            if answer != "+OK":
                raise Failed(f"Redis answers {answer!r}")
            self._stack = stack.pop_all()

    def stop(self):
        self._stack.close()


def fetched():
    """Runs an HTTP server whose every answer is a text of 1 KiB."""
    head = f"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: {FETCHED_BYTES}\r\n\r\n"
    return servers.floor(head.encode() + b"x" * FETCHED_BYTES)


def client_floor(test, address, headers=(), connections=4):
    """Runs the floor of a client: `test` is one of bench/client_floor, `address` that of what it asks."""
    command = [os.path.join(servers.PROGRAMS, "client_floor"), "{port}", test, address,
               "--connections", str(connections), "--key", KEY]
    for line in headers:
        command += ["--header", line]
    return servers.Server("floor", command)

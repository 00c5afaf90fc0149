"""The servers that the measured ones ask: PostgreSQL, Redis, and an HTTP server. They run on any core; what
they use is not measured."""

import os
import shutil
import socket
import subprocess
import tempfile
import time

from support.postgres_server import PostgresServer, programs_folder

from driver import servers
from driver.processes import Failed
from driver.results import Skipped

START_TIMEOUT = 20
# For the pools of all servers of a run.
MOST_CONNECTIONS = 300
# What /redis answers with, and the key that it has.
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

    def stop(self):
        self._server.close()


class Redis:
    """A server with one key, on a Unix socket."""

    name = "Redis"

    def __init__(self):
        program = shutil.which("redis-server")
        if not program:
            raise Skipped("Redis is not installed")
        self._folder = tempfile.TemporaryDirectory(prefix="redis-", dir="/tmp")
        self.socket = os.path.join(self._folder.name, "redis.sock")
        self.url = f"unix://{self.socket}"
        self._process = subprocess.Popen(
            [program, "--port", "0", "--unixsocket", self.socket, "--save", "", "--dir", self._folder.name],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        try:
            self._set_key()
        except BaseException:
            self.stop()
            raise

    def stop(self):
        self._process.kill()
        self._process.wait()
        self._folder.cleanup()

    def _set_key(self):
        with self._connect() as connection:
            connection.sendall(f"SET {KEY} \"{VALUE}\"\r\n".encode())
            answer = connection.recv(100)
        if answer != b"+OK\r\n":
            raise Failed(f"Redis answers {answer!r}")

    def _connect(self):
        deadline = time.monotonic() + START_TIMEOUT
        while True:
            connection = socket.socket(socket.AF_UNIX)
            try:
                connection.connect(self.socket)
                return connection
            except OSError:
                connection.close()
                if self._process.poll() is not None or time.monotonic() > deadline:
                    raise Failed("Redis does not start") from None
                time.sleep(0.02)


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

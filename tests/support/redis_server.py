"""A Redis server for a test, on a Unix socket and a port of its own, without anything on disk to keep."""

import os
import signal
import socket
import subprocess
import tempfile
import time

from support.patience import patient
from support.ports import reserve_port

SERVER = "/usr/bin/redis-server"
SENTINEL = "/usr/bin/redis-sentinel"


def wait_until(condition, what, seconds=10):
    """Asks `condition` until it holds. Fails after patient(seconds)."""
    end = time.monotonic() + patient(seconds)
    while not condition():
        if time.monotonic() > end:
            raise AssertionError(f"not within {seconds} s: {what}")
        time.sleep(0.02)


class RedisServer:
    """A redis-server. Used as a context; `options` are its own, such as "--requirepass", "x"."""

    def __init__(self, *options):
        self._folder = tempfile.TemporaryDirectory(prefix="aiopyr-redis-")
        self.port = reserve_port()
        self.path = os.path.join(self._folder.name, "redis.sock")
        self._options = options
        self._process = None

    @property
    def unix_url(self):
        return f"unix://{self.path}"

    @property
    def url(self):
        return f"redis://127.0.0.1:{self.port}"

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.kill()
        self._folder.cleanup()

    def start(self):
        command = [SERVER, "--port", str(self.port), "--unixsocket", self.path, "--save", "", "--dir",
                   self._folder.name, *self._options]
        with open(os.path.join(self._folder.name, "log"), "ab") as log:
            self._process = subprocess.Popen(command, stdout=log, stderr=log)
        wait_until(self._answers, "redis-server answers")

    def kill(self):
        """Kills it as a crash would."""
        if self._process is None:
            return
        self._process.send_signal(signal.SIGKILL)
        self._process.wait()
        self._process = None

    def ask(self, *words):
        """Runs a command and returns the first line of its answer, by a connection of its own."""
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(patient(10))
            connection.connect(self.path)
            request = f"*{len(words)}\r\n" + "".join(f"${len(word)}\r\n{word}\r\n" for word in words)
            connection.sendall(request.encode())
            return connection.makefile("rb").readline().decode().strip()

    def _answers(self):
        if self._process.poll() is not None:
            with open(os.path.join(self._folder.name, "log")) as log:
                raise AssertionError(f"redis-server has ended:\n{log.read()}")
        try:
            return self.ask("PING")[:1] in ("+", "-")
        except OSError:
            return False

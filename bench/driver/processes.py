"""Servers as processes: each on the servers' core, listening on 127.0.0.1, ended by its pid."""

import subprocess
import sys
import tempfile
import time

from support.ports import reserve_port
from support.server import Listener, anonymous_memory

from driver.settings import SERVER_CORE

START_TIMEOUT = 20


class Failed(Exception):
    """Raised if something could not be measured; the text says why, in a few words."""


class Server(Listener):
    """`{port}` in the command is replaced. The server has to be one process, or name the others.

    `probe` is called with the server until it returns something true.
    """

    def __init__(self, name, command, environment=None, cwd=None, probe=None):
        self.name = name
        self.port = reserve_port()
        self._log = tempfile.NamedTemporaryFile(prefix="aiopyr-bench-", suffix=".log")
        command = [part.replace("{port}", str(self.port)) for part in command]
        self._process = subprocess.Popen(
            ["taskset", "-c", str(SERVER_CORE), *command],
            cwd=cwd,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=self._log,
            stderr=subprocess.STDOUT,
        )
        try:
            self._wait(probe or Server.accepts)
        except BaseException:
            self.stop()
            raise

    @property
    def pid(self):
        return self._process.pid

    def anonymous_memory(self):
        return anonymous_memory(self.pid)

    def log(self):
        with open(self._log.name, errors="replace") as log:
            return log.read()

    def stop(self):
        # Not closed in order: the connections of a measurement are not needed any more.
        self._process.kill()
        self._process.wait()

    def _wait(self, probe):
        deadline = time.monotonic() + START_TIMEOUT
        while time.monotonic() < deadline:
            if self._process.poll() is not None:
                break
            if probe(self):
                return
            time.sleep(0.02)
        print(*self.log().splitlines()[-20:], sep="\n", file=sys.stderr)
        raise Failed(f"{self.name} does not start")


def has_spawned(server):
    """Probes uWSGI, which binds its socket long before it serves."""
    return "spawned uWSGI worker 1" in server.log()

"""The load generator, build/bench/load, on the clients' core."""

import contextlib
import json
import os
import socket
import subprocess
import time

from support.paths import BUILD

from driver.processes import Failed
from driver.settings import CLIENT_CORE

LOAD = os.path.join(BUILD, "bench", "load")
TIMEOUT = 120
# The time until all connections of a load have sent their first requests.
SETTLE_S = 0.3


def load(server, mode, settings, path, headers=(), **options):
    """Runs one round of load; returns the generator's report. Raises Failed if an answer was wrong."""
    command = _command(server, mode, path, headers, warmup=settings.warmup, seconds=settings.seconds,
                       **options)
    done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, timeout=TIMEOUT)
    return _checked(done.stdout)


@contextlib.contextmanager
def held(server, mode, path, connections):
    """Holds so many more connections as long as the context lasts; all of them have to stay open."""
    process = subprocess.Popen(
        _command(server, mode, path, (), connections=connections),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    try:
        if _checked(process.stdout.readline())["open"] != connections:
            raise Failed("not all connections could be opened")
        yield
        rest, _ = process.communicate(timeout=TIMEOUT)
        if _checked(rest)["open"] != connections:
            raise Failed("connections were lost")
    finally:
        process.kill()
        process.wait()
        process.stdin.close()
        process.stdout.close()


@contextlib.contextmanager
def kept_busy(server, path, connections):
    """Keeps so many requests for `path` with the server as long as the context lasts. The generator sleeps
    between their answers, so that it takes little of the core from the load that is measured."""
    process = subprocess.Popen(
        _command(server, "http", path, (), connections=connections, seconds=TIMEOUT, sleeps="yes", length="any"),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
    )
    try:
        time.sleep(SETTLE_S)
        yield
        if process.poll() is not None:
            _checked(process.stdout.readline())
            raise Failed("the load beside has ended")
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def exchange(server, path, headers=(), keep_alive=False):
    """Returns the bytes of a response, unchanged."""
    lines = [f"GET {path} HTTP/1.1", f"Host: 127.0.0.1:{server.port}", *headers]
    if not keep_alive:
        lines.append("Connection: close")
    with socket.create_connection(server.address, 10) as connection:
        connection.sendall("".join(line + "\r\n" for line in [*lines, ""]).encode())
        data = b""
        while not _is_whole(data):
            more = connection.recv(1 << 20)
            if not more:
                break
            data += more
    if not data:
        raise Failed(f"{server.name} does not answer {path}")
    return data


def status(response):
    """Returns the response's status as a number."""
    return int(response.split(b" ", 2)[1])


def header(response, name):
    """Returns the value of the first header of this name, or None."""
    head = response.partition(b"\r\n\r\n")[0].decode("latin-1")
    for line in head.split("\r\n")[1:]:
        key, _, value = line.partition(":")
        if key.lower() == name.lower():
            return value.strip()
    return None


def _is_whole(data):
    _, end, body = data.partition(b"\r\n\r\n")
    length = header(data, "Content-Length") if end else None
    return length is not None and len(body) >= int(length)


def _command(server, mode, path, headers, **options):
    options = {"port": server.port, "pid": server.pid, "core": CLIENT_CORE, "path": path, **options}
    command = [LOAD, mode]
    for name, value in options.items():
        command += [f"--{name}", str(value)]
    for line in headers:
        command += ["--header", line]
    return command


def _checked(line):
    result = json.loads(line or b'{"error": "the load generator has died"}')
    if "error" in result:
        raise Failed(result["error"])
    return result

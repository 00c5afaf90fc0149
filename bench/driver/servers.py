"""The server that is measured, and its references."""

import os
import tempfile

from support.paths import BUILD, example
from support.server import UWSGI, plugin_options

from driver.client import exchange, header
from driver.processes import Server, has_spawned

PROGRAMS = os.path.join(BUILD, "bench")
# Cores for the parked requests, and some for the others.
CORES = 1_100


def ours(routes=100, settings=()):
    """Runs the bench app with one worker, as in configs/bench.ini. `settings` are further ones of the app,
    as `name=value`."""
    options = ["--http-socket", "127.0.0.1:{port}", "--aiopyr", str(CORES), "--listen", "1000",
               "--aiopyr-app", example("bench"), "--aiopyr-set", f"bench.routes={routes}",
               "--disable-logging"]
    for setting in settings:
        options += ["--aiopyr-set", setting]
    return Server("aiopyr", [UWSGI, *plugin_options(*options)], probe=has_spawned)


def floor(response=b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", close=False):
    """Runs a floor that answers each request with the bytes of `response`, and echoes on websockets."""
    with tempfile.NamedTemporaryFile() as file:
        file.write(response)
        file.flush()
        command = [os.path.join(PROGRAMS, "floor"), "{port}", file.name]
        return Server("floor", command + ["--close"] * close)


def floor_for(server, path, headers=(), close=False):
    """Runs a floor that answers as many bytes as `server`, and closes as that does or never."""
    response = exchange(server, path, headers, keep_alive=not close)
    if not close and header(response, "Connection") == "close":
        response = response.replace(b"Connection: close\r\n", b"", 1)
    return floor(response, close)


def login(server):
    """Returns the header that identifies the user."""
    cookie = header(exchange(server, "/login?user=george"), "Set-Cookie")
    return "Cookie: " + cookie.partition(";")[0]

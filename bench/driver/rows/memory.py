"""The memory of waiting clients: of an idle websocket and of a parked request."""

import os
import statistics
import subprocess
import time

from driver import servers
from driver.client import held
from driver.results import Goal, Row, judge
from driver.servers import PROGRAMS

# The time for a server to settle that was just started, or has just got many connections.
SETTLE_S = 0.5
# Connections before the measurement, so that things that are made once exist already.
WARMUP = 20


def settled_memory(server):
    """Returns the server's anonymous memory once it has settled."""
    time.sleep(SETTLE_S)
    return server.anonymous_memory()


def grown(bench, mode, path, count):
    """Returns the bytes of memory (anonymous) that each of `count` connections adds to a new worker."""
    with bench.fresh(servers.ours) as server:
        with held(server, mode, path, WARMUP):
            time.sleep(SETTLE_S)
        before = settled_memory(server)
        with held(server, mode, path, count):
            return (settled_memory(server) - before) / count


def median_growth(bench, mode, path, count):
    return statistics.median(bench.rounds(lambda: grown(bench, mode, path, count), at_most=3)[0])


def echo_frame():
    """Returns the bytes of the coroutine frame of the echo, which is the app's own."""
    return int(subprocess.run([os.path.join(PROGRAMS, "echo_frame")], stdout=subprocess.PIPE,
                              check=True).stdout)


def idle_websocket(bench, name):
    frame = echo_frame()
    return judge(Row(
        name, unit="B", ours=median_growth(bench, "hold-websockets", "/echo", bench.settings.idle),
        reference=frame, reference_name="its frame",
        goal=Goal(must=1024 + frame, stretch=512 + frame, of_ratio=False)))


def parked_request(bench, name):
    count = bench.settings.parked
    return judge(Row(
        name, unit="B", ours=median_growth(bench, "hold-requests", "/sleep?ms=600000", count),
        goal=Goal(must=20 * 1024, stretch=12 * 1024, of_ratio=False)))


ROWS = [
    ("idle websocket", idle_websocket),
    ("parked request", parked_request),
]

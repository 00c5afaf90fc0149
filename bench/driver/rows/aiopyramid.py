"""Compares the same work with Aiopyramid; without it, with Pyramid under gevent."""

from driver import peers
from driver.client import load
from driver.results import Goal, Row
from driver.rows.http import CONNECTIONS, SLEEPING


def times_as_much(mode, path, connections, goal):
    def measure(bench, name):
        given = peers.aiopyramid_checkout()
        row = Row(name, goal=goal) if given else Row(name, note="AIOPYRAMID=... is not given")
        start = peers.aiopyramid if given else peers.pyramid_gevent

        def theirs():
            # A new one each time: Aiopyramid dies when websockets vanish.
            with bench.fresh(start) as server:
                row.reference_name = server.name
                return load(server, mode, bench.settings, path, connections=connections)

        mine, other = bench.rounds(
            lambda: load(bench.ours(), mode, bench.settings, path, connections=connections), theirs)
        return bench.compare_reports(row, mine, other, row.reference_name, inverse=True)

    return measure


ROWS = [
    ("Aiopyramid / ours: echo, 20 B",
     times_as_much("echo", "/echo", CONNECTIONS, Goal(must=2.3, stretch=2.5, at_least=True))),
    ("Aiopyramid / ours: coroutine that sleeps 10 ms",
     times_as_much("http-close", "/sleep?ms=10", SLEEPING,
                   Goal(must=7, stretch=9, at_least=True))),
]

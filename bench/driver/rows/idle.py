"""Costs must not grow with the number of idle clients: the same work beside many of them, and alone."""

from driver import servers
from driver.client import held, load
from driver.results import Goal, Row
from driver.servers import login

CONNECTIONS = 64
GOAL = Goal(must=1.1)


def beside(mode, path, count, load_mode, load_path):
    """Uses the setting `count`, the number of idle ones."""

    def measure(bench, name):
        row = Row(name, goal=GOAL)
        with bench.fresh(servers.ours) as crowded:
            with held(crowded, mode, path, getattr(bench.settings, count)):
                mine, alone = bench.rounds(
                    *(lambda server=server: load(server, load_mode, bench.settings, load_path,
                                                 connections=CONNECTIONS)
                      for server in (crowded, bench.ours())))
        return bench.compare_reports(row, mine, alone, "alone")

    return measure


def many_routes(bench, name):
    """Measures the whole request, of which matching is a part."""
    row = Row(name)
    few, many = (bench.server(f"{count} routes", lambda count=count: servers.ours(routes=count))
                 for count in (10, 1000))
    headers = [login(few)]
    mine, other = bench.rounds(
        *(lambda server=server: load(server, "http", bench.settings, "/pipeline", headers=headers,
                                     connections=CONNECTIONS)
          for server in (many, few)))
    return bench.compare_reports(row, mine, other, "10 routes")


ROWS = [
    ("echo, 20 B, beside 10,000 idle websockets",
     beside("hold-websockets", "/echo", "idle", "echo", "/echo")),
    ("/plaintext beside 1,000 parked requests",
     beside("hold-requests", "/sleep?ms=600000", "parked", "http", "/plaintext")),
    ("/pipeline behind 1,000 routes", many_routes),
]

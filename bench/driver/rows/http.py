"""HTTP on connections that are kept alive: what a request costs."""

from driver.results import Goal, Row
from driver.servers import floor_for, login

CONNECTIONS = 64


def kept(path, goal=None, logged_in=False):
    def measure(bench, name):
        ours = bench.ours()
        headers = [login(ours)] if logged_in else []
        floor = bench.server(f"floor {path}", lambda: floor_for(ours, path, headers))
        return bench.compare_loads(Row(name, goal=goal), ours, floor, "http", path, headers=headers,
                                   connections=CONNECTIONS)

    return measure


ROWS = [
    ("/plaintext, keep-alive", kept("/plaintext", Goal(must=1.8, stretch=1.3))),
    ("/pipeline, keep-alive", kept("/pipeline", Goal(must=2.5, stretch=1.8), logged_in=True)),
    ("/json, keep-alive", kept("/json")),
    ("/fiber, keep-alive", kept("/fiber")),
]

"""HTTP: the cost of a request, on connections that are kept alive and on one of its own."""

from driver.peers import Nginx, minimal_plugin
from driver.results import Goal, Row
from driver.servers import floor_for, login

CONNECTIONS = 64
# The number of sleeping requests that keeps servers busy: a mostly idle one pays for waking up.
SLEEPING = 256


def kept(path, goal=None, logged_in=False, depth=1):
    """Compares with a floor that answers as many bytes; `depth` requests are pipelined."""

    def measure(bench, name):
        ours = bench.ours()
        headers = [login(ours)] if logged_in else []
        floor = bench.server(f"floor {path}", lambda: floor_for(ours, path, headers))
        return bench.compare_loads(Row(name, goal=goal), ours, floor, "http", path, headers=headers,
                                   connections=CONNECTIONS, depth=depth)

    return measure


def closed(bench, name):
    row = Row(name, goal=Goal(must=1.05, stretch=0.95))
    minimal = bench.server("minimal plugin", minimal_plugin)
    return bench.compare_loads(row, bench.ours(), minimal, "http-close", "/plaintext",
                               connections=CONNECTIONS)


def slept(bench, name):
    """Compares with a floor that does not wait: it only accepts, reads, sends and closes."""
    ours, path = bench.ours(), "/sleep?ms=10"
    floor = bench.server("floor /sleep", lambda: floor_for(ours, path, close=True))
    return bench.compare_loads(Row(name), ours, floor, "http-close", path, connections=SLEEPING)


def static(file, length):
    def measure(bench, name):
        return bench.compare_loads(Row(name), bench.ours(), bench.server("nginx", Nginx), "http",
                                   f"/static/{file}", length=length, connections=CONNECTIONS)

    return measure


ROWS = [
    ("/plaintext, keep-alive", kept("/plaintext", Goal(must=1.8, stretch=1.3))),
    ("/plaintext, a connection per request", closed),
    ("/sleep of 10 ms, a connection per request", slept),
    ("/pipeline, keep-alive", kept("/pipeline", Goal(must=2.5, stretch=1.8), logged_in=True)),
    ("/plaintext, keep-alive, 16 in flight", kept("/plaintext", depth=16)),
    ("/json, keep-alive", kept("/json")),
    ("/fiber, keep-alive", kept("/fiber")),
    ("/static, 1 KiB, keep-alive", static("1k.txt", 1 << 10)),
    ("/static, 1 MiB, keep-alive", static("1m.txt", 1 << 20)),
]

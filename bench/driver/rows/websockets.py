"""Websocket echoes: what a message costs."""

from driver.results import Goal, Row

CONNECTIONS = 64
ONE_IN_FLIGHT = Goal(must=1.10, stretch=1.03)


def echo(size, depth=1, goal=ONE_IN_FLIGHT):
    def measure(bench, name):
        return bench.compare_loads(Row(name, goal=goal), bench.ours(), bench.floor(), "echo", "/echo",
                                   connections=CONNECTIONS, size=size, depth=depth)

    return measure


ROWS = [
    ("websocket echo, 20 B", echo(20)),
    ("websocket echo, 1 KiB", echo(1024)),
    ("websocket echo, 16 KiB", echo(16 * 1024)),
    ("websocket echo, 20 B, 16 in flight", echo(20, 16, Goal(must=1.35, stretch=1.10))),
]

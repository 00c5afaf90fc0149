"""Websockets: the cost of a message, in an echo and in a broadcast."""

from driver.peers import websockets_echo
from driver.results import Goal, Row

CONNECTIONS = 64
ONE_IN_FLIGHT = Goal(must=1.10, stretch=1.03)
PUBLISHED_BYTES = 100


def echo(size, depth=1, goal=ONE_IN_FLIGHT):
    def measure(bench, name):
        return bench.compare_loads(Row(name, goal=goal), bench.ours(), bench.floor(), "echo", "/echo",
                                   connections=CONNECTIONS, size=size, depth=depth)

    return measure


def python_echo(bench, name):
    return bench.compare_loads(Row(name), bench.ours(), bench.server("websockets", websockets_echo),
                               "echo", "/echo", connections=CONNECTIONS)


def publish(bench, name):
    """Measures a broadcast; an operation is a message at one receiver."""
    row = Row(name, goal=Goal(must=1.5, stretch=1.2, of_ratio=False))
    return bench.compare_loads(row, bench.ours(), bench.floor(), "topic", "/topic", at_most=3,
                               connections=bench.settings.receivers, size=PUBLISHED_BYTES)


ROWS = [
    ("websocket echo, 20 B", echo(20)),
    ("websocket echo, 1 KiB", echo(1024)),
    ("websocket echo, 16 KiB", echo(16 * 1024)),
    ("websocket echo, 20 B, 16 in flight", echo(20, 16, Goal(must=1.35, stretch=1.10))),
    ("websocket echo, 20 B, against Python", python_echo),
    ("publish 100 B, each receiver", publish),
]

"""The clients of PostgreSQL, Redis and HTTP: TechEmpower's tests, compared with a floor that asks the same of
the same servers with the libraries alone."""

import re
import time

from support.server import wait_until

from driver import backends, servers
from driver.client import exchange, kept_busy, load, status
from driver.processes import Failed
from driver.results import Goal, Row, Skipped, compare, judge
from driver.rows.memory import settled_memory

CONNECTIONS = 64
# PostgreSQL's, of each server.
POOL = 4
# Queries that may wait for them: a turn of all clients has 1,280.
QUEUE = 2_000
# The requests that wait for a pool, its size, and for how long each has a connection, in milliseconds.
WAITING, FEW, SLOW_MS = 200, 8, 50
# How often a cheap query is asked behind them.
CHEAP_ROUNDS = 5
# The connections of a pool whose memory is measured.
IDLE_FEW, IDLE_MANY, IDLE_NAME = 10, 130, "bench-idle"
# Headers of an answer that the floor writes itself, or needs not.
OWN_HEADERS = ("content-length", "connection")


def postgres(bench):
    return bench.server("PostgreSQL", backends.Postgres)


def redis(bench):
    return bench.server("Redis", backends.Redis)


def fetched(bench):
    return bench.server("1 KiB", backends.fetched)


# The address of what is asked, in the words of the app's settings, and in those of the floor.
ASKED = {
    "postgres.url": (lambda bench: f"{postgres(bench).url}&pool_size={POOL}&pool_queue={QUEUE}",
                     lambda bench: postgres(bench).url),
    "redis.url": (lambda bench: redis(bench).url, lambda bench: redis(bench).socket),
    "http.url": (lambda bench: fetched(bench).url("/"),) * 2,
}


def with_setting(setting, url):
    """Starts the app with the URL of what it asks."""
    return lambda: servers.ours(settings=[f"{setting}={url}"])


def asking(setting, test, path, goal):
    """Compares the app, which has only that setting, with the floor for `test`."""

    def measure(bench, name):
        ours_url, floor_address = (address(bench) for address in ASKED[setting])
        ours = bench.server(f"ours, {setting}", with_setting(setting, ours_url))
        answer = answered(ours, path)
        floor = bench.server(f"floor {test}", lambda: backends.client_floor(
            test, floor_address, headers_of(answer), POOL))
        require_alike(answer, exchange(floor, path, keep_alive=True))
        return bench.compare_loads(Row(name, goal=goal), ours, floor, "http", path,
                                   connections=CONNECTIONS, length="any")

    return measure


def answered(server, path):
    """Returns an answer to `path`. Raises Skipped if the app has no such page."""
    answer = exchange(server, path, keep_alive=True)
    if status(answer) == 404:
        raise Skipped(f"the app has no {path.partition('?')[0]}")
    if status(answer) != 200:
        raise Failed(f"{path} answers {status(answer)}")
    return answer


def headers_of(answer):
    """Returns the lines of an answer's headers that the floor has to write, too."""
    lines = answer.partition(b"\r\n\r\n")[0].decode("latin-1").split("\r\n")[1:]
    return [line for line in lines if line.partition(":")[0].lower() not in OWN_HEADERS]


def require_alike(ours, floors):
    """Raises Failed if the two bodies differ in more than their numbers."""
    mine, other = (re.sub(rb"\d+", b"0", answer.partition(b"\r\n\r\n")[2]) for answer in (ours, floors))
    if mine != other:
        raise Failed(f"the app's answer differs from the floor's: {mine[:60]!r}, {other[:60]!r}")


def beside_waiting(bench, name):
    """Compares a page's p95, in microseconds, while many requests wait for few connections, with it alone."""
    row = Row(name, reference_name="alone", goal=Goal(must=1.3))
    url = f"{postgres(bench).url}&pool_size={FEW}"
    slow, path = f"/slow-db?ms={SLOW_MS}", "/plaintext"
    with bench.fresh(with_setting("postgres.url", url)) as ours:
        answered(ours, slow)

        def alone():
            return load(ours, "http", bench.settings, path, connections=CONNECTIONS)

        def crowded():
            with kept_busy(ours, slow, WAITING):
                return alone()

        mine, other = bench.rounds(crowded, alone)
    row.details = {"ours": mine, "reference": other}
    return compare(row, *([report["latency_us"]["p95"] for report in reports] for reports in (mine, other)))


def cheap_behind_slow(bench, name):
    """Compares how long a cheap query takes behind slow ones, in microseconds, with the turn of its place: those
    before it, of which as many at a time are served as there are connections."""
    turn = WAITING / FEW * SLOW_MS * 1000
    url = f"{postgres(bench).url}&pool_size={FEW}&acquire_timeout=60s"
    slow = f"/slow-db?ms={SLOW_MS}"
    with bench.fresh(with_setting("postgres.url", url)) as ours:
        answered(ours, slow)
        with kept_busy(ours, slow, WAITING):
            time.sleep(3 * turn / 1e6)  # until each connection has its share
            [waits] = bench.rounds(lambda: timed(ours, "/db"), at_most=CHEAP_ROUNDS)
    row = Row(name, reference_name="its turn", goal=Goal(must=1.3, stretch=1.1), details={"ours": waits})
    return compare(row, waits, [turn] * len(waits))


def timed(server, path):
    """Returns the time that an answer takes, in microseconds."""
    begin = time.monotonic()
    answered(server, path)
    return (time.monotonic() - begin) * 1e6


def idle_connection(bench, name):
    """Measures what an idle connection of the pool takes beside what the library alone takes for one."""
    url = postgres(bench).url
    own = grown_pool(bench, f"{url}&pool_size={IDLE_MANY}&pipeline=1&application_name={IDLE_NAME}")
    library = grown_floor(bench, url)
    return judge(Row(name, unit="B", ours=own - library, reference=library, reference_name="libpq's",
                     goal=Goal(must=16 * 1024, of_ratio=False)))


def grown_pool(bench, url):
    """Returns the bytes of memory that each further connection adds to the app."""
    slow = "/slow-db?ms=100"
    with bench.fresh(with_setting("postgres.url", url)) as ours:
        answered(ours, slow)
        # As many requests as later: what they need exists already.
        load(ours, "http", bench.settings, "/sleep?ms=100", connections=IDLE_MANY)
        before = memory_after(ours, bench, slow, IDLE_FEW)
        return (memory_after(ours, bench, slow, IDLE_MANY) - before) / (IDLE_MANY - IDLE_FEW)


def memory_after(server, bench, path, connections):
    """Returns the app's memory once so many clients have had a connection at a time."""
    asked = postgres(bench)
    with kept_busy(server, path, connections):
        wait_until(lambda: asked.connections(IDLE_NAME) >= connections, 20, "the pool does not grow")
    return settled_memory(server)


def grown_floor(bench, url):
    few, many = (floor_memory(bench, url, count) for count in (IDLE_FEW, IDLE_MANY))
    return (many - few) / (IDLE_MANY - IDLE_FEW)


def floor_memory(bench, url, connections):
    with bench.fresh(lambda: backends.client_floor("db", url, (), connections)) as floor:
        load(floor, "http", bench.settings, "/db", connections=CONNECTIONS, length="any")
        return settled_memory(floor)


ROWS = [
    ("/db", asking("postgres.url", "db", "/db", Goal(must=1.35, stretch=1.15))),
    ("/queries?queries=20",
     asking("postgres.url", "queries", "/queries?queries=20", Goal(must=1.15, stretch=1.0))),
    ("/fortunes", asking("postgres.url", "fortunes", "/fortunes", Goal(must=1.35, stretch=1.15))),
    ("/updates?queries=20",
     asking("postgres.url", "updates", "/updates?queries=20", Goal(must=1.2, stretch=1.1))),
    ("/redis", asking("redis.url", "redis", "/redis", Goal(must=1.4, stretch=1.2))),
    ("/fetch, 1 KiB", asking("http.url", "fetch", "/fetch", Goal(must=1.3, stretch=1.1))),
    ("idle pooled connection", idle_connection),
    (f"/plaintext, p95, beside {WAITING} requests for {FEW} connections", beside_waiting),
    (f"/db, its wait behind {WAITING} queries of {SLOW_MS} ms for {FEW} connections", cheap_behind_slow),
]

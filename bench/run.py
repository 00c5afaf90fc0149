#!/usr/bin/python3
"""Measures the server against the floor and against peers: `make bench`, docs/performance.md.

Prints one table, and writes results.json below build/bench. Needs what `make bench-tools` builds. A row
that cannot be measured says why and fails nothing.
"""

import argparse
import json
import os
import platform
import resource
import sys
import time

from driver.bench import Bench
from driver.processes import Failed
from driver.report import summary, table
from driver.results import Row
from driver.rows import aiopyramid, http, idle, memory, runtime, websockets
from driver.settings import QUICK, Settings

from support.paths import BUILD

TOPICS = (websockets, http, runtime, memory, idle, aiopyramid)


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--filter", default="", help="only rows whose name holds this")
    parser.add_argument("--quick", action="store_true", help="shows that it works, and no figures")
    parser.add_argument("--rounds", type=int, help="of each measurement")
    parser.add_argument("--output", default=os.path.join(BUILD, "bench"), help="a folder")
    return parser.parse_args()


def settings_of(arguments):
    settings = QUICK if arguments.quick else Settings()
    if arguments.rounds:
        settings = Settings(**{**vars(settings), "rounds": arguments.rounds})
    return settings


def measure(bench, name, row_of):
    print(f"  BENCH {name}", file=sys.stderr, flush=True)
    try:
        return row_of(bench, name)
    except Failed as reason:
        return Row(name, verdict=f"error: {reason}")


def write_results(path, settings, rows, seconds):
    about = {"machine": platform.platform(), "cores": os.cpu_count(), "seconds": round(seconds, 1),
             "settings": vars(settings)}
    with open(path, "w") as file:
        json.dump({**about, "rows": [row.as_json() for row in rows]}, file, indent=1)


def raise_file_limit():
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def main():
    arguments = parse_arguments()
    settings = settings_of(arguments)
    raise_file_limit()
    begin = time.monotonic()
    with Bench(settings) as bench:
        rows = [measure(bench, name, row_of) for topic in TOPICS for name, row_of in topic.ROWS
                if arguments.filter in name]
    if not rows:
        sys.exit(f"no row's name holds {arguments.filter!r}")
    print(table(rows))
    print(summary(rows))
    os.makedirs(arguments.output, exist_ok=True)
    write_results(os.path.join(arguments.output, "results.json"), settings, rows,
                  time.monotonic() - begin)


if __name__ == "__main__":
    main()

#!/usr/bin/python3
"""Measures the server against the floor and against peers: `make bench`, docs/performance.md.

Prints one table, and writes results.json, table.md and chart.svg below build/bench. Needs what `make
bench-tools` builds. A row that cannot be measured says why and fails nothing.
"""

import argparse
import json
import os
import platform
import resource
import sys
import time

from driver.bench import Bench
from driver.chart import chart
from driver.processes import Failed
from driver.report import markdown, summary, table
from driver.results import Row, Skipped
from driver.rows import aiopyramid, clients, http, idle, memory, runtime, websockets
from driver.settings import QUICK, Settings

from support.paths import BUILD

TOPICS = (websockets, http, clients, runtime, memory, idle, aiopyramid)


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
    except Skipped as reason:
        return Row(name, verdict=f"skipped: {reason}")
    except Failed as reason:
        return Row(name, verdict=f"error: {reason}")


def about(settings, seconds):
    return {"date": time.strftime("%Y-%m-%d"), "machine": f"{cpu_model()}, {os.cpu_count()} cores",
            "kernel": platform.release(), "seconds": round(seconds, 1), "settings": vars(settings)}


def cpu_model():
    with open("/proc/cpuinfo") as cpus:
        return next((line.partition(":")[2].strip() for line in cpus if line.startswith("model name")),
                    platform.machine())


def write_results(folder, facts, rows):
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, "results.json"), "w") as file:
        json.dump({**facts, "rows": [row.as_json() for row in rows]}, file, indent=1)
    with open(os.path.join(folder, "table.md"), "w", encoding="utf-8") as file:
        file.write(markdown(rows))
    with open(os.path.join(folder, "chart.svg"), "w", encoding="utf-8") as file:
        file.write(chart(rows, f"{facts['machine']}, Linux {facts['kernel']}, {facts['date']}"))


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
    write_results(arguments.output, about(settings, time.monotonic() - begin), rows)


if __name__ == "__main__":
    main()

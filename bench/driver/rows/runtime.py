"""The runtime's own steps, in a program without a server: build/bench/micro."""

import json
import os
import statistics
import subprocess

from driver.results import Goal, Row, compare, judge
from driver.servers import PROGRAMS
from driver.settings import SERVER_CORE


def figures(bench):
    """Returns all steps of each round; measured once for all rows."""
    return bench.once("micro", lambda: bench.rounds(lambda: run(bench.settings.micro_rounds))[0])


def run(rounds):
    command = ["taskset", "-c", str(SERVER_CORE), os.path.join(PROGRAMS, "micro"), str(rounds)]
    return json.loads(subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout)


def step(key, goal=None):
    def measure(bench, name):
        return judge(Row(name, unit="ns", goal=goal,
                         ours=statistics.median(figure[key] for figure in figures(bench))))

    return measure


def routes(bench, name):
    rounds = figures(bench)
    row = Row(name, unit="ns", reference_name="10 routes", goal=Goal(must=1.5))
    return compare(row, [figure["match of the last of 1000 routes"] for figure in rounds],
                   [figure["match of the last of 10 routes"] for figure in rounds])


ROWS = [
    ("fiber switch, there and back",
     step("fiber switch, there and back", Goal(must=40, stretch=20, of_ratio=False))),
    ("synchronize of a ready task",
     step("synchronize of a ready task", Goal(must=400, stretch=150, of_ratio=False))),
    ("await of a ready task", step("await of a ready task")),
    ("turn of the loop", step("turn of the loop")),
    ("match of the last of 1,000 routes", routes),
]

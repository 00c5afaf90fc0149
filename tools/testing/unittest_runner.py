"""Runs a folder of Python unittests, each module in a child process, several at a time.

Most of them wait most of the time, for a server to start or to give up.
"""

import glob
import json
import os
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

from testing.child import Child

NOTE = "note: "
CHILD = os.path.join(os.path.dirname(os.path.abspath(__file__)), "unittest_child.py")


def run(folder, name_filter, timeout, tally, jobs=1):
    tally.start_runner(folder)
    lock = threading.Lock()
    modules = sorted(map(os.path.basename, glob.glob(os.path.join(folder, "test_*.py"))))

    def run_one(module):
        return run_module(folder, module, name_filter, timeout, tally, lock)

    with ThreadPoolExecutor(jobs) as pool:
        list(pool.map(run_one, modules))
    tally.end_runner()


def run_module(folder, module, name_filter, timeout, tally, lock):
    """Reports to `tally`, which `lock` protects. A failure of the module's process is a failure of its own.
    Lines of the tests' output that begin with NOTE are always shown."""
    child = Child(lambda fd: [sys.executable, CHILD, folder, str(fd), name_filter, module])
    current, complete = None, False
    for line in lines_of(child.chunks(timeout)):
        message = json.loads(line)
        kind = message.pop("kind")
        if kind == "start":
            current = message["name"]
        elif kind == "end":
            complete = True
        else:
            current = None
            with lock:
                getattr(tally, kind)(**message)
    problem = child.exit_problem()
    if not complete:
        problem = child.early_end(problem, current)
    with lock:
        for line in child.output().splitlines():
            if line.startswith(NOTE):
                tally.say(line)
        if problem:
            tally.failed(module, f"{problem}\n{child.output()}")


def lines_of(chunks):
    rest = b""
    for chunk in chunks:
        *lines, rest = (rest + chunk).split(b"\n")
        yield from lines

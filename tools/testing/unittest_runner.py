"""Runs a folder of Python unittests in a child process."""

import json
import os
import sys

from testing.child import Child

CHILD = os.path.join(os.path.dirname(os.path.abspath(__file__)), "unittest_child.py")


def run(folder, name_filter, timeout, tally):
    tally.start_runner(folder)
    child = Child(lambda fd: [sys.executable, CHILD, folder, str(fd), name_filter])
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
            getattr(tally, kind)(**message)
    problem = child.exit_problem()
    if complete and not problem:
        tally.end_runner()
        return
    during = f" during: {current}" if current else ""
    tally.end_runner(f"{problem or 'the report ends early'}{during}\n{child.output()}")


def lines_of(chunks):
    rest = b""
    for chunk in chunks:
        *lines, rest = (rest + chunk).split(b"\n")
        yield from lines

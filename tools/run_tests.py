#!/usr/bin/python3
"""Runs test runners one after another and sums them up.

The last line of output is `N passed, N failed`, over everything that ran. The exit code is 1 when
something failed, when a runner died or hung, and when a runner ran nothing (with a filter: when all
of them did); each of the latter counts as one failure.
"""

import argparse
import os
import sys

from testing import catch_runner, unittest_runner
from testing.second_run import run_failures_again
from testing.tally import Tally


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--unit", action="append", default=[], help="a Catch2 binary")
    parser.add_argument("--functional", action="append", default=[], help="a folder of test_*.py")
    parser.add_argument("--filter", default="", help="only tests whose name holds this")
    parser.add_argument("--timeout", type=float, default=300, help="seconds without a result")
    parser.add_argument("--jobs", type=int, default=1, help="modules of a folder at a time")
    parser.add_argument("--again", action="store_true", default="AIOPYR_TESTS_AGAIN" in os.environ,
                        help="run what failed once more, alone; what passes then is told as flaky")
    return parser.parse_args()


def main():
    arguments = parse_arguments()
    sys.stdout.reconfigure(line_buffering=True)
    tally = Tally(sys.stdout, bool(arguments.filter))
    for binary in arguments.unit:
        catch_runner.run(binary, arguments.filter, arguments.timeout, tally)
    for folder in arguments.functional:
        unittest_runner.run(folder, arguments.filter, arguments.timeout, tally, arguments.jobs)
    if arguments.again:
        run_failures_again(tally, arguments.timeout)
    return tally.finish()


if __name__ == "__main__":
    sys.exit(main())

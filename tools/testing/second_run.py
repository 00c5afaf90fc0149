"""Runs failed tests once more, alone, to distinguish a broken test from a flaky one.

A machine that does many things at once makes a test fail now and then whose bounds are too tight.
That is a fault of the test, which is reported, but not a reason to refuse a change. Damaged memory is
one: a failure that a sanitizer or a crash reports is never run again.
"""

import os
import re
import threading

from testing import catch_runner, unittest_runner
from testing.tally import Tally

# More failures than these are not accidental.
AT_MOST = 8

# The messages of sanitizers, of the C library and of the kernel, and those of tests/support/server.py about a
# server's log.
DAMAGE = re.compile(
    r"Sanitizer|runtime error:|died of SIG|killed by signal (?!9\b)|has crashed|SIGSEGV|SIGABRT|SIGBUS"
    r"|Segmentation|terminate called|Assertion .* failed|corrupted|double free|core dump"
)
MODULE = re.compile(r"\btest_\w+")


def run_failures_again(tally, timeout):
    failures = list(tally.failures)
    if len(failures) > AT_MOST:
        return
    passed = {}
    for failure in failures:
        if DAMAGE.search(failure.details):
            continue
        subject = subject_of(failure)
        if subject not in passed:
            tally.say(f"== again: {subject[1] or subject[0]}")
            passed[subject] = passes(*subject, timeout)
        if passed[subject]:
            tally.passed_again(failure)


def subject_of(failure):
    """Returns the program, or the folder with the part of it to run."""
    if not os.path.isdir(failure.runner):
        return failure.runner, ""
    if re.match(r"test_\w+\.\w+\.\w+$", failure.name):
        return failure.runner, failure.name
    module = MODULE.search(failure.name)
    return failure.runner, module.group() if module else ""


def passes(runner, name, timeout):
    with open(os.devnull, "w") as nothing:
        tally = Tally(nothing)
        if not os.path.isdir(runner):
            catch_runner.run(runner, "", timeout, tally)
        elif name:
            module = name.split(".")[0] + ".py"
            unittest_runner.run_module(runner, module, name, timeout, tally, threading.Lock())
        else:
            return False
        return tally.finish() == 0

"""Bounds for waits in tests, scaled to the speed of the machine."""

import os

# How many times slower than usual a run may be: on a busy machine, with sanitizers, under valgrind.
PATIENCE = float(os.environ.get("AIOPYR_TEST_PATIENCE", "1"))


def patient(seconds):
    """Scales `seconds` of an idle machine to a bound for the machine that runs the tests.

    The helpers of tests/support scale their timeouts themselves; this is for all other bounds.
    """
    return seconds * PATIENCE

"""How long tests wait for what should come at once, and what they call late."""

import os

# How many times slower than usual things may be: on a busy machine, with sanitizers, under valgrind.
PATIENCE = float(os.environ.get("AIOPYR_TEST_PATIENCE", "1"))


def patient(seconds):
    """`seconds` of an idle machine, as a bound for the one that the tests run on.

    The helpers of tests/support scale their timeouts themselves; this is for all other bounds.
    """
    return seconds * PATIENCE

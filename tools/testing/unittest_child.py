"""The child of unittest_runner: FOLDER FD FILTER MODULE. Writes one JSON object a line to FD."""

import json
import os
import sys
import time
import unittest


class Reporter(unittest.TestResult):
    """Reports each test once, however many subtests and cleanups it has."""

    def __init__(self, pipe):
        super().__init__()
        self._pipe = pipe
        self._problems = []
        self._skip_reason = None
        self._running = False
        self._started = 0.0

    def say(self, kind, **fields):
        self._pipe.write(json.dumps({"kind": kind, **fields}) + "\n")
        self._pipe.flush()

    def startTest(self, test):
        super().startTest(test)
        self._problems, self._skip_reason, self._running = [], None, True
        self._started = time.monotonic()
        self.say("start", name=test.id())

    def stopTest(self, test):
        super().stopTest(test)
        self._running = False
        if self._problems:
            self.say("failed", name=test.id(), details="\n".join(self._problems))
        elif self._skip_reason is not None:
            self.say("skipped", name=test.id(), reason=self._skip_reason)
        else:
            self.say("passed", name=test.id(), seconds=time.monotonic() - self._started)

    def addSkip(self, test, reason):
        if self._running:
            self._skip_reason = reason
        else:
            self.say("skipped", name=test.id(), reason=reason)

    def addError(self, test, err):
        self._add_problem(test, self._exc_info_to_string(err, test))

    addFailure = addError

    def addSubTest(self, test, subtest, err):
        if err is not None:
            self._add_problem(test, f"{subtest}\n{self._exc_info_to_string(err, test)}")

    def addUnexpectedSuccess(self, test):
        self._add_problem(test, "succeeded, though marked as an expected failure")

    def _add_problem(self, test, text):
        # Failures of setUpClass and setUpModule come without a running test.
        if self._running:
            self._problems.append(text)
        else:
            self.say("failed", name=test.id(), details=text)


def tests_in(suite):
    for test in suite:
        if isinstance(test, unittest.TestSuite):
            yield from tests_in(test)
        else:
            yield test


def main():
    folder, fd, name_filter, module = sys.argv[1], int(sys.argv[2]), sys.argv[3], sys.argv[4]
    os.set_inheritable(fd, False)
    # The modules that folders of tests share are beside them.
    sys.path.insert(0, os.path.dirname(os.path.abspath(folder)))
    suite = unittest.defaultTestLoader.discover(folder, module, folder)
    if name_filter:
        suite = unittest.TestSuite(test for test in tests_in(suite) if name_filter in test.id())
    with os.fdopen(fd, "w") as pipe:
        reporter = Reporter(pipe)
        suite.run(reporter)
        reporter.say("end")


if __name__ == "__main__":
    main()

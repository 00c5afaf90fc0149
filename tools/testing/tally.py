"""Counts results, shows progress and failures, and writes the last line."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Failure:
    runner: str
    name: str
    details: str

    def __str__(self):
        return f"{self.runner}: {self.name}"


class Tally:
    def __init__(self, out, filtered=False):
        self._out = out
        self._filtered = filtered
        self._passed = 0
        self._flaky = []
        self._skipped = 0
        self._ran_in_runner = 0
        self._runner = ""
        self.failures = []

    def start_runner(self, name):
        self._runner = name
        self._ran_in_runner = 0
        self.say(f"== {name}")

    def end_runner(self, problem=None):
        """Ends a runner; `problem` says how it ended if it did not end well."""
        if problem:
            self.failed(self._runner, problem)
        elif self._ran_in_runner == 0 and not self._filtered:
            self.failed(self._runner, "ran no test")

    def passed(self, name, seconds=None):
        self._ran_in_runner += 1
        self._passed += 1
        took = f" ({seconds:.1f} s)" if seconds is not None and seconds >= 1 else ""
        self.say(f"ok      {name}{took}")

    def failed(self, name, details):
        self._ran_in_runner += 1
        self.failures.append(Failure(self._runner, name, details))
        self.say(f"FAILED  {name}")
        for line in details.rstrip().splitlines():
            self.say(f"        {line}")

    def passed_again(self, failure):
        """Counts `failure` as passed, and reports it at the end."""
        self.failures.remove(failure)
        self._flaky.append(failure)
        self._passed += 1
        self.say(f"ok      {failure.name}: passed when it was run again")

    def skipped(self, name, reason):
        self._skipped += 1
        self.say(f"skipped {name}: {reason}")

    def say(self, line):
        print(line, file=self._out, flush=True)

    def finish(self):
        """Writes the totals and returns the exit code."""
        self.say("")
        for failure in self._flaky:
            self.say(f"flaky: {failure}")
        for failure in self.failures:
            self.say(f"failed: {failure}")
        if self._skipped:
            self.say(f"{self._skipped} skipped")
        failed = len(self.failures)
        if not self._passed and not failed:
            self.say("failed: nothing was run")
            failed = 1
        self.say(f"{self._passed} passed, {failed} failed")
        return 1 if failed else 0

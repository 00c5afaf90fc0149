"""Counts results, shows progress and failures, and writes the last line."""


class Tally:
    def __init__(self, out, filtered=False):
        self._out = out
        self._filtered = filtered
        self._passed = 0
        self._failures = []
        self._skipped = 0
        self._ran_in_runner = 0
        self._runner = ""

    def start_runner(self, name):
        self._runner = name
        self._ran_in_runner = 0
        self.say(f"== {name}")

    def end_runner(self, problem=None):
        """`problem` tells how the runner ended if it did not end well."""
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
        self._failures.append(f"{self._runner}: {name}")
        self.say(f"FAILED  {name}")
        for line in details.rstrip().splitlines():
            self.say(f"        {line}")

    def skipped(self, name, reason):
        self._skipped += 1
        self.say(f"skipped {name}: {reason}")

    def say(self, line):
        print(line, file=self._out, flush=True)

    def finish(self):
        """Writes the sum and returns the exit code."""
        self.say("")
        for name in self._failures:
            self.say(f"failed: {name}")
        if self._skipped:
            self.say(f"{self._skipped} skipped")
        if not self._passed and not self._failures:
            self._failures.append("nothing was run")
        self.say(f"{self._passed} passed, {len(self._failures)} failed")
        return 1 if self._failures else 0

"""One run: its servers, started on first use, and rounds of measurements."""

import contextlib
import statistics

from driver import servers
from driver.client import load
from driver.results import compare


class Bench:
    """The servers of a run, which end with the context."""

    def __init__(self, settings):
        self.settings = settings
        self._servers = {}
        self._figures = {}
        self._stack = contextlib.ExitStack()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._stack.close()

    def server(self, key, start):
        """Returns the server of that name, which lives as long as the run; `start` makes it."""
        if key not in self._servers:
            self._servers[key] = start()
            self._stack.callback(self._servers[key].stop)
        return self._servers[key]

    def once(self, key, measure):
        """Returns the result of `measure`, which several rows need."""
        if key not in self._figures:
            self._figures[key] = measure()
        return self._figures[key]

    @contextlib.contextmanager
    def fresh(self, start):
        """Runs a server for a while."""
        server = start()
        try:
            yield server
        finally:
            server.stop()

    def ours(self):
        return self.server("ours", servers.ours)

    def floor(self):
        return self.server("floor", servers.floor)

    def rounds(self, *measurements, at_most=None):
        """Calls each in turn, round by round; returns the results of each."""
        results = [[] for _ in measurements]
        for _ in range(min(self.settings.rounds, at_most or self.settings.rounds)):
            for measure, found in zip(measurements, results):
                found.append(measure())
        return results

    def compare_loads(self, row, ours, reference, mode, path, at_most=None, **options):
        """Returns the CPU time of both servers for an operation, in microseconds."""
        mine, other = self.rounds(
            lambda: load(ours, mode, self.settings, path, **options),
            lambda: load(reference, mode, self.settings, path, **options), at_most=at_most)
        return self.compare_reports(row, mine, other, reference.name)

    @staticmethod
    def compare_reports(row, mine, other, reference_name, inverse=False):
        row.reference_name = row.reference_name or reference_name
        row.details = {"ours": middle(mine), "reference": middle(other)}
        return compare(row, cpu(mine), cpu(other), inverse)


def cpu(reports):
    return [report["server_cpu_ns"] / 1000 for report in reports]


def middle(reports):
    """Returns the report of the median round, by CPU time; the share of user code is that of all rounds, as
    it is sampled."""
    report = sorted(reports, key=lambda report: report["server_cpu_ns"])[len(reports) // 2]
    share = statistics.fmean(report["server_user_share"] for report in reports)
    return {**report, "server_user_share": share}

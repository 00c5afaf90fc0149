"""Combines figures to a row of the table."""

import statistics
from dataclasses import asdict, dataclass, field
from typing import Optional

REACHED, STRETCHED, MISSED = "reached", "stretch", "missed"


class Skipped(Exception):
    """Raised if a row cannot be measured here, which is no failure; the text says why, in a few words."""


@dataclass(frozen=True)
class Goal:
    """The goal of a row: for its ratio, or for our own figure in its unit."""

    must: float
    stretch: Optional[float] = None
    of_ratio: bool = True
    at_least: bool = False

    def verdict(self, value):
        def reaches(limit):
            return value >= limit if self.at_least else value <= limit

        if self.stretch is not None and reaches(self.stretch):
            return STRETCHED
        return REACHED if reaches(self.must) else MISSED


@dataclass
class Row:
    """`ours` and `reference` are medians over all rounds, in `unit`; `ratio` is the median of the
    rounds' own ratios, so that what disturbs one round disturbs both of its figures."""

    name: str
    unit: str = "us"
    ours: Optional[float] = None
    reference: Optional[float] = None
    reference_name: str = ""
    ratio: Optional[float] = None
    goal: Optional[Goal] = None
    verdict: str = ""
    note: str = ""
    details: dict = field(default_factory=dict)

    def as_json(self):
        return {key: value for key, value in asdict(self).items() if value not in (None, "", {})}


def compare(row, ours, reference, inverse=False):
    """Fills in a row from the figures of rounds; `inverse` for reference / ours."""
    row.ours, row.reference = statistics.median(ours), statistics.median(reference)
    pairs = zip(reference, ours) if inverse else zip(ours, reference)
    row.ratio = statistics.median(above / below for above, below in pairs)
    return judge(row)


def judge(row):
    if row.goal:
        row.verdict = row.goal.verdict(row.ratio if row.goal.of_ratio else row.ours)
    return row

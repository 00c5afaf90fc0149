"""The durations and amounts of measurements."""

import os
from dataclasses import dataclass

CORES = sorted(os.sched_getaffinity(0))
SERVER_CORE = CORES[0]
CLIENT_CORE = CORES[-1]


@dataclass(frozen=True)
class Settings:
    """`idle` websockets, `parked` requests and `receivers` of a topic; `rounds` of `seconds` each,
    behind a warm-up."""

    rounds: int = 7
    seconds: float = 0.8
    warmup: float = 0.2
    idle: int = 10_000
    parked: int = 1_000
    receivers: int = 10_000
    micro_rounds: int = 700_000


# Shows that everything works, without a real measurement.
QUICK = Settings(rounds=1, seconds=0.05, warmup=0.02, idle=50, parked=20, receivers=50,
                 micro_rounds=1_000)

"""Two ways to do a thing, timed beside each other.

Only ratios count: the machine differs, what else runs on it differs. So the two take turns, and a
disturbance hits both.
"""

import gc
from dataclasses import asdict, dataclass
from statistics import median
from time import perf_counter

WARM_UP = 2
REPEATS = 7


@dataclass
class Result:
    """What one measurement found; seconds, and how many times as long as the peer at most."""

    topic: str
    action: str
    ours: float
    peer: float | None = None
    peer_name: str = ""
    limit: float | None = None
    unit: str = "s"  # "s", "MB", "queries"
    rows: int = 0  # how many rows were worked on, for work that is linear
    linear: bool = False  # whether it may grow with the size of the database
    remark: str = ""
    grows: bool = True  # whether growth is judged: not where a larger database shows more

    @property
    def ratio(self):
        """How many times as much as the peer; None without one."""
        return self.ours / self.peer if self.peer else None

    @property
    def is_met(self):
        """Whether it is within its limit; None when there is none."""
        if self.limit is None:
            return None
        return (self.ratio if self.peer else self.ours) <= self.limit

    def as_dict(self):
        """All of it as plain values, for JSON."""
        return {**asdict(self), "ratio": self.ratio, "is_met": self.is_met}


def medians(ways, repeats=REPEATS, warm_up=WARM_UP):
    """The median seconds of each way, `{name: function that returns seconds}`, taking turns."""
    taken = {name: [] for name in ways}
    for turn in range(warm_up + repeats):
        for name, way in ways.items():
            seconds = way()
            if turn >= warm_up:
                taken[name].append(seconds)
    return {name: median(seconds) for name, seconds in taken.items()}


def timed(function):
    """Seconds that a function takes."""
    started = perf_counter()
    function()
    return perf_counter() - started


def timed_alone(function):
    """The same, while Python does not walk through the millions of cells that are kept here."""
    gc.collect()
    gc.freeze()
    try:
        return timed(function)
    finally:
        gc.unfreeze()

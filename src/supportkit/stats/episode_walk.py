"""Episodes of series, week by week: which ones begin, go on and end, and against which level they are measured.

A series is announced once. From then on it is measured against the level before its start, until two quiet weeks end
the episode.
"""

from __future__ import annotations

from typing import Final, Literal

import numpy as np

from supportkit.stats.outbreak import LEAST_WEEKS, Array, ExpectedLevel, Mask
from supportkit.system.named import NamedTuple

State = Literal["new", "rising", "ongoing", "fading", "resolved", "steady"]

QUIET: Final = 0.2  # p of a week that no longer stands out
STARTS: Final = 8  # weeks that an onset is looked for in
NOTHING: Final = 1.0  # a series that expected less than this a week is new when it breaks out


class Episode(NamedTuple):
    """A series that stood out, from the week of its onset to the week from which on it no longer did, if that came."""

    series: int
    start: int
    end: int | None = None


class EpisodeWalk:
    """Which series are in an episode, since when, against which level; changed week by week."""

    def __init__(self, series: int) -> None:
        self.start = np.full(series, -1)  # week of the onset
        self.announced = np.full(series, -1)
        self.quiet = np.zeros(series, np.int64)
        self.rate = np.full(series, np.nan)
        self.weight = np.full(series, np.nan)
        self.small = np.zeros(series, bool)  # hardly there before
        self.log: list[tuple[int, int]] = []
        self.over: list[Episode] = []

    def step(self, week: int, alarm: Mask, p: Array, known: ExpectedLevel) -> None:
        """Take in one week: end episodes that were resolved, count quiet weeks, begin the alarmed ones."""
        ended = np.flatnonzero((self.quiet >= 2) & (self.start >= 0))
        self.over += [Episode(int(number), int(self.start[number]), week) for number in ended]
        self.start[ended] = -1
        self.quiet[self.start < 0] = 0
        open_ = self.start >= 0
        self.quiet = np.where(open_ & (p > QUIET), self.quiet + 1, 0)
        for number in np.flatnonzero(alarm & ~open_):
            begin = onset(known, int(number), week)
            self.log.append((week, int(number)))
            self.start[number], self.announced[number] = begin, week
            level_of = begin if np.isfinite(known.rate[number, begin]) else week
            self.rate[number], self.weight[number] = known.rate[number, level_of], known.weight[number, level_of]
            exposure = known.exposure[number if len(known.exposure) > 1 else 0, begin]
            self.small[number] = self.rate[number] * exposure < NOTHING

    def episodes(self) -> tuple[Episode, ...]:
        """All that there were and are."""
        return (*self.over, *(Episode(int(each), int(self.start[each])) for each in np.flatnonzero(self.start >= 0)))

    def level(self, known: ExpectedLevel, week: int) -> tuple[Array, Array, Array]:
        """Rate, exposure and weight of a week: inside an episode those before it."""
        begun = self.start >= 0
        rate = np.where(begun, self.rate, known.rate[:, week])
        return rate, known.exposure[:, week], np.where(begun, self.weight, known.weight[:, week])

    def states(self, week: int, fell: Mask) -> tuple[State, ...]:
        """The state of every series in the last week."""
        found: list[State] = []
        for number, start in enumerate(self.start):
            if start < 0:
                found.append("fading" if fell[number] else "steady")
            elif self.quiet[number]:
                found.append("fading" if self.quiet[number] == 1 else "resolved")
            elif self.announced[number] < week:
                found.append("ongoing")
            else:
                found.append("new" if self.small[number] else "rising")
        return tuple(found)


def onset(known: ExpectedLevel, number: int, week: int) -> int:
    """The week an alarm began in: the start among the last 8 with the largest likelihood ratio (Neill 2009).

    It lies behind the last two weeks in a row that were not above what was expected of them when they came, as would
    have ended it.
    """
    first = max(week - STARTS + 1, LEAST_WEEKS)
    row = number if len(known.exposure) > 1 else 0
    usual = known.counts[number, first:week] <= known.rate[number, first:week] * known.exposure[row, first:week]
    ends = np.flatnonzero(usual[1:] & usual[:-1])
    first += int(ends[-1]) + 2 if len(ends) else 0
    best, found = -np.inf, week
    before = known.rate[number, first] if np.isfinite(known.rate[number, first]) else known.rate[number, week]
    for start in range(first, week + 1):
        mean = before * known.exposure[row, start : week + 1].sum()
        y = known.counts[number, start : week + 1].sum()
        gain = y * np.log(y / mean) - (y - mean) if y > mean > 0 else 0.0
        if gain > best + 1e-9:
            best, found = gain, start
    return found

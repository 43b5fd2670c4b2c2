"""The days on which names stopped or began: hardly a ticket comes after a day on which many were due, or the other way
round. What changed on nearly one day stands together."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np
from numpy.typing import NDArray

from supportkit.system.named import NamedTuple

Array = NDArray[np.float64]
Counts = Array | NDArray[np.int32]
Days = NDArray[np.int64]
DaysOfChange = list[tuple[int, list[int], list[int]]]

REACH: Final = 56  # days looked at on either side of a day
LEAST_PAST: Final = 28
OVERLAP_DAYS: Final = 3  # both names may be in use while people change over
LEAST_MOVED: Final = 3.0  # tickets that should have come, or came and should not
SURE: Final = 14.0  # twice a log-likelihood ratio: of counts that vary more than Poisson about one in a thousand
LIKELY: Final = 6.0  # the same, on a day on which another name surely stopped or began
LEFT: Final = 0.15  # of a rate, where a name has stopped
AT_ONCE: Final = 1_000  # series


class _Event(NamedTuple):
    """A series that stopped or began on a day, and its tickets a day while it was there."""

    day: int
    series: int
    stopped: bool
    rate: float
    sure: bool


def days_of_change(daily: Counts, newest: int) -> DaysOfChange:
    """The days on which series stopped or began, with these; what changed on nearly one day stands together."""
    events = [event for begin in range(0, len(daily), AT_ONCE) for event in _events(daily, newest, begin)]
    events.sort(key=lambda each: (not each.sure, -each.rate, each.series))
    found: list[tuple[int, list[int], list[int]]] = []
    for event in events:
        reach = max(OVERLAP_DAYS, round(3 / max(event.rate, 1 / LEAST_PAST)))  # a rare name is silent by itself
        near = next((each for each in found if abs(each[0] - event.day) <= reach), None)
        if near is None and event.sure:
            near = (event.day, [], [])
            found.append(near)
        if near is not None:
            (near[1] if event.stopped else near[2]).append(event.series)
    return sorted(found)


def _events(daily: Counts, newest: int, from_series: int) -> Iterator[_Event]:
    """What stopped or began among as many series as are looked at together: each day takes a dozen figures of each."""
    days = daily.shape[1]
    first = max(newest, LEAST_PAST)
    if days <= first:
        return
    sums = np.pad(np.cumsum(daily[from_series : from_series + AT_ONCE], 1), ((0, 0), (1, 0)))
    at = np.arange(first, days)
    begin, end = np.maximum(at - REACH, 0), np.minimum(at + REACH, days)
    before, after = sums[:, at] - sums[:, begin], sums[:, end] - sums[:, at]
    due = before * (end - at) / (at - begin)  # after the day, at the rate before it
    were = after * (at - begin) / (end - at)
    sure = _likelihood(before, after, at - begin, end - at)
    for moved, rest, usual, side in (
        (due, after, before / (at - begin), True),
        (were, before, after / (end - at), False),
    ):
        clear = np.where((moved >= LEAST_MOVED) & (rest <= LEFT * moved) & (sure >= LIKELY), sure, 0)
        for one in np.flatnonzero(clear.max(1) > 0).tolist():
            place = int(clear[one].argmax())
            rate, surely = float(usual[one, place]), bool(clear[one, place] >= SURE)
            yield _Event(int(at[place]), from_series + one, side, rate, surely)


def _likelihood(before: Array, after: Array, days_before: Days, days_after: Days) -> Array:
    """Twice the log-likelihood ratio of two Poisson levels against one."""

    def term(count: Array, days: Days) -> Array:
        return np.where(count > 0, count * np.log(np.maximum(count, 1e-9) / days), 0.0)

    return np.asarray(
        2 * (term(before, days_before) + term(after, days_after) - term(before + after, days_before + days_after))
    )

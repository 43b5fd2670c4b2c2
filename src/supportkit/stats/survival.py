"""How long something lasts when part of it is still going on: Kaplan-Meier and the restricted mean.

Kaplan & Meier (1958) for the curve, Greenwood (1926) for the spread of the area under it; the area up to a
horizon is the restricted mean, which needs no assumption about what nobody has lived to see.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from itertools import pairwise
from math import exp

from supportkit.system.frozen import dataclass


@dataclass(frozen=True)
class Curve:
    """The share still active after each time: one entry per distinct time, in order."""

    times: tuple[float, ...]
    at_risk: tuple[int, ...]
    events: tuple[int, ...]
    survival: tuple[float, ...]

    def at(self, time: float) -> float:
        """The share still active after `time`: 1 before the first one, level after the last."""
        known = bisect_right(self.times, time)
        return self.survival[known - 1] if known else 1.0

    def watched(self, time: float) -> int:
        """How many were still watched just before `time`."""
        known = bisect_left(self.times, time)
        return self.at_risk[known] if known < len(self.times) else 0


@dataclass(frozen=True)
class RestrictedMean:
    """Mean lifetime up to the horizon, its standard error, and whether the curve had to be extended to get there."""

    mean: float
    standard_error: float
    extrapolated: bool


def kaplan_meier(durations: Iterable[float], ended: Iterable[bool]) -> Curve:
    """The Kaplan-Meier curve of `durations`; `ended` is false for those still going on when last seen."""
    counts: dict[tuple[float, bool], int] = {}
    for duration, end in zip(durations, ended, strict=True):
        key = (duration, bool(end))
        counts[key] = counts.get(key, 0) + 1
    return grouped_kaplan_meier(counts)


def grouped_kaplan_meier(counts: Mapping[tuple[float, bool], int]) -> Curve:
    """The same from the number of individuals per (duration, ended)."""
    if not counts:
        raise ValueError("a survival curve needs at least one duration")
    if any(duration < 0 for duration, _ in counts):
        raise ValueError("a duration cannot be negative")
    remaining = sum(counts.values())
    share = 1.0
    times, at_risk, events, survival = [], [], [], []
    for time in sorted({duration for duration, _ in counts}):
        ended = counts.get((time, True), 0)
        times.append(time)
        at_risk.append(remaining)
        events.append(ended)
        share *= 1 - ended / remaining
        survival.append(share)
        remaining -= ended + counts.get((time, False), 0)
    return Curve(tuple(times), tuple(at_risk), tuple(events), tuple(survival))


def area(curve: Curve, start: float, end: float, *, tail: float = 0.0) -> float:
    """The time lived between `start` and `end` per individual: the area under the curve.

    Past the last time watched the curve falls at the rate `tail`; at 0 it is kept level.
    """
    if not 0 <= start <= end:
        raise ValueError("the area needs 0 <= start <= end")
    last = curve.times[-1]
    cuts = [start, *(time for time in curve.times if start < time < end), end]
    lived = sum((right - left) * curve.at(left) for left, right in pairwise(cuts) if right <= last)
    begin = max(start, last)
    if end <= begin:
        return lived
    if tail == 0:
        return lived + (end - begin) * curve.survival[-1]
    return lived + curve.survival[-1] * (exp(-tail * (begin - last)) - exp(-tail * (end - last))) / tail


def restricted_mean(curve: Curve, horizon: float) -> RestrictedMean:
    """The mean of min(lifetime, `horizon`) with Greenwood's standard error of the area.

    Past the last time watched the curve is kept level; where that matters, the result says `extrapolated`.
    """
    if horizon < 0:
        raise ValueError("the horizon cannot be negative")
    # One pass from the right: the area beyond each event up to the horizon is what that event takes away.
    beyond, variance, right = 0.0, 0.0, horizon
    for index in range(len(curve.times) - 1, -1, -1):
        time, watched, ended = curve.times[index], curve.at_risk[index], curve.events[index]
        if time > horizon:
            continue
        beyond += (right - time) * curve.survival[index]
        right = time
        if 0 < ended < watched:
            variance += beyond**2 * ended / (watched * (watched - ended))
    return RestrictedMean(
        mean=beyond + right,
        standard_error=variance**0.5,
        extrapolated=horizon > curve.times[-1] and curve.survival[-1] > 0,
    )


def falling_rate(curve: Curve) -> float:
    """Events per unit of time lived, the constant rate that fits the curve best; 0 where nothing ended."""
    lived = sum(
        (time - earlier) * watched
        for (earlier, time), watched in zip(pairwise((0.0, *curve.times)), curve.at_risk, strict=True)
    )
    return sum(curve.events) / lived if lived > 0 else 0.0

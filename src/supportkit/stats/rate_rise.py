"""Since when a rate is higher: the split of periods that two rates fit best, where one does not fit (Andrews 1993).

The likelihoods of the two are compared over all splits with some periods before; how much more the counts vary than
those of a constant rate is taken from inside the two parts.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import log
from typing import Final

from supportkit.stats.intervals import share_difference

LEAST_BEFORE: Final = 4
BREAKS: Final = 8.85
"""Twice the gain in log-likelihood that one rate gives to the best split in 5 of 100 cases (Andrews 1993, table I)."""


def rise(counts: Sequence[tuple[int, int]]) -> int | None:
    """From which period on the rate of (cases, of them counted) is higher than before; None where none is told."""
    best, gain = None, 0.0
    for place in range(1, len(counts)):
        (n0, x0), (n1, x1) = (_added(part) for part in (counts[:place], counts[place:]))
        if not n0 or not n1 or x1 * n0 <= x0 * n1:
            continue
        more = _fit(n0, x0) + _fit(n1, x1) - _fit(n0 + n1, x0 + x1)
        if more > gain + 1e-9:
            best, gain = place, more
    if best is None or best < LEAST_BEFORE or 2 * gain < BREAKS * _varies(counts, best):
        return None
    (n0, x0), (n1, x1) = (_added(part) for part in (counts[:best], counts[best:]))
    return best if share_difference(x1, n1, x0, n0)[1] > 0 else None


def _added(counts: Sequence[tuple[int, int]]) -> tuple[int, int]:
    return sum(n for n, _ in counts), sum(x for _, x in counts)


def _fit(n: int, x: int) -> float:
    """The log-likelihood of x in n at their own rate."""
    return sum(part * log(part / n) for part in (x, n - x) if part)


def _varies(counts: Sequence[tuple[int, int]], place: int) -> float:
    """How many times as much the counts vary inside the two parts as those of constant rates would; at least once."""
    total, free = 0.0, 0
    for part in (counts[:place], counts[place:]):
        n, x = _added(part)
        rate = x / n if n else 0.0
        if not 0 < rate < 1:
            continue
        each = [(cases, found) for cases, found in part if cases]
        total += sum((found - cases * rate) ** 2 / (cases * rate * (1 - rate)) for cases, found in each)
        free += len(each) - 1
    return max(1.0, total / free) if free else 1.0

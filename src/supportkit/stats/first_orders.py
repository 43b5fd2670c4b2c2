"""Customers from before an export begins: they show as a crowd of first orders in its first weeks.

Whoever ordered before the first day looks new at the next order. Where first orders in the first weeks lie far above
those of later weeks, the export is of a shop that had customers already.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import sqrt
from statistics import median

FEWEST_WEEKS = 8
"""Whole weeks from which on the later ones say what is usual."""
TIMES, DEVIATIONS = 2.0, 4.0
"""Far above: so many times what is usual, and so many of its standard deviations more."""


def crowded_days(arrivals: Mapping[int, int], days: int) -> int:
    """How many days at the start of the data are crowded, in whole weeks; 0 where none is, or nobody can tell.

    `arrivals` are first orders by the day since the data begin, `days` how long they run. Usual is the median week of
    the later half.
    """
    weeks = (days + 1) // 7
    if weeks < FEWEST_WEEKS:
        return 0
    counts = [0] * weeks
    for day, customers in arrivals.items():
        if day // 7 < weeks:
            counts[day // 7] += customers
    usual = median(counts[weeks // 2 :])
    if not usual:
        return 0
    limit = TIMES * usual + DEVIATIONS * sqrt(usual)
    return 7 * next((week for week, count in enumerate(counts) if count <= limit), weeks)

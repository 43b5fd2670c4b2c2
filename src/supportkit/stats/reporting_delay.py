"""How late tickets become known: the share that an export holds so many days after they were created.

Each load remembers how many tickets of each of the last days it found. A day is settled when it was looked at a
fortnight later or more; then what was known of it at each age is a share of what there was (the chain ladder of
reporting delays, cf. Lawless 1994, Can J Stat 22:15). Days that are not settled yet say nothing, so that the latest
ones, of which only the early part is known, do not bend it.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

SETTLED = 14
"""Days after which a day is taken as known whole."""
LEAST_DAYS, LEAST_TICKETS = 4, 50
"""Settled days of one age, and tickets of theirs, from which a share is learned."""


def known_after(seen: Iterable[tuple[int, int, float]]) -> Array | None:
    """(15,) share of tickets known 0 … 14 days after they were created, never falling; None with too little to learn.

    `seen` holds (day, age, tickets): at that age so many tickets of that day were known. An age that was seldom looked
    at has the share between its neighbours.
    """
    by_day: dict[int, dict[int, float]] = {}
    for day, age, tickets in seen:
        by_day.setdefault(day, {})[age] = tickets
    known, whole, days = np.zeros((3, SETTLED))
    for ages in by_day.values():
        last = max(ages)
        if last < SETTLED or not ages[last]:
            continue
        for age, tickets in ages.items():
            if 0 <= age < SETTLED:
                known[age] += min(tickets, ages[last])
                whole[age] += ages[last]
                days[age] += 1
    enough = np.flatnonzero((days >= LEAST_DAYS) & (whole >= LEAST_TICKETS))
    if not len(enough):
        return None
    learned = np.append(known[enough] / whole[enough], 1.0)
    share = np.interp(np.arange(SETTLED + 1), np.append(enough, SETTLED), learned)
    return np.asarray(np.maximum.accumulate(share))

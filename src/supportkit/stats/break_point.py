"""Where a series of shares breaks in two: the split that two constant rates fit best (Hinkley & Hinkley 1970)."""

from __future__ import annotations

from collections.abc import Sequence
from math import log


def best_break(counts: Sequence[tuple[int, int]]) -> int | None:
    """The number of periods before the break, of (cases, successes) per period; None for fewer than two with cases.

    Between splits that fit equally well the earlier is taken.
    """
    best, fit = None, float("-inf")
    for place in range(1, len(counts)):
        parts = [(sum(n for n, _ in part), sum(x for _, x in part)) for part in (counts[:place], counts[place:])]
        if not all(n for n, _ in parts):
            continue
        found = sum(_likelihood(n, x) for n, x in parts)
        if found > fit + 1e-12:
            best, fit = place, found
    return best


def _likelihood(n: int, x: int) -> float:
    """The log-likelihood of x successes in n at their own rate."""
    return sum(part * log(part / n) for part in (x, n - x) if part)

"""Exact one-sided tests of counts by the standard library: Fisher's 2 x 2 table and the binomial."""

from __future__ import annotations

from math import exp, lgamma, log


def fisher_upper(hits: int, cases: int, other_hits: int, other_cases: int) -> float:
    """The chance of at least this many hits among the cases, given all hits and all cases (Fisher 1935).

    Raises ValueError when hits are not between 0 and their cases.
    """
    if not 0 <= hits <= cases or not 0 <= other_hits <= other_cases:
        raise ValueError("hits must lie between 0 and the cases")
    total, drawn = cases + other_cases, hits + other_hits
    whole = _choose(total, drawn)
    numbers = range(hits, min(cases, drawn) + 1)
    return min(1.0, sum(exp(_choose(cases, k) + _choose(other_cases, drawn - k) - whole) for k in numbers))


def binomial_upper(hits: int, cases: int, share: float) -> float:
    """The chance of at least this many hits among the cases when each is one with this chance.

    Raises ValueError when hits are not between 0 and the cases, or the share is not inside 0..1.
    """
    if not 0 <= hits <= cases or not 0 < share < 1:
        raise ValueError("hits must lie between 0 and the cases, the share inside 0..1")
    numbers = range(hits, cases + 1)
    return min(1.0, sum(exp(_choose(cases, k) + k * log(share) + (cases - k) * log(1 - share)) for k in numbers))


def _choose(n: int, k: int) -> float:
    """The logarithm of the binomial coefficient; minus infinity where there is no way."""
    if not 0 <= k <= n:
        return float("-inf")
    return lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1)

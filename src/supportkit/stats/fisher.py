"""The exact test of a 2 x 2 table, one-sided (Fisher 1935), by the standard library."""

from __future__ import annotations

from math import exp, lgamma


def fisher_upper(hits: int, cases: int, other_hits: int, other_cases: int) -> float:
    """The chance of at least this many hits among the cases, given all hits and all cases (hypergeometric).

    Raises ValueError when hits are not between 0 and their cases.
    """
    if not 0 <= hits <= cases or not 0 <= other_hits <= other_cases:
        raise ValueError("hits must lie between 0 and the cases")
    total, drawn = cases + other_cases, hits + other_hits
    most = min(cases, drawn)
    whole = _choose(total, drawn)
    return min(1.0, sum(exp(_choose(cases, k) + _choose(other_cases, drawn - k) - whole) for k in range(hits, most + 1)))


def _choose(n: int, k: int) -> float:
    """The logarithm of the binomial coefficient; minus infinity where there is no way."""
    if not 0 <= k <= n:
        return float("-inf")
    return lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1)

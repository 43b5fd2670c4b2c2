"""Student's t distribution by the standard library: tail probability and quantile."""

from __future__ import annotations

from math import exp, lgamma, log, log1p, pi, sqrt
from statistics import NormalDist

TINY = 1e-300
MOST_STEPS = 1000
NARROWEST = 1e-16  # relative change at which the continued fraction has converged


def student_p(t: float, freedom: float) -> float:
    """The two-sided tail probability of t with these degrees of freedom (fractional ones allowed)."""
    if freedom <= 0:
        raise ValueError(f"degrees of freedom must be positive, not {freedom}")
    return incomplete_beta(freedom / 2, 0.5, freedom / (freedom + t * t))


def student_quantile(probability: float, freedom: float) -> float:
    """The value below which this share of the distribution lies, by Newton's method on the tail.

    The tail is convex and heavier than the normal one, so that from the normal quantile every step goes up to the root.
    """
    if not 0 < probability < 1:
        raise ValueError(f"probability must lie between 0 and 1, not {probability}")
    if probability < 0.5:
        return -student_quantile(1 - probability, freedom)
    tail = 2 * (1 - probability)
    value = NormalDist().inv_cdf(probability)
    for _ in range(MOST_STEPS):
        step = (student_p(value, freedom) - tail) / (2 * _density(value, freedom))
        if step <= NARROWEST * value:
            break
        value += step
    return value


def _density(t: float, freedom: float) -> float:
    scale = lgamma((freedom + 1) / 2) - lgamma(freedom / 2)
    return exp(scale - (freedom + 1) / 2 * log1p(t * t / freedom)) / sqrt(pi * freedom)


def incomplete_beta(a: float, b: float, x: float) -> float:
    """The regularised incomplete beta function I_x(a, b), by the continued fraction of DLMF 8.17.22."""
    if x <= 0:
        return 0.0
    if x >= 1:
        return 1.0
    front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x))
    if x < (a + 1) / (a + b + 2):
        return front * _fraction(a, b, x) / a
    return 1 - front * _fraction(b, a, 1 - x) / b


def _fraction(a: float, b: float, x: float) -> float:
    """The continued fraction of the incomplete beta function, evaluated by Lentz's method."""
    c = 1.0
    d = 1 / _not_zero(1 - (a + b) * x / (a + 1))
    value = d
    for m in range(1, 500):
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        for coefficient in (even, odd):
            d = 1 / _not_zero(1 + coefficient * d)
            c = _not_zero(1 + coefficient / c)
            value *= c * d
        if abs(c * d - 1) < NARROWEST:
            break
    return value


def _not_zero(value: float) -> float:
    return value if abs(value) > TINY else TINY

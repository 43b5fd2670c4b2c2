"""Estimates with their intervals, added and multiplied: each keeps the distances to its own two ends.

A sum is that of Zou & Donner 2008, which recovers the variances on both sides from the limits; a product is the same
to the first order. The parts are taken for independent.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import sqrt

from supportkit.system.named import NamedTuple


class Estimate(NamedTuple):
    """A figure with the ends of its interval."""

    value: float
    low: float
    high: float


def weighted_sum(parts: Iterable[tuple[float, Estimate]]) -> Estimate:
    """Estimates times weights that are known and not negative, added up; nothing is 0, for sure."""
    value = below = above = 0.0
    for weight, part in parts:
        if weight < 0:
            raise ValueError(f"a weight must not be negative, not {weight}")
        value += weight * part.value
        below += (weight * (part.value - part.low)) ** 2
        above += (weight * (part.high - part.value)) ** 2
    return Estimate(value, value - sqrt(below), value + sqrt(above))


def product(one: Estimate, other: Estimate) -> Estimate:
    """Two estimates that are not negative, multiplied; its lower end is not negative either."""
    value = one.value * other.value
    below = (other.value * (one.value - one.low)) ** 2 + (one.value * (other.value - other.low)) ** 2
    above = (other.value * (one.high - one.value)) ** 2 + (one.value * (other.high - other.value)) ** 2
    return Estimate(value, max(0.0, value - sqrt(below)), value + sqrt(above))

"""How many more there are of something than chance alone would give, with an interval."""

from __future__ import annotations

from math import sqrt

from supportkit.stats.intervals import z_value


def poisson_interval(count: int, confidence: float = 0.95) -> tuple[float, float]:
    """The interval of a count's mean (Byar's approximation, Breslow & Day 1987, page 69)."""
    if count < 0:
        raise ValueError(f"a count is not negative, as {count} is")
    z, more = z_value(confidence), count + 1
    low = count * (1 - 1 / (9 * count) - z / (3 * sqrt(count))) ** 3 if count else 0.0
    return max(0.0, low), more * (1 - 1 / (9 * more) + z / (3 * sqrt(more))) ** 3


def excess_interval(count: int, expected: float, variance: float, confidence: float = 0.95) -> tuple[float, float]:
    """The interval of a count less what is expected, which itself is known with this variance.

    The two deviations are put together as Zou & Donner (2008) do.
    """
    low, high = poisson_interval(count, confidence)
    wide = z_value(confidence) ** 2 * variance
    middle = count - expected
    return middle - sqrt((count - low) ** 2 + wide), middle + sqrt((high - count) ** 2 + wide)

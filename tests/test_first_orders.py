"""Customers from before an export begins, by the crowd of first orders at its start."""

from __future__ import annotations

import pytest

from supportkit.stats.first_orders import crowded_days


def weekly(*counts: int) -> dict[int, int]:
    """First orders by day, all of a week on its first day."""
    return {7 * week: count for week, count in enumerate(counts)}


@pytest.mark.parametrize(
    ("counts", "days"),
    [
        # usual 10 a week, of the later four: above 2 x 10 + 4 x sqrt(10) = 32.6 is a crowd
        ((33, 10, 10, 10, 10, 10, 10, 10), 7),
        ((32, 10, 10, 10, 10, 10, 10, 10), 0),
        ((90, 60, 40, 12, 10, 10, 10, 10), 21),
        ((10, 90, 10, 10, 10, 10, 10, 10), 0),  # a good week later is none
        ((90, 10, 10, 10, 10, 10, 10), 0),  # seven weeks say nothing of what is usual
        ((90, 90, 90, 90, 0, 0, 0, 0), 0),  # nor does a cohort after which nobody comes
        ((90, 10, 10, 10, 9, 10, 11, 500), 7),  # usual is the median
    ],
)
def test_a_crowd_is_far_above_the_later_weeks(counts: tuple[int, ...], days: int) -> None:
    assert crowded_days(weekly(*counts), 7 * len(counts) - 1) == days


def test_a_week_that_is_not_over_does_not_count() -> None:
    counts = weekly(90, 10, 10, 10, 10, 10, 10, 1)
    assert crowded_days(counts, 7 * 8 - 2) == 0
    assert crowded_days(counts, 7 * 8 - 1) == 7
    assert crowded_days({}, 100) == 0

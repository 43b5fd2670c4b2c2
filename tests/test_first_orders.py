"""Customers from before an export begins, by the crowd of first orders at its start and how it falls."""

from __future__ import annotations

import random
from math import exp

import pytest

from supportkit.stats.first_orders import Fall, crowded_days, falling


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


def fall_of(*counts: int) -> Fall | None:
    return falling(weekly(*counts), 7 * len(counts) - 1)


def test_a_fall_to_a_level_is_found_with_its_numbers() -> None:
    # 50 a week, and 100 more that are down to a third of it every four weeks
    found = fall_of(*(round(50 + 100 * exp(-week / 4)) for week in range(40)))
    assert found is not None
    assert (found.level, found.excess, found.weeks) == pytest.approx((50, 100, 4), rel=0.1)
    # old ones are 100 of 150 in the first week, and a tenth of all when 50 / 9 are left of them: after 4 ln 18 weeks
    assert found.old_share(7 * 40 - 1) == pytest.approx(2 / 3, abs=0.02)
    assert found.new_after in (7 * 11, 7 * 12, 7 * 13)


@pytest.mark.parametrize(
    "counts",
    [
        [50] * 40,
        [20 + week for week in range(40)],  # it grows
        [200] * 12 + [0] * 27,  # a cohort after which nobody comes, as CDNOW
        [90, 10, 10, 10, 10, 10, 10],  # seven weeks say nothing of what is usual
        [50 + 20 * (week % 4 == 0) for week in range(40)],
        [*[50] * 20, 200, *[50] * 19],  # a good week later
        [],
    ],
)
def test_where_first_orders_do_not_fall_there_is_none(counts: list[int]) -> None:
    assert fall_of(*counts) is None


def test_a_shop_that_does_not_change_is_not_taken_for_a_cut_one() -> None:
    dice = random.Random(8)
    for weeks in (9, 17, 26, 52, 104):
        for usual in (5, 40, 400):
            for _ in range(8):
                days = 7 * weeks
                arrivals: dict[int, int] = {}
                for _ in range(usual * weeks):
                    day = dice.randrange(days)
                    arrivals[day] = arrivals.get(day, 0) + 1
                assert falling(arrivals, days - 1) is None


def test_a_slight_fall_tells_nobody_apart() -> None:
    found = fall_of(*(round(400 + 150 * exp(-week / 4)) for week in range(40)))
    assert found is not None  # 150 of 550 in the first week are old, under a third
    assert found.new_after == 0


def test_a_fall_that_goes_on_to_the_end_leaves_nobody_who_is_surely_new() -> None:
    found = Fall(level=10, excess=1000, weeks=10, days=7 * 30)
    assert found.new_after > found.days

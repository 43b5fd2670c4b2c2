"""Survey quality against published numbers and hand counts."""

from __future__ import annotations

import pytest

from supportkit.stats.score_quality import (
    area_interval,
    area_under_curve,
    break_even,
    evenness,
    representativeness,
    worst_case_bounds,
)


def test_the_silent_four_fifths_leave_almost_everything_open() -> None:
    assert worst_case_bounds(0.2, 0.95) == pytest.approx((0.19, 0.99), abs=1e-12)
    assert worst_case_bounds(1.0, 0.7) == pytest.approx((0.7, 0.7))


def test_the_break_even_share_of_the_silent_is_the_published_one() -> None:
    assert break_even(0.2, 0.95, 0.80) == pytest.approx(0.7625, abs=1e-12)
    assert break_even(1.0, 0.95, 0.80) is None


def test_the_r_indicator_is_the_published_one() -> None:
    found = representativeness({"email": 60, "chat": 30, "phone": 10}, {"email": 400, "chat": 300, "phone": 300})
    assert found == pytest.approx((0.90339, 0.048305, 0.48305), abs=5e-6)


def test_groups_that_answer_alike_are_fully_representative() -> None:
    assert representativeness({"a": 10, "b": 30}, {"a": 100, "b": 300}).indicator == pytest.approx(1.0)


def test_the_area_under_the_curve_counts_ties_as_half() -> None:
    # pairs (bad, clean): bad scores 1, 5; clean scores 5, 5. 1 < 5 twice = 2 wins, 5 = 5 twice = 1; 3 of 4
    assert area_under_curve({1: 1, 5: 1}, {5: 2}) == 0.75
    assert area_under_curve({5: 3}, {5: 4}) == 0.5
    assert area_under_curve({1: 2}, {5: 2}) == 1.0
    assert area_interval(0.5, 100, 400) == pytest.approx((0.402, 0.598), abs=1e-3)


def test_evenness_is_nothing_when_all_say_five_and_full_when_every_score_is_as_frequent() -> None:
    assert evenness({5: 40}, 5) == 0
    assert evenness({1: 2, 2: 2, 3: 2, 4: 2, 5: 2}, 5) == pytest.approx(1.0)

"""The standardised difference against hand calculations and against the confounding that it removes."""

from __future__ import annotations

import pytest

from supportkit.stats.strata import Stratum, difference_interval, standardise, standardised_mean_difference


def test_only_strata_with_both_groups_count_weighted_by_the_exposed() -> None:
    # 10 exposed at 50 % against 20 %, 30 at 10 % against 20 %: (10 x 0.3 + 30 x -0.1) / 40 = 0; the third has no others
    strata = [Stratum(10, 5, 50, 10), Stratum(30, 3, 10, 2), Stratum(7, 7, 0, 0)]
    found = standardise(strata)
    assert found is not None
    assert (found.exposed, found.others) == (40, 60)
    assert found.exposed_share == pytest.approx(8 / 40)
    assert found.others_share == pytest.approx((10 * 0.2 + 30 * 0.2) / 40)
    assert found.difference == pytest.approx(0)


def test_simpsons_reversal_is_undone() -> None:
    # in each stratum the exposed do better by 5 points; in the pool they do far worse
    strata = [Stratum(900, 180, 100, 15), Stratum(100, 90, 900, 765)]
    found = standardise(strata)
    assert found is not None
    assert found.difference == pytest.approx(0.05)
    assert 270 / 1000 < 780 / 1000


def test_the_interval_is_that_of_two_shares_where_there_is_one_stratum() -> None:
    # 0.40 - 0.30 with 400 each: standard error sqrt(.24/400 + .21/400) = 0.03354
    interval = difference_interval([Stratum(400, 160, 400, 120)], draws=4000)
    assert interval == pytest.approx((0.1 - 1.96 * 0.03354, 0.1 + 1.96 * 0.03354), abs=0.006)


def test_groups_that_never_meet_have_no_difference() -> None:
    strata = [Stratum(5, 1, 0, 0), Stratum(0, 0, 5, 1)]
    assert standardise(strata) is None
    assert difference_interval(strata) is None


def test_the_same_strata_give_the_same_interval() -> None:
    strata = [Stratum(40, 10, 60, 20), Stratum(30, 3, 10, 2)]
    assert difference_interval(strata) == difference_interval(strata)


def test_the_standardised_mean_difference() -> None:
    # 0, 2 against 1, 3: means 1 and 2, both of variance 1
    assert standardised_mean_difference((2, 2, 4), (2, 4, 10)) == pytest.approx(-1)
    assert standardised_mean_difference((2, 2, 2), (2, 2, 2)) is None
    assert standardised_mean_difference((0, 0, 0), (2, 2, 2)) is None

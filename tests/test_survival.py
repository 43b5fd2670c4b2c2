"""Kaplan-Meier and the restricted mean against the textbook and against a hand calculation."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supportkit.stats.survival import area, falling_rate, grouped_kaplan_meier, kaplan_meier, restricted_mean

# Freireich et al. (1963), weeks in remission under 6-mercaptopurine: the textbook example of Kaplan-Meier.
MERCAPTOPURINE = (6, 6, 6, 7, 10, 13, 16, 22, 23, 6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35)
RELAPSED = (True,) * 9 + (False,) * 12


def test_the_curve_of_the_textbook() -> None:
    curve = kaplan_meier(MERCAPTOPURINE, RELAPSED)
    assert [round(curve.at(week), 4) for week in (6, 10, 23)] == [0.8571, 0.7529, 0.4482]
    assert curve.watched(6) == 21
    assert curve.watched(36) == 0
    assert curve.at(0) == 1


@pytest.mark.parametrize(
    ("horizon", "mean", "error"), [(10, 9.2773, 0.3268), (20, 16.1165, 1.2516), (35, 23.2874, 2.8275)]
)
def test_the_restricted_mean_of_the_textbook(horizon: float, mean: float, error: float) -> None:
    found = restricted_mean(kaplan_meier(MERCAPTOPURINE, RELAPSED), horizon)
    assert found.mean == pytest.approx(mean, abs=5e-5)
    assert found.standard_error == pytest.approx(error, abs=5e-5)
    assert not found.extrapolated


def test_the_constant_rate_of_the_textbook() -> None:
    # 9 relapses in 359 weeks lived: one in 39.9 weeks
    assert 1 / falling_rate(kaplan_meier(MERCAPTOPURINE, RELAPSED)) == pytest.approx(39.9, abs=0.05)


def test_a_curve_that_ends_at_zero_needs_no_extension() -> None:
    curve = kaplan_meier((1, 2, 3, 4, 5), (True, False, True, False, True))
    assert [round(curve.at(time), 4) for time in (1, 3, 5)] == [0.8, 0.5333, 0]
    found = restricted_mean(curve, 5)
    assert found.mean == pytest.approx(3.666667, abs=1e-6)
    assert not restricted_mean(curve, 50).extrapolated


def test_past_the_last_one_watched_the_mean_says_that_it_is_extrapolated() -> None:
    # four customers of 190, 90, 213, 46 and 180 days, of whom the first, second and last lapsed
    curve = kaplan_meier((190, 90, 213, 46, 180), (True, True, False, False, True))
    assert [curve.at(day) for day in (90, 180, 190)] == pytest.approx([0.75, 0.5, 0.25])
    assert [restricted_mean(curve, day).mean for day in (180, 214, 365)] == pytest.approx([157.5, 168.5, 206.25])
    assert [restricted_mean(curve, day).extrapolated for day in (180, 213, 214)] == [False, False, True]


def test_nobody_lapsed_means_everybody_lives_to_the_horizon() -> None:
    found = restricted_mean(kaplan_meier((10, 20), (False, False)), 20)
    assert (found.mean, found.standard_error) == (20, 0)


def test_a_tail_falls_at_its_rate_instead_of_staying_level() -> None:
    curve = kaplan_meier((1, 2), (True, False))
    assert area(curve, 0, 4) == pytest.approx(1 + 0.5 + 2 * 0.5)
    # 0.5 exp(-t) from age 2 on has the area 0.5 (1 - exp(-2)) = 0.4323
    assert area(curve, 2, 4, tail=1) == pytest.approx(0.432332, abs=1e-6)
    assert area(curve, 3, 4, tail=1) == pytest.approx(0.5 * (0.36787944 - 0.13533528), abs=1e-8)


@pytest.mark.parametrize(("durations", "ended"), [((), ()), ((-1,), (True,))])
def test_impossible_durations_are_refused(durations: tuple[float, ...], ended: tuple[bool, ...]) -> None:
    with pytest.raises(ValueError, match="duration"):
        kaplan_meier(durations, ended)


lives = st.lists(st.tuples(st.integers(0, 400), st.booleans()), min_size=1, max_size=60)


@given(lives, st.integers(1, 500), st.randoms())
def test_order_and_duplication_change_nothing(
    people: list[tuple[int, bool]], horizon: int, random: st.DataObject
) -> None:
    once = restricted_mean(kaplan_meier(*zip(*people, strict=True)), horizon)
    shuffled = people + people
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    twice = restricted_mean(kaplan_meier(*zip(*shuffled, strict=True)), horizon)
    assert twice.mean == pytest.approx(once.mean)


@given(lives, st.integers(1, 500))
def test_the_mean_is_the_area_and_grouping_changes_nothing(people: list[tuple[int, bool]], horizon: int) -> None:
    curve = kaplan_meier(*zip(*people, strict=True))
    counts: dict[tuple[float, bool], int] = {}
    for person in people:
        counts[person] = counts.get(person, 0) + 1
    assert grouped_kaplan_meier(counts) == curve
    assert restricted_mean(curve, horizon).mean == pytest.approx(area(curve, 0, horizon))
    assert 0 <= restricted_mean(curve, horizon).mean <= horizon

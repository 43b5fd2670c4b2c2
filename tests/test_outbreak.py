"""The outbreak detectors, held against other programs' figures, worked examples and small planted worlds."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from benchmarks.worlds import FIRST_TESTED, TEST, WEEKS, long_series, negative_binomial, shop, weekly

from supportkit.stats.detectable import band, detectable
from supportkit.stats.episode_walk import onset
from supportkit.stats.episodes import outlook, shared_factor
from supportkit.stats.farrington import farrington, upper_tail
from supportkit.stats.outbreak import Array, common_factor, level, mid_p, q_values, shock


def planted(series: int, weeks: int, mean: float, seed: int) -> Array:
    return negative_binomial(np.random.default_rng(seed), np.full((series, weeks), mean), 1.5)


def test_benjamini_hochberg_gives_the_adjusted_values_of_a_worked_example() -> None:
    # n = 4: .01*4/1 = .04, .02*4/2 = .04, .03*4/3 = .04, .5*4/4 = .5
    assert q_values(np.array([0.02, 0.5, 0.01, 0.03])) == pytest.approx([0.04, 0.5, 0.04, 0.04])
    assert len(q_values(np.array([]))) == 0


def test_the_mid_p_of_a_nearly_poisson_count_is_that_of_the_poisson() -> None:
    # Poisson(2): P(Y > 3) = 1 - e^-2 (1 + 2 + 2 + 8/6) = .14288, P(Y = 3) = .18045; .14288 + .18045 / 2 = .23310
    p = mid_p(np.array([3.0]), np.array([2.0]), np.array([2.0]))
    assert p[0] == pytest.approx(0.23310, abs=1e-4)


def test_the_upper_tail_of_a_geometric_count_is_a_power() -> None:
    # mean 1, variance 2: negative binomial of size 1, that is geometric with p = 1/2: P(Y >= 3) = 1/8
    assert upper_tail(np.array([3.0]), np.array([1.0]), np.array([2.0]))[0] == pytest.approx(0.125)


def test_the_band_of_a_nearly_poisson_week_holds_the_published_quantiles() -> None:
    # Poisson(10): P(Y <= 3) = .0103, P(Y <= 4) = .0293; P(Y <= 16) = .9730, P(Y <= 17) = .9857
    low, high = band(np.array([10.0]), np.array([10.0]))
    assert (low[0], high[0]) == (4, 17)


def test_farrington_flexible_gives_the_figures_of_r_surveillance() -> None:
    # farringtonFlexible of surveillance 1.20.3 on the same counts (b 5, w 3, 10 periods, 26 weeks left out, nbPlugin)
    counts = long_series(10, 5).outbreak[[299, 159, 209]]
    judged = [farrington(counts, np.ones_like(counts), week) for week in range(TEST, WEEKS)]
    mean = np.array([each.mean for each in judged[:3]]).T
    assert mean == pytest.approx(np.array(R_MEAN), rel=1e-4)
    alarms = [[TEST + i for i, each in enumerate(judged) if each.p[row] <= 0.01] for row in range(3)]
    assert alarms == R_ALARMS


R_MEAN = [[101.93441, 86.78105, 66.99515], [26.40751, 26.91182, 27.26934], [4.91217, 4.51562, 4.62213]]
R_ALARMS: list[list[int]] = [[], [589, 590], [606, 607]]


def test_farrington_needs_the_years_it_is_given() -> None:
    with pytest.raises(ValueError, match="5 years"):
        farrington(np.ones((1, 200)), np.ones((1, 200)), 199)


def test_a_steady_series_expects_its_own_rate() -> None:
    known = level(np.full((1, 30), 12.0), np.full(30, 3.0))
    assert known.rate[0, -1] == pytest.approx(4.0, rel=0.02)


def test_twice_the_orders_lead_to_twice_the_expected_tickets() -> None:
    exposure = np.ones(30)
    exposure[-1] = 2.0
    assert outlook(np.full((1, 30), 12.0), exposure).expected[0] == pytest.approx(24, rel=0.05)


def test_a_week_in_which_everything_is_up_is_one_common_factor_and_no_alarms() -> None:
    counts = planted(40, 60, 30.0, seed=3)
    counts[:, -1] = planted(40, 1, 48.0, seed=4)[:, 0]
    seen = outlook(counts, np.ones(60))
    assert shared_factor(counts, np.ones(60)) == pytest.approx(1.6, abs=0.12)
    assert set(seen.state) == {"steady"}


def test_too_few_large_series_have_no_common_factor() -> None:
    assert common_factor(np.array([90.0, 9, 9]), np.array([9.0, 9, 9])) == 1.0
    assert shared_factor(planted(3, 30, 9.0, seed=1), np.ones(30)) is None
    assert shock(np.ones(20), 19) == 1.0


def test_a_step_is_announced_once_then_ongoing_then_fading_then_resolved() -> None:
    counts = planted(20, 70, 10.0, seed=7)
    counts[4, 60:64] = 40
    states = [outlook(counts[:, : week + 1], np.ones(week + 1)).state[4] for week in range(59, 68)]
    assert states == ["steady", "rising", "ongoing", "ongoing", "ongoing", "fading", "resolved", "steady", "steady"]
    seen = outlook(counts[:, :63], np.ones(63))
    assert seen.since[4] == 60
    assert seen.expected[4] == pytest.approx(10, abs=3)  # the level before the trouble, not the trouble itself


def test_a_trouble_began_behind_weeks_that_were_not_above_what_was_expected_of_them() -> None:
    # 10 a week are usual, then 20 come, which is what is expected from the tenth week on, and 80 in the sixteenth
    counts = np.array([[10.0] * 8 + [20.0] * 7 + [80.0]])
    rate = np.array([[10.0] * 10 + [20.0] * 6])
    known = replace(level(counts, np.ones(16)), rate=rate, exposure=np.ones((1, 16)))
    assert onset(known, 0, 15) == 15  # not the ninth, against which it is eight times as many
    counts[0, 13:15] = 40
    counts[0, 11] = 50  # the quiet week after it is one alone: 230 log(230 / 50) - 180 is the largest gain
    assert onset(replace(known, counts=counts), 0, 15) == 11


def test_the_band_of_a_past_week_is_the_one_that_week_had_when_it_was_the_last() -> None:
    counts = planted(6, 60, 12.0, 3)
    counts[0, 55:] *= 4
    exposure = np.ones(60)
    seen = outlook(counts, exposure)
    for week in (40, 54, 57, 59):  # before the step, at its eve, inside the episode, the last
        then = outlook(counts[:, : week + 1], exposure[: week + 1])
        for number in range(6):
            mean, low, high = seen.course.within(number)
            assert mean[week] == pytest.approx(then.expected[number])
            assert (low[week], high[week]) == pytest.approx((then.low[number], then.high[number]))
    assert np.isnan(seen.course.mean[0, 10])  # longer ago than is judged


def test_a_tag_that_was_not_there_before_is_new() -> None:
    counts = planted(20, 60, 10.0, seed=8)
    counts[3] = 0
    counts[3, -1] = 12
    assert outlook(counts, np.ones(60)).state[3] == "new"


def test_a_series_that_falls_silent_is_noticed() -> None:
    counts = planted(20, 60, 30.0, seed=10)
    counts[2, -1] = 2
    seen = outlook(counts, np.ones(60))
    assert seen.fell.tolist() == [number == 2 for number in range(20)]
    assert seen.state[2] == "fading"


def test_less_than_eight_weeks_of_history_are_never_alarmed() -> None:
    counts = planted(5, 8, 10.0, seed=1)
    counts[0, -1] = 500
    seen = outlook(counts, np.ones(8))
    assert not seen.tested
    assert set(seen.state) == {"steady"}


def test_no_series_at_all_is_no_error() -> None:
    assert outlook(np.zeros((0, 30)), np.ones(30)).state == ()


def test_a_week_that_is_not_usable_is_neither_learned_from_nor_tested() -> None:
    counts = planted(5, 40, 20.0, seed=2)
    usable = np.ones(40, bool)
    usable[30] = False
    gap = counts.copy()
    gap[:, 30] = 0
    assert outlook(gap, np.ones(40), usable).expected == pytest.approx(outlook(counts, np.ones(40), usable).expected)
    usable[39] = False
    assert not outlook(counts, np.ones(40), usable).tested


def test_the_order_of_the_series_changes_nothing() -> None:
    counts = planted(30, 60, 8.0, seed=5)
    counts[7, -2:] = 40
    turned = outlook(counts[::-1], np.ones(60))
    straight = outlook(counts, np.ones(60))
    assert turned.q[::-1] == pytest.approx(straight.q)
    assert turned.state[::-1] == straight.state


def test_three_years_of_history_are_judged_by_farrington_flexible() -> None:
    counts = planted(6, 170, 10.0, seed=6)
    counts[1, -1] = 45
    seen = outlook(counts, np.ones(170))
    assert seen.method == "farrington"
    assert seen.state == ("steady", "rising", "steady", "steady", "steady", "steady")


def test_a_small_shop_with_planted_troubles_has_most_found_and_few_made_up() -> None:
    found = false = true = 0
    for seed in (31, 32):
        world = shop(seed)
        onset = {event.topic: event.onset for event in world.events}
        hits = set()
        for week, topic in outlook(weekly(world.tickets), weekly(world.exposure)).announced:
            real = topic in onset and onset[topic] <= week < onset[topic] + 4
            true += real
            false += topic not in onset or week < onset[topic]
            hits |= {topic} if real else set()
        found += len(hits)
    assert found >= 0.55 * 120
    assert false <= 0.2 * (false + true)


def test_a_shop_wide_shock_alarms_at_most_one_innocent_topic_in_a_hundred() -> None:
    alarmed = innocent = 0
    for seed in (41, 42):
        week = FIRST_TESTED + 8
        world = shop(seed, shock=week)
        quiet = [topic for topic in range(150) if topic not in {event.topic for event in world.events}]
        seen = outlook(weekly(world.tickets)[:, : week + 1], weekly(world.exposure)[: week + 1])
        alarmed += sum(topic in quiet for at, topic in seen.announced if at == week)
        innocent += len(quiet)
        shared = shared_factor(weekly(world.tickets)[:, : week + 1], weekly(world.exposure)[: week + 1])
        assert shared is not None
        assert shared > 1.4
    assert alarmed <= 0.01 * innocent


def test_what_can_be_noticed_shrinks_with_the_size_of_the_series() -> None:
    floor = [detectable(mean, 1.6, 0.01, 150) for mean in (1, 3, 10, 30, 100, 300)]
    assert floor == sorted(floor, reverse=True)
    assert detectable(10, 1.6, 0.01, 150, weeks=4) < detectable(10, 1.6, 0.01, 150)


def test_no_history_however_odd_makes_a_figure_that_is_no_number() -> None:
    rng = np.random.default_rng(0)
    for _ in range(60):
        series, weeks = int(rng.integers(0, 9)), int(rng.integers(1, 210))
        counts = rng.poisson(rng.choice([0, 0.01, 1, 10, 1000], (series, 1)) * np.ones((series, weeks))).astype(float)
        if rng.random() < 0.3:
            counts[:, rng.integers(0, weeks) :] = 0
        exposure = rng.choice([0, 1e-9, 1, 1000], weeks) if rng.random() < 0.3 else np.full(weeks, 70.0)
        usable = rng.random(weeks) < 0.9
        seen = outlook(counts, exposure, usable)
        shared_factor(counts, exposure, usable)
        if seen.tested:
            figures = (seen.expected, seen.low, seen.high, seen.error, seen.window_error, seen.p, seen.q)
            assert all(np.isfinite(figure).all() for figure in figures)
            assert (np.minimum(seen.error, seen.window_error) >= 0).all()
            assert ((seen.q >= 0) & (seen.q <= 1)).all()

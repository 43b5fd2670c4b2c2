"""The bootstrap by cells against the plain one, customer by customer."""

from __future__ import annotations

import random

import pytest

from supportkit.stats.bootstrap import CustomerCell, lifetime_value_draws, percentile_interval
from supportkit.stats.survival import kaplan_meier, restricted_mean

Customer = tuple[int, bool, float]


def made_up(customers: int) -> list[Customer]:
    """Durations in tens of days, a third still going on, revenue with a long tail."""
    dice = random.Random(4)
    return [
        (10 * dice.randint(1, 30), dice.random() < 0.66, round(dice.lognormvariate(3, 1), 2)) for _ in range(customers)
    ]


def cells(customers: list[Customer]) -> list[CustomerCell]:
    grouped: dict[tuple[int, bool], list[float]] = {}
    for duration, ended, revenue in customers:
        grouped.setdefault((duration, ended), []).append(revenue)
    return [
        CustomerCell(duration, ended, len(spent), sum(spent), sum(value**2 for value in spent))
        for (duration, ended), spent in grouped.items()
    ]


def value(customers: list[Customer], horizon: float) -> float:
    durations, ended, revenue = zip(*customers, strict=True)
    lifetime = restricted_mean(kaplan_meier(durations, ended), horizon).mean
    return float(sum(revenue) / sum(durations) * lifetime)


def test_the_interval_is_that_of_the_plain_bootstrap() -> None:
    customers, dice = made_up(400), random.Random(5)
    plain = sorted(value(dice.choices(customers, k=len(customers)), 180) for _ in range(1500))
    low, high = percentile_interval(lifetime_value_draws(cells(customers), 180, draws=4000, seed=1))
    # 1,500 draws place an end of the interval to about a twentieth of its width
    width = plain[1462] - plain[37]
    assert low == pytest.approx(plain[37], abs=width / 15)
    assert high == pytest.approx(plain[1462], abs=width / 15)


def test_the_interval_holds_the_value_and_narrows_with_more_customers() -> None:
    widths = []
    for size in (100, 1600):
        customers = made_up(size)
        low, high = percentile_interval(lifetime_value_draws(cells(customers), 180))
        assert low < value(customers, 180) < high
        widths.append(high - low)
    assert widths[0] / widths[1] == pytest.approx(4, rel=0.25)  # 16 times the customers, a quarter of the width


def test_the_same_seed_gives_the_same_draws_in_any_order_of_cells() -> None:
    once = cells(made_up(50))
    assert list(lifetime_value_draws(once, 90)) == list(lifetime_value_draws(once[::-1], 90))
    assert list(lifetime_value_draws(once, 90)) != list(lifetime_value_draws(once, 90, seed=1))


def test_customers_alike_leave_no_doubt() -> None:
    draws = lifetime_value_draws([CustomerCell(90, True, 7, 7 * 30.0, 7 * 900.0)], 365)
    assert percentile_interval(draws) == (30.0, 30.0)


def test_single_customers_are_drawn_exactly() -> None:
    # of two customers, 10 and 30 a head at the same duration of 50: a draw gives 10, 20, 20 or 30
    draws = lifetime_value_draws([CustomerCell(50, True, 1, 10, 100), CustomerCell(50, False, 1, 30, 900)], 50)
    assert sorted({round(float(draw), 9) for draw in draws}) == [10, 20, 30]


def test_draws_without_any_time_lived_are_left_out() -> None:
    assert len(lifetime_value_draws([CustomerCell(0, False, 1, 10, 100)], 50)) == 0
    with pytest.raises(ValueError, match="no draws"):
        percentile_interval(lifetime_value_draws([CustomerCell(0, False, 1, 10, 100)], 50))


def test_nobody_cannot_be_drawn_from() -> None:
    with pytest.raises(ValueError, match="at least one customer"):
        lifetime_value_draws([], 50)

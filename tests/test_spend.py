"""Gamma-gamma against the figures that its authors printed."""

from __future__ import annotations

import pytest

from supportkit.stats.gamma_gamma import GammaGamma, expected_spend, fit_spend
from tests import cdnow

PUBLISHED = GammaGamma(p=6.25, q=3.74, v=15.44, log_likelihood=-4055.92, correlation=0.0)


def repeat_spend(which: str) -> tuple[list[int], list[float]]:
    """Repeat days and their mean value, until 1997-09-30, of customers who spent something on them."""
    count, average = [], []
    for orders in cdnow.purchases(which).values():
        first = min(day for day, _ in orders)
        later = {day for day, _ in orders if first < day <= cdnow.HALF}
        spent = sum(value for day, value in orders if day in later)
        if spent > 0:
            count.append(len(later))
            average.append(spent / len(later))
    return count, average


@cdnow.needs_cdnow
@pytest.mark.parametrize(
    ("which", "customers", "parameters", "likelihood"),
    [
        ("sample", 946, (6.2496, 3.7442, 15.4435), -4055.92),
        ("master", 9450, (6.2753, 3.6244, 14.9837), -40763.48),
    ],
)
def test_cdnow_gives_the_published_parameters(
    which: str, customers: int, parameters: tuple[float, ...], likelihood: float
) -> None:
    count, average = repeat_spend(which)
    assert len(count) == customers
    model = fit_spend(count, average)
    assert (model.p, model.q, model.v) == pytest.approx(parameters, abs=1e-3)
    assert model.log_likelihood == pytest.approx(likelihood, abs=1e-2)


@cdnow.needs_cdnow
def test_cdnow_spending_hardly_goes_with_frequency() -> None:
    assert fit_spend(*repeat_spend("sample")).correlation == pytest.approx(0.114, abs=5e-4)


def test_the_mean_of_all_customers() -> None:
    # p v / (q - 1) = 6.25 x 15.44 / 2.74
    assert PUBLISHED.mean == pytest.approx(35.22, abs=0.01)
    assert expected_spend(PUBLISHED, [0], [0])[0] == pytest.approx(35.22, abs=0.01)


@cdnow.needs_cdnow
def test_cdnow_first_ten_customers_are_those_of_the_authors() -> None:
    model = fit_spend(*repeat_spend("sample"))
    assert model.mean == pytest.approx(35.17, abs=5e-3)
    orders = list(cdnow.purchases("sample").values())[:10]
    count, average = [], []
    for customer in orders:
        first = min(day for day, _ in customer)
        later = {day for day, _ in customer if first < day <= cdnow.HALF}
        count.append(len(later))
        average.append(sum(value for day, value in customer if day in later) / max(len(later), 1))
    published = [24.65, 18.91, 35.17, 35.17, 35.17, 71.46, 18.91, 35.17, 27.28, 35.17]
    assert list(expected_spend(model, count, average)) == pytest.approx(published, abs=1e-2)


def simulate(customers: int, p: float, q: float, v: float) -> tuple[list[int], list[float]]:
    """Customers by the model's own story: each spends gamma(p, rate), and the rates are gamma(q, v)."""
    import numpy as np

    random = np.random.default_rng(11)
    count = random.integers(1, 9, customers)
    rate = random.gamma(q, 1 / v, customers)
    return list(map(int, count)), list(map(float, random.gamma(p * count) / rate / count))


def test_customers_made_by_the_models_own_story_are_recovered() -> None:
    model = fit_spend(*simulate(100_000, 6.0, 4.0, 15.0))
    assert (model.p, model.q, model.v) == pytest.approx((6, 4, 15), rel=0.1)
    assert model.correlation == pytest.approx(0, abs=0.03)


def test_values_in_another_currency_scale_v_alone() -> None:
    count, average = simulate(500, 6.0, 4.0, 15.0)
    one, hundred = fit_spend(count, average), fit_spend(count, [100 * value for value in average])
    assert (hundred.p, hundred.q) == pytest.approx((one.p, one.q), rel=1e-4)
    assert hundred.v == pytest.approx(100 * one.v, rel=1e-4)


@pytest.mark.parametrize(
    ("count", "average", "reason"),
    [
        ([], [], "no customer"),
        ([1, 2], [0.0, 5.0], "above zero"),
        ([1, 1, 1], [5.0, 5.0, 5.0], "spends the same"),
    ],
)
def test_values_that_cannot_carry_the_model_are_refused(count: list[int], average: list[float], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        fit_spend(count, average)


def test_spending_without_a_mean_is_refused() -> None:
    wide = GammaGamma(p=6, q=0.9, v=15, log_likelihood=0, correlation=0)
    assert wide.mean is None
    with pytest.raises(ValueError, match="no mean"):
        expected_spend(wide, [1], [10])

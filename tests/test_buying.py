"""BG/NBD against the figures that its authors printed, and against customers made by its own story."""

from __future__ import annotations

from collections.abc import Callable
from math import exp, inf, lgamma, log
from typing import TYPE_CHECKING

import pytest

from supportkit.stats.bg_nbd import (
    BgNbd,
    chance_alive,
    expected_orders,
    expected_repeats,
    fit_buying,
    repeats_probability,
)
from tests import cdnow

if TYPE_CHECKING:
    from numpy import float64
    from numpy.typing import NDArray

# Fader, Hardie & Lee (2005), table 2, in weeks.
PUBLISHED = BgNbd(r=0.243, alpha=4.414, a=0.793, b=2.426, log_likelihood=-9582.4)


def calibration(which: str) -> tuple[list[int], list[float], list[float]]:
    """x, tx and T in weeks until 1997-09-30, purchases of one day counted once."""
    x, last, age = [], [], []
    for orders in cdnow.purchases(which).values():
        days = sorted({day for day, _ in orders if day <= cdnow.HALF})
        x.append(len(days) - 1)
        last.append((days[-1] - days[0]).days / 7)
        age.append((cdnow.HALF - days[0]).days / 7)
    return x, last, age


@cdnow.needs_cdnow
@pytest.mark.parametrize(
    ("which", "parameters", "likelihood"),
    [
        ("sample", (0.2426, 4.4136, 0.7929, 2.4259), -9582.429),
        ("master", (0.2516, 4.7889, 0.7234, 2.1611), -95368.44),
    ],
)
def test_cdnow_gives_the_published_parameters(which: str, parameters: tuple[float, ...], likelihood: float) -> None:
    model = fit_buying(*calibration(which))
    assert (model.r, model.alpha, model.a, model.b) == pytest.approx(parameters, abs=1e-4)
    assert model.log_likelihood == pytest.approx(likelihood, abs=1e-2)


@cdnow.needs_cdnow
def test_cdnow_repeats_are_those_of_the_paper() -> None:
    x = calibration("sample")[0]
    assert [sum(min(n, 7) == k for n in x) for k in range(8)] == [1411, 439, 214, 100, 62, 38, 29, 64]


@cdnow.needs_cdnow
def test_cdnow_fitted_expectations_are_those_of_the_authors_sheet() -> None:
    x, last, age = calibration("sample")
    model = fit_buying(x, last, age)
    found = [expected_repeats(model, week) for week in (1 / 7, 1, 3, 31.857, 32)]
    assert found == pytest.approx([0.0078, 0.0532, 0.1506, 1.0405, 1.0437], abs=6e-5)
    # The sheet stops its series after 150 terms and prints 1.8576 here; the series goes on to 1.8580.
    assert expected_repeats(model, 78) == pytest.approx(1.8576, abs=5e-4)
    assert expected_orders(model, 39, [2], [30.43], [38.86])[0] == pytest.approx(1.226, abs=1e-3)
    assert float(expected_orders(model, 39, x, last, age).sum()) == pytest.approx(1653, abs=2)


@cdnow.needs_cdnow
def test_distinct_triples_with_counts_give_the_same_fit_in_any_unit() -> None:
    x, last, age = calibration("sample")
    triples: dict[tuple[float, float, float], int] = {}
    for triple in zip(x, last, age, strict=True):
        triples[triple] = triples.get(triple, 0) + 1
    whole = fit_buying(x, last, age)
    distinct = tuple(zip(*triples, strict=True))
    grouped = fit_buying(distinct[0], distinct[1], distinct[2], customers=list(triples.values()))
    days = fit_buying(x, [7 * value for value in last], [7 * value for value in age])
    for other in (grouped, days):
        assert (other.r, other.a, other.b) == pytest.approx((whole.r, whole.a, whole.b), abs=1e-4)
    assert grouped.alpha == pytest.approx(whole.alpha, abs=1e-4)
    assert days.alpha == pytest.approx(7 * whole.alpha, abs=1e-3)


def test_expectations_at_the_published_parameters() -> None:
    found = [expected_repeats(PUBLISHED, week) for week in (1 / 7, 1, 3, 31.857, 32, 78)]
    assert found == pytest.approx([0.0078, 0.0533, 0.1509, 1.0420, 1.0452, 1.8605], abs=6e-5)
    assert chance_alive(PUBLISHED, [2], [30.43], [38.86])[0] == pytest.approx(0.7266, abs=2e-4)
    assert expected_orders(PUBLISHED, 39, [0], [0], [38.86])[0] == pytest.approx(0.1951, abs=3e-4)
    assert expected_orders(PUBLISHED, 52, [26], [30.86], [31])[0] == pytest.approx(25.758, abs=5e-3)


def test_the_chances_of_each_number_of_repeats() -> None:
    # P(X(39) = 0) = (alpha / (alpha + 39))^r
    assert repeats_probability(PUBLISHED, 39, 0) == pytest.approx(0.5737864, abs=1e-6)
    published = [0.0019995, 0.0015170, 0.0011633, 0.0009003, 0.0007024, 0.0005518, 0.0004362, 0.0003467]
    found = [repeats_probability(PUBLISHED, 30, n) for n in range(11, 21)]
    assert found == pytest.approx([*published, 0.0002770, 0.0002222], abs=1e-6)
    assert sum(repeats_probability(PUBLISHED, 30, n) for n in range(400)) == pytest.approx(1, abs=1e-6)
    mean = sum(n * repeats_probability(PUBLISHED, 30, n) for n in range(400))
    assert mean == pytest.approx(expected_repeats(PUBLISHED, 30), abs=1e-4)
    assert [repeats_probability(PUBLISHED, 0, n) for n in (0, 1)] == [1, 0]


def test_a_customer_of_hundreds_of_purchases_overflows_nothing() -> None:
    alive = chance_alive(PUBLISHED, [500, 500], [1000, 100], [1000, 1000])
    assert [round(float(value), 2) for value in alive] == [1.0, 0.0]
    assert 0 < float(expected_orders(PUBLISHED, 52, [500], [1000], [1000])[0]) < 27


def test_an_expectation_is_smooth_where_its_formula_is_nought_by_nought() -> None:
    near, at = (BgNbd(0.5, 4, a, 2, 0) for a in (1.001, 1.0))
    assert expected_repeats(at, 30) == pytest.approx(expected_repeats(near, 30), rel=0.02)


def simulate(customers: int, r: float, alpha: float, a: float, b: float) -> tuple[NDArray[float64], ...]:
    import numpy as np

    random = np.random.default_rng(20)
    age = random.uniform(40, 80, customers)
    rate, leave = random.gamma(r, 1 / alpha, customers), random.beta(a, b, customers)
    x, last = np.zeros(customers), np.zeros(customers)
    alive = np.ones(customers, dtype=bool)
    while alive.any():
        bought = last + random.exponential(1, customers) / rate
        alive &= bought <= age
        x, last = x + alive, np.where(alive, bought, last)
        alive &= random.uniform(size=customers) > leave
    return x, last, age


def test_customers_made_by_the_models_own_story_are_recovered() -> None:
    truth = (0.6, 5.0, 0.9, 2.5)
    model = fit_buying(*simulate(60_000, *truth))
    assert (model.r, model.alpha, model.a, model.b) == pytest.approx(truth, rel=0.1)


@pytest.mark.parametrize(
    ("x", "last", "age", "reason"),
    [
        ([], [], [], "no customers"),
        ([0], [0], [30], "second time"),
        ([0, 0, 0], [0, 0, 0], [30, 20, 10], "second time"),
        ([1, 0], [0, 0], [0, 0], "last purchase"),
        ([0, 0], [0, 0], [0, 0], "one day"),
        ([3], [30], [10], "last purchase"),
    ],
)
def test_customers_that_cannot_carry_the_model_are_refused(
    x: list[float], last: list[float], age: list[float], reason: str
) -> None:
    with pytest.raises(ValueError, match=reason):
        fit_buying(x, last, age)


@pytest.mark.parametrize("ahead", [0.0, 1.0, 1000.0])
def test_more_time_ahead_never_means_fewer_orders(ahead: float) -> None:
    expect: Callable[[float], float] = lambda time: float(expected_orders(PUBLISHED, time, [3], [20], [25])[0])  # noqa: E731
    assert expect(ahead) <= expect(ahead + 1)


def test_a_negative_horizon_is_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        expected_orders(PUBLISHED, -1, [0], [0], [1])


def leaving_alike(customers: int, r: float, alpha: float, leaves: float, seed: int) -> tuple[NDArray[float64], ...]:
    """x, tx and T of customers who leave after each repeat purchase with one chance, watched for 52 weeks."""
    import numpy as np

    dice = np.random.default_rng(seed)
    x, last = np.zeros(customers), np.zeros(customers)
    rate = dice.gamma(r, 1 / alpha, customers)
    for who in range(customers):
        at = dice.exponential(1 / rate[who])
        while at < 52:
            x[who], last[who] = x[who] + 1, at
            if dice.random() < leaves:
                break
            at += dice.exponential(1 / rate[who])
    return x, last, np.full(customers, 52.0)


def test_one_chance_of_leaving_for_all_is_found() -> None:
    model = fit_buying(*leaving_alike(4000, 0.9, 12.0, 0.15, seed=2))
    if model.leaves is None:  # or a beta that is as good as one chance
        assert model.a / (model.a + model.b) == pytest.approx(0.15, abs=0.02)
        return
    assert (model.a, model.b) == (inf, inf)
    assert model.leaves == pytest.approx(0.15, abs=0.02)
    assert model.r == pytest.approx(0.9, rel=0.1)
    assert model.alpha == pytest.approx(12, rel=0.15)


ALIKE = BgNbd(r=0.8, alpha=28.0, a=inf, b=inf, log_likelihood=0, leaves=0.1)


def test_one_chance_is_the_limit_of_a_beta_that_grows_without_end() -> None:
    nearly = BgNbd(r=0.8, alpha=28.0, a=30, b=270, log_likelihood=0)
    customers = ([0, 1, 4, 9], [0, 10, 40, 30], [52, 52, 45, 50])
    assert list(chance_alive(ALIKE, *customers)) == pytest.approx(list(chance_alive(nearly, *customers)), rel=0.02)
    for ahead in (1, 26, 104):
        near = expected_orders(nearly, ahead, *customers)
        assert list(expected_orders(ALIKE, ahead, *customers)) == pytest.approx(list(near), rel=0.05)


def test_nobody_leaves_in_the_nbd() -> None:
    nobody = BgNbd(r=0.8, alpha=28.0, a=inf, b=inf, log_likelihood=0, leaves=0.0)
    assert list(chance_alive(nobody, [0, 3], [0, 5], [52, 52])) == [1, 1]
    # (r + x) / (alpha + T) a week
    assert list(expected_orders(nobody, 10, [0, 3], [0, 5], [52, 52])) == pytest.approx([8 / 80, 38 / 80])


def test_the_likelihood_at_a_limit_is_that_of_its_formula() -> None:
    # each customer: G(r + x) / G(r) alpha^r ((1 - p)^x (alpha + T)^-(r + x) + p (1 - p)^(x - 1) (alpha + tx)^-(r + x))
    x, last, age = leaving_alike(1500, 0.8, 10.0, 0.0, seed=4)
    model = fit_buying(x, last, age)
    assert model.leaves is not None
    r, alpha, p = model.r, model.alpha, model.leaves
    total = 0.0
    for n, tx, t in zip(x, last, age, strict=True):
        here = (1 - p) ** n * (alpha + t) ** -(r + n)
        gone = p * (1 - p) ** (n - 1) * (alpha + tx) ** -(r + n) if n else 0.0
        total += lgamma(r + n) - lgamma(r) + r * log(alpha) + log(here + gone)
    assert model.log_likelihood == pytest.approx(total)


def leaving_first_or_never(customers: int, leaves: float, seed: int) -> tuple[NDArray[float64], ...]:
    """x, tx and T of customers of whom some leave with the first repeat purchase, and the others never, over a year."""
    import numpy as np

    dice = np.random.default_rng(seed)
    x, last, age = np.zeros(customers), np.zeros(customers), dice.uniform(40, 90, customers)
    rate = dice.gamma(0.9, 1 / 12.0, customers)
    for who in range(customers):
        at, only_once = dice.exponential(1 / rate[who]), dice.random() < leaves
        while at < age[who] and not (only_once and x[who]):
            x[who], last[who] = x[who] + 1, at
            at += dice.exponential(1 / rate[who])
    return x, last, age


@pytest.mark.parametrize("seed", range(6))
def test_who_leaves_with_the_first_repeat_purchase_or_never_is_a_limit_that_is_fitted(seed: int) -> None:
    # each customer: G(r + x) / G(r) alpha^r times (alpha + T)^-(r + x), of (1 - p) of those who came again, and for one
    # repeat purchase p (alpha + tx)^-(r + 1) more
    x, last, age = leaving_first_or_never(1500, 0.4, seed)
    model = fit_buying(x, last, age)
    share = model.leaves if model.leaves is not None else model.a / (model.a + model.b)
    assert share == pytest.approx(0.4, abs=0.06)
    assert model.r == pytest.approx(0.9, rel=0.15)
    assert model.alpha == pytest.approx(12, rel=0.2)
    if model.leaves is None:  # or a beta of as good as nought or one
        assert max(model.a, model.b) < 0.1
        return
    assert (model.a, model.b, model.at_first) == (0, 0, True)
    r, alpha, p, total = model.r, model.alpha, model.leaves, 0.0
    for n, tx, t in zip(x, last, age, strict=True):
        here = (1 - p if n else 1) * (alpha + t) ** -(r + n)
        gone = p * (alpha + tx) ** -(r + n) if n == 1 else 0.0
        total += lgamma(r + n) - lgamma(r) + r * log(alpha) + log(here + gone)
    assert model.log_likelihood == pytest.approx(total)


@pytest.mark.parametrize("rate", [None, 0.15])
def test_first_or_never_is_the_limit_of_a_beta_that_shrinks_to_nought(rate: float | None) -> None:
    customers = ([0, 1, 4, 9], [0, 10, 40, 30], [52, 52, 45, 50])
    r, alpha = (0.8, 28.0) if rate is None else (inf, inf)
    limit = BgNbd(r, alpha, 0, 0, 0, 0.3, rate, at_first=True)
    nearly = BgNbd(r, alpha, 3e-6, 7e-6, 0, None, rate)
    assert list(chance_alive(limit, *customers)) == pytest.approx(list(chance_alive(nearly, *customers)), rel=1e-4)
    for ahead in (1, 26, 104):
        near = expected_orders(nearly, ahead, *customers)
        assert list(expected_orders(limit, ahead, *customers)) == pytest.approx(list(near), rel=1e-3)


def test_nobody_who_leaves_is_not_refused_for_a_few_who_seem_to() -> None:
    # at one rate, of 30 such worlds two ran to a beta of nought, by one or two who stopped after a first purchase
    import numpy as np

    for seed in range(12):
        dice = np.random.default_rng(100 + seed)
        age = dice.uniform(40, 100, 700)
        times = [np.cumsum(dice.exponential(10, 60)) for _ in range(700)]
        came = [at[at < t] for at, t in zip(times, age, strict=True)]
        x, last = [len(at) for at in came], [at[-1] if len(at) else 0.0 for at in came]
        model = fit_buying(x, last, age)
        assert sum(expected_orders(model, 10, x, last, age)) == pytest.approx(700, rel=0.05)


def test_everybody_at_one_rate_is_a_limit_that_is_fitted() -> None:
    # 12 purchases in 52 weeks each, the last a week before the usual next one: nobody has left, as Poisson
    x, last, age = [12.0] * 600, [48.0] * 600, [52.0] * 600
    model = fit_buying(x, last, age)
    assert (model.r, model.alpha, model.a, model.b, model.leaves) == (inf, inf, inf, inf, 0.0)
    assert model.rate == pytest.approx(12 / 52)
    assert model.log_likelihood == pytest.approx(600 * (12 * log(12 / 52) - 12))
    assert list(expected_orders(model, 26, x, last, age)) == pytest.approx([6.0] * 600)


def at_one_rate(customers: int, rate: float, a: float, b: float, seed: int) -> tuple[NDArray[float64], ...]:
    """x, tx and T of customers who order at one rate and leave with chances of their own, over 40 to 90 weeks."""
    import numpy as np

    dice = np.random.default_rng(seed)
    x, last, age = np.zeros(customers), np.zeros(customers), dice.uniform(40, 90, customers)
    for who in range(customers):
        at, leaves = dice.exponential(1 / rate), dice.beta(a, b)
        while at < age[who]:
            x[who], last[who] = x[who] + 1, at
            if dice.random() < leaves:
                break
            at += dice.exponential(1 / rate)
    return x, last, age


def test_one_rate_and_chances_of_their_own_are_found() -> None:
    x, last, age = at_one_rate(3000, 0.15, 0.9, 2.5, seed=1)
    model = fit_buying(x, last, age)
    # a rate is one where its spread over customers is under a sixth of it: r over 36
    assert model.rate is not None or model.r > 36
    rate = model.rate or model.r / model.alpha
    assert (rate, model.a, model.b) == pytest.approx((0.15, 0.9, 2.5), rel=0.15)


def test_the_likelihood_at_one_rate_is_that_of_its_formula() -> None:
    # each customer: l^x (B(a, b + x) e^(-l T) + B(a + 1, b + x - 1) e^(-l tx)) / B(a, b)
    for seed in range(20):
        x, last, age = at_one_rate(400, 0.15, 0.9, 2.5, seed)
        model = fit_buying(x, last, age)
        if model.rate is not None and model.leaves is None:
            break
    assert model.rate is not None
    a, b, rate, total = model.a, model.b, model.rate, 0.0

    def beta(first: float, second: float) -> float:
        return exp(lgamma(first) + lgamma(second) - lgamma(first + second))

    for n, tx, t in zip(x, last, age, strict=True):
        stays = beta(a, b + n) * exp(-rate * t)
        left = beta(a + 1, b + n - 1) * exp(-rate * tx) if n else 0.0
        total += n * log(rate) + log((stays + left) / beta(a, b))
    assert model.log_likelihood == pytest.approx(total)


@pytest.mark.parametrize(("a", "b", "leaves"), [(0.9, 2.5, None), (1.0, 3.0, None), (inf, inf, 0.2), (inf, inf, 0.0)])
def test_one_rate_is_the_limit_of_a_gamma_that_grows_without_end(a: float, b: float, leaves: float | None) -> None:
    customers = ([0, 1, 4, 9], [0, 10, 40, 30], [52, 52, 45, 50])
    alike = BgNbd(inf, inf, a, b, 0, leaves, rate=0.15)
    nearly = BgNbd(1.5e5, 1e6, a, b, 0, leaves)
    assert list(chance_alive(alike, *customers)) == pytest.approx(list(chance_alive(nearly, *customers)), rel=1e-3)
    for ahead in (0, 1, 26, 104):
        near = list(expected_orders(nearly, ahead, *customers))
        assert list(expected_orders(alike, ahead, *customers)) == pytest.approx(near, rel=1e-3)


def test_a_horizon_of_more_orders_than_a_number_can_hold_is_refused() -> None:
    with pytest.raises(ValueError, match="too far"):
        expected_orders(BgNbd(inf, inf, 0.9, 2.5, 0, rate=1.0), 1000, [1], [10], [20])


def test_a_search_that_settles_at_no_limit_either_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("supportkit.stats.bg_nbd.fit_limit", lambda known: None)
    monkeypatch.setattr("supportkit.stats.bg_nbd.fit_one_rate", lambda known: None)
    with pytest.raises(ValueError, match="run away"):
        fit_buying([12.0] * 600, [48.0] * 600, [52.0] * 600)

"""Random shops whose tickets are split by category and country, with nothing planted or with troubles of known start.

Each shop draws its own size (60 to 1,500 tickets a week), 6 to 24 categories and 3 to 12 countries of uneven shares,
growth, season, a drift of every series and one that the countries of a category share, and a dispersion of each series
that may be three times that of others. Orders are by country or of the whole shop.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from benchmarks.worlds import Array, negative_binomial

YEAR = 52
FIRST_TESTED = YEAR + 4
TROUBLES = 40


@dataclass(frozen=True)
class TwoWayShop:
    """Weekly tickets of each category and country, what they are measured against, and which trouble began when."""

    counts: Array  # (series, weeks)
    exposure: Array  # (1 or series, weeks) orders
    mean: Array  # (series, weeks) without the troubles
    phi: Array  # (series,)
    onset: dict[int, int]  # series -> week


def two_way_shop(seed: int, *, troubles: int = 0) -> TwoWayShop:
    """One shop: of 30 to 104 weeks where nothing is planted, else of two years, the second with troubles."""
    rng = np.random.default_rng([17, seed])
    categories, countries = int(rng.integers(6, 25)), int(rng.integers(3, 13))
    weeks = FIRST_TESTED + YEAR if troubles else int(rng.integers(30, 105))
    tickets = float(np.exp(rng.uniform(np.log(60), np.log(1500))))
    of_category, of_country = rng.dirichlet(np.full(categories, 1.0)), rng.dirichlet(np.full(countries, 0.7))
    share = of_category[:, None] * of_country * rng.lognormal(0, 0.4, (categories, countries))
    share /= share.sum()
    week = np.arange(weeks)
    season = 1 + rng.uniform(0, 0.25) * np.sin(2 * np.pi * (week / YEAR + rng.uniform()))
    course = rng.uniform(0.8, 2.0) ** (week / weeks) * season * rng.lognormal(0, 0.05, weeks)
    orders = rng.poisson(4 * tickets * of_country[:, None] * course).astype(float)
    if rng.uniform() < 0.5:
        orders = np.broadcast_to(orders.sum(0), orders.shape)
    drift = _drift(rng, (categories, countries, weeks)) + _drift(rng, (categories, 1, weeks))
    mean = share[:, :, None] * tickets * orders / np.maximum(orders.mean(1, keepdims=True), 1) * np.exp(drift)
    mean = mean.reshape(-1, weeks)
    phi = 1 + rng.gamma(1.0, rng.uniform(0, 0.8), len(mean))
    actual, onset = _with_troubles(rng, mean, min(troubles, len(mean) // 3))
    counts = negative_binomial(rng, actual, phi[:, None])
    exposure = np.maximum(np.tile(orders, (categories, 1)), 1.0)
    there = np.flatnonzero(counts.sum(1) > 0)
    place = {int(old): new for new, old in enumerate(there)}
    started = {place[series]: begin for series, begin in onset.items() if series in place}
    return TwoWayShop(counts[there], exposure[there], mean[there], phi[there], started)


def _drift(rng: np.random.Generator, shape: tuple[int, int, int]) -> Array:
    """A log-rate that wanders and comes back."""
    drift, spread = np.zeros(shape), rng.uniform(0, 0.05)
    for week in range(1, shape[2]):
        drift[..., week] = 0.8 * drift[..., week - 1] + rng.normal(0, spread, shape[:2])
    return drift


def _with_troubles(rng: np.random.Generator, mean: Array, troubles: int) -> tuple[Array, dict[int, int]]:
    """Means with steps, spikes of two weeks and ramps to 1.5, 2, 3 or 5 times; a rare series gains tickets beside."""
    weeks, actual, onset = mean.shape[1], mean.copy(), {}
    for number, series in enumerate(rng.permutation(len(mean))[:troubles].tolist()):
        begin = int(rng.integers(FIRST_TESTED, weeks - 3))
        size = (1.5, 2.0, 3.0, 5.0)[number % 4]
        kind = ("step", "spike", "ramp")[number // 4 % 3]
        span = min(2 if kind == "spike" else weeks, weeks - begin)
        shape = np.minimum(1, np.arange(1, span + 1) / 4) if kind == "ramp" else np.ones(span)
        rare = actual[series, begin] < 1
        actual[series, begin : begin + span] *= 1 + (size - 1) * shape
        actual[series, begin : begin + span] += 2 * size * shape * rare
        onset[series] = begin
    return actual, onset

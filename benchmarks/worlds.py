"""Simulated worlds with known troubles, to measure detectors on: Noufaily's 42 scenarios (B1) and a small shop (B2).

B1 follows Noufaily et al. (2013), Statistics in Medicine 32:1206, section 3. B2 is our own: daily tickets of 150
topics that follow the orders with a lag, growth, a Black Friday, a New Year, a promotion, drifting rates, and 60
planted events.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Kind = Literal["step", "spike", "ramp", "new"]

# theta, beta, gamma1, gamma2, phi of the seven parameter sets
PARAMETERS = (
    (0.1, 0.0025, 0.6, 0.6, 1.5),
    (-2.0, 0.005, 0.1, 0.3, 2.0),
    (1.5, 0.003, 0.2, -0.4, 1.0),
    (0.5, 0.002, 0.5, 0.5, 5.0),
    (2.5, 0.001, 1.0, 0.1, 3.0),
    (3.75, 0.001, 0.1, -0.1, 1.1),
    (5.0, 0.0001, 0.05, 0.01, 1.2),
)
WEEKS, BASELINE, TEST = 624, 312, 575


def negative_binomial(rng: np.random.Generator, mean: Array, phi: Array | float) -> Array:
    """Counts with the mean given and variance phi * mean; Poisson where phi is 1."""
    mean, phi = np.broadcast_arrays(np.asarray(mean, float), np.asarray(phi, float))
    over = phi > 1
    shape = np.where(over, mean / np.where(over, phi - 1, 1), 1.0)
    gamma = rng.gamma(np.maximum(shape, 1e-12)) * np.where(over, phi - 1, 0.0)
    return rng.poisson(np.where(over, gamma, mean)).astype(float)


@dataclass(frozen=True)
class LongSeries:
    """B1: counts with past outbreaks and none in the test weeks, the same with one, and how many cases it put where."""

    quiet: Array  # (series, 624)
    outbreak: Array  # (series, 624)
    planted: Array  # (series, 624) outbreak cases of the test weeks
    size: NDArray[np.int64]  # k of each series, 1..10


def long_series(repeats: int, seed: int) -> LongSeries:
    """The 42 scenarios, `repeats` series of each; k runs 1..10 over the repeats."""
    rng = np.random.default_rng(seed)
    week = np.arange(1, WEEKS + 1)
    quiet, outbreak, planted, size = [], [], [], []
    for theta, beta, cosine, sine, phi in PARAMETERS:
        for trend in (0, 1):
            for harmonics in (0, 1, 2):
                season = sum(
                    (cosine * np.cos(2 * np.pi * j * week / 52) + sine * np.sin(2 * np.pi * j * week / 52))
                    for j in range(1, harmonics + 1)
                )
                mean = np.exp(theta + beta * trend * week + season)
                for repeat in range(repeats):
                    counts = negative_binomial(rng, mean, phi)
                    for start in rng.choice(np.arange(BASELINE, TEST - 4), 4, replace=False):
                        counts = counts + _outbreak(rng, mean, phi, int(start), int(rng.choice([2, 3, 5, 10])))
                    k = repeat % 10 + 1
                    now = _outbreak(rng, mean, phi, int(rng.integers(TEST, WEEKS - 4)), k)
                    quiet.append(counts)
                    outbreak.append(counts + now)
                    planted.append(now)
                    size.append(k)
    return LongSeries(np.array(quiet), np.array(outbreak), np.array(planted), np.array(size))


def _outbreak(rng: np.random.Generator, mean: Array, phi: float, start: int, k: int) -> Array:
    """Cases of one outbreak: Poisson(k standard deviations), at least 2, spread by a log-normal over the weeks."""
    cases = max(2, int(rng.poisson(k * np.sqrt(phi * mean[start]))))
    delay = np.floor(rng.lognormal(0.0, 0.5, cases)).astype(int)
    return np.bincount(np.minimum(start + delay, WEEKS - 1), minlength=WEEKS).astype(float)


@dataclass(frozen=True)
class Event:
    topic: int
    kind: Kind
    size: float
    onset: int  # week


@dataclass(frozen=True)
class Shop:
    """B2: daily tickets of each topic, daily orders, what they should be, and what was planted."""

    tickets: Array  # (topics, days)
    mean: Array  # (topics, days) without the events: what an oracle knows
    orders: Array  # (days,)
    exposure: Array  # (days,) orders moved by the lag between order and ticket
    phi: Array  # (topics,)
    events: tuple[Event, ...]
    promo: int  # the week with 1.8 x the orders


FIRST_TESTED = 78
SIZES: dict[Kind, tuple[float, ...]] = {
    "step": (1.5, 2, 3, 5),
    "spike": (1.5, 2, 3, 5),
    "ramp": (1.5, 2, 3, 5),
    "new": (3, 10, 30),
}


def shop(seed: int, *, topics: int = 150, weeks: int = 104, events: int = 60, shock: int | None = None) -> Shop:
    """One world; `shock` is a week in which every topic has 1.6 times its tickets."""
    rng = np.random.default_rng(seed)
    days = weeks * 7
    promo = int(rng.integers(FIRST_TESTED + 2, weeks - 2))
    orders, away = _orders(rng, days, promo)
    exposure = moved(orders)
    base = np.clip(rng.lognormal(np.log(8), 1.5, topics), 0.3, 400)
    phi = 1 + rng.gamma(1.2, 0.5, topics)
    drift = np.zeros((topics, weeks))
    for week in range(1, weeks):
        drift[:, week] = 0.8 * drift[:, week - 1] + rng.normal(0, 0.05, topics)
    weekday = np.tile(np.array([1.15, 1.05, 1.0, 1.0, 1.0, 0.95, 0.95]), weeks)
    per_day = base[:, None] / 7 * exposure / exposure[: 26 * 7].mean() * weekday * away
    mean = per_day * np.exp(np.repeat(drift, 7, axis=1))
    if shock is not None:
        mean[:, shock * 7 : shock * 7 + 7] *= 1.6
    planted = _events(rng, topics, weeks, events)
    factor = np.ones((topics, weeks))
    for event in planted:
        if event.kind == "new":
            mean[event.topic] = 0.0
            continue
        length = {"step": weeks, "ramp": weeks, "spike": 2}[event.kind]
        shape = np.ones(min(length, weeks - event.onset))
        if event.kind == "ramp":
            shape = np.minimum(1, np.arange(1, len(shape) + 1) / 4)
        factor[event.topic, event.onset : event.onset + len(shape)] += (event.size - 1) * shape
    actual = mean * np.repeat(factor, 7, axis=1)
    for event in planted:
        if event.kind == "new":
            growth = exposure / exposure[event.onset * 7 : event.onset * 7 + 7].mean()
            actual[event.topic, event.onset * 7 :] = (event.size / 7 * growth * weekday)[event.onset * 7 :]
    tickets = negative_binomial(rng, actual, phi[:, None])
    return Shop(tickets, mean, orders, exposure, phi, planted, promo)


def moved(orders: Array, mean_days: float = 3.0, length: int = 28) -> Array:
    """Orders moved to when their tickets come: an exponential lag cut into days; the start is filled backwards."""
    edge = np.exp(-np.arange(length + 1) / mean_days)
    kernel = (edge[:-1] - edge[1:]) / (1 - edge[-1])
    padded = np.concatenate([np.full(length - 1, orders[:14].mean()), orders])
    return np.convolve(padded, kernel, mode="valid")


def weekly(daily: Array) -> Array:
    """Sums of seven days along the last axis."""
    return np.asarray(daily.reshape(*daily.shape[:-1], -1, 7).sum(-1))


def _orders(rng: np.random.Generator, days: int, promo: int) -> tuple[Array, Array]:
    """Daily orders, and how many customers are there to write; the last 26 weeks hold a Black Friday and a New Year."""
    day = np.arange(days)
    expected = 120 * 1.9 ** (day / days) * np.tile(np.array([1.0, 0.95, 0.95, 1.0, 1.1, 1.15, 1.05]), days // 7)
    away = np.ones(days)
    for year_back in (0, 52):
        friday = (FIRST_TESTED + 12 - year_back) * 7 + 4
        expected[friday : friday + 4] *= 2.2
        new_year = (FIRST_TESTED + 17 - year_back) * 7 + 2
        expected[new_year : new_year + 5] *= 0.5
        away[new_year : new_year + 3] *= 0.7
    expected[promo * 7 : promo * 7 + 7] *= 1.8
    return rng.poisson(expected).astype(float), away


def _events(rng: np.random.Generator, topics: int, weeks: int, events: int) -> tuple[Event, ...]:
    cells = [(kind, size) for kind, sizes in SIZES.items() for size in sizes]
    chosen = rng.permutation(topics)[:events]
    return tuple(
        Event(int(topic), *cells[i % len(cells)], int(rng.integers(FIRST_TESTED, weeks - 3)))
        for i, topic in enumerate(chosen)
    )

"""Farrington Flexible: is this week's count more than five years of the same series would give?

A quasi-Poisson log-linear model with a trend and a ten-level season is fitted twice: the second time past weeks that
look like outbreaks weigh less. The week is judged by a negative-binomial tail with the fitted mean and dispersion.

Noufaily, Enki, Farrington, Garthwaite, Andrews, Charlett (2013), Statistics in Medicine 32:1206-1222, after Farrington,
Andrews, Beale, Catchpole (1996), JRSS A 159:547-563. Written from the papers, for all series of a report at once.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import betainc, gammainc

from supportkit.system.frozen import dataclass

Array = NDArray[np.float64]

YEAR = 52
HALF_WINDOW = 3  # the current week and three to each side are one level of the season
SEASON_LEVELS = 10  # that one, and nine of five weeks each
TREND, LEAST_YEARS_OF_TREND = 1, 3  # its place among the terms, and what it needs
LEFT_OUT = 26  # the latest weeks may hold the outbreak itself
RESIDUAL_LIMIT = 2.58
LEAST_CASES, LEAST_CASES_WEEKS = 5, 4
STEPS = 25


@dataclass(frozen=True)
class Judgement:
    """Per series: expected count, dispersion, and P(Y >= y); p is 1 below 5 cases in 4 weeks."""

    mean: Array
    phi: Array
    p: Array


@dataclass(frozen=True)
class _Fit:
    beta: Array  # (series, terms)
    mean: Array  # (series, weeks)
    information: Array  # (series, terms, terms)


def farrington(
    counts: Array, exposure: Array, week: int, *, years: int = 5, usable: NDArray[np.bool_] | None = None
) -> Judgement:
    """Judge `week` of every series; counts and exposure are (series, weeks), the past reaches `years` back.

    Weeks that are not usable have no weight in the fit.
    """
    counts = np.asarray(counts, float)
    first = week - years * YEAR - HALF_WINDOW
    if first < 0:
        raise ValueError(f"{years} years and {HALF_WINDOW} weeks of history are needed before week {week}")
    past = np.arange(first, week - LEFT_OUT)
    if usable is not None:
        past = past[usable[past]]
    offset = np.log(np.broadcast_to(np.maximum(np.asarray(exposure, float), 1e-9), counts.shape))
    design = _design(past, week)
    y, o = counts[:, past], offset[:, past]
    trended = years >= LEAST_YEARS_OF_TREND
    present = np.flatnonzero(design.any(0))  # a short past has not every level of the season
    flat = present[present != TREND]
    terms = present if trended else flat
    now = _terms(week, week)
    mean, phi = _reweighted(y, o, design[:, terms], now[terms], offset[:, week])
    steep = (mean > y.max(1)) & trended  # a trend must not lead beyond all that was seen
    if steep.any():
        mean[steep], phi[steep] = _reweighted(y[steep], o[steep], design[:, flat], now[flat], offset[steep, week])
    recent = counts[:, max(0, week - LEAST_CASES_WEEKS + 1) : week + 1].sum(1)
    p = np.where(recent >= LEAST_CASES, upper_tail(counts[:, week], mean, phi), 1.0)
    return Judgement(mean, phi, p)


def upper_tail(counts: Array, mean: Array, phi: Array) -> Array:
    """P(Y >= y) for a negative binomial with this mean and variance phi x mean; Poisson where phi is 1."""
    mean = np.maximum(mean, 1e-12)
    over = phi > 1 + 1e-9
    size = mean / np.where(over, phi - 1, 1.0)
    y = np.maximum(counts, 1)
    tail = np.where(over, betainc(y, size, np.where(over, 1 - 1 / phi, 0.5)), gammainc(y, mean))
    return np.asarray(np.where(counts > 0, tail, 1.0))


def _terms(at: int, week: int) -> Array:
    """The design's row of one week: intercept, trend, and its level of the season as seen from `week`."""
    distance = (week - at) % YEAR
    near = distance <= HALF_WINDOW or distance >= YEAR - HALF_WINDOW
    season = 0 if near else 1 + (distance - HALF_WINDOW - 1) * (SEASON_LEVELS - 1) // (YEAR - 2 * HALF_WINDOW - 1)
    row = np.zeros(2 + SEASON_LEVELS - 1)
    row[0], row[1] = 1.0, (at - week) / YEAR
    if season:
        row[1 + season] = 1.0
    return row


def _design(past: NDArray[np.int64], week: int) -> Array:
    return np.array([_terms(int(at), week) for at in past])


def _reweighted(y: Array, offset: Array, design: Array, now: Array, offset_now: Array) -> tuple[Array, Array]:
    """Mean of the week and dispersion, after the weeks with large Anscombe residuals were weighed down."""
    n, terms = design.shape
    pairs = np.einsum("ni,nj->nij", design, design).reshape(n, -1)
    weights = np.ones_like(y)
    fit = _fit(y, offset, design, pairs, weights)
    phi = _dispersion(y, fit, weights, terms)
    inverse = np.linalg.pinv(fit.information).reshape(len(y), terms**2)
    leverage = (inverse @ pairs.T) * fit.mean * weights
    scale = np.sqrt(phi[:, None] * np.maximum(1 - leverage, 1e-8))
    mean = np.maximum(fit.mean, 1e-12)
    residual = 1.5 * (y ** (2 / 3) * mean ** (-1 / 6) - mean**0.5) / scale
    large = residual > RESIDUAL_LIMIT
    weights = np.where(large, np.maximum(residual, 1.0) ** -2, 1.0)
    weights *= n / weights.sum(1, keepdims=True)
    fit = _fit(y, offset, design, pairs, weights)
    return np.exp(np.clip(fit.beta @ now + offset_now, -30, 30)), _dispersion(y, fit, weights, terms)


def _dispersion(y: Array, fit: _Fit, weights: Array, terms: int) -> Array:
    squared = weights * (y - fit.mean) ** 2 / np.maximum(fit.mean, 1e-12)
    return np.asarray(np.maximum(squared.sum(1) / (y.shape[1] - terms), 1.0))


def _fit(y: Array, offset: Array, design: Array, pairs: Array, weights: Array) -> _Fit:
    """Weighted Poisson regression with a log link by iterated least squares, all series side by side."""
    series, terms = len(y), design.shape[1]
    eta = np.log(y + 0.1)
    beta = np.zeros((series, terms))
    information = np.zeros((series, terms, terms))
    deviance = np.full(series, np.inf)
    open_ = np.arange(series)
    for _ in range(STEPS):
        mean = np.exp(eta[open_])
        w = weights[open_] * mean
        working = eta[open_] - offset[open_] + (y[open_] - mean) / mean
        matrix = (w @ pairs).reshape(-1, terms, terms)
        matrix = matrix + 1e-12 * np.trace(matrix, axis1=1, axis2=2)[:, None, None] * np.eye(terms)
        beta[open_] = np.linalg.solve(matrix, ((w * working) @ design)[..., None])[..., 0]
        information[open_] = matrix
        eta[open_] = np.clip(beta[open_] @ design.T + offset[open_], -30, 30)
        now = _deviance(y[open_], np.exp(eta[open_]), weights[open_])
        settled = np.abs(now - deviance[open_]) < 1e-8 * (np.abs(now) + 0.1)
        deviance[open_] = now
        open_ = open_[~settled]
        if not len(open_):
            break
    return _Fit(beta, np.exp(eta), information)


def _deviance(y: Array, mean: Array, weights: Array) -> Array:
    log = np.where(y > 0, y * np.log(np.maximum(y, 1) / mean), 0.0)
    return np.asarray(2 * (weights * (log - (y - mean))).sum(1))

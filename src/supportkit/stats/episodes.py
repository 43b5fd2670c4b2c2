"""From weekly tail probabilities to a story per series: when it broke out, whether it goes on, how much is too much.

A series that was announced is followed as an episode (`episode_walk.py`); announced ones are a list of their own, so
that an old trouble does not make the list of new ones longer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field, replace
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from supportkit.stats.detectable import band
from supportkit.stats.episode_walk import Episode, EpisodeWalk, State
from supportkit.stats.expected_course import Course, variance_of
from supportkit.stats.farrington import HALF_WINDOW, YEAR, farrington, upper_tail
from supportkit.stats.outbreak import (
    FDR,
    FIRST_GUESS,
    LARGE,
    LEAST_COUNT,
    LEAST_LARGE,
    LEAST_WEEKS,
    MEMORY,
    WINDOWS,
    Array,
    ExpectedLevel,
    Mask,
    Spread,
    discounted,
    level,
    mid_p,
    q_values,
    shock,
    spread,
    tail,
)
from supportkit.system.frozen import dataclass
from supportkit.system.named import NamedTuple

LEAST_RATIO: Final = 1.3
LEAST_KEPT: Final = 2  # tickets of a week that goes on
JUDGED: Final = 26  # weeks before the last one that an episode may have begun in
LONG: Final = 3 * YEAR  # weeks from which Farrington Flexible judges
LONG_JUDGED: Final = 8


@dataclass(frozen=True)
class SeriesJudgement:
    """The last week of every series; nan where nothing could be expected (too little history)."""

    counts: Array  # (series,)
    expected: Array
    low: Array  # of the counts of an ordinary week, 95 %
    high: Array
    error: Array  # of the logarithm of counts / expected, half of a 95 % interval
    weight: Array  # effective number of tickets behind the expectation
    window: NDArray[np.int64]  # weeks that told the rise and p is of: 2 or 4 where these first did
    window_expected: Array
    window_error: Array
    p: Array
    q: Array
    state: tuple[State, ...]
    fell: Mask
    since: NDArray[np.int64]  # index of the week it began in, -1 without an episode
    announced: tuple[tuple[int, int], ...]  # (week, series) of every announcement in the judged weeks
    episodes: tuple[Episode, ...]  # those of the judged weeks
    tested: bool
    method: Literal["none", "level", "farrington"]
    spread: Spread
    course: Course

    def alone(self) -> SeriesJudgement:
        """The same verdicts told by the last week, also where two or four told the rise."""
        ones = np.ones_like(self.window)
        return replace(self, window=ones, window_expected=self.expected, window_error=self.error)

    def part(self, counts: Array, share: float) -> SeriesJudgement:
        """The same verdicts with the counts of a part of the week, and its share of the expectation."""
        mean = self.expected * share
        if not self.tested:
            return replace(self, counts=counts)
        phi, tau2 = self.spread.typical, self.spread.tau2
        low, high = band(mean, phi * mean + tau2 * mean**2)
        error = log_error(counts, np.full(len(counts), phi), self.weight, tau2)
        return replace(self, counts=counts, expected=mean, low=low, high=high, error=error)


def log_error(counts: Array, phi: Array, weight: Array, tau2: float) -> Array:
    """Half of the 95 % interval of the logarithm of counts over what `weight` tickets led one to expect."""
    return np.asarray(np.minimum(1.96 * np.sqrt(phi / np.maximum(counts, 0.5) + phi / weight + tau2), 20))


def outlook(counts: Array, exposure: Array, usable: Mask | None = None, *, shares: bool = False) -> SeriesJudgement:
    """Judge the last week of series of counts (series, weeks) against exposure (weeks,) or (series, weeks).

    `shares` says that the exposure is the sum of the counts.
    """
    counts = np.asarray(counts, float)
    series, last = len(counts), counts.shape[1] - 1
    exposure = np.atleast_2d(np.asarray(exposure, float))
    live = _live(counts)
    own = exposure if len(exposure) == 1 else exposure[live]
    known = level(counts[live], own, usable, first=max(0, last - JUDGED - MEMORY), shares=shares)
    wide = spread(known, last)
    if not series or not known.usable[last] or known.usable[max(0, last - MEMORY) : last].sum() < LEAST_WEEKS:
        return _unknown(counts[:, -1], wide)
    history = _history(exposure, known.usable)
    method: Literal["level", "farrington"] = "farrington" if history[:-1].sum() >= LONG else "level"
    long = method == "farrington"
    story = _long_story(counts[live], own, known, history, series) if long else _story(known, series)
    mean, weight = discounted(counts, exposure * known.common, known.usable, last)
    mean = mean * exposure[:, last] * known.common[last]
    phi, tau2 = np.full(series, FIRST_GUESS[0]), story.tau2
    mean[live], weight[live], phi[live] = story.mean, story.weight, story.phi
    variance = variance_of(mean, phi, weight, tau2)
    course = Course.unknown(*counts.shape)
    course.mean[live], course.variance[live] = story.course.mean, story.course.variance
    course.mean[:, last], course.variance[:, last] = mean, variance
    y = counts[:, last]
    rows = np.flatnonzero(live)
    window, whole, over, behind = np.ones(series, np.int64), y.copy(), mean.copy(), weight.copy()
    for number, told in story.windows.items():
        window[rows[number]], whole[rows[number]], over[rows[number]], behind[rows[number]] = told
    low, high = band(mean, variance)
    state: list[State] = ["steady"] * series
    for row, each in zip(rows.tolist(), story.state, strict=True):
        state[row] = each
    return SeriesJudgement(
        y, mean, low, high, log_error(y, phi, weight, tau2), weight, window, over, log_error(whole, phi, behind, tau2),
        _spread_out(story.p, live, 1.0), _spread_out(story.q, live, 1.0), tuple(state),
        _spread_out(story.fell, live, 0.0).astype(bool), _spread_out(story.since, live, -1.0).astype(np.int64),
        tuple((week, int(rows[number])) for week, number in story.announced),
        tuple(one._replace(series=int(rows[one.series])) for one in story.episodes), True, method, wide, course,
    )  # fmt: skip


def _live(counts: Array) -> Mask:
    """The series that can raise or lose an alarm in the judged weeks: the others need no test, only a mean."""
    recent = counts[:, max(0, counts.shape[1] - JUDGED - max(WINDOWS)) :]
    sums = recent + sum(np.pad(recent, ((0, 0), (lag, 0)))[:, :-lag] for lag in range(1, max(WINDOWS)))
    often = counts[:, -MEMORY - JUDGED :].sum(1) >= LEAST_COUNT[1] * max(WINDOWS)
    return np.asarray((sums.max(1, initial=0) >= LEAST_COUNT[1]) | often)


def _spread_out(values: Array | Mask | NDArray[np.int64], live: Mask, other: float) -> Array:
    found = np.full(len(live), other)
    found[live] = values
    return found


def _history(exposure: Array, usable: Mask) -> Mask:
    """The usable weeks with at least a twentieth of the last one's exposure: less is no history of the same thing."""
    total = exposure.sum(0)
    return np.asarray(usable & (total >= total[-1] / 20))


def shared_factor(counts: Array, exposure: Array, usable: Mask | None = None) -> float | None:
    """The factor that all series share in the last week; None where fewer than four are large enough to tell."""
    counts, exposure = np.asarray(counts, float), np.atleast_2d(np.asarray(exposure, float))
    often = counts[:, -MEMORY:].mean(1) >= 1
    own = exposure if len(exposure) == 1 else exposure[often]
    known = level(counts[often], own, usable, first=max(0, counts.shape[1] - MEMORY - LEAST_WEEKS))
    mean = np.nan_to_num(known.rate[:, -1] * known.exposure[:, -1])
    if not known.usable[-1] or (mean >= LARGE).sum() < LEAST_LARGE:
        return None
    return shock(known.common, counts.shape[1] - 1)


class _Window(NamedTuple):
    """The weeks that told a rise: how many, their tickets, what they were expected to hold, and the weight of that."""

    weeks: int
    tickets: float
    expected: float
    weight: float


@dataclass(frozen=True)
class _Story:
    mean: Array
    phi: Array
    weight: Array
    tau2: float
    p: Array
    q: Array
    state: tuple[State, ...]
    fell: Mask
    since: NDArray[np.int64]
    announced: tuple[tuple[int, int], ...]
    episodes: tuple[Episode, ...]
    course: Course
    windows: Mapping[int, _Window] = field(default_factory=dict)  # of series announced in the last week


def _story(known: ExpectedLevel, of: int) -> _Story:
    """Walk through the judged weeks: announce, follow, end."""
    series, weeks = known.counts.shape
    walk, course = EpisodeWalk(series), Course.unknown(series, weeks)
    rate, weight = known.rate[:, -1].copy(), known.weight[:, -1].copy()
    for week in range(max(LEAST_WEEKS, weeks - JUDGED), weeks):
        if not known.usable[week] or not np.isfinite(known.rate[:, week]).all():
            continue
        wide = spread(known, week)
        verdict = tail(known, wide, week)
        frozen = _frozen_p(known, wide, week, walk)
        open_ = walk.start >= 0
        p = np.where(open_, frozen, verdict.rise)
        q = np.ones(series)
        q[open_], q[~open_] = q_values(p[open_]), q_values(p[~open_], of - int(open_.sum()))
        clear = _clear(known, wide, week, verdict.window, up=True)
        less = _clear(known, wide, week, np.ones(series, np.int64), up=False)
        fell = (q_values(verdict.fall, of) <= FDR) & less & ~open_
        walk.step(week, (q <= FDR) & clear & ~open_, p, known)
        course.note(week, *walk.level(known, week), wide)
    begun = walk.start >= 0
    rate[begun], weight[begun] = walk.rate[begun], walk.weight[begun]
    q = np.where(fell, q_values(verdict.fall, of), q)
    windows = {
        number: _window(known, number, int(verdict.window[number]))
        for week, number in walk.log
        if week == weeks - 1 and verdict.window[number] > 1
    }
    return _Story(
        rate * known.exposure[:, -1], wide.phi, weight, wide.tau2, p, q, walk.states(weeks - 1, fell), fell, walk.start,
        tuple(walk.log), walk.episodes(), course, windows,
    )  # fmt: skip


def _window(known: ExpectedLevel, number: int, weeks: int) -> _Window:
    """The last weeks of a series as they were tested: against the level before them."""
    start = known.counts.shape[1] - weeks
    exposure = known.exposure[number if len(known.exposure) > 1 else 0, start:].sum()
    tickets, expected = known.counts[number, start:].sum(), known.rate[number, start] * exposure
    return _Window(weeks, float(tickets), float(expected), float(known.weight[number, start]))


def _frozen_p(known: ExpectedLevel, wide: Spread, week: int, walk: EpisodeWalk) -> Array:
    """Tail probability of the week against the level before the episode; 1 outside episodes."""
    p = np.ones(len(known.counts))
    open_ = np.flatnonzero(walk.start >= 0)
    exposure = known.exposure[open_ if len(known.exposure) > 1 else np.zeros(len(open_), np.int64), week]
    mean = walk.rate[open_] * exposure
    variance = wide.tested[open_] * mean + mean**2 * (wide.tested[open_] / walk.weight[open_] + wide.tau2)
    counts = known.counts[open_, week]
    p[open_] = np.where(counts >= LEAST_KEPT, mid_p(counts, mean, variance), 1.0)
    return p


def _clear(known: ExpectedLevel, wide: Spread, week: int, window: NDArray[np.int64], *, up: bool) -> Mask:
    """Whether the window's ratio is at least 1.3 (at most 1/1.3) and its interval excludes 1."""
    clear = np.zeros(len(known.counts), bool)
    for length in WINDOWS:
        start = week - length + 1
        rows = np.flatnonzero(window == length)
        if not len(rows) or start < 0:
            continue
        exposure = known.exposure[rows if len(known.exposure) > 1 else [0], start : week + 1].sum(1)
        mean = np.maximum(known.rate[rows, start] * exposure, 1e-12)
        y = known.counts[rows, start : week + 1].sum(1)
        error = 1.96 * np.sqrt(wide.phi[rows] * (1 / np.maximum(y, 0.5) + 1 / known.weight[rows, start]) + wide.tau2)
        log = np.log(np.maximum(y, 0.5) / mean)
        if up:
            clear[rows] = (log >= np.log(LEAST_RATIO)) & (log - error > 0)
        else:
            clear[rows] = (log <= -np.log(LEAST_RATIO)) & (log + error < 0)
    return clear


def _long_story(counts: Array, exposure: Array, known: ExpectedLevel, usable: Mask, of: int) -> _Story:
    """The same walk with Farrington Flexible, which leaves the last half year out of its baseline by itself."""
    series, weeks = counts.shape
    walk, course = EpisodeWalk(series), Course.unknown(series, weeks)
    shares = np.array(np.broadcast_to(exposure, counts.shape))
    fell = np.zeros(series, bool)
    for week in range(weeks - LONG_JUDGED, weeks):
        if not known.usable[week]:
            continue
        adjusted = shares.copy()
        adjusted[:, week] *= shock(known.common, week)
        years = min(5, (week - HALF_WINDOW) // YEAR)
        judged = farrington(counts, adjusted, week, years=years, usable=usable)
        ratio = counts[:, week] / np.maximum(judged.mean, 1e-12)
        open_ = walk.start >= 0
        p, q = judged.p, np.ones(series)
        q[open_], q[~open_] = q_values(p[open_]), q_values(p[~open_], of - int(open_.sum()))
        lower = np.where(
            judged.mean >= LEAST_COUNT[1], 1 - upper_tail(counts[:, week] + 1, judged.mean, judged.phi), 1.0
        )
        fell = (q_values(lower, of) <= FDR) & (ratio <= 1 / LEAST_RATIO) & ~open_
        walk.step(week, (q <= FDR) & (ratio >= LEAST_RATIO) & ~open_, p, known)
        weight = np.maximum(judged.mean * YEAR, 1.0)
        course.mean[:, week] = judged.mean
        course.variance[:, week] = variance_of(judged.mean, judged.phi, weight, 0.0)
    q = np.where(fell, q_values(lower, of), q)
    state = walk.states(weeks - 1, fell)
    return _Story(
        judged.mean, judged.phi, weight, 0.0, p, q, state, fell, walk.start, tuple(walk.log), walk.episodes(), course
    )


def _unknown(y: Array, wide: Spread) -> SeriesJudgement:
    nan, one = np.full(len(y), np.nan), np.ones(len(y))
    steady: tuple[State, ...] = tuple("steady" for _ in y)
    return SeriesJudgement(
        y, nan, nan, nan, nan, nan, one.astype(np.int64), nan, nan, one, one, steady, np.zeros(len(y), bool),
        np.full(len(y), -1), (), (), False, "none", wide, Course.unknown(len(y), 1),
    )  # fmt: skip

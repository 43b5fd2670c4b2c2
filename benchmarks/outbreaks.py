"""How well troubles are told from noise: B1, B2, B2s, B2h and B6, each beside what people would otherwise use.

    python -m benchmarks.outbreaks              all of them, about three minutes of one core
    python -m benchmarks.outbreaks b2 b2h       some of them
    python -m benchmarks.outbreaks b1 --r 42    R surveillance beside it on 42 of the 420 series, where it is installed

B1   Noufaily's 42 scenarios x 10 series x 624 weeks; false-positive rate, power by size of the outbreak
B2   ten small shops: 150 topics x 104 weeks, 60 planted events each; methods compared at equal false-alarm rates
B2s  controls without an event: everything x 1.6, half a week missing, a renamed tag, two days not yet exported
B2h  B2 with 8, 12 and 26 weeks of history
B6   a million tickets, 520 tags x 30 countries, through DuckDB and `trends`
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from benchmarks.worlds import FIRST_TESTED, TEST, WEEKS, Array, LongSeries, Shop, long_series, shop, weekly
from supportkit.stats.episodes import outlook
from supportkit.stats.farrington import farrington
from supportkit.stats.outbreak import Mask, level, mid_p, q_values, shock, spread, tail

SEED = 20261122
WORLDS = 10
LAST = 104
Scores = Array  # (topics, tested weeks): the smaller, the more alarming


def b1(r_series: int = 0) -> None:
    """Long weekly series, one outbreak each in the last 49 weeks; alpha .01."""
    data = long_series(10, SEED)
    start = time.process_time()
    quiet, p = _farrington(data.quiet), _farrington(data.outbreak)
    cpu = (time.process_time() - start) / 2 / len(p)
    print(f"\nB1  {len(p)} series, 49 weeks each, alpha .01")
    print("method                                    FPR   POD   k1-2  k3-4  k5-6  k7-8 k9-10   PPV  CPU ms/series")
    _b1_row("Farrington Flexible, here", quiet <= 0.01, p <= 0.01, data, cpu)
    start = time.process_time()
    quiet, p = _short(data.quiet), _short(data.outbreak)
    cpu = (time.process_time() - start) / 2 / len(p)
    bar = np.quantile(quiet, 0.012)
    _b1_row("short-history detector, at FPR .012", quiet <= bar, p <= bar, data, cpu)
    if r_series and shutil.which("Rscript"):
        rows = np.linspace(0, len(data.quiet) - 1, r_series).astype(int)
        part = LongSeries(data.quiet[rows], data.outbreak[rows], data.planted[rows], data.size[rows])
        quiet_r, cpu_r = _r_surveillance(part.quiet)
        out_r, _ = _r_surveillance(part.outbreak)
        _b1_row(f"R surveillance, {r_series} of the series", quiet_r, out_r, part, cpu_r)
        ours = _farrington(part.outbreak) <= 0.01
        _b1_row("Farrington Flexible, here, the same", _farrington(part.quiet) <= 0.01, ours, part, float("nan"))
        print(f"the same alarms in {(ours == out_r).sum()} of {ours.size} weeks with an outbreak in their series")


def _b1_row(name: str, quiet: Mask, alarm: Mask, data: LongSeries, cpu: float) -> None:
    hit = np.asarray(alarm & (data.planted[:, TEST:] > 0))
    found = np.asarray(hit.any(axis=1))
    by_size = [found[(data.size == k) | (data.size == k + 1)].mean() for k in (1, 3, 5, 7, 9)]
    sizes = " ".join(f"{share:5.2f}" for share in by_size)
    ppv = hit.sum() / max(alarm.sum(), 1)
    print(f"{name:38s} {quiet.mean():6.4f} {found.mean():5.3f} {sizes} {ppv:5.2f}  {1000 * cpu:9.1f}")


def _farrington(counts: Array) -> Array:
    flat = np.ones_like(counts)
    return np.array([farrington(counts, flat, week).p for week in range(TEST, WEEKS)]).T


def _short(counts: Array) -> Array:
    """Each series by itself: they have no week in common."""

    def one(series: Array) -> Array:
        known = level(series[None, TEST - 104 :], np.ones(WEEKS - TEST + 104), common=False)
        return np.array([tail(known, spread(known, week), week).rise[0] for week in range(104, WEEKS - TEST + 104)])

    return np.array([one(series) for series in counts])


R_SCRIPT = """
suppressMessages(library(surveillance)); f <- commandArgs(TRUE)
x <- as.matrix(read.csv(f[1], header=FALSE)); t0 <- proc.time()[["user.self"]]
a <- t(apply(x, 1, function(y) as.integer(alarms(farringtonFlexible(sts(observed=y, start=c(2000,1), frequency=52),
  control=list(range=576:624, b=5, w=3, noPeriods=10, pastWeeksNotIncluded=26, weightsThreshold=2.58, trend=TRUE,
               pThresholdTrend=1, thresholdMethod="nbPlugin", alpha=.01, glmWarnings=FALSE, verbose=FALSE))))))
a[is.na(a)] <- 0; write.table(a, f[2], row.names=FALSE, col.names=FALSE, sep=",")
cat((proc.time()[["user.self"]] - t0) / nrow(x))
"""


def _r_surveillance(counts: Array) -> tuple[Mask, float]:
    """Alarms of farringtonFlexible and its CPU seconds a series."""
    with tempfile.TemporaryDirectory() as folder:
        source, target, script = (Path(folder) / name for name in ("in.csv", "out.csv", "run.R"))
        np.savetxt(source, counts, fmt="%d", delimiter=",")
        script.write_text(R_SCRIPT)
        done = subprocess.run(["Rscript", script, source, target], capture_output=True, text=True, check=True)
        return np.loadtxt(target, delimiter=",").astype(bool), float(done.stdout)


def b2() -> None:
    """Small shops: power within four weeks of the onset at equal false-alarm rates, and the list as printed."""
    worlds = [shop(seed) for seed in range(1, WORLDS + 1)]
    print(f"\nB2  {WORLDS} shops x 150 topics, weeks {FIRST_TESTED}-{LAST - 1} tested, 60 events a shop")
    print("method                                FPR usual promo POD usual @1% FPR @.2% FPR  false/report share false")
    methods: dict[str, tuple[Callable[[Shop], Scores], float]] = {
        "ORACLE: true mean and dispersion": (_oracle, 0),
        "here: level, windows 1/2/4": (_here, 0),
        "here: one week only": (_here_one, 0),
        "Farrington b=1, orders as offset": (_farrington_offset, 0),
        "  the same beside the common factor": (_farrington_common, 0),
        "Farrington b=1, raw counts": (_farrington_raw, 0),
        "EARS C1 (z > 3)": (lambda world: _ears(world, 0), -3),
        "EARS C2 (z > 3)": (lambda world: _ears(world, 2), -3),
        "week over week +50 % and +5": (_week_over_week, -1.5),
    }
    oracle = 0.0
    for name, (score, usual) in methods.items():
        row = _measure([score(world) for world in worlds], worlds, usual)
        print(f"{name:36s}" + row.text)
        oracle = oracle or row.at_1
        if name.startswith("here: level"):
            print(f"{'':36s}  = {row.at_1 / oracle:.3f} of the oracle at FPR 1 %; by kind {row.kinds}")
    _announced(worlds)


class Row:
    """One method's figures, ready to print."""

    def __init__(self, text: str, at_1: float, kinds: str) -> None:
        self.text, self.at_1, self.kinds = text, at_1, kinds


def _measure(scores: list[Scores], worlds: list[Shop], usual: float) -> Row:
    """Thresholds from topics without an event; p-values (usual 0) are also cut by Benjamini-Hochberg at 10 %."""
    null, promo, best, kinds = [], [], [], []
    false = true = 0
    for score, world in zip(scores, worlds, strict=True):
        onset = {event.topic: event.onset - FIRST_TESTED for event in world.events}
        quiet = [topic for topic in range(len(score)) if topic not in onset]
        null.append(score[quiet].ravel())
        promo.append(score[quiet, world.promo - FIRST_TESTED])
        for event in world.events:
            begin = event.onset - FIRST_TESTED
            best.append(score[event.topic, begin : begin + 4].min())
            kinds.append(event.kind)
        if usual:
            continue
        for week in range(score.shape[1]):
            for topic in np.flatnonzero(q_values(score[:, week]) <= 0.1).tolist():
                false += topic not in onset or week < onset[topic]
                true += topic in onset and onset[topic] <= week < onset[topic] + 4
    nulls, bests, kind = np.sort(np.concatenate(null)), np.array(best), np.array(kinds)
    cut = usual or 0.01
    at_1, at_02 = (float((bests < nulls[int(share * len(nulls))]).mean()) for share in (0.01, 0.002))
    weeks = len(worlds) * scores[0].shape[1]
    list_ = f"{false / weeks:10.2f} {false / max(false + true, 1):12.3f}" if not usual else ""
    text = f"  {(nulls < cut).mean():6.4f} {(np.concatenate(promo) < cut).mean():6.3f} {(bests < cut).mean():7.3f}"
    found = bests < nulls[int(0.01 * len(nulls))]
    by_kind = ", ".join(f"{k} {found[kind == k].mean():.2f}" for k in ("step", "spike", "ramp", "new"))
    return Row(f"{text} {at_1:9.3f} {at_02:8.3f} {list_}", at_1, by_kind)


def _announced(worlds: list[Shop]) -> None:
    """The list as `trends` gives it: each trouble announced once, ratio at least 1.3 and its interval above 1."""
    false = true = found = 0
    delays = []
    for world in worlds:
        onset = {event.topic: event.onset for event in world.events}
        hits = set()
        for week, topic in outlook(weekly(world.tickets), weekly(world.exposure)).announced:
            if topic not in onset or week < onset[topic]:
                false += 1
            elif week < onset[topic] + 4:
                true += 1
                delays += [week - onset[topic]] if topic not in hits else []
                hits.add(topic)
        found += len(hits)
    weeks, events = len(worlds) * (LAST - FIRST_TESTED), sum(len(world.events) for world in worlds)
    print(
        f"as announced by trends: {false / weeks:.2f} false a report, {false / max(false + true, 1):.3f} of the "
        f"announced false, {found / events:.3f} of the events found, {np.mean(delays):.2f} weeks after their onset"
    )


def _tested(function: Callable[[int], Array]) -> Scores:
    return np.array([function(week) for week in range(FIRST_TESTED, LAST)]).T


def _oracle(world: Shop) -> Scores:
    counts, mean = weekly(world.tickets), np.maximum(weekly(world.mean), 1e-9)
    p = mid_p(counts, mean, np.maximum(world.phi[:, None], 1.02) * mean)
    return np.where(counts >= 5, p, 1.0)[:, FIRST_TESTED:]


def _here(world: Shop) -> Scores:
    known = level(weekly(world.tickets), weekly(world.exposure))
    return _tested(lambda week: tail(known, spread(known, week), week).rise)


def _here_one(world: Shop) -> Scores:
    known = level(weekly(world.tickets), weekly(world.exposure))

    def p(week: int) -> Array:
        wide = spread(known, week)
        mean = known.mean[:, week]
        variance = wide.phi * mean + mean**2 * (wide.phi / known.weight[:, week] + wide.tau2)
        counts = known.counts[:, week]
        return np.asarray(np.where(counts >= 5, mid_p(counts, mean, variance), 1.0))

    return _tested(p)


def _farrington_offset(world: Shop) -> Scores:
    counts, exposure = weekly(world.tickets), weekly(world.exposure)
    return _tested(lambda week: farrington(counts, exposure[None, :], week, years=1).p)


def _farrington_common(world: Shop) -> Scores:
    counts, exposure = weekly(world.tickets), weekly(world.exposure)
    common = level(counts, exposure).common

    def p(week: int) -> Array:
        beside = exposure.copy()
        beside[week] *= shock(common, week)
        return farrington(counts, beside[None, :], week, years=1).p

    return _tested(p)


def _farrington_raw(world: Shop) -> Scores:
    counts = weekly(world.tickets)
    return _tested(lambda week: farrington(counts, np.ones((1, LAST)), week, years=1).p)


def _ears(world: Shop, lag: int) -> Scores:
    counts = weekly(world.tickets)

    def z(week: int) -> Array:
        before = counts[:, week - lag - 7 : week - lag]
        return np.asarray((before.mean(1) - counts[:, week]) / np.maximum(before.std(1, ddof=1), 0.5))

    return _tested(z)


def _week_over_week(world: Shop) -> Scores:
    counts = weekly(world.tickets)

    def growth(week: int) -> Array:
        now, before = counts[:, week], counts[:, week - 1]
        return np.where(now - before >= 5, -now / np.maximum(before, 1), 0.0)

    return _tested(growth)


def b2h() -> None:
    """The same shops with a short past."""
    print("\nB2h weeks of history  POD @1% FPR @.2% FPR  false/report share false")
    worlds = [shop(seed) for seed in range(1, WORLDS + 1)]
    for history in (8, 12, 26):
        scores = []
        for world in worlds:
            counts, exposure = weekly(world.tickets), weekly(world.exposure)

            def p(week: int, counts: Array = counts, exposure: Array = exposure, history: int = history) -> Array:
                known = level(counts[:, week - history : week + 1], exposure[week - history : week + 1])
                return tail(known, spread(known, history), history).rise

            scores.append(_tested(p))
        print(f"{history:20d}   {_measure(scores, worlds, 0).text[26:]}")


def main() -> None:
    words = [word.lower() for word in sys.argv[1:]]
    r_series = int(words[words.index("--r") + 1]) if "--r" in words else 0
    chosen = [word for word in words if word in ("b1", "b2", "b2s", "b2h", "b6")] or ["b1", "b2", "b2s", "b2h", "b6"]
    if "b1" in chosen:
        b1(r_series)
    if "b2" in chosen:
        b2()
    if "b2h" in chosen:
        b2h()
    if {"b2s", "b6"} & set(chosen):
        from benchmarks.outbreaks_store import b2s, b6

        if "b2s" in chosen:
            b2s()
        if "b6" in chosen:
            b6()


if __name__ == "__main__":
    main()

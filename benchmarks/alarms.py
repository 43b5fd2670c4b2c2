"""Whether `trends` keeps its word: false names on quiet reports, in years with troubles, and when tags are reorganised.

    python -m benchmarks.alarms                  all of it, about three minutes of one core
    python -m benchmarks.alarms quiet            300 quiet reports by category and country
    python -m benchmarks.alarms troubles         years with troubles: false share, found, power at equal false alarms
    python -m benchmarks.alarms names            tags renamed, merged into one and split, through the whole of `trends`

Peers in the same run: the constants of 0.2.0 (no doubt about small series, 10 % false discoveries), Farrington Flexible
with one year and the orders as offset, EARS C2, week over week by half and five. `outbreaks` holds B1 to B6, with R.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import numpy as np

from benchmarks.two_way_worlds import FIRST_TESTED, TROUBLES, TwoWayShop, two_way_shop
from benchmarks.worlds import Array
from supportkit.stats import episodes, outbreak
from supportkit.stats.farrington import farrington
from supportkit.stats.intervals import wilson
from supportkit.stats.outbreak import Mask, level, mid_p

QUIET, YEARS = 300, 24
UP = ("new", "rising", "ongoing")
SMALL = 5.0  # expected tickets
FIRST_SEED_OF_YEARS = 1000
Scores = Callable[[TwoWayShop], Array]  # (series, tested weeks): the smaller, the more alarming

BEFORE: dict[object, dict[str, float]] = {
    outbreak: {"FDR": 0.10, "IN_DOUBT": 0.0, "TELLING": 0.0},
    episodes: {"FDR": 0.10, "LEAST_KEPT": 0},
}


@contextmanager
def as_before() -> Iterator[None]:
    """Today's detector with the constants of 0.2.0: how it finds what all series share is today's."""
    kept = {module: {name: getattr(module, name) for name in values} for module, values in BEFORE.items()}
    _set(BEFORE)
    try:
        yield
    finally:
        _set(kept)


def _set(constants: dict[object, dict[str, float]]) -> None:
    for module, values in constants.items():
        for name, value in values.items():
            setattr(module, name, value)


def quiet(reports: int = QUIET) -> None:
    """Reports of the last week of shops in which nothing happened: which share names something, and what."""
    print(f"\nquiet reports by category and country, {reports} shops, nothing planted")
    print("rule                            new or rising [upper 95 %]   any name [upper 95 %]   names  expecting < 5")
    for name, judge in {"here": _named, "here, constants of 0.2.0": _named_before}.items():
        fresh = any_ = names = small = 0
        for seed in range(reports):
            shop = two_way_shop(seed)
            states, expected = judge(shop)
            up = [number for number, state in enumerate(states) if state in UP]
            fresh += any(states[number] != "ongoing" for number in up)
            any_ += bool(up)
            names += len(up)
            small += sum(expected[number] < SMALL for number in up)
        _quiet_row(name, reports, fresh, any_, names, small)
    for name, rule in {"week over week +50 % and +5": _week_over_week, "EARS C2 (z > 3)": _ears}.items():
        bar = -1.5 if rule is _week_over_week else -3.0
        found = [np.flatnonzero(rule(two_way_shop(seed), last=True)[:, 0] < bar) for seed in range(reports)]
        _quiet_row(name, reports, None, sum(len(each) > 0 for each in found), sum(len(each) for each in found), None)


def _quiet_row(name: str, reports: int, fresh: int | None, any_: int, names: int, small: int | None) -> None:
    def share(count: int) -> str:
        return f"{count / reports:6.3f} [{wilson(count, reports)[1]:.3f}]"

    new = share(fresh) if fresh is not None else " " * 14
    print(f"{name:32s}{new:>26s}{share(any_):>24s}{names:8d}{'' if small is None else small:>14}")


def _named(shop: TwoWayShop) -> tuple[tuple[str, ...], Array]:
    seen = episodes.outlook(shop.counts, shop.exposure)
    return seen.state, seen.expected


def _named_before(shop: TwoWayShop) -> tuple[tuple[str, ...], Array]:
    with as_before():
        return _named(shop)


def troubles(years: int = YEARS) -> None:
    """Years in which up to 40 series have a trouble: what is announced, and power at equal false alarms."""
    shops = [two_way_shop(FIRST_SEED_OF_YEARS + number, troubles=TROUBLES) for number in range(years)]
    planted = sum(len(shop.onset) for shop in shops)
    print(f"\nyears with troubles: {years} shops by category and country, {planted} troubles, 52 weeks each")
    print("as announced                    false   true  share false   troubles found within four weeks")
    _announced("here", shops)
    with as_before():
        _announced("here, constants of 0.2.0", shops)
    print("power at equal false alarms     FPR 1 %   0.2 %  0.05 %   (standard error about .02)")
    _power("ORACLE: true mean, one week", shops, _oracle)
    _power("here", shops, _here)
    with as_before():
        _power("here, constants of 0.2.0", shops, _here)
    _power("Farrington, one year, offset", shops, _farrington)
    _power("EARS C2", shops, _ears)
    _power("week over week", shops, _week_over_week)


def _announced(name: str, shops: list[TwoWayShop]) -> None:
    """A name is false where nothing was planted in the series, or nothing yet."""
    false = true = found = planted = 0
    for shop in shops:
        hits = set()
        for week, series in _every_announcement(shop):
            begun = shop.onset.get(series, week + 1) <= week
            true, false = true + begun, false + (not begun)
            if begun and week < shop.onset[series] + 4:
                hits.add(series)
        found, planted = found + len(hits), planted + len(shop.onset)
    low, high = wilson(false, false + true)
    print(
        f"{name:32s}{false:5d}{true:7d}   {false / (false + true):.3f} [{low:.3f}, {high:.3f}]{found / planted:10.3f}"
    )


def _every_announcement(shop: TwoWayShop) -> set[tuple[int, int]]:
    """Of the 52 weeks: a report follows the last 26, so two of them see the year."""
    weeks = shop.counts.shape[1]
    found: set[tuple[int, int]] = set()
    for last in (FIRST_TESTED + episodes.JUDGED, weeks):
        seen = episodes.outlook(shop.counts[:, :last], shop.exposure[:, :last])
        found |= {(week, series) for week, series in seen.announced if week >= last - episodes.JUDGED}
    return found


def _power(name: str, shops: list[TwoWayShop], rule: Scores) -> None:
    """The share of troubles below the score that a quiet series-week falls below in 1, 0.2 and 0.05 of a hundred."""
    null, best = [], []
    for shop in shops:
        score = rule(shop)
        null.append(score[[series for series in range(len(score)) if series not in shop.onset]].ravel())
        best += [score[series, begin - FIRST_TESTED :][:4].min() for series, begin in shop.onset.items()]
    nulls, bests = np.sort(np.concatenate(null)), np.array(best)
    at = [float((bests < nulls[int(share * len(nulls))]).mean()) for share in (0.01, 0.002, 0.0005)]
    print(f"{name:32s}" + "".join(f"{share:8.3f}" for share in at))


def _here(shop: TwoWayShop) -> Array:
    known = level(shop.counts, shop.exposure)
    weeks = range(FIRST_TESTED, shop.counts.shape[1])
    return np.array([outbreak.tail(known, outbreak.spread(known, week), week).rise for week in weeks]).T


def _oracle(shop: TwoWayShop) -> Array:
    mean = np.maximum(shop.mean, 1e-9)
    p = mid_p(shop.counts, mean, np.maximum(shop.phi[:, None], 1.02) * mean)
    return np.where(shop.counts >= 5, p, 1.0)[:, FIRST_TESTED:]


def _farrington(shop: TwoWayShop) -> Array:
    weeks = range(FIRST_TESTED, shop.counts.shape[1])
    return np.array([farrington(shop.counts, shop.exposure, week, years=1).p for week in weeks]).T


def _ears(shop: TwoWayShop, *, last: bool = False) -> Array:
    counts, end = shop.counts, shop.counts.shape[1]

    def z(week: int) -> Array:
        before = counts[:, week - 9 : week - 2]
        return np.asarray((before.mean(1) - counts[:, week]) / np.maximum(before.std(1, ddof=1), 0.5))

    return np.array([z(week) for week in range(end - 1 if last else FIRST_TESTED, end)]).T


def _week_over_week(shop: TwoWayShop, *, last: bool = False) -> Array:
    counts, end = shop.counts, shop.counts.shape[1]

    def growth(week: int) -> Array:
        now, before = counts[:, week], counts[:, week - 1]
        more: Mask = now - before >= 5
        return np.where(more, -now / np.maximum(before, 1), 0.0)

    return np.array([growth(week) for week in range(end - 1 if last else FIRST_TESTED, end)]).T


def main() -> None:
    chosen = [word for word in sys.argv[1:] if word in ("quiet", "troubles", "names")]
    if not chosen or "quiet" in chosen:
        quiet()
    if not chosen or "troubles" in chosen:
        troubles()
    if not chosen or "names" in chosen:
        from benchmarks.renamed_tags import names

        names()


if __name__ == "__main__":
    main()

"""Why a share changed: the exact split into mix and rate, and the slices behind it.

Works on every metric that hands over its leaves: two whole periods, or one group against the rest. Mix is what the
share would have moved because the groups' sizes moved, rate because the groups' own shares moved; both add up to the
change (Kitagawa 1955). Slices are conjunctions of up to three values; their excess is what they have beyond the
expectation by their own leaves. It says where, never because.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from supportkit.errors import DataError, UsageError, unknown
from supportkit.leaves import Share
from supportkit.metrics import METRICS, Metric
from supportkit.period import Period
from supportkit.result import Chart, Column, Result, Value
from supportkit.stats.breaks import best_break
from supportkit.stats.intervals import newcombe
from supportkit.store import Store
from supportkit.store.selection import parse_conditions

if TYPE_CHECKING:
    from supportkit.stats.slices import Explanation, Values

SOURCE: Final = "Kitagawa 1955; Mantel & Haenszel 1959; Westfall & Young 1993; Benjamini & Hochberg 1995"
FACTS: Final = (
    Column("rate_before", "share"),
    Column("rate_after", "share"),
    Column("change", "share"),
    Column("mix", "share", "of it mix"),
    Column("rate_effect", "share", "of it rate"),
    Column("coverage", "share", "rate explained by the slices"),
)
COLUMNS: Final = (
    Column("slice", "text"),
    Column("n_before", "count"),
    Column("n_after", "count"),
    Column("rate_before", "share"),
    Column("rate_after", "share"),
    Column("excess", "number"),
    Column("share", "share", "share of excess", detail=True),
    Column("p_fwer", "number", "p"),
    Column("q", "number", "q", detail=True),
    Column("change", "share", detail=True),
    Column("change_low", "share", "low", detail=True),
    Column("change_high", "share", "high", detail=True),
    Column("also", "text", "nearly the same", detail=True),
)
DRAWS: Final = 199
EXACT_DRAWS: Final = 999


@dataclass(frozen=True)
class Comparison:
    """One share twice: two periods, or the others and a group."""

    before: Share
    after: Share
    names: tuple[str, str]
    group: Mapping[str, str]


@dataclass(frozen=True)
class Found:
    """What was compared and what explains it."""

    comparison: Comparison
    explanation: Explanation
    dimensions: tuple[str, ...]

    @property
    def top(self) -> dict[str, str]:
        """The best slice that is sure, with the group compared; empty where there is none."""
        sure = [piece for piece in self.explanation.slices if piece.p_fwer <= 0.05]
        return {**self.comparison.group, **dict(sure[0].values)} if sure else {}


def explainable() -> tuple[str, ...]:
    """The metrics that hand over their leaves."""
    return tuple(name for name, metric in METRICS.items() if hasattr(metric.module, "leaves"))


def metric_named(name: str) -> Metric:
    """A metric that `why` can explain. Raises UsageError with those there are."""
    if name not in explainable():
        raise unknown("metric for why", name, explainable())
    return METRICS[name]


def compare(
    store: Store,
    metric: Metric,
    options: Mapping[str, Any],
    *,
    period: Period,
    before: Period | None,
    after: Period | None,
    group: str | None,
) -> Comparison:
    """The share of both periods, or of the group and the rest. Raises UsageError and DataError in words."""
    if group is not None:
        if before or after:
            raise UsageError("--group excludes --before and --after", hint="--period says when a group is compared")
        whole = metric.leaves(store, period=period, **options)
        values = _values(whole, group)
        found = Comparison(whole.without(values), whole.only(values), ("the others", group), values)
    else:
        if after is None:
            raise UsageError("compare what? two whole periods or a group", hint="--before 2026-W41 --after 2026-W45")
        if before is None:
            before = after.previous()
        shares = [metric.leaves(store, period=each, **options) for each in (before, after)]
        for each, share in zip((before, after), shares, strict=True):
            if each.is_part(share.scope.data_through, store.zone):
                raise DataError(f"{each.name} is a part period", hint="compare periods that are over")
        found = Comparison(shares[0], shares[1], (before.name, after.name), {})
    for share, name in zip((found.before, found.after), found.names, strict=True):
        if not share.cases:
            raise DataError(
                f"no {share.what.split(' who ')[0]} in {name}", hint="supportkit tables shows what is there"
            )
    return found


def explained(comparison: Comparison, *, along: tuple[str, ...] = (), exact: bool = False) -> Found:
    """The explanation over those dimensions (or those named) that have two values or more."""
    from supportkit.stats.slices import explain

    before, after = comparison.before, comparison.after
    for name in along:
        if name not in before.dimensions:
            raise unknown("dimension for --by", name, before.dimensions)
    dimensions = tuple(
        name
        for place, name in enumerate(before.dimensions)
        if name not in comparison.group
        and (not along or name in along)
        and len({leaf[place] for leaf in (*before.leaves, *after.leaves)}) > 1
    )
    tables = before.along(dimensions).leaves, after.along(dimensions).leaves
    low, high = _interval(comparison)
    worse = "down" if before.better == "up" else "up"
    sure = "down" if high < 0 else "up" if low > 0 else worse
    draws = EXACT_DRAWS if exact else DRAWS
    found = explain(*tables, dimensions, direction="down" if sure == "down" else "up", draws=draws)
    return Found(comparison, found, dimensions)


def why(found: Found) -> Result:
    """Mix, rate and slices as a result."""
    explanation, comparison = found.explanation, found.comparison
    split = explanation.split
    facts = (split.rate_before, split.rate_after, split.change, split.mix, split.rate, explanation.coverage)
    rows: list[tuple[Value, ...]] = []
    for piece in explanation.slices:
        difference: tuple[float | None, ...] = (None, None, None)
        if piece.rate_before is not None and piece.rate_after is not None:
            x0, x1 = round(piece.rate_before * piece.n_before), round(piece.rate_after * piece.n_after)
            low, high = newcombe(x1, piece.n_after, x0, piece.n_before)
            difference = (piece.rate_after - piece.rate_before, low, high)
        rows.append(
            (
                slice_name(piece.values),
                piece.n_before,
                piece.n_after,
                piece.rate_before,
                piece.rate_after,
                piece.excess,
                piece.share,
                piece.p_fwer,
                piece.q,
                *difference,
                "; ".join(slice_name(other) for other in piece.also),
            )
        )
    before, after = comparison.names
    return Result(
        metric="why",
        title=f"Why: {comparison.after.what}, {after} against {before}",
        definition="change = mix + rate, exactly; slices by their excess beyond the expectation; where, never because",
        columns=COLUMNS,
        rows=tuple(rows),
        facts=dict(zip((fact.name for fact in FACTS), facts, strict=True)),
        fact_columns=FACTS,
        notes=tuple(dict.fromkeys((*said(found), *comparison.before.notes, *comparison.after.notes))),
        scope=replace(comparison.after.scope, rows=comparison.before.scope.rows + comparison.after.scope.rows)
        if not comparison.group
        else comparison.after.scope,
        chart=Chart("waterfall", x="slice", y="excess") if rows else None,
    )


def slice_name(values: Values) -> str:
    """A slice in words: country=DE & plan=annual."""
    return " & ".join(f"{dimension}={value}" for dimension, value in values)


def said(found: Found) -> tuple[str, ...]:
    """The findings in sentences."""
    explanation, (before, after) = found.explanation, found.comparison.names
    split = explanation.split
    low, high = _interval(found.comparison)
    notes = [
        f"{found.comparison.after.what}: {split.rate_before:.1%} ({before}), {split.rate_after:.1%} ({after}): "
        f"{100 * split.change:+.1f} points [{100 * low:.1f}, {100 * high:.1f}]"
    ]
    if low <= 0 <= high:
        notes.append("the interval holds 0: the change as a whole may be chance")
    for dimension in explanation.paradox:
        way = "rose" if split.change < 0 else "fell"
        notes.append(f"each {dimension} {way}, the mix moved: mix {_points(split.mix)}, rate {_points(split.rate)}")
    sure = [piece for piece in explanation.slices if piece.p_fwer <= 0.05]
    if not sure:
        notes.append(f"none of {explanation.examined} slices is beyond chance at 5 % over all of them")
    elif explanation.coverage is not None:
        notes.append(
            f"{len(sure)} of {explanation.examined} slices beyond chance at 5 % over all of them; "
            f"they cover {explanation.coverage:.0%} of the rate effect"
        )
    if explanation.outside:
        notes.append(f"the cause lies outside these dimensions: {', '.join(found.dimensions)}")
    notes += _inside(found)
    return tuple(notes)


def _inside(found: Found) -> list[str]:
    """Whether the top slice's place moved because its people chose otherwise: mix and rate by each other dimension."""
    from supportkit.stats.split import leaf_table, split

    notes = []
    top = dict(found.top)
    for dimension in list(top)[1:]:
        if dimension in found.comparison.group:
            continue
        place = {name: value for name, value in top.items() if name != dimension}
        before, after = (
            share.only(place).along((dimension,)) for share in (found.comparison.before, found.comparison.after)
        )
        if not before.cases or not after.cases:
            continue
        parts = split(leaf_table(before.leaves, after.leaves, (dimension,)))
        notes.append(
            f"inside {slice_name(tuple(place.items()))}: {_points(parts.mix)} by who chose which {dimension} (mix), "
            f"{_points(parts.rate)} by what happened then (rate)"
        )
    return notes


def break_in(
    store: Store,
    metric: Metric,
    options: Mapping[str, Any],
    found: Found,
    before: Period | None,
    after: Period | None,
) -> str | None:
    """The week after which the top slice's share was another: the split of weeks that two rates fit best, in words."""
    from datetime import timedelta

    if not found.top or after is None or after.start is None or after.grain != "week":
        return None
    start = min((before or after.previous()).start or after.start, after.start) - timedelta(weeks=4)
    span = Period(f"{start}..{after.end}", start, after.end)
    weekly = metric.leaves(store, period=span, over="week", **options).only(found.top).along(("period",)).leaves
    weeks = [(name, *weekly[(name,)]) for (name,) in sorted(weekly)]
    place = best_break([(cases, successes) for _, cases, successes in weeks])
    if place is None:
        return None
    n0, x0 = (sum(week[part] for week in weeks[:place]) for part in (1, 2))
    n1, x1 = (sum(week[part] for week in weeks[place:]) for part in (1, 2))
    return (
        f"in {slice_name(tuple(found.top.items()))} it broke with {weeks[place][0]}: {x0} of {n0} ({x0 / n0:.0%}) from "
        f"{weeks[0][0]} on, {x1} of {n1} ({x1 / n1:.0%}) since"
    )


def _values(whole: Share, text: str) -> dict[str, str]:
    """`country=DE and plan=annual` as values of the dimensions."""
    values = {}
    for condition in parse_conditions([text]):
        if condition.operator not in ("=", "=="):
            raise UsageError(f"--group {text}: a group is column=value", hint="--group country=DE")
        if condition.column not in whole.dimensions:
            raise unknown("dimension for --group", condition.column, whole.dimensions)
        known = {leaf[whole.dimensions.index(condition.column)] for leaf in whole.leaves}
        if known and condition.value not in known:
            raise unknown(f"{condition.column} for --group", condition.value, known)
        values[condition.column] = condition.value
    return values


def _interval(comparison: Comparison) -> tuple[float, float]:
    after, before = comparison.after, comparison.before
    return newcombe(after.successes, after.cases, before.successes, before.cases)


def _points(share: float) -> str:
    return f"{100 * share:+.1f} points"

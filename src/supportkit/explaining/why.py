"""Why a share changed: the exact split into mix and rate, and the slices behind it.

Works on every metric that hands over its leaves: two whole periods, or one group against the rest. Mix is what the
share would have moved because the groups' sizes moved, rate because the groups' own shares moved; both add up to the
change (Kitagawa 1955). Slices are conjunctions of up to three values; their excess is what they have beyond the
expectation by their own leaves. It says where, never because.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from supportkit.explaining.share_comparison import ExplainedChange, slice_name
from supportkit.period import Period
from supportkit.request import Request, leaves
from supportkit.result import Chart, Result, Value, count, detail, figure, key, percent
from supportkit.stats.break_point import best_break
from supportkit.store import Store
from supportkit.system.named import NamedTuple

if TYPE_CHECKING:
    from supportkit.stats.mix_and_rate import Split

SOURCE: Final = "Kitagawa 1955; Mantel & Haenszel 1959; Westfall & Young 1993; Benjamini & Hochberg 1995"
FACTS: Final = (
    figure("rate_before", "share", n="n_before"),
    figure("rate_after", "share", n="n_after"),
    figure("change", "share", n="n_after", points=True),
    figure("mix", "share", "of it mix", n="n_after", points=True),
    figure("rate_effect", "share", "of it rate", n="n_after", points=True),
    figure("coverage", "share", "rate explained by the slices", n="n_after"),
    count("n_before"),
    count("n_after"),
)
COLUMNS: Final = (
    key("slice"),
    count("n_before"),
    count("n_after"),
    figure("rate_before", "share", n="n_before"),
    figure("rate_after", "share", n="n_after"),
    figure("excess", "count", n="n_after"),
    figure("share", "share", "share of excess", n="n_after", aside=True),
    figure("p_fwer", "number", "p", n="n_after"),
    figure("q", "number", "q", n="n_after", aside=True),
    figure("change", "share", n="n_after", aside=True, points=True),
    figure("change_low", "share", "low", n="n_after", aside=True, points=True),
    figure("change_high", "share", "high", n="n_after", aside=True, points=True),
    detail("also", "text", "or:"),
)


def why(found: ExplainedChange) -> Result:
    """Mix, rate and slices as a result."""
    explanation, comparison = found.explanation, found.comparison
    split = explanation.split
    rates = (split.rate_before, split.rate_after, split.change, split.mix, split.rate, explanation.coverage)
    facts = (*rates, comparison.before.cases, comparison.after.cases)
    rows: list[tuple[Value, ...]] = []
    for piece in explanation.slices:
        difference: tuple[float | None, ...] = (None, None, None)
        if piece.rate_before is not None and piece.rate_after is not None:
            x0, x1 = round(piece.rate_before * piece.n_before), round(piece.rate_after * piece.n_after)
            low, high = comparison.between(x1, piece.n_after, x0, piece.n_before)
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
        notes=tuple(dict.fromkeys((*change_notes(found), *comparison.before.notes, *comparison.after.notes))),
        scope=replace(comparison.after.scope, rows=comparison.before.scope.rows + comparison.after.scope.rows)
        if not comparison.group
        else comparison.after.scope,
        chart=Chart("waterfall", x="slice", y="excess") if rows else None,
    )


def change_notes(found: ExplainedChange) -> tuple[str, ...]:
    """The findings in sentences."""
    explanation, (before, after) = found.explanation, found.comparison.names
    split = explanation.split
    low, high = found.comparison.interval
    notes = [
        f"{found.comparison.after.what}: {percent(split.rate_before, 1)} ({before}), "
        f"{percent(split.rate_after, 1)} ({after}): "
        f"{100 * split.change:+.1f} points [{100 * low:.1f}, {100 * high:.1f}]"
    ]
    if low <= 0 <= high:
        notes.append("the interval holds 0: the change as a whole may be chance")
    for dimension in explanation.paradox:
        way = "rose" if split.change < 0 else "fell"
        notes.append(f"each {dimension} {way}, the mix moved: mix {_points(split.mix)}, rate {_points(split.rate)}")
    sure = [piece for piece in explanation.slices if piece.p_fwer <= 0.05]
    if found.left_out:
        notes.append(
            f"{', '.join(found.left_out)} left out: too few cases for a comparison along all dimensions at once; "
            "--by chooses others"
        )
    if not found.dimensions:
        notes.append("no dimension has two values here, so there is no slice to look at")
    elif not explanation.examined:
        notes.append("too few cases: no slice could be told from chance")
    elif not sure and explanation.examined == 1:
        notes.append("the one slice is not beyond chance at 5 %")
    elif not sure:
        notes.append(f"none of {explanation.examined} slices is beyond chance at 5 % over all of them")
    elif explanation.coverage is not None:
        notes.append(
            f"{explanation.beyond} of {explanation.examined} slices beyond chance at 5 % over all of them, "
            f"those inside one another too; those listed cover {percent(explanation.coverage)} of the rate effect"
        )
    if explanation.outside and found.dimensions:
        notes.append(f"the cause lies outside these dimensions: {', '.join(found.dimensions)}")
    notes += _inside(found)
    return tuple(notes)


def _inside(found: ExplainedChange) -> list[str]:
    """Whether the top slice's place moved because its people chose otherwise: mix and rate by each other dimension."""
    from supportkit.stats.mix_and_rate import leaf_table, split

    if found.comparison.group:
        return _between(found)
    notes = []
    top = dict(found.top)
    for dimension in list(top)[1:]:
        place = {name: value for name, value in top.items() if name != dimension}
        before, after = (
            share.only(place).along((dimension,)) for share in (found.comparison.before, found.comparison.after)
        )
        if not before.cases or not after.cases:
            continue
        parts = split(leaf_table(before.leaves, after.leaves, (dimension,)))
        notes.append(f"inside {slice_name(tuple(place.items()))}: {_mix_and_rate(parts, dimension)}")
    return notes


def _between(found: ExplainedChange) -> list[str]:
    """Whether a group differs because its people choose otherwise, or fare otherwise with what they choose."""
    from supportkit.stats.mix_and_rate import leaf_table, split

    comparison = found.comparison
    notes = []
    for dimension in found.dimensions:
        if dimension in found.top:
            before, after = (share.along((dimension,)) for share in (comparison.before, comparison.after))
            parts = split(leaf_table(before.leaves, after.leaves, (dimension,)))
            group = slice_name(tuple(comparison.group.items()))
            notes.append(f"{group} against the others: {_mix_and_rate(parts, dimension)}")
    return notes


def _mix_and_rate(parts: Split, dimension: str) -> str:
    return (
        f"{_points(parts.mix)} by who chose which {dimension} (mix), {_points(parts.rate)} by what happened then (rate)"
    )


class Break(NamedTuple):
    """The week from which on a share was another, and that in words."""

    week: str
    text: str


def week_of_the_break(store: Store, request: Request, found: ExplainedChange) -> Break | None:
    """The week after which the top slice's share was another: the split of weeks that two rates fit best, in words."""
    from datetime import timedelta

    after = request.period
    if not found.top or request.against == "rest" or after.start is None or after.grain != "week":
        return None
    starts = [after.start, *(period.start for period in request.against if period.start)]
    start = min(starts) - timedelta(weeks=4)
    span = Period(f"{start}..{after.end}", start, after.end)
    by_week = replace(request.whole, period=span, options={**request.options, "over": "week"})
    weekly = leaves(store, by_week).only(found.top).along(("period",)).leaves
    weeks = [(name, cases, successes) for (name,), (cases, successes) in sorted(weekly.items())]
    place = best_break([(cases, successes) for _, cases, successes in weeks])
    if place is None:
        return None
    n0, n1 = (sum(cases for _, cases, _ in part) for part in (weeks[:place], weeks[place:]))
    x0, x1 = (sum(successes for _, _, successes in part) for part in (weeks[:place], weeks[place:]))
    return Break(
        weeks[place][0],
        f"in {slice_name(tuple(found.top.items()))} it broke with {weeks[place][0]}: {x0} of {n0} "
        f"({percent(x0 / n0)}) from {weeks[0][0]} on, {x1} of {n1} ({percent(x1 / n1)}) since",
    )


def _points(share: float) -> str:
    return f"{100 * share:+.1f} points"

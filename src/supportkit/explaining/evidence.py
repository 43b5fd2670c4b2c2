"""What else happened in the same place and time as a change: topics of tickets, other events, what people chose.

For each: how often it occurred in the place (the top slice of `why`, as far as the table knows its columns) and
elsewhere, before and after. q says how sure a rise here is: of a count, exact binomial against the count before; of a
choice, Fisher's test against the choices before; of a group, Fisher's test against elsewhere. Together in time and
place is no cause.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from supportkit.explaining.share_comparison import ExplainedChange, slice_name
from supportkit.period import Period
from supportkit.request import Request
from supportkit.result import Result, Value, count, detail, figure, key
from supportkit.stats.exact_tests import binomial_upper, fisher_upper
from supportkit.stats.intervals import benjamini_hochberg
from supportkit.store import Store
from supportkit.store.conditions import Condition
from supportkit.store.schema import TABLES as STORED

TABLES: Final = ("tickets", "events")
COLUMNS: Final = (
    key("kind"),
    key("what"),
    detail("place", "text", aside=True),
    count("here_before"),
    count("here_after"),
    count("elsewhere_before"),
    count("elsewhere_after"),
    figure("here_share", "share", "share here after", n="here_all", aside=True),
    figure("elsewhere_share", "share", "share elsewhere after", n="elsewhere_all", aside=True),
    figure("q", "number", "q", n="here_all"),
    count("here_all", "of the kind here after", aside=True),
    count("elsewhere_all", "of the kind elsewhere after", aside=True),
)
FACTS: Final = (figure("rising", "count", "rows that rose here", n="examined"), count("examined"))
NONE: Final = "(none)"

SQL_TICKETS: Final = """
select {what} as what,
       count(*) filter (where {here}) as here,
       count(*) filter (where not coalesce({here}, false)) as elsewhere
  from tickets
 where is_complaint or not (select coalesce(bool_or(is_complaint), false) from main.tickets)
 group by all
 order by what
"""
CATEGORY: Final = "coalesce(nullif(category, ''), '(none)')"
SQL_CATEGORIES: Final = "select count(*) > 0 from main.tickets where category <> ''"

SQL_EVENTS: Final = """
select step,
       count(*) filter (where {here}) as here,
       count(*) filter (where not coalesce({here}, false)) as elsewhere
  from events
 where not list_contains($steps, step)
 group by step
 order by step
"""


@dataclass(frozen=True)
class CountedThing:
    """One thing counted in the place and elsewhere, before and after; a group is looked at in one period only."""

    kind: str
    what: str
    place: str
    here_before: int | None
    here_after: int
    elsewhere_before: int | None
    elsewhere_after: int
    p: float = 1.0
    """One-sided, of a rise here."""


def evidence(store: Store, found: ExplainedChange, request: Request) -> Result:
    """The rows, strongest first; without a top slice there is no place and no row."""
    periods = _periods(request)
    steps = [str(step).removesuffix("?") for step in request.options.get("steps") or ()]
    rows: list[CountedThing] = []
    scope = found.comparison.after.scope
    if found.top:
        rows += _counted(store, found, periods, "tickets", SQL_TICKETS, {})
        rows += _counted(store, found, periods, "events", SQL_EVENTS, {"steps": steps})
        rows += _chosen(found)
    q_values = benjamini_hochberg([row.p for row in rows])
    judged = sorted(zip(rows, q_values, strict=True), key=lambda pair: (pair[1], pair[0].p, -pair[0].here_after))
    shown: list[tuple[Value, ...]] = []
    for row, q in judged:
        same = [other for other in rows if other.kind == row.kind]
        here, elsewhere = sum(other.here_after for other in same), sum(other.elsewhere_after for other in same)
        counts = (row.here_before, row.here_after, row.elsewhere_before, row.elsewhere_after)
        shares = row.here_after / here if here else None, row.elsewhere_after / elsewhere if elsewhere else None
        shown.append((row.kind, row.what, row.place, *counts, *shares, q, here, elsewhere))
    facts = (sum(q <= 0.05 for _, q in judged) if rows else None, len(rows))
    before, after = found.comparison.names
    return Result(
        metric="evidence",
        title=f"Together in time and place: {after} against {before}",
        definition="what else was there, here and elsewhere, before and after; together in time and place is no cause",
        columns=COLUMNS,
        rows=tuple(shown),
        facts=dict(zip((fact.name for fact in FACTS), facts, strict=True)),
        fact_columns=FACTS,
        notes=rises_in_words(found, judged),
        scope=scope,
    )


def rises_in_words(found: ExplainedChange, judged: Sequence[tuple[CountedThing, float]]) -> tuple[str, ...]:
    """At most two rises in words."""
    if not found.top:
        return ("no slice is beyond chance, so there is no place to look at",)
    before, after = found.comparison.names
    grouped = bool(found.comparison.group)
    words = [
        f"together in time and place: {row.here_after} {row.kind} {row.what!r} in {row.place}, "
        f"{row.elsewhere_after} elsewhere"
        if grouped
        else f"together in time and place: {row.here_after} {row.kind} {row.what!r} in {row.place} ({after}), "
        f"{row.here_before} ({before}); elsewhere {row.elsewhere_after}, {row.elsewhere_before}"
        for row, q in judged
        if q <= 0.05 and row.kind in ("tickets", "events")
    ]
    return tuple(words[:2])


def _counted(
    store: Store,
    found: ExplainedChange,
    periods: tuple[Period | None, Period],
    table: str,
    sql: str,
    values: Mapping[str, Any],
) -> list[CountedThing]:
    """What a table's rows are about inside the place, as far as the table has its columns."""
    own = {name: value for name, value in found.top.items() if name in STORED[table].names and value != NONE}
    if not own:
        return []
    conditions = tuple(Condition(name, "=", value) for name, value in own.items())
    clause, bound = store.clause(table, conditions, "place")
    counts: dict[str, list[int]] = {}
    by = None
    if table == "tickets":  # an export without categories: the topics of the tickets' own words
        by = None if store.rows(SQL_CATEGORIES)[0][0] else "topic"
        sql = sql.replace("{what}", "by_1" if by else CATEGORY)
    for number, period in enumerate(periods):
        if period is None:
            continue
        selection = store.select(table, period=period, by=by)
        for what, here, elsewhere in store.rows(sql.replace("{here}", clause), selection, **bound, **values):
            counts.setdefault(what, [0, 0, 0, 0])[number * 2 : number * 2 + 2] = [here, elsewhere]
    place = slice_name(tuple(own.items()))
    here, elsewhere = (sum(part[side] for part in counts.values()) for side in (2, 3))
    before, after = periods
    later = (after.days or 1) / ((after.days or 1) + (before.days or 1)) if before else 0.5
    rows = []
    for what, c in counts.items():
        if before is None:
            rows.append(
                CountedThing(table, what, place, None, c[2], None, c[3], fisher_upper(c[2], here, c[3], elsewhere))
            )
        else:
            rows.append(
                CountedThing(table, what, place, c[0], c[2], c[1], c[3], binomial_upper(c[2], c[0] + c[2], later))
            )
    return rows


def _chosen(found: ExplainedChange) -> list[CountedThing]:
    """For each dimension of the slice beyond its first: who chose which value in the rest of its place, elsewhere."""
    rows = []
    top = dict(found.top)
    before, after = found.comparison.before, found.comparison.after
    if found.comparison.group:
        return _chosen_by(found, slice_name(tuple(found.comparison.group.items())))
    for name in list(top)[1:]:
        rest = {other: value for other, value in top.items() if other != name}
        here = [share.only(rest).along((name,)).leaves for share in (before, after)]
        there = [share.without(rest).along((name,)).leaves for share in (before, after)]
        whole = [sum(cases for cases, _ in part.values()) for part in here]
        for (value,) in sorted({*here[0], *here[1]}):
            counts = [part.get((value,), (0, 0))[0] for part in (*here, *there)]
            p = fisher_upper(counts[1], whole[1], counts[0], whole[0])
            rows.append(
                CountedThing(
                    name, value, slice_name(tuple(rest.items())), counts[0], counts[1], counts[2], counts[3], p
                )
            )
    return rows


def _chosen_by(found: ExplainedChange, group: str) -> list[CountedThing]:
    """For each dimension: how many of a group and of the others have which value."""
    rows = []
    for name in found.dimensions:
        there, here = (share.along((name,)).leaves for share in (found.comparison.before, found.comparison.after))
        others, own = (sum(cases for cases, _ in part.values()) for part in (there, here))
        for (value,) in sorted({*here, *there}):
            n, rest = (part.get((value,), (0, 0))[0] for part in (here, there))
            rows.append(CountedThing(name, value, group, None, n, None, rest, fisher_upper(n, own, rest, others)))
    return rows


def _periods(request: Request) -> tuple[Period | None, Period]:
    """The two periods looked at; a group is looked at in one."""
    return None if request.against == "rest" else request.against[0], request.period

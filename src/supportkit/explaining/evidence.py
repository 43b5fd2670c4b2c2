"""What else happened in the same place and time as a change: topics of tickets, other events, what people chose.

For each: how often it occurred in the place (the top slice of `why`, as far as the table knows its columns) and
elsewhere, before and after. q says how sure a rise here is: of a count, exact binomial against the count before; of a
choice, Fisher's test against the choices before; of a group, Fisher's test against elsewhere. Together in time and
place is no cause.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
from supportkit.system.frozen import dataclass
from supportkit.system.named import NamedTuple

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
select step as what,
       count(*) filter (where {here}) as here,
       count(*) filter (where not coalesce({here}, false)) as elsewhere
  from events
 where not list_contains($steps, step)
 group by step
 order by step
"""


class Sides(NamedTuple):
    """How often one thing occurred in the place and elsewhere, in a period: a row of SQL_TICKETS or SQL_EVENTS."""

    what: str
    here: int
    elsewhere: int


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
        f"together in time and place: {row.here_after} {row.kind} {row.what!r} in {row.place}"
        + (
            f", {row.elsewhere_after} elsewhere"
            if grouped
            else f" ({after}), {row.here_before} ({before}); elsewhere {row.elsewhere_after}, {row.elsewhere_before}"
        )
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
    by = None
    if table == "tickets":  # an export without categories: the topics of the tickets' own words
        ((categories,),) = store.rows(SQL_CATEGORIES)
        by = None if categories else "topic"
        sql = sql.replace("{what}", "by_1" if by else CATEGORY)
    sql = sql.replace("{here}", clause)
    selections = [store.select(table, period=period, by=by) if period else None for period in periods]
    counted = [store.records(Sides, sql, selection, **bound, **values) if selection else [] for selection in selections]
    earlier, later = ({one.what: one for one in part} for part in counted)
    place = slice_name(tuple(own.items()))
    here, elsewhere = sum(one.here for one in later.values()), sum(one.elsewhere for one in later.values())
    before, after = periods
    part = (after.days or 1) / ((after.days or 1) + (before.days or 1)) if before else 0.5
    rows = []
    for what in dict.fromkeys((*earlier, *later)):
        old, new = earlier.get(what, Sides(what, 0, 0)), later.get(what, Sides(what, 0, 0))
        if before is None:
            p = fisher_upper(new.here, here, new.elsewhere, elsewhere)
            rows.append(CountedThing(table, what, place, None, new.here, None, new.elsewhere, p))
        else:
            p = binomial_upper(new.here, old.here + new.here, part)
            rows.append(CountedThing(table, what, place, old.here, new.here, old.elsewhere, new.elsewhere, p))
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
        all_before, all_after = (sum(cases for cases, _ in part.values()) for part in here)
        place = slice_name(tuple(rest.items()))
        for (value,) in sorted({one for part in here for one in part}):
            counts = [cases for cases, _ in (part.get((value,), (0, 0)) for part in (*here, *there))]
            here_before, here_after, there_before, there_after = counts
            p = fisher_upper(here_after, all_after, here_before, all_before)
            rows.append(CountedThing(name, value, place, here_before, here_after, there_before, there_after, p))
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

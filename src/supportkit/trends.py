"""Complaint trends: which categories, tags, countries, … bring more tickets than they should, and since when.

A row is one series. Its tickets are compared with the period before (change) and, from eight periods of history on,
with what its own past, the orders and the week shared by all series lead one to expect (expected, ratio, q, state):
a discounted gamma-Poisson level with negative-binomial tails, or Farrington Flexible from three years of weeks on.
The list is cut at 10 % false discoveries. The rate is tickets per 1,000 orders of the same period (for --by country
the orders of that country), else per 1,000 active customers, else the share of all tickets. In the test a customer
counts once a period. Without --period it is the last complete week; a part period is neither compared nor tested.
All tickets count: for complaints alone add --where is_complaint=true.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Final
from zoneinfo import ZoneInfo

from supportkit.trending.blocks import Blocks
from supportkit.trending.exposure import SQL_CUSTOMERS, SQL_ORDERS, Exposure, exposure
from supportkit.parameters import Dimension
from supportkit.period import ALL, Period, containing, last_complete
from supportkit.result import Chart, Column, Result, Value
from supportkit.store import Store

if TYPE_CHECKING:
    from supportkit.stats.episodes import Outlook
    from supportkit.stats.grid import Grid
    from supportkit.stats.outbreak import Array

__all__ = ["SQL_CUSTOMERS", "SQL_ORDERS", "trends"]

TITLE = "Trends: what rises"
TABLES = ("tickets", "orders", "events")
SOURCE = "West & Harrison 1997; Noufaily et al. 2013 (Farrington Flexible); Benjamini & Hochberg 1995"
FACTS = (
    Column("tickets", "count", better="down"),
    Column("tickets_before", "count", "before"),
    Column("change", "share", better="down"),
    Column("series", "count"),
    Column("tested", "count"),
    Column("rising", "count", better="down"),
    Column("new", "count", better="down"),
    Column("falling", "count"),
    Column("common_factor", "number"),
)
ADDED = (
    Column("share", "share", "share of tickets"),
    Column("expected", "number"),
    Column("expected_low", "number", "low"),
    Column("expected_high", "number", "high"),
    Column("ratio", "number", better="down"),
    Column("ratio_low", "number", "low"),
    Column("ratio_high", "number", "high"),
    Column("excess", "number", better="down"),
    Column("since", "date"),
    Column("state", "text"),
    Column("q", "number"),
)
RATES: Final = {
    "orders": (Column("rate", "number", "per 1,000 orders"), Column("rate_before", "number", "before")),
    "customers": (Column("rate", "number", "per 1,000 customers"), Column("rate_before", "number", "before")),
    "tickets": (Column("rate", "share", "share of tickets"), Column("rate_before", "share", "share before")),
}
WEEK: Final = 7
NOTABLE: Final = 0.2  # of the common factor's logarithm: above 1.22 or below 0.82
LEAST_SILENCE: Final = 3.0  # tickets that usually come: none of them is no accident
LEAST_EXPECTED: Final = 1.0  # a ratio to less than one ticket says nothing
UP: Final = ("new", "rising", "ongoing")

SQL = """
with dated as (
        select by_1, by_2, coalesce(customer_id, source || ' ' || ticket_id) as writer,
               cast(floor(coalesce(date_diff('month', cast($start as date), over_start) / nullif($months, 0),
                                   date_diff('day', cast($start as date), over_start) / nullif($days, 0))) as integer)
               as block
          from tickets)
select by_1, by_2, block, count(*) as tickets, count(distinct writer) as writers
  from dated
 where block > -$blocks
 group by by_1, by_2, block
 order by by_1, by_2, block
"""
SQL_DAYS = """
select over_start as day, count(*) as tickets
  from tickets
 group by over_start
 order by over_start
"""
SQL_FIRST = """
select cast(min(over_start) as date) as first
  from tickets
"""


def trends(
    store: Store,
    *,
    period: Period = ALL,
    by: Annotated[str | None, Dimension("tickets")] = "category",
) -> Result:
    """Which categories, tags or countries bring more tickets than they should."""
    from supportkit.stats.episodes import everything, outlook
    from supportkit.stats.grid import Grid

    period = _closed(store, period)
    past = Period(period.name, None, period.end)
    scope, notes = store.scope(store.select("tickets", period=period))
    days = dict(store.rows(SQL_DAYS, store.select("tickets", period=past, over="day")))
    blocks = Blocks.of(period, _begin(Blocks.of(period, None), days))
    selection = store.select("tickets", period=past, by=by, over="day")
    grid = Grid.of(store.rows(SQL, selection, **blocks.parameters), len(selection.by), blocks.count)
    total = _totals(days, blocks)
    against = exposure(store, past, blocks, total, grid.keys, selection.by)
    compared = blocks.whole and not _is_part(period, days, store.as_of)
    usable = total > 0
    usable[-1] &= compared and (period.days or 0) >= WEEK
    view = View(
        grid,
        against,
        total,
        outlook(grid.writers, against.amounts, usable),
        everything(grid.writers, against.shared(blocks.lengths), usable),
        blocks,
        compared,
    )
    rows = view.rows()
    facts = view.facts(len(rows))
    if not selection.by:
        rows = [(*facts, *row[len(FACTS) :]) for row in rows] or [facts + (None,) * (len(ADDED) + 2)]
    return Result(
        metric="trends",
        title=TITLE,
        definition=f"tickets of {period.name} against {period.previous().name} and against what was to be expected",
        columns=(*(Column(name, "text") for name in selection.by), *FACTS, *RATES[against.kind], *ADDED),
        rows=tuple(rows),
        facts=dict(zip((fact.name for fact in FACTS), facts, strict=True)),
        fact_columns=FACTS,
        notes=(*notes, *against.notes, *view.notes(selection.by, min(days, default=None))),
        scope=scope,
        chart=Chart("bar", x=selection.by[0], y="tickets") if selection.by else None,
    )


@dataclass(frozen=True)
class View:
    """All that the rows, the facts and the notes are made of."""

    grid: Grid
    against: Exposure
    total: Array  # (blocks,) tickets
    seen: Outlook
    common: float | None  # what all series share
    blocks: Blocks
    compared: bool

    def rows(self) -> list[tuple[Value, ...]]:
        """A row per series that is there now, was there before, or is told of; the greatest rise first."""
        import numpy as np

        counted = np.broadcast_to(self.against.counted, self.grid.tickets.shape)
        per = 1 if self.against.kind == "tickets" else 1000
        found = []
        for number, key in enumerate(self.grid.keys):
            now, before = (int(each) for each in self.grid.tickets[number, [-1, -2]])
            state = self.seen.state[number]
            if not now and not before and state == "steady":
                continue
            row = (
                *key,
                now,
                before,
                now / before - 1 if before and self.compared else None,
                1,
                int(self.seen.tested),
                int(state in UP),
                int(state == "new"),
                int(self.seen.fell[number]),
                self.common if self.seen.tested else None,
                _over(per * now, counted[number, -1]),
                _over(per * before, counted[number, -2]),
                _over(now, self.total[-1]),
                *self.judged(number),
            )
            excess = self.seen.counts[number] - self.seen.expected[number]
            rise = float(excess) if self.seen.tested else float(now - before)
            found.append(((state not in UP, -rise, key), row))
        return [row for _, row in sorted(found, key=lambda pair: pair[0])]

    def judged(self, number: int) -> tuple[Value, ...]:
        """expected … q of a series, in tickets: the test counts a customer once a period."""
        if not self.seen.tested:
            return (None,) * len(ADDED[1:])
        seen, scale = self.seen, float(self.grid.per_writer[number])
        expected = float(seen.expected[number]) * scale
        begun = int(seen.since[number])
        ratios: tuple[Value, ...] = (None, None, None)
        if expected >= LEAST_EXPECTED:
            ratios = tuple(float(part[number]) for part in (seen.ratio, seen.ratio_low, seen.ratio_high))
        return (
            expected,
            float(seen.low[number]) * scale,
            float(seen.high[number]) * scale,
            *ratios,
            float(seen.counts[number]) * scale - expected,
            self.blocks.first_day(begun) if begun >= 0 else None,
            seen.state[number],
            float(seen.q[number]),
        )

    def facts(self, shown: int) -> tuple[Value, ...]:
        """The totals, and how many series are in which state."""
        now, before = int(self.total[-1]), int(self.total[-2])
        change = now / before - 1 if before and self.compared else None
        states = self.seen.state
        return (
            now,
            before,
            change,
            shown,
            len(states) if self.seen.tested else 0,
            sum(state in UP for state in states),
            states.count("new"),
            int(self.seen.fell.sum()),
            self.common if self.seen.tested else None,
        )

    def notes(self, by: Sequence[str], first: date | None) -> tuple[str, ...]:
        """What a reader must know: what is not compared, what all series share, how many are tested."""
        notes = []
        if "tags" in by:
            notes.append("a ticket with several tags is in several rows, so the rows may exceed the total")
        if first and not self.blocks.whole:
            notes.append(f"the period before is not compared: the data begins on {first}")
        if not self.seen.tested:
            if first and self.compared:
                notes.append("nothing is tested: that needs eight whole periods of at least a week before this one")
            return tuple(notes)
        notes.append(
            f"{len(self.seen.state)} series tested; at most one in ten of those called new or rising is expected false"
        )
        if self.common is not None and abs(math.log(self.common)) > NOTABLE:
            what = f"up {self.common:.1f} times" if self.common > 1 else f"down to {self.common:.1f} of the usual"
            notes.append(f"everything is {what}: all series share that, and each is judged beside it")
        return tuple(notes)


def _closed(store: Store, period: Period) -> Period:
    """The period; the last complete week where none is given, and the data's end on an open side."""
    through = store.latest("tickets")
    if period.start is None and period.end is None:
        if through is None:
            return containing(date(1970, 1, 1), "week")
        return last_complete("week", store.as_of or through, store.zone)
    if period.end is None:
        assert period.start is not None
        last = through.astimezone(ZoneInfo(store.zone)).date() if through else period.start
        return replace(period, end=max(last, period.start) + timedelta(days=1))
    if period.start is None:
        first = store.rows(SQL_FIRST, store.select("tickets", over="day"))[0][0] or period.end
        return replace(period, start=min(first, period.end - timedelta(days=1)))
    return period


def _is_part(period: Period, days: Mapping[date, int], as_of: datetime | None) -> bool:
    """Whether the data ends inside the period: as-of does, or days are silent that have tickets in other weeks."""
    assert period.end is not None
    if not days or (as_of is not None and as_of.date() < period.end - timedelta(days=1)):
        return True
    last = max(days)
    return _is_silent(days, last + timedelta(days=1), period.end, step=-1)


def _begin(blocks: Blocks, days: Mapping[date, int]) -> date | None:
    """The first day of the data: the start of its block where nothing speaks for missing days before it."""
    if not days:
        return None
    first = min(days)
    start = blocks.day(blocks.number(first))
    return first if _is_silent(days, start, first, step=1) else start


def _is_silent(days: Mapping[date, int], start: date, end: date, *, step: int) -> bool:
    """Whether tickets are missing on the days [start, end): the same weekdays of eight weeks beside have three."""
    silent = [start + timedelta(days=number) for number in range((end - start).days)]
    usual = [[days.get(day + step * timedelta(weeks=week), 0) for week in range(1, 9)] for day in silent]
    beside = max(1, min(8, (max(days) - min(days)).days // WEEK))
    return len(silent) > 8 * WEEK or sum(sum(weeks) / beside for weeks in usual) >= LEAST_SILENCE


def _totals(days: Mapping[date, int], blocks: Blocks) -> Array:
    """Tickets of each block."""
    import numpy as np

    total = np.zeros(blocks.count)
    for day, tickets in days.items():
        if blocks.index(day) >= 0:
            total[blocks.index(day)] += tickets
    return total


def _over(part: float, whole: float) -> float | None:
    return float(part / whole) if whole else None

"""Complaint trends: which categories, tags, countries, … bring more tickets than they should, and since when.

A row is one series. Its tickets are compared with the period before (change), a few days with the same weekdays
before, and, from eight periods of history on, with what its own past, the orders and the week shared by all series lead
one to expect (expected, ratio, q, state): a discounted gamma-Poisson level with negative-binomial tails, or Farrington
Flexible from three years of weeks on. The list is cut at 5 % false discoveries. The rate is tickets per 1,000 orders of
the same period that are revenue (for --by country those of that country), else per 1,000 active customers, else the
share of all tickets. In the test a customer counts once a period. Without --period it is the last complete week; a part
period is neither compared nor tested. A day is judged with the six days before it. All tickets count: for complaints
alone add --where is_complaint=true.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any, Final

from supportkit.offers.cases import ALL as EVERY
from supportkit.offers.cases import Cases
from supportkit.offers.ticket_cases import ticket_cases
from supportkit.period import ALL, Period
from supportkit.result import Chart, Kind, Result, count, detail, figure, key, named_apart
from supportkit.store import Store
from supportkit.store.parameters import Dimension
from supportkit.store.selection import SEVERAL, split_dimensions
from supportkit.trending.beginnings import beginnings
from supportkit.trending.complaints import SQL_COMPLAINTS, leaves
from supportkit.trending.data_gaps import KnownShare, data_gaps
from supportkit.trending.equal_periods import Blocks
from supportkit.trending.exposure import SQL_CUSTOMERS, SQL_ORDERS, exposure
from supportkit.trending.findings import findings as findings
from supportkit.trending.history_rows import PAST, past_rows
from supportkit.trending.judged_days import (
    WEEK,
    closed_period,
    covered,
    first_day,
    is_part,
    last_week,
    seven_days,
    share_of_week,
    too_short,
)
from supportkit.trending.name_changes import SQL_DAILY, SQL_WORDS, as_if_always, name_changes, told
from supportkit.trending.names_in_doubt import held_back
from supportkit.trending.origins import SQL_PLACES, origins
from supportkit.trending.spellings import SPELT_ALIKE, spelt_alike
from supportkit.trending.trend_rows import PICTURE, TrendRows
from supportkit.trending.uncompared import alone, of_none

if TYPE_CHECKING:
    from supportkit.stats.outbreak import Array, Mask
    from supportkit.stats.series_grid import Grid

__all__ = [
    "SQL_COMPLAINTS",
    "SQL_CUSTOMERS",
    "SQL_DAILY",
    "SQL_ORDERS",
    "SQL_PLACES",
    "SQL_WORDS",
    "leaves",
    "trends",
]

TITLE = "Trends: what rises"
TABLES = ("tickets", "orders", "events")
COMPARES = True
SOURCE = "West & Harrison 1997; Noufaily et al. 2013 (Farrington Flexible); Benjamini & Hochberg 1995"
EXAMPLES = (
    "trends --by category,country",
    "trends --period 2026-10 --where channel=chat",
    "trends --past --explain -o trends.html",
)
FACTS = (
    count("tickets", better="down"),
    count("tickets_before", "before"),
    figure("change", "share", n="tickets_before", better="down"),
    count("series", aside=True),
    count("tested", aside=True),
    figure("rising", "count", n="tested", better="down", aside=True),
    figure("new", "count", n="tested", better="down", aside=True),
    figure("falling", "count", n="tested", aside=True),
    figure("common_factor", "number", n="tested", aside=True),
)
ADDED = (
    figure("share", "share", "share of tickets", n="all_tickets", aside=True),
    figure("expected", "count", n="tested"),
    figure("expected_low", "count", "low", n="tested", aside=True),
    figure("expected_high", "count", "high", n="tested", aside=True),
    figure("ratio", "number", n="tested", better="down"),
    figure("ratio_low", "number", "low", n="tested", aside=True),
    figure("ratio_high", "number", "high", n="tested", aside=True),
    figure("excess", "count", n="tested", better="down", aside=True),
    detail("since", "date"),
    detail("state", "text"),
    figure("q", "number", n="tested", aside=True),
    detail("comes_from", "text", "where the excess is", aside=True),
    detail("examples", "text", aside=True),
    detail("weeks", "text", f"last {PICTURE} periods and the usual range"),
    count("exposure", "what the rate is of", aside=True),
    count("exposure_before", "what the rate before is of", aside=True),
    count("all_tickets", "tickets of all series", aside=True),
    detail("window", "count", "periods that are judged together", aside=True),
    count("window_tickets", "their tickets", aside=True),
    figure("window_expected", "count", "expected of them", n="tested", aside=True),
    figure("window_ratio", "number", "their ratio", n="tested", better="down", aside=True),
    figure("window_ratio_low", "number", "low", n="tested", aside=True),
    figure("window_ratio_high", "number", "high", n="tested", aside=True),
)
OF_SEVEN_DAYS: Final = {
    "window_tickets": "tickets over seven days",
    "window_expected": "expected over seven days",
    "window_ratio": "ratio over seven days",
}
"""What is judged together where the period is shorter than a week."""
RATE: Final = (
    figure("rate", "number", n="exposure", better="down"),
    figure("rate_before", "number", "before", n="exposure_before", aside=True),
)
NEEDS = dict.fromkeys(
    ("rising", "new", "falling"), "no series is tested: the history is too short, or days are missing from it"
)
TOGETHER: Final = "in the seven days up to {}"
TOLD_BY_SEVEN: Final = "; what rises is told by the seven days that it ends"
OF_EACH: Final = "tickets of each period"
EXPECTED_OF_EACH: Final = "; expected, low and high: what the periods before it led one to expect"
SEVEN_DAYS: Final = "{} is judged with the days before it: state, since and q are of seven days"
RATES: Final[Mapping[str, tuple[Kind, str]]] = {
    "orders": ("number", "per 1,000 orders"),
    "customers": ("number", "per 1,000 customers"),
    "tickets": ("share", "share of tickets"),
}

SQL = """
with dated as (
        select by_1, by_2, over_start, coalesce(customer_id, source || ' ' || ticket_id) as writer,
               cast(floor(coalesce(date_diff('month', cast($start as date), over_start) / nullif($months, 0),
                                   date_diff('day', cast($start as date), over_start) / nullif($stride, 0))) as integer)
               as block
          from tickets),
     counted as (
        select by_1, by_2, block, count(*) as tickets, count(distinct writer) as writers
          from dated
         where block > -$blocks and date_diff('day', cast($start as date), over_start) - block * $stride < $days
         group by by_1, by_2, block)
select by_1, by_2, list(block order by block) as blocks, list(tickets order by block) as tickets,
       list(writers order by block) as writers
  from counted
 group by by_1, by_2
 order by by_1, by_2
"""
SQL_DAYS = """
select over_start as day, count(*) as tickets
  from tickets
 group by over_start
 order by over_start
"""
SQL_EXAMPLES = f"""
with told as (
        select {SPELT_ALIKE} as name, subject, ticket_id, created_at,
               row_number() over (partition by {SPELT_ALIKE}, coalesce(customer_id, source || ' ' || ticket_id)
                                  order by created_at desc, ticket_id) as of_customer
          from tickets
         where subject <> '' and list_contains(cast($parents as varchar[]), {SPELT_ALIKE})),
     distinct_told as (
        select name, subject, max(created_at) as latest, min(ticket_id) as ticket_id
          from told
         where of_customer = 1
         group by name, subject)
select name, subject
  from (select name, subject, row_number() over (partition by name order by latest desc, ticket_id) as place
          from distinct_told)
 where place <= 3
 order by name, place
"""


def trends(
    store: Store,
    *,
    period: Period = ALL,
    by: Annotated[str | None, Dimension("tickets")] = "category",
    explain: Annotated[bool, "say how small a change can be noticed at all"] = False,
    past: Annotated[bool, "a row per period of the last half year"] = False,
) -> Result:
    """Which categories, tags or countries bring more tickets than they should."""
    period = closed_period(store, period)
    scope, notes = store.scope(store.select("tickets", period=period))
    days = dict(store.rows(SQL_DAYS, store.select("tickets", period=period.up_to_end(), over="day")))
    judged = seven_days(period)
    view, said = _view(store, judged, by, days, explain=explain)
    dimensions = split_dimensions(by)
    short = () if days else too_short(store, period)
    drawn = past_rows(view, period.grain) if past and dimensions else []
    if view.seen.tested and dimensions and not store.figures_only:
        view = view.dated(beginnings(view, judged, str(by), last_week(store, judged), partial(_judged_week, store)))
    if (period.days or 0) < WEEK:
        view, said = _of_days(store, view, period, by, days), (*said, SEVEN_DAYS.format(period.name))
    untested = view.untested(period, max(days), part=scope.part) if days else ()
    rows = view.rows()
    facts = view.facts(len(rows))
    if not dimensions:
        rows = [(*facts, *row[len(FACTS) :]) for row in rows] or [facts + (None,) * (len(ADDED) + 2)]
    kind, label = RATES[view.against.kind]
    rates = (replace(RATE[0], kind=kind, label=label), replace(RATE[1], kind=kind))
    asked = tuple(key(name) for name in dimensions)
    keys = named_apart(asked, (*FACTS, *rates, *ADDED))
    by_week = (period.days or 0) < WEEK and view.seen.tested
    added = tuple(replace(one, label=OF_SEVEN_DAYS.get(one.name, one.label)) for one in ADDED) if by_week else ADDED
    result = Result(
        metric="trends",
        title=TITLE,
        definition=_definition(view, period) + (TOLD_BY_SEVEN if by_week else ""),
        columns=(*keys, *FACTS, *rates, *added),
        rows=tuple(rows),
        facts=dict(zip((fact.name for fact in FACTS), facts, strict=True)),
        fact_columns=FACTS,
        notes=(
            *view.sentences(),
            *said,
            *notes,
            *view.against.notes,
            *_limits(dimensions, days, view),
            *untested,
            *short,
        ),
        scope=scope,
        chart=_picture(keys[0].name, view) if keys else None,
        claimed={"tickets": view.claimed()} if keys and view.seen.tested else {},
    )
    if not (past and dimensions):
        return result
    keys = named_apart(asked, (*PAST, *FACTS))
    return replace(
        result,
        definition=OF_EACH + (EXPECTED_OF_EACH if view.seen.tested else ""),
        columns=(*keys, *PAST),
        rows=tuple(drawn),
        claimed={},
        chart=Chart("line", "period", "tickets", keys[0].name, "expected_low", "expected_high", "expected"),
    )


def cases(store: Store, *, period: Period = ALL, by: str | None = "category", **options: Any) -> Cases:
    """The tickets of the period, and those of the one before; the latest first."""
    period = closed_period(store, period)
    before = ticket_cases(store, period=period.previous(), by=by)
    now = ticket_cases(store, period=period, by=by)
    return replace(
        now,
        beside={"before": replace(before, parts={"before": "true"})},
        counts={"tickets": EVERY, "tickets_before": "before"},
    )


def _definition(view: TrendRows, period: Period) -> str:
    """What the tickets of a period stand beside."""
    if not view.compared:
        return of_none(period.name)
    said = f"tickets of {period.name} against {period.previous().name}"
    return f"{said} and against what was to be expected" if view.seen.tested else f"{said}; nothing is tested"


def _picture(by: str, view: TrendRows) -> Chart:
    """The tickets before and now, with the range that was to be expected; where a rise is told by several periods
    together, or by the seven days that a day ends, theirs, and what was expected of them; where nothing is compared
    those of the period alone. What stands out is marked."""
    if not view.compared:
        return alone(by)
    if view.is_told_together:
        return Chart("change", by, "window_tickets", mark="rising", before="window_expected")
    return Chart(
        "change", by, "tickets", low="expected_low", high="expected_high", mark="rising", before="tickets_before"
    )


def _view(
    store: Store, period: Period, by: str | None, days: Mapping[date, int], *, explain: bool, placed: bool = True
) -> tuple[TrendRows, tuple[str, ...]]:
    """The judged series of a period of a week or more, with where they come from where that is wanted, and what else
    there is to say of them."""
    import numpy as np

    from supportkit.stats.episodes import outlook, shared_factor

    past = period.up_to_end()
    blocks = Blocks.of(period, first_day(period, days))
    grid = _grid(store, past, by, blocks)
    names = split_dimensions(by)
    possible = name_changes(store, past, names, blocks)
    changes = [one for one in possible if one.lacks is None]
    counts = as_if_always(grid.writers, grid, changes, blocks)
    total, data = _totals(days, blocks), data_gaps(days, blocks, KnownShare.of(store))
    against = exposure(store, past, blocks, days, total, grid.keys, names)
    compared = blocks.whole and not is_part(period, days, store.as_of)
    usable = (total > 0) & data.enough
    usable[-1] &= compared
    amounts = against.amounts * (1 if against.kind == "tickets" else data.there)
    seen = outlook(counts, amounts, usable, shares=against.kind == "tickets")
    held = held_back(possible, grid, seen)
    quiet = {number for one in held for number in one.series}
    seen = replace(seen, state=tuple("steady" if n in quiet else state for n, state in enumerate(seen.state)))
    common = shared_factor(counts, against.shared(blocks.lengths) * data.there, usable)
    tickets = as_if_always(grid.tickets.astype(float), grid, changes, blocks) if changes else grid.tickets
    told_by = np.array([round(float(tickets[number, -periods:].sum())) for number, periods in enumerate(seen.window)])
    there, past_periods = covered(store, blocks, days), int(usable[:-1].sum())
    per_writer = grid.per_writer
    view = TrendRows(grid, against, total, seen, common, blocks, compared, told_by, per_writer, there, past_periods)
    if placed and len(names) == 1 and view.standing_out:
        view = _with_places(store, view, period, past, names[0], usable)
    return view, (
        *(view.floor() if explain else ()),
        *told(changes, blocks),
        *(one.sentence() for one in held),
        *data.notes,
    )


def _judged_week(store: Store, week: Period, by: str) -> TrendRows:
    """The judged series of a week, which tell when they began."""
    days = dict(store.rows(SQL_DAYS, store.select("tickets", period=week.up_to_end(), over="day")))
    view, _ = _view(store, week, by, days, explain=False, placed=False)
    return view


def _grid(store: Store, past: Period, by: str | None, blocks: Blocks) -> Grid:
    from supportkit.stats.series_grid import Grid

    selection = store.select("tickets", period=past, by=by, over="day")
    return Grid.of(store.rows(SQL, selection, **blocks.parameters), len(selection.by), blocks.count)


def _of_days(store: Store, week: TrendRows, period: Period, by: str | None, days: Mapping[date, int]) -> TrendRows:
    """The tickets and the expectation of a period shorter than a week, under the verdicts on the seven days it ends."""
    past = period.up_to_end()
    blocks = Blocks.of(period, first_day(period, days))
    grid = _grid(store, past, by, blocks).along(week.grid.keys)
    total = _totals(days, blocks)
    against = exposure(store, past, blocks, days, total, grid.keys, split_dimensions(by))
    compared = blocks.whole and not is_part(period, days, store.as_of)
    seen = week.seen.alone().part(grid.writers[:, -1], share_of_week(days, period))
    there = covered(store, blocks, days)
    together = TOGETHER.format(blocks.end - timedelta(days=1))
    told_by = week.grid.tickets[:, -1]
    return replace(
        week, grid=grid, against=against, total=total, seen=seen, compared=compared, covered=there, told_by=told_by,
        together=together,
    )  # fmt: skip


def _totals(days: Mapping[date, int], blocks: Blocks) -> Array:
    """Tickets of each block."""
    import numpy as np

    total = np.zeros(blocks.count)
    for day, tickets in days.items():
        if (index := blocks.holding(day)) >= 0:
            total[index] += tickets
    return total


def _with_places(store: Store, view: TrendRows, period: Period, past: Period, by: str, usable: Mask) -> TrendRows:
    """The view with where the loud series' tickets come from, and three examples of each from different customers."""
    amounts = view.against.amounts
    rises = {
        view.grid.keys[n][0]: (int(view.seen.since[n]), amounts[n if len(amounts) > 1 else 0])
        for n in view.standing_out
    }
    examples: dict[str, list[str]] = {}
    usual = {spelt_alike(name): name for name in rises}
    selection = store.select("tickets", period=period, by=by)
    for name, subject in store.rows(SQL_EXAMPLES, selection, parents=list(usual)):
        examples.setdefault(usual[name], []).append(f'"{subject}"')
    found = origins(store, past, by, rises, view.blocks, usable)
    return replace(view, places=found, examples={name: ", ".join(each) for name, each in examples.items()})


def _limits(by: Sequence[str], days: Mapping[date, int], view: TrendRows) -> list[str]:
    """What is not compared or not tested, and why."""
    said = []
    if "tags" in by:
        said.append(SEVERAL)
    if days and not view.blocks.whole:
        said.append(f"the period before is not compared: the data begins on {min(days)}")
    return said

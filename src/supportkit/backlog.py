"""Backlog: the tickets that are open at the end of the period, and how old they are.

A ticket is open from its creation until it is solved or closed, and again while its log says so. It is counted at an
instant, the last one of the period, or of each day, week or month in it; all tickets created by then belong to it,
however long before the period. What came in (created or opened again) less what went out (solved or closed), since the
period's start or since the end of the day, week or month before, is the change of the stock. Its age runs from its
creation in calendar time, to the second. Merged, spam and deleted tickets are not open, and one that is solved while no
date says when is in no backlog.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, datetime
from typing import Annotated, Any, NamedTuple

from supportkit.desk.backlog_findings import findings as findings
from supportkit.desk.flows import SQL_FLOWS, Flow, from_the_start
from supportkit.desk.impossible import impossible_notes
from supportkit.desk.replies import as_needed
from supportkit.desk.silent_spans import silent_spans
from supportkit.desk.standing import STANDING, at_instants, ends, known_until
from supportkit.desk.standing_cases import open_tickets
from supportkit.desk.untold import OUTCOMES, untold_files, untold_notes
from supportkit.offers.cases import Cases
from supportkit.period import ALL, Over, Period
from supportkit.result import Result, Value, count, counted, figure, named_apart, picture_by
from supportkit.store import Store
from supportkit.store.parameters import Dimension
from supportkit.store.selection import SEVERAL

TITLE = "Backlog: open tickets and their age"
TABLES = ("tickets", "messages")
CUT = "stock"
REQUIRES = ("tickets.status or tickets.solved_at or tickets.closed_at or messages",)
SOURCE = "stock at an instant, as in Zendesk's unsolved tickets; the bands are ours"
EXAMPLES = ("backlog --by channel", "backlog --over week --period 2026-10", "backlog --where country=DE")
FACTS = (
    figure("backlog", "count", n="tickets", better="down"),
    figure("under_1_day", "count", "under a day", n="tickets"),
    figure("from_1_to_7_days", "count", "1 to 7 days", n="tickets"),
    figure("from_7_to_30_days", "count", "7 to 30 days", n="tickets"),
    figure("over_30_days", "count", "30 days and more", n="tickets", better="down"),
    figure("age_p50_s", "duration", "age p50", n="open", better="down"),
    figure("age_p90_s", "duration", "age p90", n="open", better="down"),
    figure("backlog_before", "count", "backlog before", n="tickets"),
    figure("inflow", "count", "came in", n="tickets"),
    figure("outflow", "count", "went out", n="tickets", better="up"),
    count("tickets", "created by then", aside=True),
    count("open", "open tickets", aside=True),
)

COUNTED_AMONG = {"open": "tickets"}
MOVED = ("backlog_before", "inflow", "outflow", "tickets")
STANDING_NOW = tuple(fact.name for fact in FACTS if fact.name not in MOVED)
"""The figures of open tickets alone: of these the words that nobody knows are a greater share than of all."""

SQL = f"""
with {STANDING}
select existing.by_1, existing.by_2, existing.moment, existing.day,
       any_value(existing.tickets) as tickets,
       count(standing.ticket_id) as open,
       count(*) filter (where age_s < 86400) as under_1_day,
       count(*) filter (where age_s >= 86400 and age_s < 7 * 86400) as from_1_to_7_days,
       count(*) filter (where age_s >= 7 * 86400 and age_s < 30 * 86400) as from_7_to_30_days,
       count(*) filter (where age_s >= 30 * 86400) as over_30_days,
       round(quantile_cont(age_s, 0.5)) as age_p50_s,
       round(quantile_cont(age_s, 0.9)) as age_p90_s
  from existing
  left join standing on standing.by_1 is not distinct from existing.by_1
   and standing.by_2 is not distinct from existing.by_2 and standing.moment = existing.moment
 where existing.tickets > 0 or not existing.is_told
 group by existing.by_1, existing.by_2, existing.moment, existing.day
 order by existing.by_1, existing.by_2, existing.moment
"""
SQL_UNKNOWN = f"""
with {STANDING}
select count(*) filter (where is_undated and not is_impossible) as undated,
       count(*) filter (where is_reopened and not is_impossible) as reopened,
       count(*) filter (where first_at is not null) as logged, count(resolved_at) as solved,
       count(*) filter (where is_impossible) as impossible
  from dated
"""
SQL_NOBODY_KNOWS = f"""
with {STANDING}
select by_1, by_2, day, count(*) filter (where status = 'unknown') / count(*) as share
  from standing
 group by by_1, by_2, moment, day
 order by by_1, by_2, moment
"""


class Stock(NamedTuple):
    """The open tickets of a group, or of all, at an instant: a row of SQL."""

    by_1: str | None
    by_2: str | None
    moment: datetime
    day: date
    tickets: int
    open: int
    under_1_day: int
    from_1_to_7_days: int
    from_7_to_30_days: int
    over_30_days: int
    age_p50_s: float | None
    age_p90_s: float | None


class Known(NamedTuple):
    """What of the tickets no date tells, and how many have a log of their states: the row of SQL_UNKNOWN."""

    undated: int
    reopened: int
    logged: int
    solved: int
    impossible: int


def backlog(
    store: Store,
    *,
    period: Period = ALL,
    by: Annotated[str | None, Dimension("tickets")] = None,
    over: Annotated[Over | None, "one row per day, week or month, at its end"] = None,
) -> Result:
    """Tickets left open at the end of the period, and how old they are."""
    tickets = store.select("tickets", period=period.up_to_end(), by=by, over=over)
    messages = store.select("messages", joined=True)
    scope, notes = store.scope(tickets, messages, asked_period=period)
    until = known_until(store)
    instants, untold = ends(store, tickets, period, over, until), untold_files(store, OUTCOMES)
    groups = store.records(Stock, as_needed(store, SQL), tickets, messages, **at_instants(store, instants, untold))
    every = store.without_dimensions(tickets)
    last = at_instants(store, instants[-1:], untold)
    total = next(iter(store.records(Stock, as_needed(store, SQL), every, messages, **last)), None)
    moved = store.records(
        Flow, as_needed(store, SQL_FLOWS), every, messages, **_between(store, period, None, instants[-1:])
    )
    facts = _facts(total, moved[-1] if moved else None)
    rows = [facts]
    if tickets.columns:
        flows = store.records(
            Flow, as_needed(store, SQL_FLOWS), tickets, messages, **_between(store, period, over, instants)
        )
        own = {(flow.by_1, flow.by_2, flow.moment): flow for flow in flows}
        inside = {one.moment for one in groups}
        came: Counter[datetime] = Counter()
        for flow in flows:
            if flow.moment in inside:
                came[flow.moment] += flow.inflow
        spans = silent_spans(store, over, came) if over else []
        silent = {end for span in spans for end in span.ends}
        notes += tuple(span.told for span in spans)
        rows = [
            tickets.values(one.by_1, one.by_2, one.day)
            + (_nothing_known(one) if one.moment in silent else _facts(one, own.get((one.by_1, one.by_2, one.moment))))
            for one in groups
        ]
    (known,) = store.records(Known, as_needed(store, SQL_UNKNOWN), every, messages, **last)
    if scope.unknown_shares:
        asked = as_needed(store, SQL_NOBODY_KNOWS)
        groups_now = store.rows(asked, tickets, messages, **at_instants(store, instants, untold))
        shares: dict[tuple[Value, ...] | None, float] = {tickets.values(*group): share for *group, share in groups_now}
        shares[()] = next((row[-1] for row in store.rows(asked, every, messages, **last)), 0.0)
        scope = replace(scope, unknown_figures={**scope.unknown_figures, **dict.fromkeys(STANDING_NOW, shares)})
    if tickets.several:
        notes += (SEVERAL,)
    keys = named_apart(tickets.columns, FACTS)
    return Result(
        metric="backlog",
        title=TITLE,
        definition="tickets created by the end of the period and neither solved nor closed by then, with their age",
        columns=keys + FACTS,
        rows=tuple(rows),
        facts=dict(zip((fact.name for fact in FACTS), facts, strict=True)),
        fact_columns=FACTS,
        notes=(
            *notes,
            *untold_notes(store, tickets, OUTCOMES, "all figures"),
            *impossible_notes(known.impossible),
            *_notes(known),
        ),
        scope=replace(scope, as_of=until),
        chart=picture_by(keys, "backlog"),
    )


def cases(
    store: Store, *, period: Period = ALL, by: str | None = None, over: Over | None = None, **options: Any
) -> Cases:
    """The open tickets, the oldest first."""
    return open_tickets(store, period=period, by=by, over=over)


def _between(store: Store, period: Period, over: Over | None, instants: list[datetime]) -> dict[str, Any]:
    """The parameters of a count of what came and went up to each instant, since the one before or the start."""
    return at_instants(store, from_the_start(store, period, over, instants), untold_files(store, OUTCOMES))


def _facts(stock: Stock | None, flow: Flow | None) -> tuple[Value, ...]:
    if stock is None or flow is None or not stock.tickets:
        return (*(None,) * 10, 0, 0)
    bands = (stock.under_1_day, stock.from_1_to_7_days, stock.from_7_to_30_days, stock.over_30_days)
    flows = (flow.before, flow.inflow, flow.outflow)
    return (stock.open, *bands, stock.age_p50_s, stock.age_p90_s, *flows, stock.tickets, stock.open)


def _nothing_known(stock: Stock) -> tuple[Value, ...]:
    """The figures of an instant before which tickets are missing: how many were created by then is all there is."""
    return (*(None,) * 10, stock.tickets, 0)


def _notes(known: Known) -> tuple[str, ...]:
    undated, reopened, logged, solved, _ = known
    notes = []
    if undated:
        one = "{n} ticket is solved and no date says when: it is in no backlog"
        notes.append(counted(undated, one, "{n} tickets are solved and no date says when: they are in no backlog"))
    if reopened:
        one = "{n} ticket is open again and no log says since when: from its last change on"
        many = "{n} tickets are open again and no log says since when: from their last change on"
        notes.append(counted(reopened, one, many))
    if solved and not logged:
        notes.append(
            "no log of states: a ticket is open here until its last solve, also where it was solved and opened again "
            "before, and came in when it was created alone"
        )
    return tuple(notes)

"""Reconcile: our first reply and resolution beside the vendor's own, ticket by ticket, and whose definition fits best.

The vendor's first reply is its duration (vendor_first_reply_s), else first_reply_at less the creation; its resolution
is vendor_resolution_s. Compared are tickets where both are known and ours does not rest on theirs: those with messages,
else with first_reply_at beside the vendor's duration, and those with a solved_at or closed_at. A difference is
absolute, in seconds of the clock, or of working hours where a calendar is configured and the definition says so. The
definition that fits best has the most within a minute, then the smallest median difference.
"""

from __future__ import annotations

from typing import Annotated, Any, NamedTuple, get_args

from supportkit.desk.business_time import Calendars, Hours, working_hours
from supportkit.desk.definitions import DEFINITIONS, Name
from supportkit.desk.promises import LOG, verdict_parameters, verdicts
from supportkit.desk.reconcile_findings import findings as findings
from supportkit.desk.replies import as_needed
from supportkit.desk.vendor_times import vendor_times
from supportkit.offers.cases import ALL as EVERY
from supportkit.offers.cases import TICKETS, Cases
from supportkit.period import ALL, Period
from supportkit.result import Column, Result, Value, count, detail, figure, key, named_apart
from supportkit.store import Selection, Store
from supportkit.store.parameters import Dimension, FromConfig
from supportkit.store.selection import SEVERAL

TITLE = "Reconcile: our times beside the vendor's"
TABLES = ("tickets", "messages")
SOURCE = "the vendors' definitions as they document them; the comparison is ours"
EXAMPLES = ("reconcile", "reconcile --period 2026-10", "reconcile --rows apart --top 10")
FACTS = (
    count("compared", "tickets compared"),
    figure("median_difference_s", "duration", "median difference", n="compared", better="down"),
    figure("within_a_minute", "share", n="compared", better="up"),
    detail("best_definition", "text", n="compared"),
    count("compared_resolution", "resolutions compared"),
    figure("resolution_median_difference_s", "duration", "resolution, median difference", n="compared_resolution"),
    figure("resolution_within_a_minute", "share", n="compared_resolution", better="up"),
)
COLUMNS = (
    key("figure"),
    key("definition"),
    count("tickets", "compared"),
    figure("median_difference_s", "duration", "median difference", n="tickets", better="down"),
    figure("within_a_minute", "share", n="tickets", better="up"),
    figure("ours_p50_s", "duration", "so defined p50", n="tickets"),
    figure("vendor_p50_s", "duration", "vendor p50", n="tickets"),
    detail("says", "text"),
)
RESTS = dict.fromkeys(("compared", "median_difference_s", "within_a_minute", "best_definition"), LOG)
"""The figures of which the words of some columns decide."""
MINUTE = 60
WORST = 10
HOURS = "ours, working hours"
SOLVED = "resolution"
"""Under it the comparison of resolutions stands beside those of definitions."""

_APART = "(has_messages or told.first_reply_at is not null and told.vendor_first_reply_s is not null)"
"""Our first reply rests on something else than the vendor's."""
_BESIDE = f""",
     beside as (
        select verdict.source, verdict.ticket_id, verdict.by_1, verdict.by_2, verdict.over_start,
               case when {_APART} and reply_s >= 0 then reply_s end as reply_s,
               case when {_APART} and reply_s >= 0 then reply_work_s end as reply_work_s,
               coalesce(told.vendor_first_reply_s,
                        (epoch_us(told.first_reply_at) - epoch_us(told.created_at)) / 1e6) as vendor_reply_s,
               case when not has_no_end and resolved_s >= 0 then resolved_s end as resolved_s,
               told.vendor_resolution_s as vendor_resolved_s, has_messages
          from verdict
          join main.tickets as told on told.source = verdict.source and told.ticket_id = verdict.ticket_id)"""
_COMPARED = f"""{_BESIDE},
     pair as (
        select by_1, by_2, 'first reply' as figure, reply_s as ours_s, vendor_reply_s as vendor_s, has_messages
          from beside
         union all
        select by_1, by_2, 'first reply, working hours', reply_work_s, vendor_reply_s, has_messages from beside
         union all
        select by_1, by_2, 'resolution', resolved_s, vendor_resolved_s, has_messages from beside)
select by_1, by_2, figure, count(*) as tickets, quantile_cont(abs(ours_s - vendor_s), 0.5) as median_difference_s,
       count(*) filter (where abs(ours_s - vendor_s) <= {MINUTE}) as near,
       quantile_cont(ours_s, 0.5) as ours_p50_s, quantile_cont(vendor_s, 0.5) as vendor_p50_s,
       count(*) filter (where has_messages) as logged
  from pair
 where ours_s is not null and vendor_s is not null
 group by by_1, by_2, figure
 order by by_1, by_2, figure
"""
SQL_GROUPS = "select distinct by_1, by_2 from tickets order by by_1, by_2"
SQL = f"with {verdicts()}{_COMPARED}"
_CASES = f"""{_BESIDE},
     behind as materialized (
        select source, ticket_id, by_1, by_2, over_start, reply_s as first_reply_s, vendor_reply_s,
               abs(reply_s - vendor_reply_s) as difference_s, resolved_s as resolution_s, vendor_resolved_s,
               abs(resolved_s - vendor_resolved_s) as resolution_difference_s
          from beside)
"""


SQL_WORST = f"""with {verdicts()}{_BESIDE}
select ticket_id
  from beside
 where abs(reply_s - vendor_reply_s) > {MINUTE}
 order by abs(reply_s - vendor_reply_s) desc, source, ticket_id
 limit {WORST}
"""


class Compared(NamedTuple):
    """Our times and the vendor's, compared, in a group: a row of SQL."""

    by_1: str | None
    by_2: str | None
    figure: str
    tickets: int
    median_difference_s: float
    near: int
    ours_p50_s: float
    vendor_p50_s: float
    logged: int


def reconcile(
    store: Store,
    *,
    period: Period = ALL,
    by: Annotated[str | None, Dimension("tickets")] = None,
    calendar: Annotated[Calendars | None, FromConfig("calendar")] = None,
) -> Result:
    """Our first reply and resolution beside the vendor's own figures, and which definition fits them."""
    tickets = store.select("tickets", period=period)
    messages = store.select("messages", joined=True)
    scope, notes = store.scope(tickets, messages, figures=RESTS)
    hours = working_hours(store, tickets, calendar) if calendar else None
    given = verdict_parameters(store, None)
    asked = given | (hours.parameters if hours else {})
    found = _by_group(store, tickets, messages, hours, asked).get((None, None), {})
    replies, solved = _replies(found), found.get(SOLVED)
    facts, ours = _facts(found), replies.get("ours")
    columns: tuple[Column, ...] = COLUMNS
    rows: list[tuple[Value, ...]] = [
        ("first reply", name, *_figures(one), _said(name)) for name, one in _ordered(replies)
    ]
    rows += [("resolution", "ours", *_figures(solved), "last solve, from creation")] if solved else []
    if by is not None:
        split = store.select("tickets", period=period, by=by)
        columns = named_apart(split.columns, FACTS) + FACTS
        groups = _by_group(store, split, messages, hours, asked)
        rows = [
            (*split.values(by_1, by_2, None), *_facts(groups.get((by_1, by_2), {})))
            for by_1, by_2 in store.rows(SQL_GROUPS, split)
        ]
        notes += (SEVERAL,) if split.several else ()
    return Result(
        metric="reconcile",
        title=TITLE,
        definition="our times beside the vendor's own, where both are known: absolute differences",
        columns=columns,
        rows=tuple(rows),
        facts=dict(zip((fact.name for fact in FACTS), facts, strict=True)),
        fact_columns=FACTS,
        notes=(*notes, *(hours.notes if hours else ()), *_notes(store, tickets, messages, given, ours, solved)),
        scope=scope,
    )


def cases(store: Store, *, period: Period = ALL, by: str | None = None, **options: Any) -> Cases:
    """The tickets whose times are compared, those furthest apart first."""
    tickets = store.select("tickets", period=period, by=by)
    messages = store.select("messages", joined=True)
    scope, notes = store.scope(tickets, messages)
    names = ("first_reply_s", "vendor_reply_s", "difference_s", "resolution_s", "vendor_resolved_s")
    return Cases(
        unit=TICKETS,
        sql=as_needed(store, f"with {verdicts(by=tickets.by)}{_CASES}"),
        selections=(tickets, messages),
        values=tuple(detail(name, "duration") for name in (*names, "resolution_difference_s")),
        parts={
            EVERY: "difference_s is not null",
            "apart": f"difference_s > {MINUTE}",
            "resolutions": "resolution_difference_s is not null",
            "resolutions_apart": f"resolution_difference_s > {MINUTE}",
        },
        order=(
            *("difference_s desc nulls last", "resolution_difference_s desc nulls last"),
            *("source", "ticket_id", "by_1", "by_2"),
        ),
        parameters=verdict_parameters(store, None),
        scope=scope,
        notes=notes,
        among={"apart": "difference_s is not null", "resolutions_apart": "resolution_difference_s is not null"},
        counts={"compared": EVERY, "compared_resolution": "resolutions"},
        tells={"within_a_minute": "apart", "median_difference_s": "apart"},
    )


def _by_group(
    store: Store, tickets: Selection, messages: Selection, hours: Hours | None, given: dict[str, Any]
) -> dict[tuple[str | None, str | None], dict[str, Compared]]:
    """What is compared in each group: first replies by the name of the definition, and the resolution."""
    found: dict[tuple[str | None, str | None], dict[str, Compared]] = {}
    for name in get_args(Name):
        query = f"with {verdicts(name, within_hours=hours is not None, by=tickets.by)}{_COMPARED}"
        for one in store.records(Compared, as_needed(store, query), tickets, messages, **given):
            own = found.setdefault((one.by_1, one.by_2), {})
            if one.figure == "first reply":
                own[name] = one
            elif name == "ours":
                own[SOLVED if one.figure == "resolution" else HOURS] = one
    return found


def _replies(found: dict[str, Compared]) -> dict[str, Compared]:
    """The definitions of the first reply that can be told from one another: without a log none can."""
    replies = {name: one for name, one in found.items() if name != SOLVED}
    if "ours" in replies and not replies["ours"].logged:
        return {name: replies[name] for name in ("ours", HOURS) if name in replies}
    return replies


def _misfit(one: Compared) -> tuple[float, float]:
    """What a definition is chosen by: the least that are further than a minute away, then the median difference."""
    return (-one.near / one.tickets, one.median_difference_s)


def _ordered(found: dict[str, Compared]) -> list[tuple[str, Compared]]:
    """The best first; of those that fit alike, in the order in which they are known."""
    return sorted(found.items(), key=lambda pair: _misfit(pair[1]))


def _figures(one: Compared) -> tuple[Value, ...]:
    return (one.tickets, one.median_difference_s, one.near / one.tickets, one.ours_p50_s, one.vendor_p50_s)


def _facts(found: dict[str, Compared]) -> tuple[Value, ...]:
    replies, ours, solved = _replies(found), found.get("ours"), found.get(SOLVED)
    best = min(replies, key=lambda name: _misfit(replies[name]), default=None) if ours else None
    first, last = (_figures(one)[:3] if one else (0, None, None) for one in (ours, solved))
    return (*first, best, *last)


def _said(name: str) -> str:
    return DEFINITIONS[name].words if name in DEFINITIONS else "ours, by the calendar that is configured"


def _notes(
    store: Store,
    tickets: Selection,
    messages: Selection,
    given: dict[str, Any],
    ours: Compared | None,
    solved: Compared | None,
) -> tuple[str, ...]:
    """What cannot be compared, with the column that has it, and the tickets furthest apart."""
    notes = []
    if ours is None:
        notes.append(
            "no first reply is compared: it needs messages beside the vendor's own figure (vendor_first_reply_s or "
            "first_reply_at), or both of these, as ticket exports of Freshdesk, Freshservice, Intercom and Zammad have "
            "them; that of Zendesk has the first alone"
        )
    if solved is None:
        notes.append(
            "no resolution is compared: it needs solved_at or closed_at, and vendor_resolution_s, as ticket exports of "
            "Zendesk, Freshdesk, Freshservice, Intercom and Zammad have them"
        )
    if ours and ours.logged < ours.tickets:
        notes.append(
            f"{ours.tickets - ours.logged} first replies are first_reply_at beside the vendor's duration: without "
            "messages no definition is told from another"
        )
    worst = [name for (name,) in store.rows(as_needed(store, SQL_WORST), tickets, messages, **given)] if ours else []
    if worst:
        notes.append(f"furthest apart: {', '.join(worst)}; --rows apart lists them with both times")
    within = vendor_times(store)["reply_hours"]
    if ours and within:
        notes.append(f"{', '.join(within)} counts first replies within its business hours: configure [calendar] alike")
    return tuple(notes)

"""The tickets of a stock: those that are open at the end of a period, and of these those that wait for an answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from supportkit.desk.aims import Targets
from supportkit.desk.business_time import Calendars
from supportkit.desk.flows import FLOWS, from_the_start
from supportkit.desk.replies import as_needed
from supportkit.desk.standing import STANDING, at_instants, ends, known_until
from supportkit.desk.untold import FIRST_REPLIES, OUTCOMES, Told, untold_files, untold_notes
from supportkit.desk.waiting_promises import Promise, promises_at
from supportkit.desk.waiting_sql import ENDED, LISTED
from supportkit.offers.cases import ALL as EVERY
from supportkit.offers.cases import TICKETS, Cases
from supportkit.period import ALL, Over, Period
from supportkit.result import Value, detail, key
from supportkit.store import Store

SQL_OPEN: Final = f"""
with {STANDING},
     behind as materialized (
        select source, ticket_id, by_1, by_2, day as over_start, round(age_s) as age_s, state
          from standing)
"""
OPEN: Final = {
    EVERY: "true",
    "under_1_day": "age_s < 86400",
    "from_1_to_7_days": "age_s >= 86400 and age_s < 7 * 86400",
    "from_7_to_30_days": "age_s >= 7 * 86400 and age_s < 30 * 86400",
    "over_30_days": "age_s >= 30 * 86400",
}
SQL_WAITING: Final = f"""
with {LISTED},
     behind as materialized (
        select source, ticket_id, by_1, by_2, day as over_start, round(age_s) as age_s, round(waiting_s) as waiting_s,
               state, cast(null as varchar) as promise, cast(null as double) as promised_s, state = '{ENDED}' as is_over
          from listed)
"""
WAITING: Final = {
    EVERY: "true",
    "unanswered": f"state in ('never answered', '{ENDED}')",
    "customer_wrote_last": "state = 'customer wrote last'",
    "ended_unanswered": f"state = '{ENDED}'",
}
SQL_MOVED: Final = f"""
with {FLOWS},
     behind as materialized (
        select source, ticket_id, by_1, by_2, day as over_start, moved_at,
               case when step > 0 then 'came in' else 'went out' end as moved
          from turn
          join instant on moved_at <= moment and moved_at > coalesce(earlier, timestamptz '-infinity')
         where moment > coalesce(cast($opening as timestamptz), timestamptz '-infinity'))
"""
SQL_BEFORE: Final = f"""
with {FLOWS},
     behind as materialized (
        select source, ticket_id, by_1, by_2, day as over_start,
               round(date_diff('microsecond', begun_at, earlier) / 1e6) as open_s
          from stay
          join instant on begun_at <= earlier and (open_until > earlier or open_until is null))
"""
BEFORE: Final = "backlog_before"
SQL_EXISTING: Final = f"""
with {STANDING},
     behind as materialized (
        select source, ticket_id, by_1, by_2, day as over_start,
               round(date_diff('microsecond', created_at, moment) / 1e6) as age_s
          from dated
          join instant on created_at <= moment
         where not is_impossible)
"""
EXISTING: Final = "tickets"
MOVED: Final = TICKETS._replace(
    noun="tickets that came or went",
    keys=(*TICKETS.keys, key("moved_at", "date", "came or went")),
    by=("source", "ticket_id"),
)
AGE: Final = detail("age_s", "duration", "age")
STATE: Final = detail("state", "text")
CREATED: Final = (
    "(select count(*) from dated where not is_impossible and created_at <= (select max(moment) from instant))"
)
"""The tickets that were there: of a stock none of which is left, too."""


def open_tickets(store: Store, *, period: Period = ALL, by: str | None = None, over: Over | None = None) -> Cases:
    """Those of `backlog`, the oldest first."""
    until = known_until(store)
    cases = _standing(store, SQL_OPEN, OPEN, (AGE, STATE), period, by, over, until, OUTCOMES)
    instants = ends(store, cases.selections[0], period, over, until)
    since = from_the_start(store, period, over, instants)
    between = at_instants(store, since, untold_files(store, OUTCOMES))
    before = replace(
        cases,
        sql=as_needed(store, SQL_BEFORE),
        values=(detail("open_s", "duration", "open by then"),),
        parts={BEFORE: "true"},
        order=("over_start", "open_s desc", "source", "ticket_id", "by_1", "by_2"),
        parameters=between,
    )
    moved = replace(
        cases,
        unit=MOVED,
        sql=as_needed(store, SQL_MOVED),
        values=(detail("moved", "text"),),
        parts={"inflow": "moved = 'came in'", "outflow": "moved = 'went out'"},
        order=("moved_at desc", "source", "ticket_id", "by_1", "by_2"),
        parameters={**between, "opening": since[0] if len(since) > len(instants) else None},
        every="count(*)",
    )
    return replace(cases, beside={**cases.beside, **dict.fromkeys(moved.parts, moved), BEFORE: before})


def waiting_tickets(
    store: Store,
    *,
    period: Period = ALL,
    by: str | None = None,
    over: Over | None = None,
    targets: Targets | None = None,
    calendar: Calendars | None = None,
) -> Cases:
    """Those of `unanswered`: who waits, the oldest first, then who waits no more; with their promises at the end of the
    period, where the rows are not of several ends."""
    until = known_until(store)
    values = (
        *(AGE, detail("waiting_s", "duration", "waiting"), STATE),
        *(detail("promise", "text"), detail("promised_s", "duration", "promised")),
    )
    cases = _standing(store, SQL_WAITING, WAITING, values, period, by, over, until, FIRST_REPLIES)
    first, *others = cases.order
    cases = replace(cases, order=(first, "is_over", *others))
    instants = cases.parameters["instants"]
    if over is not None or not instants:
        return cases

    def promised(rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Value]]:
        names = [(row["source"], row["ticket_id"]) for row in rows]
        known = promises_at(store, instants[-1], names, targets=targets, calendar=calendar)
        found = (known.get(name, Promise(None, None)) for name in names)
        return [{"promise": one.state, "promised_s": one.target_s} for one in found]

    return replace(cases, told_later=promised)


def _standing(
    store: Store,
    sql: str,
    parts: Any,
    values: Any,
    period: Period,
    by: str | None,
    over: Over | None,
    until: Any,
    told: Told,
) -> Cases:
    tickets = store.select("tickets", period=period.up_to_end(), by=by, over=over)
    messages = store.select("messages", joined=True)
    scope, notes = store.scope(tickets, messages, asked_period=period)
    instants = ends(store, tickets, period, over, until)
    found = Cases(
        unit=TICKETS,
        sql=as_needed(store, sql),
        selections=(tickets, messages),
        values=values,
        parts=parts,
        order=("over_start", "age_s desc", "source", "ticket_id", "by_1", "by_2"),
        parameters=at_instants(store, instants, untold_files(store, told)),
        scope=replace(scope, as_of=until),
        notes=(*notes, *untold_notes(store, tickets, told, "all figures")),
        every=CREATED,
        counts=dict.fromkeys(("backlog", "open"), EVERY),
        tells=dict.fromkeys(("age_p50_s", "age_p90_s"), EVERY),
    )
    existing = replace(found, sql=as_needed(store, SQL_EXISTING), values=(AGE,), parts={EXISTING: "true"})
    return replace(found, beside={EXISTING: existing})

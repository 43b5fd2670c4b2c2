"""Work done in a period on older tickets: those that were created before it and solved in it.

Figures of service are dated by the creation of a ticket, so that a week of clearing up old ones shows nowhere else.
"""

from __future__ import annotations

from typing import Any, Final

from supportkit.desk.replies import RESOLVED_AT
from supportkit.offers.cases import TICKETS, Cases
from supportkit.period import Period, midnight
from supportkit.result import detail
from supportkit.store import Selection, Store

NAME: Final = "solved_older"
_SOLVED: Final = f"""
with ended as (
        select source, ticket_id, by_1, by_2, created_at, {RESOLVED_AT} as resolved_at
          from tickets
         where created_at < $begins),
     solved as (
        select * from ended where resolved_at >= $begins and (resolved_at < $ends or $ends is null))"""
SQL_OLDER: Final = f"""{_SOLVED}
select grouping(by_1, by_2) <> 0 as is_total, by_1, by_2, count(distinct source || chr(31) || ticket_id) as tickets
  from solved
 group by grouping sets ((), (by_1, by_2))
 order by is_total desc, by_1, by_2
"""
SQL_OLDER_CASES: Final = f"""{_SOLVED},
     behind as materialized (
        select source, ticket_id, by_1, by_2, cast(null as date) as over_start,
               (epoch_us(resolved_at) - epoch_us(created_at)) / 1e6 as resolution_s, resolved_at
          from solved)
"""
Older = dict[tuple[str | None, str | None] | None, int]
"""The number of tickets by the values of the dimensions, of all under None."""


def solved_older(store: Store, period: Period, by: str | None) -> Older | None:
    """How many older tickets were solved in the period, of all and by dimensions; None where it has no beginning."""
    if period.start is None:
        return None
    tickets, given = _asked(store, period, by)
    rows = store.rows(SQL_OLDER, tickets, **given)
    found: Older = {None: 0}
    for is_total, by_1, by_2, number in rows:
        found[None if is_total else (by_1, by_2)] = number
    return found


def older_cases(store: Store, period: Period, by: str | None) -> dict[str, Cases]:
    """Those tickets as rows, the oldest first; none where the period has no beginning."""
    if period.start is None:
        return {}
    tickets, given = _asked(store, period, by)
    scope, notes = store.scope(tickets, asked_period=period)
    cases = Cases(
        unit=TICKETS,
        sql=SQL_OLDER_CASES,
        selections=(tickets,),
        values=(detail("resolved_at", "date", "solved"), detail("resolution_s", "duration", "resolution")),
        parts={NAME: "true"},
        order=("resolution_s desc", "source", "ticket_id", "by_1", "by_2"),
        parameters=given,
        scope=scope,
        notes=notes,
    )
    return {NAME: cases}


def _asked(store: Store, period: Period, by: str | None) -> tuple[Selection, dict[str, Any]]:
    assert period.start is not None
    ends = midnight(period.end, store.zone) if period.end else None
    given = {"begins": midnight(period.start, store.zone), "ends": ends, "known_until": store.last_instant()}
    return store.select("tickets", period=period.up_to_end(), by=by), given

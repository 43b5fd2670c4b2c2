"""What comes into a stock of tickets and what goes out of it, so that it reconciles: before + in - out = after.

A ticket comes when it is created or opened again, and goes when it is solved or closed; a change from one open state to
another moves nothing. FLOWS follows STANDING and gives the CTE `turn`: a row per ticket, group and instant at which it
comes (`step` 1) or goes (-1); and `stay`, the time that it is open, from `begun_at` until `open_until`. One that was
over as soon as it was created came and went at that instant, and was in no stock.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

from supportkit.desk.standing import MOMENT, STANDING
from supportkit.period import Over, Period, containing, midnight
from supportkit.store import Store
from supportkit.system.named import NamedTuple

FLOWS: Final = f"""{STANDING},
     stay as (
        select source, ticket_id, by_1, by_2, greatest(created_at, open_from) as begun_at, open_until
          from span
         where open_until is null or open_until > greatest(created_at, open_from)),
     edge as (
        select source, ticket_id, by_1, by_2, begun_at as moved_at, 1 as step from stay
         union all
        select source, ticket_id, by_1, by_2, open_until, -1 from stay where open_until is not null),
     passing as (
        select dated.source, dated.ticket_id, dated.by_1, dated.by_2, created_at as moved_at
          from dated
          left join (select distinct source, ticket_id, begun_at from stay) as staying
            on staying.source = dated.source and staying.ticket_id = dated.ticket_id and begun_at = created_at
         where staying.ticket_id is null and not is_impossible and not is_undated),
     turn as (
        select source, ticket_id, by_1, by_2, moved_at, sum(step) as step
          from edge
         group by source, ticket_id, by_1, by_2, moved_at
        having sum(step) <> 0
         union all
        select source, ticket_id, by_1, by_2, moved_at, 1 from passing
         union all
        select source, ticket_id, by_1, by_2, moved_at, -1 from passing)"""

SQL_FLOWS: Final = f"""
with {FLOWS},
     moved as (
        select by_1, by_2, moment, count(*) filter (where step > 0) as inflow,
               count(*) filter (where step < 0) as outflow
          from turn
          join instant on moved_at <= moment and (moved_at > earlier or earlier is null)
         group by by_1, by_2, moment),
     held as (
        select by_1, by_2, moment, count(*) as before
          from stay
          join instant on begun_at <= earlier and (open_until > earlier or open_until is null)
         group by by_1, by_2, moment)
select existing.by_1, existing.by_2, existing.moment, coalesce(before, 0) as before, coalesce(inflow, 0) as inflow,
       coalesce(outflow, 0) as outflow
  from existing
  left join moved on moved.by_1 is not distinct from existing.by_1 and moved.by_2 is not distinct from existing.by_2
   and moved.moment = existing.moment
  left join held on held.by_1 is not distinct from existing.by_1 and held.by_2 is not distinct from existing.by_2
   and held.moment = existing.moment
 order by existing.by_1, existing.by_2, existing.moment
"""


class Flow(NamedTuple):
    """What was there before an instant's day, week, month or period, what came and what went: a row of SQL_FLOWS."""

    by_1: str | None
    by_2: str | None
    moment: datetime
    before: int
    inflow: int
    outflow: int


def from_the_start(store: Store, period: Period, over: Over | None, instants: list[datetime]) -> list[datetime]:
    """The instants with the one before the first of them begins, where the period has a start."""
    start = _start(period, over)
    if start is None or not instants:
        return instants
    opening = midnight(start, store.zone) - MOMENT
    return [opening, *instants] if opening < instants[0] else instants


def _start(period: Period, over: Over | None) -> date | None:
    if period.start is None or over is None:
        return period.start
    return containing(period.start, over).start

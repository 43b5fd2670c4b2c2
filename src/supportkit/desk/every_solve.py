"""Every solve of a ticket, as Chatwoot counts: one that was opened and solved again counts twice.

A solve is a change of state from open to solved or closed in the log; a ticket of whose solves the log says nothing
counts its last solve once. The time of each is from the creation.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Final

from supportkit.desk.service_counts import ServiceCounts
from supportkit.offers.cases import TICKETS, Cases
from supportkit.result import Scope, detail
from supportkit.store import Selection, Store
from supportkit.system.named import NamedTuple

_SOLVES: Final = """,
     told_solve as (
        select source, ticket_id, changed_at
          from turn
         where is_over and not was_over),
     solve as materialized (
        select verdict.source, verdict.ticket_id, by_1, by_2, over_start,
               coalesce(changed_at, resolved_at) as solve_at,
               epoch_us(solve_at) - epoch_us(created_at) as solve_us
          from verdict
          left join told_solve on told_solve.source = verdict.source and told_solve.ticket_id = verdict.ticket_id
           and changed_at >= created_at
         where not impossible and coalesce(changed_at, resolved_at) is not null)"""
_CASES: Final = f"""{_SOLVES},
     behind as materialized (
        select source, ticket_id, by_1, by_2, over_start, solve_at as resolved_at, solve_us / 1e6 as resolution_s
          from solve)
"""
KEYS: Final = ("by_1", "by_2", "over_start")


class Solves(NamedTuple):
    """A row of the query: the solves of the whole or of a group."""

    is_total: bool
    by_1: str | None
    by_2: str | None
    over_start: date | None
    solves: int
    resolution_us: list[float] | None
    resolution_mean_us: float | None


def solves_query(keys: Sequence[str]) -> str:
    """The solves of the whole and of its groups, over the CTE `verdict` of a definition that has `turn`."""
    shown = ", ".join(name if name in keys else "null" for name in KEYS)
    told = """count(*) as solves, quantile_cont(solve_us, [0.5, 0.9]) as resolution_us,
       avg(solve_us) as resolution_mean_us
  from solve"""
    groups = f"\n union all\nselect false, {shown}, {told}\n group by {', '.join(keys)}" if keys else ""
    return f"""{_SOLVES}
select true as is_total, cast(null as varchar) as by_1, cast(null as varchar) as by_2,
       cast(null as date) as over_start, {told}{groups}
 order by is_total desc, by_1, by_2, over_start
"""


def counting_solves(counts: Sequence[ServiceCounts], found: Sequence[Solves]) -> list[ServiceCounts]:
    """The counts of the whole and then of the groups, with every solve in place of the last one.

    Working hours of a solve that is not the last are not known: the resolution within them is null.
    """
    total, *groups = found
    of_group = {row[1:4]: row for row in groups}
    own = [total, *(of_group.get((one.by_1, one.by_2, one.over_start)) for one in counts[1:])]
    return [
        one._replace(
            solves=row.solves if row else 0,
            resolution_us=row.resolution_us if row else None,
            resolution_mean_us=row.resolution_mean_us if row else None,
            resolution_work_us=None,
        )
        for one, row in zip(counts, own, strict=True)
    ]


def solve_cases(judged: str, selections: tuple[Selection, ...], given: Mapping[str, Any], scope: Scope) -> Cases:
    """The solves as rows, the longest first: a ticket is there as often as it was solved."""
    return Cases(
        unit=TICKETS,
        sql=judged + _CASES,
        selections=selections,
        values=(detail("resolved_at", "date", "solved"), detail("resolution_s", "duration", "resolution")),
        parts={"solved": "true"},
        order=("resolution_s desc", "source", "ticket_id", "resolved_at", "by_1", "by_2"),
        parameters=given,
        scope=scope,
    )


def solves_notes(store: Store, counts: Sequence[ServiceCounts], *, within_hours: bool) -> Iterator[str]:
    """What is counted otherwise than a ticket once, and where this reading differs from the vendor's."""
    if store.has_rows("messages", "kind = 'status'"):
        yield "solved and resolution count every solve of the log of states, from creation: one ticket may count twice"
    else:
        yield "chatwoot counts every solve; no log tells of more than the last one here, and each ticket counts once"
    if within_hours:
        yield "resolution within working hours is not told of every solve: chatwoot's reading of it is left out"
    if any(one.tickets and not one.with_target for one in counts):
        yield "chatwoot shows an SLA of 100 % where no ticket has a target; no data is no figure here"

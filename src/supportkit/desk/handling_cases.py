"""The tickets behind the figures of `handling` with their pieces, and the next replies behind theirs."""

from __future__ import annotations

from typing import Any, Final

from supportkit.desk.business_time import Calendars, working_hours
from supportkit.desk.handling_counts import handling_parameters, handling_untold
from supportkit.desk.handling_sql import PIECES, within_hours
from supportkit.desk.replies import as_needed
from supportkit.offers.cases import ALL as EVERY
from supportkit.offers.cases import TICKETS, Cases
from supportkit.period import ALL, Over, Period
from supportkit.result import detail, key
from supportkit.store import Store

SQL_CASES: Final = f"""
with {PIECES},
     behind as materialized (
        select source, ticket_id, by_1, by_2, over_start, is_solved, replies, reopens, hand_overs, next_replies,
               longest_next_s, case when first_solve_s >= 0 then first_solve_s end as first_solve_s,
               case when first_solve_s >= 0 then first_solve_work_s end as first_solve_business_s, reopened_after_s,
               ours_s + third_s as requester_wait_s, customers_s as agent_wait_s, third_s as hold_s, ours_s
          from piece
         where not is_impossible)
"""
SQL_NEXT: Final = f"""
with {PIECES},
     behind as materialized (
        select piece.source, piece.ticket_id, by_1, by_2, over_start, asked_at, next_s
          from piece
          join question on question.source = piece.source and question.ticket_id = piece.ticket_id
         where not is_impossible)
"""
NEXT_REPLIES: Final = TICKETS._replace(
    noun="next replies", keys=(*TICKETS.keys, key("asked_at", "date", "asked")), by=("source", "ticket_id")
)
PARTS: Final = {
    EVERY: "true",
    "one_touch": "is_solved and replies = 1 and coalesce(reopens, 0) = 0",
    "zero_touch": "is_solved and replies = 0",
    "reopened": "reopens > 0",
    "handed_over": "hand_overs > 0",
    "with_replies": "is_solved and replies is not null",
    "with_reopens": "reopens is not null and (is_solved or reopens > 0)",
    "first_solved": "first_solve_s is not null",
    "first_solved_business": "first_solve_business_s is not null",
    "reopened_at": "reopened_after_s >= 0",
    "with_agents": "hand_overs is not null",
    "with_log": "ours_s is not null",
}
AMONG: Final = {
    **dict.fromkeys(("one_touch", "zero_touch"), PARTS["with_replies"]),
    **dict.fromkeys(("reopened", "reopened_at"), PARTS["with_reopens"]),
    "handed_over": PARTS["with_agents"],
}
"""Of which tickets those of a name are some: of those of which it is known."""
FIRST: Final = {
    "reopened": ("reopens desc",),
    "handed_over": ("hand_overs desc",),
    "first_solved": ("first_solve_s desc",),
    "first_solved_business": ("first_solve_business_s desc",),
    "reopened_at": ("reopened_after_s",),
}
"""What decides first which tickets of a name are the most telling."""
VALUES: Final = (
    *(detail(name, "count") for name in ("replies", "reopens", "hand_overs")),
    detail("first_solve_s", "duration"),
    detail("first_solve_business_s", "duration", "first solve, business"),
    *(
        detail(name, "duration")
        for name in ("requester_wait_s", "agent_wait_s", "hold_s", "longest_next_s", "reopened_after_s")
    ),
)
"""The columns of the tickets behind."""


def cases(
    store: Store,
    *,
    period: Period = ALL,
    by: str | None = None,
    over: Over | None = None,
    calendar: Calendars | None = None,
    **options: Any,
) -> Cases:
    """The tickets with their pieces, those with most replies first; and the next replies, the slowest first."""
    selection = store.select("tickets", period=period, by=by, over=over)
    messages = store.select("messages", joined=True)
    scope, notes = store.scope(selection, messages)
    notes += tuple(handling_untold(store, selection))
    hours = working_hours(store, selection, calendar) if calendar else None
    following = Cases(
        unit=NEXT_REPLIES,
        sql=as_needed(store, SQL_NEXT),
        selections=(selection, messages),
        values=(detail("next_s", "duration", "next reply"),),
        parts={"next_replies": "next_s is not null", "open_questions": "next_s is null"},
        order=("next_s desc nulls first", "asked_at", "source", "ticket_id", "by_1", "by_2"),
        parameters=handling_parameters(store, None),
        scope=scope,
        notes=notes,
    )
    return Cases(
        unit=TICKETS,
        sql=as_needed(store, within_hours(SQL_CASES) if hours else SQL_CASES),
        selections=(selection, messages),
        values=VALUES,
        parts=PARTS,
        order=(
            *("replies desc nulls last", "reopens desc nulls last", "first_solve_s desc nulls last"),
            *("source", "ticket_id", "by_1", "by_2"),
        ),
        parameters=handling_parameters(store, hours),
        scope=scope,
        notes=notes,
        beside=dict.fromkeys(following.parts, following),
        among=AMONG,
        first=FIRST,
        counts={"tickets": EVERY},
        tells={"reopen_rate": "reopened", "hand_overs": "handed_over", "next_reply_p90_s": "next_replies"},
    )

"""What the tickets of a group, or of all, took: the query over their pieces, and what its notes say."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any, Final

from supportkit.desk.business_time import Hours
from supportkit.desk.handling_sql import PIECES
from supportkit.desk.having import exports_with
from supportkit.desk.impossible import impossible_notes, unordered
from supportkit.desk.untold import REOPENS, TOUCHES, untold_notes
from supportkit.result import counted
from supportkit.store import Selection, Store
from supportkit.store.ticket_bands import KNOWN_BY, UNKNOWN
from supportkit.system.named import NamedTuple

SQL: Final = f"""
with {PIECES},
     answered as (
        select by_1, by_2, over_start, next_s
          from piece
          join question on question.source = piece.source and question.ticket_id = piece.ticket_id
         where next_s is not null and not is_impossible),
     following as (
        select grouping(by_1, by_2, over_start) <> 0 as is_total, by_1, by_2, over_start, count(*) as next_replies,
               quantile_cont(next_s, 0.5) as next_p50, quantile_cont(next_s, 0.9) as next_p90,
               avg(cast(next_s as decimal(18, 3))) as next_mean
          from answered
         group by grouping sets ((), (by_1, by_2, over_start))),
     taken as (
        select grouping(by_1, by_2, over_start) <> 0 as is_total, by_1, by_2, over_start, count(*) as tickets,
               count(first_solve_s) filter (where first_solve_s >= 0) as first_solved,
               quantile_cont(first_solve_s, 0.5) filter (where first_solve_s >= 0) as first_solve_p50,
               quantile_cont(first_solve_s, 0.9) filter (where first_solve_s >= 0) as first_solve_p90,
               avg(cast(first_solve_s as decimal(18, 3))) filter (where first_solve_s >= 0) as first_solve_mean,
               count(first_solve_work_s) filter (where first_solve_s >= 0) as first_solved_work,
               quantile_cont(first_solve_work_s, 0.5) filter (where first_solve_s >= 0) as first_solve_work_p50,
               quantile_cont(first_solve_work_s, 0.9) filter (where first_solve_s >= 0) as first_solve_work_p90,
               count(*) filter (where is_solved and first_solve_s is null) as first_unknown,
               count(replies) filter (where is_solved) as with_replies,
               count(*) filter (where is_solved and replies = 1 and coalesce(reopens, 0) = 0) as one_touch,
               count(*) filter (where is_solved and replies = 0) as zero_touch,
               sum(replies) filter (where is_solved) as replies,
               count(reopens) filter (where is_solved or reopens > 0) as with_reopens,
               count(*) filter (where reopens > 0) as reopened,
               count(reopened_after_s) filter (where reopened_after_s >= 0) as reopened_at,
               quantile_cont(reopened_after_s, 0.5) filter (where reopened_after_s >= 0) as reopened_after_p50,
               count(hand_overs) as with_agents, sum(hand_overs) as hand_overs,
               count(ours_s) as with_log,
               quantile_cont(ours_s + third_s, 0.5) as requester_p50,
               quantile_cont(ours_s + third_s, 0.9) as requester_p90,
               quantile_cont(customers_s, 0.5) as agent_p50, quantile_cont(third_s, 0.5) as hold_p50,
               sum(cast(ours_s as decimal(18, 3))) as ours, sum(cast(customers_s as decimal(18, 3))) as customers,
               sum(cast(third_s as decimal(18, 3))) as third
          from piece
         where not is_impossible
         group by grouping sets ((), (by_1, by_2, over_start)))
select taken.is_total, taken.by_1, taken.by_2, taken.over_start, tickets, coalesce(next_replies, 0) as next_replies,
       next_p50, next_p90, next_mean, first_solved, first_solve_p50, first_solve_p90, first_solve_mean,
       first_solved_work, first_solve_work_p50, first_solve_work_p90, first_unknown, with_replies, one_touch,
       zero_touch, replies, with_reopens, reopened, reopened_at, reopened_after_p50, with_agents, hand_overs,
       with_log, requester_p50, requester_p90, agent_p50, hold_p50, ours, customers, third,
       (select count(*) from piece where is_impossible) as impossible
  from taken
  left join following on following.is_total = taken.is_total and following.by_1 is not distinct from taken.by_1
   and following.by_2 is not distinct from taken.by_2 and following.over_start is not distinct from taken.over_start
 order by taken.is_total desc, taken.by_1, taken.by_2, taken.over_start
"""
ANSWERS: Final = "sender = 'agent' and coalesce(kind, 'message') in ('message', 'note')"
STATES: Final = "kind = 'status' and to_value <> ''"
"""The messages without which nothing is known of next replies, and of waits."""


class Taken(NamedTuple):
    """What the tickets of a group, or all, took: a row of SQL; durations in seconds."""

    is_total: bool
    by_1: str | None
    by_2: str | None
    over_start: date | None
    tickets: int
    next_replies: int
    next_p50: float | None
    next_p90: float | None
    next_mean: float | None
    first_solved: int
    first_solve_p50: float | None
    first_solve_p90: float | None
    first_solve_mean: float | None
    first_solved_work: int
    first_solve_work_p50: float | None
    first_solve_work_p90: float | None
    first_unknown: int
    """Solved tickets that were opened again, where no log says when they were solved first."""
    with_replies: int
    one_touch: int
    zero_touch: int
    replies: int | None
    with_reopens: int
    reopened: int
    reopened_at: int
    reopened_after_p50: float | None
    with_agents: int
    hand_overs: int | None
    with_log: int
    requester_p50: float | None
    requester_p90: float | None
    agent_p50: float | None
    hold_p50: float | None
    ours: Any
    customers: Any
    third: Any
    impossible: int
    """Tickets that are in none of these, of all groups."""


def handling_parameters(store: Store, hours: Hours | None) -> dict[str, Any]:
    """The parameters of PIECES, within working hours where there are such."""
    return {"known_until": store.last_instant(), **unordered(store), **(hours.parameters if hours else {})}


def handling_untold(store: Store, tickets: Selection) -> Iterator[str]:
    """Which sources tell of no replies, and which of no reopening."""
    yield from untold_notes(store, tickets, TOUCHES, "one-touch, zero-touch and replies")
    yield from untold_notes(store, tickets, REOPENS, "reopenings")


def handling_notes(store: Store, total: Taken) -> Iterator[str]:
    """What is left out, what is not known, and the export that has it."""
    yield from impossible_notes(total.impossible)
    if not total.tickets:
        return
    if total.first_unknown:
        one = "was opened again, and no log of states says when it was solved first: it is in no first solve"
        many = "were opened again, and no log of states says when they were solved first: they are in no first solve"
        yield counted(total.first_unknown, f"{{n}} solved ticket {one}", f"{{n}} solved tickets {many}")
    if not store.has_rows("messages", ANSWERS):
        yield (
            "next replies and hand-overs need messages with who wrote them: export the conversations too, as those of "
            f"{exports_with('messages')} are"
        )
    elif not store.has_rows("messages", KNOWN_BY["handovers"]):
        yield UNKNOWN["handovers"]
    if not store.has_rows("messages", STATES):
        yield "waits need a log of states: messages of kind status, as a desk's export of events or audits has them"

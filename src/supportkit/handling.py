"""Handling: what a ticket takes beside its first reply: next replies, touches, the first solve, and whose turn it was.

A next reply is counted from a customer's message after an answer to the next public message of a human agent.
One-touch is solved with exactly one public reply and never opened again, zero-touch with none; both are over solved
tickets whose replies are known. The first solve ends at the first state that is solved, of one that was never opened
again at the only one. Requester wait is the time new, open and on hold, agent wait the time pending, from the creation
to the last solve, of solved tickets with a log of states; ours is new and open, the customer's pending, a third party's
hold. A hand-over is another agent's word after one's. All durations are in calendar time.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Annotated, Any, NamedTuple

from supportkit.desk.handling_findings import findings as findings
from supportkit.desk.handling_sql import PIECES
from supportkit.desk.having import exports_with
from supportkit.desk.impossible import impossible_notes, unordered
from supportkit.desk.promises import LOG
from supportkit.desk.replies import as_needed
from supportkit.desk.untold import REOPENS, TOUCHES, untold_notes
from supportkit.offers.cases import ALL as EVERY
from supportkit.offers.cases import TICKETS, Cases
from supportkit.period import ALL, Over, Period
from supportkit.result import Result, Value, count, detail, figure, key, named_apart, picture_by
from supportkit.store import Selection, Store
from supportkit.store.parameters import Dimension
from supportkit.store.selection import SEVERAL

TITLE = "Handling: what a ticket takes"
TABLES = ("tickets", "messages")
SOURCE = "Zendesk: next reply, requester and agent wait, one-touch; Intercom: reopens"
EXAMPLES = ("handling --by channel", "handling --by category --period 2026-10", "handling --rows reopened --top 10")
FACTS = (
    count("tickets"),
    count("next_replies", "next replies"),
    figure("next_reply_p50_s", "duration", "next reply p50", n="next_replies", better="down"),
    figure("next_reply_p90_s", "duration", "next reply p90", n="next_replies", better="down"),
    figure("next_reply_mean_s", "duration", "next reply mean", n="next_replies", better="down", aside=True),
    count("first_solved", "with a first solve", aside=True),
    figure("first_solve_p50_s", "duration", "first solve p50", n="first_solved", better="down"),
    figure("first_solve_p90_s", "duration", "first solve p90", n="first_solved", better="down"),
    figure("first_solve_mean_s", "duration", "first solve mean", n="first_solved", better="down", aside=True),
    count("with_replies", "solved, replies known", aside=True),
    figure("one_touch", "share", "one-touch", n="with_replies", better="up"),
    figure("zero_touch", "share", "zero-touch", n="with_replies", aside=True),
    figure("replies_mean", "number", "replies", n="with_replies", better="down"),
    count("with_reopens", "solved, reopens known", aside=True),
    figure("reopen_rate", "share", "reopened", n="with_reopens", better="down"),
    count("reopened_at", "with the time of a reopening", aside=True),
    figure("reopened_after_p50_s", "duration", "reopened after p50", n="reopened_at", aside=True),
    count("with_agents", "whose agents are known", aside=True),
    figure("hand_overs", "number", "hand-overs", n="with_agents", better="down"),
    count("with_log", "solved, with a log of states", aside=True),
    figure("requester_wait_p50_s", "duration", "requester wait p50", n="with_log", better="down"),
    figure("requester_wait_p90_s", "duration", "requester wait p90", n="with_log", better="down", aside=True),
    figure("agent_wait_p50_s", "duration", "agent wait p50", n="with_log", aside=True),
    figure("hold_p50_s", "duration", "on hold p50", n="with_log", aside=True),
    figure("our_share", "share", "our turn", n="with_log", better="down"),
    figure("customer_share", "share", "customer's turn", n="with_log"),
    figure("third_party_share", "share", "a third party's", n="with_log"),
)
RESTS = dict.fromkeys((fact.name for fact in FACTS[1:]), LOG)
"""The figures of which the words of some columns decide."""

SQL = f"""
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
       next_p50, next_p90, next_mean, first_solved, first_solve_p50, first_solve_p90, first_solve_mean, with_replies,
       one_touch, zero_touch, replies, with_reopens, reopened, reopened_at, reopened_after_p50, with_agents, hand_overs,
       with_log, requester_p50, requester_p90, agent_p50, hold_p50, ours, customers, third,
       (select count(*) from piece where is_impossible) as impossible
  from taken
  left join following on following.is_total = taken.is_total and following.by_1 is not distinct from taken.by_1
   and following.by_2 is not distinct from taken.by_2 and following.over_start is not distinct from taken.over_start
 order by taken.is_total desc, taken.by_1, taken.by_2, taken.over_start
"""
SQL_CASES = f"""
with {PIECES},
     behind as materialized (
        select source, ticket_id, by_1, by_2, over_start, is_solved, replies, reopens, hand_overs, next_replies,
               longest_next_s, case when first_solve_s >= 0 then first_solve_s end as first_solve_s, reopened_after_s,
               ours_s + third_s as requester_wait_s, customers_s as agent_wait_s, third_s as hold_s, ours_s
          from piece
         where not is_impossible)
"""
SQL_NEXT = f"""
with {PIECES},
     behind as materialized (
        select piece.source, piece.ticket_id, by_1, by_2, over_start, asked_at, next_s
          from piece
          join question on question.source = piece.source and question.ticket_id = piece.ticket_id
         where not is_impossible)
"""
NEXT_REPLIES = TICKETS._replace(
    noun="next replies", keys=(*TICKETS.keys, key("asked_at", "date", "asked")), by=("source", "ticket_id")
)
PARTS = {
    EVERY: "true",
    "one_touch": "is_solved and replies = 1 and coalesce(reopens, 0) = 0",
    "zero_touch": "is_solved and replies = 0",
    "reopened": "reopens > 0",
    "handed_over": "hand_overs > 0",
    "with_replies": "is_solved and replies is not null",
    "with_reopens": "reopens is not null and (is_solved or reopens > 0)",
    "first_solved": "first_solve_s is not null",
    "reopened_at": "reopened_after_s >= 0",
    "with_agents": "hand_overs is not null",
    "with_log": "ours_s is not null",
}
AMONG = {
    **dict.fromkeys(("one_touch", "zero_touch"), PARTS["with_replies"]),
    **dict.fromkeys(("reopened", "reopened_at"), PARTS["with_reopens"]),
    "handed_over": PARTS["with_agents"],
}
"""Of which tickets those of a name are some: of those of which it is known."""


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


def handling(
    store: Store,
    *,
    period: Period = ALL,
    by: Annotated[str | None, Dimension("tickets")] = None,
    over: Annotated[Over | None, "one row per day, week or month"] = None,
) -> Result:
    """What a ticket takes: next replies, touches, first solve, reopenings, hand-overs and whose turn it was."""
    selection = store.select("tickets", period=period, by=by, over=over)
    messages = store.select("messages", joined=True)
    scope, notes = store.scope(selection, messages, figures=RESTS)
    given = {"known_until": store.last_instant(), **unordered(store)}
    total, *groups = store.records(Taken, as_needed(store, SQL), selection, messages, **given)
    if selection.several:
        total, *_ = store.records(Taken, as_needed(store, SQL), store.without_dimensions(selection), messages, **given)
        notes += (SEVERAL,)
    facts = _facts(total)
    rows = [facts]
    if selection.columns:
        rows = [selection.values(g.by_1, g.by_2, g.over_start) + _facts(g) for g in groups]
    keys = named_apart(selection.columns, FACTS)
    return Result(
        metric="handling",
        title=TITLE,
        definition="next replies, touches, first solve, reopenings, hand-overs, and whose turn it was; calendar time",
        columns=keys + FACTS,
        rows=tuple(rows),
        facts=dict(zip((fact.name for fact in FACTS), facts, strict=True)),
        fact_columns=FACTS,
        notes=(*notes, *_untold(store, selection), *_notes(total)),
        scope=scope,
        chart=picture_by(keys, "next_reply_p90_s"),
    )


def cases(
    store: Store, *, period: Period = ALL, by: str | None = None, over: Over | None = None, **options: Any
) -> Cases:
    """The tickets with their pieces, those with most replies first; and the next replies, the slowest first."""
    selection = store.select("tickets", period=period, by=by, over=over)
    messages = store.select("messages", joined=True)
    scope, notes = store.scope(selection, messages)
    notes += tuple(_untold(store, selection))
    names = ("replies", "reopens", "hand_overs")
    spans = ("first_solve_s", "requester_wait_s", "agent_wait_s", "hold_s", "longest_next_s", "reopened_after_s")
    given = {"known_until": store.last_instant(), **unordered(store)}
    following = Cases(
        unit=NEXT_REPLIES,
        sql=as_needed(store, SQL_NEXT),
        selections=(selection, messages),
        values=(detail("next_s", "duration", "next reply"),),
        parts={"next_replies": "next_s is not null", "open_questions": "next_s is null"},
        order=("next_s desc nulls first", "asked_at", "source", "ticket_id", "by_1", "by_2"),
        parameters=given,
        scope=scope,
        notes=notes,
    )
    return Cases(
        unit=TICKETS,
        sql=as_needed(store, SQL_CASES),
        selections=(selection, messages),
        values=(*(detail(name, "count") for name in names), *(detail(name, "duration") for name in spans)),
        parts=PARTS,
        order=("replies desc nulls last", "reopens desc nulls last", "source", "ticket_id", "by_1", "by_2"),
        parameters=given,
        scope=scope,
        notes=notes,
        beside=dict.fromkeys(following.parts, following),
        among=AMONG,
        counts={"tickets": EVERY},
        tells={"reopen_rate": "reopened", "hand_overs": "handed_over", "next_reply_p90_s": "next_replies"},
    )


def _facts(taken: Taken) -> tuple[Value, ...]:
    if not taken.tickets:
        return tuple(0 if fact.role == "n" else None for fact in FACTS)
    times = (taken.requester_p50, taken.requester_p90, taken.agent_p50, taken.hold_p50)
    turns = [float(turn or 0) for turn in (taken.ours, taken.customers, taken.third)]
    return (
        *(taken.tickets, taken.next_replies, taken.next_p50, taken.next_p90, taken.next_mean),
        *(taken.first_solved, taken.first_solve_p50, taken.first_solve_p90, taken.first_solve_mean),
        taken.with_replies,
        *(_share(part, taken.with_replies) for part in (taken.one_touch, taken.zero_touch, taken.replies)),
        *(taken.with_reopens, _share(taken.reopened, taken.with_reopens)),
        *(taken.reopened_at, taken.reopened_after_p50),
        *(taken.with_agents, _share(taken.hand_overs, taken.with_agents)),
        *(taken.with_log, *times, *(turn / sum(turns) if any(turns) else None for turn in turns)),
    )


def _share(part: int | None, whole: int) -> float | None:
    return float(part or 0) / whole if whole else None


def _untold(store: Store, tickets: Selection) -> Iterator[str]:
    """Which sources tell of no replies, and which of no reopening."""
    yield from untold_notes(store, tickets, TOUCHES, "one-touch, zero-touch and replies")
    yield from untold_notes(store, tickets, REOPENS, "reopenings")


def _notes(total: Taken) -> Iterator[str]:
    """What is left out, what is not known, and the export that has it."""
    yield from impossible_notes(total.impossible)
    if not total.tickets:
        return
    if not total.next_replies and not total.with_agents:
        yield (
            "next replies and hand-overs need messages with who wrote them: export the conversations too, as those of "
            f"{exports_with('messages')} are"
        )
    if not total.with_log:
        yield "waits need a log of states: messages of kind status, as a desk's export of events or audits has them"

"""Handling: what a ticket takes beside its first reply: next replies, touches, the first solve, and whose turn it was.

A next reply is counted from a customer's message after an answer to the next public message of a human agent; a mere
thanks that nobody answers is no open question. One-touch is solved with exactly one public reply and never opened
again, zero-touch with none; both are over solved tickets whose replies are known. The first solve ends at the first
state that is solved, of one that was never opened again at the only one. Requester wait is the time new, open and on
hold, agent wait the time pending, from the creation to the last solve, of solved tickets with a log of states; ours is
new and open, the customer's pending, a third party's hold. A hand-over is another agent's word after one's. Durations
are in calendar time; where a calendar is configured, the first solve within working hours stands beside.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Annotated

from supportkit.desk.business_time import NO_HOURS, Calendars, Hours, working_hours
from supportkit.desk.handling_cases import cases as cases
from supportkit.desk.handling_counts import SQL, Taken, handling_notes, handling_parameters, handling_untold
from supportkit.desk.handling_findings import findings as findings
from supportkit.desk.handling_sql import within_hours
from supportkit.desk.promises import LOG
from supportkit.desk.replies import as_needed
from supportkit.period import ALL, Over, Period
from supportkit.result import Column, Result, Value, count, figure, named_apart, picture_by
from supportkit.store import Selection, Store
from supportkit.store.parameters import Dimension, FromConfig
from supportkit.store.selection import SEVERAL

TITLE = "Handling: what a ticket takes"
TABLES = ("tickets", "messages")
SOURCE = "Zendesk: next reply, requester and agent wait, one-touch; Intercom: reopens"
EXAMPLES = ("handling --by channel", "handling --by category --period 2026-10", "handling --rows reopened --top 10")
BUSINESS = "_business"


def _business(name: str, label: str) -> Column:
    """A first solve within working hours, which stands aside where there are none."""
    return figure(name, "duration", label, n="first_solved_business", better="down", aside=True)


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
    count("first_solved_business", "with a first solve and working hours", aside=True),
    _business("first_solve_business_p50_s", "first solve p50, business"),
    _business("first_solve_business_p90_s", "first solve p90, business"),
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
NEEDS = {fact.name: NO_HOURS for fact in FACTS if BUSINESS in fact.name}
HEADLINE = ("next_replies", "first_solved", "with_replies", "with_reopens", "with_agents", "with_log")
RESTS = dict.fromkeys((fact.name for fact in FACTS[1:]), LOG)
"""The figures of which the words of some columns decide."""


def handling(
    store: Store,
    *,
    period: Period = ALL,
    by: Annotated[str | None, Dimension("tickets")] = None,
    over: Annotated[Over | None, "one row per day, week or month"] = None,
    calendar: Annotated[Calendars | None, FromConfig("calendar")] = None,
) -> Result:
    """What a ticket takes: next replies, touches, first solve, reopenings, hand-overs and whose turn it was."""
    selection = store.select("tickets", period=period, by=by, over=over)
    messages = store.select("messages", joined=True)
    scope, notes = store.scope(selection, messages, figures=RESTS)
    hours = working_hours(store, selection, calendar) if calendar else None
    given = handling_parameters(store, hours)
    query = as_needed(store, within_hours(SQL) if hours else SQL)
    total, *groups = store.records(Taken, query, selection, messages, **given)
    if selection.several:
        total, *_ = store.records(Taken, query, store.without_dimensions(selection), messages, **given)
        notes += (SEVERAL,)
    facts = _facts(total, hours)
    rows = [facts]
    if selection.columns:
        rows = [selection.values(g.by_1, g.by_2, g.over_start) + _facts(g, hours) for g in groups]
    keys = named_apart(selection.columns, FACTS)
    shown = tuple(replace(fact, aside=fact.aside and not (hours and BUSINESS in fact.name)) for fact in FACTS)
    return Result(
        metric="handling",
        title=TITLE,
        definition="next replies, touches, first solve, reopenings, hand-overs, and whose turn it was; calendar time",
        columns=keys + shown,
        rows=tuple(rows),
        facts=dict(zip((fact.name for fact in FACTS), facts, strict=True)),
        fact_columns=shown,
        notes=tuple(dict.fromkeys((*notes, *(hours.notes if hours else ()), *_notes(store, selection, total)))),
        scope=scope,
        chart=picture_by(keys, "next_reply_p90_s"),
    )


def _facts(taken: Taken, hours: Hours | None) -> tuple[Value, ...]:
    if not taken.tickets:
        return tuple(0 if fact.role == "n" else None for fact in FACTS)
    times = (taken.requester_p50, taken.requester_p90, taken.agent_p50, taken.hold_p50)
    turns = [float(turn or 0) for turn in (taken.ours, taken.customers, taken.third)]
    return (
        *(taken.tickets, taken.next_replies, taken.next_p50, taken.next_p90, taken.next_mean),
        *(taken.first_solved, taken.first_solve_p50, taken.first_solve_p90, taken.first_solve_mean),
        *(taken.first_solved_work if hours else None, taken.first_solve_work_p50, taken.first_solve_work_p90),
        taken.with_replies,
        *(_share(part, taken.with_replies) for part in (taken.one_touch, taken.zero_touch, taken.replies)),
        *(taken.with_reopens, _share(taken.reopened, taken.with_reopens)),
        *(taken.reopened_at, taken.reopened_after_p50),
        *(taken.with_agents, _share(taken.hand_overs, taken.with_agents)),
        *(taken.with_log, *times, *(turn / sum(turns) if any(turns) else None for turn in turns)),
    )


def _notes(store: Store, selection: Selection, total: Taken) -> Iterator[str]:
    yield from handling_untold(store, selection)
    yield from handling_notes(store, total)


def _share(part: int | None, whole: int) -> float | None:
    return float(part or 0) / whole if whole else None

"""Survey quality: whether a satisfaction score can be believed. If you are always given five stars, do you dig enough?

Closed tickets are followed to the survey: closed, offered, answered. A ticket is bad when its first reply or its
resolution broke the promise (the target in [sla.<channel>], within working hours where [calendar] has such, or the
vendor's verdict) or when it was reopened; clean when neither. Response rate: answered of offered. Bounds: the share
satisfied among all who were asked, if every silent customer were dissatisfied or satisfied (Manski).
Representativeness: 1 - 2 S of the answer rates over channel and outcome (R-indicator). Digging: the share satisfied
after clean tickets less that after bad ones, and the chance that a clean ticket scores above a bad one (AUC). Each
line says what it means and what to do; the alarm levels are our suggestions.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Annotated, Any, Literal, TypeVar

from supportkit.desk.aims import Targets, promises
from supportkit.desk.business_time import Calendars, working_hours
from supportkit.desk.closed_promises import CLOSED_PROMISES, closed_judged
from supportkit.desk.having import exports_with
from supportkit.desk.promises import SLA
from supportkit.desk.untold import OUTCOMES, untold_notes
from supportkit.desk.verdicts import BROKE_FIRST_REPLY, BROKE_RESOLUTION
from supportkit.errors import UsageError
from supportkit.offers.cases import ALL as EVERY
from supportkit.offers.cases import TICKETS, Cases
from supportkit.period import ALL, Period
from supportkit.result import Column, Result, Value, count, counted, detail, figure, key, named_apart
from supportkit.scores import quality_sql
from supportkit.scores.offering import asked_lines
from supportkit.scores.quality_findings import findings as findings
from supportkit.scores.response import answer_lines, representative
from supportkit.scores.score_validity import (
    AnswerHabits,
    ceiling_lines,
    digging,
    digging_lines,
    habit_lines,
    movement_lines,
)
from supportkit.scores.survey_outcomes import Alarms, LeftOut, QualityLine, ScoredAnswers, TicketGroup, total
from supportkit.scores.ticket_surveys import SURVEYED
from supportkit.stats.repeated_measures import Repeated, agreement, answers_per_customer, effective_share
from supportkit.stats.score_quality import worst_case_bounds
from supportkit.store import Store
from supportkit.store.deciding import SATISFACTION
from supportkit.store.lost_answers import lost_answers
from supportkit.store.parameters import Dimension, FromConfig
from supportkit.store.selection import SEVERAL

TITLE = "Survey quality"
TABLES = ("tickets", "surveys")
REQUIRES = ("tickets.status or tickets.solved_at or tickets.closed_at", "surveys")
SOURCE = "Manski 1989; Schouten, Cobben and Bethlehem 2009; Armstrong and Overton 1977; Kitagawa 1955; our alarm levels"
EXAMPLES = ("survey-quality", "survey-quality --kind csat", "survey-quality --period 2026-10 -f markdown")
FACTS = (
    count("closed"),
    count("offered"),
    count("answered", better="up"),
    figure("response_rate", "share", n="offered", better="up"),
    figure("bound_low", "share", "worst case", n="offered", better="up"),
    figure("bound_high", "share", "best case", n="offered"),
    figure("representativeness", "number", n="answered", better="up", aside=True),
    figure("digging_gap", "share", "digging gap", n="answered", better="up", aside=True, points=True),
    figure("digging_auc", "number", "digging AUC", n="answered", better="up", aside=True),
    count("with_target", "with a target", aside=True),
    figure("sla_met", "share", "SLA met", n="with_target", better="up", aside=True),
)
RESTS = dict.fromkeys(("digging_gap", "digging_auc", "with_target", "sla_met"), (*SLA, "tickets.is_complaint"))
"""The figures of which the words of some columns decide."""
RATED = ("answered", "response_rate", "bound_low", "bound_high", "representativeness", "digging_gap", "digging_auc")
"""The figures of which the ratings in the tickets decide too."""
COUNTED_AMONG = {"answered": "offered"}
COLUMNS = (
    key("check"),
    key("slice"),
    figure("value", "number", n="n"),
    figure("low", "number", n="n"),
    figure("high", "number", n="n"),
    count("n", "n"),
    detail("flag", "flag"),
    detail("says", "text"),
)
Grouped = TypeVar("Grouped", TicketGroup, ScoredAnswers)
SCALES: Mapping[str, tuple[int, int]] = {"csat": (1, 5), "nps": (0, 10), "ces": (1, 7)}

_DONE = f"""
with {SURVEYED},
     {CLOSED_PROMISES},
     done as (
    select source, ticket_id, by_1, by_2, channel_name, agent_name, customer_id, created_at,
           coalesce(late_reply, false) or coalesce(late_end, false) as breached,
           coalesce(late_reply, late_end) is not null and (late_reply or late_end or not unread) as judged,
           unread and not coalesce(late_reply or late_end, false) as unreadable,
           coalesce(reopens, 0) > 0 as reopened,
           coalesce(is_complaint, false) as complaint,
           survey.ticket_id is not null as offered, answers, off_scale, silent, last,
           coalesce(reply_target_s, resolution_target_s) is not null
             or coalesce({BROKE_FIRST_REPLY}, {BROKE_RESOLUTION}) is not null as promised,
           reopens is not null as counts_reopens
      from promise
      left join survey using (ticket_id))
"""

SQL = _DONE + quality_sql.OUTCOMES
SQL_SCORES = _DONE + quality_sql.SCORES
SQL_HABITS = _DONE + quality_sql.HABITS
SQL_ITEMS = quality_sql.ITEMS
SQL_AGAIN = _DONE + quality_sql.AGAIN
SQL_LEFT_OUT = _DONE + quality_sql.LEFT_OUT
SQL_CASES = _DONE.rstrip() + quality_sql.CASES
SQL_WITHOUT_TICKET = quality_sql.WITHOUT_TICKET


def survey_quality(
    store: Store,
    *,
    period: Period = ALL,
    by: Annotated[str | None, Dimension("tickets")] = None,
    kind: Annotated[Literal["csat", "nps", "ces"], "The survey sent after tickets."] = "csat",
    target: Annotated[float, "The share of satisfied customers you want, for the break-even."] = 0.8,
    alarm_gap: Annotated[float, "Difference of shares from which on a channel or an agent is flagged."] = 0.1,
    alarm_representativeness: Annotated[float, "Representativeness under which it is flagged."] = 0.8,
    alarm_auc: Annotated[float, "Digging AUC under which the score counts as blind."] = 0.6,
    alarm_ceiling: Annotated[float, "Share of highest scores above which they are flagged."] = 0.9,
    alarm_mismatch: Annotated[float, "Share of highest scores with words of complaint that is flagged."] = 0.05,
    targets: Annotated[Targets | None, FromConfig("sla")] = None,
    calendar: Annotated[Calendars | None, FromConfig("calendar")] = None,
) -> Result:
    """Who is asked, who answers, and whether the score sees tickets that went badly."""
    if not 0 < target < 1:
        raise UsageError(f"--target {target}: a share between 0 and 1", hint="for example 0.8")
    tickets = store.select("tickets", period=period)
    surveys = store.select("surveys", joined=True)
    scope, notes = store.scope(tickets, surveys, figures=_rests(kind))
    low, high = SCALES[kind]
    hours = working_hours(store, tickets, calendar) if calendar else None
    shared = {"kind": kind, "low": low, "high": high, **promises(targets), **(hours.parameters if hours else {})}

    def judged(sql: str) -> str:
        return closed_judged(sql, targets, hours)

    groups = store.records(TicketGroup, judged(SQL), tickets, surveys, **shared)
    scored = store.records(ScoredAnswers, judged(SQL_SCORES), tickets, surveys, **shared)
    (left_out,) = store.records(LeftOut, judged(SQL_LEFT_OUT), tickets, surveys, **shared) or [LeftOut()]
    asked_then = store.select("surveys", period=period, joined=True)
    (without_ticket,) = store.rows(SQL_WITHOUT_TICKET, asked_then, kind=kind)[0]
    offers_known = left_out.silent > 0
    whole = total(groups)
    alarms = Alarms(
        gap=alarm_gap,
        representativeness=alarm_representativeness,
        auc=alarm_auc,
        ceiling=alarm_ceiling,
        mismatch=alarm_mismatch,
    )
    worth = _worth(store.rows(judged(SQL_AGAIN), tickets, surveys, **shared)[0], whole.answered)
    lines: list[QualityLine] = []
    if whole.closed and whole.offered:
        lines += asked_lines(groups, offers_known, alarms) + answer_lines(groups, offers_known, target, alarms)
    if whole.answered:
        lines += digging_lines(scored, alarms, worth) + ceiling_lines(scored, alarms, worth)
        counts = store.rows(judged(SQL_HABITS), tickets, surveys, **shared, complaining=quality_sql.COMPLAINING)[0]
        habits = AnswerHabits(*counts, *store.rows(SQL_ITEMS, asked_then)[0])
        lines += habit_lines(habits, alarms, worth) + movement_lines(groups, worth)
    lost = lost_answers(store, period, whole.answered, kind)
    if lost is not None:
        notes += (lost.note(),)
        shares = {name: {**scope.unknown_figures.get(name, {}), (): lost.share()} for name in RATED}
        scope = replace(scope, unknown_figures={**scope.unknown_figures, **shares})
    notes += hours.notes if hours else ()
    notes += _notes(kind, whole.closed, whole.offered, left_out, without_ticket)
    notes += tuple(untold_notes(store, tickets, OUTCOMES, "all figures"))
    facts = _facts(groups, scored, left_out, offers_known)
    columns: tuple[Column, ...] = COLUMNS
    rows: list[tuple[Value, ...]] = [] if by else [tuple(line) for line in lines]
    if by is not None:
        split = store.select("tickets", period=period, by=by)
        columns = named_apart(split.columns, FACTS) + FACTS
        outcomes = _by_group(store.records(TicketGroup, judged(SQL), split, surveys, **shared))
        answers = _by_group(store.records(ScoredAnswers, judged(SQL_SCORES), split, surveys, **shared))
        for one in store.records(LeftOut, judged(SQL_LEFT_OUT), split, surveys, **shared):
            group = (one.by_1, one.by_2)
            told = _facts(outcomes.get(group, []), answers.get(group, []), one, offers_known)
            rows.append((*split.values(*group, None), *told))
        notes += (SEVERAL,) if split.several else ()
    return Result(
        metric="survey-quality",
        title=TITLE,
        definition=f"{kind} surveys of closed tickets; bad tickets are those that broke a promise or were reopened",
        columns=columns,
        rows=tuple(rows),
        facts=dict(zip((fact.name for fact in FACTS), facts, strict=True)),
        fact_columns=FACTS,
        notes=notes,
        scope=scope,
    )


def cases(
    store: Store,
    *,
    period: Period = ALL,
    by: str | None = None,
    kind: Literal["csat", "nps", "ces"] = "csat",
    targets: Targets | None = None,
    calendar: Calendars | None = None,
    **options: Any,
) -> Cases:
    """The closed tickets, those that went badly first, and what was answered after each."""
    tickets = store.select("tickets", period=period, by=by)
    hours = working_hours(store, tickets, calendar) if calendar else None
    surveys = store.select("surveys", joined=True)
    scope, notes = store.scope(tickets, surveys)
    low, high = SCALES[kind]
    return Cases(
        unit=TICKETS,
        sql=closed_judged(SQL_CASES, targets, hours),
        selections=(tickets, surveys),
        values=(
            *(detail(name, "flag") for name in ("offered", "satisfied", "breached", "reopened", "judged")),
            detail("score_height", "share", "score, of the highest"),
            detail("comment", "text"),
        ),
        parts={
            EVERY: "true",
            "offered": "offered",
            "answered": "is_answered",
            "silent": "offered and not is_answered",
            "dissatisfied": "not satisfied",
            "with_target": "judged",
            "breached": "breached",
            "reopened": "reopened",
            "bad": "breached or reopened",
        },
        order=(
            "breached desc",
            "reopened desc",
            "score_height",
            "dated_at desc",
            "source",
            "ticket_id",
            "by_1",
            "by_2",
        ),
        parameters={
            "kind": kind,
            "low": low,
            "high": high,
            **promises(targets),
            **(hours.parameters if hours else {}),
        },
        scope=scope,
        notes=notes,
        among={
            **dict.fromkeys(("answered", "silent"), "offered"),
            "dissatisfied": "is_answered",
            "breached": "judged",
        },
        counts={"closed": EVERY},
        tells={"response_rate": "silent", "sla_met": "breached", "digging_gap": "bad", "digging_auc": "bad"},
    )


def _worth(counts: Sequence[Any], answered: int) -> float:
    """Of how many independent answers each is worth: customers who answered again are of one mind. `counts` are a row
    of SQL_AGAIN."""
    customers, answers, squared, satisfied, between = counts
    again = Repeated(customers, int(answers), float(squared), float(satisfied), float(satisfied), float(between))
    return effective_share(answers_per_customer(again, max(0, answered - again.answers)), agreement(again))


def _rests(kind: str) -> Mapping[str, tuple[str, ...]]:
    """The figures of which the words of some columns decide: of a satisfaction the ratings in the tickets too."""
    rated = {name: (*RESTS.get(name, ()), SATISFACTION.place) for name in RATED} if kind == "csat" else {}
    return {**RESTS, **rated}


def _by_group(rows: Sequence[Grouped]) -> dict[tuple[str | None, str | None], list[Grouped]]:
    """The rows of each group."""
    found: dict[tuple[str | None, str | None], list[Grouped]] = {}
    for one in rows:
        found.setdefault((one.by_1, one.by_2), []).append(one)
    return found


def _facts(
    groups: list[TicketGroup], scored: list[ScoredAnswers], left_out: LeftOut, offers_known: bool
) -> tuple[Value, ...]:
    whole = total(groups)
    asked = whole.offered if offers_known else None
    rate = whole.answered / whole.offered if asked else None
    bounds: tuple[float | None, float | None] = (None, None)
    if rate is not None and whole.answered:
        bounds = worst_case_bounds(rate, whole.satisfied / whole.answered)
    found = representative(groups) if whole.answered else None
    dug = digging(scored, lambda one: one.bad)
    return (
        whole.closed,
        asked if whole.offered else 0,
        whole.answered,
        rate,
        *bounds,
        found.indicator if found else None,
        dug.gap.difference if dug else None,
        dug.area if dug else None,
        left_out.with_target,
        left_out.kept / left_out.with_target if left_out.with_target else None,
    )


def _notes(kind: str, closed: int, offered: int, left_out: LeftOut, without_ticket: int) -> tuple[str, ...]:
    notes = []
    if closed and not offered:
        notes.append(f"no {kind} survey names a closed ticket: there is nothing to judge")
    if left_out.unpromised:
        one = "{n} closed ticket has no target and no verdict: it counts as a kept promise"
        many = "{n} closed tickets have no target and no verdict: they count as kept promises"
        notes.append(counted(left_out.unpromised, one, many))
    if closed and not left_out.with_reopens:
        notes.append(
            "no ticket says how often it was reopened: the column reopens, as the export of "
            f"{exports_with('reopens')} has it"
        )
    if left_out.off_scale:
        many = "{n} answers off their scale are left out"
        notes.append(counted(left_out.off_scale, "{n} answer off its scale is left out", many))
    if without_ticket:
        one = f"{{n}} {kind} survey names no ticket and is left out"
        notes.append(counted(without_ticket, one, f"{{n}} {kind} surveys name no ticket and are left out"))
    if closed:
        notes.append("alarm levels are suggestions, not laws; first replies are taken from the tickets")
    return tuple(notes)

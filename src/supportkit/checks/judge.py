"""Judging a rule: which figures it speaks of, whether the data allows a verdict on each, and what that is.

A missing figure never passes: nor does one over days that an export lacks, one that later events can still change, or a
slice that was there in the period before and is gone.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from supportkit.checks.bounds import check_units, compared, is_certain
from supportkit.checks.gone import gone_slices
from supportkit.checks.past import past_periods
from supportkit.checks.question import Circumstances, Question, fact_wanted, is_retired
from supportkit.checks.rule import Rule
from supportkit.checks.slices import Record, n_of, parts, slices
from supportkit.checks.verdict import Verdict, no_verdict
from supportkit.errors import DataError
from supportkit.metrics import METRICS
from supportkit.offers.settled import Settled
from supportkit.period import Period
from supportkit.render.value_text import value_text
from supportkit.request import Request, metric_parameters, refuse_all
from supportkit.result import Column, Result, interval_names, number_of, percent
from supportkit.stats.intervals import share_interval

UNKNOWN_AT_MOST: Final = 0.05
"""Of a figure that is judged, what may rest on words that nobody knows."""


def judge(rule: Rule, under: Circumstances) -> list[Verdict]:
    """The verdicts of a rule, one per slice. Raises UsageError where the rule does not fit its metric."""
    period = under.periods.of(rule)
    if rule.expires is not None and under.clock.now.date() > rule.expires:
        return [Verdict(rule, "warn", reason=f"expired on {rule.expires}: renew it or take it out", span=period)]
    try:
        return _verdicts(_put(rule, under, period))
    except DataError as error:
        return [no_verdict(rule, error.message, period)]


def _put(rule: Rule, under: Circumstances, period: Period) -> Question:
    given: dict[str, Any] = {"by": ",".join(rule.by)} if rule.by else {}
    if rule.ci is not None and "interval" in metric_parameters(METRICS[rule.metric]):
        given["interval"] = True
    request = under.answers.request(rule.metric, given, period=period, conditions=rule.where)
    refuse_all(request.metric, period)
    fact = fact_wanted(rule, request.metric)
    past = replace(request, against=past_periods(rule, period)).others()
    result = under.answers(request, fact=fact)
    return Question(rule, under, request, result, tuple((other, under.answers(other, fact=fact)) for other in past))


def _verdicts(asked: Question) -> list[Verdict]:
    found = slices(asked.rule, asked.result)
    if not found:
        reason = asked.missing(asked.period) or "there is no data"
        return [no_verdict(asked.rule, reason, asked.period)]
    gone = {verdict.slice: verdict for verdict in gone_slices(asked, found)}
    judged = [_judge_slice(asked, name, record) for name, record in found if name not in gone]
    return [*judged, *gone.values()]


def _judge_slice(asked: Question, name: str, record: Record) -> Verdict:
    rule, result, kind = asked.rule, asked.result, asked.column
    scope = result.scope
    settled = asked.metric.settled(result, rule.figure, record)
    record = settled.record
    value, n = number_of(record.get(rule.figure)), n_of(kind, record)
    low, high = _interval(kind, record)
    shown = value_text(record.get(rule.figure), kind.shown, scope.currency)
    found = Verdict(rule, "pass", name, value, low, high, n, scope.period, shown, span=asked.period)
    found = replace(found, place=parts(rule, result, record))
    aimed = _aimed(asked, record)
    if not isinstance(aimed, str):
        check_units(aimed, kind, record, scope)
    reference: float | None = None
    why = _not_to_be_judged(asked, name, record) or ("" if settled.at_once else asked.missing_after(asked.period, name))
    if rule.versus or settled.reach is None:
        why = why or settled.pending
    if not why and rule.versus:
        reference, why = _reference(asked, name, record)
    if isinstance(aimed, str):
        why = why or aimed
    if not n and is_retired(rule, name, asked.under.retired):
        judged = replace(found, state="skipped", reason="retired: nothing of it comes any more")
    elif why or isinstance(aimed, str):
        judged = replace(found, state=no_verdict(rule, "").state, reason=why)
    else:
        judged = compared(aimed, found, kind, reference, scope.currency)
        if settled.reach and not is_certain(aimed, found, kind, settled.reach):
            judged = replace(found, state=no_verdict(rule, "").state, reason=settled.pending)
    return replace(judged, reason=f"{judged.reason}; {settled.note}") if settled.note else judged


def _interval(kind: Column, record: Record) -> tuple[float | None, float | None]:
    """The ends of a figure's interval; a share of a whole that has none of its own has Wilson's."""
    low, high = (number_of(record.get(end)) for end in interval_names(kind.name))
    value, n = number_of(record.get(kind.name)), n_of(kind, record)
    if low is not None or high is not None or kind.kind != "share" or value is None or not n:
        return low, high
    return share_interval(value, n) or (None, None)


def _aimed(asked: Question, record: Record) -> Rule | str:
    """The rule with what its target is in a slice; the reason where there is none yet."""
    if not any(bound.target for bound in asked.rule.bounds):
        return asked.rule
    from supportkit.checks.targets import first_day, with_target

    day = first_day(asked.period, asked.under.clock.now.date())
    return with_target(asked.rule, asked.under.targets, parts(asked.rule, asked.result, record), day)


def _not_to_be_judged(asked: Question, name: str, record: Record) -> str:
    """Why a figure allows no verdict; empty where it does."""
    rule, result, kind = asked.rule, asked.result, asked.column
    value, n = record.get(rule.figure), n_of(kind, record)
    if asked.metric.is_forecast(rule.figure, record):
        return "a forecast: nothing of it has been measured yet"
    missing = asked.missing(asked.period)
    stale = asked.under.clock.stale(asked.reach)
    if value is None:
        return missing or stale or _no_figure(asked, record)
    if n == 0 and not name and not _others_are_there(asked, asked.request):
        return missing or stale or "there is no data"
    if n is not None and n < asked.least:
        return missing or f"too little data: n = {n}, at least {asked.least} are needed"
    lacks = missing or asked.missing_in_slice(asked.period, name)
    return stale or _unknown(rule, result, record) or _part(asked) or lacks or _after_the_data(asked)


def _part(asked: Question) -> str:
    """Why a comparison is not made in which the data ends; empty where it can be."""
    if asked.rule.versus and asked.result.scope.part:
        return f"{asked.period.name} is a part period: it is not compared with a whole one"
    return ""


def _after_the_data(asked: Question) -> str:
    """Why a life or a stock is not judged at the end of a period that begins after the data; empty where it may be.

    All days up to there count, so that there is a figure; what happens in such a period is none anyway.
    """
    period, reach = asked.period, asked.reach
    if asked.metric.cut == "period" or reach is None or not period.is_after(reach, asked.result.scope.time_zone):
        return ""
    return f"{period.name} begins after the data, which ends {reach:%Y-%m-%d %H:%M} UTC"


def _no_figure(asked: Question, record: Record) -> str:
    """Why there is no figure: something that it needs is not there, or nothing is."""
    columns = asked.result.fact_columns if record.keys() == asked.result.facts.keys() else asked.result.columns
    others = [record[column.name] for column in columns if column.role == "n" and column.name != asked.column.n]
    n = n_of(asked.column, record)
    needs = asked.metric.needs.get(asked.rule.figure)
    if n:
        return f"there is no figure: {needs}" if needs else f"there is no figure over n = {n}"
    if not any(others):
        return "there is no figure: no data in scope"
    label = next((column.label for column in columns if column.name == asked.column.n), asked.column.n)
    return f"there is no figure: {needs or f'n = 0 ({label})'}"


def _others_are_there(asked: Question, request: Request) -> bool:
    """Whether none of the rows that a rule's brackets choose is a true count, because there are others."""
    if not asked.rule.where:
        return False
    whole = asked.ask(replace(request, conditions=()))
    return any(n_of(asked.column, record) for _, record in slices(asked.rule, whole))


def _unknown(rule: Rule, result: Result, record: Record) -> str:
    """Why a figure is not judged that rests on words that nobody knows; empty where few of its rows do."""
    shares, own = result.scope.unknown_shares, result.scope.unknown_figures.get(rule.figure, {})
    width = max(map(len, filter(None, (*shares, *own))), default=0) if rule.by else 0
    row = tuple(record.values())[:width]
    share = max(shares.get(row, 0.0), own.get(row, 0.0), own.get(None, 0.0))
    if share <= UNKNOWN_AT_MOST:
        return ""
    return (
        f"{percent(share, 1)} of it rests on words that nobody knows, at most {percent(UNKNOWN_AT_MOST)} may: "
        "its notes name them"
    )


def _reference(asked: Question, name: str, now: Record) -> tuple[float | None, str]:
    """The mean of the past values of a slice; None with the reason where one of them is missing or too small."""
    rule, kind, values, rows = asked.rule, asked.column, [], 0
    for request, result in asked.past:
        period = request.period
        found = dict(slices(rule, result)).get(name)
        settled = asked.metric.settled(result, rule.figure, found) if found else Settled({})
        record, why = settled.record, settled.pending
        value = number_of(record.get(rule.figure))
        if value is not None:
            why = why or _unknown(rule, result, record) or asked.missing(period)
            why = why or asked.missing_in_slice(period, name)
            why = why or ("" if settled.at_once else asked.missing_after(period, name))
        if why:
            return None, f"nothing to compare with in {period.name}: {why}"
        if value is None:
            return None, f"nothing to compare with: no figure in {period.name}"
        n = n_of(kind, record)
        if n == 0 and not name and not _others_are_there(asked, request):
            return None, f"nothing to compare with: there is no data in {period.name}"
        if n is not None and n < asked.least:
            return None, f"nothing to compare with: n = {n} in {period.name}, at least {asked.least} are needed"
        values.append(value)
        rows += n or 0
    if not rows and not any(values) and n_of(kind, now) == 0:
        return None, "nothing to compare with: nothing in either period"
    return sum(values) / len(values), ""

"""Judging a rule: which figures it speaks of, whether the data allows a verdict on each, and what that is.

A missing figure never passes: nor does one over days that an export lacks, one that later events can still change, or a
slice that was there in the period before and is gone.
"""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING, Final

from supportkit.checks.bounds import check_units, compared, is_certain
from supportkit.checks.history import History
from supportkit.checks.missing_days import missing_days
from supportkit.checks.past import past_periods
from supportkit.checks.periods import JudgedPeriods
from supportkit.checks.rule import Rule
from supportkit.checks.slices import Record, judged_column, n_of, number_of, parts, slices, split_name
from supportkit.checks.verdict import Clock, Verdict, no_verdict
from supportkit.errors import DataError, UsageError
from supportkit.metrics import Metric
from supportkit.period import Period
from supportkit.render.value_text import value_text
from supportkit.request import Answers, Request, refuse_all
from supportkit.result import Column, Result

if TYPE_CHECKING:
    from supportkit.checks.targets import Target

DEFAULT_MINIMUM: Final = 5
UNKNOWN_AT_MOST: Final = 0.05
"""Of a figure that is judged, what may rest on words that nobody knows."""
RATES: Final = ("share", "number", "duration")


@dataclass(frozen=True)
class Circumstances:
    """What rules are judged under: the answers of a store, the periods, the clock, and what a configuration says."""

    answers: Answers
    periods: JudgedPeriods
    clock: Clock
    retired: tuple[str, ...] = ()
    holidays: AbstractSet[date] = frozenset()
    history: History = field(default_factory=History)
    targets: tuple[Target, ...] = ()
    _missing: dict[tuple[str, Period], str] = field(default_factory=dict, compare=False)

    def missing(self, tables: tuple[str, ...], period: Period) -> str:
        """Which days of a period are missing from tables, in words; empty where none is."""
        for table in tables:
            if (table, period) not in self._missing:
                store = self.answers.store
                found = missing_days(store, table, period, self.clock.now, self.holidays)
                self._missing[table, period] = found
            if self._missing[table, period]:
                return self._missing[table, period]
        return ""


@dataclass(frozen=True)
class Question:
    """A rule as it is put to a store: the request of its period, its answer, and what it is compared with."""

    rule: Rule
    under: Circumstances
    request: Request
    result: Result
    past: tuple[tuple[Request, Result], ...] = ()

    @property
    def metric(self) -> Metric:
        """The metric that is judged."""
        return self.request.metric

    @property
    def period(self) -> Period:
        """The days that are judged."""
        return self.request.period

    @property
    def column(self) -> Column:
        """The figure that is judged."""
        return judged_column(self.rule, self.result)

    @property
    def least(self) -> int:
        """The n under which there is no verdict."""
        return self.rule.minimum or (DEFAULT_MINIMUM if self.column.kind in RATES else 0)

    def ask(self, request: Request) -> Result:
        """The answer to another request of the same rule."""
        return self.under.answers(request, fact=_fact(self.rule, self.metric))

    def missing(self, period: Period) -> str:
        """Which days the tables that are counted lack, in words."""
        metric = self.metric
        steps = " ".join(map(str, self.request.options.get("steps", ())))
        beside = (table for table in metric.tables[1:] if table == "messages" or table in steps.split())
        return self.under.missing((metric.tables[0], *beside), period)


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
    by = {"by": ",".join(rule.by)} if rule.by else {}
    request = under.answers.request(rule.metric, by, period=period, conditions=rule.where)
    refuse_all(request.metric, period)
    fact = _fact(rule, request.metric)
    past = replace(request, against=past_periods(rule, period)).others()
    result = under.answers(request, fact=fact)
    return Question(rule, under, request, result, tuple((other, under.answers(other, fact=fact)) for other in past))


def _fact(rule: Rule, metric: Metric) -> str | None:
    """The fact that is all that is wanted of an answer; None where its rows count."""
    return None if rule.by or metric.offers("settled") else rule.figure


def _verdicts(asked: Question) -> list[Verdict]:
    found = slices(asked.rule, asked.result)
    if not found:
        reason = asked.missing(asked.period) or "there is no data"
        return [no_verdict(asked.rule, reason, asked.period)]
    gone = {verdict.slice: verdict for verdict in _gone(asked, found)}
    judged = [_judge_slice(asked, name, record) for name, record in found if name not in gone]
    return [*judged, *gone.values()]


def _gone(asked: Question, found: list[tuple[str, Record]]) -> Iterator[Verdict]:
    """Slices that were there in the period before, or when the history saw them last, and are gone now.

    A group of which anything is left is there: that nobody in it reached a step is a figure.
    """
    rule, column = asked.rule, asked.column
    there = {_group(rule, name) for name, record in found if n_of(column, record)}
    if asked.metric.cut == "life" or not (rule.by or (rule.where and not there)):
        return
    least = max(asked.least, DEFAULT_MINIMUM)
    seen = {**asked.under.history.last_seen(rule, asked.period, least), **_before(asked, there, least)}
    for name, (when, n) in seen.items():
        if _group(rule, name) not in there and not is_retired(rule, name, asked.under.retired):
            reason = asked.missing(asked.period) or (
                f"was there in {when} with n = {n} and is gone: is an export missing? "
                "If not, name it in [checks] retired, or acknowledge it"
            )
            yield replace(no_verdict(rule, reason, asked.period), slice=name, gone=(when, n))


def _group(rule: Rule, name: str) -> tuple[str, ...]:
    """The values of a slice's name that the rule is split by; the others, as a funnel's steps, are of the metric."""
    return tuple(split_name(name)[: len(rule.by)])


def _before(asked: Question, there: AbstractSet[tuple[str, ...]], least: int) -> dict[str, tuple[str, int]]:
    """The slices of the period before with enough rows: when, and with which n."""
    if asked.period.start is None or asked.period.end is None:
        return {}
    before = asked.period.previous()
    try:
        if _rows_before(asked, before, least) <= there:
            return {}
        past = asked.ask(replace(asked.request, period=before))
    except DataError:
        return {}
    counts = {name: n_of(asked.column, record) or 0 for name, record in slices(asked.rule, past)}
    return {name: (before.name, n) for name, n in counts.items() if n >= least}


def _rows_before(asked: Question, before: Period, least: int) -> AbstractSet[tuple[str, ...]]:
    """The groups with enough rows in a period, counted in the metric's own table, of which no figure has more.

    Whether all of them are still there is known sooner than what the metric says of each.
    """
    store, rule = asked.under.answers.store.filtered(asked.rule.where), asked.rule
    table = asked.metric.tables[0]
    sql = f"select by_1, by_2, count(*) as counted from {table} group by by_1, by_2 order by by_1, by_2"
    try:
        rows = store.rows(sql, store.select(table, period=before, by=",".join(rule.by) or None))
    except UsageError:  # the groups are of another table
        return {("",)}
    return {tuple(str(value) for value in values[: len(rule.by)]) for *values, count in rows if count >= least}


def is_retired(rule: Rule, name: str, retired: tuple[str, ...]) -> bool:
    """Whether a slice is one that a configuration says is gone for good: chat, or channel=chat."""
    values = split_name(name)
    known = {name, *values, *(f"{by}={value}" for by, value in zip(rule.by, values, strict=False))}
    known |= {f"{one.column}={one.value}" for one in rule.where if one.operator == "="}
    known |= {one.value for one in rule.where if one.operator == "="}
    return any(word.replace(" = ", "=").strip() in known for word in retired if word.strip())


def _judge_slice(asked: Question, name: str, record: Record) -> Verdict:
    rule, result, kind = asked.rule, asked.result, asked.column
    scope = result.scope
    settled = asked.metric.settled(result, rule.figure, record)
    record = settled.record
    value, n = number_of(record.get(rule.figure)), n_of(kind, record)
    low, high = (number_of(record.get(f"{rule.figure}_{side}")) for side in ("low", "high"))
    shown = value_text(record.get(rule.figure), kind.kind, scope.currency)
    found = Verdict(rule, "pass", name, value, low, high, n, scope.period, shown, span=asked.period)
    aimed = _aimed(asked, record)
    if not isinstance(aimed, str):
        check_units(aimed, kind, record, scope)
    reference: float | None = None
    why = _not_to_be_judged(asked, name, record)
    if rule.versus or settled.reach is None:
        why = why or settled.pending
    if not why and rule.versus:
        reference, why = _reference(asked, name)
    if isinstance(aimed, str):
        why = why or aimed
    if why or isinstance(aimed, str):
        judged = replace(found, state=no_verdict(rule, "").state, reason=why)
    else:
        judged = compared(aimed, found, kind, reference, scope.currency)
        if settled.reach and not is_certain(aimed, found, kind, settled.reach):
            judged = replace(found, state=no_verdict(rule, "").state, reason=settled.pending)
    return replace(judged, reason=f"{judged.reason}; {settled.note}") if settled.note else judged


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
    if rule.figure in asked.metric.forecasts:
        return "a forecast: nothing of it has been measured yet"
    missing = asked.missing(asked.period)
    stale = asked.under.clock.stale(result.scope.data_through)
    if value is None:
        return missing or stale or _no_figure(asked, record)
    if n == 0 and not name and not _others_are_there(asked, asked.request):
        return missing or stale or "there is no data"
    if n is not None and n < asked.least:
        return missing or f"too little data: n = {n}, at least {asked.least} are needed"
    return stale or _unknown(rule, result, record) or _part(asked) or missing


def _part(asked: Question) -> str:
    """Why a comparison is not made in which the data ends; empty where it can be."""
    if asked.rule.versus and asked.result.scope.part:
        return f"{asked.period.name} is a part period: it is not compared with a whole one"
    return ""


def _no_figure(asked: Question, record: Record) -> str:
    """Why there is no figure: something that it needs is not there, or nothing is."""
    columns = asked.result.fact_columns if record.keys() == asked.result.facts.keys() else asked.result.columns
    others = [record[column.name] for column in columns if column.role == "n" and column.name != asked.column.n]
    n = n_of(asked.column, record)
    if n or not any(others):
        return f"there is no figure over n = {n}" if n else "there is no figure: no data in scope"
    label = next((column.label for column in columns if column.name == asked.column.n), asked.column.n)
    return f"there is no figure: {asked.metric.needs.get(asked.rule.figure, f'{label} is 0')}"


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
    return f"{share:.0%} of it rests on words that nobody knows, at most {UNKNOWN_AT_MOST:.0%} may: its notes name them"


def _reference(asked: Question, name: str) -> tuple[float | None, str]:
    """The mean of the past values of a slice; None with the reason where one of them is missing or too small."""
    rule, kind, values = asked.rule, asked.column, []
    for request, result in asked.past:
        period = request.period
        record: Record | None = dict(slices(rule, result)).get(name)
        if record is not None:
            settled = asked.metric.settled(result, rule.figure, record)
            record = settled.record
            if settled.pending:
                return None, f"nothing to compare with in {period.name}: {settled.pending}"
        value = number_of(record.get(rule.figure)) if record else None
        if record is None or value is None:
            return None, f"nothing to compare with: no figure in {period.name}"
        if why := _unknown(rule, result, record) or asked.missing(period):
            return None, f"nothing to compare with in {period.name}: {why}"
        n = n_of(kind, record)
        if n == 0 and not name and not _others_are_there(asked, request):
            return None, f"nothing to compare with: there is no data in {period.name}"
        if n is not None and n < asked.least:
            return None, f"nothing to compare with: n = {n} in {period.name}, at least {asked.least} are needed"
        values.append(value)
    return sum(values) / len(values), ""

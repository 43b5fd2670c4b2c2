"""Judging rules: pass, warn, fail, or no verdict where the data does not allow one; a missing figure never passes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final, Literal

from supportkit.checks.rule import Bound, Rule, unit_factor
from supportkit.errors import DataError, UsageError
from supportkit.period import Period, containing
from supportkit.render.value_text import duration, value_text
from supportkit.request import Answers
from supportkit.result import Column, Result, Scope, Value, count, detail, figure, key

State = Literal["pass", "warn", "fail", "no verdict", "skipped"]
STATES: Final[tuple[State, ...]] = ("fail", "no verdict", "warn", "pass", "skipped")
DEFAULT_MINIMUM: Final = 5
UNKNOWN_AT_MOST: Final = 0.05
"""Of a figure that is judged, what may rest on words that nobody knows."""
RATES: Final = ("share", "number", "duration")


@dataclass(frozen=True)
class Verdict:
    """What became of one rule in one slice."""

    rule: Rule
    state: State
    slice: str = ""
    value: float | None = None
    low: float | None = None
    high: float | None = None
    n: int | None = None
    period: str = ""
    measured: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Clock:
    """The instant that "now" is, where it came from, and how old data may be."""

    now: datetime
    basis: str
    max_age: timedelta | None = None

    def stale(self, through: datetime | None) -> str:
        """Why data up to an instant is too old to judge by; empty where it is not."""
        if self.max_age is None or (through is not None and self.now - through <= self.max_age):
            return ""
        age = f"through {through:%Y-%m-%d %H:%M} UTC" if through else "without a date"
        return f"stale: the data goes {age}, at most {duration(self.max_age.total_seconds())} old was asked for"


def judge(rule: Rule, answers: Answers, period: Period, clock: Clock) -> list[Verdict]:
    """The verdicts of a rule, one per slice. Raises UsageError where the rule does not fit its metric."""
    if rule.expires is not None and clock.now.date() > rule.expires:
        return [Verdict(rule, "warn", reason=f"expired on {rule.expires}: renew it or take it out")]
    by, fact = ({"by": ",".join(rule.by)}, None) if rule.by else ({}, rule.figure)
    try:
        request = answers.request(rule.metric, by, period=period, conditions=rule.where)
        result = answers(request, fact=fact)
        request = replace(request, against=_past(rule, period) if rule.versus else ())
        past = [(other.period, answers(other, fact=fact)) for other in request.others()]
    except DataError as error:
        return [_none(rule, error.message)]
    slices = _slices(rule, result)
    if not slices:
        return [_none(rule, "there is no data", result.scope)]
    return [_judge_slice(rule, result, name, record, past, period, clock) for name, record in slices]


def verdicts_result(verdicts: Iterable[Verdict], clock: Clock) -> Result:
    """The verdicts as a Result, the worst first."""
    ranked = sorted(verdicts, key=lambda v: (STATES.index(v.state), v.rule.text, v.slice))
    counts = {state: sum(v.state == state for v in ranked) for state in ("pass", "warn", "fail", "no verdict")}
    facts = {name.replace(" ", "_"): number for name, number in counts.items()}
    columns = (
        detail("state", "text"),
        key("check"),
        key("slice"),
        detail("measured", "text"),
        figure("value", "number", n="n", aside=True),
        figure("low", "number", n="n", aside=True),
        figure("high", "number", n="n", aside=True),
        count("n", "n"),
        detail("period", "text"),
        detail("reason", "text"),
        key("rule", aside=True),
    )
    rows = tuple(
        (
            *(v.state, v.rule.name or v.rule.text, v.slice, v.measured, v.value, v.low, v.high, v.n, v.period),
            *(v.reason, v.rule.text),
        )
        for v in ranked
    )
    return Result(
        metric="check",
        title="Checks",
        definition="no verdict: missing, stale or too little data; it is not a pass",
        columns=columns,
        rows=rows,
        facts=facts,
        fact_columns=tuple(count(name) for name in facts),
        notes=(f"now is {clock.now:%Y-%m-%d %H:%M} UTC, from {clock.basis}",),
        scope=Scope(period="", as_of=clock.now, rows=len(rows)),
    )


def _none(rule: Rule, reason: str, scope: Scope | None = None) -> Verdict:
    state: State = "skipped" if rule.on_missing == "skip" else "no verdict"
    return Verdict(rule, state, reason=reason, period=scope.period if scope else "")


def _slices(rule: Rule, result: Result) -> list[tuple[str, dict[str, Value]]]:
    """The records that a rule speaks of, each with a name of its own: one a row with `by`, else the facts.

    A row that has no such figure, as a funnel's last step has no drop, is none of them: there the n of it is null.
    """
    column = _figure(rule, result)
    if _is_fact(rule, result):
        return [("", dict(result.facts))]
    records = [record for record in result.records() if record[str(column.n)] is not None]
    if len(result.rows) == 1 and not rule.by:
        return [("", record) for record in records]
    return [(_name(record, [key.name for key in result.keys]), record) for record in records]


def _name(record: Mapping[str, Value], keys: Sequence[str]) -> str:
    """The values of the keys; one in which a comma or a quote stands, or nothing, is quoted: no two names are one."""
    values = ["" if record[key] is None else str(record[key]) for key in keys]
    return ", ".join(
        "'" + value.replace("'", "''") + "'" if not value or set(value) & {",", "'"} else value for value in values
    )


def _is_fact(rule: Rule, result: Result) -> bool:
    return not rule.by and rule.figure in result.facts


def _figure(rule: Rule, result: Result) -> Column:
    """The fact or the column that a rule speaks of. Raises UsageError with the figures that there are."""
    columns = result.fact_columns if _is_fact(rule, result) else result.columns
    figures = {column.name: column for column in columns if column.n is not None}
    if rule.figure not in figures:
        facts = ", ".join(result.facts)
        more = ", ".join(name for name in figures if name not in result.facts)
        raise UsageError(
            f"check {rule.text!r}: {rule.metric} has no figure {rule.figure!r}",
            hint=f"facts: {facts}" + (f"; columns: {more}" if more else ""),
        )
    return figures[rule.figure]


def _judge_slice(
    rule: Rule,
    result: Result,
    name: str,
    record: Mapping[str, Value],
    past: list[tuple[Period, Result]],
    period: Period,
    clock: Clock,
) -> Verdict:
    scope = result.scope
    kind = _figure(rule, result)
    value = _number(record.get(rule.figure))
    n = _count(kind, record)
    low, high = (_number(record.get(f"{rule.figure}_{side}")) for side in ("low", "high"))
    shown = value_text(record.get(rule.figure), kind.kind, scope.currency)
    found = Verdict(rule, "pass", name, value, low, high, n, scope.period, shown)

    def none(reason: str) -> Verdict:
        state: State = "skipped" if rule.on_missing == "skip" else "no verdict"
        return replace(found, state=state, reason=reason)

    _check_units(rule, kind, record, scope)
    least = rule.minimum or (DEFAULT_MINIMUM if kind.kind in RATES else 0)
    if value is None:
        return none("there is no figure: no data in scope")
    if n is not None and n < least:
        return none(f"too little data: n = {n}, at least {least} are needed")
    stale = clock.stale(scope.data_through)
    if stale:
        return none(stale)
    if unknown := _unknown(rule, result, record):
        return none(unknown)
    reference: float | None = None
    if rule.versus:
        if scope.part:
            return none(f"{period.name} is a part period: it is not compared with a whole one")
        reference, missing = _reference(rule, kind, name, past, least)
        if reference is None:
            return none(missing)
    return _compared(rule, found, kind, reference)


def _unknown(rule: Rule, result: Result, record: Mapping[str, Value]) -> str:
    """Why a figure is not judged that rests on words that nobody knows; empty where few of its rows do."""
    shares = result.scope.unknown_shares
    width = max(map(len, shares), default=0) if rule.by else 0
    share = shares.get(tuple(record.values())[:width], 0.0)
    if share <= UNKNOWN_AT_MOST:
        return ""
    return f"{share:.0%} of it rests on words that nobody knows, at most {UNKNOWN_AT_MOST:.0%} may: its notes name them"


def _compared(rule: Rule, found: Verdict, kind: Column, reference: float | None) -> Verdict:
    """The verdict of a value against its bounds; with `ci` it fails only where the whole interval is beyond."""
    limits = [_limit(bound, kind, reference) for bound in rule.bounds]
    assert found.value is not None
    told = " and ".join(value_text(limit, kind.kind) for limit in limits)
    against = f"{rule.op} {told}" + (f" (past {value_text(reference, kind.kind)})" if reference is not None else "")
    beyond = not _holds(rule.op, found.value, limits)
    if beyond and rule.ci is not None:
        if found.low is None or found.high is None:
            raise UsageError(
                f"check {rule.text!r}: {rule.metric}.{rule.figure} has no interval", hint="take ci out, or use min"
            )
        if any(_holds(rule.op, end, limits) for end in (found.low, found.high)) or _spans(rule.op, found, limits):
            return replace(found, reason=f"beyond {against}, but its interval is not")
    if not beyond:
        return replace(found, reason=f"is {against}")
    return replace(found, state=rule.severity, reason=f"is not {against}")


def _spans(op: str, found: Verdict, limits: list[float]) -> bool:
    low, high = found.low, found.high
    return op in ("==", "between") and low is not None and high is not None and low <= limits[0] and high >= limits[-1]


def _limit(bound: Bound, kind: Column, reference: float | None) -> float:
    """A bound in the JSON's unit; against the past, per cent are relative and anything else is a difference."""
    value = bound.value * unit_factor(bound.unit)
    if reference is None:
        return value
    if bound.unit == "%":
        return reference * (1 + value)
    return reference + value


def _holds(op: str, value: float, limits: list[float]) -> bool:
    limit = limits[0]
    tolerance = 1e-9 * max(1.0, abs(limit))
    match op:
        case ">=":
            return value >= limit - tolerance
        case "<=":
            return value <= limit + tolerance
        case ">":
            return value > limit + tolerance
        case "<":
            return value < limit - tolerance
        case "==":
            return abs(value - limit) <= tolerance
        case "!=":
            return abs(value - limit) > tolerance
        case _:
            return limit - tolerance <= value <= limits[1] + tolerance


def _check_units(rule: Rule, kind: Column, record: Mapping[str, Value], scope: Scope) -> None:
    """Refuse a unit that the figure does not have."""
    for bound in rule.bounds:
        unit = bound.unit
        if not unit or (unit == "%" and rule.versus):
            continue
        fits = {"%": ("share",), "pp": ("share",)}.get(unit, ("duration",) if len(unit) <= 2 else ("money",))
        if kind.kind not in fits:
            raise UsageError(
                f"check {rule.text!r}: {rule.figure} is a {kind.kind}, it has no {unit}",
                hint="% is for shares, ms s m h d for durations, a currency for money",
            )
        if len(unit) == 3 and unit.isupper() and unit != (record.get("currency") or scope.currency):
            raise UsageError(
                f"check {rule.text!r}: the amounts are in {scope.currency or 'no known currency'}, not {unit}"
            )


def _past(rule: Rule, period: Period) -> tuple[Period, ...]:
    """The past periods that a rule compares with."""
    try:
        if rule.versus == "year_ago":
            return (_year_ago(period),)
        periods = [period.previous()]
        while len(periods) < rule.average:
            periods.append(periods[-1].previous())
    except ValueError as error:
        raise UsageError(
            f"check {rule.text!r}: {error}", hint="give a whole period, for example --period last-week"
        ) from error
    return tuple(periods)


def _year_ago(period: Period) -> Period:
    if period.start is None or period.end is None:
        raise ValueError(f"period {period.name} has no period a year before")
    if period.grain == "week":
        year, week, _ = period.start.isocalendar()
        return containing(date.fromisocalendar(year - 1, min(week, 52), 1), "week")
    start = _same_day(period.start)
    if period.grain in ("day", "month", "quarter", "year"):
        return containing(start, period.grain)
    end = _same_day(period.end)
    return Period(f"{start}..{end}", start, end)


def _same_day(day: date) -> date:
    try:
        return day.replace(year=day.year - 1)
    except ValueError:
        return day.replace(year=day.year - 1, day=28)


def _reference(
    rule: Rule, kind: Column, name: str, past: list[tuple[Period, Result]], least: int
) -> tuple[float | None, str]:
    """The mean of the past values of a slice; None with the reason where one of them is missing or too small."""
    values = []
    for period, result in past:
        record = dict(_slices(rule, result)).get(name)
        value = _number(record.get(rule.figure)) if record else None
        if record is None or value is None:
            return None, f"nothing to compare with: no figure in {period.name}"
        if unknown := _unknown(rule, result, record):
            return None, f"nothing to compare with in {period.name}: {unknown}"
        n = _count(kind, record)
        if n is not None and n < least:
            return None, f"nothing to compare with: n = {n} in {period.name}, at least {least} are needed"
        values.append(value)
    return sum(values) / len(values), ""


def _number(value: Value) -> float | None:
    return None if value is None or isinstance(value, str | date) else float(value)


def _count(figure: Column, record: Mapping[str, Value]) -> int | None:
    """The n of a figure in a record."""
    value = record[str(figure.n)]
    return value if isinstance(value, int) else None

"""What becomes of a rule: pass, warn, fail, or no verdict where the data does not allow one; and the instant "now"."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import field
from datetime import datetime, timedelta
from typing import Final, Literal

from supportkit.checks.rule import Rule
from supportkit.errors import UsageError
from supportkit.period import Period
from supportkit.render.value_text import duration
from supportkit.result import Result, Scope, count, detail, figure, key
from supportkit.system.frozen import dataclass

State = Literal["pass", "warn", "fail", "no verdict", "skipped"]
STATES: Final[tuple[State, ...]] = ("fail", "no verdict", "warn", "pass", "skipped")


@dataclass(frozen=True)
class Verdict:
    """What became of one rule in one slice.

    `place` are the values of the slice by its dimensions, `rows` the ids of the first of the `rows_in_all` behind it.
    `span` are the days judged; of a slice that is `gone`, that says when it was there last and with which n. What it
    means after earlier verdicts (`course`, `since`) and what is `acknowledged` of it comes from the history.
    A `fault` is why the rule itself cannot be judged, whatever the data.
    """

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
    span: Period | None = None
    gone: tuple[str, int] | None = None
    place: Mapping[str, str] = field(default_factory=dict, hash=False)
    rows: tuple[str, ...] = ()
    rows_in_all: int = 0
    course: str = ""
    since: str = ""
    acknowledged: str = ""
    fault: UsageError | None = None

    @property
    def rank(self) -> tuple[bool, int, bool]:
        """Its place among others: what is new and nobody knows of first, then the worst, what is acknowledged last."""
        return self.course != "new" or bool(self.acknowledged), STATES.index(self.state), bool(self.acknowledged)

    @property
    def told_rows(self) -> str:
        """The ids in words: T1, T2 and 10 more."""
        more = self.rows_in_all - len(self.rows)
        return ", ".join(self.rows) + (f" and {more} more" if self.rows and more > 0 else "")

    @property
    def told_course(self) -> str:
        """The course in words: still since 2026-W43."""
        return f"{self.course} since {self.since}" if self.since else self.course


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


def no_verdict(rule: Rule, reason: str, span: Period | None = None) -> Verdict:
    """The verdict of a rule that there is nothing to judge by: skipped only if the rule says so."""
    state: State = "skipped" if rule.on_missing == "skip" else "no verdict"
    return Verdict(rule, state, reason=reason, period=span.name if span else "", span=span)


def faulty(rule: Rule, fault: UsageError, span: Period | None = None) -> Verdict:
    """The verdict of a rule that cannot be judged whatever the data, which no rule allows."""
    return Verdict(rule, "no verdict", reason=fault.message, period=span.name if span else "", span=span, fault=fault)


def verdicts_result(
    verdicts: Iterable[Verdict], clock: Clock, *, with_rows: bool = False, notes: Iterable[str] = ()
) -> Result:
    """The verdicts as a Result: what is new first, the worst before the others; `with_rows` the ids behind failures
    stand in the table, too. `notes` are of what was judged."""
    ranked = sorted(verdicts, key=lambda v: (*v.rank, v.rule.text, v.slice))
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
        detail("course", "text", aside=not any(v.course for v in ranked)),
        detail("since", "text", aside=not any(v.since for v in ranked)),
        detail("reason", "text"),
        detail("acknowledged", "text", aside=not any(v.acknowledged for v in ranked)),
        detail("rows", "text", "the rows behind it", aside=not (with_rows and any(v.rows for v in ranked))),
        key("rule", aside=True),
    )
    rows = tuple(
        (
            *(v.state, v.rule.name or v.rule.text, v.slice, v.measured, v.value, v.low, v.high, v.n, v.period),
            *(v.course, v.since, v.reason, v.acknowledged, v.told_rows, v.rule.text),
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
        notes=(f"now is {clock.now:%Y-%m-%d %H:%M} UTC, from {clock.basis}", *notes),
        scope=Scope(period="", as_of=clock.now, rows=len(rows)),
    )

"""The grammar of a check, the same in TOML and in `--expect`.

check := metric[.fact or column] ["[" conditions "]"] op (value[unit] | target) ["vs" (previous|year_ago|avg(N))]
         ["by" dim,…] ["min" N]
op    := >= | <= | > | < | == | != | between low and high          unit := % pp ms s m h d or a currency

The conditions are those of `--where`, between which a comma stands for `and`; see store/conditions.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Final, Literal

from supportkit.errors import UsageError, unknown
from supportkit.metrics import METRICS, Metric
from supportkit.result import Column
from supportkit.store.conditions import Condition, read_brackets
from supportkit.system.frozen import dataclass

DEFAULT_MINIMUM: Final = 5
RATES: Final = ("share", "number", "duration")
Severity = Literal["fail", "warn"]
Unit = Literal["", "%", "pp", "ms", "s", "m", "h", "d", "currency"]

_TOKEN: Final = re.compile(
    r"\s*(?:(?P<number>[+-]?\d+(?:\.\d+)?)\s?(?P<unit>%|pp\b|ms\b|s\b|m\b|h\b|d\b|[A-Z]{3}\b)?"
    r"|(?P<op>>=|<=|==|!=|>|<|=)"
    r"|(?P<bracket>\[)"
    r"|(?P<average>avg\(\s*\d+\s*\))"
    r"|(?P<word>[A-Za-z_][\w.-]*(?:\s*,\s*[A-Za-z_][\w-]*)*))"
)
_FACTORS: Final[Mapping[str, float]] = {"%": 0.01, "pp": 0.01, "ms": 0.001, "s": 1, "m": 60, "h": 3600, "d": 86400}


@dataclass(frozen=True)
class Bound:
    """A value with its unit, in the unit of the JSON; `relative` is a share of the past value."""

    value: float
    unit: str = ""
    target: bool = False
    """It is the target of the figure, which is looked up for each slice and period."""


@dataclass(frozen=True)
class Rule:
    """One check, read."""

    text: str
    metric: str
    figure: str
    where: tuple[Condition, ...]
    op: str
    bounds: tuple[Bound, ...]
    versus: str | None = None
    average: int = 0
    by: tuple[str, ...] = ()
    minimum: int = 0
    severity: Severity = "fail"
    name: str = ""
    on_missing: Literal["no verdict", "skip"] = "no verdict"
    ci: float | None = None
    expires: date | None = None
    line: int | None = None
    period: str | None = None
    step: str = ""
    """The step of a funnel that brackets choose: a row of its answer, and no filter of its events."""
    within: tuple[Condition, ...] = ()
    """The conditions of the run that the rule is judged under."""
    form: str = ""
    """The text in its one normal form; see `written`."""


def least_of(column: Column, minimum: int = 0) -> int:
    """The n under which a figure has no verdict: that of its rule, else of what is no count five."""
    return minimum or (DEFAULT_MINIMUM if column.kind in RATES else 0)


def written(rule: Rule) -> str:
    """What a rule says, in the one form that all ways to write it have in common: `nps>=30.0` is `nps >= 30`.

    Conditions stand in the order of their letters; dimensions in their own, by which slices are named.
    """
    chosen = [Condition("step", "=", rule.step)] if rule.step else []
    where = sorted(str(_sorted(condition)) for condition in (*rule.where, *chosen))
    figure = "" if rule.figure == rule.metric.replace("-", "_") else f".{rule.figure}"
    brackets = f"[{', '.join(where)}]" if where else ""
    parts = [f"{rule.metric}{figure}{brackets}", rule.op, " and ".join(map(_bound_written, rule.bounds))]
    if rule.versus:
        parts += ["vs", f"avg({rule.average})" if rule.versus == "avg" else rule.versus]
    parts += ["by", ",".join(rule.by)] if rule.by else []
    parts += ["min", str(rule.minimum)] if rule.minimum else []
    return " ".join(parts)


def _sorted(condition: Condition) -> Condition:
    """A condition with the values of its list in order."""
    first, *more = sorted(condition.values) or [condition.value]
    return replace(condition, value=first, more=tuple(more))


def _bound_written(bound: Bound) -> str:
    return "target" if bound.target else f"{bound.value:.15g}{bound.unit}"


def read_rule(text: str) -> Rule:
    """A rule from its text. Raises UsageError with the place of the fault and the names known there."""
    return _Reader(text).rule()


class _Reader:
    """The tokens of one rule, taken from the left."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.place = 0

    def rule(self) -> Rule:
        metric, figure = self._subject()
        where, step = self._step(metric, self._where())
        if self.text.startswith(".", self.place):
            raise self._fault("the figure stands before the bracket", f"write {metric.name}.{metric.facts[0].name}[…]")
        op, bounds = self._comparison()
        versus: str | None = None
        average, minimum = 0, 0
        by: tuple[str, ...] = ()
        while (word := self._take("word")) is not None:
            if word == "vs":
                versus, average = self._versus()
            elif word == "by":
                by = tuple(part.strip() for part in self._need("word", "a dimension").split(","))
                if len(by) > 2:
                    raise self._fault("at most two dimensions after by")
            elif word == "min":
                rows = float(self._need("number", "a number of rows"))
                if rows < 1 or rows % 1:
                    raise self._fault("min takes a whole number of rows from 1 on", "for example min 30")
                minimum = int(rows)
            else:
                raise self._fault(f"{word!r} is not expected", "after the value come vs, by and min")
        if self.text[self.place :].strip():
            raise self._fault(f"{self.text[self.place :].strip()[:20]!r} is not understood")
        if versus and any(bound.target for bound in bounds):
            raise self._fault("a target is compared with no past", "leave vs out, or write a change")
        if not versus and any(bound.unit == "pp" for bound in bounds):
            raise self._fault("pp compares with a past period", "write it with vs previous, or use %")
        text = self.text.strip()
        rule = Rule(text, metric.name, figure, where, op, bounds, versus, average, by, minimum, step=step)
        return replace(rule, form=written(rule))

    def _subject(self) -> tuple[Metric, str]:
        word = self._need("word", "a metric")
        name, _, figure = word.partition(".")
        if name not in METRICS:
            raise self._told(unknown("metric", name, METRICS))
        metric = METRICS[name]
        facts = [fact.name for fact in metric.facts]
        if not figure:
            if name.replace("-", "_") not in facts:
                if self.text[self.place :].lstrip().startswith("["):
                    raise self._fault("the figure is missing before the bracket", f"write {name}.{facts[0]}[…]")
                raise self._fault(
                    f"{name} has no figure of its own name", f"say which: {name}.{f', {name}.'.join(facts)}"
                )
            figure = name.replace("-", "_")
        return metric, figure

    def _where(self) -> tuple[Condition, ...]:
        if self._take("bracket") is None:
            return ()
        found, self.place = read_brackets(self.text, self.place)
        return found

    def _step(self, metric: Metric, where: tuple[Condition, ...]) -> tuple[tuple[Condition, ...], str]:
        """The conditions that filter rows, and the step of a funnel that is judged."""
        steps = [one for one in where if metric.name == "funnel" and one.column == "step"]
        if not steps:
            return where, ""
        if len(steps) > 1 or steps[0].operator != "=" or not steps[0].value:
            raise self._fault(
                "brackets choose one step of a funnel", "for example [step=pay]; without it all are judged"
            )
        return tuple(one for one in where if one not in steps), steps[0].value

    def _comparison(self) -> tuple[str, tuple[Bound, ...]]:
        op = self._take("op")
        if op is None:
            if self._take("word") != "between":
                raise self._fault("a comparison is missing", "write >= <= > < == != or between … and …")
            low = self._bound()
            if self._take("word") != "and":
                raise self._fault("'and' is missing", "write between 1 and 2")
            return "between", (low, self._bound())
        return ("==" if op == "=" else op), (self._bound(),)

    def _bound(self) -> Bound:
        match = self._match()
        if match is not None and match["word"] == "target":
            self.place = match.end()
            return Bound(0.0, target=True)
        if match is None or match["number"] is None:
            raise self._fault("a value is missing", "for example 30, 85%, 2h, target")
        self.place = match.end()
        return Bound(float(match["number"]), match["unit"] or "")

    def _versus(self) -> tuple[str, int]:
        average = self._take("average")
        if average is not None:
            count = int(re.sub(r"\D", "", average))
            if not 1 <= count <= 104:
                raise self._fault("avg(N) takes 1 to 104 periods")
            return "avg", count
        word = self._need("word", "previous, year_ago or avg(N)")
        if word not in ("previous", "year_ago"):
            raise self._told(unknown("comparison", word, ("previous", "year_ago", "avg(4)")))
        return word, 0

    def _match(self) -> re.Match[str] | None:
        return _TOKEN.match(self.text, self.place)

    def _take(self, kind: str) -> str | None:
        match = self._match()
        if match is None or match[kind] is None:
            return None
        self.place = match.end()
        return match[kind]

    def _need(self, kind: str, what: str) -> str:
        found = self._take(kind)
        if found is None:
            raise self._fault(f"{what} is missing")
        return found

    def _fault(self, message: str, hint: str = "") -> UsageError:
        shown = self.text[: self.place].rstrip()
        return UsageError(
            f"check {self.text.strip()!r}, column {len(shown) + 1}: {message}",
            hint=hint or "for example: nps >= 30 · service.first_reply_p90_s <= 2h by channel",
        )

    def _told(self, error: UsageError) -> UsageError:
        return self._fault(error.message, error.hint)


def unit_factor(unit: str) -> float:
    """What a number in a unit is multiplied with to be in the JSON's unit; a currency is 1."""
    return _FACTORS.get(unit, 1.0)


def currencies(rules: Sequence[Rule]) -> set[str]:
    """The currencies that rules name."""
    return {bound.unit for rule in rules for bound in rule.bounds if len(bound.unit) == 3 and bound.unit.isupper()}

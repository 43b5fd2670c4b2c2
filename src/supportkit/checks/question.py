"""A rule as it is put to a store, under what is said of the store, the periods, the clock and rightly missing rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime, timedelta
from functools import cached_property
from math import ceil
from typing import TYPE_CHECKING, Final

from supportkit.checks.history import History
from supportkit.checks.missing_days import Lack, TableDays, is_open, lacking_slices
from supportkit.checks.periods import JudgedPeriods
from supportkit.checks.rule import Rule, least_of
from supportkit.checks.slices import judged_column, split_name
from supportkit.checks.verdict import Clock
from supportkit.metrics import Metric
from supportkit.period import Period, local_day
from supportkit.request import Answers, Request, metric_parameters
from supportkit.result import Column, Result
from supportkit.store.reach import end_of_data
from supportkit.system.frozen import dataclass

if TYPE_CHECKING:
    from supportkit.checks.targets import Target

AGENT: Final = "agent"
"""Of what is split by agents no days are missed: they take days off."""

Group = tuple[str, ...]
"""The values of a slice that its rule is split by; the others, as a funnel's steps, are of the metric."""


@dataclass(frozen=True)
class Circumstances:
    """What rules are judged under: the answers of a store, the periods, the clock, and what a configuration says."""

    answers: Answers
    periods: JudgedPeriods
    clock: Clock
    days: TableDays
    retired: tuple[str, ...] = ()
    history: History = field(default_factory=History)
    targets: tuple[Target, ...] = ()
    _lacking: dict[tuple[object, ...], Mapping[Group, Lack]] = field(default_factory=dict, compare=False)

    def lacking(self, rule: Rule, table: str, period: Period) -> Mapping[Group, Lack]:
        """The same of the slices of a rule: of what its brackets choose and what it is split by."""
        asked = (table, rule.where, rule.by, period)
        if asked not in self._lacking:
            store = self.answers.store.filtered(rule.where)
            now, holidays, known = self.days.now, self.days.holidays, self.days.counted
            self._lacking[asked] = lacking_slices(store, table, period, now, holidays, known, rule.by)
        return self._lacking[asked]


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
        return least_of(self.column, self.rule.minimum)

    @cached_property
    def reach(self) -> datetime | None:
        """Until when the data reach, whoever is looked at: a rare channel has no row on most days."""
        store = self.under.answers.store.filtered(self.rule.where)
        return end_of_data(store, self.metric.tables[0], self.result.scope.data_through)

    def ask(self, request: Request) -> Result:
        """The answer to another request of the same rule."""
        return self.under.answers(request, fact=fact_wanted(self.rule, self.metric))

    def missing_in_slice(self, period: Period, name: str) -> str:
        """Which days a slice lacks, in words: of what is split by agents none."""
        rule = self.rule
        named = {*rule.by, *(condition.column for condition in rule.where)}
        if not named or AGENT in named or is_retired(rule, name, self.under.retired):
            return ""
        found = self.under.lacking(rule, self.metric.tables[0], period).get(group_of(rule, name))
        return f"{found.told}: is an export missing?" if found else ""

    def missing(self, period: Period) -> str:
        """Which days the tables that are counted lack, in words; in an open period the metric's own alone is asked."""
        return self.under.days.missing(self._counted[:1] if is_open(period) else self._counted, period)

    def missing_after(self, period: Period, name: str) -> str:
        """Which days are missing of those that follow a period and are looked at for it, as the windows of a funnel.

        Those after the data's end are none: who could still do something there is known to be open.
        """
        if not self._followed or self.reach is None or is_open(period):
            return ""
        reach = local_day(self.reach, self.result.scope.time_zone) + timedelta(days=1)
        assert period.end is not None
        end = min(period.end + timedelta(days=self._followed), reach)
        if end <= period.end:
            return ""
        span = Period("", period.start, end)
        return self.under.days.missing(self.metric.follows[1:] or self._counted, span) or self.missing_in_slice(
            span, name
        )

    @cached_property
    def _followed(self) -> int:
        """The days after a period that are looked at for it; 0 where what follows is no part of the figures."""
        if not self.metric.follows:
            return 0
        option = self.metric.follows[0]
        asked = self.request.options.get(option, metric_parameters(self.metric)[option].default)
        return ceil(asked / timedelta(days=1)) if isinstance(asked, timedelta) else int(asked or 0)

    @cached_property
    def _counted(self) -> tuple[str, ...]:
        """The tables of which the metric counts rows that are to come every day."""
        return counted_tables(self.request)


def counted_tables(request: Request) -> tuple[str, ...]:
    """The tables of which a metric as it is asked counts rows that are to come every day."""
    metric = request.metric
    steps = " ".join(map(str, request.options.get("steps", ())))
    beside = (table for table in metric.tables[1:] if table == "messages" or table in steps.split())
    return (metric.tables[0], *beside)


def missing_for(answers: Answers, days: TableDays, metric: str, period: Period) -> str:
    """Which days of a period are missing from the tables that a metric counts, in words."""
    return days.missing(counted_tables(answers.request(metric)), period)


def group_of(rule: Rule, name: str) -> Group:
    """The values of a slice that its rule is split by."""
    return tuple(split_name(name)[: len(rule.by)])


def is_retired(rule: Rule, name: str, retired: tuple[str, ...]) -> bool:
    """Whether a slice is one that a configuration says is gone for good: chat, or channel=chat."""
    values = split_name(name)
    known = {name, *values, *(f"{by}={value}" for by, value in zip(rule.by, values, strict=False))}
    known |= {f"{one.column}={one.value}" for one in rule.where if one.operator == "="}
    known |= {one.value for one in rule.where if one.operator == "="}
    return any(known & {word.strip(), _plain(word)} for word in retired if word.strip())


def _plain(word: str) -> str:
    """A condition without what may stand around its parts: channel = 'chat' is channel=chat."""
    name, equal, value = (part.strip() for part in word.partition("="))
    return f"{name}{equal}{value.strip(chr(34) + chr(39))}"


def fact_wanted(rule: Rule, metric: Metric) -> str | None:
    """The fact that is all that is wanted of an answer; None where its rows count."""
    return None if rule.by or metric.offers("settled") else rule.figure

"""A rule as it is put to a store, under what is said of the store, the periods, the clock and rightly missing rows."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import field
from datetime import date, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Final

from supportkit.checks.history import History
from supportkit.checks.missing_days import missing_days
from supportkit.checks.periods import JudgedPeriods
from supportkit.checks.rule import Rule
from supportkit.checks.slices import judged_column
from supportkit.checks.verdict import Clock
from supportkit.metrics import Metric
from supportkit.period import Period
from supportkit.request import Answers, Request
from supportkit.result import Column, Result
from supportkit.system.frozen import dataclass

if TYPE_CHECKING:
    from supportkit.checks.targets import Target

DEFAULT_MINIMUM: Final = 5
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

    @cached_property
    def reach(self) -> datetime | None:
        """Until when the data reach, whoever is looked at: a rare channel has no row on most days."""
        store = self.under.answers.store.filtered(self.rule.where)
        return store.reach(self.metric.tables[0], self.result.scope.data_through)

    def ask(self, request: Request) -> Result:
        """The answer to another request of the same rule."""
        return self.under.answers(request, fact=fact_wanted(self.rule, self.metric))

    def missing(self, period: Period) -> str:
        """Which days the tables that are counted lack, in words."""
        metric = self.metric
        steps = " ".join(map(str, self.request.options.get("steps", ())))
        beside = (table for table in metric.tables[1:] if table == "messages" or table in steps.split())
        return self.under.missing((metric.tables[0], *beside), period)


def fact_wanted(rule: Rule, metric: Metric) -> str | None:
    """The fact that is all that is wanted of an answer; None where its rows count."""
    return None if rule.by or metric.offers("settled") else rule.figure

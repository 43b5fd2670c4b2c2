"""The headline figures of a report: each of the page's period, with n, interval, the period before, target, course.

The course are twelve periods that end with the page's. A life, as LTV, is of all days up to the period's
end, named so, and stands beside what it was at the end of the period before; since those days are in both, the change
is neither tested nor drawn.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Final

from supportkit.metrics import METRICS
from supportkit.period import Period
from supportkit.render.document import HeadlineFigure
from supportkit.render.goals import fails
from supportkit.render.language import Language
from supportkit.render.names import in_words
from supportkit.render.typeset import LARGE_MONEY, between
from supportkit.render.value_text import NOTHING, value_text
from supportkit.reports.figure_changes import Change, When, against_before
from supportkit.reports.measured_figures import Course, Measured, measured
from supportkit.reports.whole_periods import WholePeriods
from supportkit.request import Answers, metric_parameters
from supportkit.result import Column, Goal, Result
from supportkit.system.frozen import dataclass
from supportkit.system.named import NamedTuple

PERIODS: Final = 12
CHOSEN: Final[Mapping[str, tuple[str, ...]]] = {
    "trends": ("tickets",),
    "funnel": ("conversion",),
    "service": ("sla_met", "unanswered", "first_reply_p50_s"),
    "nps": ("nps",),
    "csat": ("csat",),
    "csi": ("csi",),
    "ces": ("ces",),
    "ltv": ("ltv",),
    "backlog": ("backlog",),
    "unanswered": ("unanswered",),
    "handling": ("one_touch", "reopen_rate"),
    "handoffs": ("repeat_share",),
}
"""Which figures of a metric stand at the head; the others stand in its section."""
BEFORE_OF_LIFE: Final = "{value} up to {day}; not tested: those days are in both"
"""What a life was at the end of the period before."""


class Track(NamedTuple):
    """Where the periods of a figure are read: the metric that has them over time, the column and its n."""

    metric: str
    column: str
    n: str


ELSEWHERE: Final[Mapping[tuple[str, str], Track]] = {
    ("trends", "tickets"): Track("service", "tickets", "tickets"),
    ("funnel", "conversion"): Track("funnel", "conversion_from_start", "started"),
}


def stands_at_the_head(metric: str) -> bool:
    """Whether all that a metric's section has to say in figures stands at the head of the report."""
    return len(CHOSEN.get(metric, ())) == 1 and METRICS[metric].cut == "period"


@dataclass(frozen=True)
class HeadlineSource:
    """What figures are made from: the results of the sections, the period, and how a metric is asked."""

    results: Sequence[Result]
    period: Period
    answers: Answers
    language: Language
    part: bool
    """The data ends in the period: nothing is compared."""
    whole: WholePeriods
    """Of which periods days are missing."""

    def figures(self) -> tuple[HeadlineFigure, ...]:
        """The chosen figures of the metrics, each once, in the order of the sections."""
        found: dict[tuple[str, str], HeadlineFigure] = {}
        for result in self.results:
            for column in result.fact_columns:
                name = (result.metric, column.name)
                if column.name in CHOSEN.get(result.metric, ()) and name not in found:
                    shown = self._figure(result, column)
                    if shown is not None:
                        found[name] = shown
        return tuple(found.values())

    @property
    def _when(self) -> When:
        return When(self.period, self.whole, self.answers.store, self.language)

    def _figure(self, result: Result, column: Column) -> HeadlineFigure | None:
        language, period = self.language, self.period
        life = METRICS[result.metric].cut == "life"
        course = [] if life else self._course(result, column)
        now = measured(result, column.name, result.facts, column, column.n)
        if course and (now is None or result.scope.period != period.name or course[-1][1] is not None):
            now = course[-1][1]
        elif not life and result.scope.period != period.name:
            now = None
        if now is None:
            return self._not_added(result, column)
        goal = _goal(result, column.name, period.start)
        drawn = () if self._is_cut_short(column) else tuple(one.value if one else None for _, one in course)
        compared = (
            Change() if self.part or life or now.pending else against_before(now, course, column, result, self._when)
        )
        return HeadlineFigure(
            metric=result.metric,
            label=_capital(language.text(in_words(column).label)),
            value=_text(now.value, column, result, language),
            n=language.figures(f"{now.n:,}"),
            interval=_between(now, column, result, language),
            change=self._of_life_before(result, column) if life else compared.told,
            beyond=compared.beyond,
            target=_text(goal.value, column, result, language) if goal else "",
            failed=fails(column, now.value, goal, now.n)
            and not now.pending
            and not self.whole.missing(result.metric, period),
            span=days_up_to(result, language) if life else "",
            over=_horizon(result, language) if life else language.text(now.of),
            course=drawn,
            first=language.period(course[0][0]) if drawn else "",
            goal=goal.value if goal else None,
        )

    def _of_life_before(self, result: Result, column: Column) -> str:
        """What a life was at the end of the period before, in words; empty where nothing is known of it."""
        if self.period.start is None or self.period.end is None:
            return ""
        before = self.answers(self.answers.request(result.metric, {}, period=self.period.previous().history()))
        was = measured(before, column.name, before.facts, column, column.n)
        if was is None or before.scope.end is None:
            return ""
        day = self.language.day(before.scope.end - timedelta(days=1))
        return self.language.say(BEFORE_OF_LIFE, value=_text(was.value, column, before, self.language), day=day)

    def _is_cut_short(self, column: Column) -> bool:
        """Whether no line of periods leads to a figure: it is of days of no kind, or a count of a part of a period."""
        return self.period.grain == "span" or (self.part and column.kind == "count")

    def _not_added(self, result: Result, column: Column) -> HeadlineFigure | None:
        """A sum of money that there is none of, for its amounts are in several currencies; nothing of other figures."""
        n = result.facts.get(column.n or "")
        if column.kind != "money" or result.scope.currency is not None or not isinstance(n, int) or n <= 0:
            return None
        return HeadlineFigure(
            metric=result.metric,
            label=_capital(self.language.text(in_words(column).label)),
            value=NOTHING,
            n=self.language.figures(f"{n:,}"),
            change=self.language.text("the amounts are in several currencies, which are never added"),
            span=days_up_to(result, self.language),
        )

    def _course(self, result: Result, column: Column) -> Course:
        """The figure of the twelve periods that end with this one, by their names; nothing where there is no grain."""
        period = self.period
        if period.grain == "span" and period.days:
            return self._spans(result, column)
        if period.grain not in ("day", "week", "month"):
            return []
        track = ELSEWHERE.get((result.metric, column.name), Track(result.metric, column.name, column.n or ""))
        periods = [period]
        while len(periods) < PERIODS:
            periods.insert(0, periods[0].previous())
        found = self._over(track, Period(f"{periods[0].start}..{period.end}", periods[0].start, period.end))
        if found is None:
            return []
        key = next(one.name for one in found.keys if one.kind == "period")
        rows = {str(row[key]): row for row in found.records()}  # of a funnel those of its last step
        named = ((one.name, rows.get(one.name, {})) for one in periods)
        return [(name, measured(found, track.column, row, column, track.n)) for name, row in named] if rows else []

    def _spans(self, result: Result, column: Column) -> Course:
        """The figure of days that are no day, week or month, and of as many before; of a count also of those before
        that, without which the ones before may not be there whole."""
        elsewhere = ELSEWHERE.get((result.metric, column.name))
        name = elsewhere.metric if elsewhere else result.metric
        parameters = metric_parameters(METRICS[name])
        exact = {"interval": True} if "interval" in parameters else {}
        divided = "by" in parameters and parameters["by"].default is not None
        periods = [self.period, self.period.previous()]
        periods += [periods[1].previous()] if column.kind == "count" else []
        found = []
        for one in reversed(periods):
            request = self.answers.request(name, exact, period=one)
            asked = replace(request, options={**request.options, "by": None}) if divided else request
            told = self.answers(asked, fact=column.name)
            found.append((one.name, measured(told, column.name, told.facts, column, column.n)))
        return found

    def _over(self, track: Track, span: Period) -> Result | None:
        """A metric by period; a section's result, where one has it."""
        metric = METRICS[track.metric]
        parameters = metric_parameters(metric)
        exact = {"interval": True} if "interval" in parameters else {}
        known = [one for one in self.results if one.metric == track.metric and [k.kind for k in one.keys] == ["period"]]
        found = known[0] if known and not exact else None
        if found is None and "over" in parameters:
            request = self.answers.request(track.metric, {"over": self.period.grain, **exact}, period=span)
            divided = parameters["by"].default is not None
            options = {**request.options, "by": None} if divided else request.options
            found = self.answers(replace(request, options=options))
        return found


def _capital(label: str) -> str:
    return label[:1].upper() + label[1:]


def days_up_to(result: Result, language: Language) -> str:
    """What a result of all data up to a period's end is of, in words; empty where it has no end."""
    end = result.scope.end
    return language.say("all days up to {day}", day=language.day(end - timedelta(days=1))) if end else ""


def _horizon(result: Result, language: Language) -> str:
    """Up to which age of its customers a lifetime value is; empty where it has none."""
    days = result.facts.get("horizon_days")
    return language.say("to a customer's age of {n} days", n=f"{days}") if days is not None else ""


def _between(now: Measured, column: Column, result: Result, language: Language) -> str:
    if now.low is None or now.high is None:
        return ""
    low, high = (_text(end, column, result, language) for end in (now.low, now.high))
    return between(low, high, language, result.scope.currency)


def _goal(result: Result, name: str, day: date | None) -> Goal | None:
    """The target of the whole that holds on the first day."""
    holding = [
        goal
        for goal in result.goals
        if goal.figure == name
        and not goal.where
        and not goal.along
        and (goal.start is None or (day is not None and goal.start <= day))
    ]
    return max(holding, key=lambda goal: goal.start or date.min, default=None)


def _text(value: float, column: Column, result: Result, language: Language) -> str:
    currency = result.scope.currency
    if column.kind == "money" and abs(value) >= LARGE_MONEY:
        return language.figures(f"{value:,.0f} {currency or ''}".rstrip())
    return value_text(value, column.shown, currency, language)

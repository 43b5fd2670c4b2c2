"""What a headline figure is against the period before, in words, and whether that is beyond chance.

A share is compared by Newcombe's interval, a score by that of its own metric, a count as binomial and per day where the
periods differ in length or `trends` takes days as missing, which are left out, a median by its intervals in both; what
has no interval is held against the range of the periods before.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from supportkit.metrics import METRICS
from supportkit.period import Period
from supportkit.render.language import Language
from supportkit.render.value_text import value_text
from supportkit.reports.measured_figures import Course, Measured
from supportkit.reports.thin_days import ThinDays, thin_days
from supportkit.reports.whole_periods import WholePeriods
from supportkit.result import Column, Kind, Result
from supportkit.stats.changes import count_change, usual_range
from supportkit.stats.intervals import share_difference
from supportkit.stats.quantile_interval import quantile_difference
from supportkit.store import Store
from supportkit.system.named import NamedTuple

FEW: Final = 10
"""A count of which no change in per cent is said."""
NEXT_TO: Final[Mapping[str, str]] = {"day": "against the day before", "week": "against the week before"}
IN: Final[Mapping[str, str]] = {"day": "the day before", "week": "the week before"}
"""How the period before is called where it is not named."""
CHANCE: Final = ("within chance", "beyond chance")


class Change(NamedTuple):
    """A figure against the period before, in words, and whether that is beyond chance."""

    told: str = ""
    beyond: bool = False


class When(NamedTuple):
    """The period of a page, which of it and of those before are whole, the store, and the language."""

    period: Period
    whole: WholePeriods
    store: Store
    language: Language


def against_before(now: Measured, course: Course, column: Column, result: Result, when: When) -> Change:
    """A figure against the period before, with the interval of the difference where there is one."""
    language, currency = when.language, result.scope.currency
    before = course[-2][1] if len(course) > 1 else None
    if before is None or before.pending:
        return Change()
    if lacking := when.whole.lacking(result.metric):
        named = language.period(lacking.period.name)
        return Change(language.say("not compared: days are missing in {period}", period=named))
    against = NEXT_TO.get(when.period.grain, "against {period}")
    name = language.since_period(course[-2][0])
    if now.differs and not now.apart:
        return Change()
    if column.kind == "share":
        gap = now.apart or share_difference(now.value * now.n, now.n, before.value * before.n, before.n)[:3]
        return _told(f"{{change}} points [{{low}}, {{high}}] {against}", gap, 100, name, language)
    if now.apart:
        return _told(f"{{change}} [{{low}}, {{high}}] {against}", now.apart, 1, name, language)
    if column.kind == "count":
        if course[-3][1] is None:
            return Change()  # the period before may not be there whole
        thin = _thin(result, when)
        for days, period in zip(thin, (when.period, when.period.previous()), strict=True):
            if 2 * days.kept < days.days:
                named = language.period(period.name)
                return Change(language.say("not compared: days are missing in {period}", period=named))
        by_day = thin[0].kept != thin[1].kept and METRICS[result.metric].cut != "stock"
        there, there_before = int(now.value) - thin[0].tickets, int(before.value) - thin[1].tickets
        change = count_change(there, there_before, thin[1].kept / thin[0].kept if by_day else 1.0)
        if change and min(there, there_before) >= FEW:
            told = f"{{change}} % [{{low}}, {{high}}]{' per day' if by_day else ''} {against}"
            return _without(sum(one.missing for one in thin), _told(told, change, 100, name, language), language)
    if (now_ends := _ends(now)) and (ends_before := _ends(before)):
        gap = quantile_difference(now_ends, ends_before)
        return _told(f"{{change}} [{{low}}, {{high}}] {against}", gap, 1, name, language, column.kind)
    was = value_text(before.value, column.shown, currency, language)
    said = language.say(
        f"{{value}} {IN.get(when.period.grain, 'in {period}')}", value=was, period=language.period(course[-2][0])
    )
    if column.kind == "count":
        if change is None:
            return Change(said)
        beyond = not _within(change)
        chance = language.text(CHANCE[beyond])
        return Change(f"{said}; {language.say('per day {chance}', chance=chance) if by_day else chance}", beyond)
    usual = usual_range([one.value for _, one in course[:-1] if one is not None])
    if usual is None:
        return Change(said)
    low, high = (value_text(end, column.shown, currency, language) for end in usual)
    inside = usual[0] <= now.value <= usual[1]
    told = "within the usual {low} to {high}" if inside else "beyond the usual {low} to {high}"
    return Change(f"{said}; {language.say(told, low=low, high=high)}", not inside)


def _thin(result: Result, when: When) -> tuple[ThinDays, ThinDays]:
    """Of the period and the one before the days of which tickets are taken as missing, where these are counted."""
    if result.metric == "trends":
        return thin_days(when.store, when.period)
    return ThinDays(when.period.days or 1), ThinDays(when.period.previous().days or 1)


def _ends(one: Measured) -> tuple[float, float, float] | None:
    return None if one.low is None or one.high is None else (one.value, one.low, one.high)


def _told(
    text: str,
    change: Sequence[float],
    scale: float,
    period: str,
    language: Language,
    kind: Kind = "number",
) -> Change:
    def signed(one: float) -> str:
        if kind == "duration":
            return f"{'+' if one > 0 else ''}{value_text(one, kind, None, language)}"
        return language.figures(f"{scale * one:+.1f}")

    middle, low, high = map(signed, change)
    said = language.say(text, change=middle, low=low, high=high, period=period)
    beyond = not _within(change)
    return Change(f"{said}: {language.text(CHANCE[beyond])}", beyond)


def _without(missing: int, change: Change, language: Language) -> Change:
    """A change that leaves out days that are taken as missing, which is said."""
    if not missing:
        return change
    said = language.plural("{n} day is taken as missing", "{n} days are taken as missing", missing)
    return change._replace(told=f"{change.told}; {said}")


def _within(change: Sequence[float]) -> bool:
    """Whether a change is one that chance allows: its interval holds 0."""
    _, low, high = change
    return low <= 0 <= high

"""What a rule compares with: the periods before, the same a year before, and the figure of a slice there."""

from __future__ import annotations

from datetime import date

from supportkit.checks.rule import Rule
from supportkit.errors import UsageError
from supportkit.period import Period, containing


def past_periods(rule: Rule, period: Period) -> tuple[Period, ...]:
    """The past periods that a rule compares with; none where it does not. Raises UsageError for an open period."""
    if not rule.versus:
        return ()
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

"""Periods that people name: "last-week", 2026-W46, 2026-11, 2026-Q3; half-open days in the configured time zone."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Final, Literal
from zoneinfo import ZoneInfo

from supportkit.errors import UsageError
from supportkit.system.frozen import dataclass

Grain = Literal["day", "week", "month", "quarter", "year", "span", "all"]
Over = Literal["day", "week", "month"]

EXAMPLES = (
    "yesterday, last-week, last-month, last-3-months, 2026-11-05, 2026-W46, 2026-11, 2026-Q4, 2026, last-28-days, all"
)


@dataclass(frozen=True)
class Period:
    """The days [start, end); None is open on that side."""

    name: str
    start: date | None
    end: date | None
    grain: Grain = "span"

    @property
    def days(self) -> int | None:
        """Number of days, None where a side is open."""
        return (self.end - self.start).days if self.start and self.end else None

    @property
    def months(self) -> int:
        """Number of whole calendar months, 0 where it does not run from the first of one to the first of another."""
        if not self.start or not self.end or self.start.day != 1 or self.end.day != 1:
            return 0
        return (self.end.year - self.start.year) * 12 + self.end.month - self.start.month

    @property
    def stride(self) -> int:
        """Days from the begin of the period of days before to that of this one: as many as it has; of less than four
        weeks those that lead to the same weekdays, which differ in what comes on them."""
        days = self.days or 0
        return days if self.grain == "day" or days >= FOUR_WEEKS else -(-days // WEEK) * WEEK

    def previous(self) -> Period:
        """The period of the same kind just before this one, of a few days on the same weekdays; ValueError where this
        one is open."""
        if self.start is None or self.end is None:
            raise ValueError(f"period {self.name} has no period before it")
        if self.grain in ("day", "week", "month", "quarter", "year"):
            return containing(self.start - timedelta(days=1), self.grain)
        if self.months:
            return _of_days(months_later(self.start, -self.months), self.start)
        back = timedelta(days=self.stride)
        return _of_days(self.start - back, self.end - back)

    def up_to_end(self) -> Period:
        """All days up to the end of this period: what a stock or a life is counted from, and what was usual before."""
        return replace(self, start=None, grain="span")

    def history(self) -> Period:
        """All days up to the end of this period, named by the last one: what a life is a figure of."""
        if self.start is None:
            return self
        return ALL if self.end is None else replace(self.up_to_end(), name=f"..{self.end - timedelta(days=1)}")

    def is_part(self, through: datetime | None, zone: str) -> bool:
        """Whether the data ends inside this period, so that it must not be compared with a whole one."""
        if through is None or self.end is None:
            return False
        return through.astimezone(ZoneInfo(zone)).date() < self.end - timedelta(days=1)

    def is_after(self, through: datetime, zone: str) -> bool:
        """Whether the data ended before this period began."""
        return self.start is not None and through.astimezone(ZoneInfo(zone)).date() < self.start


EARLIEST, LATEST = 1900, 2900
WEEK, FOUR_WEEKS = 7, 28
"""Days."""
ALL = Period("all", None, None, "all")


def begun_in(day: date, period: str) -> str:
    """The month, quarter or year of what began with one, as it was found by comparing such; empty where the period that
    was judged is shorter, or the day begins none, so that the day, or the week that it begins, is known."""
    try:
        grain = parse_period(period, date(2000, 1, 3)).grain
    except UsageError:
        return ""
    whole = containing(day, grain) if grain in ("month", "quarter", "year") else None
    is_monday = day.weekday() == 0  # as weeks tell a begin
    return whole.name if whole and whole.start == day and not is_monday else ""


def containing(day: date, grain: Grain) -> Period:
    """The day, ISO week, month, quarter or year that holds a day."""
    if grain == "day":
        return Period(day.isoformat(), day, day + timedelta(days=1), "day")
    if grain == "week":
        monday = day - timedelta(days=day.weekday())
        year, week, _ = monday.isocalendar()
        return Period(f"{year}-W{week:02d}", monday, monday + timedelta(days=7), "week")
    if grain == "month":
        start = day.replace(day=1)
        return Period(f"{start:%Y-%m}", start, months_later(start, 1), "month")
    if grain == "quarter":
        start = date(day.year, 3 * ((day.month - 1) // 3) + 1, 1)
        return Period(f"{start.year}-Q{(start.month + 2) // 3}", start, months_later(start, 3), "quarter")
    if grain == "year":
        return Period(f"{day.year:04d}", date(day.year, 1, 1), date(day.year + 1, 1, 1), "year")
    raise ValueError(f"no such grain: {grain}")


def midnight(day: date, zone: str) -> datetime:
    """The instant at which a day begins in a time zone."""
    return datetime.combine(day, time(), tzinfo=ZoneInfo(zone)).astimezone(ZoneInfo("UTC"))


def microseconds(instant: datetime) -> int:
    """An instant as SQL counts it, in microseconds since 1970."""
    return (instant - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)


def local_day(instant: datetime, zone: str) -> date:
    """The day that it is at an instant in a time zone."""
    return instant.astimezone(ZoneInfo(zone)).date()


def relative_in_words(text: str, today: date, basis: str) -> str | None:
    """Which days a relative period is, and from which day it counts; None for one that names its days."""
    period = parse_period(text, today)
    if period is ALL or text[:1].isdigit():
        return None
    of_days = period.grain == "span" and period.end
    days = f"{period.start} to {period.end - timedelta(days=1)}" if of_days and period.end else period.name
    return f"{text} is {days}, counted from {basis}, {today}"


def last_complete(grain: Grain, through: datetime, zone: str) -> Period:
    """The last period of a grain that was over at an instant; a day counts as over with its last minute reached."""
    local = through.astimezone(ZoneInfo(zone))
    current = containing((local + timedelta(minutes=1)).date(), grain)
    return current.previous()


class _NoPeriodError(ValueError):
    """Why words are no period, in words of ours; what the calendar of Python says of a day is for programmers."""


def parse_period(text: str, today: date) -> Period:
    """A period from words; relative ones count from `today`. Raises UsageError with examples."""
    word = text.strip().lower()
    for pattern, make in _FORMS:
        match = re.fullmatch(pattern, word)
        if match:
            try:
                period = make(match, today)
                check_year(period.start, period.end)
                return period
            except ValueError as error:
                why = error if isinstance(error, _NoPeriodError) else "there is no such day, week, month or quarter"
                raise UsageError(f"period {text!r}: {why}", hint=f"examples: {EXAMPLES}") from error
    raise UsageError(f"period {text!r} is not understood", hint=f"examples: {EXAMPLES}")


def check_year(*days: date | None) -> None:
    """Raise UsageError for a day of another age: time zones, the periods before and SQL do not reach there."""
    for day in days:
        if day is not None and not EARLIEST <= day.year <= LATEST:
            raise UsageError(
                f"{day} is not in the years {EARLIEST} to {LATEST}", hint="without a limit all data counts"
            )


def between(since: date | None, until: date | None) -> Period:
    """A span from --since (inclusive) and --until (exclusive)."""
    if since and until and since >= until:
        raise UsageError(f"--since {since} is not before --until {until}", hint="--until is exclusive")
    if since is None and until is None:
        return ALL
    return Period(f"{since or ''}..{until or ''}", since, until, "span")


def months_later(start: date, months: int) -> date:
    """The first of the month so many months after that of a day."""
    month = start.year * 12 + start.month - 1 + months
    return date(month // 12, month % 12 + 1, 1)


def _of_days(start: date, end: date) -> Period:
    return Period(f"{start}..{end}", start, end, "span")


def _last_several(match: re.Match[str], today: date) -> Period:
    """The last so many whole weeks, months, quarters or years, named by their days."""
    count, grain = int(match[1]), match[2]
    current = containing(today, grain).start  # type: ignore[arg-type]
    assert current is not None
    if not 1 <= count <= 520:
        raise _NoPeriodError(f"between 1 and 520 {grain}s, please")
    if grain == "week":
        return _of_days(current - timedelta(weeks=count), current)
    return _of_days(months_later(current, -count * {"month": 1, "quarter": 3, "year": 12}[grain]), current)


def _last_days(match: re.Match[str], today: date) -> Period:
    """The last so many days, named by these: what counts from today names other days tomorrow."""
    count = int(match[1])
    if not 1 <= count <= 3660:
        raise _NoPeriodError("between 1 and 3660 days, please")
    return _of_days(today - timedelta(days=count), today)


def _span(match: re.Match[str], today: date) -> Period:
    start, end = date.fromisoformat(match[1]), date.fromisoformat(match[2])
    if start >= end:
        raise _NoPeriodError("the first day is not before the last")
    return _of_days(start, end)


_Make = Callable[[re.Match[str], date], Period]
_FORMS: tuple[tuple[str, _Make], ...] = (
    (r"all", lambda m, today: ALL),
    (r"today", lambda m, today: containing(today, "day")),
    (r"yesterday|last-day", lambda m, today: containing(today, "day").previous()),
    (r"this-(week|month|quarter|year)", lambda m, today: containing(today, m[1])),  # type: ignore[arg-type]
    (r"last-(week|month|quarter|year)", lambda m, today: containing(today, m[1]).previous()),  # type: ignore[arg-type]
    (r"last-(\d{1,4})-days?", _last_days),
    (r"last-(\d{1,3})-(week|month|quarter|year)s?", _last_several),
    (r"(\d{4})-w(\d{2})", lambda m, today: containing(date.fromisocalendar(int(m[1]), int(m[2]), 1), "week")),
    (r"(\d{4})-q([1-4])", lambda m, today: containing(date(int(m[1]), 3 * int(m[2]) - 2, 1), "quarter")),
    (r"(\d{4})-(\d{2})", lambda m, today: containing(date(int(m[1]), int(m[2]), 1), "month")),
    (r"(\d{4})-(\d{2})-(\d{2})", lambda m, today: containing(date(int(m[1]), int(m[2]), int(m[3])), "day")),
    (r"(\d{4})", lambda m, today: containing(date(int(m[1]), 1, 1), "year")),
    (r"(\d{4}-\d{2}-\d{2})\.\.(\d{4}-\d{2}-\d{2})", _span),
)


_UNITS: Final = {"ms": 0.001, "s": 1, "m": 60, "min": 60, "h": 3600, "d": 86400, "w": 604800}
_WORDS: Final = {"sec": "s", "second": "s", "minute": "m", "hr": "h", "hour": "h", "day": "d", "week": "w"}
"""Units as people write them out, in the singular."""


def parse_duration(text: str | int | float | timedelta) -> timedelta:
    """A duration from `90s`, `3m`, `4h`, `7d`, `1h30m` or `2 days`. Raises ValueError, for a number without a unit too:
    one reads minutes where another reads seconds."""
    if isinstance(text, timedelta):
        return text
    said = str(text).strip().lower()
    if re.fullmatch(r"\d+(\.\d+)?", said):
        raise ValueError(f"{said} has no unit; write {said}s, {said}m, {said}h or {said}d")
    parts = re.findall(r"(\d+(?:\.\d+)?)\s*([a-z]+)", said)
    if not parts or "".join(a + b for a, b in parts) != re.sub(r"\s+", "", said):
        raise ValueError(f"{text!r} is no duration; write 90s, 3m, 4h or 7d")
    seconds = 0.0
    for amount, word in parts:
        unit = _WORDS.get(word if word in _WORDS else word.removesuffix("s"), word)
        if unit not in _UNITS:
            raise ValueError(f"{text!r}: unknown unit {word!r}; known: {', '.join(_UNITS)}, and days written out")
        seconds += float(amount) * _UNITS[unit]
    try:
        return timedelta(seconds=seconds)
    except OverflowError as error:
        raise ValueError(f"{text!r} is too long") from error


def duration_in_words(span: timedelta) -> str:
    """A duration in the largest unit that it is a whole number of: 7 days, 1 hour, 90 minutes."""
    seconds = span.total_seconds()
    units = ((86400, "day"), (3600, "hour"), (60, "minute"))
    size, unit = next((one for one in units if seconds and seconds % one[0] == 0), (1, "second"))
    return f"{seconds / size:g} {unit}{'' if seconds == size else 's'}"

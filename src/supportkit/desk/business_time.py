"""Business time: how much of a span lies within working hours, for any number of spans in one query.

The hours of a calendar come to spans on the axis of time, and time is cut into buckets so small that none holds parts
of two. What was worked up to an instant is what was worked up to the span of its bucket, and of that span what lies
before the instant; a duration is the difference of two of these. So a span is two lookups by number, over midnight,
weekends, holidays and changes of the clocks alike, and one outside all hours is 0.

WORKED gives the CTE `worked`, a row per bucket and calendar; `worked_until` is the SQL for what was worked up to an
instant, in microseconds, over the row of its bucket, and `slot` the SQL for the number of that row. `working_hours` are
their parameters, `CALENDAR` the SQL for the number of a ticket's calendar: that of its channel, else its team, else its
country, else the one for all; null where there is none.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import groupby, zip_longest
from typing import Any, Final

from supportkit.errors import UsageError
from supportkit.period import microseconds, midnight
from supportkit.result import counted
from supportkit.stats.working_time import BUCKETS, Calendar, Span, bucket_of, working_spans
from supportkit.store import Selection, Store
from supportkit.system.named import NamedTuple

WIDTH: Final = 1_000_000_000
"""More than there are buckets: the slots of a calendar follow those of the one before."""
LONGEST: Final = timedelta(days=366 * 40)
"""Before the last instant: what is older is dated where no time was known."""

NO_HOURS: Final = "no working hours are set for these tickets: write [calendar] or [calendar.<name>]"
"""What is needed where there is no figure within hours."""
MARGIN: Final = timedelta(days=2)
MOST_TOLD: Final = 12
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
WEEKDAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")

WORKED: Final = f"""worked as materialized (
        select calendar * {WIDTH} + unnest(range(first_bucket, last_bucket)) as slot, start_us, length_us, before_us
          from (select unnest(cast($span_calendars as bigint[])) as calendar,
                       unnest(cast($span_first as bigint[])) as first_bucket,
                       unnest(cast($span_last as bigint[])) as last_bucket,
                       unnest(cast($span_starts as bigint[])) as start_us,
                       unnest(cast($span_lengths as bigint[])) as length_us,
                       unnest(cast($span_before as bigint[])) as before_us))"""


def _numbered(column: str) -> str:
    return f"nullif(list_position(cast($calendar_names as varchar[]), lower({column})), 0)"


CALENDAR: Final = f"""coalesce({_numbered("channel")}, {_numbered("team")}, {_numbered("country")},
                        cast($calendar_of_others as bigint))"""
SQL_FIRST: Final = "select epoch_us(min(created_at)) as first_us from tickets"
SQL_BEFORE: Final = f"""
with placed as (select tickets.*, {CALENDAR} as calendar from tickets)
select count(*) as tickets
  from placed
 where epoch_us(created_at) < cast($begins as bigint[])[calendar]
"""


def slot(calendar: str, instant: str) -> str:
    """The SQL for the number of the row of `worked` that holds an instant."""
    return f"({calendar} * {WIDTH} + epoch_us({instant}) // cast($bucket_us as bigint))"


def worked_until(row: str, instant: str) -> str:
    """The SQL for the microseconds worked up to an instant, over its row of `worked`."""
    return f"({row}.before_us + greatest(0, least(epoch_us({instant}) - {row}.start_us, {row}.length_us)))"


Calendars = Sequence[Calendar]


class Hours(NamedTuple):
    """The parameters of WORKED and CALENDAR, and what the hours are in words."""

    parameters: dict[str, Any]
    notes: tuple[str, ...]


def working_hours(store: Store, tickets: Selection, calendars: Sequence[Calendar]) -> Hours:
    """The working hours of calendars from the first ticket to the last instant. Raises UsageError for a country whose
    holidays nobody knows."""
    ((first_us,),) = store.rows(SQL_FIRST, tickets)
    until = store.last_instant() or EPOCH
    start = max(EPOCH + timedelta(microseconds=first_us), until - LONGEST) if first_us is not None else until
    start, until = start.replace(hour=0, minute=0, second=0, microsecond=0) - MARGIN, max(start, until) + MARGIN
    named = sorted({one.name for one in calendars} - {""})  # a number of a calendar is its place in this list
    whole = _in_order(calendars, "")
    spans, begins, notes = [], [], list[str]()
    for name in (*named, ""):
        own = _in_order(calendars, name)
        since = own[0].valid_from if own else None
        before = [one for one in whole if since and (one.valid_from or date.min) < since] if name else []
        found, told = _spans([*before, *own], store.zone, start.date(), until.date())
        spans.append(found)
        begins.append(_begin(next(iter([*before, *own]), None), store.zone, start))
        notes += told[len(before) :]
    given = {"calendar_names": named, "calendar_of_others": len(spans) if whole else None}
    if max(begins) > start and not store.figures_only:
        notes += _before(store, tickets, begins, given)
    return Hours({**lookup(spans, list(map(microseconds, begins)), microseconds(until)), **given}, tuple(notes))


def _in_order(calendars: Sequence[Calendar], name: str) -> list[Calendar]:
    """The calendars of a name by the day from which they hold."""
    return sorted((one for one in calendars if one.name == name), key=lambda one: one.valid_from or date.min)


def _begin(first: Calendar | None, zone: str, start: datetime) -> datetime:
    """The instant from which it is known when somebody is there: the first calendar's day, where it has one."""
    if first is None or first.valid_from is None:
        return start
    return max(start, midnight(first.valid_from, first.zone or zone))


def _before(store: Store, tickets: Selection, begins: Sequence[datetime], given: Mapping[str, Any]) -> Iterator[str]:
    """How many tickets were created before anything is known of their working hours."""
    every = store.without_dimensions(tickets) if tickets.several else tickets
    ((number,),) = store.rows(SQL_BEFORE, every, begins=list(map(microseconds, begins)), **given)
    if number:
        yield counted(
            number,
            "{n} ticket was created before its calendar holds (valid_from): its business time is not known, and its "
            "promise is judged by the clock",
            "{n} tickets were created before their calendar holds (valid_from): their business time is not known, and "
            "their promises are judged by the clock",
        )


def _spans(ordered: Sequence[Calendar], zone: str, first: date, last: date) -> tuple[list[Span], list[str]]:
    """The spans of calendars, each from its day to that of the next, and what they are in words."""
    spans: list[Span] = []
    notes = []
    for one, after in zip_longest(ordered, ordered[1:]):
        begin = max(first, one.valid_from or first)
        end = min(last, after.valid_from - timedelta(days=1)) if after is not None and after.valid_from else last
        holidays = days_off(one, begin, end)
        spans += working_spans(one.weekly, one.zone or zone, {*one.closed, *holidays}, begin, end)
        notes.append(_told(one, one.zone or zone, holidays))
    return spans, notes


def lookup(calendars: Sequence[Sequence[Span]], begins: Sequence[int], until: int) -> dict[str, Any]:
    """The parameters of WORKED between two instants in microseconds, the first of each calendar its own and the start
    of a bucket: each span with its buckets, up to the next's. Before it there is no bucket, and what was worked is
    null."""
    even = next((size for size in BUCKETS if all(begin % size == 0 for begin in begins)), BUCKETS[-1])
    bucket = min([even, *map(bucket_of, calendars)])
    rows = []
    for number, (spans, start) in enumerate(zip(calendars, begins, strict=True), 1):
        before = 0
        edges = [*(begin // bucket for begin, _ in spans), until // bucket + 1]
        rows.append((number, start // bucket, edges[0], start, 0, 0))
        for (begin, end), edge, after in zip(spans, edges[:-1], edges[1:], strict=True):
            rows.append((number, edge, after, begin, end - begin, before))
            before += end - begin
    columns = [list(column) for column in zip(*rows, strict=True)]
    names = ("calendars", "first", "last", "starts", "lengths", "before")
    return {**{f"span_{name}": column for name, column in zip(names, columns, strict=True)}, "bucket_us": bucket}


def _told(calendar: Calendar, zone: str, holidays: Mapping[date, str]) -> str:
    """The hours of a calendar in words, with the holidays that fall on its working days."""
    whom = f" of {calendar.name}" if calendar.name else ""
    since = f" from {calendar.valid_from}" if calendar.valid_from else ""
    said = [f"business time{whom}{since}: {', '.join(_hours(calendar.weekly))} ({zone})"]
    off = [f"{day} {name}" for day, name in holidays.items() if calendar.weekly[day.weekday()]]
    if off:
        said.append(f"holidays of {calendar.country}: {', '.join(off[:MOST_TOLD])}{_more(off)}")
    if calendar.closed:
        closed = [str(day) for day in calendar.closed]
        said.append(f"closed on {', '.join(closed[:MOST_TOLD])}{_more(closed)}")
    return "; ".join(said)


def _more(found: Sequence[str]) -> str:
    return f" and {len(found) - MOST_TOLD} more" if len(found) > MOST_TOLD else ""


def _hours(weekly: Sequence[Sequence[Span]]) -> Iterator[str]:
    """Mon-Fri 09:00-18:00: neighbouring days of equal hours together."""
    for spans, group in groupby(range(len(weekly)), key=lambda number: tuple(weekly[number])):
        days = list(group)
        if spans:
            names = WEEKDAYS[days[0]] if len(days) == 1 else f"{WEEKDAYS[days[0]]}-{WEEKDAYS[days[-1]]}"
            yield f"{names} {' and '.join(f'{_clock(start)}-{_clock(end)}' for start, end in spans)}"


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def days_off(calendar: Calendar, first: date, last: date) -> dict[date, str]:
    """The holidays of the calendar's country between two days, with their names. Raises UsageError."""
    if calendar.country is None:
        return {}
    country, _, part = calendar.country.upper().partition("-")
    try:
        import holidays
    except ImportError as error:
        raise UsageError(
            f'[calendar] country = "{calendar.country}" needs the package holidays', hint="pip install holidays"
        ) from error
    years = range(first.year, last.year + 1)
    try:
        found = holidays.country_holidays(country, subdiv=part or None, years=years, language="en_US")
    except NotImplementedError as error:
        raise UsageError(f'[calendar] country = "{calendar.country}": {error}', hint="write DE, or DE-BY") from error
    return {day: str(name) for day, name in sorted(found.items()) if first <= day <= last}

"""Contacts: how many tickets arrive, on which weekday and at which hour.

A contact is a ticket, counted at its creation in the configured time zone. A row is a weekday and an hour; `per_day`
divides its contacts by the number of such weekdays in the period (in the data where the period is open, or where the
data begins or ends within it), so that it is what one hour of one such day brings. Night is from 20 to 8. Where every
time of an export is 00:00:00 it has days alone, and its tickets have no hour.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Annotated, Any, Final, NamedTuple

from supportkit.offers.cases import CUSTOMERS, Cases
from supportkit.offers.ticket_cases import ticket_cases
from supportkit.period import ALL, Period, local_day
from supportkit.result import Chart, Result, Value, count, counted, detail, figure, key, named_apart, numbered
from supportkit.store import Store
from supportkit.store.parameters import Dimension
from supportkit.store.selection import SEVERAL
from supportkit.trending.judged_days import SQL_FIRST

TITLE = "Contacts by weekday and hour"
TABLES = ("tickets",)
SOURCE = "the hour of arrival that staffing by interval starts from (Erlang)"
EXAMPLES = ("contacts", "contacts --by channel", "contacts --period 2026-10 -o contacts.html")
FACTS = (
    count("contacts"),
    figure("per_day", "number", "per day", n="contacts"),
    figure("customers", "count", n="contacts"),
    figure("out_of_hours", "share", "at night or at the weekend", n="with_hour"),
    count("with_hour", "with an hour", aside=True),
)
WEEKDAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")

_HOUR = """case when not list_contains(cast($days as varchar[]), source)
                    then hour(timezone($zone, created_at)) end"""
SQL = f"""
with arrival as (
        select by_1, by_2, customer_id, over_start,
               isodow(timezone($zone, created_at)) as weekday,
               {_HOUR} as hour
          from tickets)
select grouping(by_1, by_2, weekday, hour) <> 0 as is_total,
       by_1, by_2, weekday, hour,
       count(*) as contacts,
       count(distinct customer_id) as customers,
       count(*) filter (where hour < 8 or hour >= 20 or (hour is not null and weekday > 5)) as out_of_hours,
       count(hour) as with_hour,
       min(over_start) as first_day, max(over_start) as last_day
  from arrival
 group by grouping sets ((), (by_1, by_2, weekday, hour))
 order by is_total desc, by_1, by_2, weekday, hour
"""


SQL_CASES = f"""
with arrival as (
        select source, ticket_id, by_1, by_2, over_start, created_at as dated_at, customer_id,
               isodow(timezone($zone, created_at)) as day_number, {_HOUR} as hour
          from tickets),
     behind as materialized (
        select *, list_element($weekdays, day_number) as weekday,
               coalesce(hour < 8 or hour >= 20 or (hour is not null and day_number > 5), false) as is_out_of_hours
          from arrival)
"""


SQL_CUSTOMERS = """
with behind as materialized (
        select customer_id, by_1, by_2, cast(null as date) as over_start, count(*) as contacts,
               min(created_at) as first_at, max(created_at) as last_at
          from tickets
         where customer_id is not null
         group by customer_id, by_1, by_2)
"""


class Arrivals(NamedTuple):
    """The tickets of a weekday (1 is Monday) and an hour in a group, or of all: a row of SQL."""

    is_total: bool
    by_1: str | None
    by_2: str | None
    weekday: int
    hour: int | None
    contacts: int
    customers: int
    out_of_hours: int
    with_hour: int
    first_day: date | None
    last_day: date | None


def contacts(
    store: Store,
    *,
    period: Period = ALL,
    by: Annotated[str | None, Dimension("tickets")] = None,
) -> Result:
    """Tickets by weekday and hour of their arrival."""
    selection = store.select("tickets", period=period, by=by, over="day")
    scope, notes = store.scope(selection)
    given = {"zone": store.zone, "days": [*store.day_columns("tickets").get("created_at", ())]}
    total, *groups = store.records(Arrivals, SQL, selection, **given)
    if selection.several:
        total, *_ = store.records(Arrivals, SQL, store.without_dimensions(selection), **given)
        notes += (SEVERAL,)
    span = _span(period, total)
    if span:
        span, said = _covered(store, span, part=scope.part)
        notes += said
    days = _weekdays(*span) if span else {}
    facts = _figures(total, sum(days.values()), total.customers)
    columns = (key("weekday"), key("hour", "count"), *FACTS[:3])
    keys = named_apart(selection.columns[: len(selection.by)], (*columns, *FACTS))
    rows = [
        (
            *(g.by_1, g.by_2)[: len(keys)],
            WEEKDAYS[g.weekday - 1],
            g.hour,
            *_figures(g, days[g.weekday], total.customers)[:3],
        )
        for g in groups
    ]
    return Result(
        metric="contacts",
        title=TITLE,
        definition="tickets at their creation; per day: divided by the number of such weekdays in the period",
        columns=keys + columns,
        rows=tuple(rows),
        facts=dict(zip((fact.name for fact in FACTS), facts, strict=True)),
        fact_columns=FACTS,
        notes=notes + _hourless(total) + _nameless(total),
        scope=scope,
        chart=None if keys or not total.with_hour else Chart("heatmap", x="hour", y="weekday", series="per_day"),
    )


def cases(store: Store, *, period: Period = ALL, by: str | None = None, **options: Any) -> Cases:
    """The tickets with the weekday and the hour of their arrival, the latest first; and the customers with most."""
    days = [*store.day_columns("tickets").get("created_at", ())]
    values = (detail("weekday", "text"), detail("hour", "count"), detail("customer_id", "text", "customer"))
    parts = {"out_of_hours": "is_out_of_hours", "with_hour": "hour is not null"}
    given = {"zone": store.zone, "days": days, "weekdays": list(WEEKDAYS)}
    cases = ticket_cases(store, sql=SQL_CASES, period=period, by=by, values=values, parts=parts, parameters=given)
    spans = (detail("first_at", "date", "first contact"), detail("last_at", "date", "last contact"))
    customers = replace(
        cases,
        unit=CUSTOMERS,
        sql=SQL_CUSTOMERS,
        values=(detail("contacts", "count"), *spans),
        parts={"customers": "true"},
        order=("contacts desc", "last_at desc", "customer_id", "by_1", "by_2"),
        parameters={},
        every="(select count(*) from tickets)",
    )
    return replace(cases, among={"out_of_hours": "hour is not null"}, beside={"customers": customers})


def _figures(row: Arrivals, days: int, known: int) -> tuple[Value, ...]:
    """The figures of a row; its customers are not known where none at all is."""
    if not row.contacts:
        return (0, None, None, None, 0)
    outside = row.out_of_hours / row.with_hour if row.with_hour else None
    return (
        row.contacts,
        row.contacts / days if days else None,
        row.customers if known else None,
        outside,
        row.with_hour,
    )


def _hourless(total: Arrivals) -> tuple[str, ...]:
    """How many contacts come from an export whose created_at holds days."""
    without = total.contacts - total.with_hour
    if not without:
        return ()
    rest = "" if total.with_hour else ", and what arrives at night is not known"
    part = counted(without, f"{{n}} of {total.contacts:,} contacts has", f"{{n}} of {total.contacts:,} contacts have")
    of = part if total.with_hour else "contacts have"
    return (f"{of} no hour: their export has days alone in created_at{rest}",)


def _nameless(total: Arrivals) -> tuple[str, ...]:
    """That nobody is known who wrote."""
    return ("customers are not known: no ticket names one",) if total.contacts and not total.customers else ()


def _span(period: Period, total: Arrivals) -> tuple[date, date] | None:
    """The first and the last day that count: the period's, on an open side or past the data the data's."""
    first, last = total.first_day, total.last_day
    if first is None or last is None:
        return None
    end = period.end - timedelta(days=1) if period.end else last
    return period.start or first, min(end, last) if period.start is None else end


def _covered(store: Store, span: tuple[date, date], *, part: bool) -> tuple[tuple[date, date], tuple[str, ...]]:
    """The days of a span that the data covers, whoever is looked at, and what to say where these are fewer."""
    whole = store.unfiltered
    begun, through = whole.rows(SQL_FIRST, whole.select("tickets", over="day"))[0][0], whole.latest("tickets")
    first = max(span[0], begun or span[0])
    last = min(span[1], local_day(through, store.zone)) if part and through else span[1]
    if (first, last) == span or last < first:
        return span, ()
    days = numbered((last - first).days + 1, "day")
    return (first, last), (f"per day: of the {days} that the data covers, {first} to {last}",)


def _weekdays(first: date, last: date) -> dict[int, int]:
    """How many Mondays, Tuesdays, … lie between two days, both included."""
    found = dict.fromkeys(range(1, 8), 0)
    for number in range((last - first).days + 1):
        found[(first + timedelta(days=number)).isoweekday()] += 1
    return found

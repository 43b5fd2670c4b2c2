"""Contacts by weekday and hour, in the configured zone, divided by the weekdays there were."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest

from supportkit.contacts import contacts
from supportkit.period import ALL, Period, parse_period
from supportkit.result import Chart
from supportkit.store import Store
from supportkit.store.conditions import parse_conditions
from supportkit.store.selection import SEVERAL

TICKETS = """ticket_id,created_at,customer_id,channel
1,2026-11-02T08:30:00Z,a,email
2,2026-11-02T08:59:00Z,a,chat
3,2026-11-09T08:00:00Z,b,email
4,2026-11-08T23:30:00Z,c,email
"""


def test_a_ticket_counts_at_its_local_hour_and_weekday(shop: Callable[..., Store]) -> None:
    found = contacts(shop(zone="Europe/Berlin", tickets=TICKETS), period=parse_period("2026-W45", date(2026, 11, 20)))
    # Sunday 23:30 UTC is Monday 00:30 in Berlin, in the week after
    assert [row[:3] for row in found.rows] == [("Mon", 9, 2)]
    assert found.facts["contacts"] == 2
    assert found.facts["per_day"] == 2 / 7
    assert found.facts["customers"] == 1
    assert found.facts["out_of_hours"] == 0


def test_per_day_divides_by_the_weekdays_of_the_data_where_the_period_is_open(shop: Callable[..., Store]) -> None:
    found = contacts(shop(zone="UTC", tickets=TICKETS), period=ALL)  # 2 to 9 November: two Mondays, one Sunday
    assert [row[:4] for row in found.rows] == [("Mon", 8, 3, 1.5), ("Sun", 23, 1, 1.0)]
    assert found.facts["per_day"] == 4 / 8
    assert found.facts["out_of_hours"] == 1 / 4


def test_per_day_divides_by_the_days_that_the_data_covers(shop: Callable[..., Store]) -> None:
    # one a day, and a Friday's second: 3 to 13 November are eleven days, and 6 and 13 two Fridays
    rows = [f"{day},2026-11-{day:02d}T09:00:00Z,a,{'chat' if day < 10 else 'email'}" for day in range(3, 14)]
    text = "\n".join(["ticket_id,created_at,customer_id,channel", *rows, "x,2026-11-06T09:30:00Z,b,chat"])
    store, november = shop(zone="UTC", tickets=text), parse_period("2026-11", date(2026, 12, 5))
    found = contacts(store, period=november)
    assert found.facts["per_day"] == 12 / 11
    assert [row[3] for row in found.rows if row[0] == "Fri"] == [3 / 2]
    said = "per day: of the 11 days that the data covers, 2026-11-03 to 2026-11-13"
    assert said in found.notes
    chat = contacts(store.filtered(conditions=parse_conditions(["channel=chat"])), period=november)
    assert (chat.facts["per_day"], said in chat.notes) == (8 / 11, True)  # the days of all, not those of chats
    week = contacts(store, period=parse_period("2026-W46", date(2026, 12, 5)))
    assert week.facts["per_day"] == 5 / 5
    whole = contacts(store, period=Period("two", date(2026, 11, 5), date(2026, 11, 8)))
    assert (whole.facts["per_day"], whole.notes) == (4 / 3, ())


def test_a_split_has_rows_for_each_group(shop: Callable[..., Store]) -> None:
    period = Period("two", date(2026, 11, 2), date(2026, 11, 9))
    found = contacts(shop(zone="UTC", tickets=TICKETS), period=period, by="channel")
    assert [row[:4] for row in found.rows] == [("chat", "Mon", 8, 1), ("email", "Mon", 8, 1), ("email", "Sun", 23, 1)]
    assert found.chart is None


def test_without_a_ticket_there_is_no_figure(shop: Callable[..., Store]) -> None:
    found = contacts(shop(tickets="ticket_id,created_at\n"))
    assert found.rows == ()
    assert found.facts == {"contacts": 0, "per_day": None, "customers": None, "out_of_hours": None, "with_hour": 0}


def test_the_whole_result_of_six_tickets(shop: Callable[..., Store]) -> None:
    # Monday 2 to Wednesday 4 November
    text = """ticket_id,created_at,customer_id,channel
    1,2026-11-02T00:00:00Z,a,email
    2,2026-11-02T07:59:59Z,b,email
    3,2026-11-03T08:00:00Z,a,email
    4,2026-11-03T19:59:59Z,c,email
    5,2026-11-04T20:00:00Z,,email
    6,2026-11-04T23:59:59Z,a,email
    """
    found = contacts(shop(tickets=text))
    assert (found.metric, found.title) == ("contacts", "Contacts by weekday and hour")
    assert found.definition == (
        "tickets at their creation; per day: divided by the number of such weekdays in the period"
    )
    assert [column.name for column in found.columns] == ["weekday", "hour", "contacts", "per_day", "customers"]
    assert found.rows == (
        ("Mon", 0, 1, 1.0, 1),
        ("Mon", 7, 1, 1.0, 1),
        ("Tue", 8, 1, 1.0, 1),
        ("Tue", 19, 1, 1.0, 1),
        ("Wed", 20, 1, 1.0, 0),
        ("Wed", 23, 1, 1.0, 1),
    )
    # three days; a, b and c wrote; before 8 and from 20 on it is night
    assert found.facts == {"contacts": 6, "per_day": 2.0, "customers": 3, "out_of_hours": 4 / 6, "with_hour": 6}
    assert found.notes == ()
    assert found.chart == Chart("heatmap", x="hour", y="weekday", series="per_day")
    assert (found.scope.period, found.scope.rows) == ("all", 6)


def test_friday_is_a_working_day_and_saturday_none(shop: Callable[..., Store]) -> None:
    text = "ticket_id,created_at\n1,2026-11-06T12:00:00Z\n2,2026-11-07T12:00:00Z"
    found = contacts(shop(tickets=text))
    assert [row[0] for row in found.rows] == ["Fri", "Sat"]
    assert found.facts["out_of_hours"] == 0.5


@pytest.mark.parametrize(
    ("start", "end", "per_day"),
    [
        # the data are of 2 to 9 November: four tickets
        (None, None, 4 / 8),
        (date(2026, 11, 1), date(2026, 11, 11), 4 / 8),  # of the days before and after the data nothing is known
        (None, date(2026, 11, 20), 4 / 8),  # an open beginning is that of the data, and so is then its end
        (None, date(2026, 11, 9), 3 / 7),
        (date(2026, 11, 3), date(2026, 11, 9), 1 / 6),  # a period has its own days, with tickets or not
        (date(2026, 11, 1), None, 4 / 8),  # an open end is that of the data
    ],
)
def test_the_days_are_those_of_the_period_or_of_the_data(
    shop: Callable[..., Store], start: date | None, end: date | None, per_day: float
) -> None:
    found = contacts(shop(zone="UTC", tickets=TICKETS), period=Period("p", start, end))
    assert found.facts["per_day"] == per_day


def test_each_weekday_is_divided_by_how_many_of_it_there_were(shop: Callable[..., Store]) -> None:
    # Sunday 1 to Monday 9 November: two Sundays, two Mondays, one of each other day
    period = Period("p", date(2026, 11, 1), date(2026, 11, 10))
    text = "\n".join(["ticket_id,created_at", *(f"{day},2026-11-{day:02}T12:00:00Z" for day in (*range(1, 8), 10))])
    found = contacts(shop(tickets=text), period=period)
    assert {row[0]: row[3] for row in found.rows} == {
        "Mon": 0.5, "Tue": 1.0, "Wed": 1.0, "Thu": 1.0, "Fri": 1.0, "Sat": 1.0, "Sun": 0.5,
    }  # fmt: skip


def test_a_ticket_with_two_tags_is_in_two_rows_and_once_in_the_total(shop: Callable[..., Store]) -> None:
    text = 'ticket_id,created_at,tags\n1,2026-11-02T08:00:00Z,"late,broken"\n2,2026-11-02T09:00:00Z,late'
    found = contacts(shop(tickets=text), by="tags")
    assert [row[:5] for row in found.rows] == [
        ("broken", "Mon", 8, 1, 1.0), ("late", "Mon", 8, 1, 1.0), ("late", "Mon", 9, 1, 1.0),
    ]  # fmt: skip
    assert found.facts["contacts"] == 2
    assert found.notes == (SEVERAL, "customers are not known: no ticket names one")
    assert found.facts["customers"] is None


def test_two_dimensions_and_what_came_after_as_of(shop: Callable[..., Store]) -> None:
    store = shop(tickets=TICKETS).filtered(as_of=datetime(2026, 11, 3, tzinfo=UTC))
    found = contacts(store, by="channel,customer_id")
    assert [row[:4] for row in found.rows] == [("chat", "a", "Mon", 8), ("email", "a", "Mon", 8)]
    assert found.notes == ("2 tickets dated after --as-of are left out",)

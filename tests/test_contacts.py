"""Contacts by weekday and hour, in the configured zone, divided by the weekdays there were."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from supportkit.contacts import contacts
from supportkit.period import ALL, Period, parse_period
from supportkit.store import Store

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


def test_a_split_has_rows_for_each_group(shop: Callable[..., Store]) -> None:
    period = Period("two", date(2026, 11, 2), date(2026, 11, 9))
    found = contacts(shop(zone="UTC", tickets=TICKETS), period=period, by="channel")
    assert [row[:4] for row in found.rows] == [("chat", "Mon", 8, 1), ("email", "Mon", 8, 1), ("email", "Sun", 23, 1)]
    assert found.chart is None


def test_without_a_ticket_there_is_no_figure(shop: Callable[..., Store]) -> None:
    found = contacts(shop(tickets="ticket_id,created_at\n"))
    assert found.rows == ()
    assert found.facts == {"contacts": 0, "per_day": None, "customers": 0, "out_of_hours": None}

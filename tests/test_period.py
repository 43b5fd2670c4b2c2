"""Periods: the days up to the end of one, which stocks and lives are counted from."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest

from supportkit.errors import UsageError
from supportkit.period import ALL, containing, duration_in_words, parse_duration, parse_period, relative_in_words
from supportkit.store import Store
from supportkit.store.conditions import Condition

Shop = Callable[..., Store]
WEEK = containing(date(2026, 11, 5), "week")
TICKETS = """
ticket_id,created_at,channel
A,2026-09-01T10:00:00Z,chat
B,2026-11-08T23:59:59Z,email
C,2026-11-09T00:00:00Z,email
"""


def test_up_to_the_end_of_a_week_is_all_before_it_and_the_week_and_nothing_after(shop: Shop) -> None:
    store = shop(tickets=TICKETS)
    found = store.rows(
        "select ticket_id from tickets order by ticket_id", store.select("tickets", period=WEEK.up_to_end())
    )
    assert found == [("A",), ("B",)]  # C is of Monday


def test_up_to_the_end_keeps_the_name_and_has_no_period_before() -> None:
    found = WEEK.up_to_end()
    assert (found.name, found.start, found.end) == ("2026-W45", None, date(2026, 11, 9))
    assert found.grain == "span"
    assert (ALL.up_to_end().start, ALL.up_to_end().end) == (None, None)


def test_an_uncut_store_reaches_as_far_as_all_its_data(shop: Shop) -> None:
    store = shop(tickets=TICKETS).filtered([Condition("channel", "=", "chat")])
    latest = store.latest("tickets"), store.unfiltered.latest("tickets")
    assert [str(instant) for instant in latest] == ["2026-09-01 10:00:00+00:00", "2026-11-09 00:00:00+00:00"]


@pytest.mark.parametrize(
    ("through", "part"),
    [
        ("2026-11-08T00:00:00+00:00", False),  # Sunday, the last day, has begun
        ("2026-11-08T23:00:00+00:00", False),
        ("2026-11-07T23:59:59+00:00", True),  # Saturday
        ("2026-11-20T00:00:00+00:00", False),
    ],
)
def test_a_period_is_whole_where_the_data_reach_its_last_day(through: str, part: bool) -> None:
    assert WEEK.is_part(datetime.fromisoformat(through), "UTC") is part


def test_the_last_day_is_that_of_the_time_zone() -> None:
    saturday_evening = datetime.fromisoformat("2026-11-07T23:30:00+00:00")  # in Berlin it is Sunday, half past midnight
    assert WEEK.is_part(saturday_evening, "UTC")
    assert not WEEK.is_part(saturday_evening, "Europe/Berlin")


TODAY = date(2026, 11, 11)  # a Wednesday


@pytest.mark.parametrize(
    ("words", "days", "before"),
    [
        ("last-3-months", "2026-08-01..2026-11-01", "2026-05-01..2026-08-01"),
        ("last-1-month", "2026-10-01..2026-11-01", "2026-09-01..2026-10-01"),  # 31 days, then 30
        ("last-2-weeks", "2026-10-26..2026-11-09", "2026-10-12..2026-10-26"),
        ("last-2-quarters", "2026-04-01..2026-10-01", "2025-10-01..2026-04-01"),
        ("last-1-year", "2025-01-01..2026-01-01", "2024-01-01..2025-01-01"),
        ("2026-02-01..2026-03-01", "2026-02-01..2026-03-01", "2026-01-01..2026-02-01"),
        ("2026-02-02..2026-03-02", "2026-02-02..2026-03-02", "2026-01-05..2026-02-02"),  # 28 days, no whole month
    ],
)
def test_several_whole_periods_are_named_by_their_days_and_follow_as_many(words: str, days: str, before: str) -> None:
    found = parse_period(words, TODAY)
    assert (found.name, found.previous().name) == (days, before)
    assert parse_period(found.name, TODAY) == found


@pytest.mark.parametrize("words", ["last-0-months", "last-521-weeks", "last-3-decades", "last-months"])
def test_no_number_of_periods_is_refused(words: str) -> None:
    with pytest.raises(UsageError):
        parse_period(words, TODAY)


@pytest.mark.parametrize(
    ("words", "hours"),
    [("2days", 48), ("2 days", 48), ("1 day", 24), ("1 hour 30 minutes", 1.5), ("2hrs", 2), ("3 Weeks", 504)],
)
def test_a_duration_is_read_as_people_write_it(words: str, hours: float) -> None:
    assert parse_duration(words) == timedelta(hours=hours)


@pytest.mark.parametrize("words", ["2 moons", "days", "2dayss", "two days", ""])
def test_what_is_no_duration_is_refused(words: str) -> None:
    with pytest.raises(ValueError, match=r"unit|no duration"):
        parse_duration(words)


@pytest.mark.parametrize("number", ["10", "1.5", "0", 10, 2.0])
def test_a_number_without_a_unit_is_refused_with_the_units_that_it_may_have(number: str | float) -> None:
    with pytest.raises(ValueError, match=f"{number} has no unit; write {number}s, {number}m, {number}h or {number}d"):
        parse_duration(number)


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (60, "1 minute"),
        (3600, "1 hour"),
        (5400, "90 minutes"),
        (86400, "1 day"),
        (604800, "7 days"),
        (1, "1 second"),
        (0, "0 seconds"),
        (1.5, "1.5 seconds"),
    ],
)
def test_a_duration_is_told_in_the_largest_unit_that_it_is_a_whole_number_of(span: float, words: str) -> None:
    assert duration_in_words(timedelta(seconds=span)) == words


def test_a_relative_period_says_its_days() -> None:
    today = date(2026, 11, 11)
    assert relative_in_words("last-7-days", today, "--as-of") == (
        "last-7-days is 2026-11-04 to 2026-11-10, counted from --as-of, 2026-11-11"
    )
    assert (
        relative_in_words("last-month", today, "--as-of") == "last-month is 2026-10, counted from --as-of, 2026-11-11"
    )
    assert relative_in_words("2026-10", today, "--as-of") is None

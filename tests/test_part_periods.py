"""When a period is a part: the data ends inside it, and not only before a weekend on which nobody writes anyway."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from supportkit.backlog import backlog
from supportkit.period import Period, containing
from supportkit.result import Result
from supportkit.store import Store
from supportkit.store.conditions import parse_conditions
from supportkit.store.reach import is_part
from supportkit.unanswered import unanswered
from tests.conftest import Call

Shop = Callable[..., Store]
MONDAY = date(2026, 10, 5)
WEEK = containing(MONDAY, "week")
WEEK_END = MONDAY + timedelta(days=6)


def days(weekdays: int, last: date, weeks: int = 9) -> Iterator[date]:
    """The first so many days of each week, until a last one."""
    for back in range(7 * weeks, -1, -1):
        day = last - timedelta(days=back)
        if day.isoweekday() <= weekdays:
            yield day


def tickets(*found: date) -> str:
    return "\n".join(["ticket_id,created_at", *(f"T{n},{day}T12:00:00Z" for n, day in enumerate(found))])


@pytest.mark.parametrize(
    ("weekdays", "last", "part"),
    [
        (5, MONDAY + timedelta(days=4), False),  # Friday, and nobody writes at weekends
        (7, MONDAY + timedelta(days=4), True),  # Friday, and Saturday and Sunday are missing
        (5, MONDAY + timedelta(days=3), True),  # Thursday: Friday is missing
        (6, MONDAY + timedelta(days=5), False),  # Saturday
        (7, MONDAY + timedelta(days=6), False),
        (5, MONDAY - timedelta(days=3), True),  # the Friday before: no day of the week is there
    ],
)
def test_days_on_which_nobody_writes_make_no_part_period(weekdays: int, last: date, part: bool, shop: Shop) -> None:
    store = shop(tickets=tickets(*days(weekdays, last)))
    scope, notes = store.scope(store.select("tickets", period=WEEK))
    assert scope.part is part
    assert any("part period" in note or "begins after" in note for note in notes) is part


def test_a_week_is_part_while_it_is_not_over_at_the_load_or_as_of(shop: Shop) -> None:
    store = shop(tickets=tickets(*days(5, MONDAY + timedelta(days=4))))
    friday = store.filtered(as_of=datetime(2026, 10, 9, 18, tzinfo=UTC))
    assert is_part(friday, "tickets", WEEK, store.latest("tickets"))
    monday = store.filtered(as_of=datetime(2026, 10, 12, 6, tzinfo=UTC))
    assert not is_part(monday, "tickets", WEEK, store.latest("tickets"))


def test_few_rows_say_nothing_about_a_weekday(shop: Shop) -> None:
    store = shop(tickets=tickets(MONDAY - timedelta(days=7), MONDAY))
    assert is_part(store, "tickets", WEEK, store.latest("tickets"))


def test_a_period_after_the_data_is_named_as_that(shop: Shop) -> None:
    store = shop(tickets=tickets(*days(7, MONDAY)))
    (note,) = store.scope(store.select("tickets", period=Period("2026-12", date(2026, 12, 1), date(2027, 1, 1))))[1]
    assert note == "2026-12 begins after the data, which ends 2026-10-05 12:00 UTC"


@pytest.mark.parametrize("stock", [backlog, unanswered])
def test_a_stock_of_a_period_after_the_data_is_named_as_that(stock: Callable[..., Result], shop: Shop) -> None:
    store = shop(tickets=tickets(*days(7, MONDAY)))
    after = stock(store, period=Period("2026-12", date(2026, 12, 1), date(2027, 1, 1))).notes
    assert after[0] == "2026-12 begins after the data, which ends 2026-10-05 12:00 UTC"
    inside = stock(store, period=Period("2026-10", date(2026, 10, 1), date(2026, 11, 1))).notes
    assert inside[0] == "2026-10 is a part period: the data ends 2026-10-05 12:00 UTC"


def test_a_check_compares_the_week_of_a_desk_that_rests_at_weekends(tmp_path: Path, supportkit: Call) -> None:
    file = tmp_path / "surveys.csv"
    lines = [f"nps,9,{day}T12:00:00Z,c{n}" for n, day in enumerate(days(5, MONDAY + timedelta(days=4)))]
    file.write_text("\n".join(["kind,score,responded_at,customer_id", *lines]))
    words = ("check", "--data", file, "--period", WEEK.name, "--expect", "nps >= -200 vs previous min 1", "-f", "json")
    code, out, _ = supportkit(*words)
    assert (code, json.loads(out)["rows"][0]["state"]) == (0, "pass")
    out = supportkit("nps", "--data", file, "--period", WEEK.name, "-f", "json")[1]
    assert not any("not whole" in note for note in json.loads(out)["notes"])


def test_a_week_is_no_part_because_those_who_are_looked_at_wrote_early_in_it(shop: Shop) -> None:
    """Tickets come each day, by chat on Mondays to Wednesdays alone."""
    rows = [f"T{day},{day}T12:00:00Z,email" for day in days(7, WEEK_END)]
    rows += [f"C{day},{day}T12:00:00Z,chat" for day in days(3, WEEK_END)]
    store = shop(tickets="\n".join(["ticket_id,created_at,channel", *rows])).filtered(
        parse_conditions(["channel=chat"])
    )
    scope, notes = store.scope(store.select("tickets", period=WEEK))
    assert (scope.part, [note for note in notes if "part period" in note]) == (False, [])
    scope, notes = store.scope(store.select("tickets", period=containing(WEEK_END + timedelta(days=1), "week")))
    assert (scope.part, f"2026-W42 begins after the data, which ends {WEEK_END} 12:00 UTC" in notes) == (True, True)

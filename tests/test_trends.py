"""Trends: the period before, rates, what stands out, and what must not."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

from supportkit.period import Period, containing
from supportkit.store import Store
from supportkit.trends import trends
from tests.conftest import Call, Words

Shop = Callable[..., Store]
FIRST = date(2026, 1, 5)  # a Monday
WEEKS = 30


def ticket_rows(category: str, per_week: list[int], prefix: str = "", customer: str | None = None) -> list[str]:
    """Tickets spread over the days of their week, each from a customer of its own unless one is named."""
    rows = []
    for week, count in enumerate(per_week):
        for number in range(count):
            day = FIRST + timedelta(weeks=week, days=6 - number % 7)
            key = f"{prefix}{category}-{week}-{number}".replace(" ", "")
            rows.append(f"{key},{day}T10:{number // 7 % 60:02d}:00Z,{customer or 'c' + key},{category}")
    return rows


def tickets(*rows: list[str]) -> str:
    return "\n".join(["ticket_id,created_at,customer_id,category", *(line for each in rows for line in each)])


def orders(per_week: list[int]) -> str:
    rows = ["order_id,ordered_at,customer_id,amount"]
    for week, count in enumerate(per_week):
        for number in range(count):
            day = FIRST + timedelta(weeks=week, days=number % 7)
            rows.append(f"O{week}-{number},{day}T09:00:00Z,b{week}-{number},10")
    return "\n".join(rows)


def wave(size: int, weeks: int = WEEKS) -> list[int]:
    """About `size` a week, going up and down by a tenth."""
    return [size + (week * 7 % 5 - 2) * max(size // 10, 1) for week in range(weeks)]


def week(number: int) -> Period:
    return containing(FIRST + timedelta(weeks=number), "week")


def test_a_row_holds_the_period_and_the_one_before(shop: Shop) -> None:
    store = shop(tickets=tickets(ticket_rows("late", [4, 6]), ticket_rows("broken", [3, 2])), orders=orders([50, 40]))
    result = trends(store, period=week(1))
    rows = {row["category"]: row for row in result.records()}
    assert (rows["late"]["tickets"], rows["late"]["tickets_before"]) == (6, 4)
    assert rows["late"]["change"] == pytest.approx(0.5)
    assert rows["late"]["rate"] == pytest.approx(150)  # 6 per 40 orders
    assert rows["late"]["rate_before"] == pytest.approx(80)  # 4 per 50
    assert rows["late"]["share"] == pytest.approx(6 / 8)
    assert [row["category"] for row in result.records()] == ["late", "broken"]
    assert (result.facts["tickets"], result.facts["tickets_before"], result.facts["series"]) == (8, 7, 2)


def test_the_rate_is_of_the_orders_that_are_revenue(shop: Shop) -> None:
    bought = [
        f"{row},{word}" for row, word in zip(orders([50, 40]).splitlines(), ["status", *["paid"] * 90], strict=True)
    ]
    # of the second week's 40 orders four are void, one is a refund below zero and five have a word that nobody knows
    for number, word in enumerate(["storniert", "failed", "pending", "test", "paid", *["xyz"] * 5]):
        bought[-1 - number] = bought[-1 - number].replace(",paid", f",{word}")
    bought[-5] = bought[-5].replace(",10,", ",-10,")
    result = trends(shop(tickets=tickets(ticket_rows("late", [4, 7])), orders="\n".join(bought)), period=week(1))
    (row,) = result.records()
    assert row["rate"] == pytest.approx(200)  # 7 per 35
    assert row["rate_before"] == pytest.approx(80)  # 4 per 50
    assert (
        "orders left out: 1 open (10.00); 1 cancelled (10.00); 1 failed (10.00); 1 test (10.00); "
        "1 below zero, refunds without an order (-10.00)"
    ) in result.notes
    assert any("5 of 85 orders of unknown status: xyz (5)" in note for note in result.notes)


def test_without_orders_the_rate_is_the_share_of_tickets(shop: Shop) -> None:
    result = trends(shop(tickets=tickets(ticket_rows("late", [4, 6]), ticket_rows("broken", [4, 2]))), period=week(1))
    late = next(row for row in result.records() if row["category"] == "late")
    assert (late["rate"], late["rate_before"]) == (0.75, 0.5)
    assert result.columns[10].kind == "share"


def test_a_category_that_was_not_there_before_has_no_change(shop: Shop) -> None:
    result = trends(shop(tickets=tickets(ticket_rows("late", [4, 4]), ticket_rows("novel", [0, 3]))), period=week(1))
    novel = next(row for row in result.records() if row["category"] == "novel")
    assert (novel["tickets_before"], novel["change"]) == (0, None)


def test_without_a_period_it_is_the_last_complete_week(shop: Shop) -> None:
    rows = [*ticket_rows("late", [4, 6, 5]), f"x,{FIRST + timedelta(weeks=3, days=2)}T10:00:00Z,c,late"]
    result = trends(shop(tickets=tickets(rows)))
    assert (result.scope.period, result.facts["tickets"], result.facts["tickets_before"]) == ("2026-W04", 5, 6)


def test_a_part_period_is_neither_compared_nor_tested(shop: Shop) -> None:
    rows = [*ticket_rows("late", wave(20)), f"x,{FIRST + timedelta(weeks=WEEKS)}T10:00:00Z,c,late"]
    result = trends(shop(tickets=tickets(rows)), period=week(WEEKS))
    assert result.facts["change"] is None
    assert result.facts["tested"] == 0
    assert any("part period" in note for note in result.notes)


def test_a_rise_stands_out_with_its_start_and_its_excess(shop: Shop) -> None:
    rising = [10] * (WEEKS - 2) + [28, 30]
    others = (ticket_rows(f"k{n}", wave(10)) for n in range(9))
    store = shop(tickets=tickets(ticket_rows("declined", rising), *others), orders=orders([70] * WEEKS))
    result = trends(store, period=week(WEEKS - 1))
    top = next(result.records())
    assert (top["category"], top["state"], top["since"]) == ("declined", "ongoing", week(WEEKS - 2).start)
    assert top["expected"] == pytest.approx(10, abs=2)
    assert top["excess"] == pytest.approx(20, abs=2)
    assert (result.facts["rising"], result.facts["new"], result.facts["tested"]) == (1, 0, 10)
    assert top["ratio_low"] > 1 > top["q"]  # type: ignore[operator]


def test_less_than_eight_weeks_are_shown_and_never_alarmed(shop: Shop) -> None:
    result = trends(shop(tickets=tickets(ticket_rows("late", [5] * 7 + [500]))), period=week(7))
    (row,) = result.records()
    assert (row["tickets"], row["state"], row["q"], result.facts["rising"]) == (500, None, None, None)


def test_one_customer_writing_fifty_times_raises_no_alarm(shop: Shop) -> None:
    noise = ticket_rows("late", [0] * (WEEKS - 1) + [50], prefix="again", customer="fury")
    others = (ticket_rows(f"k{n}", wave(10)) for n in range(5))
    store = shop(tickets=tickets(ticket_rows("late", wave(10)), noise, *others))
    result = trends(store, period=week(WEEKS - 1))
    late = next(row for row in result.records() if row["category"] == "late")
    assert late["tickets"] == 10 + 50 + (29 * 7 % 5 - 2)
    assert (late["state"], result.facts["rising"]) == ("steady", 0)


def test_tags_in_mixed_case_are_one_series(shop: Shop) -> None:
    old, new = [10] * (WEEKS - 1) + [0], [0] * (WEEKS - 1) + [10]
    others = (ticket_rows(f"k{n}", wave(10)) for n in range(5))
    store = shop(tickets=tickets(ticket_rows("Late parcel", old), ticket_rows("late  Parcel", new), *others))
    result = trends(store, period=week(WEEKS - 1))
    assert (result.facts["rising"], result.facts["new"], result.facts["falling"]) == (0, 0, 0)
    assert ("Late parcel", 10) in [(row["category"], row["tickets"]) for row in result.records()]


def test_empty_weeks_in_the_past_are_no_reason_for_an_alarm(shop: Shop) -> None:
    def holes(size: int) -> list[int]:
        return [0 if 18 <= number <= 20 else count for number, count in enumerate(wave(size))]

    store = shop(tickets=tickets(*(ticket_rows(f"k{n}", holes(8 + n)) for n in range(6))))
    for number in (21, 22, WEEKS - 1):
        assert trends(store, period=week(number)).facts["rising"] == 0


def test_by_country_the_rate_is_per_order_of_that_country(shop: Shop) -> None:
    places = [(place, n) for place in ("DE", "FR") for n in range(14)]
    rows = ["ticket_id,created_at,customer_id,country"]
    rows += [f"{place}{n},{FIRST + timedelta(days=n)}T10:00:00Z,{place}{n},{place}" for place, n in places]
    bought = ["order_id,ordered_at,customer_id,amount,country"]
    bought += [f"o{n},{FIRST + timedelta(days=n % 14)}T10:00:00Z,b{n},5,{'DE' if n < 56 else 'FR'}" for n in range(84)]
    result = trends(shop(tickets="\n".join(rows), orders="\n".join(bought)), by="country", period=week(1))
    rates = {row["country"]: row["rate"] for row in result.records()}
    assert rates == {"DE": pytest.approx(1000 * 7 / 28), "FR": pytest.approx(1000 * 7 / 14)}


def test_no_tickets_are_no_figures(shop: Shop) -> None:
    result = trends(shop())
    assert result.rows == ()
    assert all(value in (None, 0) for value in result.facts.values())


def test_the_samples_put_the_two_planted_troubles_on_top(supportkit: Call, stored: Words) -> None:
    code, out, _ = supportkit("trends", *stored, "--format", "json")
    shown = json.loads(out)
    assert code == 0
    assert [(row["category"], row["since"]) for row in shown["rows"][:2]] == [
        ("payment declined", "2026-10-12"),  # 2026-W42
        ("delivery delayed", "2026-10-26"),  # 2026-W44
    ]
    assert "country DE" in shown["rows"][0]["comes_from"]
    assert "courier Polar" in shown["rows"][1]["comes_from"]
    assert "language ru" in shown["rows"][1]["comes_from"]
    assert (shown["facts"]["rising"], shown["facts"]["new"], shown["facts"]["falling"]) == (2, 0, 0)


def test_april_2019_stands_out_among_consumer_complaints(supportkit: Call, real: Path, tmp_path: Path) -> None:
    maps = ("ticket_id=Complaint ID", "created_at=Date received", "category=Issue", "channel=Submitted via")
    words = [word for each in maps for word in ("--map", each)]
    complaints, store = real / "cfpb_sample" / "complaints_sample.csv", tmp_path / "complaints.duckdb"
    assert supportkit("load", complaints, "--as", "tickets", *words, "--db", store)[0] == 0
    _, out, _ = supportkit("trends", "--by", "category", "--period", "2019-04", "--db", store, "--format", "json")
    shown = json.loads(out)
    top = shown["rows"][0]
    assert (shown["facts"]["tickets"], shown["facts"]["tickets_before"]) == (2130, 1175)
    assert top["category"] == "Incorrect information on your report"
    assert (top["tickets"], top["tickets_before"]) == (731, 280)
    assert top["state"] in ("new", "rising", "ongoing")
    assert top["q"] < 0.001

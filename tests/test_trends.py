"""Trends: the period before, rates, what stands out, and what must not."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from supportkit.period import Period, containing
from supportkit.render.charts import spec
from supportkit.render.language import language_of
from supportkit.render.value_text import value_text
from supportkit.result import Chart
from supportkit.store import Store
from supportkit.trending.data_gaps import untested
from supportkit.trending.findings import findings
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


def test_what_goes_on_with_three_tickets_is_in_the_table_and_no_headline(shop: Shop) -> None:
    rare = [1, 0] * ((WEEKS - 2) // 2) + [0] * ((WEEKS - 2) % 2)
    others = [ticket_rows(f"k{n}", wave(10)) for n in range(9)]
    for last, headlines in ((3, 0), (5, 1)):
        rows = tickets(ticket_rows("rare", [*rare, 12, last]), *others)
        result = trends(shop(tickets=rows, orders=orders([70] * WEEKS)), period=week(WEEKS - 1))
        (row,) = [each for each in result.records() if each["category"] == "rare"]
        assert (row["state"], row["tickets"]) == ("ongoing", last)
        assert len(findings(result, language_of("en"))) == headlines


def test_what_goes_on_within_its_printed_range_is_said_to_lingers_and_is_not_marked(shop: Shop) -> None:
    # in the last week but one five times as many as usual come, in the last some that chance allows
    others = [ticket_rows(f"k{n}", wave(60)) for n in range(9)]
    for last, headlines in ((90, 0), (140, 1)):
        rows = tickets(ticket_rows("late", [*wave(60, WEEKS - 3), 250, 280, last]), *others)
        result = trends(shop(tickets=rows, orders=orders([70] * WEEKS)), period=week(WEEKS - 1))
        (row,) = [each for each in result.records() if each["category"] == "late"]
        assert (row["state"], row["tickets"], row["window"]) == ("ongoing", last, 1)
        assert (float(str(row["expected_high"])) < last) is bool(headlines)
        (found,) = findings(result, language_of("en"))
        assert (found.subject, found.lingers) == ("late", not headlines)
        usual = f"; within the usual {row['expected_low']:.0f} to {row['expected_high']:.0f}"
        assert found.text.endswith(usual) is not bool(headlines)
        drawn = spec(result)
        assert drawn is not None
        assert [one["name"] for one in drawn["data"]["values"] if one["mark"]] == ["late"] * headlines


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


def test_ratio_and_excess_are_of_the_tickets_that_stand_beside_them(shop: Shop) -> None:
    rising = ticket_rows("declined", [10] * (WEEKS - 1) + [30])
    twice = ["again-" + row for row in rising[-30:]]  # each customer of the last week wrote twice
    others = (ticket_rows(f"k{n}", wave(10)) for n in range(9))
    store = shop(tickets=tickets(rising + twice, *others), orders=orders([70] * WEEKS))
    result = trends(store, period=week(WEEKS - 1))
    top = next(result.records())
    assert (top["category"], top["tickets"], top["window"]) == ("declined", 60, 1)
    for row in result.records():
        of, expected, ratio, low, high, excess = (
            float(str(row[name])) for name in ("tickets", "expected", "ratio", "ratio_low", "ratio_high", "excess")
        )
        assert (ratio, excess) == pytest.approx((of / expected, of - expected))
        assert low < ratio < high
        window = float(str(row["window_tickets"])) / float(str(row["window_expected"]))
        assert row["window_ratio"] == pytest.approx(window)
    said = next(note for note in result.notes if note.startswith("declined: 60 tickets, "))
    expected, ratio = float(said.split(", ")[1].split()[0]), float(said.split("(")[1].split()[0])
    assert ratio == pytest.approx(60 / expected, abs=0.1)


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


def test_months_are_compared_with_months(shop: Shop) -> None:
    # January 3, February 5 (its first and last day with it), March 8 with its first and last day
    days = ["01-01", "01-15", "01-31", "02-01", "02-10", "02-11", "02-27", "02-28"]
    days += ["03-01", "03-02", "03-03", "03-10", "03-15", "03-20", "03-30", "03-31"]
    rows = [f"t{n},2026-{day}T10:00:00Z,c{n},late" for n, day in enumerate(days)]
    store = shop(tickets=tickets([*rows, "o1,2026-02-03T10:00:00Z,c1,other"]))
    result = trends(store, period=containing(date(2026, 3, 10), "month"))
    assert [(row["category"], row["tickets"], row["tickets_before"]) for row in result.records()] == [
        ("late", 8, 5), ("other", 0, 1),
    ]  # fmt: skip
    assert (result.facts["tickets"], result.facts["tickets_before"], result.facts["series"]) == (8, 6, 2)
    quarter = trends(store, period=containing(date(2026, 3, 10), "quarter")).facts
    assert (quarter["tickets"], quarter["tickets_before"], quarter["change"]) == (17, None, None)  # before the data


def test_the_whole_result_of_two_weeks(shop: Shop) -> None:
    rows = [f"{row},{'DE' if n % 2 else 'FR'}" for n, row in enumerate(ticket_rows("late", [4, 6]))]
    text = "\n".join(["ticket_id,created_at,customer_id,category,country", *rows])
    result = trends(shop(tickets=text), by="category,country", period=week(1))
    assert (result.metric, result.title) == ("trends", "Trends: what rises")
    assert result.definition == "tickets of 2026-W03 against 2026-W02; nothing is tested"
    assert [column.name for column in result.columns] == [
        "category", "country",
        "tickets", "tickets_before", "change", "series", "tested", "rising", "new", "falling", "common_factor",
        "rate", "rate_before", "share", "expected", "expected_low", "expected_high", "ratio", "ratio_low", "ratio_high",
        "excess", "since", "state", "q", "comes_from", "examples", "weeks", "exposure", "exposure_before",
        "all_tickets", "window", "window_tickets", "window_expected", "window_ratio", "window_ratio_low",
        "window_ratio_high",
    ]  # fmt: skip
    # three of each country, after two: half more; a row is one series; half of the tickets are its share
    assert result.rows == tuple(
        ("late", country, 3, 2, 0.5, 1, 0, *[None] * 4, 0.5, 0.5, 0.5, *[None] * 12, "▆█", 6, 4, 6, 1, 3, *[None] * 4)
        for country in ("DE", "FR")
    )
    assert list(result.facts.values()) == [6, 4, 0.5, 2, 0, None, None, None, None]
    assert result.notes == ("nothing is tested: that needs eight whole periods of at least a week before this one",)
    assert result.chart == Chart(
        "change",
        "category",
        "tickets",
        low="expected_low",
        high="expected_high",
        mark="rising",
        before="tickets_before",
    )
    assert (result.scope.period, result.scope.rows) == ("2026-W03", 6)
    first = trends(shop(tickets=text), period=week(0))
    assert first.notes[-1] == "the period before is not compared: the data begins on 2026-01-08"
    assert first.facts["change"] is None
    alone = trends(shop(tickets=text), by="", period=week(1))
    assert alone.chart is None
    assert alone.rows == (
        (6, 4, 0.5, 1, 0, *[None] * 4, 1.0, 1.0, 1.0, *[None] * 12, "▆█", 6, 4, 6, 1, 6, *[None] * 4),
    )


def test_tickets_of_a_few_days_have_too_short_a_history(shop: Shop, supportkit: Call, tmp_path: Path) -> None:
    rows = "ticket_id,created_at,category\n1,2026-10-01T10:00:00Z,late\n2,2026-10-03T10:00:00Z,late\n"
    told = "the history is too short: the tickets begin on 2026-10-01, after 2026-W39; --period 2026-W40 has them"
    assert told in trends(shop(tickets=rows)).notes
    (tmp_path / "tickets.csv").write_text(rows)
    code, _, err = supportkit("trends", "--data", str(tmp_path))
    assert (code, err.strip()) == (3, f"no data: {told}")


def test_a_rise_that_four_weeks_told_prints_the_figures_of_four_weeks(shop: Shop) -> None:
    # 5 a week, then 10: no single week tells that from chance, 40 where 20 are expected do
    slow = [5, 4, 6, 5, 5] * 5 + [4, 10, 10, 10, 10]
    others = (ticket_rows(f"k{n}", wave(20)) for n in range(5))
    result = trends(
        shop(tickets=tickets(ticket_rows("slow", slow), *others), orders=orders([100] * WEEKS)), period=week(WEEKS - 1)
    )
    (row,) = [each for each in result.records() if each["category"] == "slow"]
    assert (row["state"], row["window"], row["tickets"], row["window_tickets"]) == ("ongoing", 4, 10, 40)
    assert row["window_expected"] == pytest.approx(20, rel=0.1)
    assert row["window_ratio"] == pytest.approx(40 / float(str(row["window_expected"])))
    assert row["ratio"] == pytest.approx(10 / float(str(row["expected"])))
    assert row["expected"] == pytest.approx(5, rel=0.15)
    assert any(note.startswith("slow: 40 tickets in 4 weeks, ") for note in result.notes)
    (found,) = findings(result, language_of("en"))
    assert found.text.startswith("slow: 40 tickets in 4 weeks where 21 were expected, ongoing since ")
    end = date(2026, 11, 12)  # the same of some days: their own tickets are told, and which days told the rise
    span = replace(result.scope, period="2026-11-01..2026-11-12", start=date(2026, 11, 1), end=end)
    (found,) = findings(replace(result, scope=span), language_of("en"))
    said = "slow: 10 tickets where 6 were expected, 40 where 21 were in 4 periods of 11 days up to 11 November 2026, "
    assert found.text.replace("\u00a0", " ").startswith(said)
    (found,) = findings(replace(result, scope=span), language_of("ru"))
    told = "10 обращений вместо ожидаемых 6, 40 вместо 21 за 4 периода по 11 дн., до 11 ноября 2026"
    assert told in found.text.replace("\u00a0", " ")


def test_tickets_of_periods_that_the_data_does_not_cover_are_not_known(shop: Shop) -> None:
    rows = ticket_rows("late", [7] * 14)  # one a day
    store = shop(tickets=tickets([row for n, row in enumerate(rows) if not 4 * 7 <= n < 5 * 7]))
    held = trends(store, period=week(13), past=True)
    assert [row["tickets"] for row in held.records()] == [7] * 4 + [None] + [7] * 9
    assert str(next(trends(store, period=week(13)).records())["weeks"]).startswith("████–█████████")
    assert [row["tickets"] for row in trends(store, period=week(0), past=True).records()] == [None, 7]
    assert trends(store, period=week(0), past=True).definition == "tickets of each period"
    after = [row["tickets"] for row in trends(store, period=week(15), past=True).records()]
    assert after[-4:] == [7, 7, None, None]


def test_a_quiet_week_of_a_series_within_the_data_is_nought(shop: Shop) -> None:
    result = trends(
        shop(tickets=tickets(ticket_rows("late", [7] * 14), ticket_rows("seldom", [2] * 13 + [0]))),
        period=week(13),
        past=True,
    )
    assert [row["tickets"] for row in result.records() if row["category"] == "seldom"] == [2] * 13 + [0]


def test_what_is_not_tested_says_whether_days_are_missing_or_the_history_is_short(shop: Shop) -> None:
    rows = ticket_rows("late", [7] * 14)
    gap = shop(tickets=tickets([row for n, row in enumerate(rows) if not 4 * 7 <= n < 5 * 7]))
    missing = "2026-W06 is neither compared nor tested: days are missing in the data, from 2026-02-02 on"
    assert missing in trends(gap, period=week(4)).notes
    # eight weeks before the ninth, of which one is not there
    few = "nothing is tested: days are missing in 1 of the 8 periods before this one, and that needs eight whole ones"
    assert few in trends(gap, period=week(8)).notes
    assert trends(gap, period=week(9)).facts["tested"] == 1
    assert untested(trends(gap, period=week(8))) == "not tested: days are missing in the data"
    short = trends(shop(tickets=tickets(rows)), period=week(7))
    assert "nothing is tested: that needs eight whole periods of at least a week before this one" in short.notes
    assert untested(short) == "not tested: history too short"


def test_expected_tickets_have_a_decimal_and_no_thousandths(shop: Shop) -> None:
    result = trends(shop(tickets=tickets(ticket_rows("late", wave(10)))), period=week(WEEKS - 1), past=True)
    expected = [column for column in result.columns if column.name.startswith("expected")]
    assert len(expected) == 3
    assert {value_text(0.0391, column.kind) for column in expected} == {"0.0"}


def test_a_name_that_is_a_column_too_is_called_by(shop: Shop) -> None:
    text = tickets(ticket_rows("late", [4, 6])).replace("category", "state", 1)
    result = trends(shop(tickets=text), by="state", period=week(1))
    assert result.columns[0].name == "by_state"
    past = trends(shop(tickets=text), by="state", period=week(1), past=True)
    assert [column.name for column in past.columns][:3] == ["state", "period", "tickets"]


def risen(shop: Shop, *rows: list[str]) -> Store:
    """A shop of five steady categories of about ten tickets a week, and these rows: ticket, time, customer, category,
    subject.
    """
    others = [f"{row}," for n in range(5) for row in ticket_rows(f"k{n}", wave(10))]
    header = "ticket_id,created_at,customer_id,category,subject"
    return shop(tickets="\n".join([header, *others, *(line for each in rows for line in each)]))


def test_examples_are_the_three_latest_of_different_customers(shop: Shop) -> None:
    told = [  # in the last week: day, hour, customer, subject
        (0, 9, "a", "oldest"),
        (1, 9, "b", "fifth"),
        (2, 9, "c", "the earlier of two"),
        (6, 12, "c", "latest"),
        (5, 9, "d", "  twice told  "),
        (6, 9, "e", "twice told"),
        (5, 10, "y", "same instant"),
        (5, 10, "x", "of the same instant the first ticket"),
        (6, 14, "f", "   "),
        (6, 15, "g", ""),
    ]
    start = FIRST + timedelta(weeks=WEEKS - 1)
    spelt = ("card  declined", "CARD declined", "Card Declined")
    last = [
        f"s{n},{start + timedelta(days=day)}T{hour:02}:00:00Z,{who},{spelt[n % 3]},{subject}"
        for n, (day, hour, who, subject) in enumerate(told)
    ]
    last = [line.replace("s6,", "t6,") for line in last]
    rest = [f"{row}," for row in ticket_rows("card declined", [10] * (WEEKS - 1) + [30])]
    result = trends(risen(shop, rest, last), period=week(WEEKS - 1))
    row = next(result.records())
    assert (row["category"], row["tickets"], row["state"]) == ("card declined", 40, "rising")
    assert row["examples"] == '"latest", "twice told", "of the same instant the first ticket"'
    assert [row["examples"] for row in result.records()][1:] == [None] * 5


def test_tickets_of_nobody_are_of_a_writer_each(shop: Shop) -> None:
    rows = ticket_rows("declined", [10] * (WEEKS - 1) + [10])
    unnamed = [f"u{n},{FIRST + timedelta(weeks=WEEKS - 1, days=n % 7)}T10:00:00Z,,declined,card {n}" for n in range(30)]
    result = trends(risen(shop, [f"{row}," for row in rows], unnamed), period=week(WEEKS - 1))
    top = next(result.records())
    assert (top["category"], top["tickets"], top["state"]) == ("declined", 40, "rising")
    # three of Sunday, where n is 6, 13, 20 and 27: the first by their ids
    assert top["examples"] == '"card 13", "card 20", "card 27"'


def test_the_past_of_the_series_that_matter_is_a_line_each(shop: Shop) -> None:
    rising = [f"{row}," for row in ticket_rows("declined", [10] * (WEEKS - 1) + [40])]
    store = risen(shop, rising)
    plain, result = (trends(store, period=week(WEEKS - 1), past=past) for past in (False, True))
    assert result.definition == (
        "tickets of each period; expected, low and high: what the periods before it led one to expect"
    )
    assert [column.name for column in result.columns] == [
        "category", "period", "tickets", "expected", "expected_low", "expected_high", "tested",
    ]  # fmt: skip
    rows = list(result.records())
    assert [row["category"] for row in rows[::26]] == ["declined", "k0", "k1", "k2"]  # the one that rose, then by name
    assert len(rows) == 4 * 26  # half a year each
    assert [row["tickets"] for row in rows[:26]] == [10] * 25 + [40]
    assert (rows[0]["period"], rows[25]["period"]) == ("2026-W06", "2026-W31")
    assert rows[25]["expected"] == pytest.approx(next(plain.records())["expected"])
    assert result.chart == Chart("line", "period", "tickets", "category", "expected_low", "expected_high", "expected")
    assert result.facts == plain.facts
    assert trends(store, by="", period=week(WEEKS - 1), past=True).chart is None


def test_a_part_of_a_day_is_neither_compared_nor_judged_otherwise(shop: Shop) -> None:
    store = shop(tickets=tickets(*(ticket_rows(f"k{n}", [14] * WEEKS) for n in range(5))), orders=orders([70] * WEEKS))
    last = FIRST + timedelta(weeks=WEEKS, days=-2)
    days = Period(f"{last}..", last, last + timedelta(days=2))
    # Saturday and Sunday have two tickets each of every category, as the two days before them
    whole = trends(store, period=days)
    assert [(row["tickets"], row["tickets_before"], row["change"]) for row in whole.records()] == [(4, 4, 0.0)] * 5
    assert next(whole.records())["expected"] == pytest.approx(4, abs=0.5)
    assert next(whole.records())["rate"] == pytest.approx(1000 * 4 / 20)
    assert (whole.facts["tickets"], whole.facts["change"], whole.facts["tested"]) == (20, 0.0, 5)
    part = trends(store.filtered(as_of=datetime(last.year, last.month, last.day, 12, tzinfo=UTC)), period=days)
    assert part.facts["change"] is None
    assert {row["change"] for row in part.records()} == {None}


def desk_of_weekdays(shop: Shop) -> Store:
    """Of each of five kinds four tickets come from Monday to Friday, and one on Saturday and on Sunday."""
    rows = [
        f"{kind}{number}x{n},{day}T10:00:00Z,{kind}{number}x{n},{kind}"
        for kind in "abcde"
        for number in range(7 * WEEKS)
        for day in (FIRST + timedelta(days=number),)
        for n in range(4 if day.isoweekday() < 6 else 1)
    ]
    return shop(tickets=tickets(rows))


@pytest.mark.parametrize(
    ("days", "tickets", "before"),
    [
        (3, 12, "2026-07-20..2026-07-23"),  # Monday to Wednesday, where Friday to Sunday had 6
        (1, 4, "2026-07-20..2026-07-21"),  # Monday, where Sunday had 1
        (11, 38, "2026-07-06..2026-07-17"),  # of two weeks, less Friday to Sunday: 22 a week + 4 * 4
        (14, 44, "2026-07-06..2026-07-20"),
    ],
)
def test_a_few_days_are_compared_with_the_same_weekdays(days: int, tickets: int, before: str, shop: Shop) -> None:
    first = FIRST + timedelta(weeks=WEEKS - 1 if days < 8 else WEEKS - 2)
    period = Period(f"{first}..", first, first + timedelta(days=days))
    assert period.previous().name == before
    result = trends(desk_of_weekdays(shop), period=period)
    assert {(row["tickets"], row["tickets_before"], row["change"]) for row in result.records()} == {
        (tickets, tickets, 0.0)
    }
    for row in result.records():
        assert float(str(row["expected"])) == pytest.approx(tickets, rel=0.05)
    assert result.facts["rising"] == 0


def test_the_past_of_a_span_is_named_by_its_days(shop: Shop) -> None:
    first = FIRST + timedelta(weeks=WEEKS - 2)
    period = Period(f"{first}..", first, first + timedelta(days=11))
    past = trends(desk_of_weekdays(shop), period=period, past=True)
    rows = [row for row in past.records() if row["category"] == "a"]
    assert [(row["period"], row["tickets"]) for row in rows[-2:]] == [
        (f"{first - timedelta(days=14)}..{first - timedelta(days=3)}", 38),
        (f"{first}..{first + timedelta(days=11)}", 38),
    ]
    drawn = spec(past)
    assert drawn is not None
    assert all(one["value"] is not None for one in drawn["data"]["values"])  # a line without gaps
    assert drawn["data"]["values"][-1]["x"] == "20 Jul"


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


@pytest.mark.parametrize(
    "asked",
    [
        ("--period", "2026-W45"),
        ("--since", "2026-11-02", "--until", "2026-11-06", "--as-of", "2026-11-05"),
        ("--since", "2026-11-02", "--until", "2026-11-06", "--as-of", "2026-11-05", "--past"),
        ("--since", "2026-11-01", "--until", "2026-11-06", "--as-of", "2026-11-05"),
        ("--since", "2026-11-01", "--until", "2026-11-12"),
        ("--period", "2026-11-05", "--as-of", "2026-11-05"),
    ],
    ids=" ".join,
)
def test_a_trouble_has_one_begin_also_by_the_days_so_far(
    asked: tuple[str, ...], supportkit: Call, stored: Words
) -> None:
    shown = json.loads(supportkit("trends", *stored, *asked, "--format", "json", "-q")[1])
    for name, monday in (("payment declined", "2026-10-12"), ("delivery delayed", "2026-10-26")):
        (note,) = (note for note in shown["notes"] if note.startswith(f"{name}: "))
        assert f"ongoing since {monday}" in note


def test_a_begin_that_no_week_tells_does_not_reach_over_quiet_months(
    supportkit: Call, real: Path, tmp_path: Path
) -> None:
    """By blocks of 19 days it was "ongoing since 25 November 2018", where the 19 days before had five tickets."""
    maps = ("ticket_id=Complaint ID", "created_at=Date received", "category=Issue")
    words = [word for each in maps for word in ("--map", each)]
    complaints, db = real / "cfpb_sample" / "complaints_sample.csv", tmp_path / "complaints.duckdb"
    assert supportkit("load", complaints, "--as", "tickets", *words, "--db", db)[0] == 0
    days = ("--since", "2020-03-01", "--until", "2020-03-20")
    shown = json.loads(supportkit("trends", *days, "--db", db, "--format", "json", "-q")[1])
    (top,) = (row for row in shown["rows"] if row["category"] == "Incorrect information on your report")
    assert (top["tickets"], top["state"], top["since"]) == (77, "rising", None)
    (note,) = (note for note in shown["notes"] if note.startswith("Incorrect information on your report: "))
    assert "since" not in note


@pytest.mark.parametrize("more", [[], ["product=Product", "body=Consumer complaint narrative"]], ids=["", "texts"])
def test_april_2019_stands_out_among_consumer_complaints(
    more: list[str], supportkit: Call, real: Path, tmp_path: Path
) -> None:
    """With the texts too, by which every name was once taken for a part of one that is long gone."""
    maps = ("ticket_id=Complaint ID", "created_at=Date received", "category=Issue", "channel=Submitted via")
    words = [word for each in (*maps, *more) for word in ("--map", each)]
    complaints, store = real / "cfpb_sample" / "complaints_sample.csv", tmp_path / "complaints.duckdb"
    assert supportkit("load", complaints, "--as", "tickets", *words, "--db", store)[0] == 0
    _, out, _ = supportkit("trends", "--by", "category", "--period", "2019-04", "--db", store, "--format", "json")
    shown = json.loads(out)
    top = shown["rows"][0]
    assert (shown["facts"]["tickets"], shown["facts"]["tickets_before"]) == (2130, 1175)
    assert top["category"] == "Incorrect information on your report"
    assert (top["tickets"], top["tickets_before"]) == (731, 280)
    assert top["state"] in ("new", "rising", "ongoing")
    assert top["q"] <= 0.05
    assert not any("Date sent to company" in str(row["comes_from"]) for row in shown["rows"])  # a day is no place
    assert top["since"] == "2019-04-01"  # in January, February and March it was not above what was expected of them
    assert not any("probably" in note for note in shown["notes"])

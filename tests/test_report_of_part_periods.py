"""A report of a period that is not over, or whose data end before it does: of the days there are, beside as many."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from supportkit.period import parse_period
from supportkit.render.charts import caption, spec
from supportkit.render.document import Document, DocumentSection
from supportkit.render.language import ENGLISH
from supportkit.result import Chart, Result, Scope, count, figure, key
from supportkit.trending.findings import unit_of
from tests.computing import ReportOf, written
from tests.conftest import Call, Words


@pytest.fixture(scope="module")
def november(report_of: ReportOf) -> Document:
    """The samples end on the 11th."""
    return report_of("director", "2026-11")


def section(document: Document, key: str) -> DocumentSection:
    return next(one for one in document.sections if one.key == key)


def test_title_and_warning_say_which_days_it_is_of(november: Document) -> None:
    assert november.title == "Report for the director: 1–11 November 2026"
    (said,) = november.warnings
    assert said.startswith("November 2026 is a part period: the data ends 11 November 2026")
    assert "1–11 November 2026" in said
    assert "as many before, 18–28 October 2026" in said
    assert said in written(november, "text").replace("\u00a0", " ")
    assert said in written(november, "markdown").replace("\u00a0", " ")


def test_picture_table_and_sentence_compare_as_many_days(november: Document, supportkit: Call, stored: Words) -> None:
    shown = section(november, "trends-category")
    assert shown.words.definition.startswith("tickets of 1–11 November 2026 against 18–28 October 2026")
    sums = []
    for first in ("2026-11-01", "2026-10-18"):
        end = date.fromisoformat(first) + timedelta(days=11)
        words = ("service", *stored, "--since", first, "--until", str(end), "-f", "json", "-q")
        sums.append(json.loads(supportkit(*words)[1])["facts"]["tickets"])
    assert [shown.result.facts[name] for name in ("tickets", "tickets_before")] == sums
    rows = list(shown.table().records())
    drawn = spec(shown.pictured, ENGLISH)
    assert drawn is not None
    values = drawn["data"]["values"]
    assert [(one["value"], one["before"]) for one in values] == [
        (row["tickets"], row["tickets_before"]) for row in rows
    ]
    assert all(one["high"] is not None for one in values)  # and what was to be expected of these days


def test_the_largest_complaint_is_among_the_rows(november: Document) -> None:
    shown = section(november, "trends-category")
    most = max(shown.result.records(), key=lambda row: int(str(row["tickets"])))
    assert most["category"] in [row["category"] for row in shown.table().records()]


def test_commands_are_of_the_same_days(november: Document) -> None:
    commands = [one.command for one in november.further()]
    assert commands
    assert not any("--period 2026-11 " in one for one in commands)
    assert any("--since 2026-11-01 --until 2026-11-12" in one for one in commands)


@pytest.mark.parametrize(
    ("period", "as_of", "days"),
    [
        ("2026-10", "2026-10-15T09:00", ("2026-10-01", "2026-10-15")),  # today is not over
        ("2026-10", "2026-10-15", ("2026-10-01", "2026-10-16")),  # as of its end
        ("2026-10", "2026-10-01T09:00", None),  # no day is over
        ("2026-10", "2026-10-01", ("2026-10-01", "2026-10-02")),
        ("2026-W42", "2026-10-14T12:00", ("2026-10-12", "2026-10-14")),
        ("2026-10", "2026-11-05", ("2026-10-01", "2026-11-01")),
        ("2026-11-05", "2026-11-05T12:00", None),
    ],
)
def test_which_days_are_there(
    period: str, as_of: str, days: tuple[str, str] | None, supportkit: Call, stored: Words
) -> None:
    words = ("report", *stored, "--audience", "manager", "--period", period, "--as-of", as_of, "-f", "json", "-q")
    code, out, _ = supportkit(*words)
    assert code == 0
    scope: Mapping[str, str] = next(one for one in json.loads(out) if one["metric"] == "trends")["scope"]
    whole = parse_period(period, date(2026, 11, 11))
    expected = days or (str(whole.start), str(whole.end))
    assert scope["period"] in (f"{expected[0]}..{expected[1]}", period)
    assert (scope["start"], scope["end"]) == expected


def test_where_no_day_is_over_nothing_is_compared_in_picture_table_or_words(
    supportkit: Call, stored: Words, tmp_path: Path
) -> None:
    words = ("report", *stored, "--audience", "director", "--period", "2026-10", "--as-of", "2026-10-01T12:00", "-q")
    assert supportkit(*words, "-o", tmp_path / "page.html")[0] == 0
    page = (tmp_path / "page.html").read_text(encoding="utf-8").replace("\u00a0", " ")
    trends = page[page.index('id="trends-category-country"') :].split("<section")[0]
    for word in ("against September", "to be expected", "Ring", "Before", " → "):
        assert word not in re.sub("<[^>]*>", "", trends), word
    assert ">0.5<" not in trends  # no half of a ticket on an axis
    counts = [int(one) for one in re.findall(r'<td class="count">(\d+)</td>', trends)]
    assert counts == sorted(counts, reverse=True)


def test_data_that_end_before_the_period_are_compared_without_as_of(supportkit: Call, tmp_path: Path) -> None:
    # two kinds come evenly, three and one a day, until the 10th
    start, end = datetime(2026, 1, 5, 10), datetime(2026, 6, 10, 10)
    rows = ["ticket_id,created_at,category"]
    for number in range((end - start).days + 1):
        day = start + timedelta(days=number)
        rows += [f"{number}x{n},{day:%Y-%m-%d %H:%M},{'many' if n < 3 else 'few'}" for n in range(4)]
    (tmp_path / "tickets.csv").write_text("\n".join(rows), encoding="utf-8")
    words = ("report", "--data", tmp_path, "--audience", "director", "--period", "2026-06", "-f", "json", "-q")
    code, out, _ = supportkit(*words)
    assert code == 0
    found = next(one for one in json.loads(out) if one["metric"] == "trends" and one["rows"])
    assert (found["facts"]["tickets"], found["facts"]["tickets_before"], found["facts"]["change"]) == (40, 40, 0.0)
    assert {row["category"]: row["tickets_before"] for row in found["rows"]} == {"many": 30, "few": 10}


def test_a_legend_names_what_is_drawn(november: Document) -> None:
    shown = section(november, "trends-category").pictured
    whole = "ring: before; dot: tickets; bar: what was to be expected; marked: what is named, tested over all series"
    assert caption(shown) == whole
    assert shown.chart is not None
    names = [one.name for one in shown.columns]
    gone = {names.index(name) for name in ("expected_low", "expected_high", "rising", "new")}
    rows = tuple(tuple(None if place in gone else value for place, value in enumerate(row)) for row in shown.rows)
    assert caption(replace(shown, rows=rows)) == "ring: before; dot: tickets"
    assert caption(replace(shown, rows=())) == ""
    columns = (key("step"), key("by"), figure("lost", "share", n="n"), count("n"), figure("more", "share", n="n"))
    matrix = Result("x", "X", "x", columns, (), chart=Chart("matrix", "step", "by", "lost", mark="more", part="n"))
    assert "framed" in caption(replace(matrix, rows=(("paid", "DE", 0.5, 60, 0.2),)))
    assert "framed" not in caption(replace(matrix, rows=(("paid", "DE", 0.5, 60, None),)))


@pytest.mark.parametrize(("audience", "period"), [("director", "2026-12"), ("head", "2026-W50")])
def test_the_page_of_a_period_to_come_says_that_nothing_is_known(
    audience: str, period: str, supportkit: Call, stored: Words
) -> None:
    words = ("report", *stored, "--audience", audience, "--period", period, "-q")
    code, out, _ = supportkit(*words, "-f", "text")
    assert code == 3
    assert "begins after the data, which ends 11 November 2026" in out
    assert "What changed: Not known: there is no data in " in out
    assert "the last period with data is " in out


def test_on_a_day_that_is_not_over_no_note_names_a_rise(supportkit: Call, stored: Words) -> None:
    words = ("report", *stored, "--audience", "manager", "--period", "2026-11-10", "--as-of", "2026-11-10T15:00", "-q")
    out = supportkit(*words, "-f", "markdown")[1]
    trends = out[out.index("## Trends") :].split("\n## ")[0]
    assert "tickets of 10 November 2026, which are compared with none" in trends
    for word in ("expected", "tested", "since", "seven days"):
        assert word not in trends, word


def test_where_all_is_of_all_days_nothing_is_said_to_be_compared(supportkit: Call, tmp_path: Path) -> None:
    rows = [f"{day},2026-06-{day:02d} 10:00,c{day}@x.org,10,EUR" for day in range(1, 12)]
    text = "\n".join(["order_id,ordered_at,customer_id,amount,currency", *rows])
    (tmp_path / "orders.csv").write_text(text, encoding="utf-8")
    words = ("report", "--data", tmp_path, "--audience", "director", "--period", "2026-06", "-q")
    out = supportkit(*words, "-f", "markdown")[1]
    assert "this page is of the days that are there, 1–11 June 2026." in out
    assert "as many before" not in out
    assert "..2026" not in out


def test_a_page_of_a_part_week_tells_its_own_tickets_and_which_days_told_a_rise(
    supportkit: Call, stored: Words
) -> None:
    words = ("report", *stored, "--audience", "director", "--period", "2026-W45", "--as-of", "2026-11-05", "-q")
    out = supportkit(*words, "-f", "markdown")[1].replace("\u00a0", " ")
    days = ("--since", "2026-11-02", "--until", "2026-11-06", "-f", "json", "-q")
    for where, name in ((("category=payment declined", "country=DE"), "Payment declined, Germany"),
                        (("category=delivery delayed",), "delivery delayed")):  # fmt: skip
        cut = [word for one in where for word in ("--where", one)]
        own = json.loads(supportkit("service", *stored, *cut, *days)[1])["facts"]["tickets"]
        seven = ("--since", "2026-10-30", *days[2:])
        told = json.loads(supportkit("service", *stored, *cut, *seven)[1])["facts"]["tickets"]
        assert re.search(
            rf"{name}: {own} tickets where \d+ were expected, "
            rf"{told} where \d+ were in the seven days up to 5 November 2026, ongoing since \d+ October 2026", out
        ), name  # fmt: skip
    assert "periods where" not in out
    russian = supportkit(*words, "-f", "markdown", "--lang", "ru")[1].replace("\u00a0", " ")
    assert "27 обращений вместо ожидаемых" in russian
    assert "за семь дней по 5 ноября 2026 г. — 35 при ожидаемых" in russian


@pytest.mark.parametrize(
    ("period", "unit"),
    [("2026-11-01..2026-11-12", "periods"), ("2026-10-30..2026-11-06", "weeks"), ("2026-W45", "weeks"),
     ("2026-10", "months"), ("2026-Q3", "quarters"), ("2026", "years")],
)  # fmt: skip
def test_several_periods_are_called_what_they_are(period: str, unit: str) -> None:
    start, _, end = period.partition("..")
    days = (date.fromisoformat(start), date.fromisoformat(end)) if end else (None, None)
    result = Result("trends", "x", "x", (), (), scope=Scope(period, *days))
    assert unit_of(result) == unit

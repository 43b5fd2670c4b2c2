"""Where a report says that something is: of places that are known, else what a rise has in common, else why not."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from supportkit.period import parse_period
from supportkit.render.chart_parts import rows_of
from supportkit.render.charts import spec
from supportkit.render.document import DocumentSection
from supportkit.render.language import ENGLISH
from supportkit.reports.audiences import PLANS
from supportkit.store import Store
from supportkit.trending.findings import findings
from supportkit.trends import trends
from tests.browser import measured
from tests.computing import ReportOf, written
from tests.conftest import Call

LONG = "a problem with the investigation of somebody else into a problem that is there already and comes again"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Tickets that name no country and no customer: in week 45 of 2026 36 of "late", which had 4 a week, and 80 of
    "wrong", which had 20."""
    folder = tmp_path_factory.mktemp("desk")
    rows = ["ticket_id,created_at,category,channel"]
    for week in range(20, 47):
        for name, often in (
            ("late", 36 if week == 45 else 4),
            ("wrong", 80 if week == 45 else 20),
            ("other", 290),
            (LONG, 10),
        ):
            for n in range(often):
                day = date.fromisocalendar(2026, week, 1 + n % 7)
                rows.append(f"{name}{week}x{n},{day}T09:{n % 60:02d}:00Z,{name},email")
    (folder / "tickets.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    return folder


def test_a_column_that_no_ticket_has_is_no_place(desk: Path, supportkit: Call) -> None:
    words = ("report", "--audience", "head", "--data", desk, "--period", "2026-W45", "-q", "--format")
    out = supportkit(*words, "markdown")[1]
    assert "not given" not in out
    assert "wrong: 80 tickets" in out.lower()
    assert "| Where | Not tested: no row of tickets names its " in out
    assert "nothing is split by country: no row of tickets has one" in out
    assert (
        out.count("## Trends: what rises, by category\n") == 1
    )  # by category and language, and by country, are both it
    assert "by category and" not in out


def test_a_problem_of_unknown_customers_ranks_by_its_tickets_too_many(desk: Path, supportkit: Call) -> None:
    words = ("brief", "--data", desk, "--period", "2026-W45", "-q")
    rows = json.loads(supportkit(*words, "--format", "json")[1])["rows"]
    assert [row["problem"] for row in rows] == ["wrong", "late"]  # some 60 beyond, and 32
    assert [row["place"] for row in rows] == ["place not known"] * 2
    said = supportkit(*words, "--format", "markdown")[1]
    assert "Customers **–**" in said
    page = supportkit("report", "--audience", "director", *words[1:], "--format", "html")[1]
    assert "customers not known" in page
    assert "0 customers" not in page
    assert "Wrong</strong>" in page or ">Wrong<" in page
    assert "place not known" not in said + page


def test_a_day_says_where_by_what_its_rises_have_in_common(report_of: ReportOf) -> None:
    _, where, _ = report_of("manager", "2026-11-10").sentences
    assert where.text.startswith("Payment declined: of the excess 98 % product annual plan, 94 % country Germany")
    assert "; delivery delayed: of the excess 100 % courier Polar, 100 % language Russian" in where.text
    assert where.sections


@pytest.mark.parametrize(("audience", "period"), [("head", "2026-W45"), ("director", "2026-10"), ("head", "2026-W44")])
def test_the_link_of_a_rise_leads_to_the_row_with_its_figures(audience: str, period: str, report_of: ReportOf) -> None:
    document = report_of(audience, period)
    changed, _, _ = document.sentences
    sections = {one.key: one for one in document.sections}
    told = [part for part in changed.text.split("; ") if " tickets where " in part]
    assert told
    for part in told:
        number = int(part.split(": ")[1].split(" tickets")[0])
        rows = [row for key in changed.sections for row in sections[key].table().records()]
        assert any(row["tickets"] == number and str(row["state"]) in part for row in rows), part


def test_a_section_that_no_sentence_rests_on_may_be_left_out(report_of: ReportOf) -> None:
    shown = {key for one in report_of("head", "2026-W45").sentences for key in one.sections}
    assert "trends-category-language" in shown
    quiet = report_of("head", "2026-W30")
    assert "trends-category-language" not in {one.key for one in quiet.sections}


def test_the_table_of_a_day_has_what_its_picture_draws_in_one_order(report_of: ReportOf) -> None:
    shown = next(one for one in report_of("manager", "2026-11-10").sections if one.result.metric == "trends")
    drawn = spec(shown.pictured, ENGLISH)
    assert drawn is not None
    table = [(row["category"], row["window_tickets"]) for row in shown.table().records()]
    assert table == [(one["name"], one["value"]) for one in drawn["data"]["values"]]
    beyond = [float(str(row["window_tickets"])) - float(str(row["window_expected"])) for row in shown.table().records()]
    assert beyond == sorted(beyond, reverse=True)
    assert "tickets" not in {column.name for column in shown.table().columns}  # those of the day alone
    assert "Tickets over seven days" in written(report_of("manager", "2026-11-10"), "markdown")


def test_the_whole_and_a_step_of_a_funnel_have_two_names(report_of: ReportOf) -> None:
    october = report_of("director", "2026-10")
    steps = next(one for one in october.sections if one.key == "funnel").table()
    labels = [one.label.lower() for one in october.figures] + [one.label.lower() for one in steps.columns]
    assert labels.count("conversion") == 1
    assert "from step before" in labels


def test_the_table_of_places_has_the_difference_that_is_told(report_of: ReportOf) -> None:
    document = report_of("head", "2026-W45")
    where = document.sentences[1]
    (section,) = (one for one in document.sections if one.key in where.sections)
    row = next(row for row in section.table().records() if (row["country"], row["step"]) == ("Germany", "payment"))
    low, high = (round(100 * float(str(row[f"drop_difference_{end}"]))) for end in ("low", "high"))
    assert f"[{low}, {high}]" in where.text


def test_a_light_names_the_days_that_it_counts_back(supportkit: Call, samples: Path, tmp_path: Path) -> None:
    (tmp_path / "supportkit.toml").write_text(
        '[data]\ntime_zone = "Europe/Berlin"\n[[check]]\nexpect = "nps >= 20"\nperiod = "last-28-days"\n',
        encoding="utf-8",
    )
    words = ("report", "--data", samples, "--config", tmp_path / "supportkit.toml", "--audience", "manager", "-q")
    out = supportkit(*words, "--period", "2026-11-10", "--as-of", "2026-11-10", "--format", "html")[1]
    assert "last-28-days" not in out
    assert "13 October – 9 November 2026" in out.replace("\u00a0", " ")


def test_a_figure_of_which_nothing_is_known_fills_no_column_and_a_long_name_cuts_none_off(
    desk: Path, supportkit: Call, tmp_path: Path
) -> None:
    page = tmp_path / "page.html"
    words = ("report", "--audience", "director", "--data", desk, "--period", "2026-W45", "-q")
    assert supportkit(*words, "-o", page)[0] == 0
    assert "investigation of somebody else" in page.read_text(encoding="utf-8").replace("\u00a0", " ")
    script = """const told = [...document.querySelectorAll(".scroll")]
      .filter(one => one.scrollWidth > one.clientWidth + 1).map(one => one.getAttribute("aria-label"));"""
    assert measured(page, tmp_path, script, 1280) == []
    told = supportkit(*words, "-f", "markdown")[1].partition("## Service")[2]
    assert "| Channel | Tickets |" in told
    assert "First reply, median |" not in told  # nobody knows when these were answered


def test_a_rise_that_two_weeks_told_together_is_listed_and_drawn_by_them(shop: Callable[..., Store]) -> None:
    # some 10 a week are usual of each of eight; in the last two 19 of "late" come, as many as may by chance
    counts = np.random.default_rng(0).poisson(10.0, (8, 41))
    counts[0, -2:] = 19
    rows = ["ticket_id,created_at,category"]
    for kind, often in zip(("late", *"abcdefg"), counts, strict=True):
        for week, number in enumerate(often, 1):
            day = date.fromisocalendar(2026, week, 3)
            rows += [f"{kind}{week}x{n},{day}T{8 + n % 12:02d}:00:00Z,{kind}" for n in range(number)]
    result = trends(shop(tickets="\n".join(rows)), period=parse_period("2026-W41", date(2026, 12, 1)))
    row = next(one for one in result.records() if one["category"] == "late")
    assert row["window"] == 2
    assert float(str(row["tickets"])) <= float(str(row["expected_high"]))  # within, by itself
    (said,) = findings(result, ENGLISH)
    assert said.text.startswith("late: 38 tickets in 2 weeks where ")
    section = PLANS["head"].sections[0]
    shown = DocumentSection(result, section.columns_of(result), section.top)
    first = next(shown.table().records())
    assert (first["category"], first["window"], first["window_tickets"]) == ("late", 2, 38)
    drawn = spec(shown.pictured, ENGLISH)
    assert drawn is not None
    assert (drawn["data"]["values"][0]["name"], drawn["data"]["values"][0]["value"]) == ("late", 38)


def test_a_picture_of_rows_has_their_order_and_says_how_many_of_them_are_drawn(
    supportkit: Call, tmp_path: Path
) -> None:
    # of 14 channels the last has the most; a layer that leaves rows out must not bring its own to the front
    lines = ["ticket_id,created_at,solved_at,status,channel,category"]
    for number in range(14):
        times = 40 if number == 11 else 1
        lines += [f"{number}-{n},2026-05-{1 + n % 28:02d} 10:00,,open,c{number:02d},x" for n in range(times)]
    (tmp_path / "tickets.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    rows: list[dict[str, object]] = [{"name": name, "value": 1.0} for name in ("b", "a", "c")]
    assert rows_of(rows, [])["encoding"]["y"]["sort"] == ["b", "a", "c"]
    (tmp_path / "supportkit.toml").write_text(
        '[report.own]\ngrain = "month"\nsections = [{ metric = "trends", by = "channel", top = 12 }]\n',
        encoding="utf-8",
    )
    page = tmp_path / "page.html"
    words = ("report", "--audience", "own", "--config", tmp_path / "supportkit.toml", "--data", tmp_path, "-q")
    assert supportkit(*words, "--period", "2026-05", "-o", page)[0] == 0
    assert "drawn: 12 of 14 rows" in page.read_text(encoding="utf-8").replace("\u00a0", " ")

"""A report of a month of which days are missing compares it with none, as its checks give no verdict, and says why."""

from __future__ import annotations

import html
import json
import re
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.conftest import Call, Words

DAYS = [date(2025, 6, 1) + timedelta(days=number) for number in range(365)]
GAP = {date(2026, 4, 6) + timedelta(days=number) for number in range(7)}
TOLD = "6–12 April 2026 has no tickets, where 42 are usual: is an export missing?"
CONFIG = """
[report.desk]
grain = "month"
sections = ["trends", "service", { metric = "csat", over = "month", past = true }]
brief = true

[[check]]
expect = "service.first_reply_p50_s <= 1m"
"""


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Words:
    """Six tickets a day, two of them on cards and in April ten, but none from 6 to 12 April 2026; two answers a day."""
    folder = tmp_path_factory.mktemp("desk")
    tickets = ["ticket_id,created_at,customer_id,first_reply_at,category,country"]
    surveys = ["kind,score,responded_at"]
    for day in DAYS:
        for number in range(0 if day in GAP else 14 if day.isoformat()[:7] == "2026-04" else 6):
            about = "card" if number < 2 or number >= 6 else f"other {number}"
            tickets.append(f"{day}-{number},{day} 09:00,{day}{number}@x.org,{day} 09:{20 + number},{about},DE")
        surveys += [f"csat,{5 - day.day % 2},{day} 12:00", f"csat,2,{day} 12:00"]
    (folder / "tickets.csv").write_text("\n".join(tickets) + "\n", encoding="utf-8")
    (folder / "surveys.csv").write_text("\n".join(surveys) + "\n", encoding="utf-8")
    (folder / "supportkit.toml").write_text(CONFIG, encoding="utf-8")
    return "--data", str(folder), "--config", str(folder / "supportkit.toml"), "-q"


def report(supportkit: Call, desk: Words, period: str, form: str) -> str:
    return html.unescape(supportkit("report", "--audience", "desk", *desk, "--period", period, "--format", form)[1])


def figures(markdown: str) -> dict[str, str]:
    """The lines of the headline figures by their names."""
    table = markdown[markdown.index("## Figures of") :].split("\n## ")[0]
    return {line.split(" | ")[0].strip("| "): line for line in table.splitlines() if line.startswith("| ")}


def test_a_month_with_missing_days_is_compared_with_none_and_says_why(supportkit: Call, desk: Words) -> None:
    april = report(supportkit, desk, "2026-04", "markdown")
    told = figures(april)
    for name in ("Tickets", "First reply, median"):
        assert "not compared: days are missing in April 2026" in told[name]
        assert "chance" not in told[name]
    assert "against March 2026: " in told["CSAT"]  # of the answers no day is missing
    assert f"- {TOLD}" in april
    assert "no verdict" in april[april.index("## Checks") :]
    assert "✗" not in april.replace("✗: on the wrong side", "")  # where a check gives no verdict nothing has failed
    (changed,) = re.findall(r"\| What changed \| (.*) \|", april)
    assert changed.startswith("Not compared with the period before: days are missing in April 2026. On the days that")
    assert "card" in changed  # what rises on the days that are there is told as such
    rises = april[april.index("## Trends") :]
    (card,) = re.findall(r"^\| card \| .*", rises, re.MULTILINE)
    assert card.split(" | ")[3] == "–"  # the change of the table


def test_nor_is_the_month_after_it_compared(supportkit: Call, desk: Words) -> None:
    may = report(supportkit, desk, "2026-05", "markdown")
    assert "not compared: days are missing in April 2026" in figures(may)["Tickets"]
    assert TOLD in may
    march = report(supportkit, desk, "2026-03", "markdown")
    assert "| ✗ First reply, median |" in march
    assert "against February 2026: " in figures(march)["Tickets"]
    assert "are missing" not in march
    assert "export missing" not in march


def test_a_message_and_a_page_say_it_at_their_head(supportkit: Call, desk: Words) -> None:
    text = report(supportkit, desk, "2026-04", "text")
    assert TOLD in text.splitlines()[2]
    assert not re.search(r"\d{4}-\d\d-\d\d", text)  # nor has a reason of a check days as a program writes them
    page = re.sub("<[^>]*>", "", report(supportkit, desk, "2026-04", "html"))
    assert page.index(TOLD) < page.index("What changed")


def test_a_brief_says_that_it_counts_on_the_days_that_are_there(supportkit: Call, desk: Words) -> None:
    out = supportkit("brief", *desk, "--period", "2026-04", "--format", "json")[1]
    notes = json.loads(out)["notes"]
    said = "2026-04-06 to 2026-04-12 has no tickets, where 42 are usual: is an export missing?"
    assert f"counted on the days that are there: {said}" in notes
    russian = supportkit("brief", *desk, "--period", "2026-04", "--lang", "ru")[1]
    assert "посчитано по имеющимся дням: 6–12 апреля 2026" in russian


def test_where_days_are_missing_a_picture_has_what_was_expected_of_those_there_and_not_the_month_before(
    supportkit: Call, desk: Words
) -> None:
    april = report(supportkit, desk, "2026-04", "html")
    (legend,) = re.findall(r"<figcaption>(dot: tickets[^<]*|ring: [^<]*)</figcaption>", april)
    assert legend == "dot: tickets; bar: what was to be expected; marked: what is named, tested over all series"
    assert "tickets of April 2026 against what was to be expected on the days that are there" in april
    assert "against March 2026 and against what was to be expected" not in april


def test_a_part_period_with_missing_days_is_not_said_to_be_compared(supportkit: Call, desk: Words) -> None:
    text = report(supportkit, (*desk, "--as-of", "2026-04-20"), "2026-04", "text")
    assert "this page is of the days that are there, 1–20 April 2026." in text
    assert "as many before" not in text


def test_in_a_period_that_is_not_over_no_day_to_come_is_missing(supportkit: Call, desk: Words, tmp_path: Path) -> None:
    text = report(supportkit, (*desk, "--as-of", "2026-05-08"), "2026-05", "text")
    assert "is a part period: the data ends 8 May 2026" in text
    assert "export missing" not in text

"""Parts of a report by themselves, a period without data, and a desk that has tickets alone."""

from __future__ import annotations

import json
import re
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.conftest import Call, Words

CONFIG = """
[report.desk]
grain = "week"
sections = [{ metric = "trends", by = "category,country" }, "service", "funnel"]
brief = true

[[check]]
expect = "service.tickets >= 1"
name = "somebody writes"
period = "last-month"
"""
DAYS = [date(2026, 7, 6) + timedelta(days=number) for number in range(126)]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Words:
    """Three tickets a day from DE and FR, and in the last week ten more on cards from DE."""
    folder = tmp_path_factory.mktemp("parts")
    tickets = ["ticket_id,created_at,customer_id,first_reply_at,category,country"]
    for day in DAYS:
        for number in range(13 if day >= DAYS[-7] else 3):
            about, country = ("card", "DE") if number > 2 or number == day.day % 9 else (f"other {number}", "FR")
            tickets.append(f"{day}-{number},{day} 09:00,{day}{number}@x.org,{day} 09:20,{about},{country}")
    (folder / "tickets.csv").write_text("\n".join(tickets) + "\n", encoding="utf-8")
    (folder / "supportkit.toml").write_text(CONFIG, encoding="utf-8")
    return "--audience", "desk", "--data", str(folder), "--config", str(folder / "supportkit.toml"), "-q"


def report(supportkit: Call, desk: Words, *words: str, form: str = "text", code: int = 0) -> str:
    found, out, err = supportkit("report", *desk, "--period", "2026-W45", *words, "--format", form)
    assert found == code, err
    return out


def test_what_stands_above_the_sections_is_shown_alone_too(supportkit: Call, desk: Words) -> None:
    brief = report(supportkit, desk, "--section", "brief")
    assert "Card, Germany: 7" in brief
    assert "tickets (2–8 November 2026) where" in brief
    assert "First reply" not in brief
    figures = report(supportkit, desk, "--section", "figures")
    assert re.search(r"^First reply, median: 20 min \(n 91; ", figures, re.MULTILINE)
    assert "Card" not in figures
    assert [one["metric"] for one in json.loads(report(supportkit, desk, "--section", "figures", form="json"))] == [
        "report", "figures",
    ]  # fmt: skip
    titles = re.findall("^## (.*)", report(supportkit, desk, "--section", "brief", form="markdown"), re.MULTILINE)
    assert titles == ["What is at risk"]
    assert "somebody writes" in report(supportkit, desk, "--section", "checks", form="markdown")
    page = report(supportkit, desk, "--section", "service", form="html")
    assert 'id="brief"' not in page
    assert 'id="service"' in page
    err = supportkit("report", *desk, "--period", "2026-W45", "--section", "figure")[2]
    assert "did you mean 'figures'? known: brief, checks, figures, service" in err


@pytest.mark.parametrize("form", ["svg", "png"])
def test_a_part_without_a_picture_names_the_sections_that_have_one(
    form: str, supportkit: Call, desk: Words, tmp_path: Path
) -> None:
    words = ("report", *desk, "--period", "2026-W45", "--output", tmp_path / f"x.{form}")
    for name in ("brief", "figures", "checks"):
        code, _, err = supportkit(*words, "--section", name)
        assert code == 2
        assert f"error: {name}: this section has no picture\nhint: sections with one: trends-category-country" in err
    assert supportkit(*words, "--section", "trends-category-country")[0] == 0
    code, _, err = supportkit(*(words[:-4]), "--period", "2025-W45", *words[-2:])
    assert code == 3
    assert "no data" in err


def test_a_message_names_the_days_of_a_check_that_are_not_its_own(supportkit: Call, desk: Words) -> None:
    checks = report(supportkit, desk, "--section", "checks", form="markdown")
    assert "| October 2026 |" in checks
    failing = Path(desk[5]).with_name("failing.toml")
    failing.write_text(CONFIG.replace(">= 1", "<= 1"), encoding="utf-8")
    words = (*desk[:4], "--config", str(failing), "-q")
    assert "✗ somebody writes: 93, October 2026, n 93 (" in report(supportkit, words)


def test_a_period_without_data_has_no_empty_section_but_the_last_period_that_has_some(
    supportkit: Call, desk: Words
) -> None:
    words = ("report", *desk, "--period", "2027-W10", "--format", "markdown")
    code, out, _ = supportkit(*words)
    assert code == 3
    assert "the last period with data is week 45, 2–8 November 2026" in out
    assert re.findall("^## (.*)", out, re.MULTILINE) == ["Report for desk: week 10, 8–14 March 2027", "Checks"]


def test_days_without_data_that_are_no_week_or_month_name_the_last_day_with_some(supportkit: Call, desk: Words) -> None:
    """The tickets end on 8 November."""
    words = ("report", *desk, "--since", "2027-01-05", "--until", "2027-01-09", "--format", "text")
    code, out, _ = supportkit(*words)
    assert code == 3
    assert "the last period with data is 8 November 2026" in out
    russian = supportkit(*words, "--lang", "ru")[1].lower()
    assert "неизвестно: нет данных (5–8 января 2027 г.); " in russian
    assert "; последний период с данными — 8 ноября 2026 г." in russian


def test_a_desk_with_tickets_alone_does_not_contradict_itself(supportkit: Call, desk: Words) -> None:
    page = report(supportkit, desk, form="markdown")
    (where,) = re.findall(r"\| Where \| (.*) \|", page)
    assert where == "Germany: card."  # it rises there, so that it is not said that no group stands out
    assert "no drop-off is looked at: there are no events" in page
    assert "needs its steps" not in page

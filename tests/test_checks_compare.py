"""Checks against the past, and each comparison just below, at and above its bound."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.conftest import Call

# tickets of ISO weeks: 2025-W45 50; 2026-W42 to W45 10, 20, 30, 40; W46 has one, so that W45 is whole
COUNTS = {(2025, 45): 50, (2026, 42): 10, (2026, 43): 20, (2026, 44): 30, (2026, 45): 40, (2026, 46): 1}


@pytest.fixture
def tickets(tmp_path: Path) -> Path:
    """Tickets on the Mondays of those weeks, each replied to after as many minutes as its number in the week."""
    lines = ["ticket_id,created_at,first_reply_at"]
    for (year, number), count in COUNTS.items():
        day = date.fromisocalendar(year, number, 1)
        for n in range(1, count + 1):
            lines.append(f"{year}-{number}-{n},{day}T10:00:00Z,{day}T10:{n:02}:00Z")
    file = tmp_path / "tickets.csv"
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return file


def verdict(supportkit: Call, file: Path, rule: str, period: str = "2026-W45") -> tuple[int, str]:
    """The exit code and the reason."""
    words = ("check", "--data", file, "--period", period, "--expect", rule, "--format", "json")
    code, out, _ = supportkit(*words)
    return code, json.loads(out)["rows"][0]["reason"]


@pytest.mark.parametrize(
    ("rule", "code"),
    [
        ("contacts.contacts == 40", 0),
        ("contacts.contacts == 39", 1),
        ("contacts.contacts == 41", 1),
        ("contacts.contacts != 40", 1),
        ("contacts.contacts != 39", 0),
        ("contacts.contacts != 41", 0),
        ("contacts.contacts >= 40", 0),
        ("contacts.contacts >= 41", 1),
        ("contacts.contacts > 39", 0),
        ("contacts.contacts > 40", 1),
        ("contacts.contacts <= 40", 0),
        ("contacts.contacts <= 39", 1),
        ("contacts.contacts < 41", 0),
        ("contacts.contacts < 40", 1),
        ("contacts.contacts between 40 and 41", 0),
        ("contacts.contacts between 39 and 40", 0),
        ("contacts.contacts between 41 and 50", 1),
        ("contacts.contacts between 10 and 39", 1),
    ],
)
def test_each_comparison_holds_on_its_side_of_the_bound(rule: str, code: int, supportkit: Call, tickets: Path) -> None:
    assert verdict(supportkit, tickets, rule)[0] == code


@pytest.mark.parametrize(
    ("rule", "code", "past"),
    [
        ("contacts.contacts == -20% vs year_ago", 0, 50),  # 2025-W45: 50; 40 is a fifth less
        ("contacts.contacts == -10 vs year_ago", 0, 50),
        ("contacts.contacts >= -19% vs year_ago", 1, 50),
        ("contacts.contacts == +10 vs previous", 0, 30),  # W44
        ("contacts.contacts <= +33% vs previous", 1, 30),
        ("contacts.contacts == +20 vs avg(3)", 0, 20),  # W44, W43, W42: (30 + 20 + 10)/3
        ("contacts.contacts == +100% vs avg(3)", 0, 20),
        ("contacts.contacts == +15 vs avg(2)", 0, 25),  # W44, W43
        ("contacts.contacts == +10 vs avg(1)", 0, 30),
        ("contacts.contacts != +0 vs previous", 0, 30),
        ("contacts.contacts != +10 vs previous", 1, 30),
    ],
)
def test_a_rule_against_the_past_takes_the_right_weeks(
    rule: str, code: int, past: int, supportkit: Call, tickets: Path
) -> None:
    found, reason = verdict(supportkit, tickets, rule)
    assert found == code
    assert reason.endswith(f"(past {past})")


def test_an_average_over_a_week_without_data_is_no_verdict(supportkit: Call, tickets: Path) -> None:
    found = verdict(supportkit, tickets, "service.first_reply_p50_s <= +1h vs avg(4)")
    assert found == (3, "nothing to compare with: no figure in 2026-W41")
    # W44, W43, W42: the medians of 1..30, 1..20 and 1..10 minutes are 15.5, 10.5 and 5.5, their mean is 10.5; W45: 20.5
    assert verdict(supportkit, tickets, "service.first_reply_p50_s == +10m vs avg(3)")[0] == 0


def test_the_year_before_a_month_and_a_day_are_the_same_of_the_calendar(supportkit: Call, tickets: Path) -> None:
    # the nine days from 1 November have 40 + 1 tickets in 2026 (W45, and the Monday of W46) and 50 in 2025
    code, reason = verdict(supportkit, tickets, "contacts.contacts == -9 vs year_ago", "2026-11-01..2026-11-10")
    assert (code, reason[-9:]) == (0, "(past 50)")
    code, reason = verdict(supportkit, tickets, "service.first_reply_p50_s >= +0s vs year_ago min 1", "2026-10")
    assert (code, reason) == (3, "nothing to compare with: no figure in 2025-10")


@pytest.mark.parametrize(("least", "code"), [(39, 0), (40, 0), (41, 3)])
def test_as_many_rows_as_the_minimum_are_enough(least: int, code: int, supportkit: Call, tickets: Path) -> None:
    found, reason = verdict(supportkit, tickets, f"service.first_reply_p50_s <= 1h min {least}")
    assert found == code
    assert code == 0 or reason == "too little data: n = 40, at least 41 are needed"


@pytest.mark.parametrize(("least", "code"), [(29, 0), (30, 0), (31, 3)])
def test_the_past_needs_the_minimum_too(least: int, code: int, supportkit: Call, tickets: Path) -> None:
    # 40 in W45, 30 in W44
    found, reason = verdict(supportkit, tickets, f"service.first_reply_p50_s <= +1h vs previous min {least}")
    assert found == code
    assert code == 0 or reason == "nothing to compare with: n = 30 in 2026-W44, at least 31 are needed"


def test_a_week_after_the_29_of_february_has_a_year_before(supportkit: Call, tmp_path: Path) -> None:
    days = [date(2023, 2, 28), date(2024, 2, 29), date(2024, 3, 1) + timedelta(days=9)]
    file = tmp_path / "tickets.csv"
    file.write_text(
        "ticket_id,created_at\n" + "".join(f"{n},{day}T10:00:00Z\n" for n, day in enumerate(days)), encoding="utf-8"
    )
    assert verdict(supportkit, file, "contacts.contacts == +0 vs year_ago", "2024-02-29") == (0, "wanted 1 (past 1)")


def test_the_tickets_of_each_category_are_held_against_the_week_before(supportkit: Call, tmp_path: Path) -> None:
    # a fifth more is allowed: billing 30 → 36 is just that, delivery 50 → 61 is 22 % more, a login less; refunds have
    # doubled from 20, which is under the minimum of 30 in the past, and gifts have 10 now
    weeks = {"billing": (30, 36), "delivery": (50, 61), "gifts": (40, 10), "login": (40, 31), "refunds": (20, 40)}
    lines = ["ticket_id,created_at,category", "whole,2026-11-09T10:00:00Z,billing"]
    for category, counts in weeks.items():
        for day, count in zip(("2026-10-27", "2026-11-03"), counts, strict=True):
            lines += [f"{category}-{day}-{n},{day}T10:00:00Z,{category}" for n in range(count)]
    file = tmp_path / "tickets.csv"
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")

    def states(rule: str) -> tuple[int, dict[str, tuple[str, float | None]]]:
        words = ("check", "--data", file, "--period", "2026-W45", "--expect", rule, "--format", "json")
        code, out, _ = supportkit(*words)
        return code, {row["slice"]: (row["state"], row["n"]) for row in json.loads(out)["rows"]}

    assert states("trends.tickets <= +20% vs previous by category min 30") == (
        1,
        {
            "billing": ("pass", 36), "delivery": ("fail", 61), "gifts": ("no verdict", 10), "login": ("pass", 31),
            "refunds": ("no verdict", 40),
        },
    )  # fmt: skip
    # all together 178 after 180
    assert states("trends.tickets <= -1% vs previous min 30") == (0, {"": ("pass", 178)})
    assert states("trends.tickets[category=billing] < +20% vs previous min 30")[0] == 1

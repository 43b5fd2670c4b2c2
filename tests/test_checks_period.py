"""The days that a check judges: the last complete week, a rule's own period, or the one that is asked for."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Call

# 2026-W40 (28 September on): 10 answers of 9, nps 100; 2026-W41: 10 answers of 3, nps -100; 12 October: one of 9
ANSWERS = "kind,score,responded_at\n" + "".join(
    f"nps,{score},{day}T10:00:{n:02}Z\n" for day, score in (("2026-09-29", 9), ("2026-10-07", 3)) for n in range(10)
)


@pytest.fixture
def surveys(tmp_path: Path) -> Path:
    """The answers."""
    file = tmp_path / "surveys.csv"
    file.write_text(ANSWERS + "nps,9,2026-10-12T08:00:00Z\n", encoding="utf-8")
    return file


def judged(supportkit: Call, *words: str | Path) -> tuple[int, dict[str, Any], str]:
    """The exit code of a check, its first row, and what it said on stderr."""
    code, out, err = supportkit("check", *words, "-f", "json")
    return code, json.loads(out)["rows"][0], err


@pytest.mark.parametrize(
    ("as_of", "week", "value"),
    [
        ("2026-10-04", "2026-W40", 100),  # Sunday is over
        ("2026-10-04T20:00", "2026-W39", None),
        ("2026-10-05", "2026-W40", 100),
        ("2026-10-11", "2026-W41", -100),
        ("2026-10-12", "2026-W41", -100),
        ("2026-10-18", "2026-W42", None),  # of one answer there is no score
    ],
)
def test_a_rule_judges_the_last_complete_week_by_as_of(
    as_of: str, week: str, value: int | None, supportkit: Call, surveys: Path
) -> None:
    words = ("--data", surveys, "--as-of", as_of, "--expect", "nps >= 0 min 1")
    code, row, err = judged(supportkit, *words)
    assert (code, row["value"]) == ({"100": 0, "-100": 1, "None": 3}[str(value)], value)
    assert f"checks judge {week}, the last complete week by --as-of, {as_of[:10]}" in err
    assert supportkit("check", *words, "-q")[2] == ""


def test_without_as_of_the_week_is_that_of_the_clock_and_is_said(supportkit: Call, surveys: Path) -> None:
    code, _, err = judged(supportkit, "--data", surveys, "--expect", "nps >= -100 min 1")
    assert "the last complete week by the clock, " in err
    assert code in (0, 3)  # by when it is run


@pytest.mark.parametrize(
    ("own", "usual", "asked", "period", "value"),
    [
        (None, None, None, "2026-W41", -100),
        (None, "last-month", None, "2026-09", 100),
        ("last-month", None, None, "2026-09", 100),
        ("2026-W40", "last-month", None, "2026-W40", 100),
        ("last-2-weeks", "last-month", None, "2026-09-28..2026-10-12", 0),  # ten of each
        ("all", None, None, "all", 4.8),  # 11 less 10, of 21
        ("last-month", "last-month", "2026-W41", "2026-W41", -100),
        ("last-month", None, "all", "all", 4.8),
    ],
)
def test_what_is_asked_for_outweighs_the_rule_and_the_rule_what_is_usual(
    own: str | None,
    usual: str | None,
    asked: str | None,
    period: str,
    value: float,
    supportkit: Call,
    surveys: Path,
    tmp_path: Path,
) -> None:
    config = tmp_path / "c.toml"
    config.write_text(
        '[[check]]\nexpect = "nps >= -100"\n'
        + (f'period = "{own}"\n' if own else "")
        + (f'[checks]\nperiod = "{usual}"\n' if usual else "")
    )
    words = ("--data", surveys, "--config", config, "--as-of", "2026-10-14", *(("--period", asked) if asked else ()))
    _, row, _ = judged(supportkit, *words)
    assert (row["period"], round(row["value"], 1)) == (period, value)


@pytest.mark.parametrize(
    "text",
    ['[checks]\nperiod = "last-moon"\n', '[[check]]\nexpect = "nps >= 0"\nperiod = "often"\n', "[checks]\nx = 1\n"],
)
def test_a_period_that_there_is_not_is_exit_code_2(text: str, supportkit: Call, surveys: Path, tmp_path: Path) -> None:
    config = tmp_path / "c.toml"
    config.write_text(text)
    code, out, err = supportkit("check", "--data", surveys, "--config", config, "--expect", "nps >= 0")
    assert (code, out) == (2, "")
    assert str(config) in err


def test_a_comparison_over_all_data_is_refused(supportkit: Call, surveys: Path) -> None:
    words = ("check", "--data", surveys, "--period", "all", "--expect", "nps >= -5 vs previous")
    code, _, err = supportkit(*words)
    assert code == 2
    assert "period all has no period before it" in err


@pytest.mark.parametrize(("age", "said"), [("2days", "2 d"), ("1 day 12 hours", "36 h"), ("90 minutes", "1 h 30 min")])
def test_an_age_is_written_and_told_as_people_do(age: str, said: str, supportkit: Call, surveys: Path) -> None:
    words = ("--data", surveys, "--period", "2026-W40", "--as-of", "2026-10-30", "--expect", "nps >= 0")
    code, row, _ = judged(supportkit, *words, "--max-age", age)
    assert code == 3
    assert row["reason"] == f"stale: the data goes through 2026-10-12 08:00 UTC, at most {said} old was asked for"


def test_the_light_of_a_report_says_what_the_check_of_its_week_says(
    supportkit: Call, stored: tuple[str, ...], tmp_path: Path
) -> None:
    def rows(*words: str | Path) -> list[tuple[object, ...]]:
        results = json.loads(supportkit(*words, *stored, "--as-of", "2026-11-11", "-f", "json", "-q")[1])
        found = results if isinstance(results, dict) else next(one for one in results if one["metric"] == "check")
        return [(row["check"], row["slice"], row["state"], row["period"], row["value"]) for row in found["rows"]]

    checks = rows("check", "--history", tmp_path / "h.json")
    assert sorted(checks) == sorted(rows("report", "--audience", "head"))
    periods = {row[0]: row[3] for row in checks}
    assert periods["promises are kept"] == "2026-W45"
    assert periods["customers recommend us"] == "2026-08-01..2026-11-01"

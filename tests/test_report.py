"""The report: its sentences come from figures, and the sample week names what was planted."""

from __future__ import annotations

import json
import re
import shlex
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from supportkit.funnels.findings import findings
from supportkit.funnels.step_rows import COLUMNS, Group, StepCount, StepLinks, step_rows
from supportkit.offers.finding import Finding
from supportkit.period import parse_period
from supportkit.render import Format
from supportkit.render.language import ENGLISH, Code
from supportkit.render.value_text import expected_text
from supportkit.reports.summary import distinct, sentences
from supportkit.reports.whole_periods import Lacking
from supportkit.result import Result, key
from tests.computing import ReportOf, written
from tests.conftest import Call, Words


def test_the_demo_names_the_planted_troubles_and_answers_four_questions(supportkit: Call) -> None:
    code, out, err = supportkit("demo")
    assert (code, err) == (0, "")
    assert "Germany, annual loses 70 % at payment (63 of 90)" in out  # data/samples/README.md (a)
    assert "Payment declined, Germany: 36 tickets where 3 were expected, ongoing since 12 October 2026" in out  # (b)
    assert "Delivery delayed, Russia: 24 tickets where 7 were expected" in out  # (c)
    assert "since 26 October" in out
    assert [line for line in out.splitlines() if line.endswith("?")] == [
        "Which complaints rise?",
        "Where do customers drop out?",
        "What is a customer worth?",
        "How satisfied are they, and can the scores be believed?",
    ]
    assert "LTV " in out
    assert "NPS 22.9, 95 % interval 13.5 to 31.9, over 292 answers." in out
    assert "CSI 70.3, 95 % interval" in out


@pytest.mark.parametrize(
    ("audience", "period", "lang", "form"),
    [
        ("head", "2026-W45", "en", "json"),
        ("manager", "2026-11-05", "ru", "text"),
        ("director", "2026-10", "ru", "markdown"),
        ("director", "2026-10", "en", "csv"),
    ],
)
def test_a_report_repeats_byte_for_byte(
    audience: str, period: str, lang: Code, form: Format, supportkit: Call, stored: Words, report_of: ReportOf
) -> None:
    words = ("report", "--audience", audience, "--period", period, "--lang", lang, "--format", form, *stored, "-q")
    assert supportkit(*words) == (0, written(report_of(audience, period, lang), form), "")


def test_a_report_is_a_list_of_results(report_of: ReportOf) -> None:
    names = [one["metric"] for one in json.loads(written(report_of("head", "2026-W45"), "json"))]
    assert names[0] == "report"
    assert {"trends", "funnel", "service", "nps"} <= set(names)


@pytest.mark.parametrize(
    ("words", "period", "where"),
    [
        (("--audience", "manager", "--period", "2026-11-09"), "--period 2026-11-09", "--data"),
        (("--audience", "director", "--since", "2026-10-01", "--until", "2026-11-01"), "--since 2026-10-01", "--db"),
        (("--audience", "own", "--since", "2026-10-05"), "--since 2026-10-05", "--db"),
    ],
)
def test_every_command_of_a_report_asks_the_same_data_for_the_same_days(
    words: tuple[str, ...],
    period: str,
    where: str,
    supportkit: Call,
    samples: Path,
    sample_store: Path,
    tmp_path: Path,
) -> None:
    place = samples if where == "--data" else sample_store
    own = tmp_path / "own.toml"
    text = (samples / "supportkit.toml").read_text(encoding="utf-8").partition("[[check]]")[0]
    sections = '{ metric = "trends", by = "category", top = 1 }, { metric = "funnel", counts = true, top = 1 }'
    more = '{ metric = "ltv", by = "country", past = true, top = 1 }'
    own.write_text(f"{text}[report.own]\nsections = [{sections}, {more}]\n", encoding="utf-8")
    code, out, err = supportkit("report", *words, where, place, "--config", own)
    assert code == 0, err
    commands = sorted(set(re.findall(r"supportkit (?:trends|why|service|funnel|ltv|nps|csat|survey)\b.*", out)))
    assert len(commands) >= 1
    for line in commands:
        assert f"{where} {place} --config {own}" in line
        assert period in line or "ltv" in line
        code, _, err = supportkit(*shlex.split(line)[1:])
        assert code == 0, (line, err)


def test_a_section_without_its_setting_is_left_out_and_the_report_says_so(
    supportkit: Call, sample_store: Path, tmp_path: Path
) -> None:
    words = ("report", "--db", sample_store, "--period", "2026-W45", "--format", "json")
    code, out, _ = supportkit(*words, "--where", "country=DE")
    summary, *sections = json.loads(out)
    assert code == 0
    assert summary["notes"][-1].startswith("left out: a funnel needs its steps")
    assert "trends" in {one["metric"] for one in sections}
    assert "funnel" not in {one["metric"] for one in sections}
    own = tmp_path / "own.toml"
    own.write_text('[report.own]\nsections = ["funnel"]\n', encoding="utf-8")
    code, _, err = supportkit(*words, "--config", own, "--audience", "own", "-q")
    assert (code, err.splitlines()[0][:34]) == (2, "error: a funnel needs its steps: n")


def test_a_report_without_data_does_not_say_that_nothing_changed(
    supportkit: Call, stored: Words, tmp_path: Path
) -> None:
    words = ("report", *stored, "--audience", "manager", "--period", "2031-01-06", "--format", "text")
    code, out, err = supportkit(*words)
    assert code == 3
    told = "no data: no section has a row in scope; the last period with data is 11 November 2026\n"
    assert err.endswith(told)
    assert supportkit(*words, "--section", "contacts", "--output", tmp_path / "c.html")[2].endswith(told)
    assert "What changed: Not known: there is no data on 6 January 2031; without rows: tickets" in out
    assert "; the last period with data is 11 November 2026." in out
    assert "beyond" not in out


def funnel(*rows: tuple[str, int, int]) -> Result:
    """Users and those lost at the payment by country, each compared with the others."""
    groups: dict[Group, list[StepCount]] = {
        (c,): [StepCount(users), StepCount(users - lost)] for c, users, lost in rows
    }
    whole = [StepCount(sum(counts[k].users for counts in groups.values())) for k in (0, 1)]
    steps, _ = step_rows(StepLinks(("payment", "paid"), (0, 1), (2, 0)), groups, {(): whole})
    return Result("funnel", "", "", (key("country"), *COLUMNS), tuple(steps))


def test_a_group_that_loses_more_than_the_others_is_named() -> None:
    (found,) = findings(funnel(("DE", 100, 60), ("GB", 200, 20), ("FR", 100, 12)), ENGLISH)
    assert found.text.startswith("Germany loses 60 % at payment (60 of 100), the others 11 %: +49 points")


def test_a_difference_within_chance_is_not_named() -> None:
    assert findings(funnel(("DE", 40, 8), ("GB", 200, 20), ("FR", 100, 12)), ENGLISH) == []


def test_a_small_group_is_never_named() -> None:
    assert findings(funnel(("DE", 10, 10), ("GB", 200, 20)), ENGLISH) == []


def test_the_past_of_the_loudest_series_stands_beside_what_was_expected(supportkit: Call, stored: Words) -> None:
    words = ("trends", "--past", *stored, "--period", "2026-W45", "--format", "json")
    code, out, _ = supportkit(*words)
    rows = json.loads(out)["rows"]
    assert code == 0
    assert [row["category"] for row in rows[::26]][:2] == ["payment declined", "delivery delayed"]
    assert {row["period"] for row in rows[:26]} >= {"2026-W20", "2026-W45"}
    # data/samples/README.md (b): 36 of these in 2026-W45 are from Germany; `trends` itself says 40 and 7.0 expected
    assert rows[25]["tickets"] == 40
    assert rows[25]["expected_low"] < rows[25]["expected"] < rows[25]["expected_high"] < rows[25]["tickets"]
    beyond = [row["period"] for row in rows[:26] if row["tickets"] > row["expected_high"]]
    assert beyond == ["2026-W42", "2026-W43", "2026-W44", "2026-W45"]  # planted from W42 on; each week had its own band
    assert len({row["expected"] for row in rows[:26]}) > 20


def test_a_period_without_data_is_exit_code_3_for_every_audience(supportkit: Call, stored: Words) -> None:
    for audience, period in (("manager", "2031-01-02"), ("head", "2031-W01"), ("director", "2031-01")):
        code, _, _ = supportkit("report", "--audience", audience, "--period", period, *stored)
        assert code == 3


def test_a_short_past_is_not_called_quiet(report_of: ReportOf) -> None:
    said = report_of("head", "2025-W46").sentences[0].text.lower()
    assert "nothing changed" not in said


def test_a_day_that_is_not_over_says_what_stands_out_so_far(supportkit: Call, stored: Words) -> None:
    words = ("report", "--audience", "manager", *stored, "--format", "text", "--period", "today")
    code, out, _ = supportkit(*words, "--as-of", "2026-11-05T12:00")
    assert code == 0
    assert "5 November 2026 is a part period" in out
    assert "expected, ongoing" not in out
    code, out, _ = supportkit(*words[:-1], "2026-11-05", "--as-of", "2026-11-05")  # as of the end of that day
    assert code == 0
    assert "part period" not in out


def test_a_rise_of_a_day_is_told_by_the_seven_days_that_told_it(report_of: ReportOf) -> None:
    day = report_of("manager", "2026-11-10")
    (trends,) = (one.result for one in day.sections if one.result.metric == "trends")
    rising = [row for row in trends.records() if row["state"] == "ongoing"]
    assert rising
    for row in rising:
        own, told = f"{row['category']}: {row['tickets']} ticket", row["window_tickets"]
        seven = f", {told} where {row['window_expected']:.0f} were in the seven days up to 10 November 2026, ongoing"
        text = day.sentences[0].text.replace("\u00a0", " ")
        assert own.lower() in text.lower()
        assert seven in text
        (note,) = (note for note in trends.notes if note.startswith(own))
        assert f" expected; in the seven days up to 2026-11-10: {told}, " in note
    assert "за семь дней по 10" in report_of("manager", "2026-11-10", "ru").sentences[0].text


def test_what_was_expected_is_never_one_ticket_that_were() -> None:
    assert [expected_text(one) for one in (0.04, 0.6, 1.4, 1.6, 16.2)] == ["0.0", "0.6", "1.4", "2", "16"]


def test_what_goes_on_within_its_range_is_said_behind_what_changed_and_hides_no_failing_check() -> None:
    on = Finding("changed", 71.0, "late: 95 tickets; within the usual 0 to 126", "late", "late", (), lingers=True)
    new = Finding("changed", 5.0, "new: 9 tickets where 2 were expected", "new", "new", ())

    def said(*found: Finding, **more: Any) -> list[str]:
        told = sentences(found, ENGLISH, lambda one: "", lambda one: "", **more)
        return [told[0].text, told[2].text]

    assert said(on) == ["Late: 95 tickets; within the usual 0 to 126.", "Look first at late."]
    assert said(on, failing=["sla"])[1] == "The checks that fail: sla."
    assert said(on, new) == ["New: 9 tickets where 2 were expected.", "Look first at new."]
    weaker = Finding("changed", 5.0, "late: 30 tickets where 9 were expected", "late", "late", ())
    assert distinct([on, weaker]) == [weaker]
    lacking = Lacking(parse_period("2026-10", date(2026, 12, 1)), "5 October 2026")
    assert said(lacking=lacking) == [
        "Not compared with the period before: days are missing in October 2026.",
        "The sections below: figures of which days are missing were not tested.",
    ]


def test_of_findings_without_weight_the_clearest_is_told() -> None:
    group = [Finding("look", weight, f"text {weight}", "one", "place", (), 0.0) for weight in (-2.0, -1.0, 0.0)]
    assert [one.weight for one in distinct(group)] == [0.0]
    assert [one.weight for one in distinct(group[:2])] == [-1.0]

"""Checks: the grammar, the verdicts, the exit codes, and that nothing passes for want of data."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import yaml

from supportkit import open_store
from supportkit.checks.judging import circumstances, clock_from, run_rules
from supportkit.checks.periods import JudgedPeriods
from supportkit.checks.rule import Bound, read_rule
from supportkit.checks.verdict import Verdict
from supportkit.errors import UsageError
from supportkit.period import ALL
from supportkit.request import Answers
from supportkit.store import Store
from supportkit.store.conditions import Condition
from tests.conftest import Call

# 2026-W40 (28 September): 10 promoters of 10; 2026-W41: 5 promoters, 5 detractors; DE half of each week
ANSWERS = "".join(
    f"nps,{9 if week == 0 or k % 2 else 3},2026-{'09-28' if week == 0 else '10-05'}T10:00:{k:02d}Z,"
    f"{'DE' if k < 5 else 'GB'}\n"
    for week in (0, 1)
    for k in range(10)
)


@pytest.fixture
def surveys(tmp_path: Path) -> Path:
    """Twenty answers in two weeks."""
    file = tmp_path / "surveys.csv"
    file.write_text(
        "kind,score,responded_at,country\n" + ANSWERS + "nps,0,2026-10-18T10:00:00Z,GB\n" * 1, encoding="utf-8"
    )
    return file


@pytest.mark.parametrize(
    ("text", "figure", "op", "bounds"),
    [
        ("nps >= 30", "nps", ">=", (Bound(30),)),
        ("nps>=30", "nps", ">=", (Bound(30),)),
        ("nps between -10 and 60", "nps", "between", (Bound(-10), Bound(60))),
        ("csat.csat >= 85 %", "csat", ">=", (Bound(85, "%"),)),
        ("service.first_reply_p90_s <= 2h", "first_reply_p90_s", "<=", (Bound(2, "h"),)),
        ("service.first_reply_p90_s <= 90m", "first_reply_p90_s", "<=", (Bound(90, "m"),)),
        ("ltv >= 30 EUR", "ltv", ">=", (Bound(30, "EUR"),)),
        ("nps.answers != 0", "answers", "!=", (Bound(0),)),
    ],
)
def test_a_rule_is_read(text: str, figure: str, op: str, bounds: tuple[Bound, ...]) -> None:
    rule = read_rule(text)
    assert (rule.figure, rule.op, rule.bounds) == (figure, op, bounds)


def test_a_rule_has_conditions_a_past_dimensions_and_a_minimum() -> None:
    rule = read_rule("service.tickets[country=DE, channel='chat'] <= +20% vs avg(4) by category, language min 30")
    assert rule.where == (Condition("country", "=", "DE"), Condition("channel", "=", "chat"))
    assert (rule.versus, rule.average, rule.by, rule.minimum) == ("avg", 4, ("category", "language"), 30)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "a metric is missing"),
        ("npz >= 30", "unknown metric"),
        ("service >= 30", "no figure of its own name"),
        ("service[channel=chat].tickets >= 30", "the figure is missing before the bracket"),
        ("nps[country=DE].answers >= 30", "the figure stands before the bracket"),
        ("nps", "a comparison is missing"),
        ("nps >=", "a value is missing"),
        ("nps => 30", "a value is missing"),
        ("nps >= 30 unless", "'unless' is not expected"),
        ("nps >= 30 vs yesterday", "unknown comparison"),
        ("nps >= 30 by a, b, c", "at most two"),
        ("nps >= 30 min", "a number of rows is missing"),
        ("nps >= 30 min -5", "min takes a whole number of rows"),
        ("nps >= 30 min 0", "min takes a whole number of rows"),
        ("nps >= 30 min 2.5", "min takes a whole number of rows"),
        ("nps[country] >= 30", "no condition"),
        ("nps between 1", "'and' is missing"),
        ("nps >= 5pp", "pp compares"),
        ("nps >= 30 ; drop", "not understood"),
    ],
)
def test_a_faulty_rule_is_exit_code_2_and_says_where(text: str, message: str, supportkit: Call, surveys: Path) -> None:
    with pytest.raises(UsageError, match=message):
        read_rule(text)
    code, out, err = supportkit("check", "--data", surveys, "--period", "all", "--expect", text)
    assert (code, out) == (2, "")
    assert "column " in err


@pytest.mark.parametrize(
    ("rule", "code"),
    [
        ("nps >= 0", 0),  # 15 promoters, 6 detractors of 21: 42.9
        ("nps >= 50", 1),
        ("nps between 40 and 45", 0),
        ("nps.answers == 21", 0),
        ("nps >= 0 min 22", 3),
        ("nps[country=FR] >= -100", 3),
        ("nps[country=DE] >= 0 by country", 0),
        ("nps >= -100 by country", 0),
        ("csat.csat >= 0%", 3),
    ],
)
def test_a_rule_ends_with_its_exit_code(rule: str, code: int, supportkit: Call, surveys: Path) -> None:
    assert supportkit("check", "--data", surveys, "--period", "all", "--expect", rule)[0] == code


@pytest.mark.parametrize(
    ("rule", "code"),
    [
        ("nps >= -50 vs previous", 1),  # 100 in W40, 0 in W41: a fall of 100 points
        ("nps >= -100 vs previous", 0),
        ("nps.answers <= +0% vs previous", 0),
        ("nps.answers >= +10% vs previous", 1),
        ("nps >= -50 vs avg(2)", 3),  # W39 has no answer
        ("nps >= -50 vs year_ago", 3),
    ],
)
def test_a_comparison_with_the_past(rule: str, code: int, supportkit: Call, surveys: Path) -> None:
    assert supportkit("check", "--data", surveys, "--period", "2026-W41", "--expect", rule)[0] == code


def test_a_part_period_is_never_compared(supportkit: Call, surveys: Path) -> None:
    words = ("check", "--data", surveys, "--period", "2026-10", "--expect", "nps >= -200 vs previous")
    code, out, _ = supportkit(*words, "-f", "json")
    assert code == 3
    assert "part period" in json.loads(out)["rows"][0]["reason"]


def test_a_failure_beside_a_missing_verdict_is_exit_code_1(supportkit: Call, surveys: Path) -> None:
    words = ("check", "--data", surveys, "--period", "all", "--expect", "nps >= 90", "--expect", "csat.csat >= 0%")
    assert supportkit(*words)[0] == 1


def test_stale_data_has_no_verdict(supportkit: Call, surveys: Path) -> None:
    words = ("check", "--data", surveys, "--period", "all", "--expect", "nps >= 0", "--max-age", "2d")
    assert supportkit(*words)[0] == 3  # the clock
    assert supportkit(*words, "--as-of", "2026-10-19")[0] == 0
    assert supportkit(*words, "--as-of", "2026-10-22")[0] == 3


def test_a_missing_store_has_no_verdict_and_still_writes_its_junit(supportkit: Call, tmp_path: Path) -> None:
    file = tmp_path / "out.xml"
    words = ("check", "--db", tmp_path / "gone.duckdb", "--expect", "nps >= 0", "--write", f"junit={file}")
    assert supportkit(*words)[0] == 3
    assert ElementTree.parse(file).getroot().attrib["errors"] == "1"
    assert supportkit(*words, "--skip-code", "99")[0] == 99


def test_an_interval_that_reaches_the_bound_does_not_fail(supportkit: Call, surveys: Path, tmp_path: Path) -> None:
    config = tmp_path / "c.toml"
    config.write_text('[[check]]\nexpect = "nps >= 60"\n')  # 42.9 [2.5, 71]
    assert supportkit("check", "--data", surveys, "--period", "all", "--config", config)[0] == 1
    config.write_text('[[check]]\nexpect = "nps >= 60"\nci = 0.95\n')
    assert supportkit("check", "--data", surveys, "--period", "all", "--config", config)[0] == 0
    config.write_text('[[check]]\nexpect = "nps >= 95"\nci = 0.95\n')
    assert supportkit("check", "--data", surveys, "--period", "all", "--config", config)[0] == 1


def test_a_warning_fails_only_when_strict(supportkit: Call, surveys: Path, tmp_path: Path) -> None:
    config = tmp_path / "c.toml"
    config.write_text('[[check]]\nexpect = "nps >= 0"\nwarn = "nps >= 60"\n')
    words = ("check", "--data", surveys, "--period", "all", "--config", config)
    code, out, _ = supportkit(*words, "-f", "json")
    assert code == 0
    assert json.loads(out)["facts"] == {"pass": 1, "warn": 1, "fail": 0, "no_verdict": 0}
    assert supportkit(*words, "--strict")[0] == 1


def test_missing_data_is_skipped_only_where_it_is_written(supportkit: Call, surveys: Path, tmp_path: Path) -> None:
    config = tmp_path / "c.toml"
    config.write_text('[[check]]\nexpect = "csat.csat >= 0%"\non_missing = "skip"\n')
    assert supportkit("check", "--data", surveys, "--period", "all", "--config", config)[0] == 0


def test_an_expired_rule_warns(supportkit: Call, surveys: Path, tmp_path: Path) -> None:
    config = tmp_path / "c.toml"
    config.write_text('[[check]]\nexpect = "nps >= 90"\nexpires = 2026-10-01\n')
    words = ("check", "--data", surveys, "--period", "all", "--config", config)
    assert supportkit(*words, "--as-of", "2026-09-30")[0] == 0
    code, out, _ = supportkit(*words, "--as-of", "2026-10-20", "-f", "json")
    assert code == 0
    assert json.loads(out)["rows"][0]["state"] == "warn"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('[[check.sql]]\nquery = "select * from surveys where score > 10"\n', 0),
        ('[[check.sql]]\nquery = "select * from surveys where score > 8"\n', 1),
        ('[[check]]\nexpect = "nps >= 0"\n[[check.sql]]\nquery = "select * from surveys where score > 10"\n', 0),
        ('[[check.sql]]\nquery = "select nothing"\n', 2),
        ('[[check]]\nname = "says nothing"\n', 2),
        ('[[check]]\nexpct = "nps >= 0"\n', 2),
        ('[[check]]\nexpect = "nps >= 0"\nmin = -5\n', 2),
    ],
)
def test_a_query_must_return_no_row(text: str, code: int, supportkit: Call, surveys: Path, tmp_path: Path) -> None:
    config = tmp_path / "c.toml"
    config.write_text(text)
    assert supportkit("check", "--data", surveys, "--period", "all", "--config", config)[0] == code


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("select * from surveys where score > 10", 0),  # 21 answers, the last of 18 October
        ("select * from orders where ordered_at > now()", 3),  # no order at all
        ("select max(ordered_at) from orders having max(ordered_at) < now()", 3),
        ("select count(*) from orders having count(*) = 0", 3),  # one row, yet no order to judge by
        ("select * from surveys where score > 10 and customer_id in (select customer_id from orders)", 3),
        ("with o as (from main.orders) select score from surveys where score > 10 union select amount from o", 3),
        ("select * from surveys where false and exists (select 1 from orders)", 3),
        ("select * from bi.answers where score > 10", 0),  # a view of the answers
        ("select * from bi.orders", 3),
        ("with surveys as (select 1 as score where false) select * from surveys", 3),  # reads no table of ours
        ("select 1 where false", 3),
        ("select * from duckdb_tables() where false", 3),
        ("select * from rejects", 0),  # nothing refused, and a file was loaded
    ],
)
def test_a_query_has_no_verdict_where_a_table_that_it_reads_is_empty(
    query: str, code: int, supportkit: Call, surveys: Path, tmp_path: Path
) -> None:
    config, db = tmp_path / "c.toml", tmp_path / "s.duckdb"
    config.write_text(f"[[check.sql]]\nquery = {json.dumps(query)}\n")
    supportkit("load", surveys, "--db", db)
    assert supportkit("check", "--db", db, "--config", config, "--period", "all")[0] == code
    config.write_text(f'[[check.sql]]\nquery = {json.dumps(query)}\non_missing = "skip"\n')
    assert supportkit("check", "--db", db, "--config", config, "--period", "all")[0] == 0


@pytest.mark.parametrize(("as_of", "code"), [("2026-10-19", 0), ("2026-10-20T09:00", 0), ("2026-10-22", 3)])
def test_a_query_over_old_rows_has_no_verdict(
    as_of: str, code: int, supportkit: Call, surveys: Path, tmp_path: Path
) -> None:
    config = tmp_path / "c.toml"
    config.write_text('[[check.sql]]\nquery = "select * from surveys where score > 10"\n')
    words = ("check", "--data", surveys, "--period", "all", "--config", config, "--as-of", as_of)
    assert supportkit(*words)[0] == 0
    assert supportkit(*words, "--max-age", "2d")[0] == code  # the last answer is of 18 October, 10:00


def test_a_query_on_a_store_that_is_not_there_has_no_verdict(supportkit: Call, tmp_path: Path) -> None:
    config, file = tmp_path / "c.toml", tmp_path / "out.xml"
    config.write_text('[[check.sql]]\nquery = "select * from surveys"\n')
    words = ("check", "--db", tmp_path / "gone.duckdb", "--config", config, "--write", f"junit={file}")
    assert supportkit(*words)[0] == 3
    assert ElementTree.parse(file).getroot().attrib["errors"] == "1"


def visits(week: str, **countries: tuple[int, int]) -> str:
    """Events of a day: so many visits in each country, of which so many paid."""
    rows = [
        f"{country}{week}{k},{week}T10:00:0{step}Z,{name},{country}"
        for country, counts in countries.items()
        for step, (name, count) in enumerate(zip(("visit", "paid"), counts, strict=True))
        for k in range(count)
    ]
    return "\n".join(rows) + "\n"


@pytest.fixture
def events(tmp_path: Path) -> Path:
    """Two weeks of two countries: W40 has 200 visits and 20 paid in each; W41 has 100 and 20 in DE, the same in GB."""
    file = tmp_path / "events.csv"
    header = "user_id,occurred_at,step,country\n"
    weeks = visits("2026-09-30", DE=(200, 20), GB=(200, 20)) + visits("2026-10-07", DE=(100, 20), GB=(200, 20))
    file.write_text(header + weeks + "late,2026-10-12T10:00:00Z,visit,GB\n", encoding="utf-8")
    (tmp_path / "supportkit.toml").write_text('[funnel]\nsteps = ["visit", "paid"]\n')
    return file


def judged(supportkit: Call, *words: str | Path) -> tuple[int, dict[str, dict[str, Any]]]:
    """The exit code of a check, and its rows by slice."""
    code, out, _ = supportkit("check", *words, "-f", "json")
    rows = json.loads(out)["rows"]
    assert len({row["slice"] for row in rows}) == len(rows)
    return code, {row["slice"]: row for row in rows}


def test_each_step_of_a_funnel_is_compared_with_the_same_step_of_the_past(supportkit: Call, events: Path) -> None:
    words = ("--data", events, "--config", events.parent / "supportkit.toml", "--period", "2026-W41", "--expect")
    code, rows = judged(supportkit, *words, "funnel.users >= -20% vs previous by country")
    assert code == 1
    # visits in DE: 100 after 200, half; all else as before
    assert {name: row["state"] for name, row in rows.items()} == {
        "DE, 1, visit": "fail",
        "DE, 2, paid": "pass",
        "GB, 1, visit": "pass",
        "GB, 2, paid": "pass",
    }
    assert judged(supportkit, *words, "funnel.users >= -20% vs avg(1)")[1]["1, visit"]["state"] == "fail"  # 300 of 400


def test_a_drop_is_judged_by_the_users_of_its_step_and_the_last_step_has_none(supportkit: Call, events: Path) -> None:
    words = ("--data", events, "--config", events.parent / "supportkit.toml", "--period", "2026-W41", "--expect")
    code, rows = judged(supportkit, *words, "funnel.drop_share <= 85% by country")
    assert code == 1
    # DE loses 80 of 100 visitors, GB 180 of 200
    assert {name: (row["state"], row["n"]) for name, row in rows.items()} == {
        "DE, 1, visit": ("pass", 100),
        "GB, 1, visit": ("fail", 200),
    }
    code, rows = judged(supportkit, *words, "funnel.conversion >= 15% by country")
    assert code == 1
    assert {name: (row["state"], row["n"]) for name, row in rows.items()} == {
        "DE, 2, paid": ("pass", 100),  # 20 of 100
        "GB, 2, paid": ("fail", 200),  # 20 of 200
    }


def test_a_figure_has_the_n_of_what_it_is_made_of(supportkit: Call, tmp_path: Path) -> None:
    file = tmp_path / "tickets.csv"
    header = "ticket_id,created_at,channel,status,first_reply_at,solved_at\n"
    day = "2026-10-05T10:00:00Z"
    rows = [f"{k},{day},chat,open,," for k in range(92)]
    rows += [f"{k},{day},chat,solved,,2026-10-05T12:00:00Z" for k in range(92, 99)]  # 7 solved
    rows += [f"99,{day},chat,open,2026-10-05T10:05:00Z,"]  # 1 replied
    file.write_text(header + "\n".join(rows) + "\n", encoding="utf-8")
    code, found = judged(
        supportkit, "--data", file, "--period", "all", "--expect", "service.first_reply_p90_s <= 2h by channel"
    )
    assert (code, found["chat"]["state"], found["chat"]["n"]) == (3, "no verdict", 1)
    code, found = judged(supportkit, "--data", file, "--period", "all", "--expect", "service.first_reply_p90_s <= 2h")
    assert (code, found[""]["n"]) == (3, 1)
    code, found = judged(
        supportkit, "--data", file, "--period", "all", "--expect", "service.resolution_p90_s <= 3h by channel"
    )
    assert (code, found["chat"]["n"]) == (0, 7)
    code, found = judged(
        supportkit, "--data", file, "--period", "all", "--expect", "service.sla_met >= 80%"
    )  # no target at all
    assert (code, found[""]["n"]) == (3, 0)
    code, found = judged(supportkit, "--data", file, "--period", "all", "--expect", "service.unanswered <= 10")
    assert (code, found[""]["n"]) == (1, 100)


def test_no_two_verdicts_bear_one_name(supportkit: Call, tmp_path: Path) -> None:
    file, config = tmp_path / "surveys.csv", tmp_path / "c.toml"
    groups = [("A, B", "C"), ("A", "B, C"), ("A", ""), ("A", "''"), ("it's", "C"), ("", "")]
    rows = [f'nps,10,2026-10-05T10:00:00Z,"{country}","{channel}"' for country, channel in groups]
    file.write_text("kind,score,responded_at,country,channel\n" + "\n".join(rows) + "\n", encoding="utf-8")
    config.write_text(
        '[[check]]\nname = "one"\nexpect = "nps >= 101 by country,channel"\nwarn = "nps >= 103 by country,channel"\n'
        '[[check]]\nname = "one"\nexpect = "nps >= 102"\n[[check]]\nexpect = "nps >= 102"\n'
    )
    targets = [f"--write={form}={tmp_path / form}" for form in ("junit", "gitlab")]
    assert (
        supportkit("check", "--data", file, "--period", "all", "--config", config, *targets)[0] == 1
    )  # 6 answers: under 102
    names = [case.attrib["name"] for case in ElementTree.parse(tmp_path / "junit").getroot().iter("testcase")]
    entries = json.loads((tmp_path / "gitlab").read_text())
    assert len(names) == len(set(names)) == 14  # 6 groups of two rules, and two rules more
    assert len({entry["fingerprint"] for entry in entries}) == len(entries) == 14
    _, out, _ = supportkit("check", "--data", file, "--period", "all", "--config", config, "-f", "json")
    assert len({(row["check"], row["slice"], row["rule"]) for row in json.loads(out)["rows"]}) == 14


def test_no_rule_at_all_is_exit_code_2(supportkit: Call, surveys: Path) -> None:
    assert supportkit("check", "--data", surveys, "--period", "all")[0] == 2


def test_an_unknown_figure_lists_the_known_ones(supportkit: Call, surveys: Path) -> None:
    code, _, err = supportkit("check", "--data", surveys, "--period", "all", "--expect", "nps.promotors >= 1")
    assert code == 2
    assert "promoters" in err


def test_a_unit_that_the_figure_does_not_have_is_refused(supportkit: Call, surveys: Path) -> None:
    assert supportkit("check", "--data", surveys, "--period", "all", "--expect", "nps >= 30%")[0] == 2
    assert supportkit("check", "--data", surveys, "--period", "all", "--expect", "nps >= 30h")[0] == 2


def test_a_job_summary_that_cannot_be_written_and_a_code_that_no_system_has_are_told(
    supportkit: Call, surveys: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = ("check", "--data", surveys, "--period", "all", "--expect", "nps >= 0")
    assert supportkit(*words, "--skip-code", "256")[0] == 2
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "gone" / "summary.md"))
    code, _, err = supportkit(*words, "--write", "github=-")
    assert (code, "summary.md: cannot be written: No such file" in err) == (3, True)


def test_junit_github_and_gitlab_have_every_verdict(
    supportkit: Call, surveys: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = tmp_path / "c.toml"
    config.write_text(
        '[[check]]\nexpect = "nps >= 0"\n\n[[check]]\nexpect = "nps >= 90"\n[[check]]\nexpect = "csat.csat >= 0%"\n'
    )
    summary = tmp_path / "summary.md"
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    targets = [f"--write={form}={tmp_path / form}" for form in ("junit", "github", "gitlab", "json", "markdown")]
    assert supportkit("check", "--data", surveys, "--period", "all", "--config", config, *targets)[0] == 1
    suite = ElementTree.parse(tmp_path / "junit").getroot()[0]
    assert [len(case.findall(kind)) for case in suite for kind in ("failure", "error")] == [0, 0, 1, 0, 0, 1]
    assert suite.attrib["tests"] == "3"
    annotations = (tmp_path / "github").read_text().splitlines()
    assert annotations[0].startswith(f"::error file={config},line=5,")
    assert len(annotations) == 2
    assert summary.read_text().count("\n| ") == 5
    entries = json.loads((tmp_path / "gitlab").read_text())
    assert [entry["severity"] for entry in entries] == ["major", "minor"]
    assert all({"description", "check_name", "fingerprint", "location"} <= set(entry) for entry in entries)
    assert json.loads((tmp_path / "json").read_text())["metric"] == "check"
    assert (tmp_path / "markdown").read_text().startswith("## Checks")


def test_quiet_prints_nothing_when_all_pass(supportkit: Call, surveys: Path) -> None:
    assert supportkit("check", "--data", surveys, "--period", "all", "--expect", "nps >= 0", "-q") == (0, "", "")


def test_junit_is_read_by_junitparser(supportkit: Call, surveys: Path, tmp_path: Path) -> None:
    from junitparser import JUnitXml

    file = tmp_path / "out.xml"
    rules = [f"--expect={rule}" for rule in ("nps >= 0", "nps >= 90", "csat.csat >= 0%", "nps >= -100 by country")]
    supportkit("check", "--data", surveys, "--period", "all", *rules, "--write", f"junit={file}")
    suite = next(iter(JUnitXml.fromfile(str(file))))
    assert (suite.tests, suite.failures, suite.errors) == (5, 1, 1)
    assert sum(case.is_passed for case in suite) == 3


DOC = Path(__file__).parent.parent / "docs" / "checks.md"


def blocks(language: str) -> list[str]:
    """The fenced blocks of docs/checks.md in a language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", DOC.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)


def test_the_configuration_of_the_page_is_read_and_judged(supportkit: Call, sample_store: Path, tmp_path: Path) -> None:
    config = blocks("toml")[0]
    file = tmp_path / "supportkit.toml"
    file.write_text(config)
    words = ("check", "--db", sample_store, "--history", tmp_path / "h.json", "--config", file, "-f", "json")
    code, out, _ = supportkit(*words, "--as-of", "2026-11-11")
    assert code in (0, 1)
    assert len({row["check"] for row in json.loads(out)["rows"]}) == 4


def test_the_pipelines_of_the_page_are_whole(supportkit: Call) -> None:
    github, gitlab = (yaml.safe_load(block) for block in blocks("yaml"))
    job = github["jobs"]["check"]
    assert job["runs-on"]
    assert all(("uses" in step) != ("run" in step) for step in job["steps"])
    assert github[True]["schedule"][0]["cron"].count(" ") == 4  # YAML reads the key `on` as true
    (named,) = gitlab.values()
    assert named["artifacts"]["reports"] == {"junit": "checks.xml", "codequality": "quality.json"}
    commands = [step["run"] for step in job["steps"] if "run" in step] + named["script"]
    for command in commands:
        words = shlex.split(command)
        if words[0] == "supportkit":
            options = {word for word in words if word.startswith("--")}
            assert options <= set(re.findall(r"--[a-z-]+", supportkit(words[1], "--help")[1]))


@pytest.fixture(scope="module")
def shop_of_samples(sample_store: Path) -> Iterator[Store]:
    """The samples."""
    with open_store(sample_store) as store:
        yield store


@pytest.mark.parametrize("rule", ["nps >= 0", "csat.csat >= 0%", "csi >= 0", "service.tickets >= 0", "ltv >= 0"])
@pytest.mark.parametrize("by", ["country", "country,channel"])
def test_a_rule_has_the_same_verdict_beside_one_by_groups(rule: str, by: str, shop_of_samples: Store) -> None:
    """The facts of a result by groups serve the rules without them."""
    grouped = f"{rule} by {by} min 1"

    def verdicts(*rules: str) -> list[Verdict]:
        clock, every = clock_from(None, None), JudgedPeriods(ALL, date(2026, 11, 11))
        under = circumstances(None, Answers(shop_of_samples), every, clock)
        found = run_rules([read_rule(one) for one in rules], under)
        return [verdict for verdict in found if verdict.rule.text == rule]

    alone = verdicts(rule)
    assert alone[0].value is not None
    assert alone == verdicts(rule, grouped) == verdicts(grouped, rule)

"""Rules in SQL take a minute together, and one that cannot be run ends no report."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from supportkit.checks.judging import run_sql
from supportkit.checks.rule import Rule
from supportkit.checks.verdict import Clock
from supportkit.store import memory_store, query_limits
from tests.conftest import Call

ENDLESS = "select count(*) from range(1000000) a(x), range(1000000) b(y) where sqrt(x + y) = 0.5"


def rule(query: str) -> Rule:
    return Rule(query, "sql", "rows", (), "==", (), name=query[:20])


def test_the_time_of_all_rules_together_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(query_limits, "DEFAULT_LIMITS", query_limits.QueryLimits(seconds=0.5))
    rules = [rule(ENDLESS)] * 4
    with memory_store() as store:
        verdicts = run_sql(rules, store, Clock(datetime.now(UTC), "now", None))
    assert [verdict.state for verdict in verdicts] == ["no verdict"] * 4
    assert "took longer than" in verdicts[0].reason
    assert verdicts[-1].reason == "the rules in SQL have taken 0.5 s together"


def test_a_slow_rule_leaves_time_to_those_that_follow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(query_limits, "DEFAULT_LIMITS", query_limits.QueryLimits(seconds=4.0))
    rules = [rule(ENDLESS), rule("select 1"), rule("select 1 where false")]  # they read no table, which is no verdict
    with memory_store() as store:
        verdicts = run_sql(rules, store, Clock(datetime.now(UTC), "now", None))
    assert "took longer than 2 s" in verdicts[0].reason
    assert [verdict.measured for verdict in verdicts[1:]] == ["1 row", "0 rows"]


CONFIG = """
[[check]]
expect = "service.tickets >= 1"

[[check]]
expect = "service.no_such_fact >= 1"

[[check.sql]]
name = "drops"
query = "drop table tickets"

[[check.sql]]
name = "reads nothing there is"
query = "select * from nowhere"
"""


def test_a_bad_rule_has_no_verdict_in_a_report_and_ends_nothing(tmp_path: Path, supportkit: Call) -> None:
    data, config = tmp_path / "data", tmp_path / "mine.toml"
    data.mkdir()
    rows = "".join(f"T{day},2026-01-{day:02}T10:00:00Z\n" for day in range(1, 32))
    (data / "tickets.csv").write_text(f"ticket_id,created_at\n{rows}")
    config.write_text(CONFIG)
    words = ("--data", str(data), "--config", str(config), "--period", "2026-01", "--format", "json")
    code, out, err = supportkit("report", "--audience", "director", *words)
    assert (code, "drops" in out, "no_such_fact" in out) == (0, True, True), err


@pytest.mark.parametrize(
    ("bad", "line", "reason"),
    [
        ('[[check.sql]]\nname = "bad one"\nquery = "select * from nowhere"', 6, "name nowhere does not exist"),
        ('[[check.sql]]\nname = "bad one"\nquery = "selec nonsense"', 6, "syntax error"),
        ('[[check.sql]]\nname = "bad one"\nquery = "select 1; select 2"', 6, "exactly one select"),
        ('[[check.sql]]\nname = "bad one"\nquery = "drop table tickets"\non_missing = "skip"', 6, "select"),
        ('[[check]]\nname = "bad one"\nexpect = "service.no_such_fact >= 1"', 6, "no_such_fact"),
    ],
)
@pytest.mark.parametrize(("least", "ends"), [(1, 2), (100, 1)])
def test_a_bad_rule_is_named_and_the_others_are_judged(
    bad: str, line: int, reason: str, least: int, ends: int, tmp_path: Path, supportkit: Call
) -> None:
    data, config = tmp_path / "data", tmp_path / "mine.toml"
    data.mkdir()
    rows = "".join(f"T{day},2026-01-{day:02}T10:00:00Z\n" for day in range(1, 32))
    (data / "tickets.csv").write_text(f"ticket_id,created_at\n{rows}")
    config.write_text(
        f'[[check]]\nexpect = "service.tickets >= {least}"\n\n{bad}\n\n'
        '[[check.sql]]\nname = "after it"\nquery = "select * from tickets where ticket_id is null"\n'
    )
    words = ("check", "--data", str(data), "--config", str(config), "--period", "2026-01", "--format", "json")
    code, out, err = supportkit(*words)
    states = {row["check"]: row["state"] for row in json.loads(out)["rows"]}
    first = "pass" if least == 1 else "fail"
    assert states == {f"service.tickets >= {least}": first, "bad one": "no verdict", "after it": "pass"}
    assert code == ends
    assert f"error: {config}, line {line}: rule bad one: " in err
    assert reason in err
    _, _, russian = supportkit(*words, "--lang", "ru")
    assert f"строка {line}: правило bad one: " in russian


def test_what_is_wrong_with_all_rules_alike_is_told_once(tmp_path: Path, supportkit: Call) -> None:
    (tmp_path / "tickets.csv").write_text("ticket_id,created_at\nT1,2026-01-01T10:00:00Z\n")
    rules = ("--expect", "service.tickets >= 1", "--expect", "service.solved >= 0")
    code, out, err = supportkit("check", "--data", str(tmp_path), *rules, "--where", "nowhere=1")
    assert (code, out, err.count("unknown column")) == (2, "", 1)

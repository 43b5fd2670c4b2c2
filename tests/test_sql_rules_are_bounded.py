"""Rules in SQL take a minute together, and one that cannot be run ends no report."""

from __future__ import annotations

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
    code, _, err = supportkit("check", *words[:4], "--period", "2026-01")
    assert code == 2, err  # who runs the rules is told of the bad one

"""What a check says: what was wanted in people's words, and each annotation at its own rule's line."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from supportkit.stats.intervals import share_interval
from tests.conftest import Call

# 36 answers of one week: 20 promoters, 7 passives, 9 detractors: nps 100 * 11 / 36 = 30.6
ANSWERS = [*[9] * 20, *[7] * 7, *[3] * 9]


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """36 answers and 28 tickets of 2026-W41, two of which nobody has answered and two after five minutes."""
    folder = tmp_path / "exports"
    folder.mkdir()
    lines = [f"nps,{score},2026-10-07T10:00:{n:02}Z" for n, score in enumerate(ANSWERS)]
    (folder / "surveys.csv").write_text("kind,score,responded_at\n" + "\n".join(lines) + "\n", encoding="utf-8")
    rows = [f"{n},2026-10-07T10:00:00Z,chat," + ("" if n < 2 else f"2026-10-07T10:0{min(n, 7)}:30Z") for n in range(28)]
    head = "ticket_id,created_at,channel,first_reply_at\n"
    (folder / "tickets.csv").write_text(head + "\n".join(rows) + "\n", encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("service.unanswered <= 0", "fail, measured 2, n 28, period 2026-W41: allowed 0"),
        ("service.tickets < 28", "fail, measured 28, n 28, period 2026-W41: allowed less than 28"),
        ("service.tickets > 27.5", "pass, measured 28, n 28, period 2026-W41: wanted more than 27.5"),
        ("service.tickets between 30 and 40", "fail, measured 28, n 28, period 2026-W41: wanted 30 to 40"),
        ("service.tickets != 28", "fail, measured 28, n 28, period 2026-W41: wanted anything but 28"),
        ("service.first_reply_p50_s <= 5m", "fail, measured 7 min 30 s, n 26, period 2026-W41: allowed 5 min"),
        ("service.sla_met >= 80%", "fail, measured 7.1 %, n 28, period 2026-W41: wanted at least 80 %"),  # 2 of 28
        (
            "service.sla_met >= 7.125%",
            "pass, measured 7.1 %, n 28, period 2026-W41: wanted at least 7.125 %; not told from the target: its 95 % "
            "interval is 2.0 % to 22.6 %",
        ),
    ],
)
def test_a_verdict_says_what_was_wanted(rule: str, said: str, supportkit: Call, desk: Path, tmp_path: Path) -> None:
    config = tmp_path / "c.toml"
    config.write_text('[sla.chat]\nfirst_reply = "4m"\n')
    words = ("check", "--data", desk, "--config", config, "--as-of", "2026-10-12", "--expect", rule)
    supportkit(*words, f"--write=junit={tmp_path / 'out.xml'}")
    ((failed, told),) = re.findall(r'message="([^"]*)"|<system-out>([^<]*)', (tmp_path / "out.xml").read_text())
    words, named, _ = (failed or told).partition("; rows: ")
    assert (words, bool(named)) == (said, said.startswith("fail"))


@pytest.mark.parametrize(
    ("bound", "state", "told"), [(20, "pass", True), (50, "fail", True), (-10, "pass", False), (60, "fail", False)]
)
def test_a_target_inside_the_interval_is_not_told_from_the_figure(
    bound: int, state: str, told: bool, supportkit: Call, desk: Path
) -> None:
    words = ("check", "--data", desk, "--as-of", "2026-10-12", "-f", "json", "--expect", f"nps >= {bound}")
    row = json.loads(supportkit(*words)[1])["rows"][0]
    assert row["n"] == 36
    assert (row["low"] <= bound <= row["high"]) is told  # about 1 to 54
    assert (row["state"], "not told from the target" in row["reason"]) == (state, told)


@pytest.mark.parametrize(
    ("rule", "ci", "state", "told"),
    [
        ("service.sla_met >= 10%", "", "fail", True),
        ("service.sla_met >= 10%", "ci = 0.95", "pass", True),
        ("service.sla_met <= 22%", "", "pass", True),
        ("service.sla_met >= 23%", "ci = 0.95", "fail", False),
        ("service.sla_met >= 1%", "", "pass", False),
        ("service.sla_met >= 10% by channel", "", "fail", True),
        ("service.first_reply_p50_s >= 0s", "", "pass", None),
    ],
)
def test_a_share_of_a_whole_has_the_interval_of_a_report(
    rule: str, ci: str, state: str, told: bool | None, supportkit: Call, desk: Path, tmp_path: Path
) -> None:
    config = tmp_path / "c.toml"
    config.write_text(f'[sla.chat]\nfirst_reply = "4m"\n[[check]]\nexpect = "{rule}"\n{ci}\n')
    words = ("check", "--data", desk, "--config", config, "--as-of", "2026-10-12", "-f", "json")
    row = json.loads(supportkit(*words)[1])["rows"][0]
    # 2 of 28 are answered in time: by Wilson's formula 0.0198 to 0.2265
    expected = (None, None) if told is None else (pytest.approx(0.0198, abs=1e-4), pytest.approx(0.2265, abs=1e-4))
    assert (row["low"], row["high"]) == expected
    assert (row["state"], "not told from the target" in row["reason"]) == (state, bool(told))


def test_a_share_of_money_has_no_interval_of_counts() -> None:
    assert share_interval(0.3337, 100) is None
    assert share_interval(1.2, 100) is None
    assert share_interval(0.5, 0) is None
    assert share_interval(2 / 28, 28) == pytest.approx((0.0198, 0.2265), abs=1e-4)


@pytest.mark.parametrize(
    ("rule", "state", "told"),
    [("nps == 20", "fail", False), ("nps != 20", "pass", False), ("nps == 20 ci", "pass", True)],
)
def test_an_equality_is_told_by_the_value_unless_the_whole_interval_is_asked(
    rule: str, state: str, told: bool, supportkit: Call, desk: Path, tmp_path: Path
) -> None:
    config = tmp_path / "c.toml"
    ci = "ci = 0.95" if rule.endswith("ci") else ""
    config.write_text(f'[[check]]\nexpect = "{rule.removesuffix(" ci")}"\n{ci}\n')
    words = ("check", "--data", desk, "--config", config, "--as-of", "2026-10-12", "-f", "json")
    row = json.loads(supportkit(*words)[1])["rows"][0]
    assert row["low"] <= 20 <= row["high"]
    assert (row["state"], "not told from the target" in row["reason"]) == (state, told)


def test_markdown_names_the_rows_behind_a_failure(
    supportkit: Call, desk: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    summary = tmp_path / "summary.md"
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    words = ("check", "--data", desk, "--as-of", "2026-10-12", "--expect", "service.unanswered <= 0")
    supportkit(*words, f"--write=markdown={tmp_path / 'out.md'}", f"--write=github={tmp_path / 'out.txt'}")
    written = ((tmp_path / "out.md").read_text(), summary.read_text(), supportkit(*words, "-f", "markdown")[1])
    for text in written:
        assert "the rows behind it" in text.lower()
        assert re.search(r"\| 0, 1 \|", text)  # the two tickets that nobody has answered
    assert "the rows behind it" not in supportkit(*words)[1].lower()


@pytest.mark.parametrize("age", ["2dayz", "2", "1.5", "2 weeks ago"])
def test_an_age_that_is_none_is_refused_with_how_one_is_written(age: str, supportkit: Call, desk: Path) -> None:
    code, _, err = supportkit("check", "--data", desk, "--expect", "nps >= 0", "--max-age", age)
    assert code == 2
    assert f"--max-age {age}: not an age" in err
    assert "hint: write 2days, 36h or 90m" in err


CONFIG = """\
# expect = "nps >= 90"
[[check]]
name = 'both'
expect = "nps >= 90 min 5"
[[check]]
expect = "nps >= 90"
[[check]]
expect = "service.tickets[channel=\\"chat\\"] >= 90"
[[check.sql]]
name = "no ticket"
query = "select * from tickets"
"""


@pytest.mark.parametrize("in_repository", [True, False])
def test_annotations_stand_at_the_rules_own_lines_with_paths_of_the_repository(
    in_repository: bool, supportkit: Call, desk: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "repository" / "analytics"
    folder.mkdir(parents=True)
    (folder / "checks.toml").write_text(CONFIG)
    if in_repository:
        (tmp_path / "repository" / ".git").mkdir()
    monkeypatch.chdir(folder)
    words = ("check", "--data", desk, "--config", "checks.toml", "--as-of", "2026-10-12")
    targets = [f"--write={form}={tmp_path / form}" for form in ("github", "gitlab")]
    assert supportkit(*words, *targets)[0] == 1
    path = "analytics/checks.toml" if in_repository else "checks.toml"
    places = re.findall(r"::error file=([^,]+),line=(\d+),", (tmp_path / "github").read_text())
    assert sorted(places) == sorted((path, line) for line in ("4", "6", "8", "11"))
    entries = json.loads((tmp_path / "gitlab").read_text())
    assert sorted((one["location"]["path"], one["location"]["lines"]["begin"]) for one in entries) == [
        (path, 4), (path, 6), (path, 8), (path, 11),
    ]  # fmt: skip


def test_of_open_tickets_those_whose_state_nobody_knows_are_a_share_of_the_open_ones(
    supportkit: Call, tmp_path: Path
) -> None:
    # 100 tickets: 90 are solved, 6 are open, 4 more are in a state that nobody knows: 4 % of all, 40 % of the stock
    states = [*["solved"] * 90, *["open"] * 6, *["zzwait"] * 4]
    ends = {"solved": "2026-10-08T10:00:00Z"}
    rows = [
        f"{n},2026-10-07T10:00:00Z,{'chat' if n % 2 else 'email'},{state},{ends.get(state, '')}"
        for n, state in enumerate(states)
    ]
    (tmp_path / "tickets.csv").write_text("\n".join(["ticket_id,created_at,channel,status,solved_at", *rows]) + "\n")
    words = ("check", "--data", tmp_path / "tickets.csv", "--as-of", "2026-10-12", "-f", "json")
    for rule in ("backlog <= 3", "backlog.open <= 30", "backlog <= 30 by channel min 1"):
        code, out, _ = supportkit(*words, "--expect", rule)
        rows_found = json.loads(out)["rows"]
        assert (code, {row["state"] for row in rows_found}) == (3, {"no verdict"})
        assert all("40.0 % of it rests on words that nobody knows" in row["reason"] for row in rows_found)
    code, out, _ = supportkit(*words, "--expect", "service.tickets >= 50")
    assert (code, json.loads(out)["rows"][0]["state"]) == (0, "pass")

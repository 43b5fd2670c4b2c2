"""The file in which checks remember: where it lies, what becomes of it, and how a trouble is acknowledged."""

from __future__ import annotations

import html
import json
import os
import stat
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from filelock import FileLock

from supportkit.checks import history as histories
from supportkit.checks.history import HISTORY, key_of
from supportkit.checks.rule import read_rule
from tests.conftest import Call, StoreOf

# W40: 10 promoters; W41: 10 detractors; W42: 10 promoters; one answer after each
WEEKS = (("2026-09-29", 9), ("2026-10-06", 3), ("2026-10-13", 9))
SURVEYS = "kind,score,responded_at\n" + "".join(
    f"nps,{score},{day}T10:00:{n:02}Z\n" for day, score in WEEKS for n in range(10)
)
RULE = "nps >= 0"


@pytest.fixture
def db(store_of: StoreOf, tmp_path: Path) -> Path:
    """A store of these answers, in a folder of its own."""
    (tmp_path / "desk").mkdir()
    return store_of(tmp_path / "desk" / "s.duckdb", {"surveys.csv": SURVEYS})


def check(supportkit: Call, *words: str | Path, rule: str = RULE) -> tuple[int, dict[str, Any], str]:
    """The exit code of a check of one rule, its row, and what was said."""
    code, out, err = supportkit("check", "--expect", rule, "-f", "json", *words)
    return code, json.loads(out)["rows"][0] if out else {}, err


def test_a_check_remembers_beside_the_store_and_says_what_is_new(supportkit: Call, db: Path) -> None:
    before = db.read_bytes()
    courses = {}
    for day in ("2026-10-05", "2026-10-12", "2026-10-19"):
        code, row, _ = check(supportkit, "--db", db, "--as-of", day)
        courses[row["period"]] = (code, row["course"], row["since"])
    assert courses == {
        "2026-W40": (0, "", ""),
        "2026-W41": (1, "new", ""),
        "2026-W42": (0, "recovering", "2026-W41"),
    }
    kept = db.with_name(db.name + HISTORY)
    assert sorted(db.parent.iterdir()) == [db, kept]
    assert db.read_bytes() == before
    first = kept.read_bytes()
    assert check(supportkit, "--db", db, "--as-of", "2026-10-12")[1]["course"] == "new"  # whatever is run when
    assert kept.read_bytes() == first
    assert list(json.loads(first)["rules"][RULE]) == ["2026-W40", "2026-W41", "2026-W42"]


# one rule, however it is written
WRITTEN = (
    ("nps >= 30", "nps>=30", " nps.nps  >=  30.0"),
    ("nps[channel=chat, country=DE] between -5 and 30", "nps[country = 'DE' and channel=chat] between -5.00 and +30"),
    (
        "trends.tickets[channel in (chat, email)] <= 20% vs avg(4) by category,country min 30",
        "trends.tickets[channel in (email,'chat')]<=+20% vs avg( 4 ) min 30 by category, country",
    ),
    ("funnel.drop[country=DE, step=pay] == 7.5%", "funnel.drop[step = pay and country=DE] = 7.5 %"),
    ("service-value.reordered_share <= target", "service-value.reordered_share<=target"),
)


@pytest.mark.parametrize("texts", WRITTEN, ids=lambda texts: texts[0])
def test_a_rule_has_one_form_however_it_is_written(texts: tuple[str, ...]) -> None:
    assert {read_rule(text).form for text in texts} == {texts[0]}
    assert key_of(read_rule(texts[0])) == texts[0]


def test_an_entry_says_what_its_text_may_say_and_another_order_of_dimensions_names_other_slices() -> None:
    rule = read_rule("nps >= 30 by country")
    assert key_of(replace(read_rule("nps>=30"), by=("country",), minimum=9)) == "nps >= 30 by country min 9"
    assert key_of(replace(rule, by=("channel",))) == "nps >= 30 by channel"
    assert read_rule("nps >= 30 by country,channel").form != read_rule("nps >= 30 by channel,country").form


def test_a_rule_that_is_spaced_otherwise_has_the_same_past_and_acknowledgement(supportkit: Call, db: Path) -> None:
    assert check(supportkit, "--db", db, "--as-of", "2026-10-12")[1]["course"] == "new"
    assert ack(supportkit, db, "nps>= 0", "--until", "2026-10-20", *WHY)[2].startswith("nps >= 0: acknowledged")
    code, row, _ = check(supportkit, "--db", db, "--as-of", "2026-10-19", rule="nps>=0.0")
    assert (code, row["course"], row["since"]) == (0, "recovering", "2026-W41")
    assert row["acknowledged"] == "until 2026-10-20: the form was broken"


def test_a_history_by_the_texts_of_rules_is_found_by_their_forms(supportkit: Call, db: Path) -> None:
    kept, entry = db.with_name(db.name + HISTORY), '{"": {"state": "fail", "n": 10, "measured": "-3"}}'
    of = ("nps>=0", "nps  >= 0 ci 0.95 where country='DE' (warn)", "select 1 where (warn)")
    rules = ", ".join(f'"{key}": {{"2026-W40": {entry}}}' for key in of)
    told = '{"rule": "nps>=0", "until": "2026-12-31", "why": "y"}, {"rule": "liked", "until": "2026-12-31", "why": "y"}'
    kept.write_text(f'{{"version": 1, "rules": {{{rules}}}, "acknowledged": [{told}]}}', encoding="utf-8")
    code, row, _ = check(supportkit, "--db", db, "--as-of", "2026-10-12")
    assert (code, row["course"], row["since"], row["acknowledged"]) == (1, "still", "2026-W40", "until 2026-12-31: y")
    found = json.loads(kept.read_text())
    assert set(found["rules"]) == {"nps >= 0", "nps >= 0 ci 0.95 where country='DE' (warn)", "select 1 where (warn)"}
    assert [one["rule"] for one in found["acknowledged"]] == ["liked", "nps >= 0"]


def test_rules_periods_and_conditions_are_kept_apart(supportkit: Call, db: Path) -> None:
    kept = db.with_name(db.name + HISTORY)
    for words in (["--period", "2026-W41"], ["--period", "2026-10"], ["--period", "all"], ["--since", "2026-10-05"]):
        check(supportkit, "--db", db, "--as-of", "2026-10-19", *words)
    check(supportkit, "--db", db, "--as-of", "2026-10-19", "--where", "country is empty")
    rules = json.loads(kept.read_text())["rules"]
    assert list(rules) == [RULE, f"{RULE} where country is empty"]
    assert list(rules[RULE]) == ["2026-10", "2026-10-05..", "2026-W41", "all"]
    assert check(supportkit, "--db", db, "--as-of", "2026-10-19", "--period", "2026-10")[1]["course"] == ""
    assert check(supportkit, "--db", db, "--period", "2026-W41")[1]["course"] == "new"  # a month is no week before it


def test_with_data_it_is_kept_only_where_a_file_is_named(supportkit: Call, tmp_path: Path) -> None:
    file, kept = tmp_path / "surveys.csv", tmp_path / "kept.json"
    file.write_text(SURVEYS, encoding="utf-8")
    words = ("--data", file, "--as-of", "2026-10-12")
    assert check(supportkit, *words)[1]["course"] == ""
    assert list(tmp_path.iterdir()) == [file]
    for _ in range(2):
        assert check(supportkit, *words, "--history", kept)[1]["course"] == "new"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600  # it names slices


@pytest.mark.parametrize("name", ["s.duckdb", "y.db", "store"])
def test_what_lies_beside_a_store_is_no_export_of_its_folder(name: str, supportkit: Call, tmp_path: Path) -> None:
    """Loaded and checked twice, with another history there and a log that was cut off: the exports alone are read."""
    (tmp_path / "surveys.csv").write_text(SURVEYS)
    store = tmp_path / name
    for _ in range(2):
        assert supportkit("load", tmp_path, "--db", store, "--strict")[0] == 0
        check(supportkit, "--db", store, "--as-of", "2026-10-12")
        check(supportkit, "--db", store, "--as-of", "2026-10-12", "--history", tmp_path / "known.json")
        (tmp_path / f"{name}.wal").write_bytes(b"")
        with (tmp_path / "surveys.csv").open("a") as file:
            file.write("nps,9,2026-10-08T10:00:00Z\n")
    assert {f"{name}.checks.json", f"{name}.prev", "known.json"} < {file.name for file in tmp_path.iterdir()}
    code, _, err = supportkit("load", tmp_path, "--db", store, "--strict")
    assert (code, "json" in err) == (0, False), err
    asked = ("--as-of", "2026-10-12", "-f", "json")
    assert (
        supportkit("nps", "--data", tmp_path, *asked)[1]
        == supportkit("nps", "--data", tmp_path / "surveys.csv", *asked)[1]
    )
    assert supportkit("nps", "--data", tmp_path / "*.c*", *asked)[1] == supportkit("nps", "--data", tmp_path, *asked)[1]


def test_a_store_that_is_not_there_gets_no_history_beside_it(supportkit: Call, tmp_path: Path) -> None:
    code, row, _ = check(supportkit, "--db", tmp_path / "gone.duckdb", "--as-of", "2026-10-12")
    assert (code, row["state"], list(tmp_path.iterdir())) == (3, "no verdict", [])
    named = ("--db", tmp_path / "gone.duckdb", "--history", tmp_path / "kept.json")
    courses = [check(supportkit, *named, "--period", f"2026-W{week}")[1]["course"] for week in range(40, 45)]
    assert courses == ["new", "still", "still", "dead", "dead"]


ENTRY = '{"version": 1, "acknowledged": [], "rules": {"nps >= 0 by country": {"2026-W39": {"DE": %s}}}}'
KNOWN = '{"version": 1, "rules": {}, "acknowledged": [%s]}'
DAMAGED = (
    "{",
    "[]",
    "\x00",
    "[" * 100_000,
    '{"version": 3}',
    '{"version": 1, "rules": {"x": {"2026-W99": {}}}, "acknowledged": []}',
    ENTRY % '{"state": "great"}',
    ENTRY % '{"state": "pass", "n": "many"}',
    ENTRY % '{"state": "pass", "n": 1e999}',
    ENTRY % '{"state": "pass", "n": 9, "measured": 9}',
    ENTRY % '{"state": "no verdict", "gone": ["2026-W38"]}',
    ENTRY % '{"state": "no verdict", "gone": [9, "2026-W38"]}',
    ENTRY % "[]",
    KNOWN % '{"rule": "x", "until": "soon", "why": "y"}',
    KNOWN % '{"rule": "x", "until": "2026-12-31", "why": null}',
    KNOWN % '{"rule": 1, "until": "2026-12-31", "why": "y"}',
)


@pytest.mark.parametrize("text", DAMAGED, ids=lambda text: text[:60])
def test_a_file_that_is_no_history_is_left_as_it_is(text: str, supportkit: Call, db: Path, tmp_path: Path) -> None:
    kept = db.with_name(db.name + HISTORY)
    kept.write_text(text)
    code, row, err = check(supportkit, "--db", db, "--as-of", "2026-10-05")
    assert (code, row["state"], kept.read_text()) == (0, "pass", text)
    assert f"history: {kept}: is no history of checks, and is left as it is" in err
    code, row, err = check(supportkit, "--db", db, "--as-of", "2026-10-05", "--history", kept)
    assert (code, row["state"], kept.read_text()) == (3, "pass", text)
    assert check(supportkit, "--db", db, "--as-of", "2026-10-12", "--history", kept)[0] == 1  # the failure beside it
    assert check(supportkit, "--db", db, "--as-of", "2026-10-05", "--history", db)[0] == 3  # nor is a store


@pytest.mark.parametrize("named", [False, True])
def test_what_cannot_be_written_is_told_and_counts_only_where_it_is_named(
    named: bool, supportkit: Call, db: Path, tmp_path: Path
) -> None:
    kept = db.with_name(db.name + HISTORY)
    kept.mkdir()
    words = ("--db", db, "--as-of", "2026-10-05", *(("--history", tmp_path / "no" / "such.json") if named else ()))
    code, row, err = check(supportkit, *words)
    assert (code, row["state"]) == (3 if named else 0, "pass")
    assert "are not remembered" in err


def test_a_run_waits_for_another_that_writes_and_then_gives_up(
    supportkit: Call, db: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(histories, "PATIENCE", 0.1)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    check(supportkit, "--db", db, "--as-of", "2026-10-05")
    (lock,) = tmp_path.glob("*.lock")
    with FileLock(lock):
        code, _, err = check(supportkit, "--db", db, "--as-of", "2026-10-12")
    assert (code, "another run is writing it" in err) == (1, True)
    assert check(supportkit, "--db", db, "--as-of", "2026-10-12")[1]["course"] == "new"


def test_a_lock_that_somebody_has_put_out_of_reach_changes_no_exit_code(
    supportkit: Call, db: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    check(supportkit, "--db", db, "--as-of", "2026-10-05")
    (lock,) = tmp_path.glob("*.lock")
    lock.unlink()
    lock.symlink_to(tmp_path / "elsewhere")
    code, row, err = check(supportkit, "--db", db, "--as-of", "2026-10-19")
    assert (code, row["state"], f"cannot be locked: {lock}" in err) == (0, "pass", True), err
    assert not (tmp_path / "elsewhere").exists()


def test_what_is_new_comes_first(supportkit: Call, db: Path, tmp_path: Path) -> None:
    config = tmp_path / "c.toml"
    config.write_text('[[check]]\nexpect = "nps >= 101"\n[[check]]\nwarn = "nps >= 0"\n')
    words = ("check", "--db", db, "--config", config, "-f", "json", "--as-of")
    supportkit(*words, "2026-10-05")
    rows = json.loads(supportkit(*words, "2026-10-12")[1])["rows"]
    assert [(row["state"], row["course"]) for row in rows] == [("warn", "new"), ("fail", "still")]


def ack(supportkit: Call, db: Path, *words: str) -> tuple[int, str, str]:
    """Acknowledge something, on 12 October."""
    return supportkit("check", "ack", *words, "--db", db, "--as-of", "2026-10-12")


WHY = ("--why", "the form was broken")


def test_an_acknowledgement_is_printed_in_every_output_and_expires(supportkit: Call, db: Path, tmp_path: Path) -> None:
    words = ("check", "--db", db, "--period", "2026-W41", "--expect", RULE)
    code, out, err = ack(supportkit, db, "nps  >=  0", "--until", "2026-10-20", *WHY)
    assert (code, out, err) == (0, "", "nps >= 0: acknowledged until 2026-10-20\n")
    told = "until 2026-10-20: the form was broken"
    for form in ("table", "json", "csv", "markdown", "html"):
        code, out, _ = supportkit(*words, "--as-of", "2026-10-20", "-f", form)
        assert (code, told in html.unescape(out)) == (1, True), form
    for form in ("junit", "github", "gitlab", "json", "markdown"):
        supportkit(*words, "--as-of", "2026-10-20", f"--write={form}={tmp_path / form}")
        assert told in html.unescape((tmp_path / form).read_text()), form
    ElementTree.parse(tmp_path / "junit")
    assert supportkit(*words, "--as-of", "2026-10-20", "--accept-acked")[0] == 0
    out = supportkit(*words, "--as-of", "2026-10-20", "-f", "text")[1]
    assert "✗ nps >= 0" in out
    assert "acknowledged until 2026-10-20: " in out
    code, out, _ = supportkit(*words, "--as-of", "2026-10-20", "--accept-acked", "-q")
    assert (code, told in out) == (0, True)  # silence would mean that all is well
    code, out, _ = supportkit(*words, "--as-of", "2026-10-21", "--accept-acked", "-f", "csv")
    assert (code, "its acknowledgement ended on 2026-10-20" in out, told in out) == (1, True, False)


def test_what_nobody_knows_of_is_named_before_what_is_acknowledged(supportkit: Call, db: Path, tmp_path: Path) -> None:
    """Thirteen rules that fail, twelve of them acknowledged: a message and the annotations have room for fewer."""
    config = tmp_path / "c.toml"
    known = [f'[[check]]\nname = "known {n:02}"\nexpect = "nps >= {n + 1}"\n' for n in range(12)]
    config.write_text(
        "".join(known)
        + '[[check]]\nname = "the one that is new"\nexpect = "nps >= 99"\n[report.own]\nsections = ["nps"]\n'
    )
    words = ("--config", str(config), "--db", str(db), "--as-of", "2026-10-12")
    for n in range(12):
        assert supportkit("check", "ack", f"known {n:02}", "--until", "2026-12-31", *WHY, *words)[0] == 0
    out = supportkit("check", *words, "-f", "text")[1]
    assert next(line for line in out.splitlines() if line[0] == "✗").startswith("✗ the one that is new")
    assert "and 5 more, 5 of them acknowledged" in out.splitlines()  # 13 less the eight that have a line
    annotated = supportkit("check", *words, "--write", "github=-")[1]
    assert "the one that is new" in annotated.splitlines()[0]
    for form in ("csv", "markdown"):
        lines = supportkit("check", *words, "-f", form)[1].splitlines()
        assert "the one that is new" in next(line for line in lines if line.lstrip("| ").startswith("fail")), form
    told = supportkit("report", "--audience", "own", *words, "-f", "text")[1]
    assert next(line for line in told.splitlines() if line[0] == "✗").startswith("✗ the one that is new")


def test_an_acknowledgement_of_a_slice_covers_it_alone_and_can_be_ended(
    supportkit: Call, db: Path, tmp_path: Path
) -> None:
    config = tmp_path / "c.toml"
    config.write_text('[[check]]\nname = "liked"\nexpect = "nps >= 0 by country"\n')
    words = ("check", "--db", db, "--config", config, "--as-of", "2026-10-12")
    named = ("liked", "--config", str(config), "--slice")
    assert ack(supportkit, db, *named, "DE", "--until", "2026-12-31", *WHY)[0] == 0
    assert supportkit(*words, "--accept-acked")[0] == 1
    assert ack(supportkit, db, *named, "(none)", "--until", "2026-12-31", *WHY)[0] == 0
    assert supportkit(*words, "--accept-acked")[0] == 0
    code, _, err = ack(supportkit, db, *named, "(none)", "--until", "2026-10-01", *WHY)
    assert (code, "ended on 2026-10-01" in err) == (0, True)
    assert supportkit(*words, "--accept-acked")[0] == 1


def test_a_slice_that_the_rule_does_not_have_is_refused_with_the_nearest(supportkit: Call, db: Path) -> None:
    rule = "nps >= 0 by country"
    assert supportkit("check", "--db", db, "--as-of", "2026-10-12", "--expect", rule)[0] == 1
    code, _, err = ack(supportkit, db, rule, "--slice", "(nome)", "--until", "2026-12-31", *WHY)
    assert (code, "unknown slice of nps >= 0 by country '(nome)'" in err, "(none)" in err) == (2, True, True)
    assert ack(supportkit, db, rule, "--slice", "(none)", "--until", "2026-12-31", *WHY)[0] == 0


def test_a_history_behind_a_link_is_written_where_the_link_leads(supportkit: Call, db: Path, tmp_path: Path) -> None:
    kept, shared = db.with_name(db.name + HISTORY), tmp_path / "shared.json"
    kept.symlink_to(shared)
    for day in ("2026-10-05", "2026-10-12"):
        check(supportkit, "--db", db, "--as-of", day)
    assert kept.is_symlink()
    assert set(json.loads(shared.read_text())["rules"][RULE]) == {"2026-W40", "2026-W41"}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("nps >= 0", *WHY), "a rule, a day and a reason are needed"),
        (("nps >= 0", "--until", "2026-12-31"), "a rule, a day and a reason are needed"),
        (("nps >= 0", "--until", "2026-12-31", "--why", " "), "a rule, a day and a reason are needed"),
        (("nps >= 0", "--until", "soon", *WHY), "not a day"),
        (("nps >= 0", "--until", "2026-W50", *WHY), "not a day"),
        (("nps >= 0", "--until", "2026-13-01", *WHY), "not a day"),
        (("npz >= 0", "--until", "2026-12-31", *WHY), "unknown metric"),
        (("nps >= 0", "--until", "2026-12-31", *WHY, "--period", "2026-10"), "--period"),
    ],
)
def test_a_faulty_acknowledgement_is_exit_code_2(words: tuple[str, ...], said: str, supportkit: Call, db: Path) -> None:
    code, out, err = ack(supportkit, db, *words)
    assert (code, out, said in err) == (2, "", True), err
    assert sorted(db.parent.iterdir()) == [db]


def test_an_unknown_name_has_the_nearest_and_other_actions_are_refused(
    supportkit: Call, db: Path, tmp_path: Path
) -> None:
    config = tmp_path / "c.toml"
    config.write_text('[[check]]\nname = "liked"\nexpect = "nps >= 0"\n')
    code, _, err = ack(supportkit, db, "likd", "--until", "2026-12-31", *WHY, "--config", str(config))
    assert (code, "liked" in err) == (2, True)
    assert supportkit("check", "nack", "nps >= 0", "--db", db)[0] == 2
    assert supportkit("check", "--expect", RULE, "--db", db, *WHY)[0] == 2
    assert supportkit("check", "ack", RULE, "--data", db, "--until", "2026-12-31", *WHY)[0] == 2


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_may_not_be_written_changes_no_exit_code(supportkit: Call, db: Path) -> None:
    db.parent.chmod(0o555)
    try:
        assert check(supportkit, "--db", db, "--as-of", "2026-10-05")[0] == 0
    finally:
        db.parent.chmod(0o755)


def test_a_report_says_what_the_checks_remember(supportkit: Call, db: Path, tmp_path: Path) -> None:
    config = tmp_path / "c.toml"
    config.write_text(
        '[[check]]\nexpect = "nps >= 101"\n[[check]]\nexpect = "nps >= 0"\n[report.own]\nsections = ["nps"]\n'
    )
    supportkit("check", "--db", db, "--config", config, "--as-of", "2026-10-05")
    ack(supportkit, db, "nps >= 101", "--until", "2026-12-31", *WHY)
    kept = db.with_name(db.name + HISTORY).read_bytes()
    words = ("report", "--audience", "own", "--db", db, "--config", config, "--as-of", "2026-10-12", "-q")
    text = supportkit(*words, "-f", "text")[1].splitlines()
    assert [line for line in text if line.startswith("✗")] == [
        "✗ nps ≥ 0: -100.0, n 10 (wanted at least 0; new)",
        "✗ nps ≥ 101: -100.0, n 10 (wanted at least 101; still since 2026-W40; "
        "acknowledged until 2026-12-31: the form was broken)",
    ]
    for form in ("html", "markdown"):
        page = html.unescape(supportkit(*words, "-f", form)[1])
        assert "until 2026-12-31: the form was broken" in page, form
    russian = supportkit(*words, "-f", "text", "--lang", "ru")[1]
    assert "нужно не меньше 0; новое" in russian
    assert "продолжается с 2026-W40; подтверждено до 2026-12-31" in russian.replace("31 декабря 2026 г.", "2026-12-31")
    german = supportkit(*words, "-f", "text", "--where", "country!=DE")[1].splitlines()
    assert [line for line in german if "still since" in line] == []  # of these rows nothing is remembered
    assert db.with_name(db.name + HISTORY).read_bytes() == kept  # a report remembers nothing itself

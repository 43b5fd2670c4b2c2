"""The configuration: which one holds is said, and one that came with the data lowers no privacy and runs nothing."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import Call

TICKETS = (
    "ticket_id,created_at,customer_id,body,country\n"
    "T1,2026-11-02T10:00:00Z,anna.berg@example.com,write to anna.berg@example.com,DE\n"
)
KEEP = '[data]\nprivacy = "keep"\n'
SQL = '[[check.sql]]\nname = "no ticket"\nquery = "select * from tickets"\n'


@pytest.fixture
def sent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that somebody sent, `unzipped`, beside one's own, `mine`, in which the command line is run."""
    for name in ("unzipped/deep", "mine"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "unzipped" / "tickets.csv").write_text(TICKETS, encoding="utf-8")
    (tmp_path / "unzipped" / "deep" / "tickets.csv").write_text(TICKETS, encoding="utf-8")
    monkeypatch.chdir(tmp_path / "mine")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    return tmp_path / "unzipped"


def kept(supportkit: Call, db: Path) -> str:
    """The ticket as it stands in a store."""
    code, out, err = supportkit("sql", "select customer_id, body from tickets", "--db", db, "-f", "csv", "-q")
    assert code == 0, err
    return out


@pytest.mark.parametrize(
    ("here", "loaded"),
    [
        ("unzipped", "."),
        ("unzipped", "tickets.csv"),
        ("unzipped", "../unzipped/tickets.csv"),
        ("unzipped", "../unzip*/tickets.csv"),
        ("unzipped", "deep"),
        ("unzipped/deep", "."),
        ("unzipped/deep", ".."),
        ("unzipped", "../link"),
        ("unzipped", "../mine/link.csv"),
        ("unzipped", "out.csv"),
        ("link", "tickets.csv"),
        ("link/deep", "tickets.csv"),
        ("mine", "../unzipped"),
        ("mine", "../link"),
    ],
)
def test_a_configuration_that_came_with_the_data_keeps_no_personal_data(
    here: str, loaded: str, sent: Path, supportkit: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    top = sent.parent
    (sent / "supportkit.toml").write_text(KEEP, encoding="utf-8")
    (top / "link").symlink_to(sent)
    (top / "mine" / "link.csv").symlink_to(sent / "tickets.csv")
    (top / "elsewhere.csv").write_text(TICKETS, encoding="utf-8")
    (sent / "out.csv").symlink_to(top / "elsewhere.csv")
    monkeypatch.chdir(top / here)
    for words in (("load", loaded, "--db", top / "x.duckdb"), ("nps", "--data", loaded), ("tables", "--data", loaded)):
        code, out, err = supportkit(*words)
        assert (code, out) == (2, ""), err
        assert 'privacy = "keep"' in err
        assert "--config" in err
        assert not (top / "x.duckdb").exists()


def test_what_comes_through_a_pipe_counts_as_lying_in_the_working_directory(sent: Path) -> None:
    (sent / "supportkit.toml").write_text(KEEP, encoding="utf-8")
    words = [sys.executable, "-m", "supportkit", "load", "-", "--as", "tickets", "--db", "x.duckdb"]
    done = subprocess.run(words, cwd=sent, input=TICKETS.encode(), capture_output=True, check=False)
    assert done.returncode == 2, done.stderr
    assert b'privacy = "keep"' in done.stderr
    assert not (sent / "x.duckdb").exists()


def test_a_configuration_that_is_named_keeps_personal_data(sent: Path, supportkit: Call, tmp_path: Path) -> None:
    (sent / "supportkit.toml").write_text(KEEP, encoding="utf-8")
    db = tmp_path / "x.duckdb"
    code, _, err = supportkit("load", sent / "tickets.csv", "--db", db, "--config", sent / "supportkit.toml")
    assert (code, f"configuration: {sent / 'supportkit.toml'}\n" in err) == (0, True)
    assert "write to anna.berg@example.com" in kept(supportkit, db)


def test_ones_own_configuration_keeps_personal_data_of_files_that_lie_elsewhere(
    sent: Path, supportkit: Call, tmp_path: Path
) -> None:
    Path("supportkit.toml").write_text(KEEP, encoding="utf-8")
    code, _, err = supportkit("load", sent, "--db", tmp_path / "x.duckdb")
    assert code == 0, err
    assert "write to anna.berg@example.com" in kept(supportkit, tmp_path / "x.duckdb")


@pytest.mark.parametrize("words", [("check",), ("report", "--as-of", "2026-11-09")])
def test_sql_rules_that_came_with_the_data_are_not_run(words: tuple[str, ...], sent: Path, supportkit: Call) -> None:
    (sent / "supportkit.toml").write_text(SQL, encoding="utf-8")
    code, out, err = supportkit(*words, "--data", sent)
    assert (code, out) == (2, "")
    assert f"{sent / 'supportkit.toml'}: [[check.sql]]" in err
    assert f"--config {sent / 'supportkit.toml'}" in err
    named = supportkit(*words, "--data", sent, "--config", sent / "supportkit.toml")
    assert named[0] == (1 if words == ("check",) else 0), named[2]
    assert "no ticket" in named[1]


def test_rules_of_figures_and_metrics_beside_such_rules_need_no_name(sent: Path, supportkit: Call) -> None:
    (sent / "supportkit.toml").write_text(SQL, encoding="utf-8")
    assert supportkit("service", "--data", sent)[0] == 0
    assert supportkit("check", "--data", sent, "--expect", "service.tickets >= 1", "--period", "all")[0] == 0
    assert supportkit("load", sent, "--db", sent.parent / "x.duckdb")[0] == 0


def test_a_configuration_that_came_with_the_data_describes_its_columns(
    sent: Path, supportkit: Call, tmp_path: Path
) -> None:
    (sent / "tickets.csv").write_text(TICKETS.replace("country", "Land"), encoding="utf-8")
    said = '[data]\ntime_zone = "Europe/Berlin"\ndb = "theirs.duckdb"\n[columns.tickets]\ncountry = "Land"\n'
    (sent / "supportkit.toml").write_text(said, encoding="utf-8")
    code, out, err = supportkit("service", "--by", "country", "--data", sent, "-f", "json")
    assert code == 0, err
    assert json.loads(out)["rows"][0]["country"] == "DE"
    assert supportkit("load", sent)[0] == 0  # into the store that later commands here will find
    assert Path("supportkit.duckdb").exists()
    assert not list(sent.glob("*.duckdb"))
    code, out, err = supportkit("sql", "select country from tickets", "-f", "csv")
    assert (code, out, err) == (0, "country\nDE\n", "")


def test_a_configuration_that_came_with_the_data_loads_no_names_that_are_left_out(
    sent: Path, supportkit: Call, tmp_path: Path
) -> None:
    """A name is found by no pattern: the columns of a vendor's export that hold one are left out."""
    header = "Ticket ID,Subject,Status,Priority,Source,Type,Agent,Group,Created time,Last update time,Full name,Email"
    row = "7,Help,Open,Low,Email,Question,Ann,First,2026-11-02 10:00:00,2026-11-02 11:00:00,Anna Berg,anna@example.com"
    (sent / "tickets.csv").write_text(f"{header}\n{row}\n", encoding="utf-8")
    for said in ("subject = 'Full name'", "category = 'full NAME'"):
        (sent / "supportkit.toml").write_text(f"[columns.tickets]\n{said}\n", encoding="utf-8")
        for words in (("load", sent, "--db", tmp_path / "x.duckdb"), ("tables", "--data", sent)):
            code, out, err = supportkit(*words)
            assert (code, out, "'Full name' is left out as personal data" in err) == (2, "", True), err
    (sent / "supportkit.toml").write_text("[columns.tickets]\nsubject = 'Type'\n", encoding="utf-8")
    assert supportkit("tables", "--data", sent)[0] == 0
    (sent / "supportkit.toml").write_text("[columns.tickets]\nsubject = 'Full name'\n", encoding="utf-8")
    assert supportkit("tables", "--data", sent, "--config", sent / "supportkit.toml")[0] == 0


@pytest.mark.parametrize("quiet", [False, True])
def test_stderr_says_which_configuration_is_used(quiet: bool, sent: Path, supportkit: Call) -> None:
    Path("supportkit.toml").write_text('[data]\ntime_zone = "Europe/Berlin"\n', encoding="utf-8")
    flags = ("-q",) if quiet else ()
    said = "" if quiet else "configuration: supportkit.toml\n"
    for words in (
        ("service", "--data", sent),
        ("why", "service", "--group", "country=DE", "--data", sent),
        ("metrics", "--sql", "--data", sent),
        ("tables", "--data", sent),
        ("issues", "--data", sent),
    ):
        assert supportkit(*words, *flags)[2].count("configuration:") == (0 if quiet else 1), words
    Path("deep").mkdir()
    os.chdir("deep")
    _, _, err = supportkit("service", "--data", sent, *flags)
    assert err == said.replace("supportkit.toml", str(Path("../supportkit.toml").resolve()))


def test_the_demo_says_nothing_of_its_configuration(supportkit: Call) -> None:
    assert supportkit("demo")[2] == ""

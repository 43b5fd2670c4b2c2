"""The configuration: which one holds is said, and one that came with the data lowers no privacy and runs nothing."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tomllib
from datetime import date, datetime
from pathlib import Path

import pytest

from supportkit.config import checked, read_config
from supportkit.configuration.template import TEMPLATE
from supportkit.errors import UsageError
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
    assert supportkit("contacts", "--data", sent)[0] == 0
    assert supportkit("check", "--data", sent, "--expect", "service.tickets >= 1", "--period", "all")[0] == 0
    assert supportkit("load", sent, "--db", sent.parent / "x.duckdb")[0] == 0


def test_a_configuration_that_came_with_the_data_describes_its_columns(
    sent: Path, supportkit: Call, tmp_path: Path
) -> None:
    (sent / "tickets.csv").write_text(TICKETS.replace("country", "Land"), encoding="utf-8")
    said = '[data]\ntime_zone = "Europe/Berlin"\ndb = "theirs.duckdb"\n[columns.tickets]\ncountry = "Land"\n'
    (sent / "supportkit.toml").write_text(said, encoding="utf-8")
    code, out, err = supportkit("contacts", "--by", "country", "--data", sent, "-f", "json")
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
    _, _, err = supportkit("contacts", "--data", sent, *flags)
    assert err == said.replace("supportkit.toml", str(Path("../supportkit.toml").resolve()))


def test_the_demo_says_nothing_of_its_configuration(supportkit: Call) -> None:
    assert supportkit("demo")[2] == ""


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[colums.tickets]\na = 'b'", "[colums] unknown key 'colums'"),
        ("[data]\ntimezone = 'UTC'", "[data.timezone] unknown key 'timezone'"),
        ("[[check]]\nexpect = 'nps >= 3'\n[[check]]\nexpct = 'nps >= 3'", "[check.1.expct] unknown key 'expct'"),
        ("[[check.sql]]\nquery = 'select 1'\nsql = 1", "[check.0.sql.0.sql] unknown key 'sql'"),
        ("data = 3", "[data] 3 is no section"),
        ("columns = [1]", "[columns] [1] is no section"),
        ("[metrics]\nnps = 3", "[metrics.nps] 3 is no section"),
        ("[data]\ndb = 3", "[data.db] 3 is not a text"),
        ("[data]\nkeep = 'Name'", "[data.keep] 'Name' is no list"),
        ("[data]\nprivacy = 'hide'", "[data.privacy] 'hide' is not one of mask, keep"),
        ("[data]\ntime_zone = '/etc/passwd'", "[data.time_zone] '/etc/passwd' is no time zone"),
        ("[values.orders.status]\npaid = 2", "[values.orders.status.paid] 2 is not a text"),
        ("[orders]\ncount = ['sold']", "[orders.count] 'sold' is no state of an order"),
        ("[orders]\nkey = ['country']", "[orders.key] write order_id first"),
        ("[checks]\ndead_after = 0", "[checks.dead_after] 0 is less than 1"),
        ("[checks]\ndead_after = true", "[checks.dead_after] True is not a whole number"),
        ("[checks]\nperiod = 'lastweek'", "[checks.period] period 'lastweek' is not understood"),
        ("[[check]]\nname = 'x'", "[check.0] a check needs expect, warn or sql"),
        ("[[check]]\nexpect = 'nps >= 3'\nci = 0.9", "[check.0.ci] ci is 0.95"),
        ("[[check]]\nexpect = 'nps >= 3'\nmin = 2.5", "[check.0.min] 2.5 is not a whole number"),
        (
            "[[check]]\nexpect = 'nps >= 3'\nexpires = 2026-11-08T10:00:00",
            "[check.0.expires] 2026-11-08 10:00:00 is not a day",
        ),
        ("[[check.sql]]\nname = 'x'", "[check.0.sql.0.query] is needed"),
        ("[[target]]\nmetric = 'nps'", "[target.0.value] is needed"),
        ("[[target]]\nmetric = 'nps'\nvalue = true", "[target.0.value] True is not a number"),
        ("[[event]]\nat = 'yesterday'\ntext = 'x'", "[event.0.at] 'yesterday' is no day and no time"),
        ("[sla.email]\nfirst_reply = true", "[sla.email.first_reply] True is no duration"),
        (f"[data]\ndb = [{'1, ' * 999}]", "… is not a text"),
    ],
)
def test_what_a_configuration_may_not_say_is_refused_by_its_key(text: str, said: str, tmp_path: Path) -> None:
    file = tmp_path / "supportkit.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(UsageError) as refused:
        read_config(file)
    assert f"{file}: " in refused.value.message
    assert said in refused.value.message
    assert len(refused.value.message) < 300


def test_an_unknown_key_names_the_nearest_one_of_its_section(tmp_path: Path) -> None:
    file = tmp_path / "supportkit.toml"
    file.write_text("[join.orders]\nwit = []", encoding="utf-8")
    with pytest.raises(UsageError) as refused:
        read_config(file)
    assert refused.value.hint == "did you mean 'with'? known: with"


def test_values_are_read_as_people_write_them() -> None:
    found = checked(
        {
            "data": {"currency": "eur"},
            "values": {"orders": {"status": {"done": True, "void": "cancelled"}}},
            "check": {"expect": "nps >= 3", "by": "country, channel", "expires": "2026-11-08"},
            "checks": {"retired": ["chat", "fax"]},
            "event": [{"at": "2026-11-08", "text": "a day"}, {"at": "2026-11-08T18:00", "text": "a time"}],
            "sla": {"email": {"first_reply": "1h30m", "resolution": "60s"}},
            "target": [{"metric": "nps", "value": 35, "from": date(2026, 7, 1)}, {"metric": "csat", "value": "80%"}],
            "funnel": {"steps": ["visit", "paid"]},
        }
    )
    assert found.data.currency == "EUR"
    assert found.values["orders"]["status"] == {"done": "true", "void": "cancelled"}
    assert (found.check[0].by, found.check[0].expires) == (("country", "channel"), date(2026, 11, 8))
    assert found.checks.retired == ("chat", "fax")
    assert [event.at for event in found.event] == [date(2026, 11, 8), datetime(2026, 11, 8, 18)]
    assert found.section("sla") == {"email": {"first_reply": 5400, "resolution": 60}}
    assert [(one.value, one.start) for one in found.target] == [(35, date(2026, 7, 1)), ("80%", None)]
    assert (found.defaults("funnel"), found.defaults("nps")) == ({"steps": ("visit", "paid")}, {})
    assert found.section("data") == {"time_zone": "UTC", "currency": "EUR", "privacy": "mask", "keep": ()}


def test_what_init_writes_holds_with_every_line_in_use() -> None:
    written = "\n".join(line.removeprefix("# ") for line in TEMPLATE.splitlines()[1:])
    assert checked(tomllib.loads(written)).check[0].period == "last-3-months"

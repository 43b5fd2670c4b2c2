"""The command line: exit codes, messages, where output goes, and what bad input meets."""

from __future__ import annotations

import json
import os
import re
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from supportkit import __version__, open_store
from supportkit.cli import COMMANDS, Command
from supportkit.errors import UsageError
from supportkit.metrics import METRICS
from supportkit.store import listings as catalogue
from tests.conftest import Call, StoreOf, Words

SURVEYS = "kind,score,responded_at,country\nnps,9,2026-11-02T10:00:00Z,DE\nnps,3,2026-11-03T10:00:00Z,GB\n"


@pytest.fixture
def surveys(tmp_path: Path) -> Path:
    """A file of two answers."""
    file = tmp_path / "surveys.csv"
    file.write_text(SURVEYS, encoding="utf-8")
    return file


@pytest.fixture
def db(tmp_path: Path, surveys: Path, store_of: StoreOf) -> Path:
    """A store with two answers."""
    return store_of(tmp_path / "shop.duckdb", {surveys.name: SURVEYS})


def test_version_and_help_are_exit_code_0(supportkit: Call) -> None:
    assert supportkit("--version") == (0, f"supportkit {__version__}\n", "")
    assert supportkit("--help")[0] == 0


def test_a_load_prints_its_accounting_to_stderr(surveys: Path, tmp_path: Path, supportkit: Call) -> None:
    code, out, err = supportkit("load", surveys, "--db", tmp_path / "x.duckdb")
    assert (code, out) == (0, "")
    assert "read 2" in err
    assert "rejected 0" in err


def test_the_same_file_twice_changes_nothing(db: Path, surveys: Path, supportkit: Call) -> None:
    before = supportkit("nps", "--db", db, "-f", "json")[1]
    code, _, err = supportkit("load", surveys, "--db", db)
    assert code == 0
    assert "unchanged 2" in err
    facts = json.loads(supportkit("nps", "--db", db, "-f", "json")[1])["facts"]
    assert facts == json.loads(before)["facts"]


def test_tables_and_rejects_list_the_ledger(db: Path, tmp_path: Path, supportkit: Call) -> None:
    bad = tmp_path / "bad.csv"
    bad.write_text("kind,score,responded_at\nnps,9,no date\n,1,2026-01-01\n", encoding="utf-8")
    assert supportkit("load", bad, "--db", db, "--max-rejects", "2")[0] == 3  # none was loadable
    rows = json.loads(supportkit("tables", "--db", db, "-f", "json")[1])["rows"]
    assert {row["file"] for row in rows} >= {"surveys.csv"}


def test_what_to_load_names_the_folder_where_the_name_of_a_file_holds_an_e_mail(
    tmp_path: Path, supportkit: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "anna@example.com tickets.csv").write_text("ticket_id,created_at\nT1,2026-01-01\n")
    code, _, err = supportkit("nps")
    assert (code, "hint: supportkit load ., or give --data FOLDER" in err, "anna" in err) == (3, True, False)


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (["nps", "--db", "missing.duckdb"], 3, "there is no such store"),
        (["nps", "--data", "missing.csv"], 3, "there is no such file"),
        (["nps", "--data", "empty"], 3, "there is no file in this folder that can be read: it is empty"),
        (["nps", "--data", "other.csv"], 3, "columns a, b"),
        (["nps", "--data", "surveys.csv", "--by", "contry"], 2, "country"),
        (["nps", "--data", "surveys.csv", "--where", "contry=DE"], 2, "country"),
        (["nps", "--data", "surveys.csv", "--where", "country"], 2, "column op value"),
        (["nps", "--data", "surveys.csv", "--by", "country,agent,channel"], 2, "at most two"),
        (["nps", "--data", "surveys.csv", "--over", "year"], 2, "week"),
        (["nps", "--data", "surveys.csv", "--period", "last-fortnight"], 2, "not understood"),
        (["nps", "--data", "surveys.csv", "--period", "2026-W60"], 2, "2026-W60"),
        (["nps", "--data", "surveys.csv", "--since", "2026-02-02", "--until", "2026-01-01"], 2, "not before"),
        (["nps", "--data", "surveys.csv", "--as-of", "yesterday"], 2, "--as-of"),
        (["nps", "--data", "surveys.csv", "--db", "x.duckdb"], 2, "exclude each other"),
        (["nps", "--data", "surveys.csv", "--config", "missing.toml"], 2, "there is no such file"),
        (["nps", "--data", "surveys.csv", "--config", "wrong_key.toml"], 2, "time_zone"),
        (["nps", "--data", "surveys.csv", "--config", "wrong_toml.toml"], 2, "line 1"),
        (["nps", "--data", "surveys.csv", "--config", "wrong_zone.toml"], 2, "Europe/Berlin"),
        (["nps", "--data", "surveys.csv", "--config", "wrong_option.toml"], 2, "over"),
        (["npz"], 2, "nps"),
        (["metrics", "npz"], 2, "nps"),
        (["nps", "--data", "surveys.csv", "--config", "wrong_metric.toml"], 2, "did you mean 'nps'"),
        (["load", "surveys.csv", "--config", "wrong_table.toml"], 2, "did you mean 'tickets'"),
        (["load", "surveys.csv", "--config", "wrong_column.toml"], 2, "did you mean 'ticket_id'"),
        (["nps", "--data", "surveys.csv", "--as-of", "9999-12-31"], 2, "9999-12-31 is not in the years"),
        (["trends", "--data", "surveys.csv", "--period", "0001-W01"], 2, "0001-01-01 is not in the years"),
        (["nps", "--data", "surveys.csv", "--since", "0001-01-01"], 2, "0001-01-01 is not in the years"),
        (["sql", "select 1", "--data", "surveys.csv", "--where", "country=DE"], 2, "--where is for metrics"),
        (["tables", "--data", "surveys.csv", "--period", "2026"], 2, "--period is for metrics"),
        (["nps", "--data", "surveys.csv", "--where", "responded_at>=then"], 2, "not a day or a time"),
        (["nps", "--data", "surveys.csv", "--where", "score>=high"], 2, "not a number"),
        (["nps", "--data", "surveys.csv", "--where", "country='DE'and kind='nps'"], 2, "not understood"),
        (["nps", "--data", "surveys.csv", "--where", "Plan Type=Pro"], 2, "'Plan Type'"),
        (["contacts", "--data", "surveys.csv", "--where", "is_complaint=perhaps"], 2, "true or false"),
        (["contacts", "--data", "surveys.csv", "--where", "tags>vip"], 2, "a list has no order"),
        (["sources", "--where", "country=DE"], 2, "--where is for metrics"),
        (["metrics", "nps", "--period", "2026"], 2, "--period is for metrics"),
        (["undo", "--where", "country=DE"], 2, "--where is for metrics"),
        (["undo", "--data", "surveys.csv"], 2, "keeps nothing"),
        (["forget", "a@b.de", "--data", "surveys.csv"], 2, "keeps nothing"),
        (["issues", "--data", "surveys.csv", "--period", "2026"], 2, "--period is for metrics"),
        (["export", "--data", "surveys.csv", "--parquet", "out", "--since", "2026-01-01"], 2, "--since is for metrics"),
        (["load", "surveys.csv", "--max-rejects", "-1"], 2, "--max-rejects"),
        (["load", "surveys.csv", "--source", "zendes"], 2, "did you mean 'zendesk'"),
        (["load", "surveys.csv", "--source", "mine"], 2, "--as too"),
        (["load", "loop.csv"], 3, "is a symbolic link"),
        (["nps", "--data", "surveys.csv", "--db", "loop.duckdb"], 2, "exclude"),
        (["nps", "--db", "loop.duckdb"], 3, "loop.duckdb"),
        (["load", "surveys.csv", "--db", "loop.duckdb"], 3, "loop.duckdb"),
        (
            ["nps", "--data", "surveys.csv", "--config", "wrong_value.toml"],
            2,
            "wrong_value.toml: [metrics.nps] over",
        ),
        (["ltv", "--data", "surveys.csv", "--config", "wrong_value.toml"], 2, "'abc' is not a whole number"),
        (["ces", "--data", "surveys.csv", "--config", "wrong_value.toml"], 2, "[metrics.ces] by: 3 is not a text"),
        (["funnel", "--data", "surveys.csv", "--config", "wrong_value.toml"], 2, "3 is not a list of names"),
        (["csat", "--data", "surveys.csv", "--config", "wrong_value.toml"], 2, "unknown option 'period'"),
        (["funnel", "--data", "surveys.csv", "--window", "99999999999d"], 2, "is too long"),
        (["sql", "drop table surveys", "--data", "surveys.csv"], 2, "one select"),
        (["sql", "select 1; select 2", "--data", "surveys.csv"], 2, "one select"),
        (["sql", "select nothing", "--data", "surveys.csv"], 2, "nothing"),
        (["sql", "select 1 from replies", "--data", "surveys.csv"], 2, "the tables are tickets"),
        (["load", "missing.csv"], 3, "there is no such file"),
        (["load", "surveys.csv", "--as", "survey"], 2, "surveys"),
        (["load", "surveys.csv", "--as", "tickets"], 3, "ticket_id"),
        (["load", "surveys.csv", "--db", "no/folder/x.duckdb"], 3, "no/folder"),
    ],
)
def test_bad_input_has_a_clear_message_and_changes_nothing(
    words: list[str],
    code: int,
    message: str,
    surveys: Path,
    tmp_path: Path,
    supportkit: Call,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("empty").mkdir()
    Path("other.csv").write_text("a,b\n1,2\n")
    Path("wrong_key.toml").write_text("[data]\ntime_zome = 'UTC'\n")
    Path("wrong_toml.toml").write_text("[data\n")
    Path("wrong_zone.toml").write_text("[data]\ntime_zone = 'Mars/Olympus'\n")
    Path("wrong_metric.toml").write_text("[metrics.npss]\nover = 'week'\n")
    Path("wrong_table.toml").write_text("[columns.tickts]\nticket_id = 'No'\n")
    Path("wrong_column.toml").write_text("[columns.tickets]\ntiket_id = 'No'\n")
    Path("wrong_option.toml").write_text("[metrics.nps]\novr = 'week'\n")
    Path("wrong_value.toml").write_text(
        "[metrics.nps]\nover = 'decade'\n[metrics.ltv]\ngap = 'abc'\n[metrics.ces]\nby = 3\n"
        "[metrics.funnel]\nsteps = 3\n[metrics.csat]\nperiod = '2026'\n"
    )
    Path("loop.csv").symlink_to("loop.csv")
    Path("loop.duckdb").symlink_to("loop.duckdb")
    before = sorted(path.name for path in tmp_path.rglob("*"))
    got, out, err = supportkit(*words)
    assert got == code, err
    assert out == ""
    assert message in err
    assert "Traceback" not in err
    assert sorted(path.name for path in tmp_path.rglob("*")) == before


def test_a_store_of_another_program_is_named_as_such(tmp_path: Path, supportkit: Call) -> None:
    import duckdb

    duckdb.connect(str(tmp_path / "other.duckdb")).execute("create table t (a int)").close()
    with sqlite3.connect(tmp_path / "lite.duckdb") as lite:
        lite.execute("create table t (a int)")
    lite.close()
    (tmp_path / "text.duckdb").write_text("hello")
    for name in ("other", "lite", "text"):
        code, out, err = supportkit("nps", "--db", tmp_path / f"{name}.duckdb")
        assert (code, out) == (3, "")
        assert f"{name}.duckdb" in err
        assert "Traceback" not in err


def test_output_takes_its_format_from_the_suffix_and_is_whole(surveys: Path, tmp_path: Path, supportkit: Call) -> None:
    for suffix, start in ((".json", "{"), (".csv", "nps,"), (".md", "## "), (".html", "<!doctype html>")):
        file = tmp_path / f"out{suffix}"
        assert supportkit("nps", "--data", surveys, "--output", file) == (0, "", "")
        assert file.read_text(encoding="utf-8").startswith(start)
    code, _, err = supportkit("nps", "--data", surveys, "--output", tmp_path / "gone" / "x.csv")
    assert code == 3
    assert "cannot be written" in err


def test_the_configuration_is_found_above_and_the_flag_wins(
    surveys: Path, tmp_path: Path, supportkit: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "supportkit.toml").write_text("[metrics.nps]\nby = 'country'\n")
    (tmp_path / "deep").mkdir()
    monkeypatch.chdir(tmp_path / "deep")
    assert supportkit("nps", "--data", surveys, "-f", "csv")[1].startswith("country,nps")
    assert supportkit("nps", "--data", surveys, "-f", "csv", "--by", "agent")[1].startswith("agent,nps")


def test_files_given_for_one_run_win_over_the_store_of_the_environment(
    surveys: Path, tmp_path: Path, supportkit: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SUPPORTKIT_DB", str(tmp_path / "there-is-none.duckdb"))
    assert supportkit("nps", "--data", surveys)[0] == 0
    code, _, err = supportkit("nps")
    assert (code, "there-is-none.duckdb" in err) == (3, True)


def test_a_column_whose_name_has_spaces_can_be_a_condition(tmp_path: Path, supportkit: Call) -> None:
    path = tmp_path / "tickets.csv"
    path.write_text("ticket_id,created_at,Plan Type\n1,2026-01-01,Pro and more\n2,2026-01-02,Basic\n", encoding="utf-8")
    where = "Plan Type='Pro and more' and created_at<2026-01-02"
    _, out, err = supportkit("contacts", "--data", path, "--where", where, "-f", "json")
    assert json.loads(out)["facts"]["contacts"] == 1, err


def test_the_total_by_tags_counts_a_ticket_once_and_a_note_says_that_rows_do_not(
    tmp_path: Path, supportkit: Call
) -> None:
    path = tmp_path / "tickets.csv"
    lines = ["ticket_id,created_at,closed_at,tags,is_complaint"]
    lines += ['1,2026-01-01,2026-01-02,"vip,gift",true', "2,2026-01-02,2026-01-03,vip,true", "3,2026-01-03,,,false"]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    expected = {"service": ("tickets", 3), "contacts": ("contacts", 3), "causes": ("tickets", 2)}
    for metric, (fact, total) in expected.items():
        found = json.loads(supportkit(metric, "--data", path, "--by", "tags", "-f", "json")[1])
        assert found["facts"][fact] == total, metric
        assert any("the rows may exceed the total" in note for note in found["notes"]), metric


def test_as_of_leaves_out_what_came_later(surveys: Path, supportkit: Call) -> None:
    shown = json.loads(supportkit("nps", "--data", surveys, "--as-of", "2026-11-02", "-f", "json")[1])
    assert shown["facts"]["answers"] == 1
    assert any("--as-of" in note for note in shown["notes"])


def test_init_writes_a_file_that_holds_and_never_overwrites(
    tmp_path: Path, supportkit: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    from supportkit.config import read_config

    monkeypatch.chdir(tmp_path)
    assert supportkit("init")[0] == 0
    read_config(tmp_path / "supportkit.toml")
    assert supportkit("init")[0] == 2


def test_metrics_sql_prints_the_query(supportkit: Call) -> None:
    code, out, _ = supportkit("metrics", "nps", "--sql")
    assert code == 0
    assert "from surveys" in out


def test_every_metric_has_a_query_to_print(supportkit: Call) -> None:
    _, out, _ = supportkit("metrics", "--sql")
    assert [name for name in METRICS if f"-- {name}: " not in out] == []


STATEMENT = re.compile(r"-- (\S+): ([^\n]*)\n(.*?);\n(?=-- |$)", re.DOTALL)


def test_the_queries_of_a_metric_run_as_they_are_printed_and_give_its_figure(samples: Path, supportkit: Call) -> None:
    data = ("--data", samples / "surveys.csv")
    cut = ("--period", "2026-Q3", "--where", "country=DE")
    code, out, _ = supportkit("metrics", "nps", "--sql", *data, *cut)
    assert code == 0
    answers = json.loads(supportkit("sql", STATEMENT.findall(out)[0][2], *data, "-f", "json")[1])["rows"]
    figure = json.loads(supportkit("nps", *data, *cut, "-f", "json")[1])["facts"]
    counts = [(row["whole_score"], int(row["answers"])) for row in answers if row["whole_score"] is not None]
    assert sum(n for _, n in counts) == figure["answers"] > 30
    assert sum(n for score, n in counts if score >= 9) == figure["promoters"]


def test_every_printed_query_is_one_select_that_the_sandbox_answers(
    stored_with_topics: Words, supportkit: Call
) -> None:
    code, out, _ = supportkit("metrics", "--sql", *stored_with_topics)
    assert code == 0
    found = STATEMENT.findall(out)
    assert {name for name, _, _ in found} == set(METRICS)
    assert "$" not in re.sub(r"'(?:[^']|'')*'", "", out)
    refused = set()
    with open_store(stored_with_topics[1]) as store:
        for name, label, query in found:
            try:
                catalogue.query_rows(store, query)  # what `supportkit sql` prints
            except UsageError:
                refused.add((name, label))
    assert refused == {(name, label) for name, label, _ in found if "made for one run" in label}


def test_a_metric_that_cannot_run_says_so_among_the_queries(surveys: Path, supportkit: Call) -> None:
    code, out, _ = supportkit("metrics", "--sql", "--data", surveys)
    assert (code, "-- funnel: " in out, "-- nps: SQL" in out) == (0, True, True)
    code, out, err = supportkit("metrics", "funnel", "--sql", "--data", surveys)
    assert (code, out, "no events" in err) == (3, "", True)


def test_a_bug_shows_its_traceback_and_is_exit_code_70(
    surveys: Path, supportkit: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*args: object, **options: object) -> None:
        raise ZeroDivisionError("planted")

    monkeypatch.setattr("supportkit.commands.metric.compute", broken)
    code, out, err = supportkit("nps", "--data", surveys)
    assert (code, out) == (70, "")
    assert "Traceback" in err
    assert "planted" in err


@pytest.mark.parametrize(
    ("redirected", "code", "said"),
    [
        ("| true", 0, ""),
        ("| head -n 1", 0, ""),
        (">/dev/full", 3, "error: stdout: cannot be written"),
        (">&-", 3, "error: stdout: cannot be written"),
        ("2>&- >/dev/null", 0, ""),
        ("<&- >&- 2>&-", 3, ""),
    ],
)
def test_a_stream_that_is_left_full_or_closed_is_no_bug(redirected: str, code: int, said: str, surveys: Path) -> None:
    source = str(Path(__file__).parent.parent / "src")
    command = f"{sys.executable} -m supportkit nps --data {surveys} --by country -f csv {redirected}"
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", command],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": source},
        check=False,
    )
    assert done.returncode == code
    assert done.stderr.startswith(said)
    assert bool(done.stderr) == bool(said)
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_the_list_of_commands_says_what_each_command_says(command: Command, supportkit: Call) -> None:
    code, out, _ = supportkit(command.name, "--help")
    assert code == 0
    assert f"Usage: supportkit {command.name}" in out
    assert command.help.split()[0] in out
    assert command.name in supportkit("--help")[1]


def test_completion_knows_every_command_and_its_options(supportkit: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("_SUPPORTKIT_COMPLETE", "complete_bash")
    monkeypatch.setenv("COMP_WORDS", "supportkit nps --b")
    monkeypatch.setenv("COMP_CWORD", "2")
    assert "--by" in supportkit()[1]


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        ("supportkit service --by ch", ["channel"]),
        ("supportkit nps --by country,ag", ["country,agent"]),
        ("supportkit service --by hand", ["handovers"]),
        ("supportkit csat --by topi", ["topic"]),
        ("supportkit service --where comp", ["complexity="]),
        ("supportkit nps --where amou", ["amount="]),
        ("supportkit service --sort sla_m", ["sla_met"]),
        ("supportkit funnel --columns users,drop_s", ["users,drop_share"]),
        ("supportkit why f", ["funnel"]),
        ("supportkit why n", []),
        ("supportkit metrics service-", ["service-value"]),
        ("supportkit load x.csv --source zen", ["zendesk"]),
        ("supportkit report --audience d", ["director"]),
        ("supportkit nps --lang r", ["ru"]),
    ],
)
def test_what_is_begun_is_completed(
    words: str, offered: list[str], supportkit: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("_SUPPORTKIT_COMPLETE", "complete_bash")
    monkeypatch.setenv("COMP_WORDS", words)
    monkeypatch.setenv("COMP_CWORD", str(len(words.split()) - 1))
    assert supportkit()[1].split() == offered


def test_a_load_without_a_row_is_exit_code_3(tmp_path: Path, supportkit: Call) -> None:
    (tmp_path / "surveys.csv").write_text("\n", encoding="utf-8")
    code, out, err = supportkit("load", tmp_path / "surveys.csv", "--db", tmp_path / "x.duckdb")
    assert (code, out) == (3, "")
    assert "no row to load" in err


@pytest.mark.parametrize("limit", ["", "resource.setrlimit(resource.RLIMIT_AS, (1 << 43, 1 << 43)); "])
@pytest.mark.parametrize(("debug", "expected"), [("", ""), ("1", "the end is seen")])
def test_a_run_that_is_debugged_ends_as_python_does(debug: str, expected: str, limit: str) -> None:
    # the usual end skips what waits for the interpreter's; a debugger's own does not, under a limit of memory neither
    program = f"import atexit, resource, sys; {limit}\n"
    program += "atexit.register(print, 'the end is seen'); sys.argv = ['supportkit', '--version']\n"
    program += "from supportkit.cli import main; main()"
    source = str(Path(__file__).parent.parent / "src")
    environment = {**os.environ, "PYTHONPATH": source, "SUPPORTKIT_DEBUG": debug}
    done = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[1:] == ([expected] if expected else [])

"""A store that somebody sends: nothing in it is run, nothing but our tables is read or touched."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from supportkit.cli import COMMANDS, run
from supportkit.errors import DataError
from supportkit.metrics import METRICS
from supportkit.store import memory_store, open_store
from supportkit.store.migrations import OURS
from supportkit.store.opening import connect
from supportkit.store.schema import TABLES
from supportkit.store.shadow_copy import rewriting
from tests.conftest import SAMPLES, Call

CONFIG = SAMPLES / "supportkit.toml"
RULES = """[[check]]
expect = "nps >= 0"

[[check]]
expect = "service.first_reply_p90_s <= 2h by channel"

[[check.sql]]
name = "every ticket has a time"
query = "select ticket_id from tickets where created_at is null"
"""


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the first rows of every sample."""
    folder = tmp_path_factory.mktemp("small")
    for file in sorted(SAMPLES.glob("*.csv")):
        lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
        (folder / file.name).write_text("".join(lines[:300]), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def clean(small: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store as we make it, with topics and an issue."""
    db = tmp_path_factory.mktemp("clean") / "shop.duckdb"
    assert run(["load", str(small), "--db", str(db), "-q"]) == 0
    assert run(["topics", "refresh", "--db", str(db)]) == 0
    assert run(["issues", "add", "No SMS", "--terms", "sms code", "--db", str(db)]) == 0
    Path(f"{db}.prev").unlink()
    return db


@pytest.fixture
def sent(clean: Path, tmp_path: Path) -> Iterator[Path]:
    """A copy of the store to be tampered with, in a folder with a secret."""
    folder = tmp_path / "sent"
    folder.mkdir()
    (folder / "secret.txt").write_text("hunter2", encoding="utf-8")
    shutil.copyfile(clean, folder / "shop.duckdb")
    yield folder / "shop.duckdb"
    beside = ("shop.duckdb.prev", "shop.duckdb.checks.json")  # the store before a load, what checks remember
    assert sorted(one.name for one in folder.iterdir() if one.name not in beside) == [
        "secret.txt",
        "shop.duckdb",
    ]


def tamper(db: Path, *statements: str) -> None:
    """Run the sender's statements on a store; FOLDER in them is the store's."""
    with duckdb.connect(str(db)) as con:
        con.execute("set TimeZone = 'UTC'")
        for statement in statements:
            con.execute(statement.replace("FOLDER", str(db.parent)))


WORDS = {
    "sql": ["select count(*) as n, max(subject) as s from tickets"],
    "check": ["--config", "RULES", "--as-of", "2026-11-08"],
    "report": ["--config", str(CONFIG), "--as-of", "2026-11-08"],
    "brief": ["--config", str(CONFIG), "--as-of", "2026-11-08"],
    "issues": ["list"],
    "why": ["csat", "--after", "2026-W45"],
    "evidence": ["csat", "--after", "2026-W45"],
    "affected": ["--config", str(CONFIG), "--step", "payment", "--after", "2026-W45", "--slice", "country=DE"],
    "export": ["--parquet", "FOLDER/parquet-STORE"],
    "forget": ["nobody@example.com", "--dry-run"],
    "users": ["--config", str(CONFIG)],
    "customer": ["adam.b118@example.com"],
    **{name: ["--config", str(CONFIG)] for name in METRICS},
}
"""What the commands that read are asked for; a new one is asked for nothing, until it is here."""
NOT_OF_A_STORE = {"schedule", "demo", "init", "sources", "metrics", "mcp"}
CHANGING = {"load", "undo"}


def reading(db: Path, folder: Path) -> list[list[str]]:
    """Every command that reads a store, and the rows behind every metric that has them."""
    rules = folder / "rules.toml"
    rules.write_text(RULES, encoding="utf-8")
    names = [*(command.name for command in COMMANDS), *METRICS]
    given = {name: WORDS.get(name, []) for name in names if name not in NOT_OF_A_STORE | CHANGING}
    places = {"FOLDER": str(folder), "RULES": str(rules), "STORE": db.parent.name}
    words = [[name, *(_with(places, word) for word in many)] for name, many in given.items()]
    words.append(["quality-score", "--config", str(CONFIG), "--form", str(_form(folder))])
    words += [[*one, "--rows", "all"] for one in words if one[0] in METRICS and METRICS[one[0]].offers("cases")]
    return [[*one, "--db", str(db), "--format", "json"] for one in words]


def _form(folder: Path) -> Path:
    """A form of `quality-sample` as somebody may send it, with a conversation that there is not."""
    form = folder / "form.csv"
    form.write_text("source,ticket_id,solved,correct,clear,polite,reader,seal\nsupportkit,T1,1,1,1,1,Kim,x\n", "utf-8")
    return form


def _with(places: dict[str, str], word: str) -> str:
    for name, place in places.items():
        word = word.replace(name, place)
    return word


def writing(db: Path, small: Path) -> list[list[str]]:
    """Every command that changes a store."""
    words = [
        ["load", str(small / "orders.csv")],
        ["forget", "nobody@example.com"],
        ["topics", "refresh"],
        ["issues", "add", "No mail", "--terms", "no mail"],
        ["issues", "close", "1"],
    ]
    return [[*one, "--db", str(db)] for one in words]


COLUMNS = "(select * replace ((select content from read_text('FOLDER/secret.txt')) as {text}) from real_{name})"
TEXTS = {"tickets": "subject", "messages": "text", "orders": "product", "surveys": "comment", "events": "step"}
VIEWS = {
    f"a view named {name}": (
        f"create table real_{name} as from {name}",
        f"drop table {name}",
        f"create view {name} as {COLUMNS.format(name=name, text=text)}",
    )
    for name, text in TEXTS.items()
}
OTHERS = {
    f"a view named {name}": (
        f"create table real_{name} as from {name}",
        f"drop table {name}",
        f"create view {name.upper()} as from real_{name}",
    )
    for name in OURS
    if name not in TABLES
}
CHANGED = {
    "a default that counts up": ("create sequence s", "alter table tickets alter subject set default nextval('s')"),
    "a generated column": (
        "create table other as select * exclude (subject) from tickets",
        "drop table tickets",
        "create table tickets (ticket_id varchar, subject varchar generated always as ('hunter' || 2))",
    ),
    "a check": (
        "create macro twice(x) as x * 2",
        "create table other as from loads",
        "drop table loads",
        "create table loads (load_id bigint, file varchar, table_name varchar, source varchar, sha256 varchar, read "
        "bigint, loaded bigint, updated bigint, unchanged bigint, rejected bigint, loaded_at timestamptz, "
        "check (twice(read) >= 0))",
    ),
    "an index": ("create unique index one on orders (order_id)",),
    "a column of another type": ("alter table orders alter amount type varchar",),
    "a column more": ("alter table surveys add column more varchar",),
    "a column less": ("alter table surveys drop column comment",),
    "a column of another name": ('alter table events rename step to "step VARCHAR, more"',),
    "a table less": ("drop table rejects",),
    "no version": ("delete from meta where name = 'schema_version'",),
    "no number for a version": ("update meta set value = 'x; drop' where name = 'schema_version'",),
    "a version that is too long": (f"update meta set value = '{'9' * 5000}' where name = 'schema_version'",),
}
REFUSED = VIEWS | OTHERS | CHANGED


def test_every_command_is_asked_for_what_it_does(sent: Path, small: Path, tmp_path: Path) -> None:
    """One that is added to the list is in these tests by itself, and has its words in WORDS where it needs any."""
    asked = {words[0] for words in reading(sent, tmp_path) + writing(sent, small)} | NOT_OF_A_STORE | {"undo"}
    assert asked == {*(command.name for command in COMMANDS), *METRICS}


def test_a_view_in_the_place_of_a_table_is_refused_by_every_command(
    sent: Path, small: Path, tmp_path: Path, supportkit: Call
) -> None:
    tamper(sent, *VIEWS["a view named tickets"])
    before = sent.read_bytes()
    for words in reading(sent, tmp_path) + writing(sent, small):
        code, out, err = supportkit(*words)
        assert code != 2, ("its words belong into WORDS", words, err)
        assert (code, words[0] == "check" or not out) == (3, True), (words, err)  # its rules have no verdict
        assert "refused, and nothing of it was run: its tickets is a view" in err, words
        assert "hunter" not in err + out
    assert sent.read_bytes() == before
    assert not list(tmp_path.glob("parquet*"))


@pytest.mark.parametrize("statements", REFUSED.values(), ids=REFUSED)
def test_a_store_whose_names_are_not_our_tables_is_refused(
    statements: tuple[str, ...], sent: Path, small: Path, supportkit: Call
) -> None:
    tamper(sent, *statements)
    before = sent.read_bytes()
    for words in (["sql", "select 1"], ["load", small / "orders.csv"]):
        code, out, err = supportkit(*words, "--db", sent)
        assert (code, out, "refused" in err, "Traceback" in err) == (3, "", True, False), err
    assert sent.read_bytes() == before


@pytest.mark.parametrize(("table", "code"), [("loads", 3), ("theirs", 0)])
def test_no_change_is_made_to_a_store_with_a_trigger_on_a_table_of_ours(
    table: str, code: int, sent: Path, small: Path, supportkit: Call
) -> None:
    newer = sent.with_name("newer.duckdb")
    with duckdb.connect() as con:  # triggers need a file in DuckDB's newest form
        con.execute(f"attach '{sent}' as old; attach '{newer}' as new (storage_version 'v2.0.0')")
        con.execute("copy from database old to new; use new; create table theirs (n int); create table log (n int)")
        con.execute(f"create trigger tr after insert on {table} for each statement insert into log values (1)")
    shutil.move(newer, sent)
    assert supportkit("sql", "select 1", "--db", sent)[0] == 0  # nothing fires it
    assert supportkit("load", small / "orders.csv", "--db", sent)[0] == code
    with duckdb.connect(str(sent), read_only=True) as con:
        assert con.execute("select count(*) from log").fetchone() == (0,)


def test_undo_does_not_bring_back_a_store_that_is_refused(sent: Path, small: Path, supportkit: Call) -> None:
    tamper(sent, *VIEWS["a view named orders"])
    shutil.move(sent, f"{sent}.prev")
    assert supportkit("load", small / "orders.csv", "--db", sent)[0] == 0
    tampered = f"{sent}.tampered"
    shutil.copyfile(sent, tampered)
    tamper(Path(tampered), *VIEWS["a view named orders"])
    shutil.move(tampered, f"{sent}.prev")
    code, _, err = supportkit("undo", "--db", sent)
    assert (code, "its orders is a view" in err) == (3, True)
    Path(f"{sent}.prev").unlink()


def test_undo_gets_rid_of_a_store_that_is_refused(sent: Path, small: Path, supportkit: Call) -> None:
    assert supportkit("issues", "close", "1", "--db", sent)[0] == 0
    tamper(sent, *VIEWS["a view named orders"])
    assert supportkit("undo", "--db", sent)[0] == 0
    assert supportkit("sql", "select count(*) from orders", "--db", sent)[0] == 0


ODD = "zz set x='1'; copy (select 'pwned') to 'FOLDER/PWNED.txt' (header false); update main.zz"
HARMLESS = (
    f'create table "{ODD}" (who varchar, note varchar)',
    f"insert into \"{ODD}\" values ('nobody@example.com', 'kept')",
    "create schema temp",
    "create schema system",
    "create schema shop",
    "create schema odd",
    "create table shop.shop.tickets (ticket_id int)",
    "create table odd.\"x y\" (a varchar default ('nobody@example.com'), b varchar generated always as (a || a))",
    "insert into odd.\"x y\" (a) values ('nobody@example.com')",
    "create view bi.secret as select * from read_text('FOLDER/secret.txt')",
    "create view main.gone_person as select * from read_text('FOLDER/secret.txt')",
    "create view main.known_assignment as select * from read_text('FOLDER/secret.txt')",
    "create view main.load_stage as select * from read_text('FOLDER/secret.txt')",
    "create view main.duckdb_tables as select 1 as one",
    "create macro euros(x) as x * 2",
)


def shadowing() -> list[str]:
    """Macros and types named as every function and type of DuckDB; what it will not have made is left out."""
    with duckdb.connect() as con:
        found = con.execute(
            "select distinct function_name, function_type from duckdb_functions() "
            "where function_type in ('scalar', 'aggregate', 'macro', 'table', 'table_macro') order by all"
        ).fetchall()
        types = con.execute("select distinct type_name from duckdb_types() order by all").fetchall()
        made, known = [], set()
        for name, kind in found:
            body = "table select 'PWNED' as pwned" if "table" in kind else "'PWNED'"
            quoted = name.replace('"', '""')
            for parameters in ("", "a", "a, b", "a, b, c") if (name, kind) not in known else ():
                made.append(f'create or replace macro "{quoted}"({parameters}) as {body}')
            known.add((name, kind))
        made += [f"create type \"{name}\" as enum ('PWNED')" for (name,) in types]
        possible = []
        for statement in made:
            try:
                con.execute(statement)
            except duckdb.Error:
                continue
            possible.append(statement)
    return possible


def test_what_others_keep_in_a_store_changes_no_figure_and_is_not_touched(
    clean: Path, sent: Path, small: Path, tmp_path: Path, supportkit: Call
) -> None:
    tamper(sent, *HARMLESS, *shadowing())
    pristine = tmp_path / "shop.duckdb"
    shutil.copyfile(clean, pristine)
    for words, same in zip(reading(pristine, tmp_path), reading(sent, tmp_path), strict=True):
        code, out, err = supportkit(*words)
        out = out.replace(f"parquet-{pristine.parent.name}", f"parquet-{sent.parent.name}")
        out, err = (told.replace(str(pristine), str(sent)) for told in (out, err))
        assert supportkit(*same) == (code, out, err), words
        assert code in (0, 1, 3), (words, err)
    before = others(sent)
    for words, same in zip(writing(pristine, small), writing(sent, small), strict=True):
        assert supportkit(*words)[0] == supportkit(*same)[0] == 0, words
        assert others(sent) == before, words
    with open_store(pristine) as one, open_store(sent) as other:
        for table in OURS:
            columns = "* exclude (loaded_at)" if table in (*TABLES, "loads", "arrivals") else "*"
            query = f"select {columns} from main.{table} order by all"
            if table not in ("issue", "rejects"):
                assert one.rows(query) == other.rows(query), table


def others(db: Path) -> list[tuple[object, ...]]:
    """What lies in a store beside our tables, with the rows of the odd ones."""
    with duckdb.connect(str(db), read_only=True) as con:
        query = """
            select database_name from system.main.duckdb_databases() where not internal
        """
        name = con.execute(query).fetchall()[0][0]
        con.execute(f"set search_path = 'system.main,{name}.main'")
        found = con.execute(
            "select schema_name, view_name, sql from duckdb_views() where not internal union all "
            "select schema_name, function_name, macro_definition from duckdb_functions() where not internal union all "
            "select schema_name, table_name, sql from duckdb_tables() where table_name not in (from unnest($ours)) "
            "union all select schema_name, type_name, array_to_string(labels, ',') from duckdb_types() "
            "where not internal order by all",
            {"ours": list(OURS)},
        ).fetchall()
        rows = con.execute(f'select * from {name}.main."{ODD.replace("FOLDER", str(db.parent))}"').fetchall()
        return found + rows + con.execute(f'select * from {name}.odd."x y"').fetchall()


@pytest.mark.parametrize(
    "query",
    [
        "select * from bi.secret",
        "from read_text('FOLDER/secret.txt')",
        "from read_text('/proc/self/environ')",
        "select * from read_blob('FOLDER/*')",
        "copy tickets to 'FOLDER/out.csv'",
        "attach 'FOLDER/other.duckdb'",
        "attach ':memory:' as other",
        "set enable_external_access = true",
        "set lock_configuration = false",
        "set threads = 1",
        "load httpfs",
        "install httpfs",
    ],
)
def test_no_connection_that_reads_or_writes_a_store_reaches_another_file(query: str, sent: Path) -> None:
    tamper(sent, "create view bi.secret as select * from read_text('FOLDER/secret.txt')")
    asked = query.replace("FOLDER", str(sent.parent))
    with open_store(sent) as store, pytest.raises(duckdb.Error):
        store.connection.execute(asked)
    if not query.startswith("attach ':memory:'"):
        with pytest.raises(duckdb.Error), rewriting(sent) as writer:
            writer.connection.execute(asked)


def test_a_table_of_the_sender_that_calls_a_macro_is_told_where_the_store_is_written_anew(
    sent: Path, supportkit: Call
) -> None:
    tamper(sent, "create macro twice(x) as x * 2", "create table w (a int, check (twice(a) > 1))")
    before = sent.read_bytes()
    code, _, err = supportkit("forget", "nobody@example.com", "--db", sent)
    assert (code, "what others keep in it" in err, "Traceback" in err) == (3, True, False)
    assert sent.read_bytes() == before


@pytest.mark.parametrize("blob", ["'x'::blob", "'PK'::blob", "''::blob", "from_hex(left(hex(data), 200))"])
def test_topics_that_cannot_be_read_are_told(blob: str, sent: Path, supportkit: Call) -> None:
    tamper(sent, f"update topic_space set data = {blob}")
    code, _, err = supportkit("service", "--by", "topic", "--db", sent)
    assert (code, "topics that the store keeps cannot be read" in err, "Traceback" in err) == (3, True, False)


@pytest.mark.parametrize("command", ["load", "forget", "undo", "topics"])
def test_what_another_program_left_beside_the_store_is_told_before_a_change(
    command: str, sent: Path, small: Path, supportkit: Call
) -> None:
    assert supportkit("issues", "close", "1", "--db", sent)[0] == 0
    left = f"con = duckdb.connect({str(sent)!r}); con.execute('create table theirs (n int)'); os._exit(0)"
    subprocess.run([sys.executable, "-c", f"import duckdb, os; {left}"], check=True)
    log, before = Path(f"{sent}.wal"), sent.read_bytes()
    assert log.stat().st_size
    words = {"load": str(small / "orders.csv"), "forget": "a@b.de", "undo": "-q", "topics": "refresh"}[command]
    code, _, err = supportkit(command, words, "--db", sent)
    assert (code, "another program has left changes beside it" in err) == (3, True)
    assert supportkit("sql", "select n from theirs", "--db", sent)[0] == 0
    assert sent.read_bytes() == before
    log.unlink()


def test_a_persons_own_query_finds_the_views_for_other_tools_and_its_own_macros(sent: Path, supportkit: Call) -> None:
    tamper(sent, "create macro euros(x) as x * 2", 'create schema "my own"', 'create view "my own".v as select 7 as n')
    for query, answer in (
        ("select count(*) >= 0 as x from bi.tickets", True),
        ("select euros(2) as x", 4),
        ('select n as x from "my own".v', 7),
    ):
        code, out, _ = supportkit("sql", query, "--db", sent, "-f", "json")
        assert (code, json.loads(out)["rows"]) == (0, [{"x": answer}])


@pytest.mark.parametrize("name", ["main", "system", "temp", "tickets", "bi", "my shop", 'a"b', "a'b", "a,b", "a.b"])
def test_a_store_may_have_any_name(name: str, small: Path, tmp_path: Path, supportkit: Call) -> None:
    db = tmp_path / f"{name}.duckdb"
    assert supportkit("load", small / "surveys.csv", "--db", db)[0] == 0
    assert supportkit("nps", "--db", db)[0] == 0
    assert supportkit("sql", "select count(*) from surveys", "--db", db)[0] == 0


def test_a_store_in_memory_is_confined_once_it_is_filled(small: Path, tmp_path: Path, supportkit: Call) -> None:
    (tmp_path / "secret.txt").write_text("hunter2", encoding="utf-8")
    query = f"from read_text('{tmp_path}/secret.txt')"
    code, out, err = supportkit("sql", query, "--data", small)
    assert (code, "hunter2" in out + err) == (2, False)
    assert supportkit("export", "--data", small, "--parquet", tmp_path / "out")[0] == 0


def test_two_readers_of_one_process_share_a_store(clean: Path) -> None:
    with open_store(clean) as one, open_store(clean) as other:
        assert one.rows("select count(*) as n from tickets") == other.rows("select count(*) as n from tickets")


def test_every_table_of_a_new_store_is_as_the_check_wants_it(tmp_path: Path) -> None:
    with rewriting(tmp_path / "new.duckdb"):
        pass
    open_store(tmp_path / "new.duckdb").close()
    with memory_store() as store:
        made = {row[0] for row in store.rows("select table_name from duckdb_tables() where schema_name = 'main'")}
    assert made == set(OURS)


def test_a_file_that_lacks_the_ledger_is_another_programs(tmp_path: Path) -> None:
    with connect(tmp_path / "other.duckdb") as con:
        con.execute("create view tickets as select 1 as ticket_id")
    with pytest.raises(DataError, match="another program"):
        open_store(tmp_path / "other.duckdb")

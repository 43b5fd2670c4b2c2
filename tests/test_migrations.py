"""A store of an earlier release: read as it is, brought to today's shape by the next load, and taken back by undo."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import pytest

from supportkit.metrics import METRICS
from supportkit.store import open_store
from supportkit.store.migrations import OURS, UNKNOWN, columns_at
from supportkit.store.schema import OLDER, SCHEMA_VERSION, columns_of
from supportkit.store.shadow_copy import rewriting
from tests.conftest import SAMPLES, Call
from tests.fixtures.make_store_0_1_0 import LINES, MAPPED, STATES
from tests.old_stores import store_0_1_0

CONFIG = SAMPLES / "supportkit.toml"
READING = [
    *([name, "--config", str(CONFIG)] for name in METRICS),
    ["rejects"],
    ["tables"],
    ["issues", "list"],
    ["report", "--config", str(CONFIG), "--as-of", "2026-11-08"],
    ["check", "--config", str(CONFIG), "--as-of", "2026-11-08"],
    ["why", "csat", "--after", "2026-W45"],
    ["forget", "lena@example.com", "--dry-run"],
    ["sql", "select order_id, amount, status, status_as_written from orders where source = 'till' order by order_id"],
    ["sql", "select count(*) from order_lines"],
    ["sql", "select count(*) from bi.orders"],
]
MAP = [word for one in MAPPED for word in ("--map", one)]


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """A store of schema 1 with a view of its owner's."""
    db = store_0_1_0(tmp_path / "shop.duckdb")
    with duckdb.connect(str(db)) as con:
        con.execute("create view bi.lena as select order_id, amount from main.orders where source = 'till'")
    return db


def columns(db: Path) -> dict[str, set[str]]:
    """The tables of a file with their columns, as DuckDB tells them."""
    with duckdb.connect(str(db), read_only=True) as con:
        found = con.execute(
            "select table_name, column_name from duckdb_columns() where schema_name = 'main' and not internal"
        ).fetchall()
    tables: dict[str, set[str]] = {}
    for table, column in found:
        tables.setdefault(table, set()).add(column)
    return tables


def test_the_fixture_is_of_schema_1(old: Path) -> None:
    names = {table: {column.name for column in columns_at(table, 1)} for table in OURS}
    found = columns(old)
    assert found == {table: names[table] for table in found}
    assert "order_lines" not in found
    assert "status_as_written" not in found["orders"]
    assert set(OURS) - set(found) == {
        "order_lines", "lost_answers", "repeats", *OLDER, "topic", "topic_space", "topic_centre", "topic_assignment",
        "trouble", "topic_trouble",
    }  # fmt: skip


def test_an_old_store_says_the_same_through_views_and_migrated(old: Path, tmp_path: Path, supportkit: Call) -> None:
    before = old.read_bytes()
    read = [supportkit(*words, "--db", old, "--format", "json") for words in READING]
    assert old.read_bytes() == before  # reading writes nothing
    with rewriting(old):
        pass
    assert old.read_bytes() != before
    Path(f"{old}.checks.json").unlink()  # what `check` remembered, which the report would tell
    for words, (code, out, err) in zip(READING, read, strict=True):
        assert supportkit(*words, "--db", old, "--format", "json") == (code, out, err), words
        assert code in (0, 1, 3), (words, err)
    assert sum(code == 0 for code, _, _ in read) > 20


def test_the_next_load_brings_a_store_to_todays_schema(old: Path, tmp_path: Path, supportkit: Call) -> None:
    file = tmp_path / "new.csv"
    file.write_text("order_id,ordered_at,customer_id,amount\nN1,2026-11-07T10:00:00Z,n@example.com,3\n", "utf-8")
    before = old.read_bytes()
    assert supportkit("load", file, "--db", old)[0] == 0
    assert columns(old) == {table: {column.name for column in columns_of(table)} for table in OURS} | {
        view: columns(old)[view] for view in columns(old) if view not in OURS
    }
    with open_store(old) as store:
        assert store.rows("select value from main.meta where name = 'schema_version'") == [(str(SCHEMA_VERSION),)]
        # of old loads: nothing was told apart as older, and nobody wrote down how they were read
        assert store.rows("select distinct older, reading from main.loads where file <> 'new.csv'") == [(0, None)]
        (older, reading) = store.rows("select older, reading from main.loads order by load_id desc limit 1")[0]
        assert store.rows(
            "select count(*) from main.loads where read <> loaded + updated + unchanged + older + rejected"
        ) == [(0,)]
        # three lines of L1, 10.00 + 5.50 + 4.50, were folded: what they were is lost with them
        assert store.rows("select cast(amount as integer) from main.orders where order_id = 'L1'") == [(20,)]
        assert store.rows("select count(*) from main.order_lines") == [(0,)]
    assert older == 0
    assert json.loads(reading) == {
        "delimiter": ",", "encoding": "utf-8", "privacy": "mask", "source": "supportkit", "time_zone": "UTC",
        "instants": {"ordered_at": "time"},
        "gives": ["amount", "customer_id", "order_id", "ordered_at"],
    }  # fmt: skip
    with duckdb.connect(str(old), read_only=True) as con:
        assert (
            con.execute("select sum(amount) from bi.lena").fetchall()
            == con.execute("select sum(amount) from orders where source = 'till'").fetchall()
        )
    assert supportkit("undo", "--db", old)[0] == 0
    assert old.read_bytes() == before


def test_a_new_store_and_a_migrated_one_have_the_same_tables(old: Path, tmp_path: Path) -> None:
    new = tmp_path / "new.duckdb"
    for db in (old, new):
        with rewriting(db):
            pass
    made = "select table_name, sql from duckdb_tables() where schema_name = 'main' order by table_name"
    with open_store(old) as one, open_store(new) as other:
        assert [row[0] for row in one.rows(made)] == [row[0] for row in other.rows(made)] == sorted(OURS)
        for table in OURS:
            assert one.rows(f"describe main.{table}") == other.rows(f"describe main.{table}"), table


def test_what_was_read_before_is_told_until_it_is_loaded_again(old: Path, tmp_path: Path, supportkit: Call) -> None:
    (tmp_path / "lines.csv").write_text(LINES, encoding="utf-8")
    (tmp_path / "states.csv").write_text(STATES, encoding="utf-8")
    sentences = [
        "events read before 0.2 lack the order within one instant: load events.csv again",
        "messages read before 0.2 lack the names of who wrote: load messages.csv again",
        "orders read before 0.2 lack the states as written and the lines of an order: load lines.csv and orders.csv "
        "again",
        "tickets read before 0.2 lack the states as written: load states.csv and tickets.csv again",
    ]
    notes = json.loads(supportkit("tables", "--db", old, "-f", "json")[1])["notes"]
    assert notes[:-2] == sentences
    assert "unknown status: waiting on courier (1), zurückgestellt (1)" in notes[-2]
    assert len(UNKNOWN) == len(sentences)  # the answers of surveys lack nothing
    _, _, err = supportkit("load", tmp_path / "lines.csv", "--as", "orders", "--source", "till", *MAP, "--db", old)
    assert "load orders.csv again" in err
    assert "lines.csv again" not in err
    assert supportkit("load", tmp_path / "states.csv", "--db", old)[0] == 0
    notes = json.loads(supportkit("tables", "--db", old, "-f", "json")[1])["notes"]
    assert "unknown status: waiting on courier (1);" in notes[-2]  # what was put back is on hold
    assert notes[:-2] == [
        *sentences[:2],
        "orders read before 0.2 lack the states as written and the lines of an order: load orders.csv again",
        "tickets read before 0.2 lack the states as written: load tickets.csv again",
    ]


def test_the_states_of_old_orders_get_their_meaning_when_their_file_is_loaded_again(
    old: Path, tmp_path: Path, supportkit: Call
) -> None:
    (tmp_path / "lines.csv").write_text(LINES, encoding="utf-8")
    states = "select order_id, status, status_as_written from orders where source = 'till' order by order_id"
    with open_store(old) as store:
        assert store.rows(states) == [("L1", "abgeholt", None), ("L2", "completed", None)]
    _, _, err = supportkit("load", tmp_path / "lines.csv", "--as", "orders", "--source", "till", *MAP, "--db", old)
    assert "1 row loaded before: status abgeholt is sale from now on" in err
    with open_store(old) as store:
        assert store.rows(states) == [("L1", "sale", "abgeholt"), ("L2", "sale", "completed")]


def test_old_states_count_as_they_did_until_then(old: Path, supportkit: Call) -> None:
    with duckdb.connect(str(old)) as con:
        con.execute(
            "update orders set status = 'Cancelled' where order_id = 'L1'; delete from orders where source <> 'till'"
        )
    found = json.loads(supportkit("ltv", "--db", old, "-f", "json")[1])
    assert (found["facts"]["orders"], found["facts"]["revenue"]) == (1, 14)  # L2, two lines of 7.00
    assert "orders left out: 1 cancelled (20.00)" in found["notes"]


def test_a_file_that_changes_nothing_still_tells_how_it_was_read(tmp_path: Path, supportkit: Call) -> None:
    db, file = tmp_path / "shop.duckdb", tmp_path / "states.csv"
    file.write_text(STATES, encoding="utf-8")
    assert supportkit("load", file, "--db", db)[0] == 0
    with rewriting(db) as store:  # as after the migration of an old store
        store.connection.execute("update loads set reading = null")
    assert "states.csv again" in supportkit("tables", "--db", db)[1]
    assert "again" not in supportkit("load", file, "--db", db)[2]
    with open_store(db) as store:
        ((load_id, reading),) = store.rows("select load_id, reading from main.loads")
        assert (load_id, json.loads(reading)["encoding"]) == (1, "utf-8")
    before = db.read_bytes()
    assert supportkit("load", file, "--db", db)[0] == 0
    assert db.read_bytes() == before


def test_a_store_of_this_release_has_nothing_to_load_again(tmp_path: Path, samples: Path, supportkit: Call) -> None:
    db = tmp_path / "shop.duckdb"
    _, _, err = supportkit("load", samples / "surveys.csv", samples / "tickets.csv", "--db", db)
    assert "again" not in err
    assert "again" not in supportkit("tables", "--db", db)[1]


def test_who_was_erased_from_an_old_store_stays_erased(old: Path, tmp_path: Path, supportkit: Call) -> None:
    (tmp_path / "states.csv").write_text(STATES, encoding="utf-8")
    (tmp_path / "lines.csv").write_text(LINES, encoding="utf-8")
    assert supportkit("load", tmp_path / "states.csv", "--db", old)[0] == 0
    assert supportkit("load", tmp_path / "lines.csv", "--as", "orders", "--source", "other", *MAP, "--db", old)[0] == 0
    with open_store(old) as store:
        assert store.rows("select count(*) from main.tickets where ticket_id = 'S3'") == [(0,)]
        assert store.rows("select count(*) from main.orders where order_id = 'L3'") == [(0,)]
        assert store.rows("select count(*) from main.orders where source = 'other'") == [(2,)]


def test_forget_erases_from_an_old_store(old: Path, supportkit: Call) -> None:
    counted = json.loads(supportkit("forget", "lena@example.com", "--db", old, "--dry-run", "-f", "json")[1])
    erased = json.loads(supportkit("forget", "lena@example.com", "--db", old, "-f", "json")[1])
    assert counted["rows"] == erased["rows"]
    assert {row["table"]: row["rows"] for row in erased["rows"]}["orders"] == 1  # L1
    with open_store(old) as store:
        assert store.rows("select count(*) from main.orders where order_id = 'L1'") == [(0,)]


def test_a_table_of_its_owner_that_bears_a_name_of_ours_is_told_and_kept(old: Path, supportkit: Call) -> None:
    with duckdb.connect(str(old)) as con:
        con.execute("create table order_lines (theirs int)")
    before = old.read_bytes()
    code, _, err = supportkit("nps", "--db", old)
    assert (code, "its order_lines is not the table that supportkit makes" in err) == (3, True)
    assert old.read_bytes() == before


def test_an_old_store_is_exported_with_todays_columns(old: Path, tmp_path: Path, supportkit: Call) -> None:
    assert supportkit("export", "--parquet", tmp_path / "out", "--db", old)[0] == 0
    with duckdb.connect() as con:
        found = con.execute(f"describe from '{tmp_path}/out/orders.parquet'").fetchall()
    assert [row[0] for row in found] == [column.name for column in columns_of("orders")]

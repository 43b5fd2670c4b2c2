"""Workbooks, JSON, Parquet and SQLite go the way of a CSV file: the same table, masking, books and refusals."""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
import sqlite3
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from supportkit.errors import DataError
from supportkit.exports.reading.files import Limits, open_export
from tests.conftest import Call
from tests.written_formats import HEADER, WRITERS, tickets, write_xlsx

Asked = Callable[..., list[dict[str, Any]]]


@pytest.fixture
def loaded(tmp_path: Path, supportkit: Call) -> Asked:
    """Loads a file and gives the rows that a query finds then."""

    def run(file: Path, query: str, *words: str) -> list[dict[str, Any]]:
        db = tmp_path / f"{file.name}.duckdb"
        code, _, err = supportkit("load", file, "--db", db, *words)
        assert code == 0, err
        found = json.loads(supportkit("sql", query, "--db", db, "--format", "json")[1])
        rows: list[dict[str, Any]] = found["rows"]
        return rows

    return run


TABLE = (
    "select ticket_id, created_at, solved_at, customer_id, channel, status, priority, subject, category, cost, "
    "is_complaint, properties from tickets order by ticket_id"
)


def test_the_same_tickets_give_the_same_table_in_every_format(tmp_path: Path, loaded: Asked) -> None:
    rows = tickets(5_000)
    found = {}
    for form, write in WRITERS.items():
        write(tmp_path / f"t.{form}", rows)
        found[form] = loaded(tmp_path / f"t.{form}", TABLE)
    assert len(found["csv"]) == 5_000
    assert {form: table == found["csv"] for form, table in found.items()} == dict.fromkeys(WRITERS, True)
    assert found["xlsx"][1]["created_at"] == "2026-01-01T08:17:01Z"


def workbook(path: Path, sheets: dict[str, list[list[Any]]], **options: Any) -> Path:
    import xlsxwriter

    with xlsxwriter.Workbook(str(path), options) as book:
        dates = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for place, row in enumerate(rows):
                for column, value in enumerate(row):
                    if isinstance(value, datetime | timedelta):
                        sheet.write_datetime(place, column, value, dates)
                    else:
                        sheet.write(place, column, value)
    return path


ROWS: list[list[Any]] = [["ticket_id", "created_at"], ["a", "2026-01-01"], ["b", "2026-01-02"]]


def test_a_sheet_is_named_or_numbered_where_several_have_rows(tmp_path: Path, loaded: Asked, supportkit: Call) -> None:
    file = workbook(tmp_path / "t.xlsx", {"Notes": [["only a note"]], "Q1": ROWS, "Q2": [*ROWS, ["c", "2026-01-03"]]})
    code, _, err = supportkit("load", file, "--db", tmp_path / "s.duckdb")
    assert code == 3
    assert "t.xlsx: has rows in 2 sheets: Q1, Q2" in err
    assert "--sheet Q1" in err
    counted = "select count(*) as n from tickets"
    assert loaded(file, counted, "--sheet", "Q2") == [{"n": 3}]
    code, _, err = supportkit("load", file, "--db", tmp_path / "n.duckdb", "--sheet", "2")
    assert (code, "read 2 = loaded 2" in err) == (0, True)
    code, _, err = supportkit("load", file, "--db", tmp_path / "s.duckdb", "--sheet", "Q3")
    assert (code, "has no sheet 'Q3'" in err, "it has Notes, Q1, Q2" in err) == (3, True, True)


def test_titles_padding_and_a_header_of_merged_cells(tmp_path: Path, loaded: Asked) -> None:
    import xlsxwriter

    with xlsxwriter.Workbook(str(tmp_path / "t.xlsx")) as book:
        sheet = book.add_worksheet()
        sheet.merge_range(0, 0, 0, 4, "Tickets of January")
        sheet.merge_range(3, 0, 4, 0, "Ticket ID")
        sheet.merge_range(3, 1, 3, 2, "Customer")
        sheet.merge_range(3, 3, 3, 4, "Date")
        sheet.write_row(4, 1, ["E-mail", "Country", "created", "closed"])
        sheet.write_row(5, 0, ["a", "a@x.example", "DE", "2026-01-01 10:00", "2026-01-02 10:00"])
        sheet.write_row(6, 0, ["b", "b@x.example", "FR", "2026-01-03 10:00", ""])
    found = loaded(tmp_path / "t.xlsx", "select ticket_id, country, created_at, closed_at from tickets", "--guess")
    assert found == [
        {"ticket_id": "a", "country": "DE", "created_at": "2026-01-01T10:00:00Z", "closed_at": "2026-01-02T10:00:00Z"},
        {"ticket_id": "b", "country": "FR", "created_at": "2026-01-03T10:00:00Z", "closed_at": None},
    ]


@pytest.mark.parametrize("since_1904", [False, True])
def test_dates_of_1900_and_1904_are_the_same(tmp_path: Path, loaded: Asked, since_1904: bool) -> None:
    rows: list[list[Any]] = [HEADER[:2], ["a", datetime(2026, 2, 28, 13, 5, 9)], ["b", datetime(2026, 3, 1)]]
    file = workbook(tmp_path / "t.xlsx", {"T": rows}, date_1904=since_1904)
    assert [row["created_at"] for row in loaded(file, "select created_at from tickets order by 1")] == [
        "2026-02-28T13:05:09Z",
        "2026-03-01T00:00:00Z",
    ]


def test_stored_values_have_all_their_digits_and_rounded_ids_are_told(
    tmp_path: Path, loaded: Asked, supportkit: Call
) -> None:
    rows: list[list[Any]] = [
        ["ticket_id", "created_at", "cost", "rate"],
        [1234567890123456, "2026-01-01", 0.1, 2 / 3],
        [42, "2026-01-02", 12, 1e-7],
    ]
    file = workbook(tmp_path / "t.xlsx", {"T": rows})
    found = loaded(file, "select ticket_id, cost, properties ->> 'rate' as rate from tickets order by created_at")
    assert [row["ticket_id"] for row in found] == ["1234567890123456", "42"]
    assert [row["rate"] for row in found] == ["0.6666666666666666", "1e-07"]
    _, _, err = supportkit("load", file, "--db", tmp_path / "again.duckdb")
    assert "1 id in ticket_id is a number of more than 15 digits, which a spreadsheet rounds" in err


def test_nested_objects_have_dotted_names(tmp_path: Path, loaded: Asked) -> None:
    items = [
        {"ticket_id": 1, "created_at": "2026-01-01", "tags": ["late", "vip"], "via": {"from": {"city": "Kiel"}}},
        {"ticket_id": 12345678901234567890, "created_at": "2026-01-02", "cost": 1.10, "via": None, "open": True},
    ]
    (tmp_path / "t.json").write_text(json.dumps({"count": 2, "tickets": items}))
    query = (
        "select ticket_id, tags, cost, properties ->> 'via.from.city' as city, properties ->> 'open' as open "
        "from tickets order by created_at"
    )
    found = loaded(tmp_path / "t.json", query)
    assert found == [
        {"ticket_id": "1", "tags": '["late", "vip"]', "cost": None, "city": "Kiel", "open": None},
        {"ticket_id": "12345678901234567890", "tags": None, "cost": 1.1, "city": None, "open": "true"},
    ]
    (tmp_path / "deep.json").write_text(json.dumps({"ok": True, "data": {"page": 1, "tickets": items}}))
    assert loaded(tmp_path / "deep.json", query) == found
    (tmp_path / "t.ndjson.gz").write_bytes(gzip.compress("".join(f"{json.dumps(i)}\n" for i in items).encode()))
    assert loaded(tmp_path / "t.ndjson.gz", query) == found


def test_parquet_with_structures_and_zones(tmp_path: Path, loaded: Asked) -> None:
    import duckdb

    with duckdb.connect() as connection:
        connection.execute("set time zone 'Europe/Berlin'")
        connection.execute(
            "copy (select 'a' as ticket_id, timestamptz '2026-07-01 10:00:00+02' as created_at, "
            "{'email': 'a@x.example', 'plan': {'name': 'pro'}} as user, ['x', 'y'] as tags, "
            "1.50::decimal(9, 2) as cost) "
            f"to '{tmp_path}/t.parquet' (format parquet)"
        )
    query = "select created_at, cost, tags, properties ->> 'user.plan.name' as plan from tickets"
    assert loaded(tmp_path / "t.parquet", query) == [
        {"created_at": "2026-07-01T08:00:00Z", "cost": 1.5, "tags": '["x", "y"]', "plan": "pro"}
    ]


def database(path: Path, *statements: str) -> Path:
    with sqlite3.connect(path) as opened:
        for statement in statements:
            opened.execute(statement)
    opened.close()
    return path


def test_a_table_of_a_database_is_named_where_several_have_rows(
    tmp_path: Path, loaded: Asked, supportkit: Call
) -> None:
    file = database(
        tmp_path / "desk.db",
        "create table tickets (ticket_id integer primary key, created_at text)",
        "insert into tickets values (7, '2026-01-01'), (9007199254740993, '2026-01-02')",
        'create table "other ""one""" (a)',
    )
    assert loaded(file, "select ticket_id from tickets order by created_at") == [
        {"ticket_id": "7"},
        {"ticket_id": "9007199254740993"},
    ]
    database(file, 'insert into "other ""one""" values (1)')
    code, _, err = supportkit("load", file, "--db", tmp_path / "s.duckdb")
    assert (code, "has rows in 2 tables: other" in err) == (3, True)


def test_a_database_that_is_being_written_is_refused(tmp_path: Path, supportkit: Call) -> None:
    opened = sqlite3.connect(tmp_path / "desk.db")
    opened.execute("pragma journal_mode = wal")
    opened.execute("create table tickets (ticket_id, created_at)")
    opened.execute("insert into tickets values ('a', '2026-01-01')")
    opened.commit()
    code, _, err = supportkit("load", tmp_path / "desk.db", "--db", tmp_path / "s.duckdb")
    opened.close()
    assert (code, "desk.db: is being written" in err) == (3, True)


def test_what_is_refused_of_a_workbook_is_masked_and_in_the_books(tmp_path: Path, supportkit: Call) -> None:
    rows = [["ticket_id", "created_at", "subject"], ["a", "2026-01-01", "x"], ["b", "never", "write to b@x.example"]]
    file = workbook(tmp_path / "t.xlsx", {"T": rows})
    db = tmp_path / "s.duckdb"
    code, _, err = supportkit("load", file, "--db", db)
    assert (code, "read 2 = loaded 1 + updated 0 + unchanged 0 + older 0 + rejected 1" in err) == (0, True)
    (row,) = json.loads(supportkit("rejects", "--db", db, "--format", "json")[1])["rows"]
    assert (row["file"], row["line"], row["column_name"]) == ("t.xlsx", 3, "created_at")
    assert "b@x.example" not in row["raw"]
    assert supportkit("load", file, "--db", db)[2].count("read in this way before") == 1


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("t.json", b'[{"ticket_id": 1, "created_at"', "cannot be read as JSON"),
        ("t.json", b'{"a": ' * 100_000, "nested too deep"),
        ("t.json", b'{"tickets": [{"a": 1}], "users": [{"b": 2}]}', "has rows in 2 lists: tickets, users"),
        ("t.json", b'{"data": {"tickets": [{"a": 1}]}, "meta": [{"b": 2}]}', "2 lists: data.tickets, meta"),
        ("t.json", b'[{"a": 1}]\n[{"a": 2}]', "more than one piece of JSON, the second from line 2, column 1 on"),
        ("t.json", b"[[1, 2], [3, 4]]", "no list of objects"),
        ("t.ndjson", b'{}\n{"ticket_id"\n', "t.ndjson, line 2: cannot be read as JSON from column 13 on"),
        ("t.ndjson", b"{}\n[1, 2]\n", "line 2: is no object"),
        ("t.parquet", b"PAR1" + b"\0" * 100, "the Parquet file cannot be read"),
        ("t.db", b"SQLite format 3\0" + b"\0" * 2_000, "the SQLite database cannot be read"),
        ("t.xls", b"\xd0\xcf\x11\xe0" + b"\0" * 600, "an old Excel workbook, or one with a password"),
    ],
)
def test_a_damaged_file_is_refused_with_what_is_wrong(
    name: str, content: bytes, message: str, tmp_path: Path, supportkit: Call
) -> None:
    (tmp_path / name).write_bytes(content)
    code, out, err = supportkit("load", tmp_path / name, "--db", tmp_path / "s.duckdb")
    assert (code, out) == (3, "")
    assert message in err
    assert "Traceback" not in err


def test_a_damaged_line_of_json_is_one_reject(tmp_path: Path, supportkit: Call) -> None:
    good = [f'{{"ticket_id": {n}, "created_at": "2026-05-0{n}", "subject": "a\\nb"}}\n'.encode() for n in range(1, 7)]
    bad = [b'{"ticket_id": 7, "crea\n', b"\n", b"[7]\n", good[0].replace(b"a", b"\xff"), b'{"ticket_id": 8}\n']
    file, db = tmp_path / "t.ndjson", tmp_path / "s.duckdb"
    for begun in (0, 1):  # the first line may be the damaged one
        file.write_bytes(b"".join([*good[:begun], *bad[:1], *good[begun:], *bad[1:]]))
        code, _, err = supportkit("load", file, "--db", db)
        assert (code, "read 10 = loaded 6 + " in err or "unchanged 6" in err, "rejected 4" in err) == (0, True, True)
        code, out, _ = supportkit("rejects", "--db", db, "-f", "csv")
        assert [row["line"] for row in csv.DictReader(io.StringIO(out)) if row["file"]] == [
            str(begun + 1),
            "9",
            "10",
            "11",
        ]
        assert "is no object" in out
        assert "is no UTF-8 from byte" in out
        assert supportkit("load", file, "--db", db, "--strict")[0] == 3
        db.unlink()


@pytest.mark.parametrize("form", ["json", "ndjson"])
def test_packed_json_is_read(form: str, tmp_path: Path, supportkit: Call) -> None:
    rows = [{"ticket_id": n, "created_at": "2026-05-01", "subject": "late " * 300} for n in range(9)]
    text = json.dumps(rows) if form == "json" else "\n".join(map(json.dumps, rows))
    file = tmp_path / f"t.{form}.gz"
    file.write_bytes(gzip.compress(text.encode()))
    code, _, err = supportkit("load", file, "--db", tmp_path / "s.duckdb")
    assert (code, "read 9 = loaded 9" in err) == (0, True)


ONE = {"ticket_id": "T-1", "created_at": "2026-05-01", "subject": "Late"}
TWO = {"ticket_id": "T-2", "created_at": "2026-05-02", "subject": "Lost", "by": {"id": 4}}


@pytest.mark.parametrize(
    ("content", "keys"),
    [
        ({"cases": {"0": ONE, "1": TWO, "total_count": 9}}, [None, None]),  # they are counted
        ({"data": {"T-1": ONE, "T-2": TWO}, "meta": {"pages": 1}}, [None, None]),  # each says its id itself
        ({"90": ONE, "17": TWO}, ["90", "17"]),
        ({"tk_1": ONE, "tk_2": TWO}, ["tk_1", "tk_2"]),
        ({"cases": {"41": ONE}}, ["41"]),
    ],
)
def test_objects_under_their_ids_are_rows(
    content: dict[str, Any], keys: list[str | None], tmp_path: Path, supportkit: Call
) -> None:
    (tmp_path / "t.json").write_text(json.dumps(content))
    code, _, err = supportkit("load", tmp_path / "t.json", "--db", tmp_path / "s.duckdb")
    assert (code, f"t.json: tickets, read {len(keys)} = loaded {len(keys)}" in err) == (0, True)
    query = "select properties ->> 'key' as key from tickets order by ticket_id"
    found = json.loads(supportkit("sql", query, "--db", tmp_path / "s.duckdb", "--format", "json")[1])["rows"]
    assert [row["key"] for row in found] == keys


@pytest.mark.parametrize(
    "content",
    [
        {**ONE, "q1": {"a": 1, "b": 2}, "q2": {"a": 3, "b": 4}},  # one row, with cells beside
        {"ticket": ONE, "user": {"name": "Ann", "mail": "x", "age": 3}},
        {"day1": {"ticket_id": "T-1", "created_at": "2026-05-01"}, "note2": {"a": 1, "b": 2, "c": 3, "d": 4}},
    ],
)
def test_objects_of_several_kinds_are_no_rows(content: dict[str, Any], tmp_path: Path, supportkit: Call) -> None:
    (tmp_path / "t.json").write_text(json.dumps(content))
    _, out, err = supportkit("load", tmp_path / "t.json", "--db", tmp_path / "s.duckdb")
    assert re.search(r"ticket\.ticket_id|q1\.a|day1\.ticket_id|read 1 =", out + err)


def test_a_list_goes_before_objects_under_their_ids(tmp_path: Path, supportkit: Call) -> None:
    users = {"4": {"name": "Ann", "mail": "a"}, "7": {"name": "Bo", "mail": "b"}}
    (tmp_path / "t.json").write_text(json.dumps({"tickets": [ONE, TWO], "users": users}))
    code, _, err = supportkit("load", tmp_path / "t.json", "--db", tmp_path / "s.duckdb")
    assert (code, "tickets, read 2 = loaded 2" in err) == (0, True)
    _, out, _ = supportkit("load", tmp_path / "t.json", "--sheet", "users", "--db", tmp_path / "s.duckdb")
    assert re.search(r"key +numbers from 4 to 7", out)


@pytest.mark.parametrize(("text", "named", "other"), [
    ('{"tickets": %s, "users": [{"id": 1}]}', "tickets", "users"),
    ('{"data": {"tickets": %s}, "meta": [{"page": 1}]}', "data.tickets", "meta"),
    ('[%s, [{"id": 1}]]', "1", "2"),
])  # fmt: skip
def test_of_several_lists_in_json_the_one_that_is_named_is_read(
    text: str, named: str, other: str, tmp_path: Path, supportkit: Call
) -> None:
    rows = '[{"ticket_id": 1, "created_at": "2026-01-02"}, {"ticket_id": 2, "created_at": "2026-01-03"}]'
    (tmp_path / "t.json").write_text(text % rows)
    code, _, err = supportkit("load", tmp_path / "t.json", "--db", tmp_path / "s.duckdb")
    assert (code, f"lists: {named}, {other}" in err, f"say which: --sheet {named}" in err) == (3, True, True)
    assert "--guess" in err
    code, _, err = supportkit("load", tmp_path / "t.json", "--db", tmp_path / "s.duckdb", "--sheet", named)
    assert (code, "read 2 = loaded 2" in err) == (0, True)


def test_a_workbook_that_is_cut_short_or_swells_is_refused(tmp_path: Path) -> None:
    write_xlsx(tmp_path / "t.xlsx", tickets(50))
    whole = (tmp_path / "t.xlsx").read_bytes()
    (tmp_path / "cut.xlsx").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(DataError, match="damaged or cut short"), open_export(tmp_path / "cut.xlsx"):
        pass
    with (
        pytest.raises(DataError, match="unpacks to more than 1,000 bytes"),
        open_export(tmp_path / "t.xlsx", limits=Limits(unpacked=1_000)),
    ):
        pass


def test_text_that_begins_with_a_bracket_is_still_text(tmp_path: Path) -> None:
    for text in ("[id],name\n1,a\n2,b\n", "{a},b\n1,2\n3,4\n"):
        (tmp_path / "t.csv").write_text(text)
        with open_export(tmp_path / "t.csv") as export:
            assert (export.form, export.file.read()) == ("", text.encode())


def test_every_file_of_a_folder_is_loaded_or_left_out_by_name(tmp_path: Path, supportkit: Call) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    WRITERS["json"](folder / "t.json", tickets(3))
    WRITERS["xlsx"](folder / "u.xlsx", tickets(5))
    (folder / "photo.png").write_bytes(b"\x89PNG")
    (folder / "list.json").write_text("[[1, 2]]")
    (folder / ".hidden").write_text("x")
    (folder / "supportkit.toml").write_text("")
    code, _, err = supportkit("load", folder, "--db", folder / "s.db")
    assert code == 0, err
    assert "t.json: tickets, read 3" in err
    assert "u.xlsx: tickets, read 5" in err
    assert f"left out: {folder}/photo.png: is of no kind that is read" in err
    assert f"left out: {folder}/list.json: is JSON, and no list of objects" in err
    assert "hidden" not in err
    assert "s.db" not in supportkit("load", folder, "--db", folder / "s.db")[2]  # nor what lies beside the store
    code, _, err = supportkit("load", folder, "--strict", "--db", tmp_path / "strict.duckdb")
    assert (code, "--strict allows none" in err) == (3, True)


@pytest.mark.parametrize(("name", "around"), [("t.json", "[{}]"), ("t.ndjson", "{}\n{{}}")])
def test_a_key_that_an_object_has_twice_keeps_both_values(
    name: str, around: str, tmp_path: Path, loaded: Asked
) -> None:
    item = '{"ticket_id": 1, "created_at": "2026-01-01", "plan": "a", "plan": "b", "ticket_id": 1}'
    (tmp_path / name).write_text(around.format(item))
    found = loaded(tmp_path / name, "select ticket_id, properties from tickets")
    assert found == [{"ticket_id": "1", "properties": '{"plan":"a","plan_2":"b"}'}]


def test_the_sheet_of_a_source_is_said_once(tmp_path: Path, supportkit: Call) -> None:
    rows: list[list[Any]] = [HEADER[:2], ["a", "2026-01-01"]]
    workbook(tmp_path / "t.xlsx", {"Notes": [["x", "y"], ["1", "2"]], "Data": rows})
    (tmp_path / "t.csv").write_text("ticket_id,created_at\nb,2026-01-02\n")
    (tmp_path / "c.toml").write_text('[read.desk]\nsheet = "Data"\n')
    said = ["--source", "desk", "--as", "tickets", "--config", tmp_path / "c.toml", "--db", tmp_path / "s.duckdb"]
    for name in ("t.xlsx", "t.csv"):
        code, _, err = supportkit("load", tmp_path / name, *said)
        assert (code, "loaded 1" in err) == (0, True), err


def test_of_several_sheets_the_first_answer_has_what_each_may_be(tmp_path: Path, supportkit: Call) -> None:
    days = [f"2026-03-{10 + n % 18}" for n in range(30)]
    sold: list[list[Any]] = [["Order No", "Bought on", "E-mail", "Net amount", "Gross amount"]]
    sold += [[f"O{n}", day, f"k{n % 7}@x.example", n + 10, n + 12] for n, day in enumerate(days)]
    asked: list[list[Any]] = [["Ticket No", "Opened", "Subject", "Mail"]]
    asked += [[n, day, "Where is my order", f"k{n % 7}@x.example"] for n, day in enumerate(days)]
    book = {"Info": [["Exported", "by"], ["x", "y"], ["z", "u"]], "Sold": sold, "Asked": asked, "Ours": ROWS}
    file, db = workbook(tmp_path / "b.xlsx", book), tmp_path / "s.duckdb"
    code, out, err = supportkit("load", file, "--guess", "--db", db)
    assert (code, db.exists()) == (3, False)
    assert "say which: --sheet Ours, or its number" in err
    assert [line.split(" may be ")[0] for line in err.splitlines() if " may be " in line] == ["Asked", "Sold"]
    assert ("b.xlsx, Asked: tickets, guessed" in out, "b.xlsx, Sold: orders, guessed" in out) == (True, True)
    assert f"Ours is known: supportkit load {file} --db {db} --sheet Ours" in err
    assert f"supportkit load {file} --db {db} --sheet Asked --guess\n" in err
    assert supportkit("load", file, "--db", db, "--sheet", "Sold", "--guess", "--map", "amount=Net amount")[0] == 0

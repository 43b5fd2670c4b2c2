"""Loading: the books add up, cells that cannot be read are told, and what a person states is done."""

from __future__ import annotations

import gzip
import json
import os
import shlex
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from supportkit.errors import DataError, UsageError
from supportkit.exports import Loaded, LoadOptions, load
from supportkit.store import Store, memory_store
from tests.conftest import Call
from tests.labelled import labelled


@pytest.fixture
def store() -> Iterator[Store]:
    opened = memory_store()
    yield opened
    opened.close()


def put(store: Store, folder: Path, text: str | bytes, name: str = "export.csv", **options: Any) -> Loaded:
    path = folder / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    (done,) = load(store, [path], LoadOptions(**options))
    assert done.read == done.loaded + done.updated + done.unchanged + done.older + done.rejected
    return done


def rows(store: Store, sql: str) -> list[tuple[Any, ...]]:
    return store.connection.execute(sql).fetchall()


TICKETS = "ticket_id,created_at,customer_id,status,priority,reopens,body\n"


def test_a_cell_that_cannot_be_read_keeps_its_row_and_is_told(store: Store, tmp_path: Path) -> None:
    done = put(store, tmp_path, TICKETS + "1,2026-05-01,a,open,high,two,x\n2,2026-05-02,b,Closed,LOW,3.0,y\n")
    assert (done.read, done.loaded, done.rejected) == (2, 2, 0)
    assert rows(store, "select status, priority, reopens from tickets order by ticket_id") == [
        ("open", "high", None),
        ("closed", "low", 3),
    ]
    assert rows(store, "select line, column_name, reason, raw from rejects") == [
        (2, "reopens", "reopens cannot be read", "1,2026-05-01,a,open,high,two,x")
    ]
    assert "reopens: 1 cell cannot be read, left empty: supportkit rejects has the rows" in done.notes


def test_the_cells_that_cannot_be_read_are_told_by_column_whatever_stands_in_it(store: Store, tmp_path: Path) -> None:
    orders = (
        "order_id,ordered_at,amount,refunded\n1,2026-05-01,100,twenty\n2,2026-05-01,100,10 + 5\n3,soon,100,none of it\n"
    )
    done = put(store, tmp_path, orders, name="orders.csv")
    # the third row is rejected, and its cells with it
    assert [note for note in done.notes if "left empty" in note] == [
        "refunded: 2 cells cannot be read, left empty: supportkit rejects has the rows"
    ]


def test_a_required_cell_rejects_its_row(store: Store, tmp_path: Path) -> None:
    done = put(store, tmp_path, TICKETS + '1,soon,a,,,,"x\ny"\n,2026-05-02,b,,,,\n3,2026-05-03,c,,,,z\n')
    assert (done.read, done.loaded, done.rejected) == (3, 1, 2)
    assert rows(store, "select line, column_name, reason from rejects order by line") == [
        (2, "created_at", "created_at cannot be read"),
        (4, "ticket_id", "ticket_id is empty"),  # the record before it takes lines 2 and 3
    ]


def test_the_careful_path_tells_the_same_places(store: Store, tmp_path: Path) -> None:
    text = TICKETS + '1,soon,a,,,,"x\ny"\n,2026-05-02,b,,,,\nbroken\n3,2026-05-03,c,,,,z\n'
    done = put(store, tmp_path, text)
    assert (done.read, done.loaded, done.rejected) == (4, 1, 3)
    found = rows(store, "select line, reason, raw from rejects order by line")
    assert found == [
        (2, "created_at cannot be read", '1,soon,a,,,,"x\ny"'),
        (4, "ticket_id is empty", ",2026-05-02,b,,,,"),
        (5, "1 cell where the header has 7", "broken"),
    ]
    assert rows(store, "select source_row from tickets") == [(4,)]


def test_words_for_nothing_are_nothing(store: Store, tmp_path: Path) -> None:
    text = "ticket_id,created_at,customer_id,country,category,solved_at\n1,2026-05-01,NULL,NA,None,N/A\n"
    put(store, tmp_path, text)
    # NA is Namibia and None a word in a column of names; in an id or a date they say that there is none
    assert rows(store, "select customer_id, country, category, solved_at from tickets") == [(None, "NA", "None", None)]
    assert rows(store, "from rejects") == []


def test_ids_stay_text(store: Store, tmp_path: Path) -> None:
    put(store, tmp_path, "ticket_id,created_at,customer_id\n00042,2026-05-01,17850.0\n'1234AB,2026-05-01,00017\n")
    found = rows(store, "select ticket_id, customer_id from tickets order by source_row")
    assert found == [("00042", "17850"), ("1234AB", "00017")]


def test_scientific_notation_is_a_number_and_never_changes_an_id(store: Store, tmp_path: Path) -> None:
    text = "order_id,ordered_at,customer_id,amount\n1.5E+03,12 марта 2026,1e3,1.5E+03\n2e1,2026-03-13,1e3,1e2\n"
    done = put(store, tmp_path, text)
    assert done.rejected == 0
    assert [note for note in done.notes if "rounded" in note and note.startswith("1 id in order_id is")]
    rows = store.connection.execute(
        "select order_id, customer_id, amount, ordered_at::date::varchar from orders order by ordered_at"
    ).fetchall()
    assert rows == [("1.5E+03", "1e3", 1500, "2026-03-12"), ("2e1", "1e3", 100, "2026-03-13")]


def test_an_extra_column_becomes_a_property(store: Store, tmp_path: Path) -> None:
    put(store, tmp_path, "ticket_id,created_at,Courier,Requester ID\n1,2026-05-01,Polar,361234567890\n2,2026-05-01,,\n")
    assert rows(
        store, "select properties->>'Courier', properties->>'Requester ID' from tickets order by ticket_id"
    ) == [
        ("Polar", "361234567890"),
        (None, None),
    ]
    assert store.properties("tickets") == {"Courier", "Requester ID"}


def test_a_sample_that_misleads_is_looked_at_again(store: Store, tmp_path: Path) -> None:
    days = "".join(f"{n},{1 + n % 12:02d}/{1 + n % 12:02d}/2026\n" for n in range(6_000))
    done = put(store, tmp_path, "ticket_id,created_at\n" + days + "x,25/04/2026\n")
    assert done.rejected == 0
    assert rows(store, "select created_at from tickets where ticket_id = 'x'") == [(datetime(2026, 4, 25, tzinfo=UTC),)]
    amounts = "".join(f"{n},2026-05-01,c,{n}.5\n" for n in range(6_000))
    with pytest.raises(DataError, match="decimal comma"):
        put(store, tmp_path, "order_id,ordered_at,customer_id,amount\n" + amounts + 'y,2026-05-01,c,"7,25"\n')


def test_an_ambiguous_date_is_refused_and_a_stated_order_obeyed(store: Store, tmp_path: Path) -> None:
    text = "ticket_id,created_at\n1,03/04/2026\n"
    with pytest.raises(DataError, match=r"export\.csv: .*2026-04-03 \(dmy\) or 2026-03-04 \(mdy\)"):
        put(store, tmp_path, text)
    assert rows(store, "select count(*) from tickets") == [(0,)]
    put(store, tmp_path, text, dates="dmy")
    assert rows(store, "select created_at from tickets") == [(datetime(2026, 4, 3, tzinfo=UTC),)]
    with pytest.raises(UsageError, match="not an order"):
        put(store, tmp_path, text, dates="ydm")


@pytest.mark.parametrize(
    ("none", "day"),
    [
        ("0000-00-00 00:00:00", "2026-05-02 10:00:00"), ("0000-00-00", "2026-05-02"),
        ("01.01.0001 0:00:00", "02.05.2026 10:00:00"), ("0001-01-01T00:00:00", "2026-05-02T10:00:00"),
        ("1/1/0001 12:00:00 AM", "5/20/2026 10:00:00 AM"), ("00.00.0000 00:00:00", "02.05.2026 10:00:00"),
    ],
)  # fmt: skip
def test_a_day_that_stands_for_none_is_none(store: Store, tmp_path: Path, none: str, day: str) -> None:
    done = put(store, tmp_path, f"ticket_id,created_at,solved_at,priority\n1,{day},{none},Hoog\n2,{day},{day},Élevée\n")
    assert (done.loaded, [note for note in done.notes if "cannot be read" in note]) == (2, [])
    query = "select solved_at is null, priority from tickets order by ticket_id"
    assert rows(store, query) == [(True, "high"), (False, "high")]


def test_a_map_states_columns_dates_and_zone(store: Store, tmp_path: Path) -> None:
    text = "Key;When;Sum\n7;03.04.2026 10:00;1.234,50\n"
    put(
        store,
        tmp_path,
        text,
        table="orders",
        source="till",
        map={"order_id": "Key", "ordered_at": "When", "amount": "Sum", "customer_id": "'walk-in'", "dates": "dmy",
             "time_zone": "'Europe/Moscow'"},
    )  # fmt: skip
    assert rows(store, "select order_id, ordered_at, amount, customer_id, source from orders") == [
        ("7", datetime(2026, 4, 3, 7, tzinfo=UTC), Decimal("1234.5"), "walk-in", "till")
    ]


def test_a_configured_map_recognises_the_table(store: Store, tmp_path: Path) -> None:
    columns = {"orders": {"order_id": "Key", "ordered_at": "When", "amount": "Sum", "customer_id": "Who"}}
    done = put(store, tmp_path, "Key,When,Sum,Who\n1,2026-05-01,5,a\n", columns=columns)
    assert done.table == "orders"


def test_keep_rejects_the_other_rows_with_its_words(store: Store, tmp_path: Path) -> None:
    header = "No,When,Who,Quantity,Price\n"
    text = header + "A,2026-05-01,c,2,1.50\nA,2026-05-01,c,1,4\nB,2026-05-02,c,-1,4\nC,2026-05-02,,1,9\n"
    done = put(
        store,
        tmp_path,
        text,
        table="orders",
        map={"order_id": "No", "ordered_at": "When", "customer_id": "Who", "amount": "Quantity*Price"},
        keep=("Quantity>0", "Who!=''"),
    )
    assert (done.read, done.loaded, done.rejected) == (4, 2, 2)  # two lines are one order
    assert rows(store, "select order_id, amount from orders") == [("A", Decimal(7))]  # 2 x 1.50 + 4
    assert rows(store, "select line, reason from rejects order by line") == [
        (4, "not kept: Quantity>0"),
        (5, "not kept: Who!=''"),
    ]


def test_lines_of_one_order_loaded_again_are_unchanged(store: Store, tmp_path: Path) -> None:
    options: dict[str, Any] = {
        "table": "orders",
        "map": {"order_id": "No", "ordered_at": "When", "customer_id": "Who", "amount": "Price"},
    }
    text = "No,When,Who,Price\nA,2026-05-01,c,1\nA,2026-05-01,c,2\nB,2026-05-01,c,3\n"
    assert put(store, tmp_path, text, **options).loaded == 3
    again = put(store, tmp_path, text + "C,2026-05-02,c,9\nC,2026-05-02,c,9\n", **options)
    assert (again.read, again.loaded, again.updated, again.unchanged) == (5, 2, 0, 3)
    assert rows(store, "select sum(amount), count(*) from orders") == [(Decimal(24), 3)]  # 3 + 3 + 18


def test_clock_changes_are_flagged(store: Store, tmp_path: Path) -> None:
    text = "ticket_id,created_at\n1,2026-03-29 02:30\n2,2026-10-25 02:30\n3,2026-07-01 02:30\n"
    put(store, tmp_path, text, zone="Europe/Berlin")
    found = rows(store, "select ticket_id, properties->>'created_at_clock' from tickets order by ticket_id")
    assert found == [("1", "skipped"), ("2", "repeated"), ("3", None)]


def test_an_offset_in_the_value_is_obeyed_beside_local_times(store: Store, tmp_path: Path) -> None:
    put(
        store, tmp_path, "ticket_id,created_at\n1,2026-07-01T10:00:00+05:00\n2,2026-07-01 10:00\n", zone="Europe/Berlin"
    )
    found = rows(store, "select created_at from tickets order by ticket_id")
    assert found == [(datetime(2026, 7, 1, 5, tzinfo=UTC),), (datetime(2026, 7, 1, 8, tzinfo=UTC),)]


def test_a_packed_file_and_a_russian_workbooks_file_load(store: Store, tmp_path: Path) -> None:
    text = "ticket_id;created_at;subject\n1;13.05.2026 14:15;Заказ не пришёл\n2;14.05.2026 9:05;Возврат\n"
    done = put(store, tmp_path, gzip.compress(text.encode("cp1251")), "export.csv.gz")
    assert done.loaded == 2
    assert any("read as cp1251, by its letters" in note for note in done.notes)
    assert rows(store, "select subject from tickets order by ticket_id") == [("Заказ не пришёл",), ("Возврат",)]


def test_personal_data_is_masked_in_rows_and_rejects(store: Store, tmp_path: Path) -> None:
    text = (
        TICKETS
        + "1,2026-05-01,Ann@x.example,open,,,call +49 151 23456789\n,2026-05-01,bo@x.example,,,,mail bo@x.example\n"
    )
    done = put(store, tmp_path, text)
    stored = str(rows(store, "from tickets")) + str(rows(store, "from rejects"))
    assert "x.example" not in stored
    assert "23456789" not in stored
    assert rows(store, "select body from tickets") == [("call [PHONE]",)]
    assert any("masked" in note for note in done.notes)


def test_an_empty_file_is_told_and_loads_nothing(store: Store, tmp_path: Path) -> None:
    assert put(store, tmp_path, "").notes == ("the file is empty",)
    assert put(store, tmp_path, "ticket_id,created_at\n").read == 0


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b'<a,"b"c/>\n', "no line of it can be read as a row"),
        (b"x" * 9_000_000, "no line of it can be read as a row"),
        (bytes(range(256)) * 40, "is no text file"),
        (bytes(3_000), "holds zero bytes alone"),
        (b"\n<!DOCTYPE html><html><body>Please log in</body></html>\n", "is a web page"),
        (b'<HTML lang="en">\n<body>a,b</body></HTML>\n', "is a web page"),
    ],
)
def test_what_is_no_table_is_named_as_that_and_not_as_empty(
    content: bytes, message: str, supportkit: Call, tmp_path: Path
) -> None:
    path, db = tmp_path / "export.csv", tmp_path / "a.duckdb"
    path.write_bytes(content)
    code, _, err = supportkit("load", path, "--db", db)
    assert (code, message in err, db.exists()) == (3, True, False), err


def test_a_file_that_is_too_wide_for_a_load_is_refused_and_messages_stay_short(
    supportkit: Call, tmp_path: Path
) -> None:
    path, db = tmp_path / "wide.csv", tmp_path / "a.duckdb"
    names = [f"f{n}" for n in range(900)]
    path.write_text("\n".join([",".join(names), ",".join(names), ",".join(names)]))
    code, _, err = supportkit("load", path, "--db", db)
    assert (code, "and 880 more" in err, len(err) < 400) == (3, True, True)
    names = [f"f{n}" for n in range(5000)]
    path.write_text("ticket_id,created_at," + ",".join(names) + "\n1,2026-01-01" + ",x" * 5000 + "\n")
    for words in ([], ["--dry-run"]):
        code, _, err = supportkit("load", path, "--db", db, *words)
        assert (code, "has 5,002 columns, and at most 1,000 are read" in err, db.exists()) == (3, True, False), err


def test_a_foreign_file_is_named_with_its_columns(store: Store, tmp_path: Path) -> None:
    with pytest.raises(DataError, match="not recognised; it has the columns alpha, beta") as told:
        put(store, tmp_path, "alpha,beta\n1,2\n")
    assert "--as tickets" in told.value.hint
    with pytest.raises(DataError, match="no column for ordered_at, amount"):
        put(store, tmp_path, "order_id,customer_id\n1,2\n", table="orders")
    with pytest.raises(UsageError, match="is not understood"):
        put(store, tmp_path, "order_id,customer_id\n1,2\n", table="orders", map={"amount": "Totl"})


def test_dry_run_shows_the_plan_and_writes_nothing(supportkit: Call, tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    path.write_text("ticket_id,created_at,Courier\n1,25/04/2026,Polar\n")
    code, out, _ = supportkit("load", path, "--dry-run", "--db", tmp_path / "a.duckdb")
    assert code == 0
    assert "%d/%m/%Y in UTC" in out
    assert "the only order that explains all 1 dates" in out
    assert "kept as properties: Courier" in out
    assert "2026-04-25" in out
    assert not (tmp_path / "a.duckdb").exists()


def test_a_stray_file_of_a_folder_is_left_out_and_named(supportkit: Call, tmp_path: Path) -> None:
    folder, db = tmp_path / "exports", tmp_path / "a.duckdb"
    folder.mkdir()
    (folder / "tickets.csv").write_text("ticket_id,created_at\n1,2026-05-01\n")
    (folder / "README.txt").write_text("The exports of May, as they came.\n")
    (folder / "notes.csv").write_text("day,note\n2026,hi\n")
    (folder / "book.csv").write_bytes(b"\xd0\xcf\x11\xe0 a workbook")
    (folder / "sub.csv").mkdir()
    os.mkfifo(folder / "pipe.csv")
    (folder / "latest.csv").symlink_to("none.csv")
    code, _, err = supportkit("load", folder, "--db", db, "-q")
    assert code == 0
    assert f"left out: {folder}/README.txt: not recognised" in err
    assert f"left out: {folder}/notes.csv: not recognised; it has the columns day, note" in err
    assert f"left out: {folder}/book.csv: is an old Excel workbook" in err
    assert f"left out: {folder}/pipe.csv: is a pipe that holds nothing" in err
    assert f"left out: {folder}/latest.csv: is a symbolic link that leads to no file" in err
    assert err.count("left out") == 5
    out = supportkit("tables", "--db", db, "-f", "csv")[1]
    assert [line.split(",")[2] for line in out.splitlines()] == ["file", "tickets.csv"]
    code, out, err = supportkit("contacts", "--data", folder)
    assert (code, err.count("left out")) == (0, 5)
    code, out, err = supportkit("load", folder, "--dry-run")
    assert (code, out.count(": left out"), out.count("tickets from supportkit")) == (0, 5, 1)


def test_the_hint_for_a_folder_of_unknown_files_can_be_pasted(supportkit: Call, tmp_path: Path) -> None:
    folder, db = tmp_path / "my exports", tmp_path / "a.duckdb"
    folder.mkdir()
    for name in ("sold in may.csv", "sold in june.csv"):
        (folder / name).write_text("customer,date,amount\nk1,2026-03-01,10\nk2,2026-03-02,20\n")
    for words in ((), ("--guess",)):
        code, out, err = supportkit("load", folder, "--db", db, *words)
        hint = err[err.index("hint: what it may be: ") :].removeprefix("hint: what it may be: ")
        program, *arguments = shlex.split(hint.splitlines()[0].partition(";")[0])
        assert (code, out, program) == (3, "", "supportkit")
        assert "orders, guessed" in supportkit(*arguments, "--db", db)[1]


def test_one_of_something_is_told_in_the_singular(store: Store, tmp_path: Path) -> None:
    text = "An export\n\nticket_id,created_at,subject\n1,2026-05-01,caf\u00e9\n\n2,2026-05-01,\udcff\n"
    path = tmp_path / "tickets.csv"
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    notes = load(store, [path], LoadOptions())[0].notes
    assert "1 line above the header is not read" in notes
    assert "1 blank line is not read" in notes
    assert "1 line is not utf-8, and read as well as can be" in notes


def test_a_link_and_what_a_pipe_holds_are_read(supportkit: Call, tmp_path: Path) -> None:
    db, link = tmp_path / "a.duckdb", tmp_path / "latest.csv"
    (tmp_path / "may.csv").write_text("ticket_id,created_at\n1,2026-05-01\n")
    link.symlink_to("may.csv")
    code, _, err = supportkit("load", link, "--db", db)
    assert (code, "latest.csv: tickets, read 1 = loaded 1" in err) == (0, True)
    reader, writer = os.pipe()  # as a shell's <(…) makes one
    os.write(writer, b"ticket_id,created_at\n2,2026-05-02\n")
    os.close(writer)
    code, _, err = supportkit("load", f"/dev/fd/{reader}", "--db", db)
    assert (code, "tickets, read 1 = loaded 1" in err) == (0, True)
    os.close(reader)


def test_a_header_alone_is_a_quiet_week_and_no_byte_is_none(supportkit: Call, tmp_path: Path) -> None:
    db, file = tmp_path / "a.duckdb", tmp_path / "tickets.csv"
    file.write_text("ticket_id,created_at,subject\n")
    code, _, err = supportkit("load", file, "--db", db, "--strict")
    assert (code, "a header and no row" in err) == (0, True)
    file.write_text("\n\n")
    assert supportkit("load", file, "--db", db)[0] == 3


def test_a_folder_without_an_export_says_what_is_in_it_and_what_to_do(supportkit: Call, tmp_path: Path) -> None:
    folder, db = tmp_path / "desk", tmp_path / "a.duckdb"
    folder.mkdir()
    code, _, err = supportkit("load", folder, "--db", db)
    assert (code, "it is empty" in err, "supportkit demo" in err) == (3, True, True)
    (folder / "q3").mkdir()
    (folder / "q3" / "tickets.csv").write_text("ticket_id,created_at\n1,2026-05-01\n")
    code, _, err = supportkit("load", folder, "--db", db)
    assert (code, "it has folders only" in err, f"hint: supportkit load {folder / 'q3'}" in err) == (3, True, True)
    deep = folder / "sub" / "deep"
    deep.mkdir(parents=True)
    (folder / "q3" / "tickets.csv").rename(deep / "tickets.csv")
    (folder / "README.md").write_text("what this is\n")
    code, _, err = supportkit("load", folder, "--db", db)
    assert (code, "it has README.md, and folders with exports" in err) == (3, True)
    assert f"hint: supportkit load {deep}\n" in err
    (folder / "README.md").unlink()
    for name in ("a.pdf", "b.png", "c.docx", "d.eml", "e.exe"):
        (folder / name).write_bytes(b"?")
    assert "it has a.pdf, b.png, c.docx, d.eml and 1 more" in supportkit("load", folder, "--db", db)[2]
    (folder / "notes.csv").write_text("day,note\n2026,hi\n")
    err = supportkit("load", folder, "--db", db)[2]
    assert "notes.csv: not recognised" in err
    assert "nor is there an export in a.pdf, b.png, c.docx, d.eml and 1 more" in err


def test_a_stray_file_is_refused_where_it_is_named_or_everything_is_stray_or_the_load_is_strict(
    supportkit: Call, tmp_path: Path
) -> None:
    folder, db = tmp_path / "exports", tmp_path / "a.duckdb"
    folder.mkdir()
    (folder / "notes.csv").write_text("day,note\n2026,hi\n")
    (folder / "other.csv").write_text("day,note\n2026,hi\n")
    code, _, err = supportkit("load", folder, "--db", db)
    assert (code, "notes.csv: not recognised" in err, "nor is there an export in other.csv" in err) == (3, True, True)
    (folder / "other.csv").write_text("ticket_id,created_at\n1,2026-05-01\n")
    for words in ([folder, "--strict"], [folder, folder / "notes.csv"], [*folder.iterdir()]):
        code, _, err = supportkit("load", *words, "--db", db)
        assert (code, f"{folder}/notes.csv: not recognised" in err, db.exists()) == (3, True, False)
    (folder / "other.csv").write_text("ticket_id,created_at\n1,01/02/2026\n")
    code, _, err = supportkit("load", folder, "--db", db)
    assert (code, f"error: {folder}/other.csv: column 'created_at'" in err) == (3, True)


def test_a_source_is_known_whatever_its_case_and_a_name_of_ones_own_needs_the_table(
    supportkit: Call, tmp_path: Path
) -> None:
    path, db = tmp_path / "export.csv", tmp_path / "a.duckdb"
    path.write_text("ticket_id,created_at\n1,2026-05-01\n")
    assert supportkit("load", path, "--db", db, "--source", "SupportKit")[0] == 0
    path.write_text("ticket_id,created_at\n1,2026-05-02\n")
    assert supportkit("load", path, "--db", db, "--source", "shop_de", "--as", "tickets")[0] == 0
    out = supportkit("sql", "select source from tickets order by source", "--db", db, "-f", "csv")[1]
    assert out.split() == ["source", "shop_de", "supportkit"]


def test_sources_are_listed(supportkit: Call) -> None:
    code, out, _ = supportkit("sources")
    assert code == 0
    assert all(name in out for name in ("zendesk", "shopify", "qualtrics", "supportkit"))


def test_strict_and_max_rejects_decide_the_exit_code(supportkit: Call, tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    path.write_text("ticket_id,created_at\n1,2026-05-01\n,2026-05-01\n")
    db = tmp_path / "a.duckdb"
    for limit in (["--strict"], ["--max-rejects", "0"]):
        code, _, err = supportkit("load", path, "--db", db, *limit)
        assert code == 3
        assert "nothing was loaded\n  export.csv, line 3: ticket_id is empty" in err
        assert not db.exists()
    assert supportkit("load", path, "--db", db, "--max-rejects", "1")[0] == 0
    before = db.read_bytes()
    path.write_text("ticket_id,created_at\n2,2026-05-01\n3,2026-05-01\n,2026-05-01\n4,never\n")
    code, _, err = supportkit("load", path, "--db", db, "--max-rejects", "1")
    assert (code, "2 rows rejected, and --max-rejects is 1" in err) == (3, True)
    assert "line 5: created_at cannot be read" in err
    assert db.read_bytes() == before
    code, _, err = supportkit("load", path, "--db", tmp_path / "b.duckdb")
    assert "read 4 = loaded 2 + updated 0 + unchanged 0 + older 0 + rejected 2" in err
    assert code == 0


def test_the_cheap_look_lets_every_text_through_that_masking_changes(store: Store) -> None:
    from supportkit.exports.masking import mask_text
    from supportkit.exports.rows.masking_functions import masking_functions, text_sql
    from supportkit.exports.rows.personal_data import Protection
    from supportkit.exports.rows.private_cells import PRIVATE, PrivateCells

    short = ("call 123-456", "тел. 12-34-56", "Rufnummer 123456", "my number 123456", "order 123456", "context 123456",
             "user собака x.ru", "pass 1234567", "write to (at) x.com 1", "ab12 3456 7")  # fmt: skip
    texts = [one.text for one in labelled(1500)] + [f"please {text}" for text in short]
    with masking_functions(store.connection, Protection("mask", None)):
        private = PrivateCells()
        cell = private.text("v")
        for masked in (text_sql("v"), cell):
            sql = f"select v, {masked} from (select v, {private.sql()} as {PRIVATE} from (select unnest($texts) as v))"
            for before, after in store.connection.execute(sql, {"texts": texts}).fetchall():
                assert after == mask_text(before)[0]


def test_decimals_that_are_not_stored_are_told(store: Store, tmp_path: Path) -> None:
    text = "order_id,ordered_at,customer_id,amount,refunded\n1,2026-01-01,a,0.123456,0.10000\n2,2026-01-02,b,9.99,0\n"
    done = put(store, tmp_path, text + "3,2026-01-02,b,12.000000001,x\n")
    assert "2 cells of amount have more than four decimals, and are rounded to four" in done.notes
    assert not any("refunded have more" in note for note in done.notes)  # 0.10000 is 0.1
    assert rows(store, "select amount from orders order by 1") == [(Decimal("0.1235"),), (Decimal("9.99"),), (12,)]
    assert rows(store, "select line, column_name from rejects") == [(4, "refunded")]


BOOKS = "order_id,ordered_at,customer_id,amount,note\n1,2026-01-01,a,10,x\n2,2026-01-02,b,ten,y\n3,2026-01-03,c,0,z\n"


def test_the_books_of_a_load_are_a_result_for_machines(tmp_path: Path, supportkit: Call) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "orders.csv").write_text(BOOKS)
    (tmp_path / "in" / "notes.csv").write_text("day,note\n2026-01-01,closed\n")
    words = ["load", tmp_path / "in", "--db", tmp_path / "s.duckdb", "--keep", "amount!=0"]
    code, out, _ = supportkit(*words, "--format", "json", "--max-rejects", "5")
    assert code == 0
    (found,) = json.loads(out) if out.startswith("[") else [json.loads(out)]
    rows = {row["file"]: row for row in found["rows"]}
    assert found["facts"]["read"] == 3
    assert {name: rows["orders.csv"][name] for name in ("table", "read", "loaded", "rejected", "unwanted")} == {
        "table": "orders",
        "read": 3,
        "loaded": 1,
        "rejected": 2,
        "unwanted": 1,
    }
    assert "not recognised" in rows["notes.csv"]["left_out"]
    code, out, _ = supportkit(*words, "--format", "csv", "-q", "--max-rejects", "5")
    assert (code, out.splitlines()[0].split(",")[:4]) == (0, ["file", "table", "source", "read"])
    assert supportkit(*words, "--max-rejects", "5")[1] == ""


def test_rows_left_out_by_a_condition_stand_apart_from_faults(tmp_path: Path, supportkit: Call) -> None:
    (tmp_path / "orders.csv").write_text(BOOKS)
    db = tmp_path / "s.duckdb"
    assert supportkit("load", tmp_path / "orders.csv", "--db", db, "--keep", "amount!=0", "--max-rejects", "5")[0] == 0
    found = json.loads(supportkit("rejects", "--db", db, "--format", "json")[1])
    assert found["facts"] == {"faults": 1, "left_out": 1}
    assert [(row["sort"], row["line"]) for row in found["rows"]] == [("fault", 3), ("left out", 4)]


def test_a_dropped_column_is_nowhere(tmp_path: Path, supportkit: Call) -> None:
    (tmp_path / "orders.csv").write_text(BOOKS.replace("x", "secretive").replace("y", "furtive"))
    db = tmp_path / "s.duckdb"
    words = ["load", tmp_path / "orders.csv", "--db", db, "--max-rejects", "5"]
    code, _, err = supportkit(*words, "--drop", "NOTE", "--drop", "customer_id")
    assert code == 0, err
    assert "dropped: customer_id, note" in err
    assert (
        supportkit("sql", "select customer_id, properties from orders where order_id = '1'", "--db", db)[1].count("–")
        == 2
    )
    assert "furtive" not in supportkit("rejects", "--db", db, "--format", "csv")[1]
    code, _, err = supportkit(*words, "--drop", "nots")
    assert (code, "--drop nots: no file has such a column" in err) == (2, True)


def test_the_columns_that_by_takes_are_listed(tmp_path: Path, supportkit: Call) -> None:
    (tmp_path / "orders.csv").write_text(BOOKS.replace("ten", "20"))
    db = tmp_path / "s.duckdb"
    assert supportkit("load", tmp_path / "orders.csv", "--db", db)[0] == 0
    found = json.loads(supportkit("tables", "--columns", "--db", db, "--format", "json")[1])
    listed = {row["column"]: (row["kind"], row["filled"], row["values"]) for row in found["rows"]}
    assert listed["note"] == ("extra", 3, 3)
    assert listed["ordered_at"] == ("time", 3, 3)
    assert "country" not in listed  # no row has one
    for name in listed:
        assert supportkit("ltv", "--by", name, "--db", db)[0] == 0


def test_a_calculated_amount_has_the_decimals_of_its_parts_and_its_rounding_is_told(
    store: Store, tmp_path: Path
) -> None:
    text = "order_id,ordered_at,customer_id,Pieces,Each\n1,2026-01-01,a,10000,0.00012\n2,2026-01-02,b,3,0.33333\n"
    done = put(store, tmp_path, text, table="orders", map={"amount": "Pieces*Each"})
    # 10,000 x 0.00012 = 1.2 and 3 x 0.33333 = 0.99999: no part of it is cut to four decimals
    assert rows(store, "select amount from orders order by order_id") == [(Decimal("1.2"),), (1,)]
    assert "1 cell of amount has more than four decimals, and is rounded to four" in done.notes


@pytest.mark.parametrize(
    ("words", "read", "rejected", "why"),
    [
        ((), 3, 2, "half.csv: 2 of 3 rows cannot be read as tickets; nothing was loaded"),
        (("--strict",), 3, 2, "2 rows rejected, and --strict allows none; nothing was loaded"),
        (("--sheet", "1"), 0, 0, "half.csv: is a file of one table"),
    ],
)
def test_the_books_of_a_refused_load_are_printed_with_the_error(
    words: tuple[str, ...], read: int, rejected: int, why: str, supportkit: Call, tmp_path: Path
) -> None:
    file, db = tmp_path / "half.csv", tmp_path / "t.duckdb"
    file.write_text("ticket_id,created_at,status\n1,2026-01-01,open\n2,xx,open\n3,yy,open\n")
    code, out, err = supportkit("load", file, "--db", db, *words, "-f", "json")
    found = json.loads(out)
    (row,) = found["rows"]
    assert (code, found["metric"], row["read"], row["loaded"], row["rejected"]) == (3, "load", read, 0, rejected)
    assert row["left_out"].endswith(why)
    assert row["left_out"] == found["notes"][0]
    assert found["notes"][0] in err
    code, out, _ = supportkit("load", file, "--db", db, *words, "-f", "csv")
    assert (code, len(out.splitlines())) == (3, 2)
    assert not db.exists()


def test_a_dropped_column_that_a_row_must_have_is_told_as_such(supportkit: Call, tmp_path: Path) -> None:
    file, db = tmp_path / "t.csv", tmp_path / "t.duckdb"
    file.write_text("ticket_id,created_at,opened,status\n1,2026-01-01,2026-01-01,open\n")
    code, out, err = supportkit("load", file, "--db", db, "--drop", "created_at")
    assert (code, out) == (2, "")
    assert "--drop created_at leaves nothing for created_at, which tickets must have" in err
    assert supportkit("load", file, "--db", db, "--drop", "created_at", "--map", "created_at=opened")[0] == 0

"""Files that are read in another way than they were meant: numbers stay numbers, and mostly refused is not loaded."""

from __future__ import annotations

import json
from pathlib import Path
from time import process_time

import pytest

import supportkit as library
from supportkit.errors import DataError, UsageError
from supportkit.exports import LoadOptions, load
from supportkit.exports.rows.raw import _NUMBERS
from supportkit.store import Store, memory_store
from tests.conftest import Call

CLICKS = "session,order,offset,page\n" + "".join(f"s{n},{n},{60 * n},list\n" for n in range(1, 12))
EVENTS = {"user_id": "session", "step": "page"}


@pytest.fixture
def store() -> Store:
    return memory_store()


def written(folder: Path, text: str, name: str = "file.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("expression", "second"),
    [
        ("1207000000+record", 1207000002),
        ("record + 1207000000", 1207000002),
        ("1207000000+offset", 1207000120),
        ("(1207000000+offset)+order", 1207000122),
        ("1207000000+offset*60", 1207007200),
        ("1207000000-offset", 1206999880),
        ("'2008-03-31 21:46:40'", 1207000000),
    ],
)
def test_an_instant_from_numbers_is_their_sum(expression: str, second: int, store: Store, tmp_path: Path) -> None:
    given = {**EVENTS, "occurred_at": expression}
    (done,) = load(store, [written(tmp_path, CLICKS)], LoadOptions(table="events", map=given))
    assert (done.loaded, done.rejected) == (11, 0)
    query = "select cast(epoch(occurred_at) as bigint) from events where user_id = 's2'"
    assert store.connection.execute(query).fetchall() == [(second,)]


def test_an_id_from_numbers_is_their_sum_and_from_texts_their_digits(tmp_path: Path) -> None:
    def ids(expression: str) -> list[str]:
        given = {"ticket_id": expression, "created_at": "'2026-01-01'"}
        with memory_store() as store:
            load(store, [written(tmp_path, "number,code\n7,A\n8,9\n")], LoadOptions(table="tickets", map=given))
            query = "select ticket_id from tickets order by source_row"
            return [row[0] for row in store.connection.execute(query).fetchall()]

    assert ids("1000+record") == ["1001", "1002"]
    assert ids("number+1000") == ["1007", "1008"]
    assert ids("number*10+record") == ["71", "82"]
    assert ids("code+1000") == ["A1000", "91000"]
    assert ids("code+record") == ["A1", "92"]
    assert ids("number+'-'+record") == ["7-1", "8-2"]
    with pytest.raises(UsageError, match="sum of the numbers, or their digits joined") as error:
        ids("number+record")
    assert error.value.hint == "say which: + 0 adds, + '' joins"
    assert ids("number+record+0") == ["8", "10"]
    assert ids("number+record+''") == ["71", "82"]


def orders(good: int, bad: int) -> str:
    rows = [f"{n},2026-01-01,10" for n in range(good)] + [f"b{n},no day,10" for n in range(bad)]
    return "order_id,ordered_at,amount\n" + "".join(f"{row}\n" for row in rows)


def test_a_file_of_which_more_than_half_is_refused_is_not_loaded(tmp_path: Path, supportkit: Call) -> None:
    db = tmp_path / "shop.duckdb"
    assert supportkit("load", written(tmp_path, orders(5, 5)), "--db", db)[0] == 0  # half, and no more
    before = db.read_bytes()
    code, out, err = supportkit("load", written(tmp_path, orders(9, 10)), "--db", db)
    assert (code, out) == (3, "")
    assert "error: file.csv: 10 of 19 rows cannot be read as orders; nothing was loaded\n" in err
    assert "  ordered_at cannot be read: 10 rows\n" in err
    assert "  line 11: ordered_at cannot be read: b0,no day,10\n" in err
    assert "--max-rejects 10 loads the rest" in err
    assert db.read_bytes() == before
    code, _, err = supportkit("load", tmp_path / "file.csv", "--db", db, "--max-rejects", "10")
    assert (code, "read 19 = loaded 4 + updated 0 + unchanged 5 + older 0 + rejected 10" in err) == (0, True)


def test_one_such_file_of_many_is_enough(tmp_path: Path, supportkit: Call) -> None:
    files = [written(tmp_path, orders(90, 0), "good.csv"), written(tmp_path, orders(1, 2), "bad.csv")]
    code, _, err = supportkit("load", *files, "--db", tmp_path / "shop.duckdb")
    assert (code, "bad.csv: 2 of 3 rows" in err) == (3, True)
    assert not (tmp_path / "shop.duckdb").exists()


@pytest.mark.parametrize(
    ("good", "bad", "code"),
    [(4, 4, 0), (4, 5, 3)],
)
def test_rows_that_keep_leaves_out_are_no_faults_and_no_rows(
    good: int, bad: int, code: int, tmp_path: Path, supportkit: Call
) -> None:
    others = "".join(f"x{n},2026-01-01,-1\n" for n in range(20))  # twice as many as all that is wanted
    file = written(tmp_path, orders(good, bad) + others)
    assert supportkit("load", file, "--db", tmp_path / "shop.duckdb", "--keep", "amount>0")[0] == code


def test_a_dry_run_says_that_a_load_would_store_nothing(tmp_path: Path, supportkit: Call) -> None:
    file = written(tmp_path, orders(2, 3))
    _, out, _ = supportkit("load", file, "--dry-run")
    assert "a load would store nothing: file.csv: 3 of 5 rows cannot be read as orders" in out
    _, out, _ = supportkit("load", file, "--dry-run", "--keep", "ordered_at!='no day'")
    assert "would store nothing" not in out


def test_damaged_lines_are_faults(tmp_path: Path, supportkit: Call) -> None:
    file = written(tmp_path, orders(1, 0) + "2,2026-01-01,10,one,too,many\n3\n")
    code, _, err = supportkit("load", file, "--db", tmp_path / "shop.duckdb")
    assert (code, "2 of 3 rows cannot be read" in err) == (3, True)


def test_no_figure_rests_on_the_smaller_half_of_a_file(tmp_path: Path, supportkit: Call) -> None:
    good, bad = written(tmp_path, orders(3, 3), "good.csv"), written(tmp_path, orders(3, 4), "bad.csv")
    assert supportkit("ltv", "--data", good)[0] in (0, 3)
    code, out, err = supportkit("ltv", "--data", bad)
    assert (code, out) == (3, "")
    assert "bad.csv: 4 of 7 rows cannot be read as orders" in err
    code, _, err = supportkit("tables", "--data", bad)
    assert (code, "bad.csv: 4 of 7 rows" in err) == (3, True)
    with pytest.raises(DataError, match="4 of 7 rows"):
        library.read_data(bad)


def test_an_amount_with_an_unquoted_comma_is_a_reject_and_no_other_amount(tmp_path: Path, supportkit: Call) -> None:
    # seven cells under six headers, the last one empty: 1,000.00 must not be 1 with refunds of 0.00
    text = (
        "order_id,ordered_at,customer_id,amount,refunded,note\n"
        "1,2026-01-01,a,10.00,0,\n2,2026-01-02,b,1,000.00,0,\n3,2026-01-03,c,20.00,0,\n"
    )
    db = tmp_path / "shop.duckdb"
    code, _, err = supportkit("load", written(tmp_path, text, "orders.csv"), "--db", db)
    assert (code, "read 3 = loaded 2 + updated 0 + unchanged 0 + older 0 + rejected 1" in err) == (0, True)
    assert supportkit("sql", "select sum(amount) from orders", "--db", db, "--format", "csv")[1].split()[-1] == "30"
    out = supportkit("rejects", "--db", db, "--format", "csv")[1]
    assert "7 cells where the header has 6" in out
    assert supportkit("load", written(tmp_path, text, "orders.csv"), "--db", tmp_path / "x.duckdb", "--strict")[0] == 3


def test_a_table_below_one_that_is_padded_to_its_width_is_refused(tmp_path: Path, supportkit: Call) -> None:
    # as a sheet of a workbook has it: the upper table has a column fewer, and ids 1 and 2 are in both
    upper = "ticket_id,created_at,subject,\n" + "".join(f"{n},2026-01-{n:02d},late,\n" for n in range(1, 13))
    lower = ",,,\norder_id,ordered_at,customer_id,amount\n1,2026-02-01,c,5\n2,2026-02-02,d,6\n"
    db = tmp_path / "desk.duckdb"
    code, _, err = supportkit("load", written(tmp_path, upper + lower, "tickets.csv"), "--db", db)
    assert (code, "read 15 = loaded 12 + updated 0 + unchanged 0 + older 0 + rejected 3" in err) == (0, True)
    out = supportkit("rejects", "--db", db, "--format", "csv")[1]
    assert out.count("a row of another table, whose header is line 15") == 2


UPPER = "ticket_id,created_at,subject,status\n1,2026-01-02,late,open\n"
ORDERS = "order_id,ordered_at,customer_id,amount\nA1,2026-01-04,x,5\nA2,2026-01-05,y,6\n"


@pytest.mark.parametrize(
    ("text", "line", "kept"),
    [
        (f"{UPPER}\n{ORDERS}", 4, 1),
        (f"{UPPER}2,2026-01-03,lost,open\n{ORDERS}", 4, 2),  # without a line between
        (f"{UPPER},,,\nShop,,,\n{ORDERS}", 5, 1),  # under a title, whose row is refused for its time
        (f"{UPPER}Shop,,,\n{ORDERS}", 4, 1),
        (f"{UPPER},,,\nNo,When,Sum,\n1,2026-01-04,5,\n2,2026-01-05,6,\n", 4, 1),  # of fewer columns, padded
        (f"{UPPER}\nmonth,tickets,share,note\n2026-01,5,0.2,x\n2026-02,7,0.3,y\n", 4, 1),
        (f"{UPPER}\nNo,When,Sum\n1,2026-01-04,5\n2,2026-01-05,6\n", 4, 1),
        (f"ticket_id,created_at,subject,status\n\n{ORDERS}", 3, 0),
    ],
)
def test_of_two_tables_in_a_file_the_rows_of_the_lower_are_no_rows_of_the_upper(
    text: str, line: int, kept: int, tmp_path: Path, supportkit: Call
) -> None:
    file, db = written(tmp_path, text, "tickets.csv"), tmp_path / "desk.duckdb"
    code, _, err = supportkit("load", file, "--db", db)
    assert (code, f"line {line}: " in err, db.exists()) == (3, True, False)
    supportkit("load", file, "--db", db, "--max-rejects", "9")
    found = supportkit("sql", "select ticket_id from tickets order by 1", "--db", db, "--format", "csv")[1].split()
    assert found[1:] == [str(n) for n in range(1, kept + 1)]
    _, _, err = supportkit("load", file, "--db", db, "--header", str(line))
    assert ("orders, read 2 = loaded 2" in err) == text.endswith(ORDERS)


@pytest.mark.parametrize("between", ["", "\n"])
def test_a_row_whose_figures_cannot_be_read_begins_no_table(between: str, tmp_path: Path, supportkit: Call) -> None:
    rows = [f"T{n},2026-01-{n:02d},{'agent' if n % 2 else 'customer'},hello {n},Kim\n" for n in range(1, 13)]
    rows[4] = "T5,x unknown,agent,hello,Kim\n"  # `agent` is the name of a column, too
    text = between.join(["ticket_id,sent_at,sender,text,agent\n", *rows])
    db = tmp_path / "desk.duckdb"
    code, _, err = supportkit("load", written(tmp_path, text, "messages.csv"), "--db", db)
    assert (code, "read 12 = loaded 11 + updated 0 + unchanged 0 + older 0 + rejected 1" in err) == (0, True), err
    assert "sent_at cannot be read" in supportkit("rejects", "--db", db, "--format", "csv")[1]


def test_a_text_below_a_blank_line_begins_no_table_where_few_rows_have_figures(
    tmp_path: Path, supportkit: Call
) -> None:
    words = ["red box", "late again", "12", "too small", "no answer", "wrong size", "broken zip", "lost", "thanks", "7"]
    rows = [f"case {letter},soon,{word}\n" for letter, word in zip("abcdefghij", words, strict=True)]
    text = "ticket_id,channel,subject\n" + "".join(rows[:5]) + "\n" + "".join(rows[5:])
    said = ("--as", "tickets", "--map", "created_at='2026-01-01'")
    code, _, err = supportkit("load", written(tmp_path, text), "--db", tmp_path / "x.duckdb", *said)
    assert (code, "read 10 = loaded 10" in err) == (0, True), err


def shifted(number: int, at: int, cell: str) -> list[str]:
    """A row of a desk with a cell inserted, and without its last one, which was empty."""
    row = desk_row(number)[:-1]
    return [*row[:at], cell, *row[at:]]


def desk_row(number: int) -> list[str]:
    day = f"2026-01-{number % 28 + 1:02d}"
    status = "closed" if number % 2 else "open"
    return [f"T{number}", f"{day} 09:00", f"{day} 14:00", str(number % 5), str(number % 7), status, "Where is it", ""]


@pytest.mark.parametrize(
    ("at", "cell"),
    [
        (1, "Mr"),  # the days stand one further, the second of them where a number does
        (2, "Mr"),
        (3, "Mr"),  # numbers where others stand, and a state where the subject does
        (5, "Mr"),
    ],
)
def test_a_row_with_a_cell_inserted_is_rejected_where_kinds_tell(
    at: int, cell: str, tmp_path: Path, supportkit: Call
) -> None:
    file, db = tmp_path / "desk.csv", tmp_path / "s.duckdb"
    rows = [desk_row(number) if number != 9 else shifted(9, at, cell) for number in range(30)]
    header = "ticket_id,created_at,closed_at,urgency,replies,status,subject,note"
    file.write_text("\n".join([header, *map(",".join, rows)]))
    code, _, err = supportkit("load", file, "--as", "tickets", "--db", db)
    assert (code, "loaded 29" in err, "rejected 1" in err) == (0, True, True), err
    out = supportkit("rejects", "--db", db, "--format", "json")[1]
    assert [row["line"] for row in json.loads(out)["rows"]] == [11]


def test_a_note_in_few_rows_and_a_cell_that_cannot_be_read_are_no_inserted_cell(
    tmp_path: Path, supportkit: Call
) -> None:
    file, db = tmp_path / "desk.csv", tmp_path / "s.duckdb"
    rows = [desk_row(number) for number in range(30)]
    rows[4][7] = "called back"
    rows[5][3], rows[5][7] = "n/a", "called back"  # a word for nothing, before a number
    rows[6][2] = "not yet"
    rows[7][6] = "2026-01-08"
    header = "ticket_id,created_at,closed_at,urgency,replies,status,subject,note"
    file.write_text("\n".join([header, *map(",".join, rows)]))
    code, _, err = supportkit("load", file, "--as", "tickets", "--db", db)
    assert (code, "loaded 30" in err) == (0, True), err


def test_the_header_below_a_row_as_wide_as_it_is_offered(tmp_path: Path, supportkit: Call) -> None:
    file, db = tmp_path / "desk.csv", tmp_path / "t.duckdb"
    file.write_text("a,b,c\nticket_id,created_at,status\n1,2026-01-01,open\n2,2026-01-02,open\n3,2026-01-03,open\n")
    code, _, err = supportkit("load", file, "--db", db)
    assert (code, f"load {file} --db {db} --header 2" in err) == (3, True)
    assert supportkit("load", file, "--db", db, "--header", "2", "--strict")[0] == 0


@pytest.mark.parametrize("large", [False, True])
def test_files_with_marks_put_behind_each_other_are_one(
    large: bool, tmp_path: Path, supportkit: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("supportkit.exports.reading.byte_scan.SMALL", 0 if large else 8 << 20)
    head, file, db = "\ufeffticket_id,created_at,status\n", tmp_path / "all.csv", tmp_path / "t.duckdb"
    file.write_text(f"{head}1,2026-01-01,open\n{head}2,2026-01-01,open\n\ufeff3,2026-01-01,open\n", encoding="utf-8")
    code, _, err = supportkit("load", file, "--db", db)
    assert (code, "read 4 = loaded 3" in err) == (0, True)  # the other is the header once more
    out = supportkit("sql", "select ticket_id from tickets order by 1", "--db", db, "-f", "csv")[1]
    assert out.split() == ["ticket_id", "1", "2", "3"]


def test_a_rejected_line_of_one_long_word_is_looked_through_once() -> None:
    word = "x" * 20_000
    _NUMBERS.sub("", "x")  # made now
    begun = process_time()
    assert _NUMBERS.sub("", word) == word  # each letter was taken for a beginning: two minutes
    assert process_time() - begun < 1
    assert [match[0] for match in _NUMBERS.finditer("no AB12cd, _x7 12")] == ["AB12cd", "x7", "12"]

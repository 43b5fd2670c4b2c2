"""Large files are typed by all cores at once and lie in their table at once: numbers, faults and doubles hold."""

from __future__ import annotations

import os
import random
import time
from pathlib import Path

import pytest

from supportkit.exports import file_load, into_store, loading
from supportkit.exports.into_store import load_into
from supportkit.exports.loaded import Loaded
from supportkit.exports.loading import load
from supportkit.exports.masking import Masked
from supportkit.exports.masking.pseudonyms import Key
from supportkit.exports.reading import cells
from supportkit.exports.recognising.load_options import LoadOptions
from supportkit.exports.rows import masking_processes, personal_data
from supportkit.exports.rows.staging import STAGE
from supportkit.store import memory_store

HEADER = "ticket_id,created_at,updated_at,replies,customer_id,body,Colour\n"
ROWS = "select source_row, * exclude (loaded_at, source_row) from tickets order by all"
REJECTS = "select line, column_name, reason, raw from rejects order by all"


def loaded(path: Path, threads: int = 2) -> tuple[Loaded, list[tuple[object, ...]], list[tuple[object, ...]]]:
    """What a load says, the tickets, and the rejects."""
    with memory_store() as store:
        run = store.connection.execute
        run(f"set threads = {threads}")
        (done,) = load(store, [path], LoadOptions(key=Key(bytes(32))))
        return done._replace(seconds=0.0), run(ROWS).fetchall(), run(REJECTS).fetchall()


def books(done: Loaded) -> tuple[int, int, int, int, int, int]:
    """Read, loaded, updated, unchanged, older, rejected."""
    return done.read, done.loaded, done.updated, done.unchanged, done.older, done.rejected


def test_rows_of_a_large_file_are_numbered_in_its_order_and_faults_have_their_physical_lines(tmp_path: Path) -> None:
    """250,000 rows of 200 bytes are three of the reader's blocks and three of the table's; each row has two lines."""
    path = tmp_path / "tickets.csv"
    count, without_time, without_number, again = 250_000, 123_456, 200_001, 249_000
    with path.open("w", encoding="utf-8") as file:
        file.write(HEADER)
        for row in range(1, count + 1):
            time = "" if row == without_time else "2026-01-01T00:00:00Z"
            replies = "many" if row == without_number else "2"
            number = 5 if row == again else row
            file.write(f'{number},{time},{time},{replies},c{row},"{"word " * 30}\nend",red\n')
    with memory_store() as store:
        (done,) = load(store, [path], LoadOptions(key=Key(bytes(32))))
        one = store.connection.execute(
            "select count(*), count(*) filter (ticket_id <> source_row::varchar), min(source_row), max(source_row), "
            "count(content_hash) from tickets"
        ).fetchall()
        rejects = store.connection.execute("select line, column_name from rejects order by line").fetchall()
    assert path.stat().st_size > 3 * (16 << 20)
    assert books(done) == (count, count - 2, 0, 0, 1, 1)  # of the two rows of ticket 5 one stays
    assert one == [(count - 2, 1, 1, count, 0)]  # the later one, record 249,000
    # the header is line 1, so record n begins on line 2n
    assert rejects == [(2 * without_time, "created_at"), (2 * without_number, "replies")]


@pytest.mark.skipif((os.cpu_count() or 1) < 2, reason="one core")
@pytest.mark.parametrize(("memory", "at_once"), [("300MB", 1), (into_store.MEMORY, 2)])
def test_a_load_into_a_store_has_the_memory_to_type_a_large_file_by_two_cores(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, memory: str, at_once: int
) -> None:
    path, inside, most = tmp_path / "tickets.csv", list[str](), list[int]()
    text = "@example.com, " + "word " * 30
    rows = (f'{row},2026-01-01,,2,c,"mail me at {row}{text}",red\n' for row in range(250_000))
    path.write_text(HEADER + "".join(rows), "utf-8")

    def seen(value: str) -> Masked:
        inside.append(value)
        most.append(len(inside))
        if not len(most) % 500:
            time.sleep(0.002)
        inside.pop()
        return value, {}

    monkeypatch.setattr(personal_data, "_candidate", seen)
    monkeypatch.setattr(masking_processes, "ALONE", 1_000_000)
    monkeypatch.setattr(into_store, "MEMORY", memory)
    load_into(tmp_path / "s.duckdb", [path], LoadOptions(key=Key(bytes(range(32)))))
    assert min(max(most), 2) == at_once


HARD = HEADER + (
    "1,2026-01-01T00:00:00Z,2026-01-03T00:00:00Z,1,anna@example.com,later,red\n"
    "1,2026-01-01T00:00:00Z,2026-01-02T00:00:00Z,9,anna@example.com,earlier,\n"
    "2,,,1,bob@example.org,mail to bob@example.org,\n"
    "3,2026-01-01T00:00:00Z,soon,few,4711,call +49 30 23125001,\n"
    "4,2026-01-01T00:00:00Z,,2,c,equal,\n"
    "4,2026-01-01T00:00:00Z,,2,c,equal,\n"
    "too,few,cells\n"
    " 5 ,2026-01-01T00:00:00Z,,2,  ,\u00a0blank ends\ufeff,n/a\n"
)


FAST = HARD.replace("too,few,cells\n", "")


@pytest.mark.parametrize(
    "text",
    [HARD, FAST, FAST.replace(",later,", ',a "later" word,')],
    ids=["line by line", "fast", "quotes within a cell"],
)
def test_a_row_comes_to_the_same_in_the_table_at_once_in_a_stage_and_in_a_small_file(
    text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "tickets.csv"
    path.write_text(text, encoding="utf-8")
    small = loaded(path)
    assert books(small[0]) == (8 if "too" in text else 7, 4, 0, 1, 1, 2 if "too" in text else 1)
    monkeypatch.setattr(loading, "LARGE", 0)
    at_once = loaded(path)
    monkeypatch.setattr(cells, "AT_ONCE", 0)
    while_scanned = loaded(path)
    monkeypatch.setattr(file_load, "target_of", lambda connection, staging: STAGE)
    staged = loaded(path)
    assert at_once == while_scanned == staged == small
    assert "23125001" not in repr(small)
    assert "bob" not in repr(small)


def test_many_cores_give_the_rows_faults_and_masked_texts_of_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """12,000 rows of 90 bytes in blocks of 64 KB, which threads share: an e-mail, a phone or a fault in some."""
    path = tmp_path / "tickets.csv"
    texts = ("write to c{}@example.org", "call +49 30 231250{:02}", "all fine", "order 4711{:05}")
    with path.open("w", encoding="utf-8") as file:
        file.write(HEADER)
        for row in range(1, 12_001):
            time = "" if row % 1_000 == 7 else "2026-01-01T00:00:00Z"
            text = texts[row % 4].format(row % 100)
            file.write(f"{row},{time},,{row % 9},c{row % 50}@example.com,{text},red\n")
    monkeypatch.setattr(loading, "LARGE", 0)
    monkeypatch.setattr(cells, "AT_ONCE", 0)
    monkeypatch.setattr(cells, "MAX_LINE", 32 << 10)
    one, four = loaded(path, threads=1), loaded(path, threads=4)
    assert one == four
    assert books(one[0]) == (12_000, 11_988, 0, 0, 0, 12)
    assert [line for line, *_ in one[2]] == [1 + row for row in range(7, 12_001, 1_000)]  # the header is line 1
    told = repr(one[1])
    assert ("@example" in told, "231250" in told, "471100" in told) == (False, False, True)


def test_a_date_written_in_another_way_far_down_is_read_and_leaves_no_row_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "tickets.csv"
    rows = [f"{row},2026-01-01T00:00:00Z,,1,c,text,red\n" for row in range(1, 6001)]
    path.write_text(HEADER + "".join(rows) + "6001,2026-02-01 10:00,,1,c,text,red\n", encoding="utf-8")
    monkeypatch.setattr(loading, "LARGE", 0)
    done, tickets, rejects = loaded(path)
    assert books(done) == (6001, 6001, 0, 0, 0, 0)
    assert ([row[0] for row in tickets], rejects) == (list(range(1, 6002)), [])


def test_a_table_that_has_rows_is_merged_into(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second file has one row of each kind: newer, older, new."""
    first, second = tmp_path / "a.csv", tmp_path / "b.csv"
    row = "{},2026-01-01T00:00:00Z,2026-01-0{}T00:00:00Z,1,c,text,red\n"
    first.write_text(HEADER + row.format(1, 2) + row.format(2, 5), encoding="utf-8")
    second.write_text(HEADER + row.format(1, 3) + row.format(2, 4) + row.format(3, 1), encoding="utf-8")
    monkeypatch.setattr(loading, "LARGE", 0)
    with memory_store() as store:
        done = load(store, [first, second], LoadOptions(key=Key(bytes(32))))
    assert [books(one) for one in done] == [(2, 2, 0, 0, 0, 0), (3, 1, 1, 0, 1, 0)]


@pytest.mark.parametrize("seed", range(5))
def test_of_many_rows_of_one_id_the_same_stays_in_the_table_at_once_and_in_a_stage(
    seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dice = random.Random(seed)
    path = tmp_path / "tickets.csv"
    rows = [
        f"{dice.randint(1, 40)},2026-01-01T00:00:00Z,{dice.choice(['', '2026-01-02', '2026-01-03'])},"
        f"{dice.choice(['', '1', '2', 'few'])},c,{dice.choice(['a', 'b'])},{dice.choice(['', 'red'])}\n"
        for _ in range(300)
    ]
    path.write_text(HEADER + "".join(rows), encoding="utf-8")
    monkeypatch.setattr(loading, "LARGE", 0)
    at_once = loaded(path)
    monkeypatch.setattr(file_load, "target_of", lambda connection, staging: STAGE)
    assert loaded(path) == at_once
    assert at_once[0].loaded == len({row.split(",")[0] for row in rows})


@pytest.mark.parametrize("large", [0, 16 << 20])
def test_one_metric_of_few_rows_has_them_numbered_as_in_the_file(
    large: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "tickets.csv"
    times = ["2026-01-01T00:00:00Z", "", "2026-01-02T00:00:00Z"]
    path.write_text(HEADER + "".join(f"{n},{time},,2,c1,word,red\n" for n, time in enumerate(times, 1)))
    monkeypatch.setattr(loading, "LARGE", large)
    options = LoadOptions(key=Key(bytes(32)), only=frozenset({"tickets"}))
    with memory_store() as store:
        (done,) = load(store, [path], options)
        numbered = store.connection.execute("select ticket_id, source_row from tickets order by all").fetchall()
    assert (done.read, done.loaded, done.rejected) == (3, 2, 1)
    assert numbered == [("1", 1), ("3", 3)]


def test_a_wide_file_of_three_megabytes_is_loaded_in_the_memory_of_a_load(tmp_path: Path) -> None:
    # 300 columns of 5,000 rows, of which 298 are properties of ours: 600 MB were not enough for it
    names = ",".join(f"field {number}" for number in range(298))
    cells = ",".join("x" if number % 3 == 0 else str(number % 7) for number in range(298))
    path = tmp_path / "tickets.csv"
    path.write_text(f"ticket_id,created_at,{names}\n" + "".join(f"{n},2026-01-01,{cells}\n" for n in range(5_000)))
    (done,) = load_into(tmp_path / "t.duckdb", [path], LoadOptions())
    assert (done.read, done.loaded) == (5_000, 5_000)

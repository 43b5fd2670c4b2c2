"""Many small files of the same columns are read as one, and come to what they come to one after the other."""

from __future__ import annotations

import csv
import gzip
import io
import json
from pathlib import Path
from typing import Any

import pytest

from supportkit.errors import DataError
from supportkit.exports import LoadOptions, load, loading
from supportkit.exports.loaded import Loaded
from supportkit.exports.series import read_as_one
from supportkit.store import Store, memory_store
from tests import written_formats

TICKETS = "ticket_id,created_at,customer_id,status,subject\n"
EVENTS = "user_id,occurred_at,step\n"
ORDERS = "order_id,ordered_at,customer_id,amount,sku\n"


def tickets(day: int) -> str:
    rows = [
        f'{day * 10 + n},2026-03-{day:02d} 1{n}:00,c{n}@x.example,open,"call +49 151 2345678{n}, soon"'
        for n in range(5)
    ]
    rows += [f"{day * 10 + 9},no day,,open,x"] if day % 3 == 0 else []
    return TICKETS + "\n".join(rows) + "\n" * (day % 2)


def events(day: int) -> str:
    return EVENTS + "".join(
        f"u{n % 4},2026-03-{day:02d}T10:0{n}:00Z,{'visit' if n % 2 else 'cart'}\n" for n in range(6)
    )


def orders(day: int) -> str:
    return ORDERS + "".join(f"{day * 10 + n // 2},2026-03-{day:02d},c{n // 2},{n}.50,s{n}\n" for n in range(6))


MAKERS = {"tickets": tickets, "events": events, "orders": orders}


def folder_of(path: Path, texts: list[str]) -> Path:
    path.mkdir()
    for number, text in enumerate(texts, 1):
        (path / f"day{number:02d}.csv").write_text(text, encoding="utf-8")
    return path


def kept(store: Store, *, passing: bool) -> dict[str, Any]:
    """All rows; in a store made for one metric without what they are known by, which those of one file have not."""
    tables = ("tickets", "messages", "orders", "order_lines", "surveys", "events", "loads", "rejects", "property_names")
    run = store.connection.execute
    left_out = {"loads": "exclude (loaded_at)", "property_names": "", "rejects": ""}
    usual = f"exclude (loaded_at{', content_hash, occurrence' if passing else ''})"
    return {
        name: run(f"select * {left_out.get(name, usual)} from main.{name} order by all").fetchall() for name in tables
    }


def both(
    folder: Path, monkeypatch: pytest.MonkeyPatch, *more: Path, only: frozenset[str] | None = None
) -> tuple[list[Loaded], dict[str, Any], bool]:
    """The outcome and what is kept of a load of a folder as a series, which must be that of one after the other; and
    whether it was read as one. For one metric, of `only` some tables, nobody writes down what was refused."""
    read: list[int] = []
    as_one = read_as_one.load_series

    def counted(*given: Any) -> list[Loaded]:
        done = as_one(*given)
        read.append(len(done))
        return done

    found = []
    for fewest in (loading.FEWEST, 1_000):
        with monkeypatch.context() as patch, memory_store() as store:
            patch.setattr(read_as_one, "load_series", counted)
            patch.setattr(loading, "FEWEST", fewest)
            for before in more:
                load(store, [before], LoadOptions())
            outcome = load(store, [folder], LoadOptions(only=only))
            found.append((outcome, kept(store, passing=only is not None)))
    together, alone = found
    plain = [[one._replace(seconds=0.0, notes=(), words=(), read_again=()) for one in outcome] for outcome, _ in found]
    assert plain[0] == plain[1]
    assert together[1] == alone[1]
    return together[0], together[1], bool(read)


@pytest.mark.parametrize(("name", "large"), [*((name, 16 << 20) for name in MAKERS), ("tickets", 0), ("events", 0)])
def test_files_of_a_series_come_to_what_they_come_to_alone(
    name: str, large: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loading, "LARGE", large)  # from there on rows may lie in their table at once
    folder = folder_of(tmp_path / "days", [MAKERS[name](day) for day in range(1, 13)])
    outcome, rows, as_one = both(folder, monkeypatch)
    assert as_one
    assert len(outcome) == 12
    assert all(one.loaded for one in outcome)
    tables = frozenset({"tickets", "events", "orders"})
    assert both(folder, monkeypatch, only=tables)[2]
    if name == "tickets":  # the sixth and last row of every third file has no day
        assert [(file, line) for _, file, line, *_ in rows["rejects"]] == [
            (f"day{n:02d}.csv", 7) for n in (3, 6, 9, 12)
        ]
        assert "23456" not in str(rows)
        assert outcome[0].notes[0].startswith("read as one with the 11 files below")


def test_what_a_series_cannot_be_is_loaded_one_by_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    changed = tickets(3).replace("open", "solved", 1)  # the rows of a file before, with one cell changed
    dated = "ticket_id,created_at,updated_at,status\n"
    texts = {
        "an id in two files": [dated + f"{n % 9},2026-03-01,2026-03-{n:02d},open\n" for n in range(1, 13)],
        "another header": [*(tickets(day) for day in range(1, 5)), EVENTS + "u,2026-03-01,visit\n"],
        "a broken row": [*(tickets(day) for day in range(1, 12)), TICKETS + '1,2026-03-01,"x" y,open\n'],
        "a row too short": [*(tickets(day) for day in range(1, 12)), TICKETS + "1,2026-03-01\n"],
        "no UTF-8": [*(tickets(day) for day in range(1, 12)), "\N{REPLACEMENT CHARACTER}"],
    }
    assert changed
    for name, files in texts.items():
        folder = folder_of(tmp_path / name.replace(" ", "_"), files)
        if name == "no UTF-8":
            (folder / "day12.csv").write_bytes(
                TICKETS.encode() + "120,2026-03-01,,open,Größe falsch\n".encode("cp1252")
            )
        outcome, _, _ = both(folder, monkeypatch)
        assert len(outcome) == len(files)
        both(folder, monkeypatch, only=frozenset({"tickets"}))


def test_files_that_were_read_before_or_are_there_twice_bring_nothing_new(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = folder_of(tmp_path / "days", [tickets(day) for day in range(1, 11)])
    (folder / "latest.csv").symlink_to("day10.csv")
    outcome, rows, as_one = both(folder, monkeypatch, folder / "day02.csv", folder / "day05.csv")
    assert as_one
    assert [one.file for one in outcome if not one.loaded] == ["day02.csv", "day05.csv", "latest.csv"]
    assert len(rows["loads"]) == 10


def test_a_header_alone_and_other_line_ends_have_their_place_in_a_series(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = folder_of(tmp_path / "days", [tickets(day) for day in range(1, 9)])
    (folder / "day04.csv").write_text(TICKETS)
    outcome, _, as_one = both(folder, monkeypatch)
    assert (as_one, outcome[3].read) == (True, 0)
    (folder / "day05.csv").write_bytes(tickets(5).replace("\n", "\r\n").encode())
    outcome, rows, times = loads_of(folder, monkeypatch, loading.FEWEST)
    assert (outcome[4].loaded, times) == (5, 1)
    assert (outcome, rows) == loads_of(folder, monkeypatch, 1_000)[:2]


def as_objects(day: int) -> list[dict[str, str]]:
    return [dict(row) for row in csv.DictReader(io.StringIO(tickets(day)))]


WRITTEN = {
    "day.csv": lambda day: tickets(day).replace("\n", "\r\n").encode(),
    "day.csv.gz": lambda day: gzip.compress(tickets(day).encode(), mtime=0),
    "day.json": lambda day: json.dumps(as_objects(day)).encode(),
    "day.ndjson": lambda day: "\n".join(map(json.dumps, as_objects(day))).encode(),
}


@pytest.mark.parametrize("name", WRITTEN)
def test_files_of_every_kind_are_read_as_one(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "days"
    folder.mkdir()
    for day in range(1, 13):
        (folder / f"{day:02d}{name}").write_bytes(WRITTEN[name](day))
    outcome, _, as_one = both(folder, monkeypatch)
    assert as_one
    assert [one.read for one in outcome] == [5 + (day % 3 == 0) for day in range(1, 13)]
    assert both(folder, monkeypatch, only=frozenset({"tickets"}))[2]


def in_turn(path: Path, *, odd: str = "") -> Path:
    """A folder of two exports a day, and one of a kind of its own."""
    path.mkdir()
    for day in range(1, 13):
        (path / f"2026-03-{day:02d}-events.csv").write_text(events(day))
        (path / f"2026-03-{day:02d}-tickets.csv").write_text(tickets(day))
    (path / "2026-03-05-late.csv").write_text(odd or "ticket_id,created_at,priority\n9999,2026-03-05,high\n")
    return path


def loads_of(
    folder: Path, monkeypatch: pytest.MonkeyPatch, fewest: int, only: frozenset[str] | None = None
) -> tuple[list[Loaded], dict[str, Any], int]:
    """The outcome, all rows but for the numbers of their loads, and how many times files were read as one."""
    times: list[int] = []
    as_one = read_as_one.load_series

    def counted(*given: Any) -> list[Loaded]:
        done = as_one(*given)
        times.append(len(done))
        return done

    with monkeypatch.context() as patch, memory_store() as store:
        patch.setattr(read_as_one, "load_series", counted)
        patch.setattr(loading, "FEWEST", fewest)
        done = load(store, [folder], LoadOptions(only=only))
        outcome = [one._replace(seconds=0.0, notes=(), words=(), load_id=0) for one in done]
        rows = kept(store, passing=only is not None)
        names = {
            table: [row[0] for row in store.connection.execute(f"describe main.{table}").fetchall()] for table in rows
        }
    for table, found in rows.items():
        left_out = ("loaded_at",) if only is None else ("loaded_at", "content_hash", "occurrence")
        columns = [name for name in names[table] if name not in left_out]
        places = [n for n, name in enumerate(columns) if not name.endswith(("load_id", "file_id"))]
        rows[table] = sorted(tuple(map(str, (row[n] for n in places))) for row in found)
    return outcome, rows, len(times)


def test_exports_that_stand_in_turn_are_put_together_by_their_kind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = in_turn(tmp_path / "days")
    outcome, rows, times = loads_of(folder, monkeypatch, loading.FEWEST)
    assert times == 2
    assert [one.file for one in outcome] == sorted(path.name for path in folder.iterdir())
    assert (outcome, rows) == loads_of(folder, monkeypatch, 1_000)[:2]


def test_exports_in_turn_are_put_together_for_one_metric_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = in_turn(tmp_path / "days")
    both_tables = frozenset({"tickets", "events"})
    outcome, rows, times = loads_of(folder, monkeypatch, loading.FEWEST, both_tables)
    assert times == 2
    assert (outcome, rows) == loads_of(folder, monkeypatch, 1_000, both_tables)[:2]
    assert len(rows["tickets"]) == 61


def test_one_broken_file_is_loaded_alone_and_the_others_as_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = TICKETS + '1,2026-03-01,,open,"a, b"\n2,2026-03-01,,open,"x\n'
    folder = folder_of(tmp_path / "days", [*(tickets(day) for day in range(1, 12)), broken])
    outcome, rows, as_one = both(folder, monkeypatch)
    assert as_one
    assert (outcome[-1].loaded, outcome[-1].rejected) == (1, 1)
    assert rows["rejects"][-1][1:3] == ("day12.csv", 3)


@pytest.mark.parametrize("only", [None, frozenset({"tickets", "events"})])
def test_a_row_that_two_kinds_have_is_told_of_in_the_order_of_the_files(
    only: frozenset[str] | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    late = "ticket_id,created_at,status\n72,2026-03-07,solved\n"  # which a later file of the series has open
    folder = in_turn(tmp_path / "days", odd=late)
    told = []
    for fewest in (loading.FEWEST, 1_000):
        with pytest.raises(DataError) as refused:
            loads_of(folder, monkeypatch, fewest, only)
        told.append(refused.value.message)
    assert told[0] == told[1]
    assert "both have ticket_id 72" in told[0]


@pytest.mark.parametrize("form", ["xlsx", "ods", "parquet", "sqlite"])
def test_small_workbooks_and_tables_come_to_what_they_come_to_alone(
    form: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, rows = tmp_path / "days", written_formats.tickets(40)
    folder.mkdir()
    for day in range(10):
        written_formats.WRITERS[form](folder / f"{day:02d}.{form}", rows[4 * day : 4 * day + 4])
    outcome, _, as_one = both(folder, monkeypatch)
    assert as_one
    assert [one.loaded for one in outcome] == [4] * 10

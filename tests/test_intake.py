"""What comes out of a file: every byte accounted for, whatever is in it."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from supportkit.errors import DataError, NotAnExportError
from supportkit.exports.reading.byte_scan import scan
from supportkit.exports.reading.cells import Cells, find_layout, read_cells
from supportkit.exports.reading.encodings import detect_encoding
from supportkit.exports.reading.files import Limits, OpenExport, open_export
from supportkit.exports.reading.lines import read_lines
from supportkit.exports.reading.records import read_records
from supportkit.exports.reading.row_shape import Shape
from supportkit.exports.reading.signs import Dialect
from supportkit.exports.recognising.load_options import LoadOptions
from supportkit.exports.recognising.recognised import Recognised
from supportkit.exports.recognising.recognised_file import recognise_file
from tests.hostile import CASES, Case

duckdb = pytest.importorskip("duckdb")


@cache
def database() -> Any:
    """One database for every file that is read."""
    return duckdb.connect()


@contextmanager
def cells_of(path: Path) -> Iterator[tuple[Cells | None, list[tuple[str, ...]]]]:
    """The cells of a file and their values in order, None as empty text."""
    connection = database()
    with open_export(path) as export:
        encoding, layout = find_layout(export)
        if layout is None:
            yield None, []
            return
        with read_cells(connection, export, encoding, layout) as cells:
            columns = ", ".join(f"coalesce(c{place}, '')" for place in range(cells.layout.width))
            yield cells, connection.execute(f"select {columns} from {cells.relation}", cells.parameters).fetchall()


def recognised(export: OpenExport) -> Recognised:
    """What a file is by its header."""
    _, layout = find_layout(export)
    assert layout is not None
    return recognise_file(export, layout, LoadOptions())


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_hostile_file_is_accounted_for(case: Case, tmp_path: Path) -> None:
    if "zstd" in case.name:
        pytest.importorskip("backports.zstd", reason="zstd is in the standard library from Python 3.14 only")
    path = tmp_path / case.filename
    path.write_bytes(case.make())
    if case.error:
        with pytest.raises(DataError, match=case.error), open_export(path):
            pass
        return
    with cells_of(path) as (cells, rows):
        if cells is None:
            assert (case.rows, case.names) == (0, ())
            return
        assert cells.layout.names == case.names
        assert len(rows) == cells.rows == case.rows
        assert tuple(piece.line for piece in cells.refused) == case.refused
        assert cells.blank == case.blank
        assert cells.read == case.rows + len(case.refused)
        for (place, column), text in case.cells.items():
            assert rows[place][column] == text


def test_there_are_at_least_57_kinds() -> None:
    assert len({case.name for case in CASES}) == len(CASES) >= 57


_texts = st.text(alphabet='ab1 ,;"\n\r\t|é\x00\x1aж', max_size=60)
_bytes = st.binary(max_size=80) | _texts.map(str.encode) | _texts.map(lambda t: t.encode("utf-16"))


@settings(max_examples=600, deadline=None)
@given(
    _bytes, st.sampled_from([Dialect(), Dialect(";"), Dialect(",", escape="\\"), Dialect(",", "'")]), st.integers(1, 4)
)
def test_raw_spans_concatenate_to_the_file(data: bytes, dialect: Dialect, width: int) -> None:
    file = BytesIO(data)
    records = list(read_records(read_lines(file, detect_encoding(file)), dialect, Shape(width)))
    assert b"".join(data[r.start : r.start + r.length] for r in records) == data
    starts = [r.start for r in records]
    assert starts == sorted(starts)
    assert all(r.kind != "row" or len(r.cells) == width for r in records)
    assert all(bool(r.reason) == (r.kind == "rejected") for r in records)


_cells = st.text(alphabet='ab1 ,"\né', max_size=6)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(_cells, _cells, _cells), min_size=1, max_size=8))
def test_well_formed_rows_come_back_as_written(rows: list[tuple[str, str, str]]) -> None:
    import csv
    import io

    target = io.StringIO(newline="")
    csv.writer(target, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows(rows)
    file = BytesIO(target.getvalue().encode())
    records = list(read_records(read_lines(file, detect_encoding(file)), Dialect(), Shape(3)))
    assert [tuple(r.cells) for r in records if r.kind == "row"] == rows
    assert scan(file, 0).records == len(rows)


@settings(max_examples=100, deadline=None)
@given(body=st.lists(st.text(alphabet='a1 ,"', max_size=12), min_size=1, max_size=6))
def test_the_fast_path_gives_what_the_careful_path_gives(
    body: list[str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("fast") / "export.csv"
    plain = "".join(f"{n},b,c\n" for n in range(30))
    path.write_text("x,y,z\n" + plain + "\n".join(body) + "\n")
    with cells_of(path) as (cells, rows):
        assert cells is not None
        if cells.placed:
            return
        file = BytesIO(path.read_bytes())
        records = list(read_records(read_lines(file, detect_encoding(file)), Dialect(), Shape(3)))[1:]
        careful = [tuple(cell.lstrip(" ") for cell in r.cells) for r in records if r.kind == "row"]
        assert [tuple(cell.lstrip(" ") for cell in row) for row in rows] == careful  # blanks after a delimiter
        assert not [r for r in records if r.kind == "rejected"]


@pytest.mark.parametrize("title", ["1", "-"])
@pytest.mark.parametrize("names", [("", "a", ","), ("-", "a", "é")])
def test_what_has_no_letters_is_no_title_and_no_name_of_another_table(
    title: str, names: tuple[str, str, str], tmp_path: Path
) -> None:
    rows = [("x", "y", "z"), (title, "", ""), names, *[("1", "2", "3")] * 9]
    path = tmp_path / "export.csv"
    path.write_bytes("".join(",".join(f'"{cell}"' for cell in row) + "\r\r\n" for row in rows).encode())
    with cells_of(path) as (cells, found):
        assert cells is not None
        assert cells.refused == []
        assert found == rows[1:]


CELL = st.text(alphabet='ab1 ,"\r\né', max_size=5)


@settings(max_examples=150, deadline=None)
@given(
    rows=st.lists(
        st.tuples(CELL.map("1".__add__), CELL, CELL),  # a row that begins with a figure is no header of another table
        min_size=1,
        max_size=6,
    ),
    end=st.sampled_from(["\n", "\r\n", "\r\r\n", "\r"]),
)
def test_cells_in_quotes_come_back_whatever_ends_the_lines(
    rows: list[tuple[str, str, str]], end: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    quoted = [",".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in [("x", "y", "z"), *rows]]
    path = tmp_path_factory.mktemp("ends") / "export.csv"
    path.write_bytes((end.join([*quoted, *["1,2,3"] * 9]) + end).encode())
    with cells_of(path) as (cells, found):
        assert cells is not None
        assert cells.refused == []
        assert found == [*rows, *[("1", "2", "3")] * 9]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ('id,created,"a"b\n1,2026-03-01,x\n2,2026-03-02,y\n', "line 1, column 14"),
        ('id;created;"a"b\n1;2026-03-01;x\n2;2026-03-02;y\n', "line 1, column 14"),
        ('id,"a,created\n1,x,2026-03-01\n2,y,2026-03-02\n', "line 1, column 4"),
        ('"id,created,a\n1,2026-03-01,x\n2,2026-03-02,y\n', "line 1, column 1"),
        ('id,created,"a"b\n', "line 1, column 14"),
        ('id,name,"a"b\nx,anna,late\ny,otto,late\n', "line 1, column 11"),
        ('Report of May\n\nid,created,"a"b\n1,2026-03-01,x\n2,2026-03-02,y\n', "line 3, column 14"),
        ('sep=;\nid;created; "a"b\n1;2026-03-01;x\n2;2026-03-02;y\n', "line 2, column 15"),
        ('id,"a""b","c" d\n1,2026-03-01,x\n2,2026-03-02,y\n', "line 1, column 13"),
    ],
)
def test_a_header_that_breaks_the_rules_is_told_with_its_place(text: str, place: str, tmp_path: Path) -> None:
    path = tmp_path / "tickets.csv"
    path.write_text(text, encoding="utf-8")
    with open_export(path) as export, pytest.raises(NotAnExportError) as told:
        recognised(export)
    assert f"{place}: the header cannot be read: a quote" in told.value.message
    assert "write a quote as two" in told.value.hint


def test_a_header_with_another_number_of_cells_than_all_rows_is_told_and_no_row_is_lost(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_text("order_id,ordered_at,amount\n" + "1,2026-03-01,10,50\n" * 4)
    with cells_of(path) as (cells, rows):
        assert cells is not None
        assert (len(rows), [piece.line for piece in cells.refused]) == (4, [1])
    with open_export(path) as export, pytest.raises(NotAnExportError, match="3 cells where the rows have 4") as told:
        recognised(export)
    assert "line 1: the header cannot be read" in told.value.message


@pytest.mark.parametrize(
    ("text", "names", "loaded", "refused"),
    [
        # two good rows, eleven with a comma in a text: the header is not overruled by the width of most
        (
            "ticket_id,created_at,subject\n" + "1,2026-03-01,late\n" * 2 + "3,2026-03-02,late, again\n" * 11,
            ("ticket_id", "created_at", "subject"),
            2,
            [*range(4, 15)],
        ),
        # the words of a row under five headers, and one cell more: nothing is dropped
        (
            "id,created,a,b,c\n1,2026-03-01,x,open,low\n2,2026-01-02,,open,low,\n",
            ("id", "created", "a", "b", "c"),
            1,
            [3],
        ),
        # a quote that closes in another cell than it opens in
        (
            'id,created,a,b,c\n1,2026-03-01,5" screen,x,y\n2,2026-01-02,9"Sofa, red","Too late",x\n',
            ("id", "created", "a", "b", "c"),
            1,
            [3],
        ),
        # the words of a title are as many as the columns
        ("id created score\n" + "1 2026-03-01 5\n" * 9 + "all rows counted\n", ("id", "created", "score"), 9, [11]),
        # three rows above that have cells, one that has none
        ("Shop,Anna\nTo,Otto\nAll\nid,a,b,c\n1,x,y,2\n2,x,y,3\n", ("id", "a", "b", "c"), 2, [1, 2]),
        # two lines of a text that is broken by an apostrophe, of a file in single quotes with one double quote
        ("id,a,b\n1,'x, y','5\" z'\n2,'x','it's, so'\n3,'a','b'\n", ("id", "a", "b"), 2, [3]),
    ],
)
def test_a_row_is_loaded_in_its_columns_or_rejected(
    text: str, names: tuple[str, ...], loaded: int, refused: list[int], tmp_path: Path
) -> None:
    path = tmp_path / "export.csv"
    path.write_text(text)
    with cells_of(path) as (cells, rows):
        assert cells is not None
        assert (cells.layout.names, len(rows)) == (names, loaded)
        assert [piece.line for piece in cells.refused] == refused


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ('The "best" of May\n' + 'The "best"x of "May\nid,created\n1,2026-03-01\n2,2026-03-02\n', ("id", "created")),
        ('1,2026-03-01,"a"b\n2,2026-03-02,x\n3,2026-03-03,y\n', ("column_1", "column_2", "column_3")),
        ('id,created,a\n1,2026-03-01,"a"b\n3,2026-03-03,y\n', ("id", "created", "a")),
    ],
)
def test_a_broken_line_that_is_no_header_is_preamble_or_a_refused_row(
    text: str, names: tuple[str, ...], tmp_path: Path
) -> None:
    path = tmp_path / "tickets.csv"
    path.write_text(text, encoding="utf-8")
    with open_export(path) as export:
        layout = find_layout(export)[1]
    assert layout is not None
    assert layout.names == names


def test_a_file_that_changes_while_it_is_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    path.write_text("a,b\n1,2\n")
    with pytest.raises(DataError, match="changed while it was read"), open_export(path):
        path.write_text("a,b\n1,2\n3,4\n")


def test_a_link_to_nothing_a_folder_and_a_missing_file_are_named(tmp_path: Path) -> None:
    link = tmp_path / "link.csv"
    link.symlink_to(tmp_path / "none.csv")
    for path, words in (
        (link, "symbolic link"),
        (tmp_path, "not a regular file"),
        (tmp_path / "no.csv", "no such file"),
    ):
        with pytest.raises(DataError, match=words), open_export(path):
            pass


def test_an_archive_may_not_grow_past_its_limit(tmp_path: Path) -> None:
    import gzip

    path = tmp_path / "export.csv.gz"
    path.write_bytes(gzip.compress(b"a,b\n" * 1000))
    with pytest.raises(DataError, match="more than 1,000 bytes"), open_export(path, limits=Limits(unpacked=1000)):
        pass


def test_unpacked_bytes_have_no_name_on_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import gzip
    import tempfile

    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    (tmp_path / "temporary").mkdir()
    path = tmp_path / "export.csv.gz"
    path.write_bytes(gzip.compress(b"a,b\n1,2\n"))
    with cells_of(path) as (cells, rows):
        assert cells is not None
        assert rows == [("1", "2")]
        assert list((tmp_path / "temporary").iterdir()) == []


def test_line_numbers_are_physical(tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    path.write_text('a,b\n1,"x\ny\nz"\n2,ok\nbroken\n3,ok\n')
    with cells_of(path) as (cells, rows):
        assert cells is not None
        assert [r[0] for r in rows] == ["1", "2", "3"]
        # the record of lines 2..4 ends in line 4, so that the broken one is line 6
        assert [
            (piece.line, path.read_bytes()[piece.start : piece.start + piece.length]) for piece in cells.refused
        ] == [(6, b"broken\n")]


def test_the_fast_path_needs_no_careful_reading_of_a_clean_file(tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    path.write_text("a,b\n" + '1,"x, ""y""\nz"\n' * 1000)
    with cells_of(path) as (cells, rows):
        assert cells is not None
        assert not cells.placed
        assert set(rows) == {("1", 'x, "y"\nz')}
        assert len(list(itertools.islice(rows, 2000))) == 1000

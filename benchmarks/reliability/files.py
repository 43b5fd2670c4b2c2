"""Broken files: the hostile kinds of the tests, and generated pollutions of the kinds of the Pollock benchmark.

Pollock (Vitagliano, Hameed, Jiang, Reisener, Wu & Naumann, VLDB 2023) changes one thing at a time in a clean file: its
encoding, its delimiters, its header, what stands above and below it, or one row. Here it is done to a table of our
own, and what is counted is not a likeness but loss: rows that were not touched and do not come back as written, and
records of which the accounts say nothing.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.hostile import CASES, Case

from benchmarks.reliability.part import Line
from supportkit.errors import DataError
from supportkit.exports.reading.cells import Cells, find_layout, read_cells
from supportkit.exports.reading.files import open_export

ROWS = 40
COLUMNS = ("id", "created", "customer", "subject", "text", "price")


@dataclass(frozen=True)
class Polluted:
    """A file, the rows that were not touched, and how many records it has below the header."""

    name: str
    data: bytes
    untouched: tuple[tuple[str, ...], ...]
    records: int


def clean() -> list[tuple[str, ...]]:
    """Forty rows with commas, quotes, umlauts and empty cells, none with a line break."""
    words = ["parcel, late", 'the "blue" one', "Größe falsch", "где заказ", "", "x"]
    return [
        (f"T{n}", f"2026-01-{n % 28 + 1:02d}", f"C{n % 7}", words[n % 6], f"row {n} of the text", f"{n}.50")
        for n in range(1, ROWS + 1)
    ]


def _line(cells: tuple[str, ...], delimiter: str = ",", quote: str = '"') -> str:
    return delimiter.join(
        f"{quote}{cell.replace(quote, quote * 2)}{quote}" if quote in cell or delimiter in cell or '"' in cell else cell
        for cell in cells
    )


def pollutions() -> Iterator[Polluted]:
    """One pollution a file: of the whole file, and of each row in turn."""
    rows = clean()
    whole = tuple(rows)
    plain = [_line(COLUMNS), *map(_line, rows)]

    def made(name: str, lines: list[str], end: str = "\n", encoding: str = "utf-8", last: bool = True) -> Polluted:
        return Polluted(name, (end.join(lines) + (end if last else "")).encode(encoding), whole, ROWS)

    for end, name in (("\n", "LF"), ("\r\n", "CRLF"), ("\r", "CR")):
        for encoding in ("utf-8", "utf-8-sig", "utf-16", "utf-16-be"):
            yield made(f"record delimiter {name}, {encoding}", plain, end, encoding)
    yield made("no final line end", plain, last=False)
    for delimiter in (";", "\t", "|"):
        yield made(f"field delimiter {delimiter!r}", [_line(row, delimiter) for row in (COLUMNS, *rows)])
    every = ['"' + '","'.join(c.replace('"', '""') for c in row) + '"' for row in (COLUMNS, *rows)]
    yield made("every field quoted", every)
    for count in (1, 2, 3):
        yield made(f"{count} lines above the header", [*["Report of the shop"] * count, *plain])
        yield made(f"{count} blank lines at the end", [*plain, *[""] * count])
        yield made(f"{count} blank lines above", [*[""] * count, *plain])
    yield made("a column name twice", [plain[0].replace("subject", "text"), *plain[1:]])
    yield made("an empty column name", [plain[0].replace("customer", ""), *plain[1:]])
    yield made("a quoted header", [",".join(f'"{name}"' for name in COLUMNS), *plain[1:]])
    for number in range(1, ROWS + 1):
        rest = tuple(row for n, row in enumerate(rows, 1) if n != number)
        for name, text in _row_pollutions(rows[number - 1]):
            lines = [*plain[:number], text, *plain[number + 1 :]]
            yield Polluted(f"{name}, row {number}", ("\n".join(lines) + "\n").encode(), rest, ROWS)


def _row_pollutions(row: tuple[str, ...]) -> list[tuple[str, str]]:
    line = _line(row)
    return [
        ("a field too few", _line(row[:-1])),
        ("a field too many", line + ",extra"),
        ("two fields too many", line + ",,"),
        ("an unclosed quote", _line(row[:3]) + ',"' + ",".join(("open", *row[4:]))),
        ("a quote inside a field", ",".join((*row[:3], 'a 5" screen', *row[4:]))),
        ("a quote after a quoted field", ",".join((*row[:3], '"said "so" twice"', *row[4:]))),
        ("a backslash before a quote", ",".join((*row[:3], '"say \\"so\\""', *row[4:]))),
        ("another delimiter", ";".join(row)),
        ("an empty row of delimiters", "," * (len(row) - 1)),
        ("a line break in a quoted field", _line((*row[:3], "x", *row[4:])).replace(",x,", ',"two\nlines",')),
        ("a CRLF at its end", line + "\r"),
        ("a NUL byte", _line((*row[:4], "a\0b", row[5]))),
        ("cut in half", line[: len(line) // 2]),
    ]


@contextmanager
def cells_of(path: Path) -> Iterator[tuple[Cells | None, list[tuple[str, ...]]]]:
    """The cells of a file and their values in order, None as empty text."""
    import duckdb

    with duckdb.connect() as connection, open_export(path) as export:
        encoding, layout = find_layout(export)
        if layout is None:
            yield None, []
            return
        with read_cells(connection, export, encoding, layout) as cells:
            columns = ", ".join(f"coalesce(c{place}, '')" for place in range(cells.layout.width))
            yield cells, connection.execute(f"select {columns} from {cells.relation}", cells.parameters).fetchall()


def hostile() -> list[Line]:
    """The hostile kinds: rows, refused lines, blank lines, names and cells as worked out by hand."""
    right, wrong, skipped = 0, [], 0
    with tempfile.TemporaryDirectory() as name:
        for case in CASES:
            try:
                right += _is_right(case, Path(name) / case.filename)
            except ImportError:
                skipped += 1
            except AssertionError:
                wrong.append(case.name)
    tried = len(CASES) - skipped
    note = f", {skipped} not tried (zstd needs Python 3.14 or backports.zstd)" if skipped else ""
    return [
        Line(
            "hostile kinds with every row, line and cell as expected",
            f"{right} of {tried}{note}",
            str(tried),
            right == tried,
        ),
        *(Line(f"  {name}", "wrong", "", False) for name in wrong),
    ]


def _is_right(case: Case, path: Path) -> bool:
    if "zstd" in case.name:
        import backports.zstd  # type: ignore[import-not-found,unused-ignore]  # noqa: F401
    path.write_bytes(case.make())
    if case.error:
        try:
            with open_export(path):
                return False
        except DataError as error:
            return case.error in error.message
    with cells_of(path) as (cells, rows):
        if cells is None:
            return (case.rows, case.names) == (0, ())
        assert cells.layout.names == case.names
        assert len(rows) == case.rows
        assert tuple(piece.line for piece in cells.refused) == case.refused
        assert (cells.blank, cells.read) == (case.blank, case.rows + len(case.refused))
        assert all(rows[row][column] == text for (row, column), text in case.cells.items())
    return True


def pollution() -> list[Line]:
    """The generated pollutions: untouched rows lost, and files whose records are not all accounted for."""
    files = lost = rows = unaccounted = 0
    worst: list[str] = []
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "export.csv"
        for polluted in pollutions():
            path.write_bytes(polluted.data)
            with cells_of(path) as (cells, found):
                there = set(found)
                missing = sum(row not in there for row in polluted.untouched)
                read = cells.read + cells.blank if cells else 0
            files, rows, lost = files + 1, rows + len(polluted.untouched), lost + missing
            short = read < polluted.records
            unaccounted += short
            if missing or short:
                worst.append(f"{polluted.name}: {missing} lost, {read} of {polluted.records} accounted for")
    return [
        Line(f"pollutions, {files} files: untouched rows that do not come back", f"{lost} of {rows:,}", "0", lost == 0),
        Line("  files with records unaccounted for", f"{unaccounted} of {files}", "0", unaccounted == 0),
        *(Line(f"  {text}", "", "", None) for text in worst[:10]),
    ]

"""What the values of a file's columns look like, in its first rows: times, numbers, addresses, words, texts."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING, Final

from supportkit.exports.meanings.currencies import currency
from supportkit.exports.meanings.words import tokens
from supportkit.exports.reading.dialect import Layout
from supportkit.exports.reading.encodings import Encoding
from supportkit.exports.reading.files import OpenExport
from supportkit.exports.reading.lines import read_lines
from supportkit.exports.reading.records import read_records
from supportkit.exports.value_formats.date_formats import DateShape, date_shapes, readable_dates
from supportkit.exports.value_formats.values import NO_DAY
from supportkit.system.named import NamedTuple

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

ROWS: Final = 2_000
_NOTHING: Final = frozenset(
    (
        *(
            "",
            "-",
            "?",
            "n/a",
            "na",
            "null",
            "none",
            "nan",
            "nil",
            "--",
            "#n/a",
            "{}",
            "[]",
            "not set",
            "unset",
        ),
        *("nicht gesetzt", "non défini", "sin definir", "не задано", "не указано"),
    )
)
_NO_DAY: Final = re.compile(f"(?:{NO_DAY})[-0:. /T]*$")
_NUMBER: Final = re.compile(
    r"[(+−-]?\s*(?:([^\W\d_]{1,3}\.?)(?![+−-])|[$€£¥₽₴₹₺₪])?\s*[+−-]?"
    r"\d[\d.,'’ \u00a0\u202f]*(?:[eE][+-]?\d+)?\s*(?:([^\W\d_]{1,3}\.?)|[$€£¥₽₴₹₺₪%])?\)?"
)
_NUMBERED: Final = re.compile(r"[A-Z]{1,2}\d{4,}")
"""The number of a thing with letters before it, as RP70112: rupiahs stand apart."""
_UNITS: Final = frozenset(
    ("s", "sec", "min", "h", "hr", "hrs", "ms", "d", "kg", "g", "m", "km", "cm", "x", "pcs", "шт", "мин")
)
_MORE_THAN_NOUGHT: Final = frozenset("123456789")
_PLAIN: Final = re.compile(r"[+-]?\d+(?:\.\d+)?")
_APART: Final = re.compile(r"\d{1,3}(?:[\u00a0\u202f]\d{3})+")
"""A whole number with its thousands apart, as lists write ids too."""
_WHOLE: Final = re.compile(r"[+-]?\d{1,40}(?:\.0+)?")
EMAIL: Final = re.compile(
    r"(?:[^<>@]*<)?(?!(?:pj)?sips?[:/])[^@\s/;,<>]+@[^@\s/;,:<>]+\.[^\W\d_][\w-]+>?", re.IGNORECASE
)
"""An address of mail, with a name before it or not: those of telephone systems (`sip:201@pbx.example`,
`SIP/201@10.0.0.5`) are nobody's mail."""
WIRE: Final = re.compile(r"[A-Za-z][\w-]*/\S+-[0-9a-f]{4,}(?:;\d)?")
"""The name that a telephone system gives to the wire of a call, a new one each time: `SIP/trunk-0000001a`."""
_CLOCK: Final = re.compile(r"\d{1,2}:\d\d(?::\d\d)?(?: ?[AaPp]\.?[Mm]\.?)?(?: [A-Z]{3,4})?")
_COUNTED: Final = re.compile(r"1\d{9}(?:\d{3}){0,3}")
"""Seconds since 1970, or what they are divided into by thousands."""
_FIGURES: Final = re.compile(r"[+−-]?\d[\d.,:/ \u00a0\u202fT+−-]*Z?")
"""A number, a day or a time in figures alone."""
_FEW_ROWS: Final = 4
_USUAL: Final = 4
"""Cells of most rows, before one alone is the name of a group."""
_TOTALS: Final = frozenset((
    "total", "totals", "subtotal", "summe", "gesamt", "zwischensumme", "итого", "всего", "suma", "totale", "totaal",
    "razem", "toplam",
))  # fmt: skip
_EXPLAINED: Final = 3
"""Columns of figures at least, in which a first row of words is no chance."""
_FIGURE: Final = re.compile(r"9+(?:[.,]9+)?")
_WITH_CLOCK: Final = re.compile(r":|[ t]9{1,2}\.99")
"""A time of day behind a day, as the shapes of dates have it."""
_EARLIEST: Final = {5: 36_526, 9: 946_684_800}
"""The year 2000 in days as spreadsheets count, and in seconds since 1970: a smaller number of as many digits is seldom
a time."""
_LATEST: Final = {5: 60_000}
"""The year 2064 in days: a larger number is rather a code."""


class Shape(NamedTuple):
    """A column's values in the first rows; all but the first four are shares of the cells that are filled.

    `times` are written as times, `ticks` are numbers that may be times; `low` and `high` are of plain numbers.
    `runs` is how often the value of a row is not that of the row before.
    """

    rows: int
    filled: float
    distinct: int
    words: float
    times: float = 0.0
    ticks: float = 0.0
    days: float = 0.0
    clocks: float = 0.0
    numbers: float = 0.0
    whole: float = 0.0
    emails: float = 0.0
    names: float = 0.0
    low: float | None = None
    high: float | None = None
    runs: int = 0
    example: tuple[str, ...] = ()

    @property
    def unique(self) -> bool:
        """Whether no two rows have the same value."""
        return self.distinct == round(self.filled * self.rows)

    @property
    def looks(self) -> str:
        """What the values look like, in words."""
        if not self.filled:
            return "nothing"
        for share, what in ((self.times, "times"), (self.emails, "e-mails"), (self.clocks, "times of day")):
            if share >= 0.8:
                return what
        if self.low is not None and self.high is not None:
            what = f"numbers from {self.low:.12g} to {self.high:.12g}"
            return f"{what}, or times" if self.ticks >= 0.95 else what
        if self.numbers >= 0.9:
            return "numbers"
        if self.words >= 4:
            return f"texts of {self.words:.0f} words"
        return "words, no two alike" if self.unique and self.rows > 1 else f"words, {self.distinct:,} of them"


def is_nothing(cell: str) -> bool:
    """Whether a cell says that there is nothing."""
    return cell.casefold() in _NOTHING or (cell[-1:] in "01" and _NO_DAY.search(cell) is not None)


def sample(export: OpenExport, encoding: Encoding, layout: Layout) -> list[list[str]]:
    """The cells of the first rows of a file, by column."""
    lines = (line for line in read_lines(export.file, encoding) if line.number >= layout.data_line)
    records = (record.cells for record in read_records(lines, layout.dialect, layout.shape) if record.kind == "row")
    rows = [[cell.strip() for cell in row] for row in islice(records, ROWS)]
    rows = _without_headings(rows[1:] if _explains_columns(rows) else rows)
    return [[row[place] for row in rows] for place in range(layout.width)]


def _without_headings(rows: list[list[str]]) -> list[list[str]]:
    """The rows of a report without those between them: the name of a group alone, and its total."""
    filled = [[cell for cell in row if cell] for row in rows]
    usual = sorted(map(len, filled))[len(filled) // 2] if filled else 0
    if usual < _USUAL:
        return rows
    return [
        row
        for row, cells in zip(rows, filled, strict=True)
        if len(cells) >= usual or not (len(cells) == 1 or (cells and _TOTALS.intersection(tokens(cells[0])[:1])))
    ]


def _explains_columns(rows: Sequence[Sequence[str]]) -> bool:
    """Whether the first row says in words what the columns are, as marketplaces write below their header: it has a
    text in each column of numbers and times."""
    if len(rows) < _FEW_ROWS:
        return False
    explained = 0
    for first, *rest in zip(*rows, strict=True):
        cells = [cell for cell in rest if not is_nothing(cell)]
        if cells and all(_begins_as_figure(cell) for cell in cells):
            if not first or any(char.isdigit() for char in first[:1]) or not any(map(str.isalpha, first)):
                return False
            explained += 1
    return explained >= _EXPLAINED


def _begins_as_figure(cell: str) -> bool:
    return _FIGURES.fullmatch(cell) is not None


def is_above_nought(cell: str) -> bool:
    """Whether a cell has a figure other than nought: nothing came back of an order with `0.00`."""
    return not _MORE_THAN_NOUGHT.isdisjoint(cell)


def shapes(columns: Iterable[Sequence[str]], zone: str = "UTC") -> list[Shape]:
    """What each column looks like in a file whose times are of this zone."""
    from supportkit.system.duckdb_engine import duckdb

    with duckdb.connect(config={"threads": 1}) as connection:
        return [_shape(connection, cells, zone) for cells in columns]


def _shape(connection: DuckDBPyConnection, cells: Sequence[str], zone: str) -> Shape:
    filled = [cell for cell in cells if not is_nothing(cell)]
    if not filled:
        return Shape(len(cells), 0.0, 0, 0.0)
    total = len(filled)
    whole = [re.sub(r"\s", "", cell) if _APART.fullmatch(cell) else cell for cell in filled]
    plain = [float(cell) for cell in whole if len(cell) < 40 and _PLAIN.fullmatch(cell)]
    times, ticks, days = _times(connection, filled, zone)
    distinct = dict.fromkeys(filled)
    return Shape(
        len(cells),
        total / len(cells),
        len(distinct),
        sum(len(cell.split()) for cell in filled) / total,
        times,
        ticks,
        days,
        sum(_CLOCK.fullmatch(cell) is not None for cell in filled) / total,
        sum(map(_is_number, filled)) / total,
        sum(_WHOLE.fullmatch(cell) is not None for cell in whole) / total,
        sum(EMAIL.fullmatch(cell) is not None for cell in filled) / total,
        sum(" " in cell and not any(char.isdigit() for char in cell) for cell in filled) / total,
        min(plain) if len(plain) >= 0.9 * total else None,
        max(plain) if len(plain) >= 0.9 * total else None,
        sum(cell != before for cell, before in zip(filled, ["", *filled], strict=False)),
        tuple(islice(distinct, 200)),
    )


def instant_in_utc(cell: str) -> datetime | None:
    """The second that a cell is, written as ISO 8601 without a zone or counted from 1970; None where it is neither."""
    if _COUNTED.fullmatch(cell):
        return datetime.fromtimestamp(int(cell[:10]), UTC).replace(tzinfo=None)
    try:
        found = datetime.fromisoformat(cell.removesuffix("Z"))
    except ValueError:
        return None
    return found.replace(microsecond=0) if found.tzinfo is None else None


def _is_late(shape: DateShape) -> bool:
    """Whether a number is of the year 2000 or later, if it counts time."""
    whole = shape.example.replace(",", ".").split(".")[0]
    return _EARLIEST.get(len(whole), 0) <= int(whole) < _LATEST.get(len(whole), math.inf)


def _is_number(cell: str) -> bool:
    """Whether a cell holds a figure, with a currency before or behind it or a unit behind it; `gut 0` is a text."""
    found = _NUMBER.fullmatch(cell) if len(cell) < 40 else None
    if found is None or _NUMBERED.fullmatch(cell):
        return False
    before, behind = (text.rstrip(".") if text else "" for text in found.groups())
    return (not before or _is_currency(before)) and (not behind or behind.casefold() in _UNITS or _is_currency(behind))


@cache
def _is_currency(word: str) -> bool:
    return word.casefold() == "kr" or currency(word) is not None  # crowns are of several countries


def _times(connection: DuckDBPyConnection, filled: Sequence[str], zone: str) -> tuple[float, float, float]:
    """The shares of times as written, of numbers that may be times, and of times without an hour."""
    likely = [cell for cell in filled if 4 < len(cell) <= 60 and any(char.isdigit() for char in cell)]
    if len(likely) < 0.5 * len(filled):
        return 0.0, 0.0, 0.0
    found = date_shapes(connection, "select unnest(cast($cells as varchar[]))", {"cells": likely})
    written = counted = days = 0
    for shape in found:
        read = readable_dates(shape, zone)
        if _FIGURE.fullmatch(shape.text):
            counted += read if _is_late(shape) else 0
        else:
            written += read
        days += 0 if _WITH_CLOCK.search(shape.text) else read
    return tuple(min(1.0, number / len(filled)) for number in (written, counted, days))  # type: ignore[return-value]

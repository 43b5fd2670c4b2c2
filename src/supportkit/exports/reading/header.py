"""A header that breaks the rules of CSV: which line it is, and where its fault stands.

A broken line above the rows is the header where it has as many cells as they have, by its delimiters, and no figure
stands over figures; else it is a line of preamble, or a row of a file without a header.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from supportkit.exports.reading.dialect import Broken, Layout
from supportkit.exports.reading.header_place import is_data
from supportkit.exports.reading.lines import Line
from supportkit.exports.reading.records import Record, read_records
from supportkit.exports.reading.signs import BLANKS, Dialect, closing

_OTHER: Final = ("[", "{", "<")
"""How files of other kinds begin: JSON, XML, HTML."""


def broken_header(lines: Sequence[Line], layout: Layout | None) -> Broken | None:
    """The broken header of a file that begins with these lines; None where there is none.

    Without a layout, no line could be read: then the first one that is not blank is taken for the header.
    """
    dialect = layout.dialect if layout else Dialect(_delimiter(lines))
    if not lines or dialect.delimiter == BLANKS:
        return None
    begins = layout.data_line if layout else lines[-1].number + 1
    records = list(read_records(iter(lines), dialect))
    below = [record for record in records if record.kind == "row" and record.line >= begins]
    texts = {line.number: line.text or "" for line in lines}
    for record in records:
        text = texts[record.line].rstrip("\r\n")
        if record.kind != "rejected" or record.line >= begins or "quote" not in record.reason:
            continue
        if text[:1] not in _OTHER if layout is None else _is_header(text, layout, below):
            return Broken(record.line, _fault(text, dialect), record.reason, text)
    return None


def _is_header(text: str, layout: Layout, below: Sequence[Record]) -> bool:
    cells = [cell.strip(f"{layout.dialect.quote} ") for cell in text.split(layout.dialect.delimiter)]
    return len(cells) == layout.width > 1 and not is_data(cells, [row.cells for row in below])


def _delimiter(lines: Sequence[Line]) -> str:
    """The delimiter that the first line with a text has most of."""
    text = next((line.text for line in lines if line.text and line.text.strip()), "")
    return max(",;\t|", key=text.count)


def _fault(text: str, dialect: Dialect) -> int:
    """The column, from 1, of the quote at which a line cannot be read on; 1 where it is not one of its quotes."""
    at = 0
    while at < len(text):
        while text[at : at + 1] == " ":
            at += 1
        if text[at : at + 1] == dialect.quote:
            opened = at
            at = closing(text, at + 1, dialect)
            if at == len(text):
                return opened + 1
            if text[at + 1 : at + 2] not in ("", dialect.delimiter):
                return at + 1
        found = text.find(dialect.delimiter, at)
        at = len(text) if found < 0 else found + 1
    return 1

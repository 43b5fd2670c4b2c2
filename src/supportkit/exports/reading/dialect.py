"""The shape of a CSV file, from its first lines: delimiter, quote, what stands above the header, and the header.

The delimiter is the one by which most records have the same number of cells. The header is the first record of that
number; what stands above it is preamble. A first record with numbers or dates where the next ones have them is data:
such a file has no header and its columns are called column_1, column_2 and so on.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field, replace
from itertools import pairwise
from typing import Final

from supportkit.exports.reading.header_place import figure_columns, filled, find_place, is_figure, place_as_said
from supportkit.exports.reading.lines import Line
from supportkit.exports.reading.records import Record, column_names, read_records
from supportkit.exports.reading.row_shape import Shape
from supportkit.exports.reading.signs import BLANKS, Dialect
from supportkit.exports.reading.writing import NO_QUOTE, NOTHING_SAID, Writing
from supportkit.result import numbered
from supportkit.system.frozen import dataclass
from supportkit.system.named import NamedTuple

_DELIMITERS: Final = (",", ";", "\t", "|", "^", "~")
_SEPARATOR_LINE: Final = re.compile(r"sep=(.)\s*", re.IGNORECASE)
ABOVE: Final = "above the header"
_QUOTED: Final = 0.004
"""What speaks for a quote that every row uses: more than what speaks for the usual one."""

_SINGLE: Final = re.compile(r"(?:^|[,;\t|])'[^'\r\n]*'(?=[,;\t|\r\n])", re.MULTILINE)
_IN_FIGURES: Final = 0.5
"""What a delimiter is worth that stands nowhere but in figures."""
_TITLES: Final = 3
"""Rows among which the header is, below titles."""
_IMPORT_ID: Final = '{"ImportId":'
_QUESTION_ID: Final = '"QID'
QUESTIONS: Final = 3
"""Header rows of an export in which each column has a code, a question and an id."""

_CODE: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_.:-]*")
"""How a survey's columns are called above their labels."""
_QUESTION: Final = re.compile(r"[A-Za-z]_?[0-9]")
"""A code with the number of a question in it."""


class Broken(NamedTuple):
    """The physical line of a header, the column of its fault, what is wrong, and its text."""

    line: int
    column: int
    reason: str
    text: str


@dataclass(frozen=True)
class Layout:
    """A file's dialect, its column names, and the line its data begins on.

    `preamble` holds the lines above the header, `headers` the records that make it up (none: the file has no header).
    Where a question of a survey names a column, `codes` are the short names that stand above the questions. Every row
    may end in `surplus` empty cells; records that stand `above` the header are refused; `broken` is a header that
    cannot be read, for which the columns have no names; `header_line` is the physical line of the header, 0 for none.
    """

    dialect: Dialect
    names: tuple[str, ...]
    data_line: int
    headers: tuple[tuple[str, ...], ...] = ()
    preamble: tuple[str, ...] = ()
    simple: bool = field(default=True)
    codes: tuple[str, ...] = ()
    surplus: int = 0
    above: tuple[Record, ...] = ()
    figures: frozenset[int] = frozenset()
    broken: Broken | None = None
    header_line: int = 0

    @property
    def shape(self) -> Shape:
        """What a row of the file must be."""
        return Shape(self.width, self.surplus, self.headers[0] if self.headers else (), self.figures)

    @property
    def width(self) -> int:
        """The number of cells a record must have."""
        return len(self.names)


def detect_layout(lines: Sequence[Line], said: Writing = NOTHING_SAID) -> Layout | None:
    """The layout of a file whose first lines these are, as far as it is not said; None where all of them are blank."""
    stated = _stated_separator(lines)
    begun = [line for line in lines if line.number >= max(said.first_line, 2 if stated else 1)]
    singles = len(_SINGLE.findall("".join(line.text or "" for line in begun)))
    best: tuple[float, Dialect, list[Record]] | None = None
    for dialect in _candidates(begun, said.delimiter or stated, said.quote):
        if best is not None and best[0] > _highest(dialect) + _QUOTED:
            continue
        records = [r for r in read_records(iter(begun), dialect) if r.kind != "blank"]
        score = _score(records, dialect)
        if dialect.quote == "'" and singles >= len(records):
            score += _QUOTED
        if best is None or score > best[0]:
            best = (score, dialect, records)
    if best is None or not any(record.kind == "row" for record in best[2]):
        return None
    layout = _layout(lines, best[1], best[2], said.header)
    skipped = (line.text or "" for line in lines if line.number < said.first_line)
    return replace(layout, preamble=(*(text.rstrip("\r\n") for text in skipped if text.strip()), *layout.preamble))


def stated_header(lines: Sequence[Line]) -> Layout | None:
    """The layout of a file that we wrote, in which the first record is the header; None where it has no column."""
    records = [record for record in read_records(iter(lines[:1]), Dialect()) if record.kind == "row"]
    if not records:
        return None
    header = tuple(records[0].cells)
    names, is_simple = tuple(column_names(list(header))), "\n" not in "".join(header)
    return Layout(Dialect(), names, 2, (header,), simple=is_simple, header_line=1)


def _stated_separator(lines: Sequence[Line]) -> str:
    """Excel's first line `sep=;`."""
    match = _SEPARATOR_LINE.fullmatch(lines[0].text or "") if lines else None
    return match[1] if match else ""


def _candidates(lines: Sequence[Line], delimiter: str, quote: str) -> list[Dialect]:
    """The dialects that may be: of the delimiter and the quote that are said, where they are."""
    text = "".join(line.text or "" for line in lines)
    found = [Dialect(char) for char in ([delimiter] if delimiter else _DELIMITERS) if char in text or delimiter]
    if " " in text and not delimiter:
        found += [Dialect(" "), Dialect(BLANKS)]
    if quote:
        return [dialect._replace(quote="" if quote == NO_QUOTE else quote) for dialect in found or [Dialect()]]
    plain = [dialect for dialect in found if delimiter or not dialect.is_blank]
    if '\\"' in text:
        found += [Dialect(dialect.delimiter, escape="\\") for dialect in plain]
    if _SINGLE.search(text) or ("'" in text and '"' not in text):
        found += [Dialect(dialect.delimiter, quote="'") for dialect in plain]
    if '"' in text:
        found += [Dialect(dialect.delimiter, quote="") for dialect in plain if _has_quotations(text, dialect.delimiter)]
    return found or [Dialect()]


def _has_quotations(text: str, delimiter: str) -> bool:
    """Whether texts begin with a quotation, as `"Access denied" on login`, and no cell stands in quotes as a whole."""
    sign = re.escape(delimiter)
    if not re.search(rf'(?:^|{sign})"[^"\r\n{sign}]+"[ ][^"\s{sign}]', text, re.MULTILINE):
        return False
    whole = rf'(?:^|{sign})"(?:[^"]|"")*"[ ]*(?=[\r\n]|{sign}|\Z)'
    return re.search(whole, text, re.MULTILINE) is None


def _score(records: list[Record], dialect: Dialect) -> float:
    """How well a dialect explains the records: the share that agree on a width above one, less for oddities."""
    if not records:
        return 0.0
    widths = Counter(len(record.cells) for record in records if record.kind == "row")
    if not widths:
        return 0.0
    width, agree = max(widths.items(), key=lambda item: (item[1] * (item[0] > 1), item[0]))
    if width < 2:
        return 0.01
    share = agree / len(records)
    empty = sum(record.cells.count("") for record in records if len(record.cells) == width)
    cells = max(1, agree * width)
    plain = 0.001 * (dialect.quote == '"') + 0.001 * (not dialect.escape)
    oddities = (1.0 - 0.3 * empty / cells) * (1.0 - 0.3 * _cut_in_quotes(records, dialect.quote or '"'))
    oddities *= _IN_FIGURES if dialect.delimiter == "," and _cuts_figures(records) else 1.0
    return share * share * _trust(dialect) * oddities + 0.02 * min(width, 10) / 10 + plain


def _cuts_figures(records: Sequence[Record]) -> bool:
    """Whether all that commas cut are figures, below a header that another delimiter cuts: they are decimal commas."""
    rows = [record.cells for record in records if record.kind == "row"]
    headed = any(len(row) == 1 and any(row[0].count(char) > 1 for char in ";\t|") for row in rows[:_TITLES])
    below = [row for row in rows if len(row) > 1]
    return headed and all(left[-1:].isdigit() and right[:1].isdigit() for row in below for left, right in pairwise(row))


def _cut_in_quotes(records: Sequence[Record], quote: str) -> float:
    """The share of records in which a cell holds half of a pair of quotes: what stands in quotes in the file was taken
    for delimiters, as `"Dalvik (Linux; Android 14)"` at its semicolons."""
    return sum(any(cell.count(quote) % 2 for cell in record.cells) for record in records) / len(records)


def _trust(dialect: Dialect) -> float:
    """Texts have blanks between their words, too."""
    return 0.5 if dialect.is_blank else 1.0


def _highest(dialect: Dialect) -> float:
    """The score of a dialect that explains every record."""
    return _trust(dialect) + 0.02 + 0.002


def _layout(lines: Sequence[Line], dialect: Dialect, records: list[Record], header: int | None) -> Layout:
    rows = [record for record in records if record.kind == "row"]
    cells = [row.cells for row in rows]
    place = find_place(cells) if header is None else place_as_said(cells, headed=header > 0)
    first, body = rows[place.row], rows[place.row + 1 :]
    headers: list[tuple[str, ...]] = []
    names, data_line, is_labelled = _no_names(place.width), first.line, False
    if place.names:
        count = 1 + _more_headers(list(place.names), body)
        taken = rows[place.row : place.row + count]
        headers = [place.names, *(tuple(row.cells) for row in taken[1:])]
        is_labelled = count == 2 and _are_labels(place.names, body)
        names = tuple(column_names(_labelled(headers) if is_labelled else _joined(headers)))
        data_line = _line_after(lines, taken[-1])
    has_codes = is_labelled or len(headers) == QUESTIONS
    codes = tuple(column_names([cell.strip() for cell in headers[0]])) if has_codes else ()
    texts = {line.number: (line.text or "").rstrip("\r\n") for line in lines}
    titles, refused = _above([record for record in records if record.start < first.start], texts, dialect)
    head = "".join(line.text or "" for line in lines if line.number < data_line)
    broken = None
    if place.misfit is not None:
        misfit = rows[place.misfit]
        reason = f"{numbered(len(misfit.cells), 'cell')} where the rows have {place.width}"
        broken = Broken(misfit.line, 1, reason, texts[misfit.line])
    return Layout(
        dialect,
        names,
        data_line,
        tuple(headers),
        titles,
        dialect.quote not in head or _one_line(head),
        codes,
        place.surplus,
        refused,
        figure_columns([row.cells for row in body], place.width + place.surplus),
        broken,
        first.line if headers else 0,
    )


def _no_names(width: int) -> tuple[str, ...]:
    return tuple(f"column_{n}" for n in range(1, width + 1))


def _above(
    records: Sequence[Record], texts: Mapping[int, str], dialect: Dialect
) -> tuple[tuple[str, ...], tuple[Record, ...]]:
    """What stands above the header: titles, as texts, and records with cells, which are refused."""
    titles, refused = [], []
    for record in records:
        if record.kind == "row" and filled(record.cells) > 1:
            refused.append(record._replace(kind="rejected", cells=[], reason=ABOVE))
        elif record.kind == "rejected" and dialect.delimiter in texts[record.line]:
            refused.append(record)
        elif record.kind != "blank":
            titles.append(texts[record.line])
    return tuple(titles), tuple(refused)


def headless(layout: Layout, lines: Sequence[Line], broken: Broken) -> Layout:
    """The layout of a file whose header is broken: its columns have no names, and begin below that line."""
    begun = next(line for line in lines if line.number == broken.line)
    below = next((line.number for line in lines if line.number > broken.line), broken.line + 1)
    record = Record("rejected", broken.line, begun.start, begun.length, [], broken.reason)
    above = tuple(one for one in layout.above if one.line < broken.line)
    return replace(
        layout,
        names=_no_names(layout.width),
        data_line=below,
        headers=(),
        simple=False,
        codes=(),
        above=(*above, record),
        broken=broken,
        header_line=0,
    )


def _one_line(head: str) -> bool:
    """Whether no quoted cell of the lines above the data runs over a line end."""
    return all(line.count('"') % 2 == 0 for line in head.split("\n"))


def _line_after(lines: Sequence[Line], record: Record) -> int:
    end = record.start + record.length
    return next((line.number for line in lines if line.start >= end), lines[-1].number + 1)


def _more_headers(header: list[str], body: list[Record]) -> int:
    """How many header rows follow the first: two of Qualtrics, one of SurveyMonkey, and one of labels of its codes."""
    rows = [record.cells for record in body[:2]]
    if len(rows) > 1 and any(cell.startswith(_IMPORT_ID) for cell in rows[1]):
        return 2
    if rows and any(cell.startswith(_IMPORT_ID) for cell in rows[0]):
        return 1
    if rows and header[0] and not rows[0][0] and len(rows[0]) == len(header):
        blank = [place for place, cell in enumerate(header) if not cell.strip()]
        named = [place for place, cell in enumerate(rows[0]) if cell.strip()]
        if (
            named
            and named[0] > 0
            and (blank or "Response" in rows[0])
            and not any(is_figure(rows[0][p]) for p in named)
        ):
            return 1
    return int(_are_labels(header, body))


def _are_labels(header: Sequence[str], body: Sequence[Record]) -> bool:
    """Whether the first row below a header of codes says in words what each of them is, as that of SoSci Survey does:
    all cells differ, most are of several words, and none is a figure where the rows below have them."""
    codes = [cell.strip() for cell in header if cell.strip()]
    if len(body) < 2 or not all(map(_CODE.fullmatch, codes)) or not any(_QUESTION.search(code) for code in codes):
        return False
    labels = [cell.strip() for cell in body[0].cells if cell.strip()]
    if len(body[0].cells) != len(header) or 5 * len(labels) < 4 * filled(header) or any(map(is_figure, labels)):
        return False
    worded = sum(" " in label and label[0].isalpha() for label in labels)
    return (
        len(set(labels)) == len(labels)
        and 2 * worded >= len(labels)
        and bool(figure_columns([row.cells for row in body[1:]], len(header)))
    )


def _labelled(headers: Sequence[Sequence[str]]) -> list[str]:
    """The label of each question, whose code has its number in it; what else a survey notes is named by its code."""
    named = zip(*([cell.strip() for cell in row] for row in headers), strict=True)
    return [label if label and any(map(str.isdigit, code)) else code for code, label in named]


def _joined(headers: Sequence[Iterable[str]]) -> list[str]:
    """One name a column: the first row's, and where that is blank the question to its left with the choice below; in
    Qualtrics' three rows a question is named by its text, which stands in the second."""
    names = [cell.strip() for cell in headers[0]]
    if len(headers) == QUESTIONS:
        texts, ids = ([" ".join(cell.split()) for cell in row] for row in headers[1:])
        asked = zip(names, texts, ids, strict=False)
        told = [text if text and _QUESTION_ID in where else name for name, text, where in asked]
        return [*told, *names[len(told) :]]
    if len(headers) != 2:
        return names
    below = [cell.strip() for cell in headers[1]]
    question = ""
    joined = []
    for name, choice in zip(names, below, strict=False):
        question = name or question
        plain = not choice or (choice.startswith(("Response", "Open-Ended Response", _IMPORT_ID)) and name)
        joined.append(name if plain else f"{question}: {choice}")
    return joined

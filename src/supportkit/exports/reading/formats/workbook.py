"""The rows of a sheet of a workbook (xlsx, ods): stored values with all their digits, dates as ISO 8601.

Merged cells of a header say their text for each column below: `Customer` over `Name` and `E-mail` makes `Customer Name`
and `Customer E-mail`. Empty rows stay as blank lines, so that a row has the number that it has in the sheet.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from supportkit.errors import DataError
from supportkit.exports.reading.formats import Rows, Source
from supportkit.exports.reading.formats.flat import is_rounded, text_of
from supportkit.exports.reading.formats.sheets import chosen

if TYPE_CHECKING:
    from python_calamine import CalamineSheet, CalamineWorkbook

Area = tuple[tuple[int, int], tuple[int, int]]
"""The first and the last cell of a merged area, as row and column from 0."""
_HEADER: Final = 20
"""Rows from the top in which a header of several rows is looked for."""


@contextmanager
def rows(source: Source) -> Iterator[Rows]:
    """The rows of the only sheet that has any, else of the one asked for. Raises DataError where that is not clear."""
    sheet = _read(source)
    before: list[list[str]] = [[] for _ in range(sheet.start[0])] if sheet.start else []
    stored = list(sheet.iter_rows())
    rounded = Counter(place for row in stored for place, cell in enumerate(row) if is_rounded(cell))
    cells = [*before, *([text_of(cell) for cell in row] for row in stored)]
    while cells and not any(cells[-1]):
        cells.pop()
    width = max((place + 1 for row in cells for place, cell in enumerate(row) if cell), default=0)
    found = [row[:width] if any(row) else [] for row in cells]
    yield Rows(None, iter(_with_one_header(found, _areas(sheet))), rounded)


def _read(source: Source) -> CalamineSheet:
    import python_calamine

    try:
        book = python_calamine.load_workbook(source.file)
        named = {name: book.get_sheet_by_name(name) for name in _sheets(book)}
    except python_calamine.PasswordError as error:
        raise DataError(f"{source.name}: is protected by a password", hint="save it without one") from error
    except BaseException as error:  # what the library cannot read may end in a panic, which is no Exception
        if isinstance(error, KeyboardInterrupt | SystemExit | MemoryError):
            raise
        raise DataError(
            f"{source.name}: the workbook is damaged or cut short: {error}", hint="export or copy it again"
        ) from error
    filled = [name for name, sheet in named.items() if sheet.height > 1]
    return named[chosen(source, "sheet", list(named), filled)]


def _sheets(book: CalamineWorkbook) -> list[str]:
    from python_calamine import SheetTypeEnum

    kinds = {one.name: one.typ for one in book.sheets_metadata}
    return [name for name in book.sheet_names if kinds.get(name) in (None, SheetTypeEnum.WorkSheet)]


def _areas(sheet: CalamineSheet) -> Sequence[Area]:
    found: Any = sheet.merged_cell_ranges
    return found or ()


def _with_one_header(cells: list[list[str]], areas: Sequence[Area]) -> list[list[str]]:
    """The rows with a header of merged cells made one row; a title that is merged over the whole is none."""
    top = next((row for row in range(min(_HEADER, len(cells))) if _is_group_row(cells, areas, row)), None)
    if top is None or top + 1 >= len(cells) or not cells[top + 1]:
        return cells
    upper = list(cells[top])
    for (row, first), (_, last) in areas:
        if row == top:
            upper[first : last + 1] = [upper[first]] * (min(last, len(upper) - 1) - first + 1)
    joined = [
        " ".join(dict.fromkeys(part for part in (above, below) if part))
        for above, below in zip(upper, cells[top + 1], strict=True)
    ]
    return [*cells[:top], [], joined, *cells[top + 2 :]]


def _is_group_row(cells: list[list[str]], areas: Sequence[Area], row: int) -> bool:
    """Whether a row has a cell merged over several columns, beside others, with names below each of these columns."""
    if len([cell for cell in cells[row] if cell]) < 2 or row + 1 >= len(cells) or not cells[row + 1]:
        return False
    wide = [(start, end) for start, end in areas if start[0] == row == end[0] and end[1] > start[1]]
    below = cells[row + 1]
    return bool(wide) and all(all(below[start[1] : min(end[1] + 1, len(below))]) for start, end in wide)

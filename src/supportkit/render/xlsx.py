"""A workbook: a sheet a result, numbers as numbers, text as text, never a formula; links are those of [links] alone."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from supportkit.render import PLAIN, Display
from supportkit.render.escaping import for_terminal
from supportkit.render.headings import heading
from supportkit.render.language import Language
from supportkit.render.links import address_of
from supportkit.render.scope_line import scope_line
from supportkit.result import Result, Value

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

    from supportkit.render.document import Document

FORMATS: Final = {"share": "0.0%", "money": "#,##0.00", "count": "#,##0", "number": "#,##0.0##", "duration": "#,##0"}
LONGEST: Final = 32_000  # characters that a cell takes
LONGEST_ADDRESS: Final = 2_000  # characters
MOST_LINKS: Final = 60_000  # that a sheet takes
MADE: Final = datetime(2000, 1, 1)  # a workbook carries a date of making: a fixed one, so that bytes repeat


def from_results(results: Sequence[Result], display: Display = PLAIN) -> bytes:
    """The results as a workbook."""
    from xlsxwriter import Workbook

    content = io.BytesIO()
    book = Workbook(content, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"created": MADE})
    styles = {kind: book.add_format({"num_format": code}) for kind, code in FORMATS.items()}
    styles["title"] = book.add_format({"bold": True, "font_size": 14})
    styles["head"] = book.add_format({"bold": True, "bottom": 1})
    styles["date"] = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
    styles["day"] = book.add_format({"num_format": "yyyy-mm-dd"})
    for number, result in enumerate(results, 1):
        _sheet(book.add_worksheet(f"{number} {result.metric}"[:31]), result, styles, display.language)
    book.close()
    return content.getvalue()


def from_report(document: Document) -> bytes:
    """The results of a report, whole."""
    return from_results(document.results(), Display(language=document.language))


def _sheet(sheet: Worksheet, result: Result, styles: dict[str, Any], language: Language) -> None:
    """Title, definition, scope, facts, the table and the notes."""
    sheet.write_string(0, 0, _text(result.title), styles["title"])
    sheet.write_string(1, 0, _text(result.definition))
    sheet.write_string(2, 0, _text(scope_line(result.scope, language)))
    line = 4
    for column in result.fact_columns:
        sheet.write_string(line, 0, _text(heading(column.label)))
        _cell(sheet, line, 1, result.facts[column.name], column.kind, styles)
        line += 1
    line += 1
    for place, column in enumerate(result.columns):
        sheet.write_string(line, place, _text(heading(column.label)), styles["head"])
    for number, row in enumerate(result.rows, line + 1):
        for place, (value, column) in enumerate(zip(row, result.columns, strict=True)):
            address = address_of(value, column)
            if address and len(address) <= LONGEST_ADDRESS and number < MOST_LINKS:
                sheet.write_url(number, place, address, string=_text(str(value)))
            else:
                _cell(sheet, number, place, value, column.kind, styles)
    for number, note in enumerate(result.notes, line + len(result.rows) + 2):
        sheet.write_string(number, 0, _text(note))
    sheet.set_column(0, max(len(result.columns) - 1, 1), 16)


def _cell(sheet: Worksheet, line: int, place: int, value: Value, kind: str, styles: dict[str, Any]) -> None:
    if value is None:
        return
    if isinstance(value, bool):
        sheet.write_boolean(line, place, value)
    elif isinstance(value, datetime):
        sheet.write_datetime(line, place, value.replace(tzinfo=None), styles["date"])
    elif isinstance(value, date):
        sheet.write_datetime(line, place, datetime(value.year, value.month, value.day), styles["day"])
    elif isinstance(value, int | float | Decimal):
        sheet.write_number(line, place, float(value), styles.get(kind))
    else:
        sheet.write_string(line, place, _text(value))


def _text(text: str) -> str:
    return for_terminal(text)[:LONGEST]

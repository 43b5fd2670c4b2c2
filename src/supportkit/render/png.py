"""PNG: the picture of a result as a file."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from supportkit.render import PLAIN, Display
from supportkit.render.charts import first_picture
from supportkit.render.document import Document
from supportkit.render.drawing import png_bytes
from supportkit.render.report_picture import report_picture
from supportkit.result import Result

FOR_PROGRAMS: Final = True
SPEAKS: Final = True


def from_results(results: Sequence[Result], display: Display = PLAIN) -> bytes:
    """The picture of the first result that has one. Raises UsageError where none has."""
    return png_bytes(first_picture(results, display.language), display.language.code)


def from_report(document: Document) -> bytes:
    """The picture of the first section that has one. Raises UsageError where none has, DataError without data."""
    return png_bytes(report_picture(document), document.language.code)

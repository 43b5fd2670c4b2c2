"""SVG: the picture of a result as a file."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from supportkit.render import PLAIN, Display
from supportkit.render.charts import first_picture
from supportkit.render.document import Document
from supportkit.render.drawing import svg_file
from supportkit.render.report_picture import report_picture
from supportkit.result import Result

FOR_PROGRAMS: Final = True
SPEAKS: Final = True


def from_results(results: Sequence[Result], display: Display = PLAIN) -> str:
    """The picture of the first result that has one. Raises UsageError where none has."""
    return svg_file(first_picture(results, display.language), display.language.code)


def from_report(document: Document) -> str:
    """The picture of the first section that has one. Raises UsageError where none has, DataError without data."""
    return svg_file(report_picture(document), document.language.code)

"""The picture of a report, for a file of its own: that of its first section that has one, or of the one asked for."""

from __future__ import annotations

from supportkit.errors import DataError, UsageError
from supportkit.render.chart_parts import Spec
from supportkit.render.charts import first_picture, spec
from supportkit.render.document import Document


def report_picture(document: Document) -> Spec:
    """The picture of the first section that has one.

    Raises UsageError, which names the sections that have one, where none of these has, and DataError without data.
    """
    language = document.language
    if not document.filled:
        raise DataError("no data: no section has a row in scope", hint="-o FILE.html names the last period with some")
    shown = [section.pictured for section in document.sections]
    if any(spec(one, language) is not None for one in shown):
        return first_picture(shown, language)
    others = [one.key for one in document.whole if spec(one.pictured, language) is not None]
    raise UsageError(
        f"{document.alone}: this section has no picture" if document.alone else "no section has a picture",
        hint=f"sections with one: {', '.join(others)}" if others else "-o FILE.html has the tables",
    )

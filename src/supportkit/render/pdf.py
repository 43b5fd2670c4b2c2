"""PDF: the page, printed by a browser that is there."""

from __future__ import annotations

from collections.abc import Sequence

from supportkit.render import PLAIN, Display, html
from supportkit.render.document import Document
from supportkit.result import Result
from supportkit.system.browser import pdf_of


def from_results(results: Sequence[Result], display: Display = PLAIN) -> bytes:
    """The results as one page, printed. Raises UsageError where there is no browser."""
    return pdf_of(html.from_results(results, display))


def from_report(document: Document) -> bytes:
    """A report as a page, printed. Raises UsageError where there is no browser."""
    return pdf_of(html.from_report(document))

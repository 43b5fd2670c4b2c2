"""A report as a message to a chat or another service, through apprise."""

from __future__ import annotations

from supportkit.errors import DataError, UsageError
from supportkit.render.document import Document
from supportkit.render.text import from_report


def notify(made: Document, address: str) -> None:
    """Send the report as text to an apprise address. Raises UsageError for none, DataError where it fails."""
    try:
        from apprise import Apprise
    except ImportError as error:
        raise UsageError("--notify needs apprise", hint="pip install 'apprise>=1.9,<3'") from error
    service = Apprise()
    if not service.add(address):
        kind = address.partition(":")[0]
        raise UsageError(f"--notify {kind}:…: no service is known by this address", hint="see docs/reports.md")
    if not service.notify(title=made.title, body=from_report(made).partition("\n")[2]):
        raise DataError("the message was not sent: the service refused it or cannot be reached")

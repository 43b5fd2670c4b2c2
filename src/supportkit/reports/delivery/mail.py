"""A report as a mail: plain text, and HTML with the pictures inside the message; the same bytes for the same report."""

from __future__ import annotations

import hashlib
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Any, Final

from supportkit.errors import UsageError
from supportkit.render.charts import spec
from supportkit.render.document import Document
from supportkit.render.drawing import png_bytes
from supportkit.render.html import mail_page
from supportkit.render.text import from_report

LIMIT: Final = 102_000  # bytes of HTML after which a large mail service cuts a message off
SENDER: Final = "supportkit@localhost"


def mail(made: Document, to: str, sender: str = SENDER) -> EmailMessage:
    """The message; sections that would not fit into 102 KB of HTML are left to the page. Raises UsageError."""
    message = EmailMessage(policy=SMTP)
    message["Subject"] = made.title
    message["From"] = _address(sender)
    message["To"] = _address(to)
    if made.summary.scope.data_through is not None:
        message["Date"] = format_datetime(made.summary.scope.data_through)
    pictures: dict[str, bytes] = {}
    for number, section in enumerate(made.sections, 1):
        drawn = spec(section.pictured, made.language)
        if drawn is not None:
            pictures[f"chart-{number}"] = png_bytes(drawn, made.language.code)
    page = ""
    for count in range(len(made.sections), -1, -1):
        page = mail_page(made, count, {f"chart-{number}" for number in range(1, count + 1)} & set(pictures))
        if len(page.encode()) < LIMIT:
            break
    text = from_report(made)
    key = hashlib.sha256((page + text).encode()).hexdigest()[:24]
    message["Message-ID"] = f"<{key}@supportkit>"
    message.set_content(text, cte="base64")
    message.add_alternative(page, subtype="html", cte="base64")
    body: Any = message.get_payload()[1]  # type: ignore[index]
    for name, content in pictures.items():
        if f'"cid:{name}"' in page:
            body.add_related(content, "image", "png", cid=f"<{name}>", filename=f"{name}.png", disposition="inline")
    body_boundary = f"=_{key}-related"
    if body.is_multipart():
        body.set_boundary(body_boundary)
    message.set_boundary(f"=_{key}")
    return message


def _address(text: str) -> Address:
    try:
        return Address(addr_spec=text)
    except (ValueError, IndexError) as error:
        raise UsageError(f"{text!r} is no mail address", hint="--mail head@example.com=report.eml") from error

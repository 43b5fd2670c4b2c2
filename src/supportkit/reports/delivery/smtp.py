"""Handing a message to a mail server: encrypted where a password is sent, and every refusal in words with a way out."""

from __future__ import annotations

import os
from email.message import EmailMessage
from typing import TYPE_CHECKING, Final
from urllib.parse import SplitResult, urlsplit

from supportkit.errors import DataError, SupportkitError, UsageError

if TYPE_CHECKING:
    import smtplib

SECONDS: Final = 30
PORTS: Final = {"smtp": 25, "smtps": 465}
FORM: Final = "SUPPORTKIT_SMTP=smtps://user@mail.example.com:465, the password in SUPPORTKIT_SMTP_PASSWORD"


def send(message: EmailMessage, server: str) -> None:
    """Hand a message to `smtp[s]://[user@]host[:port]`; the password is in SUPPORTKIT_SMTP_PASSWORD.

    smtps is TLS from the first byte; smtp goes over to TLS where the server offers it. A certificate is verified, and
    no password is sent in the clear. Raises UsageError for what the settings have wrong (address, login, recipient,
    sender) and DataError where the server cannot be reached or does not take the message now.
    """
    import smtplib

    place, port = _place(server)
    password = os.environ.get("SUPPORTKIT_SMTP_PASSWORD")
    if place.username and not password:
        raise UsageError("the mail server wants a login and there is no password", hint="set SUPPORTKIT_SMTP_PASSWORD")
    where = f"{place.hostname}:{port}"
    try:
        with _connected(place, port) as client:
            if place.username and password:
                client.login(place.username, password)
            client.send_message(message)
    except (OSError, smtplib.SMTPException) as error:
        raise _told(error, where, str(message["To"]), str(message["From"])) from error


def _place(server: str) -> tuple[SplitResult, int]:
    """The parts of a server's address; it is never printed whole, since it may hold a password."""
    try:
        place = urlsplit(server)
        port = place.port or PORTS.get(place.scheme, 0)
    except ValueError as error:
        raise UsageError(f"the mail server's address is not understood: {error}", hint=FORM) from error
    if place.scheme not in PORTS or not place.hostname:
        raise UsageError("the mail server's address is not understood: smtp:// or smtps:// and a host", hint=FORM)
    if place.password:
        raise UsageError("a password does not belong in the mail server's address", hint=FORM)
    return place, port


def _connected(place: SplitResult, port: int) -> smtplib.SMTP:
    """A connection to the server, encrypted where it can be. Raises DataError rather than send a password in clear."""
    import smtplib
    import ssl

    assert place.hostname is not None
    context = ssl.create_default_context()
    if place.scheme == "smtps":
        return smtplib.SMTP_SSL(place.hostname, port, timeout=SECONDS, context=context)
    client = smtplib.SMTP(place.hostname, port, timeout=SECONDS)
    try:
        client.ehlo_or_helo_if_needed()
        if client.has_extn("starttls"):
            client.starttls(context=context)
            client.ehlo()
        elif place.username:
            raise DataError(
                f"the mail was not sent: {place.hostname}:{port} offers no TLS, and the password would go in the clear",
                hint="use smtps:// or the port that offers STARTTLS, often 587",
            )
    except BaseException:
        client.close()
        raise
    return client


def _told(error: Exception, where: str, to: str, sender: str) -> SupportkitError:
    """What went wrong, by whose fault, and what to do."""
    import smtplib
    import ssl

    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, said = next(iter(error.recipients.values()))
        what = f"{where} does not take mail for {to}: {_answer(code, said)}"
        return _later(what) if code < 500 else UsageError(what, hint="is the address right? --mail ADDRESS")
    if isinstance(error, smtplib.SMTPSenderRefused):
        what = f"{where} does not take mail from {sender}: {_answer(error.smtp_code, error.smtp_error)}"
        return _later(what) if error.smtp_code < 500 else UsageError(what, hint="set SUPPORTKIT_MAIL_FROM")
    if isinstance(error, smtplib.SMTPAuthenticationError):
        what = f"{where} refuses the login: {_answer(error.smtp_code, error.smtp_error)}"
        return UsageError(what, hint="look at the user in SUPPORTKIT_SMTP and at SUPPORTKIT_SMTP_PASSWORD")
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return UsageError(f"{where}: {error}", hint="leave the user out of SUPPORTKIT_SMTP if it wants no login")
    if isinstance(error, smtplib.SMTPResponseException):
        return _later(f"the mail was not sent: {where} says {_answer(error.smtp_code, error.smtp_error)}")
    if isinstance(error, ssl.SSLCertVerificationError):
        what = f"the mail was not sent: the certificate of {where} is not trusted: {error.verify_message}"
        return DataError(
            what, hint="name the host that the certificate is for; SSL_CERT_FILE names an authority of yours"
        )
    if isinstance(error, ssl.SSLError):
        what = f"the mail was not sent: {where} does not speak TLS from the first byte"
        return DataError(what, hint="smtp:// for a port that begins in the clear, often 587; smtps:// for 465")
    reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return DataError(f"the mail was not sent: {where}: {reason}", hint="is it the right server and port, and is it up?")


def _later(what: str) -> DataError:
    return DataError(what, hint="try again later")


def _answer(code: int, said: bytes | str) -> str:
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    return f"{code} {' '.join(text.split())}"

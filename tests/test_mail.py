"""Mail handed to a server: what arrives, when it is encrypted, and every refusal with its code and a way out."""

from __future__ import annotations

import email
import email.policy
import socket
from email.message import EmailMessage
from pathlib import Path

import pytest

from supportkit.errors import DataError, SupportkitError, UsageError
from supportkit.reports.delivery.smtp import send
from tests.conftest import Call, Words
from tests.mail_server import certificate, mail_server


@pytest.fixture(scope="module")
def signed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for localhost that nobody trusts yet."""
    return certificate(tmp_path_factory.mktemp("tls"))


@pytest.fixture
def letter() -> EmailMessage:
    """A short message."""
    made = EmailMessage()
    made["To"], made["From"], made["Subject"] = "head@example.com", "kit@example.com", "Неделя"
    made.set_content("one\n.two\n")
    return made


def test_a_report_arrives_whole(supportkit: Call, stored: Words, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SUPPORTKIT_MAIL_FROM", "kit@example.com")
    with mail_server() as box:
        monkeypatch.setenv("SUPPORTKIT_SMTP", f"smtp://127.0.0.1:{box.port}")
        words = ("report", "--audience", "manager", "--period", "2026-11-05", *stored)
        assert supportkit(*words, "--mail", "head@example.com", "--mail", "other@example.com", "-q") == (0, "", "")
    first, second = (email.message_from_bytes(raw, policy=email.policy.default) for raw in box.messages)
    assert (first["To"], second["To"], first["From"]) == ("head@example.com", "other@example.com", "kit@example.com")
    assert first["Subject"] == "Report for the support manager: 5 November 2026"
    text = first.get_body(("plain",))
    assert text is not None
    assert "payment declined" in text.get_content()
    assert {part.get_content_type() for part in first.walk()} >= {"text/plain", "text/html", "image/png"}


def test_a_line_that_is_a_full_stop_and_letters_of_other_scripts_arrive_as_sent(letter: EmailMessage) -> None:
    with mail_server() as box:
        send(letter, f"smtp://127.0.0.1:{box.port}")
    (got,) = (
        email.message_from_bytes(raw.replace(b"\r\n..", b"\r\n."), policy=email.policy.default) for raw in box.messages
    )
    assert (got["Subject"], got.get_content().split()) == ("Неделя", ["one", ".two"])


@pytest.mark.parametrize(("scheme", "at_once"), [("smtp", False), ("smtps", True)])
def test_a_login_goes_over_tls_to_a_server_whose_certificate_is_trusted(
    scheme: str, at_once: bool, letter: EmailMessage, signed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SUPPORTKIT_SMTP_PASSWORD", "secret")
    with mail_server(certificate=signed, at_once=at_once) as box:
        with pytest.raises(DataError, match=r"certificate of localhost:\d+ is not trusted"):
            send(letter, f"{scheme}://anna@localhost:{box.port}")
        assert (box.logins, box.messages) == ([], [])
        monkeypatch.setenv("SSL_CERT_FILE", str(signed))
        send(letter, f"{scheme}://anna@localhost:{box.port}")
    assert (box.logins, box.encrypted) == (["anna secret"], [True])


def test_a_password_is_never_sent_in_the_clear(letter: EmailMessage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SUPPORTKIT_SMTP_PASSWORD", "secret")
    with mail_server() as box, pytest.raises(DataError, match="offers no TLS"):
        send(letter, f"smtp://anna@127.0.0.1:{box.port}")
    assert (box.logins, box.messages) == ([], [])


REFUSALS: list[tuple[dict[str, str], type[SupportkitError], str]] = [
    ({"RCPT": "550 no such user"}, UsageError, "does not take mail for head@example.com: 550 no such user"),
    ({"RCPT": "451 greylisted"}, DataError, "does not take mail for head@example.com: 451 greylisted"),
    ({"MAIL": "553 who are you"}, UsageError, "does not take mail from kit@example.com: 553 who are you"),
    ({"DATA": "452 mailbox full"}, DataError, "says 452 mailbox full"),
    ({"EHLO": "421 too busy", "HELO": "421 too busy"}, DataError, "421"),
]


@pytest.mark.parametrize(("answers", "kind", "said"), REFUSALS, ids=[text for _, _, text in REFUSALS])
def test_a_refusal_says_who_refuses_what(
    answers: dict[str, str], kind: type[SupportkitError], said: str, letter: EmailMessage
) -> None:
    with mail_server(answers) as box, pytest.raises(SupportkitError) as caught:
        send(letter, f"smtp://127.0.0.1:{box.port}")
    assert type(caught.value) is kind
    assert said in caught.value.message
    assert caught.value.hint
    assert box.messages == []


def test_a_refused_login_is_a_matter_of_the_settings(
    letter: EmailMessage, signed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SUPPORTKIT_SMTP_PASSWORD", "wrong")
    monkeypatch.setenv("SSL_CERT_FILE", str(signed))
    with (
        mail_server({"AUTH": "535 bad login"}, signed) as box,
        pytest.raises(UsageError, match="535 bad login") as told,
    ):
        send(letter, f"smtp://anna@localhost:{box.port}")
    assert "wrong" not in str(told.value)


def closed_port() -> int:
    """A port at which nobody listens."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


WRONG: list[tuple[str, int, str]] = [
    ("smtp://127.0.0.1:{closed}", 3, "Connection refused"),
    ("smtps://127.0.0.1:{clear}", 3, "does not speak TLS from the first byte"),
    ("mail.example.com", 2, "is not understood"),
    ("smtp://mail.example.com:port", 2, "is not understood"),
    ("smtps://anna:hidden@mail.example.com", 2, "a password does not belong in"),
    ("smtps://anna@mail.example.com", 2, "there is no password"),
]


@pytest.mark.parametrize(("server", "expected", "said"), WRONG, ids=[said for _, _, said in WRONG])
def test_a_server_that_cannot_serve_ends_the_command_with_a_hint(
    server: str,
    expected: int,
    said: str,
    supportkit: Call,
    stored: Words,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("SUPPORTKIT_SMTP_PASSWORD", raising=False)
    words = ("report", "--audience", "manager", "--period", "2026-11-05", *stored)
    with mail_server() as clear:
        monkeypatch.setenv("SUPPORTKIT_SMTP", server.format(closed=closed_port(), clear=clear.port))
        code, out, err = supportkit(*words, "--mail", "head@example.com")
    assert (code, out) == (expected, "")
    assert said in err
    assert "hint:" in err
    assert "hidden" not in err
    assert "Traceback" not in err

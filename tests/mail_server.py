"""A mail server on this machine, for tests: it takes messages, or refuses what it is told to refuse."""

from __future__ import annotations

import base64
import contextlib
import ssl
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from shutil import which
from socketserver import StreamRequestHandler, ThreadingTCPServer
from threading import Thread
from typing import Any

import pytest

WORDS = {"EHLO": "250 here", "MAIL": "250 ok", "RCPT": "250 ok", "RSET": "250 ok", "QUIT": "221 bye", "NOOP": "250 ok"}


@dataclass
class Mailbox:
    """What a server was given, and where it is."""

    port: int = 0
    messages: list[bytes] = field(default_factory=list)
    logins: list[str] = field(default_factory=list)
    encrypted: list[bool] = field(default_factory=list)
    """For each message, whether it came over TLS."""


class Session(StreamRequestHandler):
    """One client; the words of SMTP (RFC 5321) that a client of ours uses."""

    server: Any

    def handle(self) -> None:
        self.request.settimeout(10)
        with contextlib.suppress(OSError), contextlib.ExitStack() as self.open:
            if self.server.at_once:
                self._encrypt()
            self._say("220 here")
            while line := self.rfile.readline():
                if not self._answer(line.decode("latin-1").strip()):
                    return

    def _answer(self, line: str) -> bool:
        word = line[:4].upper()
        box: Mailbox = self.server.box
        if word in self.server.answers:
            self._say(self.server.answers[word])
        elif word == "EHLO":
            self._say("250-here")
            if self.server.context and not self.server.at_once:
                self._say("250-STARTTLS")
            self._say("250 AUTH PLAIN")
        elif word == "STAR":
            self._say("220 go on")
            self._encrypt()
        elif word == "AUTH":
            box.logins.append(base64.b64decode(line.split()[2]).decode().replace("\0", " ").strip())
            self._say("235 ok")
        elif word == "DATA":
            self._say("354 go on")
            lines = []
            while (part := self.rfile.readline()) != b".\r\n":
                lines.append(part)
            box.messages.append(b"".join(lines))
            box.encrypted.append(isinstance(self.request, ssl.SSLSocket))
            self._say("250 taken")
        else:
            self._say(WORDS.get(word, "500 what?"))
        return word != "QUIT"

    def _encrypt(self) -> None:
        self.rfile.close()
        self.wfile.close()
        self.request = self.open.enter_context(self.server.context.wrap_socket(self.request, server_side=True))
        self.rfile = self.open.enter_context(self.request.makefile("rb"))
        self.wfile = self.open.enter_context(self.request.makefile("wb"))

    def _say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())
        self.wfile.flush()


@contextlib.contextmanager
def mail_server(
    answers: Mapping[str, str] | None = None, certificate: Path | None = None, *, at_once: bool = False
) -> Iterator[Mailbox]:
    """A server with these answers in the place of "ok"; with a certificate it offers TLS, or begins with it."""
    context = None
    if certificate is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
    with ThreadingTCPServer(("127.0.0.1", 0), Session) as server:
        server.daemon_threads = True
        box = Mailbox(server.server_address[1])
        for name, value in (("box", box), ("answers", answers or {}), ("context", context), ("at_once", at_once)):
            setattr(server, name, value)
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        try:
            yield box
        finally:
            server.shutdown()


def certificate(folder: Path) -> Path:
    """A key and its own certificate for localhost; the test is skipped where there is no openssl."""
    program = which("openssl")
    if program is None:
        pytest.skip("no openssl here")
    key, signed, both = folder / "key.pem", folder / "signed.pem", folder / "server.pem"
    subprocess.run(
        [program, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-keyout", key, "-out", signed,
         "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"],
        check=True, capture_output=True,
    )  # fmt: skip
    both.write_bytes(key.read_bytes() + signed.read_bytes())
    return both

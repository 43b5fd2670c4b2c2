"""Files to paste so that reports and checks run by themselves, with program and package where they really are."""

from __future__ import annotations

import json
import os
import shlex
import sys
from importlib import metadata
from importlib.resources import files
from pathlib import Path
from typing import Final, Literal
from urllib.parse import unquote, urlsplit

from supportkit.errors import UsageError
from supportkit.render.language import Language
from supportkit.system.late_patterns import late

Kind = Literal["cron", "systemd", "github", "gitlab"]
BY_INTERPRETER: Final = ("cron", "systemd")
INSIDE: Final = "what is installed is a part of this repository"
OUTSIDE: Final = "this is where it lies on the machine that printed this; --from names another place"
_COMMENT: Final = late(r"(?m)^( *# )(.+)$")
DEVELOPED: Final = "it is installed from where it is developed"


def schedule(kind: Kind, program: str | None = None, source: str | None = None) -> str:
    """The file of a kind. `program` is how the command line is called, `source` what is installed in a pipeline.

    Raises UsageError where neither says where the package is.
    """
    text = (files("supportkit.reports.delivery") / "schedules" / f"{kind}.txt").read_text(encoding="utf-8")
    if kind in BY_INTERPRETER:
        called = program or shlex.join(own_program())
        if kind == "systemd":
            called = called if called.startswith("/") else f"/usr/bin/env {called}"
            return text.replace("@supportkit@", called.replace("%", "%%"))
        return text.replace("@supportkit@", called.replace("%", "\\%"))
    place, why = installable(source)
    return text.replace("@install@", shlex.quote(place)).replace("@where@", why)


def in_words(text: str, language: Language) -> str:
    """A file with its comments in a language; what a machine reads stays."""
    return _COMMENT.sub(lambda match: match[1] + language.text(match[2]), text)


def own_program() -> tuple[str, ...]:
    """The words that call this program in the interpreter that it runs in, that of .venv or of pipx."""
    command = Path(sys.executable).with_name("supportkit")
    return (str(command),) if os.access(command, os.X_OK) else (sys.executable, "-m", "supportkit")


def installable(source: str | None) -> tuple[str, str]:
    """What `pip install` is given in a pipeline, and where that is: a folder, a wheel, a git address; never a name."""
    given = source or _installed_from()
    if given.startswith(("git+", "git@")) or given.endswith(".git"):
        address = given.removeprefix("git+")
        if address.startswith("git@"):
            address = "ssh://" + address.replace(":", "/", 1)
        return f"git+{'file://' if address.startswith('/') else ''}{address}", DEVELOPED
    path = Path(given).expanduser()
    if not path.exists():
        if os.sep not in given:
            raise UsageError(
                f"--from {given}: there is no such folder or wheel", hint="./supportkit, a wheel, or git+https://…"
            )
        return given, INSIDE if not path.is_absolute() else OUTSIDE
    whole = Path(os.path.abspath(path))
    here = Path(os.path.abspath("."))
    top = next((folder for folder in (here, *here.parents) if (folder / ".git").exists()), here)
    if whole != top and top not in whole.parents:
        return str(whole), OUTSIDE
    inside = whole.relative_to(top).as_posix()
    return "." if inside == "." else f"./{inside}", INSIDE


def _installed_from() -> str:
    """Where the package that runs was installed from: its folder, a wheel, or a commit in git."""
    import supportkit

    folder = Path(supportkit.__file__).parents[2]
    if (folder / "pyproject.toml").exists():
        return str(folder)
    try:
        told = metadata.distribution("supportkit").read_text("direct_url.json")
    except metadata.PackageNotFoundError:
        told = None
    found = json.loads(told) if told else {}
    url = str(found.get("url", ""))
    if "vcs_info" in found:
        return f"git+{url}@{found['vcs_info']['commit_id']}"
    if url.startswith("file:"):
        return unquote(urlsplit(url).path)
    raise UsageError(
        "schedule: where supportkit was installed from is not known", hint="--from a folder, a wheel or git+https://…"
    )

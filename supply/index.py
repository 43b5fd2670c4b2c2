"""The package index that pip is set up with, asked for what it says of a package; its address is pip's to know."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import urllib.error
import urllib.request
from functools import cache
from typing import Any, Final

SECONDS: Final = 20


class Unreachable(Exception):  # noqa: N818  # which is told and no fault of the program
    """The index does not answer, or not in the form that is asked for."""


class NotThere(Unreachable):
    """The index answers that it has no such page."""


def release(name: str, version: str) -> dict[str, Any]:
    """What the index says of one release: `vulnerabilities`, `urls` with their hashes and times.

    Raises Unreachable, and NotThere where it knows no such release or has no such pages.
    """
    return _json(f"{_address()}/pypi/{name}/{version}/json", "application/json")


def files(name: str) -> list[dict[str, Any]]:
    """The files of a package, with names and hashes. Raises Unreachable."""
    found = _json(f"{_address()}/simple/{name}/", "application/vnd.pypi.simple.v1+json")
    listed: list[dict[str, Any]] = found["files"]
    return listed


@cache
def _address() -> str:
    """Where the index is: as the environment or pip's configuration say, else pip's own."""
    told = os.environ.get("PIP_INDEX_URL") or os.environ.get("UV_INDEX_URL") or _of_pip()
    return told.rstrip("/").removesuffix("/simple").rstrip("/")


def _of_pip() -> str:
    asked = [sys.executable, "-m", "pip", "config", "get", "global.index-url"]
    told = subprocess.run(asked, capture_output=True, text=True, check=False).stdout.strip()
    if told:
        return told
    try:
        from pip._internal.models.index import PyPI
    except ImportError as error:
        raise Unreachable("there is no pip here that knows where the index is") from error
    return str(PyPI.url)


def _json(address: str, form: str) -> dict[str, Any]:
    request = urllib.request.Request(address, headers={"Accept": form})
    try:
        with urllib.request.urlopen(request, timeout=SECONDS) as answer:
            found: dict[str, Any] = json.loads(answer.read())
    except urllib.error.HTTPError as error:
        kind = NotThere if error.code in (404, 410) else Unreachable
        raise kind(f"HTTP {error.code}") from error
    except (OSError, ValueError) as error:
        raise Unreachable(f"{type(error).__name__}: {error}") from error
    return found

"""A browser without a window, where the machine has one: it prints a page to PDF."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from supportkit.errors import DataError, UsageError

VARIABLE: Final = "SUPPORTKIT_BROWSER"
NAMES: Final = (
    "chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "microsoft-edge", "msedge",
    "chromium-headless-shell", "chrome-headless-shell",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)  # fmt: skip
QUIET: Final = (
    "--headless", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--no-first-run",
    "--disable-sync", "--disable-default-apps", "--disable-extensions", "--no-pdf-header-footer",
)  # fmt: skip
PATIENCE: Final = 120  # seconds
_MADE: Final = re.compile(rb"\(D:\d{14}([+-]\d\d'\d\d'|Z)?\)")
_LONG_AGO: Final = b"20000101000000"  # a file carries the day of its making: a fixed one, so that bytes repeat


def pdf_of(page: str) -> bytes:
    """A page, which needs nothing but itself, as PDF; the same page gives the same bytes.

    Raises UsageError where there is no browser, and DataError where the one there is prints nothing.
    """
    program = _browser()
    with tempfile.TemporaryDirectory(prefix="supportkit-") as name:
        folder = Path(name)
        source, printed = folder / "page.html", folder / "page.pdf"
        source.write_text(page, encoding="utf-8", newline="")
        said = _run([program, *QUIET, *_alone(), f"--user-data-dir={folder / 'profile'}", f"--print-to-pdf={printed}",
                     source.as_uri()])  # fmt: skip
        if not printed.is_file():
            raise DataError(
                f"{program}: printed nothing{f': {said}' if said else ''}",
                hint="--output FILE.html, and print it from a browser; or name another one in SUPPORTKIT_BROWSER",
            )
        return _MADE.sub(lambda match: b"(D:" + _LONG_AGO + match[0][17:], printed.read_bytes())


def _browser() -> str:
    """The browser's program. Raises UsageError where there is none."""
    named = os.environ.get(VARIABLE)
    found = next((path for name in ((named,) if named else NAMES) if (path := shutil.which(name))), None)
    if found is None:
        what = f"{VARIABLE}={named} is none" if named else "none of Chromium, Chrome and Edge is here"
        raise UsageError(
            f"PDF is printed by a browser: {what}",
            hint=f"install Chromium, name its program in {VARIABLE}, or --output FILE.html and print that",
        )
    return found


def _alone() -> tuple[str, ...]:
    """Chromium starts for root, as in a container, only without its sandbox; the page has no script and is our own."""
    return ("--no-sandbox",) if hasattr(os, "geteuid") and os.geteuid() == 0 else ()


def _run(command: Sequence[str]) -> str:
    """Run the browser; returns the last thing that it complains of."""
    try:
        done = subprocess.run(command, capture_output=True, timeout=PATIENCE, check=False, stdin=subprocess.DEVNULL)
    except subprocess.TimeoutExpired:
        return f"it was still at it after {PATIENCE} s"
    except OSError as error:
        return error.strerror or "it cannot be started"
    lines = done.stderr.decode("utf-8", "replace").strip().splitlines()
    return lines[-1] if lines else ""

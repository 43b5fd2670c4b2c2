"""What `--db` names: a store's file, or an address of rows that lie elsewhere and are only read."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from supportkit.errors import UsageError
from supportkit.system.named import NamedTuple

MANIFEST: Final = "manifest.json"
"""What a folder has that a store was exported to."""
HISTORY: Final = ".checks.json"
"""How the file beside a store ends in which its checks remember."""
PARQUET: Final = "parquet:"
SPARK: Final = "spark:"


class Address(NamedTuple):
    """A folder of Parquet files, and the Spark that is asked over it; none for DuckDB on this machine."""

    folder: Path
    master: str = ""


def address_of(named: Path) -> Address | None:
    """What `parquet:FOLDER` or `spark:MASTER?path=FOLDER` says; None for a store's file.

    Raises UsageError for an address without a folder, or without a master.
    """
    text = str(named)
    kind = text.partition(":")[0].lower() + ":"
    if kind == PARQUET:
        folder = text[len(PARQUET) :]
        if not folder.strip():
            raise UsageError(f"{text}: names no folder", hint="--db parquet:FOLDER")
        return Address(at_home(folder))
    if kind == SPARK:
        master, _, folder = text[len(SPARK) :].partition("?path=")
        if not (master and folder.strip()):
            raise UsageError(f"{text}: names no folder", hint="--db 'spark:local[2]?path=FOLDER'")
        for start in ("sc:/", "spark:/", "/"):  # a path has lost one of two strokes
            if master.startswith(start):
                master = f"{'sc:' if start == 'sc:/' else 'spark:'}//{master.removeprefix(start).lstrip('/')}"
        return Address(at_home(folder), master)
    return None


def at_home(folder: str) -> Path:
    """A folder as a person writes it, where `~` is his home."""
    return Path(os.path.expanduser(folder))

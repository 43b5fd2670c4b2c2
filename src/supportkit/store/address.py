"""What `--db` names: a store's file, or an address of rows that lie elsewhere and are only read."""

from __future__ import annotations

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
    if text.startswith(PARQUET):
        folder = text.removeprefix(PARQUET)
        if not folder:
            raise UsageError(f"{text}: names no folder", hint="--db parquet:FOLDER")
        return Address(Path(folder))
    if text.startswith(SPARK):
        master, _, folder = text.removeprefix(SPARK).partition("?path=")
        if not (master and folder):
            raise UsageError(f"{text}: names no folder", hint="--db 'spark:local[2]?path=FOLDER'")
        for kind in ("sc:/", "spark:/", "/"):  # a path has lost one of two strokes
            if master.startswith(kind):
                master = f"{'sc:' if kind == 'sc:/' else 'spark:'}//{master.removeprefix(kind).lstrip('/')}"
        return Address(Path(folder), master)
    return None


def file_for(named: Path, command: str) -> Path:
    """The store's file that a command writes. Raises UsageError for an address, which nothing is written to."""
    address = address_of(named)
    if address is not None:
        raise UsageError(
            f"{command}: {named} is only read",
            hint=f"{command} into a store's file, then write the folder anew: "
            f"supportkit export --parquet {address.folder}",
        )
    return named

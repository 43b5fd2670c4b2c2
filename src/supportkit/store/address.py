"""What `--db` names: a store's file, or an address of rows that lie elsewhere and are only read."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from supportkit.errors import UsageError

PARQUET: Final = "parquet:"


def parquet_folder(named: Path) -> Path | None:
    """The folder of `parquet:FOLDER`; None for a store's file. Raises UsageError for an address of no kind."""
    text = str(named)
    if text.startswith(PARQUET):
        folder = text.removeprefix(PARQUET)
        if not folder:
            raise UsageError(f"{text}: names no folder", hint="--db parquet:FOLDER")
        return Path(folder)
    return None


def file_for(named: Path, command: str) -> Path:
    """The store's file that a command writes. Raises UsageError for an address, which nothing is written to."""
    folder = parquet_folder(named)
    if folder is not None:
        raise UsageError(
            f"{command}: {named} is only read",
            hint=f"{command} into a store's file, then write the folder anew: supportkit export --parquet {folder}",
        )
    return named

"""Files written whole or not at all: beside the target, then renamed."""

from __future__ import annotations

import contextlib
import os
import tempfile
from pathlib import Path

from supportkit.errors import DataError


def write_text(path: Path, text: str) -> None:
    """Write a UTF-8 file atomically. Raises DataError where the folder is missing or cannot be written."""
    write_bytes(path, text.encode("utf-8", "replace"))


def write_bytes(path: Path, content: bytes) -> None:
    """Write a file atomically. Raises DataError where the folder is missing or cannot be written."""
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    except OSError as error:
        raise DataError(
            f"{path}: cannot be written: {error.strerror}", hint="name a folder that you may write"
        ) from error
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(name, 0o644)
        os.replace(name, path)
    except OSError as error:
        with contextlib.suppress(OSError):
            os.unlink(name)
        raise DataError(f"{path}: cannot be written: {error.strerror}") from error

"""Files written whole or not at all: beside the target, then renamed."""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from supportkit.errors import BusyError, DataError


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
        raise DataError(f"{path}: cannot be written: {error.strerror}", hint="name a file, not a folder") from error


@contextlib.contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the one lock of a target, kept among the temporary files. Raises BusyError where another run has it."""
    from filelock import FileLock, Timeout

    name = hashlib.sha256(os.path.abspath(path).encode("utf-8", "surrogateescape")).hexdigest()[:24]
    lock = FileLock(Path(tempfile.gettempdir()) / f"supportkit-{os.getuid()}-{name}.lock")
    try:
        lock.acquire(timeout=0)
    except Timeout as error:
        raise BusyError(f"{path}: another run is writing it", hint="try again when it is done") from error
    try:
        yield
    finally:
        lock.release()

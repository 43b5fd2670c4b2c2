"""Private temporary files that leave nothing behind, and a path by which another reader opens them."""

from __future__ import annotations

import errno
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import IO, BinaryIO, Final, cast

from supportkit.errors import DataError, NotAnExportError

CHUNK: Final = 1 << 20
NO_ROOM: Final = (errno.ENOSPC, errno.EDQUOT)
_OPEN_FILES: Final = next((folder for folder in ("/proc/self/fd", "/dev/fd") if os.path.isdir(folder)), None)
"""Where a file that is open has a name, though its own is gone."""


@contextmanager
def spool() -> Iterator[BinaryIO]:
    """A private temporary file that has no name and vanishes with the process, or with the last use where a reader
    needs a name. Raises DataError on a full disk."""
    try:
        with tempfile.TemporaryFile(buffering=CHUNK) if _OPEN_FILES else _named() as file:
            yield cast(BinaryIO, file)
    except OSError as error:
        if error.errno not in NO_ROOM:
            raise
        raise DataError(
            f"{tempfile.gettempdir()}: the disk is full", hint="free some space there, or name a folder with TMPDIR"
        ) from error


@contextmanager
def _named() -> Iterator[IO[bytes]]:
    with tempfile.NamedTemporaryFile(buffering=CHUNK, prefix="supportkit-", delete=False) as file:
        try:
            yield file
        finally:
            file.close()
            with suppress(OSError):  # somebody reads it still
                os.unlink(file.name)


def path_of(file: BinaryIO) -> str:
    """A path that opens the same file, also one without a name."""
    if _OPEN_FILES:
        return f"{_OPEN_FILES}/{file.fileno()}"
    if isinstance(file.name, str):
        return file.name
    raise NotAnExportError(f"{file.name}: has no name to be read by", hint="copy it to a name of ASCII letters")

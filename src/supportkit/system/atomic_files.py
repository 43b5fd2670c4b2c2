"""Files written whole or not at all: beside the target, then renamed."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from collections.abc import Iterator
from pathlib import Path

from supportkit.errors import BusyError, DataError, UsageError
from supportkit.system.machine import user_name


def write_text(path: Path, text: str, *, mode: int | None = None) -> None:
    """Write a UTF-8 file atomically. Raises DataError where the folder is missing or cannot be written."""
    write_bytes(path, text.encode("utf-8", "replace"), mode=mode)


def write_bytes(path: Path, content: bytes, *, mode: int | None = None) -> None:
    """Write a file atomically, a device or a pipe as it is.

    Raises DataError where the folder is missing or cannot be written, UsageError instead of writing over a database.
    """
    if _is_stream(path):
        _write_through(path, content)
        return
    import tempfile

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
        os.chmod(name, _mode_of(path) if mode is None else mode)
        os.replace(name, path)
    except OSError as error:
        with contextlib.suppress(OSError):
            os.unlink(name)
        full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        raise DataError(
            f"{path}: cannot be written: {error.strerror}",
            hint="free some space" if full else "name a file, not a folder",
        ) from error


_callers_umask: list[int] = []


def remember_umask(mask: int) -> None:
    """The umask that the caller of the process has set, which files that people asked for obey."""
    _callers_umask[:] = [mask]


@contextlib.contextmanager
def privately() -> Iterator[None]:
    """While this lasts, what is made is readable by its owner only, whatever the umask leaves."""
    mask = os.umask(0o077)
    try:
        yield
    finally:
        os.umask(mask)


def _mode_of(path: Path) -> int:
    """The mode of a file that is written: that of the one which it replaces, else what the umask leaves."""
    with contextlib.suppress(OSError):
        return stat.S_IMODE(path.stat().st_mode)
    if _callers_umask:
        return 0o666 & ~_callers_umask[0]
    mask = os.umask(0o077)
    os.umask(mask)
    return 0o666 & ~mask


def _is_stream(path: Path) -> bool:
    """Whether a path leads to a device or a pipe, whose name must not be taken by a file."""
    try:
        mode = path.stat().st_mode
        if stat.S_ISREG(mode):
            with path.open("rb") as file:
                if file.read(12)[8:] == b"DUCK":
                    raise UsageError(f"{path}: is a database, and is not written over", hint="name another file")
    except OSError:
        return False
    return not (stat.S_ISREG(mode) or stat.S_ISDIR(mode))


def _write_through(path: Path, content: bytes) -> None:
    try:
        with path.open("wb") as file:
            file.write(content)
    except OSError as error:
        raise DataError(
            f"{path}: cannot be written: {error.strerror}", hint="name a file that you may write"
        ) from error


@contextlib.contextmanager
def output_lock(path: Path, *, wait: float = 0) -> Iterator[None]:
    """Hold the one lock of a target, kept among the temporary files, after `wait` seconds at most.

    Raises BusyError where another run has it, DataError where it cannot be had.
    """
    import hashlib
    import tempfile

    from supportkit.system.locks import let_go, take

    name = hashlib.sha256(os.path.abspath(path).encode("utf-8", "surrogateescape")).hexdigest()[:24]
    place = Path(tempfile.gettempdir()) / f"supportkit-{user_name()}-{name}.lock"
    try:
        handle = take(place, wait=wait)
    except BlockingIOError as error:
        raise BusyError(f"{path}: another run is writing it", hint="try again when it is done") from error
    except OSError as error:
        raise DataError(
            f"{path}: cannot be locked: {place}: {error.strerror}",
            hint="remove it, or set TMPDIR to a folder of yours",
        ) from error
    try:
        yield
    finally:
        let_go(handle)

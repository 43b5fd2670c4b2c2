"""Loading files into a store file: under one lock, into a copy, whole or not at all."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Sequence
from pathlib import Path

from supportkit.errors import BusyError, DataError
from supportkit.exports import Loaded, LoadOptions, load


def load_into(path: Path, files: Sequence[Path], options: LoadOptions) -> list[Loaded]:
    """Load files into the store at `path`, made where it is missing; the file before stays as `.prev`."""
    import duckdb
    from filelock import FileLock, Timeout

    from supportkit.store.opening import connect, create, open_store

    if not path.parent.is_dir():
        raise DataError(f"{path}: there is no folder {path.parent}", hint="make it first, or name another")
    if path.exists():
        open_store(path).close()
    lock = FileLock(f"{path}.lock")
    try:
        lock.acquire(timeout=0)
    except Timeout as error:
        raise BusyError(f"{path}: another load is running", hint="try again when it is done") from error
    except OSError as error:
        raise DataError(f"{path}: cannot be written: {error.strerror}", hint="name a folder you may write") from error
    following = Path(f"{path}.next")
    try:
        following.unlink(missing_ok=True)
        if path.exists():
            shutil.copyfile(path, following)
        connection = connect(following)
        try:
            if not path.exists():
                create(connection)
            outcome = load(connection, files, options)
        finally:
            connection.close()
        os.chmod(following, 0o600)
        if path.exists():
            os.replace(path, f"{path}.prev")
        os.replace(following, path)
        return outcome
    except (OSError, duckdb.IOException) as error:
        raise DataError(f"{path}: cannot be written: {error}") from error
    finally:
        following.unlink(missing_ok=True)
        lock.release()
        with contextlib.suppress(OSError):
            os.unlink(f"{path}.lock")

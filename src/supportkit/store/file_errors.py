"""What is wrong with a file that is no store, or no longer one, in words for a person."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from supportkit.errors import DataError
from supportkit.store.shortage import is_shortage, short_of_memory

_FULL: Final = ("No space left", "duckdb_temp", "temporary director", "temp_directory")
_OF_PARQUET: Final = ("Failed to read file", "Parquet file")


def missing(path: Path) -> DataError:
    """The error for a store that is not there."""
    return DataError(f"{path}: there is no such store", hint=f"make one with: supportkit load FILES --db {path}")


def damaged(path: Path | None, error: Exception) -> DataError:
    """The error for a store whose blocks cannot be read; where there was no memory to read them, that one."""
    if is_shortage(error):
        return short_of_memory(error)
    if any(words in str(error) for words in _FULL):
        return DataError(f"{path or 'memory'}: {str(error).splitlines()[0]}", hint="free some space on the disk")
    if path is not None and path.is_dir():
        return DataError(
            f"{path}: a file of it cannot be read: {str(error).splitlines()[0]}",
            hint="where it was just written anew, run this again; else export the store again",
        )
    return DataError(
        f"{path or 'the store'}: damaged: {str(error).splitlines()[0]}",
        hint="supportkit undo puts the file before the last load back; or load the exports into a new store",
    )


def file_error(path: Path, error: Exception) -> DataError:
    """What is wrong with a file that DuckDB does not open, by its first bytes."""
    if is_shortage(error):
        return short_of_memory(error)
    hint = "name a file that supportkit made, or a new one"
    try:
        with path.open("rb") as file:
            head = file.read(4096)
    except OSError as fault:
        kind = "a folder, not a store" if path.is_dir() else f"cannot be read: {fault.strerror}"
        return DataError(f"{path}: {kind}", hint=hint)
    if head[8:12] == b"DUCK":
        first = str(error).splitlines()[0]
        if "newer" in first or "storage version" in first:
            return DataError(f"{path}: written by a newer DuckDB: {first}", hint="upgrade supportkit")
        if "different configuration" in first:
            return DataError(f"{path}: this process has it open already, with other settings", hint="close that first")
        if "Could not set lock" in first:
            return DataError(f"{path}: another program has it open for writing", hint="close that program")
        return damaged(path, error)
    if not head:
        return DataError(f"{path}: an empty file, not a store", hint=hint)
    if head.startswith(b"SQLite format 3\0"):
        return DataError(f"{path}: an SQLite database, not a store of supportkit", hint=hint)
    try:
        head[: len(head) - 3].decode("utf-8")
    except UnicodeDecodeError:
        return DataError(f"{path}: not a DuckDB file", hint=hint)
    if b"\0" in head:
        return DataError(f"{path}: not a DuckDB file", hint=hint)
    return DataError(f"{path}: a text file, not a store", hint=f"to load it: supportkit load {path} --db NEW")


@contextlib.contextmanager
def with_named_errors(path: Path | None) -> Iterator[None]:
    """While this lasts, what DuckDB says of unreadable blocks, or of too little memory, is a DataError in words."""
    from supportkit.system.duckdb_engine import duckdb

    try:
        yield
    except duckdb.Error as error:
        # of a folder's file that is gone, DuckDB says that what it looks for in its place may not be read
        gone = path is not None and path.is_dir() and isinstance(error, duckdb.PermissionException)
        if gone or is_shortage(error) or is_fault_of_the_file(error):
            raise damaged(path, error) from error
        if fault := fault_of_the_folder(path, error):
            raise fault from error
        raise
    except (ArithmeticError, ValueError) as error:  # of what Python has no value for, as a day of the year 200,000
        if fault := fault_of_the_folder(path, error):
            raise fault from error
        raise


def fault_of_the_folder(path: Path | None, error: Exception) -> DataError | None:
    """The error for a folder of which a file is not what was exported; None where the statement is to blame.

    Of bits that are others DuckDB says a hundred things, so that the files are compared with their hashes.
    """
    from supportkit.store.parquet_manifest import files_of
    from supportkit.system.duckdb_engine import duckdb

    of_the_words = (duckdb.ParserException, duckdb.BinderException, duckdb.CatalogException)
    if path is None or not path.is_dir() or isinstance(error, of_the_words):
        return None
    try:
        for _ in files_of(path):
            pass
    except DataError as fault:
        return fault
    if any(words in str(error) for words in _OF_PARQUET):
        return damaged(path, error)
    return None


def is_fault_of_the_file(error: Exception) -> bool:
    """Whether DuckDB could not read or write its file, so that the statement is not to blame."""
    from supportkit.system.duckdb_engine import duckdb

    kinds = (duckdb.IOException, duckdb.FatalException, duckdb.SerializationException)
    return isinstance(error, kinds) or "orrupt" in str(error) or "checksum" in str(error)

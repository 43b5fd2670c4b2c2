"""Opening a store: read-only files, stores in memory, and what is wrong with a file that is no store."""

from __future__ import annotations

import os
import stat
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

from supportkit.errors import DataError
from supportkit.store.address import address_of
from supportkit.store.engines.duck import Duck
from supportkit.store.file_errors import damaged, file_error, missing
from supportkit.store.migrations import OURS, needed_at, show_as_current
from supportkit.store.ours import confine, database_of, is_confined, only_ours, own_functions_first
from supportkit.store.schema import SCHEMA_VERSION, ddl
from supportkit.store.store import Store
from supportkit.system.machine import is_private, user_name

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

STORAGE_VERSION: Final = "v1.2.0"
"""DuckDB 1.2 and later read our files."""

SETTINGS: Final[dict[str, str | bool | int | float | list[str]]] = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "allow_community_extensions": "false",
    "python_enable_replacements": "false",
    "asof_loop_join_threshold": 0,
}
"""A loop over few rows in place of an ASOF join is slow where DuckDB takes many for few, as after several joins."""


PLAIN: Final = "set TimeZone = 'UTC'; set enable_progress_bar = false;"
"""Times are UTC; and DuckDB, which takes `python -c` for a person, draws no bar of its own into what is printed."""


PRIVATE_SPILL: Final = {"force_mbedtls_unsafe": "true", "temp_file_encryption": "true"}
"""What does not fit into memory is written encrypted, with a key that dies with the process.

DuckDB calls its built-in cryptography unsafe because of its random numbers; the better one is an extension that is not
bundled. It is one wall more around a folder that is private and removed after every load.
"""


READING_MEMORY: Final = 1_400_000_000
"""Bytes that DuckDB's buffers may take in a command that reads a file; what does not fit waits in a temporary folder.

With what a process takes besides, the largest query (a funnel by country over 100 million events) stays under 2 GB.
"""


ONE_THREAD: Final = 8_000_000
"""Bytes of a store, or of files, that one thread reads: DuckDB gives a thread 122,880 rows at once, and to divide what
is less takes longer than to do it."""


_GRANTED: Final = """
select parse_formatted_bytes(current_setting('memory_limit')), current_setting('temp_directory')
"""


def connect(path: Path | None, **settings: str) -> DuckDBPyConnection:
    """A DuckDB connection that may write, with our settings; None is a database in memory."""
    from supportkit.system.duckdb_engine import duckdb

    config = {**SETTINGS, **PRIVATE_SPILL, "temp_directory": _spill_folder(), **settings}
    if path:
        config["storage_compatibility_version"] = STORAGE_VERSION
    connection = duckdb.connect(str(path) if path else ":memory:", config=config)
    connection.execute(PLAIN)
    return connection


def confined(path: Path, folder: Path | None = None) -> DuckDBPyConnection:
    """A connection that reads a file and reaches nothing else, but for writing to a folder.

    It takes READING_MEMORY at most, or less where DuckDB grants itself less. A file that this process has open already
    is the same database, with its settings.
    """
    connection = _reading(path)
    own_functions_first(connection)
    if is_confined(connection):
        return connection
    _bound(connection, path.stat().st_size)
    confine(connection, folder)
    return connection


def _spill_folder() -> str:
    """A folder of this user alone, for what does not fit into memory; none where no temporary folder can be written."""
    try:
        folder = Path(tempfile.gettempdir()) / f"supportkit-{user_name()}"
        folder.mkdir(mode=0o700, exist_ok=True)
        found = folder.lstat()
        if not stat.S_ISDIR(found.st_mode) or not is_private(found):
            folder = Path(tempfile.mkdtemp(prefix="supportkit-"))
    except OSError:
        return ""
    return str(folder / str(os.getpid()))


def memory_store(*, for_one_metric: bool = False, expected: int = ONE_THREAD) -> Store:
    """An empty store in memory, for as many bytes of files; a run for one metric has no use for the registers and the
    views."""
    connection = connect(None, **({"threads": "1"} if expected < ONE_THREAD else {}))
    create_tables(connection, bare=for_one_metric)
    return Store(Duck(connection))


def create_tables(connection: DuckDBPyConnection, *, bare: bool = False) -> None:
    """Make the tables of an empty store, and the views for other tools."""
    versions = {"schema_version": SCHEMA_VERSION, "storage_version": STORAGE_VERSION}
    stated = ", ".join(f"('{name}', '{version}')" for name, version in versions.items())
    if bare:
        made = ddl(needed_at(SCHEMA_VERSION))
    else:
        from supportkit.store.bi_views import VIEWS

        made = f"{ddl(OURS)} {VIEWS}"
    # in one transaction, which is twice as fast
    connection.execute(f"begin; {made} insert into meta values {stated}; commit")


def open_store(path: Path, *, folder: Path | None = None, as_it_is: bool = False) -> Store:
    """Open a store for reading, a file or an address; nothing in it can reach another file but those in `folder`.

    A store of an older release is seen as one of today's, unless it is wanted as it is. Raises DataError where it is
    missing, unreadable, foreign, damaged, newer, or not made of our tables. A load may put a new file in place while
    DuckDB, which opens a file twice, is between the two: then it is opened again.
    """
    from supportkit.system.duckdb_engine import duckdb

    if (address := address_of(path)) is not None:
        return open_spark_folder(*address) if address.master else open_folder(address.folder, folder)
    while True:
        before = _identity(path)
        try:
            connection = confined(path, folder)
        except duckdb.Error as error:
            if _identity(path) != before:
                continue
            raise file_error(path, error) from error
        if _identity(path) == before:
            break
        connection.close()
    try:
        version = only_ours(connection, path)
        if version < SCHEMA_VERSION and not as_it_is:
            show_as_current(connection, database_of(connection), version)
    except duckdb.Error as error:
        connection.close()
        raise damaged(path, error) from error
    except DataError:
        connection.close()
        raise
    return Store(Duck(connection), path)


def refuse_unproved(path: Path, asked: str) -> None:
    """Raise DataError where an address is of an engine that has not been proved to answer this; no session is begun."""
    if (address := address_of(path)) is not None and address.master:
        from supportkit.store.engines.spark import refusal

        if why := refusal(asked):
            raise DataError(why, hint=f"ask the same of the folder on one machine: --db parquet:{address.folder}")


def open_spark_folder(exported: Path, master: str) -> Store:
    """Open a folder that a store was exported to as Spark sees it. Raises DataError as `open_spark` does."""
    from supportkit.store.engines.spark import open_spark

    return Store(open_spark(master, exported), exported)


def open_folder(exported: Path, folder: Path | None = None) -> Store:
    """Open a folder that a store was exported to: views over its files, on a connection that reaches no others, and
    writes to `folder` alone. Raises DataError where it is no such folder, or not as it was written."""
    from supportkit.store.engines.parquet_folder import ParquetFolder, show_files
    from supportkit.store.parquet_manifest import as_one_file
    from supportkit.system.duckdb_engine import duckdb

    connection = duckdb.connect(":memory:", config={**SETTINGS, "temp_directory": _spill_folder()})
    try:
        connection.execute(PLAIN)
        manifest = show_files(connection, exported)
        _bound(connection, sum(one.bytes for one in manifest.files))
        files = [exported / one.file for one in manifest.files]
        # DuckDB asks for the name as it stands in the query before it looks what that means
        confine(connection, folder, files=[*files, *(Path(as_one_file(file)) for file in files)])
    except duckdb.Error as error:
        connection.close()
        raise DataError(f"{exported}: {str(error).splitlines()[0]}", hint="export the store again") from error
    except DataError:
        connection.close()
        raise
    return Store(ParquetFolder(connection, manifest=manifest), exported)


def _reading(path: Path) -> DuckDBPyConnection:
    """A connection that reads a file, with one thread for what is small."""
    from supportkit.system.duckdb_engine import duckdb

    config = {**SETTINGS, "temp_directory": _spill_folder()}
    alone = {**config, "threads": 1}
    small = path.stat().st_size < ONE_THREAD
    try:
        return duckdb.connect(str(path), read_only=True, config=alone if small else config)
    except duckdb.ConnectionException:  # open in this process already, from when the file was of another size
        return duckdb.connect(str(path), read_only=True, config=config if small else alone)


def _bound(connection: DuckDBPyConnection, size: int) -> None:
    """Take READING_MEMORY at most, or less where DuckDB grants itself less, and one thread for what is small."""
    granted, spill = connection.execute(_GRANTED).fetchall()[0]
    limit = f"set memory_limit = '{READING_MEMORY}B';" if spill and granted > READING_MEMORY else ""
    alone = "set threads = 1;" if size < ONE_THREAD else ""
    connection.execute(f"{PLAIN} {limit} {alone}")


def _identity(path: Path) -> tuple[int, int, int]:
    try:
        found = path.stat()
    except OSError as error:
        if isinstance(error, FileNotFoundError | NotADirectoryError):
            raise missing(path) from error
        raise DataError(f"{path}: cannot be read: {error.strerror}") from error
    if not (stat.S_ISREG(found.st_mode) or stat.S_ISDIR(found.st_mode)):
        raise DataError(f"{path}: is not a regular file", hint="name a file that supportkit made, or a new one")
    return found.st_dev, found.st_ino, found.st_mtime_ns

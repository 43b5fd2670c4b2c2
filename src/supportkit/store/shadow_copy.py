"""Writing a store: one lock, a copy, a check of the copy, and an atomic rename.

The file in place is never written. DuckDB 2.0.0 can lose an acknowledged commit when two processes write one file,
and drops its lock when its own process opens the file a second time; neither can happen here, and neither a kill, a
full disk nor a lost power supply leaves half a load. Readers keep the file that they opened.
"""

from __future__ import annotations

import contextlib
import errno
import itertools
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

from supportkit.errors import BusyError, DataError
from supportkit.store.engines.duck import Duck
from supportkit.store.file_errors import damaged, is_fault_of_the_file
from supportkit.store.migrations import OURS, migrate
from supportkit.store.opening import STORAGE_VERSION, connect, create_tables, open_store
from supportkit.store.ours import confine, only_ours, own_functions_first
from supportkit.store.schema import REGISTERS, ddl
from supportkit.store.shortage import is_shortage, short_of_memory
from supportkit.store.store import Store
from supportkit.store.written_query import literal
from supportkit.system.atomic_files import privately
from supportkit.system.file_copies import copy_file
from supportkit.system.locks import let_go, take
from supportkit.system.machine import make_durable
from supportkit.system.signals import interruptible

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

MEMORY_LIMIT: Final = "600MB"
_LOADS: Final = "select load_id, file, table_name, loaded, updated, rejected from loads order by load_id"
MOST_KEPT: Final = 100


class LeaveUnchangedError(Exception):
    """Raised inside `rewriting` to leave the store as it is."""


@contextlib.contextmanager
def rewriting(
    path: Path, *, reads: Iterable[Path] = (), erase: bool = False, keep: int | None = None
) -> Iterator[Store]:
    """A copy of the store to write to; at the end the copy takes the store's place, and the old file is `.prev`.

    The files before that are `.prev.2` and so on, up to `keep`, or as many as there are. It reaches no file but those
    that it `reads`. A new store is made where there is none. With `erase` the copy is
    written anew, so that no deleted value is left in its blocks, and there is no `.prev`. After an error or an
    interrupt nothing has changed. Raises BusyError, or DataError where the folder cannot be written, the disk is full,
    or the file is no store of ours.
    """
    from supportkit.system.duckdb_engine import duckdb

    path = _real(path)
    with store_lock(path):
        try:
            with _workplace(path) as work:
                copy = _copy_of(path, work)
                connection = connect(copy, memory_limit=MEMORY_LIMIT, temp_directory=str(work / "spill"))
                try:
                    with interruptible(connection.interrupt):
                        _prepare(connection, path, reads)
                        yield Store(Duck(connection), path)
                        counts = _counts(connection)
                        connection.execute("checkpoint store")
                finally:
                    connection.close()
                if erase:
                    copy = _written_anew(copy, work, path)
                _verify(copy, counts)
                _publish(copy, path, work=work, keep=0 if erase else keep or max(1, len(kept_files(path))))
        except LeaveUnchangedError:
            return
        except OSError as error:
            raise not_writable(path, error) from error
        except duckdb.Error as error:
            if is_shortage(error):
                raise short_of_memory(error) from error
            if "No space left" in str(error) or isinstance(error, duckdb.TransactionException):
                raise not_writable(path, error) from error
            if is_fault_of_the_file(error):
                raise damaged(path, error) from error
            raise


@contextlib.contextmanager
def store_lock(path: Path) -> Iterator[None]:
    """Hold the store's exclusive lock. Raises BusyError at once where another process holds it.

    The lock's file goes with the lock: it is removed while it is held, and who gets a lock looks whether the name
    still leads to what he locked.
    """
    if not path.parent.is_dir():
        raise DataError(f"{path}: there is no folder {path.parent}", hint="make it first, or name another")
    place = Path(f"{path}.lock")
    try:
        handle = take(place)
    except BlockingIOError as error:
        raise BusyError(f"{path}: another process is writing it", hint="try again when it is done") from error
    except OSError as error:
        raise not_writable(path, error) from error
    try:
        yield
    finally:
        let_go(handle, remove=place)


def undo(path: Path) -> list[tuple[str, str, int, int, int]]:
    """Put the file before the last load back in its place; returns the loads undone, as in the ledger.

    Each is (file, table, loaded, updated, rejected). Raises DataError where there is nothing to go back to.
    """
    path = _real(path)
    with store_lock(path):
        before = kept_files(path)
        if not path.exists() or not before or before[0].samefile(path):
            raise DataError(
                f"{path}: there is nothing to go back to",
                hint="as many loads can be undone as are kept (load --keep-loads), and none after a person was erased",
            )
        _refuse_unfinished(path)
        with open_store(before[0]) as previous:
            kept = {row[0] for row in previous.rows("select load_id from loads")}
        undone = []
        with contextlib.suppress(DataError), open_store(path) as store:  # a damaged file can be undone too
            undone = [row[1:] for row in store.rows(_LOADS) if row[0] not in kept]
        try:
            for one, place in zip(before, itertools.chain([path], _kept_names(path)), strict=False):
                os.replace(one, place)
            make_durable(path.parent)
        except OSError as error:
            raise not_writable(path, error) from error
        return undone


def kept_files(path: Path) -> list[Path]:
    """The files before the store that are kept, the last one first."""
    return [name for name in itertools.islice(_kept_names(path), MOST_KEPT) if name.exists()]


def _kept_names(path: Path) -> Iterator[Path]:
    """Where the file before the store lies, the one before that, and so on."""
    yield Path(f"{path}.prev")
    for number in itertools.count(2):
        yield Path(f"{path}.prev.{number}")


def _real(path: Path) -> Path:
    """Where a path leads, through symbolic links. Raises DataError where these lead in a circle."""
    real = Path(os.path.realpath(path))
    if real.is_symlink():
        raise DataError(f"{path}: is a symbolic link that leads back to itself", hint="name another file")
    return real


def not_writable(path: Path, error: Exception) -> DataError:
    """The error for a store that cannot be written, in words for a person."""
    if is_shortage(error):
        return short_of_memory(error)
    text = error.strerror if isinstance(error, OSError) and error.strerror else str(error).splitlines()[0]
    if "No space left" in str(error) or (isinstance(error, OSError) and error.errno == errno.ENOSPC):
        return DataError(f"{path}: the disk is full; nothing was changed", hint="free some space and load again")
    return DataError(f"{path}: cannot be written: {text}; nothing was changed", hint="name a folder that you may write")


@contextlib.contextmanager
def _workplace(path: Path) -> Iterator[Path]:
    """A private folder beside the store for the copy and what DuckDB spills; what a killed load left is removed."""
    work = path.with_name(f".{path.name}.next")
    try:
        with privately():
            shutil.rmtree(work, ignore_errors=True)
            work.mkdir(mode=0o700)
            yield work
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _copy_of(path: Path, work: Path) -> Path:
    copy = work / "store.duckdb"
    if not path.exists():
        return copy
    open_store(path).close()
    _refuse_unfinished(path)
    with path.open("rb") as source, copy.open("xb") as target:
        copy_file(source, target)
    return copy


def _refuse_unfinished(path: Path) -> None:
    """Raise DataError where another program wrote to the store and ended before its changes were in the file: they
    would be lost, or come over the file that takes its place."""
    log = Path(f"{path}.wal")
    if log.exists() and log.stat().st_size:
        raise DataError(
            f"{path}: another program has left changes beside it, in {log.name}",
            hint="open and close it in that program once more, which takes them in; then try again",
        )


def _prepare(connection: DuckDBPyConnection, path: Path, reads: Iterable[Path]) -> None:
    """Make the tables, or bring those of an older release to today's, and confine the connection to what it reads.

    What is unpacked or tidied lies in the temporary folder, as a file without a name.
    """
    if path.exists():
        own_functions_first(connection)
        migrate(connection, "store", only_ours(connection, path, writes=True))
        connection.execute(ddl(REGISTERS, "store.main."))
    else:
        create_tables(connection)
        own_functions_first(connection)
    files = list(reads)
    unnamed = Path(tempfile.gettempdir()) if files else None
    confine(connection, unnamed, files=files, settings=["memory_limit", "disabled_optimizers"])


def _counts(connection: DuckDBPyConnection) -> list[int]:
    rows = connection.execute(" union all ".join(f"select count(*) from main.{name}" for name in OURS)).fetchall()
    return [int(row[0]) for row in rows]


def _written_anew(copy: Path, work: Path, path: Path) -> Path:
    """The same store in a new file: what was deleted stays in the blocks of the old one."""
    from supportkit.system.duckdb_engine import duckdb

    new = work / "anew.duckdb"
    connection = connect(None, memory_limit=MEMORY_LIMIT, temp_directory=str(work / "spill"))
    try:
        connection.execute(f"attach {literal(str(copy))} as old (read_only)")
        connection.execute(f"attach {literal(str(new))} as new (storage_version '{STORAGE_VERSION}')")
        confine(connection)
        with interruptible(connection.interrupt):
            connection.execute("copy from database old to new")
            connection.execute("checkpoint new")
    except (duckdb.CatalogException, duckdb.BinderException, duckdb.ConstraintException) as error:
        raise DataError(
            f"{path}: what others keep in it cannot be written anew: {str(error).splitlines()[0]}; nothing was changed",
            hint="move their tables into a file of their own, then forget again",
        ) from error
    finally:
        connection.close()
    return new


def _verify(copy: Path, counts: list[int]) -> None:
    """Open the closed copy as a reader would, and count. A difference is a bug, and stops the load."""
    with open_store(copy) as store:
        found = _counts(store.connection)
    leftover = copy.with_name(copy.name + ".wal")
    if found != counts or (leftover.exists() and leftover.stat().st_size):
        raise RuntimeError(f"the copy of the store holds {found} rows where {counts} were written")


def _publish(copy: Path, path: Path, *, work: Path, keep: int) -> None:
    """Make the copy durable, keep the old file and those before it, and put the copy in its place, each step whole or
    not at all."""
    os.chmod(copy, 0o600)
    make_durable(copy)
    names = list(itertools.islice(_kept_names(path), keep))
    if keep and path.exists():
        kept = work / "previous"
        try:
            os.link(path, kept)
        except OSError:  # a file system without hard links
            shutil.copyfile(path, kept)
        os.chmod(kept, 0o600)
        for one, place in reversed(list(itertools.pairwise(names))):
            if one.exists():
                os.replace(one, place)
        os.replace(kept, names[0])
    spare = [one for one in kept_files(path) if one not in names]
    for one in spare:
        one.unlink(missing_ok=True)
    if not keep:  # first: after a kill between the two, undo must not bring back what was to be erased
        make_durable(path.parent)
    os.replace(copy, path)
    make_durable(path.parent)

"""Loading files into an open database: all of them or none."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from supportkit.errors import DataError, NotAnExportError, SupportkitError, UsageError
from supportkit.exports.file_load import erased_from, load_file
from supportkit.exports.ledger import next_load
from supportkit.exports.loaded import Loaded
from supportkit.exports.masking.pseudonyms import derived_key, given_key
from supportkit.exports.people.belonging import THINGS
from supportkit.exports.reading.files import digest_of, open_export
from supportkit.exports.reading.found_files import find_files, listed, strays, with_folder
from supportkit.exports.recognising.header_names import normal_header
from supportkit.exports.recognising.joining import Join, join_plan
from supportkit.exports.recognising.load_options import LoadOptions
from supportkit.exports.recognising.recognised_file import is_of_other_table, layout_of, recognise_file
from supportkit.exports.rows.masking_functions import masking_functions
from supportkit.exports.rows.personal_data import Protection
from supportkit.exports.shared_load import Load
from supportkit.store.address import MANIFEST
from supportkit.system.named import NamedTuple

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from supportkit.store import Store

LARGE: Final = 16 << 20
WIDE: Final = (1 << 20, 30)
"""The bytes and the columns of a file whose cells DuckDB looks through sooner than Python its rows."""
ONE_THREAD: Final = 4 << 20
"""Bytes of files that one thread reads for a metric: to divide them takes longer than to do it."""
FEWEST: Final = 8
"""Files that are looked at for what they have in common."""
LESS: Final = "load fewer files at once, or without the columns that nobody asks about"


def load(store: Store, paths: Iterable[Path], options: LoadOptions) -> list[Loaded]:
    """Load files into an open store in one transaction, but for one metric's, which nobody goes back to.

    Raises DataError for a file that is no known table; where not the file but its folder was named, it is left out.
    """
    connection = store.connection
    paths = list(paths)
    if len(paths) == 1 and os.path.isfile(paths[0] / MANIFEST):  # which a name that is too long is not
        from supportkit.exports.restoring import exported_folder, restore

        if (folder := exported_folder(paths)) is not None:
            return restore(connection, folder)
    files = find_files(paths)
    plan = join_plan(files, options.with_files, options.joins)
    joined = {os.path.realpath(join.file) for joins in plan.values() for each in joins.values() for join in each}
    files = [path for path in files if os.path.realpath(path) not in joined or path in plan]
    run = _Run(connection, paths, files, plan, options)
    if len(files) < FEWEST:
        return _load_files(run, as_series=False)
    from supportkit.exports.series.read_as_one import NotASeriesError

    try:
        return _load_files(run, as_series=True)
    except NotASeriesError:  # which has ended the transaction
        if options.for_one_metric:
            _empty_tables(connection)
        return _load_files(run, as_series=False)


class _Run(NamedTuple):
    """What is loaded: the paths as given, the files that they name, and the files that are joined to some of them."""

    connection: DuckDBPyConnection
    paths: Sequence[Path]
    files: Sequence[Path]
    plan: Mapping[Path, Mapping[str, Sequence[Join]]]
    options: LoadOptions


def _load_files(run: _Run, *, as_series: bool) -> list[Loaded]:
    """Load the files in one transaction. Raises NotASeriesError where some cannot be read as one after all."""
    connection, options, files = run.connection, run.options, run.files
    key = options.key or given_key() or derived_key(digests(files))
    when = options.loaded_at or datetime.now(UTC)
    protection = Protection(options.privacy, key)
    outcome: list[Loaded] = []
    first = 1 if options.for_one_metric else next_load(connection)
    size = sum(path.stat().st_size if path.is_file() else LARGE for path in files)
    small = size < LARGE and not any(map(_is_wide, files))
    if options.for_one_metric and size < ONE_THREAD:
        connection.execute("set threads = 1")
    with masking_functions(connection, protection, small=small):
        if not options.for_one_metric:
            connection.execute("begin")
        erased = erased_from(connection, options, protection)
        shared = Load(connection, options, protection, when, erased, small, set(), {}, set())
        ordered = files if erased is None else _owners_first(files, options)
        if as_series and erased is None:
            outcome = _load_runs(run, shared, first)
        else:
            for path in ordered:
                outcome += _load_one(run, shared, path, first, fresh=options.for_one_metric and not outcome)
        left_out = [one for one in outcome if one.left_out]
        if len(left_out) == len(files):
            raise _none_known(left_out, run.paths)
        _refuse_unknown_drops(options.drop, shared.dropped)
        if not options.for_one_metric:
            if any(one.table == "tickets" for one in outcome):
                from supportkit.store.arrivals import remember_arrivals

                remember_arrivals(connection, when, options.zone)
            connection.execute("commit")
    return outcome


def _empty_tables(connection: DuckDBPyConnection) -> None:
    """Take back what a load for one metric brought, which no transaction undoes."""
    query = "select table_name from duckdb_tables() where schema_name = 'main' and not temporary"
    for (name,) in connection.execute(f"{query} and table_name <> 'meta'").fetchall():
        connection.execute(f"delete from main.{name}")


def _none_known(left_out: Sequence[Loaded], paths: Sequence[Path]) -> NotAnExportError:
    """Why nothing of folders could be loaded: what is wrong with the first file, and what else lies there."""
    others = [*(Path(one.file) for one in left_out[1:]), *strays(paths)]
    also = f"; nor is there an export in {listed(others)}" if others else ""
    return NotAnExportError(f"{left_out[0].left_out}{also}", hint=left_out[0].notes[0])


def _load_runs(run: _Run, shared: Load, first: int) -> list[Loaded]:
    """The same with many small files of the same columns as one."""
    from supportkit.exports.series.alike_files import runs
    from supportkit.exports.series.read_as_one import NotASeriesError, load_series

    of: dict[Path, list[Loaded]] = {}
    parts, moved = runs(run.files, run.options)
    for together, some in parts:
        if together:
            shared.protection.next_file()
            try:
                with _short_of_memory(some[0]):
                    done = load_series(shared, some)
                of |= {path: [one] for path, one in zip(some, done, strict=True)} if done else {}
                continue
            except NotASeriesError:
                if moved or not run.options.for_one_metric:  # else nothing has been merged
                    raise
        for path in some:
            try:
                of[path] = _load_one(run, shared, path, first)
            except SupportkitError as error:
                if moved:  # it is told better in the order of the files
                    raise NotASeriesError from error
                raise
            if moved and any(one.updated or one.unchanged or one.older for one in of[path]):
                raise NotASeriesError  # which of two rows came first may matter
    return [one for path in run.files for one in of.get(path, ())]


def _load_one(run: _Run, shared: Load, path: Path, first: int, *, fresh: bool = False) -> list[Loaded]:
    """What became of one file; nothing where nobody asked for its table. `fresh` says that no other is loaded yet."""
    options, protection = run.options, shared.protection
    protection.next_file()
    if shared.erased is not None:  # whom a file shows to be the customer of more is erased with that
        shared = shared._replace(erased=erased_from(run.connection, options, protection))
    if options.only is not None and is_of_other_table(path, options):
        return []
    try:
        with (
            _short_of_memory(path),
            with_folder(path),
            open_export(
                path, name="-" if str(path) == "-" else path.name, sheet=options.sheet, usual_sheet=options.usual_sheet
            ) as export,
        ):
            since = None if path in run.paths else first
            done = load_file(shared, export, run.plan.get(path, {}), since=since, fresh=fresh)
    except NotAnExportError as error:
        if path in run.paths:
            raise
        done = Loaded(path.name, "", "", 0, 0, 0, 0, 0, 0.0, (error.hint,), error.message)
    return [] if done is None else [done]


@contextmanager
def _short_of_memory(path: Path) -> Iterator[None]:
    """Says of which file it is that memory is too little for it."""
    from supportkit.system.duckdb_engine import duckdb

    try:
        yield
    except (duckdb.Error, MemoryError) as error:
        from supportkit.store.shortage import is_shortage, short_of_memory

        if not is_shortage(error):
            raise
        raise short_of_memory(error, f"{path}: ", LESS) from error


def _refuse_unknown_drops(drop: Iterable[str], found: set[str]) -> None:
    """Raise UsageError for a column that is not to be loaded, and that no file has."""
    for header in drop:
        if normal_header(header) not in found:
            raise UsageError(f"--drop {header}: no file has such a column", hint="write it as it stands in the header")


def _is_wide(path: Path) -> bool:
    """Whether a file has so many cells in a row, by its first line, that it is treated as a large one."""
    size, columns = WIDE
    if not path.is_file() or path.stat().st_size < size:
        return False
    with path.open("rb") as file:
        first = file.readline(1 << 16)
    return max(first.count(sign) for sign in (b",", b";", b"\t", b"|")) >= columns


def digests(files: Iterable[Path]) -> list[str]:
    """The fingerprints of files, from which the key of a run without one is made."""
    found = []
    for path in files:
        if str(path) != "-":
            with suppress(NotAnExportError):
                found.append(digest_of(path))
    return found


def _owners_first(files: Sequence[Path], options: LoadOptions) -> Sequence[Path]:
    """Those files first that say whose a ticket or an order is, so that of somebody who was erased the messages and
    answers that hang on it are refused."""

    from supportkit.exports.recognising.guessing.of_file import with_guess

    def hangs(path: Path) -> bool:
        with suppress(DataError), open_export(path, sheet=options.sheet, usual_sheet=options.usual_sheet) as export:
            encoding, layout = layout_of(export, options)
            if layout is None:
                return True
            read_as = with_guess(export, encoding, layout, options).options if options.guess else options
            return recognise_file(export, layout, read_as).table.name not in THINGS
        return True

    return sorted(files, key=lambda path: str(path) == "-" or hangs(path))

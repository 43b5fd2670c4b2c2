"""Loading files into an open database: every record read is loaded, updates a row, is unchanged, or is rejected."""

from __future__ import annotations

import os
import shlex
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Final, NamedTuple

from supportkit.errors import DataError, NotAnExportError, UsageError
from supportkit.exports.belonging import THINGS
from supportkit.exports.cells import find_layout, read_cells
from supportkit.exports.column_formats import find_formats, in_file
from supportkit.exports.day_columns import instants_of
from supportkit.exports.deciding_words import Given, Readers, Word, judge_again, read_words, spread_currency
from supportkit.exports.dialect import Layout
from supportkit.exports.expressions import columns_read
from supportkit.exports.files import OpenExport, find_files, open_export, with_folder
from supportkit.exports.joining import Join, JoinedFile, join_plan, joined_cells, open_joined, with_names
from supportkit.exports.ledger import (
    Entry,
    enter_load,
    keep_entries,
    read_before,
    reading_of,
    says_nothing_new,
    with_instants,
)
from supportkit.exports.line_merging import WithLines, merge_orders
from supportkit.exports.log_entries import tell_notes_and_writers
from supportkit.exports.merging import Merged, keep_best_rows, merge
from supportkit.exports.odd_instants import odd_instants
from supportkit.exports.order_lines import group_lines, is_our_own, takes_lines, tell_apart, to_stage, with_lines
from supportkit.exports.personal_data import Protection, masking_functions, protect_stage
from supportkit.exports.private_columns import find_private
from supportkit.exports.pseudonyms import Key, Privacy, derived_key, given_key
from supportkit.exports.raw import Treatment
from supportkit.exports.recognise import Recognised, recognise
from supportkit.exports.records import column_names
from supportkit.exports.refund_rows import WHOSE, PutTo, put_refunds
from supportkit.exports.refusing import refuse_erased
from supportkit.exports.rejects import (
    FAULTS,
    left_out_rows,
    reject_erased,
    rounded_notes,
    unread_cells,
    write_rejects,
)
from supportkit.exports.replacing import compared, forget_replaced, refuse_moved_ids, take_back
from supportkit.exports.rounded_ids import rounded_ids
from supportkit.exports.row_writing import target_of, write_rows
from supportkit.exports.score_column import judge_scores_again, words_of_scores
from supportkit.exports.settings import Settings
from supportkit.exports.staging import STAGE, Staging
from supportkit.exports.suppression import Erased, read_erased
from supportkit.exports.telling_versions import by_order_notes, more_lines_notes, replaces
from supportkit.store.arrivals import remember_arrivals
from supportkit.store.schema import MESSAGES, ORDERS, SURVEYS, TABLES
from supportkit.store.shortage import is_shortage, short_of_memory

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from supportkit.store import Store

LARGE: Final = 16 << 20
LESS: Final = "load fewer files at once, or without the columns that nobody asks about"
OURS: Final = 0.8  # of the names in a header that are ours
Progress = Callable[[str, int, int, int], None]


@dataclass(frozen=True)
class LoadOptions:
    """How files are to be read. `progress` is told the file, the bytes done, all bytes and the rows.

    Where `columns` came with the data in a configuration, `came_in` is that file. A file that was loaded before takes
    the place of what it brought: to all tables, but with `beside` only to the one it is read as now; and with other ids
    only where they may move (`move_ids`).
    """

    table: str | None = None
    source: str | None = None
    columns: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    came_in: Path | None = None
    map: Mapping[str, str] = field(default_factory=dict)
    values: Given = field(default_factory=dict)
    keep: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    dates: str | None = None
    zone: str = "UTC"
    currency: str | None = None
    privacy: Privacy = "mask"
    key: Key | None = None
    order_key: tuple[str, ...] = ("order_id",)
    with_files: tuple[str, ...] = ()
    joins: Mapping[str, Sequence[str]] = field(default_factory=dict)
    beside: bool = False
    move_ids: bool = False
    only: frozenset[str] | None = None
    loaded_at: datetime | None = None
    progress: Progress | None = None

    @property
    def for_one_metric(self) -> bool:
        """Whether the store is thrown away after a run that reads `only` some tables."""
        return self.only is not None


class Loaded(NamedTuple):
    """What became of one file: read = loaded + updated + unchanged + older + rejected.

    A file of a folder that is no export has no table; `left_out` says why, and its notes what could be done. `words`
    are those of its deciding columns; `read_again` are words of rows loaded before that mean something else from now
    on.
    """

    file: str
    table: str
    source: str
    read: int
    loaded: int
    updated: int
    unchanged: int
    rejected: int
    seconds: float
    notes: tuple[str, ...] = ()
    left_out: str = ""
    words: tuple[Word, ...] = ()
    read_again: tuple[Word, ...] = ()
    late: int = 0
    """Rows of earlier loads that this file shows to be of somebody who was erased: they are erased too."""
    unwanted: int = 0
    """Rejected rows that are no faults: a condition leaves them out, or they are of somebody who was erased."""
    older: int = 0
    """Rows that a later version of the same row goes before."""
    load_id: int = 0
    """The load in the books: of a file that was read in this way before, that one."""

    @property
    def faults(self) -> int:
        """Rows that were rejected for a fault."""
        return self.rejected - self.unwanted

    @property
    def is_mostly_faulty(self) -> bool:
        """Whether more than half of the rows that were wanted have a fault: the file is read in a wrong way."""
        return 2 * self.faults > self.read - self.unwanted


def mostly_faulty(one: Loaded) -> str:
    """That more than half of a file is refused, in words."""
    return f"{one.file}: {one.faults:,} of {one.read - one.unwanted:,} rows cannot be read as {one.table}"


def refuse_mostly_faulty(outcome: Iterable[Loaded]) -> None:
    """Raise DataError for a file of which more than half is refused for faults, where nothing is kept to look at."""
    for one in outcome:
        if one.is_mostly_faulty:
            raise DataError(
                mostly_faulty(one),
                hint="supportkit load says where and why; with --max-rejects it takes the rest, to be named with --db",
            )


def load(store: Store, paths: Iterable[Path], options: LoadOptions) -> list[Loaded]:
    """Load files into an open store in one transaction, but for one metric's, which nobody goes back to.

    Raises DataError for a file that is no known table; where not the file but its folder was named, it is left out.
    """
    import duckdb

    connection = store.connection
    paths = list(paths)
    files = find_files(paths)
    plan = join_plan(files, options.with_files, options.joins)
    joined = {os.path.realpath(join.file) for joins in plan.values() for each in joins.values() for join in each}
    files = [path for path in files if os.path.realpath(path) not in joined or path in plan]
    key = options.key or given_key() or derived_key(digests(files))
    when = options.loaded_at or datetime.now(UTC)
    protection = Protection(options.privacy, key)
    outcome: list[Loaded] = []
    strays = 0
    met: set[tuple[str, str]] = set()
    first = _next_load(connection)
    small = sum(path.stat().st_size if path.is_file() else LARGE for path in files) < LARGE
    with masking_functions(connection, protection, small=small):
        if not options.for_one_metric:
            connection.execute("begin")
        for path in _owners_first(connection, files, options, key):
            protection.found.clear()
            if options.only is not None and _is_other(path, options):
                continue
            try:
                with with_folder(path), open_export(path, name="-" if str(path) == "-" else path.name) as export:
                    done = _load_file(
                        connection,
                        export,
                        options,
                        protection,
                        when,
                        met,
                        plan.get(path, {}),
                        small=small,
                        since=None if path in paths else first,
                    )
            except (duckdb.Error, MemoryError) as error:
                if not is_shortage(error):
                    raise
                raise short_of_memory(error, f"{path}: ", LESS) from error
            except NotAnExportError as error:
                if path in paths:
                    raise
                strays += 1
                done = Loaded(path.name, "", "", 0, 0, 0, 0, 0, 0.0, (error.hint,), error.message)
            if done is not None:
                outcome.append(done)
        if strays == len(files):
            raise NotAnExportError(
                outcome[0].left_out + (f"; {strays - 1} more like it" if strays > 1 else ""), hint=outcome[0].notes[0]
            )
        if not options.for_one_metric:
            if any(one.table == "tickets" for one in outcome):
                remember_arrivals(connection, when, options.zone)
            connection.execute("commit")
    return outcome


def digests(files: Iterable[Path]) -> list[str]:
    """The fingerprints of files, from which the key of a run without one is made."""
    found = []
    for path in files:
        if str(path) != "-":
            with suppress(NotAnExportError), open_export(path) as export:
                found.append(export.sha256)
    return found


def recognise_file(export: OpenExport, layout: Layout, options: LoadOptions) -> Recognised:
    """What a file is, under these options: by the questions that name its columns, else by the codes above them."""
    try:
        return _recognise_by(layout.names, export, options)
    except (DataError, UsageError):
        if not layout.codes:
            raise
        with suppress(DataError, UsageError):
            return _recognise_by(layout.codes, export, options)
        raise


def _recognise_by(headers: Sequence[str], export: OpenExport, options: LoadOptions) -> Recognised:
    found = recognise(
        export.name,
        headers,
        table=options.table,
        source=options.source,
        maps=options.columns,
        given=options.map,
        keep=options.keep,
        kept=options.kept,
    )
    if options.came_in is not None:
        described = [ours for ours in options.columns.get(found.table.name, ()) if ours not in options.map]
        _refuse_personal(found, headers, options.came_in, described)
    return found


def with_joined(
    export: OpenExport, layout: Layout, joins: Mapping[str, Sequence[Join]], options: LoadOptions
) -> tuple[list[JoinedFile], Recognised]:
    """The files that are joined to one, and what it is with them; joins of a table only where it is that table."""
    for table, each in joins.items():
        with suppress(NotAnExportError, UsageError, DataError):
            if table and recognise_file(export, layout, options).table.name != table:
                continue
        others = open_joined(export.name, layout, each)
        known = recognise_file(export, with_names(layout, others), options)
        if table in ("", known.table.name):
            return others, known
    return [], recognise_file(export, layout, options)


def _refuse_personal(found: Recognised, headers: Sequence[str], came_in: Path, described: Sequence[str]) -> None:
    """Raise UsageError where a configuration that came with the data loads what is left out as personal data."""
    for ours in described:
        for place in (place for part in found.columns.get(ours, ()) for place in columns_read(part)):
            if place in found.personal:
                raise UsageError(
                    f"{came_in}: [columns.{found.table.name}] {ours}: {headers[place]!r} is left out as personal data, "
                    "and what stands beside the data cannot have it loaded",
                    hint=f"if you wrote it: --config {shlex.quote(os.fspath(came_in))}",
                )


def _erased(connection: DuckDBPyConnection, options: LoadOptions, key: Key | None) -> Erased | None:
    """Who was erased from the store; nobody from one that is new, made for one metric."""
    return None if options.for_one_metric or key is None else read_erased(connection, key)


def _owners_first(
    connection: DuckDBPyConnection, files: Sequence[Path], options: LoadOptions, key: Key
) -> Sequence[Path]:
    """The files in their order; where somebody was erased, those first that say whose a ticket or an order is, so that
    the messages and answers that hang on it are refused."""
    if _erased(connection, options, key) is None:
        return files

    def hangs(path: Path) -> bool:
        with suppress(DataError), open_export(path) as export:
            _, layout = find_layout(export)
            return layout is None or recognise_file(export, layout, options).table.name not in THINGS
        return True

    return sorted(files, key=lambda path: str(path) == "-" or hangs(path))


def _is_other(path: Path, options: LoadOptions) -> bool:
    """Whether the first line alone says that a file is of a table that nobody asked for: our own column names."""
    if options.table or options.source or options.map or not path.is_file():
        return False
    with path.open("rb") as file:
        names = file.readline(4096).decode("utf-8", "replace").strip().split(",")
    known = [
        table
        for table in TABLES.values()
        if {field.name for field in table.fields if field.required} <= set(names)
        and sum(name in table.names for name in names) >= OURS * len(names)
    ]
    assert options.only is not None
    return len(known) == 1 and known[0].name not in options.only


def _load_file(
    connection: DuckDBPyConnection,
    export: OpenExport,
    options: LoadOptions,
    protection: Protection,
    when: datetime,
    met: set[tuple[str, str]],
    joins: Mapping[str, Sequence[Join]],
    *,
    small: bool,
    since: int | None,
) -> Loaded | None:
    """Load one file; `met` are the tables and sources of the files before it, `joins` by table those of the file;
    `since` the first load of the other files of its folder.

    None where nobody asked for its table.
    """
    start = perf_counter()
    export = export._replace(name=protection.file_name(export.name))
    encoding, layout = find_layout(export)
    if layout is None:
        load_id, seconds = _next_load(connection), perf_counter() - start
        done = Loaded(export.name, "", "", 0, 0, 0, 0, 0, seconds, ("the file is empty",), load_id=load_id)
        enter_load(connection, done, export.sha256, load_id, [], when, None)
        return done
    erased = _erased(connection, options, protection.key)
    if erased is not None:
        export = export._replace(name=erased.text(export.name))
        layout = replace(layout, names=tuple(column_names([erased.text(name) for name in layout.names])))
    others, known = with_joined(export, layout, joins, options)
    if options.only is not None and known.table.name not in options.only:
        return None
    alone, layout = layout, with_names(layout, others)
    written = {"encoding": encoding.name, "delimiter": layout.dialect.delimiter}
    if others:
        written["with"] = "; ".join(f"{one.join.file.name} on {one.join.ours} ({one.sha256[:12]})" for one in others)
    reading = reading_of(known, layout.names, options, written)
    if erased is not None:
        reading = erased.text(reading)
    before = read_before(connection, export.sha256, known.table.name if options.beside else None)
    if erased is None and says_nothing_new(before, known.table.name, reading):
        return _read_already(export, known, before[0], start)
    readers = readers_of(known, layout.names, options)
    again: tuple[Word, ...] = ()
    if not options.for_one_metric and (known.table.name, known.source) not in met:
        again = judge_again(connection, known.table.name, known.source, readers)
        if known.table is SURVEYS:
            again += judge_scores_again(connection, known.source, readers)
    met.add((known.table.name, known.source))
    load_id = _next_load(connection)
    file_id = min((one.file_id for one in before if one.file_id is not None), default=load_id)
    if before:
        take_back(connection, [one.file_id for one in before if one.file_id is not None])
    kept, told = small and options.for_one_metric, _told(export, options.progress)
    met_keys: list[str] = []
    with (
        read_cells(connection, export, encoding, alone, told, kept=kept) as records,
        joined_cells(connection, records, known, others, met_keys.append) as cells,
    ):
        hide = protection.text if options.privacy == "mask" else str
        settings = Settings(options.zone, options.currency, options.privacy == "mask", small)
        staging = Staging(cells, known, settings, readers, hide)
        with in_file(export.name, protection):
            find_formats(connection, staging, dates=options.dates)
            staging.reading.columns = find_private(connection, staging)
            protection.begin(staging.reading.columns)
            place = target_of(connection, staging)
            given = {"source": known.source, "source_file": export.name, "loaded_at": when, "file_id": file_id}
            rounded = write_rows(
                connection, staging, place, given, dates=options.dates, for_one_metric=options.for_one_metric
            )
        if small:
            protect_stage(connection, STAGE, staging.private_columns(), protection)
        warnings: list[str] = []
        late = 0
        if not options.for_one_metric:  # which says nothing of its files
            if erased is not None:
                refused, late = refuse_erased(connection, known.table, place, erased)
                reject_erased(connection, refused)
            warnings = rounded_ids(connection, known.table, place)
        orders: int | None = None
        lined = WithLines(Merged(), lines=False)
        if takes_lines(known):
            tell_apart(connection, place, options.order_key)
            if with_lines(connection, known, place):
                to_stage(connection, place, STAGE)
                place = STAGE
                orders = group_lines(connection, known, place, options.zone)
        refunds = put_refunds(connection, STAGE) if WHOSE in staging.passing else None
        words = read_words(connection, known.table.name, staging.given, place, readers, hide)
        if known.table is MESSAGES:
            tell_notes_and_writers(connection, place, staging.given)
        if known.table is SURVEYS:
            without_erased = str if erased is None else erased.text
            words += words_of_scores(connection, staging, place, load_id, without_erased)
        if staging.signed is not None:
            spread_currency(connection, place, words)
        if before and not options.move_ids:
            refuse_moved_ids(connection, known.table, place, export.name)
        instants = instants_of(connection, staging, place)
        if not options.for_one_metric:
            warnings += odd_instants(connection, staging, place, instants, when)
        if place != STAGE:
            merged = keep_best_rows(connection, known.table)
        elif known.table is ORDERS and refunds is None and takes_lines(known):
            lined = merge_orders(
                connection,
                STAGE,
                grouped=orders is not None,
                numbered=not is_our_own(known),
                again=file_id < load_id,
                before=bool(before),
                since=since,
            )
            merged = lined.merged
        else:
            merged = merge(
                connection, known.table, STAGE, again=file_id < load_id, lines=refunds is not None, since=since
            )
        rejected = cells.read - merged.rows
        unwanted = _unwanted(connection, staging, rejected, options)
        if not options.for_one_metric:  # which has no use for them
            treatment = Treatment(known, layout.names, layout.dialect, protection, erased)
            write_rejects(connection, load_id, export, records, treatment)
            warnings += unread_cells(connection)
        _remember_properties(connection, staging)
        connection.execute(f"drop table if exists {STAGE}; drop table if exists {FAULTS}")
        notes: tuple[str, ...] = (
            *_notes(staging, protection, orders, refunds),
            *by_order_notes(known.table, merged),
            *more_lines_notes(known, lined),
            *met_keys,
            *rounded_notes(rounded),
            *warnings,
        )
    reading = with_instants(reading, instants)
    is_as_before = False
    if before:
        is_as_before = not merged.loaded and not merged.updated
        if not lined.lines:
            merged, is_as_before = compared(connection, known.table, file_id, merged)
        books = [(one.read, one.older, one.rejected) for one in before]
        is_as_before = is_as_before and books == [(cells.read, merged.older, rejected)]
    if before:
        forget_replaced(connection)
        notes = notes if is_as_before else (replaces(before, options.zone), *notes)
    done = Loaded(
        export.name, known.table.name, known.source, cells.read, merged.loaded, merged.updated, merged.unchanged,
        rejected, perf_counter() - start, notes, words=words, read_again=again, late=late, unwanted=unwanted,
        older=merged.older, load_id=load_id,
    )  # fmt: skip
    if is_as_before:
        keep_entries(connection, before, load_id, reading)
        return done._replace(load_id=before[0].load_id)
    enter_load(connection, done, export.sha256, file_id, before, when, reading)
    return done


def _read_already(export: OpenExport, known: Recognised, entry: Entry, start: float) -> Loaded:
    """A file that was read in this way before: its rows are there."""
    kept = entry.read - entry.rejected - entry.older
    return Loaded(
        export.name, known.table.name, known.source, entry.read, 0, 0, kept, entry.rejected, perf_counter() - start,
        ("read in this way before: nothing is new",), unwanted=entry.rejected, older=entry.older, load_id=entry.load_id,
    )  # fmt: skip


def _unwanted(connection: DuckDBPyConnection, staging: Staging, rejected: int, options: LoadOptions) -> int:
    """How many of the rejected rows are no faults; where nobody wrote the faults down, asked only when it matters."""
    if not options.for_one_metric:
        return left_out_rows(connection)
    if 2 * rejected <= staging.cells.read:
        return 0
    query = staging.rows_query()
    return left_out_rows(connection, f"({query})", staging.bound(query))


def readers_of(known: Recognised, headers: Sequence[str], options: LoadOptions) -> Readers:
    """What is known of the words of an export."""
    return Readers(options.values, known.export.values, known.beside(headers), known.contrary, options.currency)


def _remember_properties(connection: DuckDBPyConnection, staging: Staging) -> None:
    table = staging.known.table.name
    for name in staging.property_names():
        connection.execute(
            "insert into property_names select $table, $name where not exists "
            "(from property_names where table_name = $table and name = $name)",
            {"table": table, "name": name},
        )


def _notes(staging: Staging, protection: Protection, orders: int | None, refunds: PutTo | None) -> tuple[str, ...]:
    cells = staging.cells
    notes = []
    if cells.layout.preamble:
        notes.append(f"{len(cells.layout.preamble)} lines above the header are not read")
    if cells.blank:
        notes.append(f"{cells.blank} blank lines are not read")
    if cells.not_utf8:
        notes.append(f"{cells.not_utf8} lines are not {cells.encoding.name} and were read as best they could be")
    if orders is not None:
        notes.append(f"lines of one order are one order: {orders} orders")
    if refunds and refunds.rows:
        notes.append(f"{refunds.rows:,} rows are refunds of orders before them, and no orders: {refunds.amount:,.2f}")
    if staging.settings.mask and staging.known.named:
        headers = ", ".join(staging.headers[place] for place in sorted(staging.known.named))
        notes.append(f"left out as names and addresses: {protection.shown(headers)} ([data] keep holds them)")
    if protection.found:
        found = ", ".join(f"{count} {kind}" for kind, count in sorted(protection.found.items()))
        notes.append(f"masked: {found}")
    return tuple(notes)


def _told(export: OpenExport, progress: Progress | None) -> Callable[[int, int], None] | None:
    if progress is None:
        return None
    return lambda done, rows: progress(export.name, done, export.size, rows)


def _next_load(connection: DuckDBPyConnection) -> int:
    return int(connection.execute("select coalesce(max(load_id), 0) + 1 from loads").fetchall()[0][0])

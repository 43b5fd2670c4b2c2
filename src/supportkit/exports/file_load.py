"""Loading one file into an open database: every record read is loaded, updates a row, is unchanged, or is rejected."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from time import perf_counter
from typing import TYPE_CHECKING, Final

from supportkit.exports.ledger import (
    Entry,
    enter_load,
    keep_entries,
    next_load,
    read_before,
    reading_of,
    says_nothing_new,
    with_instants,
)
from supportkit.exports.load_notes import notes_of_reading
from supportkit.exports.loaded import Loaded
from supportkit.exports.meanings.deciding_words import Readers, Word, judge_again
from supportkit.exports.merging.disagreeing_lines import disagreeing_notes, may_agree_now
from supportkit.exports.merging.merge_plan import Merged
from supportkit.exports.merging.row_writing import target_of, write_rows
from supportkit.exports.reading.cells import Cells, read_cells
from supportkit.exports.reading.dialect import Layout
from supportkit.exports.reading.files import OpenExport
from supportkit.exports.reading.records import column_names
from supportkit.exports.reading.writing import writing_of
from supportkit.exports.recognising.header_names import normal_header
from supportkit.exports.recognising.joining import Join, JoinedFile, joined_cells, with_names
from supportkit.exports.recognising.load_options import LoadOptions, Progress
from supportkit.exports.recognising.recognised import Recognised
from supportkit.exports.recognising.recognised_file import layout_of, readers_of, with_joined
from supportkit.exports.recognising.stepped import Laid, in_steps, steps_said
from supportkit.exports.rows.column_formats import find_formats, in_file
from supportkit.exports.rows.first_rows import first_rows
from supportkit.exports.rows.people_columns import with_people
from supportkit.exports.rows.personal_data import Protection
from supportkit.exports.rows.private_columns import find_private
from supportkit.exports.rows.rejects import FAULTS, left_out_rows, rounded_notes, unread_cells, write_rejects
from supportkit.exports.rows.rounded_ids import rounded_numbers
from supportkit.exports.rows.row_query import rows_query
from supportkit.exports.rows.score_column import judge_scores_again
from supportkit.exports.rows.settings import Settings
from supportkit.exports.rows.shifted_rows import find_kinds
from supportkit.exports.rows.small_stage import protect_stage
from supportkit.exports.rows.staging import STAGE, Staging
from supportkit.exports.rows.stored_columns import private_columns, property_names
from supportkit.exports.shared_load import Load
from supportkit.exports.staged_rows import FileMerge, merge_written
from supportkit.exports.telling_versions import by_order_notes, more_lines_notes, other_map_notes, replaces
from supportkit.store.schema import SURVEYS

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from supportkit.exports.people.suppression import Erased


MANY: Final = 5_000
"""Rows of which cells that come again are looked at once."""


def load_file(
    load: Load, export: OpenExport, joins: Mapping[str, Sequence[Join]], *, since: int | None, fresh: bool = False
) -> Loaded | None:
    """Load one file; `joins` are by table those of the file; `since` the first load of the other files of its folder;
    `fresh` says that nothing is loaded yet.

    None where nobody asked for its table.
    """
    start = perf_counter()
    options, protection, erased = load.options, load.protection, load.erased
    export = export._replace(name=protection.file_name(export.name))
    encoding, layout = layout_of(export, options)
    if layout is None:
        return _enter_empty(load, export, start)
    if erased is not None:
        export = export._replace(name=erased.text(export.name))
        layout = replace(layout, names=tuple(column_names([erased.text(name) for name in layout.names])))
    guessed: tuple[str, ...] = ()
    with in_steps(export, encoding, layout, options) as laid:
        if options.guess:
            from supportkit.exports.recognising.guessing.of_file import with_guess

            options, guessed = with_guess(*laid, options, load.guesses)
        with in_steps(*laid, options) as found:
            if found.layout is not layout:
                guessed += (f"read as a row for each step: {', '.join(steps_said(options))}",)
            return _load_rows(load._replace(options=options), found, joins, guessed, start, since=since, fresh=fresh)


def _load_rows(
    load: Load,
    laid: Laid,
    joins: Mapping[str, Sequence[Join]],
    guessed: tuple[str, ...],
    start: float,
    *,
    since: int | None,
    fresh: bool,
) -> Loaded | None:
    """Load the rows of a file under options of which nothing is left to be guessed."""
    connection, options, protection, erased = load.connection, load.options, load.protection, load.erased
    export, encoding, layout = laid
    others, known = with_joined(export, layout, joins, options)
    if options.map and not options.for_one_metric:
        from supportkit.exports.recognising.guessing.of_file import unsaid

        guessed += unsaid(export, encoding, layout, known)
    if options.only is not None and known.table.name not in options.only:
        return None
    alone, layout = layout, with_names(layout, others)
    load.dropped.update(normal_header(layout.names[place]) for place in known.dropped)
    reading = reading_of(
        known, layout.names, options, as_written(encoding.name, layout, others) | said_of(options, known)
    )
    if erased is not None:
        reading = erased.text(reading)
    before = [] if fresh else read_before(connection, export.sha256, known.table.name if options.beside else None)
    if (
        erased is None
        and says_nothing_new(before, known.table.name, reading)
        and not may_agree_now(connection, before[0].load_id)
    ):
        return _read_already(export, known, before[0], start)
    readers = readers_of(known, layout.names, options)
    again = words_again(load, known, readers)
    load_id = 1 if fresh else next_load(connection)
    file_id = min((one.file_id for one in before if one.file_id is not None), default=load_id)
    if before:
        from supportkit.exports.merging.replacing import forget_replaced, take_back

        take_back(connection, [one.file_id for one in before if one.file_id is not None])
    kept, told = load.small and options.for_one_metric, _told(export, options.progress)
    met_keys: list[str] = []
    with (
        read_cells(connection, export, encoding, alone, told, kept=kept) as records,
        joined_cells(connection, records, known, others, met_keys.append) as cells,
    ):
        staging, place, rounded = write_typed(load, export, cells, known, readers, file_id)
        known = staging.known
        outcome = merge_written(
            load,
            staging,
            place,
            export.name,
            load_id=load_id,
            file_id=file_id,
            before=bool(before),
            reading=reading,
            since=since,
        )
        merged, warnings = outcome.merged, list(outcome.warnings)
        rejected = cells.read - merged.rows
        unwanted = _unwanted(connection, staging, rejected, options)
        if not options.for_one_metric:  # which has no use for them
            from supportkit.exports.rows.raw import Treatment

            treatment = Treatment(known, layout.names, layout.dialect, protection, erased)
            write_rejects(connection, load_id, export, records, treatment)
            warnings += unread_cells(connection)
            warnings += disagreeing_notes(connection)
        remember_properties(connection, staging)
        connection.execute(f"drop table if exists {STAGE}; drop table if exists {FAULTS}")
        notes: tuple[str, ...] = (
            *guessed,
            *notes_of_reading(staging, protection, outcome.orders, outcome.refunds),
            *by_order_notes(known.table, merged),
            *more_lines_notes(known, outcome.lined),
            *other_map_notes(connection, known, options, merged, load_id),
            *met_keys,
            *rounded_notes(rounded),
            *(rounded_numbers(known, export.rounded) if export.rounded else ()),
            *warnings,
        )
    reading = with_instants(reading, outcome.instants)
    is_as_before = False
    if before:
        merged, is_as_before = _against_before(connection, known, outcome, file_id)
        books = [(one.read, one.older, one.rejected) for one in before]
        is_as_before = is_as_before and books == [(cells.read, merged.older, rejected)]
        forget_replaced(connection)
        notes = notes if is_as_before else (replaces(before, options.zone), *notes)
    done = Loaded(
        export.name, known.table.name, known.source, cells.read, merged.loaded, merged.updated, merged.unchanged,
        rejected, perf_counter() - start, notes, words=outcome.words, read_again=again, late=outcome.late,
        unwanted=unwanted, older=merged.older, lost=cells.lost, load_id=load_id,
    )  # fmt: skip
    if is_as_before:
        keep_entries(connection, before, load_id, reading)
        return done._replace(load_id=before[0].load_id)
    enter_load(connection, done, export.sha256, file_id, before, load.when, reading)
    return done


def erased_from(connection: DuckDBPyConnection, options: LoadOptions, protection: Protection) -> Erased | None:
    """Who was erased from the store; nobody from one that is new, made for one metric."""
    if options.for_one_metric or protection.key is None:
        return None
    from supportkit.exports.people.suppression import read_erased

    return read_erased(connection, protection.key)


def _enter_empty(load: Load, export: OpenExport, start: float) -> Loaded:
    load_id, seconds = next_load(load.connection), perf_counter() - start
    done = Loaded(export.name, "", "", 0, 0, 0, 0, 0, seconds, ("the file is empty",), load_id=load_id)
    enter_load(load.connection, done, export.sha256, load_id, [], load.when, None)
    return done


def as_written(encoding: str, layout: Layout, others: Sequence[JoinedFile]) -> dict[str, str]:
    """How a file is written and what is joined to it: part of how it was read."""
    written = {"encoding": encoding, "delimiter": layout.dialect.delimiter}
    if others:
        written["with"] = "; ".join(f"{one.join.file.name} on {one.join.ours} ({one.sha256[:12]})" for one in others)
    return written


def said_of(options: LoadOptions, known: Recognised) -> dict[str, str]:
    """What is said of how the file is written: said otherwise, the file is read in another way."""
    return writing_of(options.source or known.source, options.writing, options.writings).told()


def words_again(load: Load, known: Recognised, readers: Readers) -> tuple[Word, ...]:
    """Words of rows loaded before that mean something else from now on; looked at once for a table and source."""
    which = (known.table.name, known.source)
    again: tuple[Word, ...] = ()
    if not load.options.for_one_metric and which not in load.met:
        again = judge_again(load.connection, *which, readers)
        if known.table is SURVEYS:
            again += judge_scores_again(load.connection, known.source, readers)
    load.met.add(which)
    return again


def write_typed(
    load: Load, export: OpenExport, cells: Cells, known: Recognised, readers: Readers, file_id: int
) -> tuple[Staging, str, dict[str, int]]:
    """Find out how a file is written and write its typed rows; where to, and how many cells of which column are
    rounded."""
    connection, options, protection = load.connection, load.options, load.protection
    hide = protection.text if options.privacy == "mask" else str
    settings = Settings(options.zone, options.currency, options.privacy == "mask", load.small)
    staging = Staging(cells, known, settings, readers, hide)
    with in_file(export.name, protection):
        rows = first_rows(connection, staging)
        staging.known = known = with_people(known, staging.headers, rows, options.kept)
        staging.reading.kinds = find_kinds(rows)
        find_formats(connection, staging, dates=options.dates)
        staging.reading.columns = find_private(staging, rows)
        protection.begin(staging.reading.columns)
        place = target_of(connection, staging)
        given = {"source": known.source, "source_file": export.name, "loaded_at": load.when, "file_id": file_id}
        rounded = write_rows(
            connection, staging, place, given, dates=options.dates, for_one_metric=options.for_one_metric
        )
    if load.small:
        names = property_names(staging) if cells.rows >= MANY else ()
        protect_stage(connection, STAGE, private_columns(staging), protection, names)
    return staging, place, rounded


def _against_before(
    connection: DuckDBPyConnection, known: Recognised, outcome: FileMerge, file_id: int
) -> tuple[Merged, bool]:
    """What became of the rows of a file that was loaded in another way before, and whether they are as they were."""
    from supportkit.exports.merging.replacing import compared

    if outcome.lined.lines:
        return outcome.merged, not outcome.merged.loaded and not outcome.merged.updated
    return compared(connection, known.table, file_id, outcome.merged)


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
    query = rows_query(staging)
    return left_out_rows(connection, f"({query})", staging.bound(query))


def remember_properties(connection: DuckDBPyConnection, staging: Staging) -> None:
    table = staging.known.table.name
    for name in property_names(staging):
        connection.execute(
            "insert into property_names select $table, $name where not exists "
            "(from property_names where table_name = $table and name = $name)",
            {"table": table, "name": name},
        )


def _told(export: OpenExport, progress: Progress | None) -> Callable[[int, int], None] | None:
    if progress is None:
        return None
    return lambda done, rows: progress(export.name, done, export.size, rows)

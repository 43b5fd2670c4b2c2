"""Many small files of the same columns, as an export a day, read as one: what each costs by itself is paid once.

Their rows are put behind each other below one header, typed and merged together, and entered in the books file by
file. That is done only where it comes to the same as one after the other: all of them plain, each row new, no id in
two of them. Anything else that turns up is a NotASeriesError, and they are loaded one by one instead.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, BinaryIO

from supportkit.errors import SupportkitError
from supportkit.exports.file_load import (
    as_written,
    remember_properties,
    said_of,
    words_again,
    write_typed,
)
from supportkit.exports.ledger import Entry, all_read_before, next_load, reading_of, says_nothing_new, with_instants
from supportkit.exports.load_notes import notes_of_reading
from supportkit.exports.loaded import Loaded
from supportkit.exports.merging.merge_plan import Merged
from supportkit.exports.merging.order_lines import takes_lines
from supportkit.exports.reading.byte_scan import scan_small
from supportkit.exports.reading.cells import read_cells
from supportkit.exports.reading.dialect import Layout
from supportkit.exports.reading.encodings import Encoding
from supportkit.exports.reading.files import OpenExport, open_export
from supportkit.exports.reading.formats import BY_LINE
from supportkit.exports.reading.spools import path_of, spool
from supportkit.exports.recognising.header_names import normal_header
from supportkit.exports.recognising.recognised import Recognised
from supportkit.exports.recognising.recognised_file import layout_of, readers_of, recognise_file
from supportkit.exports.rows.raw import Treatment
from supportkit.exports.rows.refund_rows import WHOSE
from supportkit.exports.rows.rejects import FAULTS, rounded_notes, unread_cells, write_rejects
from supportkit.exports.rows.staging import STAGE
from supportkit.exports.series.alike_files import bare
from supportkit.exports.series.parts import (
    PARTS,
    Part,
    count_rejected,
    file_rejects,
    in_several,
    number_by_file,
    tell_apart,
)
from supportkit.exports.shared_load import Load
from supportkit.exports.staged_rows import merge_written
from supportkit.store.schema import SURVEYS
from supportkit.system.named import NamedTuple
from supportkit.system.release import release

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


class NotASeriesError(Exception):
    """Files that look alike are not to be read as one."""


class _Head(NamedTuple):
    """What all files of a series have in common: the first line, how it ends and is read, and what they are."""

    line: bytes
    end: bytes
    layout: Layout
    known: Recognised
    reading: str
    form: str


def load_series(load: Load, files: Sequence[Path]) -> list[Loaded]:
    """Load files as one. Raises NotASeriesError where that is not the same as loading one after the other."""
    try:
        head = _head_of(load, files[0])
    except SupportkitError as error:  # told better of the file that it is about
        raise NotASeriesError from error
    if load.options.only is not None and head.known.table.name not in load.options.only:
        return []
    table = f"main.{head.known.table.name}"
    was_empty = not load.connection.execute(f"select 1 from {table} limit 1").fetchall()
    try:
        with spool() as file:
            return _load_all(load, head, files, file)
    except (SupportkitError, NotASeriesError) as error:
        if load.options.for_one_metric and was_empty:  # where there is no transaction that would be undone
            load.connection.execute(f"delete from {table}")
        raise NotASeriesError from error


def _head_of(load: Load, path: Path) -> _Head:
    with open_export(path, name=path.name, usual_sheet=load.options.usual_sheet) as export:
        encoding, layout = layout_of(export, load.options)
        if layout is None or not _is_plain(encoding, layout):
            raise NotASeriesError
        known = recognise_file(export, layout, load.options)
        export.file.seek(0)
        line = export.file.readline()
    if known.table is SURVEYS or known.export.refunds_of:
        raise NotASeriesError
    load.dropped.update(normal_header(layout.names[place]) for place in known.dropped)
    written = as_written(encoding.name, layout, ()) | said_of(load.options, known)
    reading = reading_of(known, layout.names, load.options, written)
    end = b"\r\n" if line.endswith(b"\r\n") else b"\n"
    return _Head(bare(line), end, layout, known, reading, export.form)


def _is_plain(encoding: Encoding, layout: Layout) -> bool:
    """Whether a file is such as is read fast, with nothing above a header of one line."""
    signs = layout.dialect.quote == '"' and not layout.dialect.escape and not layout.dialect.is_blank
    above = layout.preamble or layout.above or layout.surplus or layout.broken
    return (
        encoding.name == "utf-8"
        and encoding.end == b"\n"
        and signs
        and not above
        and layout.simple
        and (layout.header_line, layout.data_line, len(layout.headers)) == (1, 2, 1)
    )


def _load_all(load: Load, head: _Head, files: Sequence[Path], file: BinaryIO) -> list[Loaded]:
    start = perf_counter()
    connection, options, known = load.connection, load.options, head.known
    before = all_read_before(connection, known.table.name if options.beside else None)
    file.write(head.line + head.end)
    parts: dict[str, Part] = {}
    order: list[tuple[str, str]] = []
    for path in files:
        name = load.protection.file_name(path.name)
        with open_export(path, name=name, usual_sheet=options.usual_sheet) as export:
            order.append((export.name, export.sha256))
            entries = before.get(export.sha256, [])
            if export.sha256 in parts or says_nothing_new(entries, known.table.name, head.reading):
                continue
            if entries:
                raise NotASeriesError
            parts[export.sha256] = _append(export, head, file)
    file.flush()
    done: dict[str, Loaded] = {}
    if parts:
        name = f"{len(parts)} files"
        series = OpenExport(name, file, path_of(file), file.tell(), "", form=head.form)
        done = _load_parts(load, head, series, [*parts.values()], start)
    return [_done(done, before, head, name, sha256) for name, sha256 in order]


def _append(export: OpenExport, head: _Head, file: BinaryIO) -> Part:
    """Put the rows of a file behind those before."""
    if export.rounded or export.unread or export.form != head.form:
        raise NotASeriesError
    line, newline, rows = export.file.read().partition(b"\n")
    seen = scan_small(rows, head.layout.dialect.delimiter.encode())
    if not newline or bare(line) != head.line or (rows and not seen.plain):
        raise NotASeriesError
    if rows and not rows.endswith(b"\n"):
        rows += head.end
    file.write(rows)
    lines = seen.records if head.form == BY_LINE else rows.count(b"\n")
    return Part(export.name, export.sha256, seen.records, lines)


def _done(done: dict[str, Loaded], before: dict[str, list[Entry]], head: _Head, name: str, sha256: str) -> Loaded:
    """What became of a file; one that was read before, or is there twice, brings nothing new."""
    if sha256 in done and done[sha256].file == name:
        return done[sha256]
    if sha256 in done:
        one = done[sha256]
        read, older, rejected, load_id = one.read, one.older, one.rejected, one.load_id
    else:
        entry = before[sha256][0]
        read, older, rejected, load_id = entry.read, entry.older, entry.rejected, entry.load_id
    return Loaded(
        name, head.known.table.name, head.known.source, read, 0, 0, read - rejected - older, rejected, 0.0,
        ("read in this way before: nothing is new",), unwanted=rejected, older=older, load_id=load_id,
    )  # fmt: skip


def _load_parts(load: Load, head: _Head, series: OpenExport, parts: list[Part], start: float) -> dict[str, Loaded]:
    """Type and merge the rows of all files, and enter each in the books."""
    connection, options, known, layout = load.connection, load.options, head.known, head.layout
    first = next_load(connection)
    whole = first + len(parts)  # what the rows are of until they are told apart
    readers = readers_of(known, layout.names, options)
    again = words_again(load, known, readers)
    with read_cells(connection, series, Encoding("utf-8"), layout) as cells:
        if cells.placed or cells.refused or cells.rows != sum(part.records for part in parts):
            raise NotASeriesError
        staging, place, rounded = write_typed(load, series, cells, known, readers, whole)
        known = staging.known
        if WHOSE in staging.passing:
            raise NotASeriesError
        begins = 1 if head.form == BY_LINE else 2
        tell_apart(connection, place, parts, first, begins)
        if takes_lines(known) and in_several(connection, place):
            raise NotASeriesError
        if options.for_one_metric:
            rejected = _rejected_if_new(connection, known, place, parts, first)
        outcome = merge_written(
            load, staging, place, series.name, load_id=whole, file_id=whole, before=False, reading="", since=None
        )
        warnings = [*outcome.warnings]
        if not options.for_one_metric:  # which has no use for what was refused
            rejected = count_rejected(connection)
            _refuse_others(outcome.merged, cells.rows, sum(count for count, _ in rejected.values()), outcome.late)
            treatment = Treatment(known, layout.names, layout.dialect, load.protection, None)
            write_rejects(connection, whole, series, cells, treatment)
            warnings += unread_cells(connection)
            file_rejects(connection, whole, begins)
        number_by_file(connection, [known.table.name, *(["order_lines"] if takes_lines(known) else [])])
        remember_properties(connection, staging)
        notes = (
            *notes_of_reading(staging, load.protection, outcome.orders, outcome.refunds),
            *rounded_notes(rounded),
            *warnings,
        )
    if len(parts) > 1:
        notes = (f"read as one with the {len(parts) - 1:,} files below of the same columns, which is said of:", *notes)
    done = {}
    for place_in, part in enumerate(parts):
        count, unwanted = rejected.get(first + place_in, (0, 0))
        is_first = not place_in
        done[part.sha256] = Loaded(
            part.name, known.table.name, known.source, part.records, part.records - count, 0, 0, count,
            perf_counter() - start if is_first else 0.0, notes if is_first else (),
            words=outcome.words if is_first else (), read_again=again if is_first else (), unwanted=unwanted,
            load_id=first + place_in,
        )  # fmt: skip
    _enter_all(load, done, head.reading, with_instants(head.reading, outcome.instants))
    connection.execute(f"drop table if exists {STAGE}; drop table if exists {FAULTS}; drop table {PARTS}")
    return done


def _rejected_if_new(
    connection: DuckDBPyConnection, known: Recognised, place: str, parts: Sequence[Part], first: int
) -> dict[int, tuple[int, int]]:
    """For one metric, which goes back on nothing: the rejected rows of each file, before any are merged.

    Raises NotASeriesError where a row may not be a new one, or a file is refused for the most part.
    """
    key, table = known.table.key, f"main.{known.table.name}"
    one = key or ", ".join((*known.table.names, "properties"))
    twice = f"select 1 from {place} group by {one} having count(*) > 1"
    there = f"select 1 from {table} where {key} in (select {key} from {place})" if key else f"select 1 from {table}"
    asked = [*([] if takes_lines(known) else [twice]), *([] if place == table else [there])]
    accepted = dict(connection.execute(f"select file_id, count(*) from {place} group by file_id").fetchall())
    rejected = {
        load_id: (part.records - accepted.get(load_id, 0), 0)
        for load_id, part in enumerate(parts, first)
        if part.records != accepted.get(load_id, 0)
    }
    mostly = any(2 * count > parts[load_id - first].records for load_id, (count, _) in rejected.items())
    if mostly or any(connection.execute(f"{query} limit 1").fetchall() for query in asked):
        raise NotASeriesError
    return rejected


def _refuse_others(merged: Merged, rows: int, rejected: int, late: int) -> None:
    """Raise NotASeriesError unless every row that was accepted is a new one."""
    if late or merged.loaded != merged.rows or merged.loaded + rejected != rows:
        raise NotASeriesError


def _enter_all(load: Load, done: dict[str, Loaded], reading: str, found: str) -> None:
    """Write the loads into the books: how their files were read, and of those with rows what was `found` in them."""
    rows = [
        (one.load_id, one.file, one.table, one.source, sha256, one.read, one.loaded, one.rejected)
        for sha256, one in done.items()
    ]
    assert all(one.read == one.loaded + one.rejected for one in done.values())
    columns = [list(column) for column in zip(*rows, strict=True)]
    names = ("load_id", "file", "table_name", "source", "sha256", "read", "loaded", "rejected")
    load.connection.execute(
        f"insert into main.loads ({', '.join(names)}, updated, unchanged, older, replaced, loaded_at, reading, "
        "file_id, release) select *, 0, 0, 0, 0, $when, case when loaded > 0 then $found else $reading end, load_id, "
        "$release from "
        f"(select {', '.join(f'unnest(${name}) as {name}' for name in names)})",
        {
            **dict(zip(names, columns, strict=True)),
            "when": load.when,
            "reading": with_instants(reading, {}),
            "found": found,
            "release": release(),
        },
    )

"""What a load would do with a file: table and vendor, where each column comes from, how it is read, first rows."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Final

from supportkit.errors import DataError
from supportkit.exports.loaded import Loaded, mostly_faulty
from supportkit.exports.masking.pseudonyms import derived_key
from supportkit.exports.meanings.reading_words import seen_words
from supportkit.exports.reading.cells import Cells, read_cells
from supportkit.exports.reading.files import open_export
from supportkit.exports.reading.signs import BLANKS
from supportkit.exports.reading.writing import NO_QUOTE
from supportkit.exports.recognising.expressions import listed, written
from supportkit.exports.recognising.joining import join_plan, joined_cells, with_names
from supportkit.exports.recognising.load_options import LoadOptions
from supportkit.exports.recognising.recognised import Recognised
from supportkit.exports.recognising.recognised_file import layout_of, readers_of, with_joined
from supportkit.exports.recognising.stepped import in_steps
from supportkit.exports.rows.column_formats import find_formats, in_file
from supportkit.exports.rows.first_rows import first_rows
from supportkit.exports.rows.masking_functions import masking_functions
from supportkit.exports.rows.people_columns import with_people
from supportkit.exports.rows.personal_data import Protection, file_name
from supportkit.exports.rows.private_columns import find_private
from supportkit.exports.rows.rejects import left_out_rows
from supportkit.exports.rows.row_query import rows_query, stage_query
from supportkit.exports.rows.score_column import scores_to_come
from supportkit.exports.rows.settings import Settings
from supportkit.exports.rows.shifted_rows import find_kinds
from supportkit.exports.rows.staging import Staging
from supportkit.exports.telling_words import known_words, unknown_words
from supportkit.store.schema import SURVEYS
from supportkit.system.frozen import dataclass

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from supportkit.store import Store

FIRST: Final = 3


@dataclass(frozen=True)
class PreviewColumn:
    """One of our columns: what it is made from, how that is read and why, and its first values."""

    name: str
    made_from: str
    read_as: str
    why: str
    first: tuple[str | None, ...]


@dataclass(frozen=True)
class Preview:
    """One file, as a load would read it."""

    file: str
    table: str
    source: str
    read: int
    rejected: int
    columns: tuple[PreviewColumn, ...]
    left_over: tuple[str, ...]
    left_out: tuple[str, ...]
    notes: tuple[str, ...]


def preview(store: Store, path: Path, options: LoadOptions) -> Preview:
    """What a load of this file under these options would do; nothing is written to the store."""
    connection = store.connection
    name = file_name(path.name, options.privacy)
    with (
        open_export(path, name=name, sheet=options.sheet, usual_sheet=options.usual_sheet) as export,
        ExitStack() as stepped,
    ):
        encoding, layout = layout_of(export, options)
        if layout is None:
            raise DataError(f"{export.name}: the file is empty", hint="nothing would be loaded")
        export, encoding, layout = stepped.enter_context(in_steps(export, encoding, layout, options))
        guessed: tuple[str, ...] = ()
        if options.guess:
            from supportkit.exports.recognising.guessing.of_file import with_guess

            options, guessed = with_guess(export, encoding, layout, options)
            export, encoding, layout = stepped.enter_context(in_steps(export, encoding, layout, options))
        joins = join_plan([path], options.with_files, options.joins).get(path, {})
        others, known = with_joined(export, layout, joins, options)
        if options.map:
            from supportkit.exports.recognising.guessing.of_file import unsaid

            guessed += unsaid(export, encoding, layout, known)
        alone, layout = layout, with_names(layout, others)
        protection = Protection(options.privacy, options.key or derived_key([export.sha256]))
        met_keys: list[str] = []
        with (
            masking_functions(connection, protection),
            read_cells(connection, export, encoding, alone) as records,
            joined_cells(connection, records, known, others, met_keys.append) as cells,
        ):
            readers = readers_of(known, layout.names, options)
            hide = protection.text if options.privacy == "mask" else str
            settings = Settings(options.zone, options.currency, options.privacy == "mask")
            staging = Staging(cells, known, settings, readers, hide)
            with in_file(export.name, protection):
                rows = first_rows(connection, staging)
                staging.known = known = with_people(known, staging.headers, rows, options.kept)
                staging.reading.kinds = find_kinds(rows)
                find_formats(connection, staging, dates=options.dates)
                staging.reading.columns = find_private(staging, rows)
                protection.begin(staging.reading.columns)
            scores = scores_to_come(connection, staging) if known.table is SURVEYS else ()
            query = f"select count(*) filter (refused is not null) from ({rows_query(staging)})"
            refused = connection.execute(query, staging.bound(query)).fetchall()[0][0] + len(cells.refused)
            every = f"({rows_query(staging)})"
            unwanted = left_out_rows(connection, every, staging.bound(every))
            loaded = (0, 0, 0, refused, 0.0)
            would = Loaded(export.name, known.table.name, known.source, cells.read, *loaded, unwanted=unwanted)
            columns = _columns(connection, staging, protection)
            rows = f"(select * from ({stage_query(staging, known.table.names)}) where refused is null)"
            words = seen_words(connection, known.table.name, staging.given, rows, staging.bound(rows), readers)
            words += scores
        left = known.left_over(layout.names)
        return Preview(
            export.name,
            known.table.name,
            known.source,
            cells.read,
            refused,
            columns,
            tuple(layout.names[place] for place in left),
            tuple(layout.names[place] for place in sorted(known.personal)) if options.privacy == "mask" else (),
            (
                _as_found(cells),
                *((f"a load would store nothing: {mostly_faulty(would)}",) if would.is_mostly_faulty else ()),
                *guessed,
                *_dropped(known, layout.names),
                *met_keys,
                *known_words(words),
                *unknown_words(words),
            ),
        )


def _as_found(cells: Cells) -> str:
    """How a file was found to be written, and which way it is read."""
    encoding, layout = cells.encoding, cells.layout
    delimiter, quote, escape = layout.dialect
    named = {"\t": "tab", BLANKS: "blanks", " ": "blank"}
    how = {"letters": " by its letters", "given": " as said"}.get(encoding.by, "")
    found = [f"{encoding.name}{how}", f"delimiter {named.get(delimiter, delimiter)}"]
    if quote != '"' or escape:
        found.append(f"quote {quote or NO_QUOTE}{f' behind {escape}' if escape else ''}")
    if layout.header_line != 1:
        found.append(f"header on line {layout.header_line}" if layout.header_line else "no header")
    path = "careful reading, line by line" if cells.placed else "fast reading, every byte accounted for"
    return f"{', '.join(found)}; {path}"


def _dropped(known: Recognised, headers: Sequence[str]) -> tuple[str, ...]:
    names = [headers[place] for place in sorted(known.dropped)]
    return (f"dropped: {listed(names)}",) if names else ()


def _columns(connection: DuckDBPyConnection, staging: Staging, protection: Protection) -> tuple[PreviewColumn, ...]:
    names = [field.name for field in staging.known.table.fields if field.name in staging.known.columns]
    query = f"{stage_query(staging, tuple(names))} order by record limit {FIRST}"
    rows = connection.execute(query, staging.bound(query)).fetchall()
    found = []
    for place, name in enumerate(names):
        made_from = " else ".join(written(expression, staging.headers) for expression in staging.known.columns[name])
        read_as, why = _reading(staging, name)
        first = tuple(None if row[place] is None else str(row[place]) for row in rows)
        found.append(PreviewColumn(name, made_from, read_as, protection.shown(why), first))
    return tuple(found)


def _reading(staging: Staging, name: str) -> tuple[str, str]:
    """How a column is read, and why."""
    if name in staging.reading.dates:
        dates = staging.reading.dates[name]
        zone = staging.reading.zones[name] if any(form.zone == "local" for form in dates.formats) else ""
        return f"{dates.short}{f' in {zone}' if zone else ''}", dates.why
    if name in staging.reading.numbers:
        unit = staging.known.units.get(name, "")
        return f"number{f' of {unit}' if unit else ''}", staging.reading.numbers[name].why
    return "text", ""

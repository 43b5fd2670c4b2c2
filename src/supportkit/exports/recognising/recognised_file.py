"""What a file is under the options of a load: its table and columns, the files joined to it, what its words mean."""

from __future__ import annotations

import os
import shlex
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

from supportkit.errors import DataError, NotAnExportError, UsageError
from supportkit.exports.meanings.deciding_words import Readers
from supportkit.exports.meanings.vocabulary import vocabulary
from supportkit.exports.reading.cells import find_layout, unreadable_header
from supportkit.exports.reading.dialect import Layout
from supportkit.exports.reading.encodings import Encoding
from supportkit.exports.reading.files import OpenExport
from supportkit.exports.reading.writing import writing_of
from supportkit.exports.recognising.column_headers import our_own_export
from supportkit.exports.recognising.expressions import Header, columns_read
from supportkit.exports.recognising.guessing.known_names import speaks_of_a_breach
from supportkit.exports.recognising.header_names import normal_header
from supportkit.exports.recognising.joining import Join, JoinedFile, open_joined, with_names
from supportkit.exports.recognising.load_options import LoadOptions
from supportkit.exports.recognising.recognise import recognise
from supportkit.exports.recognising.recognised import Recognised
from supportkit.store.schema import TABLES

OURS: Final = 0.8  # of the names in a header that are ours
_VERDICTS: Final = ("sla_first_reply", "sla_resolution")


def recognise_file(export: OpenExport, layout: Layout, options: LoadOptions) -> Recognised:
    """What a file is, under these options: by the questions that name its columns, else by the codes above them."""
    try:
        return _recognise_by(layout.names, export, options)
    except (DataError, UsageError) as error:
        if layout.broken is not None:
            raise unreadable_header(export.name, layout.broken) from error
        if not layout.codes:
            raise
        with suppress(DataError, UsageError):
            return _recognise_by(layout.codes, export, options)
        raise


def layout_of(export: OpenExport, options: LoadOptions) -> tuple[Encoding, Layout | None]:
    """How an export is written down, as the options say of it, or of the source that it is found to be of."""
    said = writing_of(options.source, options.writing, options.writings)
    if not options.writings or options.source in options.writings:
        return find_layout(export, said)
    with suppress(DataError, UsageError):
        encoding, layout = find_layout(export, said)
        if layout is None:
            return encoding, None
        source = recognise_file(export, layout, options).source
        return find_layout(export, writing_of(source, said, options.writings))
    for source in options.writings:  # one of which no line can be read, or the header, but as it is said
        with suppress(DataError, UsageError):
            encoding, layout = find_layout(export, writing_of(source, said, options.writings))
            if layout is not None and recognise_file(export, layout, options).source == source:
                return encoding, layout
    return find_layout(export, said)


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
        drop=options.drop,
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


def is_of_other_table(path: Path, options: LoadOptions) -> bool:
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


def readers_of(known: Recognised, headers: Sequence[str], options: LoadOptions) -> Readers:
    """What is known of the words of an export."""
    words = {**known.export.values, **_answers(known, headers)}
    return Readers(options.values, words, known.beside(headers), known.contrary, options.currency)


def _answers(known: Recognised, headers: Sequence[str]) -> dict[str, dict[str, str]]:
    """What yes and no mean in columns whose header asks for one meaning, as `inbound` does of who wrote, and as
    `SLA breached` does of a verdict."""
    found = {}
    answers = vocabulary("yes_no").phrases
    asks = our_own_export(known.table.name).asks
    for ours in (*asks, *(name for name in _VERDICTS if name not in asks)):
        for one in known.columns.get(ours, ()):
            header = headers[one.place] if isinstance(one, Header) and one.place >= 0 else ""
            meanings = asks.get(ours, {}).get(normal_header(header).replace(" ", "_"))
            if ours in _VERDICTS and speaks_of_a_breach(header):
                meanings = {"true": "breached", "false": "within"}
            if meanings:
                found[ours] = {word: meanings[answer] for word, answer in answers.items()}
    return found

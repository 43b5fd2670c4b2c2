"""The listings about exports: the vendors known, and what a load would do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from supportkit.errors import NotAnExportError
from supportkit.exports import LoadOptions
from supportkit.exports.preview import FIRST, Preview, preview
from supportkit.exports.recognising.expressions import listed
from supportkit.exports.sources import sources
from supportkit.result import Result, Scope, count, detail, figure, key

NAMES: Final = ("column", "from", "read_as", "why", *(f"row_{n}" for n in range(1, FIRST + 1)))
COLUMNS: Final = (key("column"), *(detail(name, "text") for name in NAMES[1:]))
FACTS: Final = (
    detail("table", "text", n="read"),
    detail("source", "text", n="read"),
    count("read"),
    figure("rejected", "count", n="read", better="down"),
)

DEFINITION: Final = "What a load would do with this file; nothing was written."


def known_sources() -> Result:
    """The vendors whose exports are recognised, with the tables they fill and the headers they are known by."""
    rows = tuple(
        (vendor.name, vendor.title, export.table, ", ".join(export.recognise))
        for vendor in sources()
        for export in vendor.exports
    )
    title = replace(detail("title", "text"), dimension="our_title")
    columns = (key("source"), title, key("table"), key("recognised_by"))
    definition = "Exports that are recognised by their headers; any other file is loaded with --as and --map."
    return Result("sources", "Vendors known", definition, columns, rows, scope=Scope(rows=len(rows)))


def previews(files: Sequence[Path], options: LoadOptions) -> list[Result]:
    """What a load of these files would do, one result a file; a file of a folder that is no export is left out."""
    from supportkit.exports.reading.found_files import find_files, no_kind, strays, with_folder
    from supportkit.store import memory_store

    results = []
    with memory_store() as store:
        for path in find_files(files):
            try:
                with with_folder(path):
                    results.append(_result(preview(store, path, options)))
            except NotAnExportError as error:
                if path in files:
                    raise
                results.append(_left_out(path, error))
    results += [_left_out(path, no_kind(path)) for path in strays(files)]
    return results


def _left_out(path: Path, error: NotAnExportError) -> Result:
    return Result(
        "load",
        f"{path.name}: left out",
        DEFINITION,
        COLUMNS,
        (),
        {"table": None, "source": None, "read": 0, "rejected": None},
        (error.message, error.hint),
        Scope(rows=0),
        fact_columns=FACTS,
    )


def _result(found: Preview) -> Result:
    rows = tuple((c.name, c.made_from, c.read_as, c.why, *(*c.first, *(None,) * FIRST)[:FIRST]) for c in found.columns)
    notes = [*found.notes]
    if found.left_over:
        notes.append(f"kept as properties: {listed(found.left_over)}")
    if found.left_out:
        notes.append(f"left out as personal data: {listed(found.left_out)}")
    return Result(
        "load",
        f"{found.file}: {found.table} from {found.source}",
        DEFINITION,
        COLUMNS,
        rows,
        {"table": found.table, "source": found.source, "read": found.read, "rejected": found.rejected},
        tuple(notes),
        Scope(rows=found.read),
        fact_columns=FACTS,
    )

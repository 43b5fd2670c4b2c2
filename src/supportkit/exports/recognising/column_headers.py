"""Under which headers our columns stand in an export, and where a file has them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from supportkit.exports.recognising.expressions import Expression, Header
from supportkit.exports.sources import Duration, Export, our_own
from supportkit.store.schema import Table


def headers_of(table: Table, ours: str, export: Export) -> tuple[str, ...]:
    """The headers under which a column of ours stands in an export; of a line only what can mean nothing else."""
    theirs = export.columns.get(ours, ())
    if ours not in table.names and not theirs:
        ours_alone = ("line", "sku", "quantity") if export.recognise else ("line", "sku")
        return (ours,) if ours in ours_alone and (export.own_names or not export.columns) else ()
    return _spaced(ours, *theirs) if export.own_names or not export.columns else theirs


def _spaced(*names: str) -> tuple[str, ...]:
    """Names of our own as headers, with blanks too."""
    return tuple(dict.fromkeys(spelled for name in names for spelled in (name, name.replace("_", " "))))


def contrary_headers(export: Export) -> Mapping[str, tuple[str, ...]]:
    """The headers of an export that say the contrary of a column; of one that no vendor made, those of our own."""
    if export.columns and not export.own_names:
        return export.contrary
    return {ours: _spaced(*headers) for ours, headers in our_own_export(export.table).contrary.items()}


def our_own_export(table: str) -> Export:
    """The export of a table under our own names."""
    return next(own for own in our_own().exports if own.table == table)


def places_of(synonyms: Sequence[str], names: Sequence[str]) -> list[int]:
    """Where headers stand, in the order of the synonyms; one that begins with `~` is a pattern."""
    found: list[int] = []
    for synonym in synonyms:
        if synonym.startswith("~"):
            found += [place for place, header in enumerate(names) if re.search(synonym[1:], header)][:1]
        elif synonym in names:
            found.append(names.index(synonym))
    return list(dict.fromkeys(found))


def add_duration(
    duration: Duration, names: Sequence[str], columns: dict[str, tuple[Expression, ...]], units: dict[str, str]
) -> bool:
    """Take a column of durations, with its unit, where the file has it and no other gives our column."""
    found = places_of(duration.headers, names)
    if not found or duration.column in columns:
        return False
    columns[duration.column] = (Header(found[0]),)
    units[duration.column] = duration.unit
    return True

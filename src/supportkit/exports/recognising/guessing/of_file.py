"""The guess about a file that is to be loaded, and the options of a load that follow from it."""

from __future__ import annotations

import shlex
from contextlib import suppress
from dataclasses import replace
from typing import Final

from supportkit.errors import DataError, UndecidedExportError, UsageError
from supportkit.exports.masking import mask_text
from supportkit.exports.reading.dialect import Layout
from supportkit.exports.reading.encodings import Encoding
from supportkit.exports.reading.files import OpenExport
from supportkit.exports.reading.header_place import is_figure
from supportkit.exports.recognising.expressions import columns_read
from supportkit.exports.recognising.guessing.column_shapes import sample, shapes
from supportkit.exports.recognising.guessing.guess import Guess, guess
from supportkit.exports.recognising.guessing.settled import File, Question
from supportkit.exports.recognising.guessing.unsaid_customers import HAVE_CUSTOMERS, told_unsaid
from supportkit.exports.recognising.guessing.whose_amounts import SAID
from supportkit.exports.recognising.header_names import is_zone
from supportkit.exports.recognising.load_options import LoadOptions
from supportkit.exports.recognising.recognise import SETTINGS
from supportkit.exports.recognising.recognised import Recognised
from supportkit.exports.recognising.recognised_file import recognise_file
from supportkit.exports.sources import sources
from supportkit.system.named import NamedTuple

_FEW: Final = 3
"""Columns that any export may have."""
_TRIED: Final = 5
"""Rows that may be the header, below what was taken for it."""


class Taken(NamedTuple):
    """The options under which a file is loaded, and what was guessed of it."""

    options: LoadOptions
    notes: tuple[str, ...] = ()


def with_guess(
    export: OpenExport,
    encoding: Encoding,
    layout: Layout,
    options: LoadOptions,
    before: dict[tuple[str, ...], Guess] | None = None,
) -> Taken:
    """The options under which a file is loaded: with the guess about it where that is to be taken and it is no export
    that we know. Files with the same columns are read in the same way: that of the first, which is kept in `before`.

    Raises UndecidedExportError where something that is needed is in doubt.
    """
    if not options.guess or not _has_more_to_guess(export, layout, options):
        return Taken(options)
    before = {} if before is None else before
    found = before.get(layout.names) or decided(
        export.name, guess_of(file_of(export, encoding, layout, options), options)
    )
    before[layout.names] = found
    notes = [f"guessed: {', '.join(f'{ours}={mask_text(text)[0]}' for ours, text in found.whole_map.items())}"]
    notes += [f"in doubt and left out: {asked(one)}" for one in found.doubtful]
    notes += map(str, found.no_sales)
    states = f"{found.table}.status"
    words = {**dict(found.values), **options.values.get(states, {})}
    values = {**options.values, states: words} if words else options.values
    taken = replace(options, guess=False, table=found.table, map={**found.whole_map, **options.map}, values=values)
    return Taken(taken, tuple(notes))


def _has_more_to_guess(export: OpenExport, layout: Layout, options: LoadOptions) -> bool:
    """Whether a file is no vendor's and not our own: of one that a map on the command line makes a table, a guess adds
    what nobody has said, as its states."""
    try:
        known = recognise_file(export, layout, options)
    except DataError:
        return True
    return bool(options.map) and not known.export.recognise and not is_known(export, layout, replace(options, map={}))


def unsaid(export: OpenExport, encoding: Encoding, layout: Layout, known: Recognised) -> tuple[str, ...]:
    """What is told of a file whose columns somebody has said or a guess found, where none of them is of customers."""
    if known.table.name not in HAVE_CUSTOMERS or known.export.recognise or "customer_id" in known.columns:
        return ()
    used = {place for many in known.columns.values() for one in many for place in columns_read(one)}
    return (told_unsaid(known.table.name, layout.names, sample(export, encoding, layout), used | known.dropped),)


def customers_told(file: File, found: Guess) -> tuple[str, ...]:
    """What is told of a guess in which no column is of customers and none is asked about."""
    asked_about = {*found.map, *(one.ours for one in (*found.questions, *found.doubtful))}
    if found.table not in HAVE_CUSTOMERS or "customer_id" in asked_about:
        return ()
    columns = [column or () for column in file.cells]
    used = {place for place, header in enumerate(file.headers) if header not in found.left_over}
    used |= {place for one in found.questions for place in one.places}
    return (told_unsaid(found.table, file.headers, columns, used),)


def header_below(file: File, layout: Layout, options: LoadOptions) -> int | None:
    """The line of a row further down that makes a table of the file where it is the header; None where none does."""
    columns = [column for column in file.cells if column is not None]
    for row in range(min(_TRIED, len(columns[0]) - 1) if columns else 0):
        names = [column[row] for column in columns]
        if len(set(names)) < len(names) or not all(names) or any(map(is_figure, names)):
            continue
        below = [column[row + 1 :] for column in columns]
        if guess_of(File(file.name, names, shapes(below), below), options) is not None:
            return layout.data_line + row
    return None


def decided(name: str, found: Guess | None) -> Guess:
    """A guess in which nothing that is needed is in doubt. Raises UndecidedExportError for another."""
    if found is None:
        raise UndecidedExportError(f"{name}: nothing in it says which table it is", hint="say --as and --map")
    if not found.settled:
        raise UndecidedExportError(
            f"{name}: {in_doubt(found)}", hint=f"what it may be: supportkit load {shlex.quote(name)}"
        )
    return found


def guess_of(file: File, options: LoadOptions) -> Guess | None:
    """What a file may be; None where nothing says that it is a table of ours."""
    found = guess(file, table=options.table, given=_given(options))
    said = " ".join(options.keep)
    return found and replace(found, no_sales=tuple(one for one in found.no_sales if one.header not in said))


def file_of(export: OpenExport, encoding: Encoding, layout: Layout, options: LoadOptions) -> File:
    """What a guess looks at."""
    cells, said = sample(export, encoding, layout), options.map.get("time_zone", "").strip("'\"")
    zone = said if is_zone(said) else options.zone
    whose = _said(options).get(SAID, "").strip("'\"")
    return File(export.name, layout.names, shapes(cells, zone), cells, zone, zone_is_said=bool(said), amount_of=whose)


def in_doubt(found: Guess) -> str:
    """What is in doubt, in words, a question a line."""
    if found.rivals:
        return f"it may be {' or '.join((found.table, *found.rivals))}"
    told = [str(one) for one in found.no_sales if one.twice]
    return "\n  ".join([*(asked(one) for one in found.questions), *told])


def asked(one: Question) -> str:
    """A question in words."""
    if not one.readings:
        return (
            f"{one.ours}: no column is named as one, and none can stand in; where it stands in another file: "
            '--with "FILE on KEY"'
        )
    many = " or ".join(mask_text(text)[0] for text in dict.fromkeys(one.readings))
    if one.stands_in:
        return f"{one.ours}: {one.why}: {many}"
    return f"{one.ours} may be {many}: {one.why}"


def _given(options: LoadOptions) -> dict[str, str]:
    return {ours: text for ours, text in _said(options).items() if ours not in SETTINGS}


def _said(options: LoadOptions) -> dict[str, str]:
    configured = options.columns.get(options.table, {}) if options.table else {}
    return {**configured, **options.map}


def nearest_vendor(export: OpenExport, layout: Layout, options: LoadOptions) -> str:
    """The vendor of whose export a file may be a part: most of its columns are his, and all that a row needs. Empty
    where there is none."""
    if options.source is not None:
        return ""
    best, most = "", 0.5 * len(layout.names)
    for vendor in sources():
        with suppress(DataError, UsageError):
            known = recognise_file(export, layout, replace(options, source=vendor.name, map={}))
            places = {place for many in known.columns.values() for one in many for place in columns_read(one)}
            if vendor.name != "supportkit" and len(places) > max(most, _FEW):
                best, most = vendor.name, len(places)
    return best


def is_known(export: OpenExport, layout: Layout, options: LoadOptions) -> bool:
    """Whether a file can be loaded under these options as it is."""
    try:
        recognise_file(export, layout, options)
    except DataError:
        return False
    return True

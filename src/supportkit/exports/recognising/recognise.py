"""Which table a file holds and which vendor wrote it, from its headers."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Mapping, Sequence
from difflib import get_close_matches

from supportkit.errors import MissingColumnsError, UnknownExportError, UsageError, unknown
from supportkit.exports.masking.names_of_people import is_of_people
from supportkit.exports.recognising.column_headers import (
    add_duration,
    contrary_headers,
    headers_of,
    our_own_export,
    places_of,
)
from supportkit.exports.recognising.expressions import (
    Constant,
    Expression,
    Header,
    columns_read,
    listed,
    parse,
)
from supportkit.exports.recognising.header_names import is_zone, normal_header, zone_of
from supportkit.exports.recognising.keeping import Kept, parse_kept
from supportkit.exports.recognising.recognised import Recognised
from supportkit.exports.sources import Export, our_own, sources
from supportkit.store.schema import TABLES

SETTINGS = ("dates", "time_zone", "decimal", "amount_of", "steps", "keep")


def recognise(
    name: str,
    headers: Sequence[str],
    *,
    table: str | None = None,
    source: str | None = None,
    maps: Mapping[str, Mapping[str, str]] | None = None,
    given: Mapping[str, str] | None = None,
    keep: Sequence[str] = (),
    kept: Sequence[str] = (),
    drop: Sequence[str] = (),
) -> Recognised:
    """What a file with these headers is. `maps` are the configuration's by table, `given` the command line's; `kept`
    are headers of names and addresses that are not left out, `drop` those of columns that are.

    Raises UnknownExportError for a file that is no known table, MissingColumnsError for one that lacks columns that a
    row must have, UsageError for a map that does not fit.
    """
    if table is not None and table not in TABLES:
        raise unknown("table", table, TABLES)
    maps, given = maps or {}, given or {}
    names = [normal_header(header) for header in headers]
    known = [part for part in our_own().exports if set(names) <= {field.name for field in TABLES[part.table].readable}]
    if source is not None or not known:
        known = [part for vendor in sources() for part in vendor.exports]
    if source is not None:
        source, known = _of_source(source, known, table)

    def resolve(export: Export) -> Recognised:
        return _resolve(name, export, headers, names, maps, given, keep, kept, drop, source)

    best: Recognised | None = None
    for export in known:
        if table in (None, export.table) and _known_by(export, names):
            found = resolve(export)
            if best is None or _fit(found) > _fit(best):
                best = found
    if best is None and source is not None:
        his = [one for one in known if one.source == source and table in (None, one.table)]
        best = _partly(name, his, resolve)
    if best is None:
        best = _by_map(name, headers, names, table, source, maps, given, keep, kept, drop)
    lost = _missing(best)
    if lost and best.dropped:
        whole = recognise(name, headers, table=best.table.name, source=source, maps=maps, given=given)
        _refuse_dropped(name, whole, lost, [headers[place] for place in sorted(best.dropped)])
    _check_required(name, best, headers)
    return best


def _refuse_dropped(name: str, whole: Recognised, lost: Sequence[str], dropped: Sequence[str]) -> None:
    """Raise UsageError for columns that are not to be loaded, and without which a row cannot be."""
    if set(lost) <= set(whole.columns):
        raise UsageError(
            f"{name}: --drop {', '.join(dropped)} leaves nothing for {', '.join(lost)}, which {whole.table.name} "
            "must have",
            hint=f"leave --drop out, or say what stands in: --map {lost[0]}=HEADER",
        )


def _of_source(source: str, known: list[Export], table: str | None) -> tuple[str, list[Export]]:
    """The source as it is known, and its exports; a name of the person's own needs the table too."""
    named = next((part.source for part in known if part.source == source.casefold()), None)
    if named is not None:
        return named, [part for part in known if part.source == named]
    if table is None:
        error = unknown("source", source, {part.source for part in known})
        raise UsageError(error.message, hint=f"{error.hint}; for a name of your own say --as too")
    return source, known


def _known_by(export: Export, names: Sequence[str]) -> bool:
    wanted = all(any(part in names for part in wanted.split("|")) for wanted in export.recognise)
    return wanted and not any(name in names for name in export.unless)


def _partly(name: str, exports: Sequence[Export], resolve: Callable[[Export], Recognised]) -> Recognised | None:
    """A part of an export whose vendor is named: as the one of his exports that it fits best. None where it fits none.

    Raises UsageError where it may as well be another table.
    """
    fitting = sorted((resolve(export) for export in exports if export.columns), key=_fit, reverse=True)
    fitting = [
        one for one in fitting if any(isinstance(part, Header) for many in one.columns.values() for part in many)
    ]
    if len(fitting) > 1 and _fit(fitting[0]) == _fit(fitting[1]) and fitting[0].table != fitting[1].table:
        tables = " or ".join(one.table.name for one in fitting[:2])
        raise UsageError(f"{name}: may be {tables} of {fitting[0].source}", hint="say which with --as")
    return fitting[0] if fitting else None


def _by_map(
    name: str,
    headers: Sequence[str],
    names: Sequence[str],
    table: str | None,
    source: str | None,
    maps: Mapping[str, Mapping[str, str]],
    given: Mapping[str, str],
    keep: Sequence[str],
    kept: Sequence[str],
    drop: Sequence[str],
) -> Recognised:
    """A file of no vendor: the table as told, or the one whose configured map fits."""
    candidates = [table] if table else [one for one in maps if _fits(maps[one], headers)]
    if len(candidates) != 1:
        near = _nearest(names)
        raise UnknownExportError(
            f"{name}: not recognised; it has the columns {listed(_named(headers))}",
            hint=f"what it may be: supportkit load {shlex.quote(name)}; or say --as tickets (or messages, orders, "
            f"surveys, events) and --map ours=theirs{near}",
        )
    chosen = candidates[0]
    beside = our_own_export(chosen).beside
    export = Export(source or "supportkit", chosen, (), own_names=True, beside=beside)
    return _resolve(name, export, headers, names, maps, given, keep, kept, drop, source)


def _named(headers: Sequence[str]) -> Sequence[str]:
    """The columns that have a name of their own; all where none has."""
    return [name for place, name in enumerate(headers, 1) if name != f"column_{place}"] or headers


def _fits(columns: Mapping[str, str], headers: Sequence[str]) -> bool:
    try:
        return bool(columns) and all(parse(text, headers) for ours, text in columns.items() if ours not in SETTINGS)
    except UsageError:
        return False


def _nearest(names: Sequence[str]) -> str:
    best, share = "", 0.0
    for vendor in sources():
        for export in vendor.exports:
            found = sum(any(part in names for part in wanted.split("|")) for wanted in export.recognise)
            if vendor.name != "supportkit" and found / len(export.recognise) > max(share, 0.5):
                best, share = vendor.name, found / len(export.recognise)
    return f"; it is nearest to {best}" if best else ""


def _resolve(
    name: str,
    export: Export,
    headers: Sequence[str],
    names: Sequence[str],
    maps: Mapping[str, Mapping[str, str]],
    given: Mapping[str, str],
    keep: Sequence[str],
    kept: Sequence[str],
    drop: Sequence[str],
    source: str | None,
) -> Recognised:
    table = TABLES[export.table]
    columns: dict[str, tuple[Expression, ...]] = {}
    units: dict[str, str] = {}
    readable = [one.name for one in table.readable]
    for ours in readable:
        found = places_of(headers_of(table, ours, export), names)
        if found:
            columns[ours] = tuple(Header(place) for place in found)
    against = contrary_headers(export)
    for ours, synonyms in against.items():
        if ours not in columns and (found := places_of(synonyms, names)[:1]):
            columns[ours] = (Header(found[0]),)
    counted = frozenset(
        duration.column
        for duration in export.durations
        if add_duration(duration, names, columns, units)
        if duration.business
    )
    for ours, text in export.constants.items():
        columns.setdefault(ours, (Constant(text),))
    spaced = {name.replace("_", " ") for name in names}
    for beside in export.beside:
        if export.own_names and beside.header.replace("_", " ") in spaced:
            columns.setdefault(beside.column, (Constant(""),))
    profile = {place for expressions in columns.values() for one in expressions for place in columns_read(one)}
    settings: dict[str, str] = {}
    configured = (
        {} if export.recognise and _is_of_another(maps.get(table.name, {}), headers) else maps.get(table.name, {})
    )
    for ours, text in {**configured, **given}.items():
        if ours in SETTINGS:
            settings[ours] = re.sub(r"""^(['"])((?:(?!\1).)*)\1$""", r"\2", text)
            if ours == "time_zone" and not is_zone(settings[ours]):
                raise UsageError(f"time_zone={text}: no such time zone", hint="write for example Europe/Berlin")
            if ours == "amount_of" and settings[ours] not in ("line", "order"):
                raise UsageError(
                    f"amount_of={text}: an amount is of a line or an order", hint="write 'line' or 'order'"
                )
        elif ours not in readable:
            if ours in given:
                raise unknown(f"column of {table.name}", ours, (*readable, *SETTINGS))
        else:
            columns[ours] = (_parsed(name, ours, text, headers),)
    unwanted = {normal_header(header) for header in drop}
    dropped = frozenset(place for place, header in enumerate(names) if header in unwanted)
    if dropped:
        columns = _without(columns, dropped)
    conditions = [(text, _condition(text, names)) for text in export.keep]
    conditions += [(text, _kept(name, text, headers)) for text in (settings.pop("keep", ""), *keep) if text]
    stay = {normal_header(header) for header in kept}
    named = frozenset(
        place
        for place, header in enumerate(headers)
        if place not in profile and names[place] not in {*stay, *export.personal} and is_of_people(header)
    )
    personal = named | {place for place, header in enumerate(names) if header in export.personal and header not in stay}
    named, personal = named - dropped, personal - dropped
    zones = {place: zone for place, header in enumerate(headers) if (zone := zone_of(header))}
    label = source or export.source
    known = tuple(one for one in conditions if one[1])
    contrary = frozenset(
        ours
        for ours, synonyms in against.items()
        for one in columns.get(ours, ())
        if isinstance(one, Header) and one.place >= 0 and names[one.place] in synonyms
    )
    counted &= {ours for ours in columns if ours not in given and ours not in configured}
    left_out = (personal, named, dropped)
    return Recognised(table, export, label, columns, units, zones, known, *left_out, settings, contrary, counted)


def _is_of_another(columns: Mapping[str, str], headers: Sequence[str]) -> bool:
    """Whether configured columns are those of another export of the same table: none of their headers is here."""
    failed = False
    for text in (text for ours, text in columns.items() if ours not in SETTINGS):
        try:
            if columns_read(parse(text, headers)):
                return False
        except UsageError:
            failed = True
    return failed


def _without(
    columns: Mapping[str, tuple[Expression, ...]], dropped: frozenset[int]
) -> dict[str, tuple[Expression, ...]]:
    """The columns of ours that are made without those that are dropped."""
    left = {ours: tuple(one for one in many if not dropped & {*columns_read(one)}) for ours, many in columns.items()}
    return {ours: many for ours, many in left.items() if many}


def _parsed(name: str, ours: str, text: str, headers: Sequence[str]) -> Expression:
    try:
        return parse(text, headers)
    except UsageError as error:
        near = get_close_matches(text, headers, n=1, cutoff=0.6)
        hint = f"did you mean {near[0]!r}? " if near else ""
        raise UsageError(f"{name}: --map {ours}={text}: {error.message}", hint=hint + error.hint) from error


def _condition(text: str, names: Sequence[str]) -> tuple[Kept, ...]:
    """A vendor's own condition; none where the export has not its column."""
    try:
        return parse_kept(text, names)
    except UsageError:
        return ()


def _kept(name: str, text: str, headers: Sequence[str]) -> tuple[Kept, ...]:
    try:
        return parse_kept(text, headers)
    except UsageError as error:
        raise UsageError(f"{name}: --keep: {error.message}", hint=error.hint) from error


def _fit(found: Recognised) -> tuple[bool, int]:
    """How well an export fits a file: whether it has all that it must, then how many columns of ours."""
    return not _missing(found), len(found.columns)


def _missing(found: Recognised) -> list[str]:
    """The columns that a file must have and has not."""
    required = [field.name for field in found.table.fields if field.required]
    if found.table.name == "surveys" and "invited_at" not in found.columns:
        required += ["score", "responded_at"]
    return [ours for ours in required if ours not in found.columns]


def _check_required(name: str, found: Recognised, headers: Sequence[str]) -> None:
    if missing := _missing(found):
        raise MissingColumnsError(
            f"{name}: read as {found.table.name}, it has no column for {', '.join(missing)}; its columns are "
            f"{listed(headers)}",
            hint=f"say where: --map {missing[0]}=HEADER",
        )

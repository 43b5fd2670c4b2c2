"""Which table a file holds and which vendor wrote it, from its headers."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from zoneinfo import ZoneInfo

from supportkit.errors import DataError, NotAnExportError, UsageError, unknown
from supportkit.exports import part_payments
from supportkit.exports.expressions import (
    Constant,
    Expression,
    Header,
    Operation,
    columns_read,
    listed,
    parse,
)
from supportkit.exports.gift_cards import LABEL, ONLY_GIFTS
from supportkit.exports.keeping import Kept, parse_kept
from supportkit.exports.meanings.beside import Beside
from supportkit.exports.names_of_people import is_of_people
from supportkit.exports.sources import Duration, Export, our_own, sources
from supportkit.store.schema import TABLES, Table

SETTINGS = ("dates", "time_zone", "decimal", "keep")
_SUFFIX = re.compile(r"\s*\[(list|txt|flag|int|dec|date|regexp|multi)\]$")
_CUSTOM = re.compile(r"(?:custom field|campo personalizado|benutzerdefiniertes feld)\s*\((.*)\)$")
_ZONE = re.compile(r"\s*\(([A-Za-z]+/[A-Za-z_/+-]+|utc|gmt)\)$", re.IGNORECASE)


@dataclass(frozen=True)
class Recognised:
    """What a file is: its table, the vendor's export it is read as, and where each of our columns comes from.

    `columns` gives each of our columns the expressions to try in turn; `zones` the time zones that headers name;
    `personal` are the columns that are left out, `named` those of them whose headers alone say so; `contrary` are those
    of which the file says the contrary.
    """

    table: Table
    export: Export
    source: str
    columns: Mapping[str, tuple[Expression, ...]]
    units: Mapping[str, str] = field(default_factory=dict)
    zones: Mapping[int, str] = field(default_factory=dict)
    keep: tuple[tuple[str, tuple[Kept, ...]], ...] = ()
    personal: frozenset[int] = frozenset()
    named: frozenset[int] = frozenset()
    settings: Mapping[str, str] = field(default_factory=dict)
    contrary: frozenset[str] = frozenset()
    business_hours: frozenset[str] = frozenset()
    """Columns of durations that the vendor counted within business hours."""

    def left_over(self, headers: Sequence[str]) -> list[int]:
        """The columns of the file that none of ours takes: they become properties. A vendor's own id of a customer
        that is known by e-mail or phone is kept there too."""
        used: set[int] = set()
        for ours, expressions in self.columns.items():
            if ours not in self.table.names:  # what is said of a line is a property of it, too
                continue
            for rank, expression in enumerate(expressions):
                if rank == 0 or not isinstance(expression, Header) or _is_contact(headers[expression.place]):
                    used.update(columns_read(expression))
        return [place for place in range(len(headers)) if place not in used and place not in self.personal]

    def first_close(self, headers: Sequence[str]) -> str:
        """The header of the closing time, where the vendor writes the first close alone; empty where it does not."""
        for ours in ("solved_at", "closed_at"):
            if ours in self.columns:
                found = self.columns[ours][0]
                header = headers[found.place] if isinstance(found, Header) and found.place >= 0 else ""
                return header if normal_header(header) in self.export.first_close else ""
        return ""

    def beside(self, headers: Sequence[str]) -> dict[str, dict[str, Beside]]:
        """For each state the columns of the file that change what it means, by their header."""
        names = [normal_header(header).replace("_", " ") for header in headers]
        found: dict[str, dict[str, Beside]] = {}
        for one in self.export.beside:
            if (spaced := one.header.replace("_", " ")) in names:
                found.setdefault(one.column, {})[headers[names.index(spaced)]] = one
        if self.export.gift_cards:
            found.setdefault("status", {})[LABEL] = ONLY_GIFTS
        if self.export.part_paid:
            found.setdefault("status", {})[part_payments.LABEL] = part_payments.PAID_PART
        return found


def normal_header(header: str) -> str:
    """A header in the form by which headers are compared: without case, marks, type suffix and time zone."""
    text = unicodedata.normalize("NFKC", header).replace("\ufeff", "").strip().casefold()
    text = _SUFFIX.sub("", " ".join(text.split()))
    if match := _CUSTOM.fullmatch(text):
        text = match[1]
    return _ZONE.sub("", text)


def zone_of(header: str) -> str | None:
    """The time zone that a header names, as in `Updated at (America/New_York)`."""
    match = _ZONE.search(header.strip())
    if not match:
        return None
    name = "UTC" if match[1].upper() in ("UTC", "GMT") else match[1]
    return name if is_zone(name) else None


def is_zone(name: str) -> bool:
    """Whether there is a time zone of this name."""
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return False
    return True


def contact_kind(header: str) -> str:
    """Whether a column holds e-mails, phones or ids, by its name."""
    text = normal_header(header)
    if re.search(r"e-?mail", text):
        return "email"
    return "phone" if re.search(r"phone|telefon|mobile|телефон", text) else "id"


def _is_contact(header: str) -> bool:
    return contact_kind(header) != "id"


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
) -> Recognised:
    """What a file with these headers is. `maps` are the configuration's by table, `given` the command line's; `kept`
    are headers of names and addresses that are not left out.

    Raises DataError for a file that is no known table, UsageError for a map that does not fit.
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
    best: Recognised | None = None
    for export in known:
        if table in (None, export.table) and _known_by(export, names):
            found = _resolve(name, export, headers, names, maps, given, keep, kept, source)
            if best is None or _fit(found) > _fit(best):
                best = found
    if best is None:
        best = _by_map(name, headers, names, table, source, maps, given, keep, kept)
    _check_required(name, best, headers)
    return best


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
    return all(any(part in names for part in wanted.split("|")) for wanted in export.recognise)


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
) -> Recognised:
    """A file of no vendor: the table as told, or the one whose configured map fits."""
    candidates = [table] if table else [one for one in maps if _fits(maps[one], headers)]
    if len(candidates) != 1:
        near = _nearest(names)
        raise NotAnExportError(
            f"{name}: not recognised; it has the columns {listed(headers)}",
            hint=f"say --as tickets (or messages, orders, surveys, events) and --map ours=theirs{near}",
        )
    chosen = candidates[0]
    beside = _our_own(chosen).beside
    export = Export(source or "supportkit", chosen, (), own_names=True, beside=beside)
    return _resolve(name, export, headers, names, maps, given, keep, kept, source)


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
    source: str | None,
) -> Recognised:
    table = TABLES[export.table]
    columns: dict[str, tuple[Expression, ...]] = {}
    units: dict[str, str] = {}
    readable = [one.name for one in table.readable]
    for ours in readable:
        found = _places(_headers_of(table, ours, export), names)
        if found:
            columns[ours] = tuple(Header(place) for place in found)
    against = _contrary(export)
    for ours, synonyms in against.items():
        if ours not in columns and (found := _places(synonyms, names)[:1]):
            columns[ours] = (Header(found[0]),)
    counted = frozenset(
        duration.column
        for duration in export.durations
        if _add_duration(duration, names, columns, units)
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
    for ours, text in {**maps.get(table.name, {}), **given}.items():
        if ours in SETTINGS:
            settings[ours] = re.sub(r"""^(['"])((?:(?!\1).)*)\1$""", r"\2", text)
            if ours == "time_zone" and not is_zone(settings[ours]):
                raise UsageError(f"time_zone={text}: no such time zone", hint="write for example Europe/Berlin")
        elif ours not in readable:
            if ours in given:
                raise unknown(f"column of {table.name}", ours, (*readable, *SETTINGS))
        else:
            columns[ours] = (_parsed(name, ours, text, headers),)
    conditions = [(text, _condition(text, names)) for text in export.keep]
    conditions += [(text, _kept(name, text, headers)) for text in (settings.pop("keep", ""), *keep) if text]
    stay = {normal_header(header) for header in kept}
    named = frozenset(
        place
        for place, header in enumerate(headers)
        if place not in profile and names[place] not in {*stay, *export.personal} and is_of_people(header)
    )
    personal = named | {place for place, header in enumerate(names) if header in export.personal and header not in stay}
    zones = {place: zone for place, header in enumerate(headers) if (zone := zone_of(header))}
    label = source or export.source
    known = tuple(one for one in conditions if one[1])
    contrary = frozenset(
        ours
        for ours, synonyms in against.items()
        for one in columns.get(ours, ())
        if isinstance(one, Header) and one.place >= 0 and names[one.place] in synonyms
    )
    counted &= {ours for ours in columns if ours not in given and ours not in maps.get(table.name, {})}
    return Recognised(table, export, label, columns, units, zones, known, personal, named, settings, contrary, counted)


def _headers_of(table: Table, ours: str, export: Export) -> tuple[str, ...]:
    """The headers under which a column of ours stands in an export; of a line only what can mean nothing else."""
    theirs = export.columns.get(ours, ())
    if ours not in table.names and not theirs:
        ours_alone = ("line", "sku", "quantity") if export.recognise else ("line", "sku")
        return (ours,) if ours in ours_alone and (export.own_names or not export.columns) else ()
    return _spaced(ours, *theirs) if export.own_names or not export.columns else theirs


def _spaced(*names: str) -> tuple[str, ...]:
    """Names of our own as headers, with blanks too."""
    return tuple(dict.fromkeys(spelled for name in names for spelled in (name, name.replace("_", " "))))


def _contrary(export: Export) -> Mapping[str, tuple[str, ...]]:
    """The headers of an export that say the contrary of a column; of one that no vendor made, those of our own."""
    if export.columns and not export.own_names:
        return export.contrary
    return {ours: _spaced(*headers) for ours, headers in _our_own(export.table).contrary.items()}


def _our_own(table: str) -> Export:
    """The export of a table under our own names."""
    return next(own for own in our_own().exports if own.table == table)


def _places(synonyms: Sequence[str], names: Sequence[str]) -> list[int]:
    found: list[int] = []
    for synonym in synonyms:
        if synonym.startswith("~"):
            found += [place for place, header in enumerate(names) if re.search(synonym[1:], header)][:1]
        elif synonym in names:
            found.append(names.index(synonym))
    return list(dict.fromkeys(found))


def _add_duration(
    duration: Duration, names: Sequence[str], columns: dict[str, tuple[Expression, ...]], units: dict[str, str]
) -> bool:
    found = _places(duration.headers, names)
    if not found or duration.column in columns:
        return False
    columns[duration.column] = (Header(found[0]),)
    units[duration.column] = duration.unit
    return True


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
        raise DataError(
            f"{name}: read as {found.table.name}, it has no column for {', '.join(missing)}; its columns are "
            f"{listed(headers)}",
            hint=f"say where: --map {missing[0]}=HEADER",
        )


__all__ = ["Operation", "Recognised", "contact_kind", "listed", "normal_header", "recognise", "zone_of"]

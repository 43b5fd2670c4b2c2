"""The text of a record that was refused, or of which a cell was lost, as it may be kept.

Each cell is treated under its header, as it would be in its table: a person's id is a token, and a column that is left
out there is left out here. Where the cells cannot be told apart, any of them may be the most private one of the file: a
number is treated under each header that says what numbers are, and where there is a column of which no accepted row
keeps the words, none are kept.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import field
from functools import cached_property
from typing import Final

from supportkit.exports.masking.digits import CHAIN
from supportkit.exports.masking.pseudonyms import normal_email
from supportkit.exports.people.belonging import PERSON, THINGS
from supportkit.exports.people.suppression import Erased, as_stored
from supportkit.exports.reading.signs import Dialect
from supportkit.exports.recognising.expressions import Header, columns_read
from supportkit.exports.recognising.header_names import contact_kind
from supportkit.exports.recognising.recognised import Recognised
from supportkit.exports.rows.personal_data import Contact, Protection
from supportkit.exports.value_formats.values import PEOPLE
from supportkit.system.frozen import dataclass
from supportkit.system.late_patterns import late

LIMIT: Final = 2_000
EXAMINED: Final = 4 * LIMIT
"""How much of a text is looked at: tokens are mostly shorter than what they stand for."""

LEFT_OUT: Final = "[LEFT OUT]"
_TOKEN: Final = late(r"\[([A-Z]+)\]")
_REMEMBERED: Final = 50_000
_DAY: Final = r"(?:0?[1-9]|[12]\d|3[01])"
_UUID: Final = r"(?<![^\W_])[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}(?![^\W_])"
_INSTANT: Final = (
    rf"(?<![^\W_]|[-./])(?:19|20)\d\d([-./]){_DAY}\1{_DAY}(?:[T ]\d\d?:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?"
    r"(?![^\W_]|[-./]\d)"
)
_NUMBERS: Final = late(
    rf"(?P<uuid>{_UUID})|(?P<day>{_INSTANT})|(?<![^\W_])(?=[^\W_]*\d)(?=\d*[^\W\d_])[^\W_]+|{CHAIN.pattern}".replace(
        r"\1", r"\3"
    )
)
_PLAIN: Final = late(
    r"[-+]?\d{1,4}(?:[.,]\d{1,2})?"
    rf"|(?:(?:19|20)\d\d([-./]){_DAY}\1{_DAY}|{_DAY}([-./]){_DAY}\2(?:19|20)\d\d)"
    r"(?:[T ]\d\d?:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?"
)
"""A short number, an amount, a day or an instant: what no name, address or number of a person is."""

_DATED: Final = late(r"\d{1,4}([-./])\d{1,2}\1\d{1,4}(?!\d)")
"""A day, though there may be none such."""

_PROBES: Final = ("5551234", "512345678", "A12345678", "123456789", "9111111111111112")
"""A phone short and long, a passport, a tax number and a card (Luhn), which are known by the word before them only."""


_WORD: Final = "winterwald"
"""What may be a password, and is masked under the word for one."""


@dataclass(frozen=True)
class Treatment:
    """How the records of one file are treated; what is masked is counted in `protection.found`."""

    known: Recognised
    headers: Sequence[str]
    dialect: Dialect
    protection: Protection
    erased: Erased | None = None
    _seen: dict[tuple[int, str], str] = field(default_factory=dict, repr=False, compare=False)

    def by_header(self, text: str, cells: Sequence[str], unread: Collection[str] = ()) -> str:
        """A record of which the cells are known; `text` is as it stands in the file, `unread` the columns of ours that
        could not be read."""
        if self.erased is not None and self._is_gone(cells):
            return ""
        if self.protection.mode == "keep":
            return self._finished(text, _cut(text, EXAMINED))
        if self._is_shifted(cells, unread):
            return self.at_its_strictest(text)
        kept, size = [], 0
        for place, cell in enumerate(cells):
            kept.append(self._cell(place, _cut(cell, EXAMINED)))
            size += len(kept[-1])
            if size > LIMIT:
                break
        as_it_stands = kept == list(cells)
        return self._finished(text, _cut(text, EXAMINED) if as_it_stands else self._written(kept))

    def _is_shifted(self, cells: Sequence[str], unread: Collection[str]) -> bool:
        """Whether the cells of a record with a fault seem to stand under the headers of others: one is missing that no
        row is without, one holds a name or a number in place of a date or a figure, or what is no e-mail in place of
        one."""
        for column in unread:
            found = [cells[place].strip() for place in self._places_of(column) if place < len(cells)]
            if not any(found) or any(map(_is_out_of_place, found)):
                return True
        mails = [place for place, kind in self._people.items() if kind == "email" and place < len(cells)]
        return bool(unread) and any(cells[place].strip() and not normal_email(cells[place]) for place in mails)

    def at_its_strictest(self, text: str) -> str:
        """A piece of the file of which the cells cannot be told."""
        left = _cut(text, EXAMINED)
        pieces = self._between.split(left)
        if self.erased is not None and any(self._names_gone(piece.strip()) for piece in pieces):
            return ""
        if self.protection.mode == "mask":
            left = "".join(self._strictly(piece) for piece in pieces)
        return self._finished(text, left)

    def _finished(self, text: str, left: str) -> str:
        """What is left of a text, once more as one text, and cut."""
        if self.protection.mode == "mask":
            left = self._quiet.text(left)
            self.protection.found.update(Counter(_TOKEN.findall(left)) - Counter(_TOKEN.findall(text)))
        return (left if self.erased is None else self.erased.text(left))[:LIMIT]

    @cached_property
    def _quiet(self) -> Protection:
        """The same without a count: a cell is looked at more than once here."""
        return Protection(self.protection.mode, self.protection.key, columns=self.protection.columns)

    @cached_property
    def _people(self) -> dict[int, Contact]:
        """The columns that hold people, and what of them."""
        found: dict[int, Contact] = {}
        for name in PEOPLE & set(self.known.columns):
            for expression in self.known.columns[name]:
                for place in columns_read(expression):
                    kind = contact_kind(self.headers[place]) if isinstance(expression, Header) else "id"
                    contacts = self.protection.column(self.headers[place]).contacts
                    by_cells: Contact = "contact" if kind == "id" and contacts else "id"
                    found[place] = "email" if kind == "email" else "phone" if kind == "phone" else by_cells
        return found

    @cached_property
    def _wordless(self) -> bool:
        """Whether there is a column of which no accepted row keeps the words."""
        if self.known.unkept or any(kind in ("email", "phone") for kind in self._people.values()):
            return True
        protection = Protection("mask", None)
        return any(protection.property(header, _WORD) != _WORD for header in self.headers)

    @cached_property
    def _telling(self) -> list[str]:
        """Headers that say what numbers are: for each kind of number the first."""
        protection = Protection("mask", None)
        found: dict[str, str] = {}
        for header in self.headers:
            for probe in _PROBES:
                if probe not in found and protection.property(header, probe) != probe:
                    found[probe] = header
        return list(dict.fromkeys(found.values()))

    @cached_property
    def _between(self) -> re.Pattern[str]:
        """What stands between two pieces; blanks do not, because they stand within a phone too."""
        delimiter = "" if self.dialect.delimiter.strip(" ") == "" else self.dialect.delimiter
        return late(f"([\r\n{re.escape(delimiter + self.dialect.quote)}]+)")

    def _cell(self, place: int, cell: str) -> str:
        if not cell.strip() or place >= len(self.headers):
            return cell
        if place in self.known.unkept:
            return LEFT_OUT
        if place in self._people:
            return _person(cell, self._people[place], self._quiet)
        if _PLAIN.fullmatch(cell):
            return cell
        seen = self._seen.get((place, cell))
        if seen is None:
            seen = self._quiet.property(self.headers[place], cell)
            if len(self._seen) < _REMEMBERED and len(cell) <= 40:
                self._seen[place, cell] = seen
        return seen

    def _strictly(self, piece: str) -> str:
        cell = piece.strip()
        if not cell or self._between.fullmatch(piece):
            return piece
        if self._wordless and not _PLAIN.fullmatch(cell):
            return LEFT_OUT
        before = ""
        while before != piece:
            before, piece = piece, _NUMBERS.sub(self._number, piece)
        return piece

    def _number(self, match: re.Match[str]) -> str:
        if match["day"]:
            return match[0]
        for header in self._telling:
            kept = self._quiet.property(header, match[0])
            if kept != match[0] and (not match["uuid"] or _TOKEN.fullmatch(kept)):
                return kept
        return match[0]

    def _written(self, cells: Sequence[str]) -> str:
        """A record of these cells, with quotes where they are needed."""
        delimiter, quote = self.dialect.delimiter.strip(" ") or " ", self.dialect.quote
        special = late(rf"[\r\n{re.escape(delimiter + quote)}]")
        quoted = (f"{quote}{cell.replace(quote, quote * 2)}{quote}" if special.search(cell) else cell for cell in cells)
        return delimiter.join(quoted)

    def _is_gone(self, cells: Sequence[str]) -> bool:
        """Whether a record is an erased person's, by its customer or by the ticket or order that it is or hangs on."""
        assert self.erased is not None
        if any(place < len(cells) and self.erased.knows(cells[place].strip()) for place in self._customers):
            return True
        return any(
            place < len(cells) and self._is_gone_thing(thing, cells[place].strip())
            for thing, column in THINGS.items()
            for place in self._places_of(column)
        )

    @cached_property
    def _customers(self) -> list[int]:
        return self._places_of(PERSON.get(self.known.table.name, ""))

    def _places_of(self, column: str) -> list[int]:
        """The columns of the file that one of ours is made from."""
        return [place for expression in self.known.columns.get(column, ()) for place in columns_read(expression)]

    def _names_gone(self, piece: str) -> bool:
        assert self.erased is not None
        return bool(piece) and (
            self.erased.knows(piece)
            or any(
                self._is_gone_thing(thing, piece) for thing, column in THINGS.items() if column in self.known.columns
            )
        )

    def _is_gone_thing(self, thing: str, name: str) -> bool:
        assert self.erased is not None
        source, name = self.known.source, as_stored(name)
        loose = thing != self.known.table.name and self.erased.thing(thing, source, name, loose=True)
        return loose or self.erased.thing(thing, source, name)


def _is_out_of_place(cell: str) -> bool:
    """Whether a cell that is no date and no figure may be a name, a number or an address: `never` may not."""
    return not _DATED.match(cell) and any(char.isupper() or char.isdigit() or char == "@" for char in cell)


def _person(cell: str, kind: Contact, protection: Protection) -> str:
    """A token for what is a pseudonym in the table; a vendor's id stays."""
    name = cell.strip()
    if not name or protection.person(name, kind) == name:
        return cell
    return "[EMAIL]" if kind == "email" or "@" in unicodedata.normalize("NFKC", name) else "[PHONE]"


def _cut(text: str, length: int) -> str:
    """The beginning of a text, without the word that is cut."""
    if len(text) <= length:
        return text
    words = re.match(r"(?s)(.*)[\s,;|]", text[:length])
    return words[1] if words else text[: length - 100]

"""People who were erased stay erased: the store's list of them, and whom it knows.

The store keeps keyed tokens of the ids of erased customers, their tickets and orders, and nothing that they could be
recognised by without the key.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import field
from typing import TYPE_CHECKING, Final

from supportkit.exports.masking.naming import unnamed, without
from supportkit.exports.masking.pseudonyms import Key, customer_id, pseudonym
from supportkit.system.frozen import dataclass

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

REMEMBERED: Final = 200_000
_PHONE: Final = re.compile(r"[+\d\s()./-]{7,}")
_WRITTEN_AT: Final = re.compile(r"\s?[(\[{]\s?(?:at|ät|собака)\s?[)\]}]\s?|\s?＠\s?|\s@\s|\sсобака\s", re.IGNORECASE)
_WRITTEN_DOT: Final = re.compile(r"\s?[(\[{]\s?(?:dot|punkt|точка)\s?[)\]}]\s?|[．。]", re.IGNORECASE)


def erased_token(kind: str, value: str, key: Key) -> str:
    """What stands for an erased id in the store."""
    return pseudonym(f"erased {kind}\n{value}", key)


def thing_token(table: str, source: str, name: str, *, key: Key, loose: bool = False) -> str:
    """What stands for an erased ticket or order; a loose one is named by what hangs on it in another source."""
    return erased_token(f"{'loose ' if loose else ''}{table.removesuffix('s')}", f"{source}\n{name}", key)


def as_stored(name: str) -> str:
    """An id as a column of ids holds it, without what a spreadsheet puts around it."""
    return name.partition(".")[0] if re.fullmatch(r"\d+\.0+", name) else name.lstrip("'")


def ids_of_person(name: str, key: Key) -> set[str]:
    """Every id under which a store may know a person: as given, in one form, as a pseudonym."""
    found = {name, as_stored(name)}
    for kind in ("id", "email" if "@" in name else "phone" if _PHONE.fullmatch(name) else "id"):
        for privacy in ("mask", "keep"):
            found.add(customer_id(name, key, privacy=privacy, kind=kind))
    return found


@dataclass(frozen=True)
class Erased:
    """The people, tickets and orders that were erased from a store, known by their tokens."""

    tokens: frozenset[str]
    key: Key
    _seen: dict[str, bool] = field(default_factory=dict, repr=False, compare=False)

    def person(self, name: str) -> bool:
        """Whether an id as the store has it is that of an erased person."""
        return erased_token("person", name, self.key) in self.tokens

    def thing(self, table: str, source: str, name: str, *, loose: bool = False) -> bool:
        """Whether an id is that of an erased ticket or order."""
        return thing_token(table, source, name, key=self.key, loose=loose) in self.tokens

    def knows(self, name: str) -> bool:
        """Whether an erased person is called so, however it is written."""
        seen = self._seen.get(name)
        if seen is None:
            seen = any(self.person(form) for form in self._forms(name))
            if len(self._seen) < REMEMBERED:
                self._seen[name] = seen
        return seen

    def _forms(self, name: str) -> set[str]:
        plain = _WRITTEN_DOT.sub(".", _WRITTEN_AT.sub("@", name))
        found = {name, customer_id(plain, self.key, privacy="keep")}
        if _PHONE.fullmatch(name):
            found.add(customer_id(name, self.key, privacy="keep", kind="phone"))
        return found

    def text(self, value: str) -> str:
        """A text in which no erased person is named."""
        return without(value, self.knows)

    def properties(self, value: str) -> str | None:
        """Extra columns, given as JSON, in which no erased person is named; None where nothing else stood there."""
        return unnamed(value, self.knows)


def suppress(connection: DuckDBPyConnection, tokens: Iterable[str]) -> None:
    """Add tokens to the list of the erased."""
    connection.execute(
        "insert into main.suppressed select distinct unnest($tokens) as token except select token from main.suppressed",
        {"tokens": sorted(set(tokens))},
    )


def read_erased(connection: DuckDBPyConnection, key: Key) -> Erased | None:
    """Who was erased from a store; None where nobody was."""
    tokens = frozenset(row[0] for row in connection.execute("select token from main.suppressed").fetchall())
    return Erased(tokens, key) if tokens else None

"""Pseudonyms given back to who owns the key: the addresses of a file of yours beside the customers of a result.

An address of the file is made a pseudonym as a load makes it, and compared; the file is read on this machine for this
one answer, and nothing of it is kept.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Final

from supportkit.errors import UsageError, unknown
from supportkit.exports.recognising.header_names import contact_kind, normal_header
from supportkit.result import Result, detail
from supportkit.store import Store
from supportkit.system.csv_lines import csv_lines

PERSON: Final = "customer_id"


def read_people(file: Path, column: str) -> list[str]:
    """What stands in a column of a CSV, each once. Raises DataError and UsageError with the headers that there are."""
    lines = [cells for _, cells in csv_lines(file, str(file))]
    headers = lines[0] if lines else []
    header = _header(file, column, [name for name in headers if name])
    people = (dict(zip(headers, cells, strict=False)).get(header, "").strip() for cells in lines[1:])
    return list(dict.fromkeys(person for person in people if person))


def _header(file: Path, column: str, headers: list[str]) -> str:
    """The header that is meant: as it is written, else of the same letters in any case and with any marks, else the one
    that is of e-mails or phones as it is."""
    if column in headers:
        return column
    kind = contact_kind(column)
    alike = [one for one in headers if _letters(one) == _letters(column)]
    found = alike or [one for one in headers if kind != "id" and contact_kind(one) == kind]
    if len(found) > 1:
        raise UsageError(
            f"--on {column}: several columns of {file.name} may be meant: {', '.join(found)}",
            hint=f'write one as it stands there: --on "{found[0]}"',
        )
    if not found:
        raise unknown(f"column of {file.name} for --on", column, headers)
    return found[0]


def _letters(header: str) -> str:
    return "".join(one for one in normal_header(header) if one.isalnum())


def with_people(store: Store, result: Result, file: Path, column: str) -> Result:
    """The result with a column of that name beside its customers. Raises DataError where the store's key is not here,
    UsageError where it lists no customers."""
    names = [one.name for one in result.columns]
    if PERSON not in names:
        raise UsageError("--match: there are no customers in this list", hint="it is for lists with a customer_id")
    shown = column if column not in names else f"{column}_in_file"
    known = {store.known_as(person): person for person in read_people(file, column)}
    place = names.index(PERSON)
    people = [known.get(str(row[place])) for row in result.rows]
    told = f"{sum(one is not None for one in people)} of {len(people)} are in {file.name} by {column}; nothing is kept"
    return replace(
        result,
        columns=(*result.columns[: place + 1], detail(shown, "text"), *result.columns[place + 1 :]),
        rows=tuple(
            (*row[: place + 1], person, *row[place + 1 :]) for row, person in zip(result.rows, people, strict=True)
        ),
        notes=(*result.notes, told),
    )

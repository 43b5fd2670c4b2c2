"""Whose a row may be, where no column is taken for the customer: nobody comes again then, and a figure by customer says
nothing."""

from __future__ import annotations

import re
import shlex
from collections.abc import Sequence, Set
from typing import Final

from supportkit.exports.masking import mask_text
from supportkit.exports.meanings.currencies import usual_codes
from supportkit.exports.meanings.words import tokens
from supportkit.exports.recognising.guessing.column_shapes import EMAIL
from supportkit.exports.recognising.guessing.known_names import (
    is_question,
    named,
    of_a_paper,
    parts,
    speaks_of_a_deed,
    speaks_of_a_place_for_mail,
    speaks_of_an_author,
    speaks_of_people,
)

HAVE_CUSTOMERS: Final = ("tickets", "orders", "surveys")
_MOST: Final = 4
_HALF: Final = 0.5
_FEWEST: Final = 3
_COME_AGAIN: Final = 0.9
"""Ids to their rows, of which some come again."""
_WORDS: Final = 5
_OWNERS: Final = 10
"""Addresses at least of owners who are rather those who ask: a desk has fewer agents."""
_IDS: Final = frozenset(("id", "uid", "uuid", "number", "no", "nr"))
_TO_WHOM: Final = (("sent", "to"), ("mailed", "to"), ("delivered", "to"))
_PLACES: Final = ("country", "region", "city")
_MONEY: Final = re.compile(r"\D{0,4}\d[\d ,.]*[.,]\d\d?\D{0,4}")
_PHONE: Final = re.compile(r"(?:\+\d|00\d|\(\d)[\d ()./-]{7,20}")


def told_unsaid(table: str, headers: Sequence[str], columns: Sequence[Sequence[str]], used: Set[int]) -> str:
    """The line that says that nobody is taken for the customer, with who may be; `used` are columns that say something
    else."""
    found = candidates(table, headers, columns, used)
    if not found:
        return "customer_id stays empty, and no column looks like one of customers: --map customer_id=HEADER"
    shown = " or ".join(mask_text(header)[0] for header in found)
    return f"customer_id stays empty; it may be {shown}: --map {shlex.quote(f'customer_id={mask_text(found[0])[0]}')}"


def candidates(table: str, headers: Sequence[str], columns: Sequence[Sequence[str]], used: Set[int]) -> list[str]:
    """The headers of columns that may be of customers, the likeliest first: addresses and telephone numbers, what is
    named after somebody who asks or buys, and, where there is none of these, ids that come again, else many addresses
    of an owner."""
    ranked: list[tuple[int, int, str]] = []
    again: list[str] = []
    owners: list[str] = []
    for place, (header, column) in enumerate(zip(headers, columns, strict=True)):
        cells = [cell for cell in column if cell]
        if place in used or not cells or _is_of_nobody(header, cells):
            continue
        of_the_desk = parts()["staff"].intersection(tokens(header)) or speaks_of_a_deed(header)
        if of_the_desk and not (tokens(header)[-2:] in _TO_WHOM and _share(EMAIL, cells) >= _HALF):
            if "owner" in tokens(header) and len(set(cells)) >= _OWNERS and _share(EMAIL, cells) >= _HALF:
                owners.append(header)
        elif (rank := _rank(table, header, cells)) is not None:
            ranked.append((rank, place, header))
        elif _are_ids_again(header, cells) and not of_a_paper(header) and not _names_what(column, columns, used):
            again.append(header)
    return ([header for *_, header in sorted(ranked)] or again or owners)[:_MOST]


def _is_of_nobody(header: str, cells: Sequence[str]) -> bool:
    """Whether a column holds answers to a question, places for mail, currencies or sums of money."""
    if all(word in usual_codes() for word in set(cells)):
        return True
    if is_question(header) and _share(EMAIL, cells) < _HALF:
        return True
    return speaks_of_a_place_for_mail(header) or _share(_MONEY, cells) >= _HALF


def _rank(table: str, header: str, cells: Sequence[str]) -> int | None:
    """How likely a column is of customers, 0 the likeliest; None where nothing says so."""
    if _share(EMAIL, cells) >= _HALF:
        return 3 if speaks_of_an_author(header) else 0
    if len(set(cells)) == 1 < _FEWEST <= len(cells) or sum(len(cell.split()) for cell in cells) > _WORDS * len(cells):
        return None
    if any(":" in cell and cell[:1].isdigit() for cell in cells[:_FEWEST]):
        return None  # times
    if named(header, table, "customer_id") is not None:
        return 1
    if speaks_of_an_author(header):
        return 3
    if speaks_of_people(header) and not any(named(header, "orders", ours) for ours in _PLACES):
        return 2 if speaks_of_people(tokens(header)[-1]) else 3
    return 4 if _share(_PHONE, cells) >= _HALF else None


def _are_ids_again(header: str, cells: Sequence[str]) -> bool:
    many = len(cells)
    return bool(_IDS.intersection(tokens(header)[-1:])) and _FEWEST <= len(set(cells)) < _COME_AGAIN * many


def _names_what(column: Sequence[str], columns: Sequence[Sequence[str]], used: Set[int]) -> bool:
    """Whether a column says no more than another that says something else: the number of a product beside its name."""
    others = [other for place, other in enumerate(columns) if place in used and len(other) == len(column)]
    kinds = len(set(column))
    return any(len(set(other)) == len(set(zip(column, other, strict=True))) == kinds for other in others)


def _share(pattern: re.Pattern[str], cells: Sequence[str]) -> float:
    return sum(pattern.fullmatch(cell) is not None for cell in cells) / len(cells)

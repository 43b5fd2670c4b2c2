"""Rows of orders beside which others tell the same again: the order, its lines and what was paid, each with their sums.
All added, the orders come to twice and three times what they were."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Final

from supportkit.exports.masking import mask_text
from supportkit.exports.recognising.guessing.no_sales import NoSales, keep_others, says_what_a_row_is
from supportkit.exports.recognising.guessing.settled import File, Settled

_TWICE: Final = 2
_ORDERS: Final = 3
"""Orders of which rows come to the same sums, before that is no chance."""
_MOST_OF: Final = 0.9
_PLAIN_SUM: Final = re.compile(r"-?\d+(?:\.\d+)?")


def told_twice(settled: Settled, file: File, given: Mapping[str, tuple[int, ...]]) -> tuple[NoSales, ...]:
    """The rows of each order beside which others tell the same again: the order, its lines and what was paid, each with
    their sums. Those are kept that say most."""
    ids, amounts = (_cells(settled, file, given, ours) for ours in ("order_id", "amount"))
    if ids is None or amounts is None or len(set(ids)) == len(ids):
        return ()
    for header, shape, cells in zip(file.headers, file.shapes, file.cells, strict=True):
        if shape is None or cells is None or shape.distinct < _TWICE or not says_what_a_row_is(header, shape):
            continue
        sums: dict[str, dict[str, Decimal]] = {}
        for order, kind, amount in zip(ids, cells, amounts, strict=True):
            if order and _PLAIN_SUM.fullmatch(amount):
                of_kind = sums.setdefault(kind, {})
                of_kind[order] = of_kind.get(order, Decimal(0)) + Decimal(amount)
        fullest = max(sums, key=lambda kind: (_said_by(file, cells, kind), kind), default="")
        same = [kind for kind in sums if kind and _come_to_the_same(sums[fullest], sums[kind])]
        if len(same) >= _TWICE:
            told = f"{mask_text(header)[0]}: {' and '.join(same)} each come to the same sums of all orders"
            return (NoSales(header, told, _keep(file, header, fullest), twice=True),)
    return ()


def _come_to_the_same(one: Mapping[str, Decimal], other: Mapping[str, Decimal]) -> bool:
    equal = sum(other.get(order) == amount for order, amount in one.items())
    return equal >= _ORDERS and equal >= _MOST_OF * max(len(one), len(other))


def _cells(settled: Settled, file: File, given: Mapping[str, tuple[int, ...]], ours: str) -> Sequence[str] | None:
    """The cells of a column of ours; where it is asked which, of the first that it may be."""
    asked = settled.questions.get(ours)
    found = settled.found[ours].places if ours in settled.found else asked.places[:1] if asked else ()
    places = given.get(ours) or found
    return file.cells[places[0]] if len(places) == 1 and places[0] >= 0 else None


def _said_by(file: File, kinds: Sequence[str], kind: str) -> float:
    """How many cells a row of a kind has on average."""
    rows = [row for row, one in enumerate(kinds) if one == kind]
    return sum(bool(column[row]) for column in file.cells if column for row in rows) / len(rows)


def _keep(file: File, header: str, word: str) -> str:
    """The condition that keeps the rows of one word."""
    return keep_others(file, header, (word,)).replace("!=", "=", 1)

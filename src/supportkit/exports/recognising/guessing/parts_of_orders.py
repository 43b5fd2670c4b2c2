"""Parts of orders that have amounts of their own: an order goes in several parcels, and each says on all its lines what
it comes to. Such an amount is that of the part, which is the order then, and not that of each line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from supportkit.exports.recognising.guessing.known_names import named
from supportkit.exports.recognising.guessing.settled import File, Found, Question, Settled
from supportkit.exports.recognising.guessing.whose_amounts import whose_amount

_FEWEST: Final = 2
"""Orders of several parts at least, before that is no chance."""


def take_parts_for_orders(settled: Settled, file: File) -> None:
    """Take the part of an order for the order where its lines come to the amount that each of them has; ask where
    nothing in the file tells whether that is the part's."""
    orders, amount = settled.found.get("order_id"), settled.found.get("amount")
    if orders is None or amount is None or len(orders.places) != 1 or len(amount.places) != 1:
        return
    part = _part(settled, file, orders.places[0], amount.places[0])
    if part is None:
        return
    header = file.headers[part]
    told = whose_amount(settled, file, (part,), amount.places, settled.found.get("price"))
    if told is None or told.whose == "line":
        return
    why = f"{amount.text} is the same on all lines of one {header}, of which one {orders.text} has several"
    if told.whose == "order":
        settled.found["order_id"] = Found("order_id", header, f"{why}: {told.why}", "likely", (part,))
    else:
        del settled.found["order_id"]
        readings = (header, orders.text)
        settled.questions["order_id"] = Question("order_id", readings, why, places=(part, *orders.places))


def _part(settled: Settled, file: File, orders: int, amount: int) -> int | None:
    """The column of parts, each of one order, on whose lines the amount is the same, though not on all of its order:
    that by its name, else that of the fewest parts."""
    ids, amounts = file.cells[orders], file.cells[amount]
    if ids is None or amounts is None or _is_one_of_each(ids, amounts):
        return None
    used = {place for one in settled.found.values() for place in one.places}
    found: list[tuple[bool, int, int]] = []
    for place, (header, shape) in enumerate(zip(file.headers, file.shapes, strict=True)):
        cells = file.cells[place]
        if place in used or cells is None or shape is None or shape.filled < 1 or shape.times >= 0.5:
            continue
        if shape.unique or (shape.low is not None and shape.whole < 1) or not _are_ids(cells):
            continue
        several = len(set(cells)) - len(set(ids))
        if several >= _FEWEST and _is_one_of_each(cells, ids) and _is_one_of_each(cells, amounts):
            found.append((named(header, "orders", "order_id") is None, len(set(cells)), place))
    return min(found)[2] if found else None


def _is_one_of_each(keys: Sequence[str], values: Sequence[str]) -> bool:
    """Whether each key has one value on all its rows."""
    return len(set(zip(keys, values, strict=True))) == len(set(keys))


def _are_ids(cells: Sequence[str]) -> bool:
    return all(any(char.isdigit() for char in cell) for cell in cells)

"""Rows of one order that are what it went through, and no lines of it: each has a state of its own, and all its sum."""

from __future__ import annotations

from typing import Final

from supportkit.exports.recognising.guessing.settled import File, Settled

_GOODS: Final = frozenset(("sku", "product", "quantity", "line"))
_FEWEST: Final = 3
"""Orders of several states at least, before that is no chance."""


def is_history(settled: Settled, file: File) -> bool:
    """Whether what is taken for lines of orders are their states, one after the other: nothing says what was sold, the
    states of an order differ, and its sum stands in each row."""
    states, ids = settled.doubtful.get("status"), settled.found.get("order_id")
    sums_are_of_orders = "price" in settled.found
    if settled.table.name != "orders" or states is None or ids is None or not sums_are_of_orders:
        return False
    if _GOODS & settled.found.keys() or len(states.readings) > 1 or len(ids.places) != 1:
        return False
    cells, words = file.cells[ids.places[0]], file.cells[file.headers.index(states.readings[0])]
    of_order: dict[str, list[str]] = {}
    for order, word in zip(cells or (), words or (), strict=True):
        of_order.setdefault(order, []).append(word)
    several = [each for each in of_order.values() if len(each) > 1]
    return len(several) >= _FEWEST and all(len(set(each)) == len(each) for each in several)

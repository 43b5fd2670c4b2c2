"""Rows of an export of orders that give back what another row of the same number sold."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from supportkit.exports.meanings.vocabulary import vocabulary
from supportkit.exports.meanings.word_meaning import judge
from supportkit.exports.recognising.guessing.settled import File, Settled

_DAY: Final = len("2026-01-02")


def rows_given_back(settled: Settled, file: File) -> set[int]:
    """The rows, from 0, whose state says that something was given back."""
    found = settled.found.get("status")
    cells = file.cells[found.places[0]] if found is not None and len(found.places) == 1 else None
    back = _words_for_it(cells or ())
    return {row for row, cell in enumerate(cells or ()) if cell in back}


def are_given_back_later(settled: Settled, file: File, ids: Sequence[str], states: Sequence[str]) -> bool:
    """Whether states of one order differ where a row gives it back on another day than it was sold on, and nowhere
    else: a load puts such a row to its order."""
    when = settled.found.get("ordered_at")
    days = file.cells[when.places[0]] if when is not None and len(when.places) == 1 else None
    if days is None:
        return False
    back = _words_for_it(states)
    sold: dict[str, set[tuple[str, str]]] = {}
    given_back: dict[str, set[str]] = {}
    for order, state, day in zip(ids, states, days, strict=True):
        if state in back:
            given_back.setdefault(order, set()).add(day[:_DAY])
        elif state:
            sold.setdefault(order, set()).add((state, day[:_DAY]))
    if any(len({state for state, _ in rows}) > 1 for rows in sold.values()):
        return False
    return all(day not in given_back.get(order, ()) for order, rows in sold.items() for _, day in rows)


def _words_for_it(states: Sequence[str]) -> set[str]:
    known = vocabulary("orders_status")
    return {state for state in set(states) if judge(state, known).value in ("refunded", "partly refunded")}

"""Steps that stand beside one another, a column each with the time of it, in a row for each person or session."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from supportkit.exports.recognising.guessing.column_shapes import instant_in_utc, is_nothing
from supportkit.exports.recognising.guessing.known_names import named
from supportkit.exports.recognising.guessing.settled import File, Found, Settled
from supportkit.exports.recognising.stepped import STEPS, steps_as_text

_FEWEST: Final = 3
"""Columns of times at least, before they are the steps of a way."""
_TIMES: Final = 0.8
_ORDERLY: Final = 0.9
"""Rows in which a later step has an earlier one before it."""
_MADE: Final = ("step", "occurred_at")


def find_steps(events: Settled, file: File, given: Mapping[str, tuple[int, ...]]) -> bool:
    """Whether columns are steps one after the other, of which fewer people have each: then they are found as such."""
    if events.found.keys() & {"step"} or given.keys() & {*_MADE}:
        return False
    places = _of_times(file)
    if len(places) < _FEWEST or not _is_a_way([file.cells[place] or () for place in places]):
        return False
    for ours in _MADE:
        events.found.pop(ours, None)
        events.questions.pop(ours, None)
        events.doubtful.pop(ours, None)
    text = steps_as_text([file.headers[place] for place in places])
    events.found[STEPS] = Found(STEPS, text, "a column for each step, with its time", "likely", tuple(places))
    return True


def _of_times(file: File) -> list[int]:
    return [
        place
        for place, shape in enumerate(file.shapes)
        if shape is not None and shape.filled and shape.times >= _TIMES
        if not named(file.headers[place], "tickets", "updated_at")
    ]


def _is_a_way(columns: Sequence[Sequence[str]]) -> bool:
    """Whether rows end at one step or another, and each step of one comes behind those before it."""
    filled = [[bool(cell) and not is_nothing(cell) for cell in column] for column in columns]
    if sum(filled[-1]) >= sum(filled[0]) or not sum(filled[-1]):
        return False
    for place in range(len(columns) - 1):
        later = [row for row, there in enumerate(filled[place + 1]) if there]
        behind = [row for row in later if filled[place][row]]
        if not later or len(behind) < _ORDERLY * len(later):
            return False
        pairs = [(instant_in_utc(columns[place][row]), instant_in_utc(columns[place + 1][row])) for row in behind]
        known = [(one, other) for one, other in pairs if one is not None and other is not None]
        if sum(one <= other for one, other in known) < _ORDERLY * len(known):
            return False
    return True

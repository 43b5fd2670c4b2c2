"""What a customer wrote, where no column is named as it: the one column of sentences in a file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from supportkit.exports.masking.names_of_people import is_of_people
from supportkit.exports.recognising.guessing.column_shapes import Shape
from supportkit.exports.recognising.guessing.known_names import is_answer, is_question
from supportkit.exports.recognising.guessing.settled import File, Found, Settled

_WRITTEN: Final = {"tickets": ("body", "subject"), "messages": ("text",), "surveys": ("comment",)}
_SENTENCE: Final = 4.0
"""Words of a text on average: names of things have fewer."""
_OFTEN: Final = 0.5
"""Texts of fewer kinds for their cells are answers to choose from, or names of things."""
_FEWEST: Final = 4
_ROWS: Final = 5


def find_the_text(settled: Settled, file: File, given: Mapping[str, tuple[int, ...]]) -> None:
    """Add what a customer wrote from the only column of sentences; of an answer, from one whose header is a question
    first."""
    ours = _WRITTEN.get(settled.table.name, ())
    if not ours or any(one in settled.found or one in settled.doubtful or one in given for one in ours):
        return
    used = {place for one in settled.found.values() for place in one.places}
    used |= {place for one in settled.questions.values() for place in one.places}
    used |= {place for places in given.values() for place in places}
    free = [place for place, shape in enumerate(file.shapes) if place not in used and _is_text(file, place, shape)]
    asked = [place for place in free if is_question(file.headers[place])]
    places = asked if settled.table.name == "surveys" and asked else free
    if len(places) == 1:
        header = file.headers[places[0]]
        settled.found[ours[0]] = Found(ours[0], header, "the only column of sentences", "likely", (places[0],))


def _is_text(file: File, place: int, shape: Shape | None) -> bool:
    if shape is None or shape.times >= 0.5 or shape.emails >= 0.5 or shape.numbers >= 0.5:
        return False
    header, filled = file.headers[place], shape.filled * shape.rows
    often = 0.0 if is_question(header) else _OFTEN
    enough = filled >= _ROWS and shape.distinct >= max(_FEWEST, often * filled)
    return enough and shape.words >= _SENTENCE and not is_answer(header) and not is_of_people(header)

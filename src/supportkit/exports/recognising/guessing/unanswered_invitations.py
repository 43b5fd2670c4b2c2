"""When somebody was asked, in rows of answers of which some were never given."""

from __future__ import annotations

from typing import Final

from supportkit.exports.meanings.words import tokens
from supportkit.exports.recognising.guessing.known_names import named
from supportkit.exports.recognising.guessing.settled import File, Found, Settled

_FULL: Final = 0.9
_ALIKE: Final = 0.02


def is_of_an_invitation(settled: Settled) -> bool:
    """Whether what is taken for the id of a ticket is that of what was sent out: `request_id` beside
    `request_sent_at`."""
    ids, invited = (settled.found.get(ours) for ours in ("ticket_id", "invited_at"))
    return ids is not None and invited is not None and tokens(ids.text)[:1] == tokens(invited.text)[:1]


def take_the_making_for_the_invitation(settled: Settled, file: File) -> None:
    """Take for the invitation when a row was made, where it was before any answer: rows without one are there too."""
    score, answered_at = (file.shape_of(settled.found.get(ours)) for ours in ("score", "responded_at"))
    if score is None or answered_at is None or "invited_at" in settled.found or answered_at.filled >= _FULL:
        return
    if abs(score.filled - answered_at.filled) > _ALIKE:
        return
    used = {place for one in settled.found.values() for place in one.places}
    for place, (header, shape) in enumerate(zip(file.headers, file.shapes, strict=True)):
        made = named(header, "tickets", "created_at")
        if place not in used and shape is not None and made is not None and min(shape.times, shape.filled) >= _FULL:
            why = "each row has it, and those alone have an answer that have a time of one"
            settled.found["invited_at"] = Found("invited_at", header, why, "likely", (place,))
            return

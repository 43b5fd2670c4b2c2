"""What became of a call, where a log of calls has it in a column of states: `Answered` waits for nobody."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from typing import Final

from supportkit.exports.meanings.words import key
from supportkit.exports.recognising.guessing.known_names import parts, says_direction
from supportkit.exports.recognising.guessing.settled import File, Question, Settled

_VALUES: Final[Mapping[str, str]] = {"answered": "closed", "missed": "open"}


def leave_out_states_of_calls(settled: Settled, file: File) -> None:
    """Leave out of the states what became of a call, which is no state of a ticket: `Answered` waits for nobody."""
    found = settled.found.get("status")
    shape = file.shape_of(found)
    if found is None or shape is None or not any(map(says_direction, file.headers)):
        return
    ended = {word: value for word in shape.example for value in _VALUES if key(word) in parts()[f"call_{value}"]}
    if ended:
        del settled.found["status"]
        said = " ".join(f"--value {shlex.quote(f'status:{word}={_VALUES[value]}')}" for word, value in ended.items())
        why = f"{' and '.join(ended)} is what became of a call, and no state of a ticket, before {said} says of which"
        settled.doubtful["status"] = Question("status", (found.text,), why)

"""The words for states that nobody knows, told with the guess: so that they are said in the command that loads the
file, and not in one after it."""

from __future__ import annotations

import shlex
from typing import Final

from supportkit.exports.masking import mask_text
from supportkit.exports.meanings.vocabulary import vocabulary
from supportkit.exports.meanings.word_meaning import judge
from supportkit.exports.meanings.words import key
from supportkit.exports.recognising.guessing.guess import Guess
from supportkit.exports.recognising.guessing.settled import File
from supportkit.exports.recognising.load_options import LoadOptions
from supportkit.store.unknown_words import shown_word

_VOCABULARIES: Final = {"tickets": "tickets_status", "orders": "orders_status"}
_MOST: Final = 20


def unknown_states(file: File, found: Guess, options: LoadOptions) -> list[str]:
    """A line for each unknown word of the column of states, in the first rows, with what to paste; and what it may
    mean."""
    places = next((one.places for one in found.columns if one.ours == "status"), ())
    shape = file.shapes[places[0]] if len(places) == 1 else None
    if shape is None or found.table not in _VOCABULARIES:
        return []
    known = vocabulary(_VOCABULARIES[found.table])
    said = {key(word) for words in (*options.values.values(), dict(found.values)) for word in words}
    unknown = [word for word in shape.example if judge(word, known).value is None and key(word) not in said]
    shown = [shown_word(mask_text(word)[0]) for word in unknown[:_MOST]]
    lines = [f"unknown status {word}: --value {shlex.quote(f'status:{word}=MEANING')}" for word in shown]
    return [*lines, f"MEANING is {', '.join(known.meanings)}"] if lines else []

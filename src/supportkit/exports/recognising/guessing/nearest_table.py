"""The table that a file is nearest to, where nothing says which it is: what of it is there, and what is missing."""

from __future__ import annotations

from dataclasses import replace

from supportkit.exports.masking import mask_text
from supportkit.exports.recognising.guessing.guess import Guess
from supportkit.exports.recognising.guessing.instants import INSTANTS
from supportkit.exports.recognising.guessing.making import A_DAY
from supportkit.exports.recognising.guessing.of_file import asked, guess_of
from supportkit.exports.recognising.guessing.settled import File
from supportkit.exports.recognising.load_options import LoadOptions


def nearest(file: File, options: LoadOptions) -> Guess | None:
    """The guess about a file as the table of which the most is there that a row needs, then the most of the rest; None
    where it has neither a time nor what can stand in for one, or the person says which table it is."""
    found: list[tuple[tuple[int, int], Guess]] = []
    for name, instant in INSTANTS.items() if options.table is None else ():
        one = guess_of(file, replace(options, table=name))
        asked_of = {question.ours: question for question in one.questions} if one else {}
        if one is not None and (instant not in asked_of or asked_of[instant].readings != (A_DAY,)):
            found.append(((sum(question.stands_in for question in one.questions), -len(one.columns)), one))
    return min(found, key=lambda pair: pair[0])[1] if found else None


def nearest_told(one: Guess) -> list[str]:
    """What is there of a table and what is missing, in words, a line each."""
    there = ", ".join(f"{ours}={mask_text(text)[0]}" for ours, text in one.map.items())
    if not one.questions:
        return [f"it is nearest to {one.table}, of which nothing is missing and nothing tells it: {there}"]
    first = f"it is nearest to {one.table}: {there}" if there else f"it is nearest to {one.table}"
    return [first, *map(asked, one.questions)]

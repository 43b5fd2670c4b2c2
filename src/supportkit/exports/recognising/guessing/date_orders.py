"""Days of which the first rows do not tell day and month apart: the person says which comes first in the same command
as what else is asked, and not in one after it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from supportkit.exports.recognising.guessing.guess import Guess
from supportkit.exports.recognising.guessing.settled import File
from supportkit.exports.value_formats.date_formats import AmbiguousDatesError, choose_date_order, date_shapes
from supportkit.system.named import NamedTuple


class DateOrders(NamedTuple):
    """What is to be said of columns of times, a text each, and the words that say it: `--dates dmy`."""

    told: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()


def either_order(found: Guess, file: File) -> DateOrders:
    """What is to be said of the columns of times of a guess that may be read in two orders of day and month; of those
    that it asks about, too."""
    from supportkit.system.duckdb_engine import duckdb

    told: dict[str, None] = {}
    choices: dict[str, None] = {}
    with duckdb.connect(config={"threads": 1}) as connection:
        for ours, places in _times(found, file):
            cells: dict[str, object] = {"cells": [cell for cell in file.joined(places) if cell]}
            try:
                found_shapes = date_shapes(connection, "select unnest(cast($cells as varchar[]))", cells)
                choose_date_order(ours, found_shapes, zone=file.zone)
            except AmbiguousDatesError as error:
                told[f"{error.message} in the first rows; where the others do not tell, {error.hint}"] = None
                choices |= dict.fromkeys(re.findall(r"--dates \w+", error.hint))
    return DateOrders(tuple(told), tuple(choices))


def _times(found: Guess, file: File) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Our columns of times, each with the columns of the file that it is made from, or may be."""
    for one in found.columns:
        if one.ours.endswith("_at") and one.places:
            yield one.ours, one.places
    for question in found.questions:
        if question.ours.endswith("_at"):
            joined = len(set(question.readings)) < len(question.places)
            named = [place for place, header in enumerate(file.headers) if header in question.readings]
            many = [question.places] if joined else [(place,) for place in question.places or named]
            yield from ((question.ours, places) for places in many)

"""Days of which the first rows do not tell day and month apart: the person says which comes first in the same command
as what else is asked, and not in one after it."""

from __future__ import annotations

from supportkit.exports.recognising.guessing.guess import Guess
from supportkit.exports.recognising.guessing.settling import File
from supportkit.exports.value_formats.date_formats import AmbiguousDatesError, choose_date_order, date_shapes


def either_order(found: Guess, file: File) -> tuple[str, ...]:
    """What is to be said of the columns of times of a guess that may be read in two orders of day and month."""
    from supportkit.system.duckdb_engine import duckdb

    told = []
    with duckdb.connect(config={"threads": 1}) as connection:
        for one in found.columns:
            if not one.ours.endswith("_at") or not one.places:
                continue
            cells: dict[str, object] = {"cells": [cell for cell in file.joined(one.places) if cell]}
            try:
                found_shapes = date_shapes(connection, "select unnest(cast($cells as varchar[]))", cells)
                choose_date_order(one.ours, found_shapes, zone=file.zone)
            except AmbiguousDatesError as error:
                told.append(f"{error.message} in the first rows; where the others do not tell, {error.hint}")
    return tuple(told)

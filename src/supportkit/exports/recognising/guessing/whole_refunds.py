"""Orders that were given back whole, of which a flag says so and the column of refunds does not: their amount is added
to what came back of others."""

from __future__ import annotations

from collections.abc import Mapping

from supportkit.exports.meanings.vocabulary import vocabulary
from supportkit.exports.meanings.word_meaning import judge
from supportkit.exports.recognising.guessing.column_shapes import is_above_nought
from supportkit.exports.recognising.guessing.no_sales import asked_of_a_row
from supportkit.exports.recognising.guessing.settled import File, Settled, in_sum


def add_whole_refunds(settled: Settled, file: File, given: Mapping[str, tuple[int, ...]]) -> None:
    """Add to what came back the amount of each order whose flag says that it was given back whole; where it is asked
    which the amount is, each reading says its own."""
    back, asked = settled.found.get("refunded"), settled.questions.get("amount")
    if back is None or len(back.places) != 1 or back.text not in file.headers:
        return
    flag = _flag(file, back.places[0])
    if flag is None:
        return
    begin = f"{in_sum(back.text)}+{in_sum(file.headers[flag])}*"
    found = settled.found.get("amount")
    places = given.get("amount") or (found.places if found else ())
    if asked is None and len(places) == 1:
        text = file.headers[places[0]]
        why = f"{back.why}; and the whole {text} where {file.headers[flag]} is 1"
        settled.found["refunded"] = back._replace(
            text=begin + in_sum(text), why=why, places=(*back.places, flag, *places)
        )
    elif asked is not None and all(text in file.headers for text in asked.readings):
        del settled.found["refunded"]
        more = tuple(f"refunded={begin}{in_sum(text)}" for text in asked.readings)
        settled.questions["amount"] = asked._replace(and_also=more)


def _flag(file: File, back: int) -> int | None:
    """The column of 1 and 0 that says of rows without a refund that all of them was given back."""
    known, amounts = vocabulary("orders_status"), file.cells[back] or ()
    if not all(amounts):
        return None
    for place, (header, shape) in enumerate(zip(file.headers, file.shapes, strict=True)):
        cells = file.cells[place]
        if cells is None or shape is None or (shape.low, shape.high, shape.distinct, shape.filled) != (0, 1, 2, 1):
            continue
        of_flag = [amount for cell, amount in zip(cells, amounts, strict=True) if cell == "1"]
        says_so = judge(asked_of_a_row(header), known).value == "refunded"
        if says_so and of_flag and not any(map(is_above_nought, of_flag)):
            return place
    return None

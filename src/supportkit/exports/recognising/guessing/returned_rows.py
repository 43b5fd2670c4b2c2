"""Refunds that stand in rows of their own, which a column of types tells and no sign: `credit` beside `sale`, with an
amount above zero and the number of the order that was sold. The type is the state then, and makes refunds of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from supportkit.exports.meanings.vocabulary import vocabulary
from supportkit.exports.meanings.word_meaning import judge
from supportkit.exports.recognising.guessing.known_names import named
from supportkit.exports.recognising.guessing.no_sales import BACK, rows_that_give_back, says_what_a_row_is
from supportkit.exports.recognising.guessing.second_thoughts import leave_out_what_lines_disagree_on
from supportkit.exports.recognising.guessing.settled import File, Found, Question, Settled

_DAY: Final = len("2026-01-02")


def take_types_for_states(settled: Settled, file: File, given: Mapping[str, tuple[int, ...]]) -> None:
    """Take the column of types for that of states where some rows give back what others of their number sold on an
    earlier day; the states that were there leave rows out."""
    if settled.table.name != "orders" or "status" in given or not _is_of_one_sign(settled, file, given):
        return
    found = _of_rows_back(file)
    order = _order(settled, file, given, found[2]) if found else None
    if found is None or order is None:
        return
    place, words, rows = found
    header = file.headers[place]
    states = settled.found.get("status")
    if states is not None and states.places != (place,):
        why = f"{header} says which rows give back what others sold"
        settled.doubtful["status"] = Question("status", (states.text,), why)
    why = f"{' or '.join(words)} gives back, in {len(rows):,} rows, what another row of its number sold"
    settled.found["status"] = Found("status", header, why, "likely", (place,))
    settled.questions.pop("status", None)
    known = vocabulary("orders_status")
    settled.values = {word: "refunded" for word in words if judge(word, known).value not in BACK}
    if "order_id" not in given:
        settled.questions.pop("order_id", None)
        text = file.headers[order]
        settled.found["order_id"] = Found(
            "order_id", text, "refunds have the number of what was sold", "likely", (order,)
        )
    leave_out_what_lines_disagree_on(settled, file, given, but=("status",))


def _of_rows_back(file: File) -> tuple[int, tuple[str, ...], list[int]] | None:
    """The column of types, its words for refunds, and the rows that have them."""
    known = vocabulary("orders_status")
    for place, (header, shape) in enumerate(zip(file.headers, file.shapes, strict=True)):
        cells = file.cells[place]
        if shape is None or cells is None or shape.filled < 1 or not says_what_a_row_is(header, shape):
            continue
        if words := rows_that_give_back(shape.example, known):
            return place, words, [row for row, cell in enumerate(cells) if cell in words]
    return None


def _is_of_one_sign(settled: Settled, file: File, given: Mapping[str, tuple[int, ...]]) -> bool:
    """Whether there is one column of amounts, and none of them is below zero."""
    found = settled.found.get("amount")
    places = given.get("amount") or (found.places if found else ())
    shape = file.shapes[places[0]] if len(places) == 1 else None
    return shape is not None and shape.low is not None and shape.low >= 0


def _order(settled: Settled, file: File, given: Mapping[str, tuple[int, ...]], rows: Sequence[int]) -> int | None:
    """The column in which rows that give back have the number of one that sold on an earlier day."""
    when = settled.found.get("ordered_at")
    places = given.get("ordered_at") or (when.places if when else ())
    times = file.cells[places[0]] if places else None
    said = given.get("order_id")
    back = set(rows)
    for place, header in enumerate(file.headers):
        cells = file.cells[place]
        if times is None or cells is None or (said and said != (place,)):
            continue
        if not said and named(header, "orders", "order_id") is None:
            continue
        sold = {(cell, times[row][:_DAY]) for row, cell in enumerate(cells) if row not in back}
        numbers = {number for number, _ in sold}
        if all(cells[row] in numbers and (cells[row], times[row][:_DAY]) not in sold for row in rows):
            return place
    return None

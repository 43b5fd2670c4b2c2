"""What speaks against a column that its name speaks for: it is often empty, it is another one in each row, or several
rows have it that can be but one. Then it is asked for, and not taken without a word."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from supportkit.exports.masking.names_of_people import is_of_people
from supportkit.exports.meanings.deciding_words import answered
from supportkit.exports.meanings.words import key
from supportkit.exports.recognising.guessing.column_shapes import Shape, is_nothing
from supportkit.exports.recognising.guessing.desk_addresses import leave_out_addresses_of_the_desk
from supportkit.exports.recognising.guessing.doubtful_steps import doubt_the_step, leave_out_what_several_users_have
from supportkit.exports.recognising.guessing.given_back import are_given_back_later
from supportkit.exports.recognising.guessing.known_names import named, parts, speaks_of_a_breach
from supportkit.exports.recognising.guessing.making import often_empty, stand_ins
from supportkit.exports.recognising.guessing.settled import RECORD, File, Found, Question, Settled, in_sum, required
from supportkit.exports.recognising.guessing.states_of_calls import leave_out_states_of_calls
from supportkit.exports.recognising.guessing.unanswered_invitations import (
    is_of_an_invitation,
    take_the_making_for_the_invitation,
)
from supportkit.exports.recognising.guessing.votes import vote
from supportkit.result import percent

_FULL: Final = 0.9
"""The share of rows from which on a column that a row must have is not often empty."""
_THREAD: Final = 1.5
"""Rows to an id from which on they are no tickets."""
_MOST: Final = 4
_FEWEST: Final = 10
"""Addresses at least, before each being another one is no chance."""
_WITH_CENTS: Final = frozenset(
    ("usd", "eur", "gbp", "chf", "cad", "aud", "nzd", "sgd", "sek", "nok", "dkk", "pln", "brl")
)
_TEN_OF_THEM: Final = 1_000
_OF_AN_ORDER: Final = ("customer_id", "status", "country", "channel", "payment_method")
_SELLERS: Final = 3
_MANY_ROWS: Final = 50
"""Rows from which on three customers are no chance."""
_COME_AGAIN: Final = 0.9
"""Customers to what they wrote or bought, of whom some came again."""


def doubt(settled: Settled, file: File, given: Mapping[str, tuple[int, ...]]) -> None:
    """Ask for what was found and cannot be taken without a word."""
    for ours in required(settled.table):
        if settled.table.name != "surveys":  # an answer that nobody gave is none
            _ask(settled, ours, _of_an_empty_one(settled, file, ours, given))
    if settled.table.name == "tickets":
        _say_what_yes_is_bad_of(settled, file)
        _ask(settled, "ticket_id", _of_entries(settled, file))
        _say_of_which_several_rows_are(settled, file)
        leave_out_states_of_calls(settled, file)
    if settled.table.name == "events":
        doubt_the_step(settled, file)
        leave_out_what_several_users_have(settled, file)
    if settled.table.name == "surveys":
        take_the_making_for_the_invitation(settled, file)
    _doubt_yes_and_no(settled, file)
    if settled.table.name == "surveys" and is_of_an_invitation(settled):
        del settled.found["ticket_id"]
    leave_out_addresses_of_the_desk(settled, file)
    if settled.table.name in ("tickets", "orders"):
        _ask(settled, "customer_id", _of_relays(settled, file, given))
    if settled.table.name == "orders":
        _leave_out_who_sells(settled, file)
        _ask(settled, "order_id", _of_row_numbers(settled, file, given))
        _ask(settled, "amount", _of_hundredths(settled, file))
        _ask(settled, "order_id", _of_attempts(settled, file, given))
        leave_out_what_lines_disagree_on(settled, file, given)


def _of_attempts(settled: Settled, file: File, given: Mapping[str, tuple[int, ...]]) -> Question | None:
    """The question whose id it is that rows of several states have: of the order, or of each attempt to pay for it,
    where the rows have an id of their own."""
    found, status = settled.found.get("order_id"), settled.found.get("status")
    if settled.two_sided or found is None or status is None or len(found.places) != 1 or len(status.places) != 1:
        return None
    ids, states = file.cells[found.places[0]], file.cells[status.places[0]]
    if ids is None or states is None or are_given_back_later(settled, file, ids, states):
        return None
    if not _lines_disagree(ids, states):
        return None
    taken = {*found.places, *(place for places in given.values() for place in places)}
    own = [
        file.headers[place]
        for place, shape in enumerate(file.shapes)
        if place not in taken and shape is not None and shape.unique and shape.filled >= _FULL
        if named(file.headers[place], "orders", "order_id")
    ]
    why = f"rows of one {found.text} have several states: they may be attempts to pay, each with an id of its own"
    return Question("order_id", (*own, found.text), why) if own else None


def leave_out_what_lines_disagree_on(
    settled: Settled, file: File, given: Mapping[str, tuple[int, ...]], *, but: Sequence[str] = ()
) -> None:
    """Leave out what is an order's where lines of one order have several: they would be refused for it."""
    orders = given.get("order_id") or (settled.found["order_id"].places if "order_id" in settled.found else ())
    ids = file.cells[orders[0]] if len(orders) == 1 else None
    for ours in _OF_AN_ORDER:
        found = settled.found.get(ours)
        cells = file.cells[found.places[0]] if found is not None and len(found.places) == 1 else None
        if found is None or ids is None or cells is None or ours in but:
            continue
        if _lines_disagree(ids, cells):
            if ours == "status" and (settled.two_sided or are_given_back_later(settled, file, ids, cells)):
                continue
            del settled.found[ours]
            settled.doubtful[ours] = Question(ours, (found.text,), "lines of one order have several")


def _lines_disagree(ids: Sequence[str], cells: Sequence[str]) -> bool:
    """Whether rows of one id have several values."""
    first: dict[str, str] = {}
    return any(id_ and cell and first.setdefault(id_, cell) != cell for id_, cell in zip(ids, cells, strict=True))


def _say_what_yes_is_bad_of(settled: Settled, file: File) -> None:
    """Say it of whether a promise was broken that its yes is bad; how often one was is left out."""
    for ours in ("sla_resolution", "sla_first_reply"):
        found = settled.found.get(ours)
        shape = file.shape_of(found)
        if found is None or shape is None or not speaks_of_a_breach(found.text):
            continue
        if shape.high is not None and shape.high > 1:
            del settled.found[ours]
            settled.doubtful[ours] = Question(ours, (found.text,), "it counts how often the promise was broken")
        elif shape.low is not None or all(answered(word).value for word in shape.example):
            settled.found[ours] = found._replace(why=f"{found.why}; yes says that the promise was broken")


def _leave_out_who_sells(settled: Settled, file: File) -> None:
    """Leave out an address that is hardly a customer's: a few have all the orders, as tills and clerks have."""
    found = settled.found.get("customer_id")
    shape = file.shape_of(found)
    if found is None or shape is None or shape.emails < _FULL or shape.rows < _MANY_ROWS or shape.distinct > _SELLERS:
        return
    del settled.found["customer_id"]
    why = f"{shape.distinct:,} values in {shape.rows:,} rows, as those who sell have"
    settled.doubtful["customer_id"] = Question("customer_id", (found.text,), why)


def _doubt_yes_and_no(settled: Settled, file: File) -> None:
    """Ask for a score of which there is only yes and no, or 1 and 0: that is no score before somebody says of what.
    Yes and no of a ticket's satisfaction are good and bad; 1 and 0 are left out."""
    ours = "score" if settled.table.name == "surveys" else "satisfaction"
    found = settled.found.get(ours)
    shape = file.shape_of(found)
    if found is None or shape is None or shape.distinct > 2 or not all(answered(one).value for one in shape.example):
        return
    if ours == "satisfaction":
        if shape.low == 0 and shape.high == 1:
            del settled.found[ours]
            settled.doubtful[ours] = Question(ours, (found.text,), "1 and 0 are no score")
        return
    said = " ".join(f"--value score:{word}=SCORE" for word in sorted(shape.example))
    why = f"yes and no are no score until {said} says of what it is"
    _ask(settled, ours, Question(ours, (found.text,), why))


def is_of_entries(settled: Settled, file: File) -> bool:
    """Whether several rows have the id of one ticket, with nothing that says which of them is the latest."""
    ids = file.shape_of(settled.found.get("ticket_id"))
    return ids is not None and "updated_at" not in settled.found and _THREAD * ids.distinct < ids.filled * ids.rows


def _say_of_which_several_rows_are(settled: Settled, file: File) -> None:
    """Say it of the ids among which one is asked for, that several rows have one: of a call that was put through, the
    id of each part and that of the whole."""
    asked = settled.questions.get("ticket_id")
    if asked is None or asked.stands_in or len(asked.places) < 2 or "is kept" in asked.why:
        return
    shapes = [file.shapes[place] for place in asked.places]
    several = [
        file.headers[p] for p, one in zip(asked.places, shapes, strict=True) if one is not None and not one.unique
    ]
    if several and len(several) < len(shapes):
        why = f"{asked.why}; of the rows of one {several[0]} the last is kept"
        settled.questions["ticket_id"] = asked._replace(why=why)


def _ask(settled: Settled, ours: str, question: Question | None) -> None:
    if question is not None:
        settled.found.pop(ours, None)
        settled.questions[ours] = question


def _of_an_empty_one(settled: Settled, file: File, ours: str, given: Mapping[str, tuple[int, ...]]) -> Question | None:
    """The question whether a column is meant that is often empty, or another that is full: one that is named so, and
    else one that can stand in for who somebody is."""
    found = settled.found.get(ours)
    shape = file.shape_of(found)
    if found is None or shape is None or not 0 < shape.filled < _FULL:
        return None
    empty = _empty_share(settled, file, found, given)
    if empty <= 1 - _FULL:
        return None
    session = settled.found.get("session_id") if ours == "user_id" else None
    others = [*_others(settled, file, ours, lambda one: one.filled >= _FULL), *(session.places if session else ())]
    why = f"{percent(empty)} of the first rows have no {found.text}, and would be rejected"
    if not others and ours == "user_id":
        can_be = [header for header in stand_ins(settled, file, ours, given) if header != found.text]
        return Question(ours, (found.text, *can_be[:_MOST]), why) if can_be else None
    places = (*found.places, *others)
    return Question(ours, tuple(file.headers[place] for place in places), why, places=places) if others else None


def _empty_share(settled: Settled, file: File, found: Found, given: Mapping[str, tuple[int, ...]]) -> float:
    """The share of rows that have no value; what is an order's may stand in the first of its lines."""
    cells = file.cells[found.places[0]] or ()
    orders = given.get("order_id") or (settled.found["order_id"].places if "order_id" in settled.found else ())
    ids = file.cells[orders[0]] if len(orders) == 1 else None
    if ids is None or found.ours == "order_id":
        return sum(map(is_nothing, cells)) / len(cells)
    said = {order for order, cell in zip(ids, cells, strict=True) if not is_nothing(cell)}
    return sum(order not in said for order in ids) / len(ids)


def _of_entries(settled: Settled, file: File) -> Question | None:
    """The question whose id an id is that several rows have, though a ticket is kept but once."""
    found = settled.found.get("ticket_id")
    shape = file.shape_of(found)
    if found is None or shape is None or not is_of_entries(settled, file):
        return None
    others = _others(settled, file, "ticket_id", lambda one: one.unique and one.filled >= _FULL)
    readings = (found.text, *(file.headers[place] for place in others), RECORD)
    why = f"{shape.distinct:,} values in {shape.rows:,} rows, and of the rows of one the last is kept"
    return Question("ticket_id", readings, why, places=(*found.places, *others, -1))


def _of_row_numbers(settled: Settled, file: File, given: Mapping[str, tuple[int, ...]]) -> Question | None:
    """The question whose id it is that only counts the rows of its file: those of the next file have the same ones."""
    found = settled.found.get("order_id")
    shape = file.shape_of(found)
    if found is None or shape is None or key(found.text) not in parts()["counter"]:
        return None
    if not shape.unique or shape.low != 1 or shape.high != shape.rows:
        return None
    others = [header for header in stand_ins(settled, file, "order_id", given) if header != found.text]
    why = f"{found.text} counts the rows, and the next file has the same numbers; what can stand in"
    if empty := often_empty(settled, file, "order_id"):  # fees and transfers between orders have none
        others = [empty.readings[0], *(header for header in others if header != empty.readings[0])]
    return Question("order_id", (*others, found.text), why, stands_in=True)


def _of_hundredths(settled: Settled, file: File) -> Question | None:
    """The question whether amounts are in cents: whole numbers alone, of money that has cents, and few of them even."""
    found = settled.found.get("amount")
    shape = file.shape_of(found)
    currency = file.shape_of(settled.found.get("currency"))
    if found is None or shape is None or currency is None or shape.whole < 1 or (shape.low or 0) < 1:
        return None
    if (shape.high or 0) < _TEN_OF_THEM:
        return None
    if not {word.casefold() for word in currency.example} <= _WITH_CENTS or shape.distinct < _FEWEST:
        return None
    uneven = [word for word in shape.example if not word.endswith("00")]
    if 2 * len(uneven) < len(shape.example) or any("." in word for word in shape.example):
        return None
    readings = (found.text, f"{in_sum(found.text)}/100")
    also: tuple[str, ...] = ()
    if back := settled.found.pop("refunded", None):
        also = (f"refunded={back.text}", f"refunded={in_sum(back.text)}/100")
    return Question("amount", readings, "whole numbers alone: they may be cents", also=also)


def refunds_in_hundredths(settled: Settled) -> None:
    """What came back is in cents where it is said that the amount is."""
    back = settled.found.get("refunded")
    if back is not None and not back.text.endswith("/100"):
        settled.found["refunded"] = back._replace(
            text=f"{in_sum(back.text)}/100", why=f"{back.why}; in cents as the amount"
        )


def _of_relays(settled: Settled, file: File, given: Mapping[str, tuple[int, ...]]) -> Question | None:
    """The question whether an address is the customer's that is another one each time, as marketplaces make them up,
    where other columns for customers have some of them again."""
    found = settled.found.get("customer_id")
    shape = file.shape_of(found)
    if found is None or shape is None or shape.emails < _FULL:
        return None
    orders = given.get("order_id") or (settled.found["order_id"].places if "order_id" in settled.found else ())
    of = file.shapes[orders[0]] if len(orders) == 1 else None
    times = of.distinct if of else shape.filled * shape.rows
    if times < _FEWEST or shape.distinct < times:
        return None
    again = _others(
        settled, file, "customer_id", lambda one: one.filled >= _FULL and one.distinct < _COME_AGAIN * times
    )
    if not again:
        return None
    places = (*found.places, *again)
    why = f"each {found.text} is there once, and other columns have customers who come again"
    return Question("customer_id", tuple(file.headers[place] for place in places), why, places=places)


def _others(settled: Settled, file: File, ours: str, fits: Callable[[Shape], bool]) -> list[int]:
    """Where other columns are named as ours, of values that fit; those that were taken for another one are not."""
    used = {place for one in settled.found.values() for place in one.places}
    field = next(one for one in settled.table.readable if one.name == ours)
    found = []
    for place, (header, shape) in enumerate(zip(file.headers, file.shapes, strict=True)):
        if place in used or shape is None or is_of_people(header) or not fits(shape):
            continue
        name = named(header, settled.table.name, ours)
        if name is not None and vote(settled.table.name, field, shape, name.tier) is not None:
            found.append(place)
    return found

"""What no column of the file says alone: an amount from quantity and price, an instant from its parts, what kind of
survey it is; and what can stand in for what is not there at all."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from supportkit.exports.masking import mask_text
from supportkit.exports.masking.names_of_people import is_of_people
from supportkit.exports.meanings.vocabulary import vocabulary
from supportkit.exports.meanings.words import key, tokens
from supportkit.exports.recognising.guessing.column_shapes import WIRE, Shape
from supportkit.exports.recognising.guessing.currency_said import find_the_currency
from supportkit.exports.recognising.guessing.free_texts import find_the_text
from supportkit.exports.recognising.guessing.instants import INSTANTS, ask_whose_clock, put_together, times_of_two
from supportkit.exports.recognising.guessing.known_names import (
    kind_named,
    named,
    parts,
    says_duration,
    speaks_of_people,
    survey_kind,
)
from supportkit.exports.recognising.guessing.parts_of_orders import take_parts_for_orders
from supportkit.exports.recognising.guessing.score_scales import scale_asked
from supportkit.exports.recognising.guessing.settled import RECORD, File, Found, Question, Settled, in_sum, required
from supportkit.exports.recognising.guessing.two_sides import find_two_sides
from supportkit.exports.recognising.guessing.votes import vote
from supportkit.exports.recognising.guessing.whose_amounts import SAID, question_of, whose_amount
from supportkit.exports.value_formats.values import is_numeric
from supportkit.result import percent
from supportkit.store.schema import Field

A_DAY: Final = "'YYYY-MM-DD'"
"""What stands for a day that somebody is to say: as it stands it is none, and every row is refused."""
_MOST: Final = 8
"""Columns that are told where any may stand in."""
_FULL: Final = 0.9
_READ: Final = 0.8
"""The share of times from which on a column is one of times."""
_DAYS_END: Final = 100_000
"""From which on a number that may count time counts seconds since 1970, and is no sum of money."""
_SIDES: Final = 3
_KINDS: Final = ("nps", "csat", "ces")
_SCHOOL: Final = 7
"""The highest number of a scale that is no NPS."""


def make_from_several(settled: Settled, file: File, given: Mapping[str, tuple[int, ...]]) -> None:
    """Add what is made from several columns, or follows from the name of one."""
    instant = INSTANTS[settled.table.name]
    if instant not in given:
        put_together(settled, file, instant)
    if settled.table.name == "orders":
        find_two_sides(settled, file, given)
        if not {"order_id", "amount"} & given.keys():
            take_parts_for_orders(settled, file)
        orders = given.get("order_id") or (settled.found["order_id"].places if "order_id" in settled.found else ())
        if "amount" not in given:
            _amount(settled, file, orders)
        elif "price" not in given:
            _price_beside(settled, file, orders, given["amount"])
        find_the_currency(settled, file, given)
    if settled.table.name == "surveys":
        _scale(settled, file, given)
    if settled.table.name == "surveys" and "kind" not in given:
        _kind(settled, file, given)
    find_the_text(settled, file, given)
    if settled.table.name == "events" and "session_id" in settled.found and not {"user_id"} & {*settled.found, *given}:
        session = (settled.found["session_id"].text,)
        settled.questions.setdefault(
            "user_id", Question("user_id", session, "no column is named as one; what can stand in", True)
        )


def ask_for_the_missing(settled: Settled, file: File, given: Mapping[str, tuple[int, ...]]) -> None:
    """Add a question for each column that a row must have and nothing in the file is named as."""
    for ours in required(settled.table):
        if ours in settled.found or ours in settled.questions or ours in given:
            continue
        if ours == INSTANTS[settled.table.name] and ask_whose_clock(settled, file, ours):
            continue
        if ours == "kind" and "score" in settled.questions and settled.questions["score"].also:
            continue  # each reading of the score says it
        if ours == "kind":
            readings = tuple(f"'{kind}'" for kind in _kinds_of(settled, file, given))
            settled.questions[ours] = Question(ours, readings, "nothing says what kind of survey it is")
            continue
        if empty := often_empty(settled, file, ours):
            settled.questions[ours] = empty
            continue
        readings = tuple(stand_ins(settled, file, ours, given))
        why = "no column is named as one; what can stand in"
        if ours == INSTANTS[settled.table.name] and (unread := _unread_times(settled, file, ours, given)):
            readings = (*(file.headers[place] for place in unread), *readings)
            shape = file.shapes[unread[0]]
            example = mask_text(shape.example[0])[0] if shape is not None else ""
            why = f"{file.headers[unread[0]]} is named as one and cannot be read, as {example!r}; what can stand in"
        question = Question(ours, readings, why, True)
        if ours == "amount":
            orders = given.get("order_id") or _places(settled, "order_id")
            question = _of_lines_or_orders(settled, file, orders, question)
        settled.questions[ours] = question


def _unread_times(settled: Settled, file: File, ours: str, given: Mapping[str, tuple[int, ...]]) -> list[int]:
    """Where columns are that are named as an instant and hold what cannot be read as times."""
    used = _used(settled) | {place for places in given.values() for place in places}
    return [
        place
        for place, (header, shape) in enumerate(zip(file.headers, file.shapes, strict=True))
        if place not in used and shape is not None and shape.filled and max(shape.times, shape.ticks) < _READ
        if (name := named(header, settled.table.name, ours)) is not None and name.tier < 2
    ]


def often_empty(settled: Settled, file: File, ours: str) -> Question | None:
    """The question whether a column that is named as an id and is often empty is meant: rows without one are rejected,
    as fees and transfers between orders are."""
    if ours not in ("ticket_id", "order_id"):
        return None
    field = next(one for one in settled.table.readable if one.name == ours)
    for place, (header, shape) in enumerate(zip(file.headers, file.shapes, strict=True)):
        name = named(header, settled.table.name, ours)
        if name is None or name.tier == 2 or shape is None or not 0 < shape.filled < 1:
            continue
        if vote(settled.table.name, field, shape._replace(filled=1.0), name.tier) is not None:
            why = f"{percent(1 - shape.filled)} of the first rows have none, and would be rejected"
            return Question(ours, (header, RECORD), why, places=(place, -1))
    return None


def _kinds_of(settled: Settled, file: File, given: Mapping[str, tuple[int, ...]]) -> tuple[str, ...]:
    """The kinds of survey that the numbers of a score allow: the answers to an NPS go from 0 to 10."""
    score = settled.found.get("score")
    places = score.places if score else given.get("score", ())
    high = _highest(settled, file, places[0]) if len(places) == 1 else None
    return _KINDS[1:] if high is not None and high <= _SCHOOL else _KINDS


def _places(settled: Settled, ours: str) -> tuple[int, ...]:
    return settled.found[ours].places if ours in settled.found else ()


def _used(settled: Settled) -> set[int]:
    return {place for one in settled.found.values() for place in one.places}


def _amount(settled: Settled, file: File, orders: tuple[int, ...]) -> None:
    """The amount of a line from its quantity and price, where no column is named as a total; and whether a total is
    that of a line or of its order, which a `price` in the map says."""
    found, quantity, price = (settled.found.get(ours) for ours in ("amount", "quantity", "price"))
    if question := settled.questions.get("amount"):
        settled.questions["amount"] = _of_lines_or_orders(settled, file, orders, question)
    settled.found.pop("price", None)
    if question:
        return
    if found is None and (quantity is None or price is None):
        return
    if found is None and quantity is not None and price is not None:
        product = f"{in_sum(quantity.text)}*{in_sum(price.text)}"
        why = "no column is named as a total; quantity times price"
        settled.found["amount"] = Found("amount", product, why, "likely", (*quantity.places, *price.places))
        found = price
    if found is not None and found.sure == "likely" and quantity is not None:
        readings = (found.text, f"{in_sum(quantity.text)}*{in_sum(found.text)}")
        settled.questions["amount"] = Question("amount", readings, "it may be the price of a line or of one piece")
        del settled.found["amount"]
    elif found is not None:
        _price_beside(settled, file, orders, found.places, price)


def _price_beside(
    settled: Settled, file: File, orders: tuple[int, ...], amount: tuple[int, ...], price: Found | None = None
) -> None:
    """Beside an amount that is an order's, what stands for the lines of it; beside another there is no price. Where it
    may be either's, that is asked."""
    price = settled.found.pop("price", price)
    told = whose_amount(settled, file, orders, amount, price)
    if told is not None and told.whose == "either":
        settled.questions[SAID] = question_of(file.headers[amount[0]])
    elif told is not None and told.whose == "order" and (price or not file.amount_of):
        places = price.places if price else amount
        text = price.text if price else in_sum(file.headers[amount[0]])
        settled.found["price"] = Found("price", text, told.why, "likely", places)
    elif told is not None and told.whose == "line" and "amount" in settled.found:
        found = settled.found["amount"]
        settled.found["amount"] = found._replace(why=f"{found.why}; {told.why}: it is that of each line")


def _of_lines_or_orders(settled: Settled, file: File, orders: tuple[int, ...], question: Question) -> Question:
    """The question which amount is meant, where a reading that is an order's says so: its lines are not added. One that
    may be that of each line or of the order is two."""
    readings, also, whys = list[str](), list[str](), dict[str, None]()
    for text in question.readings:
        place = (file.headers.index(text),) if text in file.headers else ()
        told = whose_amount(settled, file, orders, place, settled.found.get("price"))
        if told is not None and told.whose == "either":
            choices = question_of(text)
            readings += [text] * len(choices.readings)
            also += [f"{SAID}={one}" for one in choices.readings]
            whys[choices.why] = None
        else:
            readings.append(text)
            also.append(f"price={text}" if told is not None and told.whose == "order" else "")
    if not any(also):
        return question
    return question._replace(readings=tuple(readings), also=tuple(also), why="; ".join((question.why, *whys)))


def _scale(settled: Settled, file: File, given: Mapping[str, tuple[int, ...]]) -> None:
    """The scale of a score, where the question for it says one."""
    score = settled.found.get("score")
    places = score.places if score else given.get("score", ())
    asked = scale_asked(file.headers[places[0]], file.shapes[places[0]]) if len(places) == 1 else None
    for ours, end in zip(("scale_min", "scale_max"), asked or (), strict=False):
        if ours not in settled.found and ours not in given:
            settled.found[ours] = Found(ours, f"'{end}'", "the question says so", "sure")


def _highest(settled: Settled, file: File, place: int) -> float | None:
    """The highest score that can be given where that is said, else that was given."""
    said = settled.found.get("scale_max")
    if said is not None and not said.places:
        return float(said.text.strip("'"))
    shape = file.shapes[place]
    return shape.high if shape is not None else None


def _kind(settled: Settled, file: File, given: Mapping[str, tuple[int, ...]]) -> None:
    """The kind of a survey from the name of its score, or from its question."""
    if "kind" in settled.found or "kind" in settled.questions:
        return
    score = settled.found.get("score")
    places = score.places if score else given.get("score", ())
    told = survey_kind(file.headers[places[0]]) if len(places) == 1 else None
    if told is None:
        if score is not None and any(_are_of_nps(shape) for shape in file.shapes):
            settled.found["kind"] = Found("kind", "'nps'", "promoters and detractors stand beside it", "sure")
        elif score is not None and (named_so := _kind_in_all_rows(file)):
            settled.found["kind"] = Found("kind", f"'{named_so}'", "all rows say so", "sure")
        elif score is not None and (of_file := kind_named(file.name)):
            settled.found["kind"] = Found("kind", f"'{of_file}'", "the file's name says so", "likely")
        return
    kind, name = told
    high = _highest(settled, file, places[0])
    if kind == "nps" and high is not None and not 5 < high <= 10:
        why = f"{name.why}, but its numbers end at {high:g}"
        settled.questions["kind"] = Question("kind", ("'nps'", "'csat'"), why)
        return
    settled.found["kind"] = Found("kind", f"'{kind}'", name.why, "sure")


def _kind_in_all_rows(file: File) -> str:
    """The kind of survey that a column says in each row, as the name of what was sent out; empty where none does."""
    for shape in file.shapes:
        if shape is not None and shape.filled == 1 and shape.distinct <= _SIDES and shape.low is None:
            kinds = {kind_named(cell) for cell in shape.example}
            if len(kinds) == 1 and kinds != {""}:
                return kinds.pop()
    return ""


def _are_of_nps(shape: Shape | None) -> bool:
    """Whether the words of a column are what an NPS makes of its scores."""
    words = {key(word) for word in shape.example} if shape is not None and shape.low is None else set()
    return len(words) > 1 and words <= parts()["nps_group"]


def _may_be(table: str, field: Field, shape: Shape) -> bool:
    """Whether a column without a name for it may be one of ours by its values alone."""
    is_time = field.type == "timestamptz"
    counts_time = shape.ticks >= 0.95 and (shape.low or 0) >= _DAYS_END
    return vote(table, field, shape, 2) is not None and (is_time or not is_numeric(field) or not counts_time)


def _is_likely(table: str, ours: str, shape: Shape) -> bool:
    """Whether values are not rather something else: amounts are seldom whole and all different, as numbers of things
    are, and a ticket has one row or a few."""
    if ours == "amount":
        return not (shape.unique and shape.whole == 1)
    if ours == "order_id" or ours == "user_id" or (table == "messages" and ours == "ticket_id"):
        return 3 * shape.distinct >= shape.rows if ours == "order_id" else not shape.unique
    return table != "tickets" or ours != "ticket_id" or 2 * shape.distinct >= shape.rows


def _people(file: File) -> list[str]:
    """The columns of names of people, by which somebody is known where nothing else says who it was."""
    return [
        header
        for header, shape in zip(file.headers, file.shapes, strict=True)
        if shape is not None
        and shape.filled >= _FULL
        and (is_of_people(header) or (shape.names > 0.5 and speaks_of_people(header)))
    ]


def _wrote(header: str, shape: Shape | None) -> bool:
    """Whether a column names who wrote a message."""
    name = named(header, "messages", "agent") or named(header, "messages", "sender")
    return name is not None and shape is not None and shape.filled >= _FULL and shape.times < 0.5


def _has_sides(shape: Shape | None) -> bool:
    """Whether a column has a word for each of two or three sides."""
    if shape is None or shape.filled < _FULL or shape.times >= 0.5 or shape.low is not None:
        return False
    return 1 < shape.distinct <= _SIDES < shape.rows and shape.words <= 3


def _contacts(file: File, used: set[int]) -> list[str]:
    """The columns of those with whom messages were exchanged, by whom a thread is known where it has no id."""
    return [
        header
        for place, (header, shape) in enumerate(zip(file.headers, file.shapes, strict=True))
        if place not in used and shape is not None and shape.filled >= _FULL and not shape.unique
        if named(header, "tickets", "customer_id") is not None and not is_of_people(header)
    ]


def _are_wires(shape: Shape) -> bool:
    """Whether a column has the wires of calls: each is there once, and says nothing of the call."""
    return bool(shape.example) and all(WIRE.fullmatch(cell) for cell in shape.example)


def stand_ins(settled: Settled, file: File, ours: str, given: Mapping[str, tuple[int, ...]]) -> list[str]:
    """What a person could say for a column that is not there, the likeliest first."""
    used = _used(settled) | {place for places in given.values() for place in places}
    field = next(one for one in settled.table.readable if one.name == ours)
    may_be = [
        (header, shape)
        for place, (header, shape) in enumerate(zip(file.headers, file.shapes, strict=True))
        if place not in used and shape is not None and _may_be(settled.table.name, field, shape)
    ]
    if ours.endswith("_id"):
        may_be = [one for one in may_be if not says_duration(one[0]) and not _are_wires(one[1])]
    likely = [header for header, shape in may_be if _is_likely(settled.table.name, ours, shape)]
    if ours in ("ticket_id", "order_id") and settled.table.name != "messages":
        return [*likely[:2], RECORD]
    priced = [header for header, _ in may_be if ours == "amount" and named(header, "orders", "price")]
    fitting = (priced or likely or [header for header, _ in may_be])[:_MOST]
    if ours == "ticket_id":
        threads = [header for header, _ in may_be if header in likely]
        contacts = [] if threads else _contacts(file, used)
        return (threads or contacts or fitting)[:2]
    if ours == "amount":
        return [f"{in_sum(header)}/100" if "cents" in tokens(header) else header for header in fitting]
    if ours == INSTANTS[settled.table.name]:
        return [*(fitting or times_of_two(file)), A_DAY]
    if ours == "user_id":
        whose = [
            header for header in fitting if not any(named(header, "orders", place) for place in ("country", "city"))
        ]
        return list(dict.fromkeys((*_people(file), *whose)))[:_MOST]
    if ours == "sender":
        changed = {place for of in ("from_value", "to_value") for place in _places(settled, of)}
        columns = [
            (header, shape)
            for place, (header, shape) in enumerate(zip(file.headers, file.shapes, strict=True))
            if place not in changed
        ]
        writers = [header for header, shape in columns if _wrote(header, shape)]
        writers += [header for header, shape in columns if header not in writers and _has_sides(shape)]
        fitting = [*writers, *(header for header in fitting if header not in writers)]
        return [*fitting, *(f"'{word}'" for word in vocabulary("message_sender").meanings[:2])]
    return fitting

"""How much speaks for each table that a file may be, by what was found of it, and which of several are as likely."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from supportkit.exports.meanings.vocabulary import vocabulary
from supportkit.exports.meanings.word_meaning import judge
from supportkit.exports.recognising.guessing.column_shapes import Shape
from supportkit.exports.recognising.guessing.histories import is_history
from supportkit.exports.recognising.guessing.known_names import (
    says_direction,
    says_duration,
    speaks_of,
    survey_kind,
)
from supportkit.exports.recognising.guessing.second_thoughts import is_of_entries
from supportkit.exports.recognising.guessing.settled import RECORD, File, Settled, required
from supportkit.exports.recognising.guessing.steps_beside import find_steps

_TELLING: Final[Mapping[str, frozenset[str]]] = {
    "tickets": frozenset(
        (
            *("subject", "body", "priority", "agent", "team", "channel", "status", "tags", "category", "reopens"),
            *("first_reply_at", "solved_at", "closed_at", "replies", "sla_resolution", "sla_first_reply"),
            "satisfaction",
        )
    ),
    "messages": frozenset(("sender", "from_value", "to_value")),
    "orders": frozenset(("amount",)),
    "surveys": frozenset(("score",)),
    "events": frozenset(("step", "session_id")),
}
"""Columns that tell a table from any list of things with a number and a date."""
_ID: Final = {"tickets": "ticket_id", "messages": "ticket_id", "orders": "order_id", "events": "user_id"}
_CLOSE: Final = 1.5
_LIKELY: Final = 2.0
_GOODS: Final = frozenset(("sku", "quantity", "price"))
_SOLD: Final = frozenset(("amount", "currency", "refunded", *_GOODS))
_DESK: Final = ("subject", "body", "priority", "agent", "team", "first_reply_at", "solved_at", "closed_at", "category")
_COURSE: Final = frozenset(("status", "priority", "subject", "first_reply_at", "solved_at", "closed_at"))
_EACH: Final = 0.9
_THREAD: Final = 1.5
"""Rows to an id from which on they are no tickets, where each says something else."""
_STEPS: Final = 6.0
"""What speaks for events, where each step has a column: its name and its time."""
_SUMS: Final = 3.0
"""What speaks against events, where several columns are sums of money as till rolls have them."""


Weighed = list[tuple[float, Settled]]
"""What a file is as each table, with how much speaks for it."""


def weight_of(settled: Settled, file: File, given: Mapping[str, tuple[int, ...]]) -> float:
    """How much speaks for a table: what a row must have, then the rest; nothing where no column tells it from any
    list of things with a number and a date."""
    table = settled.table.name
    empty = {one.ours for one in settled.found.values() if _are_empty(file, one.places)}
    there = {*settled.found, *settled.questions, *given} - empty
    telling = _TELLING[table] & there
    calls, thread = _is_of_calls(file), table == "messages" and _is_thread(settled, file, "text")
    named_so = speaks_of(file.name, table) and not (table == "tickets" and speaks_of(file.name, "messages"))
    of_its_name = named_so or (table == "tickets" and calls)
    identified = _is_sure(settled, _ID.get(table, "")) or _has_two_ids(settled, table)
    if not (telling or (identified and table in ("tickets", "orders")) or (table == "tickets" and calls) or thread):
        return 0.0
    if table == "tickets" and not identified and not of_its_name and len(telling) < 2:
        return 0.0
    if table == "orders" and _is_of_things_for_sale(settled, file):
        return 0.0
    weight = 2.0 * of_its_name
    for ours in required(settled.table):
        if ours in given:
            weight += 3
        elif ours in settled.found:
            weight += 0 if ours == "kind" else 3 if settled.found[ours].sure == "sure" else 1.5
        elif ours in settled.questions:
            weight += 0 if ours == "kind" else 2
        elif ours != "kind":
            weight -= 2
    if table == "tickets" and not calls and not any(_is_sure(settled, ours) for ours in telling - {"satisfaction"}):
        weight -= 2  # a rating and a remark about a ticket are an answer rather than a ticket
    if table == "tickets" and (_is_thread(settled, file, "body") or is_of_entries(settled, file)):
        weight -= _SUMS
    if table == "orders" and not _SOLD & there and not _is_named_after_its_table(settled, "order_id"):
        weight -= _SUMS
    if table == "events" and "step" not in settled.found and _are_unique(settled, file, "session_id"):
        weight -= _SUMS  # each row is a session of its own, and no step of one
    if table == "messages" and calls and "text" not in there:
        weight -= _SUMS  # a call has a direction too, and nothing was written
    if table == "events" and calls:
        weight -= _SUMS  # what became of a call is no step of its caller
    others = [one for ours, one in settled.found.items() if ours not in (*required(settled.table), *empty)]
    return max(0.1, weight + sum(0.6 if one.sure == "sure" else 0.2 for one in others))


def _has_two_ids(settled: Settled, table: str) -> bool:
    """Whether it is asked which of several columns is the id of an order, one by its own name."""
    asked = settled.questions.get("order_id") if table == "orders" else None
    return asked is not None and not asked.stands_in and RECORD not in asked.readings


def _is_of_answers(settled: Settled, file: File) -> bool:
    """Whether what is taken for tickets is what was said of them: each has a rating, as few tickets have, and nothing
    is told of how it went."""
    rated = _shape_of(settled, file, "satisfaction") if settled.table.name == "tickets" else None
    if rated is None or rated.low is None or rated.filled < _EACH:
        return False
    return not _COURSE & {*settled.found, *settled.questions}


def _has_a_course(weighed: Sequence[tuple[float, Settled]]) -> bool:
    """Whether two columns or more tell how a ticket goes, as its subject and its priority: what it is worth beside them
    makes no order of it."""
    tickets = next((one for _, one in weighed if one.table.name == "tickets"), None)
    return tickets is not None and sum(_is_sure(tickets, ours) for ours in _COURSE - {"status"}) > 1


def _without_seldom_answers(weighed: Weighed, file: File) -> Weighed:
    """The tables as they are weighed, without answers where tickets have a rating in some rows only, and say who
    answered and in which state they are, or that they are calls: as answers, the others would be rejected."""
    weight, tickets = next(((weight, one) for weight, one in weighed if one.table.name == "tickets"), (0.0, None))
    rated = _shape_of(tickets, file, "satisfaction") if tickets is not None else None
    if tickets is None or rated is None or weight < _LIKELY or rated.filled >= _EACH:
        return weighed
    asked = {"status", "agent"} <= tickets.found.keys() or (_is_of_calls(file) and "agent" in tickets.found)
    return [pair for pair in weighed if not asked or pair[1].table.name != "surveys"]


def _are_unique(settled: Settled, file: File, ours: str) -> bool:
    shape = _shape_of(settled, file, ours)
    return shape is not None and shape.unique


def _is_of_things_for_sale(settled: Settled, file: File) -> bool:
    """Whether rows are things that can be bought, each with its price, and not what was: nobody is named who bought
    them, nor how many of them and how."""
    bought = {"customer_id", "quantity", "payment_method", "refunded", "channel", "country"}
    code = _shape_of(settled, file, "sku")
    sure = _is_sure(settled, "order_id") or _is_sure(settled, "amount")
    return (
        code is not None
        and code.unique
        and not sure
        and not bought & {*settled.found, *settled.questions, *settled.doubtful}
    )


def _is_named_after_its_table(settled: Settled, ours: str) -> bool:
    """Whether a column is named with a word for what the table holds: a till's `Ticket` is not."""
    return ours in settled.found and speaks_of(settled.found[ours].text, settled.table.name)


def _has_goods(orders: Settled, file: File) -> bool:
    """Whether a file says what was sold: a sum, or of things two of their number, quantity and price."""
    found = {ours for ours, one in orders.found.items() if not _are_empty(file, one.places)}
    asked = orders.questions.get("amount")
    named = _is_sure(orders, "amount") or (asked is not None and not asked.stands_in)
    return named or len(found & _GOODS) > 1


def _is_bare_ticket(settled: Settled) -> bool:
    """Whether nothing of a ticket is sure but its number: in many languages that is a till's receipt, too."""
    return settled.table.name == "tickets" and not any(_is_sure(settled, ours) for ours in _DESK)


def _are_empty(file: File, places: Sequence[int]) -> bool:
    """Whether the file has columns for something, and no value in them."""
    shapes = [file.shapes[place] for place in places]
    return bool(shapes) and all(shape is not None and not shape.filled for shape in shapes)


def _is_thread(settled: Settled, file: File, text: str) -> bool:
    """Whether each of the rows with one id has a text of its own: they are what was said in it."""
    ids, texts = (_shape_of(settled, file, ours) for ours in ("ticket_id", text))
    if ids is None or texts is None:
        return False
    return _THREAD * ids.distinct < ids.rows and ids.distinct < texts.distinct


def _shape_of(settled: Settled, file: File, ours: str) -> Shape | None:
    found = settled.found.get(ours)
    return file.shapes[found.places[0]] if found is not None and len(found.places) == 1 else None


def _is_of_calls(file: File) -> bool:
    """Whether a file is a log of calls: it says which way each went, and how long it was."""
    return any(map(says_direction, file.headers)) and any(map(says_duration, file.headers))


def _has_sums(settled: Settled) -> bool:
    """Whether several columns are named as the amount."""
    amount = settled.questions.get("amount")
    return amount is not None and not amount.stands_in and len(amount.places) > 1


def compared(weighed: Weighed, file: File, given: Mapping[str, tuple[int, ...]], *, table: str | None) -> Weighed:
    """The tables as they are weighed beside each other; one alone where it is stated."""
    orders = next((one for _, one in weighed if one.table.name == "orders"), None)
    if orders is not None and _has_sums(orders):
        weighed = [(weight - _SUMS * (one.table.name == "events"), one) for weight, one in weighed]
    if orders is not None and _has_goods(orders, file):
        weighed = [(weight - _SUMS * _is_bare_ticket(one), one) for weight, one in weighed]
    if table is None:
        weighed = _without_seldom_answers(_without_bare_tickets(weighed, file), file)
    if table in (None, "events"):
        weighed = _with_steps(weighed, file, given)
    return weighed


def rivals_of(weighed: Weighed, file: File) -> list[str]:
    """The tables that a file may be as well as the likeliest, which stands first."""
    best, chosen = weighed[0]
    rivals = [other.table.name for weight, other in weighed[1:] if weight >= _LIKELY and best - weight < _CLOSE]
    if "surveys" not in rivals and _is_of_answers(chosen, file):
        rivals.append("surveys")
    if "events" not in rivals and is_history(chosen, file):
        rivals.append("events")
    if "tickets" not in rivals and chosen.table.name == "orders" and _has_a_course(weighed):
        rivals.append("tickets")
    return rivals


def _without_bare_tickets(weighed: Weighed, file: File) -> Weighed:
    """The tables as they are weighed, where less speaks for tickets of which the file says something else: how somebody
    is satisfied, in a question, or states that orders have and tickets have not."""
    tables = {one.table.name: one for _, one in weighed}
    tickets, orders, surveys = (tables.get(name) for name in ("tickets", "orders", "surveys"))
    if tickets is None:
        return weighed
    less = _SUMS * (surveys is not None and _is_bare_ticket(tickets) and _asks_for_a_score(surveys, file))
    less += _SUMS * (orders is not None and _has_states_of_orders(tickets, orders, file))
    return [(max(0.1, weight - less) if one is tickets and less else weight, one) for weight, one in weighed]


def _with_steps(weighed: Weighed, file: File, given: Mapping[str, tuple[int, ...]]) -> Weighed:
    """The tables as they are weighed, where nothing else is likely and columns of times are steps: they make events."""
    if any(weight >= _LIKELY for weight, one in weighed if one.table.name != "events"):
        return weighed
    return [
        (max(0.0, weight) + _STEPS * (one.table.name == "events" and find_steps(one, file, given)), one)
        for weight, one in weighed
    ]


def _asks_for_a_score(surveys: Settled, file: File) -> bool:
    """Whether the header of a score is a question, or a part of one."""
    found = surveys.found.get("score")
    return found is not None and survey_kind(file.headers[found.places[0]]) is not None


def _has_states_of_orders(tickets: Settled, orders: Settled, file: File) -> bool:
    """Whether there are amounts, and every word of the states is one of orders', but not of tickets'."""
    states = _shape_of(orders, file, "status")
    if states is None or "amount" not in {*orders.found, *orders.questions}:
        return False
    known = [
        [judge(word, vocabulary(f"{table}_status")).value is not None for word in states.example]
        for table in ("tickets", "orders")
    ]
    return all(known[1]) and not all(known[0])


def _is_sure(settled: Settled, ours: str) -> bool:
    return ours in settled.found and settled.found[ours].sure == "sure"

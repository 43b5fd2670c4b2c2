"""Ledgers of payments with a column for what came in and one for what went out, and the type of each booking: what came
in for a sale is its amount, and what went out for a refund is what came back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from supportkit.exports.meanings.vocabulary import vocabulary
from supportkit.exports.meanings.word_meaning import judge
from supportkit.exports.meanings.words import tokens
from supportkit.exports.recognising.guessing.column_shapes import is_above_nought
from supportkit.exports.recognising.guessing.known_names import named, parts
from supportkit.exports.recognising.guessing.no_sales import BACK, says_what_a_row_is
from supportkit.exports.recognising.guessing.settled import File, Found, Question, Settled
from supportkit.system.named import NamedTuple

_WHY: Final = "what came in for sales, less what went out for refunds"


class _Pair(NamedTuple):
    """The places of the two sides of a ledger."""

    came: int
    went: int


class _Bookings(NamedTuple):
    """The column of types, and the rows of sales and of refunds."""

    place: int
    sold: list[int]
    back: list[int]


def find_two_sides(settled: Settled, file: File, given: Mapping[str, tuple[int, ...]]) -> None:
    """Add the amount, what came back, the state and the number of the order of a ledger with two sides. Where it has
    several pairs, as gross and net, it is asked which is meant, each with its currency."""
    said, bookings = given.get("amount"), _bookings(file)
    if bookings is None or "amount" in settled.found or "amount" in settled.questions:
        return
    pairs = [one for one in _pairs(file) if said in (None, (one.came,)) and _are_sides(file, one, bookings)]
    orders = _orders(file, bookings)
    if not pairs or not (orders or "order_id" in given):
        return
    settled.two_sided = True
    if "status" not in given:
        text = file.headers[bookings.place]
        settled.found["status"] = Found("status", text, "what each booking is", "likely", (bookings.place,))
    if "order_id" not in given:
        _number(settled, file, orders)
    if len(pairs) == 1:
        _take(settled, file, pairs[0], given)
    elif "refunded" not in given:
        _ask(settled, file, pairs)


def _take(settled: Settled, file: File, pair: _Pair, given: Mapping[str, tuple[int, ...]]) -> None:
    """Take the two sides, and the column of currencies that is named as they are."""
    money = _currency(file, pair.came)
    found = {"amount": pair.came, "refunded": pair.went} | ({} if money is None else {"currency": money})
    for ours, place in found.items():
        if ours not in given:
            settled.doubtful.pop(ours, None)
            settled.found[ours] = Found(ours, file.headers[place], _WHY, "likely", (place,))


def _ask(settled: Settled, file: File, pairs: list[_Pair]) -> None:
    """Ask which pair is meant, each with its column of currencies."""
    headers, money = file.headers, [_currency(file, one.came) for one in pairs]
    for ours in ("refunded", *(("currency",) if any(place is not None for place in money) else ())):
        settled.found.pop(ours, None)
        settled.doubtful.pop(ours, None)
    settled.questions["amount"] = Question(
        "amount",
        tuple(headers[one.came] for one in pairs),
        f"{len(pairs)} pairs of columns may be it: {_WHY}",
        places=tuple(one.came for one in pairs),
        also=tuple("" if place is None else f"currency={headers[place]}" for place in money),
        and_also=tuple(f"refunded={headers[one.went]}" for one in pairs),
    )


def _bookings(file: File) -> _Bookings | None:
    """The column of types of which some are sales and some are refunds."""
    known = vocabulary("orders_status")
    for place, (header, shape) in enumerate(zip(file.headers, file.shapes, strict=True)):
        cells = file.cells[place]
        if shape is None or cells is None or not says_what_a_row_is(header, shape):
            continue
        meant = {word: judge(word, known).value for word in shape.example}
        sold = [row for row, cell in enumerate(cells) if meant.get(cell) == "sale"]
        back = [row for row, cell in enumerate(cells) if meant.get(cell) in BACK]
        if sold and back:
            return _Bookings(place, sold, back)
    return None


def _pairs(file: File) -> Iterator[_Pair]:
    """The columns whose names say the same of the two sides: `Gross Credit (GC)` and `Gross Debit (GC)`."""
    came, went = (parts()[part] for part in ("came_in", "went_out"))
    by_name = {tokens(header): place for place, header in enumerate(file.headers)}
    for name, place in by_name.items():
        for at, word in enumerate(name):
            others = [by_name.get((*name[:at], other, *name[at + 1 :])) for other in went] if word in came else []
            yield from (_Pair(place, other) for other in others if other is not None)


def _are_sides(file: File, pair: _Pair, bookings: _Bookings) -> bool:
    """Whether sales stand on one side alone, and refunds on the other."""
    came, went = (file.cells[place] for place in pair)
    if came is None or went is None:
        return False
    sides = ((came, went, bookings.sold), (went, came, bookings.back))
    return all(
        is_above_nought(here[row]) and not is_above_nought(there[row]) for here, there, rows in sides for row in rows
    )


def _orders(file: File, bookings: _Bookings) -> list[int]:
    """The columns that are named as the number of an order, and in which refunds have that of a sale."""
    found = []
    for place, (header, shape) in enumerate(zip(file.headers, file.shapes, strict=True)):
        name, cells = named(header, "orders", "order_id"), file.cells[place]
        if name is None or name.tier == 2 or shape is None or cells is None:
            continue
        numbers = {cells[row] for row in bookings.sold}
        if "" not in numbers and all(cells[row] in numbers for row in bookings.back):
            found.append(place)
    return found


def _number(settled: Settled, file: File, orders: list[int]) -> None:
    settled.questions.pop("order_id", None)
    first = file.cells[orders[0]] or ()
    empty = sum(not cell for cell in first)
    lacking = f"; {empty:,} of the first {len(first):,} rows have none, as fees and payouts, and are rejected"
    why = f"refunds have the number of a sale{lacking if empty else ''}"
    texts = tuple(file.headers[place] for place in orders)
    if len(orders) == 1:
        settled.found["order_id"] = Found("order_id", texts[0], why, "likely", (orders[0],))
    else:
        settled.found.pop("order_id", None)
        settled.questions["order_id"] = Question("order_id", texts, why, places=tuple(orders))


def _currency(file: File, came: int) -> int | None:
    """The column of the currency of a side, which is named with its first word: `Gross Currency`."""
    first = tokens(file.headers[came])[:1]
    for place, header in enumerate(file.headers):
        if named(header, "orders", "currency") is not None and tokens(header)[:1] == first:
            return place
    return None

"""Whose an amount is that all lines of an order have alike: the whole order's, to be taken once, or that of each line,
as of tickets at one price. The file's other figures, its goods or the header may tell; else it is asked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, Literal

from supportkit.exports.meanings.words import tokens
from supportkit.exports.recognising.guessing.column_shapes import Shape
from supportkit.exports.recognising.guessing.given_back import rows_given_back
from supportkit.exports.recognising.guessing.known_names import parts
from supportkit.exports.recognising.guessing.settled import File, Found, Question, Settled
from supportkit.system.named import NamedTuple

Whose = Literal["order", "line", "either"]
SAID: Final = "amount_of"
"""The word of a map that says whose an amount is."""
_FEWEST: Final = 2
"""Orders of several lines at least, before equal amounts are no chance."""
_ORDERS: Final = 3
"""Orders of several lines at least, before their figures prove anything."""
_GOODS: Final = frozenset(("sku", "product", "quantity", "line"))
_NEARLY: Final = 0.011
_MOST_KINDS: Final = 60
_OTHERS: Final = 0.8
"""Amounts to their orders from which on they are of no list of prices."""


class Told(NamedTuple):
    """Whose an amount is, and what says so."""

    whose: Whose
    why: str


class _Order(NamedTuple):
    """The rows of one order, and the amount that each of them has."""

    rows: tuple[int, ...]
    text: str
    amount: float


def whose_amount(
    settled: Settled, file: File, orders: Sequence[int], amount: Sequence[int], price: Found | None
) -> Told | None:
    """Whose the amount in a column is, where another may have the `price` of a piece; None where lines of one order
    have several, or hardly any order has lines. A row that gives an order back is no line of it."""
    if len(orders) != 1 or len(amount) != 1 or settled.two_sided:
        return None
    of_orders = _alike(file, orders[0], amount[0], rows_given_back(settled, file))
    several = [one for one in of_orders if len(one.rows) > 1]
    if len(several) < _FEWEST:
        return None
    if file.amount_of:
        return Told("order" if file.amount_of == "order" else "line", "said so")
    told = list(_of_figures(settled, file, of_orders, amount[0], price) if len(several) >= _ORDERS else ())
    told += _of_header(file.headers[amount[0]], of_orders)
    whose = {one.whose for one in told}
    return told[0] if len(whose) == 1 else Told("either", "")


def question_of(header: str) -> Question:
    """The question whose an amount is."""
    why = f"{header} is the same on all lines of an order, so it is that of each line, or the order's and counts once"
    return Question(SAID, ("'line'", "'order'"), why)


def _alike(file: File, orders: int, amount: int, back: set[int]) -> list[_Order]:
    """The orders of a file; none where the lines of one have several amounts, or amounts are no numbers."""
    ids, cells = file.cells[orders], file.cells[amount]
    rows: dict[str, list[int]] = {}
    for row, number in enumerate(ids or ()):
        if row not in back:
            rows.setdefault(number, []).append(row)
    found = []
    for one in rows.values():
        texts = {cells[row] for row in one} if cells else set()
        if len(texts) > 1:
            return []
        text = next(iter(texts), "")
        found.append(_Order(tuple(one), text, _figure(text) or 0.0))
    return found


def _of_figures(
    settled: Settled, file: File, orders: Sequence[_Order], amount: int, price: Found | None
) -> Iterable[Told]:
    """What other columns say of whose an amount is."""
    several = [one for one in orders if len(one.rows) > 1]
    if _are_states(settled, file, several):
        yield Told("order", "the rows of an order are its states")
    quantity, each = _figures(file, settled.found.get("quantity")), _figures(file, price)
    if quantity and each and price is not None and amount not in price.places:
        worth = [(many or 0) * (one or 0) for many, one in zip(quantity, each, strict=True)]
        if all(_is(sum(worth[row] for row in one.rows), one.amount) for one in several):
            yield Told("order", "it is what the lines of an order come to")
        if all(_is(worth[row], one.amount) for one in several for row in one.rows):
            yield Told("line", "it is quantity times price on each line")
    parent = _parent(file, several, amount)
    if parent is not None:
        yield Told("line", f"{file.headers[parent]} is what the lines come to")
    elif _grow(orders):
        yield Told("order", "it grows with the lines of an order")
    elif len(several) < len(orders) and len({one.text for one in orders}) == 1:
        yield Told("line", "it is the same in orders of one line and of several")
    elif _is_of_goods(file, orders, amount):
        yield Told("line", "one thing has one price, alone and among others")
    elif _is_of_no_goods(settled, file, several):
        yield Told("order", "all lines of an order have the same amount, and one thing has several")


def _are_states(settled: Settled, file: File, several: Sequence[_Order]) -> bool:
    """Whether nothing says what was sold, and each row of an order has another state."""
    found = settled.found.get("status")
    states = file.cells[found.places[0]] if found is not None and len(found.places) == 1 else None
    if states is None or _GOODS & settled.found.keys():
        return False
    return all(len({states[row] for row in one.rows}) == len(one.rows) for one in several)


def _parent(file: File, several: Sequence[_Order], amount: int) -> int | None:
    """The column in which each order of several lines has what their amounts come to."""
    for place, (shape, cells) in enumerate(zip(file.shapes, file.cells, strict=True)):
        if place == amount or shape is None or cells is None or shape.numbers < _OTHERS:
            continue
        if all(_is(_figure(cells[row]), len(one.rows) * one.amount) for one in several for row in one.rows):
            return place
    return None


def _grow(orders: Sequence[_Order]) -> bool:
    """Whether the amount of orders of several lines is a multiple of what one line costs alone, and none of these."""
    alone = {round(one.amount, 2) for one in orders if len(one.rows) == 1}
    several = [one for one in orders if len(one.rows) > 1 and one.amount]
    if len(several) < _ORDERS or len({len(one.rows) for one in orders}) < _ORDERS - 1:
        return False
    each = [round(one.amount / len(one.rows), 2) in alone for one in several]
    return all(each) and sum(round(one.amount, 2) in alone for one in several) * 2 < len(several)


def _is_of_goods(file: File, orders: Sequence[_Order], amount: int) -> bool:
    """Whether a column of words says what each row costs, whether it stands alone in its order or with others."""
    alone = [row for one in orders if len(one.rows) == 1 for row in one.rows]
    among = [row for one in orders if len(one.rows) > 1 for row in one.rows]
    cells = file.cells[amount] or ()
    for place, (shape, kinds) in enumerate(zip(file.shapes, file.cells, strict=True)):
        if place == amount or shape is None or kinds is None or not _are_kinds(shape):
            continue
        prices: dict[str, set[str]] = {}
        for row in (*alone, *among):
            prices.setdefault(kinds[row], set()).add(cells[row])
        both = {kinds[row] for row in alone} & {kinds[row] for row in among}
        if all(len(one) == 1 for one in prices.values()) and len(set().union(*(prices[kind] for kind in both))) > 1:
            return True
    return False


def _are_kinds(shape: Shape) -> bool:
    few = 1 < shape.distinct <= min(_MOST_KINDS, shape.rows // 2)
    return few and shape.filled == 1 and shape.low is None and shape.times < 0.5 and shape.numbers < 0.5


def _is_of_no_goods(settled: Settled, file: File, several: Sequence[_Order]) -> bool:
    """Whether the lines of one order are of several things, and these have other amounts in other orders."""
    for ours in ("sku", "product"):
        found = settled.found.get(ours)
        kinds = file.cells[found.places[0]] if found is not None and len(found.places) == 1 else None
        if kinds is None:
            continue
        mixed = sum(len({kinds[row] for row in one.rows}) > 1 for one in several)
        prices: dict[str, set[str]] = {}
        for one in several:
            for row in one.rows:
                prices.setdefault(kinds[row], set()).add(one.text)
        if mixed >= _ORDERS and 2 * sum(len(one) > 1 for one in prices.values()) > len(prices):
            return True
    return False


def _of_header(header: str, orders: Sequence[_Order]) -> Iterable[Told]:
    """What the header of an amount says of whose it is: a total may be one of each line unless it is another one in
    nearly each order, as no price is."""
    words = tokens(header)
    if _says(words, "of_a_line"):
        yield Told("line", "its name says that it is of a line")
    elif _says(words, "of_an_order"):
        yield Told("order", "all lines of an order have the same amount, and its name says that it is the order's")
    elif _says(words, "of_all") and len({one.text for one in orders}) >= _OTHERS * len(orders):
        yield Told("order", "all lines of an order have the same amount: it is the order's")


def _says(words: Sequence[str], part: str) -> bool:
    return not parts()[part].isdisjoint(words)


def _figures(file: File, found: Found | None) -> list[float | None] | None:
    cells = file.cells[found.places[0]] if found is not None and len(found.places) == 1 else None
    return [_figure(cell) for cell in cells] if cells is not None else None


def _figure(cell: str) -> float | None:
    """The number in a cell; of several signs in it the last one is the decimal one."""
    plain = "".join(char for char in cell if char.isdigit() or char in ".,-").strip(".,")
    whole, sign, behind = plain.replace(",", ".").rpartition(".")
    try:
        return float(f"{(whole if sign else behind).replace('.', '')}.{behind if sign else 0}")
    except ValueError:
        return None


def _is(one: float | None, other: float) -> bool:
    return one is not None and abs(one - other) < _NEARLY

"""Rows of orders that are no sales, where no column of states says so: a flag, the day of a cancellation, the state of
a line, a payout among the payments. They would count as revenue, so they are told with the `--keep` that leaves them
out."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from supportkit.exports.masking import mask_text
from supportkit.exports.meanings.deciding_words import answered
from supportkit.exports.meanings.vocabulary import Vocabulary, vocabulary
from supportkit.exports.meanings.word_meaning import judge
from supportkit.exports.meanings.words import key, tokens
from supportkit.exports.recognising.expressions import columns_read, parse
from supportkit.exports.recognising.guessing.column_shapes import Shape, is_above_nought, is_nothing
from supportkit.exports.recognising.guessing.histories import is_history
from supportkit.exports.recognising.guessing.known_names import parts
from supportkit.exports.recognising.guessing.settled import File, Settled
from supportkit.system.named import NamedTuple

STATUS: Final = "status"
BACK: Final = ("refunded", "partly refunded")
_SIMPLE: Final = re.compile(r"[^\W\d]\w*")
_PLAIN: Final = re.compile(r"\w+")
_FEW: Final = 12
"""Words of a column that says of what kind each row is."""
_LONGEST: Final = 4
_TIMES: Final = 0.8
_MOST: Final = 4
_SOME: Final = 0.5
"""The share of rows up to which a state is that of a few, who gave something back."""
_AMOUNT_AND_FLAG: Final = 2
_BEGINNING: Final = 5
"""Letters in which two words of one thing begin alike."""


class NoSales(NamedTuple):
    """A column that says of some rows that they are no sales, or are told twice: which, and what keeps the others."""

    header: str
    told: str
    keep: str
    twice: bool = False
    """Whether amounts are there twice, which is no guess to take without a word."""

    def __str__(self) -> str:
        return f"{self.told}: --keep {shlex.quote(mask_text(self.keep)[0])}"


def no_sales(settled: Settled, file: File, given: Mapping[str, tuple[int, ...]]) -> tuple[NoSales, ...]:
    """What says that rows are no sales beside the column of states, or where lines of one order have several."""
    if settled.table.name != "orders" or is_history(settled, file):
        return ()
    known = vocabulary("orders_status")
    places = given.get(STATUS) or (settled.found[STATUS].places if STATUS in settled.found else ())
    counts = _counted(file, places[0] if len(places) == 1 else None, known)
    back = given.get("refunded") or _said_to_be_back(settled, file)
    given_back = _above_zero(file, back)
    below_zero = _below_zero(settled, file, given)
    of_lines = settled.doubtful.get(STATUS)
    found = []
    for place, (header, shape) in enumerate(zip(file.headers, file.shapes, strict=True)):
        cells = file.cells[place]
        if place in places or shape is None or cells is None or not shape.filled:
            continue
        if of_lines is not None and of_lines.readings == (header,):
            words = _uncounted(shape.example, known)
        elif says_what_a_row_is(header, shape):
            words = _moves(shape.example, cells, below_zero)
            if not words and not below_zero and not back:
                words = rows_that_give_back(shape.example, known)
        else:
            words = _of_a_flag(header, shape, known) or _of_a_return(header, shape, known)
        empty = not words and _is_a_day_of_an_end(header, shape, known)
        rows = sum(_is_one(cell, words, empty) for cell, sale in zip(cells, counts, strict=True) if sale)
        amounts_say_it = any(_is_one(cells[row], words, empty) for row in given_back)
        if (words or empty) and 0 < rows < len(cells) and not amounts_say_it:
            if words and (won := _unless_won(file, place, words, counts, known)) is not None:
                found.append(won)
                continue
            says = f"{mask_text(header)[0]} is {' or '.join(words) if words else 'filled'} in"
            told = f"{says} {rows:,} of the first {len(cells):,} rows, which count as sales"
            rather_states = of_lines is not None and STATUS in settled.found and of_lines.readings == (header,)
            found.append(NoSales(header, told, keep_others(file, header, words), twice=rather_states))
    return tuple(found[:_MOST])


def _counted(file: File, status: int | None, known: Vocabulary) -> list[bool]:
    """Which rows count as sales by the column of states, as all do where there is none."""
    cells = file.cells[status] if status is not None else None
    if cells is None:
        return [True] * max((len(one) for one in file.cells if one is not None), default=0)
    out = {word for word in set(cells) if judge(word, known).value not in (None, *known.counted)}
    return [cell not in out for cell in cells]


def _said_to_be_back(settled: Settled, file: File) -> tuple[int, ...]:
    """The columns that say what came back; where each amount that is asked about says its own, those of the first."""
    found, asked = settled.found.get("refunded"), settled.questions.get("amount")
    if found is not None:
        return found.places
    if asked is None or not asked.and_also:
        return ()
    return columns_read(parse(asked.and_also[0].partition("=")[2], file.headers))


def _above_zero(file: File, places: Sequence[int]) -> list[int]:
    """The rows in which a column of amounts has one, or a flag of what came back whole: that is known of them."""
    columns = [file.cells[place] or () for place in places[:_AMOUNT_AND_FLAG]]
    return [row for cells in columns for row, cell in enumerate(cells) if is_above_nought(cell)]


def _below_zero(settled: Settled, file: File, given: Mapping[str, tuple[int, ...]]) -> set[int]:
    """The rows in which an amount is below zero."""
    said = next((found["amount"].places for found in (settled.found, settled.questions) if "amount" in found), ())
    columns = [file.cells[place] or () for place in given.get("amount") or said]
    return {row for cells in columns for row, cell in enumerate(cells) if cell.startswith(("-", "−", "(", "–"))}


def _moves(words: Sequence[str], cells: Sequence[str], below_zero: set[int]) -> tuple[str, ...]:
    """The words for money that moves and is no sale: payouts, and fees that are taken off somewhere."""
    of_fees = [word for word in words if parts()["fee"].intersection(tokens(word))]
    if not any(cells[row] in of_fees for row in below_zero if row < len(cells)):
        of_fees = []
    return tuple(word for word in words if word in of_fees or key(word) in parts()["no_sale"])


def rows_that_give_back(words: Sequence[str], known: Vocabulary) -> tuple[str, ...]:
    """The words for refunds in a column of types, of which the others are all words for what was sold."""
    back = [word for word in words if judge(word, known).value in BACK or key(word) in parts()["credit"]]
    sold = [word for word in words if judge(word, known).value == "sale"]
    return tuple(back) if back and sold and len(back) + len(sold) == len(words) else ()


def _uncounted(words: Iterable[str], known: Vocabulary) -> tuple[str, ...]:
    return tuple(word for word in words if judge(word, known).value not in (None, *known.counted))


def _of_a_flag(header: str, shape: Shape, known: Vocabulary) -> tuple[str, ...]:
    """The words for yes in a column whose header asks whether a row was cancelled, refunded, failed or a test."""
    said = [answered(word).value for word in shape.example]
    if not all(said) or not _is_end(asked_of_a_row(header), known):
        return ()
    return tuple(word for word, value in zip(shape.example, said, strict=True) if value == "true")


def _of_a_return(header: str, shape: Shape, known: Vocabulary) -> tuple[str, ...]:
    """The states of what some customers wanted to give back, without those in which they may not: "Return status"."""
    said = set(tokens(header))
    if not (said & parts()["came_back"] and said & parts()["state"]):
        return ()
    if shape.filled > _SOME or shape.distinct > _FEW or shape.times or shape.low is not None:
        return ()
    refused = ("cancelled", "failed", "open", "sale")
    return tuple(
        word
        for word in shape.example
        if answered(word).value != "false" and (judge(word, known).value not in refused or _is_granted(word))
    )


def _is_granted(word: str) -> bool:
    """Whether a word that is one for a sale says of a return that it was granted: "Approved"."""
    return bool(parts()["granted"].intersection(tokens(word)))


def _unless_won(
    file: File, place: int, words: Sequence[str], counts: Sequence[bool], known: Vocabulary
) -> NoSales | None:
    """What leaves out the rows of a flag but those of which another flag says that it came to nothing: "Disputed?"
    beside "Dispute won?". None where there is no such flag, or one of them has empty cells."""
    header, cells = file.headers[place], file.cells[place] or ()
    for other, (name, shape) in enumerate(zip(file.headers, file.shapes, strict=True)):
        after = file.cells[other] or ()
        if other == place or shape is None or not all([*cells, *after]) or not _share_a_beginning(header, name):
            continue
        if (
            not all(answered(word).value for word in shape.example)
            or judge(asked_of_a_row(name), known).value != "sale"
        ):
            continue
        lost = {
            f"{cell}/{won}": None
            for cell, won in zip(cells, after, strict=True)
            if cell in words and answered(won).value == "false"
        }
        rows = sum(f"{cell}/{won}" in lost and sale for cell, won, sale in zip(cells, after, counts, strict=True))
        if 0 < rows < sum(cell in words for cell in cells):
            says = f"{mask_text(header)[0]} is {' or '.join(words)} and {mask_text(name)[0]} is not in"
            told = f"{says} {rows:,} of the first {len(cells):,} rows, which count as sales"
            values = [_quoted(word, file.headers) for word in lost]
            sign = f"!={values[0]}" if len(values) == 1 else f" not in ({', '.join(values)})"
            return NoSales(header, told, f'{_column(header)}+"/"+{_column(name)}{sign}')
    return None


def _share_a_beginning(one: str, other: str) -> bool:
    """Whether a word of one header begins as one of the other does: `Disputed?` and `Dispute Won?`."""
    beginnings = [{word[:_BEGINNING] for word in tokens(header) if len(word) >= _BEGINNING} for header in (one, other)]
    return bool(beginnings[0] & beginnings[1])


def asked_of_a_row(header: str) -> str:
    """What a header asks for, without the word that asks: `is_cancelled`."""
    words = tokens(header)
    return " ".join(words[1:] if len(words) > 1 and words[0] in parts()["asks"] else words)


def _is_a_day_of_an_end(header: str, shape: Shape, known: Vocabulary) -> bool:
    """Whether a column is filled where a row was cancelled or given back, with when: "Cancelled at"."""
    words = tokens(header)
    said = [word for word in words if word not in parts()["when"] | parts()["link"]]
    return shape.times >= _TIMES and shape.filled < 1 and 0 < len(said) < len(words) and _is_end(" ".join(said), known)


def _is_end(text: str, known: Vocabulary) -> bool:
    value = judge(text, known).value
    return value is not None and value not in known.counted and value != "open"


def says_what_a_row_is(header: str, shape: Shape) -> bool:
    """Whether a column says of what kind each row is, in a few words: "Type", "Zahlungsart", "Вид операции"."""
    words = tokens(header)
    if shape.distinct > _FEW or shape.words > _LONGEST or shape.times or shape.low is not None:
        return False
    return bool(parts()["row_kind"].intersection(words)) or any(word.endswith(("art", "typ")) for word in words)


def _is_one(cell: str, words: Sequence[str], empty: bool) -> bool:
    return not is_nothing(cell) if empty else cell in words


def keep_others(file: File, header: str, words: Sequence[str]) -> str:
    """The condition that keeps the other rows."""
    column = _column(header)
    if not words:
        return f"{column} is empty"
    values = [
        word if _PLAIN.fullmatch(word) and word not in file.headers else _quoted(word, file.headers) for word in words
    ]
    return f"{column}!={values[0]}" if len(values) == 1 else f"{column} not in ({', '.join(values)})"


def _column(header: str) -> str:
    return header if _SIMPLE.fullmatch(header) else '"{}"'.format(header.replace('"', '""'))


def _quoted(word: str, headers: Sequence[str]) -> str:
    """A value in quotes: double ones are for a column, too, where it has that name."""
    sign = "'" if word in headers else '"'
    return f"{sign}{word.replace(sign, 2 * sign)}{sign}"

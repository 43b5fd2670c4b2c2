"""The guess: which table a file is, what each of our columns is made from, and what has to be asked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from supportkit.exports.recognising.expressions import columns_read, parse
from supportkit.exports.recognising.guessing.machines import written_by_machines
from supportkit.exports.recognising.guessing.making import ask_for_the_missing, make_from_several
from supportkit.exports.recognising.guessing.no_sales import NoSales, no_sales
from supportkit.exports.recognising.guessing.returned_rows import take_types_for_states
from supportkit.exports.recognising.guessing.rows_twice import told_twice
from supportkit.exports.recognising.guessing.second_thoughts import doubt, refunds_in_hundredths
from supportkit.exports.recognising.guessing.settled import File, Found, Question, Settled
from supportkit.exports.recognising.guessing.settling import settle
from supportkit.exports.recognising.guessing.votes import are_of_urgency
from supportkit.exports.recognising.guessing.weighing import Weighed, compared, rivals_of, weight_of
from supportkit.exports.recognising.guessing.whole_refunds import add_whole_refunds
from supportkit.exports.recognising.header_names import normal_header
from supportkit.store.schema import TABLES
from supportkit.system.frozen import dataclass


@dataclass(frozen=True)
class Guess:
    """What a file may be; `tables` has more than one name where several may be meant."""

    name: str
    table: str
    columns: tuple[Found, ...]
    questions: tuple[Question, ...]
    doubtful: tuple[Question, ...]
    left_over: tuple[str, ...]
    rivals: tuple[str, ...] = ()
    no_sales: tuple[NoSales, ...] = ()
    values: tuple[tuple[str, str], ...] = ()
    """What words of the column of states mean in this file."""
    kept_out: tuple[str, ...] = ()
    """Our columns that headers of the file are called, and which these are not."""

    @property
    def settled(self) -> bool:
        """Whether nothing that is needed is in doubt."""
        return not self.questions and not self.rivals and not any(one.twice for one in self.no_sales)

    @property
    def map(self) -> dict[str, str]:
        """What was found, as a map."""
        return {one.ours: one.text for one in self.columns}

    @property
    def whole_map(self) -> dict[str, str]:
        """The map that a load takes, which reads nothing by a name that the guess goes against."""
        return {**self.map, **dict.fromkeys(self.kept_out, "''")}


def guess(file: File, *, table: str | None = None, given: Mapping[str, str] | None = None) -> Guess | None:
    """What a file may be; `table` and `given`, a map, are stated. None where nothing says that it is one of ours."""
    read = {ours: _read(text, file.headers) for ours, text in (given or {}).items()}
    weighed: Weighed = []
    for one in TABLES.values():
        if table in (None, one.name):
            stated = {ours: places for ours, places in read.items() if ours in {field.name for field in one.readable}}
            if table is None and len(stated) < len(read):
                continue
            settled = settle(one, file, stated)
            make_from_several(settled, file, stated)
            weight = weight_of(settled, file, stated)
            doubt(settled, file, stated)
            take_types_for_states(settled, file, stated)
            if one.name == "orders" and "refunded" not in stated:
                add_whole_refunds(settled, file, stated)
            ask_for_the_missing(settled, file, stated)
            if (given or {}).get("amount", "").replace(" ", "").endswith("/100"):
                refunds_in_hundredths(settled)
            weighed.append((weight, settled))
    weighed = compared(weighed, file, read, table=table)
    weighed.sort(key=lambda pair: -pair[0])
    if not weighed or (table is None and weighed[0][0] <= 0):
        return None
    rivals = rivals_of(weighed, file) if table is None else []
    return _told(weighed[0][1], file, read, rivals)


def _read(text: str, headers: Sequence[str]) -> tuple[int, ...]:
    return columns_read(parse(text, headers))


def _is_nothing(file: File, place: int) -> bool:
    """Whether a column has neither a name nor a value: what a delimiter at the end of each line makes."""
    shape = file.shapes[place]
    return shape is not None and not shape.filled and file.headers[place] == f"column_{place + 1}"


def _told(settled: Settled, file: File, given: Mapping[str, tuple[int, ...]], rivals: Sequence[str]) -> Guess:
    order = {field.name: place for place, field in enumerate(settled.table.readable)}
    found = sorted(settled.found.values(), key=lambda one: order.get(one.ours, len(order)))
    asked = sorted(settled.questions.values(), key=lambda one: order.get(one.ours, len(order)))
    doubtful = sorted(settled.doubtful.values(), key=lambda one: order[one.ours])
    used = {place for one in found for place in one.places} | {place for places in given.values() for place in places}
    left = tuple(
        header for place, header in enumerate(file.headers) if place not in used and not _is_nothing(file, place)
    )
    return Guess(
        file.name,
        settled.table.name,
        tuple(found),
        tuple(asked),
        tuple(doubtful),
        left,
        tuple(rivals),
        (*told_twice(settled, file, given), *no_sales(settled, file, given), *written_by_machines(settled, file)),
        tuple(settled.values.items()),
        tuple(_kept_out(settled, file, given, used)),
    )


def _kept_out(settled: Settled, file: File, given: Mapping[str, tuple[int, ...]], used: set[int]) -> Iterator[str]:
    """Our columns that a load would take by their very names, against the guess: they are in doubt, or something else,
    or hold no states."""
    names = [normal_header(header).replace(" ", "_") for header in file.headers]
    for field in settled.table.fields:
        ours = field.name
        place = names.index(ours) if ours in names else None
        if place is None or field.required or ours in {*settled.found, *settled.questions, *given}:
            continue
        if ours in settled.doubtful or place in used or (ours == "status" and are_of_urgency(file.shapes[place])):
            yield ours

"""Which rows of a file are kept: `--keep`, in the language of all conditions, over the headers of the file.

A side may be a calculation (`Quantity*UnitPrice > 0`). On the right `[Ordered]`, "Ordered" and, behind `<` or `>`,
the bare name are the column; a bare name behind `=` may be the text, too, and is refused with both readings. A column
is compared as ours that it fills: a number, a time, or a text as it is written in the file.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from difflib import get_close_matches

from supportkit.errors import UsageError
from supportkit.exports.recognising.expressions import (
    RECORD,
    Constant,
    Expression,
    Header,
    Operation,
    Parser,
    columns_read,
    figure_sql,
    is_figure,
    sql_of,
    within_reason,
)
from supportkit.store.conditions import Condition, Reader
from supportkit.store.matching import Bind, ComparedColumn, compared_as, is_day_or_time, is_number, selects
from supportkit.system.named import NamedTuple

Column = Callable[[int], ComparedColumn]
"""A column of the file, as conditions see it."""


class Kept(NamedTuple):
    """A condition with its sides: what stands on the left, and on the right where that is no value."""

    condition: Condition
    left: Expression
    right: Expression | None = None

    @property
    def sides(self) -> tuple[Expression, ...]:
        """The expressions in it."""
        return (self.left,) if self.right is None else (self.left, self.right)


class Read(NamedTuple):
    """How the cells of a file are read: a column as conditions see it, its number, and a parameter of a value."""

    column: Column
    number: Callable[[int], str]
    bind: Bind
    zone: str = "UTC"


def parse_kept(text: str, headers: Sequence[str]) -> tuple[Kept, ...]:
    """The conditions in a text. Raises UsageError, with the place of the fault, where it is none over these headers."""
    with within_reason(text):
        return _Sides(text, headers).kept()


class _Sides:
    """The sides of the conditions of one text, read one after the other."""

    def __init__(self, text: str, headers: Sequence[str]) -> None:
        self.parser = Parser(text, headers)
        self.reader = Reader("condition", text, left=self._left, right=self._right)
        self.read: list[tuple[Expression, Expression | None]] = []

    def kept(self) -> tuple[Kept, ...]:
        conditions = self.reader.conditions()
        for condition, (left, right) in zip(conditions, self.read, strict=True):
            if right is None and isinstance(left, Constant):
                raise UsageError(
                    f"condition {str(condition)!r}: {left.text!r} is no header of the file", hint=self.parser.hint
                )
        return tuple(Kept(condition, *sides) for condition, sides in zip(conditions, self.read, strict=True))

    def _left(self, at: int) -> int:
        try:
            found, after = self.parser.sum_at(at)
        except UsageError as error:
            expected = error.message.rpartition("expected ")[2]
            word = re.split(r"[=!<>]|\s(?:is|in|like|not)\s", self.reader.text[self.parser.at :])[0].strip()
            near = get_close_matches(word, self.parser.headers, n=1, cutoff=0.6)
            hint = f"did you mean {near[0]!r}? " if near else ""
            raise self.reader.fault(f"expected {expected}", hint + error.hint, self.parser.at) from error
        self.read.append((found, None))
        return after

    def _right(self, at: int) -> int | None:
        """A calculation or another header; a value is none of its business."""
        try:
            found, after = self.parser.sum_at(at)
        except UsageError:
            return None
        text = self.reader.text[at:after].strip()
        calculates = isinstance(found, Operation) and bool(set("*(") & set(text))
        if not (columns_read(found) or found == Header(RECORD) or calculates) or not self.reader.over(after):
            return None
        if is_number(text) or is_day_or_time(text):
            return None
        left = self.read[-1][0]
        if isinstance(left, Header) and isinstance(found, Header) and text[0] not in '["' and self._equals(at):
            raise self.reader.fault(f"{text!r} is a text and a column", f"write '{text}' or [{text}]", at)
        self.read[-1] = (left, found)
        return after

    def _equals(self, at: int) -> bool:
        """Whether `=` or `!=` stands before a place."""
        before = self.reader.text[:at].rstrip()
        return before.endswith(("=", "<>")) and not before.endswith(("<=", ">="))


def numbers_in(kept: Sequence[Kept], column: Column) -> tuple[int, ...]:
    """The columns of the file that conditions read as numbers."""
    found: dict[int, None] = {}
    for one in kept:
        calculated = any(is_figure(side) for side in one.sides)
        if isinstance(one.left, Header) and one.right is None and one.left.place != RECORD:
            calculated = compared_as(column(one.left.place), one.condition) == "number"
        if calculated:
            found.update(dict.fromkeys(place for side in one.sides for place in columns_read(side)))
    return tuple(found)


def kept_sql(kept: Sequence[Kept], cells: Read, *, fold: bool = False) -> str:
    """The SQL of conditions, true or false; `fold` compares texts without their case."""
    return " and ".join(f"coalesce({_one(one, cells, fold)}, false)" for one in kept)


def _one(kept: Kept, cells: Read, fold: bool) -> str:
    left = _compared(kept.left, cells)
    if kept.right is not None:
        return _between(kept, left, _compared(kept.right, cells), cells)
    if not fold:
        return selects(left, kept.condition, cells.bind, cells.zone)
    folded = [value.lower() for value in kept.condition.values] or [""]
    condition = replace(kept.condition, value=folded[0], more=tuple(folded[1:]), quoted=True)
    return selects(ComparedColumn("any", f"lower({left.text})", number=left.number), condition, cells.bind, cells.zone)


def _compared(side: Expression, cells: Read) -> ComparedColumn:
    """An expression as conditions see it."""
    if isinstance(side, Header) and side.place != RECORD:
        return cells.column(side.place)
    text = sql_of(side, numeric=False, bind=cells.bind, number=cells.number)
    if is_figure(side) or side == Header(RECORD):
        return ComparedColumn("number", text, figure_sql(side, cells.bind, cells.number), loose=True)
    return ComparedColumn("any", text, number=f"try_cast({text} as double)")


def _between(kept: Kept, left: ComparedColumn, right: ComparedColumn, cells: Read) -> str:
    """Two sides: numbers where one is calculated, instants where both are, else numbers if both are, else texts."""
    sign = kept.condition.operator
    operator = "is distinct from" if sign == "!=" else sign
    if any(is_figure(side) for side in kept.sides):
        one, other = (figure_sql(side, cells.bind, cells.number) for side in kept.sides)
        return f"{one} {operator} {other}"
    if left.kind == right.kind == "time":
        return f"{left.value} {operator} {right.value}"
    if sign in ("=", "!="):
        return f"coalesce({left.text}, '') {sign} coalesce({right.text}, '')"
    one, other = (side.value if side.kind == "number" else side.number for side in (left, right))
    both = f"{one} is not null and {other} is not null"
    return f"case when {both} then {one} {sign} {other} else {left.text} {sign} {right.text} end"

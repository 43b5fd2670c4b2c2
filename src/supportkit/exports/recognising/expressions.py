"""What a person writes on the right of `--map ours=theirs` and on the sides of `--keep`: parsed, never pasted into SQL.

expression := a header | 'a constant' | a number | expression (+ - * /) expression | ( expression )

`+` adds numbers and joins texts: it adds where one part is a number as written and the others are columns of numbers.
`record` is the number of the row in its file, for files whose rows have no id (unless a header has that name).
A header is written as it stands, the longest match first; `[…]` or "…" around it where it is ambiguous.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Final, Literal

from supportkit.errors import UsageError
from supportkit.exports.masking import mask_text
from supportkit.system.late_patterns import late
from supportkit.system.named import NamedTuple

RECORD: Final = -1
Figure = Literal["decimal(18,4)", "decimal(18,6)", "double"]
"""What is calculated with: money exactly, instants in a number that holds nanoseconds since 1970."""
MONEY: Final = "decimal(18,4)"
FINE: Final = "decimal(18,6)"
"""What is calculated for a figure of ours: a price per piece may have more decimals than are stored."""
INSTANT: Final = "double"
LONGEST: Final = 500
_NUMBER: Final = late(r"\d+(?:\.\d+)?(?!\w)")
_QUOTED: Final = late(r"'((?:[^']|'')*)'|\"((?:[^\"]|\"\")*)\"|\[([^\]]*)\]")


class Header(NamedTuple):
    """A column of the file, by its place; RECORD is the number of the row."""

    place: int


class Constant(NamedTuple):
    """A text or a number as written."""

    text: str
    number: bool = False


class Operation(NamedTuple):
    """Two expressions and what joins them: + - * /."""

    operator: str
    left: Expression
    right: Expression


Expression = Header | Constant | Operation


def parse(text: str, headers: Sequence[str]) -> Expression:
    """The expression in a text. Raises UsageError where it is none over these headers."""
    whole = _header(text.strip(), headers)
    if whole:
        return whole
    with within_reason(text):
        return Parser(text, headers).expression()


@contextmanager
def within_reason(text: str) -> Iterator[None]:
    """Refuse what is too long or too deep to be meant. Raises UsageError."""
    error = UsageError(f"{text[:40]}…: too long", hint=f"at most {LONGEST} characters, and no towers of parentheses")
    if len(text) > LONGEST:
        raise error
    try:
        yield
    except RecursionError as fault:
        raise error from fault


def columns_read(expression: Expression) -> tuple[int, ...]:
    """The columns that an expression reads."""
    match expression:
        case Header(place):
            return (place,) if place != RECORD else ()
        case Operation(_, left, right):
            return tuple(dict.fromkeys((*columns_read(left), *columns_read(right))))
        case _:
            return ()


def counts_rows(expression: Expression) -> bool:
    """Whether an expression reads the number of the row."""
    match expression:
        case Header(place):
            return place == RECORD
        case Operation(_, left, right):
            return counts_rows(left) or counts_rows(right)
        case _:
            return False


def _header(text: str, headers: Sequence[str]) -> Header | None:
    wanted = " ".join(text.split())
    for fold in (str, str.casefold):
        found = [place for place, name in enumerate(headers) if fold(name) == fold(wanted)]
        if found:
            return Header(found[0])
    return None


class Parser:
    """A cursor over one text."""

    def __init__(self, text: str, headers: Sequence[str]) -> None:
        self.text = text
        self.headers = headers
        self.at = 0
        self.longest = sorted(enumerate(headers), key=lambda item: -len(item[1]))

    def expression(self) -> Expression:
        found = self._sum()
        if self._peek():
            raise self._fault()
        return found

    def sum_at(self, at: int) -> tuple[Expression, int]:
        """The expression that begins at a place, and the place after it. Raises UsageError."""
        self.at = at
        return self._sum(), self.at

    def _sum(self) -> Expression:
        return self._joined("+-", self._product)

    def _product(self) -> Expression:
        return self._joined("*/", self._term)

    def _joined(self, operators: str, part: Callable[[], Expression]) -> Expression:
        found = part()
        while (sign := self._peek()) and sign in operators:
            self.at += 1
            found = Operation(sign, found, part())
        return found

    def _term(self) -> Expression:
        sign = self._peek()
        if sign == "(" and not self._named():
            self.at += 1
            found = self._sum()
            if self._peek() != ")":
                raise self._fault("a closing parenthesis")
            self.at += 1
            return found
        if sign == "-":
            self.at += 1
            return Operation("-", Constant("0", number=True), self._term())
        if quoted := _QUOTED.match(self.text, self.at):
            self.at = quoted.end()
            return self._from_quotes(quoted)
        if named := self._named():
            place, end = named
            self.at = end
            return Header(place)
        if re.compile(r"record\b", re.IGNORECASE).match(self.text, self.at):
            self.at += len("record")
            return Header(RECORD)
        if number := _NUMBER.match(self.text, self.at):
            self.at = number.end()
            return Constant(number[0], number=True)
        raise self._fault("a header, a number or a 'constant'")

    def _from_quotes(self, quoted: re.Match[str]) -> Expression:
        constant, double, bracket = quoted.groups()
        if constant is not None:
            return Constant(constant.replace("''", "'"))
        name = bracket if bracket is not None else double.replace('""', '"')
        named = _header(name, self.headers)
        if named is None and bracket is not None:
            raise self._fault("a header", bracket)
        return named or Constant(name)

    def _named(self) -> tuple[int, int] | None:
        for fold in (str, str.casefold):
            for place, name in self.longest:
                end = self.at + len(name)
                if name and fold(self.text[self.at : end]) == fold(name) and not self._runs_on(name, end):
                    return place, end
        return None

    def _runs_on(self, name: str, end: int) -> bool:
        """Whether a word goes on after the name: then it is another word."""
        return name[-1].isalnum() and end < len(self.text) and (self.text[end].isalnum() or self.text[end] == "_")

    def _peek(self) -> str:
        while self.at < len(self.text) and self.text[self.at].isspace():
            self.at += 1
        return self.text[self.at : self.at + 1]

    def _fault(self, expected: str = "an operator", word: str = "") -> UsageError:
        rest = word or self.text[self.at :] or "the end"
        return UsageError(f"{self.text!r} is not understood at {rest!r}: expected {expected}", hint=self.hint)

    @property
    def hint(self) -> str:
        """What a person may name."""
        return f"the headers are {listed(self.headers)}; put a constant in quotes"


Places = Callable[[int], bool]
"""Whether a column of the file, by its place, is known to hold nothing but numbers."""


def sql_of(
    expression: Expression,
    *,
    numeric: bool,
    bind: Callable[[str], str],
    number: Callable[[int], str],
    numbers: Places = lambda place: False,
    kind: Figure = MONEY,
) -> str:
    """The SQL of an expression as text; `bind` makes a parameter of a constant, `number` the SQL of a numeric column.

    `+` joins texts unless the target is `numeric` or all its parts are numbers; a text in quotes always joins.
    """
    match expression:
        case Header(place):
            return f"t{place}" if place != RECORD else "cast(record as varchar)"
        case Constant(text):
            return f"cast({bind(text)} as varchar)"
        case Operation("+", _, _) if _joins(expression, numeric, numbers):
            parts = [
                sql_of(one, numeric=False, bind=bind, number=number, numbers=numbers, kind=kind)
                for one in _summands(expression)
            ]
            return f"({' || '.join(parts)})"
        case _:
            return _written_sql(figure_sql(expression, bind, number, kind), kind, numeric=numeric)


def numeric_columns(expression: Expression, *, numeric: bool, numbers: Places = lambda place: False) -> tuple[int, ...]:
    """The columns that an expression reads as numbers."""
    match expression:
        case Operation("+", _, _) if _joins(expression, numeric, numbers):
            return tuple(place for one in _summands(expression) for place in numeric_columns(one, numeric=False))
        case Operation("+" | "-" | "*" | "/", _, _):
            return columns_read(expression)
        case _:
            return ()


def figure_sql(
    expression: Expression, bind: Callable[[str], str], number: Callable[[int], str], kind: Figure = MONEY
) -> str:
    match expression:
        case Header(place):
            text = number(place) if place != RECORD else "record"
            return f"try_cast({text} as {kind})"
        case Constant(text):
            return f"try_cast({bind(text)} as {kind})"
        case Operation(sign, left, right):
            sides = [figure_sql(side, bind, number, kind) for side in (left, right)]
            if sign == "/":
                sides[1] = f"nullif({sides[1]}, 0)"
            return f"try_cast({sides[0]} {sign} {sides[1]} as {kind})"


def added(expression: Expression) -> tuple[int, ...]:
    """The columns that `+` adds or joins, by what they hold: where a number as written stands beside them."""
    match expression:
        case Operation("+", _, _) if _has_number(expression) and not _has_text(expression):
            return _terms(expression)
        case _:
            return ()


def is_doubtful(expression: Expression) -> bool:
    """Whether `+` may add or join where columns of numbers stand beside the number of the row and no other number."""
    return bool(added(expression)) and not _has_number(expression, record=False)


def written(expression: Expression, headers: Sequence[str]) -> str:
    """An expression as a person may write it."""
    match expression:
        case Header(place):
            return headers[place] if place != RECORD else "record"
        case Constant(text, number):
            return text if number else f"'{text}'"
        case Operation(sign, left, right):
            return f"({written(left, headers)} {sign} {written(right, headers)})"


def _written_sql(figure: str, kind: Figure, *, numeric: bool) -> str:
    """The SQL for a figure as text, without zeros behind its point where the text is more than a number."""
    text = f"format('{{:.6f}}', {figure})" if kind == INSTANT else f"cast({figure} as varchar)"
    return text if numeric else f"rtrim(rtrim({text}, '0'), '.')"


def _joins(expression: Operation, numeric: bool, numbers: Places) -> bool:
    if _has_text(expression):
        return True
    return not numeric and not (_has_number(expression) and all(map(numbers, _terms(expression))))


def _summands(expression: Expression) -> tuple[Expression, ...]:
    """The parts that `+` joins or adds."""
    match expression:
        case Operation("+", left, right):
            return (*_summands(left), *_summands(right))
        case _:
            return (expression,)


def _terms(expression: Expression) -> tuple[int, ...]:
    """The columns that stand for themselves in a sum."""
    return tuple(one.place for one in _summands(expression) if isinstance(one, Header) and one.place != RECORD)


def _has_number(expression: Expression, *, record: bool = True) -> bool:
    """Whether a part of a sum is a number whatever the file holds; `record` counts where it is asked to."""
    for one in _summands(expression):
        match one:
            case Header(place) if place == RECORD and record:
                return True
            case Constant(_, True) | Operation():
                return True
    return False


def _has_text(expression: Expression) -> bool:
    match expression:
        case Constant(_, number):
            return not number
        case Operation(_, left, right):
            return _has_text(left) or _has_text(right)
        case _:
            return False


def is_figure(expression: Expression) -> bool:
    match expression:
        case Constant(_, number):
            return number
        case Operation(_, _, _):
            return not _has_text(expression)
        case _:
            return False


def listed(headers: Sequence[str]) -> str:
    """Headers for a message, which is not as long as the file is wide; what looks like one may be a row of people."""
    shown = [mask_text(header if len(header) <= 40 else f"{header[:39]}…")[0] for header in headers[:20]]
    more = f" and {len(headers) - 20:,} more" if len(headers) > 20 else ""
    return (", ".join(shown) or "(none)") + more

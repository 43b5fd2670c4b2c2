"""Conditions as people write them, in one language: `--where`, `--keep`, a check's brackets, the steps of a funnel.

conditions := condition {"and" condition}
condition  := column (= != <> < <= > >=) value
            | column [not] in (value {, value}) | column [not] like value | column is [not] empty
column     := its name as it stands; in double quotes where a sign or a word of the language stands in it
value      := a text as it stands, up to the next `and`; in quotes where that, or a quote at the start of a word, is in
              it. Inside quotes, a quote of their kind is written twice.

In a check's brackets a comma is `and`, too; a step ends at `as`; in `--keep` the sides may be calculations over the
file's headers. `country=` is `country is empty`. What a condition selects is written in `matching`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Final, Literal

from supportkit.errors import UsageError
from supportkit.system.frozen import dataclass
from supportkit.system.late_patterns import late

Operator = Literal["=", "!=", "<", "<=", ">", ">=", "in", "not in", "like", "not like", "is empty", "is not empty"]
Side = Callable[[int], int | None]
"""Reads one side of a condition from a place on; gives the place after it, None where it is not for it to read."""

_SYMBOLS: Final[dict[str, Operator]] = {"<>": "!=", "!=": "!=", "==": "=", "<=": "<=", ">=": ">=", "=": "=", "<": "<"}
_SYMBOLS[">"] = ">"
_WORDS: Final[tuple[Operator, ...]] = ("in", "not in", "like", "not like", "is empty", "is not empty")
_SYMBOL: Final = late("|".join(_SYMBOLS))
_WORD: Final = late(r"(is\s+(?:not\s+)?empty)\b|((?:not\s+)?in)\s*(?=\()|((?:not\s+)?like)\b", re.IGNORECASE)
_AND: Final = late(r"\s+and(?=\s|$)", re.IGNORECASE)
_COMMA: Final = late(r"\s*,")
_AS: Final = late(r"\s+as\s+", re.IGNORECASE)
_BRACKET: Final = late(r"\s*\]")
_QUOTED: Final = late(r"""'((?:[^']|'')*)'|"((?:[^"]|"")*)\"""")
_SECOND: Final = late(r"(?:\s+or\s+|,\s*)[^\s=!<>,][^=!<>,]*?\s*(?:[=<>]|!=)", re.IGNORECASE)
NONE: Final = "(none)"
"""What a result calls the value of a dimension that is empty."""
NUMBER: Final = late(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?")
DAY: Final = late(r"\d{4}-\d\d-\d\d")
TIME: Final = late(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d.*")
_PLAIN: Final = late(r"[\w+.:@/-]+(?: [\w+.:@/-]+)*")
_RESERVED: Final = frozenset(("and", "or", "as", "is", "in", "not", "like", "empty"))
_HINT: Final = "write column op value, for example country=DE; quote a value with ' and ' or quotes in it"
_LONGEST: Final = 200  # that an error shows of a text
_SEVERAL: Final = "join conditions with and, write several values as channel in (chat, email), or quote the value"


@dataclass(frozen=True)
class Condition:
    """A column, an operator and a value; `more` are the further values of `in`.

    `quoted` says that a number or a day among the values stood in quotes, and is a text.
    """

    column: str
    operator: Operator = "="
    value: str = ""
    more: tuple[str, ...] = ()
    quoted: bool = False

    @property
    def values(self) -> tuple[str, ...]:
        """All values; none of `is empty`."""
        return () if self.operator.endswith("empty") else (self.value, *self.more)

    def __str__(self) -> str:
        """The condition as it is written; reading that gives the same one."""
        name, values = _named(self.column), [_valued(value, self.quoted) for value in self.values]
        if self.operator in _SYMBOLS:
            return f"{name}{self.operator}{values[0]}"
        if self.operator.endswith("in"):
            return f"{name} {self.operator} ({', '.join(values)})"
        return " ".join((name, self.operator, *values))


def equals(column: str, value: str) -> Condition:
    """The condition that selects the row of a result with this value of a dimension."""
    return Condition(column, "is empty") if value == NONE else Condition(column, "=", value)


def parse_conditions(texts: Iterable[str]) -> tuple[Condition, ...]:
    """Conditions from `--where` texts: `country=DE`, `amount>=10 and channel in (chat, 'e-mail')`."""
    return tuple(condition for text in texts for condition in Reader("condition", text).conditions())


def read_brackets(text: str, at: int) -> tuple[tuple[Condition, ...], int]:
    """The conditions of a check's brackets, opened before a place, and the place after them."""
    reader = Reader("check", text, at, stop=_BRACKET, commas=True)
    found = () if reader.ends(at) else reader.conditions()
    closed = _BRACKET.match(text, reader.at)
    if not closed:
        raise reader.fault("the bracket is not closed")
    return found, closed.end()


def read_step(text: str, at: int) -> tuple[tuple[Condition, ...], str, str]:
    """The conditions of a funnel's step from a place on, the name behind `as` (or none), and the conditions' text."""
    reader = Reader("step", text, at, stop=_AS)
    found = reader.conditions()
    return found, _AS.sub("", text[reader.at :], count=1).strip(), text[at : reader.at].strip()


def split_list(text: str) -> list[str]:
    """The parts of a text between commas; a comma in quotes or in parentheses parts nothing."""
    parts, begun, at = [], 0, 0
    while at < len(text):
        past = _past_quotes(text, at)
        if past == at and text[at] == "(":
            past = _closing(text, at + 1) + 1
        if text[at] == ",":
            parts.append(text[begun:at])
            begun = at + 1
        at = max(at + 1, past)
    return [*parts, text[begun:]]


class Reader:
    """A cursor over one text. `left` and `right` read the sides that are more than a name and a value."""

    def __init__(
        self,
        said: str,
        text: str,
        at: int = 0,
        *,
        stop: re.Pattern[str] | None = None,
        commas: bool = False,
        left: Side | None = None,
        right: Side | None = None,
    ) -> None:
        self.said = said
        self.text = text
        self.at = at
        self.stop = stop
        self.commas = commas
        self.left = left
        self.right = right
        self.length = len(text.rstrip())

    def conditions(self) -> tuple[Condition, ...]:
        """The conditions from here to where they end. Raises UsageError with the place of the fault."""
        found = [self._condition()]
        while not self.ends(self.at):
            parted = self._parted(self.at)
            if parted is None:
                self._blanks()
                raise self.fault(f"{self.text[self.at : self.length].strip()!r} is not understood")
            self.at = parted
            if not (self.commas and self.ends(self.at)):
                found.append(self._condition())
        return tuple(found)

    def ends(self, at: int) -> bool:
        """Whether nothing of the conditions comes from a place on."""
        return at >= self.length or bool(self.stop and self.stop.match(self.text, at))

    def fault(self, what: str, hint: str = _HINT, at: int | None = None) -> UsageError:
        """The error for what stands at a place."""
        column = min(self.at if at is None else at, self.length) + 1
        shown = self.text[: self.length] if self.length <= _LONGEST else f"{self.text[:_LONGEST]}…"
        return UsageError(f"{self.said} {shown!r}, column {column}: {what}", hint=hint)

    def _parted(self, at: int) -> int | None:
        """The place after an `and`, or a comma where it is one; None where there is neither."""
        found = _AND.match(self.text, at)
        if found is None and self.commas:
            found = _COMMA.match(self.text, at)
        return found.end() if found else None

    def over(self, at: int, *, listed: bool = False) -> bool:
        """Whether a name or a value ends at a place."""
        if listed:
            return at >= self.length or self.text[at] in ",)"
        return self.ends(at) or self._parted(at) is not None

    def _blanks(self) -> None:
        while self.at < self.length and self.text[self.at].isspace():
            self.at += 1

    def _condition(self) -> Condition:
        self._blanks()
        start = self.at
        if self.left is None:
            column = self._column()
        else:
            self.at = self.left(start) or start
            column = self.text[start : self.at].strip()
        self._blanks()
        if symbol := _SYMBOL.match(self.text, self.at):
            self.at = symbol.end()
            return self._compared(column, _SYMBOLS[symbol[0]])
        word = _WORD.match(self.text, self.at)
        if word is None:
            raise self.fault(f"{column!r} is no condition: an operator is missing")
        self.at = word.end()
        operator = next(one for one in _WORDS if one == " ".join(word[0].lower().split()))
        if operator.endswith("empty"):
            return Condition(column, operator)
        if operator.endswith("in"):
            return self._listed(column, operator)
        value, _ = self._value()
        if not value:
            raise self.fault("a value is missing")
        return Condition(column, operator, value)

    def _compared(self, column: str, operator: Operator) -> Condition:
        start = self.at
        after = self.right(start) if self.right is not None else None
        if after is not None:
            self.at = after
            return Condition(column, operator, self.text[start:after].strip())
        value, quoted = self._value()
        if value:
            return Condition(column, operator, value, quoted=quoted)
        if operator not in ("=", "!="):
            raise self.fault("a value is missing", at=start)
        return Condition(column, "is empty" if operator == "=" else "is not empty")

    def _listed(self, column: str, operator: Operator) -> Condition:
        """The values of `in`, from the parenthesis that opens them on."""
        self.at += 1
        values, any_quoted = [], False
        while True:
            before = self.at
            value, quoted = self._value(listed=True)
            values.append(value)
            any_quoted |= quoted
            if self.at >= self.length:
                raise self.fault("the list is not closed", "write channel in (chat, email)")
            if not self.text[before : self.at].strip():
                raise self.fault("a value is missing", "write channel in (chat, email)")
            self.at += 1
            if self.text[self.at - 1] == ")":
                return Condition(column, operator, values[0], tuple(values[1:]), any_quoted)

    def _value(self, *, listed: bool = False) -> tuple[str, bool]:
        """A value, and whether it is a number or a day in quotes."""
        if not self.over(self.at, listed=listed):
            self._blanks()
        start = self.at
        if self.text[start : start + 1] in ("'", '"'):
            quoted = _QUOTED.match(self.text, start)
            if quoted is None:
                raise self.fault("a quote is not closed")
            self.at = quoted.end()
            if listed or not self.over(self.at):
                self._blanks()
            if not self.over(self.at, listed=listed):
                raise self.fault(f"{self.text[self.at : self.length].strip()!r} is not understood")
            return _unquoted(quoted), _has_type(_unquoted(quoted))
        if symbol := _SYMBOL.match(self.text, start):
            raise self.fault(f"a value that begins with {symbol[0]} stands in quotes")
        while not self.over(self.at, listed=listed):
            self.at = max(self.at + 1, _past_quotes(self.text, self.at))
        value = self.text[start : self.at].strip()
        if second := _SECOND.search(value):
            raise self.fault("this reads like a second condition", _SEVERAL, start + second.start())
        return value, False

    def _column(self) -> str:
        """The name of a column; the cursor is then at its operator, or at the end."""
        start = self.at
        if quoted := _QUOTED.match(self.text, start):
            if quoted[1] is not None:
                raise self.fault("the name of a column stands in double quotes, or in none")
            self.at = quoted.end()
            return _unquoted(quoted)
        word = -1  # where the first `in` or `like` stands, which may be a part of the name
        at = start
        while not self.over(at):
            if _SYMBOL.match(self.text, at):
                break
            found = _WORD.match(self.text, at) if at > start and self.text[at - 1].isspace() else None
            if found and self._is_operator(found):
                break
            if found and word < 0:
                word = at
            at = max(at + 1, _past_quotes(self.text, at))
        else:
            at = word if word >= 0 else at
        self.at = at
        if name := self.text[start:at].strip():
            return name
        raise self.fault("the name of a column is missing")

    def _is_operator(self, word: re.Match[str]) -> bool:
        """Whether a word can be nothing but the operator: a condition ends behind it, or behind its list."""
        if word[2]:
            closing = _closing(self.text, self.text.index("(", word.start()) + 1)
            return closing >= 0 and self.over(closing + 1)
        return bool(word[1]) and self.over(word.end())


def _past_quotes(text: str, at: int) -> int:
    """The place after what is quoted from here on; here, where no word begins with a quote that is closed."""
    if text[at] not in "'\"" or (at and not (text[at - 1].isspace() or text[at - 1] in "(,=<>")):
        return at
    quoted = _QUOTED.match(text, at)
    return quoted.end() if quoted else at


def _closing(text: str, at: int) -> int:
    """The place of the parenthesis that closes, outside quotes; -1 where none does."""
    while at < len(text):
        if text[at] == ")":
            return at
        at = max(at + 1, _past_quotes(text, at))
    return -1


def _unquoted(quoted: re.Match[str]) -> str:
    single, double = quoted.groups()
    return str(single.replace("''", "'") if single is not None else double.replace('""', '"'))


def _has_type(value: str) -> bool:
    """Whether a value is a number, a day or a time, were it not in quotes."""
    return any(pattern.fullmatch(value) for pattern in (NUMBER, DAY, TIME))


def _is_plain(text: str) -> bool:
    return bool(_PLAIN.fullmatch(text)) and _RESERVED.isdisjoint(text.casefold().split())


def _named(column: str) -> str:
    return column if _is_plain(column) else '"' + column.replace('"', '""') + '"'


def _valued(value: str, quoted: bool) -> str:
    if _is_plain(value) and not (quoted and _has_type(value)):
        return value
    return "'" + value.replace("'", "''") + "'"

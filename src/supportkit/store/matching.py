"""What a condition selects, as SQL over a column of a kind; every value is bound.

Numbers are compared as numbers, times as instants, where a day is the whole day in the time zone: `>2026-11-08` is
after it, `<=2026-11-08` with it. Texts are equal as they stand. Which is the earlier of two texts goes by their numbers
or days where the value is one. A column that nobody has given a type (`any`: an extra one of an export) is compared by
the value: as a number, as a day, else as a text; a value in quotes is a text. `tags=vip` is one tag of several.

Empty is what has no value or no letter in it. `!=`, `not in` and `not like` are the other rows, the empty ones among
them; all else selects no empty row.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from math import isfinite
from typing import Any, Final, Literal
from zoneinfo import ZoneInfo

from supportkit.errors import UsageError
from supportkit.period import midnight
from supportkit.store.conditions import DAY, NUMBER, TIME, Condition
from supportkit.system.frozen import dataclass
from supportkit.system.late_patterns import late

Kind = Literal["number", "time", "flag", "list", "text", "any"]
Bind = Callable[[Any], str]
"""Makes a parameter of a value: the SQL that stands for it."""

_OTHERS: Final = {"!=": "=", "not in": "in", "not like": "like"}
_OPEN_ESCAPE: Final = late(r"(?<!\\)(?:\\\\)*\\$")
_LIKE: Final = r"like {} escape '\'"


@dataclass(frozen=True)
class ComparedColumn:
    """A column as conditions see it: its kind, and the SQL of its text, of its own value, and of it as a number.

    `loose`: a value that its kind can never have is no error, the texts are compared then.
    """

    kind: Kind
    text: str
    value: str = ""
    number: str = ""
    loose: bool = False


def kind_of(type_: str) -> Kind:
    """The kind of a column of one of our types."""
    if type_.endswith("[]"):
        return "list"
    if type_.startswith(("bigint", "double", "decimal")):
        return "number"
    return "time" if type_ == "timestamptz" else "flag" if type_ == "boolean" else "text"


def selects(column: ComparedColumn, condition: Condition, bind: Bind, zone: str) -> str:
    """The SQL of a condition over a column. Raises UsageError for a value that the column can never have."""
    if condition.operator == "is empty":
        return _empty(column)
    if condition.operator == "is not empty":
        return f"not {_empty(column)}"
    kind = compared_as(column, condition)
    if other := _OTHERS.get(condition.operator):
        return f"not coalesce({_any_of(column, kind, other, condition.values, bind, zone)}, false)"
    return _any_of(column, kind, condition.operator, condition.values, bind, zone)


def is_number(value: str) -> bool:
    """Whether a value is a number."""
    return bool(NUMBER.fullmatch(value)) and isfinite(float(value))


def is_day_or_time(value: str) -> bool:
    """Whether a value is a day, or a day and a time of it."""
    return _instant(value) is not None


def _any_of(column: ComparedColumn, kind: Kind, operator: str, values: Sequence[str], bind: Bind, zone: str) -> str:
    """One value after the other; an empty one is what is empty."""
    sign = "=" if operator == "in" else operator
    tests = [_one(column, kind, sign, value, bind, zone) if value else _empty(column) for value in values]
    return tests[0] if len(tests) == 1 else f"({' or '.join(tests)})"


def _one(column: ComparedColumn, kind: Kind, sign: str, value: str, bind: Bind, zone: str) -> str:
    own = column.kind in ("number", "time", "flag", "list")
    if kind == "list":
        if sign == "like":
            return f"len(list_filter({column.value}, lambda one: one {_LIKE.format(bind(value))})) > 0"
        return f"list_contains({column.value}, {bind(value)})"
    if sign == "like":
        return f"{column.text} {_LIKE.format(bind(value))}"
    if kind == "number":
        return f"{column.value if own else column.number} {sign} {bind(float(value))}"
    if kind == "flag":
        return f"{column.value} {sign} {bind(value.lower() == 'true')}"
    if kind == "time":
        return _at_time(column, sign, value, bind, zone) if own else _as_written(column, sign, value, bind, zone)
    return f"{column.text} {sign} {bind(value)}"


def _at_time(column: ComparedColumn, sign: str, value: str, bind: Bind, zone: str) -> str:
    """An instant against a day or a time."""
    found = _instant(value)
    if isinstance(found, datetime):
        local = found if found.tzinfo else found.replace(tzinfo=ZoneInfo(zone))
        return f"{column.value} {sign} {bind(local)}"
    assert found is not None
    first, after = midnight(found, zone), midnight(found + timedelta(days=1), zone)
    if sign == "=":
        return f"({column.value} >= {bind(first)} and {column.value} < {bind(after)})"
    edge, side = {"<": (first, "<"), ">=": (first, ">="), "<=": (after, "<"), ">": (after, ">=")}[sign]
    return f"{column.value} {side} {bind(edge)}"


def _as_written(column: ComparedColumn, sign: str, value: str, bind: Bind, zone: str) -> str:
    """A text in which a day or a time may stand: the day as written, the time as an instant."""
    found = _instant(value)
    if isinstance(found, datetime):
        local = found if found.tzinfo else found.replace(tzinfo=ZoneInfo(zone))
        return f"try_cast({column.text} as timestamptz) {sign} {bind(local)}"
    return f"try_cast({column.text} as date) {sign} {bind(found)}"


def _empty(column: ComparedColumn) -> str:
    if column.kind == "list":
        return f"(coalesce(len({column.value}), 0) = 0)"
    if column.kind in ("number", "time", "flag") and not column.loose:
        return f"({column.value} is null)"
    return f"(coalesce({column.text}, '') = '')"


def compared_as(column: ComparedColumn, condition: Condition) -> Kind:
    """As what the column and the values are compared."""
    values = [value for value in condition.values if value]
    numbers, times = all(map(is_number, values)), all(map(is_day_or_time, values))
    ordered = condition.operator in ("<", "<=", ">", ">=")
    wrong = hint = ""
    if condition.operator.endswith("like") and _OPEN_ESCAPE.search(condition.value):
        said = f"condition {str(condition)!r}: the backslash at the end makes no sign of a pattern a letter"
        raise UsageError(said, hint="a backslash itself is written twice")
    if column.kind in ("text", "any"):
        if condition.operator.endswith("like") or not (ordered or (column.kind == "any" and not condition.quoted)):
            return "text"
        return "number" if numbers and values else "time" if times and values else "text"
    if column.kind == "list":
        if not ordered:
            return "list"
        wrong, hint = "a list has no order", f"write {condition.column}={condition.value}"
    elif condition.operator.endswith("like"):
        wrong, hint = "like is for texts", f"{condition.column} is a {_NAMES[column.kind]}: compare it with = < >"
    elif column.kind == "number" and not numbers:
        odd = next(value for value in values if not is_number(value))
        wrong, hint = f"{odd!r} is not a number", f"for example {condition.column}{condition.operator}10"
    elif column.kind == "time" and not times:
        odd = next(value for value in values if not is_day_or_time(value))
        wrong, hint = f"{odd!r} is not a day or a time", "write 2026-11-08 or 2026-11-08T18:00"
    elif column.kind == "flag" and (ordered or not {value.lower() for value in values} <= {"true", "false"}):
        wrong, hint = "this column is true or false", f"write {condition.column}=true"
    if not wrong:
        return column.kind
    if column.loose:
        return "text"
    raise UsageError(f"condition {str(condition)!r}: {wrong}", hint=hint)


_NAMES: Final = {"number": "number", "time": "time", "flag": "true or false"}


def _instant(value: str) -> date | datetime | None:
    """A day, or a time of one."""
    try:
        if DAY.fullmatch(value):
            found: date | datetime = date.fromisoformat(value)
        elif TIME.fullmatch(value):
            found = datetime.fromisoformat(value)
        else:
            return None
    except ValueError:
        return None
    return found if 1 < found.year < 9999 else None

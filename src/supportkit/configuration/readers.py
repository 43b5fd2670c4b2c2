"""How a value of supportkit.toml is read: a reader takes it, gives it in its type, or says why it is none.

A reader raises ValueError with words that follow the key: `'EURO' is no currency`. What is nested adds its place.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, Final

from supportkit.errors import unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

Reader = Callable[[Any], Any]
LONGEST: Final = 60
"""Characters of a value that an error repeats."""


class MisreadError(ValueError):
    """A value that cannot be read, with its place: the keys, and the numbers in lists, that lead to it."""

    def __init__(self, message: str, hint: str = "", place: tuple[str | int, ...] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.place = place


@contextmanager
def _within(place: str | int) -> Iterator[None]:
    """Where a value stands, added to the error that reading it raises."""
    try:
        yield
    except MisreadError as error:
        raise MisreadError(error.message, error.hint, (place, *error.place)) from error
    except ValueError as error:
        raise MisreadError(str(error), place=(place,)) from error


def section(kind: Any, readers: Mapping[str, Reader]) -> Reader:
    """A section is a named tuple whose fields are the keys, in their order; a key that it does not have is an error."""
    fields = dict(zip(readers, kind._fields, strict=False))
    needed = [key for key, field in fields.items() if field not in kind._field_defaults]

    def read(value: Any) -> Any:
        given = _keys(value)
        for key in given:
            if key not in readers:
                fault = unknown("key", key, readers)
                raise MisreadError(fault.message, fault.hint, (key,))
        found = {}
        for key, reader in readers.items():
            if key in given:
                with _within(key):
                    found[fields[key]] = reader(given[key])
        for key in needed:
            if key not in given:
                raise MisreadError("is needed", place=(key,))
        return kind(**found)

    return read


def by_name(reader: Reader) -> Reader:
    """A section whose keys are names of the user's."""

    def read(value: Any) -> dict[str, Any]:
        found = {}
        for name, one in _keys(value).items():
            with _within(name):
                found[name] = reader(one)
        return found

    return read


def several(reader: Reader) -> Reader:
    """A list of values."""

    def read(value: Any) -> tuple[Any, ...]:
        if not isinstance(value, list):
            raise ValueError(f"{shown(value)} is no list: write it in [ ]")
        found = []
        for number, one in enumerate(value):
            with _within(number):
                found.append(reader(one))
        return tuple(found)

    return read


def one_or_several(reader: Reader) -> Reader:
    """A section that may be there several times, as `[[check]]`; `[check]` alone is one."""
    listed = several(reader)
    return lambda value: listed([value] if isinstance(value, dict) else value)


def listed(value: Any) -> tuple[str, ...]:
    """Texts in a list, or in one text with commas."""
    parts = [part.strip() for part in value.split(",")] if isinstance(value, str) else value
    found: tuple[str, ...] = texts(parts)
    return found


def text(value: Any) -> str:
    """A text."""
    if not isinstance(value, str):
        raise ValueError(f"{shown(value)} is not a text: write it in quotes")
    return value


texts: Final[Reader] = several(text)


def word(value: Any) -> str:
    """What a word means; true and false need no quotes."""
    return str(value).lower() if isinstance(value, bool) else text(value)


def one_of(*known: str) -> Reader:
    """One of these texts."""

    def read(value: Any) -> str:
        if value not in known:
            raise ValueError(f"{shown(value)} is not one of {', '.join(known)}")
        return str(value)

    return read


def whole(value: Any) -> int:
    """A whole number."""
    if not isinstance(value, int) or isinstance(value, bool):
        raise ValueError(f"{shown(value)} is not a whole number")
    return value


def at_least_one(value: Any) -> int:
    """A whole number from 1 on."""
    if whole(value) < 1:
        raise ValueError(f"{value} is less than 1")
    return int(value)


def number(value: Any) -> float:
    """A number."""
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise ValueError(f"{shown(value)} is not a number")
    return float(value)


def number_or_text(value: Any) -> float | str:
    """A number, or a text with its unit."""
    return value if isinstance(value, str) else number(value)


def day(value: Any) -> date:
    """A day, in quotes or without."""
    found = day_or_time(value)
    if isinstance(found, datetime):
        raise ValueError(f"{shown(value)} is not a day: write 2026-11-08")
    return found


def day_or_time(value: Any) -> date | datetime:
    """A day or a time, in quotes or without."""
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(text(value)) if len(value) == len("2026-11-08") else datetime.fromisoformat(value)
    except (ValueError, TypeError) as error:
        raise ValueError(f"{shown(value)} is no day and no time: write 2026-11-08 or 2026-11-08T18:00") from error


def duration(value: Any) -> timedelta:
    """A duration: `90s`, `4h`, `7d`."""
    from supportkit.period import parse_duration

    if not isinstance(value, str | int | float) or isinstance(value, bool):
        raise ValueError(f"{shown(value)} is no duration; write 90s, 3m, 4h or 7d")
    return parse_duration(value)


def anything(value: Any) -> Any:
    """What is read where it is used."""
    return value


def shown(value: Any) -> str:
    """A value as an error repeats it."""
    told = str(value) if isinstance(value, date | time) else repr(value)
    return told if len(told) <= LONGEST else f"{told[:LONGEST]}…"


def _keys(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ValueError(f"{shown(value)} is no section: write its keys below it")
    return value

"""What CLDR says of a language: its number marks, its dates, and the names of countries, languages and currencies."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Final, Literal

from supportkit.system.named import NamedTuple

if TYPE_CHECKING:
    from babel import Locale

ENGLISH: Final = "en_GB"  # the day stands before the month


class Marks(NamedTuple):
    """The marks of a number: before its decimals, and between its thousands."""

    decimal: str
    group: str


@cache
def _locale(code: str) -> Locale:
    """A language as CLDR has it; English for one that it does not know."""
    from babel import Locale, UnknownLocaleError

    try:
        return Locale.parse(ENGLISH if code == "en" else code)
    except (UnknownLocaleError, ValueError):
        return Locale.parse(ENGLISH)


@cache
def marks(code: str) -> Marks:
    """The number marks of a language."""
    symbols = _locale(code).number_symbols["latn"]
    return Marks(symbols["decimal"], symbols["group"])


def day(one: date, code: str) -> str:
    """A day: 12 October 2026."""
    from babel.dates import format_date

    return _plain(format_date(one, "long", locale=_locale(code)))


def short_day(one: date, code: str) -> str:
    """A day in figures, as a table has it: 2026-10-12 in English, else as the language writes it."""
    if code == "en":
        return one.isoformat()
    from babel.dates import format_date

    return str(format_date(one, "short", locale=_locale(code)))


def month(one: date, code: str) -> str:
    """A month: October 2026."""
    from babel.dates import format_skeleton

    return _plain(format_skeleton("yMMMM", one, locale=_locale(code)))


def month_inside(one: date, code: str) -> str:
    """A month as it stands behind a word: since October 2026, с октября 2026 г."""
    names = _locale(code).months
    alone = str(names["stand-alone"]["wide"][one.month])
    return month(one, code).replace(alone, month_name(one, code))


def brief(one: date, skeleton: Literal["yMMM", "MMMd"], code: str) -> str:
    """A month or a day as short as an axis needs: Oct 2026, 12 Oct."""
    from babel.dates import format_skeleton

    return _plain(format_skeleton(skeleton, one, locale=_locale(code)))


def month_name(one: date, code: str) -> str:
    """The name of a month as it stands in a day: October, октября."""
    return str(_locale(code).months["format"]["wide"][one.month])


def quarter(one: date, code: str) -> str:
    """A quarter: Q4 2026."""
    from babel.dates import format_skeleton

    return _plain(format_skeleton("yQQQ", one, locale=_locale(code)))


def leads_with_the_day(code: str) -> bool:
    """Whether a day begins with its number, so that 2–8 November can be said of several."""
    return str(_locale(code).date_formats["long"].pattern).startswith("d")


def name_of(dimension: str, value: str, code: str) -> str | None:
    """The name of a country, a language or a currency by its code, as it stands alone; None where it is none."""
    names: Mapping[str, str]
    if dimension == "country" and len(value) == 2 and value.isupper():
        names = _locale(code).territories
    elif dimension == "language" and value.islower():
        names = _locale(code).languages
    elif dimension == "currency" and len(value) == 3 and value.isupper():
        names = _locale(code).currencies
    else:
        return None
    found = names.get(value)
    return str(found) if found else None


def _plain(told: object) -> str:
    """A date with the blanks of a text."""
    return str(told).replace("\u202f", " ").replace("\u00a0", " ")

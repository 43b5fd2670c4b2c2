"""A value in words for people, by its kind: 25.0 %, 2 h 5 min, 1,234.50 EUR; of two shares the difference in points."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from supportkit.render.cldr import short_day
from supportkit.render.language import ENGLISH, LISTED, SEVERAL, SPOKEN, Language
from supportkit.result import Column, Shown, Value

NOTHING = "–"
SMALL, LEAST = 0.0005, 0.00005  # what three decimals cannot tell from nought, and what four cannot
MEASURED = "measured"  # a column of figures that are written out already


def value_text(value: Value, kind: Shown, currency: str | None = None, language: Language = ENGLISH) -> str:
    """One value as people read it; null is a dash."""
    if value is None:
        return NOTHING
    if isinstance(value, bool):
        return language.text("yes" if value else "no")
    if isinstance(value, date):
        return _day(value, language)
    if isinstance(value, str):
        return value
    if kind == "count" and float(value).is_integer():
        value = int(value)
    elif kind == "count" and not isinstance(value, Decimal):
        return language.figures(f"{value:,.1f}")
    return language.figures(_figure(value, kind, currency))


def cell(value: Value, column: Column, language: Language = ENGLISH) -> str:
    """One value of a column as people read it: words of ours in their language, texts from data as they are."""
    if isinstance(value, str) and column.dimension in SEVERAL:
        return ", ".join(map(language.text, value.split(", ")))
    if isinstance(value, str) and (column.name in SPOKEN or column.dimension in SPOKEN):
        return language.text(value)
    if isinstance(value, str) and column.dimension in LISTED:
        return language.listed(value)
    if isinstance(value, str) and "period" in (column.kind, column.name):
        return value if language.code == "en" else language.period(value, week=False)
    if isinstance(value, str) and column.name == MEASURED:
        return language.figures(value)
    return value_text(value, column.shown, None, language)


def _figure(value: int | float | Decimal, kind: Shown, currency: str | None) -> str:
    if kind == "of_100":
        return f"{round(float(value), 1) + 0.0:,.1f}"
    if kind == "points":
        return f"{round(float(value) * 100, 1) + 0.0:.1f} points"
    if kind == "share":
        return f"{float(value) * 100:.1f} %"
    if kind == "duration":
        return duration(float(value))
    if kind == "money":
        return f"{value:,.2f}" + (f" {currency}" if currency else "")
    return number(value)


def _day(value: date, language: Language) -> str:
    day = short_day(value.date() if isinstance(value, datetime) else value, language.code)
    return f"{day} {value:%H:%M}" if isinstance(value, datetime) else day


def number(value: int | float | Decimal) -> str:
    """A number with thousands marked and as many decimals as tell it from its neighbours and from nought."""
    if isinstance(value, Decimal):  # of a person's own query: exact
        return f"{value.normalize():,f}"
    size = abs(float(value))
    if isinstance(value, int) or not size or (size >= 1000 and size.is_integer()):
        return f"{int(value):,}"
    if size < LEAST:
        return "<0.0001" if value > 0 else ">-0.0001"
    if size < SMALL:
        return f"{value:.4f}"
    decimals = 1 if size >= 10 else 2 if size >= 1 else 3
    return f"{value:,.{decimals}f}"


def duration(seconds: float) -> str:
    """Seconds in the two largest units that matter."""
    sign = "-" if seconds < 0 else ""
    whole = round(abs(seconds))
    if whole < 60:
        return f"{sign}{whole} s"
    minutes, rest = divmod(whole, 60)
    if minutes < 60:
        return f"{sign}{minutes} min" + (f" {rest} s" if rest and minutes < 10 else "")
    hours, minutes = divmod(minutes, 60)
    if hours < 48:
        return f"{sign}{hours} h" + (f" {minutes} min" if minutes else "")
    days, hours = divmod(hours, 24)
    return f"{sign}{days} d" + (f" {hours} h" if hours else "")


def expected_text(expected: float) -> str:
    """How many tickets were to be expected: whole ones, of fewer than two with a decimal."""
    return f"{expected:.0f}" if round(expected) >= 2 else f"{expected:.1f}"

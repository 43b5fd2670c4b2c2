"""The language of what people read: texts by a catalogue and its plurals; numbers, dates and names are CLDR's."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import field
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Final

from supportkit.errors import UsageError, unknown
from supportkit.render import cldr
from supportkit.render.translations import Translations, read_catalogue
from supportkit.result import percent
from supportkit.system.frozen import dataclass
from supportkit.system.late_patterns import late

Code = str
FOLDER: Final = Path(__file__).parent / "languages"
"""A catalogue a language, `ru.po`: all that a translation is."""

_DAY: Final = late(r"\d{4}-[01]\d-[0-3]\d")
_DAYS: Final = late(r"\d{4}-[01]\d-[0-3]\d to \d{4}-[01]\d-[0-3]\d")
_INSTANT: Final = late(r"\d{4}-[01]\d-[0-3]\d \d\d:\d\d")
_LAST: Final = late(r" (and|or) ")
_QUOTED: Final = late(r"(?<![=\w\"'])(?:'([^'\"=]+)'|\"([^\"=]+)\")(?![\w\"'])")
"""A name or an example in quotes, and not what is typed: `kind='nps'`."""
_UNITS: Final = ("s", "min", "h", "d", "points")
TYPED: Final = ("command", "path")
FROM_DATA: Final = (*TYPED, "where", "name", "names", "step", "example", "examples", "places")
"""Places of a text in which a word is never one of ours; some of them are typed as they stand."""
LISTED: Final = ("exports", "kinds", "column", "choices")
"""Places, and columns by their dimension, in which stand several names, the last behind "and" or "or"."""
OURS: Final = {"(none)": "not given", "everywhere": "everywhere"}
"""Values of a dimension that are words of ours, and how people read them."""
LISTS: Final = {"list": "; ", "shares": ", ", "days": ", "}
"""Places in which several things stand, each told by itself, and the mark between them."""


@dataclass(frozen=True)
class Language:
    """How one language writes; English is the language of the texts in the code."""

    code: Code = "en"
    catalogue: Translations = field(default_factory=Translations)

    def text(self, text: str) -> str:
        """A text in this language, as it is where the catalogue does not have it."""
        if self.code == "en" or not text:
            return text
        message = self.catalogue.messages.get(text)
        if message is not None and message.many is None:
            return message.forms[0]
        found = self.catalogue.match(text)
        if found is None:
            return text
        message, places = found
        form = self.catalogue.form(int(places["n"].replace(",", ""))) if message.many else 0
        told = {name: self._told(name, part) for name, part in places.items()}
        told |= {
            name: mark.join(map(self._place, places[name].split(mark)))
            for name, mark in LISTS.items()
            if name in places
        }
        return self.catalogue.filled(message.forms[form], told)

    def _told(self, name: str, part: str) -> str:
        """What stands in a place of this name: a text of ours, or what data and people call something."""
        if name in LISTED:
            return self.listed(self._place(part))
        if name not in FROM_DATA:
            return self._place(part)
        return part if name in TYPED else self.quoted(part)

    def quoted(self, text: str) -> str:
        """A text with the quotation marks of this language, but around what is typed."""
        marks = self.catalogue.messages.get("'{text}'")
        return text if marks is None else _QUOTED.sub(lambda m: marks.forms[0].format(text=m[1] or m[2]), text)

    def listed(self, names: str) -> str:
        """Several names with "and" or "or" between the last of them."""
        return _LAST.sub(lambda match: f" {self.text(match[1])} ", names)

    def _place(self, part: str) -> str:
        """What stands in a place of a text, in this language: a day, a figure, or words."""
        if _DAY.fullmatch(part):
            return self.day(date.fromisoformat(part))
        if _DAYS.fullmatch(part):
            return self.days(*map(date.fromisoformat, part.split(" to ")))
        if _INSTANT.fullmatch(part):
            return f"{self.day(date.fromisoformat(part[:10]))} {part[11:]}"
        said = self.text(part)
        return self.figures(self.quoted(said) if said == part else said)

    def say(self, text: str, **places: str) -> str:
        """A sentence with its places filled in."""
        message = self.catalogue.messages.get(text)
        return self.catalogue.filled(message.forms[0] if message else text, places)

    def plural(self, one: str, many: str, n: int, **places: str) -> str:
        """A sentence that depends on a number, whose place is {n}."""
        message = self.catalogue.messages.get(one)
        chosen = message.forms[self.catalogue.form(n)] if message else (one if n == 1 else many)
        return self.catalogue.filled(chosen, {"n": self.figures(f"{n:,}"), **places})

    def figures(self, shown: str) -> str:
        """A number written in English, in this language: 1,234.5 is 1 234,5 in Russian."""
        if self.code == "en" or not any(character.isdigit() for character in shown):
            return shown
        from supportkit.render.number_marks import localised

        return localised(shown, *cldr.marks(self.code), {unit: self.text(unit) for unit in _UNITS})

    def percent(self, share: float) -> str:
        """A share in whole per cent: 7 %; kept together in other languages, whose texts are set as they stand."""
        return percent(share) if self.code == "en" else f"{100 * share:.0f}\u00a0%"

    def day(self, day: date) -> str:
        """A day: 12 October 2026."""
        return cldr.day(day, self.code)

    def days(self, start: date, end: date) -> str:
        """The days from one to another, both included: 2–8 November 2026."""
        if start == end:
            return self.day(start)
        if cldr.leads_with_the_day(self.code) and start.year == end.year:
            if start.month == end.month:
                return f"{start.day}–{self.day(end)}"
            return f"{start.day} {cldr.month_name(start, self.code)} – {self.day(end)}"
        return f"{self.day(start)} – {self.day(end)}"

    def period(self, name: str, *, week: bool = True) -> str:
        """A period in words: October 2026; week 45, 2–8 November 2026, or without `week` its days alone."""
        from supportkit.period import parse_period

        if name.startswith("..") and _DAY.fullmatch(name[2:]):
            return self.say("until {day}", day=self.day(date.fromisoformat(name[2:])))
        try:
            period = parse_period(name, date(2000, 1, 3))
        except UsageError:
            return name
        if period.start is None or period.end is None:
            return self.text("all data") if name == "all" else name
        if period.grain == "month":
            return cldr.month(period.start, self.code)
        if period.grain == "quarter":
            return cldr.quarter(period.start, self.code)
        if period.grain == "year":
            return name
        days = self.days(period.start, period.end - timedelta(days=1))
        if period.grain != "week" or not week:
            return days
        return self.say("week {number}, {days}", number=str(period.start.isocalendar().week), days=days)

    def since(self, day: date, period: str) -> str:
        """When something began, behind "since": the day, or the month where whole months were compared."""
        from supportkit.period import begun_in

        begun = begun_in(day, period)
        return self.since_period(begun) if begun else self.day(day)

    def since_period(self, name: str) -> str:
        """A period behind "since", in the case that a day's month has: October 2026, октября 2026 г."""
        from supportkit.period import parse_period

        period = parse_period(name, date(2000, 1, 3))
        if period.grain != "month" or period.start is None:
            return self.period(name, week=False)
        return cldr.month_inside(period.start, self.code)

    def brief_period(self, name: str) -> str:
        """A period as short as an axis needs: Oct 2026, and of a week, a day or some days the first one, 2 Nov."""
        from supportkit.period import parse_period

        try:
            period = parse_period(name, date(2000, 1, 3))
        except UsageError:
            return name
        if period.start is None or period.grain not in ("day", "week", "month", "span"):
            return name
        return cldr.brief(period.start, "yMMM" if period.grain == "month" else "MMMd", self.code)

    def name(self, dimension: str, value: str) -> str:
        """The name of a country, a language or a currency in place of its code, that of the catalogue before that of
        CLDR; what else is called, as it is."""
        if value in OURS:
            return self.text(OURS[value])
        known = self.catalogue.messages
        own = known.get(cldr.name_of(dimension, value, "en") or "") if known else None
        return own.forms[0] if own else cldr.name_of(dimension, value, self.code) or value

    def place(self, values: Iterable[tuple[str, str]]) -> str:
        """Where something is, by dimensions and their values: payment declined, Germany; language Russian."""
        return ", ".join(self._part(dimension, value) for dimension, value in values)

    def _part(self, dimension: str, value: str) -> str:
        name = self.name(dimension, value)
        if value == "(none)":
            return self.say("{column} not given", column=self.text(dimension.replace("_", " ")))
        if dimension == "language":  # a customer's, not a country's, whose name may be the same word
            return self.say("language {name}", name=name)
        return name


ENGLISH: Final = Language()


def codes() -> tuple[Code, ...]:
    """The languages that there are: English, and one for each catalogue."""
    return ("en", *sorted(path.stem for path in FOLDER.glob("*.po")))


@cache
def language_of(code: Code) -> Language:
    """A language by its code. Raises UsageError where there is no catalogue of it."""
    if code == "en":
        return ENGLISH
    if code not in codes():
        raise unknown("language", code, codes())
    return Language(code, read_catalogue((FOLDER / f"{code}.po").read_text(encoding="utf-8").splitlines()))


SPOKEN: Final = (
    *("state", "check", "slice", "says", "reason", "weekday", "course", "acknowledged", "place", "sort"),
    *("what", "moment", "promise", "signs"),
    *("unit", "better", "our_title", "definition", "best_definition", "figure", "exposure"),
    *("why", "read_as", "reading", "values_look_like", "sure"),
)
"""Columns, by their name or their dimension, whose cells are words of ours."""
SEVERAL: Final = ("signs",)
"""Those of them whose cells hold several, with commas between."""

"""The language of what people read: texts by a catalogue, plurals, numbers, dates and durations."""

from __future__ import annotations

from dataclasses import field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Final, Literal

from supportkit.render.translations import Translations, read_catalogue
from supportkit.system.frozen import dataclass
from supportkit.system.late_patterns import late

Code = Literal["en", "ru"]
MONTHS: Final = {
    "en": ("January", "February", "March", "April", "May", "June",
           "July", "August", "September", "October", "November", "December"),
    "ru": ("января", "февраля", "марта", "апреля", "мая", "июня",
           "июля", "августа", "сентября", "октября", "ноября", "декабря"),
}  # fmt: skip


_DAY: Final = late(r"\d{4}-[01]\d-[0-3]\d")


@dataclass(frozen=True)
class Language:
    """How one language writes; English is the language of the texts in the code."""

    code: Code = "en"
    decimal: str = "."
    group: str = ","
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
        form = self._form(int(places["n"].replace(",", ""))) if message.many else 0
        told = {name: part if name in FROM_DATA else self._place(part) for name, part in places.items()}
        told |= {name: "; ".join(map(self._place, part.split("; "))) for name, part in places.items() if name == "list"}
        return message.forms[form].format(**told)

    def _place(self, part: str) -> str:
        """What stands in a place of a text, in this language: a day, a figure, or words."""
        if _DAY.fullmatch(part):
            return self.day(date.fromisoformat(part))
        return self.figures(self.text(part))

    def say(self, text: str, **places: str) -> str:
        """A sentence with its places filled in."""
        message = self.catalogue.messages.get(text)
        return (message.forms[0] if message else text).format(**places)

    def plural(self, one: str, many: str, n: int, **places: str) -> str:
        """A sentence that depends on a number, whose place is {n}."""
        message = self.catalogue.messages.get(one)
        chosen = message.forms[self._form(n)] if message else (one if n == 1 else many)
        return chosen.format(n=self.figures(f"{n:,}"), **places)

    def figures(self, shown: str) -> str:
        """A number written in English, in this language: 1,234.5 is 1 234,5 in Russian."""
        if self.code == "en" or not any(character.isdigit() for character in shown):
            return shown
        from supportkit.render.number_marks import localised

        return localised(shown, self.decimal, self.group)

    def percent(self, share: float) -> str:
        """A share in whole per cent: 7%, in Russian 7 %."""
        return f"{share:.0%}" if self.code == "en" else f"{100 * share:.0f}\u00a0%"

    def day(self, day: date) -> str:
        """A day: 12 October 2026."""
        year = f"{day.year} г." if self.code == "ru" else f"{day.year}"
        return f"{day.day} {MONTHS[self.code][day.month - 1]} {year}"

    def days(self, start: date, end: date) -> str:
        """The days from one to another, both included: 2–8 November 2026."""
        if start == end:
            return self.day(start)
        if (start.year, start.month) == (end.year, end.month):
            return f"{start.day}–{self.day(end)}"
        if start.year == end.year:
            return f"{start.day} {MONTHS[self.code][start.month - 1]} – {self.day(end)}"
        return f"{self.day(start)} – {self.day(end)}"

    def _form(self, n: int) -> int:
        """The plural form of a number: in Russian 1 тикет, 2 тикета, 5 тикетов."""
        if self.code == "en":
            return int(n != 1)
        if n % 10 == 1 and n % 100 != 11:
            return 0
        return 1 if 2 <= n % 10 <= 4 and not 12 <= n % 100 <= 14 else 2


ENGLISH: Final = Language()


@cache
def language_of(code: Code) -> Language:
    """A language by its code."""
    if code == "en":
        return ENGLISH
    text = (Path(__file__).parent / "languages" / f"{code}.po").read_text(encoding="utf-8")
    return Language(code, ",", "\u00a0", read_catalogue(text.splitlines()))


FROM_DATA: Final = ("where", "name", "names", "step", "examples", "places")  # what stands there is never a word of ours
SPOKEN: Final = ("state", "check", "slice", "says", "reason", "weekday", "course", "acknowledged")
"""Columns whose cells are words of ours."""

"""Reads a message catalogue: a gettext .po file, its plurals, and messages with {places} that match filled-in texts.

Where a text has several numbers, each may have its word in a translation: `{a} из {b:заказа|заказов|заказов}`.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import field
from functools import cached_property
from typing import Final

from supportkit.system.frozen import dataclass
from supportkit.system.late_patterns import late
from supportkit.system.named import NamedTuple

_LINE: Final = late(r'(?:(msgid|msgid_plural|msgstr|msgctxt)(?:\[(\d)\])?\s+)?(".*")')
_PLACE: Final = late(r"\{(\w+)\}")
_COUNTED: Final = late(r"\{(\w+):([^{}|]+(?:\|[^{}|]+)+)\}")
_WORD: Final = late(r"[A-Za-z]{2,}|[:;(\[=]")
FEW: Final = 4
"""Blanks in a text that one fixed word can tell: `agent Mark Twain`."""
_PLURALS: Final = late(r"nplurals=\d+;\s*plural=([^;\n]+)")
ENGLISH_PLURALS: Final = "n != 1"


class Message(NamedTuple):
    """A text with its translations, one a plural form; one that is only `said` is never looked for in other texts."""

    text: str
    many: str | None
    forms: tuple[str, ...]
    said: bool = False


class _Template(NamedTuple):
    """A text with places, and the fixed words around them, by which most texts are told apart without a pattern."""

    text: str
    words: tuple[str, ...]
    message: Message
    certain: bool

    def may_be(self, text: str) -> bool:
        """Whether a text begins, goes on and ends as this one, and is no longer than so few fixed words can tell."""
        return (
            (self.certain or text.count(" ") <= FEW)
            and text.startswith(self.words[0])
            and text.endswith(self.words[-1])
            and all(word in text for word in self.words[1:-1])
        )


@dataclass(frozen=True)
class Translations:
    """Messages by their English text, and the rule by which a number chooses one of the plural forms."""

    messages: Mapping[str, Message] = field(default_factory=dict)
    plurals: str = ENGLISH_PLURALS

    @cached_property
    def form(self) -> Callable[[int], int]:
        """The number of the plural form of a number, as gettext reads the rule."""
        from gettext import c2py

        return c2py(self.plurals)

    def filled(self, form: str, places: Mapping[str, str]) -> str:
        """A translation with its places filled in; `{a:день|дня|дней}` is a number and the word that it takes.

        A number with decimals takes the word that two of them take.
        """

        def counted(match: re.Match[str]) -> str:
            digits = "".join(places[match[1]].split())
            words = match[2].split("|")
            return f"{{{match[1]}}} {words[min(self.form(int(digits) if digits.isdecimal() else 2), len(words) - 1)]}"

        return (_COUNTED.sub(counted, form) if "|" in form else form).format(**places)

    @cached_property
    def _templates(self) -> tuple[_Template, ...]:
        """The messages with places, those with the most fixed words first."""
        with_places = [one for one in self.messages.values() if "{" in one.text and not one.said]
        found = [
            _Template(text, (words := tuple(_PLACE.split(text)[::2])), one, len(_WORD.findall(" ".join(words))) > 1)
            for one in with_places
            for text in (one.text, one.many)
            if text
        ]
        return tuple(sorted(found, key=lambda one: (-sum(map(len, one.words)), one.text)))

    @cached_property
    def _patterns(self) -> dict[str, re.Pattern[str]]:
        return {}

    def match(self, text: str) -> tuple[Message, dict[str, str]] | None:
        """The message that a text was made from, with what stands in its places."""
        for template in self._templates:
            if not template.may_be(text):
                continue
            if template.text not in self._patterns:
                self._patterns[template.text] = _pattern(template.text)
            found = self._patterns[template.text].fullmatch(text)
            if found:
                return template.message, found.groupdict()
        return None


def read_catalogue(lines: Iterable[str]) -> Translations:
    """The messages of a .po file; what is not translated yet is left out. Raises ValueError for a line that is none."""
    messages: dict[str, Message] = {}
    entry: dict[str, str] = {}
    current = ""

    def close() -> None:
        forms = tuple(entry[key] for key in sorted(entry) if key.startswith("msgstr"))
        if "msgid" in entry and all(forms):
            said = "msgctxt" in entry
            messages[entry["msgid"]] = Message(entry["msgid"], entry.get("msgid_plural"), forms, said)
        entry.clear()

    for number, line in enumerate(lines, 1):
        text = line.strip()
        if not text or text.startswith("#"):
            continue
        match = _LINE.fullmatch(text)
        if match is None:
            raise ValueError(f"line {number} is no part of a catalogue: {text!r}")
        keyword, form, quoted = match.groups()
        if (keyword == "msgctxt" and entry) or (keyword == "msgid" and entry.keys() - {"msgctxt"}):
            close()
        if keyword:
            current = keyword + (form or "")
            entry[current] = ""
        entry[current] += ast.literal_eval(quoted) if "\\" in quoted else quoted[1:-1]
    close()
    header = messages.pop("", None)
    rule = _PLURALS.search(header.forms[0]) if header else None
    return Translations(messages, rule[1].strip() if rule else ENGLISH_PLURALS)


def _pattern(text: str) -> re.Pattern[str]:
    seen: set[str] = set()

    def part(match: re.Match[str]) -> str:
        name = match[1]
        if name in seen:
            return f"(?P={name})"
        seen.add(name)
        return rf"(?P<{name}>[\d,]+)" if name == "n" else f"(?P<{name}>.+?)"

    pieces = re.split(r"(\{\w+\})", text)
    return re.compile("".join(_PLACE.sub(part, p) if _PLACE.fullmatch(p) else re.escape(p) for p in pieces), re.DOTALL)

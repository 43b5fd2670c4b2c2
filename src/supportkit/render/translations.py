"""Reads a message catalogue: a gettext .po file, its plurals, and messages with {places} that match filled-in texts."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Mapping
from dataclasses import field
from functools import cached_property
from typing import Final, NamedTuple

from supportkit.system.frozen import dataclass
from supportkit.system.late_patterns import late

_LINE: Final = late(r'(?:(msgid|msgid_plural|msgstr|msgctxt)(?:\[(\d)\])?\s+)?(".*")')
_PLACE: Final = late(r"\{(\w+)\}")


class Message(NamedTuple):
    """A text with its translations, one a plural form."""

    text: str
    many: str | None
    forms: tuple[str, ...]


@dataclass(frozen=True)
class Translations:
    """Messages by their English text."""

    messages: Mapping[str, Message] = field(default_factory=dict)

    @cached_property
    def patterns(self) -> tuple[tuple[re.Pattern[str], Message], ...]:
        """The messages with places, as patterns for texts in which these are filled in; the longest first."""
        with_places = [one for one in self.messages.values() if _PLACE.search(one.text)]
        texts = [(text, one) for one in with_places for text in (one.text, one.many) if text]
        ordered = sorted(texts, key=lambda pair: (-len(_PLACE.sub("", pair[0])), pair[0]))
        return tuple((_pattern(text), one) for text, one in ordered)

    def match(self, text: str) -> tuple[Message, dict[str, str]] | None:
        """The message that a text was made from, with what stands in its places."""
        for pattern, message in self.patterns:
            found = pattern.fullmatch(text)
            if found:
                return message, found.groupdict()
        return None


def read_catalogue(lines: Iterable[str]) -> Translations:
    """The messages of a .po file. Raises ValueError for a line that is none of its."""
    messages: dict[str, Message] = {}
    entry: dict[str, str] = {}
    current = ""

    def close() -> None:
        forms = tuple(entry[key] for key in sorted(entry) if key.startswith("msgstr"))
        if entry.get("msgid") and all(forms):
            messages[entry["msgid"]] = Message(entry["msgid"], entry.get("msgid_plural"), forms)
        entry.clear()

    for number, line in enumerate(lines, 1):
        text = line.strip()
        if not text or text.startswith("#"):
            continue
        match = _LINE.fullmatch(text)
        if match is None:
            raise ValueError(f"line {number} is no part of a catalogue: {text!r}")
        keyword, form, quoted = match.groups()
        if keyword == "msgid" and entry:
            close()
        if keyword:
            current = keyword + (form or "")
            entry[current] = ""
        entry[current] += ast.literal_eval(quoted)
    close()
    return Translations(messages)


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

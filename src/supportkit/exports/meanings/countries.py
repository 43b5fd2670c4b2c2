"""The country of a word as its ISO code: codes of two and three letters, CLDR's names in five languages, short ones."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Final

from supportkit.exports.meanings.vocabulary import without_umlauts
from supportkit.exports.meanings.words import joined, tokens
from supportkit.exports.toml_tables import toml_table

LANGUAGES: Final = ("en", "de", "fr", "es", "ru")
_LINKS: Final = frozenset({"and", "und", "et", "y", "и", "the"})
_SHORT_FORMS: Final = Path(__file__).parent / "country.toml"


def country(word: str) -> str | None:
    """The ISO code of two letters, or None where a word is no country; `NA` is Namibia."""
    spelled = word.strip().upper()
    if spelled in codes():
        return spelled
    known = _short_forms().get(key(word))
    return known or _names().get(key(word))


def key(name: str) -> str:
    """What two spellings of one name have in common: `Bosnia & Herzegovina`, `Bosnia and Herzegovina`."""
    words = tokens(name)
    kept = tuple({"st": "saint"}.get(word, word) for word in words if word not in _LINKS)
    return joined(kept if len(words) > 1 else words)


@cache
def codes() -> frozenset[str]:
    """The codes of two letters, from the table that time zones come with; Kosovo has one by custom."""
    table = (files("tzdata.zoneinfo") / "iso3166.tab").read_text("utf-8")
    return frozenset({line[:2] for line in table.splitlines() if line[:1].isalpha()} | {"XK"})


@cache
def _short_forms() -> dict[str, str]:
    content = toml_table(_SHORT_FORMS)
    return {key(name): code for code, names in content.items() for name in names}


@cache
def _names() -> dict[str, str]:
    """Codes of three letters and names; one that two countries bear in two languages is left out."""
    from babel import Locale
    from babel.core import get_global

    found: dict[str, str] = {}
    for alias, codes_of in get_global("territory_aliases").items():
        if len(alias) == 3 and alias.isalpha() and len(codes_of) == 1 and codes_of[0] in codes():
            found[key(alias)] = codes_of[0]
    shared = set()
    for language in LANGUAGES:
        for code, name in Locale(language).territories.items():
            for spelled in {name, without_umlauts(name)} if language == "de" else {name}:
                if code in codes() and found.setdefault(key(spelled), code) != code:
                    shared.add(key(spelled))
    return {name: code for name, code in found.items() if name not in shared}

"""The currency of a word as its ISO code: codes, signs, names; a sign of several is settled by the configured one."""

from __future__ import annotations

import unicodedata
from functools import cache
from pathlib import Path
from typing import Any, Final

from supportkit.exports.meanings.countries import LANGUAGES
from supportkit.exports.toml_tables import toml_table

_FILE: Final = Path(__file__).parent / "currency.toml"


def currency(word: str, own: str | None = None) -> str | None:
    """The ISO code; None where there is no such currency, or several, of which the shop's `own` is none."""
    spelled = _spelled(word)
    for codes in (_signs().get(spelled), _shared().get(spelled)):
        if codes:
            return codes[0] if len(codes) == 1 else own if own in codes else None
    return spelled.upper() if spelled.upper() in _codes() else _names().get(spelled)


@cache
def usual_codes() -> frozenset[str]:
    """The codes of the usual currencies, which are seldom another word in capitals."""
    return frozenset(_content()["signs"])


def _spelled(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold().replace(".", "").replace(" ", "")


@cache
def _content() -> dict[str, Any]:
    return toml_table(_FILE)


@cache
def _signs() -> dict[str, tuple[str, ...]]:
    """Words of one currency: its usual code, its signs and short names."""
    signs = _content()["signs"]
    return {_spelled(text): (code,) for code, texts in signs.items() for text in (code, *texts)}


@cache
def _shared() -> dict[str, tuple[str, ...]]:
    return {_spelled(sign): tuple(codes) for sign, codes in _content()["shared"].items()}


@cache
def _codes() -> frozenset[str]:
    """All the codes that CLDR has; the usual ones are known without it."""
    from babel import Locale

    return frozenset(Locale("en").currencies)


@cache
def _names() -> dict[str, str]:
    from babel import Locale

    found: dict[str, set[str]] = {}
    for language in LANGUAGES:
        for code, name in Locale(language).currencies.items():
            found.setdefault(_spelled(name), set()).add(code)
    return {name: min(codes) for name, codes in found.items() if len(codes) == 1}

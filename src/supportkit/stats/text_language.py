"""The language of a short text, by its letters and its commonest words.

A rule, not a model: short complaints ("где заказ") are too short for trained detectors, and the alphabet settles most
of them. Cyrillic is Russian unless a letter says Ukrainian or another language; Latin is German or English by its stop
words and umlauts. What carries no evidence stays "latin" or "none": nothing is guessed.
"""

from __future__ import annotations

import re
from typing import Literal

from supportkit.stats.lexicon import word_list

Language = Literal["ru", "uk", "cyrillic", "en", "de", "latin", "other", "none"]

_CYRILLIC = re.compile(r"[\u0400-\u052f]")
_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f]")
_OTHER_LETTER = re.compile(r"[^\W\d_]")
_UKRAINIAN = re.compile(r"[іїєґІЇЄҐ]")
_NOT_RUSSIAN = re.compile(
    r"[\u0402-\u0403\u0405\u0408-\u040f\u0452-\u0453\u0455\u0458-\u045f\u0460-\u048f\u0492-\u052f]"
)
_UMLAUT = re.compile(r"[äöüßÄÖÜẞ]")
_GERMAN_SHAPE = re.compile(
    r"(?:ung|heit|keit|lich|isch|igung|schein|tion(?:en)|zahlung|fehler)\b|sch|\b(?:ge|ver|be)\w+t\b"
)
_WORD = re.compile(r"[a-zà-ɏ]+")
_NOT_PROSE = re.compile(r"https?://\S+|www\.\S+|\S+@\S+|[\[<][A-Z_]{3,}[\]>]")

MIXED_SHARE = 0.25
"""A text is mixed when each of two scripts has at least this share of its letters and two whole words."""


def language(text: str) -> Language:
    """The main language of `text`: "none" without letters, "latin" or "cyrillic" where the language stays open."""
    prose = _NOT_PROSE.sub(" ", text)
    cyrillic, latin = len(_CYRILLIC.findall(prose)), len(_LATIN.findall(prose))
    if cyrillic + latin == 0:
        return "other" if _OTHER_LETTER.search(prose) else "none"
    if cyrillic >= latin:
        return _cyrillic(prose)
    return _latin(prose)


def is_mixed(text: str) -> bool:
    """Whether two scripts share the text ("оплата через Apple Pay declined again"), each with two words or more."""
    prose = _NOT_PROSE.sub(" ", text)
    cyrillic, latin = len(_CYRILLIC.findall(prose)), len(_LATIN.findall(prose))
    if min(cyrillic, latin) < MIXED_SHARE * (cyrillic + latin) or not cyrillic:
        return False
    words = re.findall(r"[^\W\d_]{2,}", prose)
    return (
        sum(bool(_CYRILLIC.match(word)) for word in words) >= 2 and sum(bool(_LATIN.match(word)) for word in words) >= 2
    )


def _cyrillic(text: str) -> Language:
    if _UKRAINIAN.search(text) and not re.search("[ыэъёЫЭЪЁ]", text):
        return "uk"
    return "cyrillic" if _NOT_RUSSIAN.search(_UKRAINIAN.sub("", text)) else "ru"


def _latin(text: str) -> Language:
    words = _WORD.findall(text.lower())
    english_words, german_words = word_list("stop_en"), word_list("stop_de")
    english = float(sum(word in english_words and word not in german_words for word in words))
    german = float(sum(word in german_words and word not in english_words for word in words))
    german += bool(_UMLAUT.search(text))
    if german == english:
        german += 0.5 * len(_GERMAN_SHAPE.findall(text.lower()))
    if german > english:
        return "de"
    return "en" if english else "latin"

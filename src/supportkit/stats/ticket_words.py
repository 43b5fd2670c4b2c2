"""The words of a ticket: what the customer wrote, without quotes, signatures, greetings, templates and endings.

Stems (Snowball) are for matching, the commonest surface form of a stem is for people.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from datetime import date, timedelta
from functools import cache
from hashlib import blake2b
from itertools import pairwise
from typing import Any

from supportkit.stats.lexicon import lines, word_list
from supportkit.stats.text_language import Language, language

TEMPLATE_COPIES = 20
"""A passage that stands in more tickets than this is pasted, not written."""
TEMPLATE_WORDS = 5
"""Shorter passages are not called templates: many customers do write "where is my order"."""

_TOKEN = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_PLACEHOLDER = re.compile(
    r"[\[<]/?[A-Z_]{3,}(?:[: ][^\]>]{0,40})?[\]>]|https?://\S+|www\.\S+|\S+@\S+|<[^<>]{1,80}>|&[a-z]+;|\b[Xx]{2,}\b"
)
"""What stands for something else: placeholders, links, addresses, mark-up, and what others blacked out as XXXX."""
_GREETED_NAME = re.compile(
    r"^\s*(?i:dear|hi|hello|hallo|liebe[rs]?|уважаем\w+)\s+[A-ZА-ЯЁÄÖÜ][\w-]+(?:\s+[A-ZА-ЯЁÄÖÜ][\w-]+)?\s*[,!]", re.M
)
_CYRILLIC = re.compile(r"[\u0400-\u052f]")
_BREAK = re.compile(r"[^\w\s'’-]|\n|\d")
_NUMBER = re.compile(r"\d(?:[\d.,:/]*\d)?")
_END = re.compile(r"[^\w\s'’\-#№]|\n")
_LONGEST_WORD = 30

Word = tuple[str, str]
"""(stem, surface form)."""
HOLE: Word = ("", "")
"""Where a number or a placeholder stood in a clause."""


def own_words(text: str) -> str:
    """The part of a letter that its sender wrote: no quoted lines, nothing after a reply header, no signature."""
    kept: list[str] = []
    for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        stripped = line.strip()
        if stripped.startswith((">", "|")):
            continue
        if _ending().match(stripped):
            if kept:
                break
            continue
        if stripped:
            kept.append(stripped)
    return "\n".join(kept)


def passages(text: str) -> list[str]:
    """The lines of a text: the unit in which templates are pasted."""
    return [line for line in (part.strip() for part in text.split("\n")) if line]


def fingerprint(text: str) -> bytes:
    """Eight bytes that are equal for texts of equal words, whatever their case, digits and punctuation."""
    return blake2b(" ".join(_TOKEN.findall(text.lower())).encode(), digest_size=8).digest()


def templates(texts: Iterable[str], *, copies: int = TEMPLATE_COPIES) -> frozenset[bytes]:
    """Fingerprints of the passages pasted into more than `copies` of the texts."""
    count: Counter[bytes] = Counter()
    for text in texts:
        count.update(_long_passages(text))
    return frozenset(mark for mark, seen in count.items() if seen > copies)


def template_weeks(texts: Iterable[tuple[date, str]], *, copies: int = TEMPLATE_COPIES) -> dict[bytes, date]:
    """The first day of the week by whose end each passage was pasted into more than `copies` of the texts of a day.

    Before that week it counts as written, so that what a text is made of does not depend on later ones.
    """
    count: Counter[bytes] = Counter()
    found: dict[bytes, date] = {}
    for day, text in sorted(texts, key=lambda one: one[0]):
        for mark in _long_passages(text):
            count[mark] += 1
            if count[mark] == copies + 1:
                found[mark] = day - timedelta(days=day.weekday())
    return found


def _long_passages(text: str) -> set[bytes]:
    return {fingerprint(part) for part in passages(text) if len(_TOKEN.findall(part)) >= TEMPLATE_WORDS}


def without_templates(text: str, pasted: Collection[bytes]) -> str:
    """The text less the passages in `pasted`; empty when it is nothing else."""
    if not pasted:
        return text
    return "\n".join(part for part in passages(text) if fingerprint(part) not in pasted)


def ticket_text(subject: str | None, body: str | None) -> str:
    """What the customer wrote, subject first and not twice: "Re:" and ticket numbers gone, quotes and signature cut."""
    head = re.sub(r"^(?:\s*(?:re|aw|wg|fwd?|ответ|на)\s*:)+", "", subject or "", flags=re.I).strip()
    head = re.sub(r"\[?#\s*\d+\]?", " ", head).strip()
    letter = own_words(body or "")
    if head and letter.lower().startswith(head.lower()):
        return letter
    return "\n".join(part for part in (head, letter) if part)


def clauses(text: str, main: Language | None = None) -> list[list[Word]]:
    """The words of a text that say something, clause by clause, in their order.

    Placeholders, links, numbers, support phrases and stop words are gone. A word is stemmed by its own script, so a
    mixed text needs no decision; `main` is the text's language where it is known.
    """
    main = main or language(text)
    bare = _bare(text)
    found: list[list[Word]] = [[]]
    end = 0
    for match in _TOKEN.finditer(bare):
        word = match.group()
        start = match.start()
        if found[-1] and bare[end:start] != " " and _BREAK.search(bare, end, start):
            found.append([])
        end = match.end()
        stem = _stem(word, _stemmer_of(word, main)) if len(word) <= _LONGEST_WORD else ""
        if stem:
            found[-1].append((stem, word))
    return [clause for clause in found if clause]


def written_clauses(text: str, main: Language | None = None) -> list[list[Word]]:
    """Every word of a text as it was written, clause by clause, with its stem: empty for one that says nothing.

    Clauses end where those of `clauses` do, but for numbers and placeholders: a clause goes on behind one, which is
    HOLE in it.
    """
    main = main or language(text)
    shown = _GREETED_NAME.sub(" ", _PLACEHOLDER.sub(" 0 ", text)).replace("’", "'")
    small = shown.lower().replace("ё", "е")
    if len(small) != len(shown):
        shown = small
    bare = _phrases().sub(lambda match: "," * len(match.group()), small)
    found: list[list[Word]] = [[]]
    end = 0
    for match in _TOKEN.finditer(bare):
        start, word = match.start(), match.group()
        _between(bare[end:start], found)
        end = match.end()
        found[-1].append((_stem(word, _stemmer_of(word, main)), shown[start:end]))
    _between(bare[end:], found)
    return [clause for clause in found if any(shown for _, shown in clause)]


def _between(marks: str, clauses: list[list[Word]]) -> None:
    """Take what stands between two words: a number leaves a hole in its clause, another mark ends the clause."""
    if marks == " ":
        return
    for place, part in enumerate(_END.split(_NUMBER.sub("0", marks))):
        if place and clauses[-1]:
            clauses.append([])
        if "0" in part:
            clauses[-1].append(HOLE)


def _bare(text: str) -> str:
    """The text in small letters, less greeted names, placeholders, links and support phrases."""
    bare = _GREETED_NAME.sub(" ", _PLACEHOLDER.sub(" , ", text))
    return _phrases().sub(" , ", bare.lower().replace("ё", "е").replace("’", "'"))


def tokens(text: str, main: Language | None = None) -> list[Word]:
    """The words of all `clauses`."""
    return [word for clause in clauses(text, main) for word in clause]


def stems(text: str, main: Language | None = None) -> list[str]:
    """The stems of `tokens`, in their order."""
    return [stem for stem, _ in tokens(text, main)]


def all_stems(text: str, main: Language | None = None) -> list[str]:
    """The stems of every word, stop words too: not what a text is about alone, but how it is said."""
    main = main or language(text)
    words = (word for word in _TOKEN.findall(_bare(text)) if len(word) <= _LONGEST_WORD)
    return [_stemmed(word, _stemmer_of(word, main)) for word in words]


def word_stems(text: str) -> dict[str, frozenset[str]]:
    """Every word of a text, in small letters, with its stems in each language that it may be of."""
    bare = text.lower().replace("ё", "е").replace("’", "'")
    words = (word for word in _TOKEN.findall(bare) if len(word) <= _LONGEST_WORD)
    return {word: frozenset(_stemmed(word, name) for name in _stemmers_of(word)) for word in words}


def _stemmers_of(word: str) -> tuple[str, ...]:
    return ("russian",) if _CYRILLIC.match(word) else ("english", "german")


def terms(words: Sequence[str]) -> set[str]:
    """The 1- and 2-grams of a list of stems (or of surface forms), each once."""
    return set(words) | {f"{first} {second}" for first, second in pairwise(words) if first != second}


def _stemmer_of(word: str, main: Language) -> str:
    if "\u0400" <= word[0] <= "\u052f":
        return "russian"
    return "german" if main == "de" else "english"


@cache
def _stem(word: str, stemmer: str) -> str:
    """The stem; empty for a word that carries no topic. Cached: a language has few types, a shop many tokens."""
    if word in _stop_words() or (len(word) < 2):
        return ""
    return _stemmed(word, stemmer)


@cache
def _stemmed(word: str, stemmer: str) -> str:
    return str(_snowball(stemmer).stemWord(word))


@cache
def _snowball(name: str) -> Any:
    import snowballstemmer

    return snowballstemmer.stemmer(name)


@cache
def _stop_words() -> frozenset[str]:
    listed = word_list("stop_ru") | word_list("stop_en") | word_list("stop_de")
    return frozenset(word.replace("ё", "е") for word in listed)


@cache
def _phrases() -> re.Pattern[str]:
    listed = sorted(
        (phrase.replace("ё", "е") for phrase in lines("phrases")), key=lambda phrase: (-len(phrase), phrase)
    )
    return re.compile(
        r"(?<!\w)(?:" + "|".join(re.escape(phrase).replace(r"\ ", r"\s+") for phrase in listed) + r")(?!\w)"
    )


@cache
def _ending() -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in (*lines("quotes"), *lines("farewells"))), re.I)

"""Whether what is written under two names is the same: a naive Bayes score against what is written under all others.

The texts of the lesser name are scored by the words of the greater: how much likelier each is there than elsewhere, and
that beside the same score of the greater one's own texts. A part of a whole scores like the whole; a name whose texts
hold every word once holds nothing that is likelier there than elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import log
from typing import Final

Words = Mapping[str, int]  # in how many texts of a name a word is

LEAST_ALIKE: Final = 0.4  # of the score of a name's own texts
TELLING: Final = 0.05  # of a score per word: with less, words do not tell these names from the others
PRIOR: Final = 20.0  # words of all others that a name is taken to have beside its own
UNSEEN: Final = 0.5  # of a word, where it was never seen


def alike(a: Words, b: Words, everywhere: Words) -> bool:
    """Whether the texts of one name could be those of the other; `everywhere` counts those of all names, these too."""
    lesser, greater = sorted((a, b), key=lambda each: sum(each.values()))
    own = _score(greater, greater, a, b, everywhere, apart=1)
    return own > TELLING and _score(lesser, greater, a, b, everywhere) >= LEAST_ALIKE * own


def is_part(part: Words, whole: Words, everywhere: Words) -> bool:
    """Whether the texts of one name could be among those of another one, which may have other words besides."""
    own = _score(part, part, part, whole, everywhere, apart=1)
    return own > TELLING and _score(part, whole, part, whole, everywhere) >= LEAST_ALIKE * own


def tell_names_apart(names: Iterable[Words], everywhere: Words) -> bool:
    """Whether words tell the names at all: not where all hold the same, as of a form that was sent in."""
    total = told = 0.0
    for words in names:
        size = sum(words.values())
        total += size
        told += size * max(0.0, _score(words, words, words, {}, everywhere, apart=1)) if size else 0
    return told > TELLING * total


def _score(texts: Words, by: Words, a: Words, b: Words, everywhere: Words, *, apart: int = 0) -> float:
    """How much likelier a word of the texts is by the words of one name than by those of names other than a and b: the
    mean logarithm; `apart` takes each text out of the words that judge it."""
    size, own = sum(texts.values()), sum(by.values()) - apart
    others = sum(everywhere.values()) - sum(a.values()) - sum(b.values()) + UNSEEN * len(everywhere)
    if not size:
        return 0.0
    score = 0.0
    for word, count in texts.items():
        elsewhere = (everywhere.get(word, 0) - a.get(word, 0) - b.get(word, 0) + UNSEEN) / others
        here = (max(by.get(word, 0) - apart, 0) + PRIOR * elsewhere) / (own + PRIOR)
        score += count * log(here / elsewhere)
    return score / size

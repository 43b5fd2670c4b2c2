"""One week of texts: what each customer wrote, as words and as terms."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from supportkit.stats.ticket_words import terms
from supportkit.system.frozen import dataclass


@dataclass(frozen=True)
class Text:
    """What one customer wrote: a ticket by its key."""

    key: str
    customer: str
    stems: tuple[str, ...]
    """What it is about: the stems of the words that say something."""
    words: tuple[str, ...] = ()
    """How it is said: the stems of all words, stop words too; the others where they are not known."""

    @property
    def said(self) -> tuple[str, ...]:
        """`words`, or `stems` where there are none."""
        return self.words or self.stems


@dataclass(frozen=True)
class Week:
    """The texts of one week, the first of each customer, the terms of all that the customer wrote, and their counts.

    Two letters made one text would be like no other of the past, and all such texts like one another.
    """

    texts: tuple[Text, ...]
    terms: tuple[frozenset[str], ...]
    counts: Mapping[str, int]
    size: int
    """The texts of the week that these were drawn from; as many as were given where they are all."""

    @classmethod
    def of(cls, texts: Iterable[Text], size: int = 0) -> Week:
        """Put texts in the order of their keys, keep each customer's first that says something, count the terms."""
        texts = list(texts)
        first: dict[str, Text] = {}
        held: dict[str, set[str]] = {}
        for text in sorted(texts, key=lambda text: text.key):
            held.setdefault(text.customer, set()).update(terms(text.stems))  # no pair crosses two letters
            if text.stems:
                first.setdefault(text.customer, text)
        kept = tuple(first.values())
        found = tuple(frozenset(held[text.customer]) for text in kept)
        counts: Counter[str] = Counter()
        for one in found:
            counts.update(one)
        return cls(kept, found, counts, max(size, len(texts)))

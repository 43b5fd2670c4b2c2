"""Names of topics: the terms that set a cluster apart, shown in the words people used.

Class-based TF-IDF: the frequency of a term in the cluster times log(1 + A / its frequency everywhere), A being the mean
number of words of a cluster (Grootendorst 2022, arXiv 2203.05794, section 3.3). A pair of words is preferred over its
parts; the name shows the commonest surface form of each stem.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence

from supportkit.stats.lexicon import word_list
from supportkit.stats.ticket_words import Word
from supportkit.system.frozen import dataclass

TERMS = 2
LEAST_SHARE = 0.08
"""A term of a name stands in at least this share of the cluster's texts, and in texts of 3 customers."""
LEAST_CUSTOMERS = 3
PAIR_BONUS = 1.6

Clauses = Sequence[Sequence[Word]]
"""The words of one text, clause by clause: a pair never crosses a comma."""


@dataclass(frozen=True)
class Wording:
    """How often each term of one set of texts occurs: in texts, by how many customers, and in which surface form."""

    texts: Counter[str]
    customers: Counter[str]
    forms: dict[str, Counter[str]]
    size: int

    @classmethod
    def of(cls, documents: Sequence[Clauses], customers: Sequence[str | None] | None = None) -> Wording:
        """Count the 1- and 2-grams; a text without a customer counts as a customer of its own."""
        texts: Counter[str] = Counter()
        forms: dict[str, Counter[str]] = {}
        people: dict[str, set[str]] = {}
        for number, text in enumerate(documents):
            who = (customers[number] if customers else None) or f"#{number}"
            for term in {term for clause in text for term in _count_forms(clause, forms)}:
                texts[term] += 1
                people.setdefault(term, set()).add(who)
        return cls(texts, Counter({term: len(who) for term, who in people.items()}), forms, len(documents))


def _count_forms(words: Sequence[Word], forms: dict[str, Counter[str]]) -> set[str]:
    found: set[str] = set()
    for position, (stem, form) in enumerate(words):
        grams = [(stem, form)]
        if position + 1 < len(words) and words[position + 1][0] != stem:
            grams.append((f"{stem} {words[position + 1][0]}", f"{form} {words[position + 1][1]}"))
        for term, shown in grams:
            forms.setdefault(term, Counter())[shown] += 1
            found.add(term)
    return found


def surface(term: str, forms: dict[str, Counter[str]]) -> str:
    """The commonest surface form of a stemmed term; the first in the alphabet among equals."""
    seen = forms.get(term)
    return min(seen, key=lambda form: (-seen[form], form)) if seen else term


def key_terms(cluster: Wording, everything: Wording, *, clusters: int, most: int = TERMS) -> list[str]:
    """Up to `most` stemmed terms that set the cluster apart, best first, none sharing a stem with a better one."""
    mean_words = sum(everything.texts.values()) / max(clusters, 1)
    least = max(2, LEAST_SHARE * cluster.size)
    filler, negations = word_list("filler"), word_list("negations")
    score: dict[str, float] = {}
    for term, seen in cluster.texts.items():
        if seen < least or cluster.customers[term] < min(LEAST_CUSTOMERS, cluster.size):
            continue
        words = surface(term, cluster.forms).split()
        if words[-1] in negations or not filler.isdisjoint(words) or all(len(word) < 3 for word in words):
            continue
        weight = seen * math.log1p(mean_words / max(everything.texts[term], seen))
        score[term] = weight * (PAIR_BONUS if " " in term else 1.0)
    chosen: list[str] = []
    used: set[str] = set()
    for term in sorted(score, key=lambda term: (-score[term], term)):
        if used.isdisjoint(term.split()):
            chosen.append(term)
            used.update(term.split())
        if len(chosen) == most:
            break
    return chosen


def name(terms: Sequence[str], forms: dict[str, Counter[str]]) -> str:
    """The terms in the words people used: "Payment declined, card"."""
    shown = ", ".join(surface(term, forms) for term in terms)
    return shown[:1].upper() + shown[1:]

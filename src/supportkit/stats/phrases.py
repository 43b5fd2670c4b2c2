"""Phrases as people write them, to name a group of texts: "Card not accepted", "где мой заказ".

A phrase is up to seven words in a row of one clause, or a whole one, stop words too, written by three customers at
least. It is the better the more of the group's customers wrote it, the more its words are of this group and of few
others (each word by p log(p / q), p its share of the group's texts and q of all), and the oftener it is a whole clause,
above all its end: "after I enter the code" has only begun. It is never cut off beside a negation, which would turn what
it says. One of its words at least says what it is about: neither a word of grammar, nor one as general as "received",
nor one or two letters.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from itertools import count

from supportkit.stats.lexicon import word_list
from supportkit.stats.ticket_words import HOLE, Word, written_clauses
from supportkit.stats.topic_records import TicketDocument
from supportkit.system.frozen import dataclass

LONGEST = 7
LEAST_CUSTOMERS = 3
LETTERS = 48
"""A longer phrase is no name."""
TEXTS = 300
"""So many texts of a group, evenly spread, are enough to know its phrases."""
WIDESPREAD = 0.5
"""The power of the share of customers: of a phrase that half as many wrote each word has to say 1.4 times as much."""
ONE_WORD = 0.4
UNFINISHED = 0.1
"""What a phrase is worth that never begins a clause, or never ends one."""
WHOLE = 0.25
"""The part of the times that a phrase is written in which it begins a clause, and ends one, or others come first."""
BESIDE = 2
"""Words next to a phrase, among which no negation may be."""
NAMES = 8
"""So many phrases may name a group, should a better one be taken."""
TERMS = 6
SHORT = 2
"""So many letters of an alphabet are no word that names anything."""


def phrases_of(documents: Sequence[TicketDocument], telling: Mapping[str, float], *, titles: bool = False) -> list[str]:
    """The best phrases of some texts, best first; none shares half of its telling stems with a better one.

    `telling` is how much each stem is of this group (`telling_stems`). With `titles` what stands in the first line, as
    a ticket's subject does, is better than what stands below. Where no phrase is common to three customers it is the
    words that are.
    """
    step = max(-(-len(documents) // TEXTS), 1)
    read = documents[::step]
    found: dict[str, _Phrase] = {}
    for document in read:
        written = written_clauses(document.text) if document.text else document.clauses
        heads = len(written_clauses(document.text.split("\n", 1)[0])) if "\n" in document.text else 0
        for number, clause in enumerate(written):
            _count(clause, document.customer or document.key, number < heads, telling, found)
    size = len({document.customer or document.key for document in read})
    kept = [one for one in found.values() if len(one.customers) >= LEAST_CUSTOMERS]
    worth = {one.small: one.worth(telling, size, titles=titles) for one in kept}
    kept.sort(key=lambda one: (not one.is_whole, -worth[one.small], one.small))
    best: list[_Phrase] = []
    for one in kept:
        if all(2 * len(one.stems & other.stems) < len(one.stems | other.stems) for other in best):
            best.append(one)
        if len(best) == NAMES:
            break
    return [one.shown for one in best]


def free_name(names: Sequence[str], taken: Collection[str]) -> str:
    """The first name that is not taken; the first with a number where all are."""
    for name in names:
        if name not in taken:
            return name
    return next(f"{names[0]} ({number})" for number in count(2) if f"{names[0]} ({number})" not in taken)


def telling_stems(here: Counter[str], size: int, everywhere: Counter[str], everything: int) -> dict[str, float]:
    """How much each stem is of `size` texts and not of all: p log(p / q), of those with more than their share."""
    shares = {stem: (seen / size, everywhere[stem] / everything) for stem, seen in here.items()}
    return {stem: p * math.log(p / q) for stem, (p, q) in shares.items() if p > q > 0}


def most_telling(telling: Mapping[str, float]) -> tuple[str, ...]:
    """The stems that say most of a group, the first one most."""
    return tuple(sorted(telling, key=lambda stem: (-telling[stem], stem))[:TERMS])


@dataclass(frozen=True)
class _Phrase:
    """A phrase in small letters, who wrote it, in which forms, and how often it began and ended a clause."""

    small: str
    stems: frozenset[str]
    customers: set[str]
    forms: Counter[str]
    edges: Counter[str]
    words: int  # without one of grammar before or behind the only other: "the checkout" has one

    def worth(self, telling: Mapping[str, float], size: int, *, titles: bool) -> float:
        """How good a name it is."""
        times = sum(self.forms.values())
        begun, ended = self.edges["begun"] / times, self.edges["ended"] / times
        whole = (UNFINISHED + (1 - UNFINISHED) * begun) * (UNFINISHED + (1 - UNFINISHED) * ended)
        said = sum(telling[stem] for stem in sorted(self.stems))
        title = (1 + self.edges["title"] / times) / 2 if titles else 1.0
        told = ONE_WORD if self.words == 1 else 1.0
        return math.pow(len(self.customers) / size, WIDESPREAD) * said * whole * title * told

    @property
    def is_whole(self) -> bool:
        """Whether it begins and ends clauses as often as a name should."""
        return min(self.edges["begun"], self.edges["ended"]) >= WHOLE * sum(self.forms.values())

    @property
    def shown(self) -> str:
        form = min(self.forms, key=lambda form: (-self.forms[form], form))
        return form[:1].upper() + form[1:]


def _count(
    clause: Sequence[Word], customer: str, title: bool, telling: Mapping[str, float], found: dict[str, _Phrase]
) -> None:
    """Add the phrases of one clause that say something of the group."""
    filler, unfinished = word_list("filler"), word_list("unfinished")
    for first in range(len(clause)):
        for last in range(first, len(clause)):
            words = clause[first : last + 1]
            begins, ends = first == 0, last == len(clause) - 1
            if clause[last] == HOLE or (len(words) > LONGEST and not begins):
                break
            if (len(words) > LONGEST and not ends) or _is_turned(clause, first, last):
                continue
            if not ((words[0][0] or begins) and (words[-1][0] or ends)):
                continue  # "of the parcel", "parcel is the"
            form = " ".join(shown for _, shown in words)
            stems = frozenset(stem for stem, _ in words if stem in telling)
            if not stems or len(form) > LETTERS:
                continue
            small = form.lower()
            if small.rsplit(" ", 1)[-1] in unfinished or not filler.isdisjoint(small.split()):
                continue
            if not any(stem and _names_something(shown.lower()) for stem, shown in words):
                continue
            one = found.get(small)
            if one is None:
                one = found[small] = _Phrase(small, stems, set(), Counter(), Counter(), _told(words))
            one.customers.add(customer)
            one.forms[form] += 1
            one.edges.update(name for name, edge in (("begun", begins), ("ended", ends), ("title", title)) if edge)


def _told(words: Sequence[Word]) -> int:
    says = sum(bool(stem) or shown.lower() in word_list("negations") for stem, shown in words)
    return says if len(words) <= SHORT else len(words)


def _is_turned(clause: Sequence[Word], first: int, last: int) -> bool:
    """Whether a phrase is cut off beside a negation, or a word from one: "no longer heats up"."""
    around = (*clause[max(first - BESIDE, 0) : first], *clause[last + 1 : last + 1 + BESIDE])
    return any(shown.lower() in word_list("negations") for _, shown in around)


def _names_something(word: str) -> bool:
    """Whether a word can be what a phrase is about; a negation can: "not received"."""
    if word in word_list("negations"):
        return True
    return word not in word_list("light") and (len(word) > SHORT or word == word.upper())

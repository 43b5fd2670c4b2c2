"""New problems in the customers' words: what this week's tickets say far more than the weeks before, grouped.

Two views of the same week. Terms: a stem or a pair is expected by its past share; with h of H past tickets and n
tickets now, the count is negative binomial with shape (h + .5)/1.3 and mean n (h + .5)/H; surprising terms whose
tickets overlap are one group. Bursts: tickets whose nearest neighbours are of this week (`burst.py`). Of groups that
share half of their tickets the better one stays. Terms are dependent and people paste, so no theory gives the
threshold: it is set on the shop's own past weeks, to at most .2 groups a week.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from supportkit.stats.burst import bursts, space_of
from supportkit.stats.space import Space
from supportkit.stats.words import terms

OVERDISPERSION = 1.3
LEAST_CUSTOMERS = 3
"""A week holds one text per customer, so that three texts are three customers."""
LEAST_LIFT = 2.0
OVERLAP = 0.5
CANDIDATE_Q = 0.5
BURST_SCALE = 3.0
"""Puts a burst's score on the terms' scale: each view then gives about half of the false groups."""
FALSE_GROUPS = 0.2
USUAL_THRESHOLD = 4.0
"""Where there are too few past weeks to set a threshold: the upper end of what back-tests gave."""
LEAST_THRESHOLD, MOST_THRESHOLD = 2.0, 6.0
TELLING_TERMS = 3
SPACE_WEEKS = 4
"""In a back-test the space for bursts is fitted anew every four weeks, on the weeks before them."""
HISTORY_WEEKS = 16
BACKTEST_WEEKS = 12
LEAST_HISTORY_WEEKS = 4
LEAST_BACKTESTS = 4
SHOWN_TERMS = 8


@dataclass(frozen=True)
class Text:
    """What one customer wrote in one week, as stems: one text however often they wrote, known by its first ticket."""

    key: str
    customer: str
    stems: tuple[str, ...]


@dataclass(frozen=True)
class Week:
    """The texts of one week, one per customer, and in how many of them each term occurs."""

    texts: tuple[Text, ...]
    terms: tuple[frozenset[str], ...]
    counts: Mapping[str, int]

    @classmethod
    def of(cls, texts: Iterable[Text]) -> Week:
        """Put texts in the order of their keys, join those of one customer, count the terms."""
        joined: dict[str, Text] = {}
        held: dict[str, set[str]] = {}
        for text in sorted(texts, key=lambda text: text.key):
            held.setdefault(text.customer, set()).update(terms(text.stems))  # no pair crosses two letters
            first = joined.get(text.customer)
            if first is not None:
                text = Text(first.key, first.customer, first.stems + text.stems)
            joined[text.customer] = text
        kept = tuple(text for text in joined.values() if text.stems)
        found = tuple(frozenset(held[text.customer]) for text in kept)
        counts: Counter[str] = Counter()
        for one in found:
            counts.update(one)
        return cls(kept, found, counts)


@dataclass(frozen=True)
class Group:
    """One suspected new problem: its stemmed terms, best first, and the keys of its texts, the most typical first."""

    terms: tuple[str, ...]
    keys: tuple[str, ...]
    expected: float
    """Texts expected in the group: those with its best term, by their past share."""
    lift: float
    score: float
    """-log10 of the smallest tail probability among the terms, or the burst's score on that scale."""


def emerging_groups(week: Week, history: Sequence[Week], *, threshold: float) -> list[Group]:
    """The groups of the week that score above the threshold, best first; [] under 4 weeks of history.

    `history` are the weeks before, oldest first; the last 16 are used.
    """
    return [group for group in candidates(week, history) if group.score > threshold]


def backtested_threshold(weeks: Sequence[Week], *, false_groups: float = FALSE_GROUPS) -> tuple[float, int]:
    """The score that past weeks exceeded at most `false_groups` times a week, and the number of weeks tried.

    `weeks` end with the last week before the one in question. Each of the last 12 with enough history is scored as if
    it were the current one; a problem that lasted some weeks counts once. Under 4 such weeks the usual threshold is
    returned, with the number. Twelve quiet weeks prove little and twelve bad ones were not noise: it stays in bounds.
    """
    first = max(LEAST_HISTORY_WEEKS, len(weeks) - BACKTEST_WEEKS)
    tried = max(0, len(weeks) - first)
    if tried < LEAST_BACKTESTS:
        return USUAL_THRESHOLD, tried
    past: list[Group] = []
    for start in range(first, len(weeks), SPACE_WEEKS):
        space = space_of(_stems(weeks[max(0, start - HISTORY_WEEKS) : start]))
        for now in range(start, min(start + SPACE_WEEKS, len(weeks))):
            past += candidates(weeks[now], weeks[:now], space)
    known: set[str] = set()
    scores = []
    for group in sorted(past, key=lambda group: -group.score):
        if known.isdisjoint(group.terms[:TELLING_TERMS]):
            scores.append(group.score)
        known.update(group.terms)
    allowed = int(false_groups * tried)
    passed = scores[allowed] if len(scores) > allowed else 0.0
    return min(max(passed, LEAST_THRESHOLD), MOST_THRESHOLD), tried


def candidates(week: Week, history: Sequence[Week], space: Space | None = None) -> list[Group]:
    """Every group before any threshold, best first; `space` is for the bursts, by default fitted on the history."""
    past = list(history)[-HISTORY_WEEKS:]
    past_size, past_terms = sum(len(one.texts) for one in past), sum(sum(map(len, one.terms)) for one in past)
    if not week.texts or not past_terms or len(past) < LEAST_HISTORY_WEEKS:
        return []
    size = past_size * sum(map(len, week.terms)) / past_terms  # longer texts hold more of every term
    facts = _surprising_terms(week, past, size, past_size)
    found = _by_terms({term: fact for term, fact in facts.items() if fact.candidate})
    for burst in bursts(_stems([week]), _stems(past), space):
        found.append(_Found(set(burst.members), BURST_SCALE * burst.score, list(burst.members)))
    groups = [_described(one, facts, week, size / past_size) for one in _apart(found)]
    return sorted((group for group in groups if group.terms), key=lambda group: (-group.score, group.keys))


def _stems(weeks: Sequence[Week]) -> list[tuple[str, ...]]:
    return [text.stems for week in weeks for text in week.texts]


def surprise(now: Sequence[int], before: Sequence[int], size: float, past_size: float) -> tuple[Any, Any]:
    """Upper tail probability and lift of each count among `size` texts, given its count among `past_size` past ones."""
    import numpy as np
    from scipy.special import betainc

    seen, past = np.asarray(now, dtype=float), np.asarray(before, dtype=float)
    shape, rate = (past + 0.5) / OVERDISPERSION, past_size / OVERDISPERSION
    tail = betainc(seen, shape, size / (rate + size))
    lift = (seen / size) / ((past + 0.5) / past_size)
    return np.maximum(tail, 1e-300), lift


@dataclass(frozen=True)
class _Term:
    tail: float
    lift: float
    before: int
    texts: frozenset[int]
    candidate: bool


@dataclass(frozen=True)
class _Found:
    texts: set[int]
    score: float
    ranked: list[int]


def _surprising_terms(week: Week, past: Sequence[Week], size: float, past_size: float) -> dict[str, _Term]:
    """Each term of at least 3 texts of 3 customers with a lift of 2 or more."""
    wanted = {term for term, seen in week.counts.items() if seen >= LEAST_CUSTOMERS}
    holders: dict[str, list[int]] = {term: [] for term in sorted(wanted)}
    for number, found in enumerate(week.terms):
        for term in found & wanted:
            holders[term].append(number)
    frequent = list(holders)
    before = [sum(one.counts.get(term, 0) for one in past) for term in frequent]
    if not frequent:
        return {}
    tail, lift = surprise([week.counts[term] for term in frequent], before, size, past_size)
    passed = _passed(tail)
    return {
        term: _Term(float(tail[i]), float(lift[i]), before[i], frozenset(holders[term]), bool(passed[i]))
        for i, term in enumerate(frequent)
        if lift[i] >= LEAST_LIFT
    }


def _passed(tail: Any) -> Any:
    """Benjamini-Hochberg at q = .5: a sieve only, the threshold comes from the past weeks."""
    import numpy as np

    order = np.argsort(tail, kind="stable")
    below = np.flatnonzero(tail[order] <= CANDIDATE_Q * np.arange(1, len(tail) + 1) / len(tail))
    passed = np.zeros(len(tail), dtype=bool)
    if len(below):
        passed[order[: below[-1] + 1]] = True
    return passed


def _by_terms(facts: Mapping[str, _Term]) -> list[_Found]:
    """Best term first; each later term joins the first group whose texts it shares by half, or opens its own."""
    groups: list[tuple[list[str], set[int]]] = []
    for term in sorted(facts, key=lambda term: (facts[term].tail, -len(term), term)):
        mine = facts[term].texts
        for members, theirs in groups:
            if len(mine & theirs) >= OVERLAP * min(len(mine), len(theirs)):
                members.append(term)
                theirs |= mine
                break
        else:
            groups.append(([term], set(mine)))
    found = []
    for members, texts in groups:
        gain = dict.fromkeys(texts, 0.0)
        for term in members:
            for number in facts[term].texts:
                gain[number] += math.log(facts[term].lift)
        ranked = sorted(texts, key=lambda number: (-gain[number], number))
        found.append(_Found(texts, -math.log10(min(facts[term].tail for term in members)), ranked))
    return found


def _apart(found: Sequence[_Found]) -> list[_Found]:
    """The best groups, none sharing half of the smaller one's texts with a better one."""
    kept: list[_Found] = []
    for one in sorted(found, key=lambda one: (-one.score, one.ranked)):
        if all(len(one.texts & other.texts) < OVERLAP * min(len(one.texts), len(other.texts)) for other in kept):
            kept.append(one)
    return kept


def _described(one: _Found, facts: Mapping[str, _Term], week: Week, ratio: float) -> Group:
    """The group in its own words: the surprising terms that most of their texts share with it, by gain."""
    texts = one.texts
    mine = {term: fact for term, fact in facts.items() if 2 * len(fact.texts & texts) >= len(fact.texts)}
    gain = {term: len(fact.texts & texts) * math.log(fact.lift) for term, fact in mine.items()}
    ranked = sorted(gain, key=lambda term: (-gain[term], term))[:SHOWN_TERMS]
    expected = max(((mine[term].before + 0.5) * ratio for term in ranked[:1]), default=0.5 * ratio)
    keys = tuple(week.texts[number].key for number in one.ranked)
    return Group(tuple(ranked), keys, expected, len(texts) / expected, one.score)

"""New problems in the customers' words: what this week's tickets say far more than the weeks before, grouped.

A term (a stem or a pair) is expected by its past share; with h of H past tickets and n tickets now, the count is
negative binomial with shape (h + .5)/1.3 and mean n (h + .5)/H. From the tickets of each surprising term, and from each
ticket's own neighbourhood, groups grow of tickets that are near to one another and to few past ones (`contrast.py`,
`scan.py`). Texts are dependent and people paste, so no theory gives the threshold: it is set on the shop's own past
weeks, to .2 groups a week.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from supportkit.stats.neighbourhood_scan import TextGroup, groups_of_near_texts
from supportkit.stats.text_nearness import PastTexts, background_of
from supportkit.stats.week_texts import Week
from supportkit.system.frozen import dataclass

OVERDISPERSION = 1.3
LEAST_CUSTOMERS = 3
"""A week holds one text per customer, so that three texts are three customers."""
LEAST_LIFT = 2.0
SEEDS = 60
NOW_TEXTS = 800
"""Of a larger week so many texts are looked at, evenly spread."""
LARGE_WEEK, PAST_WEEK = 300, 200
"""Of a past week with more texts than the first number so many are enough."""
FALSE_GROUPS = 0.2
USUAL_THRESHOLD = 5.0
"""Where there are too few past weeks to set a threshold: the upper end of what back-tests gave."""
LEAST_THRESHOLD, MOST_THRESHOLD = 3.0, 8.0
TELLING_TERMS = 3
SPACE_WEEKS = 4
"""In a back-test four weeks in a row are held against the weeks before the first of them."""
CALIBRATION_WEEKS = 4
"""A threshold stays for four weeks, so that two reports of one month are judged alike."""
HISTORY_WEEKS = 16
BACKTEST_WEEKS = 12
LEAST_HISTORY_WEEKS = 4
LEAST_BACKTESTS = 4
SHOWN_TERMS = 8


@dataclass(frozen=True)
class EmergingGroup:
    """One suspected new problem: its stemmed terms, best first, and the keys of its texts, the most typical first."""

    terms: tuple[str, ...]
    keys: tuple[str, ...]
    expected: float
    """Texts expected in the group: those with its best term, by their past share."""
    lift: float
    score: float
    """-log10 of the probability of its neighbourhood, had nothing been new."""


def emerging_groups(week: Week, history: Sequence[Week], *, threshold: float) -> list[EmergingGroup]:
    """The groups of the week that score above the threshold, best first; [] under 4 weeks of history.

    `history` are the weeks before, oldest first; the last 16 are used.
    """
    return [group for group in groups_before_threshold(week, history) if group.score > threshold]


def backtested_threshold(weeks: Sequence[Week], *, false_groups: float = FALSE_GROUPS) -> tuple[float, int]:
    """The score that past weeks exceeded `false_groups` times a week, and the number of weeks tried.

    `weeks` end with the last week before the one in question. Each of the last 12 with enough history is scored as if
    it were the current one; a problem that lasted some weeks counts once. Between the scores that were exceeded a
    little more and a little less often it is interpolated. Under 4 such weeks the usual threshold is returned, with the
    number. Twelve quiet weeks prove little and twelve bad ones were not noise: it stays in bounds.

    Where the weeks are drawn from larger ones, a week in use has more texts and as many times more groups: its history
    is thinned in the same proportion here, so that a text has as many of its own week around it, and the score may be
    exceeded so many times less.
    """
    first = max(LEAST_HISTORY_WEEKS, len(weeks) - BACKTEST_WEEKS)
    tried = max(0, len(weeks) - first)
    if tried < LEAST_BACKTESTS:
        return USUAL_THRESHOLD, tried
    larger = _times_larger(weeks)
    past: list[EmergingGroup] = []
    for start in range(first, len(weeks), SPACE_WEEKS):
        before = weeks[max(0, start - HISTORY_WEEKS) : start]
        background = _background(before, larger)
        for now in range(start, min(start + SPACE_WEEKS, len(weeks))):
            past += groups_before_threshold(weeks[now], before, background)
    known: set[str] = set()
    scores = []
    for group in sorted(past, key=lambda group: -group.score):
        if known.isdisjoint(group.terms[:TELLING_TERMS]):
            scores.append(group.score)
        known.update(group.terms)
    return min(max(exceeded(scores, false_groups * tried / larger), LEAST_THRESHOLD), MOST_THRESHOLD), tried


def exceeded(scores: Sequence[float], times: float) -> float:
    """The score that is exceeded so many times in as many weeks to come: the times-th largest of those seen.

    That holds for scores that come at random in time: beyond the m-th largest of T weeks lie m / T a week on average.
    """
    above = math.floor(times)
    ends = [scores[number - 1] if 0 < number <= len(scores) else 0.0 for number in (above, above + 1)]
    return ends[0] + (times - above) * (ends[1] - ends[0]) if above else ends[1]


def groups_before_threshold(
    week: Week, history: Sequence[Week], background: PastTexts | None = None
) -> list[EmergingGroup]:
    """Every group before any threshold, best first; `background` is made of the history unless it is given."""
    past = list(history)[-HISTORY_WEEKS:]
    past_size, past_terms = sum(len(one.texts) for one in past), sum(sum(map(len, one.terms)) for one in past)
    if not week.texts or not past_terms or len(past) < LEAST_HISTORY_WEEKS:
        return []
    background = background or _background(past)
    if background is None:
        return []
    size = past_size * sum(map(len, week.terms)) / past_terms  # longer texts hold more of every term
    step = _step(len(week.texts))
    seeds = [
        [number // step for number in sorted(term.texts) if number % step == 0]
        for term in _surprising_terms(week, past, size, past_size)
    ]
    found = groups_of_near_texts(background.nearness(week.texts[::step]), seeds)
    here = [TextGroup(tuple(step * member for member in one.members), one.score) for one in found]
    groups = [_described(one, week, past, size / past_size, past_size, step) for one in here]
    return [group for group in groups if group.terms]


def looked_at(texts: int) -> int:
    """How many of a week's texts are looked at."""
    return len(range(0, texts, _step(texts)))


def _step(texts: int) -> int:
    return max(-(-texts // NOW_TEXTS), 1)


def _times_larger(weeks: Sequence[Week]) -> int:
    """How many times as many texts of a week in use are looked at as of these weeks."""
    sizes = sorted(week.size for week in weeks[-BACKTEST_WEEKS:])
    usual = min(sizes[len(sizes) // 2], NOW_TEXTS)
    return max(round(usual / PAST_WEEK), 1) if usual > LARGE_WEEK else 1


def _background(weeks: Sequence[Week], step: int = 1) -> PastTexts | None:
    return background_of([text for week in weeks for text in week.texts][::step])


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
    term: str
    tail: float
    texts: frozenset[int]


def _surprising_terms(week: Week, past: Sequence[Week], size: float, past_size: float) -> list[_Term]:
    """The 60 most surprising terms of at least 3 texts with a lift of 2 or more, the most surprising first."""
    frequent = sorted(term for term, seen in week.counts.items() if seen >= LEAST_CUSTOMERS)
    if not frequent:
        return []
    before = [sum(one.counts.get(term, 0) for one in past) for term in frequent]
    tail, lift = surprise([week.counts[term] for term in frequent], before, size, past_size)
    best = sorted((float(tail[i]), term) for i, term in enumerate(frequent) if lift[i] >= LEAST_LIFT)[:SEEDS]
    holders: dict[str, list[int]] = {term: [] for _, term in best}
    for number, found in enumerate(week.terms):
        for term in found & holders.keys():
            holders[term].append(number)
    return [_Term(term, chance, frozenset(holders[term])) for chance, term in best]


def _described(
    one: TextGroup, week: Week, past: Sequence[Week], ratio: float, past_size: float, step: int
) -> EmergingGroup:
    """The group in its own words: the terms that three or more of its texts hold and few past ones, by gain.

    Of a week of which every `step`-th text is looked at, the others whose terms say as much as those of half of the
    group's texts belong to it.
    """
    held: dict[str, int] = {}
    for member in one.members:
        for term in week.terms[member]:
            held[term] = held.get(term, 0) + 1
    before = {
        term: sum(each.counts.get(term, 0) for each in past) + 0.5
        for term, count in held.items()
        if count >= LEAST_CUSTOMERS
    }
    gain = {
        term: held[term] * math.log(held[term] / len(one.members) * past_size / old) for term, old in before.items()
    }
    ranked = sorted((term for term in gain if gain[term] > 0), key=lambda term: (-gain[term], term))[:SHOWN_TERMS]
    expected = max((before[term] * ratio for term in ranked[:1]), default=0.5 * ratio)
    members = list(one.members)
    if step > 1:
        telling = {term: gain[term] / held[term] for term in ranked}
        said = [sum(telling[term] for term in sorted(found & telling.keys())) for found in week.terms]
        least = max(sorted(said[number] for number in members)[len(members) // 2], 1e-9)
        rest = (number for number, weight in enumerate(said) if number % step and weight >= least)
        members += sorted(rest, key=lambda number: (-said[number], number))
    keys = tuple(week.texts[number].key for number in members)
    return EmergingGroup(tuple(ranked), keys, expected, len(members) / expected, one.score)

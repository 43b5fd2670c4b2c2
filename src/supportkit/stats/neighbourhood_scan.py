"""Groups of this week's texts that stand together more than chance puts them: a scan over neighbourhoods.

The nearest texts to one of this week, or to a group of them, are taken in their order. When nothing is new, each is of
this week with the probability n / (n + H). Of all such neighbourhoods the least probable one counts, by its binomial
tail (Kulldorff 1997, Commun Stat Theory 26:1481, for circles on a map; Cuzick & Edwards 1990 for neighbours).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from supportkit.system.frozen import dataclass

LARGEST = 80
"""Texts of one neighbourhood, past ones included."""
LEAST_MEMBERS = 3
OVERLAP = 0.5
ROUNDS = 3
SEEDS = 60
LEAST_SCORE = 1.0


@dataclass(frozen=True)
class TextGroup:
    """Positions of texts in this week's list, the nearest to the others first, and -log10 of the group's tail."""

    members: tuple[int, ...]
    score: float


def groups_of_near_texts(nearness: Any, seeds: Iterable[Sequence[int]] = ()) -> list[TextGroup]:
    """The groups of a week, best first, none sharing half of the smaller one's texts with a better one.

    `nearness` is (texts, past + texts). Groups grow from the best neighbourhoods of single texts and from `seeds`.
    """
    texts, past = len(nearness), nearness.shape[1] - len(nearness)
    if texts <= LEAST_MEMBERS or past <= LARGEST:
        return []
    begun = [one.members for one in _neighbourhoods(nearness)]
    grown: dict[frozenset[int], TextGroup] = {}
    for seed in (*begun, *seeds):
        if len(seed) >= LEAST_MEMBERS and frozenset(seed) not in grown:
            grown[frozenset(seed)] = _grown(nearness, seed)
    return _apart(one for one in grown.values() if len(one.members) >= LEAST_MEMBERS)


def _neighbourhoods(nearness: Any) -> list[TextGroup]:
    """The best neighbourhood of each text, the best 60 of those."""
    import numpy as np

    texts, past = len(nearness), nearness.shape[1] - len(nearness)
    order, size, score = _least_probable(nearness, past)
    best = np.lexsort((np.arange(texts), -score))[:SEEDS]
    found = []
    for number in best.tolist():
        if score[number] > LEAST_SCORE:
            near = order[number, : size[number]]
            found.append(TextGroup((number, *(near[near >= past] - past).tolist()), float(score[number])))
    return found


def _grown(nearness: Any, seed: Sequence[int]) -> TextGroup:
    """The best neighbourhood of a group, of the group that makes, and of that: each text by its mean nearness to it."""
    import numpy as np

    past = nearness.shape[1] - len(nearness)
    members, best = np.array(seed), TextGroup((), 0.0)
    for _ in range(ROUNDS):
        total = nearness[members].sum(axis=0)
        others = np.full(len(total), len(members))
        total[past + members] -= nearness[members, past + members]  # none is near to itself
        others[past + members] -= 1
        order, size, score = _least_probable((total / others)[None, :], past)
        near = order[0, : size[0]]
        after = near[near >= past] - past
        if score[0] > best.score:
            best = TextGroup(tuple(after.tolist()), float(score[0]))
        if len(after) < LEAST_MEMBERS or set(after.tolist()) == set(members.tolist()):
            break
        members = after
    return best


def _least_probable(nearness: Any, past: int) -> tuple[Any, Any, Any]:
    """Of each row the nearest columns in their order, how many make the least probable neighbourhood, its score."""
    import numpy as np

    part = np.argpartition(-nearness, LARGEST, axis=1)[:, :LARGEST]
    part.sort(axis=1)
    order = np.take_along_axis(
        part, np.argsort(-np.take_along_axis(nearness, part, axis=1), axis=1, kind="stable"), axis=1
    )
    of_this_week = (order >= past).cumsum(axis=1)
    score = _tails(nearness.shape[1] - past, past)[np.arange(LARGEST), of_this_week]
    best = score.argmax(axis=1)
    return order, best + 1, score[np.arange(len(nearness)), best]


@cache
def _tails(texts: int, past: int) -> Any:
    """[k - 1, c]: -log10 of the probability that c or more of k texts are of this week; 0 for less than two."""
    import numpy as np
    from scipy.special import bdtrc

    score = np.zeros((LARGEST, LARGEST + 1))
    for size in range(2, LARGEST + 1):
        count = np.arange(2, size + 1)
        score[size - 1, 2 : size + 1] = -np.log10(np.maximum(bdtrc(count - 1, size, texts / (texts + past)), 1e-300))
    return score


def _apart(found: Iterable[TextGroup]) -> list[TextGroup]:
    """The best groups, none sharing half of the smaller one's texts with a better one."""
    kept: list[tuple[TextGroup, set[int]]] = []
    for one in sorted(found, key=lambda one: (-one.score, one.members)):
        texts = set(one.members)
        if all(len(texts & other) < OVERLAP * min(len(texts), len(other)) for _, other in kept):
            kept.append((one, texts))
    return [one for one, _ in kept]

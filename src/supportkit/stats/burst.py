"""Tickets that are nearer to one another this week than to the weeks before: a new problem in many different words.

Each ticket's 5 and 15 nearest neighbours are looked up among this week's and the past ones. When nothing is new, a
neighbour is of this week with the probability n / (n + H); many more of this week are a burst (a nearest-neighbour
scan, cf. Cuzick & Edwards 1990, J R Stat Soc B 52:73).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from supportkit.stats.space import Space, fit_space

NEIGHBOURS = (5, 15)
FIT_TEXTS = 6_000
DIMENSIONS = 60
PAST_TEXTS = 8_000
NOW_TEXTS = 4_000
SEED_SCORE = 1.5
MEMBER_SCORE = 1.0
LEAST_MEMBERS = 3


@dataclass(frozen=True)
class Burst:
    """Positions of tickets in this week's list, the most central first, and the mean -log10 p around the first."""

    members: tuple[int, ...]
    score: float


def space_of(past: Sequence[Sequence[str]]) -> Space | None:
    """The space to look for bursts in, fitted on past texts only: what is new must not shape it."""
    try:
        return fit_space(_every(past, FIT_TEXTS), dimensions=DIMENSIONS)
    except ValueError:
        return None


def bursts(now: Sequence[Sequence[str]], past: Sequence[Sequence[str]], space: Space | None = None) -> list[Burst]:
    """Groups of texts (lists of stems) that are bursts, best first; [] where there is too little to compare."""
    import numpy as np

    space = space or space_of(past)
    if space is None or len(now) <= max(NEIGHBOURS) or len(past) <= max(NEIGHBOURS):
        return []
    step = -(-len(now) // NOW_TEXTS)
    now, past = now[::step], _every(past, PAST_TEXTS)
    here = space.vectors(now)
    nearest = _nearest(here, np.vstack([here, space.vectors(past)]))
    score = _scores(nearest, len(now), len(past))
    score[np.linalg.norm(here, axis=1) == 0] = 0
    return [Burst(tuple(step * member for member in one.members), one.score) for one in _grouped(nearest, score)]


def _every(texts: Sequence[Sequence[str]], most: int) -> Sequence[Sequence[str]]:
    """At most `most` texts, evenly spread over the list."""
    step = -(-len(texts) // most)
    return texts[::step] if step > 1 else texts


def _nearest(here: Any, everything: Any) -> Any:
    """For each row of `here` the positions of its 15 nearest others in `everything`, nearest first."""
    import numpy as np

    most = max(NEIGHBOURS)
    found = np.empty((len(here), most), dtype=int)
    for start in range(0, len(here), 1_000):
        cosine = here[start : start + 1_000] @ everything.T
        rows = np.arange(len(cosine))
        cosine[rows, rows + start] = -1
        part = np.argpartition(-cosine, most, axis=1)[:, :most]
        order = np.argsort(-np.take_along_axis(cosine, part, axis=1), axis=1, kind="stable")
        found[start : start + 1_000] = np.take_along_axis(part, order, axis=1)
    return found


def _scores(nearest: Any, now: int, past: int) -> Any:
    """-log10 of the smaller binomial tail of the two neighbourhoods."""
    import numpy as np
    from scipy.special import bdtrc

    tail = np.ones(now)
    for size in NEIGHBOURS:
        of_this_week = (nearest[:, :size] < now).sum(axis=1)
        tail = np.minimum(tail, np.where(of_this_week > 0, bdtrc(of_this_week - 1, size, now / (now + past)), 1.0))
    return -np.log10(np.maximum(tail, 1e-300))


def _grouped(nearest: Any, score: Any) -> list[Burst]:
    """From the best centre outwards: its surprising neighbours of this week, and theirs."""
    now = len(score)
    near = [[other for other in row if other < now] for row in nearest.tolist()]
    first = min(NEIGHBOURS)
    closest = [[other for other in row[:first] if other < now] for row in nearest.tolist()]
    centre = [(score[i] + sum(score[other] for other in closest[i])) / (1 + first) for i in range(now)]
    used: set[int] = set()
    found = []
    for start in sorted(range(now), key=lambda i: (-centre[i], i)):
        if start in used or score[start] < SEED_SCORE:
            continue
        members = [start, *(other for other in near[start] if other not in used and score[other] >= MEMBER_SCORE)]
        for member in list(members):
            for other in closest[member]:
                if other not in used and other not in members and score[other] >= SEED_SCORE:
                    members.append(other)
        used.update(members)
        if len(members) >= LEAST_MEMBERS:
            found.append(Burst(tuple(members), float(centre[start])))
    return found

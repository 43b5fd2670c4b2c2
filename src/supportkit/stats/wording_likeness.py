"""How like the wordings of one language are, and which are of one problem by that: average linkage of their profiles.

A profile is the share of a wording's texts that hold each stem. Likeness is the cosine of the square roots of the
shares, weighted by idf (Hellinger's distance, with rare words counting more).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from supportkit.stats.topic_records import Wording

ALIKE = 0.18
"""Mean cosine of the profiles of two groups of wordings that are joined."""
ALIKE_BY_CATEGORY = ALIKE / 1.5
"""The same, of one category: a desk's category may mix several troubles, and words must still say that it is one."""
COMMON = 0.02
"""A stem with a smaller share of a wording's texts does not count as one of it in the idf."""
MIXED = ""
"""The category of a wording whose tickets are of several."""


def joined(
    profiles: Sequence[Mapping[str, float]], categories: Sequence[str | None], fixed: Sequence[int | None]
) -> list[int]:
    """Labels 0.. of the wordings of one language. Those of one number in `fixed` are together from the first."""
    import numpy as np

    if not profiles:
        return []
    own = [("fixed", one) if one is not None else ("free", place) for place, one in enumerate(fixed)]
    names = list(dict.fromkeys(own))
    member = np.array([[float(name == one) for one in own] for name in names])
    sums, sizes = member @ _likeness(profiles) @ member.T, member.sum(axis=1)
    known = sorted({category for category in categories if category is not None})
    place_of = {category: place for place, category in enumerate(known)}
    tied_to = np.array(
        [
            next((place_of[c] for c, one in zip(categories, own, strict=True) if one == name and c is not None), -1)
            for name in names
        ]
    )
    by_category = np.where(tied_to == place_of.get(MIXED, -2), 1.0, ALIKE / ALIKE_BY_CATEGORY)
    home = np.arange(len(names))
    alive = np.ones(len(names), dtype=bool)
    while True:
        both = (tied_to[:, None] >= 0) & (tied_to >= 0)
        factor = np.where(both, np.where(tied_to[:, None] == tied_to, by_category, 0.0), 1.0)
        factor[np.ix_(~alive, ~alive)] = factor[~alive] = factor[:, ~alive] = 0
        worth = np.triu(sums / np.outer(sizes, sizes) * factor, 1)
        first, second = np.unravel_index(worth.argmax(), worth.shape)
        if worth[first, second] < ALIKE:
            break
        into, guest = int(first), int(second)
        sums[into] += sums[guest]
        sums[:, into] += sums[:, guest]
        sizes[into] += sizes[guest]
        tied_to[into] = max(tied_to[into], tied_to[guest])
        alive[guest] = False
        home[home == guest] = into
    labels = list(dict.fromkeys(home.tolist()))
    at = {name: place for place, name in enumerate(names)}
    return [labels.index(int(home[at[one]])) for one in own]


def in_two(wordings: Sequence[Wording]) -> tuple[list[Wording], list[Wording]]:
    """Two or more wordings in two parts, by languages and then by words: average linkage, as `joined` has it."""
    import numpy as np

    groups = np.array([one.group for one in wordings])
    likeness = _likeness([one.profile for one in wordings]) + (groups[:, None] == groups)
    parts = [[place] for place in range(len(wordings))]
    while len(parts) > 2:
        mean = {
            (first, second): float(likeness[np.ix_(parts[first], parts[second])].mean())
            for first in range(len(parts))
            for second in range(first + 1, len(parts))
        }
        first, second = min(mean, key=lambda pair: (-mean[pair], pair))
        parts[first] += parts.pop(second)
    return [wordings[place] for place in parts[0]], [wordings[place] for place in parts[1]]


def weighted_profiles(profiles: Sequence[Mapping[str, float]]) -> Any:
    """Unit rows: square roots of the stems' shares, weighted by idf over the wordings."""
    import numpy as np

    stems = {stem: place for place, stem in enumerate(sorted({stem for profile in profiles for stem in profile}))}
    shares = np.zeros((len(profiles), len(stems)))
    for row, profile in zip(shares, profiles, strict=True):
        for stem, share in profile.items():
            row[stems[stem]] = share
    weighted = np.sqrt(shares) * np.log((1 + len(profiles)) / (1 + (shares > COMMON).sum(axis=0)))
    norm = np.linalg.norm(weighted, axis=1, keepdims=True)
    return np.divide(weighted, norm, out=np.zeros_like(weighted), where=norm > 0)


def _likeness(profiles: Sequence[Mapping[str, float]]) -> Any:
    """Cosine of the profiles, one with itself 0."""
    import numpy as np

    unit = weighted_profiles(profiles)
    likeness = unit @ unit.T
    np.fill_diagonal(likeness, 0)
    return likeness

"""Which slices explain the change of a share: a scan over all conjunctions of up to three values.

A slice's excess is its failures in the second table beyond what its own leaves would have had anyway, so that a moved
mix cannot be blamed on it. Slices are ranked by z squared x the root of their share of the excess: z holds the variance
that the leaves' own rates leave, which the likelihood of counts alone does not. Many are looked at, so each carries a
family-wise p (max-|z| over seeded redraws of the leaves: Westfall & Young, "Resampling-based multiple testing", 1993)
and a q-value (Benjamini & Hochberg 1995).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations
from math import sqrt
from typing import TYPE_CHECKING, Literal

from supportkit.stats.intervals import benjamini_hochberg, two_sided_p, z_value
from supportkit.stats.mix_and_rate import LeafTable, Leaves, Split, expectation, leaf_table, paradox, rate_parts, split
from supportkit.system.frozen import dataclass

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]
    Codes = NDArray[np.int64]
    Mask = NDArray[np.bool_]

Key = tuple[tuple[int, int], ...]
Values = tuple[tuple[str, str], ...]

DEPTH = 3  # dimensions in one slice, at most
LEAST_VARIANCE = 3.0  # a slice whose failures vary by less cannot be told from chance and is not looked at
OVERLAP = 0.8  # a slice tells nothing new where a better one accounts for this share of its excess
TWINS = 0.9  # of both excesses: two slices that share as much are not to be told apart
NEAR = 0.95  # scores are nearly equal above this part of the better one
MOST_TWINS = 3
SIGNIFICANT = 0.05


@dataclass(frozen=True)
class Slice:
    """One conjunction of values, what happened in it, and how sure that is."""

    values: Values
    n_before: int
    n_after: int
    rate_before: float | None
    rate_after: float | None
    excess: float
    """Failures (successes where a rise is explained) beyond the expectation, in the second table."""
    share: float
    """Of all leaves' positive excess, at most 1."""
    z: float
    p_fwer: float
    q: float
    also: tuple[Values, ...]
    """Up to three slices of as many values that hold the same excess: which of them it is, these tables cannot tell."""


@dataclass(frozen=True)
class Explanation:
    """The split of the change and the slices behind it, best first."""

    split: Split
    slices: tuple[Slice, ...]
    coverage: float | None
    """Share of the rate part inside the slices with p_fwer <= 0.05; None where the rate part does not go that way."""
    outside: bool
    """True where the rates moved beyond chance and no slice singles out where: the cause lies elsewhere."""
    paradox: tuple[str, ...]
    """Dimensions of which every value moved against the total (Simpson's case)."""
    examined: int
    """Slices in the family."""
    beyond: int
    """Of these, the ones with p_fwer <= 0.05 that went the way that is looked for."""
    least_p: float
    """The smallest p_fwer of the family, falls and rises alike; 1 where nothing was examined."""
    least_q: float


@dataclass(frozen=True)
class _Family:
    """Every slice with variance enough, in the order of `keys`; `excess` and `rate_parts` are by leaf."""

    keys: list[Key]
    excess: Numbers
    rate_parts: Numbers
    found: Numbers
    expected: Numbers
    z: Numbers
    p: Numbers
    q: list[float]
    share: Numbers
    score: Numbers


def explain(
    before: Leaves,
    after: Leaves,
    dimensions: Sequence[str],
    *,
    direction: Literal["down", "up"] | None = None,
    draws: int = 199,
    seed: int = 0,
    top: int = 10,
    worth: float = 1.0,
) -> Explanation:
    """The slices behind the change of a rate from `before` to `after`, best first.

    `direction` says whether falls or rises of the rate are looked for; by default the way the total went. Each case is
    `worth` so many independent ones: chance alone moves a rate by as much more (a design effect, Kish 1965).
    The same tables and seed give the same answer. Raises ValueError when a table has no case.
    """
    table = leaf_table(before, after, dimensions)
    whole = split(table)
    if direction is None:
        direction = "up" if whole.change > 0 else "down"
    family = _scan(table, direction, draws, seed, worth)
    listed = _listed(table, family, top)
    coverage = _coverage(family, listed, whole.rate if direction == "up" else -whole.rate)
    moved = whole.z is not None and abs(whole.z) * sqrt(worth) >= z_value()
    outside = moved and coverage is not None and _outside(table, family, listed, coverage)
    slices = tuple(piece for _, piece in listed)
    return Explanation(
        split=whole,
        slices=slices,
        coverage=coverage,
        outside=outside,
        paradox=paradox(table),
        examined=len(family.keys),
        beyond=int(((family.p <= SIGNIFICANT) & (family.found > family.expected)).sum()),
        least_p=float(min(family.p, default=1.0)),
        least_q=min(family.q, default=1.0),
    )


def _scan(table: LeafTable, direction: Literal["down", "up"], draws: int, seed: int, worth: float) -> _Family:
    """Excess, z and error rates of every conjunction."""
    import numpy as np

    hits0, hits1 = (table.x0, table.x1) if direction == "up" else (table.n0 - table.x0, table.n1 - table.x1)
    mean, spread = expectation(table, hits0 + hits1)
    moving = np.flatnonzero(spread > 0)
    good, cases = (hits0 + hits1)[moving], (table.n0 + table.n1)[moving]
    drawn = np.random.default_rng(seed).hypergeometric(good, cases - good, table.n1[moving], (draws, len(moving)))
    noise = drawn - mean[moving]
    largest = np.zeros(draws)
    keys: list[Key] = []
    parts: list[Numbers] = []
    for codes, values in _groups(table):
        variance = np.bincount(codes, spread, len(values))
        kept = np.flatnonzero(variance >= LEAST_VARIANCE)
        if len(kept):
            keys += [values[code] for code in kept]
            found, expected = np.bincount(codes, hits1, len(values)), np.bincount(codes, mean, len(values))
            parts.append(np.stack([found[kept], expected[kept], variance[kept]]))
            sums = _sums(noise, codes[moving], len(values))[:, kept]
            largest = np.maximum(largest, (np.abs(sums) / np.sqrt(variance[kept])).max(axis=1))
    found, expected, variance = np.concatenate(parts, axis=1) if parts else np.zeros((3, 0))
    z = (found - expected) / np.sqrt(variance / worth)
    beyond = (largest[None, :] >= np.abs(z)[:, None] - 1e-12).sum(axis=1)
    excess = hits1 - mean
    positive = float(np.maximum(excess, 0).sum())
    share = np.minimum(1.0, np.maximum(found - expected, 0) / max(positive, 1e-300))
    return _Family(
        keys=keys,
        excess=excess,
        rate_parts=rate_parts(table) * (1.0 if direction == "up" else -1.0),
        found=found,
        expected=expected,
        z=z,
        p=(1 + beyond) / (1 + draws),
        q=benjamini_hochberg([two_sided_p(value) for value in z.tolist()]),
        share=share,
        score=np.maximum(z, 0) ** 2 * np.sqrt(share),
    )


def _groups(table: LeafTable) -> Iterator[tuple[Codes, list[Key]]]:
    """For each set of up to three dimensions: the slice of each leaf, and what the slices are."""
    import numpy as np

    for size in range(1, min(DEPTH, len(table.dimensions)) + 1):
        for places in combinations(range(len(table.dimensions)), size):
            combined = table.codes[places[0]]
            for place in places[1:]:
                combined = combined * len(table.names[place]) + table.codes[place]
            _, first, codes = np.unique(combined, return_index=True, return_inverse=True)
            yield codes, [tuple((place, int(table.codes[place][leaf])) for place in places) for leaf in first]


def _sums(values: Numbers, codes: Codes, groups: int) -> Numbers:
    """Row-wise sums of the columns that share a code; rows x groups."""
    import numpy as np

    sums = np.zeros((len(values), groups))
    if len(codes):
        order = np.argsort(codes, kind="stable")
        ordered = codes[order]
        starts = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]])
        sums[:, ordered[starts]] = np.add.reduceat(values[:, order], starts, axis=1)
    return sums


def _listed(table: LeafTable, family: _Family, top: int) -> list[tuple[Mask, Slice]]:
    """The best slices with their leaves, each with its twins: as deep, scored alike, and of the same excess.

    What a slice lies in, or holds, is a row of its own: hidden, the true one would be among what is hidden.
    """
    score = family.score.tolist()
    order = sorted(range(len(score)), key=lambda i: (-score[i], len(family.keys[i]), family.keys[i]))
    chosen: list[tuple[Mask, int, list[int]]] = []
    for i in order:
        if score[i] <= 0 or family.found[i] <= family.expected[i]:
            break
        mask = _inside(table, family.keys[i])
        twin = next((c for c in chosen if len(c[2]) < MOST_TWINS and _are_twins(family, mask, i, c[0], c[1])), None)
        if twin is not None:
            twin[2].append(i)
        elif len(chosen) == top:
            break
        else:
            chosen.append((mask, i, []))
    return [
        (mask, _slice(table, family, mask, i, [_values(table, family.keys[other]) for other in also]))
        for mask, i, also in _where_twins_meet(family, chosen)
    ]


def _where_twins_meet(family: _Family, chosen: list[tuple[Mask, int, list[int]]]) -> list[tuple[Mask, int, list[int]]]:
    """The rows, each after the one that has its values and its twin's, where that is the clearer one."""
    rows = list(chosen)
    for row in chosen:
        _, i, also = row
        both = [set(family.keys[i]) | set(family.keys[other]) for other in also]
        place = next(n for n, one in enumerate(rows) if one is row)
        meet = next(
            (one for one in rows[place:] if set(family.keys[one[1]]) in both and family.z[one[1]] > family.z[i]), None
        )
        if meet is not None:
            rows = [*rows[:place], meet, *(one for one in rows[place:] if one is not meet)]
    return rows


def _are_twins(family: _Family, mask: Mask, i: int, other: Mask, j: int) -> bool:
    if len(family.keys[i]) != len(family.keys[j]) or family.score[i] < NEAR * family.score[j]:
        return False
    shared = float(family.excess[mask & other].sum())
    return all(shared >= TWINS * (family.found[one] - family.expected[one]) for one in (i, j))


def _inside(table: LeafTable, key: Key) -> Mask:
    import numpy as np

    mask = np.ones(len(table.n0), dtype=bool)
    for place, code in key:
        mask &= table.codes[place] == code
    return mask


def _values(table: LeafTable, key: Key) -> Values:
    return tuple((table.dimensions[place], table.names[place][code]) for place, code in key)


def _slice(table: LeafTable, family: _Family, mask: Mask, i: int, also: list[Values]) -> Slice:
    n0, x0, n1, x1 = (int(part[mask].sum()) for part in (table.n0, table.x0, table.n1, table.x1))
    return Slice(
        values=_values(table, family.keys[i]),
        n_before=n0,
        n_after=n1,
        rate_before=x0 / n0 if n0 else None,
        rate_after=x1 / n1 if n1 else None,
        excess=float(family.found[i] - family.expected[i]),
        share=float(family.share[i]),
        z=float(family.z[i]),
        p_fwer=float(family.p[i]),
        q=family.q[i],
        also=tuple(also),
    )


def _coverage(family: _Family, listed: list[tuple[Mask, Slice]], total: float) -> float | None:
    """The rate part inside the listed slices beyond chance that are not what a better one has by another name."""
    import numpy as np

    if total <= 1e-12:
        return None
    union = np.zeros(len(family.excess), dtype=bool)
    for mask, piece in listed:
        if piece.p_fwer <= SIGNIFICANT and family.excess[mask & union].sum() < OVERLAP * piece.excess:
            union |= mask
    return min(1.0, max(0.0, float(family.rate_parts[union].sum()) / total))


def _outside(table: LeafTable, family: _Family, listed: list[tuple[Mask, Slice]], coverage: float) -> bool:
    """No place singled out: little is covered, nearly everybody is inside, or the others moved half as much or more."""
    if coverage < 0.5:
        return True
    mask, best = listed[0]
    inside, others = int(table.n1[mask].sum()), int(table.n1[~mask].sum())
    if others < 0.1 * (inside + others):
        return True
    return bool(family.excess[~mask].sum() / others >= 0.5 * best.excess / inside)

"""Labelled incidents of the kind of RobustSpot's paper: tables of a success rate with a planted slice that fails.

Zhang et al. (RobustSpot, IEEE Transactions on Services Computing 2022) label 135 incidents of a ratio in tables of 3 to
7 dimensions and some 215 leaves; those are not ours to give. Here are worlds of the same shape: uneven values, leaves
of which few are large, dimensions of which one depends on another (a city on its country), so that slices have other
names; rates that differ by leaf and vary more than by chance; a cause of one to three values that hits its leaves
unevenly, in one of seven incidents a second one, and in half of them a mix that moved.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from supportkit.stats.mix_and_rate import Leaves
from supportkit.stats.slices import Values

LEAST_SHARE, MOST_SHARE = 0.02, 0.6  # of the cases, in a cause


@dataclass(frozen=True)
class Incident:
    """Two tables of cases and successes by leaf, and what was planted into the second."""

    dimensions: tuple[str, ...]
    before: Leaves
    after: Leaves
    labels: tuple[Values, ...]


def incident(seed: int) -> Incident:
    """One incident."""
    rng = np.random.default_rng([135, seed])
    while True:
        found = _incident(rng)
        if found is not None:
            return found


def _incident(rng: np.random.Generator) -> Incident | None:
    wide = int(rng.integers(3, 8))
    leaves = _leaves(rng, wide, int(rng.integers(60, 400)))
    size = rng.lognormal(0, 1.3, len(leaves))
    cases = float(np.exp(rng.uniform(np.log(3000), np.log(60000))))
    moved = size * rng.lognormal(0, rng.choice([0.05, 0.4]), len(leaves))
    causes = [_cause(rng, leaves, size)]
    if rng.uniform() < 1 / 7:
        causes.append(_cause(rng, leaves, size))
    labels = {tuple(sorted(each.items())): _inside(leaves, each) for each in causes if each}
    if len(labels) < len(causes):
        return None
    rate = 1 / (1 + np.exp(-rng.normal(rng.uniform(0.8, 2.5), 0.5, len(leaves))))
    hit = rate.copy()
    for mask in labels.values():
        hit[mask] *= 1 - np.minimum(rng.uniform(0.15, 0.7) * rng.lognormal(0, 0.3, mask.sum()), 0.95)
    vary = float(rng.choice([0.0, 0.003, 0.01]))
    tables = []
    for weight, chance in ((size, rate), (moved, hit)):
        n = rng.poisson(cases * weight / weight.sum())
        p = rng.beta(chance * (1 / vary - 1), (1 - chance) * (1 / vary - 1)) if vary else chance
        tables.append((n, rng.binomial(n, np.clip(p, 0, 1))))
    names = tuple(f"d{place}" for place in range(wide))
    keys = [tuple(f"v{value}" for value in leaf) for leaf in leaves.tolist()]
    before, after = ({key: (int(a), int(b)) for key, a, b in zip(keys, n, x, strict=True) if a} for n, x in tables)
    if not before or not after:
        return None
    return Incident(names, before, after, tuple(tuple((f"d{p}", f"v{v}") for p, v in each) for each in labels))


def _leaves(rng: np.random.Generator, wide: int, many: int) -> np.ndarray:
    """Distinct leaves (leaf, dimension); from the third dimension on half of them depend on one before."""
    columns: list[np.ndarray] = []
    for place in range(wide):
        values = int(rng.integers(2, 13))
        share = 1 / np.arange(1, values + 1) ** rng.uniform(0.3, 1.3)
        if place >= 2 and rng.uniform() < 0.5:
            parent = columns[int(rng.integers(0, place))]
            of = rng.permutation(values)[np.arange(parent.max() + 1) % values]
            drawn = rng.choice(values, 3 * many, p=share / share.sum())
            columns.append(np.where(rng.uniform(size=3 * many) < rng.choice([0.6, 0.9, 1.0]), of[parent], drawn))
        else:
            columns.append(rng.choice(values, 3 * many, p=share / share.sum()))
    distinct = np.unique(np.array(columns).T, axis=0)
    return np.asarray(distinct[rng.permutation(len(distinct))[:many]])


def _cause(rng: np.random.Generator, leaves: np.ndarray, size: np.ndarray) -> dict[int, int]:
    """One to three values that some leaf has, of neither too few nor too many cases; empty where there is none."""
    depth = int(rng.choice([1, 2, 3], p=[0.45, 0.4, 0.15]))
    for _ in range(50):
        leaf = leaves[rng.choice(len(leaves), p=size / size.sum())]
        chosen = {int(place): int(leaf[place]) for place in rng.permutation(leaves.shape[1])[:depth]}
        share = size[_inside(leaves, chosen)].sum() / size.sum()
        shorter = [{p: v for p, v in chosen.items() if p != left} for left in chosen] if depth > 1 else []
        if LEAST_SHARE <= share <= MOST_SHARE and all(
            _inside(leaves, each).sum() > _inside(leaves, chosen).sum() for each in shorter
        ):
            return chosen
    return {}


def _inside(leaves: np.ndarray, cause: dict[int, int]) -> np.ndarray:
    return np.asarray(np.all([leaves[:, place] == value for place, value in cause.items()], axis=0))

"""The change of a share between two tables of the same groups, divided exactly into mix and rate.

A leaf is one combination of values (country, device, plan, …) with n cases of which x succeeded. The groups' sizes
move (mix) and their rates move (rate): Kitagawa, "Components of a difference between two rates", JASA 50 (1955). The
rate part is tested stratified by leaf, given its margins, so that a moved mix alone cannot make it significant (Mantel
& Haenszel, JNCI 22, 1959).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from supportkit.system.frozen import dataclass

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]
    Codes = NDArray[np.int64]

Leaf = tuple[str, ...]
"""One value for each dimension."""
Leaves = Mapping[Leaf, tuple[int, int]]
"""Leaf -> (cases, successes)."""


@dataclass(frozen=True)
class Split:
    """A change of a rate: change = mix + rate."""

    rate_before: float
    rate_after: float
    change: float
    mix: float
    rate: float
    z: float | None
    """Failures of the second table beyond the expectation by leaf, in standard deviations; None if none vary."""


@dataclass(frozen=True)
class LeafTable:
    """Two tables as arrays over the leaves that either has, in sorted order."""

    dimensions: tuple[str, ...]
    names: tuple[tuple[str, ...], ...]
    """The values of each dimension, sorted."""
    codes: tuple[Codes, ...]
    """For each dimension, the place of each leaf's value in `names`."""
    n0: Codes
    x0: Codes
    n1: Codes
    x1: Codes


def leaf_table(before: Leaves, after: Leaves, dimensions: Sequence[str]) -> LeafTable:
    """Both tables over one list of leaves; ValueError for a ragged leaf, an impossible count, an empty table."""
    import numpy as np

    leaves = sorted(leaf for leaf in {*before, *after} if before.get(leaf, (0, 0))[0] + after.get(leaf, (0, 0))[0] != 0)
    if any(len(leaf) != len(dimensions) for leaf in leaves):
        raise ValueError("every leaf needs one value for each dimension")
    pairs = [(*before.get(leaf, (0, 0)), *after.get(leaf, (0, 0))) for leaf in leaves]
    n0, x0, n1, x1 = np.array(pairs, dtype=np.int64).reshape(-1, 4).T
    if (x0 < 0).any() or (x1 < 0).any() or (x0 > n0).any() or (x1 > n1).any():
        raise ValueError("successes must lie between 0 and the cases")
    if not n0.sum() or not n1.sum():
        raise ValueError("a table without a case has no rate")
    names, codes = [], []
    for place in range(len(dimensions)):
        values = tuple(sorted({leaf[place] for leaf in leaves}))
        index = {value: code for code, value in enumerate(values)}
        names.append(values)
        codes.append(np.array([index[leaf[place]] for leaf in leaves], dtype=np.int64))
    return LeafTable(tuple(dimensions), tuple(names), tuple(codes), n0, x0, n1, x1)


def comparable(before: Leaves, after: Leaves) -> float:
    """Of what the cases of two tables can tell of a difference, the part that is left when they are compared by leaf.

    It is the sum of n0 n1 / (n0 + n1) over the leaves, over that of the totals: a leaf with cases in one table only
    tells nothing. 1 for one leaf, 0 where no leaf has both.
    """
    pairs = [(before.get(leaf, (0, 0))[0], after.get(leaf, (0, 0))[0]) for leaf in {*before, *after}]
    n0, n1 = sum(a for a, _ in pairs), sum(b for _, b in pairs)
    if not n0 or not n1:
        raise ValueError("a table without a case has no rate")
    return math.fsum(a * b / (a + b) for a, b in pairs if a + b) / (n0 * n1 / (n0 + n1))


def rate_parts(table: LeafTable) -> Numbers:
    """Each leaf's part of the rate effect; a leaf empty in one table takes the other's rate, so its part is 0."""
    rate0, rate1 = _rates(table)
    weight = (table.n0 / table.n0.sum() + table.n1 / table.n1.sum()) / 2
    parts: Numbers = weight * (rate1 - rate0)
    return parts


def split(table: LeafTable) -> Split:
    """The change of the total rate as mix + rate, exact to rounding."""
    total0, total1 = float(table.x0.sum() / table.n0.sum()), float(table.x1.sum() / table.n1.sum())
    rate0, rate1 = _rates(table)
    moved = table.n1 / table.n1.sum() - table.n0 / table.n0.sum()
    mix = float((moved * ((rate0 + rate1) / 2 - (total0 + total1) / 2)).sum())
    failed = table.n1 - table.x1
    mean, variance = expectation(table, table.n0 - table.x0 + failed)
    spread = float(variance.sum())
    z = float((failed - mean).sum()) / math.sqrt(spread) if spread > 0 else None
    return Split(total0, total1, total1 - total0, mix, float(rate_parts(table).sum()), z)


def expectation(table: LeafTable, hits: Codes) -> tuple[Numbers, Numbers]:
    """Mean and variance of the second table's part of each leaf's hits in both, given its margins (hypergeometric)."""
    import numpy as np

    both = (table.n0 + table.n1).astype(float)
    mean = table.n1 * hits / both
    variance = table.n0 / both * (table.n1 / both) * hits * (both - hits) / np.maximum(both - 1, 1)
    return mean, variance


def paradox(table: LeafTable) -> tuple[str, ...]:
    """Dimensions of which every value moved against the total, at least two of them: Simpson's case."""
    import numpy as np

    change = table.x1.sum() / table.n1.sum() - table.x0.sum() / table.n0.sum()
    found = []
    for dimension, codes, names in zip(table.dimensions, table.codes, table.names, strict=True):
        n0, x0, n1, x1 = (np.bincount(codes, part, len(names)) for part in (table.n0, table.x0, table.n1, table.x1))
        if (
            len(names) > 1
            and n0.all()
            and n1.all()
            and change
            and (np.sign(x1 / n1 - x0 / n0) == -np.sign(change)).all()
        ):
            found.append(dimension)
    return tuple(found)


def _rates(table: LeafTable) -> tuple[Numbers, Numbers]:
    import numpy as np

    rate0, rate1 = table.x0 / np.maximum(table.n0, 1), table.x1 / np.maximum(table.n1, 1)
    return np.where(table.n0 > 0, rate0, rate1), np.where(table.n1 > 0, rate1, rate0)

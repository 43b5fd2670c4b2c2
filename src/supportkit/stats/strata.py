"""Two groups compared only where they are alike: a difference of shares, standardised over strata.

Within each stratum that holds both groups the shares are compared; the differences are weighted by the exposed of the
stratum, so that the figure is about those who were exposed. Strata with one group only say nothing and are left out.
"""

from __future__ import annotations

from collections.abc import Sequence

from supportkit.system.frozen import dataclass


@dataclass(frozen=True)
class Stratum:
    """Individuals alike: how many were exposed and how many not, and how many of each had the outcome."""

    exposed: int
    exposed_hits: int
    others: int
    others_hits: int


@dataclass(frozen=True)
class Standardised:
    """Shares of the exposed and of the others as if they were spread over the strata like the exposed."""

    exposed_share: float
    others_share: float
    exposed: int
    others: int

    @property
    def difference(self) -> float:
        """How much more often the exposed had the outcome."""
        return self.exposed_share - self.others_share


def standardise(strata: Sequence[Stratum]) -> Standardised | None:
    """The shares over the strata that hold both groups; None where no stratum does."""
    both = [one for one in strata if one.exposed and one.others]
    exposed = sum(one.exposed for one in both)
    if not exposed:
        return None
    return Standardised(
        exposed_share=sum(one.exposed_hits for one in both) / exposed,
        others_share=sum(one.exposed * one.others_hits / one.others for one in both) / exposed,
        exposed=exposed,
        others=sum(one.others for one in both),
    )


def difference_interval(
    strata: Sequence[Stratum], *, draws: int = 1000, seed: int = 0, level: float = 0.95
) -> tuple[float, float] | None:
    """The middle `level` of the standardised difference over bootstrap draws of individuals; None without any.

    A draw needs only how many of each stratum, group and outcome came up, so it is one multinomial draw.
    """
    import numpy as np

    cells = np.array(
        [
            (one.exposed_hits, one.exposed - one.exposed_hits, one.others_hits, one.others - one.others_hits)
            for one in strata
        ],
        dtype=np.int64,
    ).reshape(-1, 4)
    total = int(cells.sum())
    if standardise(strata) is None:
        return None
    drawn = np.random.default_rng(seed).multinomial(total, (cells / total).ravel(), size=draws).reshape(draws, -1, 4)
    exposed, others = drawn[:, :, 0] + drawn[:, :, 1], drawn[:, :, 2] + drawn[:, :, 3]
    both = (exposed > 0) & (others > 0)
    weight = np.where(both, exposed, 0)
    gap = drawn[:, :, 0] / np.maximum(exposed, 1) - drawn[:, :, 2] / np.maximum(others, 1)
    known = weight.sum(axis=1) > 0
    values = (weight * gap).sum(axis=1)[known] / weight.sum(axis=1)[known]
    low, high = np.quantile(values, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)


def standardised_mean_difference(
    exposed: tuple[float, float, float], others: tuple[float, float, float]
) -> float | None:
    """The standardised mean difference of a covariate, from (weight, sum, sum of squares) of each group.

    It is the difference of the means over the root of the mean variance (Austin 2009); above 0.1 in size the groups
    are not alike. None where neither group varies.
    """
    (n1, sum1, square1), (n0, sum0, square0) = exposed, others
    if not (n1 and n0):
        return None
    mean1, mean0 = sum1 / n1, sum0 / n0
    variance = (max(square1 / n1 - mean1**2, 0) + max(square0 / n0 - mean0**2, 0)) / 2
    return float((mean1 - mean0) / variance**0.5) if variance > 0 else None

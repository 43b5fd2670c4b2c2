"""BG/NBD where the chances of leaving are told by one number or none: the limits that its parameters may run to.

Where a and b grow without end, every customer leaves after each repeat purchase with the same chance; where that chance
is nought nobody leaves, and purchases follow the NBD of Ehrenberg (1959). Where both fall to nought, some are sure to
leave, with their first repeat purchase, and the others never do. All are proper models with fewer parameters, fitted by
maximum likelihood as the whole one is. Ages are those of the caller, divided by `scale`.
"""

from __future__ import annotations

from math import exp, inf, lgamma, log, log1p
from typing import TYPE_CHECKING

from supportkit.stats.buying_limits import HIGHEST, LOWEST, NOBODY, Histories, better, could_leave
from supportkit.stats.minimise import digamma, minimise
from supportkit.system.named import NamedTuple

if TYPE_CHECKING:
    from numpy import float64
    from numpy.typing import NDArray

    Array = NDArray[float64]


class Limit(NamedTuple):
    """The rate as gamma(r, alpha), the one chance of leaving, minus the log-likelihood per customer, the least of that
    of all limits, and whether the chance is of the first repeat purchase alone."""

    r: float
    alpha: float
    leaves: float
    value: float
    lowest: float
    at_first: bool = False


def fit_limit(known: Histories) -> Limit | None:
    """The best of the limits; None where none of them settles."""
    found = (_fitted(known, (0.0, 0.0, -2.0)), _fitted(known, (0.0, 0.0)))
    return better([one for one in found if one is not None], _fitted(known, (0.0, 0.0, -2.0), True), known.total)


def _fitted(known: Histories, start: tuple[float, ...], at_first: bool = False) -> Limit | None:
    """The limit with a chance of leaving, where the start has one; None where it does not settle."""
    import numpy as np

    x, last, age, weight, once, once_weight = known
    numbers, place = np.unique(x, return_inverse=True)
    per_number = np.bincount(place, weights=weight)
    total = known.total
    can_be_last, times = could_leave(known, at_first)

    def loss(point: Array) -> tuple[float, Array]:
        r, alpha = exp(point[0]), exp(point[1])
        if not (LOWEST < r < HIGHEST and LOWEST < alpha < HIGHEST) or (len(point) == 3 and abs(point[2]) > 40):
            return inf, point
        log_age, log_last, log_once = np.log(alpha + age), np.log(alpha + last), np.log(alpha + once)
        here, leaves = -(r + x) * log_age, np.zeros(len(x))
        value: float = total * r * log(alpha) - r * float(once_weight @ log_once)
        value += float(per_number @ [lgamma(r + n) - lgamma(r) for n in numbers])
        either, slope_chance = here, 0.0
        if len(point) == 3:
            chance = 1 / (1 + exp(-point[2]))
            gone = can_be_last + point[2] - (r + x) * log_last  # the log of the odds of leaving
            either = np.logaddexp(here, gone)
            leaves = weight * np.exp(gone - either)
            value -= times * log1p(exp(point[2]))
            slope_chance = float(leaves.sum()) - chance * times
        stays = weight - leaves
        value += float(weight @ either)
        slope_r = float(per_number @ (digamma(r + numbers) - digamma(r))) + total * log(alpha)
        slope_r -= float(stays @ log_age + leaves @ log_last + once_weight @ log_once)
        pull = (r + x) * (stays / (alpha + age) + leaves / (alpha + last))
        slope_alpha = total * r / alpha - float(pull.sum()) - r * float((once_weight / (alpha + once)).sum())
        slopes = np.array([slope_r * r, slope_alpha * alpha, slope_chance][: len(point)])
        return -float(value) / total, -slopes / total

    end = minimise(loss, start)
    chance = 1 / (1 + exp(-end.at[2])) if len(end.at) == 3 else 0.0
    inside = all(2 * LOWEST < exp(value) < HIGHEST / 2 for value in end.at[:2])
    if not (end.settled and inside and (len(end.at) == 2 or NOBODY < chance < 1 - NOBODY)):
        return None
    return Limit(exp(end.at[0]), exp(end.at[1]), chance, end.value, end.value, at_first)

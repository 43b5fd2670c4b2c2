"""BG/NBD where customers do not differ in the rate at which they order: the limits in which r and alpha run away.

Everybody then orders as a Poisson process of one rate while there, and leaves after a repeat purchase with a chance
that is beta(a, b), one for all, or nought; or some leave with their first repeat purchase, and the others never. All
are fitted by maximum likelihood, and the best that settles is taken.
"""

from __future__ import annotations

from collections.abc import Callable
from math import exp, inf, lgamma, log, log1p
from typing import TYPE_CHECKING

from supportkit.stats.buying_limits import HIGHEST, LOWEST, NOBODY, Histories, better, could_leave
from supportkit.stats.minimise import digamma, minimise
from supportkit.system.named import NamedTuple

if TYPE_CHECKING:
    from numpy import float64
    from numpy.typing import NDArray

    Array = NDArray[float64]

Leaving = Callable[["Array"], "tuple[float, Array, Array, Array]"]
"""Of a point: the part of the log-likelihood that no customer's silence is in, the log-odds of each having left, the
slopes of the former, and those of the latter by customer."""
Found = tuple[float, tuple[float, ...], float]


class OneRate(NamedTuple):
    """The rate of everybody; a and b, or the one chance of leaving; minus the log-likelihood per customer, the least of
    that of all these limits; and whether the chance is of the first repeat purchase alone."""

    rate: float
    a: float
    b: float
    leaves: float | None
    value: float
    lowest: float
    at_first: bool = False


def fit_one_rate(known: Histories) -> OneRate | None:
    """The best of the limits with one rate; None where none settles."""
    found = (_beta(known), _one_chance(known), _nobody(known))
    return better([one for one in found if one is not None], _one_chance(known, at_first=True), known.total)


def _nobody(known: Histories) -> OneRate:
    """Nobody leaves: purchases over the time watched."""
    bought = float(known.customers @ known.repeats)
    rate = bought / float(known.customers @ known.age + known.once_customers @ known.once)
    value = -(bought * log(rate) - bought) / known.total
    return OneRate(rate, inf, inf, 0.0, value, value)


def _one_chance(known: Histories, at_first: bool = False) -> OneRate | None:
    """Everybody leaves with one chance, whose log-odds are searched for; after each repeat purchase, or the first."""
    can_be_last, times = could_leave(known, at_first)

    def leaving(odds: Array) -> tuple[float, Array, Array, Array]:
        import numpy as np

        chance = 1 / (1 + exp(-odds[0]))
        slopes = np.array([-chance * times]), np.ones((1, len(can_be_last)))
        return -times * log1p(exp(odds[0])), can_be_last + odds[0], *slopes

    found = _search(known, leaving, (-2.0,), 40.0)
    if found is None:
        return None
    chance = 1 / (1 + exp(-found[1][0]))
    ends = 0.0 if at_first else inf
    return OneRate(found[0], ends, ends, chance, found[2], found[2], at_first) if NOBODY < chance < 1 - NOBODY else None


def _beta(known: Histories) -> OneRate | None:
    """Chances of leaving as beta(a, b), whose logarithms are searched for."""
    import numpy as np

    numbers, place = np.unique(known.repeats, return_inverse=True)
    per_number = np.bincount(place, weights=known.customers)

    def leaving(point: Array) -> tuple[float, Array, Array, Array]:
        a, b = exp(point[0]), exp(point[1])
        stayed = [lgamma(b + n) - lgamma(a + b + n) - lgamma(b) + lgamma(a + b) for n in numbers]
        more_b, more_ab = (float(per_number @ (digamma(level + numbers) - digamma(level))) for level in (b, a + b))
        gone = log(a) - np.log(b + known.repeats - 1)
        slopes = np.array([-more_ab * a, (more_b - more_ab) * b])
        return float(per_number @ stayed), gone, slopes, np.stack([np.ones(len(gone)), -b / (b + known.repeats - 1)])

    found = _search(known, leaving, (0.0, 0.5), log(HIGHEST))
    if found is None or any(not 2 * LOWEST < exp(value) < HIGHEST / 2 for value in found[1]):
        return None
    return OneRate(found[0], exp(found[1][0]), exp(found[1][1]), None, found[2], found[2])


def _search(known: Histories, leaving: Leaving, start: tuple[float, ...], wall: float) -> Found | None:
    """The rate and the numbers of `leaving` with the highest likelihood; None where they do not settle."""
    import numpy as np

    x, last, age, weight, once, once_weight = known
    bought, quiet = float(weight @ x), float(once_weight @ once)

    def loss(point: Array) -> tuple[float, Array]:
        if abs(point[0]) > 40 or (np.abs(point[1:]) > wall).any():
            return inf, point
        rate = exp(point[0])
        fixed, odds, slopes, of_odds = leaving(point[1:])
        here, gone = -rate * age, odds - rate * last
        either = np.logaddexp(here, gone)
        left = weight * np.exp(gone - either)
        value = bought * point[0] - rate * quiet + fixed + float(weight @ either)
        slope_rate = bought - rate * (quiet + float((weight - left) @ age + left @ last))
        return -float(value) / known.total, -np.concatenate([[slope_rate], slopes + of_odds @ left]) / known.total

    begin = log(bought / (float(weight @ age) + quiet))
    found = minimise(loss, (begin, *start))
    return (exp(found.at[0]), found.at[1:], found.value) if found.settled else None

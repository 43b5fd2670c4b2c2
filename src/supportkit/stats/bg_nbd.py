"""When customers buy again, and who has gone for good: the BG/NBD model.

Fader, Hardie & Lee (2005), "Counting your customers the easy way". A customer is three numbers: x repeat purchases,
the last of them at age tx, watched until age T. Purchases come at a rate that differs between customers as a gamma
(r, alpha); after each purchase a customer is lost with a chance that differs as a beta (a, b), or that is one for all,
or 0 or 1, where the likelihood is highest at that limit. Ages are in the unit that the caller chooses; alpha is in the
same one. Formulas for expectations use Euler's transformation of the hypergeometric function, in which nothing
overflows for a customer with hundreds of purchases.
"""

from __future__ import annotations

from math import exp, expm1, inf, lgamma, log
from typing import TYPE_CHECKING

from supportkit.stats.bg_nbd_limits import fit_limit
from supportkit.stats.buying_limits import HIGHEST, LOWEST, Histories
from supportkit.stats.minimise import digamma, minimise
from supportkit.stats.one_rate import fit_one_rate
from supportkit.system.frozen import dataclass

if TYPE_CHECKING:
    from numpy import float64
    from numpy.typing import ArrayLike, NDArray

    Array = NDArray[float64]

WORSE = 1e-6
"""Of the log-likelihood per customer: where the search ran away to is this much better at most than a limit of it."""
FURTHEST = 700.0
"""Purchases ahead of a customer who stays, past which exp of them is no number."""


@dataclass(frozen=True)
class BgNbd:
    """Fitted BG/NBD: the purchase rate as gamma(r, alpha), the chance of leaving as beta(a, b); or the same, `rate` and
    `leaves`, for everybody: then r and alpha, or a and b, have run away to infinity. Where a and b have run to 0,
    `leaves` is the share that is lost with the first repeat purchase (`at_first`), and nobody is after it."""

    r: float
    alpha: float
    a: float
    b: float
    log_likelihood: float
    leaves: float | None = None
    rate: float | None = None
    at_first: bool = False


def fit_buying(
    repeats: ArrayLike, last_age: ArrayLike, watched: ArrayLike, customers: ArrayLike | None = None
) -> BgNbd:
    """Maximum likelihood from (x, tx, T), one entry per customer, or per distinct triple with its number of customers.

    Where parameters run away it is the limit that they run to. Raises ValueError with a reason where these customers
    cannot carry the model.
    """
    import numpy as np

    triple = np.column_stack([np.asarray(column, dtype=float) for column in (repeats, last_age, watched)])
    count = np.ones(len(triple)) if customers is None else np.asarray(customers, dtype=float)
    _check(triple)
    total, bought = float(count.sum()), float(count @ triple[:, 0])
    scale = float(count @ triple[:, 2] / total)  # ages near 1 keep the search well-conditioned in any unit
    (x, last, age), weight = _distinct(triple[triple[:, 0] > 0], count[triple[:, 0] > 0])
    (_, _, once), once_weight = _distinct(triple[triple[:, 0] == 0], count[triple[:, 0] == 0])
    last, age, once = last / scale, age / scale, once / scale
    numbers, place = np.unique(x, return_inverse=True)
    per_number = np.bincount(place, weights=weight)

    def loss(point: Array) -> tuple[float, Array]:
        r, alpha, a, b = (exp(value) for value in point)
        if not all(LOWEST < value < HIGHEST for value in (r, alpha, a, b)):
            return inf, point
        log_age, log_last, log_once = np.log(alpha + age), np.log(alpha + last), np.log(alpha + once)
        here = -(r + x) * log_age
        gone = log(a) - np.log(b + x - 1) - (r + x) * log_last
        either = np.logaddexp(here, gone)
        left = np.exp(gone - either)
        stays, leaves = weight * (1 - left), weight * left
        gammas = [lgamma(r + n) + lgamma(b + n) - lgamma(a + b + n) for n in numbers]
        none = lgamma(r) + lgamma(b) - lgamma(a + b)
        fixed = total * r * log(alpha) + float(per_number @ gammas) - per_number.sum() * none
        value = fixed + float(weight @ either) - r * float(once_weight @ log_once)
        more_r, more_b, more_ab = (
            float(per_number @ (digamma(level + numbers) - digamma(level))) for level in (r, b, a + b)
        )
        slope_r = more_r + total * log(alpha) - stays @ log_age - leaves @ log_last - once_weight @ log_once
        pull = (r + x) * (stays / (alpha + age) + leaves / (alpha + last))
        slope_alpha = total * r / alpha - pull.sum() - r * float((once_weight / (alpha + once)).sum())
        slope_a = -more_ab + float(leaves.sum()) / a
        slope_b = more_b - more_ab - float((leaves / (b + x - 1)).sum())
        slopes = np.array([slope_r * r, slope_alpha * alpha, slope_a * a, slope_b * b])
        return -float(value) / total, -slopes / total

    found = minimise(loss, (0.0, 0.0, 0.0, 0.5))
    r, alpha, a, b = (exp(value) for value in found.at)
    if not found.settled or any(not 2 * LOWEST < value < HIGHEST / 2 for value in (r, alpha, a, b)):
        known = Histories(x, last, age, weight, once, once_weight)
        limit, alike = fit_limit(known), fit_one_rate(known)
        lowest = min((one.lowest for one in (limit, alike) if one), default=inf)
        if lowest > found.value + WORSE and not found.settled:
            raise ValueError(
                "these purchases do not settle the model: its parameters run away instead of reaching a value"
            )
        if lowest > found.value + WORSE:
            return BgNbd(r, alpha * scale, a, b, -found.value * total - bought * log(scale))
        best = min(one.value for one in (limit, alike) if one)
        likelihood = -best * total - bought * log(scale)
        if limit is not None and limit.value <= best + WORSE:
            ends = 0.0 if limit.at_first else inf
            return BgNbd(limit.r, limit.alpha * scale, ends, ends, likelihood, limit.leaves, None, limit.at_first)
        assert alike is not None
        return BgNbd(inf, inf, alike.a, alike.b, likelihood, alike.leaves, alike.rate / scale, alike.at_first)
    return BgNbd(r, alpha * scale, a, b, -found.value * total - bought * log(scale))


def _distinct(triple: Array, count: Array) -> tuple[tuple[Array, Array, Array], Array]:
    """The distinct (x, tx, T) as columns, and how many customers share each."""
    import numpy as np

    levels, places = zip(*(np.unique(column, return_inverse=True) for column in triple.T), strict=True)
    key = (places[0] * len(levels[1]) + places[1]) * len(levels[2]) + places[2]
    _, first, place = np.unique(key, return_index=True, return_inverse=True)
    x, last, age = triple[first].T
    shared: Array = np.bincount(place, weights=count, minlength=len(first)).astype(float)
    return (x, last, age), shared


def _check(triple: Array) -> None:
    x, last, age = triple.T
    if len(triple) == 0:
        raise ValueError("there are no customers")
    if (x < 0).any() or (last < 0).any() or (last > age).any() or ((x == 0) != (last == 0)).any():
        raise ValueError("each customer needs 0 <= last purchase <= age, with 0 exactly where nothing was bought again")
    if not (age > 0).any():
        raise ValueError("all purchases are of one day")
    if not (x > 0).any():
        raise ValueError("no customer bought a second time")


def chance_alive(model: BgNbd, repeats: ArrayLike, last_age: ArrayLike, watched: ArrayLike) -> Array:
    """P(still a customer | x, tx, T), one per customer; 1 where nothing was bought again, as the model has it."""
    import numpy as np

    x, last, age = (np.asarray(column, dtype=float) for column in (repeats, last_age, watched))
    return _alive(model, x, last, age)


def _alive(model: BgNbd, x: Array, last: Array, age: Array) -> Array:
    import numpy as np

    if model.rate is None:
        silence = (model.r + x) * np.log((model.alpha + age) / (model.alpha + last))
    else:
        silence = model.rate * (age - last)
    if model.leaves is None:
        odds_of_leaving: Array | float = log(model.a) - np.log(model.b + np.maximum(x, 1) - 1)
    else:
        odds_of_leaving = log(model.leaves / (1 - model.leaves)) if model.leaves else -inf
    odds_of_having_left = odds_of_leaving + silence
    could_leave = x == 1 if model.at_first else x > 0
    alive: Array = np.where(could_leave, np.exp(-np.logaddexp(0, odds_of_having_left)), 1.0)
    return alive


def expected_orders(model: BgNbd, ahead: float, repeats: ArrayLike, last_age: ArrayLike, watched: ArrayLike) -> Array:
    """Purchases expected of each customer in the next `ahead`, given x, tx and T."""
    import numpy as np

    x, last, age = (np.asarray(column, dtype=float) for column in (repeats, last_age, watched))
    if ahead < 0:
        raise ValueError("the time ahead cannot be negative")
    if model.leaves is not None:
        return _alike_ahead(model, ahead, x, age) * _alive(model, x, last, age)
    a = model.a if abs(model.a - 1) > 1e-6 else 1 + 1e-6  # the formula is 0/0 at a = 1 exactly
    if model.rate is not None:
        series = _kummer(model.b + x, a + model.b + x - 1, model.rate * ahead)
        one_rate: Array = (a + model.b + x - 1) / (a - 1) * (1 - series)
        return one_rate * _alive(model, x, last, age)
    passed = ahead / (model.alpha + age + ahead)
    series = _hypergeometric(a + model.b - 1 - model.r, a - 1, a + model.b + x - 1, passed)
    buying: Array = (a + model.b + x - 1) / (a - 1) * (1 - (1 - passed) ** (a - 1) * series)
    return buying * _alive(model, x, last, age)


def _alike_ahead(model: BgNbd, ahead: float, x: Array, age: Array) -> Array:
    """Purchases in the next `ahead` of customers who are there and leave after each with the same chance."""
    import numpy as np

    if model.at_first:
        return _first_or_never_ahead(model, ahead, x, age)
    if model.rate is not None:
        ever = model.rate * ahead
        return np.full(len(x), -expm1(-model.leaves * ever) / model.leaves if model.leaves else ever)
    if not model.leaves:
        return (model.r + x) / (model.alpha + age) * ahead
    kept = (model.alpha + age) / (model.alpha + age + model.leaves * ahead)
    found: Array = (1 - kept ** (model.r + x)) / model.leaves
    return found


def _first_or_never_ahead(model: BgNbd, ahead: float, x: Array, age: Array) -> Array:
    """The same of customers of whom some leave with the first purchase, if they have not made it, and others never."""
    import numpy as np

    if model.rate is not None:
        ever, none = np.full(len(x), model.rate * ahead), np.full(len(x), exp(-model.rate * ahead))
    else:
        ever = (model.r + x) / (model.alpha + age) * ahead
        none = ((model.alpha + age) / (model.alpha + age + ahead)) ** model.r
    leaves = model.leaves or 0.0
    found: Array = np.where(x == 0, (1 - leaves) * ever + leaves * (1 - none), ever)
    return found


def expected_repeats(model: BgNbd, age: float) -> float:
    """Repeat purchases expected of a new customer by `age`."""
    return float(expected_orders(model, age, [0.0], [0.0], [0.0])[0])


def repeats_probability(model: BgNbd, age: float, repeats: int) -> float:
    """The chance that a new customer has bought again exactly `repeats` times by `age`."""
    r, alpha, a, b = model.r, model.alpha, model.a, model.b
    passed = age / (alpha + age)

    def poisson_gamma(n: int) -> float:
        return exp(lgamma(r + n) - lgamma(r) - lgamma(n + 1) + r * log(1 - passed) + (n * log(passed) if n else 0.0))

    def beta(first: float, second: float) -> float:
        return lgamma(first) + lgamma(second) - lgamma(first + second)

    if age <= 0:
        return 1.0 if repeats == 0 else 0.0
    staying = exp(beta(a, b + repeats) - beta(a, b)) * poisson_gamma(repeats)
    if repeats == 0:
        return staying
    leaving = exp(beta(a + 1, b + repeats - 1) - beta(a, b))
    return staying + leaving * (1 - sum(poisson_gamma(n) for n in range(repeats)))


def _hypergeometric(first: float, second: float, third: Array, z: Array) -> Array:
    """Gauss's series 2F1(first, second; third; z), for 0 <= z < 1, elementwise."""
    import numpy as np

    term = np.ones(np.broadcast(third, z).shape)
    total = term.copy()
    for n in range(200_000):
        term = term * ((first + n) * (second + n) / ((third + n) * (n + 1))) * z
        total += term
        if not (np.abs(term) > 1e-13 * (1 - z) * np.abs(total)).any():
            return total
    raise ValueError("the horizon is too far beyond what was watched for the model's series to settle")


def _kummer(first: Array, second: Array, z: float) -> Array:
    """Kummer's 1F1(second - first; second; -z) for z >= 0, elementwise: exp(-z) 1F1(first; second; z)."""
    import numpy as np

    term = np.full(len(first), exp(-z))
    if z > FURTHEST:
        raise ValueError("the horizon is too far beyond what was watched for the model's series to settle")
    total, n = term.copy(), 0
    while n <= z or (np.abs(term) > 1e-15 * np.abs(total)).any():
        term = term * ((first + n) * z / ((second + n) * (n + 1)))
        total += term
        n += 1
    return total

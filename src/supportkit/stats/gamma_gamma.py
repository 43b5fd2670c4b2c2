"""What a customer spends per purchase: the gamma-gamma model of Fader, Hardie & Lee (2005).

A customer with few purchases tells little about what the next one will cost: the expected spend is a mean of the
customer's own average and that of all, weighted by how much each is worth. It assumes that spending does not go with
frequency, so their correlation is part of the fit.
"""

from __future__ import annotations

from math import exp, inf, lgamma, log
from typing import TYPE_CHECKING

from supportkit.stats.minimise import digamma, minimise
from supportkit.system.frozen import dataclass

if TYPE_CHECKING:
    from numpy import float64
    from numpy.typing import ArrayLike, NDArray

    Array = NDArray[float64]

_LOWEST, _HIGHEST = 1e-4, 1e4


@dataclass(frozen=True)
class GammaGamma:
    """Fitted gamma-gamma (p, q, v), and how far spending goes with frequency (the model assumes not at all)."""

    p: float
    q: float
    v: float
    log_likelihood: float
    correlation: float

    @property
    def mean(self) -> float | None:
        """The mean spend per purchase over all customers; null where q <= 1, which has none."""
        return self.p * self.v / (self.q - 1) if self.q > 1 else None


def fit_spend(purchases: ArrayLike, average: ArrayLike) -> GammaGamma:
    """Maximum likelihood from each customer's number of purchases and their average value, both above zero.

    Raises ValueError with a reason where these values cannot carry the model.
    """
    import numpy as np

    x, money = np.asarray(purchases, dtype=float), np.asarray(average, dtype=float)
    if len(x) == 0:
        raise ValueError("no customer has a repeat purchase with a value above zero")
    if (x <= 0).any() or (money <= 0).any():
        raise ValueError("gamma-gamma takes purchases and average values above zero")
    if np.ptp(money) == 0:
        raise ValueError("every customer spends the same: there is no distribution to fit")
    scale = float(money.mean())
    counts, row = np.unique(x, return_inverse=True)
    per_count = np.bincount(row)
    log_spent, spent = np.log(money / scale) + np.log(x), x * money / scale
    weighted, plain, order = float(x @ log_spent), float(log_spent.sum()), float(np.log(x).sum())
    customers = len(x)

    def loss(point: Array) -> tuple[float, Array]:
        p, q, v = (exp(value) for value in point)
        if not all(_LOWEST < value < _HIGHEST for value in (p, q, v)):
            return inf, point
        gammas = [lgamma(p * n + q) - lgamma(p * n) for n in counts]
        log_sum = np.log(spent + v)
        fixed = float(per_count @ gammas) + customers * (q * log(v) - lgamma(q)) + order
        value = fixed + p * weighted - plain - float((p * x + q) @ log_sum)
        with_q, alone = digamma(p * counts + q), digamma(p * counts)
        slope_p = float(per_count @ (counts * (with_q - alone))) + weighted - float(x @ log_sum)
        slope_q = float(per_count @ with_q) + customers * (log(v) - float(digamma(q))) - float(log_sum.sum())
        slope_v = customers * q / v - float(((p * x + q) / (spent + v)).sum())
        return -float(value) / customers, -np.array([slope_p * p, slope_q * q, slope_v * v]) / customers

    found = minimise(loss, (1.0, 1.0, 0.0))
    p, q, v = (exp(value) for value in found.at)
    if not found.settled or any(not 2 * _LOWEST < value < _HIGHEST / 2 for value in (p, q, v)):
        raise ValueError("these values do not settle the spending model: its parameters run away")
    level = np.ptp(x) == 0
    correlation = 0.0 if level else float(np.corrcoef(x, money)[0, 1])
    return GammaGamma(p, q, v * scale, -found.value * customers - customers * log(scale), correlation)


def expected_spend(model: GammaGamma, purchases: ArrayLike, average: ArrayLike) -> Array:
    """The spend expected per purchase of each customer; without purchases, that of all customers."""
    import numpy as np

    if model.q <= 1:
        raise ValueError(f"q = {model.q:.3f}: spending is spread so wide that it has no mean")
    x, money = np.asarray(purchases, dtype=float), np.asarray(average, dtype=float)
    own = np.where(x > 0, x * money, 0.0)
    spend: Array = model.p * (model.v + own) / (model.p * x + model.q - 1)
    return spend

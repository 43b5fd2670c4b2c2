"""How sure a lifetime value is: the bootstrap over customers, fast enough for millions of them.

Efron (1979): draw as many customers as there are, with replacement, and compute the figure again; the middle 95 % of
the answers is the interval. The value needs of a draw only how many customers of each (duration, ended) came up and
what they spent: the first is one multinomial draw over those cells; the second is drawn from the normal distribution
with the mean and variance that the sum has by sampling within the cells, which is exact where a cell holds one
customer and, for the sum of many, as close as the central limit theorem makes it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from supportkit.system.frozen import dataclass

if TYPE_CHECKING:
    from numpy import float64
    from numpy.typing import NDArray

    Array = NDArray[float64]


@dataclass(frozen=True)
class CustomerCell:
    """Customers with the same duration and outcome: how many, what they spent, and the sum of its squares."""

    duration: float
    ended: bool
    customers: int
    revenue: float
    revenue_squared: float


def lifetime_value_draws(
    cells: Sequence[CustomerCell], horizon: float, *, discount: float = 0.0, draws: int = 1000, seed: int = 0
) -> Array:
    """`draws` bootstrap values of revenue / time lived x restricted mean lifetime, in revenue per customer.

    That product is AOV x repeat rate x lifetime: the number of orders cancels. A draw without any time lived is left
    out. Cells are put in order first, so their order changes nothing. `discount` is a rate per unit of time.
    """
    import numpy as np

    ordered = sorted(cells, key=lambda cell: (cell.duration, cell.ended, cell.customers, cell.revenue))
    count = np.array([cell.customers for cell in ordered], dtype=np.int64)
    total = int(count.sum())
    if total == 0:
        raise ValueError("a bootstrap needs at least one customer")
    duration = np.array([cell.duration for cell in ordered], dtype=float)
    mean = np.array([cell.revenue for cell in ordered]) / count
    squared = np.array([cell.revenue_squared for cell in ordered]) / count
    spread = np.where(count > 1, np.maximum(squared - mean**2, 0.0), 0.0)
    ended = np.array([cell.ended for cell in ordered], dtype=bool)
    times, place = np.unique(duration, return_inverse=True)
    starts = np.flatnonzero(np.diff(place, prepend=-1))
    edges = np.minimum(np.append(times, max(horizon, times[-1])), horizon)
    if discount:
        edges = -np.expm1(-discount * edges) / discount
    random = np.random.default_rng(seed)
    values = []
    rows = max(1, 4_000_000 // len(ordered))  # draws at a time, so that memory stays bounded
    for first in range(0, draws, rows):
        drawn = random.multinomial(total, count / total, size=min(rows, draws - first)).astype(float)
        noise = random.standard_normal(len(drawn))
        revenue = drawn @ mean + np.sqrt(drawn @ spread) * noise
        lived = drawn @ duration
        leaving = np.add.reduceat(drawn, starts, axis=1)
        events = np.add.reduceat(drawn * ended, starts, axis=1)
        lifetime = _restricted_means(edges, leaving, events)
        alive = lived > 0
        values.append(revenue[alive] / lived[alive] * lifetime[alive])
    return np.concatenate(values)


def _restricted_means(edges: Array, leaving: Array, events: Array) -> Array:
    import numpy as np

    at_risk = leaving[:, ::-1].cumsum(axis=1)[:, ::-1]
    survival = np.cumprod(1 - events / np.maximum(at_risk, 1), axis=1)
    area: Array = edges[0] + survival @ np.diff(edges)
    return area


def percentile_interval(draws: Array, level: float = 0.95) -> tuple[float, float]:
    """The middle `level` of the draws."""
    import numpy as np

    if len(draws) == 0:
        raise ValueError("there are no draws")
    low, high = np.quantile(draws, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)

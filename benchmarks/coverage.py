"""How often 95 % intervals hold the truth, at every size and shape of a sample, beside the plain ones.

    python -m benchmarks.coverage [SAMPLES]

Between 93 and 97 in 100, or no interval with its reason. `ltv`: customers who spend by several laws, some of which a
mean can hardly be taken of; beside it the percentile bootstrap. It is given from 100 customers on.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from supportkit.stats.skewed_mean import PowerSums, skewed_interval

if TYPE_CHECKING:
    from numpy.random import Generator
    from numpy.typing import NDArray

    Array = NDArray[Any]

SAMPLES = 1000
SIZES = (20, 50, 100, 200, 1000)
DRAWS = 300  # of the bootstrap


class Spending(NamedTuple):
    """A law by which customers spend: so many amounts of it, and their true mean."""

    name: str
    amounts: Callable[[Generator, int], Array]
    mean: float


def laws() -> Iterator[Spending]:
    """Even, skewed and heavy-tailed spending."""
    import numpy as np

    yield Spending("alike (normal)", lambda dice, n: 50 + 10 * dice.standard_normal(n), 50)
    yield Spending("exponential", lambda dice, n: dice.exponential(1, n), 1)
    yield Spending("gamma 0.5", lambda dice, n: dice.gamma(0.5, 2, n), 1)
    yield Spending(
        "orders of 40, half again",
        lambda dice, n: np.multiply(40 * dice.lognormal(0, 0.4, n), dice.geometric(0.5, n)),
        80 * np.exp(0.08),
    )
    yield Spending("one in 33 spends 11 times as much", lambda dice, n: 50 + 500.0 * (dice.random(n) < 0.03), 65)
    yield Spending("lognormal 1", lambda dice, n: dice.lognormal(0, 1, n), np.exp(0.5))
    yield Spending("lognormal 1.5", lambda dice, n: dice.lognormal(0, 1.5, n), np.exp(1.125))
    yield Spending("lognormal 2", lambda dice, n: dice.lognormal(0, 2, n), np.exp(2))
    yield Spending("Pareto 2.2", lambda dice, n: 1 + dice.pareto(2.2, n), 2.2 / 1.2)
    yield Spending("Pareto 1.5 (no variance)", lambda dice, n: 1 + dice.pareto(1.5, n), 3.0)


def ltv_interval(values: Array) -> tuple[float, float] | None:
    """The interval of ltv for customers who were all watched to its age."""
    mean = float(values.mean())
    apart = values - mean
    return skewed_interval(mean, PowerSums(len(values), *(float((apart**power).sum()) for power in (2, 3, 4))))


def percentile_bootstrap(values: Array, dice: Generator) -> tuple[float, float]:
    """The middle 95 % of the means of draws of customers."""
    import numpy as np

    low, high = np.quantile(values[dice.integers(0, len(values), (DRAWS, len(values)))].mean(1), [0.025, 0.975])
    return float(low), float(high)


def spending(samples: int) -> Iterator[str]:
    """A line a law and a size."""
    from numpy.random import default_rng

    dice = default_rng(5)
    for law in laws():
        for size in SIZES:
            given = held = plain = compared = 0
            for n in range(samples):
                values = law.amounts(dice, size)
                found = ltv_interval(values)
                if found is not None:
                    given += 1
                    held += found[0] <= law.mean <= found[1]
                if n < samples / 4:
                    low, high = percentile_bootstrap(values, dice)
                    compared += 1
                    plain += low <= law.mean <= high
            ours = f"holds the truth in {held / given:6.1%}" if given else "none given (under 100)    "
            beside = f"percentile bootstrap {plain / compared:6.1%}"
            yield f"coverage ltv, {law.name:34} {size:5,} customers: {ours}; {beside}"


def main() -> None:
    """Print a line for each law and size."""
    samples = int(sys.argv[1]) if len(sys.argv) > 1 and sys.argv[1].isdigit() else SAMPLES
    for line in spending(samples):
        print(line, flush=True)


if __name__ == "__main__":
    main()

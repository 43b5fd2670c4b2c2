"""How often 95 % intervals hold the truth, at every size and shape of a sample, beside the plain ones.

    python -m benchmarks.coverage [SAMPLES]

Between 93 and 97 in 100, near the ceiling of a scale up to 99, or no interval with its reason. `ltv`: customers who
spend by several laws, some of which a mean can hardly be taken of; beside it the percentile bootstrap. It is given
from 125 customers on, unless all spend the same: where one in 33 spends far more, .97^50 = 22 in 100 samples of 50
customers have none of these. `nps`, `csat`, `ces` and `csi`: answers of several shapes, some near the end of the scale;
beside them Wald's and Student's. Those of
`nps` and `csat` are added up over all samples there are, and are exact; of a share it is told where no interval of so
many answers lies between 93 and 97, since their number goes by whole answers. Then customers who answer 2, 4 or 10
times, whose answers agree by 0.6: how often two groups that do not differ are told apart at 5 %, and what it is when
all answers count as independent.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from itertools import accumulate, combinations
from math import comb, prod
from typing import TYPE_CHECKING, Any, NamedTuple

from supportkit.scores.answers import FEWEST_UNLIKE
from supportkit.stats.bounded_mean import bounded_interval
from supportkit.stats.intervals import (
    mean_difference,
    nps_difference,
    nps_interval,
    nps_standard_error,
    share_difference,
    t_interval,
    wilson,
)
from supportkit.stats.repeated_measures import Repeated, agreement, answers_per_customer, effective_share
from supportkit.stats.skewed_mean import PowerSums, skewed_interval

if TYPE_CHECKING:
    from numpy.random import Generator
    from numpy.typing import NDArray

    Array = NDArray[Any]

SAMPLES = 1000
SIZES = (20, 50, 100, 125, 200, 1000)
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
    yield Spending(
        "one in 33, and all vary",
        lambda dice, n: np.multiply(50 + 500.0 * (dice.random(n) < 0.03), dice.lognormal(0, 0.3, n)),
        65 * np.exp(0.045),
    )


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
            ours = f"holds the truth in {held / given:6.1%}" if given else "none given (under 125)    "
            if 0 < given < samples:
                ours += f", none where all are alike ({1 - given / samples:.0%})"
            beside = f"percentile bootstrap {plain / compared:6.1%}"
            yield f"coverage ltv, {law.name:34} {size:5,} customers: {ours}; {beside}"


SHAPES: Mapping[str, tuple[float, ...]] = {
    "typical": (0.03, 0.04, 0.06, 0.12, 0.2, 0.3, 0.25),
    "60 % at the top": (0, 0, 0.02, 0.08, 0.1, 0.2, 0.6),
    "70 % at the top": (0.02, 0.02, 0.03, 0.05, 0.08, 0.1, 0.7),
    "80 % at the top": (0.01, 0.01, 0.02, 0.03, 0.05, 0.08, 0.8),
    "90 % at the top": (0, 0, 0, 0.01, 0.02, 0.07, 0.9),
    "95 % at the top": (0.005, 0.005, 0.005, 0.005, 0.01, 0.02, 0.95),
    "95 % at the top, the others next": (0, 0, 0, 0, 0, 0.05, 0.95),
    "95 % at the top, 2 % at the bottom": (0.02, 0, 0, 0, 0, 0.03, 0.95),
    "95 % at the top, 5 % at the bottom": (0.05, 0, 0, 0, 0, 0, 0.95),
    "85 % at the top, 5 % at the bottom": (0.05, 0.02, 0.01, 0.01, 0.02, 0.04, 0.85),
    "half at either end": (0.4, 0.03, 0.05, 0.04, 0.05, 0.03, 0.4),
}
"""Shares of the answers 1 to 7."""
ANSWERS = (5, 7, 10, 15, 20, 30, 100)
LEAST, MOST = 0.93, 0.97
Ends = tuple[float, float] | None


def _mean(scores: Array) -> tuple[Ends, Ends]:
    """The interval of a mean on 1-7, and Student's."""
    mean, deviation = float(scores.mean()), float(scores.std(ddof=1)) if scores.min() < scores.max() else 0.0
    plain = t_interval(mean, deviation, len(scores)) if deviation else None
    return bounded_interval(mean, deviation**2, len(scores), 1, 7), plain


def _holds(ends: Ends, truth: float) -> bool:
    return ends is not None and ends[0] - 1e-9 <= truth <= ends[1] + 1e-9


def answered(dice: Generator) -> Iterator[tuple[str, float, Callable[[int], Array]]]:
    """Shapes of answers 1 to 7: their name, true mean, and so many of them; last, means of four items alike."""
    import numpy as np

    levels = np.arange(1.0, 8.0)
    for name, shares in SHAPES.items():
        yield name, float(np.dot(levels, shares)), lambda n, p=shares: dice.choice(levels, n, p=p)  # type: ignore[misc]

    def items(n: int, place: float) -> Array:
        own = dice.standard_normal((n, 1)) * 1.6 + place
        found: Array = 1 + (np.clip(np.round(own + 1.2 * dice.standard_normal((n, 4))), 1, 10).mean(1) - 1) / 1.5
        return found

    for name, place in (("four items, mean 7.3 of 10", 7.6), ("four items, mean 9.2 of 10", 10.0)):
        yield name, float(items(1_000_000, place).mean()), lambda n, at=place: items(n, at)  # type: ignore[misc]


def shapes(samples: int) -> Iterator[str]:
    """A line a score, a shape and a size."""
    from numpy.random import default_rng

    for shape, truth, answers in answered(default_rng(6)):
        for size in ANSWERS:
            found = [_mean(answers(size)) for _ in range(samples)]
            given = sum(ours is not None for ours, _ in found)
            held, plain = (sum(_holds(pair[side], truth) for pair in found) for side in (0, 1))
            none = f", none where all are alike ({1 - given / samples:.0%})" if given < samples else ""
            yield _told("ces, csi", shape, size, held / given, none, plain / samples)
    for shape, shares in SHAPES.items():
        for size in ANSWERS:
            yield _share(shape, size, sum(shares[5:]))
    for size in ANSWERS:
        yield _over_all_shares(size)
    for shape, shares in SHAPES.items():
        for size in ANSWERS:
            yield _net(shape, size, (sum(shares[:4]), sum(shares[4:6]), shares[6]))


def _told(score: str, shape: str, size: int, held: float, none: str, plain: float) -> str:
    return f"coverage {score:8}, {shape:34} {size:3} answers: holds the truth in {held:6.1%}{none}; plain {plain:6.1%}"


def _share(shape: str, size: int, truth: float) -> str:
    """How often the interval of the share of 6 and 7 holds it, and Wald's; whether any could in 93 to 97 of 100."""
    chances = [comb(size, good) * truth**good * (1 - truth) ** (size - good) for good in range(size + 1)]
    wald = [(good / size, 1.96 * (good / size * (1 - good / size) / size) ** 0.5) for good in range(size + 1)]
    held = sum(chance for good, chance in enumerate(chances) if _holds(wilson(good, size), truth))
    plain = sum(
        chance
        for chance, (share, half) in zip(chances, wald, strict=True)
        if _holds((share - half, share + half), truth)
    )
    upto = [0.0, *accumulate(chances)]
    ways = sorted(high - low for low, high in combinations(upto, 2))
    none = ""
    if not any(LEAST <= way <= MOST for way in ways):
        below, above = max(way for way in ways if way < LEAST), min(way for way in ways if way > MOST)
        none = f", of so many answers {below:.1%} or {above:.1%} at best"
    return _told("csat", shape, size, held, none, plain)


def _over_all_shares(size: int) -> str:
    """How often the interval of a share holds it: on average, at the worst share, and at the worst of which both kinds
    of answers are five or more in such a sample on average."""
    ends = [wilson(good, size) for good in range(size + 1)]
    beyond = [end + step for pair in ends for end in pair for step in (-1e-6, 1e-6)]
    held = {}
    for truth in [*(place / 2000 for place in range(1, 2000)), *(one for one in beyond if 0 < one < 1)]:
        held[truth] = sum(
            comb(size, good) * truth**good * (1 - truth) ** (size - good)
            for good, pair in enumerate(ends)
            if _holds(pair, truth)
        )
    worst = min(held, key=lambda truth: (held[truth], -truth))
    middle = [share for truth, share in held.items() if size * min(truth, 1 - truth) >= FEWEST_UNLIKE]
    told = f"; with {FEWEST_UNLIKE} of each kind or more, at least {min(middle):.1%}" if middle else ""
    mean = sum(held[place / 2000] for place in range(1, 2000)) / 1999
    return (
        f"coverage csat    , any share, {size:3} answers: {mean:.1%} on average, {held[worst]:.1%} at the worst "
        f"({worst:.1%} good){told}"
    )


def _net(shape: str, size: int, shares: tuple[float, float, float]) -> str:
    """How often the interval of the share of 7 less that of 1 to 4 holds it, and Wald's."""
    truth, held, plain = 100 * (shares[2] - shares[0]), 0.0, 0.0
    for low in range(size + 1):
        for high in range(size - low + 1):
            counts = low, size - low - high, high
            ways = comb(size, low) * comb(size - low, high)
            chance = ways * prod(share**count for share, count in zip(shares, counts, strict=True))
            if chance < 1e-12:
                continue
            net, half = 100 * (high - low) / size, 1.96 * nps_standard_error(*counts)
            held += chance * _holds(nps_interval(*counts), truth)
            plain += chance * _holds((net - half, net + half), truth)
    return _told("nps", shape, size, held, "", plain)


CUSTOMERS, AGREEMENT = 50, 0.6
LIMITS = (-2.0, -1.6, -1.2, -0.8, -0.2, 0.6)
"""Where a standard normal opinion turns from one of seven scores to the next."""


def answers_of(dice: Generator, times: int) -> Array:
    """Scores 1 to 7 of customers who answer so many times, a row each."""
    import numpy as np

    own = dice.standard_normal((2 * CUSTOMERS, 1)) * AGREEMENT**0.5
    found: Array = 1 + np.searchsorted(
        LIMITS, own + dice.standard_normal((2 * CUSTOMERS, times)) * (1 - AGREEMENT) ** 0.5
    )
    return found


def worth(values: Array) -> float:
    """The share of answers that counts as independent, a row of answers a customer."""
    customers, times = values.shape
    found = Repeated(
        customers,
        values.size,
        float(customers * times**2),
        float(values.sum()),
        float((values**2).sum()),
        float((values.sum(axis=1) ** 2 / times).sum()),
    )
    return effective_share(answers_per_customer(found), agreement(found))


def _nps_p(scores: Array, counted: bool) -> float:
    """The p of two net promoter scores: every second customer is of one group."""
    import numpy as np

    parts = np.where(scores == 7, 1.0, np.where(scores >= 5, 0.0, -1.0))
    share = worth(parts) if counted else 1.0
    one, other = ([share * float((half == part).sum()) for part in (-1, 0, 1)] for half in (parts[0::2], parts[1::2]))
    return nps_difference((one[0], one[1], one[2]), (other[0], other[1], other[2])).p


def _csat_p(scores: Array, counted: bool) -> float:
    good = (scores >= 6).astype(float)
    share = worth(good) if counted else 1.0
    one, other = good[0::2], good[1::2]
    sums = (share * float(one.sum()), share * one.size, share * float(other.sum()), share * other.size)
    return share_difference(*sums).p


def _mean_p(scores: Array, counted: bool) -> float:
    share = worth(scores.astype(float)) if counted else 1.0
    one, other = scores[0::2], scores[1::2]
    first = (float(one.mean()), float(one.std(ddof=1)), share * one.size)
    return mean_difference(*first, float(other.mean()), float(other.std(ddof=1)), share * other.size).p


def repeated(samples: int) -> Iterator[str]:
    """A line a score and a number of answers per customer: two groups of 50 customers who do not differ."""
    from numpy.random import default_rng

    dice = default_rng(7)
    scores = (("nps", _nps_p), ("csat", _csat_p), ("ces, csi", _mean_p))
    for times in (1, 2, 4, 10):
        given = [answers_of(dice, times) for _ in range(samples)]
        for name, p in scores:
            told, alone = (sum(p(one, counted) < 0.05 for one in given) / samples for counted in (True, False))
            beside = f"all answers counted {alone:6.1%}"
            yield f"coverage {name:8}, {times:2} answers a customer: told apart in {told:6.1%}; {beside}"


def main() -> None:
    """Print a line for each law and size."""
    samples = int(sys.argv[1]) if len(sys.argv) > 1 and sys.argv[1].isdigit() else SAMPLES
    for lines in (spending(samples), shapes(samples), repeated(2 * samples)):
        for line in lines:
            print(line, flush=True)


if __name__ == "__main__":
    main()

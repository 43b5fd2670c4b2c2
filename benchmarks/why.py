"""How often `why` is right: false alarms on data without a change, and the planted slice found, by sample size.

    python -m benchmarks.why            300 runs without a change, 200 with one, per size; about a minute
    python -m benchmarks.why 60 40      fewer

144 leaves: 12 countries x 4 payment methods x 3 devices, two periods of n customers each. Planted: Germans who pay by
card lose 20 points. In the second false-alarm table nothing fails more often, but Germany grows by 10 points.
"""

from __future__ import annotations

import sys
import time
from itertools import product
from math import sqrt
from typing import TYPE_CHECKING

from supportkit.stats.intervals import two_proportion
from supportkit.stats.slices import Explanation, explain

if TYPE_CHECKING:
    from numpy.random import Generator

DIMENSIONS = ("country", "method", "device")
COUNTRIES = ("DE", *(f"C{number:02d}" for number in range(1, 12)))
METHODS, DEVICES = ("card", "debit", "invoice", "wallet"), ("phone", "desktop", "tablet")
LEAVES = tuple(product(COUNTRIES, METHODS, DEVICES))
GERMANY = 0.18
COUNTRY_SHARE = [
    GERMANY,
    *((1 - GERMANY) * number**-0.5 / sum(n**-0.5 for n in range(2, 13)) for number in range(2, 13)),
]
METHOD_SHARE, DEVICE_SHARE = (0.4, 0.3, 0.2, 0.1), (0.5, 0.35, 0.15)
COUNTRY_RATE = [-0.05, *(-0.05 + 0.01 * number for number in range(11))]
METHOD_RATE, DEVICE_RATE = (0.0, -0.05, 0.0, 0.05), (0.0, -0.03, 0.03)
LOSS, SHIFT, BASE = 0.2, 0.1, 0.7
PLANTED = (("country", "DE"), ("method", "card"))

Table = dict[tuple[str, ...], tuple[int, int]]


def tables(n: int, random: Generator, *, loss: float = 0.0, shift: float = 0.0) -> tuple[Table, Table]:
    """Two periods of n customers; in the second, German cards lose `loss` and Germany's share grows by `shift`."""
    moved = [share * (1 - GERMANY - shift) / (1 - GERMANY) for share in COUNTRY_SHARE]
    moved[0] = COUNTRY_SHARE[0] + shift
    found: list[Table] = []
    for shares, fall in ((COUNTRY_SHARE, 0.0), (moved, loss)):
        weights = [a * b * c for a, b, c in product(shares, METHOD_SHARE, DEVICE_SHARE)]
        rates = [BASE + sum(parts) for parts in product(COUNTRY_RATE, METHOD_RATE, DEVICE_RATE)]
        rates = [rate - fall * (leaf[:2] == ("DE", "card")) for rate, leaf in zip(rates, LEAVES, strict=True)]
        cases = random.multinomial(n, [weight / sum(weights) for weight in weights])
        successes = random.binomial(cases, rates)
        found.append({leaf: (int(c), int(x)) for leaf, c, x in zip(LEAVES, cases, successes, strict=True)})
    return found[0], found[1]


def run(seed: int, n: int, *, loss: float = 0.0, shift: float = 0.0) -> tuple[Explanation, float]:
    """One explanation, and the CPU seconds that it took."""
    import numpy as np

    before, after = tables(n, np.random.default_rng([seed, n]), loss=loss, shift=shift)
    start = time.process_time()
    found = explain(before, after, DIMENSIONS, direction="down", seed=seed)
    return found, time.process_time() - start


def false_alarms(n: int, runs: int, *, shift: float = 0.0) -> tuple[float, float, float]:
    """Share of runs with an alarm at 5 %: family-wise p, q, and the headline test of the two totals."""
    family = adjusted = headline = 0
    for seed in range(runs):
        found, _ = run(seed, n, shift=shift)
        family += found.least_p <= 0.05
        adjusted += found.least_q <= 0.05
        rates = found.split.rate_before, found.split.rate_after
        headline += two_proportion(rates[0] * n, n, rates[1] * n, n) <= 0.05
    return family / runs, adjusted / runs, headline / runs


def power(n: int, runs: int) -> tuple[float, float, float]:
    """Share of runs where some slice is significant, the planted one is first, and among the first three."""
    significant = first = third = 0
    for seed in range(runs):
        found, _ = run(seed, n, loss=LOSS)
        names = [piece.values for piece in found.slices]
        significant += any(piece.p_fwer <= 0.05 for piece in found.slices)
        first += names[:1] == [PLANTED]
        third += PLANTED in names[:3]
    return significant / runs, first / runs, third / runs


def main() -> None:
    quiet, planted = (int(argument) for argument in (*sys.argv[1:], "300", "200")[:2]) if sys.argv[1:] else (300, 200)
    print(f"no change, any alarm at 5 % ({quiet} runs, +-{1.96 * sqrt(0.05 * 0.95 / quiet):.3f})")
    for shift in (0.0, SHIFT):
        for n in (500, 2000, 20000):
            family, adjusted, headline = false_alarms(n, quiet, shift=shift)
            print(f"  n {n:6d}  mix +{shift:.0%}  family-wise {family:.3f}  q {adjusted:.3f}  totals {headline:.3f}")
    print(f"German cards lose 20 points ({planted} runs)")
    for n in (500, 1000, 2000, 5000, 20000):
        significant, first, third = power(n, planted)
        print(f"  n {n:6d}  significant {significant:.2f}  first {first:.2f}  in the first three {third:.2f}")
    seconds = [run(seed, 20000, loss=LOSS)[1] for seed in range(20)]
    print(f"CPU of one run with 199 redraws and {run(0, 20000, loss=LOSS)[0].examined} slices: {min(seconds):.4f} s")


if __name__ == "__main__":
    main()

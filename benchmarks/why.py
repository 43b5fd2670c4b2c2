"""How often `why` is right: false alarms on data without a change, and the planted slice found, by sample size.

    python -m benchmarks.why              2000 runs without a change, 1000 with one, per size; about two minutes of CPU
    python -m benchmarks.why 300 200      fewer

144 leaves: 12 countries x 4 payment methods x 3 devices, two periods of n customers each. Planted: Germans who pay by
card lose 20 points. In the second false-alarm table nothing fails more often, but Germany grows by 10 points.

Beside each figure stands the one it has to come within .04 of, from an earlier simulation (300 runs without a change,
200 with one: its own standard error is up to .035). Of that one only these sizes are known, not how many customers each
leaf had nor how many of them failed. Two assumptions are chosen because its figures come out with them:

- German cards are 7.6 % of the customers (Germany 19 %, cards 40 %). The power depends on this share and on little
  else: of some 190 mixes tried, even and uneven, the nearest have 6.4 to 7.6 %, and of those this one gives the ranks
  as well.
- Germans fail 6 points more often than the others, who all fail in 30 %. This is what a test of the totals takes for
  a change when Germany grows: with a gap of 6 points in .25 of runs at 20,000 customers, of 5 points in .19.

The rest matters little: the other countries fall off with the root of their rank, methods and devices are uneven. The
earlier ranks were of slices with the twins of a better one left in; here twins are merged.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
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
GERMANY = 0.19
COUNTRY_SHARE = [
    GERMANY,
    *((1 - GERMANY) * number**-0.5 / sum(n**-0.5 for n in range(2, 13)) for number in range(2, 13)),
]
METHOD_SHARE, DEVICE_SHARE = (0.4, 0.3, 0.2, 0.1), (0.5, 0.35, 0.15)
BASE, GERMAN_GAP, LOSS, SHIFT = 0.7, 0.06, 0.2, 0.1
PLANTED = (("country", "DE"), ("method", "card"))

QUIET_SIZES, SIZES = (500, 2000, 20000), (500, 1000, 2000, 5000, 20000)
EARLIER = {
    "family-wise": (0.060, 0.047, 0.047),
    "q": (0.047, 0.043, 0.037),
    "family-wise, Germany grows": (0.037, 0.053, 0.030),
    "totals, Germany grows": (0.043, 0.070, 0.263),
    "some slice significant": (0.12, 0.26, 0.57, 0.96, 1.00),
    "German cards first": (0.23, 0.39, 0.58, 0.83, 0.99),
    "German cards in the first three": (0.49, 0.68, 0.84, 0.98, 1.00),
}
NEAR = 0.04

Table = dict[tuple[str, ...], tuple[int, int]]


def tables(n: int, random: Generator, *, loss: float = 0.0, shift: float = 0.0) -> tuple[Table, Table]:
    """Two periods of n customers; in the second, German cards lose `loss` and Germany's share grows by `shift`."""
    moved = [share * (1 - GERMANY - shift) / (1 - GERMANY) for share in COUNTRY_SHARE]
    moved[0] = COUNTRY_SHARE[0] + shift
    found: list[Table] = []
    for shares, fall in ((COUNTRY_SHARE, 0.0), (moved, loss)):
        weights = [a * b * c for a, b, c in product(shares, METHOD_SHARE, DEVICE_SHARE)]
        rates = [BASE - GERMAN_GAP * (leaf[0] == "DE") - fall * (leaf[:2] == ("DE", "card")) for leaf in LEAVES]
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


def compared(name: str, found: Sequence[float], runs: int) -> None:
    """One line: the figures by size, the earlier ones, and which of them are further away than allowed."""
    print(f"{name:32} {'  '.join(f'{share:.3f}' for share in found)}   +-{1.96 * _error(found, runs):.3f}")
    if name in EARLIER:
        marks = (" *"[abs(share - old) > NEAR] for share, old in zip(found, EARLIER[name], strict=True))
        print(
            f"{'  earlier':32} {' '.join(f'{old:.3f}{mark}' for old, mark in zip(EARLIER[name], marks, strict=True))}"
        )


def _error(shares: Sequence[float], runs: int) -> float:
    return max(sqrt(share * (1 - share) / runs) for share in shares)


def main() -> None:
    quiet, planted = (int(argument) for argument in (*sys.argv[1:], *("2000", "1000")[len(sys.argv) - 1 :])[:2])
    print(
        f"no change, any alarm at 5 % ({quiet} runs), n {', '.join(str(n) for n in QUIET_SIZES)}; * further than {NEAR}"
    )
    for shift, ending in ((0.0, ""), (SHIFT, ", Germany grows")):
        columns = zip(*(false_alarms(n, quiet, shift=shift) for n in QUIET_SIZES), strict=True)
        for name, found in zip(("family-wise", "q", "totals"), columns, strict=True):
            compared(name + ending, found, quiet)
    print(f"German cards lose 20 points ({planted} runs), n {', '.join(str(n) for n in SIZES)}")
    columns = zip(*(power(n, planted) for n in SIZES), strict=True)
    names = ("some slice significant", "German cards first", "German cards in the first three")
    for name, found in zip(names, columns, strict=True):
        compared(name, found, planted)
    seconds = [run(seed, 20000, loss=LOSS)[1] for seed in range(20)]
    print(f"CPU of one run with 199 redraws and {run(0, 20000, loss=LOSS)[0].examined} slices: {min(seconds):.4f} s")


if __name__ == "__main__":
    main()

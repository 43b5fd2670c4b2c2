"""A tag that stopped as another began, at the same rate and in the same words: probably the same thing, renamed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import log, sqrt
from typing import Final

from supportkit.system.frozen import dataclass

Words = Mapping[str, float]

OVERLAP_DAYS: Final = 3  # both names may be in use while people change over
LEAST_SILENCE: Final = 5.0  # tickets of the old name that should have come since it stopped
SAME_RATE: Final = (0.4, 2.5)
LEAST_ALIKE: Final = 0.5


@dataclass(frozen=True)
class SeriesLife:
    """A series' first and last day (numbers), its tickets, and how often words stand in them."""

    first: int
    last: int
    tickets: int
    words: Words


def rename_pairs(lives: Sequence[SeriesLife], today: int, newest: int) -> list[tuple[int, int]]:
    """Pairs (old, new): new began on or after day `newest`, as old stopped, and took over its rate."""
    found = []
    for new, b in enumerate(lives):
        if b.first < newest:
            continue
        for old, a in enumerate(lives):
            before = b.first - a.first
            if old == new or abs(a.last - b.first) > OVERLAP_DAYS or before < 28:
                continue
            rate = a.tickets / before
            since = today - b.first + 1
            if rate * (today - a.last) >= LEAST_SILENCE and SAME_RATE[0] <= b.tickets / since / rate <= SAME_RATE[1]:
                found.append((old, new))
    return found


def alike(a: Words, b: Words, everywhere: Mapping[str, int], series: int) -> float:
    """Cosine of two word counts, words of many series weighing less; 0 without words."""

    def weighed(words: Words) -> dict[str, float]:
        return {w: (1 + log(n)) * log((series + 1) / (everywhere.get(w, 1) + 0.5)) for w, n in words.items()}

    x, y = weighed(a), weighed(b)
    norm = sqrt(sum(v * v for v in x.values()) * sum(v * v for v in y.values()))
    return sum(v * y[w] for w, v in x.items() if w in y) / norm if norm else 0.0

"""Seeded chance, the same on every Python: all of it is made from random(), whose sequence is guaranteed."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")


class Dice:
    """Draws from one seeded sequence."""

    def __init__(self, seed: str) -> None:
        self._random = random.Random(seed)

    def share(self) -> float:
        """A number in [0, 1)."""
        return self._random.random()

    def chance(self, probability: float) -> bool:
        """True with that probability."""
        return self._random.random() < probability

    def whole(self, low: int, high: int) -> int:
        """A whole number from low to high, both included."""
        return low + int(self._random.random() * (high - low + 1))

    def pick(self, items: Sequence[T]) -> T:
        """One of the items, each equally likely."""
        return items[int(self._random.random() * len(items))]

    def weighted(self, items: Sequence[T], weights: Sequence[float]) -> T:
        """One of the items, by weight."""
        point = self._random.random() * sum(weights)
        for item, weight in zip(items, weights, strict=True):
            point -= weight
            if point < 0:
                return item
        return items[-1]

    def shuffled(self, items: Sequence[T]) -> list[T]:
        """The items in a random order."""
        return [items[place] for place in self.shuffled_places(len(items))]

    def shuffled_places(self, count: int) -> list[int]:
        """The numbers below count in a random order."""
        return [place for _, place in sorted((self._random.random(), place) for place in range(count))]

    def normal(self) -> float:
        """A standard normal draw (Box and Muller)."""
        return math.sqrt(-2 * math.log(1 - self._random.random())) * math.cos(2 * math.pi * self._random.random())

    def lognormal(self, median: float, sigma: float) -> float:
        """A draw with that median, sigma being the standard deviation of its logarithm."""
        return median * math.exp(sigma * self.normal())

    def poisson(self, mean: float) -> int:
        """A count with that mean (Knuth's product; means here are below 100)."""
        limit, count, product = math.exp(-mean), 0, self._random.random()
        while product > limit:
            count += 1
            product *= self._random.random()
        return count


class Deck:
    """Deals the items in turn, newly shuffled after each round, so that no wording clusters in a week by chance."""

    def __init__(self, dice: Dice, items: Sequence[str]) -> None:
        self._dice, self._items, self._left = dice, items, list[str]()

    def deal(self) -> str:
        """The next item."""
        if not self._left:
            self._left = self._dice.shuffled(self._items)
        return self._left.pop()

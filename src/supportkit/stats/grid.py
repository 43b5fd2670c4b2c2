"""Counts by series and block as matrices; names that differ in case or spaces only are one series."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Key = tuple[str, ...]


@dataclass(frozen=True)
class Grid:
    """(series, blocks): tickets, and the customers who wrote them; keys are the spellings used most."""

    keys: tuple[Key, ...]
    tickets: Array
    writers: Array

    @classmethod
    def of(cls, rows: Iterable[tuple[Any, ...]], dimensions: int, blocks: int) -> Grid:
        """From rows (by_1, by_2, block <= 0, tickets, writers)."""
        spellings: dict[Key, Counter[Key]] = {}
        cells: list[tuple[Key, int, int, int]] = []
        folded: dict[Key, Key] = {}
        for first, second, block, tickets, writers in rows:
            key = tuple(str(part) for part in (first, second)[:dimensions])
            if key not in folded:
                folded[key] = tuple(" ".join(part.split()).casefold() for part in key)
            fold = folded[key]
            spellings.setdefault(fold, Counter())[key] += tickets
            cells.append((fold, block, tickets, writers))
        order = {fold: number for number, fold in enumerate(sorted(spellings))}
        tickets_in, writers_in = np.zeros((2, len(order), blocks))
        for fold, block, tickets, writers in cells:
            tickets_in[order[fold], blocks - 1 + block] += tickets
            writers_in[order[fold], blocks - 1 + block] += writers
        return cls(tuple(_usual(spellings[fold]) for fold in order), tickets_in, writers_in)

    def joined(self, pairs: Iterable[tuple[int, int]]) -> Array:
        """The customers per series and block, where of each pair (old, new) the new one has the counts of both."""
        counts = self.writers.copy()
        for old, new in pairs:
            counts[new] += counts[old]
            counts[old] = 0
        return counts

    @property
    def per_writer(self) -> Array:
        """(series,) tickets per customer and block, over all blocks but the last; 1 without a past."""
        writers = self.writers[:, :-1].sum(1)
        return np.where(writers > 0, self.tickets[:, :-1].sum(1) / np.maximum(writers, 1), 1.0)


def _usual(spellings: Counter[Key]) -> Key:
    return min(spellings, key=lambda key: (-spellings[key], key))

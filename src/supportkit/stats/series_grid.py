"""Counts by series and block as matrices; names that differ in case or spaces only are one series."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from supportkit.system.frozen import dataclass

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
        """From rows (by_1, by_2, blocks <= 0, tickets, writers), the last three being lists of one length."""
        spellings: dict[Key, Counter[Key]] = {}
        cells = []
        for first, second, numbers, tickets, writers in rows:
            key = tuple(str(part) for part in (first, second)[:dimensions])
            fold = tuple(folded(part) for part in key)
            spellings.setdefault(fold, Counter())[key] += sum(tickets)
            cells.append((fold, numbers, tickets, writers))
        order = {fold: number for number, fold in enumerate(sorted(spellings))}
        tickets_in, writers_in = np.zeros((2, len(order), blocks))
        for fold, numbers, tickets, writers in cells:
            place = np.array(numbers) + (blocks - 1)
            tickets_in[order[fold], place] += tickets
            writers_in[order[fold], place] += writers
        return cls(tuple(_usual(spellings[fold]) for fold in order), tickets_in, writers_in)

    def along(self, keys: Sequence[Key]) -> Grid:
        """The same for other keys, in their order; those that are not here have no tickets."""
        places = {tuple(folded(part) for part in key): number for number, key in enumerate(self.keys)}
        rows = [places.get(tuple(folded(part) for part in key), -1) for key in keys]
        there = np.array([row >= 0 for row in rows], bool)[:, None]
        if not self.keys:
            empty = np.zeros((len(keys), self.tickets.shape[1]))
            return Grid(tuple(keys), empty, empty)
        return Grid(tuple(keys), np.where(there, self.tickets[rows], 0), np.where(there, self.writers[rows], 0))

    @cached_property
    def per_writer(self) -> Array:
        """(series,) tickets per customer and block, over all blocks but the last; 1 without a past."""
        writers = self.writers[:, :-1].sum(1)
        return np.where(writers > 0, self.tickets[:, :-1].sum(1) / np.maximum(writers, 1), 1.0)


def folded(name: str) -> str:
    """A name without what does not tell it apart: case and spaces."""
    return " ".join(name.split()).casefold()


def _usual(spellings: Counter[Key]) -> Key:
    return min(spellings, key=lambda key: (-spellings[key], key))

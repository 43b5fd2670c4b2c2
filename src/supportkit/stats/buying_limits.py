"""What the limits of BG/NBD share: the histories that they are fitted on, how far a parameter may run, and which of
several limits is taken."""

from __future__ import annotations

from collections.abc import Sequence
from math import inf
from typing import TYPE_CHECKING, Protocol, TypeVar

from supportkit.system.named import NamedTuple

if TYPE_CHECKING:
    from typing import Self

    from numpy import float64
    from numpy.typing import NDArray

    Array = NDArray[float64]

LOWEST, HIGHEST = 1e-4, 1e4
NOBODY = 1e-5
"""A chance of leaving below this is none."""
SURELY = 1.92
"""Of the log-likelihood: half the 95 % quantile of chi squared with one degree of freedom (Wilks 1938)."""


class Histories(NamedTuple):
    """Distinct histories: repeat purchases, last of them, age, and how many customers; ages of those without any."""

    repeats: Array
    last: Array
    age: Array
    customers: Array
    once: Array
    once_customers: Array

    @property
    def total(self) -> float:
        """All customers."""
        return float(self.customers.sum() + self.once_customers.sum())


class Settled(Protocol):
    """A limit that was fitted: minus its log-likelihood per customer, and the least of that of all that were tried."""

    @property
    def value(self) -> float: ...

    def _replace(self, *, lowest: float) -> Self: ...


Fitted = TypeVar("Fitted", bound=Settled)


def better(alike: Sequence[Fitted], at_first: Fitted | None, customers: float) -> Fitted | None:
    """The limit with the highest likelihood; that of leaving at first or never only where no other is as likely by
    chance: a few who stopped after a first repeat purchase are in every shop that nobody leaves. Its `lowest` is that
    of all of them."""
    best = min(alike, key=lambda one: one.value, default=at_first)
    if best is None or at_first is None:
        return best
    lowest = min(best.value, at_first.value)
    chosen = at_first if at_first.value < best.value - SURELY / customers else best
    return chosen._replace(lowest=lowest)


def could_leave(known: Histories, at_first: bool) -> tuple[Array, float]:
    """0 for each history of which the last purchase can have been the end, else -inf: each can, or the first alone; and
    after how many purchases of all customers one could leave."""
    import numpy as np

    if not at_first:
        return np.zeros(len(known.repeats)), float(known.customers @ known.repeats)
    return np.where(known.repeats == 1, 0.0, -inf), float(known.customers.sum())

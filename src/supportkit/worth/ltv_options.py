"""What `ltv` is asked for, and how further factors of its product are written."""

from __future__ import annotations

from datetime import date

from supportkit.stats.first_orders import Fall
from supportkit.system.frozen import dataclass


@dataclass(frozen=True)
class LtvOptions:
    """The options of `ltv`, checked: `discount` per day, `margin` 1 where none is given.

    `new_from` is the first day of customers who are surely new, where those before it are told apart, and `said`
    whether the configuration names it; `too_many_before` that day where telling them apart would leave too few. `fall`
    is how first orders fall, by which some of those who are counted are from before the data all the same.
    """

    gap: int
    horizon: int | None
    margin: float
    discount: float
    newcomers: bool
    classic: bool = False
    new_from: date | None = None
    said: bool = False
    too_many_before: date | None = None
    fall: Fall | None = None

    @property
    def age(self) -> int:
        """The age in days that value counts to."""
        return self.horizon or 0

    @property
    def reduced(self) -> bool:
        """Whether margin or discounting is one more factor of the product."""
        return self.margin != 1 or bool(self.discount)


def factors(asked: LtvOptions, present: float) -> str:
    """Margin and discounting as further factors of the product, where they are asked for."""
    found = [f" × margin {asked.margin:g}"] if asked.margin != 1 else []
    return "".join([*found, f" × discounting {present:.4f}"] if asked.discount else found)

"""A headline figure as it was measured: its value, over how many, its interval, its difference to the period before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from supportkit.metrics import METRICS
from supportkit.result import Column, Result, Value, interval_names, number_of
from supportkit.stats.intervals import share_interval
from supportkit.system.frozen import dataclass

_DIFFERENCE: Final = ("difference", "difference_low", "difference_high")
Record = Mapping[str, Value]


@dataclass(frozen=True)
class Measured:
    """A figure of a period: its value, over how many, its interval and its difference to the period before, if any."""

    value: float
    n: int
    low: float | None = None
    high: float | None = None
    apart: tuple[float, ...] = ()
    """The difference with its ends as the metric has them."""
    differs: bool = False
    """The metric has differences of its own, where there are answers enough."""
    of: str = ""
    """Over whom the figure is, where later events can still change it for the others."""
    pending: bool = False
    """There is none yet that no later event can change."""


Course = Sequence[tuple[str, Measured | None]]
"""A figure of periods, the last of which is the page's, by their names."""


def measured(result: Result, name: str, row: Record, column: Column, n_column: str | None) -> Measured | None:
    """A figure of a row or of the facts, by what no later event can change, as a check judges it; a share without an
    interval of its own has Wilson's."""
    if row.get(name) is None:
        return None
    settled = METRICS[result.metric].settled(result, name, row)
    row = settled.record
    value, n = number_of(row.get(name)), row.get(n_column or "")
    if value is None or not isinstance(n, int) or n <= 0:
        return None
    low, high = (number_of(row.get(end)) for end in interval_names(name))
    if low is None and high is None and column.kind == "share":
        low, high = share_interval(value, n) or (None, None)
    apart = tuple(end for part in _DIFFERENCE if (end := number_of(row.get(part))) is not None)
    apart = apart if len(apart) == len(_DIFFERENCE) else ()
    of, pending = settled.pending or settled.note, bool(settled.pending)
    return Measured(value, n, low, high, apart, _DIFFERENCE[0] in row, of, pending)

"""Which figures of a report are not compared with the period before, because days are missing in one of the two, and
which are held against no target, because they are missing in the report's own."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Final

from supportkit.metrics import METRICS
from supportkit.period import Period
from supportkit.result import Result
from supportkit.system.frozen import dataclass
from supportkit.system.named import NamedTuple
from supportkit.trending.uncompared import beside_expected

CHANGES: Final = ("change", "difference", "difference_low", "difference_high")
"""Columns and facts that compare with the period before."""


class Lacking(NamedTuple):
    """A period of which days are missing, and which, in words."""

    period: Period
    days: str


@dataclass(frozen=True)
class WholePeriods:
    """The report's period and the one before; `missing` says which days of a period a metric's tables lack."""

    period: Period
    missing: Callable[[str, Period], str] = lambda metric, period: ""

    def lacking(self, metric: str) -> Lacking | None:
        """The first of the two of which days are missing for a metric; None where both are whole, or nothing is
        compared."""
        if METRICS[metric].cut == "life":
            return None
        found = (Lacking(one, self.missing(metric, one)) for one in self._compared())
        return next((one for one in found if one.days), None)

    def told(self, metrics: Iterable[str]) -> tuple[str, ...]:
        """Which days are missing, each once: of the report's period, and of the one before what is compared with it."""
        found: dict[str, None] = {}
        for name in metrics:
            lacking = self.lacking(name)
            found |= dict.fromkeys(filter(None, (self.missing(name, self.period), lacking.days if lacking else "")))
        return tuple(found)

    def uncompared(self, result: Result) -> Result:
        """A result without what compares the two periods, where days are missing in one."""
        if self.lacking(result.metric) is None:
            return result
        compared = {one.name for one in self._compared()}
        over = next((place for place, column in enumerate(result.columns) if column.kind == "period"), None)
        changes = {place for place, column in enumerate(result.columns) if column.name in CHANGES}
        rows = tuple(
            tuple(None if place in changes else value for place, value in enumerate(row))
            if over is None or row[over] in compared
            else row
            for row in result.rows
        )
        facts = {name: None if name in CHANGES else value for name, value in result.facts.items()}
        return beside_expected(replace(result, rows=rows, facts=facts))

    def unjudged(self, result: Result) -> Result:
        """A result without its targets, where days of the report's period are missing: a check gives no verdict."""
        return replace(result, goals=()) if self.missing(result.metric, self.period) else result

    def _compared(self) -> tuple[Period, ...]:
        """The report's period and the one before; nothing where that is open."""
        if self.period.start is None or self.period.end is None:
            return ()
        return (self.period, self.period.previous())

"""What a figure means where something is said of it: better, worse, or within what chance allows.

A change whose interval holds 0, and a figure inside what was to be expected, are within chance, and so is one beyond it
that the metric does not claim because it looked at many rows; of what is claimed the column says which way is better.
Where nothing is known of chance, or of better, nothing is said.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal

from supportkit.render.chart_parts import Record, column_of
from supportkit.result import Better, Result, number_of

Sense = Literal["better", "worse", "chance"]
CHANGES: Final = ("change", "difference")
ERROR_RATES: Final = ("p_fwer", "q")
"""Columns that say of a row's change how sure it is over all rows; the first that is there counts."""
SURE: Final = 0.05
STATES: Final[Mapping[str, Sense]] = {"pass": "better", "fail": "worse", "warn": "worse", "no verdict": "chance"}
STYLES: Final[Mapping[Sense, str]] = {"better": "cyan", "worse": "bold red", "chance": "dim"}
"""Told apart without red and green, and without colour by their weight."""


def senses(result: Result, record: Record) -> dict[str, Sense]:
    """What the figures of a row mean, by column."""
    found: dict[str, Sense] = {}
    names = {column.name for column in result.columns}
    for column in result.columns:
        ends = f"{column.name}_low", f"{column.name}_high"
        if column.role == "figure" and column.name.endswith(CHANGES) and names.issuperset(ends):
            low, high = (number_of(record[end]) for end in ends)
            if low is not None and high is not None:
                beyond = (low > 0) - (high < 0) if _is_claimed(result, record, column.name) else 0
                found |= _said(column.name, beyond, column.better)
    chart = result.chart
    if chart is not None and chart.low and chart.high and (chart.middle or chart.kind in ("change", "bar")):
        value, low, high = (number_of(record[name]) for name in (chart.y, chart.low, chart.high))
        if value is not None and low is not None and high is not None:
            beyond = (value > high) - (value < low) if _is_claimed(result, record, chart.y) else 0
            found |= _said(chart.y, beyond, column_of(result, chart.y).better)
    state = record.get("state")
    if isinstance(state, str) and state in STATES:
        found["state"] = STATES[state]
    return found


def _is_claimed(result: Result, record: Record, name: str) -> bool:
    """Whether a figure beyond chance by itself is so over all rows, too, where the metric or an error rate says it."""
    if name in result.claimed and tuple(record[key.name] for key in result.keys) not in result.claimed[name]:
        return False
    rate = number_of(next((record[one] for one in ERROR_RATES if one in record), None))
    return name == (result.chart.y if result.chart else "") or rate is None or rate <= SURE


def _said(name: str, direction: int, better: Better | None) -> dict[str, Sense]:
    """The sense of a figure that is beyond chance upwards (1) or downwards (-1), or is not (0)."""
    if not direction:
        return {name: "chance"}
    if better is None:
        return {}
    return {name: "better" if (direction > 0) == (better == "up") else "worse"}

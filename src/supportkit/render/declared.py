"""What was declared to have happened, in pictures over time: a line at its period, with its words."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Final

from supportkit.period import parse_period
from supportkit.render.chart_parts import TEXT, Record, Spec
from supportkit.render.escaping import for_terminal
from supportkit.render.palette import SOFT
from supportkit.result import Event, Result

LONGEST: Final = 28  # characters of an event in a picture; its note has all


def declared_at(result: Result, x: str, record: Record) -> str:
    """The events of a row's period that concern it, as short as a picture needs; empty where there is none."""
    found = [one.text for one in _events_of(result, x, record)]
    told = for_terminal("; ".join(found))
    return told if len(told) <= LONGEST else f"{told[: LONGEST - 1]}…"


def declared_notes(result: Result, x: str) -> list[str]:
    """The events in the periods of a picture, with their days."""
    found = {one for record in result.records() for one in _events_of(result, x, record)}
    return [f"{one.at} {one.text}" for one in sorted(found, key=lambda one: (one.at, one.text))]


def _events_of(result: Result, x: str, record: Record) -> list[Event]:
    name = record[x]
    column = next(column for column in result.columns if column.name == x)
    if column.kind != "period" or not isinstance(name, str):
        return []
    period = parse_period(name, date(2000, 1, 3))
    values = {(key.dimension, str(record[key.name])) for key in result.keys}
    start, end = period.start or date.min, period.end or date.max - timedelta(days=1)
    return [one for one in result.events if start <= one.at < end and set(one.where) <= values]


def declared_layers(data: list[dict[str, Any]], x: Spec) -> tuple[list[Spec], list[Spec]]:
    """A line at each period in which something was declared, which goes below the others, and its words above them."""
    if not any(one["event"] for one in data):
        return [], []
    known = [{"filter": "datum.event"}]
    words = {"type": "text", "align": "left", "baseline": "top", "dx": 4, "fontSize": TEXT, "color": SOFT}
    line = {"transform": known, "mark": {"type": "rule", "color": SOFT, "strokeWidth": 1}, "encoding": {"x": x}}
    at_the_top = {"x": x, "y": {"value": 0}, "text": {"field": "event"}}
    return [line], [{"transform": known, "mark": words, "encoding": at_the_top}]

"""The legend of a picture: what is said of a mark only where that is drawn."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from supportkit.render.chart_parts import Spec, column_of
from supportkit.render.declared import declared_notes
from supportkit.render.language import ENGLISH, Language
from supportkit.result import Result
from supportkit.system.named import NamedTuple


class Entry(NamedTuple):
    """A mark in words, and the value of a row by which it is drawn; empty where it always is."""

    text: str
    drawn_by: str = ""


TARGET: Final = Entry("thick stroke: the target", "goal")
PLAIN: Final[Mapping[str, tuple[Entry, ...]]] = {
    "bar": (
        Entry("bars: {y}"),
        Entry("thin line: what was to be expected", "high"),
        Entry("marked: what is beyond it", "mark"),
        TARGET,
    ),
    "interval": (
        Entry("dots: {y}"),
        Entry("bars: its 95 % interval", "high"),
        Entry("dashes: the figure of all", "whole"),
        TARGET,
    ),
    "line": (
        Entry("line: {y}"),
        Entry("dashes and band: what was to be expected of each period", "middle"),
        Entry("dots: what is beyond it", "beyond"),
        Entry("band: its 95 % interval", "interval"),
        Entry("long dashes: the target", "goal"),
    ),
    "heatmap": (Entry("the darker, the more: {series}"),),
    "pareto": (Entry("bars: {y}"), Entry("line: the share that they make up together")),
    "waterfall": (Entry("each piece begins where the one before ended: {y}"),),
    "funnel": (Entry("who is left at each step"), Entry("marked: where the most is lost", "mark")),
    "change": (
        Entry("ring: {before}", "before"),
        Entry("dot: {y}"),
        Entry("bar: what was to be expected", "high"),
        Entry("marked: what is named, tested over all series", "mark"),
    ),
    "matrix": (
        Entry("in each cell: {series}, and of how many"),
        Entry("framed: where it is more than the others', beyond chance", "mark"),
    ),
}


def legend(result: Result, picture: Spec, language: Language = ENGLISH) -> str:
    """What to read in the picture of a result."""
    chart = result.chart
    if chart is None:
        return ""
    rows: list[dict[str, Any]] = picture["data"]["values"]
    drawn = {name for row in rows for name, value in row.items() if value is not None and value is not False}
    if chart.kind == "line" and "high" in drawn and not chart.middle:
        drawn.add("interval")
    named = (("y", chart.y), ("series", chart.series), ("before", chart.before))
    names = {place: _inside(column_of(result, name).label) for place, name in named if name}
    told = [language.say(one.text, **names) for one in PLAIN[chart.kind] if not one.drawn_by or one.drawn_by in drawn]
    if chart.kind == "line" and (declared := declared_notes(result, chart.x)):
        told.append(language.say("upright lines: {list}", list="; ".join(declared)))
    return "; ".join(told)


def _inside(label: str) -> str:
    """A label inside a sentence: NPS stays, Tickets is written small."""
    return label if label[1:2].isupper() else label[:1].lower() + label[1:]

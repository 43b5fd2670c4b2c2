"""What was declared to have happened, in pictures over time: a line at its period, with its words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final

from supportkit.period import parse_period
from supportkit.render.cell_width import width_of
from supportkit.render.chart_parts import LETTER, TEXT, Record, Spec
from supportkit.render.escaping import for_terminal
from supportkit.render.palette import SOFT
from supportkit.result import Event, Result
from supportkit.system.named import NamedTuple

LONGEST: Final = 28  # characters of an event in a picture; its note has all
LINE: Final = 16  # the height of one above the next
CAPITAL: Final = 9.5  # the width of a capital, about
GAP: Final = 4  # between words and their line, and the picture


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


def place_words(data: list[dict[str, Any]], steps: Sequence[str], width: float, beyond: float) -> None:
    """Where the words of each event stand above a picture of that width: `words`, as long as there is room, the `side`
    of their line, and `lift`, how high they are above the picture; no words lie over others of their panel.

    `beyond` is the room behind the picture. Those that run to the right are placed from the right on, so that a line
    goes up past those below it, and those that run to the left, at the edge, from the left on.
    """
    for name in dict.fromkeys(one["series"] for one in data):
        placed: list[_Words] = []
        found = [(one, _words(one, steps, width, beyond)) for one in data if one["series"] == name and one["event"]]
        to_the_left = [pair for pair in found if pair[1].side == "left"]
        for one, words in [*reversed([pair for pair in found if pair not in to_the_left]), *to_the_left]:
            level = 1 + max((other.level for other in placed if _collide(words, other)), default=-1)
            placed.append(words._replace(level=level))
            one |= {"words": words.text, "side": words.side, "lift": -LINE * (level + 0.75)}


class _Words(NamedTuple):
    """The words of an event, from where to where they go, and on which line above the picture."""

    text: str
    side: str
    start: float
    end: float
    level: int = 0


def _words(one: Mapping[str, Any], steps: Sequence[str], width: float, beyond: float) -> _Words:
    at = (steps.index(one["x"]) + 0.5) * width / len(steps)
    text = one["event"]
    side = "right" if at + _length(text) <= width + beyond or at < width / 2 else "left"
    room = width + beyond - at if side == "right" else at
    while _length(text) > room and len(text) > 1:
        text = f"{text.removesuffix('…')[:-1]}…"
    reach = _length(text)
    return _Words(text, side, *((at, at + reach) if side == "right" else (at - reach, at)))


def _length(text: str) -> float:
    """How far words reach from their line: capitals are wider than letters, and signs of the east as wide as high."""
    widths = (TEXT if width_of(sign) > 1 else CAPITAL if sign.isupper() else LETTER for sign in text)
    return GAP + sum(widths)


def _collide(one: _Words, other: _Words) -> bool:
    """Whether words on one line would touch, or the line of one cross the other."""
    return one.start - GAP < other.end and other.start < one.end + GAP


def declared_layers(data: list[dict[str, Any]], x: Spec) -> tuple[list[Spec], list[Spec]]:
    """A line at each period in which something was declared, which goes below the others, and its words above them."""
    if not any(one["event"] for one in data):
        return [], []
    known = [{"filter": "datum.event"}]
    line = {"transform": known, "mark": {"type": "rule", "color": SOFT, "strokeWidth": 1}, "encoding": {"x": x}}
    lift = {"field": "lift", "type": "quantitative", "scale": None, "axis": None}
    up = {
        "transform": known,
        "mark": {"type": "rule", "color": SOFT, "strokeWidth": 1},
        "encoding": {"x": x, "y": lift, "y2": {"value": 0}},
    }
    texts = [
        {
            "transform": [{"filter": f"datum.event && datum.side == '{side}'"}],
            "mark": {
                "type": "text",
                "align": "left" if side == "right" else "right",
                "baseline": "middle",
                "dx": GAP if side == "right" else -GAP,
                "fontSize": TEXT,
                "color": SOFT,
            },
            "encoding": {"x": x, "y": lift, "text": {"field": "words"}},
        }
        for side in dict.fromkeys(one["side"] for one in data if one["event"])
    ]
    return [line], [up, *texts]

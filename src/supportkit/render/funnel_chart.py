"""The picture of a funnel: how many are left at each step, where the most is lost in the accent."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from supportkit.render.chart_parts import BAR, Spec, rows_of
from supportkit.render.escaping import for_terminal
from supportkit.render.language import Language
from supportkit.render.palette import ACCENT, FILL
from supportkit.result import Chart, Result, Value


def funnel(result: Result, chart: Chart, language: Language) -> Spec | None:
    """Bars of who is left at each step."""
    data: list[dict[str, Any]] = []
    for record in result.records():
        users = _number(record[chart.y])
        part = _number(record[chart.part]) if chart.part else None
        label = f"{users:,.0f}" + (f" · {100 * part:.0f} %" if part is not None else "")
        data.append({"name": _text(record[chart.x]), "value": users, "label": language.figures(label)})
    if not data or not data[0]["value"]:
        return None
    lost = [(here - then) / here if here else 0 for here, then in pairwise(one["value"] for one in data)]
    worst = lost.index(max(lost)) if lost else -1
    for index, one in enumerate(data):
        one["mark"] = index == worst
        if index < len(lost):
            one["label"] += language.figures(f" · −{100 * lost[index]:.0f} %")
    x = {"field": "value", "type": "quantitative", "axis": None, "scale": {"domain": [0, data[0]["value"] * 1.35]}}
    colour = {"condition": {"test": "datum.mark", "value": ACCENT}, "value": FILL}
    layers: list[Spec] = [
        {"mark": {"type": "bar", "height": 18}, "encoding": {"x": x, "color": colour}},
        {"mark": {"type": "text", "align": "left", "dx": 6}, "encoding": {"x": x, "text": {"field": "label"}}},
    ]
    return rows_of(data, layers, step=BAR + 6)


def _number(value: Value) -> float:
    return float(value) if isinstance(value, int | float) else 0.0


def _text(value: Value) -> str:
    return for_terminal(str(value))

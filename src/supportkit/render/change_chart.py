"""The picture of a change: what a figure was, what it is, and between which values it was to be expected."""

from __future__ import annotations

from typing import Any

from supportkit.render.chart_parts import MOST, Spec, cell_text, column_of, name_of, rows_of
from supportkit.render.language import Language
from supportkit.render.palette import ACCENT, FILL, INK, PAPER, SOFT
from supportkit.result import Chart, Result, number_of


def change(result: Result, chart: Chart, language: Language) -> Spec | None:
    """A row each: a ring where it was, a line to the dot where it is, over the range that was to be expected; what lies
    in that is not marked."""
    data: list[dict[str, Any]] = []
    for record in list(result.records())[:MOST]:
        value = number_of(record[chart.y])
        if value is None:
            continue
        before = number_of(record[chart.before]) if chart.before else None
        low, high = (number_of(record[side]) if side else None for side in (chart.low, chart.high))
        now = cell_text(result, chart.y, record[chart.y], language)
        was = cell_text(result, chart.before, record[chart.before], language) if chart.before else ""
        mark = bool(chart.mark and (number_of(record[chart.mark]) or 0) > 0) and (high is None or value > high)
        name = name_of(result, record, chart.x, language)
        label = f"{was} → {now}" if before is not None else now
        drawn = {"name": name, "value": value, "before": before, "low": low, "high": high, "label": label, "mark": mark}
        data.append(drawn)
    if not data:
        return None
    most = max(number for one in data for key in ("value", "before", "high") if (number := one[key]) is not None)
    for one in data:
        one["end"] = most
    scale = {"domain": [-0.015 * (most or 1), (most or 1) * 1.16], "nice": False}  # a ring at 0 touches no name
    x: Spec = {"field": "value", "type": "quantitative", "scale": scale}
    clear: Spec = {"condition": {"test": f"datum.value > {most}", "value": 0}, "value": 1}  # of what stands at the end
    x["axis"] = {"title": None, "grid": True, "tickCount": 5, "format": "~s"}
    if column_of(result, chart.y).kind == "count":
        x["axis"]["tickMinStep"] = 1  # there is no half of a ticket
    x["axis"] |= {"gridOpacity": clear, "labelOpacity": clear}
    beyond = {"condition": {"test": "datum.mark", "value": ACCENT}}
    known = [{"filter": "isValid(datum.before)"}]
    band = {"x": {**x, "field": "low"}, "x2": {"field": "high"}}
    layers: list[Spec] = [
        {"mark": {"type": "rule", "strokeWidth": 12, "color": FILL, "opacity": 0.45}, "encoding": band},
        {
            "transform": known,
            "mark": {"type": "rule", "strokeWidth": 2},
            "encoding": {"x": {**x, "field": "before"}, "x2": {"field": "value"}, "color": {**beyond, "value": SOFT}},
        },
        {
            "transform": known,
            "mark": {"type": "point", "filled": True, "size": 60, "opacity": 1, "stroke": SOFT, "strokeWidth": 1.5},
            "encoding": {"x": {**x, "field": "before"}, "fill": {"value": PAPER}},
        },
        {
            "mark": {"type": "point", "filled": True, "size": 80, "opacity": 1},
            "encoding": {"x": x, "color": {**beyond, "value": INK}},
        },
        {
            "mark": {"type": "text", "align": "left", "dx": 14},
            "encoding": {
                "x": {**x, "field": "end"},
                "text": {"field": "label"},
                "color": {**beyond, "value": INK},
            },
        },
    ]
    return rows_of(data, layers)

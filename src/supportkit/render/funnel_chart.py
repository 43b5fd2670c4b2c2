"""The picture of a funnel: how many are left at each step, a line a group, the group that stands out in the accent."""

from __future__ import annotations

from itertools import pairwise
from typing import Any, Final

from supportkit.render.chart_parts import BAR, LABEL, WIDTH, Spec, name_of
from supportkit.render.escaping import for_terminal
from supportkit.render.language import Language
from supportkit.render.palette import ACCENT, FILL, INK, SOFT
from supportkit.result import Chart, Result, Value

LEAST: Final = 30  # users of a group that is drawn
MOST: Final = 8


def funnel(result: Result, chart: Chart, language: Language) -> Spec | None:
    """Bars for one funnel, lines for several."""
    if chart.series is None or chart.part is None:
        return _bars(result, chart, language)
    return _lines(result, chart, chart.series, chart.part, language)


def _bars(result: Result, chart: Chart, language: Language) -> Spec | None:
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
            one["label"] += language.figures(f"   −{100 * lost[index]:.0f} %")
    x = {"field": "value", "type": "quantitative", "axis": None, "scale": {"domain": [0, data[0]["value"] * 1.5]}}
    colour = {"condition": {"test": "datum.mark", "value": ACCENT}, "value": FILL}
    return {
        "data": {"values": data},
        "width": WIDTH - LABEL,
        "height": {"step": BAR + 6},
        "encoding": {"y": {"field": "name", "type": "nominal", "sort": None, "axis": {"title": None}}},
        "layer": [
            {"mark": {"type": "bar", "height": 18}, "encoding": {"x": x, "color": colour}},
            {"mark": {"type": "text", "align": "left", "dx": 6}, "encoding": {"x": x, "text": {"field": "label"}}},
        ],
    }


def _lines(result: Result, chart: Chart, series: str, share: str, language: Language) -> Spec | None:
    groups: dict[str, list[dict[str, Any]]] = {}
    marked: dict[str, float] = {}
    for record in result.records():
        name = name_of(result, record, series, language, but=chart.x)
        groups.setdefault(name, []).append(
            {
                "group": name,
                "x": _text(record[chart.x]),
                "value": _number(record[share]),
                "users": _number(record[chart.y]),
            }
        )
        low = record[chart.mark] if chart.mark else None
        if isinstance(low, float) and low > 0:
            marked[name] = max(low, marked.get(name, 0.0))
    large = sorted(name for name, rows in groups.items() if rows[0]["users"] >= LEAST)
    kept = sorted(large, key=lambda name: (-marked.get(name, 0.0), -groups[name][0]["users"], name))[:MOST]
    rest = [rows for name, rows in groups.items() if name not in kept]
    others = _together(rest, language.text("others"))
    if others and others[0]["users"] >= LEAST:
        groups[others[0]["group"]] = others
        kept.append(others[0]["group"])
    if not kept:
        return None
    first = max(kept, key=lambda name: (marked.get(name, 0.0), name))
    first = first if first in marked else ""
    data = [{**row, "mark": name == first, "last": row is groups[name][-1]} for name in kept for row in groups[name]]
    steps = list(dict.fromkeys(row["x"] for row in data))
    for row in data:
        row["label"] = language.figures(f"{row['group']} {100 * (row['value'] or 0):.0f} %") if row["last"] else ""
    _apart([row for row in data if row["last"]])
    x = {"field": "x", "type": "ordinal", "sort": steps, "axis": {"title": None, "labelAngle": 0}}
    y_axis = {"title": None, "format": "%", "grid": True, "tickCount": 4}
    y = {"field": "value", "type": "quantitative", "axis": y_axis, "scale": {"domain": [0, 1]}}
    by = {"field": "group", "type": "nominal"}
    quiet = {"transform": [{"filter": "!datum.mark"}]}
    loud = {"transform": [{"filter": "datum.mark"}]}
    ends = {"x": x, "y": {**y, "field": "place"}, "text": {"field": "label"}}
    thin = {"type": "line", "color": FILL, "strokeWidth": 1.5}
    thick = {"type": "line", "color": ACCENT, "strokeWidth": 3, "point": {"color": ACCENT, "filled": True}}
    text = {"type": "text", "align": "left", "dx": 8, "fontSize": 11}
    return {
        "data": {"values": data},
        "width": WIDTH - 150,
        "height": 210,
        "padding": {"left": 2, "top": 4, "bottom": 2, "right": 110},
        "layer": [
            {**quiet, "mark": thin, "encoding": {"x": x, "y": y, "detail": by}},
            {**loud, "mark": thick, "encoding": {"x": x, "y": y, "detail": by}},
            {**quiet, "mark": {**text, "color": SOFT}, "encoding": ends},
            {**loud, "mark": {**text, "color": INK, "fontWeight": "bold"}, "encoding": ends},
        ],
    }


def _together(groups: list[list[dict[str, Any]]], name: str) -> list[dict[str, Any]]:
    """Several groups as one."""
    users = [sum(row["users"] for row in rows) for rows in zip(*groups, strict=True)]
    if not users or not users[0]:
        return []
    return [
        {"group": name, "x": row["x"], "value": count / users[0], "users": count}
        for row, count in zip(groups[0], users, strict=True)
    ]


def _apart(ends: list[dict[str, Any]], least: float = 0.06) -> None:
    """Give labels at the lines' ends places that do not touch."""
    ranked = sorted(ends, key=lambda row: (row["value"] or 0, row["group"]))
    for index, row in enumerate(ranked):
        row["place"] = row["value"] or 0
        if index:
            row["place"] = max(row["place"], ranked[index - 1]["place"] + least)
    beyond = ranked[-1]["place"] - 1 if ranked else 0
    if beyond > 0:
        for row in ranked:
            row["place"] -= beyond


def _number(value: Value) -> float:
    return float(value) if isinstance(value, int | float) else 0.0


def _text(value: Value) -> str:
    return for_terminal(str(value))

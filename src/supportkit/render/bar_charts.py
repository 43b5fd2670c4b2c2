"""Pictures of a row each: bars with what was expected, dots with intervals, Pareto, waterfall."""

from __future__ import annotations

from typing import Any

from supportkit.render.chart_parts import FAILED, MOST, Record, Spec, cell_text, column_of, name_of, rows_of
from supportkit.render.goals import fails, goal_of, n_of
from supportkit.render.language import Language
from supportkit.render.palette import ACCENT, FAIL, FILL, INK, SOFT
from supportkit.result import Chart, Result, number_of


def bar(result: Result, chart: Chart, language: Language) -> Spec | None:
    """Horizontal bars with their figure at the end; the ends of the band as a thin line."""
    data: list[dict[str, Any]] = []
    for record in list(result.records())[:MOST]:
        value = number_of(record[chart.y])
        if value is None:
            continue
        low, high = (number_of(record[side]) if side else None for side in (chart.low, chart.high))
        data.append(
            {
                "name": name_of(result, record, chart.x, language),
                "value": value,
                **aimed(result, chart.y, record, language),
                "low": low,
                "high": high,
                "mark": bool(chart.mark and (number_of(record[chart.mark]) or 0) > 0),
            }
        )
    if not data:
        return None
    most = max(max(one["value"], one["high"] or 0, one["goal"] or 0) for one in data)
    least = min(0.0, *(one["value"] for one in data))
    limit = 1.0 if column_of(result, chart.y).kind == "share" and most <= 1 else most
    x = {"field": "value", "type": "quantitative", "axis": None, "scale": {"domain": [least, limit * 1.18]}}
    layers: list[Spec] = [{"mark": {"type": "bar", "height": 13}, "encoding": {"x": x, "color": coloured(FILL)}}]
    if chart.low and chart.high:
        layers.append(
            {
                "mark": {"type": "rule", "strokeWidth": 2, "color": INK},
                "encoding": {"x": {**x, "field": "low"}, "x2": {"field": "high"}},
            }
        )
        layers += [
            {"mark": {"type": "tick", "color": INK, "size": 9, "thickness": 2}, "encoding": {"x": {**x, "field": side}}}
            for side in ("low", "high")
        ]
    layers += aims(data, x)
    end = {**x, "field": "end"}
    for one in data:
        one["end"] = max(one["value"], one["high"] or 0, one["goal"] or 0, 0)
    text = {"x": end, "text": {"field": "label"}, "color": written()}
    layers.append({"mark": {"type": "text", "align": "left", "dx": 6}, "encoding": text})
    return rows_of(data, layers)


def aimed(result: Result, name: str, record: Record, language: Language) -> Record:
    """The figure of a row as a label, its target, and whether it fails that, which is marked as well as red."""
    goal = goal_of(result, name, record)
    column = column_of(result, name)
    failed = fails(column, record[name], goal, n_of(column, record))
    label = cell_text(result, name, record[name], language)
    return {"label": (FAILED if failed else "") + label, "goal": goal.value if goal else None, "failed": failed}


def coloured(usual: str) -> Spec:
    """What stands out in the accent, what fails its target in red."""
    tests = [{"test": "datum.failed", "value": FAIL}, {"test": "datum.mark", "value": ACCENT}]
    return {"condition": tests, "value": usual}


def written() -> Spec:
    """A figure in ink, in red where it fails its target."""
    return {"condition": {"test": "datum.failed", "value": FAIL}, "value": INK}


def interval(result: Result, chart: Chart, language: Language) -> Spec | None:
    """A dot with its interval a row, and the figure of the whole as a line."""
    data: list[dict[str, Any]] = []
    for record in list(result.records())[:MOST]:
        value = number_of(record[chart.y])
        if value is None:
            continue
        data.append(
            {
                "name": name_of(result, record, chart.x, language),
                "value": value,
                **aimed(result, chart.y, record, language),
                "low": number_of(record[chart.low]) if chart.low else None,
                "high": number_of(record[chart.high]) if chart.high else None,
            }
        )
    if not data:
        return None
    ends = [one[name] for one in data for name in ("value", "low", "high", "goal")]
    known = [number for number in ends if isinstance(number, float)]
    low, high = min(known), max(known)
    room = (high - low or abs(high) or 1) * 0.08
    x = {
        "field": "value",
        "type": "quantitative",
        "axis": None,
        "scale": {"domain": [low - room, high + 5 * room], "zero": False},
    }
    layers: list[Spec] = [
        {
            "mark": {"type": "rule", "strokeWidth": 5, "color": FILL, "strokeCap": "round"},
            "encoding": {"x": {**x, "field": "low"}, "x2": {"field": "high"}},
        },
        {
            "mark": {"type": "point", "filled": True, "size": 70, "opacity": 1},
            "encoding": {"x": x, "color": {**written(), "value": ACCENT}},
        },
        {
            "mark": {"type": "text", "align": "left", "dx": 8},
            "encoding": {"x": {**x, "field": "end"}, "text": {"field": "label"}, "color": written()},
        },
    ]
    layers += aims(data, x)
    for one in data:
        one["end"] = high  # the figures stand in a column of their own, where no line crosses them
    whole = number_of(result.facts.get(chart.y))
    if whole is not None and low - room <= whole <= high + room:
        place = {"x": {"datum": whole, "type": "quantitative", "axis": None}, "y": None}
        rule = {"mark": {"type": "rule", "color": SOFT, "strokeDash": [3, 3]}, "encoding": place}
        layers.insert(0, rule)
        data[0]["whole"] = True
    return rows_of(data, layers)


def aims(data: list[dict[str, Any]], x: Spec) -> list[Spec]:
    """A stroke at the target of each row that has one."""
    if not any(one["goal"] is not None for one in data):
        return []
    stroke = {"type": "tick", "color": INK, "size": 19, "thickness": 2.5}
    known = {"filter": "isValid(datum.goal)"}
    return [{"transform": [known], "mark": stroke, "encoding": {"x": {**x, "field": "goal"}}}]


def pareto(result: Result, chart: Chart, language: Language) -> Spec | None:
    """Bars from the largest on, with the share of the whole that they make up together."""
    ranked = sorted(result.records(), key=lambda record: -(number_of(record[chart.y]) or 0))
    total = sum(number_of(record[chart.y]) or 0 for record in ranked)
    if not total:
        return None
    data: list[dict[str, Any]] = []
    so_far = 0.0
    for record in ranked[:MOST]:
        value = number_of(record[chart.y]) or 0.0
        so_far += value
        data.append(
            {
                "name": name_of(result, record, chart.x, language),
                "value": value,
                "label": cell_text(result, chart.y, record[chart.y], language),
                "sum": language.figures(f"{100 * so_far / total:.0f} %"),
                "far": so_far / total,
            }
        )
    x = {
        "field": "value",
        "type": "quantitative",
        "axis": None,
        "scale": {"domain": [0, max(one["value"] for one in data) * 2.1]},
    }
    far = {"field": "far", "type": "quantitative", "axis": None, "scale": {"domain": [-1.2, 1.2]}}
    bars: Spec = {
        "layer": [
            {"mark": {"type": "bar", "height": 13, "color": FILL}, "encoding": {"x": x}},
            {"mark": {"type": "text", "align": "left", "dx": 6}, "encoding": {"x": x, "text": {"field": "label"}}},
        ]
    }
    dot = {"type": "point", "filled": True, "color": ACCENT, "size": 30, "opacity": 1}
    together: Spec = {
        "layer": [
            {"mark": {"type": "line", "color": ACCENT, "strokeWidth": 1.5}, "encoding": {"x": far}},
            {
                "mark": dot,
                "encoding": {"x": far},
            },
            {
                "mark": {"type": "text", "align": "left", "dx": 8, "color": ACCENT},
                "encoding": {"x": far, "text": {"field": "sum"}},
            },
        ]
    }
    return {**rows_of(data, [bars, together]), "resolve": {"scale": {"x": "independent"}}}


def waterfall(result: Result, chart: Chart, language: Language) -> Spec | None:
    """Pieces of a change, each beginning where the one before ended."""
    data: list[dict[str, Any]] = []
    place = 0.0
    for record in list(result.records())[:MOST]:
        value = number_of(record[chart.y])
        if value is None:
            continue
        data.append(
            {
                "name": name_of(result, record, chart.x, language),
                "from": place,
                "to": place + value,
                "end": max(place, place + value),
                "up": value > 0,
                "label": cell_text(result, chart.y, record[chart.y], language),
            }
        )
        place += value
    if not data:
        return None
    ends = [0.0, *(one["to"] for one in data)]
    room = (max(ends) - min(ends) or 1) * 0.2
    x = {
        "field": "from",
        "type": "quantitative",
        "axis": None,
        "scale": {"domain": [min(ends) - room / 4, max(ends) + room]},
    }
    colour = {"condition": {"test": "datum.up", "value": ACCENT}, "value": FILL}
    layers: list[Spec] = [
        {"mark": {"type": "bar", "height": 13}, "encoding": {"x": x, "x2": {"field": "to"}, "color": colour}},
        {
            "mark": {"type": "text", "align": "left", "dx": 6},
            "encoding": {"x": {**x, "field": "end"}, "text": {"field": "label"}},
        },
    ]
    return rows_of(data, layers)

"""Pictures over time and of two dimensions: lines with a band, small multiples, heatmaps."""

from __future__ import annotations

from typing import Any, Final

from supportkit.render.chart_parts import TEXT, WIDTH, Spec, cell_text, column_of, name_of, room_beside, with_gaps
from supportkit.render.declared import declared_at, declared_layers, place_words
from supportkit.render.escaping import for_terminal
from supportkit.render.goals import goal_of
from supportkit.render.language import Language
from supportkit.render.palette import ACCENT, FILL, INK, SOFT
from supportkit.result import Chart, Result, Value, number_of

PANELS: Final = 6
BEYOND: Final = 90  # behind a picture of one line
BETWEEN: Final = 60  # two panels
MOST_COLUMNS: Final = 60


def line(result: Result, chart: Chart, language: Language) -> Spec | None:
    """A line over periods with its band, broken where one has no figure; several series are small multiples."""
    result = with_gaps(result, chart)
    data: list[dict[str, Any]] = []
    series: list[str] = []
    along = _along(result, chart.x, language)
    for record in result.records():
        value = number_of(record[chart.y])
        where = name_of(result, record, chart.series, language, but=chart.x) if chart.series else ""
        if where not in series:
            series.append(where)
        if len(series) > PANELS:
            break
        data.append(
            {
                "series": where,
                "x": along[record[chart.x]],
                "value": value,
                "label": cell_text(result, chart.y, record[chart.y], language),
                "low": number_of(record[chart.low]) if chart.low else None,
                "high": number_of(record[chart.high]) if chart.high else None,
                "middle": number_of(record[chart.middle]) if chart.middle else None,
                "goal": goal.value if (goal := goal_of(result, chart.y, record)) else None,
                "event": declared_at(result, chart.x, record),
                "last": False,
                "beyond": False,
                "alone": False,
            }
        )
    if not any(one["value"] is not None for one in data):
        return None
    for where in series[:PANELS]:
        every = [one for one in data if one["series"] == where]
        known = [one for one in every if one["value"] is not None]
        beside = [False, *(one["value"] is not None for one in every), False]
        for place, one in enumerate(every):
            one["alone"] = beside[place + 1] and not beside[place] and not beside[place + 2]
        if known:
            known[-1]["last"] = True
        for one in known:
            one["beyond"] = bool(chart.middle) and one["high"] is not None and one["value"] > one["high"]
    kind = column_of(result, chart.y).kind
    steps = sorted({one["x"] for one in data}, key=[one["x"] for one in data].index)
    some = [steps[0], steps[-1]] if chart.series else steps[:: max(1, -(-len(steps) // 7))]
    x = {
        "field": "x",
        "type": "ordinal",
        "sort": steps,
        "axis": {"title": None, "labelAngle": 0, "values": some, "labelFlush": True},
    }
    y_axis = {"title": None, "grid": True, "tickCount": 4, "format": "%" if kind == "share" else "~s"}
    if kind == "share":
        y_axis["labelExpr"] = "replace(datum.label, '%', ' %')"  # as in the table
    zero = bool(chart.middle) or kind in ("count", "share")
    y = {"field": "value", "type": "quantitative", "axis": y_axis, "scale": {"zero": zero}}
    alone = not chart.series or len(series) == 1
    width, beyond = (room_beside(("1,000",), more=BEYOND), BEYOND) if alone else ((WIDTH - 140) // 2, BETWEEN)
    place_words(data, steps, width, beyond)
    below, above = declared_layers(data, x)
    layers: list[Spec] = [*below]
    if chart.low and chart.high:
        band = {"x": x, "y": {**y, "field": "low"}, "y2": {"field": "high"}}
        layers.append({"mark": {"type": "area", "color": FILL, "opacity": 0.45}, "encoding": band})
    if chart.middle:
        dashes = {"type": "line", "color": SOFT, "strokeDash": [3, 3], "strokeWidth": 1.5}
        layers.append({"mark": dashes, "encoding": {"x": x, "y": {**y, "field": "middle"}}})
    if any(one["goal"] is not None for one in data):
        aim = {"type": "line", "interpolate": "step", "color": INK, "strokeDash": [7, 4], "strokeWidth": 1.5}
        layers.append({"mark": aim, "encoding": {"x": x, "y": {**y, "field": "goal"}}})
    layers.append({"mark": {"type": "line", "color": ACCENT, "strokeWidth": 2}, "encoding": {"x": x, "y": y}})
    dot = {"type": "point", "filled": True, "color": ACCENT, "size": 45, "opacity": 1}
    layers.append(
        {
            "transform": [{"filter": "datum.last || datum.beyond || datum.alone"}],
            "mark": dot,
            "encoding": {"x": x, "y": y},
        }
    )
    layers.append(
        {
            "transform": [{"filter": "datum.last"}],
            "mark": {"type": "text", "dx": 8, "align": "left", "fontWeight": "bold"},
            "encoding": {"x": x, "y": y, "text": {"field": "label"}},
        }
    )
    layers += above
    if alone:
        padding = {"left": 4, "top": 8, "bottom": 4, "right": BEYOND}  # the last figure stands behind its dot
        return {
            "data": {"values": data},
            "width": width,
            "padding": padding,
            "height": 220,
            "layer": layers,
        }
    return {
        "data": {"values": data},
        "facet": {"field": "series", "type": "nominal", "sort": series[:PANELS], "title": None},
        "columns": 2,
        "spacing": {"row": 18, "column": BETWEEN},
        "spec": {"width": width, "height": 100, "layer": layers},
    }


def _along(result: Result, name: str, language: Language) -> dict[Value, str]:
    """What the values of a column are called along an axis; periods in few words, where these tell them apart."""
    place = result.columns.index(column_of(result, name))
    told = {row[place]: cell_text(result, name, row[place], language) for row in result.rows}
    if result.columns[place].kind != "period":
        return told
    brief = {value: language.brief_period(text) for value, text in told.items()}
    return brief if len(set(brief.values())) == len(brief) else told


def heatmap(result: Result, chart: Chart, language: Language) -> Spec | None:
    """Cells in strengths of the accent; figures stand in them where there is room."""
    assert chart.series is not None
    records = list(result.records())
    values = [number_of(record[chart.series]) for record in records]
    known = sorted(value for value in values if value is not None)
    if not known:
        return None
    share = column_of(result, chart.series).kind == "share"
    below = [value for value in known if value < 1] if share else known
    top = (below or known)[-1] or 1.0
    down = _along(result, chart.y, language)
    data = [
        {
            "x": cell_text(result, chart.x, record[chart.x], language),
            "y": down[record[chart.y]],
            "strength": max(0.0, min(1.0, value / top)),
            "label": f"{value * 100:.0f}" if share else language.figures(f"{value:.0f}"),
        }
        for record, value in zip(records, values, strict=True)
        if value is not None
    ]
    wide, high = _unique(data, "x"), _unique(data, "y")
    values_of_x = {record[chart.x] for record in records}
    numbers = [one for one in values_of_x if isinstance(one, int)]
    if len(numbers) == len(values_of_x) and max(numbers) - min(numbers) < MOST_COLUMNS:
        # hours and months that nothing fell on keep their place
        wide = [cell_text(result, chart.x, one, language) for one in range(min(numbers), max(numbers) + 1)]
    roomy = len(wide) <= 14
    x_axis: Spec = {"title": for_terminal(column_of(result, chart.x).label), "labelAngle": 0, "orient": "top"}
    if not roomy:
        x_axis["values"] = wide[::3]
    x = {"field": "x", "type": "ordinal", "scale": {"domain": wide}, "axis": x_axis}
    y = {"field": "y", "type": "ordinal", "sort": high, "axis": {"title": None}}
    strength = {
        "field": "strength",
        "type": "quantitative",
        "legend": None,
        "scale": {"range": [0.04, 1], "domain": [0, 1]},
    }
    layers: list[Spec] = [
        {"mark": {"type": "rect", "color": ACCENT, "stroke": None}, "encoding": {"fillOpacity": strength}},
    ]
    if roomy:
        white = {"condition": {"test": "datum.strength > 0.55", "value": "#ffffff"}, "value": INK}
        layers.append(
            {"mark": {"type": "text", "fontSize": TEXT}, "encoding": {"text": {"field": "label"}, "color": white}}
        )
    return {
        "data": {"values": data},
        "width": room_beside(high),
        "height": {"step": 24},
        "encoding": {"x": x, "y": y},
        "layer": layers,
    }


def _unique(records: list[Any], name: str) -> list[Any]:
    return list(dict.fromkeys(record[name] for record in records))

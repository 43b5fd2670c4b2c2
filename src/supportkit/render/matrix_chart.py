"""The picture of a share by group and step: a cell each, with the share and of how many it is."""

from __future__ import annotations

from typing import Any, Final

from supportkit.render.chart_parts import MOST, Spec, name_of, room_beside
from supportkit.render.escaping import for_terminal
from supportkit.render.language import Language
from supportkit.render.palette import ACCENT, INK
from supportkit.result import Chart, Result, number_of

ROW: Final = 30
LOW_ROW: Final = 22  # where there are more of them than other pictures have
DARK: Final = 0.55


def matrix(result: Result, chart: Chart, language: Language) -> Spec | None:
    """All groups, the darker the larger the share; framed where it is more than the others', by `mark` above 0."""
    assert chart.series is not None
    data: list[dict[str, Any]] = []
    for record in result.records():
        share = number_of(record[chart.series])
        n = number_of(record[chart.part]) if chart.part else None
        mark = number_of(record[chart.mark]) if chart.mark else None
        if share is None:
            continue
        data.append(
            {
                "x": for_terminal(str(record[chart.x])),
                "y": name_of(result, record, chart.y, language, but=chart.x),
                "share": share,
                "label": language.figures(f"{100 * share:.0f} %" + (f" · n {n:,.0f}" if n is not None else "")),
                "mark": mark is not None and mark > 0,
            }
        )
    if not data:
        return None
    top = max(one["share"] for one in data) or 1.0
    for one in data:
        one["strength"] = one["share"] / top
    wide, high = (list(dict.fromkeys(one[name] for one in data)) for name in ("x", "y"))
    x = {"field": "x", "type": "ordinal", "sort": wide, "axis": {"title": None, "labelAngle": 0, "orient": "top"}}
    y = {"field": "y", "type": "ordinal", "sort": high, "axis": {"title": None}}
    strength: Spec = {"field": "strength", "type": "quantitative", "legend": None}
    strength["scale"] = {"range": [0.05, 1], "domain": [0, 1]}
    colour = {"condition": {"test": f"datum.strength > {DARK}", "value": "#ffffff"}, "value": INK}
    frame = {"type": "rect", "filled": False, "stroke": INK, "strokeWidth": 2.5}
    layers: list[Spec] = [
        {"mark": {"type": "rect", "color": ACCENT}, "encoding": {"fillOpacity": strength}},
        {"transform": [{"filter": "datum.mark"}], "mark": frame},
        {"mark": {"type": "text"}, "encoding": {"text": {"field": "label"}, "color": colour}},
    ]
    return {
        "data": {"values": data},
        "width": room_beside(high),
        "height": {"step": ROW if len(high) <= MOST else LOW_ROW},
        "encoding": {"x": x, "y": y},
        "layer": layers,
    }

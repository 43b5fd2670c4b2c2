"""Pictures of results: Vega-Lite specifications as plain dicts, and what to read in them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from textwrap import wrap
from typing import Final

from supportkit.errors import UsageError
from supportkit.render.bar_charts import bar, interval, pareto, waterfall
from supportkit.render.change_chart import change
from supportkit.render.chart_parts import TEXT, Spec
from supportkit.render.escaping import for_terminal
from supportkit.render.funnel_chart import funnel
from supportkit.render.language import ENGLISH, Language
from supportkit.render.legend import legend
from supportkit.render.line_charts import heatmap, line
from supportkit.render.matrix_chart import matrix
from supportkit.render.palette import INK, LINE, SOFT
from supportkit.result import Chart, Result

CONFIG: Final[Spec] = {
    "font": "sans-serif",
    "view": {"stroke": None},
    "axis": {
        "labelColor": SOFT, "titleColor": SOFT, "domainColor": LINE, "tickColor": LINE, "gridColor": LINE,
        "labelFontSize": TEXT, "titleFontSize": TEXT, "titleFontWeight": "normal", "labelLimit": 0, "ticks": False,
        "labelPadding": 6, "domain": False, "grid": False,
    },
    "text": {"color": INK, "fontSize": TEXT},
    "title": {
        "anchor": "start", "frame": "bounds", "color": INK, "fontSize": 16, "subtitleColor": SOFT,
        "subtitleFontSize": TEXT, "subtitlePadding": 4, "offset": 12,
    },
    "header": {"labelColor": INK, "labelFontSize": TEXT, "titleColor": SOFT, "labelAnchor": "start"},
}  # fmt: skip
_KINDS: Final[Mapping[str, Callable[[Result, Chart, Language], Spec | None]]] = {
    "bar": bar,
    "interval": interval,
    "line": line,
    "heatmap": heatmap,
    "pareto": pareto,
    "waterfall": waterfall,
    "funnel": funnel,
    "change": change,
    "matrix": matrix,
}
LINE_LETTERS: Final = 105
"""Of a line above a picture in a file of its own."""


def spec(result: Result, language: Language = ENGLISH) -> Spec | None:
    """The picture of a result; None where it has none or nothing to show."""
    if result.chart is None or not result.rows:
        return None
    layers = _KINDS[result.chart.kind](result, result.chart, language)
    if layers is None:
        return None
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.20.json",
        "background": None,
        "padding": 4,
        "config": CONFIG,
        **layers,
    }


def first_picture(results: Sequence[Result], language: Language = ENGLISH) -> Spec:
    """The picture of the first result that has one, for a file of its own: under its title, with what its marks, axes
    and period are. Raises UsageError where none has."""
    drawn = next(((result, found) for result in results if (found := spec(result, language)) is not None), None)
    if drawn is None:
        names = ", ".join(dict.fromkeys(result.metric for result in results))
        raise UsageError(
            f"{names}: has no picture of these figures",
            hint="split it with --by or --over, where it has them; -o FILE.html has its table",
        )
    result, picture = drawn
    period = language.period(result.scope.period)
    what = result.definition if period in result.definition else f"{result.definition} · {period}"
    told = (what, legend(result, picture, language))
    lines = [for_terminal(line) for one in told for line in wrap(one, LINE_LETTERS)]
    return {**picture, "title": {"text": for_terminal(result.title), "subtitle": lines}}


def caption(result: Result, language: Language = ENGLISH) -> str:
    """What to read in the picture of a result; empty where it has none."""
    picture = spec(result, language)
    return legend(result, picture, language) if picture else ""

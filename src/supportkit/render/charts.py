"""Pictures of results: Vega-Lite specifications as plain dicts, and what to read in them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from textwrap import wrap
from typing import Final

from supportkit.errors import UsageError
from supportkit.render.bar_charts import bar, interval, pareto, waterfall
from supportkit.render.change_chart import change
from supportkit.render.chart_parts import TEXT, Spec, column_of
from supportkit.render.declared import declared_notes
from supportkit.render.escaping import for_terminal
from supportkit.render.funnel_chart import funnel
from supportkit.render.goals import goal_of
from supportkit.render.language import ENGLISH, Language
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
_CAPTIONS: Final[Mapping[str, str]] = {
    "bar": "bars: {y}",
    "interval": "dots: {y}; bars: its 95 % interval; dashes: the figure of all",
    "line": "line: {y}; band: its 95 % interval",
    "heatmap": "the darker, the more: {series}",
    "pareto": "bars: {y}; line: the share that they make up together",
    "waterfall": "each piece begins where the one before ended: {y}",
    "funnel": "who is left at each step; marked: where the most is lost",
    "change": "ring: {before}; dot: {y}; bar: what was to be expected; marked: what is named, tested over all series",
    "matrix": "in each cell: {series}, and of how many; framed: where it is more than the others', beyond chance",
}

LINE_LETTERS: Final = 105
"""Of a line above a picture in a file of its own."""
_AIMS: Final[Mapping[str, str]] = {
    "line": "long dashes: the target",
    "bar": "thick stroke: the target",
    "interval": "thick stroke: the target",
}


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
    told = (what, caption(result, language))
    lines = [for_terminal(line) for one in told for line in wrap(one, LINE_LETTERS)]
    return {**picture, "title": {"text": for_terminal(result.title), "subtitle": lines}}


def caption(result: Result, language: Language = ENGLISH) -> str:
    """What to read in the picture of a result."""
    chart = result.chart
    if chart is None:
        return ""
    said = _CAPTIONS[chart.kind]
    if chart.kind == "bar" and chart.low:
        said = "bars: {y}; thin line: what was to be expected; marked: what is beyond it"
    if chart.kind == "change" and not chart.low:
        said = "ring: {before}; dot: {y}; marked: what is named, tested over all series"
    if chart.kind == "line" and not chart.low:
        said = "line: {y}"
    if chart.kind == "line" and chart.middle:
        said = "line: {y}; dashes and band: what was to be expected of each period; dots: what is beyond it"
    drawn = (("y", chart.y), ("series", chart.series), ("before", chart.before))
    names = {place: _inside(column_of(result, name).label) for place, name in drawn if name}
    told = language.say(said, **names)
    if chart.kind in _AIMS and any(goal_of(result, chart.y, record) is not None for record in result.records()):
        told += f"; {language.text(_AIMS[chart.kind])}"
    if chart.kind == "line" and (declared := declared_notes(result, chart.x)):
        told += f"; {language.say('upright lines: {list}', list='; '.join(declared))}"
    return told


def _inside(label: str) -> str:
    """A label inside a sentence: NPS stays, Tickets is written small."""
    return label if label[1:2].isupper() else label[:1].lower() + label[1:]

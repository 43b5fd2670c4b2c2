"""Lines over periods in letters: dots of Braille for the line, shade for the band; a panel a series."""

from __future__ import annotations

from typing import Final

from supportkit.render.cell_width import fitted, wrapped
from supportkit.render.chart_parts import cell_text, column_of, name_of, with_gaps
from supportkit.render.goals import goal_of
from supportkit.render.language import Language
from supportkit.render.value_text import value_text
from supportkit.result import Chart, Result, number_of
from supportkit.system.named import NamedTuple

PANELS: Final = 6
HIGH: Final = 9  # rows of one line
LOW: Final = 4  # rows of each of several
_BRAILLE: Final = 0x2800
_DOTS: Final = ((0x01, 0x02, 0x04, 0x40), (0x08, 0x10, 0x20, 0x80))


class Point(NamedTuple):
    """A period of a line."""

    x: str
    value: float | None
    low: float | None
    high: float | None
    middle: float | None
    goal: float | None


def lines(result: Result, chart: Chart, width: int, language: Language) -> list[str]:
    """The panels, one below the other on one scale, and what is to be read in them; none where nothing is known."""
    series = _series(result, chart, language)
    series = {name: points for name, points in series.items() if any(point.value is not None for point in points)}
    shown = dict(list(series.items())[:PANELS])
    known = [end for points in shown.values() for point in points for end in point[1:] if isinstance(end, float)]
    if not series:
        return []
    kind = column_of(result, chart.y).kind
    low, high = min(known), max(known)
    if chart.middle or kind in ("count", "share"):
        low = min(0.0, low)
    if high <= low:
        low, high = low - 1, high + 1
    ends = [value_text(end, kind, None, language) for end in (high, low)]
    margin = max(map(len, ends))
    found: list[str] = []
    for name, points in shown.items():
        rows = _panel(points, width - margin - 2, LOW if len(shown) > 1 else HIGH, low, high)
        found += [fitted(name, width).rstrip()] if name else []
        for number, row in enumerate(rows):
            end = ends[0] if number == 0 else ends[1] if number == len(rows) - 1 else ""
            found.append(f"{end:>{margin}} ┤{row}".rstrip())
        found.append(f"{'':{margin}}  {_axis(points, width - margin - 2)}".rstrip())
    if len(series) > PANELS:
        left = len(series) - PANELS
        found.append(language.plural("and {n} more", "and {n} more", left))
    return [*found, *wrapped(_legend(result, chart, shown, language), width)]


def _series(result: Result, chart: Chart, language: Language) -> dict[str, list[Point]]:
    series: dict[str, list[Point]] = {}
    for record in with_gaps(result, chart).records():
        name = name_of(result, record, chart.series, language, but=chart.x) if chart.series else ""
        value, low, high, middle = (
            number_of(record[one]) if one else None for one in (chart.y, chart.low, chart.high, chart.middle)
        )
        x = cell_text(result, chart.x, record[chart.x], language)
        goal = goal_of(result, chart.y, record)
        series.setdefault(name, []).append(Point(x, value, low, high, middle, goal.value if goal else None))
    return series


def _panel(points: list[Point], width: int, height: int, low: float, high: float) -> list[str]:
    """A line as rows of letters: at each cell its dots, else the target, else what was expected, else the band."""
    dots = [[0] * width for _ in range(height)]
    cells = [[" "] * width for _ in range(height)]

    def row(value: float, rows: int) -> int:
        return max(0, min(rows - 1, round((high - value) / (high - low) * (rows - 1))))

    for at in range(width):
        place = at / max(1, width - 1) * (len(points) - 1)
        below, above, middle, goal = (_between(points, place, field) for field in (2, 3, 4, 5))
        if below is not None and above is not None:
            for line in range(row(above, height), row(below, height) + 1):
                cells[line][at] = "░"
        if middle is not None:
            cells[row(middle, height)][at] = "┄"
        if goal is not None:
            cells[row(goal, height)][at] = "━"
    for at in range(2 * width):
        value = _between(points, at / max(1, 2 * width - 1) * (len(points) - 1), 1)
        if value is not None:
            line = row(value, 4 * height)
            dots[line // 4][at // 2] |= _DOTS[at % 2][line % 4]
    return [
        "".join(chr(_BRAILLE + dot) if dot else cell for dot, cell in zip(one, other, strict=True))
        for one, other in zip(dots, cells, strict=True)
    ]


def _between(points: list[Point], place: float, field: int) -> float | None:
    """A value between two periods, on the straight line from one to the other; none where one of them has none."""
    first = int(place)
    here, share = points[first][field], place - first
    if share < 1e-9 or first + 1 >= len(points):
        return here if isinstance(here, float) else None
    then = points[first + 1][field]
    if not isinstance(here, float) or not isinstance(then, float):
        nearer = here if share < 0.25 else then if share > 0.75 else None
        return nearer if isinstance(nearer, float) else None
    return here + (then - here) * share


def _axis(points: list[Point], width: int) -> str:
    """The names of the first period, the last, and of some between that have room."""
    text = [" "] * width
    free = 0
    last = points[-1].x
    for number, point in enumerate(points[:-1] if len(points) > 1 else points):
        at = round(number / max(1, len(points) - 1) * (width - 1))
        start = max(0, min(at - (len(point.x) // 2 if number else 0), width - len(point.x)))
        if start >= free and start + len(point.x) + 2 <= width - len(last):
            text[start : start + len(point.x)] = point.x
            free = start + len(point.x) + 2
    if len(points) > 1:
        text[width - len(last) :] = last
    return "".join(text)


def _legend(result: Result, chart: Chart, series: dict[str, list[Point]], language: Language) -> str:
    told = [language.say("line: {y}", y=column_of(result, chart.y).label)]
    if chart.low and chart.high:
        told.append(language.text("░ what was to be expected" if chart.middle else "░ its 95 % interval"))
    if any(point.goal is not None for points in series.values() for point in points):
        told.append(language.text("━ the target"))
    return ", ".join(told)

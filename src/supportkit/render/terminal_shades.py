"""Two dimensions in letters: the darker a cell, the more; the figure stands in it where there is room."""

from __future__ import annotations

from typing import Final

from supportkit.render.cell_width import fitted, width_of, wrapped
from supportkit.render.chart_parts import cell_text, column_of
from supportkit.render.language import Language
from supportkit.result import Chart, Result, number_of

MOST: Final = 30  # rows; the table has the others
SHADES: Final = " ░▒▓█"


def shades(result: Result, chart: Chart, width: int, language: Language) -> list[str]:
    """A row for each value of `y`, a column for each of `x`."""
    assert chart.series is not None
    known: dict[tuple[str, str], float] = {}
    for record in result.records():
        value = number_of(record[chart.series])
        if value is not None:
            column, row = (cell_text(result, name, record[name], language) for name in (chart.x, chart.y))
            known[row, column] = value
    if not known:
        return []
    rows = list(dict.fromkeys(row for row, _ in known))
    columns = list(dict.fromkeys(column for _, column in known))
    numbers = {name: number for number, name in enumerate(columns)}
    columns.sort(key=lambda name: (float(name) if name.replace(".", "", 1).isdigit() else 0.0, numbers[name]))
    margin = min(20, width // 3, max(map(width_of, rows)))
    size = max(1, (width - margin - 1) // len(columns))
    columns = columns[: (width - margin - 1) // size]
    is_share = column_of(result, chart.series).kind == "share"
    below = [value for value in known.values() if value < 1] if is_share else []
    top = max(below or known.values()) or 1.0
    roomy = size >= 5
    size = min(size, max(5, *(len(name) + 1 for name in columns))) if roomy else min(size, 2)
    found = [f"{'':{margin}} {_header(columns, size)}".rstrip()]
    for row in rows[:MOST]:
        line = []
        for column in columns:
            value = known.get((row, column))
            if value is None:
                line.append(" " * size)
                continue
            shade = SHADES[max(0, min(len(SHADES) - 1, round(value / top * (len(SHADES) - 1))))]
            said = f"{100 * value:.0f}" if is_share else f"{value:.0f}"
            line.append(f"{said:>{size - 1}.{size - 1}}{shade}" if roomy else shade * size)
        found.append(f"{fitted(row, margin)} {''.join(line)}".rstrip())
    left = len(rows) - MOST
    more = [language.plural("and {n} more", "and {n} more", left)] if left > 0 else []
    told = language.say("the darker, the more: {series}", series=column_of(result, chart.series).label)
    return [*found, *more, *wrapped(f"{told} (%)" if is_share and roomy else told, width)]


def _header(columns: list[str], size: int) -> str:
    """The columns' names, each where it has room."""
    text = [" "] * (size * len(columns))
    free = 0
    for number, name in enumerate(columns):
        start = number * size + max(0, size - 1 - len(name)) if size >= 5 else number * size
        if start >= free and start + len(name) <= len(text):
            text[start : start + len(name)] = name
            free = start + len(name) + 1
    return "".join(text)

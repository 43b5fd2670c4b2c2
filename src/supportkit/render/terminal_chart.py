"""The picture of a result in letters, for a terminal or a text: a row a bar or an interval, lines with their band."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from supportkit.errors import UsageError
from supportkit.render.cell_width import fitted, width_of, wrapped
from supportkit.render.chart_parts import Record, cell_text, column_of, name_of
from supportkit.render.goals import goal_of
from supportkit.render.language import ENGLISH, Language
from supportkit.render.terminal_lines import lines
from supportkit.render.terminal_shades import shades
from supportkit.result import Chart, Result, number_of
from supportkit.system.named import NamedTuple

WIDTH: Final = 80  # where there is no terminal
MOST: Final = 24  # rows; the table has the others
NAME: Final = 28  # the widest name
NARROW: Final = 24  # columns that a picture takes at the least
SHORT, TRACK = 8, 8  # what is left of names and of the scale where there is little room
_EIGHTHS: Final = " ▏▎▍▌▋▊▉"


class Bar(NamedTuple):
    """A row: what it is called, what is written behind it, and its places on the scale."""

    name: str
    label: str
    value: float
    start: float = 0.0
    low: float | None = None
    high: float | None = None
    goal: float | None = None
    before: float | None = None
    marked: bool = False

    @property
    def known(self) -> list[float]:
        """Every place of it."""
        places = (self.value, self.low, self.high, self.goal, self.before)
        return [place for place in places if place is not None]


def drawn(result: Result, width: int | None = None, language: Language = ENGLISH) -> list[str]:
    """The picture, line by line. Raises UsageError where the result has none."""
    chart, wide = result.chart, max(NARROW, width or WIDTH)
    found: list[str] = []
    if chart is not None and result.rows:
        if chart.kind == "line":
            found = lines(result, chart, wide, language)
        elif chart.kind in ("heatmap", "matrix"):
            found = shades(result, chart, wide, language)
        else:
            found = _rows(result, chart, wide, language)
    if not found:
        raise UsageError(
            f"{result.metric}: has no picture of these figures",
            hint="split it with --by or --over, where it has them; -o FILE.html has its table",
        )
    return found


def _rows(result: Result, chart: Chart, width: int, language: Language) -> list[str]:
    bars = _bars(result, chart, language)
    if not bars:
        return []
    labels = max(len(bar.label) for bar in bars)
    free = width - labels - 4 - 2 * any(bar.marked for bar in bars)
    names = min(NAME, max(SHORT, free - TRACK), max(width_of(bar.name) for bar in bars))
    room = max(TRACK, free - names)
    low, high = _scale(bars, chart)
    whole = number_of(result.facts.get(chart.y)) if chart.kind == "interval" else None

    def place(value: float) -> int:
        return max(0, min(room - 1, round((value - low) / (high - low) * (room - 1))))

    draw = _TRACKS.get(chart.kind, _bar_track)
    found = []
    for bar in bars:
        track = draw(bar, place, room)
        if whole is not None and low <= whole <= high and track[place(whole)] in " ─":
            track[place(whole)] = "┊"
        if bar.goal is not None:
            track[place(bar.goal)] = "┃"
        mark = "◀" if bar.marked else ""
        line = f"{fitted(bar.name, names)}  {''.join(track)}  {bar.label:>{labels}} {mark}".rstrip()
        found.append(fitted(line, width).rstrip())
    left = len(result.rows) - MOST
    more = [language.plural("and {n} more", "and {n} more", left)] if left > 0 else []
    return [*found, *more, *wrapped(_legend(result, chart, bars, language), width)]


def _bars(result: Result, chart: Chart, language: Language) -> list[Bar]:
    """The first rows that have the figure."""
    bars: list[Bar] = []
    so_far = 0.0
    for record in list(result.records())[:MOST]:
        value = number_of(record[chart.y])
        if value is None:
            continue
        low, high, before, mark = (
            number_of(record[side]) if side else None for side in (chart.low, chart.high, chart.before, chart.mark)
        )
        start = so_far if chart.kind == "waterfall" else 0.0
        so_far += value
        bars.append(
            Bar(
                name_of(result, record, chart.x, language),
                _label(result, chart, record, language),
                start + value,
                start,
                low,
                high,
                goal.value if (goal := goal_of(result, chart.y, record)) else None,
                before,
                bool(mark and mark > 0),
            )
        )
    return bars


def _label(result: Result, chart: Chart, record: Record, language: Language) -> str:
    """The figure in words, with what it was, its part of the whole, and its n."""
    told = cell_text(result, chart.y, record[chart.y], language)
    if chart.before and record[chart.before] is not None:
        told = f"{cell_text(result, chart.before, record[chart.before], language)} → {told}"
    if chart.part:
        told += f", {cell_text(result, chart.part, record[chart.part], language)}"
    column = column_of(result, chart.y)
    if column.n and column.n != column.name and column.n in record:
        told += f" (n {cell_text(result, column.n, record[column.n], language)})"
    return told


def _scale(bars: list[Bar], chart: Chart) -> tuple[float, float]:
    ends = [place for bar in bars for place in bar.known]
    if chart.kind not in ("interval", "change"):
        ends += [bar.start for bar in bars]
    low, high = min(ends), max(ends)
    return (low, high) if high > low else (low - 1, high + 1)


def _bar_track(bar: Bar, place: Callable[[float], int], room: int) -> list[str]:
    """A bar from where it begins, to an eighth of a letter; what was expected as two strokes."""
    first, last = sorted((place(bar.start), place(bar.value)))
    track = [" "] * room
    for at in range(first, last):
        track[at] = "█" if bar.value >= bar.start else "▒"
    track[last] = "▌" if last == first or bar.value >= bar.start else "▒"
    for end in (bar.low, bar.high):
        if end is not None:
            track[place(end)] = "│"
    return track


def _interval_track(bar: Bar, place: Callable[[float], int], room: int) -> list[str]:
    """A dot with its interval."""
    track = [" "] * room
    if bar.low is not None and bar.high is not None:
        first, last = place(bar.low), place(bar.high)
        track[first : last + 1] = "─" * (last + 1 - first)
        track[first], track[last] = "├", "┤"
    track[place(bar.value)] = "●"
    return track


def _change_track(bar: Bar, place: Callable[[float], int], room: int) -> list[str]:
    """A ring where it was, a dot where it is, over the range that was to be expected."""
    track = [" "] * room
    if bar.low is not None and bar.high is not None:
        track[place(bar.low) : place(bar.high) + 1] = "░" * (place(bar.high) + 1 - place(bar.low))
    if bar.before is not None:
        first, last = sorted((place(bar.before), place(bar.value)))
        track[first : last + 1] = "─" * (last + 1 - first)
        track[place(bar.before)] = "○"
    track[place(bar.value)] = "●"
    return track


_TRACKS: Final[Mapping[str, Callable[[Bar, Callable[[float], int], int], list[str]]]] = {
    "interval": _interval_track,
    "change": _change_track,
}


_SAID: Final[Mapping[str, str]] = {
    "interval": "● {y}, ├─┤ its 95 % interval, ┊ the figure of all",
    "change": "○ before, ● {y}, ░ what was to be expected",
    "waterfall": "{y}: each begins where the one before ended",
}


def _legend(result: Result, chart: Chart, bars: list[Bar], language: Language) -> str:
    said = _SAID.get(chart.kind, "█ {y}, │ what was to be expected" if chart.low else "█ {y}")
    if chart.kind == "change" and chart.before and not chart.low:
        said = "○ {before}, ● {y}"
    before = column_of(result, chart.before).label if chart.before else ""
    told = [language.say(said, y=column_of(result, chart.y).label, before=before)]
    told += [language.text("┃ the target")] if any(bar.goal is not None for bar in bars) else []
    told += [language.text("◀ stands out")] if any(bar.marked for bar in bars) else []
    return ", ".join(told)

"""Why a report could test nothing: no change, or no group."""

from __future__ import annotations

from collections.abc import Sequence

from supportkit.render.document import HeadlineFigure
from supportkit.result import Result
from supportkit.system.named import NamedTuple
from supportkit.trending.data_gaps import untested


class Untested(NamedTuple):
    """Why no change could be tested, and why no group could be, if none could."""

    untested: str = ""
    unplaced: str = ""


def not_tested(results: Sequence[Result], figures: Sequence[HeadlineFigure], *, part: bool) -> Untested:
    """Complaints are tested by their past, figures by the period before, groups by one another."""
    trends = [result for result in results if result.metric == "trends"]
    tested = any(result.facts.get("tested") for result in trends)
    placed = tested or any(_compares_groups(result) for result in results)
    changed, split = (
        "not tested: nothing here is compared with a period before",
        "not tested: no groups are compared here",
    )
    if part:
        changed = split = "not tested: the period is not over"
    elif trends:
        changed = split = untested(*trends)
    compared = tested or (not trends and any(one.change for one in figures))
    return Untested("" if compared else changed, "" if placed else split)


def _compares_groups(result: Result) -> bool:
    """Whether groups of a funnel are many enough for one to be compared with the rest."""
    return result.metric == "funnel" and any(record.get("q") is not None for record in result.records())

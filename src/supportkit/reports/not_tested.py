"""Why a report could test nothing: no change, or no group."""

from __future__ import annotations

from collections.abc import Sequence

from supportkit.render.document import HeadlineFigure
from supportkit.render.names import NONE
from supportkit.result import Result
from supportkit.system.named import NamedTuple
from supportkit.trending.data_gaps import untested


class Untested(NamedTuple):
    """Why no change could be tested, and why no group could be, if none could."""

    untested: str = ""
    unplaced: str = ""


def not_tested(
    results: Sequence[Result], figures: Sequence[HeadlineFigure], not_given: str = "", *, part: bool
) -> Untested:
    """Complaints are tested by their past, figures by the period before, groups by one another or by their own past.

    `not_given` says that what was to split them is in no row.
    """
    trends = [result for result in results if result.metric == "trends"]
    split_trends = [result for result in trends if _is_split(result)]
    tested = any(result.facts.get("tested") for result in trends)
    placed = any(result.facts.get("tested") for result in split_trends) or any(map(_compares_groups, results))
    changed, split = (
        "not tested: nothing here is compared with a period before",
        "not tested: no groups are compared here",
    )
    if part:
        changed = split = "not tested: the data end before the period does"
    elif trends:
        changed = untested(*trends)
        split = changed if split_trends or not tested else not_given or split
    compared = tested or (not trends and any(one.change and not one.span for one in figures))
    return Untested("" if compared else changed, "" if placed else split)


def _is_split(result: Result) -> bool:
    """Whether each complaint is looked at by its places, and any is known."""
    places = [result.columns.index(key) for key in result.keys[1:] if key.kind != "period"]
    return any(row[place] not in (None, NONE) for row in result.rows for place in places)


def _compares_groups(result: Result) -> bool:
    """Whether groups of a funnel are many enough for one to be compared with the rest."""
    return result.metric == "funnel" and any(record.get("q") is not None for record in result.records())

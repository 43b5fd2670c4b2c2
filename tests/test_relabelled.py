"""Names that changed, beside the course of all other series: what all do is no change of a name."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from supportkit.stats.relabelled import Alike, Relabelled, relabelled

DAYS, DAY = 168, 112  # the day of the change is the first of the last 56
SINCE = np.arange(DAYS) >= DAY


def daily(*rates: tuple[float, float]) -> NDArray[np.float64]:
    """Tickets a day of series that came at a rate before the day and at another since, as evenly as whole numbers."""
    due = np.cumsum([np.where(SINCE, after, before) for before, after in rates], axis=1)
    return np.diff(np.floor(due + 1e-9), axis=1, prepend=0)


def same_words(olds: Sequence[int], news: Sequence[int]) -> bool:
    """Whether the texts are alike: those of the first series and the last are."""
    return {*olds, *news} == {0, 19}


@pytest.mark.parametrize("alike", [same_words, None])
def test_a_tag_that_was_split_while_all_grow_by_half_is_told(alike: Alike | None) -> None:
    # 2 a day would be 3: 1.8 keep the old name, which is hardly less than the 2 before, and 1.2 get the new one
    found = relabelled(daily((2, 1.8), *[(2, 3)] * 18, (0, 1.2)), DAY - 28, alike)
    assert [(one.old, one.new) for one in found] == [((0,), (19,))]
    assert abs(found[0].day - DAY) <= 3


@pytest.mark.parametrize("alike", [same_words, None])
def test_a_tag_that_begins_as_all_fall_by_half_is_no_part_of_another(alike: Alike | None) -> None:
    assert relabelled(daily(*[(2, 1)] * 19, (0, 1)), DAY - 28, alike) == ()


def test_a_tag_that_took_another_in_as_all_fall_is_told() -> None:
    # 2 + 1.2 a day would be 1.6: 1.6 go by the first, hardly less than the 2 before, and the last one stops
    found = relabelled(daily((2, 1.6), *[(2, 1)] * 18, (1.2, 0)), DAY - 28, None)
    assert list(found) == [Relabelled(found[0].day, (19,), (0,))]

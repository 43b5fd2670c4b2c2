"""Names that changed, beside the course of all other series: what all do is no change of a name."""

from __future__ import annotations

import tracemalloc
from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from supportkit.stats import days_of_change as stats_days_of_change
from supportkit.stats.relabelled import Alike, Relabelled, likelier_moved, likeliest_moved, relabelled

DAYS, DAY = 168, 112  # the day of the change is the first of the last 56
SINCE = np.arange(DAYS) >= DAY


def daily(*rates: tuple[float, float]) -> NDArray[np.float64]:
    """Tickets a day of series that came at a rate before the day and at another since, as evenly as whole numbers."""
    due = np.cumsum([np.where(SINCE, after, before) for before, after in rates], axis=1)
    return np.diff(np.floor(due + 1e-9), axis=1, prepend=0)


def same_words(olds: Sequence[int], news: Sequence[int]) -> bool:
    """Whether the texts are alike: those of the first series and the last are."""
    return {*olds, *news} == {0, 19}


def test_tags_of_other_words_each_are_merged_where_they_are_those_of_the_one_together() -> None:
    rates = ((2, 0), (1, 0), *[(2, 2)] * 17, (0, 3))

    def together(olds: Sequence[int], news: Sequence[int]) -> bool:
        return {*olds, *news} == {0, 1, 19}

    found = relabelled(daily(*rates), DAY - 28, together)
    assert [(one.old, one.new) for one in found] == [((0, 1), (19,))]
    split = relabelled(daily(*((after, before) for before, after in rates)), DAY - 28, together)
    assert [(one.old, one.new) for one in split] == [((19,), (0, 1))]


def test_a_part_of_the_one_name_belongs_to_the_change_where_the_rate_says_so() -> None:
    rates = ((2, 0), (1, 0), *[(2, 2)] * 17, (0, 3))

    def some(part: Sequence[int], whole: Sequence[int]) -> bool:
        return (*part, *whole) == (1, 19)

    found = relabelled(daily(*rates), DAY - 28, same_words, some)
    assert [(one.old, one.new) for one in found] == [((0, 1), (19,))]
    assert [one.old for one in relabelled(daily(*rates), DAY - 28, same_words, lambda part, whole: False)] == [(0,)]
    kept = ((2, 0), (1, 0), *[(2, 2)] * 17, (0, 2))  # as many as the first alone had
    assert [one.old for one in relabelled(daily(*kept), DAY - 28, same_words, some)] == [(0,)]


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


def test_of_many_names_only_some_are_looked_at_together() -> None:
    """A hundred thousand names took 28 KB each; what is asked of them takes a dozen figures for each of their days."""
    many = np.zeros((20_000, DAYS), np.int32)
    tracemalloc.start()
    try:
        assert relabelled(many, DAY - 28, None) == ()
        assert tracemalloc.get_traced_memory()[1] < 1_000 * len(many)
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("at_once", [1, 3, 1_000])
def test_it_is_the_same_however_many_are_looked_at_together(at_once: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stats_days_of_change, "AT_ONCE", at_once)
    found = relabelled(daily((2, 1.6), *[(2, 1)] * 18, (1.2, 0)), DAY - 28, None)
    assert [(one.old, one.new) for one in found] == [((19,), (0,))]


def test_where_all_begins_nothing_was_renamed() -> None:
    """The first weeks of an export: one stops and one begins while all others come at forty times their rate."""
    assert relabelled(daily((1, 0), *[(0.1, 4)] * 18, (0, 1)), DAY - 28, same_words) == ()
    assert relabelled(daily((1, 0), *[(2, 4)] * 18, (0, 1)), DAY - 28, same_words) != ()


def test_a_tag_split_off_while_its_trouble_grows_is_one_in_the_same_words_alone() -> None:
    # 5 a day would be 5: 3.5 keep the name and 3.5 get a new one, so that of the second not all is missing in the first
    rates = ((5, 3.5), *[(2, 2)] * 18, (0, 3.5))
    assert [(one.old, one.new) for one in relabelled(daily(*rates), DAY - 28, same_words)] == [((0,), (19,))]
    assert relabelled(daily(*rates), DAY - 28, lambda olds, news: False) == ()


def test_a_name_that_had_no_ticket_in_a_few_days_may_be_what_another_was_split_off_from() -> None:
    begun = np.zeros((20, DAY + 3))
    begun[:19] = 3
    begun[0, DAY:] = 0
    begun[19, DAY:] = 1  # three, where nine did not come: too few to be all of them
    assert [(one.old, one.new) for one in relabelled(begun, DAY - 28, same_words)] == [((0,), (19,))]


def test_of_several_names_that_stopped_only_those_in_the_same_words_are_merged() -> None:
    """The words of two together are like those of the one that one of them went into."""
    rates = ((2, 0), (0.5, 0), *[(2, 2)] * 17, (3, 5))
    found = relabelled(daily(*rates), DAY - 28, lambda olds, news: {0, 19} <= {*olds, *news})
    assert [(one.old, one.new) for one in found] == [((0,), (19,))]


def test_a_name_of_many_tickets_is_no_rare_part() -> None:
    """One ticket on the day of the change and five a day since the week after the next: a name that began by itself."""
    some = daily((2, 0), *[(2, 2)] * 17, (0, 0), (0, 2))
    some[18, DAY], some[18, DAY + 12 :] = 1, 5
    found = relabelled(some, DAY - 28, lambda olds, news: True)
    assert [(one.old, one.new) for one in found] == [((0,), (19,))]


@pytest.mark.parametrize("least", [0.5, 1.0])
def test_no_name_is_left_out_that_some_tickets_may_have_moved_to(least: float) -> None:
    rng = np.random.default_rng(3)
    due, since = rng.gamma(0.5, 20, 4_000) * rng.integers(0, 2, 4_000), rng.gamma(0.5, 25, 4_000)
    moved = rng.normal(0, 15, (200, 4_000))
    most = likeliest_moved(since, due, moved.min(0), moved.max(0))
    each = np.array([likelier_moved(since, due, one, least) for one in moved])
    assert (each <= most + 1e-9).all()
    assert (each.max(0) > 1).sum() > 100
    assert (most > 1).mean() < 0.9

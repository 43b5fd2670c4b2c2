"""Which rows of a score are compared with which: the period before, or all the other answers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final

from supportkit.errors import UsageError
from supportkit.period import containing
from supportkit.scores.answers import (
    FEWEST_TO_SHOW,
    WHOLE,
    AnswerCounts,
    GroupKey,
    ScoreOptions,
    ScoreQuery,
    Sums,
    add,
    subtract,
    summed,
)
from supportkit.scores.repeated_answers import RepeatedAnswers
from supportkit.stats.intervals import Difference, benjamini_hochberg
from supportkit.store import Selection
from supportkit.store.reach import is_part
from supportkit.store.selection import split_dimensions
from supportkit.system.named import NamedTuple

AGAINST_THE_REST: Final = "difference: each row against all the other answers"


class RowComparison(NamedTuple):
    """Whether there is anything to compare with, in words with what, and the sums of each row and of its partner."""

    asked: bool = False
    says: str = ""
    pairs: Mapping[GroupKey, tuple[Sums, Sums]] = MappingProxyType({})

    partners: Mapping[GroupKey, GroupKey] = MappingProxyType({})
    """The row that a row is compared with, where it is one of the same result."""

    def differences(self, query: ScoreQuery, repeated: RepeatedAnswers) -> dict[GroupKey, Difference]:
        """The difference of each row, where both sides have answers enough to show a score; those of one customer
        count as they are worth."""
        measure = query.measure
        found = {
            key: measure.difference(
                repeated.effective(key, own), repeated.effective(self.partners.get(key, WHOLE), other)
            )
            for key, (own, other) in self.pairs.items()
            if min(measure.answers(own), measure.answers(other)) >= FEWEST_TO_SHOW
        }
        return {key: difference for key, difference in found.items() if difference is not None}


def compare(
    query: ScoreQuery, asked: ScoreOptions, selection: Selection, counted: AnswerCounts, through: datetime | None
) -> RowComparison:
    """The partner of each row. Raises UsageError where `against` asks for one that cannot be."""
    closed_period = asked.period.days is not None
    against = asked.against or ("before" if asked.over or closed_period else "rest")
    if against == "rest":
        if asked.against and not asked.by:
            raise UsageError("--against rest needs groups", hint="add --by, for example --by channel")
        _see_others(query, asked)
        return _with_the_rest(counted) if asked.by else RowComparison()
    if asked.over:
        return _with_the_row_before(query, asked, counted, through)
    if not closed_period:
        raise UsageError("--against before needs a period that has one before it", hint="add --period or --over")
    if is_part(query.store, "surveys", asked.period, through):
        return RowComparison(True, f"{asked.period.name} is not whole in the data: it is compared with nothing")
    return _with_the_period_before(query, asked, selection, counted)


def _see_others(query: ScoreQuery, asked: ScoreOptions) -> None:
    """Raise UsageError where the rest is asked for and a condition on the dimension itself leaves it out."""
    names = {name.casefold() for name in split_dimensions(asked.by)}
    for one in query.store.conditions if asked.against else ():
        if one.column.casefold() in names:
            raise UsageError(
                f"--against rest: {one} leaves out the rest", hint="leave it out: each group has a row of its own"
            )


def _with_the_rest(counted: AnswerCounts) -> RowComparison:
    """Each group against the other answers of the same day, week or month, or of all."""
    whole: dict[object, Sums] = {}
    for key, sums in counted.groups.items():
        start = key.over_start
        whole[start] = add(whole[start], sums) if start in whole else sums
    pairs = {key: (sums, subtract(whole[key.over_start], sums)) for key, sums in counted.groups.items()}
    return RowComparison(True, AGAINST_THE_REST, pairs)


def _with_the_period_before(
    query: ScoreQuery, asked: ScoreOptions, selection: Selection, counted: AnswerCounts
) -> RowComparison:
    before_that = asked.period.previous()
    earlier = query.store.select("surveys", period=before_that, by=asked.by)
    before = summed(query, earlier)
    says = f"difference: against {before_that.name}"
    if asked.weigh_by and any(before.total):
        from supportkit.scores.weighting import weigh

        before = before._replace(total=weigh(query, asked.weigh_by, earlier, before).sums)
    if not selection.columns:
        return RowComparison(True, says, {WHOLE: (counted.total, before.total)})
    pairs = {key: (sums, before.groups[key]) for key, sums in counted.groups.items() if key in before.groups}
    return RowComparison(True, says, pairs)


def _with_the_row_before(
    query: ScoreQuery, asked: ScoreOptions, counted: AnswerCounts, through: datetime | None
) -> RowComparison:
    """Each day, week or month against the one before it in the same group; one that is not over, against nothing."""
    assert asked.over is not None
    rows = dict(counted.groups)
    start = asked.period.start
    if start is not None and containing(start, asked.over).start == start:
        earlier = containing(start - timedelta(days=1), asked.over)
        selection = query.store.select("surveys", period=earlier, by=asked.by, over=asked.over)
        rows.update(summed(query, selection).groups)
    pairs, partners = {}, {}
    for key, sums in counted.groups.items():
        if key.over_start is None:
            continue
        current = containing(key.over_start, asked.over)
        before = key._replace(over_start=current.previous().start)
        if before in rows and not is_part(query.store, "surveys", current, through):
            pairs[key], partners[key] = (sums, rows[before]), before
    return RowComparison(True, f"difference: against the {asked.over} before", pairs, partners)


def beyond_chance(found: dict[GroupKey, Difference]) -> list[GroupKey]:
    """The rows whose difference is beyond chance, allowing for how many were looked at (5 %)."""
    adjusted = benjamini_hochberg([difference.p for difference in found.values()])
    return [
        key
        for (key, difference), q in zip(found.items(), adjusted, strict=True)
        if q <= 0.05 and (difference.low > 0 or difference.high < 0)
    ]

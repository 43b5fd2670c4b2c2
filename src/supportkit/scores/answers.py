"""Survey answers summed by group: what a score is made of, and what a person can ask of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from math import sqrt
from typing import Any, Literal

from supportkit.period import ALL, Over, Period
from supportkit.result import Column, Value
from supportkit.stats.intervals import Difference, mean_difference
from supportkit.store import Selection, Store
from supportkit.system.frozen import dataclass
from supportkit.system.named import NamedTuple

Sums = tuple[float, ...]
Against = Literal["before", "rest"]

DIMENSIONS = "by_1, by_2, over_start, "
FEWEST_TO_SHOW = 5  # answers under which only counts are shown
FEWEST_TO_CLAIM = 30  # answers under which a score is called indicative
FEWEST_UNLIKE = 5  # answers of another kind than most, under which an interval of whole answers may miss 95 %


class GroupKey(NamedTuple):
    """A group of answers: the values of up to two dimensions, and the first day of its day, week or month."""

    by_1: str | None
    by_2: str | None
    over_start: date | None


WHOLE = GroupKey(None, None, None)


class Moments(NamedTuple):
    """Answers, their mean and their variance, in the unit of the score."""

    answers: float
    mean: float
    variance: float


@dataclass(frozen=True)
class Measure:
    """How a score is made from sums.

    `figures` takes the sums the score rests on (weighted ones, perhaps) and the sums to count by, and gives the facts
    in their order. `words` writes a difference for a note, `shown` a score. `unlike` counts the answers that are not of
    the commonest kind, where the interval goes by whole answers of two or three kinds.
    """

    name: str
    title: str
    definition: str
    facts: tuple[Column, ...]
    figures: Callable[[Sums, Sums], tuple[Value, ...]]
    moments: Callable[[Sums], Moments]
    difference: Callable[[Sums, Sums], Difference | None]
    words: Callable[[float], str]
    shown: Callable[[float], str]
    unlike: Callable[[Sums], float] | None = None

    def answers(self, sums: Sums) -> float:
        """The number of answers in sums."""
        return self.moments(sums).answers if any(sums) else 0

    def facts_of(self, sums: Sums, counted: Sums) -> tuple[Value, ...]:
        """The facts; where there are too few answers the counts alone."""
        if not any(counted):
            return tuple(0 if fact.role == "n" else None for fact in self.facts)
        if self.answers(counted) >= FEWEST_TO_SHOW:
            return self.figures(sums, counted)
        counts = self.figures(counted, counted)
        return tuple(value if fact.kind == "count" else None for fact, value in zip(self.facts, counts, strict=True))


class ScoreOptions(NamedTuple):
    """What a person asked of a score metric: the options that all of them have."""

    period: Period = ALL
    by: str | None = None
    over: Over | None = None
    against: Against | None = None
    weigh_by: str | None = None


class AnswerCounts(NamedTuple):
    """The sums of the whole and of each group, and the counts of what the whole leaves out, by reason."""

    total: Sums
    groups: dict[GroupKey, Sums]
    left_out: Mapping[str, int]


class Behind(NamedTuple):
    """The answers behind a score: a query that ends in the CTE `behind`, what each adds to the score's mean, and the
    query's parameters."""

    sql: str
    value: str
    parameters: Mapping[str, Any]


class ScoreQuery(NamedTuple):
    """A metric's query with its parameters, and what makes sums of its rows; `beside`: the tickets it reads too, of
    which the rating of some is `unread`, since nobody knows what it means."""

    store: Store
    measure: Measure
    sql: str
    parameters: Mapping[str, Any]
    tally: Callable[[Sequence[tuple[Any, ...]]], AnswerCounts]
    beside: int = 0
    unread: int = 0
    behind: Behind | None = None


def rows_of(query: ScoreQuery, *selections: Selection, sql: str | None = None) -> list[tuple[Any, ...]]:
    """The rows of the query, or of another with the same columns, on selections."""
    if sql is None:
        more = [tickets_like(query.store, selections[0])] if query.beside else []
        return query.store.rows(
            without_unused_dimensions(query.sql, selections[0]), *selections, *more, **query.parameters
        )
    return query.store.rows(sql, *selections, **query.parameters)


def tickets_like(store: Store, surveys: Selection) -> Selection:
    """The tickets of the same period and dimensions. Raises UsageError where they have no such column."""
    return store.select("tickets", period=surveys.period, by=",".join(surveys.by), over=surveys.over)


def summed(query: ScoreQuery, *selections: Selection, sql: str | None = None) -> AnswerCounts:
    """The sums over the rows of the query, or of another with the same columns, on selections."""
    return query.tally(rows_of(query, *selections, sql=sql))


def without_unused_dimensions(sql: str, selection: Selection) -> str:
    """A query without the dimensions that are not asked for in its first grouping, where each of them costs time.

    The query lists the three dimensions in every `select` down to its first `group by all`, and again in the one after.
    """
    asked = {"by_1": len(selection.by) > 0, "by_2": len(selection.by) > 1, "over_start": selection.over is not None}
    first, rest = sql.split("group by all", 1)
    kept = "".join(f"{name}, " for name, wanted in asked.items() if wanted)
    shown = "".join(f"{name}, " if wanted else f"null as {name}, " for name, wanted in asked.items())
    return f"{first.replace(DIMENSIONS, kept)}group by all{rest.replace(DIMENSIONS, shown, 1)}"


def add(sums: Sums, other: Sums) -> Sums:
    """Two groups as one."""
    return tuple(a + b for a, b in zip(sums, other, strict=True))


def subtract(sums: Sums, other: Sums) -> Sums:
    """A group without a part of it."""
    return tuple(a - b for a, b in zip(sums, other, strict=True))


def mean_moments(answers: float, total: float, squares: float) -> Moments:
    """Moments from a count, a sum and a sum of squares, with the sample variance."""
    if not answers:
        return Moments(0, 0, 0)
    mean = total / answers
    spread = max(0.0, squares - answers * mean * mean)
    variance = spread / (answers - 1) if answers > 1 else 0.0
    return Moments(answers, mean, variance if variance > 1e-9 else 0.0)


def mean_difference_of(first: Moments, second: Moments) -> Difference | None:
    """Two means compared by Welch's test; None where neither group varies."""
    if first.variance <= 0 and second.variance <= 0:
        return None
    return mean_difference(
        first.mean, sqrt(first.variance), first.answers, second.mean, sqrt(second.variance), second.answers
    )


def number_of(count: int, thing: str) -> str:
    """A count with its noun: 1 answer, 2 answers."""
    return f"{count:,} {thing}" if count == 1 else f"{count:,} {thing}s"


def listed(names: Sequence[str], most: int = 6) -> str:
    """Names in a sentence: the first few, and how many more."""
    shown = ", ".join(names[:most])
    return f"{shown} and {len(names) - most} more" if len(names) > most else shown

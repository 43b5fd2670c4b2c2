"""What a figure should be: which target speaks of a row, and whether its figure fails it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from supportkit.period import parse_period
from supportkit.result import Column, Goal, Result, Value, number_of

Record = Mapping[str, Value]


def goal_of(result: Result, name: str, record: Record, *, total: bool = False) -> Goal | None:
    """The target of a figure of a row, or of the `total`: what speaks of it most closely, of those the latest."""
    keys = () if total else result.keys
    names = {key.dimension: str(record[key.name]) for key in keys}
    along = {key.dimension for key in keys if key.kind != "period"}
    day = _day_of(result, record, total=total)
    holding = [
        goal
        for goal in result.goals
        if goal.figure == name
        and (goal.along is None or set(goal.along) == along)
        and all(names.get(column) == value for column, value in goal.where)
        and (goal.start is None or (day is not None and goal.start <= day))
    ]
    return max(holding, key=lambda goal: (len(goal.where), goal.start or date.min), default=None)


def n_of(column: Column, record: Record) -> int | None:
    """Over how many a figure of a row is; None where the row does not say."""
    n = record.get(column.n or "")
    return n if isinstance(n, int) else None


def fails(column: Column, value: Value, goal: Goal | None, n: int | None) -> bool:
    """Whether a figure over n is on the wrong side of its target; one over too few fails no more than a check does."""
    number = number_of(value)
    if goal is None or not goal.judged or number is None or column.better is None or (n is not None and n < goal.least):
        return False
    return number < goal.value if column.better == "up" else number > goal.value


def _day_of(result: Result, record: Record, *, total: bool) -> date | None:
    """The first day of what a row covers."""
    period = None if total else next((record[key.name] for key in result.keys if key.kind == "period"), None)
    if isinstance(period, str):
        return parse_period(period, date(2000, 1, 3)).start
    scope = result.scope
    return scope.start or scope.end or (scope.as_of.date() if scope.as_of else None)

"""Targets: what a figure should be, said once in [[target]], for the rules, the lights and the pictures.

A target holds from its day on until a later one of the same figure and rows does; a period is judged by the one that
holds on its first day. One that speaks of some rows (`where`) goes before one of all.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from supportkit.checks.bounds import check_units
from supportkit.checks.rule import Bound, Rule, least_of, read_rule, unit_factor
from supportkit.errors import UsageError, unknown
from supportkit.metrics import METRICS
from supportkit.period import Period
from supportkit.result import Column, Goal, Result, Scope
from supportkit.store.conditions import Condition
from supportkit.system.frozen import dataclass

if TYPE_CHECKING:
    from supportkit.config import Config
    from supportkit.configuration.sections import Target as Entry
    from supportkit.store import Store

OPERATORS: Final[Mapping[str, str]] = {"up": ">=", "down": "<="}


@dataclass(frozen=True)
class Target:
    """What a figure of a metric should be in some rows, from a day on."""

    metric: str
    figure: str
    where: tuple[Condition, ...]
    bound: Bound
    start: date | None = None


def read_targets(config: Config | None, store: Store) -> tuple[Target, ...]:
    """The targets of a configuration. Raises UsageError that names the key at fault, and what it may have meant: one
    that is of no figure, or of a column that the store does not have, would do nothing."""
    found: list[Target] = []
    for number, entry in enumerate(config.target if config else (), 1):
        assert config is not None
        place = f"{config.path}: [[target]] {number}"
        one = _read_target(entry, store, place)
        if (same := next((n for n, other in enumerate(found, 1) if _is_of_the_same(one, other)), None)) is not None:
            raise UsageError(
                f"{place}, metric: {entry.metric} has a target for these rows and days already, [[target]] {same}",
                hint="take one out, or say with from = 2026-07-01 from when on the later one holds",
            )
        found.append(one)
    return tuple(found)


def _read_target(entry: Entry, store: Store, place: str) -> Target:
    brackets = f"[{entry.where}]" if entry.where else ""
    value = entry.value if isinstance(entry.value, str) else f"{Decimal(str(entry.value)):f}"
    with _at(f"{place}, metric"):
        name, _, figure = entry.metric.strip().partition(".")
        if name not in METRICS:
            raise unknown("metric", name, METRICS)
        metric = METRICS[name]
        if figure and figure not in metric.figures:
            raise unknown(f"figure of {name}", figure, metric.figures)
        read_rule(f"{entry.metric} == 0")
    with _at(f"{place}, where"):
        where = read_rule(f"{entry.metric}{brackets} == 0").where
        for condition in where:
            if (strange := store.without_column(metric.tables, condition.column)) is not None:
                raise strange
    with _at(f"{place}, value"):
        rule = read_rule(f"{entry.metric}{brackets} == {value}")
        if rule.versus or rule.by or rule.minimum or rule.bounds[0].target:
            raise UsageError("it is one figure", hint='value = "80%"')
        if (fact := _fact(rule.metric, rule.figure)) is not None:
            check_units(rule, fact, {"currency": rule.bounds[0].unit}, Scope())
    where = (*rule.where, Condition("step", "=", rule.step)) if rule.step else rule.where
    return Target(rule.metric, rule.figure, where, rule.bounds[0], entry.start)


@contextmanager
def _at(place: str) -> Iterator[None]:
    """The place of a fault before what it is."""
    try:
        yield
    except UsageError as error:
        raise UsageError(f"{place}: {error.message}", hint=error.hint) from error


def _is_of_the_same(one: Target, other: Target) -> bool:
    """Whether two targets are of the same figure, rows and days."""
    rows = [set(map(str, target.where)) for target in (one, other)]
    return rows[0] == rows[1] and (one.metric, one.figure, one.start) == (other.metric, other.figure, other.start)


def _fact(metric: str, figure: str) -> Column | None:
    """The headline figure of a name; None where it is a column of the rows."""
    return next((fact for fact in METRICS[metric].facts if fact.name == figure), None)


def first_day(period: Period, today: date) -> date:
    """The day on which the target of a period has to hold: its first, or of one that is open there its end."""
    return period.start or period.end or today


def with_target(rule: Rule, targets: Sequence[Target], parts: Mapping[str, str], day: date) -> Rule | str:
    """The rule with the target that holds in a slice on a day as its bound; a reason where none does yet.

    Raises UsageError where there is none at all.
    """
    if not any(bound.target for bound in rule.bounds):
        return rule
    of_figure = [one for one in targets if (one.metric, one.figure) == (rule.metric, rule.figure)]
    if not of_figure:
        raise UsageError(
            f"check {rule.text!r}: there is no target of {rule.metric}.{rule.figure}",
            hint=f'[[target]] metric = "{rule.metric}.{rule.figure}", value = …',
        )
    of_slice = (Condition(name, "=", value) for name, value in parts.items())
    place = {str(one) for one in (*rule.where, *rule.within, *of_slice)}
    holding = [
        one for one in of_figure
        if {str(condition) for condition in one.where} <= place and (one.start is None or one.start <= day)
    ]  # fmt: skip
    if not holding:
        return f"no target holds on {day}"
    found = max(holding, key=lambda one: (len(one.where), one.start or date.min))
    return replace(rule, bounds=tuple(found.bound if bound.target else bound for bound in rule.bounds))


def rules_of_targets(targets: Iterable[Target], rules: Iterable[Rule]) -> list[Rule]:
    """A light for each target that no rule speaks of: it warns, on the side that is better."""
    spoken = {(rule.metric, rule.figure) for rule in rules if any(bound.target for bound in rule.bounds)}
    found: dict[str, Rule] = {}
    for one in targets:
        fact = _fact(one.metric, one.figure)
        if fact is None or fact.better is None or (one.metric, one.figure) in spoken:
            continue
        where = f"[{', '.join(map(str, one.where))}]" if one.where else ""
        text = f"{one.metric}.{one.figure}{where} {OPERATORS[fact.better]} target"
        found[text] = replace(read_rule(text), severity="warn")
    return list(found.values())


def with_goals(result: Result, targets: Iterable[Target], rules: Iterable[Rule] = ()) -> Result:
    """A result with the targets of its figures, for its pictures: those that speak of its rows, and bounds of rules."""
    figures = {column.name: column for column in (*result.columns, *result.fact_columns)}
    goals, strange = [], []
    for one in targets:
        if one.metric == result.metric and one.figure not in figures:
            strange.append(f"the target of {one.metric}.{one.figure} is of no figure here")
        elif one.metric == result.metric and (where := _left_to_rows(one.where, result)) is not None:
            value, least = one.bound.value * unit_factor(one.bound.unit), least_of(figures[one.figure])
            goals.append(Goal(one.figure, value, one.start, where, least=least))
    spoken = {goal.figure for goal in goals}
    for rule in rules:
        column = figures.get(rule.figure) if rule.metric == result.metric else None
        if column is None or rule.figure in spoken or not _is_target(rule, column):
            continue
        where = _left_to_rows(rule.where, result)
        if where is not None:
            value = rule.bounds[0].value * unit_factor(rule.bounds[0].unit)
            least = least_of(column, rule.minimum)
            goals.append(Goal(rule.figure, value, None, where, rule.by, judged=rule.ci is None, least=least))
    return replace(result, goals=tuple(goals), notes=(*result.notes, *strange)) if goals or strange else result


def _left_to_rows(where: Sequence[Condition], result: Result) -> tuple[tuple[str, str], ...] | None:
    """The values that a row must have, beside the filters of the result; None where no row can tell."""
    dimensions = {key.dimension for key in result.keys}
    rest = [condition for condition in where if str(condition) not in result.scope.filters]
    if not all(one.operator == "=" and one.column in dimensions for one in rest):
        return None
    return tuple((condition.column, str(condition.value)) for condition in rest)


def _is_target(rule: Rule, column: Column) -> bool:
    """Whether a rule says what a figure should be at the least or at the most, on the side that is better."""
    if rule.versus or len(rule.bounds) != 1 or rule.bounds[0].target or column.better is None:
        return False
    return rule.op in ((">=", ">") if column.better == "up" else ("<=", "<"))

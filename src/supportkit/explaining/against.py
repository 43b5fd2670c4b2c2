"""A result beside what it is against: the same question of the period before, or each row beside all the others.

Every figure that is shown has the other's beside it, under `previous_` or `rest_` and its name, over an n of its own.
Of the headline shares the difference is told with Newcombe's interval.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final, TypeGuard

from supportkit.errors import UsageError, unknown
from supportkit.render.value_text import value_text
from supportkit.request import Request, as_called, run
from supportkit.result import Column, Result, Value
from supportkit.stats.intervals import share_difference
from supportkit.store import Store
from supportkit.store.conditions import NONE, Condition
from supportkit.store.selection import split_dimensions

CHOICES: Final = ("previous", "rest")
OTHERS: Final = "(other)"
"""The small groups together, of which no condition says what they are."""
MOST: Final = 50
"""Rows that are each compared with the rest, for that is a question of its own."""
Record = Mapping[str, Value]


def with_against(store: Store, request: Request, found: Result, against: str) -> Result:
    """The result with the others' figures beside its own. Raises UsageError where there is nothing to compare with."""
    if against not in CHOICES:
        raise unknown("value for --against", against, CHOICES)
    if "over" in request.options:
        raise UsageError("--against and --over exclude each other", hint="rows of --over stand side by side already")
    return _with_previous(store, request, found) if against == "previous" else _with_rest(store, request, found)


def _with_previous(store: Store, request: Request, found: Result) -> Result:
    try:
        before = request.period.previous()
    except ValueError as error:
        raise UsageError(
            "--against previous: all data has no period before it", hint="--period last-week --against previous"
        ) from error
    other = run(store, replace(request, period=before))
    known = {_keys(found, record): record for record in other.records()}
    own = [_keys(found, record) for record in found.records()]
    shown = {*own}
    gone = [record for keys, record in known.items() if keys not in shown]
    every = replace(found, rows=(*found.rows, *(_row_of_none(found, record) for record in gone)))
    wider = _beside(every, "previous", [*map(known.get, own), *gone])
    facts = _told(found.fact_columns)
    told = () if found.scope.part else tuple(_differences(found, other))
    part = f"; {found.scope.period} is a part period: it is not compared with a whole one" if found.scope.part else ""
    return replace(
        wider,
        facts={**found.facts, **{f"previous_{one.name}": other.facts.get(one.name) for one in facts}},
        fact_columns=(*found.fact_columns, *(_prefixed(one, "previous") for one in facts)),
        notes=(f"previous is {before.name}{part}", *told, *found.notes),
    )


def _with_rest(store: Store, request: Request, found: Result) -> Result:
    request = as_called(store, request)
    names = split_dimensions(request.options.get("by", _default_by(request)))
    if len(names) != 1:
        raise UsageError("--against rest: by one dimension", hint="--by country --against rest")
    key = next((one for one in found.keys if one.dimension == names[0]), None)
    if key is None:
        raise UsageError(f"--against rest: {request.metric.name} has no rows by {names[0]}", hint="--by country")
    values = list(dict.fromkeys(record[key.name] for record in found.records()))
    if len(values) > MOST:
        raise UsageError(f"--against rest: {len(values)} values of {names[0]}, at most {MOST}", hint="--where chooses")
    rests = {value: _rest(store, request, names[0], value) for value in values if value != OTHERS}
    others = []
    for record in found.records():
        own = {name: record[name] for name in (one.name for one in found.keys) if name != key.name}
        rest = rests.get(record[key.name])
        every = rest.records() if rest else ()
        matching = [each for each in every if all(each.get(name) == value for name, value in own.items())]
        others.append(matching[0] if len(matching) == 1 else None)
    told = f"rest is all tickets, orders or users that have another {names[0]}"
    return replace(_beside(found, "rest", others), notes=(told, *found.notes))


def _rest(store: Store, request: Request, name: str, value: Value) -> Result:
    """The same question without the rows of a value, undivided; what the conditions say of that dimension chooses the
    rows that are shown and not the rest of each."""
    other = Condition(name, "is not empty") if value == NONE else Condition(name, "!=", str(value))

    def kept(conditions: Sequence[Condition]) -> tuple[Condition, ...]:
        return tuple(one for one in conditions if one.column.casefold() != name.casefold())

    options = {**request.options, "by": None}
    wider = replace(store, conditions=kept(store.conditions))
    return run(wider, replace(request, options=options, conditions=(*kept(request.conditions), other)))


def _default_by(request: Request) -> str | None:
    from supportkit.request import metric_parameters

    by = metric_parameters(request.metric).get("by")
    return by.default if by is not None else None


def _beside(found: Result, prefix: str, others: Sequence[Record | None]) -> Result:
    """The result with the columns of the others' records, each behind its own."""
    told = _told(found.columns)
    names = {one.name for one in told}
    columns: list[Column] = []
    for column in found.columns:
        columns.append(column)
        columns += [_prefixed(column, prefix)] if column.name in names else []
    rows = []
    for row, other in zip(found.rows, others, strict=True):
        values: list[Value] = []
        for value, column in zip(row, found.columns, strict=True):
            values.append(value)
            values += [other.get(column.name) if other else _nothing(column)] if column.name in names else []
        rows.append(tuple(values))
    return replace(found, columns=tuple(columns), rows=tuple(rows))


def _row_of_none(found: Result, other: Record) -> tuple[Value, ...]:
    """The row of what there is only in the other result: over none."""
    return tuple(other[one.name] if one.role == "key" else _nothing(one) for one in found.columns)


def _nothing(column: Column) -> Value:
    return 0 if column.role == "n" else None


def _told(columns: Sequence[Column]) -> list[Column]:
    """The figures that are shown, and what they are over."""
    shown = [one for one in columns if one.role in ("n", "figure") and not one.aside]
    needed = {one.n for one in shown}
    return [one for one in columns if one in shown or one.name in needed]


def _prefixed(column: Column, prefix: str) -> Column:
    n = None if column.n is None else f"{prefix}_{column.n}"
    return replace(column, name=f"{prefix}_{column.name}", label=f"{prefix} {column.label}", n=n, dimension="")


def _keys(result: Result, record: Record) -> tuple[Value, ...]:
    return tuple(record[one.name] for one in result.keys)


def _differences(found: Result, other: Result) -> Iterator[str]:
    """The headline shares, with the interval of their difference."""
    for column in found.fact_columns:
        if column.aside or column.kind != "share" or column.n is None:
            continue
        own, before = found.facts[column.name], other.facts.get(column.name)
        n, other_n = found.facts[column.n], other.facts.get(column.n)
        if not (_is_share(own) and _is_share(before) and isinstance(n, int) and isinstance(other_n, int)):
            continue
        if not n or not other_n:
            continue
        gap = share_difference(own * n, n, before * other_n, other_n)
        low, high = 100 * gap.low, 100 * gap.high
        shown, was = (value_text(one, "share") for one in (own, before))
        yield f"{column.label}: {shown} against {was}, {100 * gap.difference:+.1f} points [{low:+.1f}, {high:+.1f}]"


def _is_share(value: Value) -> TypeGuard[float]:
    return isinstance(value, int | float) and 0 <= value <= 1

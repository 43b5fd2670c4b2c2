"""What a funnel hands over beyond its rows: the leaf table of one step for `why`, and who dropped there."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from typing import Any, Final

from supportkit.errors import UnsetError, UsageError, unknown
from supportkit.funnels.running import bounds, run_query
from supportkit.funnels.step_sql import dropped_sql, leaves_sql
from supportkit.funnels.steps import FunnelOptions, ReadyFunnel, known_steps, read_funnel, selections
from supportkit.offers.leaves import Lost, ShareByLeaf
from supportkit.period import ALL, Over, Period, containing
from supportkit.result import Scope
from supportkit.store import Store

DIMENSIONS: Final = ("country", "device", "payment_method", "plan")


def leaves(
    store: Store,
    *,
    period: Period = ALL,
    step: str | None = None,
    dimensions: tuple[str, ...] = DIMENSIONS,
    over: Over | None = None,
    **options: Any,
) -> ShareByLeaf:
    """For `why`: the users of a step by their values there, else the first ones seen up to it, and who reached the
    next; what is seen later is of those alone who went on.

    With `over` the period of the entry is a last dimension, "period". Further options are those of the funnel.
    """
    found, k = _transition(store, funnel_words(store, options), step, dimensions, over)
    after = found.plan.after(k)
    assert after is not None
    scope, notes = store.scope(*selections(store, found, dimensions, period=period))
    rows = run_query(store, found, leaves_sql(replace(found.plan, hashed=True), k), dimensions, period, over, scope)
    found_leaves: dict[tuple[str, ...], tuple[int, int]] = {}
    for *values, users, reached in rows:
        if over:
            *values, start = values
            values.append(containing(start, over).name)
        found_leaves[tuple(values)] = (users, reached)
    limits = bounds(store, found, period, scope)
    if period.end and found.plan.window and limits["ends_us"] + found.parameters["window_us"] > limits["until_us"]:
        notes += (f"the window of the last entries in {period.name} ends after the data: some may still convert",)
    return ShareByLeaf(
        what=f"users at {found.labels[k - 1]} who reached {found.labels[after - 1]}",
        dimensions=(*dimensions, *(("period",) if over else ())),
        leaves=found_leaves,
        scope=scope,
        notes=notes,
    )


def lost(
    store: Store,
    *,
    period: Period = ALL,
    step: str | None = None,
    dimensions: tuple[str, ...] = DIMENSIONS,
    **options: Any,
) -> list[Lost]:
    """Who reached a step and not the next, when they were last there, and the values of the dimensions there."""
    found, k = _transition(store, funnel_words(store, options), step, dimensions, None)
    scope, _ = store.scope(*selections(store, found, dimensions, period=period))
    rows = run_query(store, found, dropped_sql(found.plan, k), dimensions, period, None, scope)
    return [Lost(user, when, tuple(values)) for user, when, *values in rows]


def dropped_rows(
    store: Store,
    found: ReadyFunnel,
    dimensions: Sequence[str],
    period: Period,
    over: Over | None,
    scope: Scope,
    step: str,
) -> list[tuple[Any, ...]]:
    """Persons at a step without the next, earliest first."""
    k = _followed(found, step, "--dropped")
    return run_query(store, found, dropped_sql(replace(found.plan, over=False), k), dimensions, period, over, scope)


def funnel_words(store: Store, options: Mapping[str, Any]) -> FunnelOptions:
    """The options that shape a funnel; what only shapes its table is left out."""
    kept = {field.name: options[field.name] for field in fields(FunnelOptions) if options.get(field.name) is not None}
    return FunnelOptions(**{**kept, "steps": kept.get("steps") or no_steps(store), "attribution": "entry"})


def _transition(
    store: Store, words: FunnelOptions, step: str | None, dimensions: tuple[str, ...], over: Over | None
) -> tuple[ReadyFunnel, int]:
    """The funnel counted under the values at a step, and that step's number."""
    found = read_funnel(store, words, dimensions, over)
    k = _followed(found, step, "--step")
    return replace(found, plan=replace(found.plan, attribution=f"known{k}")), k


def _followed(found: ReadyFunnel, step: str | None, option: str) -> int:
    """The number of a required step that is not the last."""
    names = [each.label for k, each in enumerate(found.steps, 1) if found.plan.after(k) and k in found.plan.required]
    if step is None:
        raise UsageError(
            f"which step? {option} names it; it means from there to the next",
            hint=", ".join(f"{option} {shlex.quote(name)}" for name in names),
        )
    if step not in names:
        raise unknown(f"step for {option}", step, names)
    return found.number(step, option)


def no_steps(store: Store) -> tuple[str, ...]:
    known = known_steps(store)
    raise UnsetError(
        "a funnel needs its steps: name them under [funnel] in supportkit.toml",
        hint=f"or --steps in their order, of these, most frequent first: {', '.join(known[:20])}"
        if known
        else "there are no events",
    )

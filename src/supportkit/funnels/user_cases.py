"""The users behind a funnel: how far each of them came, and when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from supportkit.funnels.leaves import funnel_words
from supportkit.funnels.running import bounds
from supportkit.funnels.step_sql import FunnelQuery, users_sql
from supportkit.funnels.steps import ReadyFunnel, read_funnel, selections
from supportkit.offers.cases import ALL as EVERY
from supportkit.offers.cases import USERS, Cases
from supportkit.period import ALL, Over, Period
from supportkit.result import detail
from supportkit.store import Store
from supportkit.store.selection import split_dimensions

GROUPS: Final = 25
"""The largest groups that keep their name, as in the figure where nothing else is asked for."""


def cases(
    store: Store,
    *,
    period: Period = ALL,
    by: str | None = None,
    over: Over | None = None,
    attribution: str = "entry",
    **options: Any,
) -> Cases:
    """The users with the last required step that they reached: those who came furthest without the end first."""
    dimensions = split_dimensions(by)
    words = replace(funnel_words(store, options), attribution=attribution)
    found = read_funnel(store, words, dimensions, over)
    scope, notes = store.scope(*selections(store, found, dimensions, period=period), by=dimensions)
    parameters = {**found.parameters, **bounds(store, found, period, scope), "step_names": list(found.labels)}
    if not found.plan.window:
        del parameters["until_us"]
    main, *others = selections(store, found, dimensions, period=replace(period, end=None), over=over)
    return Cases(
        unit=USERS,
        sql=users_sql(replace(found.plan, top=GROUPS)),
        selections=(replace(main, by=dimensions, over=over), *others),
        values=(detail("last_step", "text"), detail("reached_at", "date")),
        parts=_parts(found),
        order=("is_converted", "place desc", "reached_at desc", "user_id", "by_1", "by_2", "over_start"),
        parameters=parameters,
        scope=scope,
        notes=(*notes, *found.notes),
        counts={"started": EVERY},
        tells={"conversion": "dropped"},
    )


def _parts(found: ReadyFunnel) -> dict[str, str]:
    """All who started, those who converted or did not, and those who dropped at each step."""
    plan: FunnelQuery = found.plan
    followed: Sequence[int] = [k for k in plan.required if plan.after(k)]
    parts = {EVERY: "true", "converted": "is_converted", "dropped": "not is_converted"}
    return parts | {f"dropped:{found.steps[k - 1].label}": f"place = {k}" for k in followed}

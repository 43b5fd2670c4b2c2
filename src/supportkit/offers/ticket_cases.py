"""Tickets as the cases behind a figure that counts them as they are, the latest first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from supportkit.offers.cases import ALL as EVERY
from supportkit.offers.cases import TICKETS, Cases
from supportkit.period import ALL, Over, Period
from supportkit.result import Column
from supportkit.store import Store

SQL_CASES: Final = """
with behind as materialized (
        select source, ticket_id, by_1, by_2, over_start, created_at as dated_at
          from tickets)
"""


def ticket_cases(
    store: Store,
    *,
    sql: str = SQL_CASES,
    period: Period = ALL,
    by: str | None = None,
    over: Over | None = None,
    values: Sequence[Column] = (),
    parts: Mapping[str, str] | None = None,
    order: Sequence[str] = ("dated_at desc",),
    parameters: Mapping[str, Any] | None = None,
) -> Cases:
    """The tickets of a period; `sql` is another query for them with the same columns and `values`."""
    selection = store.select("tickets", period=period, by=by, over=over)
    scope, notes = store.scope(selection)
    return Cases(
        unit=TICKETS,
        sql=sql,
        selections=(selection,),
        values=tuple(values),
        parts={EVERY: "true", **(parts or {})},
        order=(*order, "source", "ticket_id", "by_1", "by_2"),
        parameters=parameters or {},
        scope=scope,
        notes=notes,
        counts=dict.fromkeys(("tickets", "contacts", "examined"), EVERY),
    )

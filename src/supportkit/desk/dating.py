"""The instant that dates a ticket: its creation, or its first reply where a definition is dated by that.

Dated by the reply a figure of a period counts the tickets first answered in it, however old; one that nobody answered
yet is dated by its creation, else it would be in no period. Resolution and SLA are those of the same tickets.
"""

from __future__ import annotations

from typing import Any, Final

from supportkit.desk.definitions import DEFINITIONS, Name
from supportkit.period import Over, Period, midnight
from supportkit.store import Selection, Store
from supportkit.system.named import NamedTuple

_DATED_AT: Final = "coalesce(answered_at, created_at)"
NOTE: Final = "tickets are dated by their first reply, and by their creation where they have none"


class Dating(NamedTuple):
    """Tickets up to a period's end, and the CTE `ticket` that leaves those of the period of `undated`, with its
    parameters; no CTE where the creation dates them."""

    tickets: Selection
    cte: str = ""
    parameters: dict[str, Any] = {}  # noqa: RUF012 - never changed


def dating(store: Store, definition: Name, *, period: Period, by: str | None, over: Over | None) -> Dating:
    """The tickets that a definition counts in a period.

    Raises UsageError for a dimension that tickets do not have.
    """
    if DEFINITIONS[definition].dated_by == "creation":
        return Dating(store.select("tickets", period=period, by=by, over=over))
    given: dict[str, Any] = {}
    inside = []
    for name, day, operator in (("dated_from", period.start, ">="), ("dated_before", period.end, "<")):
        if day is not None:
            inside.append(f"{_DATED_AT} {operator} ${name}")
            given[name] = midnight(day, store.zone)
    start = ""
    if over is not None:
        start = f" replace (cast(date_trunc('{over}', {_DATED_AT} at time zone $dated_zone) as date) as over_start)"
        given["dated_zone"] = store.zone
    cte = f""",
     ticket as (
        select undated.*{start}
          from undated
         where {" and ".join(inside) or "true"})"""
    return Dating(store.select("tickets", period=period.up_to_end(), by=by, over=over), cte, given)

"""Tickets that are in no figure: merged into another one, spam, deleted. They are counted in a note.

A condition that asks for a state (`status=merged`, `status in (open, spam)`) finds every ticket of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, Final

from supportkit.store.conditions import Condition

if TYPE_CHECKING:
    from supportkit.store.selection import Selection
    from supportkit.store.store import Store

STATES: Final = ("merged", "spam", "deleted")
_NAMES: Final = ", ".join(f"'{state}'" for state in STATES)
_BUT_MERGED: Final = ", ".join(f"'{state}'" for state in STATES if state != "merged")
GONE: Final = f"status in ({_NAMES})"
COUNTED: Final = f"(status is null or status not in ({_NAMES}))"
"""The SQL for whether a ticket counts."""
GONE_BUT_MERGED: Final = f"status in ({_BUT_MERGED})"
COUNTED_WITH_MERGED: Final = f"(status is null or status not in ({_BUT_MERGED}))"
"""The same where a ticket that was merged counts too, as one that a customer wrote again."""


def asks_for_state(conditions: Iterable[Condition]) -> bool:
    """Whether conditions choose tickets by their state."""
    return any(
        condition.column in ("status", "status_as_written") and condition.operator in ("=", "in", "like")
        for condition in conditions
    )


def left_out(store: Store, selection: Selection) -> tuple[str, ...]:
    """A note on the tickets that a selection would have if they counted; none where there are none."""
    if selection.left_out is None:
        return ()
    source, parameters = selection.left_out
    sql = f"select status, count(*) {source} group by status order by status"
    rows: Sequence[Any] = store.engine.rows(sql, dict(parameters))
    counts: dict[str, int] = dict(rows)
    told = [f"{counts[state]:,} {state}" for state in STATES if state in counts]
    if not told:
        return ()
    first = next(state for state in STATES if state in counts)
    return (f"tickets left out: {', '.join(told)}; --where status={first} shows them",)

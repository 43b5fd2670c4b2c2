"""Tickets that cannot be: answered or solved before they were created, or first answered after their last solve.

They are in no figure of a desk and counted in a note. The order of an answer and a solve is told where the ticket is
solved or closed, both have an instant of their own, and its source states times and not days, and not the first close:
IS_ORDERED says so, over `tickets` joined to `answer` (desk/replies). IMPOSSIBLE reads it as `is_ordered`, beside
created_at, answered_at and resolved_at. Exports round: a minute is no contradiction.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from supportkit.desk.replies import HAS_MESSAGES
from supportkit.desk.vendor_times import vendor_times
from supportkit.result import counted
from supportkit.store import Store

IS_ORDERED: Final = f"""coalesce(status in ('solved', 'closed') and coalesce(solved_at, closed_at) is not null
                        and ({HAS_MESSAGES} or first_reply_at is not null)
                        and not list_contains(cast($unordered as varchar[]), coalesce(tickets.source, '')), false)"""
IMPOSSIBLE: Final = """coalesce(answered_at < created_at or resolved_at < created_at
                        or is_ordered and epoch_us(answered_at) - epoch_us(resolved_at) > 60000000, false)"""


def unordered(store: Store) -> dict[str, Any]:
    """The parameter of IS_ORDERED: the sources whose times do not tell whether a ticket was answered after its last
    solve."""
    days = {
        source for table in ("tickets", "messages") for those in store.day_columns(table).values() for source in those
    }
    return {"unordered": sorted(days.union(vendor_times(store)["first_close"]))}


def impossible_notes(tickets: int) -> Iterator[str]:
    """How many are left out, and why."""
    if tickets:
        yield counted(
            tickets,
            "{n} ticket is impossible, answered or solved before it was created or first answered after its last "
            "solve: it is in no figure",
            "{n} tickets are impossible, answered or solved before they were created or first answered after their "
            "last solve: they are in no figure",
        )

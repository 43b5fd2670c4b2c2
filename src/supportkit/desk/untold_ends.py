"""Sources whose export does not tell which of its tickets are over: without a word of it none of them is open, or not.

An end is told by a status, by solved_at, closed_at or the vendor's duration of any ticket of the source, or by a log of
states. Figures that need an end leave the tickets of the other sources out and say so.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from supportkit.result import counted
from supportkit.store import Store

TOLD: Final = "not list_contains(cast($untold as varchar[]), coalesce(tickets.source, ''))"
"""Whether the export of a ticket tells of ends: over `tickets`, by the parameter $untold."""
SQL_UNTOLD: Final = """
select coalesce(source, '') as source, count(*) as tickets
  from main.tickets
 group by all
having count(nullif(status, '')) + count(solved_at) + count(closed_at) + count(vendor_resolution_s) = 0
 order by source
"""
SQL_LOGS: Final = """
select distinct coalesce(messages.source, ''), exists (select 1 from main.tickets where source = messages.source)
  from main.messages
 where kind = 'status'
"""


def untold_sources(store: Store) -> list[str]:
    """The sources that tell of no end; a log of a source without tickets may be of those of any."""
    silent = [source for source, _ in store.fixed(SQL_UNTOLD)]
    if not silent:
        return []
    logs = dict(store.fixed(SQL_LOGS))
    return [] if not all(logs.values()) else [source for source in silent if source not in logs]


def untold_notes(store: Store, figures: str) -> Iterator[str]:
    """Which columns are missing of which source, and what it takes."""
    silent = untold_sources(store)
    for source, number in store.fixed(SQL_UNTOLD):
        if source in silent:
            of = source or "no source"
            yield counted(
                number,
                f"whether {{n}} ticket of {of} is over is not known: it has no status, solved_at or closed_at, and no "
                f"log of states; {figures} leave it out; supportkit sources names the exports that have them",
                f"which of {{n}} tickets of {of} are over is not known: they have no status, solved_at or closed_at, "
                f"and no log of states; {figures} leave them out; supportkit sources names the exports that have them",
            )

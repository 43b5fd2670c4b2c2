"""Sources whose export does not tell something of its tickets: which are over, which were answered, how often.

It is told by a column that any ticket of the source has, or by any entry of its log. Figures that need it leave the
tickets of the other sources out, and a note says of which source they are, how many, and what is missing.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from supportkit.desk.having import NO_REOPENS, NO_REPLIES, NO_TOUCHES
from supportkit.store import Selection, Store
from supportkit.system.named import NamedTuple


class Told(NamedTuple):
    """Something that an export tells by columns of its tickets or by entries of its log (a condition on messages); the
    note where it does not, of one ticket and of many."""

    columns: tuple[str, ...]
    entries: str
    one: str
    many: str

    @property
    def sql(self) -> str:
        """The query for the sources none of whose tickets has any of the columns."""
        return f"""
select coalesce(source, '') as source
  from main.tickets
 group by all
having {" + ".join(f"count({column})" for column in self.columns)} = 0
 order by source
"""

    @property
    def sql_log(self) -> str:
        """The query for whether the log of a source tells it; that of a source without tickets may be of any."""
        return f"""
select 1
  from main.messages
 where {self.entries}
   and (coalesce(source, '') = $source or coalesce(source, '') not in (select coalesce(source, '') from main.tickets))
 limit 1
"""


_TALK: Final = "coalesce(kind, 'message') in ('message', 'note')"
_STATES: Final = "kind = 'status'"
_EXPORTS: Final = "supportkit sources names the exports that have them"
_NO_ENDS: Final = "no status, solved_at or closed_at, and no log of states"
OUTCOMES: Final = Told(
    ("nullif(status, '')", "solved_at", "closed_at", "vendor_resolution_s"),
    _STATES,
    f"whether {{n}} ticket of {{name}} is over is not known: it has {_NO_ENDS}; {{figures}} leave it out; {_EXPORTS}",
    f"which of {{n}} tickets of {{name}} are over is not known: they have {_NO_ENDS}; {{figures}} leave them out; "
    f"{_EXPORTS}",
)
FIRST_REPLIES: Final = Told(
    ("first_reply_at", "vendor_first_reply_s"),
    _TALK,
    f"whether {{n}} ticket of {{name}} was answered is not known: {NO_REPLIES}; {{figures}} leave it out",
    f"which of {{n}} tickets of {{name}} were answered is not known: {NO_REPLIES}; {{figures}} leave them out",
)
TOUCHES: Final = Told(
    ("replies",),
    _TALK,
    f"how many replies {{n}} ticket of {{name}} took is not known: {NO_TOUCHES}; {{figures}} leave it out",
    f"how many replies {{n}} tickets of {{name}} took is not known: {NO_TOUCHES}; {{figures}} leave them out",
)
REOPENS: Final = Told(
    ("reopens",),
    _STATES,
    f"whether {{n}} ticket of {{name}} was opened again is not known: {NO_REOPENS}; {{figures}} leave it out",
    f"which of {{n}} tickets of {{name}} were opened again is not known: {NO_REOPENS}; {{figures}} leave them out",
)
TOLD: Final = "not list_contains(cast($untold as varchar[]), coalesce(tickets.source, ''))"
"""Whether the export of a ticket tells of ends: over `tickets`, by the parameter $untold."""
HEARD: Final = TOLD.replace("$untold", "$unheard")
"""Whether it tells of replies."""
SQL_LEFT: Final = """
select coalesce(source, '') as of_source, count(*) as number
  from tickets
 where list_contains(cast($silent as varchar[]), coalesce(source, ''))
 group by of_source
 order by of_source
"""


def untold_sources(store: Store, told: Told) -> list[str]:
    """The sources that do not tell something."""
    silent = (source for (source,) in store.fixed(told.sql))
    return [source for source in silent if not store.fixed(told.sql_log, source=source)]


def untold_notes(store: Store, tickets: Selection, told: Told, figures: str) -> Iterator[str]:
    """What the sources of a selection do not tell, of how many of its tickets, and which figures leave these out."""
    silent = untold_sources(store, told)
    if not silent or store.figures_only:
        return
    every = store.without_dimensions(tickets) if tickets.several else tickets
    for source, number in store.rows(SQL_LEFT, every, silent=silent):
        note = told.one if number == 1 else told.many
        yield note.format(n=f"{number:,}", name=source or "no source", figures=figures)

"""Files that do not tell something of their tickets: which are over, which were answered, how often.

It is told by a column that a file has, empty or not, or by any entry of the log of its source. Of a file that was
loaded before its columns were kept, any ticket of its source that has the column tells it. Figures that need it leave
the tickets of the other files out, and a note says of which source or file they are, how many, and what is missing.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Final

from supportkit.desk.having import NO_REOPENS, NO_REPLIES, NO_TOUCHES
from supportkit.result import numbered
from supportkit.store import Selection, Store
from supportkit.system.named import NamedTuple

_FILLED: Final = {"status": "nullif(status, '')"}


class Told(NamedTuple):
    """Something that an export tells by columns of its tickets or by entries of its log (a condition on messages); the
    note where it does not, of one ticket and of many."""

    columns: tuple[str, ...]
    entries: str
    one: str
    many: str

    @property
    def sql(self) -> str:
        """The query for the files of tickets, and in how many of each the columns are filled."""
        return f"""
select coalesce(source, '') as source, coalesce(file_id, 0) as file,
       {" + ".join(f"count({_FILLED.get(column, column)})" for column in self.columns)} as filled
  from main.tickets
 group by all
 order by source, file
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


SQL_GIVES: Final = """
select file_id, cast(json_extract(reading, '$.gives') as varchar) as gives
  from main.loads
 where table_name = 'tickets' and reading is not null and replaced_by is null
 order by load_id
"""
_TALK: Final = "coalesce(kind, 'message') in ('message', 'note')"
_STATES: Final = "kind = 'status'"
_EXPORTS: Final = "supportkit sources names the exports that have them"
_NO_ENDS: Final = "no status, solved_at or closed_at, and no log of states"
OUTCOMES: Final = Told(
    ("status", "solved_at", "closed_at", "vendor_resolution_s"),
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
TOLD: Final = "not list_contains(cast($untold as bigint[]), coalesce(tickets.file_id, 0))"
"""Whether the file of a ticket tells of ends: over `tickets`, by the parameter $untold."""
HEARD: Final = TOLD.replace("$untold", "$unheard")
"""Whether it tells of replies."""
SQL_LEFT: Final = """
select coalesce(source, '') as of_source, count(*) as number, count(distinct file_id) as files,
       min(source_file) as file
  from tickets
 where list_contains(cast($silent as bigint[]), coalesce(file_id, 0))
 group by of_source
 order by of_source
"""


def untold_files(store: Store, told: Told) -> list[int]:
    """The files, by their ids, that do not tell something."""
    return [file for silent in _silent(store, told).values() for file in silent.files]


class _Silent(NamedTuple):
    """The files of a source that do not tell something, and whether these are all of it."""

    files: tuple[int, ...]
    whole: bool


def _silent(store: Store, told: Told) -> dict[str, _Silent]:
    files: dict[str, dict[int, int]] = {}
    for source, file, filled in store.fixed(told.sql):
        files.setdefault(source, {})[file] = filled
    if all(filled for of_source in files.values() for filled in of_source.values()):
        return {}
    gives = {file: json.loads(given) for file, given in store.fixed(SQL_GIVES) if given}
    found = {}
    for source, of_source in files.items():
        known = {file: bool({*gives[file]} & {*told.columns}) for file in of_source if file in gives}
        any_filled = any(of_source.values())
        silent = tuple(file for file in of_source if not known.get(file, any_filled))
        if silent and not store.fixed(told.sql_log, source=source):
            found[source] = _Silent(silent, len(silent) == len(of_source))
    return found


def untold_notes(store: Store, tickets: Selection, told: Told, figures: str) -> Iterator[str]:
    """What the files of a selection do not tell, of how many of its tickets, and which figures leave these out."""
    silent = _silent(store, told)
    if not silent or store.figures_only:
        return
    every = store.without_dimensions(tickets) if tickets.several else tickets
    of_files = [file for one in silent.values() for file in one.files]
    for source, number, files, file in store.rows(SQL_LEFT, every, silent=of_files):
        name = source or "no source"
        if not silent[source].whole:
            name = f"{file or name} ({name})" if files < 2 else f"{numbered(files, 'file')} of {name}"
        yield (told.one if number == 1 else told.many).format(n=f"{number:,}", name=name, figures=figures)

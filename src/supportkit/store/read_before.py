"""Files that an older release read: what is not known of their rows until they are loaded again."""

from __future__ import annotations

from typing import Final

from supportkit.store.migrations import UNKNOWN
from supportkit.store.store import Store

SHOWN: Final = 5
SQL: Final = """
select table_name, file
  from main.loads
 where list_contains($tables, table_name) and replaced_by is null
 group by table_name, source, file
having max(load_id) filter (reading is null) = max(load_id)
   and sum(loaded + updated + unchanged) > 0
 order by table_name, file
"""


def read_before(store: Store) -> tuple[str, ...]:
    """A sentence a table: what is not known of the rows that were read before 0.2, and which files tell it."""
    files: dict[str, list[str]] = {}
    for table, file in store.engine.rows(SQL, {"tables": list(UNKNOWN)}):
        files.setdefault(table, []).append(file)
    return tuple(
        f"{table} read before 0.2 lack the {UNKNOWN[table]}: load {_listed(names)} again"
        for table, names in files.items()
    )


def _listed(names: list[str]) -> str:
    names = list(dict.fromkeys(names))
    more = [f"{len(names) - SHOWN} more"] if len(names) > SHOWN else []
    *first, last = names[:SHOWN] + more
    return f"{', '.join(first)} and {last}" if first else last

"""What was loaded when: every load with its file, how it was read, its books, and what took whose place."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from supportkit.result import Result, Scope, count, detail, key, plain_rows

if TYPE_CHECKING:
    from supportkit.store.store import Store

SQL: Final = """
select load_id, loaded_at, file, table_name, source, read, loaded, updated, unchanged, older, rejected,
       case when replaced > 0 then replaced else 0 end as replaced, replaced_by, reading
  from loads
 order by load_id
"""
USUAL: Final = {"encoding": "utf-8", "delimiter": ",", "privacy": "mask", "time_zone": "UTC"}
ASIDE: Final = ("source", "instants", "gives")


def history(store: Store) -> Result:
    """The loads in their order: how each file was read, and how many rows of an earlier reading it replaced."""
    columns = (
        key("load", "count"),
        detail("loaded_at", "date", "when"),
        *(detail(name, "text") for name in ("file", "table", "source")),
        *(count(name) for name in ("read", "loaded", "updated", "unchanged", "older", "rejected", "replaced")),
        detail("replaced_by", "text"),
        detail("reading", "text"),
    )
    rows = [(*row[:12], str(row[12]) if row[12] else None, reading_in_words(row[13])) for row in store.rows(SQL)]
    return Result(
        "history",
        "Loads",
        "every load: replaced are the rows of the file's load before, which this one took the place of",
        columns,
        plain_rows(rows),
        scope=Scope(time_zone=store.zone, currency=store.currency, rows=len(rows)),
    )


def reading_in_words(reading: str | None) -> str | None:
    """How a file was read, without what is usual; nothing of one that an older release read."""
    if reading is None:
        return None
    said: dict[str, Any] = json.loads(reading)
    told = []
    for name, value in said.items():
        if name in ASIDE or USUAL.get(name) == value:
            continue
        if isinstance(value, dict):
            value = ", ".join(f"{ours}={_plain(theirs)}" for ours, theirs in value.items())
        told.append(f"{name} {_plain(value)}")
    return "; ".join(told) or "as it is"


def _plain(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{word}={meaning}" for word, meaning in value.items()) + "}"
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)

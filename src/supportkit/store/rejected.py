"""The rows and cells that loads refused, those with faults apart from those that nobody wanted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from supportkit.result import Result, Scope, count, detail, key, plain_rows

if TYPE_CHECKING:
    from supportkit.store.store import Store

NOT_KEPT: Final = "not kept: "
"""What the reason of a row begins with that is left out on purpose."""
ERASED: Final = "this person was erased on request"
SQL: Final = f"""
select case when starts_with(reason, '{NOT_KEPT}') or reason = '{ERASED}' then 'left out' else 'fault' end as sort,
       file, line, column_name, reason, raw
  from rejects
 order by sort, load_id, line, column_name, reason, raw
"""
COLUMNS: Final = (
    key("sort"),
    key("file"),
    key("line", "count"),
    key("column_name"),
    detail("reason", "text"),
    detail("raw", "text"),
)
FACTS: Final = (count("faults"), count("left_out"))


def rejects(store: Store) -> Result:
    """The rows and cells refused, with the reason: faults first, then the rows that were left out on purpose."""
    rows = store.rows(SQL)
    left_out = sum(row[0] == "left out" for row in rows)
    return Result(
        metric="rejects",
        title="Rejects",
        definition="rows and cells that could not be read, then the rows that a condition or an erasure left out",
        columns=COLUMNS,
        rows=plain_rows(rows),
        facts={"faults": len(rows) - left_out, "left_out": left_out},
        scope=Scope(time_zone=store.zone, currency=store.currency, rows=len(rows)),
        fact_columns=FACTS,
    )

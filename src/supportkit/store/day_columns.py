"""Columns of instants that hold days, and the ends of tickets that lie whole days after their beginning.

A column holds days where all loads of a source that have it say so; of a load before 0.2 nobody knows.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from supportkit.store.schema import TABLES

SQL: Final = """
select distinct table_name, source, cast(json_extract(reading, '$.instants') as varchar) as instants
  from loads
 where loaded + updated + unchanged > 0 and replaced_by is null
 order by table_name, source, instants
"""
ENDS: Final = ("first_reply_at", "solved_at", "closed_at")
DayColumns = Mapping[str, Sequence[str]]
"""Columns of a table that hold days, with the sources of which they do."""


def day_columns(rows: Iterable[tuple[str, str, str | None]], table: str) -> DayColumns:
    """The columns of a table that hold days, from the rows of `SQL`."""
    days: set[tuple[str, str]] = set()
    times: set[tuple[str, str]] = set()
    for of, source, instants in rows:
        if of == table:
            known = json.loads(instants) if instants else dict.fromkeys(TABLES[table].names, "time")
            for column, kind in known.items():
                (days if kind == "day" else times).add((column, source))
    found: dict[str, list[str]] = {}
    for column, source in sorted(days - times):
        found.setdefault(column, []).append(source)
    return found


def whole_days_sql(days: DayColumns, parameters: dict[str, Any], zone: str) -> str:
    """The SQL that puts the ends of a ticket whole days after its beginning where one of the two is a day: behind the
    star of a select, its values added to `parameters`."""
    replaced = []
    for end in ENDS:
        sources = sorted({*days.get("created_at", ()), *days.get(end, ())})
        if sources:
            parameters["tickets_days_zone"] = zone
            parameters[f"tickets_days_{end}"] = sources
            local = ", ".join(f"cast(timezone($tickets_days_zone, {name}) as date)" for name in ("created_at", end))
            put = f"created_at + to_hours(cast(24 * date_diff('day', {local}) as integer))"
            replaced.append(f"case when list_contains($tickets_days_{end}, source) then {put} else {end} end as {end}")
    return f" replace ({', '.join(replaced)})" if replaced else ""


def day_zone_sql(days: DayColumns, table: str, parameters: dict[str, Any], zone: str) -> str:
    """The SQL for the zone in which a row's own time is a day; null where it is a time."""
    begin = {"tickets": "created_at", "messages": "sent_at"}[table]
    if not days.get(begin):
        return "cast(null as varchar)"
    parameters |= {f"{table}_day_zone": zone, f"{table}_day_sources": [*days[begin]]}
    return f"case when list_contains(${table}_day_sources, source) then cast(${table}_day_zone as varchar) end"


def day_notes(*tables: DayColumns) -> tuple[str, ...]:
    """That durations of tickets are whole days, and because of which columns of theirs and of their messages."""
    names = [name for name in ("created_at", *ENDS, "sent_at") if any(name in days for days in tables)]
    if not names:
        return ()
    return (f"{' and '.join(names)} hold{'s' * (len(names) == 1)} days without a time: durations are in whole days",)

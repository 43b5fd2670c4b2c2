"""The counts and the durations behind the figures of `service`, in one query over the tickets judged once.

What is so of a ticket is a number whose bits are its marks: the tickets of each number are counted, and every count is
the sum of those that have a mark. A count of its own for each mark would take as long as all the rest, for the whole
and again for its groups. The bits are put together with |, since + looks at each row for an overflow, and a mark that
rests on a column names it, so that where the column is empty there is nothing to compute.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from supportkit.desk.service_counts import ServiceCounts
from supportkit.system.named import NamedTuple

KEYS: Final = ("by_1", "by_2", "over_start")
IMPOSSIBLE: Final = "impossible"
"""The mark of the tickets that no other mark counts."""
_WAITED: Final = "coalesce(reply_work_s, reply_s, age_work_s, age_s)"
_FIGURES: Final = {
    "replied": "is_replied",
    "solved": "resolved_at is not null",
    "with_target": "kept is not null",
    "kept": "coalesce(kept = 1, false)",
    "open_in_time": "is_open_in_time",
    "open_late": "is_open_late",
    "told": "is_reply_told",
    "ends_told": "is_end_told",
    IMPOSSIBLE: "impossible",
}
_WITHIN: Final = {
    "within_judged": f"is_reply_told and (is_replied or {_WAITED} > $within_s)",
    "within_bound": f"is_replied and {_WAITED} <= $within_s",
}
_BY_VENDOR: Final = "has_vendor_reply and is_replied and not has_messages and first_reply_at is null"
_ENDED_BY_VENDOR: Final = "has_vendor_end and resolved_at is not null and has_no_end"
_NOTES: Final = {
    "with_messages": "has_messages",
    "by_column": "is_replied and not has_messages and first_reply_at is not null",
    "by_vendor": _BY_VENDOR,
    "ends_by_vendor": _ENDED_BY_VENDOR,
    "told_by_vendor": "(sla_first_reply is not null or sla_resolution is not null) "
    "and kept is not null and reply_target_s is null and resolution_target_s is null",
    "undated": "resolved_at is null and has_no_end and coalesce(is_told_solved, false)",
    "agent_first": "coalesce(begins_with_agent, false)",
    "opened_by_agent": "coalesce(is_opened_by_agent, false)",
    "differing": "has_messages and first_reply_at is not null "
    "and coalesce(abs(epoch_us(first_reply_at) - epoch_us(answered_at)) > 60000000, true)",
    "with_writer": "has_writer",
}
_OF_SOURCES: Final = {
    "by_vendor_hours": ("reply_hours", _BY_VENDOR),
    "ends_by_vendor_hours": ("resolution_hours", _ENDED_BY_VENDOR),
    "first_closes": ("first_close", "resolved_at is not null and not has_no_end"),
    "differing_days": ("days", _NOTES["differing"]),
}
"""Of tickets of the sources in a parameter, which mostly are none."""
_WORKED: Final = """,
               case when not impossible then reply_work_us end as reply_work_us,
               case when not impossible then resolved_work_us end as resolved_work_us"""
_WORKED_QUANTILES: Final = """quantile_cont(reply_work_us, [0.5, 0.9]) as reply_work_us,
       quantile_cont(resolved_work_us, [0.5, 0.9]) as resolution_work_us,
       count(reply_work_us) as replied_business, count(resolved_work_us) as solved_business"""
_NO_QUANTILES: Final = """cast(null as double[]) as reply_work_us, cast(null as double[]) as resolution_work_us,
       cast(null as bigint) as replied_business, cast(null as bigint) as solved_business"""


MANY: Final = 2_000_000
"""Tickets from which on the durations of working hours are asked for apart: all that a quantile is of is in memory."""


class ServiceRow(NamedTuple):
    """A row of the query: the durations of the whole or of a group, or how many of a group's tickets have the same
    marks."""

    is_total: bool
    by_1: str | None
    by_2: str | None
    over_start: date | None
    marks: int | None
    tickets: int
    reply_us: list[float] | None
    reply_mean_us: float | None
    resolution_us: list[float] | None
    resolution_mean_us: float | None
    reply_work_us: list[float] | None
    resolution_work_us: list[float] | None
    replied_business: int | None
    solved_business: int | None


class ServiceQuery(NamedTuple):
    """A query over the CTE `verdict`, and the names of the marks that it counts, by their bits."""

    sql: str
    marks: tuple[str, ...]

    def counts(self, rows: list[ServiceRow]) -> list[ServiceCounts]:
        """The counts of the whole, and of each group, from the rows of the query."""
        total, *groups = (row for row in rows if row.marks is None)
        counted = [row for row in rows if row.marks is not None]
        by_group: dict[tuple[str | None, str | None, date | None], list[ServiceRow]] = {}
        for row in counted:
            by_group.setdefault((row.by_1, row.by_2, row.over_start), []).append(row)
        own = (by_group[row.by_1, row.by_2, row.over_start] for row in groups)
        return [self._made(total, counted), *(self._made(row, part) for row, part in zip(groups, own, strict=True))]

    def _made(self, row: ServiceRow, counted: list[ServiceRow]) -> ServiceCounts:
        out = 1 << self.marks.index(IMPOSSIBLE)
        possible = [one for one in counted if not (one.marks or 0) & out]
        tickets = sum(one.tickets for one in possible)
        marked: dict[str, Any] = {
            name: sum(one.tickets for one in possible if (one.marks or 0) >> bit & 1)
            for bit, name in enumerate(self.marks)
        }
        marked[IMPOSSIBLE] = sum(one.tickets for one in counted) - tickets
        return ServiceCounts(row.by_1, row.by_2, row.over_start, tickets, *row[6:])._replace(**marked)


def service_query(
    keys: Sequence[str], *, noted: Mapping[str, Sequence[str]] | None, within_hours: bool, bounded: bool
) -> ServiceQuery:
    """The query for the whole and its groups by some of by_1, by_2 and over_start; $within_s is its parameter where it
    is `bounded`, and what has a source in `noted`.

    Without working hours and without a bound there is nothing to take those figures of, and what notes say is counted
    only where somebody reads them: to plan it takes long.
    """
    marks = {**_FIGURES, **(_WITHIN if bounded else {})}
    if noted is not None:
        of_sources = {
            name: f"{condition} and list_contains(cast(${parameter} as varchar[]), source)"
            for name, (parameter, condition) in _OF_SOURCES.items()
            if noted[parameter]
        }
        marks |= _NOTES | of_sources
    bits = "\n               | ".join(
        f"{1 << bit} * cast({condition} as integer)" for bit, condition in enumerate(marks.values())
    )
    durations = f"""count(*) as tickets,
       quantile_cont(reply_us, [0.5, 0.9]) as reply_us, avg(reply_us) as reply_mean_us,
       quantile_cont(resolved_us, [0.5, 0.9]) as resolution_us, avg(resolved_us) as resolution_mean_us,
       {_WORKED_QUANTILES if within_hours else _NO_QUANTILES}
  from counted"""
    shown = ", ".join(name if name in keys else "null" for name in KEYS)
    groups = f"""
 union all
select false, {shown}, null,
       {durations}
 group by {", ".join(keys)}"""
    sql = f""",
     counted as materialized (
        select by_1, by_2, over_start,
               {bits} as marks,
               case when not impossible then reply_us end as reply_us,
               case when not impossible then resolved_us end as resolved_us{_WORKED if within_hours else ""}
          from verdict)
select true as is_total, cast(null as varchar) as by_1, cast(null as varchar) as by_2, cast(null as date) as over_start,
       cast(null as integer) as marks, {durations}{groups if keys else ""}
 union all
select false, {shown}, marks, count(*), null, null, null, null, null, null, null, null
  from counted
 group by {", ".join((*keys, "marks"))}
 order by is_total desc, by_1, by_2, over_start, marks
"""
    return ServiceQuery(sql, tuple(marks))


def working_query(keys: Sequence[str]) -> str:
    """The durations of working hours alone, over the CTE `verdict`: rows like those of the other query."""
    shown = ", ".join(name if name in keys else "null" for name in KEYS)
    quantiles = f"null as marks, count(*), null, null, null, null, {_WORKED_QUANTILES}\n  from counted"
    groups = f"\n union all\nselect false, {shown}, {quantiles}\n group by {', '.join(keys)}" if keys else ""
    return f""",
     counted as materialized (
        select by_1, by_2, over_start{_WORKED}
          from verdict)
select true as is_total, null as by_1, null as by_2, null as over_start, {quantiles}{groups}
 order by is_total desc, by_1, by_2, over_start
"""


def together(rows: list[ServiceRow], worked: list[tuple[Any, ...]]) -> list[ServiceRow]:
    """The rows of the first query with the durations of the other."""
    known = {row[:4]: row[-4:] for row in worked}
    return [ServiceRow(*row[:-4], *known[row[:4]]) if row.marks is None else row for row in rows]

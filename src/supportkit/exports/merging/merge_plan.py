"""What a plan for merging makes of staged rows, counted and told before it is carried out.

The plan is the temporary table `merge_plan`: of each contested row its place in the stage (`arrival`), the row of its
id that stays (`best`), the stored row, and how the two compare.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from supportkit.errors import DataError
from supportkit.exports.merging.row_versions import recency
from supportkit.store.deciding import deciding
from supportkit.store.row_content import same
from supportkit.store.schema import Table
from supportkit.system.named import NamedTuple

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

EXAMPLES: Final = 3
ENDS: Final = ["refunded", "cancelled", "failed", "disputed", "solved", "closed"]
GOES_ON: Final = ["sale", "open", "partly refunded", "new", "pending", "hold"]
"""States after which another one is a step back: of an order, of a ticket."""


class Turned(NamedTuple):
    """A row whose state is another now: its id, the words before and now, and whether it went `back`."""

    name: str
    before: str | None
    now: str | None
    back: bool


class Merged(NamedTuple):
    """What became of staged rows: read = loaded + updated + unchanged + older.

    `by_order` rows differ from a stored one and only the order of loading says which stays; `turned` are some of them,
    whose state is another now, and `handed` those whose customer is.
    """

    loaded: int = 0
    updated: int = 0
    unchanged: int = 0
    older: int = 0
    by_order: int = 0
    turned: tuple[Turned, ...] = ()
    handed: int = 0

    @property
    def rows(self) -> int:
        """All rows of the stage."""
        return self.loaded + self.updated + self.unchanged + self.older


class WithLines(NamedTuple):
    """What became of the rows of a file, the orders that were there and have `more` lines now, and whether the file has
    lines at all."""

    merged: Merged
    more: tuple[str, ...] = ()
    lines: bool = True


def lost_in_file(connection: DuckDBPyConnection, table: Table, place: str) -> Merged:
    """Rows of a file that another row of it goes before: equal ones are unchanged, others are older."""
    row = connection.execute(f"""
        select count(*) filter ({same(table, "new", "kept")}), count(*),
               count(*) filter (not {same(table, "new", "kept")} and {recency("new", table)} = {recency("kept", table)})
          from merge_plan
          join {place} new on new.rowid = merge_plan.arrival
          join {place} kept on kept.rowid = merge_plan.best
         where arrival <> best
    """).fetchall()[0]
    return Merged(unchanged=int(row[0]), older=int(row[1] - row[0]), by_order=int(row[2]))


def planned(connection: DuckDBPyConnection, table: Table, stage: str, total: str) -> Merged:
    """What the plan makes of the row of each id, and whose state turns only because one file is loaded later."""
    plan = f"from merge_plan plan join {stage} new on new.rowid = plan.arrival"
    loaded, updated, unchanged, older, by_order = connection.execute(f"""
        select {total} filter (old_row is null), {total} filter (old_row is not null and later and not same),
               {total} filter (same), {total} filter (not later and not same), count(*) filter (by_order and not same)
          {plan}
         where arrival = best
    """).fetchall()[0]
    turned: tuple[Turned, ...] = ()
    if by_order and "status" in table.names:
        word = next((one.word_of for one in deciding(table.name) if one.column == "status"), "{}.status".format)
        rows = connection.execute(
            f"""
            select new.{table.key or "order_id"}, {word("old")}, {word("new")},
                   list_contains($ends, old.status) and list_contains($goes_on, new.status)
              {plan}
              join main.{table.name} old on old.rowid = plan.old_row
             where plan.by_order and plan.later and arrival = best and {word("old")} is distinct from {word("new")}
             order by 1
             limit {EXAMPLES}
            """,
            {"ends": ENDS, "goes_on": GOES_ON},
        ).fetchall()
        turned = tuple(Turned(name, before, now, bool(back)) for name, before, now, back in rows)
    handed = 0
    if by_order and "customer_id" in table.names:
        handed = connection.execute(
            f"select count(*) {plan} join main.{table.name} old on old.rowid = plan.old_row "
            "where plan.by_order and plan.later and arrival = best and old.customer_id <> new.customer_id"
        ).fetchall()[0][0]
    return Merged(int(loaded or 0), int(updated or 0), int(unchanged or 0), int(older or 0), by_order, turned, handed)


def refuse_rivals(connection: DuckDBPyConnection, table: Table, stage: str, key: tuple[str, ...], since: int) -> None:
    """Raise DataError where a row that came since a load differs and nothing says which is later."""
    column = key[1]
    found = connection.execute(
        f"""
        select new.{column}, new.source_file, old.source_file
          from merge_plan plan
          join {stage} new on new.rowid = plan.arrival
          join main.{table.name} old on old.rowid = plan.old_row
         where plan.arrival = plan.best and by_order and not same and old.file_id >= $since
         order by 1
         limit 1
        """,
        {"since": since},
    ).fetchall()
    for name, file, other in found:
        raise DataError(
            f"{other} and {file}: both have {column} {name}, with other cells, and nothing says which is later; "
            "nothing was loaded",
            hint="name the files in the command, the latest last",
        )


def outcome_query(table: Table, stage: str) -> str:
    """The query for what the plan makes of each staged row."""
    return f"""
        select new.rowid as arrival,
               case when plan.arrival is null then 'loaded'
                    when plan.arrival <> plan.best then
                         case when {same(table, "new", "kept")} then 'unchanged' else 'older' end
                    when plan.old_row is null then 'loaded'
                    when plan.same then 'unchanged'
                    when plan.later then 'updated'
                    else 'older' end as what
          from {stage} new
          left join merge_plan plan on plan.arrival = new.rowid
          left join {stage} kept on kept.rowid = plan.best
    """


def together(one: Merged, other: Merged, loaded: int) -> Merged:
    """What became of the rows of two parts of a file, and of those `loaded` beside them."""
    return Merged(
        one.loaded + other.loaded + loaded,
        one.updated + other.updated,
        one.unchanged + other.unchanged,
        one.older + other.older,
        one.by_order + other.by_order,
        other.turned,
        other.handed,
    )

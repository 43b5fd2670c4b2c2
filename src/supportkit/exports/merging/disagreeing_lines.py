"""Rows of one order number that are no lines of one order: of two customers, countries, days or currencies.

They are refused by the number, in one file and where other files brought the other lines.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from supportkit.exports.rows.rejects import FAULTS

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

LINES: Final = "load_lines"
"""The lines of the staged orders, a row each."""
AGREED: Final = ("customer_id", "country", "ordered_on", "currency")
WITH_OTHERS: Final = "with those that are there"
_NOT_ONE: Final = ", so they are not one order"
_FAULT_COLUMNS: Final = "record bigint, refused_column varchar, refused varchar, bad varchar[]"
_FOUND: Final = "load_disagreeing"


def make_faults(connection: DuckDBPyConnection) -> None:
    """Make the table of what is refused, where nothing has been refused so far."""
    connection.execute(f"create temp table if not exists {FAULTS} ({_FAULT_COLUMNS})")


def refuse_disagreeing(connection: DuckDBPyConnection, stage: str, zone: str, groups: str) -> None:
    """Refuse the staged rows of numbers that are of several orders in the file itself; `groups` is an SQL condition
    for the groups of rows that are lines."""
    cases = " ".join(f"when min({name}) <> max({name}) then '{_column(name)}'" for name in AGREED)
    query = f"select order_id, case {cases} end as on_what from {_dated(stage)} group by order_id having {groups}"
    _refuse(connection, stage, stage, query, zone)


def refuse_lines_of_others(connection: DuckDBPyConnection, stage: str, zone: str) -> None:
    """Refuse staged orders with LINES of which the store has other lines, that are of another order by that number."""
    cases = " ".join(f"when staged.{name} <> stored.{name} then '{_column(name)}'" for name in AGREED)
    query = f"""
        select staged.order_id, case {cases} end as on_what
          from {_dated(stage)} staged
          join {_dated("main.orders")} stored using (source, order_id)
         where (source, order_id) in (select (source, order_id) from {LINES} where adds)
           and (source, order_id) in (select (source, order_id)
                                        from main.order_lines anti join {LINES}
                                       using (source, order_id, line, occurrence)
                                       where adds)
    """
    _refuse(connection, stage, LINES, query, zone, f" {WITH_OTHERS}")
    connection.execute(f"delete from {LINES} where order_id not in (select order_id from {stage})")


def may_agree_now(connection: DuckDBPyConnection, load_id: int) -> bool:
    """Whether a load refused lines because of those of other files, which may be others by now."""
    sql = "select 1 from main.rejects where load_id = $load and contains(reason, $words) limit 1"
    return bool(connection.execute(sql, {"load": load_id, "words": WITH_OTHERS}).fetchall())


def disagreeing_notes(connection: DuckDBPyConnection) -> tuple[str, ...]:
    """How many order numbers were refused since their lines are of several orders, in words, with what tells these
    apart."""
    counted = (
        f"select count(distinct refused), count(distinct refused) filter (contains(refused, $whose)) from {FAULTS}"
    )
    numbers, customers = connection.execute(
        f"{counted} where contains(refused, $words)", {"words": _NOT_ONE, "whose": " disagree on customer_id"}
    ).fetchall()[0]
    if not numbers:
        return ()
    told = f"{numbers:,} order {'numbers are each' if numbers > 1 else 'number is'} of several orders, and refused"
    return (
        told + ('; [orders] key = ["order_id", "customer_id"] tells those of customers apart' if customers else ""),
    )


def _refuse(connection: DuckDBPyConnection, stage: str, rows: str, query: str, zone: str, whom: str = "") -> None:
    """Refuse the `rows` of the orders that a query finds, and take these out of the stage."""
    run = connection.execute
    run(f"create or replace temp table {_FOUND} as from ({query}) where on_what is not null", {"zone": zone})
    if run(f"select 1 from {_FOUND} limit 1").fetchall():
        make_faults(connection)
        run(
            f"insert into {FAULTS} select source_row, 'order_id', 'the lines of order ' || order_id || ' disagree on ' "
            f"|| on_what || '{whom}{_NOT_ONE}', null from {rows} join {_FOUND} using (order_id) "
            "order by 1"
        )
        run(f"delete from {stage} where order_id in (select order_id from {_FOUND})")
    run(f"drop table {_FOUND}")


def _dated(place: str) -> str:
    return f"(select *, cast(ordered_at at time zone $zone as date) as ordered_on from {place})"


def _column(name: str) -> str:
    return name.replace("_on", "_at")

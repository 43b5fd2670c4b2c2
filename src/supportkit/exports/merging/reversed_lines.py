"""Refunds that an export writes as rows of their own, on a later day, under the number of their order: below zero, as
amounts whose state says so, or in a column of their own beside no amount. What is sold again on a day after, as a
chargeback that was reversed, takes back the refund of its amount.

They are no lines of another order: each says how much of its order was refunded, and what was sold says its state. A
file of refunds may come before that of the sales. On its own day a row below zero is a discount, and stays a line. An
order whose total stands on each line is left as it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from supportkit.exports.meanings.deciding_words import Readers
from supportkit.exports.recognising.recognised import Recognised
from supportkit.exports.rows.refund_rows import PutTo
from supportkit.store.deciding import deciding

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_FOUND: Final = "load_reversed"
_APART: Final = "coalesce(amount, 0) = 0 and coalesce(refunded, 0) <> 0"
_MOST: Final = 1_000
"""Different words of a column: more are no states."""


def put_reversals(
    connection: DuckDBPyConnection, known: Recognised, readers: Readers, stage: str, zone: str
) -> PutTo | None:
    """Make refunds of the staged rows that reverse what another row of the file sold on an earlier day of `zone`, or,
    where they are below zero, an order of the store; None where there is none."""
    run = connection.execute
    words = _words_for_refunds(connection, known, readers, stage)
    some = f"select 1 from {stage} where amount < 0 or ({_APART}) limit 1"
    if known.states_totals or not (words or run(some).fetchall()):
        return None
    query = f"""
        with sold as (
            select source, order_id, customer_id, currency, ordered_at, true as here
              from {stage}
             where amount > 0 and not coalesce(list_contains($words, status), false)
             union all
            select source, order_id, customer_id, currency, ordered_at, false as here
              from main.orders
             where amount > 0)
        select back.rowid as place, source, order_id, abs(coalesce(any_value(back.amount), 0)) as amount,
               abs(coalesce(nullif(any_value(back.amount), 0), any_value(back.refunded))) as worth,
               back.ordered_at as came_back, min(sold.ordered_at) as ordered_at, bool_or(sold.here) as here
          from (select rowid, *, {_APART} as apart from {stage}) back
          join sold using (source, order_id)
         where (back.amount < 0
                or (sold.here and (back.apart or (back.amount > 0 and list_contains($words, back.status)))))
           and sold.currency is not distinct from back.currency
           and coalesce(sold.customer_id = back.customer_id, true)
         group by back.rowid, source, order_id, back.ordered_at
        having {_day("back.ordered_at")} > {_day("min(sold.ordered_at)")}
    """
    run(f"create or replace temp table {_FOUND} as {query}", {"zone": zone, "words": words})
    _take_back(connection, stage, zone)
    rows, amount = run(f"select count(*), sum(worth) from {_FOUND}").fetchall()[0]
    run(
        f"update {stage} set refunded = coalesce(refunded, 0) + found.amount, amount = 0, "
        f"ordered_at = found.ordered_at, status = case when not found.here then status end "
        f"from {_FOUND} found where found.place = {stage}.rowid"
    )
    run(f"drop table {_FOUND}")
    return PutTo(int(rows), amount) if rows else None


def _take_back(connection: DuckDBPyConnection, stage: str, zone: str) -> None:
    """Let what is sold again on a day after a refund of its amount take that refund back."""
    connection.execute(
        f"""
        insert into {_FOUND}
        select again.rowid, source, order_id, -again.amount, -again.amount, again.ordered_at, found.ordered_at, true
          from {stage} again
          join {_FOUND} found using (source, order_id)
         where again.amount > 0 and found.here and found.worth = again.amount
           and {_day("again.ordered_at")} > {_day("found.came_back")}
           and again.rowid not in (select place from {_FOUND})
       qualify row_number() over (partition by again.rowid order by found.came_back, found.place) = 1
           and row_number() over (partition by found.place order by again.ordered_at, again.rowid) = 1
        """,
        {"zone": zone},
    )


def put_reversals_there(connection: DuckDBPyConnection, known: Recognised, stage: str, zone: str) -> PutTo | None:
    """Make orders of the store that are below zero refunds of what staged rows sold under their numbers on an earlier
    day: their file came first. None where there is none."""
    run = connection.execute
    below = "select 1 from main.orders where source = $source and amount < 0 limit 1"
    if known.states_totals or not run(below, {"source": known.source}).fetchall():
        return None
    query = f"""
        select back.source, back.order_id, abs(any_value(back.amount)) as amount, min(sold.ordered_at) as ordered_at
          from main.orders back
          join {stage} sold using (source, order_id)
         where back.amount < 0 and sold.amount > 0
           and sold.currency is not distinct from back.currency
           and coalesce(sold.customer_id = back.customer_id, true)
         group by back.source, back.order_id, back.ordered_at
        having {_day("back.ordered_at")} > {_day("min(sold.ordered_at)")}
    """
    run(f"create or replace temp table {_FOUND} as {query}", {"zone": zone})
    rows, amount = run(f"select count(*), sum(amount) from {_FOUND}").fetchall()[0]
    for table in ("orders", "order_lines"):
        run(
            f"update main.{table} back set refunded = coalesce(back.refunded, 0) + abs(back.amount), amount = 0, "
            f"ordered_at = found.ordered_at from {_FOUND} found where back.source = found.source "
            f"and back.order_id = found.order_id and back.amount < 0"
        )
    run(f"drop table {_FOUND}")
    return PutTo(int(rows), amount) if rows else None


def _words_for_refunds(connection: DuckDBPyConnection, known: Recognised, readers: Readers, stage: str) -> list[str]:
    """The words for refunds in the states of the staged rows, where several rows have the number of one order."""
    if "status" not in known.columns:
        return []
    several = f"select 1 from {stage} group by order_id having count(distinct status) > 1 limit 1"
    if not connection.execute(several).fetchall():
        return []
    found = connection.execute(f"select distinct status from {stage} where status is not null").fetchmany(_MOST + 1)
    status = next(one for one in deciding("orders") if one.column == "status")
    told = [word for (word,) in found if readers.judge(status, word).value in ("refunded", "partly refunded")]
    return sorted(told) if len(found) <= _MOST else []


def _day(instant: str) -> str:
    return f"cast({instant} at time zone $zone as date)"

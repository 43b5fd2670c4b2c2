"""Refunds that an export writes as rows below zero, on a later day, under the number of the order that they give back.

They are no lines of another order: each says how much of its order was refunded, and what was sold says its state. On
its own day a row below zero is a discount, and stays a line. An order whose total stands on each line is left as it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from supportkit.exports.recognising.recognised import Recognised
from supportkit.exports.rows.refund_rows import PutTo

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_FOUND: Final = "load_reversed"


def put_reversals(connection: DuckDBPyConnection, known: Recognised, stage: str, zone: str) -> PutTo | None:
    """Make refunds of the staged rows that reverse what another row, of the file or of the store, sold on an earlier
    day of `zone`; None where there is none."""
    run = connection.execute
    if "price" in known.columns or not run(f"select 1 from {stage} where amount < 0 limit 1").fetchall():
        return None
    sold = " union all ".join(
        f"select source, order_id, customer_id, currency, ordered_at, {here} as here from {place} where amount > 0"
        for place, here in ((stage, "true"), ("main.orders", "false"))
    )
    query = f"""
        select back.rowid as place, min(sold.ordered_at) as ordered_at, bool_or(sold.here) as here
          from {stage} back
          join ({sold}) sold using (source, order_id)
         where back.amount < 0 and sold.currency is not distinct from back.currency
           and coalesce(sold.customer_id = back.customer_id, true)
         group by back.rowid, back.ordered_at
        having {_day("back.ordered_at")} > {_day("min(sold.ordered_at)")}
    """
    run(f"create or replace temp table {_FOUND} as {query}", {"zone": zone})
    rows, amount = run(
        f"select count(*), -sum(amount) from {stage} join {_FOUND} found on found.place = {stage}.rowid"
    ).fetchall()[0]
    run(
        f"update {stage} set refunded = coalesce(refunded, 0) - amount, amount = 0, ordered_at = found.ordered_at, "
        f"status = case when not found.here then status end "
        f"from {_FOUND} found where found.place = {stage}.rowid"
    )
    run(f"drop table {_FOUND}")
    return PutTo(int(rows), amount) if rows else None


def _day(instant: str) -> str:
    return f"cast({instant} at time zone $zone as date)"

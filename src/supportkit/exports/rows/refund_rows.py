"""Refunds that an export writes as rows of their own, below zero and later: each is put to the order it gives back.

It is the customer's latest order before it that is large enough, one of just its amount first. A refund whose order the
file does not have stays a row, and is no order.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Final

from supportkit.system.named import NamedTuple

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

WHOSE: Final = "whose"
"""The column of the stage that says whose an order is, for as long as the file is read."""


class PutTo(NamedTuple):
    """The refunds put to their orders: their number, and what they come to."""

    rows: int
    amount: Decimal


def put_refunds(connection: DuckDBPyConnection, stage: str) -> PutTo | None:
    """Add refunds to the staged orders that they follow, and leave each order with the number of its `lines`; None
    where there is no refund."""
    if not connection.execute(f"select 1 from {stage} where amount < 0 limit 1").fetchall():
        return None
    connection.execute(f"""
        create or replace temp table load_refunds as
        select back.rowid as refund, paid.rowid as paid, back.amount
          from {stage} back
          join {stage} paid
            on paid.{WHOSE} = back.{WHOSE} and paid.source_row <> back.source_row
           and paid.ordered_at <= back.ordered_at and paid.amount >= -back.amount and paid.amount > 0
         where back.amount < 0
       qualify row_number() over (
                 partition by back.rowid
                 order by paid.amount = -back.amount desc, paid.ordered_at desc, paid.source_row desc) = 1
    """)
    connection.execute(f"""
        create or replace temp table load_orders as
        select staged.* replace (
                 case when given.refunds is null then staged.refunded
                      else coalesce(staged.refunded, 0) - given.amount end as refunded),
               1 + coalesce(given.refunds, 0) as lines
          from {stage} staged
          left join (select paid, count(*) as refunds, sum(amount) as amount from load_refunds group by paid) given
            on given.paid = staged.rowid
         where staged.rowid not in (select refund from load_refunds)
         order by staged.source_row
    """)
    put = connection.execute("select count(*), coalesce(-sum(amount), 0) from load_refunds").fetchall()[0]
    connection.execute(f"drop table load_refunds; drop table {stage}; alter table load_orders rename to {stage}")
    return PutTo(int(put[0]), put[1])

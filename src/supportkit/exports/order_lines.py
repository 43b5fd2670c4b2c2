"""Line items: the rows of one order id become one order, their amounts added, the rest from the first row that has it.

Only files that are known to hold lines are grouped: Shopify's, and those that a person maps. In other exports two rows
of one id are two states of one order.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from supportkit.exports.gift_cards import AMOUNT, STATUS
from supportkit.exports.recognise import Recognised
from supportkit.exports.rejects import FAULTS

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

ADDED: Final = ("amount", "refunded")


def takes_lines(known: Recognised) -> bool:
    """Whether several rows of a file may be the lines of one order."""
    return known.table.name == "orders" and not (known.export.recognise and known.export.lines != "first")


def group_lines(connection: DuckDBPyConnection, known: Recognised, stage: str) -> int | None:
    """Make one staged row of each order, with the number of its `lines`; returns the orders, None where none needed it.

    Of a vendor that writes an order's figures on its first line only, an order without them is refused with its lines.
    """
    table, key = known.table, known.table.key
    if not takes_lines(known):
        return None
    rows, orders = connection.execute(f"select count(*), count(distinct {key}) from {stage}").fetchall()[0]
    if rows == orders and known.export.lines != "first":
        return None
    cards = {"amount": AMOUNT, "status": STATUS} if known.export.gift_cards else {}
    sums = {name: f"sum({name})" for name in ADDED} | cards
    first = ", ".join(
        f"{sums.get(name, f'arg_min({name}, source_row)')} as {name}"
        for name in (*table.names, "source", "source_file", "properties", "loaded_at", "file_id")
        if name != key
    )
    connection.execute(
        f"create or replace temp table load_orders as select {key}, {first}, min(source_row) as source_row, "
        f"count(*) as lines from {stage} group by {key}"
    )
    required = [field.name for field in table.fields if field.required]
    lacking = " ".join(f"when {name} is null then '{name}'" for name in required)
    connection.execute(
        f"insert into {FAULTS} select {stage}.source_row, lacking, "
        "'no line of the order has ' || lacking, null "
        f"from {stage} join (select {key}, case {lacking} end as lacking from load_orders) using ({key}) "
        "where lacking is not null order by 1"
    )
    whole = " and ".join(f"{name} is not null" for name in required)
    connection.execute(
        f"create or replace temp table {stage} as select * from load_orders where {whole} order by source_row"
    )
    connection.execute("drop table load_orders")
    return int(connection.execute(f"select count(*) from {stage}").fetchall()[0][0])

"""Lines of orders: the rows of one order id become one order and its lines, each known by what the line is of.

A line is known by its own id, else by its sku or product, else by its quantity and amount, and is the k-th such line of
its order. Lines that disagree on whose the order is, on its day, country or currency are no order. Vendors' exports
have one row for each state of an order; Shopify's, those in our own columns and those that a person maps have lines.
In our own columns a row that is there twice is the same row.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from supportkit.exports.meanings.gift_cards import AMOUNT, STATUS
from supportkit.exports.merging.disagreeing_lines import LINES, make_faults, refuse_disagreeing
from supportkit.exports.recognising.recognised import Recognised
from supportkit.exports.rows.rejects import FAULTS
from supportkit.store.schema import ORDERS

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

LINE_COLUMNS: Final = tuple(field.name for field in ORDERS.lines)
ADDED: Final = ("amount", "refunded")
_SAME_IN_ALL: Final = ("source", "source_file", "loaded_at", "file_id")
_COME: Final = ("source", "source_file", "properties", "loaded_at", "file_id")


def takes_lines(known: Recognised) -> bool:
    """Whether several rows of a file may be the lines of one order."""
    export = known.export
    states = export.recognise and export.lines != "first" and export.source != "supportkit"
    return known.table.name == "orders" and not states


def needs_stage(known: Recognised) -> bool:
    """Whether it is likely that the rows of a file are lines: a vendor's, a person's map, columns of lines."""
    return takes_lines(known) and (not is_our_own(known) or any(name in known.columns for name in LINE_COLUMNS))


def is_our_own(known: Recognised) -> bool:
    """Whether a file has our own columns."""
    return bool(known.export.recognise) and known.export.source == "supportkit"


def identity_sql(known: Recognised | None = None, alias: str = "") -> str:
    """The SQL for what a line is known by; without a file, that of an order which was one row."""
    of = f"{alias}." if alias else ""
    given = known.columns if known else {}
    named = [f"{of}{name}" for name in ("line", "sku") if name in given]
    figures = ["quantity"] if "quantity" in given else []
    worth = ", ".join(f"cast({of}{name} as varchar)" for name in (*figures, "amount"))
    return f"coalesce({', '.join((*named, f'{of}product'))}, nullif(concat_ws(' x ', {worth}), ''), '')"


def tell_apart(connection: DuckDBPyConnection, stage: str, key: tuple[str, ...]) -> None:
    """Make an order's id of several columns, where a number alone is of several orders."""
    for name in key[1:]:
        connection.execute(
            f"update {stage} set order_id = order_id || '/' || cast({name} as varchar) where {name} is not null"
        )


def is_repeated(connection: DuckDBPyConnection, known: Recognised, place: str) -> bool:
    """Whether an order's id is there twice in a place, the table or the stage, or may be: its file says what its lines
    are."""
    if needs_stage(known) and (known.export.lines == "first" or any(name in known.columns for name in LINE_COLUMNS)):
        return True
    return bool(connection.execute(f"{_several(place)} limit 1").fetchall())


def _several(place: str) -> str:
    return f"select order_id from {place} group by source, order_id having count(*) > 1"


def with_lines(connection: DuckDBPyConnection, known: Recognised, place: str, *, repeated: bool) -> bool:
    """Whether an order of a place has several lines, or its file says what its lines are; `repeated` is whether its id
    may be there twice."""
    if not takes_lines(known):
        return False
    if needs_stage(known) and (known.export.lines == "first" or any(name in known.columns for name in LINE_COLUMNS)):
        return True
    if repeated:
        differ = f"count(distinct {identity_sql(known)}) > 1"  # in our own columns a row may be there twice
        several = f"order_id in ({_several(place)})"
        among = f"select 1 from {place} where {several} group by source, order_id having {differ} limit 1"
        if not is_our_own(known) or connection.execute(among).fetchall():
            return True
    return bool(connection.execute(f"select 1 from {place} where amount is null limit 1").fetchall())


def to_stage(connection: DuckDBPyConnection, place: str, stage: str) -> None:
    """Bring rows that were written straight into the empty table back into the stage."""
    if place != stage:
        columns = ", ".join(("order_id", *(name for name in ORDERS.names if name != "order_id"), *_COME, "source_row"))
        connection.execute(
            f"create or replace temp table {stage} as select {columns} from {place}; delete from {place}"
        )


def group_lines(connection: DuckDBPyConnection, known: Recognised, stage: str, zone: str) -> int:
    """Put the lines of the staged rows into LINES, and make one staged row of each order, with the number of its
    `lines`; returns the orders.

    Of a vendor that writes an order's figures on its first line only, an order without them is refused with its lines.
    """
    table, run = known.table, connection.execute
    make_faults(connection)
    differing = f"count(distinct {identity_sql(known)}) > 1" if is_our_own(known) else "true"
    refuse_disagreeing(connection, stage, zone, differing)
    _write_lines(connection, known, stage)
    cards = {"amount": AMOUNT, "status": STATUS} if known.export.gift_cards else {}
    stated = known.states_totals and not known.export.gift_cards
    sums = {name: f"sum({name})" for name in ADDED} | cards
    sums |= {"amount": "arg_min(amount, source_row)"} if stated else {}
    sums |= {"ordered_at": "min(ordered_at)", "product": "case when min(product) = max(product) then max(product) end"}
    sums |= {name: f"any_value({name})" for name in _SAME_IN_ALL}
    sums |= {f.name: f"any_value({f.name})" for f in table.fields if f.name not in {*known.columns, *sums, "currency"}}
    first = ", ".join(
        f"{sums.get(name, f'arg_min({name}, source_row)')} as {name}"
        for name in (*table.names, *_COME)
        if name != "order_id"
    )
    apart = (
        f", case when order_id in (select order_id from {LINES}) then 0 else source_row end"
        if is_our_own(known)
        else ""
    )
    run(
        f"create or replace temp table load_orders as select order_id, {first}, min(source_row) as source_row, "
        f"count(*) as lines from {stage} group by order_id{apart}"
    )
    required = [field.name for field in table.fields if field.required]
    lacking = " ".join(f"when {name} is null then '{name}'" for name in required)
    alone = "false" if known.export.lines == "first" else "lines = 1"
    run(
        f"insert into {FAULTS} select {stage}.source_row, lacking, "
        f"case when {alone} then lacking || ' is empty' else 'no line of the order has ' || lacking end, null "
        f"from {stage} join (select order_id, lines, case {lacking} end as lacking from load_orders) using (order_id) "
        "where lacking is not null order by 1"
    )
    whole = " and ".join(f"{name} is not null" for name in required)
    run(f"create or replace temp table {stage} as select * from load_orders where {whole} order by source_row")
    run(f"delete from {LINES} where order_id not in (select order_id from {stage})")
    run("drop table load_orders")
    return int(run(f"select count(*) from {stage}").fetchall()[0][0])


def _write_lines(connection: DuckDBPyConnection, known: Recognised, stage: str) -> None:
    """One row of LINES for each row of the file; in our own columns only for the orders whose rows are not the same."""
    given = {name: name if name in known.columns else "cast(null as varchar)" for name in LINE_COLUMNS}
    quantity = "quantity" if "quantity" in known.columns else "cast(null as decimal(18,4))"
    priced = f"try_cast(price * coalesce({quantity}, 1) as decimal(18,4))"
    unpriced = "cast(null as decimal(18,4))" if known.states_totals else "amount"
    amount = priced if "price" in known.columns else unpriced
    order = "partition by order_id"
    adds = "false" if known.states_totals else "true"
    if adds == "true" and connection.execute(f"select 1 from {stage} where amount is null limit 1").fetchall():
        adds = f"not (count(*) over ({order}) > 1 and count(amount) over ({order}) = 1)"
    several = ""
    if is_our_own(known) and not any(name in known.columns for name in LINE_COLUMNS):
        several = (
            f"where order_id in (select order_id from {stage} group by order_id "
            f"having count(distinct {identity_sql(known)}) > 1)"
        )
    connection.execute(f"""
        create or replace temp table {LINES} as
        with told as (
            select * replace ({identity_sql(known)} as line) from (
                select *, {", ".join(f"{sql} as {name}" for name, sql in given.items() if name not in known.columns)}
                  from {stage}) {several})
        select order_id, line, product, sku, {quantity} as quantity, {amount} as amount, currency, refunded, ordered_at,
               {adds} as adds, {", ".join(_COME)}, source_row, cast(1 as bigint) as occurrence
          from told{" order by source_row" if " over " in adds else ""}
    """)
    if not is_our_own(known):
        _number_equal_lines(connection)


def _number_equal_lines(connection: DuckDBPyConnection) -> None:
    """Let each of the equal lines of an order be the k-th of them; most orders have none."""
    connection.execute(
        f"create or replace temp table load_equal as "
        f"select order_id, line from {LINES} group by all having count(*) > 1"
    )
    if connection.execute("select 1 from load_equal limit 1").fetchall():
        connection.execute(f"""
            update {LINES} set occurrence = ranked.kth
              from (select rowid as place, row_number() over (partition by order_id, line order by source_row) as kth
                      from {LINES} semi join load_equal using (order_id, line)) ranked
             where {LINES}.rowid = ranked.place and ranked.kth > 1
        """)
    connection.execute("drop table load_equal")

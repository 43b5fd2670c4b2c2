"""Merging orders with their lines: lines add up wherever they were loaded, and one that changes counts once.

An order that was one row in its file has no line of its own until another file has more of it: then that row becomes a
line, too. A row that was there under another map is no more of it. What the export states once for an order stays; else
the amount is that of all its lines, the time that of the earliest, and the product that of all of them or none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from supportkit.exports.merging.disagreeing_lines import LINES, refuse_lines_of_others
from supportkit.exports.merging.merge_plan import Merged, WithLines
from supportkit.exports.merging.merging import insert_all, merge, merge_versions
from supportkit.exports.merging.order_lines import identity_sql
from supportkit.exports.merging.renamed_lines import LINES_LEFT, ORDERS_LEFT, rename_lines
from supportkit.store.row_content import same
from supportkit.store.schema import ORDER_LINES, ORDERS

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

KEY: Final = ("source", "order_id", "line", "occurrence")
SUMMED: Final = ("amount", "refunded", "ordered_at", "product")
_COME: Final = "source, source_file, properties, loaded_at, file_id, source_row"
_ROW_COLUMNS: Final = (
    "order_id, line, product, sku, quantity, amount, currency, refunded, ordered_at, adds, source, source_file, "
    "properties, loaded_at, file_id, source_row, occurrence"
)
_AS_LINE: Final = f"""
select order_id, {identity_sql()} as line, product, cast(null as varchar) as sku,
       cast(null as decimal(18,4)) as quantity, amount, currency, refunded, ordered_at, true as adds, {_COME},
       1 as occurrence
"""
BOOKS: Final = ("loaded", "updated", "unchanged", "older")


def merge_orders(
    connection: DuckDBPyConnection,
    stage: str,
    *,
    grouped: bool,
    numbered: bool,
    again: bool,
    before: bool,
    reading: str,
    zone: str,
    since: int | None = None,
) -> WithLines:
    """Merge staged orders and, where they are `grouped`, LINES; the books count rows of the file. Where lines are
    `numbered`, none is there twice. `before` says that the file was loaded in another way, which `replaced_orders` and
    `replaced_order_lines` have; `reading` how it is read now. Days are those of the time `zone`."""
    run = connection.execute
    known = bool(run(f"select 1 from {stage} semi join main.orders using (source, order_id) limit 1").fetchall())
    if not grouped:
        if not known or not run(_others_than_stored(stage, before=before)).fetchall():
            return WithLines(merge(connection, ORDERS, stage, again=again, since=since), lines=False)
        run(f"create or replace temp table {LINES} as {_AS_LINE} from {stage} where false")
    if known:
        _make_lines_of_rows(connection, stage, before=before)
        if before:
            rename_lines(connection, reading)
        refuse_lines_of_others(connection, stage, zone)
        run(f"""
            update {stage}
               set {", ".join(f"{name} = stored.{name}" for name in SUMMED)}
              from main.orders stored
             where stored.source = {stage}.source and stored.order_id = {stage}.order_id
               and {stage}.order_id in (select order_id from {LINES} where adds)
        """)
    run(
        f"update {LINES} set currency = staged.currency from {stage} staged "
        f"where staged.order_id = {LINES}.order_id and {LINES}.currency is distinct from staged.currency"
    )
    if numbered and not known and not before:
        merged = merge(connection, ORDERS, stage, lines=True)
        insert_all(connection, ORDER_LINES, LINES, KEY)
        run(f"drop table {LINES}")
        return WithLines(merged)
    run(
        f"create or replace temp table load_before as select distinct source, order_id from main.order_lines "
        f"semi join {LINES} using (source, order_id)"
    )
    run(
        f"create or replace temp table load_differing as select order_id from {stage} staged "
        "join main.orders stored using (source, order_id) "
        f"where not {same(ORDERS, 'staged', 'stored', without=('properties',))}"
    )
    orders = merge(connection, ORDERS, stage, again=again, told="told_orders")
    merge_versions(connection, ORDER_LINES, LINES, KEY, again=again, told="told_lines", since=since)
    more = run(f"""
        select distinct order_id
          from {LINES} added
          join told_lines told on told.arrival = added.rowid
          join load_before using (source, order_id)
         where told.what = 'loaded'
         order by 1
    """).fetchall()
    orders = orders._replace(by_order=_decided_by_order(connection, stage))
    merged = _books(connection, stage, orders, before=before)
    run(f"create or replace temp table touched_order as select distinct source, order_id from {LINES}")
    add_up(connection)
    for name in (LINES, "load_before", "load_differing", "told_orders", "told_lines"):
        run(f"drop table {name}")
    return WithLines(merged, tuple(name for (name,) in more))


def add_up(connection: DuckDBPyConnection) -> None:
    """Give the orders in `touched_order` what their lines come to."""
    connection.execute("""
        update main.orders
           set amount = coalesce(total.amount, orders.amount), refunded = total.refunded,
               ordered_at = coalesce(total.ordered_at, orders.ordered_at), product = total.product
          from (select source, order_id, sum(amount) as amount, sum(refunded) as refunded,
                       min(ordered_at) as ordered_at,
                       case when count(distinct product) = 1 then any_value(product) end as product
                  from main.order_lines semi join touched_order using (source, order_id)
                 group by source, order_id
                having bool_and(adds)) total
         where total.source = orders.source and total.order_id = orders.order_id
    """)
    connection.execute("drop table touched_order")


def _decided_by_order(connection: DuckDBPyConnection, stage: str) -> int:
    """The orders of which only the order of loading says what they or their lines are; what is said of one line, and
    stands in the properties of its order, is none of them."""
    changed = "told.what in ('updated', 'older')"
    found = connection.execute(f"""
        select count(distinct order_id)
          from (select order_id
                  from {stage} staged
                  join told_orders told on told.arrival = staged.rowid
                 where {changed}
                   and (order_id not in (select order_id from {LINES}) or order_id in (from load_differing))
                 union all
                select order_id from {LINES} added join told_lines told on told.arrival = added.rowid where {changed})
    """).fetchall()
    return int(found[0][0])


def _others_than_stored(stage: str, *, before: bool) -> str:
    """The query for staged orders of one row that are not the row which is there: a line more."""
    left = f"select (source, order_id) from {ORDERS_LEFT} where shared"
    there = f"(staged.source, staged.order_id) in ({left})" if before else "false"
    return f"""
        select staged.rowid
          from {stage} staged
          join main.orders stored using (source, order_id)
         where ({identity_sql(alias="staged")} <> {identity_sql(alias="stored")} and not {there})
            or exists (from main.order_lines line where line.source = staged.source and line.order_id = staged.order_id)
    """


def _make_lines_of_rows(connection: DuckDBPyConnection, stage: str, *, before: bool) -> None:
    """Let orders that were one row in their file, here or in the store, have it as a line where there are others; all
    versions of the row are of that line."""
    run = connection.execute
    run(
        f"insert into {LINES} ({_ROW_COLUMNS}) {_AS_LINE} from {stage} staged "
        f"where order_id not in (select order_id from {LINES}) and rowid in "
        f"({_others_than_stored(stage, before=before)})"
    )
    run(f"""
        create or replace temp table load_rows as
        select stored.* exclude (older) replace (first_value(line) over version as line),
               row_number() over version as rank
          from (select *, 0 as older from ({_AS_LINE} from main.orders)
                 union all
                select *, 1 as older from ({_AS_LINE} from main.orders_older)) stored
          semi join {LINES} using (source, order_id)
          anti join main.order_lines using (source, order_id)
        window version as (partition by source, order_id order by older, file_id desc nulls last)
    """)
    if before:  # the row that was there under another map is the line that it is now
        run(f"""
            update load_rows set line = now.line, occurrence = now.occurrence
              from (select source, order_id, any_value(line) as line, any_value(occurrence) as occurrence
                      from {LINES} semi join (from {ORDERS_LEFT} where shared) using (source, order_id)
                     group by source, order_id having count(*) = 1) now
             where now.source = load_rows.source and now.order_id = load_rows.order_id
        """)
    if run("select 1 from load_rows limit 1").fetchall():
        for place, which in (("order_lines", "rank = 1"), ("order_lines_older", "rank > 1")):
            run(f"insert into main.{place} ({_ROW_COLUMNS}) select {_ROW_COLUMNS} from load_rows where {which}")
        run(
            "insert into main.repeats select 'order_lines', repeats.file_id, repeats.source_row, of_file, of_row "
            "from main.repeats join load_rows on load_rows.file_id = of_file and load_rows.source_row = of_row "
            "where table_name = 'orders'"
        )
    run("drop table load_rows")


def _books(connection: DuckDBPyConnection, stage: str, orders: Merged, *, before: bool) -> Merged:
    """What became of the rows of the file: a line of an order that is updated is updated, too."""
    line = "case when told.what = 'unchanged' and of_order.what = 'updated' then 'updated' else told.what end"
    order = "told.what"
    if before:
        as_before = (
            "exists (from replaced_orders old where old.source = staged.source and old.order_id = staged.order_id"
        )
        alike = f"{as_before} and {same(ORDERS, 'staged', 'old', without=SUMMED)})"
        exact = f"{as_before} and {same(ORDERS, 'staged', 'old')})"
        its_line = "exists (from replaced_order_lines old where " + " and ".join(f"old.{n} = added.{n}" for n in KEY)
        was_there = " or ".join(
            f"(added.source, added.order_id, added.source_row) in (select (source, order_id, source_row) from {left})"
            for left in (ORDERS_LEFT, LINES_LEFT)
        )
        line = (
            f"case when told.what not in ('loaded', 'updated') then {line} "
            f"when {its_line} and {same(ORDER_LINES, 'added', 'old')}) and {alike} then 'unchanged' "
            f"when {its_line}) or {was_there} then 'updated' else {line} end"
        )
        order = (
            f"case when told.what not in ('loaded', 'updated') then told.what when {exact} then 'unchanged' "
            f"when {as_before}) then 'updated' else told.what end"
        )
    found = dict(
        connection.execute(f"""
        select what, count(*)
          from (select {line} as what
                  from {LINES} added
                  join told_lines told on told.arrival = added.rowid
                  join {stage} staged on staged.order_id = added.order_id
                  join told_orders of_order on of_order.arrival = staged.rowid
                 union all
                select {order}
                  from {stage} staged
                  join told_orders told on told.arrival = staged.rowid
                 where staged.order_id not in (select order_id from {LINES}))
         group by what
    """).fetchall()
    )
    loaded, updated, unchanged, older = (int(found.get(what, 0)) for what in BOOKS)
    return orders._replace(loaded=loaded, updated=updated, unchanged=unchanged, older=older)

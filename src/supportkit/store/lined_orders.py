"""Orders by what differs within them: a row for each line, with the line's own value and amount.

A product, a sku or a category of a line is not one of the whole order, so rows by it count lines. An order without
lines is its own line. Where the export states a total beside the lines, what was given back is spread by their amounts.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from supportkit.store.dimension_names import OF_LINES

if TYPE_CHECKING:
    from supportkit.store.selection import Selection
    from supportkit.store.store import Store

NOTE: Final = (
    "{names} differs within orders: its rows count lines of orders, with their amounts; the total counts orders"
)
LINED: Final = """(
select orders.* replace (
           case when added.order_id is null then orders.amount else added.amount end as amount,
           case when added.order_id is null then orders.refunded
                when added.adds then added.refunded
                else cast(orders.refunded * added.amount / nullif(sum(added.amount) over (
                          partition by orders.source, orders.order_id), 0) as decimal(18, 4)) end as refunded,
           case when added.order_id is null then orders.product else added.product end as product),
       added.line, added.sku, added.quantity,
       case when added.order_id is null then orders.properties else added.properties end as line_properties
  from main.orders
  left join main.order_lines added on added.source = orders.source and added.order_id = orders.order_id) as orders"""
SQL_PRODUCT: Final = """
select 1 from main.order_lines group by source, order_id having count(distinct product) > 1 limit 1
"""
SQL_PROPERTY: Final = """
select 1
  from main.order_lines
 group by source, order_id
having count(distinct json_extract_string(properties, $path)) > 1
 limit 1
"""


def lined_names(store: Store, names: Iterable[str], properties: frozenset[str]) -> frozenset[str]:
    """Those of the columns asked for that differ within orders, or are of lines only."""
    asked = [name for name in names if name in OF_LINES or name == "product" or name in properties]
    if not asked or not store.has("order_lines") or not store.has_rows("order_lines", "true"):
        return frozenset()
    return frozenset(name for name in asked if _differs(store, name))


def lined_notes(selection: Selection) -> tuple[str, ...]:
    """That the rows of a result count lines, where they do."""
    names = selection.by_line
    return (NOTE.format(names=" and ".join(names)),) if names else ()


def property_path(name: str) -> str:
    """Where an extra column stands in the properties."""
    escaped = name.replace("\\", "\\\\").replace('"', '\\"')
    return f'$."{escaped}"'


def _differs(store: Store, name: str) -> bool:
    if name in OF_LINES:
        return True
    if name == "product":
        return bool(store.engine.rows(SQL_PRODUCT, {}))
    return bool(store.engine.rows(SQL_PROPERTY, {"path": property_path(name)}))

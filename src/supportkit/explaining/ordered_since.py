"""Who has ordered since a trouble, by whatever way: such a customer is not lost by it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from supportkit.period import microseconds
from supportkit.store import Store
from supportkit.store.purchases import PURCHASE

SQL: Final = f"""
with {PURCHASE.strip()},
     troubled as (
        select unnest($customers) as customer_id, make_timestamptz(unnest($times)) as troubled_at)
select distinct troubled.customer_id
  from troubled
  join purchase on purchase.customer_id = troubled.customer_id and ordered_at > troubled_at
 order by troubled.customer_id
"""


def ordered_since(store: Store, troubled: Mapping[str, datetime]) -> frozenset[str]:
    """Of the customers with the time of their trouble those who have an order that is revenue after it, whatever the
    period and the conditions."""
    if not troubled:
        return frozenset()
    times = [microseconds(at) for at in troubled.values()]
    selection = store.select("orders", joined=True)
    given = {"customers": list(troubled), "times": times, "currency": store.currency}
    return frozenset(name for (name,) in store.rows(SQL, selection, **given))

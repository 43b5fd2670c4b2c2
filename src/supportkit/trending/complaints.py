"""The share of tickets that are complaints, by leaf, for `why`."""

from __future__ import annotations

from typing import Any, Final

from supportkit.offers.leaves import ShareByLeaf
from supportkit.period import ALL, Over, Period, containing
from supportkit.store import Store

DIMENSIONS: Final = ("channel", "country", "language", "product")

SQL_COMPLAINTS: Final = """
select coalesce(nullif(channel, ''), '(none)') as channel,
       coalesce(nullif(country, ''), '(none)') as country,
       coalesce(nullif(language, ''), '(none)') as language,
       coalesce(nullif(product, ''), '(none)') as product,
       over_start, count(*) as tickets, count(*) filter (where is_complaint) as complaints
  from tickets
 where is_complaint is not null
 group by all
 order by all
"""


def leaves(store: Store, *, period: Period = ALL, over: Over | None = None, **options: Any) -> ShareByLeaf:
    """Tickets of a period that say whether they are complaints, and those that are.

    With `over` the period of the ticket is a last dimension, "period".
    """
    selection = store.select("tickets", period=period, over=over)
    scope, notes = store.scope(selection, by=("is_complaint",))
    found = {}
    for *values, start, tickets, complaints in store.rows(SQL_COMPLAINTS, selection):
        when = (containing(start, over).name,) if over else ()
        found[(*values, *when)] = (tickets, complaints)
    return ShareByLeaf(
        what="tickets that are complaints",
        dimensions=(*DIMENSIONS, *(("period",) if over else ())),
        leaves=found,
        scope=scope,
        better="down",
        notes=notes,
    )

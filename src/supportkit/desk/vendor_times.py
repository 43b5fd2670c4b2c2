"""What is to be known of the times that a vendor states: whose closing time is the first close, who counts business
hours. A load writes both down in the books, as `reading`."""

from __future__ import annotations

import json
from typing import Final

from supportkit.store import Store

SQL: Final = """
select distinct source, reading
  from main.loads
 where table_name = 'tickets' and reading is not null and replaced_by is null
 order by source, reading
"""


def vendor_times(store: Store) -> dict[str, list[str]]:
    """The sources of tickets whose closing time is that of the `first_close`, and those whose durations are of
    business hours, for the first reply and for the resolution: parameters of a query."""
    found: dict[str, set[str]] = {"first_close": set(), "reply_hours": set(), "resolution_hours": set()}
    for source, text in store.fixed(SQL):
        reading = json.loads(text)
        if reading.get("first_close"):
            found["first_close"].add(source)
        counted = reading.get("business_hours", ())
        found["reply_hours"].update([source] if "vendor_first_reply_s" in counted else [])
        found["resolution_hours"].update([source] if "vendor_resolution_s" in counted else [])
    return {name: sorted(sources) for name, sources in found.items()}

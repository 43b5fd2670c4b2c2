"""The local time of an instant is the calendar's, however soon it is found."""

from __future__ import annotations

import pytest

from supportkit.store import memory_store
from supportkit.store.engines.local_times import quick_in_utc

TIMES = (
    "2026-03-29 00:59:59.999999Z", "2026-03-29 01:00:00Z", "2026-10-25 00:30:00+02", "1969-12-31 23:59:59.999999Z",
    "0001-01-01 00:00:00Z", "9999-12-31 23:59:59Z", "infinity", "-infinity",
)  # fmt: skip
SQL = """
with moment as (
    select unnest(list_append(cast($times as timestamptz[]), null)) as seen_at,
           timestamptz '2020-02-29 23:30Z' as no_at)
select seen_at at time zone $zone as local, cast(moment.seen_at at time zone $zone as date) as day,
       date_trunc('week', coalesce(seen_at, no_at) at time zone $zone) as week,
       timestamp '2026-01-01 12:00' at time zone $zone as instant
  from moment
 order by seen_at
"""


@pytest.mark.parametrize("zone", ["UTC", "Europe/Berlin", "Asia/Kolkata"])
def test_local_times_are_those_that_duckdb_gives_of_itself(zone: str) -> None:
    given = {"times": list(TIMES), "zone": zone}
    with memory_store() as store:
        columns = "cast(local as varchar), cast(day as varchar), cast(week as varchar), cast(instant as varchar)"
        told = f"select {columns} from ({SQL})"
        found = store.engine.rows(told, given)
        assert found == store.connection.execute(told, given).fetchall()
    assert quick_in_utc(SQL).count("epoch_us") == 3  # what is no instant of ours stays as it is
    assert len(found) == len(TIMES) + 1

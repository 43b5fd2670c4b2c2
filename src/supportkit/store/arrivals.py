"""What each load knew of the last days: one line a load and day, from which the reporting delay is learned."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from supportkit.store.store import Store

DAYS: Final = 28
SQL_REMEMBER: Final = """
insert into main.arrivals
with known as (
        select cast(created_at at time zone $zone as date) as day, count(*) as tickets
          from main.tickets
         where created_at <= $loaded_at
           and created_at > $loaded_at - to_days(cast($days as integer))
         group by all),
     calendar as (
        select cast(unnest(range(cast($loaded_on as date) - cast($days as integer) + 1,
                                 cast($loaded_on as date) + 1, interval 1 day)) as date) as day)
select $loaded_at, $loaded_on, day, coalesce(tickets, 0)
  from calendar
  left join known using (day)
"""
SQL_SEEN: Final = """
select day, date_diff('day', day, loaded_on) as age, tickets
  from main.arrivals
 order by day, age
"""


def remember_arrivals(connection: DuckDBPyConnection, loaded_at: datetime, zone: str) -> None:
    """Write down how many tickets of each of the last 28 days are known now; of one day's loads the last counts."""
    loaded_on = connection.execute(
        "select cast($at at time zone $zone as date)", {"at": loaded_at, "zone": zone}
    ).fetchall()[0][0]
    connection.execute("delete from main.arrivals where loaded_on = $day", {"day": loaded_on})
    bound = {"loaded_at": loaded_at, "loaded_on": loaded_on, "zone": zone, "days": DAYS}
    connection.execute(SQL_REMEMBER, bound)


def arrivals(store: Store) -> tuple[date | None, list[tuple[date, int, int]]]:
    """The day of the last load of tickets, and what each load knew: (day, its age in days, tickets)."""
    if not store.has("arrivals"):
        return None, []
    rows = store.engine.rows
    return rows("select max(loaded_on) from main.arrivals", {})[0][0], rows(SQL_SEEN, {})

"""Which columns of a file hold days: instants of which every one is a midnight where the file was written.

That is kept with the load: such rows have no hour, and what lies between them is whole days.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from supportkit.exports.rows.staging import Staging

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

QUARTER: Final = 900_000_000
"""Microseconds: every zone is some quarters of an hour from UTC, so that another time is no midnight anywhere."""


def instants_of(connection: DuckDBPyConnection, staging: Staging, place: str) -> dict[str, str]:
    """For each column of instants that has some: "day" where it holds days, else "time"."""
    names = [name for name, dates in staging.reading.dates.items() if dates.formats]
    if not names:
        return {}
    looks = ", ".join(f"bool_and(epoch_us({name}) % {QUARTER} = 0)" for name in names)
    looked = dict(zip(names, connection.execute(f"select {looks} from {place}").fetchall()[0], strict=True))
    maybe = [name for name, is_whole in looked.items() if is_whole]
    found = {name: "time" for name, is_whole in looked.items() if is_whole is not None}
    for name in maybe:
        zones = dict.fromkeys((staging.reading.zones[name], staging.settings.zone, "UTC"))
        same = ", ".join(
            f"bool_and(timezone($zone_{n}, {name}) = date_trunc('day', timezone($zone_{n}, {name})))"
            for n in range(len(zones))
        )
        bound = {f"zone_{n}": zone for n, zone in enumerate(zones)}
        if any(connection.execute(f"select {same} from {place}", bound).fetchall()[0]):
            found[name] = "day"
    return found

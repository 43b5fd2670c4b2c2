"""Instants that are hardly meant: 1970-01-01, which programs write for no time, ends before their beginning, and times
after the load. They are stored as they stand, and told."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from supportkit.exports.rows.staging import Staging
from supportkit.result import numbered

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

ZERO: Final = "between timestamptz '1969-12-31 10:00:00+00' and timestamptz '1970-01-01 23:59:59+00'"
"""What is 1970-01-01 00:00:00 in some time zone, or a time of that day."""
AFTER: Final = {"first_reply_at": "created_at", "solved_at": "created_at", "closed_at": "created_at"} | {
    "responded_at": "invited_at"
}
"""Instants that come after another one of their row."""


def odd_instants(
    connection: DuckDBPyConnection, staging: Staging, place: str, instants: Mapping[str, str], when: datetime
) -> list[str]:
    """What is odd in the rows of a file, one sentence for each column and kind; `instants` are its columns of instants,
    `when` is the load."""
    if not instants:
        return []
    pairs = [(name, first) for name, first in AFTER.items() if name in instants and first in instants]
    by_day = {name: f"cast(timezone($zone, {name}) as date)" for name in instants}
    looks = [
        f"count(*) filter ({name} {ZERO}), count(*) filter ({name} > $late), cast(max({name}) as varchar)"
        for name in instants
    ]
    for name, first in pairs:
        days = "day" in (instants[name], instants[first])
        one, other = (by_day[part] if days else part for part in (name, first))
        looks.append(f"count(*) filter ({one} < {other})")
    query = f"select {', '.join(looks)} from {place}"
    bound = {"late": when + timedelta(days=1)} | ({"zone": staging.settings.zone} if "$zone" in query else {})
    row = connection.execute(query, bound).fetchall()[0]
    told = []
    for place_of, name in enumerate(instants):
        zero, late, last = row[3 * place_of : 3 * place_of + 3]
        if zero:
            told.append(f"{name}: {numbered(zero, 'row')} at 1970-01-01, which programs write where there is no time")
        if late:
            told.append(f"{name}: {numbered(late, 'row')} after the load, up to {last[:10]}")
    for (name, first), before in zip(pairs, row[3 * len(instants) :], strict=True):
        if before:
            told.append(f"{name}: {numbered(before, 'row')} before {first}: in no duration")
    return told

"""The local time of an instant where the time zone is UTC, which DuckDB finds by a calendar's rules as of any other.

To ask them takes a tenth of a microsecond for each row, more than most of what is done with it; in UTC the instant is
the local time, counted in microseconds. An instant without end has no such count and goes the long way.
"""

from __future__ import annotations

from typing import Final

from supportkit.system.late_patterns import late

_LOCAL: Final = late(
    r"(?<![\w$.:])(?P<time>(?:\w+\.)*\w+_at|coalesce\(\w+_at(?:, \w+_at)*\)) at time zone (?P<zone>\$\w+)"
)
"""The local time of an instant; our instants are the columns whose names end in `_at`."""

_QUICKLY: Final = (
    r"case when \g<zone> = 'UTC' then coalesce(make_timestamp(epoch_us(\g<time>)), \g<time> at time zone \g<zone>) "
    r"else \g<time> at time zone \g<zone> end"
)


def quick_in_utc(sql: str) -> str:
    """A query of ours in which local times are found soon where the parameter for their time zone is UTC."""
    return _LOCAL.sub(_QUICKLY, sql) if " at time zone $" in sql else sql

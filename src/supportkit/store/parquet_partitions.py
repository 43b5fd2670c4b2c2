"""How the rows of a table are cut into Parquet files: by month, and by a hash of the person."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from supportkit.errors import UsageError
from supportkit.store.schema import STORED, columns_of
from supportkit.system.named import NamedTuple

PERSONS: Final = {"tickets": "customer_id", "orders": "customer_id", "surveys": "customer_id", "events": "user_id"}
"""The column that says whose a row is; the rows of other tables belong to rows of these, and are cut by month alone."""
MOST: Final = 1_024
UNDATED: Final = "__HIVE_DEFAULT_PARTITION__"
"""How Hive, and everything that reads its folders, writes that there is no value."""


class Partitioning(NamedTuple):
    """Whether a table is cut by month (UTC), and into how many parts by person."""

    month: bool = False
    hash: int = 0

    def __str__(self) -> str:
        return ",".join((*(("month",) if self.month else ()), *((f"hash={self.hash}",) if self.hash else ())))

    def keys(self, table: str) -> dict[str, str]:
        """The names of the folders below a table's, with the SQL of their values."""
        found = {}
        if self.month and table in STORED:
            found["month"] = _month(table)
        if self.hash and table in PERSONS:
            person = f"coalesce({PERSONS[table]}, '')"
            found["person"] = f"printf('%0{len(str(self.hash - 1))}d', md5_number_lower({person}) % {self.hash})"
        return found


def partitioning(text: str) -> Partitioning:
    """Read `month`, or `month,hash=64`. Raises UsageError."""
    month, parts = False, 0
    for word in filter(None, (word.strip() for word in text.split(","))):
        name, _, number = word.partition("=")
        if word == "month":
            month = True
        elif name == "hash" and number.isascii() and number.isdigit() and 2 <= int(number) <= MOST:
            parts = int(number)
        else:
            raise UsageError(
                f"--partition {text}: {word} is no partition", hint=f"month, or month,hash=64 (2 to {MOST})"
            )
    if parts and not month:
        raise UsageError(f"--partition {text}: a hash goes with the month", hint="--partition month,hash=64")
    return Partitioning(month, parts)


def order_of(table: str) -> str:
    """The order of a table's rows in a file."""
    return f"source, {STORED[table].key or 'source_row'}, content_hash, occurrence" if table in STORED else "all"


def month_sql(table: str, month: str) -> tuple[str, dict[str, object]]:
    """The SQL for the rows of a month, with its parameters: bounds of the time, of which DuckDB knows in which blocks
    of a table they lie; a month that no calendar of Python's has is compared by its name, row by row."""
    time = STORED[table].time
    if month == UNDATED:
        return f"{time} is null", {}
    try:
        begins = datetime.strptime(month, "%Y-%m").replace(tzinfo=UTC)
        ends = begins.replace(year=begins.year + begins.month // 12, month=begins.month % 12 + 1)
    except ValueError:
        return f"{_month(table)} = $month", {"month": month}
    return f"{time} >= $begins and {time} < $ends", {"begins": begins, "ends": ends}


def _month(table: str) -> str:
    """The SQL for the name of a row's month."""
    return f"coalesce(strftime({STORED[table].time} at time zone 'UTC', '%Y-%m'), '{UNDATED}')"


def fingerprint_sql(table: str) -> str:
    """The SQL of what the rows of a group hash to, in whatever order they lie."""
    columns = ", ".join(field.name for field in columns_of(table))
    return f"cast(sum(cast(hash({columns}) as hugeint)) as varchar)"

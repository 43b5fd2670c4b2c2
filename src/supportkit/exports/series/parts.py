"""Which rows and rejects of a series are of which of its files."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from supportkit.exports.rows.rejects import FAULTS
from supportkit.store.rejected import NOT_KEPT
from supportkit.system.named import NamedTuple

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

PARTS: Final = "load_parts"


class Part(NamedTuple):
    """A file of a series: its name and fingerprint, and how many records and lines below the header it has."""

    name: str
    sha256: str
    records: int
    lines: int


def tell_apart(connection: DuckDBPyConnection, place: str, parts: Sequence[Part], first: int, begins: int) -> None:
    """Write down which records and lines are of which file, and put it into the rows; the first row of a file `begins`
    on that line."""
    connection.execute(
        f"create or replace temp table {PARTS} (load_id bigint, name varchar, sha256 varchar, first_record bigint, "
        "last_record bigint, first_line bigint, last_line bigint)"
    )
    record, line = 1, begins
    with connection.appender(PARTS) as appender:
        for load_id, part in enumerate(parts, first):
            ends = (record, record + part.records - 1, line, line + part.lines - 1)
            appender.append_row(load_id, part.name, part.sha256, *ends)
            record, line = record + part.records, line + part.lines
    connection.execute(
        f"update {place} as row set file_id = part.load_id, source_file = part.name from {PARTS} as part "
        "where row.source_row between part.first_record and part.last_record"
    )


def number_by_file(connection: DuckDBPyConnection, tables: Sequence[str]) -> None:
    """Number the rows within their files; up to here they have the numbers that faults are known by."""
    for table in tables:
        connection.execute(
            f"update main.{table} as row set source_row = row.source_row - part.first_record + 1 "
            f"from {PARTS} as part where row.file_id = part.load_id"
        )


def in_several(connection: DuckDBPyConnection, place: str) -> bool:
    """Whether an order has lines in several of the files."""
    query = f"select 1 from {place} group by order_id having min(file_id) <> max(file_id) limit 1"
    return bool(connection.execute(query).fetchall())


def count_rejected(connection: DuckDBPyConnection) -> dict[int, tuple[int, int]]:
    """The rejected rows of each load that has some, and how many of them are no faults."""
    found = connection.execute(
        f"select load_id, count(*), count(*) filter (starts_with(refused, $not_kept)) from {FAULTS} join {PARTS} "
        "on record between first_record and last_record where refused is not null group by load_id",
        {"not_kept": NOT_KEPT},
    ).fetchall()
    return {load_id: (count, unwanted) for load_id, count, unwanted in found}


def file_rejects(connection: DuckDBPyConnection, whole: int, begins: int) -> None:
    """Put the rejects to the files and lines that they are of."""
    connection.execute(
        "update main.rejects as reject set load_id = part.load_id, file = part.name, "
        f"line = reject.line - part.first_line + $begins from {PARTS} as part "
        "where reject.load_id = $whole and reject.line between part.first_line and part.last_line",
        {"whole": whole, "begins": begins},
    )

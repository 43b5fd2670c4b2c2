"""Writing the typed rows of a file: into a stage that is merged, or straight into a table that is still empty.

Rows are written by all cores at once and numbered afterwards, by where they lie: DuckDB keeps the order of a file, but
counts rows while reading on one core only. A row that is refused is written too, so that the numbers are those of the
records, and taken out once its fault is written down. In a table there is no column for that: the fault stands in
`content_hash`, which rows with an id do not have.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from supportkit.exports.merging.order_lines import needs_stage
from supportkit.exports.rows.column_formats import all_seen, read_all_rows
from supportkit.exports.rows.rejects import count_rounded, write_faults
from supportkit.exports.rows.row_query import stage_query
from supportkit.exports.rows.score_column import keep_lost
from supportkit.exports.rows.staging import STAGE, Staging

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

WIDE: Final = 200
STAGED: Final = ("source", "source_file", "source_row", "properties", "loaded_at", "file_id")
FAULT: Final = {"refused_column": "varchar", "refused": "varchar", "bad": "varchar[]"}
_CARRIED: Final = (
    "case when refused is not null or bad is not null then cast(json_object("
    + ", ".join(f"'{name}', {name}" for name in FAULT)
    + ") as varchar) end"
)

_KEEP_AS_WRITTEN: Final = "commit; begin"
"""Rows that are changed in the transaction that wrote them are written once more, to the log of what is not yet in the
file. The store is a copy that takes no place unless all went well, so an early end of a transaction shows nothing."""


def target_of(connection: DuckDBPyConnection, staging: Staging) -> str:
    """Where the rows of a file are written: the table itself where it is empty, nobody was erased, its rows have ids
    and each row of the file is one of the table; else the stage."""
    table = staging.known.table
    if staging.settings.pending or table.key is None or needs_stage(staging.known) or staging.passing:
        return STAGE
    for filled in (f"main.{table.name}", "main.suppressed"):
        if connection.execute(f"select 1 from {filled} limit 1").fetchall():
            return STAGE
    return f"main.{table.name}"


def write_rows(
    connection: DuckDBPyConnection,
    staging: Staging,
    place: str,
    provenance: dict[str, object],
    *,
    dates: str | None,
    for_one_metric: bool,
) -> dict[str, int]:
    """Write the typed rows and the faults; where a cell could not be read, look at the whole column once more.

    Returns how many cells of which column are rounded.
    """
    loses = staging.reading.scores.loses  # which every figure tells
    of_one_look = for_one_metric and all_seen(staging) and staging.numbered  # nobody will ask for the other faults
    rounded: dict[str, int] = {}
    if of_one_look:
        _write(connection, staging, place, provenance, faults=loses, for_one_metric=True)
        if not loses:
            return {}
    for attempt in () if of_one_look else (1, 2):
        _write(connection, staging, place, provenance, for_one_metric=for_one_metric)
        troubled = write_faults(connection, _faults_in(place))
        rounded = count_rounded(connection, troubled)
        troubled -= rounded.keys()
        if attempt == 2 or not troubled or not read_all_rows(connection, staging, troubled, dates=dates):
            break
    if staging.reading.scores.loses:
        keep_lost(connection, place)
    if place == STAGE:
        connection.execute(f"delete from {STAGE} where refused is not null")
        return rounded
    connection.execute(f"delete from {place} where content_hash is not null and {_fault('refused')} is not null")
    connection.execute(f"update {place} set content_hash = null where content_hash is not null")
    return rounded


def _write(
    connection: DuckDBPyConnection,
    staging: Staging,
    place: str,
    provenance: dict[str, object],
    *,
    faults: bool = True,
    for_one_metric: bool,
) -> None:
    columns = (*staging.known.table.names, *STAGED, *staging.passing)
    query = stage_query(staging, columns)
    if not faults:
        query = f"select {', '.join(columns)} from ({query}) where refused is null"
    with _planned_soon(connection, staging):
        if place == STAGE:
            connection.execute(f"create or replace temp table {STAGE} as {query}", staging.bound(query, **provenance))
        else:
            names = ", ".join(columns)
            carried = _CARRIED if faults else "cast(null as varchar)"
            connection.execute(f"delete from {place}")
            connection.execute(
                f"insert into {place} ({names}, content_hash) select {names}, {carried} from ({query})",
                staging.bound(query, **provenance),
            )
    if not staging.numbered:
        if not for_one_metric and place != STAGE:
            connection.execute(_KEEP_AS_WRITTEN)
        connection.execute(f"update {place} set source_row = rowid - (select min(rowid) from {place}) + 1")


@contextmanager
def _planned_soon(connection: DuckDBPyConnection, staging: Staging) -> Iterator[None]:
    """Without the search for what is computed twice where it takes longer than it spares: it compares every part of a
    query with every other, which takes seconds for hundreds of columns."""
    if not staging.settings.pending and len(staging.headers) < WIDE:
        yield
        return
    connection.execute("set disabled_optimizers = 'common_subexpressions'")
    yield
    connection.execute("reset disabled_optimizers")


def _fault(name: str) -> str:
    return f"json_extract_string(content_hash, '$.{name}')"


def _faults_in(place: str) -> str:
    """The query of the rows with a fault: record, column, reason, the columns that could not be read."""
    if place == STAGE:
        found, where = f"{', '.join(FAULT)} from {STAGE}", "refused is not null or bad is not null"
    else:
        parts = (f"cast({_fault(name)} as {kind}) as {name}" for name, kind in FAULT.items())
        found = f"{', '.join(parts)} from {place}"
        where = "content_hash is not null"
    return f"select source_row as record, {found} where {where} order by record"

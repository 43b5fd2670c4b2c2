"""One select statement of a person's own, and nothing else: no other statement, no file, no network, no setting.

Its time, memory and rows are bounded. It sees every row of the store.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from supportkit.errors import UsageError
from supportkit.store.file_errors import fault_of_the_folder, is_fault_of_the_file
from supportkit.store.ours import confine, every_schema, is_confined
from supportkit.store.query_limits import DEFAULT_LIMITS, QueryLimits, bounded
from supportkit.store.schema import TABLES

if TYPE_CHECKING:
    from supportkit.store.store import Store

_PART: Final = 10_000


def select_only(
    store: Store, sql: str, bounds: QueryLimits = DEFAULT_LIMITS
) -> tuple[list[str], list[tuple[Any, ...]]]:
    """The column names and rows of exactly one select statement.

    Raises UsageError for anything else, DataError beyond the bounds. The store stays confined afterwards.
    """
    from supportkit.system.duckdb_engine import duckdb

    connection = store.connection
    try:
        statements = connection.extract_statements(sql)
        if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
            raise UsageError(
                "sql takes exactly one select statement", hint="supportkit sql 'select count(*) from tickets'"
            )
        every_schema(connection)
        if not is_confined(connection):
            confine(connection)
        connection.execute("set memory_limit = $limit", {"limit": bounds.buffers})
        with bounded(connection, bounds):
            found = connection.execute(statements[0])
            names = [str(column[0]) for column in found.description or ()]
            rows: list[tuple[Any, ...]] = []
            while part := found.fetchmany(_PART):
                rows += part
                if len(rows) > bounds.rows:
                    raise bounds.too_many
            return names, rows
    except duckdb.Error as error:
        if isinstance(error, duckdb.InterruptException) or is_fault_of_the_file(error):
            raise
        if fault := fault_of_the_folder(store.path, error):
            raise fault from error
        told = [line.strip() for line in str(error).splitlines() if line.strip()]
        near = next(
            (f"{line.rstrip('?')}; " for line in told[1:] if line.startswith(("Did you mean", "Candidate"))), ""
        )
        hint = f"{near}the tables are {', '.join((*TABLES, 'loads', 'rejects'))}"
        raise UsageError(f"sql: {told[0]}", hint=hint) from error

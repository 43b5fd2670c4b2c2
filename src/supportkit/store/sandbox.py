"""One select statement of a person's own, and nothing else: no other statement, no file, no network, no setting.

What it does not bound is processor time and memory (a select can always ask for too much; Ctrl-C stops it), and it
sees every row of the store.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from supportkit.errors import UsageError
from supportkit.store.faults import is_fault_of_the_file
from supportkit.store.schema import TABLES

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_LOCK: Final = """
set enable_external_access = false;
set python_enable_replacements = false;
set lock_configuration = true;
"""


def select_only(connection: DuckDBPyConnection, sql: str) -> tuple[list[str], list[tuple[Any, ...]]]:
    """The column names and rows of exactly one select statement. Raises UsageError for anything else.

    The connection stays locked afterwards.
    """
    import duckdb

    try:
        statements = connection.extract_statements(sql)
        if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
            raise UsageError(
                "sql takes exactly one select statement", hint="supportkit sql 'select count(*) from tickets'"
            )
        locked = connection.execute("select current_setting('lock_configuration')").fetchone()
        if locked != (True,):
            connection.execute(_LOCK)
        found = connection.execute(statements[0])
        names = [str(column[0]) for column in found.description or ()]
        return names, found.fetchall()
    except duckdb.Error as error:
        if isinstance(error, duckdb.InterruptException) or is_fault_of_the_file(error):
            raise
        told = [line.strip() for line in str(error).splitlines() if line.strip()]
        near = next(
            (f"{line.rstrip('?')}; " for line in told[1:] if line.startswith(("Did you mean", "Candidate"))), ""
        )
        hint = f"{near}the tables are {', '.join((*TABLES, 'loads', 'rejects'))}"
        raise UsageError(f"sql: {told[0]}", hint=hint) from error

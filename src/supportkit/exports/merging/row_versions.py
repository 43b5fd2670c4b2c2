"""Which of two versions of a row is the later one, and which files bring a stored row."""

from __future__ import annotations

from typing import TYPE_CHECKING

from supportkit.store.schema import Table

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


def recency(alias: str, table: Table) -> str:
    """An SQL expression: since when a version of a row is as it is; a version that does not say it is the oldest."""
    return f"coalesce({alias}.updated_at, '-infinity'::timestamptz)" if "updated_at" in table.names else "0"


def effective_file(alias: str, table: str) -> str:
    """An SQL expression: the last file that brings a stored row; one of an older release is before all others."""
    return (
        f"greatest(coalesce({alias}.file_id, 0), coalesce((select max(repeats.file_id) from main.repeats "
        f"where repeats.table_name = '{table}' and repeats.of_file = {alias}.file_id "
        f"and repeats.of_row = {alias}.source_row), 0))"
    )


def best_first(table: Table, alias: str) -> str:
    """The order of the versions in one file, the one that stays first."""
    return f"{recency(alias, table)} desc, {alias}.source_row desc, {alias}.rowid desc"


def goes_before(table: Table, *, again: bool) -> str:
    """Whether a version of a file goes before the stored one: by its time, else because it is loaded later."""
    new, old = recency("new", table), recency("old", table)
    if not again:
        return f"{new} >= {old}"
    return f"({new} > {old} or ({new} = {old} and new.file_id >= {effective_file('old', table.name)}))"


def remember(connection: DuckDBPyConnection, table: str, stage: str, main: str, plan: str) -> None:
    """Note of staged rows that a stored one is equal to each: `plan` gives the two, `arrival` and `old_row`."""
    connection.execute(
        f"insert into main.repeats select '{table}', new.file_id, new.source_row, old.file_id, old.source_row "
        f"from ({plan}) pair join {stage} new on new.rowid = pair.arrival "
        f"join {main} old on old.rowid = pair.old_row "
        "where new.file_id is not null and old.file_id is not null "
        "order by old.file_id, old.source_row"
    )

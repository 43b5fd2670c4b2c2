"""People who were erased stay erased: their rows in a later load are refused.

The store keeps keyed tokens of the ids of erased customers, their tickets and orders, and nothing that they could be
recognised by without the key.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from supportkit.exports.pseudonyms import Key, pseudonym
from supportkit.store.schema import Table

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

REASON: Final = "this person was erased on request"
_KINDS: Final = {"customer_id": "person", "user_id": "person", "ticket_id": "ticket", "order_id": "order"}


def token(kind: str, value: str, key: Key) -> str:
    """What stands for an erased id in the store: `kind` is person, ticket or order."""
    return pseudonym(f"erased {kind}\n{value}", key)


def suppress(connection: DuckDBPyConnection, tokens: Iterable[str]) -> None:
    """Add tokens to the list of the erased."""
    for one in sorted(set(tokens)):
        connection.execute(
            "insert into suppressed select $token where not exists (from suppressed where token = $token)",
            {"token": one},
        )


def refuse_erased(connection: DuckDBPyConnection, table: Table, stage: str, key: Key) -> list[int]:
    """Take the rows of erased people out of a stage; returns their record numbers."""
    erased = {row[0] for row in connection.execute("select token from suppressed").fetchall()}
    if not erased:
        return []
    refused: set[int] = set()
    for name, kind in _KINDS.items():
        if name not in table.names:
            continue
        column = name if kind == "person" else f"source || chr(10) || {name}"
        values = connection.execute(f"select distinct {column} from {stage} where {name} is not null").fetchall()
        for (value,) in values:
            if token(kind, value, key) in erased:
                rows = connection.execute(
                    f"delete from {stage} where {column} = $value returning source_row", {"value": value}
                ).fetchall()
                refused.update(row[0] for row in rows)
    return sorted(refused)

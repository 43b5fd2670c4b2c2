"""Queries of very many rows, asked for a share of the persons at a time, so that one share alone is in memory."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from typing import Any, Final

from supportkit.store.selection import Selection
from supportkit.store.store import Store

SHARE_ORDERS: Final = 15_000_000
"""Orders of which one query counts the customers; of more it is asked for a share of them at a time."""


def shares_of(store: Store, rows: int, each: int) -> int:
    """In how many shares so many rows are asked, of at most so many each; one where many machines share them anyway."""
    return 1 if store.spreads else max(1, -(-rows // each))


@contextmanager
def rows_of_shares(
    store: Store, name: str, sql: str, shares: int, selections: tuple[Selection, ...], given: Mapping[str, Any]
) -> Iterator[str]:
    """While this lasts, the rows of a query of every share ($share of $shares), as what can stand behind `from`."""
    tables = [f"{name}_{share}" for share in range(shares)]
    with ExitStack() as kept:
        for share, table in enumerate(tables):
            kept.enter_context(store.temporary_table(table, sql, *selections, **given, share=share, shares=shares))
        yield " union all ".join(f"from {table}" for table in tables)

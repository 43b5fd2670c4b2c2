"""What `--by` and `--where` take of a table: its columns, where a row came from, and what is worked out of its rows."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from supportkit.errors import UsageError, unknown
from supportkit.store.schema import PROVENANCE, Table
from supportkit.store.ticket_bands import BANDS

TOPIC, WORDING = "topic", "wording"
OF_LINES: Final = ("line", "sku", "quantity")
"""What the lines of an order have, where such are loaded."""


def has_topic(table: Table) -> bool:
    """Whether the rows are tickets or belong to tickets."""
    return "ticket_id" in table.names


def worked_out(table: Table) -> tuple[str, ...]:
    """What no export has and every ticket gets: its topic, and its bands."""
    return (TOPIC, WORDING, *BANDS) if has_topic(table) else ()


def dimension_names(table: Table, extra: Iterable[str] = ()) -> tuple[str, ...]:
    """All names, with the extra columns of the exports last."""
    lines = OF_LINES if table.name == "orders" else ()
    return (*table.names, *PROVENANCE[:2], *worked_out(table), *lines, *sorted(extra))


def no_column(table: Table, name: str, extra: Iterable[str]) -> UsageError:
    """The error for a name that a table does not have."""
    if table.name == "orders" and name in OF_LINES:
        hint = "load an export with the lines of orders: supportkit sources names those known"
        return UsageError(f"column of orders {name!r}: no lines of orders are loaded", hint=hint)
    return unknown(f"column of {table.name}", name, dimension_names(table, extra))

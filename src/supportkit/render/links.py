"""The address that a value leads to, where its column has one."""

from __future__ import annotations

from supportkit.result import Column, Value


def address_of(value: Value, column: Column) -> str:
    """The address with the value in its place, quoted as an address asks; empty where there is none."""
    if not column.link or value is None:
        return ""
    from urllib.parse import quote

    return column.link.replace("{id}", quote(str(value), safe=""))

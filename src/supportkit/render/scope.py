"""What a result covers, in one line for people."""

from __future__ import annotations

from supportkit.result import Scope


def scope_line(scope: Scope) -> str:
    """Period, rows, data through, filters, time zone and currency; empty where a result is no measurement."""
    if not scope.period:
        return ""
    parts = ["all data" if scope.period == "all" else f"period {scope.period}", f"{scope.rows:,} rows"]
    if scope.data_through:
        parts.append(f"data through {scope.data_through:%Y-%m-%d %H:%M} UTC")
    if scope.filters:
        parts.append("where " + " and ".join(scope.filters))
    parts.append(f"time zone {scope.time_zone}")
    if scope.currency:
        parts.append(f"currency {scope.currency}")
    return " · ".join(parts)

"""A query with its parameters written out, so that it can be read, kept and run elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from supportkit.system.late_patterns import late

_PLACES: Final = late(r"'(?:[^']|'')*'|\$([A-Za-z_]\w*)")


def with_values(sql: str, parameters: Mapping[str, Any]) -> str:
    """The query with each `$name` outside of texts replaced by its value."""
    return _PLACES.sub(lambda found: literal(parameters[found[1]]) if found[1] else found[0], sql)


def literal(value: Any) -> str:
    """A value as DuckDB writes it."""
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case int() | Decimal():
            return str(value)
        case float():
            return f"{value!r}::double"
        case datetime():
            return f"timestamptz '{value.isoformat(sep=' ')}'"
        case date():
            return f"date '{value.isoformat()}'"
        case timedelta():
            return f"to_microseconds({value // timedelta(microseconds=1)})"
        case str():
            return "'" + value.replace("'", "''") + "'"
        case list() | tuple():
            return f"[{', '.join(literal(one) for one in value)}]"
        case Mapping():
            pairs = (f"{literal(key)}: {literal(one)}" for key, one in value.items())
            return f"map {{{', '.join(pairs)}}}"
    raise TypeError(f"no literal for {type(value).__name__}")

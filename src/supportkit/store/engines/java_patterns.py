"""A pattern of RE2's, which DuckDB has, as Java reads it, which Spark has."""

from __future__ import annotations

import re
from typing import Final

_EDGE: Final = r"(?:(?<=[0-9A-Za-z_])(?![0-9A-Za-z_])|(?<![0-9A-Za-z_])(?=[0-9A-Za-z_]))"


def java_pattern(pattern: str) -> str:
    """The same pattern in Java's words: letters of all alphabets have a case, `\n` alone ends a line, `$` is the end
    and not the line before it, a word is of ASCII, and a bracket in brackets is itself."""
    made, inside = "", False
    end = "$" if re.search(r"\(\?[a-z]*m", pattern) else r"\z"
    for part in re.findall(r"\\.|.", pattern, re.DOTALL):
        if inside:
            made += {"[": r"\[", "&": r"\&"}.get(part, part)
            inside = part != "]"
        else:
            made += {"$": end, r"\b": _EDGE}.get(part, part)
            inside = part == "["
    return f"(?ud){made}"

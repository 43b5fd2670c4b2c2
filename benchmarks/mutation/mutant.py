"""One small fault in one file: what is replaced by what, and by which of the six operators."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import Final, Literal, get_args

Operator = Literal["comparison", "arithmetic", "constant", "negation", "query", "omission"]
OPERATORS: Final[tuple[Operator, ...]] = get_args(Operator)


@dataclass(frozen=True, order=True)
class Mutant:
    """Characters [start, end) of a file replaced; `file` is a path under src/supportkit."""

    file: str
    operator: Operator
    start: int
    end: int
    replacement: str

    def applied(self, source: str) -> str:
        """The source with the fault."""
        return source[: self.start] + self.replacement + source[self.end :]

    def diff(self, source: str) -> str:
        """The lines that differ, with the number of the first."""
        old, new = source.splitlines(), self.applied(source).splitlines()
        told = [
            line for line in difflib.unified_diff(old, new, lineterm="", n=0) if not line.startswith(("---", "+++"))
        ]
        number = source.count("\n", 0, self.start) + 1
        return "\n".join([f"{self.file}:{number} ({self.operator})", *(f"  {line}" for line in told[1:])])

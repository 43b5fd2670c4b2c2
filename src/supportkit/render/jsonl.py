"""JSON Lines: one object a row, for programs that read line by line."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Final

from supportkit.render import PLAIN, Display
from supportkit.render.json import json_value
from supportkit.result import Result

FOR_PROGRAMS: Final = True


def from_results(results: Sequence[Result], display: Display = PLAIN) -> str:
    """The rows of all results; of several results each row says of which metric it is."""
    return "".join(f"{line}\n" for result in results for line in _lines(result, named=len(results) > 1))


def _lines(result: Result, *, named: bool) -> Iterator[str]:
    of = {"metric": result.metric} if named else {}
    for record in result.records():
        values = of | {name: json_value(value) for name, value in record.items()}
        yield json.dumps(values, ensure_ascii=True, allow_nan=False)

"""The scale that a question says its answer is on: "from 0 to 10", "(1 = bad, 5 = good)", "по шкале от 1 до 5"."""

from __future__ import annotations

import re
from typing import Final

from supportkit.exports.recognising.guessing.column_shapes import Shape

_NUMBER: Final = re.compile(r"(?<![\w.,/:])\d{1,3}(?![\w%]|[.,/:]\d)")
_CODE: Final = re.compile(r"\s*[^\W\d_]{0,4}\d+[.):]\s+")
"""What numbers a question, as in `Q1. How satisfied are you?`."""
_LOWEST: Final = (0, 1)
_HIGHEST: Final = (3, 4, 5, 6, 7, 10, 100)


def scale_asked(header: str, shape: Shape | None) -> tuple[int, int] | None:
    """The lowest and the highest answer that a question allows; None where it says none, or an answer is outside."""
    code = _CODE.match(header)
    numbers = sorted({int(found) for found in _NUMBER.findall(header[code.end() :] if code else header)})
    if len(numbers) < 2 or numbers[0] not in _LOWEST or numbers[-1] not in _HIGHEST:
        return None
    low, high = numbers[0], numbers[-1]
    if shape is not None and shape.low is not None and shape.high is not None:
        return (low, high) if low <= shape.low and shape.high <= high else None
    return low, high

"""The limits that SECURITY.md states are those of the code."""

from __future__ import annotations

from pathlib import Path

import pytest

from supportkit.exports.reading.cells import MAX_COLUMNS
from supportkit.exports.reading.files import MAX_RATIO, MAX_SHEETS, MAX_UNPACKED, RATIO_APPLIES_FROM
from supportkit.exports.reading.formats.json_rows import MOST
from supportkit.exports.reading.lines import MAX_LINE
from supportkit.store.query_limits import DEFAULT_LIMITS

PAGE = " ".join((Path(__file__).parent.parent / "SECURITY.md").read_text(encoding="utf-8").split())


@pytest.mark.parametrize(
    "stated",
    [
        f"unpack to {MAX_UNPACKED >> 30} GiB",
        f"may unpack to {MAX_SHEETS >> 30} GiB; a JSON file in one piece may have {MOST >> 20} MB",
        f"from {RATIO_APPLIES_FROM >> 20} MiB on to {MAX_RATIO} times its size",
        f"A line may have {MAX_LINE >> 20} MB, a file {MAX_COLUMNS:,} columns",
        f"{DEFAULT_LIMITS.seconds:g} seconds (`--timeout`), {DEFAULT_LIMITS.megabytes:,} MB (`--memory`) and a million "
        "rows",
    ],
)
def test_a_limit_of_the_page_is_that_of_the_code(stated: str) -> None:
    assert stated in PAGE


def test_a_million_rows_are_the_most_that_a_query_may_give() -> None:
    assert DEFAULT_LIMITS.rows == 1_000_000

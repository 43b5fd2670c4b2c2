"""Rows into which a cell was inserted: what stands behind it is one column too far to the right, and the row has as
many cells as others where its last one was empty.

The kinds of the cells tell: a day stands in a column of figures or texts while the column of days before it has none;
or the last column, which is mostly empty, has a cell, and others stand where those of their left neighbour do.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from supportkit.exports.rows.first_rows import LONGEST, FirstRows
from supportkit.exports.rows.settings import Kinds
from supportkit.exports.rows.staging import Staging

SHIFTED: Final = "a cell was inserted: those behind it stand in the columns of others"
_DAY: Final = r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}([T ,].*)?"
_NUMBER: Final = r"[-+]?\d+([.,]\d+)?"
_ROWS: Final = 200
_FEWEST: Final = 20
"""Cells of a column, before they say of what kind it is."""
_MOST_WORDS: Final = 8
_ALL_BUT: Final = 0.95
_SELDOM: Final = 0.25
"""Rows that have the last cell, at most, where most are without."""
_MOST: Final = 24
"""Columns of a kind that are looked at, from the last."""


def find_kinds(rows: FirstRows) -> Kinds:
    """What the columns of a file hold, by its first rows."""
    if len(rows) < 3 or len(rows[0]) < _FEWEST:
        return Kinds()
    columns = [[cell for cell in column[:_ROWS] if cell is not None] for column in rows]
    kinds = tuple(_kind(column) for column in columns)
    filled = tuple(len(column) * 2 >= _FEWEST for column in columns)
    return Kinds(kinds, filled, len(columns[-1]) <= _SELDOM * len(rows[0][:_ROWS]))


def _kind(cells: Sequence[str]) -> str | tuple[str, ...] | None:
    if len(cells) < _FEWEST:
        return None
    counts = Counter(cells)
    for pattern in (_DAY, _NUMBER):
        if sum(count for cell, count in counts.items() if re.fullmatch(pattern, cell)) >= _ALL_BUT * len(cells):
            return pattern
    often = sorted(cell for cell, count in counts.items() if count > 1)
    if any(len(cell) == LONGEST for cell in often):
        return None
    is_few = 0 < len(often) <= _MOST_WORDS and sum(map(counts.__getitem__, often)) >= _ALL_BUT * len(cells)
    return tuple(often) if is_few else None


def shifted_sql(staging: Staging) -> str:
    """The SQL for whether a cell was inserted into a row; empty where nothing could tell."""
    kinds = staging.reading.kinds
    return " or ".join(part for part in (_days(kinds), _at_open_end(staging, kinds)) if part)


def _days(kinds: Kinds) -> str:
    """Whether a day stands behind the columns of days, and one of these has none."""
    found = []
    for place, (one, after) in enumerate(pairwise(kinds.of)):
        if one != _DAY or after == _DAY or not kinds.filled[place + 1]:
            continue
        begin = place
        while begin and kinds.of[begin - 1] == _DAY:
            begin -= 1
        odd = " or ".join(f"not regexp_full_match(t{day}, '{_DAY}')" for day in range(begin, place + 1))
        day = f"t{place + 1}"
        found.append(
            f"case when ord({day}) between 48 and 57 and length({day}) > 5 "
            f"then regexp_full_match({day}, '{_DAY}') and coalesce({odd}, false) else false end"
        )
    return " or ".join(found)


def _at_open_end(staging: Staging, kinds: Kinds) -> str:
    """Whether the last cell, which is mostly empty, is filled, and from some column on cells stand where those
    of their left neighbour do."""
    last = len(kinds.of) - 1
    known = [place for place, kind in enumerate(kinds.of[:-1]) if kind is not None][-_MOST:]
    if not kinds.open_end or not known:
        return ""

    def fits(place: int, of: int) -> str:
        kind = kinds.of[of]
        if isinstance(kind, str):
            return f"regexp_full_match(t{place}, '{kind}')"
        return f"list_contains({staging.bind(list(kind or ()))}, t{place})"

    begun = [
        " and ".join(
            (
                f"not {fits(one, one)}",
                fits(one + 1, one),
                *(f"coalesce({fits(other + 1, other)}, true)" for other in known[number + 1 :]),
            )
        )
        for number, one in enumerate(known)
    ]
    one_of = " or ".join(f"({condition})" for condition in begun)
    return f"case when t{last} is not null then coalesce({one_of}, false) else false end"

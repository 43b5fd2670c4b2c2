"""In what manner a file is read: what the load says of every file, and how its columns were found to be written."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from supportkit.exports.masking.column import Column
from supportkit.exports.rows.score_lookup import ScoreLookup
from supportkit.exports.value_formats.date_formats import Dates
from supportkit.exports.value_formats.number_formats import Numbers
from supportkit.system.named import NamedTuple

ROUNDED: Final = " rounded"
"""Behind the name of a column among the bad ones: the cell is read, but not with all its decimals."""


class Kinds(NamedTuple):
    """What the columns of a file hold: days or numbers as a pattern, few words as their list, or neither; and whether
    the last one is mostly empty."""

    of: tuple[str | tuple[str, ...] | None, ...] = ()
    filled: tuple[bool, ...] = ()
    open_end: bool = False


@dataclass
class ColumnFormats:
    """How a file's columns were found to be written; columns of ours by name, columns of the file by place."""

    dates: dict[str, Dates] = field(default_factory=dict)
    numbers: dict[str, Numbers] = field(default_factory=dict)
    figures: dict[int, Numbers] = field(default_factory=dict)
    zones: dict[str, str] = field(default_factory=dict)
    numbers_alone: set[int] = field(default_factory=set)
    """Columns of the file that are asked about and hold nothing but numbers."""

    columns: dict[str, Column] = field(default_factory=dict)
    """What their cells say of the columns of texts, extra cells and people, by header."""

    scores: ScoreLookup = field(default_factory=ScoreLookup)
    """What the scores mean that are no plain numbers."""
    kinds: Kinds = field(default_factory=Kinds)
    usual: set[str] = field(default_factory=set)
    """Columns in which every cell is empty or in the usual form, without a blank around it or a word for nothing."""


class Settings(NamedTuple):
    """What a load says of every file: the zone and currency of the configuration, whether data is masked, and whether
    that is left for later (`pending`)."""

    zone: str = "UTC"
    currency: str | None = None
    mask: bool = True
    pending: bool = False

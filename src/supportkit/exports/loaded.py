"""What became of a loaded file, and whether so much of it is refused that it was read in a wrong way."""

from __future__ import annotations

from collections.abc import Iterable

from supportkit.errors import DataError
from supportkit.exports.meanings.deciding_words import Word
from supportkit.system.named import NamedTuple


class Loaded(NamedTuple):
    """What became of one file: read = loaded + updated + unchanged + older + rejected.

    A file of a folder that is no export has no table; `left_out` says why, and its notes what could be done. `words`
    are those of its deciding columns; `read_again` are words of rows loaded before that mean something else from now
    on.
    """

    file: str
    table: str
    source: str
    read: int
    loaded: int
    updated: int
    unchanged: int
    rejected: int
    seconds: float
    notes: tuple[str, ...] = ()
    left_out: str = ""
    words: tuple[Word, ...] = ()
    read_again: tuple[Word, ...] = ()
    late: int = 0
    """Rows of earlier loads that this file shows to be of somebody who was erased: they are erased too."""
    unwanted: int = 0
    """Rejected rows that are no faults: a condition leaves them out, or they are of somebody who was erased."""
    older: int = 0
    """Rows that a later version of the same row goes before."""
    lost: int = 0
    """Lines with bytes that are no letters."""
    load_id: int = 0
    """The load in the books: of a file that was read in this way before, that one."""

    @property
    def faults(self) -> int:
        """Rows that were rejected for a fault."""
        return self.rejected - self.unwanted

    @property
    def is_mostly_faulty(self) -> bool:
        """Whether more than half of the rows that were wanted have a fault: the file is read in a wrong way."""
        return 2 * self.faults > self.read - self.unwanted


class RefusedLoadError(DataError):
    """A load that was read and is not kept: more is rejected than is tolerated. `outcome` is what its files came to."""

    outcome: tuple[Loaded, ...] = ()


def mostly_faulty(one: Loaded) -> str:
    """That more than half of a file is refused, in words."""
    return f"{one.file}: {one.faults:,} of {one.read - one.unwanted:,} rows cannot be read as {one.table}"


def refuse_mostly_faulty(outcome: Iterable[Loaded]) -> None:
    """Raise DataError for a file of which more than half is refused for faults, where nothing is kept to look at."""
    for one in outcome:
        if one.is_mostly_faulty:
            raise DataError(
                mostly_faulty(one),
                hint="supportkit load says where and why; with --max-rejects it takes the rest, to be named with --db",
            )

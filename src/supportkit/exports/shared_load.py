"""What the files of one load share."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from supportkit.exports.recognising.load_options import LoadOptions
from supportkit.exports.rows.personal_data import Protection
from supportkit.system.named import NamedTuple

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from supportkit.exports.people.suppression import Erased
    from supportkit.exports.recognising.guessing.guess import Guess


class Load(NamedTuple):
    """The database, the options, how personal data is taken out, the time it is,
    who was erased, and whether the files are `small`. `met` are the tables and sources of the files before, `guesses`
    what they were guessed to be, by their columns, `dropped` the columns of those that are not loaded."""

    connection: DuckDBPyConnection
    options: LoadOptions
    protection: Protection
    when: datetime
    erased: Erased | None
    small: bool
    met: set[tuple[str, str]]
    guesses: dict[tuple[str, ...], Guess]
    dropped: set[str]

"""The cells of a row that are searched for personal data, each by itself or several in one list.

In a list DuckDB compiles once what they are asked, which takes it some milliseconds for each cell of a row by itself;
but to put a cell into a list and out again takes a fifth of a microsecond for each row. A place in the list is null
where a cell has nothing to be searched for, or where nothing was found in it. In a large file only quiet columns are
in the list, which is made for the rows in which one of their cells has a sign by which something personal is known: all
are asked for it at once.
"""

from __future__ import annotations

from typing import Final

from supportkit.exports.masking.code_shapes import WITHOUT_CARDS
from supportkit.exports.masking.column import Column
from supportkit.exports.masking.in_sql import ANY_SIGN, is_likely, quoted
from supportkit.exports.rows.masking_functions import of_property, of_text

PRIVATE: Final = "private_cells"
"""The column that holds the list."""

_CARD_OR_ACCOUNT: Final = "[0-9](?:[-/. ]?[0-9]){12}|[A-Za-z]{2}[0-9]{2}[ -]?[A-Za-z0-9]{4}"
"""What a card or an account number is at least."""


MANY: Final = 50_000
"""Rows of which each cell is searched by itself."""


class PrivateCells:
    """The cells of one query over so many rows, with the function that masks each."""

    def __init__(self, rows: int = 0) -> None:
        self._together = rows < MANY
        self._cells: list[tuple[str, str, str]] = []

    def text(self, value: str, *, quiet: bool = False) -> str:
        """The SQL of a short text without personal data; quiet, where its column is."""
        return self._add(value, value, "private_text", "null", quiet=quiet)

    def code(self, value: str, column: Column, header: str) -> str:
        """The same of a column of ours of which most cells are codes, which are not looked at."""
        searched = f"case when not ({_is_code(value, column)}) then {value} end"
        return self._add(value, searched, "private_code", header, quiet=column.quiet)

    def property(self, cell: str, column: Column, header: str) -> str:
        """The same of a cell of a column that we have no name for; `header` is the SQL of its name."""
        plain = [_matches(cell, column.plain)] if column.plain else []
        if column.code and column.code not in WITHOUT_CARDS:
            plain.append(_is_code(cell, column))
        searched = f"case when not ({' or '.join(plain)}) then {cell} end" if plain else cell
        if column.is_private:
            searched = f"case when strlen({cell}) > 3 then {searched} end"
            return self._add(cell, searched, "private_always", header, quiet=False)
        return self._add(cell, searched, "private_property", header, quiet=column.quiet)

    def _add(self, value: str, searched: str, function: str, header: str, *, quiet: bool) -> str:
        if self._together or quiet:
            self._cells.append((searched, function, header))
            return f"coalesce({PRIVATE}[{len(self._cells)}], {value})"
        asked = f"{searched} is not null" if function == "private_always" else is_likely(value)
        if searched != value and function != "private_always":
            asked = f"{searched} is not null and {asked}"
        done = _done(function, header, value)
        return f"case when {asked} then {done} else {value} end"

    def sql(self) -> str:
        """The SQL of the list; empty where there is none."""
        if not self._cells:
            return ""
        cells = ", ".join(cell for cell, _, _ in self._cells)
        some = "true" if self._together else f"regexp_matches(concat_ws(chr(10), {cells}), {quoted(ANY_SIGN)})"
        headers = ", ".join(header for _, _, header in self._cells)
        header = f"([{headers}])[i]"
        always = self._of("private_always", _done("private_always", header, "x"), "x is not null and ")
        done = " ".join(self._of(name, _done(name, header, "x")) for name in ("private_text", "private_code"))
        likely = f"when {is_likely('x')} then case {done} else {_done('private_property', header, 'x')} end"
        return f"case when {some} then list_transform([{cells}], lambda x, i: case {always} {likely} end) end"

    def _of(self, function: str, done: str, asked: str = "") -> str:
        """What is done with the cells of a function, as a case; of none, one that never is."""
        places = [str(place) for place, (_, of, _) in enumerate(self._cells, 1) if of == function]
        return f"when {asked}i in ({', '.join(places)}) then {done}" if places else "when false then null"


def _done(function: str, header: str, value: str) -> str:
    """The SQL that masks a value under a header."""
    if function == "private_text":
        return of_text(value)
    return f"private_code({header}, {value})" if function == "private_code" else of_property(header, value)


def _is_code(cell: str, column: Column) -> str:
    """The SQL for whether a cell is a code in which neither a card nor an account can be."""
    matches = _matches(cell, column.code)
    if column.code in WITHOUT_CARDS:
        return matches
    return f"({matches} and not regexp_matches({cell}, {quoted(_CARD_OR_ACCOUNT)}))"


def _matches(cell: str, pattern: str) -> str:
    return f"regexp_full_match({cell}, {quoted(pattern)})"

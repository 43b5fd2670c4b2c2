"""The words of deciding columns where they are more than a program should hold: judged a page at a time, and counted
in DuckDB. What nobody knows is kept as far as people are told of it; of the rest the number is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Final

from supportkit.exports.meanings.deciding_words import MANY, Readers, Word, as_shown, changed_words, judged, put_words
from supportkit.store.deciding import Deciding

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

PAGE: Final = 10_000
"""Words that are judged at a time."""

_COUNTED: Final = "counted_words"
_SAID: Final = "said_words"
_NUMBERED: Final = (
    f"create or replace temp table {_COUNTED} as with counted(number, word, paid_in, rows, amount) as ({{query}}), "
    "word as (select number, word, sum(rows) as rows from counted group by number, word) "
    "select counted.*, dense_rank() over (order by number, word.rows desc, word) as place "
    "from counted join word using (number, word)"
)


def many_words(
    connection: DuckDBPyConnection,
    asked: Sequence[Deciding],
    query: str,
    parameters: Mapping[str, object],
    readers: Readers,
) -> tuple[Word, ...]:
    """The words that a query counts by column, and by the currency of their rows."""
    return tuple(_kept(word for words in _pages(connection, asked, query, parameters, readers) for word in words))


def read_many(
    connection: DuckDBPyConnection,
    asked: Sequence[Deciding],
    query: str,
    place: str,
    readers: Readers,
    hide: Callable[[str], str],
) -> tuple[Word, ...]:
    """The same, with what they mean put into the rows of a place."""
    connection.execute(
        f"create or replace temp table {_SAID} (number integer, word varchar, meaning varchar, shown varchar)"
    )

    def words() -> Iterator[Word]:
        for page in _pages(connection, asked, query, {}, readers):
            shown = as_shown(connection, page, hide)
            for number, column in enumerate(asked):
                said = changed_words(word for word in shown if word.column == column)
                connection.execute(
                    f"insert into {_SAID} select $number, unnest($words), unnest(cast($meanings as varchar[])), "
                    "unnest($shown)",
                    {"number": number, **said},
                )
            yield from shown

    kept = tuple(_kept(words()))
    for number, column in enumerate(asked):
        put_words(connection, place, column, f"select * from {_SAID} where number = {number}", {})
    connection.execute(f"drop table {_SAID}")
    return kept


def _pages(
    connection: DuckDBPyConnection,
    asked: Sequence[Deciding],
    query: str,
    parameters: Mapping[str, object],
    readers: Readers,
) -> Iterator[list[Word]]:
    """The words of each column, the most rows first, some thousand at a time."""
    connection.execute(_NUMBERED.format(query=query), parameters)
    page = f"select number, word, paid_in, rows, amount from {_COUNTED} where place > $over and place <= $upto"
    over = 0
    while rows := connection.execute(page, {"over": over, "upto": over + PAGE}).fetchall():
        yield judged([(asked[number], *row) for number, *row in rows], readers)
        over += PAGE
    connection.execute(f"drop table {_COUNTED}")


def _kept(words: Iterable[Word]) -> Iterator[Word]:
    """The words that somebody knows, and of each column some that nobody does; the last says how many more."""
    for _, found in groupby(words, key=lambda word: word.column):
        kept, last = 0, None
        for word in found:
            if word.meaning.value is not None:
                yield word
            elif last is not None:
                last = last._replace(more=last.more + 1)
            else:
                kept += 1
                last = word if kept == MANY else None
                yield from () if last else (word,)
        if last is not None:
            yield last

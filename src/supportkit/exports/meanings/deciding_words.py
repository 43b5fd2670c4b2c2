"""The words of a file's deciding columns: what each means is put into its rows, and told with its rows and money.

The words of a column are few, and judged one by one, whatever the number of rows; a table of what they mean is joined
to the rows once they are written.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import field
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Final

from supportkit.exports.masking.in_sql import is_likely_in_text
from supportkit.exports.meanings import Meaning, judge, key, vocabulary
from supportkit.exports.meanings.beside import Beside, judge_joined
from supportkit.exports.meanings.scores import written_score
from supportkit.store.deciding import DECIDING, Deciding, deciding
from supportkit.store.schema import STORED
from supportkit.system.frozen import dataclass
from supportkit.system.named import NamedTuple

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

MANY: Final = 1_000
"""Different words of a column: it holds something else than states."""

HELD: Final = 20_000
"""Words that are judged in one piece."""

Counted = tuple[Deciding, str, str | None, int, Decimal | None]
"""A word of a column, a currency, and the number and sum of its rows in it."""

Given = Mapping[str, Mapping[str, str]]
"""For a column what each of its words means."""


def iso_code(kind: str, word: str, own: str | None) -> str | None:
    """The ISO code of a country or of a currency, of which the shop's `own` settles a sign of several."""
    if kind == "country":
        from supportkit.exports.meanings.countries import country

        return country(word)
    from supportkit.exports.meanings.currencies import currency

    return currency(word, own)


class Amount(NamedTuple):
    """What the rows of a word are worth in one currency."""

    currency: str | None
    amount: Decimal


class Word(NamedTuple):
    """A word of a deciding column: what it means, its rows, and their money where the table has any."""

    column: Deciding
    text: str
    meaning: Meaning
    rows: int
    amounts: tuple[Amount, ...] = ()
    given: str = ""
    """The word as it stands in the rows so far, where it is shown in another way: without personal data."""

    more: int = 0
    """Further words of its column that nobody knows either, of which there are more than a program should hold."""

    @property
    def stored(self) -> str | None:
        """The word that is stored for it."""
        return self.meaning.value or (self.text if self.column.kind == "name" else self.column.unknown)


@dataclass(frozen=True)
class Readers:
    """What is known of the words of one export beside ours: the user's by `orders.status`, the vendor's by `status`,
    what other columns say of a state (by its name and their header), the flags that a header asks the other way round
    (`private` is not `public`), and the shop's own currency. A vendor's word may be a pattern, behind `~`."""

    user: Given = field(default_factory=dict)
    vendor: Given = field(default_factory=dict)
    beside: Mapping[str, Mapping[str, Beside]] = field(default_factory=dict)
    contrary: frozenset[str] = frozenset()
    currency: str | None = None

    def judge(self, column: Deciding, text: str) -> Meaning:
        """The meaning of a word."""
        user = self.user_words.get(column.place, {})
        if column.kind == "name":
            if key(text) in user:
                return Meaning(user[key(text)], "user")
            name = iso_code(column.vocabulary, text, self.currency)
            return Meaning(name, "phrase" if name else "unknown")
        vendor, besides = self.vendor_words.get(column.column, {}), self.beside.get(column.column, {})
        found = judge_joined(text, vocabulary(column.vocabulary), besides, user=user, vendor=vendor)
        if found.value is not None:
            return found
        if vocabulary(column.vocabulary).numbers and (score := written_score(text)):
            return Meaning(score.text, "phrase")
        if column.kind == "flag":
            return answered(text, contrary=column.column in self.contrary)
        pattern = self._vendor_patterns(column.column, text)
        return Meaning(pattern, "vendor") if pattern else found

    def _vendor_patterns(self, column: str, text: str) -> str | None:
        words = self.vendor.get(column, {})
        found = (meaning for word, meaning in words.items() if word[:1] == "~" and re.fullmatch(word[1:], text))
        return next(found, None)

    def spoken(self, column: Deciding) -> tuple[str, ...]:
        """The words of a column of which the user or the vendor says what they mean."""
        return (*self.user_words.get(column.place, ()), *self.vendor_words.get(column.column, ()))

    @cached_property
    def user_words(self) -> Given:
        """The user's words as they are compared."""
        return _by_key(self.user)

    @cached_property
    def vendor_words(self) -> Given:
        """The vendor's words as they are compared; patterns are not among them."""
        plain = {
            name: {word: meaning for word, meaning in words.items() if word[:1] != "~"}
            for name, words in self.vendor.items()
        }
        return _by_key(plain)


def answered(text: str, *, contrary: bool = False) -> Meaning:
    """What yes or no means, in a column that asks for the contrary or not."""
    found = judge(text, vocabulary("yes_no"))
    if found.value is None or not contrary:
        return found
    return Meaning("false" if found.value == "true" else "true", found.how)


def _by_key(given: Given) -> Given:
    return {name: {key(word): meaning for word, meaning in words.items()} for name, words in given.items()}


def as_shown(connection: DuckDBPyConnection, words: Sequence[Word], hide: Callable[[str], str]) -> tuple[Word, ...]:
    """The words, without personal data in those that nobody knows."""
    hidden = _hidden(connection, [word.text for word in words if word.meaning.value is None], hide)
    return tuple(
        word if word.meaning.value else word._replace(text=hidden.get(word.text, word.text), given=word.text)
        for word in words
    )


def changed_words(words: Iterable[Word]) -> dict[str, list[str | None]]:
    """What is stored for the words that stand otherwise in their rows, and what is shown of them."""
    changed = [word for word in words if word.stored != word.text or word.meaning.value is None]
    return {
        "words": [word.given or word.text for word in changed],
        "meanings": [word.stored for word in changed],
        "shown": [word.text for word in changed],
    }


def _hidden(connection: DuckDBPyConnection, texts: list[str], hide: Callable[[str], str]) -> dict[str, str]:
    """Words as they are shown, where that is another way; DuckDB tells of many which may be shown as they are."""
    if len(texts) > MANY:
        likely = f"text like '%\n%' or {is_likely_in_text('text')}"
        asked = connection.execute(f"select text from (select unnest($texts) as text) where {likely}", {"texts": texts})
        texts = [text for (text,) in asked.fetchall()]
    return {text: hide(text) for text in texts}


def spread_currency(connection: DuckDBPyConnection, place: str, words: Sequence[Word]) -> None:
    """Where the signs in a file's amounts are of one currency, it is that of the amounts without a sign too."""
    signs = {word.stored for word in words if word.column.column == "currency"}
    if len(signs) == 1:
        connection.execute(f"update {place} set currency = $code where currency is null", {"code": signs.pop()})


def judge_again(connection: DuckDBPyConnection, table: str, source: str, readers: Readers) -> tuple[Word, ...]:
    """Judge the words of a source's stored rows again that nobody knew, or of which the user says what they mean, or
    that an older release has read; returns those whose rows have changed."""
    asked = deciding(table)
    if not asked or not connection.execute(f"select 1 from main.{table} limit 1").fetchall():
        return ()
    old = connection.execute("select 1 from main.loads where reading is null limit 1").fetchall()
    queries = []
    for number, column in enumerate(asked):
        stored = f"cast({column.column} as varchar)"
        some = "" if old or column.place in readers.user_words else f" and {column.is_unknown()}"
        queries.append(
            f"select {number}, {column.word_of()} as word, {stored} as stored, count(*) from main.{table} "
            f"where source = $source and word is not null and {column.rows()}{some} group by word, stored"
        )
    changed: list[Word] = []
    for number, text, stored, rows in connection.execute(" union all ".join(queries), {"source": source}).fetchall():
        word = Word(asked[number], text, readers.judge(asked[number], text), rows)
        if word.stored != stored and (word.meaning.how == "user" or stored in (asked[number].unknown, text)):
            changed.append(word)
    for place in (table, f"{table}_older"):  # which may be shown again
        for column in asked if place in STORED else ():
            put(connection, f"main.{place}", column, [word for word in changed if word.column == column], source)
    return tuple(sorted(changed, key=lambda word: (DECIDING.index(word.column), -word.rows, word.text)))


def counting(asked: Sequence[Deciding], place: str) -> str:
    """The query for the words of each column, with the currency, number and sum of their rows."""
    queries = []
    for number, column in enumerate(asked):
        money = ("currency", "sum(amount)") if column.table == "orders" else ("cast(null as varchar)", "null")
        queries.append(
            f"select {number}, {column.word_of()} as word, {money[0]} as paid_in, count(*), {money[1]} "
            f"from {place} where word is not null and {column.rows()} group by word, paid_in"
        )
    return " union all ".join(queries)


def counted(
    connection: DuckDBPyConnection, asked: Sequence[Deciding], query: str, parameters: Mapping[str, object]
) -> list[Counted] | None:
    """What such a query finds; None where these are more words than are judged in one piece."""
    rows = connection.execute(query, parameters).fetchmany(HELD + 1) if query else []
    return None if len(rows) > HELD else [(asked[number], *row) for number, *row in rows]


def judged(rows: Sequence[Counted], readers: Readers) -> list[Word]:
    """What counted words mean, column by column, the most rows first."""
    paid = {paid_in for _, _, paid_in, _, _ in rows if paid_in}
    codes = {paid_in: iso_code("currency", paid_in, readers.currency) or paid_in for paid_in in paid}
    known: dict[str, dict[str, tuple[int, dict[str | None, Decimal]]]] = {}
    for column, text, paid_in, count, amount in rows:
        words = known.setdefault(column.column, {})
        before, amounts = words.get(text, (0, {}))
        if amount is not None:
            code = codes[paid_in] if paid_in else None
            amounts[code] = amounts.get(code, Decimal(0)) + amount
        words[text] = before + count, amounts
    columns = {column.column: column for column, *_ in rows}
    judged = []
    for column in sorted(columns.values(), key=DECIDING.index):
        for text, (count, amounts) in sorted(known[column.column].items(), key=lambda one: (-one[1][0], one[0])):
            told = sorted(amounts.items(), key=lambda one: (-one[1], one[0] or "")) if amounts else ()
            judged.append(Word(column, text, readers.judge(column, text), count, tuple(Amount(*one) for one in told)))
    return judged


def put(
    connection: DuckDBPyConnection, place: str, column: Deciding, words: Sequence[Word], source: str | None = None
) -> None:
    """Store what words mean that stand otherwise in the rows of a place."""
    said = changed_words(words)
    if said["words"]:
        unnested = (
            "select unnest($words) as word, unnest(cast($meanings as varchar[])) as meaning, unnest($shown) as shown"
        )
        put_words(connection, place, column, unnested, said, source)


def put_words(
    connection: DuckDBPyConnection,
    place: str,
    column: Deciding,
    said: str,
    given: Mapping[str, object],
    source: str | None = None,
) -> None:
    """Store what the words of a query mean, and the words beside; an unknown name stands beside itself."""
    meaning = "cast(meaning as boolean)" if column.kind == "flag" else "meaning"
    connection.execute(
        f"update {place} set {column.column} = {meaning}, {column.written} = shown from ({said}) as said "
        f"where {column.word_of()} = said.word and {column.rows()}"
        + (" and source = $source" if source is not None else ""),
        {**given, **({"source": source} if source is not None else {})},
    )

"""Words that nobody knows, in the rows that a figure rests on: named with their rows and money, and as a share.

They are looked for in the selected rows themselves, so that what is told is what counts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from supportkit.store.deciding import DECIDING, Deciding, deciding
from supportkit.store.order_states import BACK
from supportkit.system.frozen import dataclass
from supportkit.system.named import NamedTuple

if TYPE_CHECKING:
    from supportkit.result import Value
    from supportkit.store.selection import Selection
    from supportkit.store.store import Store

NAMED: Final = 5
"""Words that a note names; the rest is counted."""
LONG: Final = 60


class Part(NamedTuple):
    """Rows of a group: those whose word is unknown, all, and what both are worth in one currency."""

    group: tuple[Value, ...]
    word: str | None
    currency: str | None
    rows: int
    amount: Decimal


@dataclass(frozen=True)
class Unknown:
    """What a selection holds of rows whose word for a column nobody knows."""

    column: Deciding
    parts: Sequence[Part]
    rows_are: str = ""
    """What the rows are called, where not after their table."""

    @property
    def words(self) -> list[str]:
        """The unknown words, the most rows first."""
        return list(self._words())

    def share(self, group: tuple[Value, ...] | None = None) -> float:
        """The share of the rows, or of the money in one currency, whichever is more; of a group where one is named."""
        parts = [part for part in self.parts if group is None or part.group == group]
        rows = sum(part.rows for part in parts)
        shares = [sum(part.rows for part in parts if part.word is not None) / rows if rows else 0.0]
        for currency in {part.currency for part in parts}:
            unknown, whole = self._money(currency, parts)
            shares.append(float(unknown / whole) if whole > 0 else 0.0)
        return max(shares)

    def shares(self) -> dict[tuple[Value, ...], float]:
        """The share of each group that has any."""
        groups = {part.group for part in self.parts if part.word is not None}
        return {group: self.share(group) for group in groups}

    def note(self) -> str:
        """The sentence under a figure: how much of it rests on which unknown words, and where to say what they mean."""
        unknown = [part for part in self.parts if part.word is not None]
        of = sum(part.rows for part in self.parts)
        rows, name = sum(part.rows for part in unknown), self.rows_are or self.column.table
        counted = f"{rows:,} of {of:,} {name} of unknown {self.column.column}"
        money = []
        for currency in sorted({part.currency or "" for part in unknown}):
            amount, whole = self._money(currency or None, self.parts)
            money.append(f"{amount:,.2f} of {whole:,.2f} {currency}".strip())
        if self.column.table == "orders":
            counted = f"{' and '.join(money)} in {counted}"
        told = [f"{shown_word(word)} ({count:,})" for word, count in self._words().items()]
        more = [f"{len(told) - NAMED:,} more"] if len(told) > NAMED else []
        where = f"say what they mean: [values.{self.column.place}]"
        return f"{counted}: {', '.join([*told[:NAMED], *more])}; each {self.column.counts}; {where}"

    def _words(self) -> dict[str, int]:
        counts: dict[str, int] = defaultdict(int)
        for part in self.parts:
            if part.word is not None:
                counts[part.word] += part.rows
        return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))

    @staticmethod
    def _money(currency: str | None, parts: Sequence[Part]) -> tuple[Decimal, Decimal]:
        """What the unknown rows in a currency are worth, and all."""
        own = [part for part in parts if part.currency == currency]
        return sum((p.amount for p in own if p.word is not None), Decimal()), sum((p.amount for p in own), Decimal())


def unknown_words(store: Store, selection: Selection, by: Sequence[str] = ()) -> tuple[Unknown, ...]:
    """The unknown words that a figure over a selection rests on: of the columns that decide whether and how a row
    counts, and of those that it is split by (`by` too) or cut to."""
    asked = {*by, *selection.by, *(condition.column for condition in store.conditions)}
    columns = [
        one for one in deciding(selection.table.name) if one.decides in ("whether", "how") or one.column in asked
    ]
    return _found(store, selection, columns, "counts and amount >= 0" if selection.table.name == "orders" else "true")


def _found(store: Store, selection: Selection, columns: Sequence[Deciding], counts: str) -> tuple[Unknown, ...]:
    found = []
    there = store.met(selection.table.name, [column.is_unknown() for column in columns])
    for column, is_there in zip(columns, there, strict=True):
        if is_there:
            unknown = Unknown(column, _parts(store, selection, column, counts))
            if unknown.words:
                found.append(unknown)
    return tuple(found)


def _parts(store: Store, selection: Selection, column: Deciding, counts: str) -> list[Part]:
    orders = column.table == "orders"
    money = f"currency as paid_in, sum(amount - {BACK})" if orders else "null as paid_in, 0"
    rows = store.rows(
        f"select by_1, by_2, over_start, case when {column.is_unknown()} then {column.word_of()} end as word, "
        f"{money} as money, count(*) as counted from {column.table} where {counts} and {column.rows()} "
        "group by by_1, by_2, over_start, word, paid_in order by by_1, by_2, over_start, word, paid_in",
        selection,
    )
    return [
        Part(selection.values(*group), word, paid_in, count, Decimal(amount))
        for *group, word, paid_in, amount, count in rows
    ]


def shown_word(word: str) -> str:
    """A word as it can be shown: in one line, and not too long."""
    shown = " ".join("".join(char if char.isprintable() else " " for char in word).split())
    return shown if len(shown) <= LONG else f"{shown[: LONG - 1]}…"


def in_store(store: Store) -> tuple[Unknown, ...]:
    """The unknown words of all the deciding columns of a store."""
    tables = dict.fromkeys(one.table for one in DECIDING)
    return tuple(one for table in tables for one in _found(store, store.select(table), deciding(table), "true"))


def shares_of(
    told: Mapping[str, Sequence[Unknown]], places: Sequence[str], table: str
) -> dict[tuple[Value, ...] | None, float]:
    """The share of one figure that rests on unknown words of some columns: of each group that has any, of the whole
    under (), and under None of whatever group, from tables beside the figure's own."""
    found: dict[tuple[Value, ...] | None, float] = {}
    for unknown in (one for of in told.values() for one in of if one.column.place in places):
        own = unknown.column.table == table
        for group, share in {**unknown.shares(), (): unknown.share()}.items() if own else [(None, unknown.share())]:
            found[group] = max(share, found.get(group, 0.0))
    return found


def shares(found: Sequence[Unknown]) -> dict[tuple[Value, ...], float]:
    """The share of a figure that rests on unknown words: of each group that has any, and of the whole under ()."""
    told: dict[tuple[Value, ...], float] = {}
    for unknown in found:
        if unknown.column.decides == "whether":
            for group, share in {**unknown.shares(), (): unknown.share()}.items():
                told[group] = max(share, told.get(group, 0.0))
    return told

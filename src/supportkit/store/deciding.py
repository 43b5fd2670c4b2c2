"""The columns whose words decide whether or how a row counts: how a meaning is stored, and how an unknown word is.

The word as written stands beside the meaning where it is another. A `state` that nobody knows is stored as `unknown`;
a `name` (a country, a currency) is stored as its code, and one that nobody knows stays as it is, and is equal to the
word beside it.
"""

from __future__ import annotations

from typing import Final, Literal, NamedTuple

UNKNOWN: Final = "unknown"


class Deciding(NamedTuple):
    """A column of a table, the words that are for it, and what becomes of a row whose word nobody knows (`counts`).

    The words decide whether a row counts, how it does, or only to which group it belongs.
    """

    table: str
    column: str
    vocabulary: str
    kind: Literal["state", "name"] = "state"
    decides: Literal["whether", "how", "group"] = "group"
    counts: str = "stays as it is"

    @property
    def written(self) -> str:
        """The column that holds the word as written."""
        return f"{self.column}_as_written"

    @property
    def place(self) -> str:
        """The column as a person names it, in `[values.orders.status]`."""
        return f"{self.table}.{self.column}"

    def is_unknown(self, alias: str = "") -> str:
        """The SQL for whether nobody knows the word of a row."""
        of = f"{alias}." if alias else ""
        if self.kind == "state":
            return f"({of}{self.column} = '{UNKNOWN}')"
        return f"({of}{self.column} = {of}{self.written})"

    def word_of(self, alias: str = "") -> str:
        """The SQL for the word of a row as it was written."""
        of = f"{alias}." if alias else ""
        return f"coalesce({of}{self.written}, {of}{self.column})"


DECIDING: Final = (
    Deciding("orders", "status", "orders_status", decides="whether", counts="counts as a sale"),
    Deciding("orders", "currency", "currency", "name", "how"),
    *(Deciding(table, "country", "country", "name") for table in ("tickets", "orders", "surveys", "events")),
)


def deciding(table: str) -> tuple[Deciding, ...]:
    """The deciding columns of a table."""
    return tuple(one for one in DECIDING if one.table == table)

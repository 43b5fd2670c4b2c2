"""The columns whose words decide whether or how a row counts: how a meaning is stored, and how an unknown word is.

The word as written stands beside the meaning where it is another. A `state` that nobody knows is stored as `unknown`;
a `name` (a country, a currency) is stored as its code, and one that nobody knows stays as it is, and is equal to the
word beside it; a `verdict`, and a `flag` that is true or false, is empty beside a word that nobody knows. A `score`
that nobody knows rejects its row.
"""

from __future__ import annotations

from typing import Final, Literal

from supportkit.system.named import NamedTuple

UNKNOWN: Final = "unknown"


class Deciding(NamedTuple):
    """A column of a table, the words that are for it, and what becomes of a row whose word nobody knows (`counts`).

    The words decide whether a row counts, how it does, only to which group it belongs, or `some` figures, which say so
    themselves. A column may be one only `among` some rows, told by SQL over the columns before it.
    """

    table: str
    column: str
    vocabulary: str
    kind: Literal["state", "name", "verdict", "flag", "score"] = "state"
    decides: Literal["whether", "how", "group", "some"] = "group"
    counts: str = "stays as it is"
    among: str = ""

    @property
    def written(self) -> str:
        """The column that holds the word as written."""
        return f"{self.column}_as_written"

    @property
    def place(self) -> str:
        """The column as a person names it, in `[values.orders.status]`."""
        return f"{self.table}.{self.column}"

    @property
    def unknown(self) -> str | None:
        """What is stored for a word that nobody knows, but for a name."""
        return UNKNOWN if self.kind == "state" else None

    def is_unknown(self, alias: str = "") -> str:
        """The SQL for whether nobody knows the word of a row."""
        of = f"{alias}." if alias else ""
        if self.among:
            return f"({of}{self.column} = '{UNKNOWN}' and {self.rows(alias)})"
        if self.kind == "state":
            return f"({of}{self.column} = '{UNKNOWN}')"
        if self.kind == "name":
            return f"({of}{self.column} = {of}{self.written})"
        return f"({of}{self.column} is null and {of}{self.written} is not null)"

    def rows(self, alias: str = "") -> str:
        """The SQL for whether the column of a row holds a word."""
        return f"{alias}.{self.among}" if alias and self.among else self.among or "true"

    def word_of(self, alias: str = "") -> str:
        """The SQL for the word of a row as it was written."""
        of = f"{alias}." if alias else ""
        meaning = f"{of}{self.column}"
        return f"coalesce({of}{self.written}, {f'cast({meaning} as varchar)' if self.kind == 'flag' else meaning})"


KIND: Final = Deciding("surveys", "kind", "surveys_kind", decides="whether", counts="is in no figure")
SCORE: Final = Deciding("surveys", "score", "score", "score", "whether", "is rejected")
SATISFACTION: Final = Deciding(
    *("tickets", "satisfaction", "tickets_satisfaction"),
    decides="some",
    counts="is no rating",
    among="satisfaction <> 'unoffered'",
)
DECIDING: Final = (
    Deciding("orders", "status", "orders_status", decides="whether", counts="counts as a sale"),
    Deciding("tickets", "status", "tickets_status", decides="whether", counts="is open until a date says otherwise"),
    Deciding("tickets", "sla_first_reply", "sla_verdict", "verdict", "some", "is in no SLA figure"),
    Deciding("tickets", "sla_resolution", "sla_verdict", "verdict", "some", "is in no SLA figure"),
    Deciding("tickets", "is_complaint", "ticket_complaint", "flag", "some", "counts as no complaint"),
    Deciding("tickets", "opener", "message_sender", decides="some", counts="says nothing of who opened the ticket"),
    Deciding("messages", "sender", "message_sender", decides="whether", counts="is neither a question nor a reply"),
    Deciding("messages", "kind", "message_kind", decides="whether", counts="is no message"),
    Deciding("messages", "public", "message_public", "flag", "whether", "is seen by no customer"),
    *(
        Deciding("messages", name, "tickets_status", decides="some", counts="is open", among="kind = 'status'")
        for name in ("from_value", "to_value")
    ),
    SATISFACTION,
    KIND,
    SCORE,
    Deciding("orders", "currency", "currency", "name", "how"),
    *(Deciding(table, "country", "country", "name") for table in ("tickets", "orders", "surveys", "events")),
)


def deciding(table: str) -> tuple[Deciding, ...]:
    """The deciding columns of a table in whose rows words stand; those for scores are read before them."""
    return tuple(one for one in DECIDING if one.table == table and one.kind != "score")

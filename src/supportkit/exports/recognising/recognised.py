"""What a file was recognised as: its table, the vendor's export, and where each of our columns comes from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field

from supportkit.exports.meanings import part_payments
from supportkit.exports.meanings.beside import Beside
from supportkit.exports.meanings.gift_cards import LABEL, ONLY_GIFTS
from supportkit.exports.recognising.expressions import Expression, Header, columns_read
from supportkit.exports.recognising.header_names import contact_kind, normal_header
from supportkit.exports.recognising.keeping import Kept
from supportkit.exports.sources import Export
from supportkit.store.schema import Table
from supportkit.system.frozen import dataclass


@dataclass(frozen=True)
class Recognised:
    """What a file is: its table, the vendor's export it is read as, and where each of our columns comes from.

    `columns` gives each of our columns the expressions to try in turn; `zones` the time zones that headers name;
    `personal` are the columns that are left out as such, `named` those of them whose headers alone say so, `dropped`
    those that nobody wants; `contrary` are those of which the file says the contrary.
    """

    table: Table
    export: Export
    source: str
    columns: Mapping[str, tuple[Expression, ...]]
    units: Mapping[str, str] = field(default_factory=dict)
    zones: Mapping[int, str] = field(default_factory=dict)
    keep: tuple[tuple[str, tuple[Kept, ...]], ...] = ()
    personal: frozenset[int] = frozenset()
    named: frozenset[int] = frozenset()
    dropped: frozenset[int] = frozenset()
    settings: Mapping[str, str] = field(default_factory=dict)
    contrary: frozenset[str] = frozenset()
    business_hours: frozenset[str] = frozenset()
    """Columns of durations that the vendor counted within business hours."""

    def left_over(self, headers: Sequence[str]) -> list[int]:
        """The columns of the file that none of ours takes: they become properties. A vendor's own id of a customer
        that is known by e-mail or phone is kept there too."""
        used: set[int] = set()
        for ours, expressions in self.columns.items():
            if ours not in self.table.names:  # what is said of a line is a property of it, too
                continue
            for rank, expression in enumerate(expressions):
                if rank == 0 or not isinstance(expression, Header) or contact_kind(headers[expression.place]) != "id":
                    used.update(columns_read(expression))
        return [place for place in range(len(headers)) if place not in used and place not in self.unkept]

    @property
    def states_totals(self) -> bool:
        """Whether the amount on a line is its order's, to be taken once: that is said, or a price stands beside it."""
        said = self.settings.get("amount_of")
        return said == "order" or (said != "line" and "price" in self.columns)

    @property
    def unkept(self) -> frozenset[int]:
        """The columns of which nothing is kept."""
        return self.personal | self.dropped

    def first_close(self, headers: Sequence[str]) -> str:
        """The header of the closing time, where the vendor writes the first close alone; empty where it does not."""
        for ours in ("solved_at", "closed_at"):
            if ours in self.columns:
                found = self.columns[ours][0]
                header = headers[found.place] if isinstance(found, Header) and found.place >= 0 else ""
                return header if normal_header(header) in self.export.first_close else ""
        return ""

    def beside(self, headers: Sequence[str]) -> dict[str, dict[str, Beside]]:
        """For each state the columns of the file that change what it means, by their header."""
        names = [normal_header(header).replace("_", " ") for header in headers]
        found: dict[str, dict[str, Beside]] = {}
        for one in self.export.beside:
            if (spaced := one.header.replace("_", " ")) in names:
                found.setdefault(one.column, {})[headers[names.index(spaced)]] = one
        if self.export.gift_cards:
            found.setdefault("status", {})[LABEL] = ONLY_GIFTS
        if self.export.part_paid:
            found.setdefault("status", {})[part_payments.LABEL] = part_payments.PAID_PART
        return found

"""Orders of which a part is paid: where the export says what is still owed, the paid part is a sale.

Without that such an order is open, since nobody knows what of it was paid.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from supportkit.exports.meanings.beside import APART, Beside, OneOf
from supportkit.system.frozen import dataclass

LABEL: Final = "paid part"
PAID_PART: Final = Beside("status", LABEL, filled="sale")


@dataclass(frozen=True)
class PartPaid:
    """The column of an export that says what is still owed of an order, and the words for one that is paid in part."""

    owed: str
    words: tuple[str, ...]

    def joined(self, names: Sequence[str], status: str, number: Callable[[int], str], is_one_of: OneOf) -> str:
        """The SQL for what is joined to the word of such an order; nothing where it is not known what is owed."""
        if self.owed not in names:
            return "''"
        known = f"{is_one_of(status, self.words)} and {self._number(names, number)} >= 0"
        return f"case when {known} then '{APART}{LABEL}' else '' end"

    def amount(self, names: Sequence[str], status: str, amount: str, number: Callable[[int], str]) -> str:
        """The SQL for the amount of an order without what is still owed, by its joined state."""
        if self.owed not in names:
            return amount
        paid = f"greatest({amount} - {self._number(names, number)}, 0)"
        return f"case when contains({status}, '{APART}{LABEL}') then {paid} else {amount} end"

    def _number(self, names: Sequence[str], number: Callable[[int], str]) -> str:
        return f"try_cast({number(names.index(self.owed))} as decimal(18,4))"

"""Gift cards sold: no revenue until they are spent, when the order that they pay for is a sale like any other.

A line is one where it is called so, and is neither shipped nor taxed. An order of nothing but gift cards is open; of
one that has them among other lines, the amount is that of the others.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from supportkit.exports.meanings.beside import APART, Beside, OneOf
from supportkit.system.frozen import dataclass

GIFTS: Final = "gifts"
"""The column of the stage that holds what a line's gift cards cost."""
LABEL: Final = "gift cards"
ONLY_GIFTS: Final = Beside("status", LABEL, filled="open")


@dataclass(frozen=True)
class GiftCards:
    """The columns of an export that tell a line of gift cards, and the words that its name has."""

    name: str
    price: str
    quantity: str
    words: tuple[str, ...]
    false: tuple[str, ...] = ()

    def sql(self, names: Sequence[str], number: Callable[[int], str], is_one_of: OneOf) -> str:
        """The SQL for what the gift cards of a line cost; null where it has none."""
        if not {self.name, self.price, self.quantity} <= set(names):
            return "cast(null as decimal(18,4))"
        named = " or ".join(f"contains(lower(t{names.index(self.name)}), '{word}')" for word in self.words)
        others = [is_one_of(f"t{names.index(name)}", ["false"]) for name in self.false if name in names]
        price, quantity = (
            f"try_cast({number(names.index(name))} as decimal(18,4))" for name in (self.price, self.quantity)
        )
        told = " and ".join([f"({named})", *others])
        return f"case when {told} then try_cast({price} * {quantity} as decimal(18,4)) end"

    def places(self, names: Sequence[str]) -> list[int]:
        """The columns of the file that are numbers."""
        return [names.index(name) for name in (self.price, self.quantity) if name in names]


AMOUNT: Final = f"case when sum({GIFTS}) < sum(amount) then sum(amount) - sum({GIFTS}) else sum(amount) end"
_LABELLED: Final = f"case when sum({GIFTS}) >= sum(amount) then '{APART}{LABEL}' else '' end"
STATUS: Final = f"nullif(concat(arg_min(status, source_row), {_LABELLED}), '')"

"""The states of an order, and which of them are revenue.

What was refunded is told by amounts too, which say more than a word: an order that was given back whole is refunded
whatever its word says, and one that is called refunded and was given back in part is partly refunded. An order without
a word, or with one that nobody knows, counts as a sale: a shop's own word for done is likelier than one for void. Of
the words that 0.1 stored as they were written it knew but a few.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

STATES: Final = ("sale", "partly refunded", "open", "cancelled", "failed", "refunded", "test", "disputed")
REVENUE: Final = ("sale", "partly refunded")

# Some exports write what was refunded as a negative number.
BACK: Final = "abs(coalesce(refunded, 0))"
_OLD: Final = """case when lower(trim(status)) in ('cancelled', 'canceled', 'voided', 'void', 'failed', 'declined',
                                               'expired', 'abandoned', 'draft') then 'cancelled'
                 when lower(trim(status)) = 'refunded' then 'refunded'
                 else 'sale' end"""
_KNOWN: Final = ", ".join(f"'{state}'" for state in STATES)
OLD_WORDS: Final = f"status_as_written is null and status not in ({_KNOWN})"
"""The SQL for whether an order has a word as 0.1 stored it."""


def state_sql(*, old_words: bool) -> str:
    """The SQL for the state of an order; `old_words` says that there are such, which take long to be read."""
    said = "coalesce(status, 'sale')"
    if old_words:
        said = f"case when status_as_written is not null or status in ({_KNOWN}) then status else {_OLD} end"
    return f"""case when {said} = 'refunded' and {BACK} > 0 and {BACK} < amount then 'partly refunded'
            when {said} in ('sale', 'unknown', 'partly refunded')
             and {BACK} > 0 and {BACK} >= amount and amount >= 0 then 'refunded'
            else {said} end"""


def counted(states: Iterable[str]) -> list[str]:
    """The states that count as they are stored: an unknown one goes with the sales."""
    found = list(dict.fromkeys(states))
    return [*found, "unknown"] if "sale" in found else found

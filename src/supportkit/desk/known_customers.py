"""Whether any ticket says whose it is, and what has to be said where none does."""

from __future__ import annotations

from typing import Final

from supportkit.store import Store

NO_CUSTOMER: Final = "no ticket has a customer: customer_id is the requester's e-mail or id, which most exports have"


def knows_customers(store: Store) -> bool:
    """Whether a ticket of the store has a customer."""
    return store.has_rows("tickets", "customer_id <> ''")

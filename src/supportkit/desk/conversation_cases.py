"""The rows behind the figures of conversations: those that a person can read, and which mix the forms of address."""

from __future__ import annotations

from typing import Final

from supportkit.desk.conversations_sql import ADDRESS, CONVERSATIONS
from supportkit.offers.cases import ALL as EVERY
from supportkit.offers.cases import TICKETS, Cases
from supportkit.result import detail
from supportkit.store import Selection, Store

SQL_CASES: Final = f"""
with {CONVERSATIONS},
     behind as materialized (
        select *, created_at as dated_at from conversation)
"""


def conversation_cases(store: Store, tickets: Selection, messages: Selection) -> Cases:
    """All conversations of a selection, the latest first."""
    scope, notes = store.scope(tickets, messages)
    return Cases(
        unit=TICKETS,
        sql=SQL_CASES,
        selections=(tickets, messages),
        values=(detail("replies", "count"), detail("moment", "text"), detail("is_mixed", "flag", "mixes")),
        parts={EVERY: "true", "with_address": "has_address", "mixed": "is_mixed"},
        order=("dated_at desc", "source", "ticket_id", "by_1", "by_2"),
        parameters=dict(ADDRESS),
        scope=scope,
        notes=notes,
        among={"mixed": "has_address"},
        tells={"mixed": "mixed"},
    )

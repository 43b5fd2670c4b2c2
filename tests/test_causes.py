"""The Pareto of complaints: shares, hours, customers and what they have bought."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from supportkit.causes import causes
from supportkit.errors import UsageError
from supportkit.store import Store

Shop = Callable[..., Store]


ORDERS = """
order_id,ordered_at,customer_id,amount,currency,refunded,status
1,2026-01-01T10:00:00Z,ann,100,EUR,,paid
2,2026-01-02T10:00:00Z,ann,50,EUR,20,paid
3,2026-01-02T10:00:00Z,ben,40,EUR,,paid
4,2026-01-02T10:00:00Z,cid,70,EUR,,cancelled
5,2026-01-02T10:00:00Z,eve,999,EUR,,paid
"""


COMPLAINTS = """
ticket_id,created_at,customer_id,category,is_complaint,solved_at
A,2026-01-05T10:00:00Z,ann,late,true,2026-01-05T13:00:00Z
B,2026-01-05T10:00:00Z,ann,late,true,2026-01-05T12:00:00Z
C,2026-01-05T10:00:00Z,ben,late,true,
D,2026-01-05T10:00:00Z,cid,broken,true,2026-01-06T10:00:00Z
E,2026-01-05T10:00:00Z,eve,question,false,2026-01-06T10:00:00Z
"""


def test_the_pareto_counts_shares_hours_customers_and_their_purchases(shop: Shop) -> None:
    result = causes(shop(tickets=COMPLAINTS, orders=ORDERS), by="category")
    # late: 3 of 4; 3 h + 2 h; ann 100 + 50 - 20, ben 40. broken: cid bought nothing that stands.
    late, broken = result.records()
    assert late == {
        "category": "late", "tickets": 3, "share": 0.75, "cumulative_share": 0.75, "hours": 5.0, "customers": 2,
        "revenue": 170,
    }  # fmt: skip
    assert (broken["cumulative_share"], broken["hours"], broken["revenue"]) == (1.0, 24.0, None)
    assert result.facts == {"tickets": 4, "topics": 2}
    assert any("1 tickets that are no complaints" in note for note in result.notes)


def test_without_a_mark_of_complaints_all_tickets_count(shop: Shop) -> None:
    result = causes(shop(tickets="ticket_id,created_at\nA,2026-01-05T10:00:00Z"))
    assert result.facts == {"tickets": 1, "topics": 1}
    assert next(iter(result.records()))["topic"] == "unassigned"


def test_revenue_in_two_currencies_is_not_added(shop: Shop) -> None:
    result = causes(shop(tickets=COMPLAINTS, orders=ORDERS.replace("40,EUR", "40,USD")), by="category")
    assert [row["revenue"] for row in result.records()] == [None, None]
    assert any("not added" in note for note in result.notes)


def test_causes_take_one_dimension(shop: Shop) -> None:
    with pytest.raises(UsageError, match="one column"):
        causes(shop(tickets=COMPLAINTS), by="category,channel")

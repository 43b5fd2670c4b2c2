"""The Pareto of complaints: shares, hours, customers and what they have bought."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from supportkit.causes import causes
from supportkit.errors import UsageError
from supportkit.period import containing
from supportkit.result import Chart
from supportkit.store import Store
from supportkit.store.selection import SEVERAL

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
        "revenue": 170, "solved": 2, "all_tickets": 4,
    }  # fmt: skip
    assert (broken["cumulative_share"], broken["hours"], broken["revenue"]) == (1.0, 24.0, None)
    assert result.facts == {"tickets": 4, "topics": 2}
    assert any("1 ticket that is no complaint" in note for note in result.notes)


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


def test_the_whole_result_of_five_complaints(shop: Shop) -> None:
    result = causes(shop(tickets=COMPLAINTS, orders=ORDERS), by="category")
    assert (result.metric, result.title) == ("causes", "Causes: what to remove first")
    assert result.definition == ("complaints by category, largest first: hours, customers and what those have bought")
    assert [column.name for column in result.columns] == [
        "category", "tickets", "share", "cumulative_share", "hours", "customers", "revenue", "solved",
        "all_tickets",
    ]  # fmt: skip
    assert result.rows == (
        ("late", 3, 0.75, 0.75, 5.0, 2, Decimal("170"), 2, 4),
        ("broken", 1, 0.25, 1.0, 24.0, 1, None, 1, 4),
    )
    assert result.notes == (
        "1 ticket that is no complaint is left out",
        "orders left out: 1 cancelled (70.00 EUR)",
    )
    assert result.chart == Chart("pareto", x="category", y="tickets")
    assert (result.scope.period, result.scope.rows, result.scope.currency) == ("all", 5, "EUR")


def test_a_ticket_that_says_nothing_of_complaints_is_none_where_others_are(shop: Shop) -> None:
    text = COMPLAINTS.replace("eve,question,false", "eve,question,")
    result = causes(shop(tickets=text), by="category")
    assert [row[0] for row in result.rows] == ["late", "broken"]
    assert result.notes == ("1 ticket that is no complaint is left out",)


def test_where_none_is_marked_all_count_with_hours_and_purchases(shop: Shop) -> None:
    text = COMPLAINTS.replace(",true,", ",false,")
    result = causes(shop(tickets=text, orders=ORDERS), by="category")
    assert [(row[0], row[1], row[4], row[6]) for row in result.rows] == [
        ("late", 3, 5.0, Decimal("170")),
        ("broken", 1, 24.0, None),
        ("question", 1, 24.0, Decimal("999")),
    ]
    assert result.facts == {"tickets": 5, "topics": 3}
    assert result.notes == (
        "the export marks no complaint: all tickets count",
        "orders left out: 1 cancelled (70.00 EUR)",
    )


def test_topics_of_equal_size_are_in_the_order_of_their_names(shop: Shop) -> None:
    rows = "\n".join(f"{n},2026-01-05T10:00:00Z,{name}" for n, name in enumerate("cab"))
    result = causes(shop(tickets=f"ticket_id,created_at,category\n{rows}"), by="category")
    assert [(row[0], row[3]) for row in result.rows] == [
        ("a", pytest.approx(1 / 3)), ("b", pytest.approx(2 / 3)), ("c", 1.0),
    ]  # fmt: skip


def test_hours_run_to_the_solution_else_the_closing_and_no_ticket_gives_some_back(shop: Shop) -> None:
    text = """
    ticket_id,created_at,category,is_complaint,solved_at,closed_at
    A,2026-01-05T10:00:00Z,late,true,2026-01-05T11:30:00Z,2026-01-09T10:00:00Z
    B,2026-01-05T10:00:00Z,late,true,,2026-01-05T12:00:00Z
    C,2026-01-05T10:00:00Z,late,true,2026-01-05T08:00:00Z,
    D,2026-01-05T10:00:00Z,late,true,2026-01-05T10:00:00Z,
    E,2026-01-05T10:00:00Z,lost,true,,
    F,2026-01-05T10:00:00Z,odd,true,2026-01-05T10:00:00Z,
    """
    result = causes(shop(tickets=text), by="category")
    assert [(row["category"], row["hours"], row["solved"]) for row in result.records()] == [
        ("late", 3.5, 3), ("lost", None, 0), ("odd", 0.0, 1),
    ]  # fmt: skip
    assert result.notes == ()


def test_purchases_count_up_to_the_end_of_the_period_and_from_the_beginning(shop: Shop) -> None:
    text = """
    order_id,ordered_at,customer_id,amount,currency
    1,2025-01-01T10:00:00Z,ann,100,EUR
    2,2026-01-11T23:00:00Z,ann,10,EUR
    3,2026-01-12T00:00:00Z,ann,1,EUR
    """
    store = shop(tickets=COMPLAINTS, orders=text)
    week = containing(date(2026, 1, 5), "week")
    assert [row[6] for row in causes(store, period=week, by="category").rows] == [Decimal("110"), None]
    assert [row[6] for row in causes(store, by="category").rows] == [Decimal("111"), None]
    before = causes(store, period=week.previous(), by="category")
    assert (before.rows, before.facts) == ((), {"tickets": 0, "topics": None})
    assert before.notes == ()


def test_revenue_in_two_currencies_is_named_and_has_none(shop: Shop) -> None:
    result = causes(shop(tickets=COMPLAINTS, orders=ORDERS.replace("40,EUR", "40,USD")), by="category")
    assert result.notes[2] == "revenue is in EUR, USD and is not added up"
    assert result.scope.currency is None
    plain = "order_id,ordered_at,customer_id,amount\n1,2026-01-01T10:00:00Z,ann,100"
    unnamed = causes(shop(tickets=COMPLAINTS, orders=plain), by="category")
    assert (unnamed.rows[0][6], unnamed.scope.currency) == (Decimal("100"), None)
    configured = causes(shop(currency="CHF", tickets=COMPLAINTS, orders=plain), by="category")
    assert (configured.rows[0][6], configured.scope.currency) == (Decimal("100"), "CHF")
    assert causes(shop(currency="CHF", tickets=COMPLAINTS), by="category").scope.currency == "CHF"


def test_a_ticket_with_two_tags_is_in_two_rows_and_shares_are_of_the_sum_of_the_rows(shop: Shop) -> None:
    text = """
    ticket_id,created_at,customer_id,tags,is_complaint
    A,2026-01-05T10:00:00Z,ann,"late,broken",true
    B,2026-01-05T10:00:00Z,ben,late,true
    C,2026-01-05T10:00:00Z,cid,other,false
    """
    result = causes(shop(tickets=text, orders=ORDERS), by="tags")
    assert [(row[0], row[1], row[6]) for row in result.rows] == [
        ("late", 2, Decimal("170")),
        ("broken", 1, Decimal("130")),
    ]
    assert [row[2] for row in result.rows] == pytest.approx([2 / 3, 1 / 3])
    assert result.facts == {"tickets": 2, "topics": 2}
    assert result.notes == (
        "1 ticket that is no complaint is left out",
        "orders left out: 1 cancelled (70.00 EUR)",
        f"{SEVERAL}; shares are of the sum of the rows",
    )


def test_a_customer_who_wrote_twice_is_one_and_one_without_a_name_none(shop: Shop) -> None:
    text = """
    ticket_id,created_at,customer_id,category
    A,2026-01-05T10:00:00Z,ann,late
    B,2026-01-05T10:00:00Z,ann,late
    C,2026-01-05T10:00:00Z,,late
    """
    result = causes(shop(tickets=text, orders=ORDERS), by="category")
    assert [row[5:7] for row in result.rows] == [(1, Decimal("130"))]


def test_causes_refuse_two_columns_and_none_with_a_hint(shop: Shop) -> None:
    for by in ("category,channel", ""):
        with pytest.raises(UsageError) as refused:
            causes(shop(tickets=COMPLAINTS), by=by)
        assert refused.value.message == f"causes --by {by}: one column"
        assert refused.value.hint == "for example --by topic, or --by category"
    late = causes(shop(tickets=COMPLAINTS).filtered(as_of=datetime(2026, 1, 4, tzinfo=UTC)), by="category")
    assert late.notes == ("5 tickets dated after --as-of are left out",)


def test_what_tickets_cost_is_added_up_where_the_export_says_it(shop: Shop) -> None:
    tickets = """
    ticket_id,created_at,category,cost
    1,2026-11-02T10:00:00Z,late,12.50
    2,2026-11-02T10:00:00Z,late,7.50
    3,2026-11-02T10:00:00Z,late,
    4,2026-11-02T10:00:00Z,lost,
    """
    found = causes(shop(tickets=tickets), by="category")
    assert [(row["category"], row["cost"], row["costed"]) for row in found.records()] == [
        ("late", 20, 2),
        ("lost", None, 0),
    ]
    assert "2 of 4 tickets have a cost; the others are in none" in found.notes
    bare = causes(shop(tickets="ticket_id,created_at,category\n1,2026-11-02T10:00:00Z,late"), by="category")
    assert "cost" not in [column.name for column in bare.columns]

"""Cost: contacts over orders, average and marginal, and what a lost customer costs, worked out by hand."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from supportkit.errors import UsageError
from supportkit.explaining.cost import FACTS, cases, cost
from supportkit.metrics import METRICS
from supportkit.offers.cases import rows_behind
from supportkit.period import parse_period
from supportkit.request import Request, run
from supportkit.store import Store
from tests.conftest import Call

Shop = Callable[..., Store]
# T1 is a's, three days after O1; T2 a's, a day after O2, which is the last before it; T3 b's, on the ninth day; T4
# nobody's; T5 c's, whose order was cancelled; the data ends on 20 March, so that O5's seven days are not over
ORDERS = """
order_id,ordered_at,customer_id,amount,currency,status
O1,2026-03-01T10:00:00Z,a,100,EUR,completed
O2,2026-03-05T10:00:00Z,a,100,EUR,completed
O3,2026-03-01T10:00:00Z,b,100,EUR,completed
O4,2026-03-01T10:00:00Z,c,100,EUR,cancelled
O5,2026-03-15T10:00:00Z,d,100,EUR,completed
"""
TICKETS = """
ticket_id,created_at,customer_id,channel,status,worked,cost
T1,2026-03-04T10:00:00Z,a,email,closed,10,4
T2,2026-03-06T10:00:00Z,a,chat,closed,20,
T3,2026-03-10T10:00:00Z,b,chat,closed,,8
T4,2026-03-02T10:00:00Z,,chat,closed,x,
T5,2026-03-02T10:00:00Z,c,email,closed,-1,
T6,2026-03-20T10:00:00Z,d,email,closed,,
"""


@pytest.fixture
def small(shop: Shop) -> Store:
    return shop(orders=ORDERS, tickets=TICKETS)


def test_contacts_over_orders_gross_and_by_customer(small: Store) -> None:
    facts = cost(small).facts
    assert (facts["contacts"], facts["orders"], facts["per_1000_orders"]) == (6, 4, 1500)
    # O1, O2 and O3 are followed to the end of their week: T1 and T2 came in it
    assert (facts["followed_orders"], facts["after_order"]) == (3, 2)
    assert facts["after_order_per_1000"] == pytest.approx(2000 / 3)
    assert cost(small, within=9).facts["after_order"] == 3  # T3 too
    assert rows_behind(small, cases(small), "complained", None, "cost", "Cost").scope.rows == len(TICKETS.split()) - 1
    found = rows_behind(small, cases(small), "after_order", None, "cost", "Cost")
    assert [(row["ticket_id"], str(row["order_at"])[:10]) for row in found.records()] == [
        ("T2", "2026-03-05"),
        ("T1", "2026-03-01"),
    ]


def test_a_contact_of_the_next_period_counts_for_the_order_of_this_one(small: Store) -> None:
    first = cost(small, period=parse_period("2026-03-01..2026-03-03", date(2026, 3, 20))).facts
    # O1 and O3 are sold, T4 and T5 come; T1 is O1's, T2 belongs to O2
    assert (first["contacts"], first["orders"], first["after_order"]) == (2, 2, 1)


def test_rows_reconcile_to_tickets(small: Store) -> None:
    result = cost(small, total=Decimal(60))
    assert [(row["channel"], row["contacts"], row["cost"]) for row in result.records()] == [
        ("chat", 3, 30),
        ("email", 3, 30),
    ]
    assert result.facts["average_cost"] == 10
    assert result.facts["contacts"] == run(small, Request(METRICS["contacts"])).facts["contacts"]


def test_average_and_marginal_are_two_figures_and_elapsed_time_is_neither(small: Store) -> None:
    facts = cost(small, total=Decimal(60), rate=Decimal(30), work="worked", work_unit="m").facts
    # T1 and T2 state 10 and 20 minutes; -1 and x are no work
    assert (facts["with_work"], facts["work_mean_s"], facts["marginal_cost"]) == (2, 900, Decimal("7.5"))
    assert (facts["average_cost"], facts["costed"], facts["stated_cost"]) == (10, 2, 6)
    without = cost(small)
    assert (without.facts["average_cost"], without.facts["marginal_cost"]) == (None, None)
    with pytest.raises(UsageError, match="time that passed, not work"):
        cost(small, rate=Decimal(30), work="vendor_resolution_s")
    with pytest.raises(UsageError, match="time that passes is not work"):
        cost(small, rate=Decimal(30))
    with pytest.raises(UsageError, match="below zero"):
        cost(small, total=Decimal(-1))
    with pytest.raises(UsageError, match="unknown column"):
        cost(small, work="wrked")


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("00:12:30", 750),
        ("1:00:00", 3600),
        ("12 min", 720),
        ("1h 20m", 4800),
        ("1,5 h", 5400),
        ("2 Std. 30 Min.", 9000),
        ("1 ч 5 мин", 3900),
        ("PT12M30S", 750),
        ("45 seconds", 45),
        ("12:30", None),  # minutes or hours
        ("1d", None),  # of eight hours or of 24
        ("12 replies", None),
    ],
)
def test_time_worked_is_read_with_its_unit(said: str, seconds: int | None, shop: Shop) -> None:
    tickets = f'ticket_id,created_at,effort\nT1,2026-03-04T10:00:00Z,"{said}"\n'
    assert cost(shop(orders=ORDERS, tickets=tickets), work="effort").facts["work_mean_s"] == seconds


def test_the_unit_of_bare_numbers_is_told_by_the_columns_name_or_by_you(shop: Shop) -> None:
    lines = ["ticket_id,created_at,Time spent (min),effort,touches,Resolution hours"]
    lines += [f"T{n},2026-03-04T10:00:00Z,{n},{n},{n},{n}" for n in (2, 4)]
    store = shop(orders=ORDERS, tickets="\n".join(lines))
    assert cost(store, work="Time spent (min)").facts["work_mean_s"] == 180
    assert cost(store, work="effort", work_unit="h").facts["work_mean_s"] == 3 * 3600
    for work, unit, said in (
        ("effort", None, "bare numbers, and nothing says of what"),
        ("effort", "s", "no ticket has more than 4: as seconds this is no work"),
        ("touches", "m", "this is no time worked"),
        ("replies", "m", "this is no time worked"),
        ("Resolution hours", None, "this is time that passed, not work"),
    ):
        with pytest.raises(UsageError, match=said):
            cost(store, work=work, work_unit=unit)  # type: ignore[arg-type]


def test_what_is_no_number_is_named(supportkit: Call, stored: tuple[str, ...]) -> None:
    code, _, told = supportkit("cost", *stored, "--total", "a lot")
    assert (code, "--total: 'a lot' is not a number" in told) == (2, True)


def test_what_is_said_of_tickets_does_not_cut_the_orders(small: Store) -> None:
    from supportkit.store.conditions import parse_conditions

    result = cost(small.filtered(parse_conditions(["channel=email"])))
    assert (result.facts["contacts"], result.facts["orders"]) == (3, 4)
    assert "orders are not cut to channel=email, which is said of tickets" in result.notes


def test_a_lost_customer_costs_what_like_customers_bring(shop: Shop) -> None:
    # all had one order on 1 January and nothing else until their complaints of mid-January: x and y ordered nothing in
    # 90 days after it, z did. Of the like ones p and q bring 30 and 90 by mid-April, r nothing; s had two orders before
    orders = """
    order_id,ordered_at,customer_id,amount,currency,status
    1,2026-01-01T10:00:00Z,x,10,EUR,completed
    2,2026-01-01T10:00:00Z,y,20,EUR,completed
    3,2026-01-01T10:00:00Z,z,10,EUR,completed
    4,2026-02-01T10:00:00Z,z,50,EUR,completed
    5,2026-01-01T10:00:00Z,p,10,EUR,completed
    6,2026-02-01T10:00:00Z,p,30,EUR,completed
    7,2026-01-01T10:00:00Z,q,10,EUR,completed
    8,2026-02-01T10:00:00Z,q,90,EUR,completed
    9,2026-01-01T10:00:00Z,r,40,EUR,completed
    10,2026-01-01T10:00:00Z,s,10,EUR,completed
    11,2026-01-02T10:00:00Z,s,10,EUR,completed
    12,2026-08-01T10:00:00Z,s,10,EUR,completed
    """
    tickets = "ticket_id,created_at,customer_id,status,solved_at,is_complaint\n" + "\n".join(
        f"{name},2026-01-14T10:00:00Z,{name},closed,2026-01-15T10:00:00Z,true" for name in ("x", "y", "z", "new")
    )
    result = cost(shop(orders=orders, tickets=tickets))
    facts = result.facts
    assert (facts["complained"], facts["left"]) == (3, 2)  # "new" never ordered
    assert facts["left_share"] == pytest.approx(2 / 3)
    assert facts["alike"] == 3
    assert facts["like_left_share"] == pytest.approx(1 / 3)  # r of p, q and r
    assert facts["lost_value"] == 40  # (30 + 90 + 0) / 3
    assert (facts["left_ltv"], facts["like_ltv"]) == (15, 60)  # (10 + 20) / 2; (10 + 10 + 40) / 3 + 40
    assert facts["lost_value_low"] is None
    assert any("no interval of 3 like customers" in note for note in result.notes)


def test_the_interval_is_that_of_the_mean_where_all_like_customers_count_once(shop: Shop) -> None:
    from supportkit.stats.skewed_mean import PowerSums, skewed_interval

    worth = [number % 7 * 10 for number in range(140)]  # a mean of 30
    orders = ["order_id,ordered_at,customer_id,amount,currency,status"]
    orders += [f"a{number},2026-01-01T10:00:00Z,c{number},5,EUR,completed" for number in range(140)]
    orders += [f"b{n},2026-02-01T10:00:00Z,c{n},{amount},EUR,completed" for n, amount in enumerate(worth)]
    orders += ["x,2026-01-01T10:00:00Z,x,5,EUR,completed", "z,2026-09-01T10:00:00Z,z,5,EUR,completed"]
    tickets = "ticket_id,created_at,customer_id,solved_at\nT,2026-01-14T10:00:00Z,x,2026-01-15T10:00:00Z"
    facts = cost(shop(orders="\n".join(orders), tickets=tickets)).facts
    powers = [sum((one - 30.0) ** power for one in worth) for power in (2, 3, 4)]
    low, high = skewed_interval(30, PowerSums(140, *powers)) or (0, 0)
    assert facts["lost_value"] == 30
    found = [float(str(facts[name])) for name in ("lost_value_low", "lost_value_high")]
    assert found == pytest.approx([low, high], abs=1e-3)


def test_two_currencies_are_not_added(shop: Shop) -> None:
    orders = ORDERS + "O6,2026-03-01T10:00:00Z,e,100,USD,completed\n"
    result = cost(shop(orders=orders, tickets=TICKETS))
    assert result.facts["orders"] == 5
    assert "money of EUR, USD is not added: --where currency=EUR" in result.notes


def test_where_nothing_is_known_it_says_what_is_missing(shop: Shop, supportkit: Call, tmp_path: Path) -> None:
    nothing = cost(shop(tickets="ticket_id,created_at", orders="order_id,ordered_at,customer_id,amount"))
    assert nothing.facts == {fact.name: 0 if fact.role == "n" else None for fact in FACTS}
    (tmp_path / "tickets.csv").write_text(TICKETS.strip())
    code, out, _ = supportkit("cost", "--data", tmp_path / "tickets.csv", "-f", "json")
    assert code == 0
    assert json.loads(out)["facts"]["per_1000_orders"] is None
    assert any("no order counts" in note for note in json.loads(out)["notes"])


def test_without_customers_nothing_is_said_by_customer(shop: Shop) -> None:
    result = cost(shop(orders=ORDERS, tickets="ticket_id,created_at\nT1,2026-03-04T10:00:00Z"))
    assert (result.facts["followed_orders"], result.facts["after_order_per_1000"]) == (3, None)
    assert any(note.startswith("no ticket has a customer") for note in result.notes)


def test_the_samples_reconcile_to_tickets_and_orders(supportkit: Call, stored: tuple[str, ...]) -> None:
    code, out, _ = supportkit("cost", *stored, "--total", "12000", "-f", "json")
    assert code == 0
    found = json.loads(out)
    _, tickets, _ = supportkit("sql", *stored, "select count(*) as n from tickets", "-f", "json")
    _, orders, _ = supportkit("ltv", *stored, "-f", "json")
    facts, rows = found["facts"], found["rows"]
    assert facts["contacts"] == json.loads(tickets)["rows"][0]["n"] == sum(row["contacts"] for row in rows)
    assert facts["orders"] == json.loads(orders)["facts"]["orders"]
    assert sum(row["cost"] for row in rows) == pytest.approx(12000)
    assert facts["lost_value_low"] < facts["lost_value"] < facts["lost_value_high"]


def test_a_rise_of_those_who_leave_is_told() -> None:
    from supportkit.explaining.cost_findings import findings
    from supportkit.render.language import ENGLISH
    from supportkit.result import Result

    def told(low: float, people: int) -> list[str]:
        facts = {"complained": people, "left_share": 0.5, "left_share_low": low, "like_left_share": 0.3}
        columns = tuple(column for column in FACTS if column.name in facts)
        shown = Result(
            "cost", "", "", (), (), {c.name: facts[c.name] for c in columns}, fact_columns=columns, whole=False
        )
        return [one.text for one in findings(shown, ENGLISH)]

    assert told(0.4, 30) == ["50 % of 30 customers ordered nothing more after a complaint, 30 % of customers like them"]
    assert told(0.3, 30) == told(0.4, 29) == []

"""Which orders are revenue: states by word and by what stands beside it, refunds as rows, gift cards, no customer."""

from __future__ import annotations

import csv
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from supportkit.exports import Loaded, LoadOptions, load
from supportkit.funnel import funnel
from supportkit.ltv import ltv
from supportkit.metrics import METRICS
from supportkit.store import Store, memory_store
from supportkit.store.order_states import STATES
from tests.conftest import Call

Shop = Callable[..., Store]
SHOPIFY = {
    "Name": "#1", "Email": "a@example.org", "Financial Status": "paid", "Created at": "2026-05-01 10:00:00 +0200",
    "Currency": "EUR", "Total": "100.00", "Lineitem quantity": "1", "Lineitem name": "Mug", "Lineitem price": "100.00",
    "Lineitem requires shipping": "true", "Lineitem taxable": "true", "Cancelled at": "",
    "Payment Method": "Shopify Payments", "Refunded Amount": "0.00",
}  # fmt: skip
STRIPE = {
    "id": "ch_1", "Created date (UTC)": "2026-06-05 20:38:34", "Amount": "100.00", "Amount Refunded": "0.00",
    "Currency": "eur", "Captured": "true", "Mode": "Live", "Dispute Status": "", "Status": "Paid",
    "Customer Email": "a@example.org",
}  # fmt: skip
MAGENTO = {
    "ID": "1", "Purchase Date": "2026-05-01 10:00:00", "Grand Total (Base)": "100", "Grand Total (Purchased)": "100",
    "Status": "complete", "Customer Email": "a@example.org", "Total Refunded": "0",
}  # fmt: skip
WOO = {
    "Date": "2026-03-05 10:00:00", "Order #": "1", "N. Revenue (formatted)": "€100.00", "Status": "completed",
    "Customer": "N One", "Customer type": "new", "Product(s)": "2x Mug", "Items sold": "2", "Net Sales": "100",
}  # fmt: skip


def export(*rows: dict[str, str]) -> str:
    """A CSV of rows that have the same columns."""
    text = StringIO()
    out = csv.DictWriter(text, list(rows[0]))
    out.writeheader()
    out.writerows(rows)
    return text.getvalue()


def put(folder: Path, text: str) -> tuple[Store, Loaded]:
    path = folder / "orders.csv"
    path.write_text(text, encoding="utf-8")
    store = memory_store()
    (done,) = load(store, [path], LoadOptions())
    assert done.read == done.loaded + done.updated + done.unchanged + done.older + done.rejected
    return store, done


def states(store: Store) -> list[tuple[Any, ...]]:
    return store.connection.execute("select order_id, status from orders order by source_row").fetchall()


def state(folder: Path, row: dict[str, str], **other: str) -> tuple[str, str]:
    """The state of an order of an export with some other cells, and its source."""
    store, done = put(folder, export({**row, **other}))
    ((_, found),) = states(store)
    return found, done.source


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("paid", "sale"),
        ("partially_refunded", "partly refunded"),
        ("authorized", "open"),
        ("pending", "open"),
        ("partially_paid", "open"),
        ("expired", "cancelled"),
        ("voided", "cancelled"),
        ("refunded", "refunded"),
    ],
)
def test_shopifys_states(word: str, expected: str, tmp_path: Path) -> None:
    assert state(tmp_path, SHOPIFY, **{"Financial Status": word}) == (expected, "shopify")


def test_of_an_order_that_is_paid_in_part_the_paid_part_is_a_sale(tmp_path: Path) -> None:
    owed = {"Financial Status": "partially_paid", "Outstanding Balance": "70.00"}
    rows = [
        {**SHOPIFY, "Name": "#1", **owed},
        {**SHOPIFY, "Name": "#2", **owed, "Outstanding Balance": ""},  # nobody knows what of it was paid
        {**SHOPIFY, "Name": "#3", **owed, "Cancelled at": "2026-05-04 10:00:00 +0200"},
        {**SHOPIFY, "Name": "#4", **owed, "Payment Method": "bogus"},
        {**SHOPIFY, "Name": "#5", "Outstanding Balance": "0.00"},
    ]
    store, done = put(tmp_path, export(*rows))
    assert states(store) == [("#1", "sale"), ("#2", "open"), ("#3", "cancelled"), ("#4", "test"), ("#5", "sale")]
    result = ltv(store)
    assert result.facts["revenue"] == 30 + 100  # 100 less 70, and the last one
    assert any(word.text == "partially_paid · paid part" and word.stored == "sale" for word in done.words)


def test_ones_own_word_goes_before_the_paid_part(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    row = {**SHOPIFY, "Financial Status": "partially_paid", "Outstanding Balance": "70.00"}
    path.write_text(export(row), encoding="utf-8")
    for meaning in ("open", "cancelled", "sale"):
        with memory_store() as store:
            load(store, [path], LoadOptions(values={"orders.status": {"partially_paid": meaning}}))
            assert states(store) == [("#1", meaning)]


def test_a_shopify_order_that_was_cancelled_is_that_whatever_its_state(tmp_path: Path) -> None:
    when = {"Cancelled at": "2026-05-04 10:00:00 +0200"}
    for word in ("paid", "pending", "refunded", "a new word"):
        assert state(tmp_path, SHOPIFY, **{"Financial Status": word}, **when)[0] == "cancelled"


@pytest.mark.parametrize(
    ("header", "cell", "expected"),
    [
        ("cancelled_at", "2026-05-02", "cancelled"), ("Canceled at", "2026-05-02", "cancelled"),
        ("cancelled_at", "", "sale"),
        ("cancelled_at", "null", "sale"), ("is_cancelled", "ja", "cancelled"), ("is_cancelled", "нет", "sale"),
        ("is_test", "true", "test"), ("is_test", "perhaps", "unknown"),
    ],
)  # fmt: skip
def test_a_shop_of_its_own_may_say_beside_the_state_that_an_order_was_cancelled_or_a_test(
    header: str, cell: str, expected: str, tmp_path: Path
) -> None:
    row = {"order_id": "1", "ordered_at": "2026-05-01", "amount": "100", "status": "paid"}
    assert state(tmp_path, {**row, header: cell}) == (expected, "supportkit")


def test_a_mapped_file_may_say_so_too_and_needs_no_state(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_text("id,when,sum,cancelled_at\n1,2026-05-01,100,2026-05-02\n2,2026-05-01,100,\n", encoding="utf-8")
    columns = {"order_id": "id", "ordered_at": "when", "amount": "sum"}
    with memory_store() as store:
        load(store, [path], LoadOptions(table="orders", map=columns))
        assert states(store) == [("1", "cancelled"), ("2", None)]
        assert ltv(store).facts["revenue"] == 100  # of the second alone


@pytest.mark.parametrize("nothing", ["-", "N/A", "null", "none", "0", "no", "never", "нет"])
def test_a_placeholder_for_no_date_cancels_no_order(nothing: str, tmp_path: Path) -> None:
    assert state(tmp_path, SHOPIFY, **{"Cancelled at": nothing})[0] == "sale"


@pytest.mark.parametrize("gateway", ["bogus", "Bogus Gateway", "(for testing) Bogus Gateway"])
def test_a_payment_through_the_bogus_gateway_is_a_test(gateway: str, tmp_path: Path) -> None:
    assert state(tmp_path, SHOPIFY, **{"Payment Method": gateway})[0] == "test"


def test_a_gift_card_sold_is_no_revenue_and_one_used_is_a_payment(tmp_path: Path) -> None:
    card = {"Lineitem name": "Gift Card", "Lineitem requires shipping": "false", "Lineitem taxable": "false"}
    lines = dict.fromkeys(SHOPIFY, "") | {"Email": "a@example.org"}
    store, done = put(
        tmp_path,
        export(
            {**SHOPIFY, "Name": "#1", "Total": "50.00", "Lineitem price": "50.00", **card},
            # a mug of 20 and two cards of 25
            {**SHOPIFY, "Name": "#2", "Total": "70.00", "Lineitem price": "20.00"},
            {**lines, "Name": "#2", "Lineitem price": "25.00", "Lineitem quantity": "2", **card},
            {**SHOPIFY, "Name": "#3", "Total": "30.00", "Lineitem name": "Gift card holder"},
            {**SHOPIFY, "Name": "#4", "Total": "40.00", "Payment Method": "gift_card"},
        ),
    )
    found = store.connection.execute("select order_id, amount, status from orders order by order_id").fetchall()
    assert found == [("#1", 50, "open"), ("#2", 20, "sale"), ("#3", 30, "sale"), ("#4", 40, "sale")]
    assert [word.text for word in done.words if word.meaning.value == "open"] == ["paid · gift cards"]
    result = ltv(store)
    assert result.facts["revenue"] == 20 + 30 + 40
    assert "orders left out: 1 open (50.00 EUR)" in result.notes


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ({}, "sale"),
        ({"Captured": "false"}, "open"),
        ({"Captured": "False", "Status": "Failed"}, "failed"),
        ({"Mode": "Test"}, "test"),
        ({"Dispute Status": "needs_response"}, "disputed"),
        ({"Dispute Status": "under_review"}, "disputed"),
        ({"Dispute Status": "lost"}, "refunded"),
        ({"Dispute Status": "won"}, "sale"),
        ({"Dispute Status": "of a new kind"}, "unknown"),
        ({"Status": "Refunded"}, "refunded"),
        ({"Status": "requires_payment_method"}, "open"),
        ({"Status": "succeeded"}, "sale"),
    ],
)
def test_stripes_states_and_what_stands_beside_them(cells: dict[str, str], expected: str, tmp_path: Path) -> None:
    assert state(tmp_path, STRIPE, **cells) == (expected, "stripe")


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("complete", "sale"),
        ("processing", "sale"),
        ("new", "open"),
        ("pending", "open"),
        ("pending_payment", "open"),
        ("pending_paypal", "open"),
        ("payment_review", "open"),
        ("holded", "open"),
        ("On Hold", "open"),
        ("canceled", "cancelled"),
        ("closed", "refunded"),
        ("fraud", "disputed"),
        ("Suspected Fraud", "disputed"),
    ],
)
def test_magentos_states(word: str, expected: str, tmp_path: Path) -> None:
    assert state(tmp_path, MAGENTO, Status=word) == (expected, "magento")


@pytest.mark.parametrize("prefix", ["", "wc-"])
@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("completed", "sale"),
        ("processing", "sale"),
        ("pending", "open"),
        ("on-hold", "open"),
        ("checkout-draft", "open"),
        ("cancelled", "cancelled"),
        ("trash", "cancelled"),
        ("failed", "failed"),
        ("refunded", "refunded"),
    ],
)
def test_woocommerces_states(prefix: str, word: str, expected: str, tmp_path: Path) -> None:
    assert state(tmp_path, WOO, Status=prefix + word) == (expected, "woocommerce")


def test_a_refund_that_is_a_row_belongs_to_the_customers_order_before_it(tmp_path: Path) -> None:
    def row(number: int, day: int, who: str, net: str, word: str = "completed") -> dict[str, str]:
        return {**WOO, "Order #": str(number), "Date": f"2026-03-{day:02} 10:00:00", "Customer": who, "Net Sales": net,
                "Status": word}  # fmt: skip

    store, done = put(
        tmp_path,
        export(
            row(1, 1, "One", "100"),
            row(2, 2, "One", "60"),
            row(3, 3, "One", "-60"),  # just what order 2 was
            row(4, 3, "One", "-30"),  # order 2 again, the latest that is large enough
            row(5, 4, "Two", "-10"),  # nobody's
            row(6, 5, "Three", "40", "refunded"),
            row(7, 6, "Three", "-40", "refunded"),
        ),
    )
    found = store.connection.execute("select order_id, amount, refunded from orders order by order_id").fetchall()
    assert found == [("1", 100, None), ("2", 60, 90), ("5", -10, None), ("6", 40, 40)]
    assert done.loaded == 7
    assert any(note == "3 rows are refunds of orders before them, and no orders: 130.00" for note in done.notes)
    result = ltv(store)
    assert result.facts["revenue"] == 100
    assert (
        "orders left out: 2 refunded (100.00 EUR); 1 below zero, refunds without an order (-10.00 EUR)" in result.notes
    )


def test_refund_rows_loaded_again_change_nothing(tmp_path: Path) -> None:
    text = export(WOO, {**WOO, "Order #": "2", "Date": "2026-03-06 10:00:00", "Net Sales": "-30"})
    store, _ = put(tmp_path, text)
    (again,) = load(store, [tmp_path / "orders.csv"], LoadOptions())
    assert (again.loaded, again.updated, again.unchanged) == (0, 0, 2)
    assert store.connection.execute("select amount, refunded from orders").fetchall() == [(100, 30)]


def test_the_advanced_order_export_of_woocommerce_has_its_refunds_in_a_column(tmp_path: Path) -> None:
    row = {
        "Order Number": "11", "Order Status": "Completed", "Order Date": "2026-03-05 10:00", "Customer Note": "",
        "First Name (Billing)": "N", "Email (Billing)": "a@example.org", "Country Code (Billing)": "DE",
        "Payment Method Title": "PayPal", "Order Refund Amount": "0", "Order Total Amount": "50.00",
        "Item Name": "Mug", "Quantity (- Refund)": "1", "Item Cost": "25",
    }  # fmt: skip
    store, done = put(
        tmp_path,
        export(
            row,
            {**row, "Item Name": "Cup"},  # a second product of the same order, with the same total
            {**row, "Order Number": "12", "Order Refund Amount": "20.00"},
            {**row, "Order Number": "13", "Order Status": "Refunded", "Order Refund Amount": "50.00"},
        ),
    )
    assert done.source == "woocommerce"
    found = store.connection.execute("select order_id, amount, refunded, country from orders order by 1").fetchall()
    assert found == [("11", 50, 0, "DE"), ("12", 50, 20, "DE"), ("13", 50, 50, "DE")]
    assert ltv(store).facts["revenue"] == 50 + 30
    assert "N" not in str(store.connection.execute("select properties from orders").fetchall()).split('"')


def test_a_plugin_that_names_the_refund_otherwise_is_read_too(tmp_path: Path) -> None:
    row = {
        "Order Number": "11", "Order Status": "wc-completed", "Order Date": "2026-03-05 10:00", "Order Total": "50.00",
        "Billing Email": "a@example.org", "Order Refund Amount": "20.00",
    }  # fmt: skip
    store, done = put(tmp_path, export(row))
    assert (done.source, ltv(store).facts["revenue"]) == ("woocommerce", 30)


def test_an_order_without_a_customer_gives_revenue_and_aov(shop: Shop) -> None:
    result = ltv(shop(orders="order_id,ordered_at,amount\n1,2026-01-01,10\n2,2026-01-02,30"))
    assert {name: result.facts[name] for name in ("orders", "revenue", "aov", "customers", "ltv")} == {
        "orders": 2, "revenue": 40, "aov": 20.0, "customers": 0, "ltv": None,
    }  # fmt: skip
    assert not result.empty


def test_orders_with_and_without_a_customer_are_both_revenue_and_ltv_is_made_of_the_former(shop: Shop) -> None:
    orders = """order_id,ordered_at,customer_id,amount,country
        1,2026-01-01,a,10,DE
        2,2026-03-01,a,30,DE
        3,2026-02-01,,60,DE
        4,2026-02-01,,8,FR"""
    result = ltv(shop(orders=orders), by="country")
    alone = ltv(shop(orders="\n".join(orders.splitlines()[:3])))
    assert (result.facts["orders"], result.facts["revenue"], result.facts["aov"]) == (4, 108, 20.0)
    assert (result.facts["customers"], result.facts["ltv"]) == (1, alone.facts["ltv"])
    rows = {row["country"]: row for row in result.records()}
    assert (rows["DE"]["revenue"], rows["FR"]["revenue"], rows["FR"]["customers"]) == (100, 8, 0)
    assert any("all orders bring 27.00 per order" in note for note in result.notes)  # 108 in four orders


def test_what_is_refunded_goes_by_the_amounts_before_the_word(shop: Shop) -> None:
    result = ltv(
        shop(
            orders="""order_id,ordered_at,customer_id,amount,refunded,status
            1,2026-01-01,a,100,40,refunded
            2,2026-01-01,a,100,100,paid
            3,2026-01-01,a,100,,partially refunded
            4,2026-01-01,a,100,-30,paid
            5,2026-01-01,a,100,20,cancelled
            """
        )
    )
    # 60 of the first, nothing of the second, the third whole, 70 of the fourth
    assert (result.facts["orders"], result.facts["revenue"]) == (3, 230)
    assert "orders left out: 1 cancelled (100.00); 1 refunded (100.00)" in result.notes
    assert (
        "orders that count: 2 refunded in part, at what was kept; "
        "1 refunded in part, whole since no refund is stated (100.00)"
    ) in result.notes


def test_a_step_of_a_funnel_is_reached_by_orders_that_are_revenue(shop: Shop) -> None:
    store = shop(
        events="""user_id,occurred_at,step
            a,2026-01-01 10:00:00,visit
            b,2026-01-01 10:00:00,visit
            c,2026-01-01 10:00:00,visit
            """,
        orders="""order_id,ordered_at,customer_id,amount,status
            1,2026-01-01 11:00:00,a,10,paid
            2,2026-01-01 11:00:00,b,10,payment_failed
            3,2026-01-01 11:00:00,c,10,done by us
            """,
    )
    result = funnel(store, steps=("visit", "orders"))
    assert [row["users"] for row in result.records()] == [3, 2]  # a, and c whose word nobody knows
    assert "orders left out: 1 failed (10.00)" in result.notes
    assert any("1 of 2 orders of unknown status: done by us (1)" in note for note in result.notes)
    failed = funnel(store, steps=("visit", "orders where status=failed"))
    assert [row["users"] for row in failed.records()] == [3, 1]


@pytest.mark.parametrize("name", STATES)
def test_each_state_counts_where_the_configuration_says_so_and_not_else(
    name: str, tmp_path: Path, supportkit: Call
) -> None:
    file, config = tmp_path / "orders.csv", tmp_path / "supportkit.toml"
    words = {one: one for one in STATES}
    rows = "".join(f"{one},2026-01-01,c,{10 + n},{word}\n" for n, (one, word) in enumerate(words.items()))
    file.write_text("order_id,ordered_at,customer_id,amount,status\n" + rows, encoding="utf-8")
    config.write_text(f'[orders]\ncount = ["{name}"]\n', encoding="utf-8")
    _, out, _ = supportkit("ltv", "--data", file, "--config", config, "--format", "json")
    assert f'"revenue": {10 + STATES.index(name)}' in out
    # without it: sale 10 and partly refunded 11
    _, out, _ = supportkit("ltv", "--data", file, "--format", "json")
    assert '"revenue": 21' in out


@pytest.mark.parametrize("metric", ["ltv", "cohorts", "buyers", "causes", "service-value"])
def test_every_figure_on_orders_tells_once_what_is_left_out_with_its_amount(metric: str, shop: Shop) -> None:
    store = shop(
        orders="""order_id,ordered_at,customer_id,amount,status
            1,2026-01-01,a,10,paid
            2,2026-01-02,a,20,storniert
            3,2026-01-03,a,30,pending
            4,2026-01-04,a,40,paid
            """,
        tickets="""ticket_id,created_at,customer_id,category,solved_at
            1,2026-01-01 10:00:00,a,late,2026-01-01 11:00:00
            """,
    )
    notes = METRICS[metric].compute(store).notes
    assert [note for note in notes if note.startswith("orders left out")] == [
        "orders left out: 1 open (30.00); 1 cancelled (20.00)"
    ]

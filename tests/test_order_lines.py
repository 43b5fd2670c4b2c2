"""Lines of orders: they add up wherever they were loaded, and one that changes counts once."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from supportkit.cohorts import cohorts
from supportkit.exports import LoadOptions, load
from supportkit.exports.loaded import Loaded
from supportkit.ltv import ltv
from supportkit.store import Store, memory_store
from supportkit.store.conditions import parse_conditions

MAP = {"order_id": "No", "ordered_at": "When", "customer_id": "Who", "amount": "Price", "status": "State"}


@pytest.fixture
def store() -> Iterator[Store]:
    with memory_store() as made:
        yield made


def put(store: Store, folder: Path, name: str, text: str, **options: Any) -> Loaded:
    file = folder / name
    file.write_text(text, encoding="utf-8")
    (done,) = load(store, [file], LoadOptions(**options))
    assert done.read == done.loaded + done.updated + done.unchanged + done.older + done.rejected
    return done


def books(done: Loaded) -> tuple[int, int, int, int]:
    return done.loaded, done.updated, done.unchanged, done.older


def rows(store: Store, sql: str) -> list[tuple[Any, ...]]:
    return store.connection.execute(sql).fetchall()


def lines(*rows: str) -> str:
    return "No,When,Who,Price,State\n" + "".join(f"{row}\n" for row in rows)


OURS = "order_id,ordered_at,customer_id,amount,status\n"


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize("mapped", [False, True])
def test_lines_in_another_file_add_in_either_order(store: Store, tmp_path: Path, *, turned: bool, mapped: bool) -> None:
    options: dict[str, Any] = {"table": "orders", "map": MAP} if mapped else {}
    head = "No,When,Who,Price,State\n" if mapped else OURS
    two = head + "A,2026-05-01T10:00:00Z,c,10,paid\nA,2026-05-01T09:00:00Z,c,20,paid\nB,2026-05-01,c,5,paid\n"
    one = head + "A,2026-05-01T11:00:00Z,c,7,paid\n"
    for name, text in ((("two", two), ("one", one)), (("one", one), ("two", two)))[turned]:
        assert put(store, tmp_path, f"{name}.csv", text, **options).loaded == text.count("\n") - 1
    assert rows(store, "select order_id, amount, epoch(ordered_at) % 86400 / 3600 from orders order by 1") == [
        ("A", Decimal(37), 9), ("B", Decimal(5), 0)  # 10 + 20 + 7, since nine o'clock
    ]  # fmt: skip
    found = rows(store, "select line, amount from order_lines where order_id = 'A' order by amount")
    assert [amount for _, amount in found] == [7, 10, 20]


def test_lines_add_up_under_a_source_of_ones_own_too(store: Store, tmp_path: Path) -> None:
    text = (
        "InvoiceNo,When,Who,Quantity,UnitPrice,Country,Status\nA,2026-05-01,c,2,5,Spain,x\nA,2026-05-01,c,1,7,Spain,x\n"
    )
    map_ = {"order_id": "InvoiceNo", "ordered_at": "When", "customer_id": "Who", "amount": "Quantity*UnitPrice"}
    done = put(store, tmp_path, "a.csv", text, table="orders", source="my_shop", map=map_)
    assert done.loaded == 2
    assert rows(store, "select amount, source from orders") == [(17, "my_shop")]  # no vendor's way of writing orders


SOLD = "A,2026-05-01,c,20,Sale"
BACK = "A,2026-05-09,c,-20,Refund"
PART = "A,2026-05-09,c,-5,Refund"


@pytest.mark.parametrize(
    ("turned", "back", "refunded", "status"),
    [
        (False, BACK, 20, "refunded"), (True, BACK, 20, "refunded"), (True, PART, 5, "partly refunded"),
        (False, BACK.replace("-", "", 3).replace("20260509", "2026-05-09"), 20, "refunded"),  # above zero, by its state
    ],
)  # fmt: skip
def test_a_row_that_gives_back_on_a_later_day_is_a_refund_of_its_order(
    store: Store, tmp_path: Path, *, turned: bool, back: str, refunded: int, status: str
) -> None:
    text = lines(*((back, SOLD) if turned else (SOLD, back)), "B,2026-05-02,d,7,Sale")
    done = put(store, tmp_path, "a.csv", text, table="orders", map=MAP)
    assert (done.loaded, done.rejected) == (3, 0)
    assert f"1 row is a refund of an order before it, and no order: {refunded}.00" in done.notes
    query = "select order_id, amount, refunded, cast(ordered_at as date)::varchar from orders order by 1"
    assert rows(store, query) == [("A", 20, refunded, "2026-05-01"), ("B", 7, None, "2026-05-02")]
    assert ltv(store).facts["revenue"] == 27 - refunded


def test_a_refund_in_a_later_file_is_put_to_the_order_that_is_there(store: Store, tmp_path: Path) -> None:
    put(store, tmp_path, "may.csv", lines(SOLD, "B,2026-05-02,d,7,Sale"), table="orders", map=MAP)
    done = put(store, tmp_path, "june.csv", lines(BACK, "C,2026-06-01,d,9,Sale"), table="orders", map=MAP)
    assert (done.loaded, done.rejected) == (2, 0)
    query = "select order_id, amount, refunded from orders order by 1"
    assert rows(store, query) == [("A", 20, 20), ("B", 7, None), ("C", 9, None)]
    both = put(store, tmp_path, "all.csv", lines(SOLD, BACK), table="orders", map=MAP)
    assert (both.loaded, both.rejected) == (0, 0)
    assert rows(store, query)[0] == ("A", 20, 20)


@pytest.mark.parametrize(("back", "refunded"), [(BACK, 20), (PART, 5)])
def test_a_file_of_refunds_may_come_before_that_of_the_sales(
    store: Store, tmp_path: Path, back: str, refunded: int
) -> None:
    put(store, tmp_path, "back.csv", lines(back, "X,2026-05-09,e,-3,Refund"), table="orders", map=MAP)
    done = put(store, tmp_path, "sold.csv", lines(SOLD, "B,2026-05-02,d,7,Sale"), table="orders", map=MAP)
    assert (done.loaded, done.rejected) == (2, 0)
    note = f"1 row of another file is a refund of an order of this one, and no order: {refunded}.00"
    assert note in done.notes
    query = "select order_id, amount, refunded, cast(ordered_at as date)::varchar from orders order by 1"
    expected = [("A", 20, refunded, "2026-05-01"), ("B", 7, None, "2026-05-02"), ("X", -3, None, "2026-05-09")]
    assert rows(store, query) == expected
    other = {**MAP, "channel": "State"}
    again = put(store, tmp_path, "sold.csv", lines(SOLD, "B,2026-05-02,d,7,Sale"), table="orders", map=other)
    assert (again.rejected, rows(store, query)) == (0, expected)
    text = lines(back, "X,2026-05-09,e,-3,Refund")
    again = put(store, tmp_path, "back.csv", text, table="orders", map=other)
    assert (again.rejected, rows(store, query)) == (0, expected)
    both = put(store, tmp_path, "all.csv", lines(SOLD, back), table="orders", map=MAP)
    assert (both.rejected, rows(store, query)) == (0, expected)


@pytest.mark.parametrize("back", ["A,2026-05-09,d,-20,Refund", "A,2026-05-01,c,-5,Sale"])
def test_a_row_below_zero_of_another_customer_or_of_the_day_is_no_refund_of_a_later_file(
    store: Store, tmp_path: Path, back: str
) -> None:
    put(store, tmp_path, "back.csv", lines(back), table="orders", map=MAP)
    done = put(store, tmp_path, "sold.csv", lines(SOLD), table="orders", map=MAP)
    assert not any("of another file" in note for note in done.notes)


@pytest.mark.parametrize(
    "other",
    ["A,2026-05-01,c,-5,Sale", "A,2026-05-09,c,5,Sale", "A,2026-05-09,d,-20,Sale"],
    ids=["a discount of its day", "more of it on another day", "another customer's"],
)
def test_other_rows_of_one_number_are_lines_or_refused_as_before(store: Store, tmp_path: Path, other: str) -> None:
    done = put(store, tmp_path, "a.csv", lines(SOLD, other), table="orders", map=MAP)
    discount = "-5" in other
    assert (done.loaded, done.rejected) == ((2, 0) if discount else (0, 2))
    assert rows(store, "select amount, refunded from orders") == ([(15, None)] if discount else [])


AGAIN = "1 row is as another one in every column, and counts again: "
AGAIN += "where they were exported twice, take them out of the file"


@pytest.mark.parametrize(
    ("table", "text", "options"),
    [
        ("orders", lines("A,2026-05-01,c,20,Sale", "A,2026-05-01,c,20,Sale", "B,2026-05-01,c,3,Sale"), {"map": MAP}),
        ("events", "user_id,occurred_at,step\nu,2026-05-01,pay\nu,2026-05-01,pay\nu,2026-05-02,pay\n", {}),
        ("surveys", "kind,score,responded_at\nnps,9,2026-05-01\nnps,9,2026-05-01\nnps,8,2026-05-01\n", {}),
    ],
)
def test_rows_that_are_there_twice_and_count_are_told(
    store: Store, tmp_path: Path, table: str, text: str, options: dict[str, Any]
) -> None:
    done = put(store, tmp_path, "a.csv", text, table=table, **options)
    assert (done.loaded, AGAIN in done.notes) == (3, True)
    other = text.replace("20,Sale", "20,Open", 1).replace("9,2026-05-01", "7,2026-05-01", 1).replace("pay", "cart", 1)
    done = put(store, tmp_path, "b.csv", other, table=table, source="other", **options)
    assert (done.loaded, AGAIN in done.notes) == (3, table == "orders")  # a line's state is its order's


def test_the_same_line_with_other_cells_updates_it_and_counts_once(store: Store, tmp_path: Path) -> None:
    head = "No,When,Who,Price,State,Item\n"
    options: dict[str, Any] = {"table": "orders", "map": {**MAP, "product": "Item"}}
    put(store, tmp_path, "a.csv", head + "A,2026-05-01,c,10,paid,mug\nA,2026-05-01,c,20,paid,cup\n", **options)
    done = put(store, tmp_path, "b.csv", head + "A,2026-05-01,c,12,paid,mug\n", **options)
    assert books(done) == (0, 1, 0, 0)
    assert rows(store, "select amount, product from orders") == [(32, None)]  # 12 + 20, of no one product
    done = put(store, tmp_path, "c.csv", head + "A,2026-05-01,c,12,refunded,mug\n", **options)
    assert books(done) == (0, 1, 0, 0)
    assert rows(store, "select amount, status from orders") == [(32, "refunded")]
    assert rows(store, "select product, amount from order_lines order by 1") == [("cup", 20), ("mug", 12)]


def test_without_id_sku_and_product_a_changed_amount_is_a_new_line_and_the_order_is_named(
    store: Store, tmp_path: Path
) -> None:
    put(store, tmp_path, "a.csv", lines("A,2026-05-01,c,10,paid", "A,2026-05-01,c,20,paid"), table="orders", map=MAP)
    text = lines("A,2026-05-01,c,10,paid", "A,2026-05-01,c,25,paid")
    done = put(store, tmp_path, "b.csv", text, table="orders", map=MAP)
    assert books(done) == (1, 0, 1, 0)
    assert rows(store, "select amount from orders") == [(55,)]  # 10 + 20 + 25
    assert (
        "1 order that was there has more lines now: A; a line without its id, sku or product is known by its amount: "
        "--map line=…, sku=… or product=…" in done.notes
    )


def test_equal_lines_are_told_apart_by_their_number(store: Store, tmp_path: Path) -> None:
    text = lines("A,2026-05-01,c,9,paid", "A,2026-05-01,c,9,paid")
    put(store, tmp_path, "a.csv", text, table="orders", map=MAP)
    assert rows(store, "select amount from orders") == [(18,)]
    done = put(store, tmp_path, "b.csv", text + "B,2026-05-01,c,1,paid\n", table="orders", map=MAP)
    assert books(done) == (1, 0, 2, 0)
    assert rows(store, "select sum(amount) from orders") == [(19,)]
    # in our own columns a row that is there twice is the same row
    done = put(store, tmp_path, "c.csv", OURS + 2 * "X,2026-05-01,c,9,paid\n")
    assert books(done) == (1, 0, 1, 0)


def test_lines_of_two_customers_days_or_countries_are_no_order_and_refused_by_number(
    store: Store, tmp_path: Path
) -> None:
    text = lines(
        "A,2026-05-01,c,10,paid", "A,2026-05-01,d,20,paid", "B,2026-05-01,c,1,paid", "B,2026-05-03,c,2,paid",
        "C,2026-05-01,c,5,paid", "C,2026-05-01,c,6,paid", "D,2026-05-01,c,7,paid", "E,2026-05-01,c,7,paid",
    )  # fmt: skip
    done = put(store, tmp_path, "a.csv", text, table="orders", map=MAP)
    assert (done.loaded, done.rejected) == (4, 4)
    told = '2 order numbers are each of several orders, and refused; [orders] key = ["order_id", "customer_id"] tells'
    assert f"{told} those of customers apart" in done.notes
    assert rows(store, "select line, column_name, reason from rejects order by line") == [
        (2, "order_id", "the lines of order A disagree on customer_id, so they are not one order"),
        (3, "order_id", "the lines of order A disagree on customer_id, so they are not one order"),
        (4, "order_id", "the lines of order B disagree on ordered_at, so they are not one order"),
        (5, "order_id", "the lines of order B disagree on ordered_at, so they are not one order"),
    ]
    done = put(
        store, tmp_path, "a.csv", text, table="orders", map=MAP, order_key=("order_id", "customer_id"), move_ids=True
    )
    assert (done.loaded, done.rejected) == (6, 2)
    assert rows(store, "select count(*), sum(amount) from orders") == [(5, 55)]  # A twice, C, D and E


def test_a_total_stated_once_is_kept_beside_the_lines(store: Store, tmp_path: Path) -> None:
    head = "No,When,Who,Total,State,Code,Qty,Each\n"
    text = head + "A,2026-05-01,c,30,paid,x,2,10\nA,,,,,y,1,8\n"
    options: dict[str, Any] = {
        "table": "orders",
        "map": {**MAP, "amount": "Total", "sku": "Code", "quantity": "Qty", "price": "Each"},
    }
    done = put(store, tmp_path, "a.csv", text, **options)
    assert done.rejected == 1  # the second line says neither when nor for whom
    text = head + "A,2026-05-01,c,30,paid,x,2,10\nA,2026-05-01,c,,paid,y,1,8\n"
    done = put(store, tmp_path, "b.csv", text, **options)
    assert rows(store, "select amount from orders") == [(30,)]
    assert rows(store, "select sku, quantity, amount from order_lines order by 1") == [("x", 2, 20), ("y", 1, 8)]
    assert done.rejected == 0


def test_a_shopify_export_with_another_fulfilment_changes_no_revenue(store: Store, tmp_path: Path) -> None:
    head = "Name,Email,Financial Status,Fulfillment Status,Currency,Total,Created at,Lineitem quantity,Lineitem name," \
        "Lineitem price,Lineitem sku\n"  # fmt: skip
    text = head + "#1,a@example.org,paid,{},EUR,50.00,2026-05-01 10:00:00 +0200,2,Mug,20.00,M\n"
    text += "#1,a@example.org,,,,,,1,Cup,5.00,C\n"
    assert books(put(store, tmp_path, "a.csv", text.format("unfulfilled"))) == (2, 0, 0, 0)
    done = put(store, tmp_path, "b.csv", text.format("fulfilled"))
    assert books(done) == (0, 2, 0, 0)
    assert rows(store, "select amount, properties->>'Fulfillment Status' from orders") == [(50, "fulfilled")]
    assert rows(store, "select sku, quantity, amount from order_lines order by 1") == [("C", 1, 5), ("M", 2, 40)]


def test_of_an_order_exported_paid_and_refunded_the_later_load_stays_and_says_what_went_back(
    store: Store, tmp_path: Path
) -> None:
    head = "Name,Email,Financial Status,Currency,Total,Created at,Lineitem quantity,Lineitem name,Lineitem price," \
        "Lineitem sku,Refunded Amount\n"  # fmt: skip
    line = "{},a@example.org,{},EUR,50.00,2026-05-02 10:00:00 +0200,1,Mug,50.00,M,{}\n"
    old = head + line.format("#1", "paid", "0.00") + line.format("#2", "paid", "0.00")
    new = head + line.format("#2", "refunded", "50.00") + line.format("#3", "paid", "0.00")
    kept = "select order_id, amount - coalesce(refunded, 0), status from orders order by 1"
    put(store, tmp_path, "old.csv", old)
    done = put(store, tmp_path, "new.csv", new)
    assert rows(store, kept) == [("#1", 50, "sale"), ("#2", 0, "refunded"), ("#3", 50, "sale")]
    assert any(note.endswith("#2 went from paid to refunded") for note in done.notes)
    with memory_store() as turned:
        put(turned, tmp_path, "new.csv", new)
        done = put(turned, tmp_path, "old.csv", old)
        assert rows(turned, kept) == [("#1", 50, "sale"), ("#2", 50, "sale"), ("#3", 50, "sale")]
        assert "only the order of loading decided for 1 order, since orders have no updated_at; #2 went back from " \
            "refunded to paid" in done.notes  # fmt: skip


def test_lines_are_what_is_left_of_them_when_their_file_is_read_otherwise(store: Store, tmp_path: Path) -> None:
    options: dict[str, Any] = {"table": "orders", "map": MAP}
    first = lines("A,2026-05-01,c,10,paid", "A,2026-05-01,c,20,paid")
    put(store, tmp_path, "a.csv", first, **options)
    put(store, tmp_path, "b.csv", lines("A,2026-05-01,c,7,paid", "A,2026-05-01,c,20,paid"), **options)
    assert rows(store, "select amount from orders") == [(37,)]
    done = put(store, tmp_path, "a.csv", first, **options, keep=("Price>100",))
    assert done.rejected == 2
    assert rows(store, "select amount from orders") == [(27,)]  # 7 + 20, which b has, too
    done = put(store, tmp_path, "a.csv", first, **options)
    assert rows(store, "select amount from orders") == [(37,)]
    assert done.notes[0].startswith("replaces 0 rows")


def test_another_map_of_lines_says_what_changed(store: Store, tmp_path: Path) -> None:
    head = "No,When,Who,Net,Gross,Item\n"
    text = head + "A,2026-05-01,c,10,12,mug\nA,2026-05-01,c,20,20,cup\n"
    base = {"order_id": "No", "ordered_at": "When", "customer_id": "Who", "product": "Item"}
    put(store, tmp_path, "a.csv", text, table="orders", map={**base, "amount": "Net"})
    done = put(store, tmp_path, "a.csv", text, table="orders", map={**base, "amount": "Gross"})
    assert rows(store, "select amount from orders") == [(32,)]
    assert done.notes[0].startswith("replaces 2 rows")
    assert done.loaded + done.unchanged == 0


def test_by_a_column_that_differs_within_orders_counts_lines_with_their_amounts(store: Store, tmp_path: Path) -> None:
    head = "No,When,Who,Price,State,Item,Category,Till\n"
    text = head + (
        "A,2026-05-01,c,10,paid,mug,china,1\nA,2026-05-01,c,20,paid,cloth,linen,1\nB,2026-05-09,c,5,paid,mug,china,2\n"
        "C,2026-05-01,d,7,paid,mug,china,2\n"
    )
    put(store, tmp_path, "a.csv", text, table="orders", map={**MAP, "product": "Item"})
    for by, first, second in (("product", "cloth", "mug"), ("Category", "linen", "china")):
        result = ltv(store, by=by)
        assert result.facts["orders"] == 3
        assert result.facts["revenue"] == 42
        found = {row[0]: dict(zip((column.name for column in result.columns), row, strict=True)) for row in result.rows}
        assert {name: (row["orders"], row["customers"], row["revenue"]) for name, row in found.items()} == {
            first: (1, 1, 20), second: (3, 2, 22)  # a cloth of 20; mugs of 10, 5 and 7
        }  # fmt: skip
        assert any(note.startswith(f"{by} differs within orders: its rows count lines") for note in result.notes)
    till = ltv(store, by="Till")  # the same for all lines of an order
    assert [row[0] for row in till.rows] == ["1", "2"]
    assert not any("differs within orders" in note for note in till.notes)
    assert ltv(store.filtered(parse_conditions(["product=mug"]))).facts["revenue"] == 22
    assert (
        sum(int(str(row[3])) for row in cohorts(store, by="product").rows if row[2] == 0) == 3
    )  # c in two groups, d in one
    assert cohorts(store, by="product").facts["customers"] == 2


LINES = st.lists(
    st.tuples(st.sampled_from("AB"), st.sampled_from(["mug", "cup", "pot"])), min_size=1, max_size=6, unique=True
)


@settings(max_examples=15, deadline=None)
@given(data=st.data())
def test_lines_come_to_the_same_in_any_pieces_and_any_order_of_them(data: st.DataObject) -> None:
    rows_ = data.draw(LINES)
    files: list[list[str]] = [[], [], []]
    for number, (order, item) in enumerate(rows_):
        row = f"{order},2026-05-01T0{number}:00:00Z,c{order},{10 * number + 1},paid,{item}\n"
        for place in data.draw(st.sets(st.integers(0, 2), min_size=1)):
            files[place].append(row)
    order_of_files = [*data.draw(st.permutations(range(3))), *data.draw(st.sets(st.integers(0, 2)))]
    head = "No,When,Who,Price,State,Item\n"
    shown = "select order_id, ordered_at, amount, product, customer_id from orders order by 1"
    of_lines = "select order_id, line, occurrence, amount from order_lines order by all"
    options: dict[str, Any] = {"table": "orders", "map": {**MAP, "product": "Item"}}
    with TemporaryDirectory() as name, memory_store() as one, memory_store() as other:
        folder = Path(name)
        for place in order_of_files:
            if files[place]:
                put(one, folder, f"{place}.csv", head + "".join(files[place]), **options)
        put(other, folder, "all.csv", head + "".join(dict.fromkeys(row for file in files for row in file)), **options)
        assert rows(one, shown) == rows(other, shown)
        if len(rows_) > len({order for order, _ in rows_}):
            several = {order for order in "AB" if sum(order == each for each, _ in rows_) > 1}
            for order in several:
                mine = [row for row in rows(one, of_lines) if row[0] == order]
                assert mine == [row for row in rows(other, of_lines) if row[0] == order]

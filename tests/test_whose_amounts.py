"""An amount that is the same on all lines of an order is each line's, or the order's and counts once."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import Call
from tests.test_guess_kinds import guessed, stored

HEAD = "Ticket,Order,Bought at,Email,{}"
LINES = (1, 2, 1, 3, 2, 1, 4, 1, 2)
"""How many tickets each order has: 17."""
PRICES = (20, 35, 50)
ALL = sum(many * PRICES[n % 3] for n, many in enumerate(LINES))
"""Each ticket at its price: 20 * (1 + 3 + 4) + 35 * (2 + 2 + 1) + 50 * (1 + 1 + 2) = 535."""
ONCE = sum(PRICES[n % 3] for n in range(len(LINES)))
"""Each price once: 3 * (20 + 35 + 50) = 315."""
LINE, ORDER = "'line'", "'order'"


def bought(*columns: tuple[str, object]) -> list[str]:
    """Tickets of orders, with what `columns` say of each by the order, its place there, and their number."""
    head, rows = HEAD.format(",".join(name for name, _ in columns)), list[str]()
    for n, many in enumerate(LINES):
        for k in range(many):
            cells = ",".join(str(says(n, k, many)) for _, says in columns)  # type: ignore[operator]
            rows.append(f"T{n}-{k},O{n},2026-03-{10 + n} 10:00,k{n}@shop.example,{cells}")
    return [head, *rows]


def price(n: int, _: int, __: int) -> int:
    return PRICES[n % 3]


def test_nothing_tells_and_both_are_commands(tmp_path: Path, supportkit: Call) -> None:
    file = tmp_path / "attendees.csv"
    file.write_text("\n".join(bought(("Paid", price))))
    code, out, err = supportkit("load", file, "--guess", "--db", tmp_path / "none.duckdb")
    assert (code, (tmp_path / "none.duckdb").exists()) == (3, False)
    assert "amount_of may be 'line' or 'order': Paid is the same on all lines of an order" in " ".join(out.split())
    for whose, total in ((LINE, ALL), (ORDER, ONCE)):
        assert f'--map "amount_of={whose}"' in err
        db = tmp_path / f"{total}.duckdb"
        assert supportkit("load", file, "--guess", "--map", f"amount_of={whose}", "--db", db)[0] == 0
        assert stored(supportkit, db, "select sum(amount) as n, count(*) as m from orders") == [{"n": total, "m": 9}]
        in_full = tmp_path / f"{total}f.duckdb"
        words = ("order_id=Order", "ordered_at=Bought at", "customer_id=Email")
        maps = [part for word in (*words, "amount=Paid", f"amount_of={whose}") for part in ("--map", word)]
        assert supportkit("load", file, "--as", "orders", *maps, "--db", in_full)[0] == 0
        assert stored(supportkit, in_full, "select sum(amount) as n from orders") == [{"n": total}]


def test_an_amount_is_of_a_line_or_an_order_and_of_nothing_else(tmp_path: Path, supportkit: Call) -> None:
    file = tmp_path / "attendees.csv"
    file.write_text("\n".join(bought(("Paid", price))))
    code, _, err = supportkit("load", file, "--guess", "--map", "amount_of='ticket'", "--db", tmp_path / "s.duckdb")
    assert (code, "write 'line' or 'order'" in err) == (2, True)


def test_each_of_two_amounts_may_be_of_a_line_or_of_an_order(tmp_path: Path) -> None:
    found = guessed(tmp_path / "attendees.csv", *bought(("Net amount", price), ("Gross amount", price)))
    (question,) = (one for one in found.questions if one.ours == "amount")
    assert list(zip(question.readings, question.also, strict=True)) == [
        ("Net amount", f"amount_of={LINE}"),
        ("Net amount", f"amount_of={ORDER}"),
        ("Gross amount", f"amount_of={LINE}"),
        ("Gross amount", f"amount_of={ORDER}"),
    ]


@pytest.mark.parametrize(
    ("columns", "whose"),
    [
        ((("Ticket price", price),), LINE),
        ((("Order total", price),), ORDER),
        ((("Paid", price), ("Ticket type", lambda n, k, many: "ABC"[n % 3])), LINE),
        ((("Paid", price), ("Bill", lambda n, k, many: many * PRICES[n % 3])), LINE),
        ((("Amount", lambda n, k, many: many * PRICES[n % 3]),), ORDER),
        ((("Total", lambda n, k, many: 11 + 7 * n),), ORDER),
        ((("Total", price),), None),
        ((("Paid", lambda n, k, many: 45),), LINE),
        ((("Paid", lambda n, k, many: 45 * min(many, 2)),), None),
        ((("Total Paid", lambda n, k, many: 45 * many),), ORDER),
        ((("Amount", price), ("Quantity", lambda n, k, many: 1), ("Unit price", price)), LINE),
        ((("Amount", lambda n, k, many: 30 * many), ("Quantity", lambda n, k, many: 2 + k),
          ("Unit price", lambda n, k, many: 30 * many / sum(2 + j for j in range(many)))), ORDER),
    ],
)  # fmt: skip
def test_what_tells_whose_an_amount_is(
    columns: tuple[tuple[str, object], ...], whose: str | None, tmp_path: Path
) -> None:
    found = guessed(tmp_path / "attendees.csv", *bought(*columns))
    asked = [one.ours for one in found.questions]
    assert (asked, "price" in found.map) == (([], whose == ORDER) if whose else (["amount_of"], False))


def test_the_lines_of_an_order_of_one_total_have_no_amount_of_their_own(tmp_path: Path, supportkit: Call) -> None:
    file, db = tmp_path / "attendees.csv", tmp_path / "s.duckdb"
    file.write_text("\n".join(bought(("Paid", price), ("Seat", lambda n, k, many: "AB"[k % 2]))))
    assert supportkit("load", file, "--guess", "--map", f"amount_of={ORDER}", "--db", db)[0] == 0
    query = "select count(*) as n, count(amount) as m from order_lines where not adds"
    assert stored(supportkit, db, query) == [{"n": 17, "m": 0}]


def test_orders_of_two_lines_at_one_price_have_one_total(tmp_path: Path) -> None:
    rows = [
        f"T{n}-{k},O{n},2026-03-{10 + n} 10:00,k{n}@shop.example,{45 * many}"
        for n, many in enumerate((1, 2, 1, 2, 2, 1, 2))
        for k in range(many)
    ]
    found = guessed(tmp_path / "attendees.csv", HEAD.format("Total Paid"), *rows)
    assert (found.settled, found.map["price"]) == (True, "Total Paid")

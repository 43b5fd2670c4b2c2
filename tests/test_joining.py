"""A table from several files: looked up or summed by a key, and told how the keys meet."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from supportkit.exports.recognising import joining, recognised_file
from supportkit.store import open_store
from tests.conftest import Call

ORDERS = "order_id,ordered_at,customer_id\n1,2026-01-01,k1\n2,2026-01-02,k2\n3,2026-01-03,k9\n"
PAYMENTS = 'Order;Paid;Way\n1;"1.010,50";card\n1;"0,50";card\n2;"20,00";bank\n7;"5,00";bank\n'
CUSTOMERS = "customer_id,email,country\nk1,anna@example.org,DE\nk2,bo@example.org,FR\n"
WITH = ("--with", "payments.csv on order_id=Order", "--with", "customers.csv on customer_id")
MAP = ("--as", "orders", "--map", "amount=Paid", "--map", "customer_id=email", "--map", "payment_method=Way")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in (("orders", ORDERS), ("payments", PAYMENTS), ("customers", CUSTOMERS)):
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
    return tmp_path


def test_a_shop_with_amounts_and_persons_in_other_files_loads(folder: Path, supportkit: Call) -> None:
    db = folder / "t.db"
    code, _, err = supportkit("load", folder / "orders.csv", *WITH, *MAP, "--db", db)
    assert code == 0, err
    assert "read 3 = loaded 2 + updated 0 + unchanged 0 + older 0 + rejected 1" in err  # nobody paid for 3
    assert "payments.csv on order_id: 3 keys, 2 of 3 rows have one; 1 key has several rows, whose amounts are" in err
    assert "added; 1 key is of no row" in err
    assert "customers.csv on customer_id: 2 keys, 2 of 3 rows have one" in err
    with open_store(db) as store:
        found = store.rows("select order_id, amount, country, payment_method, customer_id from orders order by 1")
        assert [row[:4] for row in found] == [("1", 1011, "DE", "card"), ("2", 20, "FR", "bank")]
        assert all(row[4].startswith("p_") for row in found)  # masked as ever
        assert store.rows("select line, reason from rejects") == [(4, "amount is empty")]
    # the same again is nothing new; another payment is another reading
    before = db.read_bytes()
    assert "nothing is new" in supportkit("load", folder / "orders.csv", *WITH, *MAP, "--db", db)[2]
    assert db.read_bytes() == before
    (folder / "payments.csv").write_text(PAYMENTS + '3;"7,00";bank\n', encoding="utf-8")
    _, _, err = supportkit("load", folder / "orders.csv", *WITH, *MAP, "--db", db)
    assert "read 3 = loaded 1 + updated 0 + unchanged 2 + older 0 + rejected 0" in err
    assert "replaces 2 rows" in err


def test_a_configuration_joins_a_folder_and_loads_the_others_only_with_it(folder: Path, supportkit: Call) -> None:
    config = folder / "supportkit.toml"
    config.write_text(
        '[join.orders]\nwith = ["payments.csv on order_id=Order", "customers.csv on customer_id"]\n'
        '[columns.orders]\namount = "Paid"\norder_id = "order_id"\nordered_at = "ordered_at"\n'
        'customer_id = "customer_id"\n',
        encoding="utf-8",
    )
    (folder / "tickets.csv").write_text("ticket_id,created_at,customer_id\n1,2026-01-01,k1\n", encoding="utf-8")
    code, _, err = supportkit("load", folder, "--db", folder / "t.db", "--config", config)
    assert code == 0, err
    assert "tickets.csv: tickets, read 1 = loaded 1" in err
    assert "orders.csv: orders, read 3 = loaded 2" in err
    assert "left out" not in err


def test_a_dry_run_shows_the_columns_of_all_files(folder: Path, supportkit: Call) -> None:
    code, out, err = supportkit("load", "--dry-run", folder / "orders.csv", *WITH, *MAP)
    assert code == 0, err
    assert "1011" in out  # 1010.50 and 0.50
    assert "payments.csv on order_id: 3 keys" in out
    assert not (folder / "t.db").exists()


@pytest.mark.parametrize(
    ("join", "said"),
    [
        ("payments.csv on order_no", "no column 'order_no' to join on"),
        ("payments.csv on order_id=No", "no column 'No' to join on"),
        ("payment.csv on order_id", "there is no such file"),
        ("payments.csv", "write FILE on KEY"),
    ],
)
def test_a_join_without_its_key_is_told_and_changes_nothing(
    folder: Path, supportkit: Call, join: str, said: str
) -> None:
    code, _, err = supportkit("load", folder / "orders.csv", "--with", join, *MAP, "--db", folder / "t.db")
    assert code in (2, 3)
    assert said in err
    assert not (folder / "t.db").exists()


def test_a_key_that_is_not_unique_is_told_where_something_is_looked_up(folder: Path, supportkit: Call) -> None:
    (folder / "customers.csv").write_text(CUSTOMERS + "k1,other@example.org,DE\n", encoding="utf-8")
    code, _, err = supportkit("load", folder / "orders.csv", *WITH, *MAP, "--db", folder / "t.db")
    assert code == 3
    assert "customers.csv: 2 rows have the customer_id 'k1', with" in err
    assert not (folder / "t.db").exists()


def test_amounts_are_not_added_to_several_rows_of_a_key(folder: Path, supportkit: Call) -> None:
    (folder / "orders.csv").write_text(ORDERS + "1,2026-01-01,k1\n", encoding="utf-8")
    code, _, err = supportkit("load", folder / "orders.csv", *WITH, *MAP, "--db", folder / "t.db")
    assert code == 3
    assert "order_id '1' is on 2 rows, and the amounts of payments.csv would be counted on each" in err


def test_a_joined_file_that_changes_while_it_is_read_is_told(folder: Path, supportkit: Call, monkeypatch: Any) -> None:
    known = joining.open_joined

    def and_then_changes(*given: Any) -> Any:
        found = known(*given)
        (folder / "payments.csv").write_text(PAYMENTS + '3;"7,00";bank\n', encoding="utf-8")
        return found

    monkeypatch.setattr(recognised_file, "open_joined", and_then_changes)
    code, _, err = supportkit("load", folder / "orders.csv", *WITH, *MAP, "--db", folder / "t.db")
    assert code == 3
    assert "payments.csv: changed while it was read; nothing was changed" in err
    assert not (folder / "t.db").exists()


@pytest.mark.parametrize(
    ("payments", "found", "said"),
    [
        # what cannot be read is no nought: the order is refused, with the reason
        ("no,paid\n1,10\n1,abc\n2,n/a\n2,5\n3,7\n", [("2", 5, None), ("3", 7, None)], "loaded 2"),
        # the sign of the currency stays
        ("no,paid\n1,€ 10\n1,€ 2\n2,$ 5\n3,£ 7\n", [("1", 12, "EUR"), ("2", 5, "$"), ("3", 7, "GBP")], "loaded 3"),
        # a damaged line is told
        ("no,paid\n1,10\n2,5,9\n3,7\n", [("1", 10, None), ("3", 7, None)], "payments.csv: 1 line is damaged"),
    ],
)
def test_a_sum_of_a_join_leaves_nothing_out(
    folder: Path, supportkit: Call, payments: str, found: list[tuple[str, int, str]], said: str
) -> None:
    (folder / "payments.csv").write_text(payments, encoding="utf-8")
    words = ("--with", "payments.csv on order_id=no", "--as", "orders", "--map", "amount=paid")
    code, _, err = supportkit("load", folder / "orders.csv", *words, "--db", folder / "t.db")
    assert code == 0, err
    assert said in err
    with open_store(folder / "t.db") as store:
        assert store.rows("select order_id, amount, currency from orders order by 1") == found


def test_two_currencies_of_a_key_are_not_added(folder: Path, supportkit: Call) -> None:
    (folder / "payments.csv").write_text("no,paid\n1,€ 10\n1,$ 5\n2,€ 5\n", encoding="utf-8")
    words = ("--with", "payments.csv on order_id=no", "--as", "orders", "--map", "amount=paid")
    code, _, err = supportkit("load", folder / "orders.csv", *words, "--db", folder / "t.db")
    assert code == 3
    assert "the 'paid' of '1' are in $ and €, and are not added; nothing was changed" in err
    assert not (folder / "t.db").exists()


def test_amounts_in_cents_are_added_and_divided(folder: Path, supportkit: Call) -> None:
    (folder / "payments.csv").write_text("no,cents\n1,1050\n1,-50\n2,500\n3,1\n", encoding="utf-8")
    words = ("--with", "payments.csv on order_id=no", "--as", "orders", "--map", "amount=cents/100")
    code, _, err = supportkit("load", folder / "orders.csv", *words, "--db", folder / "t.db")
    assert code == 0, err
    with open_store(folder / "t.db") as store:
        found = store.rows("select order_id, cast(amount as double) from orders order by 1")
        assert found == [("1", 10), ("2", 5), ("3", 0.01)]

"""What is told of sales in a guess about files of marketplaces and payment services: who bought, when, in which money,
and what came back."""

from __future__ import annotations

from pathlib import Path

import pytest

from supportkit.exports.meanings.vocabulary import vocabulary
from supportkit.exports.meanings.word_meaning import judge
from supportkit.exports.recognising.guessing.unsaid_customers import candidates
from tests.conftest import Call
from tests.test_guess_kinds import guessed, stored

DAYS = range(10, 28)


def rows(*cells: str) -> list[str]:
    """A row a day of March: a number, the day, an amount and what stands behind it."""
    return [f"R{n},2026-03-{n} 10:00,{n},{cells[n % len(cells)]}" for n in DAYS]


def sold(path: Path, headers: str, *cells: str) -> dict[str, str]:
    return guessed(path, f"Order ID,Order date,Total,{headers}", *rows(*cells)).map


@pytest.mark.parametrize("hidden", ["##1,***-**-****", "##2,••••••", "##3,acme"])
def test_what_is_hidden_or_the_same_of_all_is_no_customer(hidden: str, tmp_path: Path) -> None:
    login, number = hidden.split(",")
    found = sold(tmp_path / "sold.csv", "Buyer ID,Buyer username", *(f"{number},{login}-{n}" for n in range(5)))
    assert found["customer_id"] == "Buyer username"


def test_a_telephone_number_of_which_two_digits_are_left_is_no_customer(tmp_path: Path) -> None:
    found = sold(tmp_path / "sold.csv", "Phone", *(f"********{n}" for n in range(10, 15)))
    assert "customer_id" not in found


def test_a_column_of_currencies_is_nobody() -> None:
    money = ["EUR", "CHF", "EUR", "EUR"]
    assert candidates("orders", ["Devise de l'acheteur", "Buyer's code"], [money, ["a7", "b3", "a7", "c1"]], set()) == [
        "Buyer's code"
    ]


@pytest.mark.parametrize(
    ("header", "ours"),
    [
        ("Data utworzenia zamówienia", "ordered_at"),
        ("Data de criação da venda", "ordered_at"),
        ("Returns and refunds", "refunded"),
        ("Stornos und Erstattungen (EUR)", "refunded"),
        ("Annulations et remboursements", "refunded"),
        ("Cancelaciones y reembolsos (MXN)", "refunded"),
        ("Отмены и возвраты", "refunded"),
        ("Resi e rimborsi", "refunded"),
        ("Annuleringen en terugbetalingen", "refunded"),
        ("Anulacje i zwroty", "refunded"),
        ("Cancelamentos e estornos", "refunded"),
        ("İptal ve iadeler", "refunded"),
    ],
)
def test_what_came_back_and_when_something_was_sold_is_known_by_its_name(
    header: str, ours: str, tmp_path: Path
) -> None:
    cells = ("2026-03-04 10:00", "2026-03-05 11:00") if ours == "ordered_at" else ("-3.00", "0.00", "0.00")
    lines = (f"R{n},{n},k{n % 5}@shop.example,{cells[n % len(cells)]}" for n in DAYS)
    assert guessed(tmp_path / "sold.csv", f"Order ID,Total,Email,{header}", *lines).map[ours] == header


def test_a_time_that_orders_often_have_not_is_asked_about_beside_one_that_all_have(tmp_path: Path) -> None:
    lines = (
        f"R{n // 2},{'' if n % 10 < 4 else f'2026-03-{10 + n // 2} 11:00'},2026-03-{10 + n // 2},k{n % 5}@x.example,9"
        for n in DAYS
    )
    found = guessed(tmp_path / "sold.csv", "Order ID,Order date,Created at,Email,Line total", *lines)
    (asked,) = (one for one in found.questions if one.ours == "ordered_at")
    # of the 18 rows those of the numbers 10-13 and 20-23 have no time, and neither have the other rows of their orders
    assert asked.readings == ("Order date", "Created at")
    assert "44 % of the first rows" in asked.why


def test_a_time_in_the_first_line_of_each_order_is_its_time(tmp_path: Path) -> None:
    lines = (f"R{n // 2},{'' if n % 2 else f'2026-03-{n} 11:00'},k{n // 2}@x.example,9,2026-03-01" for n in DAYS)
    found = guessed(tmp_path / "sold.csv", "Order ID,Order date,Email,Line total,Created at", *lines)
    assert found.map["ordered_at"] == "Order date"


@pytest.mark.parametrize(("header", "code"), [("Total (CLP)", "CLP"), ("Total ($)", "$"), ("Total in $", "$")])
def test_the_currency_in_a_header_goes_with_an_amount_that_somebody_said(
    header: str, code: str, tmp_path: Path, supportkit: Call
) -> None:
    file, db = tmp_path / "sold.csv", tmp_path / "s.duckdb"
    file.write_text("\n".join([f"Order ID,Order date,{header},Net total", *rows("1", "2")]))
    assert supportkit("load", file, "--guess", "--map", f"amount={header}", "--db", db)[0] == 0
    assert stored(supportkit, db, "select distinct currency as money from orders") == [{"money": code}]


def test_a_sign_of_several_currencies_leaves_a_column_of_one_of_them(tmp_path: Path) -> None:
    found = sold(tmp_path / "sold.csv", "Currency,Fee ($)", "CAD,1", "USD,2")
    assert found["currency"] == "Currency"
    lines = rows("EUR", "GBP")
    other = guessed(tmp_path / "more.csv", "Order ID,Order date,Total ($),Currency", *lines)
    assert other.map["currency"] == "'$'"  # of another amount than that in dollars


def keeps(path: Path, headers: str, *cells: str) -> list[str]:
    return [one.keep for one in guessed(path, f"Order ID,Order date,Total,{headers}", *rows(*cells)).no_sales]


@pytest.mark.parametrize(
    ("header", "words", "keep"),
    [
        ("Return status", "Approved,Rejected", '"Return status"!=Approved'),
        ("Status der Rückgabe", "Ware eingegangen,abgelehnt", '"Status der Rückgabe"!="Ware eingegangen"'),
        ("Статус возврата", "Деньги отправлены,", '"Статус возврата"!="Деньги отправлены"'),
        ("Estado del reembolso", "Aprobada,Completado", '"Estado del reembolso" not in (Aprobada, Completado)'),
    ],
)
def test_the_state_of_a_return_beside_that_of_the_order_is_told(
    header: str, words: str, keep: str, tmp_path: Path
) -> None:
    one, other = words.split(",")
    # of 10 to 27 the second of six is every sixth, and the fourth
    assert keeps(tmp_path / "sold.csv", f"Status,{header}", *(f"paid,{of}" for of in ("", one, "", other, "", ""))) == [
        keep
    ]


def test_a_state_of_returns_that_every_order_has_is_not_of_a_few(tmp_path: Path) -> None:
    assert keeps(tmp_path / "sold.csv", "Status,Return status", "paid,No return", "paid,Approved") == []


@pytest.mark.parametrize(("yes", "no"), [("1", "0"), ("yes", "no"), ("TRUE", "FALSE")])
def test_a_dispute_that_was_won_is_a_sale(yes: str, no: str, tmp_path: Path, supportkit: Call) -> None:
    file, db = tmp_path / "sold.csv", tmp_path / "s.duckdb"
    flags = (f"{no},{no}", f"{yes},{no}", f"{no},{no}", f"{yes},{yes}", f"{no},{no}", f"{no},{no}")
    (keep,) = keeps(file, "Disputed?,Dispute won?", *flags)
    assert keep == f'"Disputed?"+"/"+"Dispute won?"!="{yes}/{no}"'
    assert supportkit("load", file, "--guess", "--keep", keep, "--db", db)[0] == 0
    # lost are the numbers that leave 1 of 6: 13, 19, 25; 10 to 27 come to 333
    assert stored(supportkit, db, "select sum(amount) as n from orders") == [{"n": 276.0}]


def test_what_a_flag_says_was_given_back_whole_came_back_with_what_did_in_part(
    tmp_path: Path, supportkit: Call
) -> None:
    file, db = tmp_path / "sold.csv", tmp_path / "s.duckdb"
    cells = ("0.00,0", "4.00,0", "0.00,0", "0.00,1", "0.00,0", "0.00,0")
    found = guessed(file, "Order ID,Order date,Total,Amount refunded,Fully refunded?", *rows(*cells))
    assert found.map["refunded"] == "Amount refunded+[Fully refunded?]*Total"
    assert found.no_sales == ()
    assert supportkit("load", file, "--guess", "--db", db)[0] == 0
    # 4 each of 13, 19 and 25; the whole of 15, 21 and 27
    assert stored(supportkit, db, "select sum(refunded) as n from orders") == [{"n": 12.0 + 63.0}]


def test_of_two_amounts_each_says_what_was_given_back_whole(tmp_path: Path) -> None:
    lines = (f"R{n},2026-03-{n},{n},{n - 1},{('1.50,0', '0.00,1', '0.00,0')[n % 3]}" for n in DAYS)
    found = guessed(tmp_path / "sold.csv", "Order ID,Order date,Gross total,Net total,Refunds,Is refunded", *lines)
    (asked,) = found.questions
    assert asked.and_also == (
        "refunded=Refunds+Is refunded*Gross total",
        "refunded=Refunds+Is refunded*Net total",
    )
    assert found.no_sales == ()


PARCELS = (
    # order, parcel, what the parcel comes to, and its things with their quantity and price of a piece
    ("A1", "A1-1", 50, (("cup", 2, 10), ("jug", 1, 30))),
    ("A1", "A1-2", 30, (("jug", 1, 30),)),
    ("B2", "B2-1", 70, (("cup", 1, 10), ("jug", 2, 30))),
    ("B2", "B2-2", 40, (("cup", 1, 10), ("jug", 1, 30))),
    ("C3", "C3-1", 40, (("cup", 4, 10),)),
)


def parcels(path: Path, price: str, *, worth: bool = True) -> Path:
    """A file of parcels, whose total stands on each of their lines."""
    lines = [
        f"{order},{parcel},2026-03-1{n},b{n % 2}@x.example,{total},{thing if worth else 'set'},{many},{each}"
        for n, (order, parcel, total, things) in enumerate(PARCELS)
        for thing, many, each in things
    ]
    path.write_text("\n".join([f"Order ID,Parcel,Order date,Email,Amount,Thing,Quantity,{price}", *lines]))
    return path


def test_a_parcel_that_says_what_its_lines_come_to_is_the_order(tmp_path: Path, supportkit: Call) -> None:
    file, db = parcels(tmp_path / "sent.csv", "Unit price"), tmp_path / "s.duckdb"
    code, _, err = supportkit("load", file, "--guess", "--db", db)
    assert (code, "order_id=Parcel" in err) == (0, True)
    # once for each parcel: 50 + 30 + 70 + 40 + 40, where the lines would come to 390
    assert stored(supportkit, db, "select count(*) as n, sum(amount) as worth from orders") == [{"n": 5, "worth": 230}]


def test_where_nothing_tells_whose_the_total_of_a_parcel_is_it_is_asked(tmp_path: Path) -> None:
    text = parcels(tmp_path / "sent.csv", "Weight", worth=False).read_text().splitlines()
    found = guessed(tmp_path / "sent.csv", *text)
    (asked,) = (one for one in found.questions if one.ours == "order_id")
    assert asked.readings == ("Parcel", "Order ID")
    assert asked.why == "Amount is the same on all lines of one Parcel, of which one Order ID has several"


def test_an_amount_of_each_line_leaves_the_order_the_order(tmp_path: Path) -> None:
    text = parcels(tmp_path / "sent.csv", "Unit price").read_text().splitlines()
    lines = [line.split(",") for line in text[1:]]
    each = [",".join((*cells[:4], str(int(cells[6]) * int(cells[7])), *cells[5:])) for cells in lines]
    found = guessed(tmp_path / "sent.csv", text[0].replace("Amount", "Line total"), *each)
    assert found.map["order_id"] == "Order ID"


def payments(path: Path, kinds: str = "sale,credit", *, same_day: bool = False) -> Path:
    """A journal of payments: ten sales, a declined attempt at one, and three refunds, each of half of a sale."""
    sale, back = kinds.split(",")
    lines = [f"t{n},O{n},2026-03-{n} 10:00,PST,EUR,EUR,{n},{sale},settled" for n in range(10, 20)]
    lines.insert(3, f"x13,O13,2026-03-13 09:00,PST,EUR,,13,{sale},declined")
    days = [n if same_day else n + 5 for n in (10, 12, 14)]
    lines += [
        f"r{n},O{n},2026-03-{day} 10:00,PST,EUR,,{n // 2},{back},settled"
        for n, day in zip((10, 12, 14), days, strict=True)
    ]
    head = "Transaction ID,Order ID,Created at,Created zone,Currency,Settlement currency,Amount,Transaction type,Status"
    path.write_text("\n".join([head, *lines]))
    return path


@pytest.mark.parametrize("kinds", ["sale,credit", "Charge,Refund", "Zahlung,Gutschrift", "Оплата,Возврат"])
def test_a_type_makes_refunds_of_rows_that_have_the_number_of_a_sale(
    kinds: str, tmp_path: Path, supportkit: Call
) -> None:
    file, db = payments(tmp_path / "paid.csv", kinds), tmp_path / "s.duckdb"
    code, out, _ = supportkit("load", file, "--db", db)
    assert (code, "--keep 'Status!=declined'" in out) == (3, True)
    assert supportkit("load", file, "--db", db, "--guess")[0] == 3  # declined attempts would count
    assert supportkit("load", file, "--db", db, "--guess", "--keep", "Status!=declined")[0] == 0
    query = "select count(*) as n, sum(amount) as sold, sum(refunded) as back, min(currency) as money from orders"
    # 10 + … + 19, and half of 10, 12 and 14
    assert stored(supportkit, db, query) == [{"n": 10, "sold": 145.0, "back": 18.0, "money": "EUR"}]


def test_a_refund_on_the_day_of_its_sale_is_told_with_what_leaves_it_out(tmp_path: Path) -> None:
    file = payments(tmp_path / "paid.csv", same_day=True)
    found = guessed(file, *file.read_text().splitlines())
    assert '"Transaction type"!=credit' in [one.keep for one in found.no_sales]
    assert found.map["status"] == "Status"


def test_credits_beside_debits_are_no_refunds(tmp_path: Path) -> None:
    file = payments(tmp_path / "paid.csv", "debit,credit")
    found = guessed(file, *file.read_text().splitlines())
    assert found.map["status"] == "Status"
    assert [one.keep for one in found.no_sales] == []


def test_a_zone_that_is_named_as_its_time_goes_with_it(tmp_path: Path, supportkit: Call) -> None:
    file, db = payments(tmp_path / "paid.csv"), tmp_path / "s.duckdb"
    text = file.read_text().replace("Created zone", "Created Timezone")
    assert guessed(file, *text.splitlines()).map["ordered_at"] == "Created at+' '+Created Timezone"
    assert supportkit("load", file, "--db", db, "--guess", "--keep", "Status!=declined")[0] == 0
    query = "select ordered_at at time zone 'UTC' as at from orders where order_id = 'O11'"
    # the eleventh falls behind the second Sunday of March, but the letters say standard time: eight hours behind
    assert str(stored(supportkit, db, query)[0]["at"]).startswith("2026-03-11T18:00:00")


def ledger(path: Path, came: str, went: str, words: tuple[str, str, str]) -> Path:
    """A ledger of payments: ten sales, three refunds on later days, of which one is sold again, and a fee."""
    sale, back, fee = words
    lines = [f"M{n},2026-03-{n} 10:00,{sale},CHF,{n}.00," for n in range(10, 20)]
    lines += [f"M{n},2026-03-{n + 5} 10:00,{back},CHF,,{n // 2}.00" for n in (10, 12)]
    lines += [f"M18,2026-03-20 10:00,{back},CHF,,18.00", f"M18,2026-03-24 10:00,{sale},CHF,18.00,"]
    lines += [f",2026-03-25 10:00,{fee},CHF,,0.30"]
    path.write_text("\n".join([f"Payment reference,Created at,Type,Currency,{came},{went}", *lines]))
    return path


@pytest.mark.parametrize(
    ("came", "went", "words"),
    [
        ("Credit (CHF)", "Debit (CHF)", ("Sale", "Refund", "Fee")),
        ("Haben", "Soll", ("Zahlung", "Erstattung", "Gebühr")),
        ("Crédit", "Débit", ("Paiement", "Remboursement", "Frais")),
        ("Сумма: приход", "Сумма: расход", ("Оплата", "Возврат", "Комиссия")),
    ],
)
def test_a_ledger_of_two_sides_is_of_orders_with_what_came_back(
    came: str, went: str, words: tuple[str, str, str], tmp_path: Path, supportkit: Call
) -> None:
    file, db = ledger(tmp_path / "settled.csv", came, went, words), tmp_path / "s.duckdb"
    found = guessed(file, *file.read_text().splitlines())
    assert (found.table, found.map["amount"], found.map["refunded"], found.map["status"]) == (
        "orders",
        came,
        went,
        "Type",
    )
    code, _, err = supportkit("load", file, "--guess", "--db", db)
    assert (code, "rejected 1" in err) == (0, True)  # the fee has no number
    query = "select count(*) as n, sum(amount) as sold, sum(refunded) as back from orders"
    # 10 + … + 19; half of 10 and of 12, and 18 that were sold again
    assert stored(supportkit, db, query) == [{"n": 10, "sold": 145.0, "back": 11.0}]


def test_of_two_pairs_of_sides_it_is_asked_which_is_meant(tmp_path: Path) -> None:
    head = "Payment reference,Created at,Type,Gross currency,Gross debit,Gross credit,Net currency,Net debit,Net credit"
    lines = [f"M{n},2026-03-{n},Sale,USD,,{n}.00,EUR,,{n - 1}.00" for n in range(10, 20)]
    lines += [f"M{n},2026-03-{n + 5},Refund,USD,{n}.00,,EUR,{n}.30," for n in (10, 12)]
    found = guessed(tmp_path / "settled.csv", head, *lines)
    (asked,) = found.questions
    assert (found.table, asked.readings) == ("orders", ("Gross credit", "Net credit"))
    assert asked.also == ("currency=Gross currency", "currency=Net currency")
    assert asked.and_also == ("refunded=Gross debit", "refunded=Net debit")


def test_what_is_said_of_a_ledger_leaves_the_rest_of_the_guess(tmp_path: Path, supportkit: Call) -> None:
    file, db = ledger(tmp_path / "settled.csv", "Credit", "Debit", ("Settled", "Refund", "Fee")), tmp_path / "s.duckdb"
    lines = [
        "M40,2026-03-01,Settled,CHF,7,",
        "M40,2026-03-03,Chargeback,CHF,,7",
        "M40,2026-03-09,ChargebackReversed,CHF,7,",
    ]
    file.write_text("\n".join([file.read_text(), *lines]))
    said = ("--map", "order_id=Payment reference", "--map", "amount=Credit")
    assert supportkit("load", file, "--guess", *said, "--db", db)[0] == 0
    query = "select count(*) as n, sum(amount) as sold, sum(refunded) as back, count(status) as m from orders"
    assert stored(supportkit, db, query) == [{"n": 11, "sold": 152.0, "back": 11.0, "m": 11}]


def test_what_comes_in_and_goes_out_of_an_account_is_of_no_orders(tmp_path: Path) -> None:
    lines = [f"{n},2026-03-{n},Transfer,,{n}.00" for n in DAYS] + ["30,2026-03-30,Card,5.00,"]
    found = guessed(tmp_path / "account.csv", "Payment reference,Created at,Type,Debit,Credit", *lines)
    assert "amount" not in found.map


@pytest.mark.parametrize(
    ("word", "state"),
    [("Devolución completada", "refunded"), ("Reembolso finalizado", "refunded"), ("Etiqueta impresa", "sale")],
)
def test_returns_that_are_done_and_labels_that_are_printed_are_known(word: str, state: str) -> None:
    assert judge(word, vocabulary("orders_status")).value == state

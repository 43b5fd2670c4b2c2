"""Rows that are no sales and would count as some: told by the guess, with the `--keep` that leaves them out."""

from __future__ import annotations

from pathlib import Path

import pytest

from supportkit.exports.reading.cells import find_layout
from supportkit.exports.reading.files import open_export
from supportkit.exports.recognising.guessing.currency_said import currency_in
from supportkit.exports.recognising.guessing.of_file import customers_told, file_of
from supportkit.exports.recognising.load_options import LoadOptions
from tests.conftest import Call
from tests.test_guess_kinds import guessed, stored

DAYS = range(10, 28)


def unsaid(path: Path, *lines: str) -> tuple[str, ...]:
    """What is told of the customers of a file of these lines."""
    found = guessed(path, *lines)
    with open_export(path, name=path.name) as export:
        encoding, layout = find_layout(export)
        assert layout is not None
        return customers_told(file_of(export, encoding, layout, LoadOptions()), found)


def keeps(path: Path, *lines: str) -> list[str]:
    return [one.keep for one in guessed(path, *lines).no_sales]


def test_a_flag_says_that_rows_are_no_sales(tmp_path: Path, supportkit: Call) -> None:
    file, db = tmp_path / "sold.csv", tmp_path / "s.duckdb"
    rows = (f"{n},2026-03-{n},k{n % 5}@shop.example,10,{int(n % 6 == 0)}" for n in DAYS)
    file.write_text("\n".join(["Order ID,Order date,Email,Total,Fully Refunded?", *rows]))
    out = " ".join(supportkit("load", file, "--db", db)[1].split())
    # of 10 to 27 the numbers 12, 18 and 24 are refunded
    assert "Fully Refunded? is 1 in 3 of the first 18 rows, which count as sales" in out
    assert "--guess" not in out.split("which count as sales")[0]
    assert """--keep '"Fully Refunded?"!=1' --guess""" in out
    assert supportkit("load", file, "--guess", "--keep", '"Fully Refunded?"!=1', "--db", db)[0] == 0
    assert stored(supportkit, db, "select sum(amount) as n from orders") == [{"n": 150.0}]


@pytest.mark.parametrize(
    ("header", "cells", "keep"),
    [
        ("is_cancelled", ("true", "false"), "is_cancelled!=true"),
        ("Test?", ("yes", "no"), '"Test?"!=yes'),
        ("Cancelled at", ("2026-04-01 10:00", ""), '"Cancelled at" is empty'),
        ("Storniert am", ("01.04.2026", ""), '"Storniert am" is empty'),
        ("Type", ("Payout", "Sale of goods"), "Type!=Payout"),
        ("Вид операции", ("Вывод средств", "Приход"), '"Вид операции"!="Вывод средств"'),
    ],
)
def test_what_says_that_a_row_is_no_sale(header: str, cells: tuple[str, str], keep: str, tmp_path: Path) -> None:
    rows = (f"{n},2026-03-{n},k{n % 5}@shop.example,10,paid,{cells[n % 6 > 0]}" for n in DAYS)
    assert keeps(tmp_path / "sold.csv", f"Order ID,Order date,Email,Total,Status,{header}", *rows) == [keep]


@pytest.mark.parametrize(
    ("header", "cells"),
    [
        ("Partially refunded", ("yes", "no")),  # a part of it is a sale
        ("Paid", ("yes", "no")),
        ("Cancelled at", ("2026-04-01", "2026-04-02")),  # of all: then it is something else
        ("Refund requested", ("yes", "no")),
        ("Payment method", ("Transfer", "Card")),
    ],
)
def test_what_says_nothing_of_the_kind(header: str, cells: tuple[str, str], tmp_path: Path) -> None:
    rows = (f"{n},2026-03-{n},k{n % 5}@shop.example,10,{cells[n % 6 > 0]}" for n in DAYS)
    assert keeps(tmp_path / "sold.csv", f"Order ID,Order date,Email,Total,{header}", *rows) == []


def test_a_flag_of_rows_that_the_state_leaves_out_already_is_not_told(tmp_path: Path) -> None:
    rows = (f"{n},2026-03-{n},k{n % 5}@shop.example,10,{('void', 'paid')[n % 6 > 0]},{n % 6 == 0}" for n in DAYS)
    assert keeps(tmp_path / "sold.csv", "Order ID,Order date,Email,Total,Status,Cancelled", *rows) == []


def test_what_came_back_in_part_is_told_by_amounts_and_not_by_a_flag(tmp_path: Path) -> None:
    rows = (f"{n},2026-03-{n},k{n % 5}@shop.example,10,{n % 6 == 0},{4 * (n % 6 == 0)}" for n in DAYS)
    assert keeps(tmp_path / "sold.csv", "Order ID,Order date,Email,Total,Refunded,Amount refunded", *rows) == []


def test_lines_that_were_given_back_can_be_left_out(tmp_path: Path) -> None:
    rows = (f"{n // 3},2026-03-{10 + n // 3},k{n // 3}@shop.example,5,{('refunded', 'done')[n % 4 > 0]}" for n in DAYS)
    assert keeps(tmp_path / "sold.csv", "Order ID,Order date,Email,Line total,Status", *rows) == ["Status!=refunded"]


def test_the_header_of_an_amount_says_its_currency(tmp_path: Path) -> None:
    rows = [f"{n},2026-03-{n},k{n % 5}@shop.example,{n}.50" for n in DAYS]
    assert guessed(tmp_path / "sold.csv", "Order ID,Order date,Email,Total (EUR)", *rows).map["currency"] == "'EUR'"
    signed = [f"{row} $" for row in rows]
    assert "currency" not in guessed(tmp_path / "signed.csv", "Order ID,Order date,Email,Total (EUR)", *signed).map


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ("Betrag in €", "EUR"),
        ("Amount USD", "USD"),
        ("Сумма, ₽", "RUB"),
        ("TOTAL", None),
        ("Amount ($)", "$"),
        ("Total EUR / USD", None),
        ("RUB", None),
    ],
)
def test_a_header_says_one_currency_or_none(header: str, code: str | None) -> None:
    assert currency_in(header) == code


def test_a_row_that_explains_the_columns_is_none(tmp_path: Path) -> None:
    rows = [f"{n},2026-03-{n},k{n % 5}@shop.example,{n}.50,{'2.5' if n == 20 else ''}" for n in DAYS]
    explained = "Number of the order.,When it was created.,Who bought.,What was paid.,What came back."
    found = guessed(tmp_path / "sold.csv", "Order ID,Order date,Email,Total,Refund amount", explained, *rows)
    assert (found.map["refunded"], found.settled) == ("Refund amount", True)


def test_the_day_beside_a_time_is_no_other_time(tmp_path: Path) -> None:
    rows = [f"{n},2026-03-{n},2026-03-{n} 10:15,k{n % 5}@shop.example,{n}.50" for n in DAYS]
    found = guessed(tmp_path / "sold.csv", "Order ID,Order date,Order time,Email,Total", *rows)
    assert (found.map["ordered_at"], found.settled) == ("Order time", True)


def test_two_addresses_that_have_all_orders_are_of_those_who_sell(tmp_path: Path) -> None:
    rows = [f"{n},2026-03-{10 + n % 18},till{n % 2}@shop.example,{n}.50" for n in range(60)]
    found = guessed(tmp_path / "sold.csv", "Order ID,Order date,Email,Total", *rows)
    assert ("customer_id" in found.map, found.doubtful[0].readings) == (False, ("Email",))


def test_fees_that_are_taken_off_are_no_sales(tmp_path: Path) -> None:
    kinds = (("Charge", "10"), ("Store fee", "-1.5"), ("Store fee refund", "1.5"))
    rows = [f"{n},2026-03-{n},k{n % 5}@shop.example,{kinds[n % 3][1]},{kinds[n % 3][0]}" for n in DAYS]
    found = keeps(tmp_path / "paid.csv", "Order ID,Order date,Email,Total,Transaction Type", *rows)
    assert found == ['"Transaction Type" not in ("Store fee", "Store fee refund")']


def test_fees_that_customers_pay_are_sales(tmp_path: Path) -> None:
    rows = [f"{n},2026-03-{n},k{n % 5}@shop.example,10,{('Course fee', 'Book')[n % 2]}" for n in DAYS]
    assert keeps(tmp_path / "paid.csv", "Order ID,Order date,Email,Total,Product Type", *rows) == []


def test_a_time_of_day_with_its_zone_goes_with_its_day(tmp_path: Path, supportkit: Call) -> None:
    file, db = tmp_path / "paid.csv", tmp_path / "s.duckdb"
    rows = (f'{n},"Mar {n}, 2026",1:00:00 AM PDT,k{n % 5}@shop.example,10' for n in DAYS)
    file.write_text("\n".join(["Order ID,Transaction Date,Transaction Time,Email,Total", *rows]))
    assert supportkit("load", file, "--guess", "--db", db)[0] == 0
    # 1:00 of a clock seven hours behind is 8:00
    assert stored(supportkit, db, "select min(ordered_at) as n from orders") == [{"n": "2026-03-10T08:00:00Z"}]


def test_the_id_of_a_paper_is_no_customer(tmp_path: Path) -> None:
    rows = [f"{n},C{n % 5},2026-03-{n},10" for n in DAYS]
    (told,) = unsaid(tmp_path / "paid.csv", "Order ID,Check Id,Order date,Total", *rows)
    assert "no column looks like one of customers" in told


def test_a_sum_in_dollars_stands_beside_one_in_the_money_of_the_customer(tmp_path: Path, supportkit: Call) -> None:
    file, db = tmp_path / "paid.csv", tmp_path / "s.duckdb"
    rows = (f"T{n},2026-03-{n},u{n % 5},{n}.50,{n + 1}.50,{('EUR', 'JPY')[n % 2]}" for n in DAYS)
    file.write_text("\n".join(["Order ID,Order date,User ID,price_in_usd,price_in_local_currency,currency", *rows]))
    out = " ".join(supportkit("load", file, "--db", db)[1].split())
    assert "--map amount=price_in_usd --map currency='USD'" in out.replace('"', "")
    assert "--map amount=price_in_local_currency --map currency=currency" in out
    assert supportkit("load", file, "--guess", "--map", "amount=price_in_usd", "--db", db)[0] == 0
    assert stored(supportkit, db, "select distinct currency from orders") == [{"currency": "USD"}]


def test_the_sign_of_a_price_is_the_currency_of_what_is_calculated_with_it(tmp_path: Path) -> None:
    rows = [f"{n};2026-03-{n};k{n % 5}@shop.example;2;{n},50 €" for n in DAYS]
    found = guessed(tmp_path / "sold.csv", "Order ID;Order date;Email;Quantity;Unit price", *rows)
    assert (found.map["amount"], found.map["currency"]) == ("Quantity*Unit price", "'EUR'")


def test_states_of_a_deal_one_after_the_other_are_asked_about(tmp_path: Path) -> None:
    states = ("Lead", "Proposal", "Won")
    rows = [f"D{n // 3},{states[n % 3]},2026-03-{n} 10:00,k{n // 3}@shop.example,{n // 3}.50" for n in range(12, 27)]
    found = guessed(tmp_path / "states.csv", "Deal ID,Stage,Closing date,Contact email,Deal amount", *rows)
    assert ({found.table, *found.rivals}, found.no_sales) == ({"orders", "events"}, ())


def test_lines_of_orders_with_states_of_their_own_are_no_history(tmp_path: Path) -> None:
    states = ("sent", "back", "open")
    rows = [f"D{n // 3},{states[n % 3]},2026-03-{n},k{n // 3}@shop.example,{n // 3}.50,A{n % 3}" for n in DAYS]
    found = guessed(tmp_path / "lines.csv", "Order ID,Status,Order date,Email,Total,SKU", *rows)
    assert (found.table, found.rivals) == ("orders", ())


def test_the_scores_of_two_surveys_are_asked_about_though_one_is_often_empty(tmp_path: Path) -> None:
    rows = [f"2026-03-{n},{n % 11},{n % 5 + 1 if n % 3 else ''}" for n in DAYS]
    header = "Date,How likely are you to recommend us?,How satisfied are you with our answer?"
    found = guessed(tmp_path / "said.csv", header, *rows)
    (asked,) = found.questions
    assert (asked.ours, asked.also) == ("score", ("kind='nps'", "kind='csat'"))


def test_headings_and_totals_between_rows_hide_no_number(tmp_path: Path, supportkit: Call) -> None:
    file, db = tmp_path / "report.csv", tmp_path / "s.duckdb"
    lines = ["Name,Date,Num,Amount,Item"]
    for group in range(6):
        lines += [f"Client {group},,,,"]
        lines += [f",2026-03-{10 + n},{100 * group + n},10,Advice" for n in range(3)]
        lines += [f"Total for Client {group},,,30,"]
    file.write_text("\n".join([*lines, "TOTAL,,,180,"]))
    code, _, err = supportkit("load", file, "--guess", "--db", db)
    assert (code, "order_id=Num" in err) == (0, True), err
    # six groups of three at 10 each; no total is added
    assert stored(supportkit, db, "select count(*) as n, sum(amount) as m from orders") == [{"n": 18, "m": 180.0}]


def test_forms_in_spanish_say_when_they_were_finished_and_what_was_said(tmp_path: Path) -> None:
    words = ("Muy satisfecho", "Satisfecho", "Insatisfecho")
    rows = [f"{n},2026-03-{n} 10:00,2026-03-{n} 10:03,{words[n % 3]},Todo ha ido muy bien {n}" for n in DAYS]
    header = "ID,Hora de inicio,Hora de finalización,¿Qué tan satisfecho está?,¿Tiene algún comentario?"
    found = guessed(tmp_path / "respuestas.csv", header, *rows)
    assert found.map["responded_at"] == "Hora de finalización"
    assert found.map["comment"] == "¿Tiene algún comentario?"


def test_what_came_back_is_in_cents_where_the_amount_is(tmp_path: Path, supportkit: Call) -> None:
    file, db = tmp_path / "sold.csv", tmp_path / "s.duckdb"
    rows = [f"{n},2026-03-{n},k{n % 5}@shop.example,{1000 + 37 * n},{370 * (n == 12)},EUR" for n in DAYS]
    file.write_text("\n".join(["Order ID,Order date,Email,Total,Refunded amount,Currency", *rows]))
    out = " ".join(supportkit("load", file, "--db", db)[1].split())
    assert "--map amount=Total/100 --map 'refunded=Refunded amount/100'" in out
    assert supportkit("load", file, "--guess", "--map", "amount=Total/100", "--db", db)[0] == 0
    assert stored(supportkit, db, "select sum(refunded) as n from orders") == [{"n": 3.7}]


def test_of_two_numbers_by_name_the_orders_are_asked_about_though_no_sum_is_named(tmp_path: Path) -> None:
    rows = [f"2026-03-{n} 10:00,T{n},R{n},k{n % 5}@shop.example,{n}.50,EUR" for n in DAYS]
    found = guessed(tmp_path / "tips.csv", "DateTime (UTC),TransactionId,SaleId,BuyerEmail,Given,Currency", *rows)
    assert (found.table, found.questions[0].readings) == ("orders", ("TransactionId", "SaleId"))


def test_decimal_commas_are_no_delimiters_though_many_cells_are_empty(tmp_path: Path) -> None:
    # four of eight cells are empty, and each row has two decimal commas
    rows = (f"AB{n};2026-03-{n};k{n % 5}@shop.example;{n},50;19,00;;;;;" for n in DAYS)
    header = "Bestellnummer;Bestelldatum;E-Mail;Gesamtpreis;Steuersatz;Gutschein;Firma;Rechnung;Sitz;Notiz"
    found = guessed(tmp_path / "bestellungen.csv", header, *rows)
    assert (found.map["amount"], found.map["order_id"]) == ("Gesamtpreis", "Bestellnummer")


def test_figures_that_commas_part_are_cells_where_nothing_else_parts_them(tmp_path: Path) -> None:
    rows = (f"{n},1773100{n},{n % 5},{n}" for n in DAYS)
    found = guessed(tmp_path / "sold.csv", "order id,ordered at,customer id,amount", *rows)
    assert found.map["amount"] == "amount"


def test_what_was_paid_is_an_amount(tmp_path: Path) -> None:
    rows = [f"{n},2026-03-{n},k{n % 5}@shop.example,{n}.50,{n + 2}.50" for n in DAYS]
    found = guessed(tmp_path / "lines.csv", "orderNumber,createTime,customerEmail,paidPrice,unitPrice", *rows)
    assert found.map["amount"] == "paidPrice"


def test_an_order_its_lines_and_its_payment_are_not_added(tmp_path: Path, supportkit: Call) -> None:
    file, db = tmp_path / "till.csv", tmp_path / "s.duckdb"
    lines = ["Date,Receipt Number,Line Type,Customer Code,Total,Sku"]
    for n in DAYS:
        lines += [f"2026-03-{n},{n},Sale,C{n % 5},{n}.50,"]
        lines += [f"2026-03-{n},{n},Sale Line,,{n},A", f"2026-03-{n},{n},Sale Line,,0.50,B"]
        lines += [f"2026-03-{n},{n},Payment,,{n}.50,"]
    file.write_text("\n".join(lines))
    code, _, err = supportkit("load", file, "--guess", "--db", db)
    told = "Line Type: Sale and Sale Line and Payment each come to the same sums of all orders"
    assert (code, told in err) == (3, True), err
    assert supportkit("load", file, "--guess", "--keep", '"Line Type"=Sale', "--db", db)[0] == 0
    # 10.5 and so on to 27.5: eighteen orders at 19 on average
    assert stored(supportkit, db, "select count(*) as n, sum(amount) as m from orders") == [{"n": 18, "m": 342.0}]


def test_lines_of_several_kinds_are_added(tmp_path: Path) -> None:
    lines = []
    for n in DAYS:
        lines += [f"2026-03-{n},{n},Goods,C{n % 5},{n}.50", f"2026-03-{n},{n},Shipping,C{n % 5},4.90"]
    assert keeps(tmp_path / "sold.csv", "Date,Receipt Number,Line Type,Customer Code,Total", *lines) == []


def test_the_time_of_a_sale_goes_with_its_date(tmp_path: Path) -> None:
    rows = [f"2026-03-{n},10:15,k{n % 5}@shop.example,$12.00,${n % 2}.00,A{n}" for n in DAYS]
    header = "Date of sale,Time of sale,Buyer email,Total,Refunded to buyer amount,Order ID"
    found = guessed(tmp_path / "sold.csv", header, *rows)
    assert found.map["ordered_at"] == "Date of sale+' '+Time of sale"
    assert found.map["refunded"] == "Refunded to buyer amount"


def test_a_word_that_is_a_header_too_is_a_word_in_the_keep_that_is_told(tmp_path: Path, supportkit: Call) -> None:
    file, db = tmp_path / "till.csv", tmp_path / "s.duckdb"
    rows = (f"t{n},2026-03-{n},{'Payout' if n % 6 == 0 else 'Sale of goods'},{n}.50,p1" for n in DAYS)
    lines = ["Transaction ID,Date,Type,Amount,Payout", *rows]
    assert keeps(file, *lines) == ["Type!='Payout'"]
    assert supportkit("load", file, "--guess", "--keep", "Type!='Payout'", "--db", db)[0] == 0
    assert stored(supportkit, db, "select count(*) as n from orders") == [{"n": 15}]


def test_attempts_to_pay_for_an_order_are_asked_about(tmp_path: Path) -> None:
    rows = [f"pay{n},order{n // 2},2026-03-{n} 10:0{n % 2},{n // 2}.50,{('failed', 'captured')[n % 2]}" for n in DAYS]
    found = guessed(tmp_path / "attempts.csv", "id,order_id,created_at,amount,status", *rows)
    assert {one.ours: one.readings for one in found.questions} == {"order_id": ("id", "order_id")}
    own = guessed(
        tmp_path / "lines.csv",
        "id,order_id,created_at,amount,status",
        *(row.replace("failed", "captured") for row in rows),
    )
    assert own.map["order_id"] == "order_id"


def test_what_a_program_calls_a_column_stands_in_brackets(tmp_path: Path) -> None:
    header = (
        "Fecha de compra (date_created);Número de la operación (operation_id);Estado actual (status);"
        "Valor de la cosa (transaction_amount);Lo devuelto (amount_refunded)"
    )
    rows = (f"{n}/03/2026 10:00;{9000 + n};{('approved', 'rejected')[n % 2]};{n}.50;0" for n in range(13, 28))
    found = guessed(tmp_path / "collection.csv", header, *rows)
    assert found.table == "orders"
    assert found.map["status"] == "Estado actual (status)"
    assert found.map["amount"] == "Valor de la cosa (transaction_amount)"
    assert found.map["order_id"] == "Número de la operación (operation_id)"


def test_a_guess_adds_the_states_where_what_a_row_needs_is_said(tmp_path: Path, supportkit: Call) -> None:
    file, db = tmp_path / "pledges.csv", tmp_path / "s.duckdb"
    rows = (f"{n},2026-03-{n},k{n % 5}@shop.example,10,{'paid' if n % 6 else 'cancelled'},DE" for n in DAYS)
    file.write_text("\n".join(["Backer,Pledged,Email,Pledge,Order state,Country", *rows]))
    said = ("--map", "order_id=Backer", "--map", "ordered_at=Pledged", "--map", "amount=Pledge")
    code, _, err = supportkit("load", file, "--as", "orders", "--guess", *said, "--db", db)
    assert code == 0
    assert "guessed: customer_id=Email, status=Order state, country=Country" in err
    found = stored(
        supportkit, db, "select status, count(*) as n, min(customer_id) is not null as k from orders group by 1"
    )
    assert sorted((row["status"], row["n"], row["k"]) for row in found) == [("cancelled", 3, True), ("sale", 15, True)]


def test_a_day_and_a_time_submitted_are_one_and_refunds_of_customers_come_back(tmp_path: Path) -> None:
    rows = (f"{n},2026-03-{n},12:{n}:00,completed,20.00,{-4.5 if n % 6 == 0 else ''}" for n in DAYS)
    header = "Order Number,Date Submitted,Time Submitted,Order Status,Order Value,Customer Refunds"
    found = guessed(tmp_path / "meals.csv", header, *rows)
    assert found.map["ordered_at"] == "Date Submitted+' '+Time Submitted"
    assert found.map["refunded"] == "Customer Refunds"


def test_the_number_of_an_order_is_no_time_that_cannot_be_read(tmp_path: Path) -> None:
    rows = (f"20{n},{n},2026-03-{n} 10:00,2026-03-{n} 10:40,9.50,10.10" for n in DAYS)
    found = guessed(tmp_path / "till.csv", "Order Id,Order #,Opened,Paid,Amount,Total", *rows)
    assert {one.ours: one.readings for one in found.questions}["ordered_at"] == ("Opened", "Paid")


def test_a_question_is_no_customer(tmp_path: Path) -> None:
    said = unsaid(
        tmp_path / "answers.csv",
        "Completion time,How likely are you to recommend us to a friend?,How did you contact us?",
        *(f"2026-03-{n} 10:00,{n % 11},{'Email' if n % 2 else 'Phone'}" for n in DAYS),
    )
    assert said == ("customer_id stays empty, and no column looks like one of customers: --map customer_id=HEADER",)

"""Kinds of exports that the guess once read wrong, or not at all: numbers of papers, scales in questions, what a name
is of, times with their zone in a column of its own, calls, e-mails and texts that no name tells."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from supportkit.exports.reading.cells import find_layout
from supportkit.exports.reading.files import open_export
from supportkit.exports.recognising.guessing.column_shapes import shapes
from supportkit.exports.recognising.guessing.guess import Guess
from supportkit.exports.recognising.guessing.of_file import file_of, guess_of
from supportkit.exports.recognising.guessing.score_scales import scale_asked
from supportkit.exports.recognising.guessing.unsaid_customers import candidates
from supportkit.exports.recognising.load_options import LoadOptions
from tests.conftest import Call

DAYS = range(10, 28)
TEXTS = ("The lamp was broken when it came", "Nobody has answered my call", "It was all fine this time")


def guessed(path: Path, *lines: str) -> Guess:
    """The guess about a file of these lines."""
    path.write_text("\n".join(lines), encoding="utf-8")
    with open_export(path, name=path.name) as export:
        encoding, layout = find_layout(export)
        assert layout is not None
        found = guess_of(file_of(export, encoding, layout, LoadOptions()), LoadOptions())
    assert found is not None
    return found


def stored(supportkit: Call, db: Path, query: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads(supportkit("sql", query, "--db", db, "--format", "json")[1])["rows"]
    return rows


@pytest.mark.parametrize("paper", ["Номер чека", "Invoice number", "Rechnungsnummer", "Numéro de facture"])
def test_the_number_of_a_paper_and_that_of_the_order_are_asked_about(paper: str, tmp_path: Path) -> None:
    own = "Номер" if paper == "Номер чека" else "Number"
    found = guessed(
        tmp_path / "sold.csv",
        f"{own};{paper};Date;Total",
        *(f"{n};{9000 - n};2026-03-{n};{n}.50" for n in DAYS),
    )
    (asked,) = found.questions
    assert (asked.ours, set(asked.readings)) == ("order_id", {own, paper})


def test_the_number_of_a_paper_stands_for_the_order_where_lines_are_numbered(tmp_path: Path) -> None:
    found = guessed(
        tmp_path / "lines.csv",
        "id,invoice number,date,total",
        *(f"{n},{700 + n // 3},2026-03-{10 + n // 3},{n}.50" for n in range(30)),
    )
    assert (found.map["order_id"], found.questions) == ("invoice number", ())


@pytest.mark.parametrize(
    ("question", "scale"),
    [
        ("How likely are you to recommend us, from 0 to 10?", (0, 10)),
        ("How satisfied are you with our support? (1–5)", (1, 5)),
        ("Q1. Rate our service (1 = very bad, 5 = very good)", (1, 5)),
        ("1. Оцените работу оператора по шкале от 1 до 5", (1, 5)),
        ("Wie wahrscheinlich ist es, dass Sie uns empfehlen (0 – 10)?", (0, 10)),
        ("Quelle note donnez-vous, de 1 à 10 ?", (1, 10)),
        ("En una escala del 1 al 7, ¿qué tan fácil fue?", (1, 7)),
        ("How satisfied were you with the answer in the last 12 months?", None),
        ("How satisfied are you with our 2 shops in 10 countries?", None),
        ("How satisfied were you on 1.5.2026?", None),
    ],
)
def test_a_question_says_its_scale(question: str, scale: tuple[int, int] | None) -> None:
    assert scale_asked(question, None) == scale


def test_a_scale_outside_of_which_an_answer_lies_is_none() -> None:
    (shape,) = shapes([["1", "7", "3"]])
    assert scale_asked("Rate us (1-5)", shape) is None


def test_the_scale_of_a_question_goes_with_its_answers(tmp_path: Path, supportkit: Call) -> None:
    """Nobody gave a 10: without the scale that the question says, 9 of 1-9 would be the best that there is."""
    file, db = tmp_path / "ответы.csv", tmp_path / "s.duckdb"
    lines = ["Отметка времени;Оцените качество обслуживания по шкале от 1 до 10"]
    lines += [f"2026-03-{n} 10:00;{n % 9 + 1}" for n in DAYS]
    file.write_text("\n".join(lines), encoding="utf-8")
    assert supportkit("load", file, "--guess", "--db", db)[0] == 0
    assert stored(supportkit, db, "select distinct kind, scale_min, scale_max from surveys") == [
        {"kind": "csat", "scale_min": 1.0, "scale_max": 10.0}
    ]


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("Rate on a scale from 0 to 10 how likely you are to recommend us", "'nps'"),
        ("Оцените по шкале от 0 до 10, насколько вы готовы рекомендовать нас друзьям", "'nps'"),
        ("Оцените, насколько легко было решить ваш вопрос", "'ces'"),
    ],
)
def test_what_a_question_asks_goes_before_how_it_asks_it(question: str, kind: str, tmp_path: Path) -> None:
    found = guessed(tmp_path / "a.csv", f'Submitted at,"{question}"', *(f"2026-03-{n},{n % 7 + 1}" for n in DAYS))
    assert found.map["kind"] == kind


def test_a_type_that_is_the_same_of_all_tickets_is_no_category(tmp_path: Path) -> None:
    rows = [f"{n},2026-03-{n},Where is it {n},ticket" for n in DAYS]
    assert "category" not in guessed(tmp_path / "a.csv", "Ticket ID,Created at,Subject,Type", *rows).map


CALLS = (
    "Call ID,Direction,Start time,Duration,user_email,Caller number,Type",
    *(
        f"C{n},{('inbound', 'outbound')[n % 2]},2026-03-{n} 10:00,{n * 7},{'ab'[n % 2]}@desk.example,+4915770000{n},"
        f"{('Inbound', 'Outbound')[n % 2]}"
        for n in DAYS
    ),
)


def test_a_call_is_a_ticket_of_who_called_and_not_of_who_took_it(tmp_path: Path) -> None:
    found = guessed(tmp_path / "report.csv", *CALLS)
    assert (found.table, found.rivals) == ("tickets", ())
    assert found.map["ticket_id"] == "Call ID"
    assert found.map["customer_id"] == "Caller number"
    assert "category" not in found.map


@pytest.mark.parametrize(
    ("header", "ours"),
    [
        ("Sujet de la demande", "subject"),
        ("Estado de la solicitud", "status"),
        ("Статус заявки", "status"),
        ("Приоритет запроса", "priority"),
        ("Ticketkategorie", "category"),
        ("Serviceteam", "team"),
    ],
)
def test_what_a_name_is_of_changes_nothing_wherever_it_stands(header: str, ours: str, tmp_path: Path) -> None:
    states = ("open", "closed") if ours == "status" else ("Red lamp is gone", "Blue lamp is here")
    rows = [f"{n},2026-03-{n},{states[n % 2]}" for n in DAYS]
    assert guessed(tmp_path / "tickets.csv", f"Ticket ID,Created at,{header}", *rows).map[ours] == header


def test_a_deal_that_is_named_twice_in_a_header_is_one(tmp_path: Path) -> None:
    found = guessed(
        tmp_path / "deals.csv",
        "Deal - ID,Deal - Value,Deal - Currency of Value,Deal - Status,Deal - Deal created,Person - Email - Work",
        *(f"{n},{n},EUR,{('Won', 'Lost', 'Open')[n % 3]},2026-03-{n} 10:00,p{n % 6}@x.example" for n in DAYS),
    )
    assert found.settled
    assert (found.map["ordered_at"], found.map["currency"]) == ("Deal - Deal created", "Deal - Currency of Value")
    assert found.map["customer_id"] == "Person - Email - Work"


def test_a_deal_that_is_lost_is_no_revenue(tmp_path: Path, supportkit: Call) -> None:
    file, db = tmp_path / "deals.csv", tmp_path / "s.duckdb"
    file.write_text("deal id,amount,created,stage\n1,10,2026-03-10,Closed Won\n2,20,2026-03-20,Closed Lost\n")
    assert supportkit("load", file, "--guess", "--db", db)[0] == 0
    assert [row["status"] for row in stored(supportkit, db, "select status from orders order by order_id")] == [
        "sale",
        "cancelled",
    ]


@pytest.mark.parametrize("header", ["reviewer_email", "Courriel du demandeur", "Correo de quien escribe"])
def test_an_email_of_nobody_else_is_the_customers(header: str, tmp_path: Path) -> None:
    rows = [f"{n},2026-03-{n},Where is it {n},c{n % 9}@x.example" for n in DAYS]
    assert guessed(tmp_path / "a.csv", f"Ticket ID,Created at,Subject,{header}", *rows).map["customer_id"] == header


@pytest.mark.parametrize("header", ["technician_email", "Courriel du vendeur", "Почта оператора"])
def test_the_email_of_one_who_works_there_is_no_customers(header: str, tmp_path: Path) -> None:
    rows = [f"{n},2026-03-{n},Where is it {n},c{n % 9}@x.example" for n in DAYS]
    found = guessed(tmp_path / "a.csv", f"Ticket ID,Created at,Subject,{header}", *rows)
    assert "customer_id" not in found.map


def test_the_only_column_of_sentences_is_what_a_customer_wrote(tmp_path: Path) -> None:
    rows = [f"2026-03-{n};{n % 5 + 1};{TEXTS[n % 3]} {n};Good {n}" for n in DAYS]
    found = guessed(tmp_path / "a.csv", "Abgegeben am;Sterne;Was uns aufgefallen ist;Artikel", *rows)
    assert (found.table, found.map.get("comment")) == ("surveys", "Was uns aufgefallen ist")


def test_what_was_answered_is_not_what_a_customer_wrote(tmp_path: Path) -> None:
    rows = [f"{n},2026-03-{n},open,{TEXTS[n % 3]} {n}" for n in DAYS]
    assert "body" not in guessed(tmp_path / "a.csv", "Ticket ID,Created at,Status,Last agent reply", *rows).map


def test_a_zone_beside_a_time_is_read_with_it(tmp_path: Path, supportkit: Call) -> None:
    """10:00 in Paris is 09:00 UTC in winter, and 08:00 from 29 March 2026 on."""
    file, db = tmp_path / "payments.csv", tmp_path / "s.duckdb"
    lines = ["Psp Reference,Creation Date,TimeZone,Amount,Currency"]
    lines += [f"P{n},2026-03-{n} 10:00:00,{'CET' if n < 29 else 'CEST'},{n}.50,EUR" for n in range(10, 31)]
    file.write_text("\n".join(lines))
    code, _, err = supportkit("load", file, "--guess", "--db", db)
    assert code == 0, err
    assert "ordered_at=[Creation Date]+' '+TimeZone" in err or "ordered_at=Creation Date+' '+TimeZone" in err
    (found,) = stored(supportkit, db, "select min(ordered_at) as first, max(ordered_at) as last from orders")
    assert found == {"first": "2026-03-10T09:00:00Z", "last": "2026-03-30T08:00:00Z"}


def test_a_time_that_says_its_zone_needs_none_beside_it(tmp_path: Path) -> None:
    rows = [f"u{n % 5},view,2026-03-{n}T10:00:00Z,America/New_York" for n in DAYS]
    found = guessed(tmp_path / "events.csv", "user_id,event,timestamp,timezone", *rows)
    assert found.map["occurred_at"] == "timestamp"


def test_a_column_without_a_value_is_no_rival_and_tells_nothing(tmp_path: Path) -> None:
    rows = [f"{n},2026-03-{n},Where is it {n},{('North', 'South')[n % 2]}," for n in DAYS]
    found = guessed(tmp_path / "a.csv", "Ticket ID,Created at,Subject,Department,Team", *rows)
    assert (found.map["team"], found.doubtful) == ("Department", ())


def test_an_answer_with_its_ticket_and_a_column_of_empty_tags_is_no_ticket_in_silence(tmp_path: Path) -> None:
    rows = [f"{n},2026-03-{n},{n % 5 + 1},{TEXTS[n % 3]},c{n}@x.example," for n in DAYS]
    found = guessed(tmp_path / "a.csv", "Ticket ID,Date created,Rating,Comment,Customer Email,Tags", *rows)
    assert "surveys" in (found.table, *found.rivals)


def test_numbers_with_letters_before_them_are_ids_and_no_rupiahs(tmp_path: Path) -> None:
    rows = [f"RP{70100 + n};2026-03-{n};Где мой заказ {n}" for n in DAYS]
    assert guessed(tmp_path / "заявки.csv", "Номер;Дата регистрации;Тема запроса", *rows).map["ticket_id"] == "Номер"


def test_a_delimiter_at_the_end_of_each_line_makes_no_column_that_is_told(tmp_path: Path, supportkit: Call) -> None:
    file = tmp_path / "a.csv"
    rows = [f"{n};2026-03-{n};Where is it {n};x;" for n in DAYS]
    file.write_text("\n".join(["Ticket ID;Created at;Subject;Shelf;", *rows]))
    code, out, err = supportkit("load", file, "--db", tmp_path / "s.duckdb")
    assert code == 3
    assert "left over, kept as properties: Shelf" in out
    assert "column_5" not in out + err


def test_ids_join_whatever_signs_nobody_sees_in_them(tmp_path: Path, supportkit: Call) -> None:
    """The help desk writes 12 345 with a no-break space and A-7 with a mark of direction, the survey neither."""
    db = tmp_path / "s.duckdb"
    (tmp_path / "tickets.csv").write_text(
        "ticket_id,created_at,subject\n12\u00a0345,2026-03-10,Where\n\u200eA-7,2026-03-11,Who\nB\u00a08,2026-03-12,What\n"
    )
    (tmp_path / "surveys.csv").write_text(
        "kind,score,responded_at,ticket_id\ncsat,5,2026-03-12,12345\ncsat,4,2026-03-13,A-7\ncsat,1,2026-03-13,B 8\n"
    )
    assert supportkit("load", tmp_path / "tickets.csv", tmp_path / "surveys.csv", "--db", db)[0] == 0
    (found,) = stored(supportkit, db, "select count(*) as n from tickets join surveys using (ticket_id)")
    assert found == {"n": 3}


def test_a_euro_behind_figures_is_no_letter_of_a_macintosh(tmp_path: Path, supportkit: Call) -> None:
    file, db = tmp_path / "commandes.csv", tmp_path / "s.duckdb"
    lines = ["N° de commande;Date de commande;Statut;Ventes (TTC)"]
    lines += [f"UE-{n};{n}/03/2026 12:00;{('Livrée', 'Annulée')[n % 2]};{n},50 €" for n in DAYS]
    file.write_bytes("\n".join(lines).encode("cp1252"))
    code, _, err = supportkit("load", file, "--guess", "--db", db)
    assert code == 0, err
    (found,) = stored(supportkit, db, "select sum(amount)::double as total, min(currency) as money from orders")
    assert found == {"total": sum(DAYS) + 0.5 * len(DAYS), "money": "EUR"}


def test_a_log_of_calls_without_a_word_of_a_desk_is_of_tickets(tmp_path: Path) -> None:
    """As Asterisk writes it: the wire of each call is called a channel, its number is the second and a count."""
    rows = [f"2026-03-{n} 10:00:00,+4915770{n},100,SIP/t-{n:08x},{n * 7},ANSWERED,17724{n}400.{n}" for n in DAYS]
    found = guessed(tmp_path / "Master.csv", "calldate,src,dst,channel,duration,disposition,uniqueid", *rows)
    assert found.table == "tickets"
    assert found.map["created_at"] == "calldate"
    assert "channel" not in found.map
    assert "uniqueid" in {found.map.get("ticket_id"), *(text for one in found.questions for text in one.readings)}


@pytest.mark.parametrize("header", ["Nº Ticket", "N° de ticket de caisse", "Bonnummer"])
def test_a_ticket_of_a_till_is_an_order(header: str, tmp_path: Path) -> None:
    rows = [f"{88000 + n};2026-03-{n} 12:00;{n},50;{('Efectivo', 'Tarjeta')[n % 2]}" for n in DAYS]
    found = guessed(tmp_path / "tpv.csv", f"{header};Fecha y hora;Total;Forma de pago", *rows)
    assert (found.table, found.map["order_id"]) == ("orders", header)


@pytest.mark.parametrize(
    ("header", "ours", "cell"), [("value_currency", "currency", "EUR"), ("location_country_name", "country", "France")]
)
def test_a_column_that_ends_in_what_it_is_is_that(header: str, ours: str, cell: str, tmp_path: Path) -> None:
    rows = [f"{n},2026-03-{n},{n}.50,{cell}" for n in DAYS]
    assert guessed(tmp_path / "a.csv", f"order_id,order_date,total,{header}", *rows).map[ours] == header


def test_of_two_columns_of_customers_that_of_their_emails_is_taken(tmp_path: Path) -> None:
    rows = [f"{n},2026-03-{n},Where is it {n},c{n % 9}@x.example,K{n % 9}" for n in DAYS]
    found = guessed(tmp_path / "a.csv", "Ticketnummer,Erstellt am,Betreff,Kundenbenutzer,Kundennummer", *rows)
    assert found.map["customer_id"] == "Kundenbenutzer"


def test_the_id_of_a_customer_in_a_named_system_is_one(tmp_path: Path) -> None:
    rows = [f"{5000 + n % 6},{n}.03.2026 10:00:00,{('Cart', 'Paid')[n % 2]}" for n in DAYS]
    found = guessed(tmp_path / "a.csv", "CustomerMindboxId,ActionDateTimeUtc,Event name", *rows)
    assert (found.table, found.map["user_id"]) == ("events", "CustomerMindboxId")
    assert found.map["occurred_at"] == "ActionDateTimeUtc"


def test_a_sign_of_numbers_tells_western_europe_from_the_middle_of_it(tmp_path: Path, supportkit: Call) -> None:
    file, db = tmp_path / "incidencias.csv", tmp_path / "s.duckdb"
    lines = ["Nº Incidencia;Fecha de alta;Descripción;Situación"]
    lines += [f"{n};{n}/03/2026 10:00;El módem está roto;{('Pendiente', 'Resuelta')[n % 2]}" for n in DAYS]
    file.write_bytes("\n".join(lines).encode("cp1252"))
    code, _, err = supportkit("load", file, "--guess", "--db", db)
    assert code == 0, err
    assert "ticket_id=Nº Incidencia" in err


@pytest.mark.parametrize(
    ("header", "ours"),
    [
        ("Hora de cierre", "closed_at"),
        ("Geschlossen: Datum/Uhrzeit", "closed_at"),
        ("Hora de resolución", "solved_at"),
        ("Hora de respuesta inicial", "first_reply_at"),
        ("Hora de última actualización", "updated_at"),
        ("Response due", None),
        ("SLA resolution time left", None),
    ],
)
def test_a_time_is_known_by_what_happened_and_nothing_else(header: str, ours: str | None, tmp_path: Path) -> None:
    rows = [f"{n};2026-03-{n} 10:00;Where is it {n};2026-03-{n} 12:00" for n in DAYS]
    found = guessed(tmp_path / "a.csv", f"Ticket ID;Created at;Subject;{header}", *rows)
    assert {one for one, text in found.map.items() if text == header} == ({ours} if ours else set())


def test_what_was_said_in_a_dialogue_is_no_ticket(tmp_path: Path) -> None:
    """The id is there for three rows each, with another text in each: who said it is asked for."""
    lines = ["ID диалога;Тип;Текст;Создано"]
    lines += [f"{n // 3};{n % 2};{TEXTS[n % 3]} {n};{n}.03.2026 10:00" for n in DAYS]
    found = guessed(tmp_path / "a.csv", *lines)
    assert found.table == "messages" or not found.settled


def test_names_of_many_words_are_no_ids_and_no_products(tmp_path: Path) -> None:
    rows = [f"{9000 + n},Lamps for shop {n},{n}.50,2026-03-{n % 18 + 10}" for n in range(40)]
    found = guessed(tmp_path / "deals.csv", "Record ID,Deal Name,Amount,Create Date", *rows)
    assert found.map["order_id"] == "Record ID"
    assert "Deal Name" in found.left_over


@pytest.mark.parametrize("between", ["-", "à", "um"])
def test_what_stands_between_day_and_time_is_read(between: str, tmp_path: Path, supportkit: Call) -> None:
    file, db = tmp_path / "commandes.csv", tmp_path / "s.duckdb"
    lines = ["Numéro de commande;Date de création;Montant total"]
    lines += [f"C{n}-A;{n}/03/2026 {between} 10:00:05;{n},50" for n in DAYS]
    file.write_text("\n".join(lines))
    assert supportkit("load", file, "--guess", "--db", db)[0] == 0
    assert stored(supportkit, db, "select min(ordered_at) as first from orders") == [{"first": "2026-03-10T10:00:05Z"}]


def test_emails_of_those_who_write_need_no_word_for_them(tmp_path: Path) -> None:
    rows = [f"{n},2026-03-{n},Where is it {n},c{n % 9}@x.example" for n in DAYS]
    found = guessed(tmp_path / "a.csv", "Ticket ID,Created at,Subject,Writer", *rows)
    assert found.map["customer_id"] == "Writer"


CDR = "calldate,clid,src,dst,dcontext,channel,dstchannel,lastapp,lastdata,duration,billsec,disposition,accountcode"


def calls(path: Path, data: str, more: str = "", *, ids: bool = False, out: bool = False) -> Guess:
    numbers = [f"20{n % 5}" if out and n % 3 == 0 else f"+4930{7000 + n % 5}" for n in range(max(DAYS) + 1)]
    rows = [
        f'2026-03-{n} 10:00:11,"""Kim"" <{numbers[n]}>",{numbers[n]},20{n % 3},from-trunk,'
        f"SIP/trunk-{n:08x},"
        f"SIP/20{n % 3}-{n + 7:08x},Dial,{data.format(n=n % 3)},{30 + n},{n},ANSWERED,"
        + (f",17461{n:05d}.{n},17461{n - n % 2:05d}.{n - n % 2}" if ids else "")
        for n in DAYS
    ]
    return guessed(path / "cdr.csv", CDR + more, *rows)


@pytest.mark.parametrize("data", ['"SIP/20{n}@10.0.0.5,30,tT"', "sip:20{n}@pbx.example.com", "PJSIP/20{n}@pbx.example"])
def test_the_address_of_a_telephone_is_nobodys_mail(data: str, tmp_path: Path) -> None:
    assert calls(tmp_path, data).map["customer_id"] == "src"
    (doubt,) = calls(tmp_path, data, out=True).doubtful
    assert (doubt.ours, doubt.readings) == ("customer_id", ("src",))  # who calls out is of the desk


def test_the_wires_of_a_call_are_not_its_id(tmp_path: Path) -> None:
    (asked,) = calls(tmp_path, "20{n}").questions
    assert (asked.ours, asked.readings) == ("ticket_id", ("record",))


def test_a_part_of_a_call_and_the_whole_are_both_offered(tmp_path: Path) -> None:
    (asked,) = calls(tmp_path, "20{n}", ",uniqueid,linkedid", ids=True).questions
    assert (asked.ours, asked.readings) == ("ticket_id", ("uniqueid", "linkedid"))
    assert asked.why.endswith("of the rows of one linkedid the last is kept")


def sold(path: Path) -> Guess:
    """A marketplace's report: what was sold and what is paid out, and rows of what was carried and stored."""
    rows = []
    for n in range(1, 41):
        what = ("Продажа", "Продажа", "Продажа", "Логистика", "Хранение")[n % 5]
        is_sale = what == "Продажа"
        sums = f"{500 + n}.50,{400 + n}.40,{300 + n}.30" if is_sale else "0,0,0"
        document, own = "Продажа" if is_sale else "", "" if what == "Хранение" else f"s{n}"
        rows.append(f"{n},Чашка,{document},{what},2026-03-{n % 27 + 1:02d},{n % 5 < 3:d},{sums},{own}")
    header = "№,Название,Тип документа,Обоснование для оплаты,Дата продажи,Кол-во,Цена розничная,"
    return guessed(
        path / "report.csv", header + "Вайлдберриз реализовал Товар (Пр),К перечислению Продавцу,Srid", *rows
    )


def test_a_marketplaces_report_asks_what_was_sold_and_what_is_paid_out(tmp_path: Path) -> None:
    found = sold(tmp_path)
    asked = {one.ours: one.readings for one in found.questions}
    assert asked["amount"] == ("Вайлдберриз реализовал Товар (Пр)", "К перечислению Продавцу")
    assert asked["order_id"][0] == "Srid"  # rows of storage have none
    assert [one.keep for one in found.no_sales] == ['"Обоснование для оплаты" not in (Логистика, Хранение)']


@pytest.mark.parametrize("sign", ["", "-"])
def test_the_state_of_a_refund_on_a_later_day_is_no_other_state_of_its_order(sign: str, tmp_path: Path) -> None:
    rows = [f"2026-03-{n},O-{n},c{n % 7}@mail.example,{n}.50,Sale" for n in DAYS]
    rows += [f"2026-04-{n},O-{n},c{n % 7}@mail.example,{sign}{n}.50,Refund" for n in DAYS if n % 5 == 0]
    found = guessed(tmp_path / "sold.csv", "Date,Order ID,Email,Amount,Type", *rows)
    assert (found.map["status"], "price" in found.map) == ("Type", False)
    rows += ["2026-03-11,O-11,c4@mail.example,11.50,Refund"]  # of the same day: which of the two is the state?
    assert "status" not in guessed(tmp_path / "same.csv", "Date,Order ID,Email,Amount,Type", *rows).map


def test_where_the_direction_says_that_a_call_went_out_the_caller_is_the_desk(tmp_path: Path) -> None:
    sides = {n: (f"+4930{7000 + n % 7}", "+49305550000") for n in DAYS}
    rows = [
        f"{'inbound' if n % 3 else ('outbound-api', 'manual')[n % 2]},2026-03-{n},2026-03-{n} 10:{n}:00,"
        f"{','.join(sides[n] if n % 3 else sides[n][::-1])},{40 + n},{n}"
        for n in DAYS
    ]
    header = "direction,date (TZ offset incl.),datetime (UTC),from,to,duration (total),duration (in call)"
    found = guessed(tmp_path / "calls.csv", header, *rows)
    assert (found.table, found.map["created_at"]) == ("tickets", "datetime (UTC)")  # the day stands in it
    (doubt,) = found.doubtful
    assert (doubt.ours, doubt.readings) == ("customer_id", ("from",))
    assert doubt.why == "where direction says that it went out, it is the desk"
    named = guessed(tmp_path / "named.csv", header.replace("from", "Customer phone"), *rows)
    assert (named.map["customer_id"], named.doubtful) == ("Customer phone", ())


def test_calls_of_which_some_are_rated_are_no_answers(tmp_path: Path) -> None:
    rows = (
        f"i{n},{('inbound', 'outbound')[n % 2]},2026-03-{n} 10:00:00,2026-03-{n} 10:00:20,+1555{n % 5}0000,Kim,"
        f"{200 + n},"
        f"{('true', 'false')[n % 2]},{n % 5 + 1 if n % 3 else ''}"
        for n in DAYS
    )
    header = "Interaction ID,Call Type,Start Time,Answer Time,Customer Phone Number,Handling Agent,Total Time,"
    found = guessed(tmp_path / "list.csv", f"{header}Within Service Level,Rating Score", *rows)
    assert (found.table, found.rivals, found.questions) == ("tickets", (), ())
    assert {"agent", "sla_first_reply", "satisfaction"} <= found.map.keys()


def test_the_time_at_which_something_began_stands_beside_its_day(tmp_path: Path) -> None:
    rows = (f"{n};{n}.03.2026;10:{n};00:01:{n};{'Хорошо' if n % 3 else ''};Олег;Закрыт" for n in DAYS)
    header = "Номер диалога;Дата;Время начала;Длительность;Оценка;Оператор;Статус"
    found = guessed(tmp_path / "chats.csv", header, *rows)
    assert found.map["created_at"] == "Дата+' '+Время начала"
    assert (found.table, found.rivals) == ("tickets", ())  # rated in some rows only: no answers


def test_many_addresses_of_an_owner_are_offered_where_nobody_else_is_a_customer(tmp_path: Path) -> None:
    rows = [f"{n},2026-03-{n},open,c{n}@mail.example,Kim" for n in DAYS]
    headers = ("Code", "Date created", "Status", "Owner email", "Agent name")
    guessed(tmp_path / "desk.csv", ",".join(headers), *rows)
    columns = list(zip(*(row.split(",") for row in rows), strict=True))
    assert candidates("tickets", headers, columns, {0, 1, 2, 4}) == ["Owner email"]
    few = [*columns[:3], [f"k{n % 3}@desk.example" for n in DAYS], columns[4]]
    assert candidates("tickets", headers, few, {0, 1, 2, 4}) == []
    assert candidates("tickets", ("Code", "Author"), [columns[0], [f"Kim {n}" for n in DAYS]], {0}) == ["Author"]


def test_dutch_incidents_are_read_without_a_question(tmp_path: Path) -> None:
    header = (
        "Meldingsnummer;Aanmelddatum;Korte omschrijving;Soort binnenkomst;Behandelaarsgroep;Behandelaar;Status;"
        "Streefdatum overschreden"
    )
    rows = (f"M{n};{n}-3-2026 10:15;Printer kapot {n};E-mail;Servicedesk;Kim;Wacht op aanmelder;Nee" for n in DAYS)
    found = guessed(tmp_path / "meldingen.csv", header, *rows)
    assert (found.table, found.questions) == ("tickets", ())
    assert set(found.map) == {
        "ticket_id", "created_at", "subject", "channel", "team", "agent", "status", "sla_resolution"
    }  # fmt: skip


@pytest.mark.parametrize(
    ("header", "ours", "broken"),
    [
        ("SLA TTR dépassé", "sla_resolution", True), ("SLA de solução cumprido", "sla_resolution", False),
        ("Resolution SLA (violated)", "sla_resolution", True), ("SLA réponse respecté", "sla_first_reply", False),
        ("Response SLA was missed", "sla_first_reply", True), ("SLA policy", "", False),
    ],
)  # fmt: skip
def test_a_verdict_is_known_by_its_words(header: str, ours: str, broken: bool, tmp_path: Path) -> None:
    rows = (f"{n},2026-03-{n},open,{('No', 'Yes')[n % 2]}" for n in DAYS)
    found = guessed(tmp_path / "sla.csv", f"Ticket ID,Created,Status,{header}", *rows)
    assert [one.ours for one in found.columns if one.text == header] == ([ours] if ours else [])
    assert any("the promise was broken" in one.why for one in found.columns) == broken


def test_an_address_behind_a_name_is_an_address(tmp_path: Path, supportkit: Call) -> None:
    rows = (f'{n},2026-03-{n},open,"Meier, Kim <c{n % 5}@mail.example>"' for n in DAYS)
    found = guessed(tmp_path / "shared.csv", "Conversation #,Received At,Status,Sender", *rows)
    assert found.map["customer_id"] == "Sender"
    code, _, err = supportkit("load", tmp_path / "shared.csv", "--guess", "--db", tmp_path / "s.duckdb")
    assert code == 0, err
    assert stored(supportkit, tmp_path / "s.duckdb", "select count(distinct customer_id) as n from tickets") == [
        {"n": 5}
    ]


def test_sessions_that_are_there_once_are_no_events_and_some_rated_ones_no_answers(tmp_path: Path) -> None:
    rows = (
        f"s{n},2026-03-{n} 10:00,{('open', 'solved')[n % 2]},K{n % 3},{n % 5 + 1 if n % 4 == 0 else ''}" for n in DAYS
    )
    found = guessed(tmp_path / "list.csv", "session_id,created_at,state,assigned.name,rating.stars", *rows)
    assert (found.table, found.rivals) == ("tickets", ())


def test_messages_without_a_thread_are_of_those_with_whom_they_were_exchanged(tmp_path: Path) -> None:
    rows = (f"w{n},4917055{n % 5}000,2026-03-{n} 10:00:00,How are you {n},{('Customer', 'Agent')[n % 2]}" for n in DAYS)
    found = guessed(tmp_path / "chat.csv", "Message Id,Phone Number,Date Time,Message,Sent By", *rows)
    (asked,) = found.questions
    assert (found.table, asked.ours, asked.readings) == ("messages", "ticket_id", ("Phone Number",))


def test_times_of_day_with_a_dot_are_told_where_their_day_is_taken_alone(tmp_path: Path) -> None:
    rows = (f"SR{n};{n}/03/2026;09.{n};Aperta;c{n % 5}" for n in DAYS)
    found = guessed(tmp_path / "cc.csv", "Numero segnalazione;Data apertura;Ora apertura;Stato;Codice cliente", *rows)
    assert found.map["created_at"] == "Data apertura"
    (doubt,) = found.doubtful
    assert doubt.why.startswith("Ora apertura beside it has times of day that cannot be read")


def test_what_speakers_said_in_a_chat_are_its_messages(tmp_path: Path) -> None:
    texts = ("Hello there, how may I help?", "My lamp is broken, number {n}", "Which one is it, {n} or {n}?")
    rows = (
        f"C{n // 6},2026-03-{n // 6 + 1:02d},10:{n:02d}:{m}0 AM,{('Agent: Kim', 'Visitor')[m % 2]},"
        f'"{texts[m % 3].format(n=n)}"'
        for n in range(10, 58)
        for m in range(3)
    )
    found = guessed(tmp_path / "said.csv", "Chat,Date,Time,Speaker,Line", *rows)
    assert (found.table, found.questions) == ("messages", ())
    assert found.map == {"ticket_id": "Chat", "sent_at": "Date+' '+Time", "sender": "Speaker", "text": "Line"}

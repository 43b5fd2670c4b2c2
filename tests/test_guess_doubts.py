"""What a guess asks before it takes a column: ids that repeat, addresses made up anew, columns that are often empty,
flags and codes for steps; and that all of it is asked at once."""

from __future__ import annotations

import json
import shlex
from pathlib import Path

import pytest

from supportkit.exports.recognising.guessing.guess import Guess
from supportkit.exports.recognising.guessing.unsaid_customers import candidates
from tests.conftest import Call
from tests.test_guess_kinds import guessed, stored

DAYS = range(10, 28)


def readings(found: Guess) -> dict[str, tuple[str, ...]]:
    return {one.ours: one.readings for one in found.questions}


def test_entries_of_tickets_are_no_tickets_in_silence(tmp_path: Path, supportkit: Call) -> None:
    # what a ticket went through, an entry a row: as tickets all but the last entry of each would be gone
    file, db = tmp_path / "entries.csv", tmp_path / "s.duckdb"
    rows = (f"{900 + n},{n // 3},Set,Owner changed,{n} was said,Kim,2026-03-{n} 10:00" for n in DAYS)
    file.write_text("\n".join(["ID,Ticket,Type,Description,Content,Created By,Created", *rows]))
    code, _, err = supportkit("load", file, "--guess", "--db", db)
    assert code == 3
    assert "--as messages --map 'sender=Created By' --map ticket_id=Ticket" in err
    assert "of the rows of one the last is kept" in supportkit("load", file, "--as", "tickets", "--db", db)[1]


def test_states_of_a_ticket_of_which_the_latest_is_known_are_tickets(tmp_path: Path) -> None:
    rows = (f"{n // 3},open,high,2026-03-{n // 3} 10:00,2026-03-{n} 11:00" for n in DAYS)
    found = guessed(tmp_path / "states.csv", "Ticket ID,Status,Priority,Created,Updated", *rows)
    assert (found.table, found.settled) == ("tickets", True)


def test_an_address_that_is_new_each_time_is_asked_about_beside_names_that_come_again(tmp_path: Path) -> None:
    rows = (f"{n},2026-03-{n},m{n}x@relay.example,kim{n % 5},{n}.50" for n in DAYS)
    found = guessed(tmp_path / "sold.csv", "Order ID,Order date,Buyer email,Buyer username,Total", *rows)
    assert readings(found) == {"customer_id": ("Buyer email", "Buyer username")}
    rows = (f"{n},2026-03-{n},m{n % 5}@mail.example,kim{n % 5},{n}.50" for n in DAYS)
    found = guessed(tmp_path / "kept.csv", "Order ID,Order date,Buyer email,Buyer username,Total", *rows)
    assert (found.map["customer_id"], found.settled) == ("Buyer email", True)


def test_of_users_and_steps_that_are_often_empty_those_that_are_full_are_asked_about(tmp_path: Path) -> None:
    rows = (f"{'u1' if n < 12 else ''},s{n % 4},{'buy' if n < 15 else ''},/p{n % 3},2026-03-{n} 10:00" for n in DAYS)
    found = guessed(tmp_path / "hits.csv", "distinct_id,session_id,event_name,url_path,created_at", *rows)
    assert readings(found) == {"user_id": ("distinct_id", "session_id"), "step": ("event_name", "url_path")}


@pytest.mark.parametrize("words", [("true", "false"), ("1", "2"), ("да", "нет")])
def test_a_flag_or_a_code_is_no_step(words: tuple[str, str], tmp_path: Path) -> None:
    rows = (f"u{n % 4},{words[n % 2]},/p{n % 3},2026-03-{n} 10:00" for n in DAYS)
    found = guessed(tmp_path / "hits.csv", "user_id,event,page,time", *rows)
    assert (found.table, found.map["step"]) == ("events", "page")


def test_the_id_of_what_was_sent_out_is_no_ticket(tmp_path: Path) -> None:
    rows = [f"q{n},2026-03-{n - 1},{n % 5 + 1},2026-03-{n},{'t' if n % 2 else ''}{n}" for n in DAYS]
    header = "request_id,request_sent_at,star_rating,response_received_at"
    assert "ticket_id" not in guessed(tmp_path / "answers.csv", f"{header},note_no", *rows).map
    assert guessed(tmp_path / "answers2.csv", f"{header},ext_interaction_id", *rows).map["ticket_id"] == (
        "ext_interaction_id"
    )


def test_people_by_name_can_stand_in_for_a_user(tmp_path: Path) -> None:
    rows = (f'"0{n % 9 + 1}/03/26, 17:12",Kim {"PQ"[n % 2]}. Lee,Viewed,10.0.0.{n}' for n in DAYS)
    found = guessed(tmp_path / "logs.csv", "Time,User full name,Event name,IP address", *rows)
    assert readings(found)["user_id"][0] == "User full name"


def test_the_order_of_day_and_month_is_asked_in_the_same_breath(tmp_path: Path, supportkit: Call) -> None:
    file, db = tmp_path / "sales.csv", tmp_path / "s.duckdb"
    rows = (f"{n},0{n % 9 + 1}/04/2026,0{n % 9 + 1}/05/2026,a,{n},{n + 1}" for n in DAYS)
    file.write_text("\n".join(["Order ID,Order date,Purchase date,Buyer,Net amount,Gross amount", *rows]))
    code, _, err = supportkit("load", file, "--guess", "--db", db)
    assert (code, "with: --dates dmy or --dates mdy" in err) == (3, True), err
    said = ["--guess", "--map", "amount=Gross amount", "--map", "ordered_at=Order date", "--dates", "dmy"]
    assert supportkit("load", file, *said, "--db", db)[0] == 0
    assert stored(supportkit, db, "select min(ordered_at) as day from orders") == [{"day": "2026-04-01T00:00:00Z"}]


def test_stars_in_words_are_scores(tmp_path: Path, supportkit: Call) -> None:
    file, db = tmp_path / "reviews.csv", tmp_path / "s.duckdb"
    words = ("ONE", "TWO", "THREE", "FOUR", "FIVE")
    rows = (f"{words[n % 5]},2026-03-{n},It was all fine this time {n}" for n in DAYS)
    file.write_text("\n".join(["starRating,createTime,comment", *rows]))
    code, _, err = supportkit("load", file, "--guess", "--map", "kind='csat'", "--db", db)
    assert code == 0, err
    # days 10 to 27: each of five words three times, and the first three of them once more
    assert stored(supportkit, db, "select sum(score) as n from surveys") == [{"n": 3 * 15 + 1 + 2 + 3}]


def test_semicolons_in_quotes_are_no_delimiters(tmp_path: Path) -> None:
    # most cells are empty, and each row has three semicolons inside of its quotes
    empty = "," * 20
    rows = (f'u{n % 4},view,2026-03-{n} 10:00{empty},"App/2 (X; U; OS {n}; M)"' for n in DAYS)
    header = "user id,event name,event time" + "".join(f",p{n}" for n in range(20)) + ",agent"
    found = guessed(tmp_path / "raw.csv", header, *rows)
    assert (found.table, found.map["user_id"], found.settled) == ("events", "user id", True)


def test_a_description_of_a_few_kinds_is_no_text_of_a_customer(tmp_path: Path) -> None:
    rows = (f"c{n},2026-03-{n % 28 + 1:02d} 10:00,+4917{n}0000,Berlin Mitte {n % 3},ok,{n}" for n in range(40))
    found = guessed(tmp_path / "calls.csv", "Call ID,Date,Caller number,Description,Status,Duration", *rows)
    assert (found.table, "body" in found.map) == ("tickets", False)


def test_how_many_there_were_is_no_user(tmp_path: Path) -> None:
    rows = (f"{n % 7 + 1},Signup {n % 3},2026-03-{n}" for n in DAYS)
    found = guessed(tmp_path / "sums.csv", "visitors,event,date", *rows)
    assert "user_id" in readings(found)


def test_an_answer_that_says_its_scale_is_a_score(tmp_path: Path) -> None:
    rows = (f"{n % 5 + 1},2026-03-{n},It was all fine this time {n}" for n in DAYS)
    found = guessed(tmp_path / "said.csv", "Colour (1-5),Date submitted,Comment", *rows)
    assert (found.map["score"], found.map["scale_max"]) == ("Colour (1-5)", "'5'")


def test_promoters_beside_a_score_say_what_survey_it_is(tmp_path: Path) -> None:
    rows = (f"{n % 11},{'promoter' if n % 11 > 8 else 'detractor'},2026-03-{n}" for n in DAYS)
    found = guessed(tmp_path / "said.csv", "Score,Group,Date submitted", *rows)
    assert (found.map["kind"], found.settled) == ("'nps'", True)


def test_some_answers_are_about_an_order(tmp_path: Path) -> None:
    rows = (f"{n % 5 + 1},2026-03-{n},{f'A{n}' if n % 2 else ''}" for n in DAYS)
    found = guessed(tmp_path / "said.csv", "CSAT score,Date submitted,Order ID", *rows)
    assert found.map["order_id"] == "Order ID"


def test_a_column_without_values_goes_behind_any_with_some(tmp_path: Path) -> None:
    rows = (f"T{n},2026-03-{n} 10:00,,u{n % 5},open" for n in DAYS)
    assert guessed(tmp_path / "t.csv", "Ticket ID,Created,Email,User,Status", *rows).map["customer_id"] == "User"


def test_what_changed_in_tickets_is_messages_with_the_values_before_and_after(tmp_path: Path) -> None:
    rows = (f"{n // 3},2026-03-{n} 10:00,Status,open,closed,Kim" for n in DAYS)
    header = "Case Number,Edit Date,Field,Old Value,New Value,Edited By"
    found = guessed(tmp_path / "history.csv", header, *rows)
    assert (found.table, found.map["from_value"], found.map["to_value"]) == ("messages", "Old Value", "New Value")
    assert readings(found)["sender"][0] == "Edited By"


@pytest.mark.parametrize(
    ("header", "table"),
    [
        ("Numer zgłoszenia;Data utworzenia;Klient;Status;Temat", "tickets"),
        ("Número do chamado;Aberto em;Cliente;Status;Assunto", "tickets"),
        ("Numero ticket;Data apertura;Cliente;Stato;Oggetto", "tickets"),
        ("Ticketnummer;Aangemaakt op;Klant;Status;Onderwerp", "tickets"),
        ("Talep No;Oluşturulma Tarihi;Müşteri;Durum;Konu", "tickets"),
        ("Numer zamówienia;Data zamówienia;Klient;Status;Kwota", "orders"),
        ("Número do pedido;Data do pedido;Cliente;Status;Valor total", "orders"),
        ("Numero ordine;Data ordine;Cliente;Stato;Totale", "orders"),
        ("Bestelnummer;Besteldatum;Klant;Status;Totaal", "orders"),
        ("Sipariş No;Sipariş Tarihi;Müşteri;Durum;Toplam Tutar", "orders"),
    ],
)
def test_the_usual_names_are_known_in_five_more_languages(header: str, table: str, tmp_path: Path) -> None:
    last = "{n}.50" if table == "orders" else "Nothing works since day {n}"
    rows = (f"{700 + n};2026-03-{n};k{n % 5};{'ab'[n % 2]};{last.format(n=n)}" for n in DAYS)
    found = guessed(tmp_path / "export.csv", header, *rows)
    assert (found.table, found.settled, len(found.map)) == (table, True, 5)


def test_a_file_that_says_too_little_is_told_how_each_table_would_load_it(tmp_path: Path, supportkit: Call) -> None:
    file, db = tmp_path / "list.csv", tmp_path / "s.duckdb"
    file.write_text("\n".join(["k,w,created at,x", *(f"{n % 4},T{n % 3},2026-03-{n},m" for n in DAYS)]))
    code, _, err = supportkit("load", file, "--guess", "--db", db)
    assert code == 3
    assert "nothing in it says which table it is" in err
    events = next(line for line in err.splitlines() if "--as events" in line)
    assert events.endswith("--as events --guess --map user_id=HEADER --map step=HEADER")
    said = ["--as", "events", "--guess", "--map", "user_id=k", "--map", "step=w"]
    assert supportkit("load", file, *said, "--db", db)[0] == 0


def test_what_lines_of_one_order_disagree_on_is_left_out_and_told(tmp_path: Path, supportkit: Call) -> None:
    file, db = tmp_path / "sold.csv", tmp_path / "s.duckdb"
    rows = (f"{n // 2},2026-03-{n // 2},{'paid' if n % 2 else 'cancelled'},{n}.50" for n in range(20, 56))
    file.write_text("\n".join(["Order ID,Order date,Status,Total", *rows]))
    code, _, err = supportkit("load", file, "--guess", "--db", db)
    assert (code, "rejected 0" in err) == (0, True), err
    assert "in doubt and left out: status may be Status: lines of one order have several" in " ".join(err.split())


def test_what_all_rows_have_is_no_line_of_an_order(tmp_path: Path) -> None:
    rows = (f"{n},2026-03-{n},till 1,{n}.50" for n in DAYS)
    assert "line" not in guessed(tmp_path / "till.csv", "Order ID,Order date,POS,Total", *rows).map


def test_a_rating_of_each_is_no_ticket_in_silence(tmp_path: Path) -> None:
    rows = (f"2026-03-{n};{n};Kim;{n % 5 + 1};It was all fine this time {n}" for n in DAYS)
    found = guessed(tmp_path / "after.csv", "Chat date;Chat ID;Operator;Rating of operator;Feedback", *rows)
    assert {found.table, *found.rivals} == {"tickets", "surveys"}
    rows = (f"2026-03-{n};{n};open;{n % 5 + 1 if n % 3 else ''}" for n in DAYS)
    found = guessed(tmp_path / "desk.csv", "Created;Ticket ID;Status;Rating", *rows)
    assert (found.table, found.settled) == ("tickets", True)


@pytest.mark.parametrize(
    ("header", "kept"),
    [
        ("SLA breached", False), ("SLA violated", False), ("SLA verletzt", False), ("SLA нарушен", False),
        ("SLA dépassé", False), ("SLA not met", False), ("Просрочено", False), ("SLA met", True),
        ("SLA соблюден", True),
    ],
)  # fmt: skip
def test_yes_to_a_broken_promise_says_that_it_was_broken(
    header: str, kept: bool, tmp_path: Path, supportkit: Call
) -> None:
    rows = [f"{n},2026-03-{n},open,{'Yes' if n % 3 else 'No'}" for n in DAYS]
    found = guessed(tmp_path / "sla.csv", f"Ticket ID,Created,Status,{header}", *rows)
    assert found.map["sla_resolution"] == header
    why = next(one.why for one in found.columns if one.ours == "sla_resolution")
    assert why.endswith("yes says that the promise was broken") != kept
    (db := tmp_path / "s.duckdb").unlink(missing_ok=True)
    columns = ("ticket_id=Ticket ID", "created_at=Created", f"sla_resolution={header}")
    maps = [word for one in columns for word in ("--map", one)]
    code, _, err = supportkit("load", tmp_path / "sla.csv", "--as", "tickets", *maps, "--db", db)
    yes = sum(n % 3 > 0 for n in DAYS)
    assert (code, f"{'within' if kept else 'breached'} = Yes ({yes})" in err) == (0, True)


def test_how_often_a_promise_was_broken_is_no_verdict(tmp_path: Path) -> None:
    rows = (f"{n},2026-03-{n},open,{n % 3}" for n in DAYS)
    found = guessed(tmp_path / "sla.csv", "Ticket ID,Created,Status,SLA breached", *rows)
    assert [(one.ours, one.why) for one in found.doubtful] == [
        ("sla_resolution", "it counts how often the promise was broken")
    ]


@pytest.mark.parametrize("words", [("True", "False"), ("1", "0"), ("да", "нет")])
def test_yes_and_no_are_no_score_of_an_answer_before_somebody_says_so(words: tuple[str, str], tmp_path: Path) -> None:
    rows = [f"{n},2026-03-{n},{words[n % 3 > 0]},It was all fine this time {n}" for n in DAYS]
    found = guessed(tmp_path / "said.csv", "Response ID,Submitted at,CSAT score,Comment", *rows)
    (score,) = (one for one in found.questions if one.ours == "score")
    assert score.readings == ("CSAT score",)
    assert f"--value score:{words[0]}=SCORE" in score.why
    rows = [f"{n},2026-03-{n},open,{words[n % 3 > 0]}" for n in DAYS]
    found = guessed(tmp_path / "desk.csv", "Ticket ID,Created,Status,CSAT", *rows)
    assert ("satisfaction" in found.map) == (words != ("1", "0"))  # its yes is good, its 1 would be one star


def desk(path: Path, header: str, many: int, domains: int, agents: str = "") -> Guess:
    rows = [
        f"{n},2026-03-{n},open,a{n % many}@m{n % domains}.example,{agents or f'x{n % 4}@desk.example'}".format(
            n=n % many
        )
        for n in DAYS
    ]
    return guessed(path / "desk.csv", f"Ticket ID,Created,Status,{header},assignedTo.email", *rows)


def test_who_wrote_a_ticket_down_is_no_customer_in_silence(tmp_path: Path) -> None:
    found = desk(tmp_path, "createdBy.email", 7, 1)
    assert [(one.ours, one.readings) for one in found.doubtful] == [("customer_id", ("createdBy.email",))]
    assert desk(tmp_path, "createdBy.email", 12, 6).map["customer_id"] == "createdBy.email"  # from many domains
    assert "customer_id" not in desk(tmp_path, "closedBy.email", 12, 6).map
    assert desk(tmp_path, "userEmail", 7, 1).map["customer_id"] == "userEmail"


def test_addresses_that_agents_have_are_no_customers(tmp_path: Path) -> None:
    found = desk(tmp_path, "userEmail", 5, 1, "a{n}@m0.example")
    (doubt,) = found.doubtful
    assert (doubt.ours, doubt.why) == ("customer_id", "its addresses are those of assignedTo.email")


def test_numbers_behind_a_word_for_a_score_are_scores(tmp_path: Path) -> None:
    rows = (f"2026-03-{n},{n % 5 + 1},{n % 11}" for n in DAYS)
    found = guessed(tmp_path / "said.csv", "Feedback date,Rating of delivery,Rating of goods", *rows)
    assert readings(found)["score"] == ("Rating of delivery", "Rating of goods")


def test_two_names_of_one_agent_are_one_agent(tmp_path: Path) -> None:
    rows = (f"{n},2026-03-{n},open,{'KLM'[n % 3]} Park,a{n % 3}@desk.example" for n in DAYS)
    found = guessed(tmp_path / "desk.csv", "Ticket ID,Created,Status,Agent name,Agent", *rows)
    assert (found.map["agent"], found.doubtful) == ("Agent name", ())


def test_of_a_user_that_is_often_empty_what_can_stand_in_is_asked_about(tmp_path: Path) -> None:
    rows = (f"p{n % 5},view,2026-03-{n} 10:00,{f'm{n}@mail.example' if n % 2 else ''}" for n in DAYS)
    found = guessed(tmp_path / "hits.csv", "pid,Action,Time,Visitor email", *rows)
    assert readings(found)["user_id"] == ("Visitor email", "pid")


def test_whole_amounts_of_money_that_has_cents_may_be_cents(tmp_path: Path, supportkit: Call) -> None:
    file, db = tmp_path / "charges.csv", tmp_path / "s.duckdb"
    rows = [f"c{n},2026-03-{n},u{n % 5},{1000 + n * 17},usd" for n in DAYS]
    file.write_text("\n".join(["Order ID,Created,Customer,Amount,Currency", *rows]))
    assert readings(guessed(file, "Order ID,Created,Customer,Amount,Currency", *rows)) == {
        "amount": ("Amount", "Amount/100")
    }
    assert supportkit("load", file, "--guess", "--map", "amount=Amount/100", "--db", db)[0] == 0
    # 18 amounts of 10 and 17 cents for each of the days 10 to 27, which come to 333
    assert stored(supportkit, db, "select sum(amount)::double as n from orders") == [{"n": (18_000 + 17 * 333) / 100}]
    small = [f"c{n},2026-03-{n},u{n % 5},{n},usd" for n in DAYS]
    assert guessed(file, "Order ID,Created,Customer,Amount,Currency", *small).settled
    rubles = [row.replace("usd", "RUB") for row in rows]
    assert guessed(file, "Order ID,Created,Customer,Amount,Currency", *rubles).settled


def test_a_list_of_things_for_sale_is_no_orders_in_silence(tmp_path: Path, supportkit: Call) -> None:
    file = tmp_path / "list.csv"
    rows = (f"{n},S{n},Lamp {n},{n}.50,2026-03-{n},active" for n in DAYS)
    file.write_text("\n".join(["ID,SKU,Name,Price,Created on,Status", *rows]))
    assert supportkit("load", file, "--guess", "--db", tmp_path / "s.duckdb")[0] == 3


def test_the_order_of_days_is_asked_of_a_column_that_stands_in(tmp_path: Path, supportkit: Call) -> None:
    file = tmp_path / "sold.csv"
    rows = (f"{n},0{n % 9 + 1}/04/2026,{n}.50" for n in DAYS)
    file.write_text("\n".join(["Order ID,Written in,Total", *rows]))
    code, _, err = supportkit("load", file, "--guess", "--db", tmp_path / "s.duckdb")
    assert (code, "with: --dates dmy or --dates mdy" in err) == (3, True), err


@pytest.mark.parametrize("own", ["comment_id", "message_id", "event_id"])
def test_rows_with_an_id_of_their_own_beside_a_tickets_are_no_tickets(
    own: str, tmp_path: Path, supportkit: Call
) -> None:
    # all are our own names for tickets, but for the id of what was said in them
    file, db = tmp_path / "said.csv", tmp_path / "s.duckdb"
    rows = (f"{n // 3},{n},{'end-user' if n % 3 else 'agent'},2026-03-{n} 10:00,{n} was said" for n in DAYS)
    file.write_text("\n".join([f"ticket_id,{own},author_role,created_at,body", *rows]))
    assert supportkit("load", file, "--db", db)[0] == 3
    code, _, err = supportkit("load", file, "--guess", "--db", db)
    assert (code, "messages, read 18 = loaded 18" in err) == (0, True), err


@pytest.mark.parametrize("header", ["Date de résolution réelle", "Fecha real de solución", "Фактическая дата решения"])
def test_when_something_really_happened_is_when_it_happened(header: str, tmp_path: Path) -> None:
    rows = (f"{n};2026-03-{n} 10:00;open;2026-04-{n} 10:00" for n in DAYS)
    assert guessed(tmp_path / "t.csv", f"Ticket ID;Created;Status;{header}", *rows).map["solved_at"] == header


def test_words_of_two_sides_can_stand_in_for_who_wrote(tmp_path: Path) -> None:
    rows = (f"{n // 3},2026-03-{n} 10:00,To{'Left' if n % 2 else 'Right'},{n} was said" for n in DAYS)
    found = guessed(tmp_path / "chats.csv", "conversation_id,timestamp,way,body", *rows)
    assert "way" in readings(found)["sender"]


def test_of_two_scores_behind_the_numbers_of_their_questions_neither_is_taken(tmp_path: Path) -> None:
    rows = (f"2026-03-{n},{n % 5 + 1},{n % 11}" for n in DAYS)
    found = guessed(tmp_path / "said.csv", "Survey completed,Q1 Overall satisfaction,Q3 NPS", *rows)
    assert readings(found)["score"] == ("Q1 Overall satisfaction", "Q3 NPS")


def test_who_changed_something_is_offered_before_what_changed(tmp_path: Path) -> None:
    rows = (f"{n // 3},2026-03-{n} 10:00,Status,{'ab'[n % 2]},{'bc'[n % 2]},{'KL'[n % 2]} Lee" for n in DAYS)
    found = guessed(tmp_path / "history.csv", "Case Number,Edit Date,Field,Old Value,New Value,Edited By", *rows)
    assert readings(found)["sender"] == ("Edited By", "'customer'", "'agent'")


def test_that_nobody_is_the_customer_is_told_with_who_may_be(tmp_path: Path, supportkit: Call) -> None:
    file = tmp_path / "meldingen.csv"
    rows = (f"M{n},2026-03-{n} 10:00,Gesloten,Kees {n % 4},Kim,printer" for n in DAYS)
    file.write_text("\n".join(["Meldingnummer,Datum aangemaakt,Status,Naam aanmelder,Behandelaar,Vestiging", *rows]))
    unsaid = "customer_id stays empty; it may be Naam aanmelder: --map 'customer_id=Naam aanmelder'"
    code, _, err = supportkit("load", file, "--guess", "--db", tmp_path / "a.duckdb")
    assert (code, unsaid in err) == (0, True)
    said = ("--map", "ticket_id=Meldingnummer", "--map", "created_at=Datum aangemaakt", "--map", "status=Status")
    code, _, err = supportkit("load", file, "--as", "tickets", *said, "--db", tmp_path / "b.duckdb")
    assert (code, unsaid in err) == (0, True)
    assert unsaid in supportkit("load", file, "--db", tmp_path / "c.duckdb")[1]
    to_paste = ("--map", "customer_id=Naam aanmelder")
    assert "stays empty" not in supportkit("load", file, "--guess", *to_paste, "--db", tmp_path / "d.duckdb")[2]


@pytest.mark.parametrize(
    ("header", "values"),
    [
        ("Comprador", "Kees {}"),
        ("Compradores DNI", "2033044{}"),
        ("zgłaszający osoba", "Jan {}"),
        ("contatto", "kim{}@mail.example"),
        ("Rückruf", "+49 170 12345{}"),
        ("Hesap ID", "A{}"),
    ],
)
def test_who_may_be_the_customer_is_known_by_the_name_or_the_values(header: str, values: str) -> None:
    headers = ("number", "when", header, "Agent email", "País")
    columns = list(
        zip(*((f"{n}", f"2026-03-{n}", values.format(n % 5), "kim@desk.example", "AR") for n in DAYS), strict=True)
    )
    assert candidates("orders", headers, columns, {0}) == [header]


def test_a_time_that_cannot_be_read_is_offered_before_a_day_that_is_to_be_said(
    tmp_path: Path, supportkit: Call
) -> None:
    file, db = tmp_path / "report.csv", tmp_path / "s.duckdb"
    file.write_text("\n".join(["uid,status,created,subject", *(f"{n},open,week {n} of 26,It broke" for n in DAYS)]))
    code, _, err = supportkit("load", file, "--guess", "--db", db)
    assert (code, "created or 'YYYY-MM-DD'" in err) == (3, True)
    assert "cannot be read, as 'week 10 of 26'" in err
    said = ("--map", "created_at='YYYY-MM-DD'")
    code, _, err = supportkit("load", file, "--guess", *said, "--db", db)  # as it stands it is refused
    assert (code, "nothing was loaded" in err) == (3, True)


def test_unknown_states_are_told_with_the_guess(tmp_path: Path, supportkit: Call) -> None:
    file = tmp_path / "sold.csv"
    rows = (f"{n},2026-03-{n},{n}.50,{'paid' if n % 3 else 'Paquete de 2'}" for n in DAYS)
    file.write_text("\n".join(["Order ID,Order date,Total,Status", *rows]))
    code, out, _ = supportkit("load", file, "--db", tmp_path / "s.duckdb")
    assert (code, out.count("unknown status")) == (3, 1)
    assert "unknown status Paquete de 2: --value 'status:Paquete de 2=MEANING'" in out


def test_a_time_of_day_that_is_named_as_its_day_is_taken_with_it(tmp_path: Path) -> None:
    head = "Bestellnummer,Gesamtbetrag,Bestelldatum,Bestelluhrzeit,Bearbeitungszeit"
    found = guessed(tmp_path / "a.csv", head, *(f"R{n},{n}.50,2026-03-{n},11:{n}:07,0:{n}" for n in DAYS))
    assert found.map["ordered_at"] == "Bestelldatum+' '+Bestelluhrzeit"
    rows = (f"R{n},{n}.50,2026-03-{n},{f'11:{n}' if n % 3 else ''},0:{n}" for n in DAYS)
    found = guessed(tmp_path / "b.csv", head, *rows)
    assert found.map["ordered_at"] == "Bestelldatum"
    assert [one.why for one in found.doubtful] == ["some rows have no time of day"]


def test_what_counts_the_rows_is_no_order_in_silence(tmp_path: Path) -> None:
    rows = (f"{n - 9},2026-03-{n},{n}.50,S{n}x" for n in DAYS)
    found = guessed(tmp_path / "week.csv", "№,Order date,Total,Parcel", *rows)
    assert readings(found)["order_id"][-1] == "№"
    assert "order_id" not in found.map


def test_the_wires_of_calls_are_no_channel_and_their_length_no_ticket(tmp_path: Path) -> None:
    rows = (f"2026-03-10 10:{n}:00,SIP/trunk-{n // 2},{90 + n},inbound,web" for n in range(10, 60))
    found = guessed(tmp_path / "calls.csv", "calldate,channel,duration,direction,context", *rows)
    assert found.table == "tickets"
    assert "channel" not in found.map
    assert "duration" not in readings(found).get("ticket_id", ())


@pytest.mark.parametrize(
    ("header", "row", "told"),
    [
        (
            "Reading No,When taken,Temp,Room", "{n},2026-03-{n} 10:00,2{n}.5,A",
            ("it is nearest to tickets",
             "ticket_id: no column is named as one; what can stand in: Reading No or record",
             "created_at: no column is named as one; what can stand in: When taken or 'YYYY-MM-DD'"),
        ),
        (
            "Reference,Date,Postcode,Comment", "R{n},2026-03-{n},1{n}00,The driver was late again {n}",
            ("it is nearest to tickets, of which nothing is missing and nothing tells it: ticket_id=Reference, "
             "created_at=Date, body=Comment",),
        ),
        (
            "Submitted at,Email,Helpful,Comment", "2026-03-{n} 10:00,u{n}@mail.example,True,It was fine for me {n}",
            ("it is nearest to tickets: created_at=Submitted at, customer_id=Email, body=Comment",
             "ticket_id: no column is named as one; what can stand in: record"),
        ),
        ("Name,Colour", "Kim,red", ()),
    ],
)  # fmt: skip
def test_the_nearest_table_is_told_with_what_is_missing(
    header: str, row: str, told: tuple[str, ...], tmp_path: Path, supportkit: Call
) -> None:
    (tmp_path / "list.csv").write_text("\n".join((header, *(row.format(n=n) for n in DAYS))))
    code, out, _ = supportkit("load", tmp_path / "list.csv", "--format", "json", "--db", tmp_path / "s.duckdb")
    notes = json.loads(out)["notes"]
    assert (code, tuple(notes[: len(told)])) == (3, told)
    assert len(notes) == len(told) + 1


def test_amounts_that_are_objects_are_amounts_with_the_currency_beside_them(tmp_path: Path) -> None:
    header = "id,createdAt,amount.value,amount.currency,left.value,left.currency,description,customerId,status"
    words = ("paid", "failed", "open", "expired")
    rows = (f"tr{n},2026-03-{n},{n}.50,EUR,{n},USD,Order {n} of shop,c{n % 7},{words[n % 4]}" for n in DAYS)
    found = guessed(tmp_path / "payments.csv", header, *rows)
    assert found.table == "orders"  # no ticket is paid
    assert {ours: found.map[ours] for ours in ("amount", "currency")} == {
        "amount": "amount.value",
        "currency": "amount.currency",
    }


def test_tickets_with_what_they_are_worth_are_no_orders_in_silence(tmp_path: Path) -> None:
    for worth in ("amount", "amount.value"):
        rows = (f"{n},2026-03-{n},text of it {n},high,{('open', 'closed')[n % 2]},{n}.5" for n in DAYS)
        found = guessed(tmp_path / "list.csv", f"id,created_at,subject,priority,status,{worth}", *rows)
        assert {found.table, *found.rivals} == {"tickets", "orders"}


def test_the_id_of_the_first_of_a_row_of_renewals_is_no_rival_of_their_own(tmp_path: Path) -> None:
    rows = (f"tx{n},tx{10 + n % 3},2026-03-{n},{n}.99,EUR" for n in DAYS)
    header = "store_transaction_id,original_store_transaction_id,purchase_date,amount,currency"
    assert guessed(tmp_path / "bought.csv", header, *rows).map["order_id"] == "store_transaction_id"


def test_who_calls_is_the_customer_of_a_call(tmp_path: Path) -> None:
    rows = (f"{700 + n},2026-03-{n} 10:00,Inbound,206555{2600 + n % 6},8005550142,00:0{n % 9}:10" for n in DAYS)
    found = guessed(tmp_path / "Call Log.csv", "CALL ID,TIMESTAMP,CALL TYPE,ANI,DNIS,TALK TIME", *rows)
    assert (found.table, found.map["customer_id"]) == ("tickets", "ANI")


def test_a_command_that_init_prints_is_one_of_its_own(tmp_path: Path, supportkit: Call) -> None:
    file, toml = tmp_path / "list.csv", tmp_path / "supportkit.toml"
    rows = (f"{n},2026-03-{n},text of it {n},high,{('open', 'closed')[n % 2]},{n}.5" for n in DAYS)
    file.write_text("\n".join(["id,created_at,subject,priority,status,amount", *rows]))
    code, _, err = supportkit("init", toml, "--from", file)
    assert code == 3
    lines = [line.strip() for line in err.splitlines() if line.strip().startswith("supportkit init")]
    assert lines
    for line in lines:
        toml.unlink(missing_ok=True)
        assert supportkit(*shlex.split(line)[1:])[0] == 0, line

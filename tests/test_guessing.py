"""The guess about a file of no vendor that we know: table, map and reasons; what is in doubt is asked, not chosen."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from supportkit.exports.reading.cells import find_layout
from supportkit.exports.reading.files import open_export
from supportkit.exports.recognising.guessing.guess import Guess
from supportkit.exports.recognising.guessing.of_file import file_of, guess_of
from supportkit.exports.recognising.load_options import LoadOptions
from tests.conftest import Call
from tests.guessed_exports import EXAMPLES, Example


def guessed(path: Path, text: str, options: LoadOptions | None = None) -> Guess | None:
    """The guess about a file with this text."""
    path.write_text(text, encoding="utf-8")
    with open_export(path, name=path.name) as export:
        encoding, layout = find_layout(export)
        assert layout is not None
        return guess_of(file_of(export, encoding, layout, LoadOptions()), options or LoadOptions())


@pytest.mark.parametrize("example", EXAMPLES, ids=[one.name for one in EXAMPLES])
def test_an_export_is_guessed_by_its_names_and_values(example: Example, tmp_path: Path) -> None:
    found = guessed(tmp_path / example.name, example.text)
    assert found is not None
    assert (found.table, found.rivals) == (example.table, ())
    assert {ours: found.map.get(ours) for ours in example.columns} == example.columns
    assert {one.ours for one in found.questions} == example.asked


TICKETS = (
    "Case No,Date received,Topic,E-mail,Case status\n"
    "C-1,2026-03-01 09:00,Delivery,a@x.example,open\nC-2,2026-03-02 09:00,Refund,b@x.example,closed\n"
)


def pasted(err: str) -> list[list[str]]:
    """The commands that a message has to paste, as words behind the program's name."""
    found = re.findall(r"^(?:hint: | +)supportkit (load .*)$", err, re.MULTILINE)
    return [shlex.split(line) for line in found]


def test_an_unknown_export_prints_its_guess_and_the_command_that_loads_it(tmp_path: Path, supportkit: Call) -> None:
    (tmp_path / "cases.csv").write_text(TICKETS)
    db = tmp_path / "s.duckdb"
    code, out, err = supportkit("load", tmp_path / "cases.csv", "--db", db)
    assert (code, db.exists()) == (3, False)
    assert "cases.csv: tickets, guessed" in out
    assert re.search(r"ticket_id +Case No +sure +name \(English\); each value is there once", out)
    (words,) = pasted(err)
    code, _, err = supportkit(*words)
    assert code == 0, err
    assert "read 2 = loaded 2" in err
    code, out, _ = supportkit("sql", "select ticket_id, status, category from tickets order by 1", "--db", db)
    assert re.search(r"C-1 +open", out)


def test_a_guess_is_taken_where_nothing_is_in_doubt(tmp_path: Path, supportkit: Call) -> None:
    (tmp_path / "cases.csv").write_text(TICKETS)
    code, out, err = supportkit("load", tmp_path / "cases.csv", "--guess", "--db", tmp_path / "s.duckdb")
    assert (code, out) == (0, "")
    assert "read 2 = loaded 2" in err
    assert "guessed: ticket_id=Case No, created_at=Date received, customer_id=E-mail" in err


def test_two_readings_are_both_told_and_neither_is_taken(tmp_path: Path, supportkit: Call) -> None:
    (tmp_path / "orders.csv").write_text(
        "Order No,Order date,Paid,Net amount,Gross amount,Customer ID\n"
        "1,2026-03-01,yes,10.00,12.10,k1\n2,2026-03-02,yes,20.00,24.20,k2\n"
    )
    db = tmp_path / "s.duckdb"
    code, out, err = supportkit("load", tmp_path / "orders.csv", "--guess", "--db", db)
    assert (code, db.exists()) == (3, False)
    assert "amount may be Net amount or Gross amount" in out
    commands = pasted(err)
    assert ["amount=Net amount" in words for words in commands] == [True, False]
    assert ["amount=Gross amount" in words for words in commands] == [False, True]
    assert supportkit(*commands[1])[0] == 0
    assert "36.3" in supportkit("sql", "select sum(amount) as total from orders", "--db", db)[1]


def test_an_answer_settles_a_guess(tmp_path: Path, supportkit: Call) -> None:
    (tmp_path / "sold.csv").write_text("customer,date,amount\nk1,2026-03-01,10\nk2,2026-03-02,20\n")
    db = tmp_path / "s.duckdb"
    code, out, _ = supportkit("load", tmp_path / "sold.csv", "--db", db)
    assert code == 3
    assert "order_id: no column is named as one; what can stand in: record" in out
    code, _, err = supportkit("load", tmp_path / "sold.csv", "--db", db, "--guess", "--map", "order_id=record")
    assert code == 0, err
    assert "orders, read 2 = loaded 2" in err


def test_a_file_that_may_be_two_tables_is_asked_about(tmp_path: Path) -> None:
    found = guessed(tmp_path / "a.csv", "Ticket ID,Created at,Rating,Comment\n1,2026-03-01,5,It was so good\n")
    assert found is not None
    assert {found.table, *found.rivals} == {"tickets", "surveys"}
    assert not found.settled


def test_a_list_of_other_things_is_no_table_of_ours(tmp_path: Path, supportkit: Call) -> None:
    (tmp_path / "people.csv").write_text("id,created_at,email,country\n1,2026-01-01,a@x.example,DE\n")
    code, out, err = supportkit("load", tmp_path / "people.csv", "--guess", "--db", tmp_path / "s.duckdb")
    assert code == 3
    assert re.search(r"email +e-mails", out)
    assert "nothing in it says which table it is" in err
    assert "a@x.example" not in out + err


@pytest.mark.parametrize("request_", ["Rate our service", "Оцените качество обслуживания"])
def test_a_request_of_three_words_is_the_score_it_asks_for(request_: str, tmp_path: Path) -> None:
    rows = "".join(f"2026-01-{n + 10},{n % 5 + 1},fine so far\n" for n in range(15))
    found = guessed(tmp_path / "a.csv", f"Submitted at,{request_},Comment\n" + rows)
    assert found is not None
    assert (found.table, found.map["kind"], found.map["score"]) == ("surveys", "'csat'", request_)


def test_a_price_that_holds_its_currency_is_an_amount(tmp_path: Path) -> None:
    found = guessed(
        tmp_path / "a.csv",
        "orderId,createdAt,customer.email,totalPrice.amount,totalPrice.currencyCode\n"
        "O-1,2026-03-01,a@x.example,10.50,EUR\nO-2,2026-03-02,b@x.example,11.50,EUR\n",
    )
    assert found is not None
    assert (found.map["amount"], found.map["currency"]) == ("totalPrice.amount", "totalPrice.currencyCode")


def test_a_total_on_each_line_of_an_order_is_not_added(tmp_path: Path, supportkit: Call) -> None:
    """Orders 1, 2 and 3 have two lines each and totals of 30, 40 and 50: together 120."""
    rows = "".join(f"{n},2026-03-0{n},k{n},{item},{20 + 10 * n}\n" for n in (1, 2, 3) for item in ("mug", "cup"))
    (tmp_path / "lines.csv").write_text("order_id,order_date,customer,item,order_total\n" + rows)
    db = tmp_path / "s.duckdb"
    assert supportkit("load", tmp_path / "lines.csv", "--guess", "--db", db)[0] == 0
    assert "120" in supportkit("sql", "select sum(amount) as total from orders", "--db", db)[1]


def test_values_vote_against_a_name(tmp_path: Path) -> None:
    """`State` holds countries' states and no states of tickets, `Closed` no times."""
    found = guessed(
        tmp_path / "a.csv",
        "Ticket ID,Created at,Subject,State,Closed\n1,2026-03-01,Hello,TX,yes\n2,2026-03-02,Bye,FL,no\n",
    )
    assert found is not None
    assert set(found.map) == {"ticket_id", "created_at", "subject"}
    assert found.left_over == ("State", "Closed")


@pytest.mark.parametrize("header", ["created_date", "Created time", "CREATED-DATE", "createdAt", "Дата создания"])
def test_names_are_read_in_any_case_and_separator(header: str, tmp_path: Path) -> None:
    found = guessed(tmp_path / "a.csv", f"Ticket_ID,{header},subject\n1,2026-03-01,Hello\n2,2026-03-02,Bye\n")
    assert found is not None
    assert found.map == {"ticket_id": "Ticket_ID", "created_at": header, "subject": "subject"}


def test_a_name_that_is_spelled_wrong_is_found_and_said_to_be_likely(tmp_path: Path) -> None:
    found = guessed(tmp_path / "a.csv", "Ticket ID,Craeted date,Subject\n1,2026-03-01,Hello\n2,2026-03-02,Bye\n")
    assert found is not None
    (created,) = (one for one in found.columns if one.ours == "created_at")
    assert (created.text, created.sure) == ("Craeted date", "likely")
    assert "spelled nearly as" in created.why


def test_what_init_writes_from_a_file_loads_it(
    tmp_path: Path, supportkit: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("cases.csv").write_text(TICKETS)
    code, _, err = supportkit("init", "--from", "cases.csv")
    assert code == 0, err
    assert "wrote supportkit.toml: [columns.tickets]" in err
    assert 'ticket_id = "Case No"\n' in Path("supportkit.toml").read_text()
    code, _, err = supportkit("load", "cases.csv", "--db", "s.duckdb")
    assert code == 0, err
    assert "tickets, read 2 = loaded 2" in err
    code, _, err = supportkit("init", "--from", "cases.csv", "--as", "tickets", "--map", "ticket_id=Case No")
    assert (code, "has [columns.tickets] already" in err) == (2, True)


def test_init_asks_what_is_in_doubt(tmp_path: Path, supportkit: Call) -> None:
    (tmp_path / "sold.csv").write_text("customer,date,amount\nk1,2026-03-01,10\nk2,2026-03-02,20\n")
    config = tmp_path / "supportkit.toml"
    code, _, err = supportkit("init", config, "--from", tmp_path / "sold.csv")
    assert (code, config.exists()) == (3, False)
    assert "--map order_id=record" in err


def test_a_dry_run_shows_what_the_guess_would_load(tmp_path: Path, supportkit: Call) -> None:
    (tmp_path / "cases.csv").write_text(TICKETS)
    code, out, _ = supportkit("load", tmp_path / "cases.csv", "--dry-run", "--guess")
    assert code == 0
    assert "cases.csv: tickets from supportkit" in out
    assert "guessed: ticket_id=Case No" in out


def test_a_folder_leaves_out_what_the_guess_has_to_ask(tmp_path: Path, supportkit: Call) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "cases.csv").write_text(TICKETS)
    (folder / "people.csv").write_text("id,created_at,email,country\n1,2026-01-01,a@x.example,DE\n")
    code, _, err = supportkit("load", folder, "--guess", "--db", tmp_path / "s.duckdb")
    assert code == 0, err
    assert "people.csv: nothing in it says which table it is" in err
    assert "cases.csv: tickets, read 2 = loaded 2" in err


def test_a_part_of_a_vendors_export_is_said_to_be_like_it(tmp_path: Path, supportkit: Call) -> None:
    (tmp_path / "part.csv").write_text(
        "Ticket ID,Created time,Status,Resolution time (in hrs),First response status,Agent\n"
        "T7,2026-05-01 10:00:00,Open,30:00:00,Within SLA,Tom\n"
    )
    code, out, _ = supportkit("load", tmp_path / "part.csv", "--db", tmp_path / "s.duckdb")
    assert (code, "--source freshdesk" in out) == (3, True)
    assert supportkit("load", tmp_path / "part.csv", "--db", tmp_path / "s.duckdb", "--source", "freshdesk")[0] == 0
    (tmp_path / "cases.csv").write_text(TICKETS)
    assert "--source" not in supportkit("load", tmp_path / "cases.csv", "--db", tmp_path / "n.duckdb")[1]


def test_where_answers_are_many_each_question_has_its_line(tmp_path: Path, supportkit: Call) -> None:
    """Five columns without names: two are times and two amounts, and each question lists them."""
    rows = "".join(f"{n:05d},2026-03-{n:02d},2026-04-{n:02d},{n}.50,{n}.25\n" for n in range(1, 29))
    (tmp_path / "a.csv").write_text(rows)
    code, out, err = supportkit("load", tmp_path / "a.csv", "--as", "orders", "--db", tmp_path / "s.duckdb")
    assert code == 3
    assert "with: --map ordered_at=column_2 or --map ordered_at=column_3 or" in err
    assert "with: --map amount=column_4 or --map amount=column_5" in err
    assert "column_2" not in re.findall(r"amount may be .*|amount: .*", out)[0]


def test_ids_of_two_systems_that_meet_are_told(tmp_path: Path, supportkit: Call) -> None:
    db = tmp_path / "s.duckdb"
    (tmp_path / "cases.csv").write_text(TICKETS)
    (tmp_path / "cases2.csv").write_text(TICKETS.replace("open", "closed"))
    (tmp_path / "desk.csv").write_text("Ticket ID,Created at,Subject\nC-1,2026-03-05,Other desk\nX,2026-03-06,New\n")
    assert supportkit("load", tmp_path / "cases.csv", "--guess", "--db", db)[0] == 0
    code, _, err = supportkit("load", tmp_path / "cases2.csv", "--guess", "--db", db)
    assert (code, "another system" in err) == (0, False)  # the same export, a week later
    code, _, err = supportkit("load", tmp_path / "desk.csv", "--guess", "--db", db)
    assert (code, "1 row has an id that cases2.csv brought, which has other columns" in err) == (0, True)


def test_a_number_of_a_ticket_and_its_time_are_enough(tmp_path: Path) -> None:
    found = guessed(tmp_path / "a.csv", "ticket_no,opened_on,field_1\nK1,2026-01-01 10:00,7\nK2,2026-01-02 10:00,8\n")
    assert found is not None
    assert (found.table, found.settled, found.left_over) == ("tickets", True, ("field_1",))


def test_of_two_questions_each_says_its_kind(tmp_path: Path, supportkit: Call) -> None:
    (tmp_path / "form.csv").write_text(
        "Timestamp,How likely are you to recommend us?,How satisfied are you with our support?\n"
        "2026-05-01 10:00,9,4\n2026-05-02 10:00,3,2\n"
    )
    db = tmp_path / "s.duckdb"
    code, _, err = supportkit("load", tmp_path / "form.csv", "--db", db)
    commands = pasted(err)
    assert (code, len(commands)) == (3, 2)
    for words, kind in zip(commands, ("nps", "csat"), strict=True):
        assert f"kind='{kind}'" in words
        assert supportkit(*words)[0] == 0
        assert kind in supportkit("sql", "select distinct kind from surveys", "--db", db)[1]


def test_configured_columns_of_one_export_leave_a_vendors_alone(
    tmp_path: Path, supportkit: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("cases.csv").write_text(TICKETS)
    Path("own.csv").write_text("ticket_id,created_at\nT1,2026-04-01\n")
    assert supportkit("init", "--from", "cases.csv")[0] == 0
    code, _, err = supportkit("load", "own.csv", "cases.csv", "--db", "s.duckdb")
    assert code == 0, err
    assert "cases.csv: tickets, read 2 = loaded 2" in err
    Path("supportkit.toml").write_text('[columns.tickets]\nticket_id = "ticket_id"\nsubject = "Subjct"\n')
    code, _, err = supportkit("load", "own.csv", "--db", "t.duckdb")
    assert (code, "subject=Subjct" in err) == (2, True)  # a slip is no other export


@pytest.mark.parametrize(("scores", "kinds"), [((2, 5), ("'csat'", "'ces'")), ((3, 9), ("'nps'", "'csat'", "'ces'"))])
def test_a_score_is_asked_about_by_the_kinds_that_its_numbers_allow(
    scores: tuple[int, int], kinds: tuple[str, ...], tmp_path: Path
) -> None:
    rows = "".join(f"{score},2026-05-0{n},so it is with us\n" for n, score in enumerate(scores, 1))
    found = guessed(tmp_path / "a.csv", "Score,Submitted at,Comment\n" + rows)
    assert found is not None
    assert [(one.ours, one.readings) for one in found.questions] == [("kind", kinds)]


@pytest.mark.parametrize(
    ("cells", "ours"),
    [
        (("Lieferung", "Rechnung", "Lieferung"), "category"),
        (("Wo ist mein Paket", "Die Lampe ist kaputt", "Falsche Größe bekommen"), "subject"),
    ],
)
def test_a_topic_is_a_category_where_words_come_again_and_a_subject_where_it_is_a_text(
    cells: tuple[str, ...], ours: str, tmp_path: Path
) -> None:
    rows = "".join(f"T{n};2026-03-{n + 10};offen;{cells[n % 3]}\n" for n in range(3))
    found = guessed(tmp_path / "a.csv", f"Ticketnummer;Erstellt am;Status;Thema\n{rows}")
    assert found is not None
    assert {one for one, header in found.map.items() if header == "Thema"} == {ours}


def test_a_flag_of_refunds_is_no_amount(tmp_path: Path) -> None:
    rows = "".join(f"{n},2026-03-{n + 10},{n}.50,{n % 2}\n" for n in range(1, 9))
    found = guessed(tmp_path / "a.csv", f"Order ID,Order date,Total,Refunded?\n{rows}")
    assert found is not None
    assert "refunded" not in found.map


def test_of_two_columns_of_states_of_an_order_one_is_asked_for(tmp_path: Path) -> None:
    """Which orders count rests on it: one that is new and one that is paid are not the same."""
    rows = "".join(f"{n},2026-03-{n + 10},{n}.50,Delivered,Paid\n" for n in range(1, 9))
    found = guessed(tmp_path / "a.csv", f"Order ID,Order date,Total,Status,Payment status\n{rows}")
    assert found is not None
    assert [(one.ours, one.readings) for one in found.questions] == [("status", ("Status", "Payment status"))]


def test_who_wrote_a_message_is_read_from_a_flag_of_its_direction(tmp_path: Path, supportkit: Call) -> None:
    (tmp_path / "a.csv").write_text(
        "conversation,sent_at,outbound,text\nA,2026-03-01 09:00,no,Where is it?\nA,2026-03-01 09:10,yes,On its way.\n"
    )
    db = tmp_path / "s.duckdb"
    code, _, err = supportkit("load", tmp_path / "a.csv", "--guess", "--db", db)
    assert code == 0, err
    out = supportkit("sql", "select sender from messages order by sent_at", "--format", "csv", "--db", db)[1]
    assert out.split() == ["sender", "customer", "agent"]


def test_codes_are_no_amounts(tmp_path: Path, supportkit: Call) -> None:
    rows = "".join(f"{n},2026-03-{n + 10},SKU-{n:03},{n}.50\n" for n in range(1, 9))
    (tmp_path / "a.csv").write_text(f"Order ID,Order date,Code,Figure\n{rows}")
    out = supportkit("load", tmp_path / "a.csv", "--as", "orders", "--db", tmp_path / "s.duckdb")[1]
    assert "amount: no column is named as one; what can stand in: Figure" in " ".join(out.split())


def test_a_row_of_data_above_the_header_leads_to_the_line_of_the_header(tmp_path: Path, supportkit: Call) -> None:
    (tmp_path / "a.csv").write_text(
        "1,2026-01-02,hello,open\nCase No,Date received,Subject,Case status\n"
        "2,2026-01-03,where is it,open\n3,2026-01-04,refund please,closed\n"
    )
    db = tmp_path / "s.duckdb"
    code, _, err = supportkit("load", tmp_path / "a.csv", "--db", db)
    assert code == 3
    (words,) = pasted(err)
    assert words[-2:] == ["--header", "2"]
    assert supportkit(*words, "--guess")[0] == 0
    out = supportkit("sql", "select count(*) as n from tickets", "--format", "csv", "--db", db)[1]
    assert out.split() == ["n", "2"]


def test_words_with_a_figure_are_no_numbers(tmp_path: Path) -> None:
    rows = "".join(f"T{n};2026-03-{n + 10};gut {n};{n} EUR\n" for n in range(1, 9))
    path = tmp_path / "a.csv"
    path.write_text(f"Ticketnummer;Erstellt am;Kommentar;Kosten\n{rows}")
    with open_export(path, name=path.name) as export:
        encoding, layout = find_layout(export)
        assert layout is not None
        looks = [shape.looks for shape in file_of(export, encoding, layout, LoadOptions()).shapes if shape]
    assert looks[2:] == ["words, no two alike", "numbers"]


def test_a_name_without_a_word_of_another_is_not_spelled_nearly_as_it(tmp_path: Path) -> None:
    """`Resolution` says how a ticket was solved, not whether `SLA resolution` was kept."""
    rows = "".join(f"B{n},2026-03-{n + 10},open,{('open', 'fixed')[n % 2]}\n" for n in range(1, 9))
    found = guessed(tmp_path / "a.csv", f"Bug ID,Opened,Status,Resolution\n{rows}")
    assert found is not None
    assert "sla_resolution" not in found.map


def test_the_guess_says_that_the_order_of_day_and_month_is_to_be_told_too(tmp_path: Path, supportkit: Call) -> None:
    file, db = tmp_path / "sales.csv", tmp_path / "s.duckdb"
    file.write_text("Order ID,Sale Date,Buyer,Net amount,Gross amount\n1,03/01/2026,a,10,12\n2,03/02/2026,b,11,13\n")
    code, out, err = supportkit("load", file, "--db", db)
    assert (code, "amount may be Net amount or Gross amount" in out) == (3, True), err
    assert "2026-01-03 (dmy) or 2026-03-01 (mdy)" in out
    assert "--dates dmy or --dates mdy" in out
    said = ("--guess", "--map", "amount=Gross amount", "--dates", "mdy")  # all that is asked, in one command
    assert supportkit("load", file, "--db", db, *said)[0] == 0
    assert "(mdy)" not in supportkit("load", file, "--db", db, "--dates", "mdy")[1]


@pytest.mark.parametrize("first", ["1234567890123400", "9007199254740993", "0012345678901234567"])
def test_ids_of_many_digits_are_ids(first: str, tmp_path: Path) -> None:
    rows = "".join(f"{int(first) + n:0{len(first)}},2026-03-{n % 28 + 1:02d} 10:00,open\n" for n in range(40))
    found = guessed(tmp_path / "a.csv", f"Ticket No,Opened,State\n{rows}")
    assert found is not None
    assert (found.table, found.map["ticket_id"], found.settled) == ("tickets", "Ticket No", True)

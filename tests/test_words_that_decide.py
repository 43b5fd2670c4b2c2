"""No word that decides how a row counts does so in silence: it is known, mapped by the user, or named with its rows."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from supportkit.errors import DataError
from supportkit.exports import LoadOptions, load
from supportkit.exports.meanings import vocabulary
from supportkit.exports.telling_words import unknown_words
from supportkit.metrics import METRICS
from supportkit.store import Store, memory_store
from supportkit.store.conditions import parse_conditions
from supportkit.store.deciding import DECIDING, Deciding
from supportkit.store.listings import tables
from supportkit.store.order_states import STATES
from supportkit.store.unknown_words import shown_word
from tests.conftest import Call

ORDERS = """order_id,ordered_at,customer_id,amount,currency,status,country
1,2026-01-01,a,10,EUR,paid,DE
2,2026-01-02,b,100,EUR,xyz,Germany
3,2026-01-02,c,100,EUR,storniert,Atlantis
"""
ROWS: dict[str, dict[str, str]] = {
    "tickets": {"ticket_id": "1", "created_at": "2026-01-01 10:00"},
    "messages": {"ticket_id": "1", "sent_at": "2026-01-01 10:00", "sender": "agent", "kind": "status"},
    "orders": {"order_id": "1", "ordered_at": "2026-01-01", "customer_id": "a", "amount": "10"},
    "surveys": {"customer_id": "1", "kind": "nps", "score": "9", "responded_at": "2026-01-01"},
    "events": {"user_id": "a", "occurred_at": "2026-01-01 10:00", "step": "visit"},
}
NO_FIGURE: tuple[str, dict[str, Any]] = ("", {})  # what is open at an instant rests on it
FIGURES: dict[str, tuple[str, dict[str, Any]]] = {
    "orders.status": ("ltv", {}),
    "orders.currency": ("ltv", {}),
    "orders.country": ("ltv", {"by": "country"}),
    "tickets.country": ("service", {"by": "country"}),
    "tickets.status": ("contacts", {}),
    "tickets.sla_first_reply": ("service", {}),
    "tickets.sla_resolution": ("survey-quality", {}),
    "tickets.is_complaint": ("causes", {"by": "category"}),
    "tickets.satisfaction": ("csat", {}),
    "tickets.opener": ("service", {}),
    "messages.sender": ("service", {}),
    "messages.kind": ("service", {}),
    "messages.public": ("service", {}),
    "messages.from_value": NO_FIGURE,
    "messages.to_value": NO_FIGURE,
    "surveys.country": ("nps", {"by": "country"}),
    "surveys.kind": ("csat", {}),
    "surveys.score": ("nps", {}),
    "events.country": ("funnel", {"by": "country", "steps": ("visit", "pay")}),
}
"""A figure that rests on each deciding column."""


def loaded(folder: Path, text: str, **options: Any) -> tuple[Store, Any]:
    path = folder / "orders.csv"
    path.write_text(text, encoding="utf-8")
    store = memory_store()
    (done,) = load(store, [path], LoadOptions(**options))
    return store, done


def orders(store: Store, columns: str = "status, status_as_written") -> list[tuple[Any, ...]]:
    return store.connection.execute(f"select {columns} from orders order by order_id").fetchall()


def test_the_meaning_is_stored_beside_the_word(tmp_path: Path) -> None:
    store, _ = loaded(tmp_path, ORDERS)
    assert orders(store) == [("sale", "paid"), ("unknown", "xyz"), ("cancelled", "storniert")]
    # a country's word stands beside it where it is another, and one that nobody knows is equal to it
    assert orders(store, "country, country_as_written") == [
        ("DE", None), ("DE", "Germany"), ("Atlantis", "Atlantis"),
    ]  # fmt: skip


def test_a_word_that_is_the_meaning_itself_stands_once_and_conditions_find_both(tmp_path: Path) -> None:
    store, _ = loaded(tmp_path, ORDERS.replace("xyz", "sale"))
    assert orders(store) == [("sale", "paid"), ("sale", None), ("cancelled", "storniert")]
    for text, expected in (
        ("status=sale", "12"),
        ("status=paid", "1"),
        ("status!=paid", "23"),
        ("status in (storniert, paid)", "13"),
        ("status not in (sale)", "3"),
        ("status like 'storn%'", "3"),
        ("country=Germany", "2"),
        ("country=DE", "12"),
    ):
        found = store.filtered(parse_conditions([text])).select("orders")
        assert "".join(row[0] for row in store.rows("select order_id from orders order by 1", found)) == expected, text


def test_the_load_lists_known_words_in_a_line_and_each_unknown_one_with_what_to_paste(
    tmp_path: Path, supportkit: Call
) -> None:
    file = tmp_path / "orders.csv"
    file.write_text(ORDERS, encoding="utf-8")
    code, out, err = supportkit("load", file, "--db", tmp_path / "t.db")
    assert (code, out) == (0, "")
    assert "  status: sale = paid (1, 10.00 EUR); cancelled = storniert (1, 100.00 EUR)\n" in err
    assert "  unknown status xyz (1, 100.00 EUR) counts as a sale: --value status:xyz=MEANING\n" in err
    assert "  country: DE = Germany (1, 100.00 EUR)\n" in err
    assert "  unknown country Atlantis (1, 100.00 EUR) stays as it is: --value country:Atlantis=CODE\n" in err
    # what went unknown is told where all else is quiet
    _, _, quiet = supportkit("load", file, "--db", tmp_path / "other.db", "-q")
    assert "unknown status xyz" in quiet
    assert "storniert" not in quiet


def test_what_is_pasted_is_understood(tmp_path: Path, supportkit: Call) -> None:
    file, db = tmp_path / "orders.csv", tmp_path / "t.db"
    file.write_text(ORDERS.replace("xyz", 'it\'s "done": a=b'), encoding="utf-8")
    file.write_text(
        'order_id,ordered_at,customer_id,amount,status\n1,2026-01-01,a,10,"it\'s ""done"": a=b"\n', encoding="utf-8"
    )
    _, _, err = supportkit("load", file, "--db", db)
    (line,) = (line for line in err.splitlines() if "unknown status" in line)
    import shlex

    option, value = shlex.split(line.partition("a sale: ")[2])
    assert option == "--value"
    code, _, err = supportkit("load", file, "--db", db, "--value", value.replace("MEANING", "cancelled"))
    assert code == 0
    assert "status: cancelled = " in err
    assert "unknown" not in err


def test_a_word_that_is_mapped_later_changes_the_rows_that_are_there(tmp_path: Path, supportkit: Call) -> None:
    file, db = tmp_path / "orders.csv", tmp_path / "t.db"
    file.write_text(ORDERS, encoding="utf-8")
    supportkit("load", file, "--db", db)
    code, _, err = supportkit("load", file, "--db", db, "--value", "status:xyz=cancelled")
    assert code == 0
    assert "unchanged 3" in err
    assert "1 row loaded before: status xyz is cancelled from now on" in err
    _, out, _ = supportkit("ltv", "--db", db, "--format", "json")
    assert '"revenue": 10' in out
    # the next load says nothing of it, and leaves it
    supportkit("load", file, "--db", db)
    _, out, _ = supportkit("sql", "select status from orders where order_id = '2'", "--db", db, "--format", "csv")
    assert out == "status\ncancelled\n"


def test_the_configuration_maps_words_and_the_command_line_goes_before_it(tmp_path: Path, supportkit: Call) -> None:
    file, config = tmp_path / "orders.csv", tmp_path / "supportkit.toml"
    file.write_text(ORDERS, encoding="utf-8")
    config.write_text('[values.orders.status]\nXYZ = "failed"\nstorniert = "sale"\n', encoding="utf-8")
    supportkit("load", file, "--db", tmp_path / "t.db", "--config", config, "--value", "orders.status:storniert=test")
    _, out, _ = supportkit(
        "sql", "select status from orders order by order_id", "--db", tmp_path / "t.db", "--format", "csv"
    )
    assert out == "status\nsale\nfailed\ntest\n"


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("status:xyz=void", "'void'"),
        ("state:xyz=cancelled", "did you mean 'status'"),
        ("status=cancelled", "column:word=meaning"),
        ("orders.status:=cancelled", "column:word=meaning"),
        ("country:Atlantis=Lemuria", "no country"),
    ],
)
def test_a_map_of_words_that_cannot_hold_is_refused(value: str, words: str, tmp_path: Path, supportkit: Call) -> None:
    file = tmp_path / "orders.csv"
    file.write_text(ORDERS, encoding="utf-8")
    code, _, err = supportkit("load", file, "--db", tmp_path / "t.db", "--value", value)
    assert code == 2
    assert words in err


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('[values.order.status]\nx = "sale"\n', "orders.status"),
        ('[values.orders.amount]\nx = "sale"\n', "orders.amount"),
        ('[values.orders.status]\nx = "sold"\n', "sale"),
        ('[orders]\ncount = ["sold"]\n', "sold"),
    ],
)
def test_a_configuration_of_words_that_cannot_hold_is_refused(
    text: str, words: str, tmp_path: Path, supportkit: Call
) -> None:
    config = tmp_path / "supportkit.toml"
    config.write_text(text, encoding="utf-8")
    code, _, err = supportkit("tables", "--config", config)
    assert code == 2
    assert words in err
    assert "supportkit.toml" in err


def test_a_word_that_holds_personal_data_is_told_without_it(tmp_path: Path, supportkit: Call) -> None:
    file, db = tmp_path / "orders.csv", tmp_path / "t.db"
    file.write_text(ORDERS.replace("xyz", "ask lena@example.com"), encoding="utf-8")
    _, _, err = supportkit("load", file, "--db", db)
    _, out, _ = supportkit("ltv", "--db", db)
    _, stored, _ = supportkit("sql", "select status_as_written from orders", "--db", db)
    assert "unknown status ask [EMAIL]" in err
    assert "ask [EMAIL] (1)" in out
    assert "lena" not in err + out + stored


def test_a_value_for_a_word_that_no_row_has_is_told(tmp_path: Path, supportkit: Call) -> None:
    file = tmp_path / "orders.csv"
    file.write_text(ORDERS, encoding="utf-8")
    _, _, err = supportkit("load", file, "--db", tmp_path / "t.db", "--value", "status:xzy=cancelled")
    assert "--value: no row has the word xzy" in err


def test_strict_refuses_a_word_that_nobody_knows(tmp_path: Path, supportkit: Call) -> None:
    file, db = tmp_path / "orders.csv", tmp_path / "t.db"
    file.write_text(ORDERS, encoding="utf-8")
    code, _, err = supportkit("load", file, "--db", db, "--strict")
    assert code == 3
    assert "2 words that nobody knows" in err
    assert "--value status:xyz=MEANING" in err
    assert not db.exists()
    values = ("--value", "status:xyz=sale", "--value", "country:Atlantis=GR")
    assert supportkit("load", file, "--db", db, "--strict", *values)[0] == 0


def test_a_dry_run_lists_the_words_too(tmp_path: Path, supportkit: Call) -> None:
    file = tmp_path / "orders.csv"
    file.write_text(ORDERS, encoding="utf-8")
    _, out, _ = supportkit("load", file, "--dry-run")
    assert "unknown status xyz (1, 100.00 EUR) counts as a sale" in out
    assert "cancelled = storniert (1, 100.00 EUR)" in out


def test_a_figure_names_the_words_that_it_rests_on_with_their_money(tmp_path: Path) -> None:
    store, _ = loaded(tmp_path, ORDERS)
    notes = METRICS["ltv"].compute(store).notes
    assert (
        "100.00 of 110.00 EUR in 1 of 2 orders of unknown status: xyz (1); each counts as a sale; "
        "say what they mean: [values.orders.status]"
    ) in notes
    # of the orders that it covers alone
    cut = store.filtered(parse_conditions(["status=sale"]))
    assert not any("unknown status" in note for note in METRICS["ltv"].compute(cut).notes)


def test_json_says_how_much_of_a_figure_rests_on_unknown_words(tmp_path: Path, supportkit: Call) -> None:
    file = tmp_path / "orders.csv"
    file.write_text(ORDERS, encoding="utf-8")
    _, out, _ = supportkit("ltv", "--data", file, "--format", "json")
    assert '"unknown_share": 0.909091' in out  # 100 of 110 EUR, which is more than 1 of 2 orders


def test_a_check_gives_no_verdict_over_a_figure_of_which_more_than_5_per_cent_is_unknown(
    tmp_path: Path, supportkit: Call
) -> None:
    head = "order_id,ordered_at,customer_id,amount,status,country\n"
    known = "".join(f"{n},2026-01-01,c{n},10,paid,DE\n" for n in range(95))
    few, many = tmp_path / "few.csv", tmp_path / "many.csv"
    few.write_text(head + known + "".join(f"x{n},2026-01-01,x{n},10,xyz,FR\n" for n in range(5)), encoding="utf-8")
    many.write_text(head + known + "".join(f"x{n},2026-01-01,x{n},10,xyz,FR\n" for n in range(6)), encoding="utf-8")
    rule = ("--expect", "ltv.orders > 0", "--period", "all")
    assert supportkit("check", "--data", few, *rule)[0] == 0  # 5 of 100
    code, out, _ = supportkit("check", "--data", many, *rule)  # 6 of 101
    assert code == 3
    assert "words that nobody knows" in out
    # a row is judged by its own share
    code, out, _ = supportkit(
        "check", "--data", few, "--expect", "ltv.orders > 0 by country", *rule[2:], "--format", "csv"
    )
    assert code == 3
    states = {row["slice"]: row["state"] for row in csv.DictReader(out.splitlines())}
    assert states == {"DE": "pass", "FR": "no verdict"}


def test_one_country_in_many_spellings_is_one_group_and_found_by_each(tmp_path: Path, supportkit: Call) -> None:
    file = tmp_path / "events.csv"
    spellings = ["DE", "de", "DE ", "Germany", "Deutschland", "Германия", "DEU"]
    rows = "".join(f"u{n},2026-08-21 10:00:00,visit,{word}\n" for n, word in enumerate(spellings))
    rows += "u0,2026-08-21 10:01:00,pay,DE\n"
    file.write_text("user_id,occurred_at,step,country\n" + rows, encoding="utf-8")
    funnel = ("funnel", "--data", file, "--steps", "visit,pay", "--format", "csv")
    _, out, _ = supportkit(*funnel, "--by", "country")
    assert [row["users"] for row in csv.DictReader(out.splitlines()) if row["country"] == "DE"] == ["7", "1"]
    for where, users in (("country=DE", "7"), ("country=Germany", "1")):
        _, out, _ = supportkit(*funnel, "--where", where)
        assert next(csv.DictReader(out.splitlines()))["users"] == users


def test_currencies_are_read_from_codes_and_from_the_signs_in_amounts(tmp_path: Path) -> None:
    text = "order_id,ordered_at,customer_id,amount\n1,2026-01-01,a,€10.50\n2,2026-01-01,a,12.00 €\n3,2026-01-01,a,7\n"
    store, _ = loaded(tmp_path, text)
    assert orders(store, "amount, currency") == [(10.5, "EUR"), (12, "EUR"), (7, "EUR")]
    text = "order_id,ordered_at,customer_id,amount\n1,2026-01-01,a,$10.50\n2,2026-01-01,a,12 руб.\n3,2026-01-01,a,7\n"
    store, done = loaded(tmp_path, text)
    assert orders(store, "currency") == [("$",), ("RUB",), (None,)]
    assert unknown_words(done.words) == [
        "unknown currency $ (1, 10.50 $) stays as it is: --value 'currency:$=CODE'"
    ]  # fmt: skip
    store, done = loaded(tmp_path, text, currency="CAD")
    assert orders(store, "currency") == [("CAD",), ("RUB",), ("CAD",)]
    text = "order_id,ordered_at,customer_id,amount\n1,2026-01-01,a,$10.50 CAD\n2,2026-01-01,a,12 AUD\n"
    store, done = loaded(tmp_path, text)
    assert orders(store, "amount, currency") == [(10.5, "CAD"), (12, "AUD")]
    text = 'order_id,ordered_at,customer_id,amount\n1,2026-01-01,a,"1\u00a0249,00 €"\n2,2026-01-01,a,"17,50 €"\n'
    store, done = loaded(tmp_path, text)
    assert orders(store, "amount, currency") == [(1249, "EUR"), (17.5, "EUR")]


def test_the_states_of_an_order_are_those_of_its_words() -> None:
    assert set(vocabulary("orders_status").meanings) == set(STATES)


def test_each_deciding_column_has_a_figure_here() -> None:
    assert {one.place for one in DECIDING} == set(FIGURES)


WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=30).filter(str.strip)


@pytest.mark.parametrize("column", DECIDING, ids=lambda column: column.place)
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(words=st.lists(WORDS, min_size=1, max_size=5))
def test_a_random_word_is_known_or_named_in_the_load_in_tables_and_under_the_figure(
    column: Deciding, words: list[str], tmp_path: Path
) -> None:
    path, row, identity = tmp_path / f"{column.table}.csv", ROWS[column.table], next(iter(ROWS[column.table]))
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(dict.fromkeys([*row, column.column]))
        out.writerows((row | {identity: f"n{n}", column.column: word}).values() for n, word in enumerate(words))
        if column.table == "events":
            out.writerow(["n0", "2026-01-01 11:00", "pay", ""])
    with memory_store() as store:
        (done,) = load(store, [path], LoadOptions())
        metric, options = FIGURES[column.place]
        places = [unknown_words(done.words), tables(store).notes]
        try:
            places += [METRICS[metric].compute(store, **options).notes] if metric else []
        except DataError as error:  # a word that is a number off the scale: there is no figure then, and that is said
            if "scale" not in error.message:
                raise
        for word in done.words:
            if word.column == column and word.meaning.value is None:
                for lines in places:
                    named = [line for line in lines if f"unknown {column.column}" in line]
                    assert any(shown_word(word.text) in line for line in named), (word.text, lines)


@pytest.mark.parametrize("header", ["Captured", "Mode", "Dispute Status"])
@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(word=WORDS)
def test_a_random_word_beside_a_state_is_known_or_named_too(header: str, word: str, tmp_path: Path) -> None:
    path = tmp_path / "payments.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(["id", "Created date (UTC)", "Amount", "Currency", "Status", header])
        out.writerow(["ch_1", "2026-01-01 10:00:00", "10", "eur", "Paid", word])
    with memory_store() as store:
        (done,) = load(store, [path], LoadOptions())
        assert done.source == "stripe"
        ((state,),) = store.connection.execute("select status from orders").fetchall()
        if state == "unknown":
            places = (unknown_words(done.words), tables(store).notes, METRICS["ltv"].compute(store).notes)
            text = shown_word(next(one.text for one in done.words if one.column.place == "orders.status"))
            for lines in places:
                assert any("unknown status" in line and text in line for line in lines), (text, lines)
        else:
            nothing = ("null", "(null)", "nan", "n/a", "#n/a", r"\n", "undefined", "na", "none", "nil")
            known = word.strip().casefold() in ("true", "false", "live", "test", *nothing)
            assert known or not any(map(str.isalnum, word))

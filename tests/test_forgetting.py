"""What the store keeps of people: masked, under a pseudonym, and gone when they ask for it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from supportkit.errors import DataError
from supportkit.store import open_store
from supportkit.store.shadow_copy import rewriting
from tests.conftest import Call, StoreOf

ANNA = ("anna.berg@example.com", "+4915112345678")
FILES = {
    "tickets.csv": """ticket_id,created_at,customer_id,subject,body,agent,Mail,Shop id
T1,2026-01-01T10:00:00Z,Anna.Berg@Example.com,Hi,"Mail anna.berg@example.com, +49 151 12345678",eva@shop.de,a@b.de,1
T2,2026-01-02T10:00:00Z,bo@example.com,Hi,"order 123456789, my card 4111 1111 1111 1111",eva@shop.de,,2
T3,2026-01-03T10:00:00Z,0151 12345678,Phone,nothing,,,
""",
    "messages.csv": """ticket_id,sent_at,sender,text
T1,2026-01-01T11:00:00Z,customer,Berg again: anna.berg@example.com
T2,2026-01-02T11:00:00Z,agent,Dear Bo
""",
    "orders.csv": """order_id,ordered_at,customer_id,amount
O1,2026-01-01T09:00:00Z,anna.berg@example.com,10
O2,2026-01-01T09:00:00Z,bo@example.com,20
O3,not a day,anna.berg@example.com,30
""",
    "surveys.csv": """kind,score,responded_at,customer_id,ticket_id,comment
nps,9,2026-01-05T10:00:00Z,,T1,all good
nps,3,2026-01-05T10:00:00Z,bo@example.com,,write me: bo@example.com
""",
    "events.csv": """user_id,occurred_at,step
anna.berg@example.com,2026-01-01T08:00:00Z,visit
bo@example.com,2026-01-01T08:00:00Z,visit
""",
}  # fmt: skip


@pytest.fixture
def exports(tmp_path: Path) -> Path:
    """A folder of exports with two people in them."""
    folder = tmp_path / "exports"
    folder.mkdir()
    for name, text in FILES.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def db(tmp_path: Path, store_of: StoreOf) -> Path:
    """A store of its own folder, loaded twice, so that there is a file before it."""
    (tmp_path / "store").mkdir()
    return store_of(tmp_path / "store" / "shop.duckdb", {"orders.csv": FILES["orders.csv"]}, FILES)


def everything(db: Path) -> str:
    """All that the store's tables say, as one text."""
    with open_store(db) as store:
        names = [row[0] for row in store.connection.execute("from (show tables) select name").fetchall()]
        return repr([store.connection.execute(f"from main.{name}").fetchall() for name in names])


def bytes_of(db: Path) -> bytes:
    """All that lies in the store's folder."""
    return b"".join(file.read_bytes() for file in db.parent.rglob("*") if file.is_file())


def test_no_mail_phone_or_card_is_in_any_table_or_file(db: Path) -> None:
    said, raw = everything(db), bytes_of(db)
    for value in ("anna.berg", "Anna.Berg", "bo@example", "12345678'", "151 1234", "15112345678", "4111", "eva@shop"):
        assert value not in said
        assert value.encode() not in raw
    assert "order 123456789, my card [CARD]" in said
    assert "Mail [EMAIL], [PHONE]" in said
    assert "not a day" in said  # the reject keeps its reason


def test_the_header_of_an_unknown_column_says_what_its_numbers_are(tmp_path: Path, supportkit: Call) -> None:
    file = tmp_path / "orders.csv"
    file.write_text(
        "order_id,ordered_at,customer_id,amount,"
        "Phone number,Mobile no,Visits,Customer number,Tax number,Parcel number\n"
        "1,2026-01-01,c1,1,79161234567,5551234,12345,360012345678,123456789,12345678901\n",
        encoding="utf-8",
    )
    assert supportkit("load", file, "--db", tmp_path / "shop.duckdb")[0] == 0
    with open_store(tmp_path / "shop.duckdb") as store:
        row = store.connection.execute("select properties from orders").fetchone()
    assert row is not None
    assert json.loads(row[0]) == {
        "Phone number": "[PHONE]",
        "Mobile no": "[PHONE]",
        "Visits": "12345",
        "Customer number": "360012345678",
        "Tax number": "[TAX]",
        "Parcel number": "12345678901",
    }


def test_a_person_has_one_pseudonym_in_every_table(db: Path) -> None:
    with open_store(db) as store:
        found = store.connection.execute("""
            select t.customer_id = o.customer_id and o.customer_id = e.user_id and starts_with(t.customer_id, 'p_')
              from tickets t, orders o, events e
             where t.ticket_id = 'T1' and o.order_id = 'O1' and e.occurred_at = (select min(occurred_at) from events)
               and e.user_id = o.customer_id
        """).fetchall()
        agents = store.connection.execute("select distinct agent from tickets where agent is not null").fetchall()
    assert found == [(True,)]
    assert len(agents) == 1


def test_a_dry_run_counts_and_changes_nothing(db: Path, supportkit: Call) -> None:
    before = bytes_of(db)
    code, out, _ = supportkit("forget", ANNA[0], "--dry-run", "--db", db, "-f", "json")
    assert code == 0
    rows = {row["table"]: row["rows"] for row in json.loads(out)["rows"]}
    assert rows == {"tickets": 1, "messages": 1, "orders": 1, "surveys": 1, "events": 1, "rejects": 0}
    assert bytes_of(db) == before


def test_a_person_is_erased_from_every_table_and_file_and_the_receipt_says_counts_only(
    db: Path, supportkit: Call
) -> None:
    with open_store(db) as store:
        row = store.connection.execute("select customer_id from orders where order_id = 'O1'").fetchone()
        assert row is not None
        pseudonym = row[0]
    code, out, err = supportkit("forget", *ANNA, "--db", db)
    assert code == 0
    assert "anna" not in (out + err).lower()
    assert "151" not in out + err
    said, raw = everything(db), bytes_of(db)
    for value in (pseudonym, "'T1'", "'T3'", "Berg again", "all good", "'O1'"):
        assert value not in said
    for value in (pseudonym, "Berg again", "all good"):
        assert value.encode() not in raw
    assert [file.name for file in db.parent.iterdir()] == ["shop.duckdb"]
    assert "'T2'" in said
    assert "Dear Bo" in said
    assert supportkit("undo", "--db", db)[0] == 3


def test_a_later_load_does_not_bring_an_erased_person_back(db: Path, exports: Path, supportkit: Call) -> None:
    supportkit("forget", *ANNA, "--db", db)
    before = everything(db)
    code, _, err = supportkit("load", exports, "--db", db)
    assert code == 0
    assert (
        "read 3 = loaded 0 + updated 0 + unchanged 1 + older 0 + rejected 2" in err
    )  # orders: O1 and the unreadable O3
    with open_store(db) as store:
        for table, left in (("tickets", 1), ("messages", 1), ("orders", 1), ("surveys", 1), ("events", 1)):
            assert store.connection.execute(f"select count(*) from {table}").fetchone() == (left,)
        reasons = store.connection.execute("select count(*) from rejects where reason like '%erased%'").fetchone()
    assert reasons == (6,)  # T1, T3, the message, O1, the answer, the event
    assert "anna" not in everything(db).lower()
    assert "'T1'" not in before


def test_a_person_is_found_by_the_shops_own_number(db: Path, supportkit: Call, tmp_path: Path) -> None:
    extra = tmp_path / "orders.csv"
    extra.write_text(
        "order_id,ordered_at,customer_id,amount,Customer number\nO9,2026-01-01,cy@example.com,1,88\n", encoding="utf-8"
    )
    supportkit("load", extra, "--db", db)
    out = supportkit("forget", "88", "--dry-run", "--db", db, "-f", "json")[1]
    assert {row["table"]: row["rows"] for row in json.loads(out)["rows"]}["orders"] == 1


def test_with_privacy_keep_the_texts_of_others_lose_the_name_too(
    exports: Path, tmp_path: Path, supportkit: Call
) -> None:
    config = tmp_path / "supportkit.toml"
    config.write_text("[data]\nprivacy = 'keep'\n", encoding="utf-8")
    (exports / "tickets.csv").write_text(
        FILES["tickets.csv"]
        + 'T9,2026-01-03T10:00:00Z,cy@example.com,Hi,"Anna.Berg@example.com, 0151/12345678 knows",,,\n'
    )
    db = tmp_path / "keep.duckdb"
    supportkit("load", exports, "--db", db, "--config", config)
    assert "anna.berg@example.com" in everything(db)
    assert supportkit("forget", *ANNA, "--db", db, "--config", config)[0] == 0
    assert "anna" not in everything(db).lower()
    assert "0151/12345678" not in everything(db)
    assert "[ERASED], [ERASED] knows" in everything(db)
    supportkit("load", exports, "--db", db, "--config", config)
    assert "berg again" not in everything(db).lower()


def test_a_store_made_with_another_key_refuses_to_be_mixed(
    db: Path, exports: Path, supportkit: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SUPPORTKIT_KEY", "another key of the tests")
    for words in (["load", exports], ["load", exports, "--dry-run"], ["forget", "anna.berg@example.com"]):
        code, _, err = supportkit(*words, "--db", db)
        assert (code, "another key" in err) == (3, True)


def test_a_store_is_masked_or_it_is_not(db: Path, exports: Path, tmp_path: Path, supportkit: Call) -> None:
    config = tmp_path / "supportkit.toml"
    config.write_text("[data]\nprivacy = 'keep'\n", encoding="utf-8")
    for words in ([], ["--dry-run"]):
        code, _, err = supportkit("load", exports, "--db", db, "--config", config, *words)
        assert (code, "privacy = 'mask' so far" in err) == (3, True)


def test_the_views_for_other_programs_outlive_an_erasure(db: Path, supportkit: Call) -> None:
    supportkit("forget", *ANNA, "--db", db)
    assert supportkit("sql", "select count(*) from bi.tickets", "--db", db, "-f", "csv")[1].splitlines()[1] == "1"


def test_forgetting_without_a_store_is_an_error(tmp_path: Path) -> None:
    from supportkit.exports.people.forgetting import forget

    with pytest.raises(DataError, match="no such store"):
        forget(tmp_path / "none.duckdb", ["a@b.de"])


def test_a_person_is_erased_from_tags_file_names_headers_issues_and_topics_of_others(
    tmp_path: Path, supportkit: Call
) -> None:
    config = tmp_path / "supportkit.toml"
    config.write_text("[data]\nprivacy = 'keep'\n", encoding="utf-8")
    (tmp_path / "store").mkdir()
    file, db = tmp_path / "anna.berg@example.com.csv", tmp_path / "store" / "shop.duckdb"
    file.write_text(
        "ticket_id,created_at,customer_id,tags,category,anna.berg@example.com asked\n"
        'T1,2026-01-01T10:00:00Z,anna.berg@example.com,"a,b",x,y\n'
        'T2,2026-01-02T10:00:00Z,bo@example.com,"anna.berg@example.com,b",Anna.Berg@example.com,y\n'
        "T3,never,bo@example.com,b,x,y\n",
        encoding="utf-8",
    )
    shared = ("--db", db, "--config", config)
    assert supportkit("load", file, *shared)[0] == 0
    words = ("--terms", "anna.berg@example.com payment", "--owner", "anna.berg@example.com")
    assert supportkit("issues", "add", "anna.berg@example.com cannot pay", *words, *shared)[0] == 0
    assert supportkit("forget", ANNA[0], *shared)[0] == 0
    assert "anna" not in everything(db).lower()
    assert b"anna" not in bytes_of(db).lower()
    assert "['[ERASED]', 'b']" in everything(db)
    assert "[ERASED] cannot pay" in everything(db)


def test_nothing_is_erased_where_the_file_before_cannot_be_removed(db: Path, supportkit: Call) -> None:
    previous = db.with_name(f"{db.name}.prev")
    previous.unlink()
    previous.mkdir()
    before = everything(db)
    code, _, err = supportkit("forget", *ANNA, "--db", db)
    assert (code, "nothing was changed" in err) == (3, True)
    assert everything(db) == before


def test_the_lines_of_an_erased_order_go_with_it(tmp_path: Path, supportkit: Call) -> None:
    db, file = tmp_path / "shop.duckdb", tmp_path / "orders.csv"
    file.write_text(
        "order_id,ordered_at,customer_id,amount\nO1,2026-01-02,anna@example.com,5\nO2,2026-01-02,bo@example.com,5\n",
        encoding="utf-8",
    )
    assert supportkit("load", file, "--db", db)[0] == 0
    with rewriting(db) as store:
        store.connection.execute(
            "insert into order_lines (source, order_id, line, product) "
            "select source, order_id, '1', 'engraved: anna@example.com' from orders"
        )
    _, out, _ = supportkit("forget", "anna@example.com", "--db", db, "-f", "json")
    receipt = json.loads(out)
    assert {row["table"]: row["rows"] for row in receipt["rows"] if row["rows"]} == {"orders": 1, "order_lines": 1}
    assert receipt["facts"] == {"rows": 2}
    assert "rows of others that name this person: 1; they stay, the name is taken out" in receipt["notes"]
    with open_store(db) as store:
        assert store.rows("select order_id, product from order_lines") == [("O2", "engraved: [ERASED]")]

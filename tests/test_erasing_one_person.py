"""Forgetting takes one person, whole, and nobody else; and no later load brings that person back."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from supportkit.store import open_store
from tests.conftest import Call

TABLES = ("tickets", "messages", "orders", "surveys", "events")
KEYS = {"tickets": "ticket_id", "messages": "text", "orders": "order_id", "surveys": "comment", "events": "step"}
NAMED = {
    "tickets": "Submitter id",
    "messages": "Contact id",
    "orders": "Referred by customer",
    "surveys": "Recommended by",
    "events": "Invited by user",
}

# ANNA and BO stand for what the test calls them. Rows of Bo name Anna in the last column, and in a text where there is
# one; one row of each table is Anna's, or hangs on what is hers.
EXPORTS = {
    "tickets": """ticket_id,created_at,customer_id,subject,Submitter id
T1,2026-01-01T10:00:00Z,ANNA,of Anna,
T2,2026-01-02T10:00:00Z,BO,from ANNA too,ANNA
""",
    "messages": """ticket_id,sent_at,sender,text,Contact id
T1,2026-01-01T11:00:00Z,customer,of Anna,
T2,2026-01-02T11:00:00Z,agent,of Bo,ANNA
""",
    "orders": """order_id,ordered_at,customer_id,amount,Referred by customer
O1,2026-01-01T09:00:00Z,ANNA,10,
O2,2026-01-01T09:00:00Z,BO,20,ANNA
""",
    "surveys": """kind,score,responded_at,customer_id,ticket_id,comment,Recommended by
nps,9,2026-01-05T10:00:00Z,ANNA,,of Anna,
nps,8,2026-01-05T10:00:00Z,,T1,of Anna's ticket,
nps,3,2026-01-05T10:00:00Z,BO,,of Bo,ANNA
""",
    "events": """user_id,occurred_at,step,Invited by user
ANNA,2026-01-01T08:00:00Z,of Anna,
BO,2026-01-01T08:00:00Z,of Bo,ANNA
""",
}
MORE = {
    "tickets": "T7,2026-02-01T10:00:00Z,ANNA,new of Anna,\nT8,2026-02-02T10:00:00Z,BO,new of Bo,ANNA\n",
    "messages": "T7,2026-02-01T11:00:00Z,customer,new of Anna,\nT8,2026-02-02T11:00:00Z,agent,new of Bo,ANNA\n",
    "orders": "O7,2026-02-01T09:00:00Z,ANNA,10,\nO8,2026-02-01T09:00:00Z,BO,20,ANNA\n",
    "surveys": "nps,9,2026-02-05T10:00:00Z,,T7,new of Anna,\nnps,3,2026-02-05T10:00:00Z,BO,,new of Bo,ANNA\n",
    "events": "ANNA,2026-02-01T08:00:00Z,new of Anna,\nBO,2026-02-01T08:00:00Z,new of Bo,ANNA\n",
}
NEW = {"tickets": "T8", "messages": "new of Bo", "orders": "O8", "surveys": "new of Bo", "events": "new of Bo"}
LEFT = {"tickets": "T2", "messages": "of Bo", "orders": "O2", "surveys": "of Bo", "events": "of Bo"}
NAMES = {
    "e-mail": ("anna@example.com", "bo@example.com"),
    "phone": ("+49 151 12345678", "+49 151 87654321"),
    "vendor's id": ("c1001", "c1002"),
    "number": ("88", "89"),
}


class Shop:
    """A store and the exports it was loaded from."""

    def __init__(self, folder: Path, supportkit: Call, mode: str) -> None:
        self.folder = folder
        self.exports = folder / "exports"
        self.db = folder / "store" / "shop.duckdb"
        self.supportkit = supportkit
        self.config = folder / "supportkit.toml"
        for made in (self.exports, self.db.parent):
            made.mkdir(parents=True, exist_ok=True)
        self.config.write_text(f"[data]\nprivacy = '{mode}'\n", encoding="utf-8")

    def call(self, *words: str | Path) -> tuple[int, str, str]:
        return self.supportkit(*words, "--db", self.db, "--config", self.config)

    def load(self, **exports: str) -> tuple[int, str, str]:
        """Load the folder, after these tables' exports were written into it."""
        for table, text in exports.items():
            (self.exports / f"{table}.csv").write_text(text, encoding="utf-8")
        return self.call("load", self.exports)

    def forget(self, *words: str) -> dict[str, int]:
        code, out, err = self.call("forget", *words, "-f", "json")
        assert code == 0, err
        return {row["table"]: row["rows"] for row in json.loads(out)["rows"]}

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        with open_store(self.db) as store:
            return store.connection.execute(sql).fetchall()

    def content(self, table: str) -> list[tuple[Any, ...]]:
        """All that a table says, but for when it was loaded."""
        return self.rows(f"select * exclude (loaded_at) from {table} order by all")

    def everything(self) -> str:
        """All that every table of the store says."""
        names = [row[0] for row in self.rows("from (show tables) select name")]
        return repr([self.rows(f"from main.{name}") for name in names])


def called(text: str, names: tuple[str, str]) -> str:
    return text.replace("ANNA", names[0]).replace("BO", names[1])


@pytest.mark.parametrize("mode", ["mask", "keep"])
@pytest.mark.parametrize("kind", NAMES)
def test_an_erased_person_is_in_no_table_and_no_later_load_brings_them_back(
    mode: str, kind: str, tmp_path: Path, supportkit: Call
) -> None:
    names = NAMES[kind]
    masked = mode == "mask" and {"e-mail": "[EMAIL]", "phone": "[PHONE]"}.get(kind)
    shop = Shop(tmp_path, supportkit, mode)
    exports = {table: called(text, names) for table, text in EXPORTS.items()}
    assert shop.load(**exports)[0] == 0
    # Anna's ticket and its message, her order, her answer and the one on her ticket, her event
    assert shop.forget(names[0]) == {"tickets": 1, "messages": 1, "orders": 1, "surveys": 2, "events": 1, "rejects": 0}
    after = {table: shop.content(table) for table in TABLES}
    for table in TABLES:
        named = json.dumps({NAMED[table]: masked}, separators=(",", ":")) if masked else None
        assert shop.rows(f"select {KEYS[table]}, properties from {table}") == [(LEFT[table], named)]

    shop.load()
    for table in TABLES:
        assert shop.content(table) == after[table]

    shop.load(**{table: exports[table] + called(text, names) for table, text in MORE.items()})
    for table in TABLES:
        named = json.dumps({NAMED[table]: masked}, separators=(",", ":")) if masked else None
        found = shop.rows(f"select {KEYS[table]}, properties from {table} order by loaded_at")
        assert found == [(LEFT[table], named), (NEW[table], named)]
    said = shop.everything()
    assert "of Anna" not in said
    if kind != "number":  # 88 may be anything
        assert names[0] not in said
        assert f"from {masked or '[ERASED]'} too" in said


ORDERS = "order_id,ordered_at,customer_id,amount,{}\n"


@pytest.mark.parametrize("mode", ["mask", "keep"])
@pytest.mark.parametrize(
    "header",
    [
        "Referred by customer",
        "Submitter id",
        "Contact id",
        "Customer number",
        "User id",
        "Geworben von Kunde",
        "Note",
    ],
)
def test_who_is_named_in_the_rows_of_others_is_not_looked_for_there(
    mode: str, header: str, tmp_path: Path, supportkit: Call
) -> None:
    shop = Shop(tmp_path, supportkit, mode)
    rows = "O1,2026-01-01,c1001,10,\nO2,2026-01-02,c1002,20,c1001\nO3,2026-01-03,c1002,20,c1003\n"
    more = "O4,2026-01-03,c1003,20,c1001\nO5,2026-01-03,c1003,20,\nO6,2026-01-03,c1004,20,c10012\n"
    shop.load(orders=ORDERS.format(header) + rows + more)
    code, out, _ = shop.call("forget", "c1001", "--dry-run", "-f", "json")
    assert code == 0
    assert [note for note in json.loads(out)["notes"] if "rows of others that name this person: 2;" in note]
    assert shop.forget("c1001")["orders"] == 1
    found = shop.rows("select order_id, customer_id, properties->>$$" + header + "$$ from orders order by all")
    assert found == [
        ("O2", "c1002", None),
        ("O3", "c1002", "c1003"),
        ("O4", "c1003", None),
        ("O5", "c1003", None),
        ("O6", "c1004", "c10012"),
    ]


def test_an_e_mail_beside_another_customer_is_blanked_with_privacy_keep(tmp_path: Path, supportkit: Call) -> None:
    shop = Shop(tmp_path, supportkit, "keep")
    tickets = "ticket_id,created_at,customer_id,subject,Contact person\n"
    rows = "T1,2026-01-01,anna@x.de,,anna@x.de\nT2,2026-01-01,bo@x.de,of anna@x.de and joanna@x.de,Anna <Anna@X.de>\n"
    shop.load(tickets=tickets + rows + "T3,2026-01-01,joanna@x.de,,joanna@x.de\nT4,2026-01-01,cy@x.de,,cy@x.de\n")
    assert shop.forget("anna@x.de")["tickets"] == 1
    assert shop.rows("select ticket_id, subject, properties->>'Contact person' from tickets order by all") == [
        ("T2", "of [ERASED] and joanna@x.de", None),
        ("T3", None, "joanna@x.de"),
        ("T4", None, "cy@x.de"),
    ]


def test_a_number_of_the_shop_finds_the_one_customer_whose_own_it_is(tmp_path: Path, supportkit: Call) -> None:
    shop = Shop(tmp_path, supportkit, "mask")
    rows = "O1,2026-01-01,anna@x.de,10,88\nO2,2026-01-01,bo@x.de,10,89\nO3,2026-01-01,cy@x.de,10,89\n"
    shop.load(orders=ORDERS.format("Customer number") + rows)
    assert shop.forget("89")["orders"] == 0  # the number of two, as a firm's is
    assert shop.forget("88")["orders"] == 1
    assert shop.rows("select order_id from orders order by all") == [("O2",), ("O3",)]


def test_rows_without_an_id_that_are_equal_without_the_name_are_both_known_again(
    tmp_path: Path, supportkit: Call
) -> None:
    shop = Shop(tmp_path, supportkit, "keep")
    row = "c1002,2026-01-01T08:00:00Z,visit,{}\n"
    shop.load(events="user_id,occurred_at,step,Invited by user\n" + row.format("") + row.format("c1001") * 2)
    assert shop.forget("c1001")["events"] == 0
    shop.load()
    assert shop.rows("select user_id, properties, occurrence from events order by all") == [
        ("c1002", None, 1),
        ("c1002", None, 2),
        ("c1002", None, 3),
    ]


def test_an_answer_from_another_source_hangs_on_the_ticket_and_stays_erased(tmp_path: Path, supportkit: Call) -> None:
    shop = Shop(tmp_path, supportkit, "mask")
    shop.load(tickets="ticket_id,created_at,customer_id\nT1,2026-01-01,anna@x.de\nT2,2026-01-01,bo@x.de\n")
    answers = tmp_path / "answers.csv"
    rows = "csat,1,2026-01-02,,T1,of Anna\ncsat,2,2026-01-02,cy@x.de,T1,of Cy\ncsat,3,2026-01-02,,T2,of Bo\n"
    answers.write_text("kind,score,responded_at,customer_id,ticket_id,comment\n" + rows, encoding="utf-8")
    shop.call("load", answers, "--as", "surveys", "--source", "asked")
    assert shop.forget("anna@x.de")["surveys"] == 1  # of another source, Cy's answer is on a ticket that is not loaded
    shop.call("load", answers, "--as", "surveys", "--source", "asked")
    assert shop.rows("select comment from surveys order by all") == [("of Bo",), ("of Cy",)]


def test_messages_that_were_there_before_their_ticket_go_when_it_turns_out_to_be_an_erased_persons(
    tmp_path: Path, supportkit: Call
) -> None:
    shop = Shop(tmp_path, supportkit, "mask")
    tickets = "ticket_id,created_at,customer_id\nT1,2026-01-01,anna@x.de\nT2,2026-01-01,bo@x.de\n"
    shop.load(tickets=tickets)
    shop.forget("anna@x.de")
    messages = "ticket_id,sent_at,sender,text\nT7,2026-01-01,customer,words of her\nT2,2026-01-01,agent,of Bo\n"
    shop.load(messages=messages)
    assert shop.rows("select count(*) from messages") == [(2,)]  # nobody can know whose T7 is
    code, _, err = shop.load(tickets=tickets + "T7,2026-01-01,anna@x.de\n")
    assert (code, "1 row of an earlier load is of" in err) == (0, True)
    assert shop.rows("select text from messages") == [("of Bo",)]
    assert [file.name for file in shop.db.parent.iterdir()] == ["shop.duckdb"]
    assert b"words of her" not in shop.db.read_bytes()
    shop.load()
    assert shop.rows("select text from messages") == [("of Bo",)]


def test_the_lines_of_an_order_without_a_customer_are_of_the_customer_of_the_others(
    tmp_path: Path, supportkit: Call
) -> None:
    shop = Shop(tmp_path, supportkit, "mask")
    shop.load(orders="order_id,ordered_at,customer_id,amount\nO1,2026-01-01,anna@x.de,1\nO2,2026-01-01,bo@x.de,2\n")
    shop.forget("anna@x.de")
    lines = "O7,2026-01-01,anna@x.de,1\nO7,2026-01-01,,5\nO8,2026-01-01,anna@x.de,3\nO8,2026-01-01,cy@x.de,4\n"
    shop.load(orders="order_id,ordered_at,customer_id,amount\n" + lines)
    # of O8 one line is Cy's, so its number is not Anna's
    assert shop.rows("select order_id, amount::int from orders order by all") == [("O2", 2), ("O8", 4)]
    shop.load()
    assert shop.rows("select order_id, amount::int from orders order by all") == [("O2", 2), ("O8", 4)]


@pytest.fixture
def own_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the key's file is made: a folder of the test's, and no key in the environment."""
    monkeypatch.delenv("SUPPORTKIT_KEY")
    monkeypatch.setattr("platformdirs.user_config_dir", lambda name: str(tmp_path / "config" / name))
    return tmp_path / "config" / "supportkit" / "key"


@pytest.mark.parametrize("mode", ["mask", "keep"])
@pytest.mark.parametrize(
    "words",
    [("forget", "c1001", "--dry-run"), ("forget", "c1001"), ("load", "EXPORTS"), ("load", "EXPORTS", "--dry-run")],
)
def test_a_store_has_one_key_whatever_its_privacy_and_nothing_is_done_with_another_or_none(
    mode: str, words: tuple[str, ...], tmp_path: Path, supportkit: Call, own_key: Path
) -> None:
    shop = Shop(tmp_path, supportkit, mode)
    shop.load(orders="order_id,ordered_at,customer_id,amount\nO1,2026-01-01,c1001,1\nO2,2026-01-01,anna@x.de,2\n")
    assert own_key.exists()
    given = [str(shop.exports) if word == "EXPORTS" else word for word in words]
    before = shop.db.read_bytes()
    own_key.write_text("ab" * 32)
    code, _, err = shop.call(*given)
    assert (code, "made with another key" in err) == (3, True)
    own_key.unlink()
    code, _, err = shop.call(*given)
    assert (code, "the key that this store was made with is not here" in err) == (3, True)
    assert not own_key.exists()
    assert shop.db.read_bytes() == before

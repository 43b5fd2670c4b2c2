"""What was loaded when: a file read otherwise takes the place of what it brought, and keeps its place in the order."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from supportkit.exports import LoadOptions, load
from supportkit.exports.loaded import Loaded
from supportkit.store import Store, memory_store
from supportkit.store.migrations import OURS
from tests.conftest import Call

SHOP = "No,When,Who,Net,Gross\n" + "".join(f"{n},2026-05-0{n},c{n},100.00,119.00\n" for n in range(1, 9))
MAP = {"order_id": "No", "ordered_at": "When", "customer_id": "Who"}
NET, GROSS = ({**MAP, "amount": amount} for amount in ("Net", "Gross"))


@pytest.fixture
def store() -> Iterator[Store]:
    with memory_store() as made:
        yield made


def put(store: Store, folder: Path, name: str, text: str, **options: Any) -> Loaded:
    file = folder / name
    file.write_text(text, encoding="utf-8")
    (done,) = load(store, [file], LoadOptions(**options))
    assert done.read == done.loaded + done.updated + done.unchanged + done.older + done.rejected
    return done


def books(done: Loaded) -> tuple[int, int, int, int]:
    return done.loaded, done.updated, done.unchanged, done.older


def rows(store: Store, sql: str) -> list[tuple[Any, ...]]:
    return store.connection.execute(sql).fetchall()


def test_another_map_changes_every_row_of_the_file(store: Store, tmp_path: Path) -> None:
    put(store, tmp_path, "shop.csv", SHOP, table="orders", map=NET)
    assert rows(store, "select sum(amount) from orders") == [(800,)]
    done = put(store, tmp_path, "shop.csv", SHOP, table="orders", map=GROSS)
    assert rows(store, "select count(*), sum(amount) from orders") == [(8, 952)]
    assert done.notes[0].startswith("replaces 8 rows of the load of ")


def test_the_same_file_under_the_same_reading_is_nothing_new_whatever_its_name(
    tmp_path: Path, supportkit: Call
) -> None:
    db, file, copy = tmp_path / "t.db", tmp_path / "a.csv", tmp_path / "b.csv"
    for each in (file, copy):
        each.write_text("order_id,ordered_at,customer_id,amount\n1,2026-01-01,a,10\n", encoding="utf-8")
    assert supportkit("load", file, "--db", db)[0] == 0
    before = db.read_bytes()
    code, _, err = supportkit("load", copy, "--db", db)
    assert code == 0
    assert "read 1 = loaded 0 + updated 0 + unchanged 1 + older 0 + rejected 0" in err
    assert "read in this way before: nothing is new" in err
    assert db.read_bytes() == before


def test_surveys_and_events_do_not_double_under_another_map(store: Store, tmp_path: Path) -> None:
    answers = "When,Points,Text,Land\n2026-01-01,9,good,DE\n2026-01-02,3,bad,FR\n"
    first = {"responded_at": "When", "score": "Points", "kind": "'nps'"}
    put(store, tmp_path, "s.csv", answers, table="surveys", map=first)
    done = put(store, tmp_path, "s.csv", answers, table="surveys", map={**first, "country": "Land"})
    assert rows(store, "select score, country from surveys order by 1") == [(3, "FR"), (9, "DE")]
    assert books(done) == (2, 0, 0, 0)
    clicks = "Who,When,What,Seen on\na,2026-01-01,visit,phone\na,2026-01-01,paid,\n"
    first = {"user_id": "Who", "occurred_at": "When", "step": "What"}
    put(store, tmp_path, "e.csv", clicks, table="events", map=first)
    done = put(store, tmp_path, "e.csv", clicks, table="events", map={**first, "device": "Seen on"})
    assert rows(store, "select step, device from events order by 1") == [("paid", None), ("visit", "phone")]
    assert books(done) == (1, 0, 1, 0)  # what was seen on a phone says so in another column now


def test_a_file_read_anew_keeps_its_place_in_the_order(store: Store, tmp_path: Path) -> None:
    # w1 has 1 and 2, w2 has 2 and 3: of 2 what w2 says stays, whenever w1 is read otherwise
    def week(*lines: str) -> str:
        return "No,Opened,Title,State\n" + "".join(f"{line}\n" for line in lines)

    w1 = week("1,2026-01-01,one,open", "2,2026-01-01,two,open")
    w2 = week("2,2026-01-01,two,closed", "3,2026-01-02,three,open")
    first = {"ticket_id": "No", "created_at": "Opened", "status": "State"}
    put(store, tmp_path, "w1.csv", w1, table="tickets", map=first)
    assert books(put(store, tmp_path, "w2.csv", w2, table="tickets", map=first)) == (1, 1, 0, 0)
    done = put(store, tmp_path, "w1.csv", w1, table="tickets", map={**first, "subject": "Title"})
    assert books(done) == (0, 1, 0, 1)  # 1 got its subject; what w1 says of 2 is older
    assert rows(store, "select ticket_id, subject, status from tickets order by 1") == [
        ("1", "one", "open"), ("2", None, "closed"), ("3", None, "open")
    ]  # fmt: skip


def test_what_a_later_file_no_longer_says_is_again_what_an_earlier_one_said(store: Store, tmp_path: Path) -> None:
    text = "ticket_id,created_at,subject,Team\n{}"
    put(store, tmp_path, "a.csv", text.format("1,2026-01-01,first,x\n2,2026-01-01,same,x\n"))
    put(store, tmp_path, "b.csv", text.format("1,2026-01-01,second,y\n2,2026-01-01,same,x\n3,2026-01-01,new,x\n"))
    put(store, tmp_path, "b.csv", text.format("1,2026-01-01,second,y\n2,2026-01-01,same,x\n3,2026-01-01,new,x\n"),
        keep=("subject=new",))  # fmt: skip
    assert rows(store, "select ticket_id, subject, source_file from tickets order by 1") == [
        ("1", "first", "a.csv"), ("2", "same", "a.csv"), ("3", "new", "b.csv")
    ]  # fmt: skip


def test_a_row_that_two_files_bring_stays_when_the_first_is_read_otherwise(store: Store, tmp_path: Path) -> None:
    head = "ticket_id,sent_at,sender,text\n"
    hello, thanks = "1,2026-01-01,customer,hello\n", "1,2026-01-02,customer,thanks\n"
    put(store, tmp_path, "a.csv", head + hello + hello)
    assert books(put(store, tmp_path, "b.csv", head + hello + thanks)) == (1, 0, 1, 0)
    put(store, tmp_path, "a.csv", head + hello + hello, keep=("text=nothing",))
    assert rows(store, "select text, source_file, source_row from messages order by 1") == [
        ("hello", "b.csv", 1), ("thanks", "b.csv", 2)
    ]  # fmt: skip


def test_an_invitation_is_open_again_when_the_answer_is_no_longer_one(store: Store, tmp_path: Path) -> None:
    head = "kind,invited_at,customer_id,ticket_id,score,responded_at\n"
    put(store, tmp_path, "open.csv", head + "csat,2026-01-02,c1,T1,,\ncsat,2026-01-02,c2,T2,,\n")
    answered = head + "csat,2026-01-02,c1,T1,4,2026-01-03\ncsat,2026-01-02,c2,T2,5,2026-01-03\n"
    assert books(put(store, tmp_path, "answers.csv", answered)) == (0, 2, 0, 0)
    put(store, tmp_path, "answers.csv", answered, keep=("score>4",))
    assert rows(store, "select ticket_id, score from surveys order by 1") == [("T1", None), ("T2", 5)]
    put(store, tmp_path, "answers.csv", answered)
    assert rows(store, "select ticket_id, score from surveys order by 1") == [("T1", 4), ("T2", 5)]


def test_a_file_read_as_another_table_leaves_the_first_unless_it_is_read_beside(store: Store, tmp_path: Path) -> None:
    text = "No,When,Points\n1,2026-01-01,4\n2,2026-01-02,5\n"
    ticket = {"ticket_id": "No", "created_at": "When"}
    answer = {"responded_at": "When", "score": "Points", "kind": "'csat'", "ticket_id": "No"}
    counts = "select (select count(*) from tickets), (select count(*) from surveys)"
    put(store, tmp_path, "a.csv", text, table="tickets", map=ticket)
    done = put(store, tmp_path, "a.csv", text, table="surveys", map=answer)
    assert done.notes[0].startswith("replaces 2 rows of the load of ")
    assert rows(store, counts) == [(0, 2)]
    put(store, tmp_path, "a.csv", text, table="tickets", map=ticket, beside=True)
    assert rows(store, counts) == [(2, 2)]
    put(store, tmp_path, "a.csv", text, table="tickets", map={**ticket, "subject": "Points"}, beside=True)
    assert rows(store, counts) == [(2, 2)]


def test_a_map_that_moves_half_of_the_ids_is_refused_unless_it_is_meant(tmp_path: Path, supportkit: Call) -> None:
    db, file = tmp_path / "t.db", tmp_path / "t.csv"
    file.write_text("No,Ref,When\n1,1,2026-01-01\n2,20,2026-01-02\n", encoding="utf-8")
    words = ("load", file, "--as", "tickets", "--map", "created_at=When", "--db", db)
    assert supportkit(*words, "--map", "ticket_id=No")[0] == 0
    before = db.read_bytes()
    code, _, err = supportkit(*words, "--map", "ticket_id=Ref")
    assert code == 3
    assert "1 of 2 rows would have another ticket_id than under the last map, as '20' for '2'" in err
    assert "nothing was changed" in err
    assert db.read_bytes() == before
    assert supportkit(*words, "--map", "ticket_id=Ref", "--move-ids")[0] == 0
    out = supportkit("sql", "select ticket_id from tickets order by 1", "--db", db, "-f", "csv")[1]
    assert out == "ticket_id\n1\n20\n"


def test_messages_that_would_move_to_other_tickets_are_refused_too(tmp_path: Path, supportkit: Call) -> None:
    db, file = tmp_path / "t.db", tmp_path / "m.csv"
    file.write_text("No,Ref,When,Who\n1,7,2026-01-01,agent\n2,8,2026-01-02,customer\n", encoding="utf-8")
    words = ("load", file, "--as", "messages", "--map", "sent_at=When", "--map", "sender=Who", "--db", db)
    assert supportkit(*words, "--map", "ticket_id=No")[0] == 0
    code, _, err = supportkit(*words, "--map", "ticket_id=Ref")
    assert (code, "2 of 2 rows would have another ticket_id than under the last map, as '7' for '1'" in err) == (
        3,
        True,
    )
    assert supportkit(*words, "--map", "ticket_id=Ref", "--move-ids")[0] == 0


def test_where_no_time_of_change_decides_the_load_says_so(store: Store, tmp_path: Path) -> None:
    head = "Order Number,Order Status,Order Date,Order Total,Order Currency\n"
    put(store, tmp_path, "w1.csv", head + "7,refunded,2026-03-01 10:00:00,10.00,EUR\n")
    done = put(store, tmp_path, "w2.csv", head + "7,completed,2026-03-01 10:00:00,10.00,EUR\n")
    assert books(done) == (0, 1, 0, 0)
    assert (
        "only the order of loading decided for 1 order, since orders have no updated_at; 7 went back from refunded to "
        "completed" in done.notes
    )
    dated = "ticket_id,created_at,updated_at,subject\n1,2026-01-01,2026-01-0{},{}\n"
    put(store, tmp_path, "t1.csv", dated.format(1, "a"))
    assert not put(store, tmp_path, "t2.csv", dated.format(2, "b")).notes
    done = put(store, tmp_path, "t3.csv", dated.format(2, "c"))
    assert "only the order of loading decided for 1 ticket, since no updated_at is later" in done.notes


VERSIONS = st.tuples(st.sampled_from("abcd"), st.integers(1, 4))
MAPS = (
    {"ticket_id": "No", "created_at": "Opened", "updated_at": "Changed"},
    {"ticket_id": "Other", "created_at": "Opened", "updated_at": "Changed", "subject": "Note"},
    {"ticket_id": "No", "created_at": "Opened", "updated_at": "Changed", "subject": "Title", "team": "Note"},
)


def tickets(versions: list[tuple[str, int]]) -> str:
    """An export: of an id and a day there is one version; `Other` gives most of them the same id."""
    lines = (
        f"{name},{'x' if day % 2 else name},2026-01-01,2026-01-{4 * 'abcd'.index(name) + day:02d},{name}{day},n{day}\n"
        for name, day in versions
    )
    return "No,Other,Opened,Changed,Title,Note\n" + "".join(lines)


def shown(store: Store) -> list[tuple[Any, ...]]:
    return rows(store, "select ticket_id, subject, team, updated_at, properties from tickets order by all")


@pytest.fixture(scope="module")
def two_stores(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Store, Store, Path]]:
    with memory_store() as one, memory_store() as other:
        for each in (one, other):
            each.connection.execute("set threads = 1")
        yield one, other, tmp_path_factory.mktemp("files")


@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_any_split_any_order_any_repetition_and_any_map_in_between_give_the_tables_of_the_last_map(
    two_stores: tuple[Store, Store, Path], data: st.DataObject
) -> None:
    one, other, folder = two_stores
    for store in (one, other):
        store.connection.execute(";".join(f"delete from main.{name}" for name in OURS if name != "meta"))
    files = data.draw(st.lists(st.lists(VERSIONS, min_size=1, max_size=4), min_size=1, max_size=3))
    last = data.draw(st.integers(0, len(MAPS) - 1))
    steps = data.draw(st.lists(st.tuples(st.integers(0, len(files) - 1), st.integers(0, len(MAPS) - 1)), max_size=4))
    steps += [(number, last) for number in data.draw(st.permutations(range(len(files))))]
    for number, which in steps:
        put(one, folder, f"{number}.csv", tickets(files[number]), table="tickets", map=MAPS[which], move_ids=True)
    put(other, folder, "all.csv", tickets(sorted({row for file in files for row in file})), table="tickets",
        map=MAPS[last])  # fmt: skip
    assert shown(one) == shown(other)


def test_two_files_of_a_folder_that_claim_one_row_are_refused_unless_their_order_is_told(
    tmp_path: Path, supportkit: Call
) -> None:
    folder, db = tmp_path / "exports", tmp_path / "t.db"
    folder.mkdir()
    for name, status in (("a", "open"), ("b", "closed")):
        text = f"ticket_id,created_at,status\n1,2026-01-01,{status}\n{name},2026-01-01,open\n"
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    code, _, err = supportkit("load", folder, "--db", db)
    assert code == 3
    assert "a.csv and b.csv: both have ticket_id 1, with other cells, and nothing says which is later" in err
    assert not db.exists()
    assert supportkit("load", folder / "b.csv", folder / "a.csv", "--db", db)[0] == 0
    out = supportkit("sql", "select status from tickets where ticket_id = '1'", "--db", db, "-f", "csv")[1]
    assert out == "status\nopen\n"
    assert supportkit("load", folder, "--db", db)[0] == 0  # both are there: nothing is new


def test_who_is_erased_is_erased_from_older_versions_too(tmp_path: Path, supportkit: Call) -> None:
    db, file = tmp_path / "t.db", tmp_path / "a.csv"
    head = "ticket_id,created_at,updated_at,customer_id,subject\n"
    for day, who in ((1, "anna@example.com"), (2, "anna@example.com"), (3, "bo@example.com")):
        text = f"{head}1,2026-01-01,2026-01-0{day},{who},about {day}\n2,2026-01-01,2026-01-0{day},bo@example.com,x\n"
        file.write_text(text, encoding="utf-8")
        assert supportkit("load", file, "--db", db)[0] == 0
    count = "select count(*) from tickets_older where subject like 'about%'"
    assert supportkit("sql", count, "--db", db, "-f", "csv")[1].split()[1] == "2"
    for words in (("--dry-run",), ()):
        out = supportkit("forget", "anna@example.com", "--db", db, "-f", "csv", *words)[1]
        assert "earlier versions,2" in out.split("\n")
    assert supportkit("sql", count, "--db", db, "-f", "csv")[1].split()[1] == "0"
    assert supportkit("sql", "select count(*) from tickets", "--db", db, "-f", "csv")[1].split()[1] == "2"


def test_a_word_that_is_learnt_means_the_same_in_an_older_version_that_is_shown_again(
    store: Store, tmp_path: Path
) -> None:
    head = "order_id,ordered_at,customer_id,amount,status\n"
    put(store, tmp_path, "a.csv", head + "1,2026-01-01,c,10,xyz\n2,2026-01-01,c,5,xyz\n")
    put(store, tmp_path, "b.csv", head + "1,2026-01-01,c,10,paid\n")
    said = {"orders.status": {"xyz": "cancelled"}}
    put(store, tmp_path, "c.csv", head + "3,2026-01-01,c,1,paid\n", values=said)
    put(store, tmp_path, "b.csv", head + "1,2026-01-01,c,10,paid\n", keep=("amount>100",))
    assert rows(store, "select order_id, status from orders order by 1") == [
        ("1", "cancelled"), ("2", "cancelled"), ("3", "sale")
    ]  # fmt: skip

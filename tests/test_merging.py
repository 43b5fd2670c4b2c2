from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from supportkit.exports.merging.merging import merge
from supportkit.store import Store, memory_store
from supportkit.store.schema import PROVENANCE, TABLES

Row = dict[str, Any]


Books = tuple[int, int, int, int]


def put(store: Store, table: str, rows: Iterable[Row], file: str = "a.csv", *, passing: bool = False) -> Books:
    """Merge the rows of a new file as the loader does, through a stage with the table's columns: loaded, updated,
    unchanged, older. A store that is `passing` is made for one metric."""
    shape = TABLES[table]
    columns = (*shape.names, *PROVENANCE)
    con = store.connection
    con.execute(f"create or replace temp table stage as select {', '.join(columns)} from main.{table} limit 0")
    ((last,),) = con.execute("select coalesce(max(load_id), 0) + 1 from loads").fetchall()
    con.execute("insert into loads (load_id, file_id, file) values ($id, $id, $file)", {"id": last, "file": file})
    came = {"source": "ours", "source_file": file, "file_id": last}
    full = [{**came, "source_row": n, **row} for n, row in enumerate(rows, 1)]
    if full:
        named = list(dict.fromkeys(name for row in full for name in row))
        places = ", ".join(f"({', '.join('?' * len(named))})" for _ in full)
        con.execute(
            f"insert into stage ({', '.join(named)}) values {places}", [row.get(name) for row in full for name in named]
        )
    return merge(con, shape, "stage", passing=passing)[:4]


def held(store: Store, table: str) -> list[tuple[Any, ...]]:
    """Everything the table says, in one order, without where a row came from."""
    columns = ", ".join((*TABLES[table].names, "source", "properties"))
    return store.connection.execute(f"select {columns} from {table} order by all").fetchall()


def ticket(number: str, day: int | None = None, subject: str = "", **more: Any) -> Row:
    updated = f"2026-01-{day:02d} 00:00:00+00" if day else None
    return {"ticket_id": number, "created_at": "2026-01-01", "updated_at": updated, "subject": subject, **more}


def test_the_same_rows_again_are_unchanged() -> None:
    with memory_store() as store:
        rows = [ticket("1", 1), ticket("2", 2)]
        assert put(store, "tickets", rows) == (2, 0, 0, 0)
        assert put(store, "tickets", rows) == (0, 0, 2, 0)


def test_the_later_updated_at_wins_whichever_comes_first() -> None:
    for order in (1, -1):
        with memory_store() as store:
            for row in [ticket("1", 1, "old"), ticket("1", 2, "new")][::order]:
                put(store, "tickets", [row])
            assert [row[6] for row in held(store, "tickets")] == ["new"]


def test_an_id_twice_in_one_file_is_one_row_and_the_other_is_unchanged_or_older() -> None:
    with memory_store() as store:
        rows = [ticket("1", 2, "new"), ticket("1", 1, "old"), ticket("2", 1), ticket("2", 1)]
        assert put(store, "tickets", rows) == (2, 0, 1, 1)
        assert [row[6] for row in held(store, "tickets")] == ["new", ""]


def test_the_same_id_from_another_source_is_another_ticket() -> None:
    with memory_store() as store:
        assert put(store, "tickets", [ticket("1", 1), ticket("1", 1, source="zendesk")]) == (2, 0, 0, 0)


def test_without_updated_at_the_later_load_stays_whatever_has_happened_more() -> None:
    open_, closed = ticket("1", status="open"), ticket("1", status="closed", closed_at="2026-01-03")
    for first, second in ((open_, closed), (closed, open_)):
        with memory_store() as store:
            assert put(store, "tickets", [first]) == (1, 0, 0, 0)
            assert put(store, "tickets", [second], "b.csv") == (0, 1, 0, 0)
            assert [row[4] for row in held(store, "tickets")] == [second["status"]]


def test_a_version_that_says_when_it_was_updated_goes_before_one_that_does_not() -> None:
    for order in (1, -1):
        with memory_store() as store:
            for row in [ticket("1", None, "silent"), ticket("1", 1, "dated")][::order]:
                put(store, "tickets", [row])
            assert [row[6] for row in held(store, "tickets")] == ["dated"]


def test_an_older_version_is_counted_and_kept_beside_the_table() -> None:
    with memory_store() as store:
        assert put(store, "tickets", [ticket("1", 2, "new")]) == (1, 0, 0, 0)
        assert put(store, "tickets", [ticket("1", 1, "old")], "b.csv") == (0, 0, 0, 1)
        assert store.connection.execute("select subject, source_file from tickets_older").fetchall() == [
            ("old", "b.csv")
        ]


def test_equal_rows_without_an_id_are_kept_as_often_as_one_file_has_them() -> None:
    message = {"ticket_id": "1", "sent_at": "2026-01-01", "sender": "customer", "text": "hello"}
    with memory_store() as store:
        assert put(store, "messages", [message, message]) == (2, 0, 0, 0)
        assert put(store, "messages", [message], "b.csv") == (0, 0, 1, 0)
        assert put(store, "messages", [message] * 3, "c.csv") == (1, 0, 2, 0)
        assert len(held(store, "messages")) == 3


def test_rows_of_a_store_that_passes_are_told_apart_when_a_second_file_comes() -> None:
    rows = [{"ticket_id": "1", "sent_at": "2026-01-01", "sender": "agent", "text": text} for text in ("a", "b", "a")]
    known = "select text, content_hash, occurrence from messages order by source_row, file_id"
    with memory_store() as store, memory_store() as passing:
        put(store, "messages", rows)
        put(passing, "messages", rows, passing=True)
        assert passing.connection.execute(known).fetchall() == [("a", None, None), ("b", None, None), ("a", None, None)]
        assert put(passing, "messages", rows[:1] * 3, "b.csv", passing=True) == (1, 0, 2, 0)
        assert put(store, "messages", rows[:1] * 3, "b.csv") == (1, 0, 2, 0)
        assert passing.connection.execute(known).fetchall() == store.connection.execute(known).fetchall()


def asked(who: str | None = "c1", score: int | None = None, **more: Any) -> Row:
    answer = {"score": score, "responded_at": "2026-01-05", "comment": "well"} if score is not None else {}
    return {"kind": "csat", "invited_at": "2026-01-02", "customer_id": who, "ticket_id": "T1"} | answer | more


def test_an_invitation_that_is_answered_later_is_one_row_whichever_file_comes_first() -> None:
    open_, answered = [asked(), asked("c2")], [asked(score=4), asked("c2")]
    with memory_store() as store:
        assert put(store, "surveys", open_) == (2, 0, 0, 0)
        assert put(store, "surveys", answered, "b.csv") == (0, 1, 1, 0)
        assert put(store, "surveys", open_) == (0, 0, 2, 0)
        assert store.connection.execute("select count(*), count(score) from surveys").fetchall() == [(2, 1)]
    with memory_store() as store:
        assert put(store, "surveys", answered) == (2, 0, 0, 0)
        assert put(store, "surveys", open_, "b.csv") == (0, 0, 2, 0)


def test_two_invitations_of_one_instant_stay_two_until_both_are_answered() -> None:
    with memory_store() as store:
        assert put(store, "surveys", [asked(), asked()]) == (2, 0, 0, 0)
        assert put(store, "surveys", [asked(score=4), asked()], "b.csv") == (0, 1, 1, 0)
        assert store.connection.execute("select count(*), count(score) from surveys").fetchall() == [(2, 1)]
        assert put(store, "surveys", [asked(score=4), asked(score=5)], "c.csv") == (0, 1, 1, 0)
        assert store.connection.execute("select count(*), count(score) from surveys").fetchall() == [(2, 2)]
    with memory_store() as store:  # an export that has both is believed
        assert put(store, "surveys", [asked(score=4), asked()]) == (2, 0, 0, 0)
        assert put(store, "surveys", [asked()], "b.csv") == (0, 0, 1, 0)


def test_invitations_that_may_be_others_stay_beside_an_answer() -> None:
    others = [asked("c2"), asked(kind="nps"), asked(ticket_id="T2"), asked(invited_at="2026-01-03")]
    nobody = asked(None, ticket_id=None)
    with memory_store() as store:
        assert put(store, "surveys", [*others, nobody]) == (5, 0, 0, 0)
        assert put(store, "surveys", [asked(score=4), nobody | {"score": 5}], "b.csv") == (2, 0, 0, 0)


def test_the_answers_to_the_items_of_one_invitation_take_the_place_of_the_open_one() -> None:
    items = [asked(score=n, kind="csi", item=item) for n, item in enumerate(("price", "taste", "speed"), 3)]
    with memory_store() as store:
        assert put(store, "surveys", [asked(kind="csi")]) == (1, 0, 0, 0)
        assert put(store, "surveys", items, "b.csv") == (2, 1, 0, 0)
        assert put(store, "surveys", [asked(kind="csi")], "c.csv") == (0, 0, 1, 0)
    each = [asked(kind="csi", item=item) for item in ("price", "taste")]
    with memory_store() as store:
        assert put(store, "surveys", each) == (2, 0, 0, 0)
        assert put(store, "surveys", [items[0], each[1]], "b.csv") == (0, 1, 1, 0)
        assert [row[5] for row in held(store, "surveys") if row[1] is None] == ["taste"]


@pytest.mark.parametrize(("left", "right"), [("a\x1f", "b"), ("\x1e", None), ("a\x1f\x1d", "b"), ("", None)])
def test_no_two_different_rows_have_one_content(left: str, right: str | None) -> None:
    base: Row = {"ticket_id": "1", "sent_at": "2026-01-01", "sender": "customer"}
    with memory_store() as store:
        rows = [base | {"text": left, "channel": right}, base | {"text": right, "channel": left}]
        rows += [base | {"text": left + (right or "")}, base | {"text": left}]
        put(store, "messages", rows)
        hashes = store.connection.execute("select count(distinct content_hash) from messages").fetchone()
        assert hashes == (len({(row.get("text"), row.get("channel")) for row in rows}),)


TICKETS = st.builds(  # of an id and a day there is one version
    lambda number, day, subject, **more: ticket(number, day, f"{subject} of {number} on {day}", **more),
    st.sampled_from(["1", "2", "3"]),
    st.sampled_from([1, 2, 3]),
    st.just("state"),
    source=st.sampled_from(["ours", "zendesk"]),
)
MESSAGES = st.builds(
    lambda number, text: {"ticket_id": number, "sent_at": "2026-01-01", "sender": "agent", "text": text},
    st.sampled_from(["1", "2"]), st.sampled_from(["a", "b", None]),
)  # fmt: skip

SURVEYS = st.builds(
    lambda kind, item, score, asked, who: {
        "kind": kind, "item": item, "score": score, "invited_at": asked, "customer_id": who,
        "responded_at": "2026-01-03" if score is not None else None,
    },
    st.sampled_from(["nps", "csi"]), st.sampled_from([None, "price"]), st.sampled_from([None, None, 3, 9]),
    st.sampled_from(["2026-01-01", "2026-01-02"]), st.sampled_from([None, "c1", "c2"]),
)  # fmt: skip


@pytest.fixture(scope="module")
def stores() -> Iterator[tuple[Store, Store]]:
    """Two stores for all examples: making them, and starting threads, takes longer than merging a few rows."""
    with memory_store() as one, memory_store() as other:
        for store in (one, other):
            store.connection.execute("set threads = 1")
        yield one, other


@pytest.mark.parametrize(("table", "rows"), [("tickets", TICKETS), ("messages", MESSAGES), ("surveys", SURVEYS)])
@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_any_order_and_any_repetition_of_files_give_the_same_table(
    table: str, rows: st.SearchStrategy[Row], stores: tuple[Store, Store], data: st.DataObject
) -> None:
    files = data.draw(st.lists(st.lists(rows, max_size=4), min_size=1, max_size=3))
    order = data.draw(st.permutations([*range(len(files)), *data.draw(st.sets(st.integers(0, len(files) - 1)))]))
    again = [data.draw(st.permutations(files[number])) for number in order]
    one, other = stores
    for store in stores:
        store.connection.execute(f"delete from main.{table}; delete from main.repeats; delete from main.surveys_older")
        store.connection.execute("delete from main.tickets_older")
    passing = data.draw(st.booleans())
    for file in files:
        read = put(one, table, file, passing=passing)
        assert sum(read) == len(file)
    other.connection.execute("begin")  # several files in one load
    for file in again:
        put(other, table, file)
    other.connection.execute("commit")
    before = held(one, table)
    assert before == held(other, table)
    for file in files:
        loaded, updated, unchanged, older = put(one, table, file, passing=passing)
        assert (loaded, updated, unchanged + older) == (0, 0, len(file))
    assert held(one, table) == before

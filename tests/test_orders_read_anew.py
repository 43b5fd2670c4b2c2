"""Orders that say no time of change: another map makes no second order of them, nor a second line."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from supportkit.exports import LoadOptions, load
from supportkit.exports.loaded import Loaded
from supportkit.store import Store, memory_store
from supportkit.store.migrations import OURS

HEAD = "No,When,Who,Net,Gross,State,Item\n"
BASE = {"order_id": "No", "ordered_at": "When", "customer_id": "Who", "status": "State"}
NET, GROSS = {**BASE, "amount": "Net"}, {**BASE, "amount": "Gross"}
MAPS = (NET, GROSS, {**GROSS, "product": "Item"}, {**NET, "sku": "Item"})
AMOUNTS = "select order_id, amount, status from orders order by 1"
THREE = "A,2026-05-01,c,10,1,paid,x\nA,2026-05-01,c,20,1,paid,x\nB,2026-05-01,c,5,1,paid,x\n"
LINES = "select order_id, line, occurrence, amount from order_lines order by all"


@pytest.fixture
def store() -> Iterator[Store]:
    with memory_store() as made:
        yield made


def put(store: Store, folder: Path, name: str, text: str, map_: dict[str, str], **options: Any) -> Loaded:
    file = folder / f"{name}.csv"
    file.write_text(HEAD + text, encoding="utf-8")
    (done,) = load(store, [file], LoadOptions(table="orders", map=map_, **options))
    assert done.read == done.loaded + done.updated + done.unchanged + done.older + done.rejected
    return done


def rows(store: Store, sql: str) -> list[tuple[Any, ...]]:
    return store.connection.execute(sql).fetchall()


W1 = "1,2026-05-01,a,10,12,paid,x\n2,2026-05-01,b,20,24,paid,y\n"
W2 = "2,2026-05-01,b,20,24,refunded,y\n3,2026-05-02,c,30,36,paid,z\n"


@pytest.mark.parametrize("map_", MAPS[1:], ids=["amount", "product", "sku"])
def test_an_order_that_two_files_have_stays_one_when_the_first_is_read_otherwise(
    store: Store, tmp_path: Path, map_: dict[str, str]
) -> None:
    put(store, tmp_path, "w1", W1, NET)
    put(store, tmp_path, "w2", W2, NET)
    put(store, tmp_path, "w1", W1, map_)
    first = 10 if map_["amount"] == "Net" else 12
    assert rows(store, AMOUNTS) == [("1", first, "sale"), ("2", 20, "refunded"), ("3", 30, "sale")]
    put(store, tmp_path, "w2", W2, map_)
    second, third = (20, 30) if map_["amount"] == "Net" else (24, 36)
    assert rows(store, AMOUNTS) == [("1", first, "sale"), ("2", second, "refunded"), ("3", third, "sale")]


def test_lines_that_two_files_have_stay_the_same_lines_when_one_is_read_otherwise(store: Store, tmp_path: Path) -> None:
    # the net amount of one line is the gross amount of the other
    two = "A,2026-05-01,a,10,12,{0},x\nA,2026-05-01,a,12,14,{0},y\n"
    put(store, tmp_path, "w1", two.format("paid"), NET)
    put(store, tmp_path, "w2", two.format("refunded"), NET)
    put(store, tmp_path, "w1", two.format("paid"), GROSS)
    assert rows(store, AMOUNTS) == [("A", 22, "refunded")]
    done = put(store, tmp_path, "w2", two.format("refunded"), GROSS)
    assert rows(store, AMOUNTS) == [("A", 26, "refunded")]
    assert (done.loaded, done.updated) == (0, 2)
    assert rows(store, LINES) == [("A", "12.0000", 1, 12), ("A", "14.0000", 1, 14)]
    put(store, tmp_path, "w3", "A,2026-05-01,a,10,12,refunded,x\n", GROSS)
    assert rows(store, AMOUNTS) == [("A", 26, "refunded")]
    # no line is called as another one that is there
    put(store, tmp_path, "w4", "A,2026-05-01,a,14,12,refunded,x\n", NET)
    put(store, tmp_path, "w4", "A,2026-05-01,a,14,12,refunded,x\n", GROSS)
    assert rows(store, AMOUNTS) == [("A", 26, "refunded")]


def test_equal_amounts_of_two_maps_make_no_line_of_two(store: Store, tmp_path: Path) -> None:
    gross, net = "A,2026-05-01,a,10,20,paid,x\n", "A,2026-05-01,a,20,30,paid,y\n"
    put(store, tmp_path, "w1", gross, GROSS)
    put(store, tmp_path, "w2", net, NET)
    assert rows(store, AMOUNTS) == [("A", 20, "sale")]  # one line, as far as anyone can see
    put(store, tmp_path, "w1", gross, NET)
    assert rows(store, AMOUNTS) == [("A", 30, "sale")]  # 10 and 20


def test_a_line_of_a_file_read_alike_is_not_renamed_with_one_that_was_taken_for_it(
    store: Store, tmp_path: Path
) -> None:
    first, third = "A,2026-05-01,c,10,20,paid,x\nA,2026-05-01,c,30,40,paid,y\n", "A,2026-05-01,c,30,40,paid,y\n"
    named = {**GROSS, "product": "Item"}
    put(store, tmp_path, "1", first, named)
    put(store, tmp_path, "3", third, named)
    put(store, tmp_path, "3", third, GROSS)  # y is called by its gross amount, 40
    put(store, tmp_path, "2", "A,2026-05-01,c,40,50,paid,z\n", NET)  # as z is by its net one
    put(store, tmp_path, "1", first, NET)
    put(store, tmp_path, "3", third, NET)
    assert rows(store, AMOUNTS) == [("A", 10 + 30 + 40, "sale")]
    assert [(line, amount) for _, line, _, amount in rows(store, LINES)] == [
        ("10.0000", 10), ("30.0000", 30), ("40.0000", 40)
    ]  # fmt: skip


@pytest.mark.parametrize("last", ["13", "31"])
def test_a_row_that_two_files_bring_as_one_is_a_row_of_each_when_one_file_calls_it_otherwise(
    store: Store, tmp_path: Path, last: str
) -> None:
    y, z = "A,2026-05-01,c,30,40,paid,y\n", "A,2026-05-01,c,40,40,paid,y\n"
    files = {"1": "A,2026-05-01,c,10,20,paid,x\n" + y, "3": y}
    put(store, tmp_path, "1", files["1"], {**GROSS, "product": "Item"})
    put(store, tmp_path, "3", y, {**GROSS, "product": "Item"})
    put(store, tmp_path, "3", y, GROSS)
    put(store, tmp_path, "2", z, NET)
    for name in last:
        put(store, tmp_path, name, files[name], NET)
    assert rows(store, AMOUNTS) == [("A", 10 + 30 + 40, "sale")]


def test_a_line_that_a_file_of_an_older_release_brought_is_renamed_too(store: Store, tmp_path: Path) -> None:
    lines = "A,2026-05-01 {0}:00,c,10,12,paid,x\nA,2026-05-01 {0}:00,c,20,22,paid,y\n"
    put(store, tmp_path, "w0", "B,2026-05-01,c,5,6,paid,x\n", NET)
    put(store, tmp_path, "w1", lines.format(10), {**NET, "product": "Item"})
    put(store, tmp_path, "w2", lines.format(11), {**NET, "product": "Item"})
    store.connection.execute("update order_lines_older set file_id = null")  # which was not written down then
    put(store, tmp_path, "w2", lines.format(11), NET)
    assert rows(store, AMOUNTS) == [("A", 30, "sale"), ("B", 5, "sale")]
    assert [line for order, line, _, _ in rows(store, LINES) if order == "A"] == ["10.0000", "20.0000"]


def test_an_older_version_of_a_row_is_no_line_when_another_line_comes(store: Store, tmp_path: Path) -> None:
    put(store, tmp_path, "w1", W1, NET)
    put(store, tmp_path, "w2", W2, NET)
    put(store, tmp_path, "w1", W1, GROSS)
    put(store, tmp_path, "w3", "2,2026-05-01,b,5,6,paid,q\n", NET)
    assert rows(store, AMOUNTS)[1] == ("2", 25, "sale")  # 20 and 5, and not the 24 of w1


def test_lines_of_another_customer_day_or_country_in_another_file_are_refused(store: Store, tmp_path: Path) -> None:
    put(store, tmp_path, "a", THREE, NET)
    two = "A,2026-05-01,d,7,1,paid,x\nB,2026-05-01,c,6,1,paid,x\n"
    done = put(store, tmp_path, "b", two, NET)
    assert (done.loaded, done.rejected) == (1, 1)
    assert rows(store, AMOUNTS) == [("A", 30, "sale"), ("B", 11, "sale")]
    assert rows(store, "select customer_id from orders where order_id = 'A'") == [("c",)]
    said = "the lines of order {} disagree on {} with those that are there, so they are not one order"
    assert rows(store, "select line, reason from rejects") == [(2, said.format("A", "customer_id"))]
    assert put(store, tmp_path, "c", "B,2026-05-09,c,7,1,paid,x\n", NET).rejected == 1
    (last,) = rows(store, "select reason from rejects order by load_id desc limit 1")
    assert last == (said.format("B", "ordered_at"),)


def test_lines_that_were_refused_for_others_come_when_these_are_mended(store: Store, tmp_path: Path) -> None:
    first, second = "A,2026-05-01,c,10,1,paid,x\n", "A,2026-05-01,c,7,1,paid,x\n"
    put(store, tmp_path, "a", first, {**NET, "customer_id": "Item"})
    assert put(store, tmp_path, "b", second, NET).rejected == 1
    assert put(store, tmp_path, "b", second, NET).rejected == 1
    put(store, tmp_path, "a", first, NET)
    assert put(store, tmp_path, "b", second, NET).loaded == 1
    assert rows(store, AMOUNTS) == [("A", 17, "sale")]


def test_an_order_restated_as_a_whole_may_change_its_customer_and_the_load_says_so(
    store: Store, tmp_path: Path
) -> None:
    put(store, tmp_path, "a", THREE, NET)
    text = "A,2026-05-01,d,10,1,paid,x\nA,2026-05-01,d,20,1,paid,x\nB,2026-05-01,c,5,1,paid,x\n"
    done = put(store, tmp_path, "b", text, NET)
    assert done.rejected == 0
    assert "only the order of loading decided for 1 order, since orders have no updated_at; 1 is of another customer " \
        "now" in done.notes  # fmt: skip
    assert rows(store, AMOUNTS) == [("A", 30, "sale"), ("B", 5, "sale")]


def test_only_what_changes_of_a_line_is_told_as_decided_by_the_order_of_loading(store: Store, tmp_path: Path) -> None:
    lines = {**NET, "product": "Item"}
    put(store, tmp_path, "a", "A,2026-05-01,c,10,1,paid,x\nA,2026-05-01,c,20,1,paid,y\n", lines)
    another = put(
        store, tmp_path, "b", "A,2026-05-01,c,7,3,paid,z\n", lines
    )  # with another Gross, which is of the line
    assert not any("order of loading" in note for note in another.notes)
    changed = put(store, tmp_path, "c", "A,2026-05-01,c,12,1,paid,x\n", lines)
    assert "only the order of loading decided for 1 order, since orders have no updated_at" in changed.notes
    assert rows(store, AMOUNTS) == [("A", 39, "sale")]


@pytest.fixture(scope="module")
def two_stores(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Store, Store, Path]]:
    with memory_store() as one, memory_store() as other:
        for each in (one, other):
            each.connection.execute("set threads = 1")
        yield one, other, tmp_path_factory.mktemp("files")


def emptied(stores: tuple[Store, Store]) -> None:
    for store in stores:
        store.connection.execute(";".join(f"delete from main.{name}" for name in OURS if name != "meta"))


STATES = st.dictionaries(st.sampled_from("1234"), st.sampled_from(["paid", "refunded", "void"]), min_size=1)


@settings(max_examples=10, deadline=None)
@given(data=st.data())
def test_where_only_the_order_of_loading_decides_the_file_that_came_last_stays_and_is_told(
    two_stores: tuple[Store, Store, Path], data: st.DataObject
) -> None:
    one, other, folder = two_stores
    emptied((one, other))
    files = data.draw(st.lists(STATES, min_size=1, max_size=3, unique_by=lambda file: tuple(sorted(file.items()))))
    texts = [
        "".join(f"{name},2026-05-0{name},c{name},{name}0,{name}2,{state},i{name}\n" for name, state in file.items())
        for file in files
    ]
    first, last = data.draw(st.integers(0, len(MAPS) - 1)), data.draw(st.integers(0, len(MAPS) - 1))
    steps = [(number, first) for number in range(len(files))]
    steps += data.draw(st.lists(st.tuples(st.integers(0, len(files) - 1), st.integers(0, len(MAPS) - 1)), max_size=4))
    steps += [(number, last) for number in data.draw(st.permutations(range(len(files))))]
    amounts = {name: {Decimal(f"{name}0"), Decimal(f"{name}2")} for name in "1234"}
    stays: dict[str, tuple[int, str]] = {}
    for number, which in steps:
        before = {name: state for name, (_, state) in stays.items()}
        done = put(one, folder, str(number), texts[number], MAPS[which])
        assert all(amount in amounts[name] for name, amount, _ in rows(one, AMOUNTS))
        for name, state in files[number].items():
            stays[name] = max(stays.get(name, (-1, "")), (number, state))
        if any(before[name] != state for name, (_, state) in stays.items() if name in before):
            assert any("only the order of loading decided" in note for note in done.notes)
    for number, text in enumerate(texts):
        put(other, folder, str(number), text, MAPS[last])
    assert rows(one, AMOUNTS) == rows(other, AMOUNTS)
    words = {"paid": "sale", "refunded": "refunded", "void": "cancelled"}
    assert [(name, words[state]) for name, (_, state) in sorted(stays.items())] == [
        (name, state) for name, _, state in rows(one, AMOUNTS)
    ]


PARTS = st.lists(st.tuples(st.sampled_from("AB"), st.integers(1, 4)), min_size=1, max_size=5, unique=True)


@settings(max_examples=10, deadline=None)
@given(data=st.data())
def test_lines_of_files_that_were_last_read_alike_come_to_what_one_load_gives(
    two_stores: tuple[Store, Store, Path], data: st.DataObject
) -> None:
    one, other, folder = two_stores
    emptied((one, other))
    files = data.draw(st.lists(PARTS, min_size=1, max_size=3, unique_by=tuple))
    texts = [
        "".join(f"{order},2026-05-01,c{order},{n}0,{n + 1}0,paid,i{n}\n" for order, n in sorted(file)) for file in files
    ]
    last = data.draw(st.integers(0, len(MAPS) - 1))
    steps = data.draw(st.lists(st.tuples(st.integers(0, len(files) - 1), st.integers(0, len(MAPS) - 1)), max_size=4))
    steps += [(number, last) for number in data.draw(st.permutations(range(len(files))))]
    for number, which in steps:
        put(one, folder, str(number), texts[number], MAPS[which])
    put(other, folder, "all", "".join(sorted({line for text in texts for line in text.splitlines(keepends=True)})),
        MAPS[last])  # fmt: skip
    assert rows(one, AMOUNTS) == rows(other, AMOUNTS)

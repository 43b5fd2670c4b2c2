"""Events of one instant: their sequence orders them, and the funnel says how many ties decided."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from supportkit.exports import LoadOptions, load
from supportkit.funnel import funnel
from supportkit.result import Result
from supportkit.store import Store, memory_store

Event = tuple[str, int, str, int | None]
STEPS = ("visit", "cart", "pay")
START = 1_767_261_600  # 2026-01-01 10:00:00 UTC


def stored(folder: Path, events: list[Event], **options: str) -> Store:
    """Events of (user, seconds after the start, step, sequence)."""
    path = folder / "events.csv"
    rows = [
        f"{user},{START + second},{step},{'' if place is None else place}\n" for user, second, step, place in events
    ]
    path.write_text("user_id,occurred_at,step,sequence\n" + "".join(rows), encoding="utf-8")
    store = memory_store()
    load(store, [path], LoadOptions(**options))  # type: ignore[arg-type]
    return store


def users(result: Result) -> list[int]:
    return [row["users"] for row in result.records()]  # type: ignore[misc]


def test_the_sequence_orders_the_events_of_one_instant(tmp_path: Path) -> None:
    events: list[Event] = [
        ("a", 0, "visit", 1), ("a", 0, "cart", 2), ("a", 0, "pay", 3),
        ("b", 0, "visit", 3), ("b", 0, "cart", 2), ("b", 0, "pay", 1),  # the other way round: a visit and no more
        ("c", 0, "pay", 1), ("c", 0, "visit", 2), ("c", 0, "cart", 3), ("c", 5, "pay", 1),  # pays again, later
        ("d", 0, "visit", 7), ("d", 0, "cart", None), ("d", 0, "pay", None),  # not all have one: as in order
    ]  # fmt: skip
    with stored(tmp_path, events) as store:
        assert users(funnel(store, steps=STEPS)) == [4, 3, 3]
        # b's cart stands before its visit, and its pay before its cart; c's first pay before its cart
        notes = funnel(store, steps=STEPS).notes
        # cart of a, c, d and pay of a, d; c's pay comes five seconds later
        assert any(note.startswith("ties decided 5 of 6 steps reached") for note in notes), notes
        assert "users with a step before the one it follows, in one instant by its sequence: 2" in notes
        assert users(funnel(store, steps=STEPS, counts=True)) == [4, 3, 3]
        assert users(funnel(store, steps=STEPS, order="strict")) == [4, 3, 3]
        assert [row[0] for row in funnel(store, steps=STEPS, dropped="visit").rows] == ["b"]


def test_without_a_sequence_ties_count_as_in_order_and_are_told(tmp_path: Path) -> None:
    events: list[Event] = [
        ("a", 0, "pay", None),
        ("a", 0, "visit", None),
        ("b", 0, "visit", None),
        ("b", 1, "pay", None),
    ]
    with stored(tmp_path, events) as store:
        result = funnel(store, steps=("visit", "pay"))
        assert users(result) == [2, 2]
        assert (
            "ties decided 1 of 2 steps reached: they stand at the instant of the step before, as in order: there is no "
            "sequence" in result.notes
        )
        assert not any("ties" in note for note in funnel(store, steps=("visit", "pay"), order="unordered").notes)


def test_a_funnel_without_ties_says_nothing_of_them(tmp_path: Path) -> None:
    with stored(
        tmp_path, [("a", 0, "visit", 1), ("a", 1, "pay", 1), ("b", 0, "visit", 1), ("b", 0, "visit", 2)]
    ) as store:
        assert not any("ties" in note for note in funnel(store, steps=("visit", "pay")).notes)


@settings(max_examples=15, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from("ab"), st.integers(0, 2), st.sampled_from(STEPS), st.integers(0, 9)),
        min_size=1,
        max_size=12,
        unique_by=lambda event: (event[0], event[1], event[3]),
    ),
    st.sampled_from(["ordered", "strict"]),
)
def test_a_sequence_is_a_time_within_the_instant(
    tmp_path_factory: pytest.TempPathFactory, events: list[tuple[str, int, str, int]], order: str
) -> None:
    """The same funnel comes out where each event stands as many tens of seconds later as its sequence says."""
    folder = tmp_path_factory.mktemp("events")
    known: list[Event] = [("z", 0, step, place) for place, step in enumerate(STEPS)]  # every step is there
    tied: list[Event] = [*known, *events]
    apart: list[Event] = [(user, 1000 * second + 10 * (place or 0), step, None) for user, second, step, place in tied]
    with stored(folder, tied) as one, stored(folder, apart) as other:
        found = [funnel(store, steps=STEPS, order=order) for store in (one, other)]  # type: ignore[arg-type]
        assert users(found[0]) == users(found[1])


def test_a_row_without_a_sequence_is_the_row_of_an_older_release(tmp_path: Path) -> None:
    events: list[Event] = [("a", 0, "visit", None), ("a", 0, "visit", 1), ("a", 0, "visit", 2)]
    with stored(tmp_path, events) as store:
        hashes = [
            row[0] for row in store.connection.execute("select content_hash from events order by source_row").fetchall()
        ]
    # user_id, occurred_at, step, country, device, payment_method, plan, session_id, properties: the columns of 0.1
    content = json.dumps(["a", START * 1_000_000, "visit", *[None] * 6], separators=(",", ":"))
    assert hashes[0] == hashlib.sha256(content.encode()).hexdigest()[:32]
    assert len(set(hashes)) == 3


def test_a_place_in_a_session_is_a_sequence_by_a_map(tmp_path: Path) -> None:
    path = tmp_path / "clicks.csv"
    path.write_text("session,day,order,page\n1,2026-01-01,2,visit\n1,2026-01-01,1,pay\n", encoding="utf-8")
    given = {"user_id": "session", "occurred_at": "day", "sequence": "order", "step": "page"}
    with memory_store() as store:
        load(store, [path], LoadOptions(table="events", map=given))
        assert store.connection.execute("select step, sequence from events order by 2").fetchall() == [
            ("pay", 1), ("visit", 2),
        ]  # fmt: skip
        assert users(funnel(store, steps=("visit", "pay"))) == [1, 0]

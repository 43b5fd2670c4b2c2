"""Instants that are hardly meant are loaded as they stand, and told by the load and under the figures."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from supportkit.contacts import contacts
from supportkit.exports import LoadOptions, load
from supportkit.store import Store, memory_store
from supportkit.store.conditions import parse_conditions

HEADER = "ticket_id,created_at,first_reply_at,solved_at,closed_at\n"
WHEN = datetime(2026, 6, 1, tzinfo=UTC)
ZERO = "created_at: 1 row at 1970-01-01, which programs write where there is no time"


def notes(folder: Path, text: str) -> list[str]:
    path = folder / "file.csv"
    path.write_text(text, encoding="utf-8")
    with memory_store() as store:
        (done,) = load(store, [path], LoadOptions(loaded_at=WHEN))
    assert done.loaded == done.read
    return [note for note in done.notes if "_at: " in note]


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("1,2026-03-27 10:00,2026-03-27 10:00,2026-03-27 10:00,2026-03-28 10:00", []),
        ("1,1970-01-01 00:00,,,", [ZERO]),
        ("1,1970-01-01T01:00:00+01:00,,,", [ZERO]),
        ("1,1970-01-02 00:00,,,", []),
        ("1,2026-06-01 20:00,,,", []),  # less than a day after the load: a clock that is not ours
        ("1,2026-06-02 00:01,,,", ["created_at: 1 row after the load, up to 2026-06-02"]),
        ("1,2026-03-27 10:00,,2099-01-01 10:00,", ["solved_at: 1 row after the load, up to 2099-01-01"]),
        ("1,2026-03-27 10:00,2026-03-27 09:59,,", ["first_reply_at: 1 row before created_at: in no duration"]),
        (
            "1,2026-03-27 10:00,,2026-03-27 09:59,2026-03-26 10:00",
            [f"{name}: 1 row before created_at: in no duration" for name in ("solved_at", "closed_at")],
        ),
        ("1,2026-03-27 10:00,,2026-03-27,", []),  # the same day, of which there is no more
        ("1,2026-03-27 10:00,,2026-03-26,", ["solved_at: 1 row before created_at: in no duration"]),
    ],
)
def test_what_is_odd_is_told_by_column(row: str, expected: list[str], tmp_path: Path) -> None:
    assert notes(tmp_path, HEADER + row + "\n") == expected


def test_rows_are_counted(tmp_path: Path) -> None:
    rows = "".join(f"{n},2026-03-27 10:00,,2026-03-20 10:00,\n" for n in range(3)) + "9,2026-03-27 10:00,,,\n"
    assert notes(tmp_path, HEADER + rows) == ["solved_at: 3 rows before created_at: in no duration"]


def test_an_answer_before_its_invitation_is_told(tmp_path: Path) -> None:
    text = "kind,score,invited_at,responded_at\nnps,9,2026-03-27 10:00,2026-03-26 10:00\n"
    assert notes(tmp_path, text) == ["responded_at: 1 row before invited_at: in no duration"]


def test_a_figure_over_rows_of_1970_says_so(shop: Callable[..., Store]) -> None:
    rows = ("1,1970-01-01 00:00,a", "2,2026-03-27 10:00,b", "3,1970-01-01 00:00,a")
    store = shop(tickets="\n".join(["ticket_id,created_at,channel", *rows]))
    told = "2 tickets dated 1970-01-01 or before: programs write that where there is no time"
    assert told in contacts(store).notes
    assert told in contacts(store, by="channel").notes
    assert not any("1970" in note for note in contacts(store.filtered(parse_conditions(["channel=b"]))).notes)

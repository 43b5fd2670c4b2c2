"""A file with a row for each session and a column for each step is read as a row for each step."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.conftest import Call
from tests.test_guess_kinds import guessed, stored

STEPS = ("visit_at", "cart_at", "paid_at")
BEGIN = datetime(2026, 3, 1, 9)


def sessions(head: str = "session_id,user_id,device") -> list[str]:
    """30 sessions of 10 users: all have the first step, 20 the second, 10 the third."""
    rows = [",".join((head, *STEPS))]
    for n in range(30):
        times = [f"{BEGIN + timedelta(hours=9 * n, minutes=5 * k):%Y-%m-%d %H:%M:%S}" for k in range(3)]
        rows.append(
            ",".join((f"s{n}", f"u{n % 10}", "phone", *(time if k <= n % 3 else "" for k, time in enumerate(times))))
        )
    return rows


COUNTED = [{"step": "visit_at", "n": 30}, {"step": "cart_at", "n": 20}, {"step": "paid_at", "n": 10}]
QUERY = "select step, count(*) as n from events group by step order by n desc"


def test_columns_of_times_of_which_fewer_have_each_are_steps(tmp_path: Path, supportkit: Call) -> None:
    file, db = tmp_path / "wide.csv", tmp_path / "s.duckdb"
    file.write_text("\n".join(sessions()))
    code, _, err = supportkit("load", file, "--guess", "--db", db)
    assert (code, "read 60 = loaded 60" in err) == (0, True)
    assert "read as a row for each step: visit_at, cart_at, paid_at" in err
    assert stored(supportkit, db, QUERY) == COUNTED
    assert stored(supportkit, db, "select min(occurred_at) as n from events where step = 'cart_at'") == [
        {"n": "2026-03-01T18:05:00Z"}
    ]
    code, _, err = supportkit("load", file, "--guess", "--db", db)
    assert "nothing is new" in err


def test_steps_can_be_said_and_tried_and_written_down(tmp_path: Path, supportkit: Call) -> None:
    file, db = tmp_path / "wide.csv", tmp_path / "s.duckdb"
    file.write_text("\n".join(sessions("session_id,who,device")))
    maps = ("--as", "events", "--map", "user_id=who", "--map", "steps=Visit_at, paid_at")
    assert "Read 40" in " ".join(supportkit("load", file, *maps, "--dry-run")[1].split())
    assert supportkit("load", file, *maps, "--db", db)[0] == 0
    assert stored(supportkit, db, QUERY) == [COUNTED[0], COUNTED[2]]
    assert stored(supportkit, db, "select count(*) as n from events where properties->>'cart_at' is not null") == [
        {"n": 30}
    ]
    toml = tmp_path / "supportkit.toml"
    assert supportkit("init", toml, "--from", file, "--map", "user_id=who")[0] == 0
    assert supportkit("load", file, "--config", toml, "--db", db)[0] == 0
    assert stored(supportkit, db, QUERY) == COUNTED


def test_a_row_without_a_step_is_refused_and_a_damaged_line_names_itself(tmp_path: Path, supportkit: Call) -> None:
    file, db = tmp_path / "wide.csv", tmp_path / "s.duckdb"
    file.write_text("\n".join([*sessions(), "s30,u1,phone,,,"]))
    _, _, err = supportkit("load", file, "--guess", "--db", db)
    assert "read 61 = loaded 60 + updated 0 + unchanged 0 + older 0 + rejected 1" in err
    file.write_text("\n".join([*sessions(), "s30,u1,phone,,,,,,"]))
    code, _, err = supportkit("load", file, "--guess", "--db", tmp_path / "t.duckdb")
    assert (code, "wide.csv:32" in err) == (3, True)


def test_a_step_that_the_file_has_not_is_an_error(tmp_path: Path, supportkit: Call) -> None:
    file = tmp_path / "wide.csv"
    file.write_text("\n".join(sessions()))
    code, _, err = supportkit("load", file, "--as", "events", "--map", "steps=visit_at, car_at", "--db", tmp_path / "s")
    assert (code, "cart_at" in err) == (2, True)


@pytest.mark.parametrize(
    ("head", "row"),
    [
        ("ticket_id,subject,created_at,first_reply_at,solved_at", "{n},Where is it,2026-03-{d} 10:00:00,{a},{b}"),
        ("order_id,total,ordered_at,packed_at,delivered_at", "{n},9.50,2026-03-{d} 10:00:00,{a},{b}"),
    ],
)
def test_the_course_of_a_ticket_or_an_order_is_no_way_of_steps(head: str, row: str, tmp_path: Path) -> None:
    rows = [
        row.format(
            n=n, d=10 + n % 18, a=f"2026-03-{10 + n % 18} 11:00:00" * (n % 3 > 0),
            b=f"2026-03-{10 + n % 18} 12:00:00" * (n % 3 > 1),
        )
        for n in range(30)
    ]  # fmt: skip
    found = guessed(tmp_path / "list.csv", head, *rows)
    assert (found.table in ("tickets", "orders"), "steps" in found.map) == (True, False)

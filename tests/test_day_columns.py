"""A column whose every time is 00:00:00 holds days: its rows have no hour, and durations are whole days."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from supportkit.causes import causes
from supportkit.contacts import contacts
from supportkit.exports import LoadOptions, load
from supportkit.service import service
from supportkit.store import Store, memory_store
from tests.conftest import Call

Shop = Callable[..., Store]
DAY = 86_400
NIGHT = "contacts have no hour: their export has days alone in created_at, and what arrives at night is not known"


def written(folder: Path, rows: list[str], name: str = "tickets.csv") -> Path:
    path = folder / name
    path.write_text("ticket_id,created_at,solved_at\n" + "".join(f"{row}\n" for row in rows), encoding="utf-8")
    return path


def instants(store: Store) -> list[dict[str, str]]:
    rows = store.connection.execute("select reading from loads order by load_id").fetchall()
    return [json.loads(row[0])["instants"] for row in rows]


@pytest.mark.parametrize(
    ("created", "kind"),
    [
        (["2026-03-27", "2026-03-28"], "day"),
        (["2026-03-27 00:00:00", "2026-03-28 00:00"], "day"),
        (["27.03.2026", "28.03.2026 00:00"], "day"),
        (["2026-03-27T00:00:00Z", "2026-03-28T00:00:00Z"], "day"),  # midnight where it was written
        (["2026-03-27T00:00:00+01:00", "2026-03-30T00:00:00+02:00"], "day"),
        (["46108", "46109"], "day"),  # a spreadsheet's
        (["2026-03-27 00:00:00", "2026-03-28 00:15:00"], "time"),
        (["2026-03-27", "2026-03-28 00:00:01"], "time"),
        (["2026-03-27T00:00:00Z", "2026-03-27T23:00:00Z"], "time"),
        (["2026-03-27T05:30:00Z", "2026-03-28T05:30:00Z"], "time"),
        (["1774569600", "1774656000"], "day"),
    ],
)
def test_whether_a_column_holds_days_is_kept_with_its_load(created: list[str], kind: str, tmp_path: Path) -> None:
    file = written(tmp_path, [f"{number},{day}," for number, day in enumerate(created)])
    with memory_store() as store:
        load(store, [file], LoadOptions(zone="Europe/Berlin"))
        assert instants(store) == [{"created_at": kind}]  # solved_at has no value


def test_contacts_of_days_have_no_hour(shop: Shop) -> None:
    store = shop(zone="Europe/Berlin", tickets="ticket_id,created_at\n1,2026-03-27\n2,2026-03-27\n3,2026-03-28")
    result = contacts(store)
    # a Friday and a Saturday; the clocks change on the Sunday after
    assert [row[:4] for row in result.rows] == [("Fri", None, 2, 2.0), ("Sat", None, 1, 1.0)]
    assert (result.facts["contacts"], result.facts["out_of_hours"], result.facts["with_hour"]) == (3, None, 0)
    assert NIGHT in result.notes
    assert result.chart is None


def test_contacts_of_times_beside_days_have_theirs(tmp_path: Path) -> None:
    days = written(tmp_path, ["1,2026-03-27,", "2,2026-03-28,"], "days.csv")
    times = written(tmp_path, ["1,2026-03-27 09:00:00,", "2,2026-03-27 22:00:00,"], "times.csv")
    with memory_store() as store:
        load(store, [days], LoadOptions(table="tickets", source="shop"))
        load(store, [times], LoadOptions(table="tickets", source="desk"))
        result = contacts(store)
    assert [row[:3] for row in result.rows] == [("Fri", 9, 1), ("Fri", 22, 1), ("Fri", None, 1), ("Sat", None, 1)]
    assert (result.facts["contacts"], result.facts["with_hour"], result.facts["out_of_hours"]) == (4, 2, 0.5)
    assert "2 of 4 contacts have no hour: their export has days alone in created_at" in result.notes


def test_one_load_with_times_gives_all_of_its_source_their_hours(tmp_path: Path) -> None:
    with memory_store() as store:
        for name, when in (("first.csv", "2026-03-27"), ("second.csv", "2026-03-28 10:00:00")):
            load(store, [written(tmp_path, [f"{name},{when},"], name)], LoadOptions())
        assert contacts(store).facts["with_hour"] == 2


@pytest.mark.parametrize(
    ("created", "solved", "days"),
    [
        ("2026-03-27", "2026-03-27", 0),
        ("2026-03-27", "2026-03-30", 3),  # across the change of clocks, 71 hours on the clock
        ("2026-10-23", "2026-10-26", 3),  # 73 hours
        ("2026-03-27 10:00:00", "2026-03-27", 0),  # solved on the day, and not before it was created
        ("2026-03-27 23:59:00", "2026-03-28", 1),
        ("2026-03-27", "2026-03-28 18:00:00", 1),
    ],
)
def test_durations_are_whole_days_where_an_end_is_a_day(created: str, solved: str, days: int, shop: Shop) -> None:
    result = service(shop(zone="Europe/Berlin", tickets=f"ticket_id,created_at,solved_at\n1,{created},{solved}"))
    assert (result.facts["solved"], result.facts["resolution_p50_s"]) == (1, days * DAY)
    assert any(note.endswith("without a time: durations are in whole days") for note in result.notes), result.notes
    assert not any("impossible" in note for note in result.notes)


def test_what_was_solved_a_day_before_stays_impossible(shop: Shop) -> None:
    result = service(shop(tickets="ticket_id,created_at,solved_at\n1,2026-03-27,2026-03-26"))
    assert result.facts["resolution_p50_s"] is None
    assert any(note.startswith("1 ticket is impossible") for note in result.notes)


def test_times_have_durations_to_the_second_and_no_note(shop: Shop) -> None:
    result = service(shop(tickets="ticket_id,created_at,solved_at\n1,2026-03-27 10:00:00,2026-03-28 00:00:30"))
    assert result.facts["resolution_p50_s"] == 14 * 3600 + 30
    assert not any("whole days" in note for note in result.notes)


def test_each_column_is_judged_by_itself(shop: Shop) -> None:
    text = """ticket_id,created_at,first_reply_at,solved_at
        1,2026-03-27 10:00:00,2026-03-27 11:30:00,2026-03-29
        2,2026-03-28 10:00:00,2026-03-28 11:30:00,2026-03-30"""
    result = service(shop(tickets=text))
    assert (result.facts["first_reply_p50_s"], result.facts["resolution_p50_s"]) == (5400, 2 * DAY)
    assert "solved_at holds days without a time: durations are in whole days" in result.notes


@pytest.mark.parametrize(
    ("created", "sent", "days"),
    [
        ("2026-03-27", "2026-03-30 15:00:00", 3),  # the log has times, across the change of clocks
        ("2026-03-27", "2026-03-27 15:00:00", 0),
        ("2026-03-27 10:00:00", "2026-03-27", 0),  # the log has days: not before the ticket was created
        ("2026-03-27 10:00:00", "2026-03-29", 2),
        ("2026-03-27", "2026-03-28", 1),
    ],
)
def test_first_replies_of_a_log_are_whole_days_too(created: str, sent: str, days: int, shop: Shop) -> None:
    log = f"ticket_id,sent_at,sender\n1,{sent},agent"
    result = service(shop(zone="Europe/Berlin", tickets=f"ticket_id,created_at\n1,{created}", messages=log))
    assert (result.facts["replied"], result.facts["first_reply_p50_s"]) == (1, days * DAY)


def test_an_agents_message_of_the_day_of_creation_does_not_open_the_ticket(shop: Shop) -> None:
    log = "ticket_id,sent_at,sender\n1,2026-03-27,agent\n1,2026-03-28,agent"
    result = service(shop(tickets="ticket_id,created_at\n1,2026-03-27", messages=log))
    assert result.facts["first_reply_p50_s"] == 0


def test_a_condition_sees_the_day_itself(shop: Shop) -> None:
    text = "ticket_id,created_at,solved_at\n1,2026-03-27 10:00:00,2026-03-30\n2,2026-03-27 10:00:00,2026-03-31"
    from supportkit.store.conditions import parse_conditions

    store = shop(tickets=text).filtered(parse_conditions(["solved_at=2026-03-30"]))
    assert service(store).facts["tickets"] == 1


def test_causes_count_whole_days(shop: Shop) -> None:
    text = "ticket_id,created_at,solved_at,category,is_complaint\n1,2026-03-27,2026-03-30,late,true"
    result = causes(shop(zone="Europe/Berlin", tickets=text))
    assert [row["hours"] for row in result.records()] == [72]
    assert "created_at and solved_at hold days without a time: durations are in whole days" in result.notes


def test_a_store_says_it_as_the_files_do(tmp_path: Path, supportkit: Call) -> None:
    file, db = written(tmp_path, ["1,2026-03-27,2026-03-28", "2,2026-03-28,"]), tmp_path / "t.db"
    supportkit("load", file, "--db", db)
    supportkit("load", file, "--db", db)  # again, which changes nothing
    for source in (("--db", db), ("--data", file)):
        _, out, _ = supportkit("contacts", *source)
        assert NIGHT in out

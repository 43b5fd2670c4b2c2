"""What step an event is: the names of events before pages, and an action with what it was done to."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import Call
from tests.test_guess_doubts import readings
from tests.test_guess_kinds import guessed, stored

DAYS = range(10, 28)


def test_names_of_events_are_asked_about_beside_pages(tmp_path: Path) -> None:
    names = ("pageview", "add_to_cart", "purchase")
    rows = (f"u{n % 4},2026-03-{n} 10:00,{names[n % 3]},/p{n % 5}" for n in DAYS)
    found = guessed(tmp_path / "hits.csv", "user_id,time,datapoint,path", *rows)
    assert readings(found)["step"] == ("datapoint", "path")


def test_pages_alone_are_steps(tmp_path: Path) -> None:
    rows = (f"u{n % 4},2026-03-{n} 10:00,{('new', 'seen')[n % 2]},/p{n % 5}" for n in DAYS)
    found = guessed(tmp_path / "hits.csv", "user_id,time,visitor state,path", *rows)
    assert (found.map["step"], found.settled) == ("path", True)


def test_an_action_of_several_things_is_asked_about_with_them(tmp_path: Path, supportkit: Call) -> None:
    file, db = tmp_path / "log.csv", tmp_path / "s.duckdb"
    done = (("Carts", "show"), ("Orders", "show"), ("Orders", "create"))
    rows = (f"u{n % 4},2026-03-{n} 10:00,{done[n % 3][0]},{done[n % 3][1]}" for n in DAYS)
    file.write_text("\n".join(["user_id,time,controller,action", *rows]))
    code, _, err = supportkit("load", file, "--guess", "--db", db)
    assert (code, "several of controller have one action" in err) == (3, True), err
    said = "step=controller+' '+action"
    assert supportkit("load", file, "--guess", "--map", said, "--db", db)[0] == 0
    # 18 rows, every third one of each
    assert stored(supportkit, db, "select step, count(*) as n from events group by step order by step") == [
        {"step": "Carts show", "n": 6},
        {"step": "Orders create", "n": 6},
        {"step": "Orders show", "n": 6},
    ]


def test_actions_of_one_thing_each_are_steps(tmp_path: Path) -> None:
    done = (("Carts", "opened"), ("Orders", "sent"), ("Orders", "paid"))
    rows = (f"u{n % 4},2026-03-{n} 10:00,{done[n % 3][0]},{done[n % 3][1]}" for n in DAYS)
    found = guessed(tmp_path / "log.csv", "user_id,time,controller,action", *rows)
    assert (found.map["step"], found.settled) == ("action", True)


def test_what_was_earned_gross_is_asked_about_beside_the_amount(tmp_path: Path) -> None:
    rows = (f"HM{n},2026-03-{n},Guest {n % 5},{n}.50,{n + 1}.50" for n in DAYS)
    found = guessed(tmp_path / "stays.csv", "Confirmation code,Booked on,Guest,Amount,Gross earnings", *rows)
    assert readings(found) == {"amount": ("Amount", "Gross earnings")}
    assert (found.map["order_id"], found.map["ordered_at"]) == ("Confirmation code", "Booked on")


@pytest.mark.parametrize("header", ["Guest", "Gast", "Voyageur", "Huésped", "Гость"])
def test_a_guest_may_be_the_customer(header: str, tmp_path: Path, supportkit: Call) -> None:
    file = tmp_path / "stays.csv"
    rows = (f"HM{n},2026-03-{n},g{n % 5},{n}.50" for n in DAYS)
    file.write_text("\n".join([f"Confirmation code,Booked on,{header},Amount", *rows]), encoding="utf-8")
    out = " ".join(supportkit("load", file, "--db", tmp_path / "s.duckdb")[1].split())
    assert f"customer_id stays empty; it may be {header}" in out


def test_a_log_of_requests_is_events_of_addresses(tmp_path: Path) -> None:
    rows = (f"2026-03-{n},10:00:00,198.51.100.{n % 4},/p{n % 3},200" for n in DAYS)
    found = guessed(tmp_path / "log.csv", "date,time,c-ip,cs-uri-stem,sc-status", *rows)
    assert (found.table, found.map) == ("events", {"occurred_at": "date+' '+time", "step": "cs-uri-stem"})
    assert readings(found)["user_id"] == ("c-ip",)


@pytest.mark.parametrize(
    "words", [("Promoter", "Passiv", "Detraktor"), ("Promoteur", "Passif", "Détracteur"), ("Промоутер", "Критик")]
)
def test_promoters_in_other_languages_say_what_survey_it_is(words: tuple[str, ...], tmp_path: Path) -> None:
    rows = (f"{n % 11};{words[n % len(words)]};2026-03-{n}" for n in DAYS)
    found = guessed(tmp_path / "said.csv", "Score;Gruppe;Datum", *rows)
    assert (found.map["kind"], found.settled) == ("'nps'", True)


def test_an_address_is_spelled_nearly_as_no_id(tmp_path: Path) -> None:
    rows = (f"v{n % 4},10.0.0.{n % 4},{n},buy {n % 3},2026-03-{n} 10:00" for n in DAYS)
    found = guessed(tmp_path / "visits.csv", "visitorId,visitIp,idVisit,event,time", *rows)
    assert found.map["session_id"] == "idVisit"
    rows = (f"v{n % 4},10.0.0.{n % 4},buy {n % 3},2026-03-{n} 10:00" for n in DAYS)
    assert "session_id" not in guessed(tmp_path / "ips.csv", "visitorId,visitIp,event,time", *rows).map


def test_the_day_beside_seconds_since_1970_is_no_other_time(tmp_path: Path) -> None:
    # 1773100800 is 2026-03-10 00:00 in UTC
    rows = (f"v{n % 4},buy {n % 3},2026-03-{n},{1773100800 + (n - 10) * 86400 + 3600}" for n in DAYS)
    found = guessed(tmp_path / "visits.csv", "visitor id,event,event date,event timestamp", *rows)
    assert (found.map["occurred_at"], found.settled) == ("event timestamp", True)


def test_a_log_of_operations_with_an_at_sign_in_its_times_is_events(tmp_path: Path, supportkit: Call) -> None:
    file, db = tmp_path / "log.csv", tmp_path / "s.duckdb"
    rows = (f'"Mar {n}, 2026 @ 10:00:00.123",INFO,user{n % 4},op {n % 3},finished in {n} ms' for n in DAYS)
    file.write_text("\n".join(["@timestamp,level,username,operation,message", *rows]))
    assert supportkit("load", file, "--guess", "--db", db)[0] == 0
    query = "select min(occurred_at) as day, count(distinct step) as n from events"
    assert stored(supportkit, db, query) == [{"day": "2026-03-10T10:00:00.123000Z", "n": 3}]


def test_times_with_dots_are_times(tmp_path: Path, supportkit: Call) -> None:
    file, db = tmp_path / "risposte.csv", tmp_path / "s.duckdb"
    rows = (f"{n}/03/2026 8.05.30,{n % 7 + 1}" for n in DAYS)
    file.write_text("\n".join(["Data e ora,Quanto è stato facile? (da 1 a 7)", *rows]), encoding="utf-8")
    code, _, err = supportkit("load", file, "--guess", "--map", "kind='ces'", "--db", db)
    assert code == 0, err
    assert stored(supportkit, db, "select min(responded_at) as n from surveys") == [{"n": "2026-03-10T08:05:30Z"}]


def test_days_as_spreadsheets_count_them_are_days(tmp_path: Path) -> None:
    # 46091 is 2026-03-10, and 94105 a postal code
    rows = [f"{n},{46081 + n},k{n % 5}@shop.example,{n}.50,{94100 + n}" for n in DAYS]
    found = guessed(tmp_path / "sold.csv", "Order No,Order Date,Email,Total,Purchase date", *rows)
    assert (found.map["ordered_at"], found.settled) == ("Order Date", True)


def test_a_log_of_a_web_server_is_told_with_its_times(tmp_path: Path, supportkit: Call) -> None:
    file, db = tmp_path / "access.log", tmp_path / "s.duckdb"
    rows = (
        f'198.51.100.{n % 4} - kim{n % 4} [{n}/Mar/2026:10:00:00 +0100] "GET /p{n % 3} HTTP/1.1" 200 7{n} "-" "Web (X)"'
        for n in DAYS
    )
    file.write_text("\n".join(rows))
    code, _, err = supportkit("load", file, "--as", "events", "--db", db)
    assert (code, "occurred_at=column_4+' '+column_5" in err) == (3, True), err
    said = ["user_id=column_3", "occurred_at=column_4+' '+column_5", "step=column_6"]
    maps = [word for one in said for word in ("--map", one)]
    assert supportkit("load", file, "--as", "events", "--guess", *maps, "--db", db)[0] == 0
    assert stored(supportkit, db, "select min(occurred_at) as n from events") == [{"n": "2026-03-10T09:00:00Z"}]


def test_what_came_back_has_names_in_dutch(tmp_path: Path) -> None:
    rows = [f"B{n};{n}-03-2026;k{n % 5}@shop.example;{n},50;{n % 2},00;x" for n in DAYS]
    found = guessed(tmp_path / "b.csv", "Bestelnummer;Besteldatum;E-mailadres;Totaal;Retour bedrag;Iets", *rows)
    assert found.map["refunded"] == "Retour bedrag"

"""Business time: by hand, across midnight and changes of the clocks, and minute by minute over random calendars."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from supportkit.config import read_config
from supportkit.configuration.calendars import calendars, read_hours
from supportkit.configuration.readers import MisreadError
from supportkit.desk.business_time import WORKED, lookup, slot, worked_until
from supportkit.errors import UsageError
from supportkit.metrics import METRICS
from supportkit.request import leaves, read_request, rows, run
from supportkit.stats.working_time import working_spans
from supportkit.store import Store, memory_store, open_store
from tests.conftest import Call

Shop = Callable[..., Store]
HOUR = 3600
DAY_US = 24 * HOUR * 1_000_000
OFFICE = {"hours": "Mon-Fri 09:00-18:00"}
# asked on Friday, 6 November 2026, at 17:00, answered on Monday at 10:00, solved on Monday at 11:00, at last on Tuesday
LOG = """
ticket_id,sent_at,sender,public,kind,to_value
T1,2026-11-06T17:00:00,customer,true,message,
T1,2026-11-06T17:00:05,bot,true,message,
T1,2026-11-06T17:10:00,agent,false,note,
T1,2026-11-09T10:00:00,agent,true,message,
"""
TICKET = """
ticket_id,created_at,channel,team,country,solved_at
T1,2026-11-06T17:00:00,email,gold,DE,2026-11-10T10:00:00
"""


def facts_of(store: Store, calendar: object, **options: Any) -> dict[str, Any]:
    request = read_request(METRICS["service"], {"by": "channel", **options})
    hours = calendars(calendar).hours
    return dict(run(store, replace_options(request, hours)).facts)


def replace_options(request: Any, hours: Any, **more: Any) -> Any:
    from dataclasses import replace

    return replace(request, options={**request.options, "calendar": hours, **more})


def test_the_worked_log_within_hours(shop: Shop) -> None:
    # Friday 17:00 to 18:00 is one hour; Monday 09:00 to 10:00 another: the first reply takes 2, calendar time 65.
    # The last solve: the first hour, Monday's nine, Tuesday's one: 11, calendar time 89.
    facts = facts_of(shop(tickets=TICKET, messages=LOG), OFFICE)
    assert facts["first_reply_p50_s"] == 65 * HOUR
    assert facts["first_reply_business_p50_s"] == facts["first_reply_business_p90_s"] == 2 * HOUR
    assert facts["resolution_p50_s"] == 89 * HOUR
    assert facts["resolution_business_p50_s"] == facts["resolution_business_p90_s"] == 11 * HOUR


def test_a_first_solve_within_hours(shop: Shop) -> None:
    ticket = TICKET.replace("2026-11-10T10:00:00", "2026-11-09T11:00:00")
    assert facts_of(shop(tickets=ticket, messages=LOG), OFFICE)["resolution_business_p50_s"] == 3 * HOUR


def test_promises_are_kept_by_the_business_clock(shop: Shop) -> None:
    store = shop(tickets=TICKET, messages=LOG)
    request = read_request(METRICS["service"])
    for target, kept in ((2 * HOUR, 1), (2 * HOUR - 1, 0)):
        asked = replace_options(request, calendars(OFFICE).hours, targets={"email": {"first_reply": target}})
        assert run(store, asked).facts["sla_met"] == kept
        assert leaves(store, replace_options(asked, calendars(OFFICE).hours)).successes == kept
        (row,) = rows(store, asked, "all").records()
        assert (row["promise"], row["first_reply_business_s"]) == ("kept" if kept else "broken", 2 * HOUR)
    without = replace_options(request, (), targets={"email": {"first_reply": 2 * HOUR}})
    assert run(store, without).facts["sla_met"] == 0


def test_an_open_ticket_is_late_by_the_business_clock(shop: Shop) -> None:
    # as of Monday 09:30 an hour and a half of work has passed, of 64.5 on the clock
    store = shop(
        tickets=TICKET.replace("2026-11-10T10:00:00", ""),
        messages="ticket_id,sent_at,sender\nT1,2026-11-06T17:00:00,customer",
    )
    store = store.filtered((), datetime(2026, 11, 9, 9, 30, tzinfo=UTC))
    request = read_request(METRICS["service"])
    for target, shown in ((1.4, (1, 0)), (1.6, (0, None))):  # late: broken; in time: no verdict yet
        asked = replace_options(request, calendars(OFFICE).hours, targets={"email": {"first_reply": target * HOUR}})
        facts = run(store, asked).facts
        assert (facts["with_target"], facts["sla_met"]) == shown


def test_no_minute_of_work_is_0_and_not_null(shop: Shop) -> None:
    night = (
        "ticket_id,created_at,first_reply_at,solved_at\nT1,2026-11-07T10:00:00,2026-11-08T20:00:00,2026-11-08T21:00:00"
    )
    facts = facts_of(shop(tickets=night), OFFICE)
    assert (facts["first_reply_business_p50_s"], facts["resolution_business_p50_s"]) == (0, 0)


def test_without_hours_business_figures_are_null_and_with_them_the_note_says_which(shop: Shop) -> None:
    store = shop(tickets=TICKET, messages=LOG)
    assert facts_of(store, {})["first_reply_business_p50_s"] is None
    request = replace_options(read_request(METRICS["service"]), calendars({**OFFICE, "closed": ["2026-11-09"]}).hours)
    result = run(store, request)
    assert "business time: Mon-Fri 09:00-18:00 (UTC); closed on 2026-11-09" in result.notes
    assert result.facts["first_reply_business_p50_s"] == HOUR  # Friday's alone
    assert not next(one for one in result.columns if one.name == "first_reply_business_p50_s").aside


@pytest.mark.parametrize(("name", "hours"), [("email", 2), ("gold", 2), ("de", 2), ("DE", 2), ("chat", None)])
def test_hours_are_for_a_channel_a_team_or_a_country(name: str, hours: int | None, shop: Shop) -> None:
    facts = facts_of(shop(tickets=TICKET, messages=LOG), {name: OFFICE})
    assert facts["first_reply_business_p50_s"] == (hours and hours * HOUR)


def test_the_channel_goes_before_the_team_and_both_before_all(shop: Shop) -> None:
    store = shop(tickets=TICKET, messages=LOG)
    found = {"hours": "24/7", "gold": {"hours": "Fri 17:00-17:30"}, "email": {"hours": "Mon 09:00-10:00"}}
    assert facts_of(store, found)["first_reply_business_p50_s"] == HOUR
    del found["email"]
    assert facts_of(store, found)["first_reply_business_p50_s"] == HOUR / 2
    del found["gold"]
    assert facts_of(store, found)["first_reply_business_p50_s"] == 65 * HOUR


def test_hours_over_midnight_go_on_in_the_next_day(shop: Shop) -> None:
    # Friday from 22:00 to 06:00 on Saturday, and so each night: 2 nights of 8 hours before Monday 10:00, and 3 of them
    assert (
        facts_of(shop(tickets=TICKET, messages=LOG), {"hours": "Mon-Sun 22:00-06:00"})["first_reply_business_p50_s"]
        == 24 * HOUR
    )


def test_hours_that_changed_hold_from_their_day(shop: Shop) -> None:
    versions = [OFFICE, {"hours": "Mon-Fri 08:00-18:00", "valid_from": date(2026, 11, 9)}]
    assert facts_of(shop(tickets=TICKET, messages=LOG), versions)["first_reply_business_p50_s"] == 3 * HOUR


def test_before_the_day_of_its_calendar_a_tickets_business_time_is_not_known(shop: Shop) -> None:
    # from Friday's midnight in Berlin on, which is 23:00 of Thursday in UTC: B is of a minute before
    tickets = """
    ticket_id,created_at,channel,first_reply_at
    A,2026-11-05T23:00:00,email,2026-11-06T09:00:00
    B,2026-11-05T22:59:00,email,2026-11-06T09:30:00
    C,2026-11-05T22:00:00,chat,2026-11-06T09:30:00
    """
    office = {**OFFICE, "time_zone": "Europe/Berlin", "valid_from": date(2026, 11, 6)}
    request = read_request(METRICS["service"])
    promised = {"default": {"first_reply": 2 * HOUR}}
    asked = replace_options(request, calendars(office).hours, targets=promised)
    found = run(shop(tickets=tickets), asked)
    # A waits from 9:00 to 10:00 in Berlin, within hours; B and C over ten hours by the clock
    assert found.facts["first_reply_business_p50_s"] == HOUR
    assert (found.facts["with_target"], found.facts["sla_kept"]) == (3, 1)
    assert "2 tickets were created before their calendar holds (valid_from)" in " ".join(found.notes)
    listed = rows(shop(tickets=tickets), asked, "all", None).records()
    assert {row["ticket_id"]: row["first_reply_business_s"] for row in listed} == {"A": HOUR, "B": None, "C": None}


def test_before_the_day_of_a_calendar_of_a_name_that_for_all_holds(shop: Shop) -> None:
    # e-mail is open around the clock from Monday on; before, Friday's hour as for all: 1 hour and 10 of Monday
    config = {**OFFICE, "email": {"hours": "24/7", "valid_from": date(2026, 11, 9)}}
    assert facts_of(shop(tickets=TICKET, messages=LOG), config)["first_reply_business_p50_s"] == 11 * HOUR
    alone = [{"email": {"hours": "24/7", "valid_from": date(2026, 11, 9)}}]
    assert facts_of(shop(tickets=TICKET, messages=LOG), alone)["first_reply_business_p50_s"] is None


def test_holidays_of_a_country_are_off_and_told(shop: Shop) -> None:
    pytest.importorskip("holidays", reason="holidays is not installed")
    # Epiphany, Tuesday 6 January 2026, is a holiday in Bavaria and none in Berlin
    ticket = "ticket_id,created_at,first_reply_at\nT1,2026-01-05T17:00:00,2026-01-07T10:00:00"
    for country, hours in (("DE-BY", 2), ("DE-BE", 11), ("de-by", 2)):
        request = read_request(METRICS["service"])
        calendar = calendars({**OFFICE, "country": country}).hours
        result = run(shop(tickets=ticket), replace_options(request, calendar))
        assert result.facts["first_reply_business_p50_s"] == hours * HOUR
        assert any("2026-01-06" in note for note in result.notes) == (hours == 2)
    with pytest.raises(UsageError, match="XX"):
        facts_of(shop(tickets=ticket), {**OFFICE, "country": "XX"})


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/St_Johns", "Australia/Lord_Howe", "Asia/Kathmandu"])
def test_a_whole_week_of_hours_is_the_time_on_the_clock(zone: str) -> None:
    spans = working_spans(read_hours("24/7"), zone, set(), date(2026, 1, 1), date(2026, 12, 31))
    start, end = (datetime(year, 1, 1, tzinfo=ZoneInfo(zone)).timestamp() * 1_000_000 for year in (2026, 2027))
    assert spans == [(start, end)]


@pytest.mark.parametrize(
    ("written", "day", "spans"),
    [
        ("Mon-Fri 09:00-18:00", 4, ((540, 1080),)),
        ("Mon-Fri 09:00-18:00", 5, ()),
        ("Mon-Fri 09:00-12:00, 13:00-18:00; Sat 10:00-14:00", 0, ((540, 720), (780, 1080))),
        ("Mon-Fri 09:00-12:00, 13:00-18:00; Sat 10:00-14:00", 5, ((600, 840),)),
        ("Fri-Mon 00:00-24:00", 6, ((0, 1440),)),
        ("Fri-Mon 00:00-24:00", 2, ()),
        ("Sunday 22:00-02:00", 0, ((0, 120),)),
        ("24/7", 3, ((0, 1440),)),
        ({"mon": "09:00-17:00", "Friday": "9:00-12:00,12:00-13:00"}, 4, ((540, 780),)),
    ],
)
def test_hours_are_read_from_a_text_or_a_table(written: object, day: int, spans: object) -> None:
    assert read_hours(written)[day] == spans


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('hours = "9-17"', "hours"),
        ('hours = "Mon 9:00"', "span"),
        ('hours = "Mun 09:00-17:00"', "weekday"),
        ('hours = "Mon 09:00-25:00"', "time of day"),
        ('hours = "Mon 09:61-10:00"', "time of day"),
        ("hours = {mo = 3}", "hours"),
        ('hour = "Mon 09:00-17:00"', "hours"),
        ('time_zone = "Mars"', "time zone"),
        ('closed = ["yesterday"]', "closed"),
        ('[calendar.chat]\ncountry = "DE"', "chat.hours"),
        ('[calendar.chat]\nhours = "x"', "chat.hours"),
        ("[[calendar.chat]]\nvalid_from = 3", "chat.0.valid_from"),
    ],
)
def test_what_is_no_calendar_is_told_by_its_key(text: str, said: str, tmp_path: Path) -> None:
    file = tmp_path / "c.toml"
    file.write_text(f"[calendar]\n{text}\n", encoding="utf-8")
    with pytest.raises(UsageError, match="calendar") as caught:
        read_config(file)
    assert said in f"{caught.value.message} {caught.value.hint}"


def test_what_a_calendar_of_a_name_does_not_say_is_as_in_the_one_for_all(shop: Shop) -> None:
    # all: Monday to Friday 9 to 18 in Berlin, 9 November closed; asked Friday 17:00, answered Monday 10:00, UTC
    # 18:00 and 11:00 in Berlin. London's hours are those of UTC: an hour on Friday, and none on Monday, closed for all;
    # Berlin's: none. With hours of its own (Sat 10-12) chat has two hours in its week-end.
    every = {"hours": "Mon-Fri 09:00-18:00", "time_zone": "Europe/Berlin", "closed": ["2026-11-09"]}
    log = "ticket_id,sent_at,sender\n" + "\n".join(
        f"{name},2026-11-06T17:00:00Z,customer\n{name},2026-11-09T10:00:00Z,agent" for name in "ABC"
    )
    tickets = "ticket_id,created_at,channel\n" + "\n".join(
        f"{name},2026-11-06T17:00:00Z,{channel}"
        for name, channel in zip("ABC", ("email", "phone", "chat"), strict=True)
    )
    named = {"phone": {"time_zone": "Europe/London"}, "chat": {"hours": "Sat 10:00-12:00"}}
    request = replace_options(read_request(METRICS["service"], {"by": "channel"}), calendars({**every, **named}).hours)
    found = {
        row["channel"]: row["first_reply_business_p50_s"]
        for row in run(shop(tickets=tickets, messages=log), request).records()
    }
    assert found == {"email": 0, "phone": HOUR, "chat": 2 * HOUR}
    assert [one.country for one in calendars({**every, "country": "DE", "AT": {"country": "AT"}}).hours] == ["DE", "AT"]


def test_closed_days_are_days_or_spans_of_them_and_expected_to_be_missing() -> None:
    found = calendars({"closed": ["2026-12-24..2026-12-26", date(2027, 1, 1)], "holidays": ["2026-05-01", "May Day"]})
    assert found.off == {date(2026, 12, day) for day in (24, 25, 26)} | {date(2027, 1, 1), date(2026, 5, 1)}
    assert found.hours == ()
    with pytest.raises(MisreadError):
        calendars({"chat": 3})


def test_the_configuration_changes_the_figure_and_says_so(supportkit: Call, tmp_path: Path) -> None:
    # Freshdesk's export of case 10: a ticket of Friday 16:00 that was answered on Monday at 10:00
    (tmp_path / "tickets.csv").write_text(
        "ticket_id,created_at,first_reply_at\n1,2026-03-06 16:00:00,2026-03-09 10:00:00\n", encoding="utf-8"
    )
    config = tmp_path / "supportkit.toml"
    hours = '{mon = "09:00-17:00", tue = "09:00-17:00", fri = "09:00-17:00"}'
    config.write_text(f"[calendar]\nhours = {hours}\n", encoding="utf-8")
    code, out, err = supportkit("service", "--data", tmp_path / "tickets.csv", "--config", config)
    assert code == 0, err
    assert "First reply p50, business  2 h 0 min" in " ".join(out.split("\n")) or "2 h" in out
    assert "business time: Mon-Tue 09:00-17:00, Fri 09:00-17:00 (UTC)" in out
    code, out, _ = supportkit(
        "check", "--data", tmp_path / "tickets.csv", "--config", config, "--period", "all",
        "--expect", "service.first_reply_business_p50_s <= 2h min 1", "-f", "json",
    )  # fmt: skip
    assert code == 0
    assert '"pass"' in out


@pytest.fixture(scope="module")
def empty() -> Iterator[Store]:
    """A store without rows, to ask for what lies in the parameters."""
    with memory_store() as store:
        yield store


FIRST = date(2026, 3, 20)
DAYS = 16  # the clocks of Berlin change on the 29th, those of Lord Howe on 5 April
MINUTES = st.integers(0, 24 * 60)
WEEKLY = st.lists(
    st.lists(st.tuples(MINUTES, MINUTES).filter(lambda span: span[0] < span[1]), max_size=3), min_size=7, max_size=7
)
ZONES = st.sampled_from(["UTC", "Europe/Berlin", "Australia/Lord_Howe", "Asia/Kathmandu", "America/New_York"])
SQL = f"""
with {WORKED},
     span as (
        select unnest(cast($begun as timestamptz[])) as a, unnest(cast($ended as timestamptz[])) as b,
               generate_subscripts(cast($begun as timestamptz[]), 1) as place)
select ({worked_until("ended", "b")} - {worked_until("begun", "a")}) // 60000000 as minutes
  from span
  left join worked as begun on begun.slot = {slot("1", "a")}
  left join worked as ended on ended.slot = {slot("1", "b")}
 order by place
"""


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    weekly=WEEKLY,
    zone=ZONES,
    off=st.sets(st.integers(0, DAYS - 1), max_size=3),
    spans=st.lists(
        st.tuples(st.integers(0, DAYS * 1440 - 1), st.integers(0, DAYS * 1440 - 1)), min_size=1, max_size=20
    ),
)
def test_the_query_counts_what_a_count_minute_by_minute_does(
    empty: Store, weekly: Any, zone: str, off: set[int], spans: list[tuple[int, int]]
) -> None:
    merged = read_hours({name: ", ".join(f"{a // 60:02d}:{a % 60:02d}-{b // 60:02d}:{b % 60:02d}" for a, b in hours)
                         for name, hours in zip(("mon", "tue", "wed", "thu", "fri", "sat", "sun"), weekly, strict=True)
                         if hours})  # fmt: skip
    days_off = {FIRST + timedelta(days=number) for number in off}
    start = datetime(FIRST.year, FIRST.month, FIRST.day, tzinfo=UTC)
    place = ZoneInfo(zone)

    def at_work(minute: int) -> bool:
        wall = (start + timedelta(minutes=minute)).astimezone(place)
        now = wall.hour * 60 + wall.minute
        return wall.date() not in days_off and any(a <= now < b for a, b in weekly[wall.weekday()])

    so_far = [0, *accumulate(at_work(minute) for minute in range(DAYS * 1440))]
    last = FIRST + timedelta(days=DAYS + 1)
    found = working_spans(merged, zone, days_off, FIRST - timedelta(days=1), last)
    begin, end = (int(each.timestamp()) * 1_000_000 for each in (start, start + timedelta(days=DAYS)))
    ordered = [tuple(sorted(span)) for span in spans]
    begun, ended = ([start + timedelta(minutes=span[side]) for span in ordered] for side in (0, 1))
    counted = empty.rows(SQL, **lookup([found], [(begin // DAY_US - 2) * DAY_US], end), begun=begun, ended=ended)
    assert [minutes for (minutes,) in counted] == [so_far[b] - so_far[a] for a, b in ordered]


def test_of_very_many_tickets_the_business_times_are_asked_for_apart_and_are_the_same(
    samples: Path, sample_store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    targets = read_config(samples / "supportkit.toml").section("sla")
    asked = replace_options(read_request(METRICS["service"]), calendars(OFFICE).hours, targets=targets)
    asked = read_request(METRICS["service"])
    requests = [replace_options(asked, calendars(OFFICE).hours, targets=targets, **more) for more in _GROUPS]
    with open_store(sample_store) as store:
        at_once = [run(store, one) for one in requests]
        monkeypatch.setattr("supportkit.service.MANY", 0)
        assert [run(store, one) for one in requests] == at_once
    assert at_once[0].facts["resolution_business_p90_s"]


_GROUPS: tuple[dict[str, Any], ...] = ({}, {"by": None}, {"by": "agent,channel"}, {"over": "month"})


PARTLY = """ticket_id,created_at,channel,first_reply_at,solved_at
1,2026-11-02T10:00:00Z,email,2026-11-02T12:00:00Z,2026-11-02T15:00:00Z
2,2026-11-02T10:00:00Z,chat,2026-11-02T11:00:00Z,2026-11-02T16:00:00Z
3,2026-11-03T10:00:00Z,chat,2026-11-03T11:00:00Z,
4,2026-11-03T10:00:00Z,email,,
"""
OF_EMAIL = '[calendar.Email]\nhours = "Mon-Fri 09:00-18:00"\n'


@pytest.fixture
def partly(tmp_path: Path) -> tuple[str | Path, ...]:
    (tmp_path / "tickets.csv").write_text(PARTLY, encoding="utf-8")
    (tmp_path / "own.toml").write_text(OF_EMAIL, encoding="utf-8")
    return ("--data", tmp_path / "tickets.csv", "--config", tmp_path / "own.toml")


def test_where_some_tickets_have_hours_business_figures_are_over_these_alone(
    partly: tuple[str | Path, ...], supportkit: Call
) -> None:
    found = json.loads(supportkit("service", *partly, "-f", "json")[1])
    facts = found["facts"]
    assert (facts["replied"], facts["replied_business"], facts["first_reply_business_p50_s"]) == (3, 1, 2 * HOUR)
    assert (facts["solved"], facts["solved_business"], facts["resolution_business_p50_s"]) == (2, 1, 5 * HOUR)
    (column,) = (one for one in found["columns"] if one["name"] == "first_reply_business_p50_s")
    assert column["n"] == "replied_business"
    by = {row["channel"]: (row["replied_business"], row["first_reply_business_p50_s"]) for row in found["rows"]}
    assert by == {"email": (1, 2 * HOUR), "chat": (0, None)}
    assert [note for note in found["notes"] if "no business figure" in note] == [
        "2 first replies are of tickets for which no working hours are set or known: they are in no business figure",
        "1 resolution is of a ticket for which no working hours are set or known: it is in no business figure",
    ]


def test_a_check_of_a_business_figure_counts_its_own_tickets(partly: tuple[str | Path, ...], supportkit: Call) -> None:
    few = supportkit("check", *partly, "--period", "all", "--expect", "service.first_reply_business_p50_s <= 3h min 2")
    assert few[0] == 3
    split = ("--expect", "service.first_reply_business_p50_s <= 3h by channel min 1", "-f", "json")
    rows = json.loads(supportkit("check", *partly, "--period", "all", *split)[1])["rows"]
    assert {row["slice"]: (row["state"], row["n"]) for row in rows} == {"email": ("pass", 1), "chat": ("no verdict", 0)}
    assert "for these tickets" in next(row["reason"] for row in rows if row["slice"] == "chat")


@pytest.mark.parametrize(
    ("figure", "ids"),
    [
        ("first_reply_business_p50_s", ["1"]),
        ("first_reply_p90_s", ["1", "2", "3"]),
        ("resolution_p50_s", ["1", "2"]),
    ],
)
def test_the_rows_of_a_duration_are_its_n_for_a_reader_and_in_a_failed_check(
    figure: str, ids: list[str], partly: tuple[str | Path, ...], tmp_path: Path, supportkit: Call
) -> None:
    listed = json.loads(supportkit("service", *partly, "--rows", figure, "-f", "json")[1])
    assert sorted(row["ticket_id"] for row in listed["rows"]) == ids
    report = tmp_path / "junit.xml"
    words = ("--expect", f"service.{figure} <= 1s min 1", "--write", f"junit={report}")
    assert supportkit("check", *partly, "--period", "all", *words)[0] == 1
    told = report.read_text(encoding="utf-8")
    assert all(f" {one}" in told for one in ids)
    assert f"rows: {', '.join(ids)}" in told or {*re.findall(r"rows: ([\d, ]+)", told)[0].split(", ")} == {*ids}


def test_days_that_end_before_they_begin_are_refused(partly: tuple[str | Path, ...], supportkit: Call) -> None:
    config = Path(partly[-1])
    config.write_text('[calendar]\nhours = "Mon-Fri 09:00-18:00"\nclosed = ["2026-12-25..2026-12-24"]\n', "utf-8")
    code, _, said = supportkit("service", *partly)
    assert code == 2
    assert "ends before it begins" in said


def test_targets_of_nobody_are_told(partly: tuple[str | Path, ...], supportkit: Call) -> None:
    Path(partly[-1]).write_text('[sla.emial]\nfirst_reply = "4h"\n', "utf-8")
    notes = json.loads(supportkit("service", *partly, "-f", "json")[1])["notes"]
    assert "no ticket here has a target: what [sla.<channel>] in supportkit.toml names is none of theirs" in notes


def test_calendars_and_targets_that_no_ticket_has_are_named_with_the_nearest(
    samples: Path, tmp_path: Path, supportkit: Call
) -> None:
    config = tmp_path / "typos.toml"
    config.write_text(
        '[calendar]\nhours = "Mon-Fri 09:00-18:00"\n[calendar.Emial]\nhours = "24/7"\n[calendar.de]\nhours = "24/7"\n'
        '[sla.emial]\nfirst_reply = "4h"\n[sla.chat]\nfirst_reply = "4h"\n'
        '[sla.vip]\nteam = "nobody"\nfirst_reply = "4h"\n[sla.default]\nresolution = "3d"\n',
        encoding="utf-8",
    )
    calendar = "[calendar.emial] is of no ticket: none has the channel, team or country 'emial'; nearest: email"
    targets = (
        "[sla.emial] is of no ticket: none has the channel 'emial'; nearest: email",
        "[sla.vip] is of no ticket: none has the team 'nobody'; there are: accounts, logistics, payments, product",
    )
    asked = ("--data", samples, "--config", config, "-f", "json")
    for words, wanted in (
        (("service",), (calendar, *targets)),
        (("service", "--rows", "breached", "--top", "1"), (calendar, *targets)),
        (("unanswered", "--where", "channel=chat"), (calendar, *targets)),
        (("survey-quality",), (calendar, *targets)),
        (("service-value",), (calendar, *targets)),
        (("reconcile",), (calendar,)),  # it compares spans, and has no promises
    ):
        notes = json.loads(supportkit(*words, *asked)[1])["notes"]
        assert [note for note in notes if "is of no ticket" in note] == [*wanted], words
    for rule, wanted in (("service.sla_met >= 1%", (calendar, *targets)), ("reconcile.compared >= 1", (calendar,))):
        notes = json.loads(supportkit("check", "--expect", rule, "--period", "all", *asked)[1])["notes"]
        assert [note for note in notes if "is of no ticket" in note] == [*wanted], rule
    notes = json.loads(supportkit("check", "--expect", "nps >= 0", "--period", "all", *asked)[1])["notes"]
    assert not any("is of no ticket" in note for note in notes)


@pytest.mark.parametrize("idle", ['country = "DE"', 'time_zone = "Europe/Berlin"', "valid_from = 2026-01-01"])
def test_what_is_said_of_hours_without_any_is_refused_and_not_passed_over(
    idle: str, partly: tuple[str | Path, ...], supportkit: Call
) -> None:
    Path(partly[-1]).write_text(f"[calendar]\n{idle}\n", "utf-8")
    code, _, said = supportkit("service", *partly)
    assert code == 2
    assert f"[calendar.{idle.partition(' ')[0]}] says nothing without hours" in said
    Path(partly[-1]).write_text(f'[calendar]\n{idle}\n[calendar.chat]\nhours = "24/7"\n', "utf-8")
    assert supportkit("service", *partly)[0] == 0
    Path(partly[-1]).write_text('[calendar]\nclosed = ["2026-12-25"]\n', "utf-8")
    assert supportkit("service", *partly)[0] == 0

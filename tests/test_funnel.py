"""The funnel as a metric: its columns, its options one by one, and what bad input meets."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from supportkit.errors import DataError, UsageError
from supportkit.funnel import SQL_OF_THREE_STEPS, funnel
from supportkit.funnels import fast_counts as funnel_counts
from supportkit.funnels.findings import findings as stands_out
from supportkit.funnels.steps import identity_pairs, read_identities
from supportkit.period import Period, parse_period
from supportkit.render.language import ENGLISH
from supportkit.result import Chart, Result
from supportkit.stats.intervals import newcombe, wilson
from supportkit.store.conditions import parse_conditions
from tests.conftest import Call, Words

HEAD = "user_id,occurred_at,step,country,device,payment_method,plan,session_id\n"


def events(*rows: str) -> str:
    """A CSV from `user day-hour:minute step country device payment_method plan session`; what is left out is empty."""
    lines = []
    for row in rows:
        user, when, *rest = row.split()
        day, _, time = when.partition("T")
        cells = [cell if cell != "-" else "" for cell in rest] + [""] * (6 - len(rest))
        lines.append(",".join([user, f"2026-10-{int(day):02d}T{time or '12:00'}:00Z", *cells]))
    return HEAD + "\n".join(lines)


def by_step(result: Result, name: str, **where: object) -> list[Any]:
    """A column of the rows that match, in the order of the steps."""
    return [row[name] for row in result.records() if all(row[key] == value for key, value in where.items())]


SIMPLE = events("a 1 visit DE", "a 2 cart", "a 3 paid", "b 1 visit DE", "b 2 cart", "c 1 visit GB", "d 1 cart GB")


def test_each_step_has_its_users_conversion_and_drop(shop: Any) -> None:
    result = funnel(shop(events=SIMPLE), steps=("visit", "cart", "paid"))
    assert result.facts == {"started": 3, "converted": 1, "conversion": pytest.approx(1 / 3)}
    assert by_step(result, "step_number") == [1, 2, 3]
    assert by_step(result, "step") == ["visit", "cart", "paid"]
    assert by_step(result, "users") == [3, 2, 1]
    assert by_step(result, "conversion") == [None, pytest.approx(2 / 3), 0.5]
    assert by_step(result, "conversion_low")[1] == pytest.approx(wilson(2, 3)[0])
    assert by_step(result, "conversion_high")[2] == pytest.approx(wilson(1, 2)[1])
    assert by_step(result, "conversion_from_start") == [1, pytest.approx(2 / 3), pytest.approx(1 / 3)]
    assert by_step(result, "dropped") == [1, 1, None]
    assert by_step(result, "drop_share") == [pytest.approx(1 / 3), 0.5, None]


def test_a_user_counts_where_the_first_entry_was_and_a_country_without_a_step_keeps_its_row(shop: Any) -> None:
    rows = SIMPLE + "\n" + events("a 4 visit GB", "e 1 visit").removeprefix(HEAD)
    result = funnel(shop(events=rows), steps=("visit", "cart", "paid"), by="country")
    assert by_step(result, "users", country="DE") == [2, 2, 1]
    assert by_step(result, "users", country="GB") == [1, 0, 0]
    assert by_step(result, "users", country="(none)") == [1, 0, 0]
    assert [row["country"] for row in result.records()][::3] == ["DE", "(none)", "GB"]
    assert by_step(result, "conversion", country="GB") == [None, 0, None]


def test_time_to_convert_runs_from_the_earliest_attempt_that_converted(shop: Any) -> None:
    # a: 60 s; b enters twice, 10 and 1 minutes before the second step: 600 s by the earliest; c never
    rows = events("a 1T13:10 x", "a 1T13:11 y", "b 1T13:01 x", "b 1T13:10 x", "b 1T13:11 y", "c 1T09:00 x")
    result = funnel(shop(events=rows), steps=("x", "y"))
    assert by_step(result, "time_p50_s") == [None, 330]
    assert by_step(result, "time_p90_s") == [None, 546]  # 60 + .9 x 540


def test_entries_younger_than_the_window_are_open_and_not_in_the_matured_rate(shop: Any) -> None:
    rows = events("old 1 x", "old 2 y", "late 1 x", "young 26 x", "lucky 26 x", "lucky 27 y", "end 29 z")
    result = funnel(shop(events=rows), steps=("x", "y"), window=timedelta(days=7))
    assert by_step(result, "users") == [4, 2]
    assert by_step(result, "open") == [1, None]
    assert by_step(result, "matured") == [2, 1]
    assert by_step(result, "conversion_matured") == [None, 0.5]


def test_a_window_is_over_by_the_end_of_all_data_whoever_is_looked_at(shop: Any) -> None:
    # AT's last event is on the 2nd, seven days before those of its entries are over; the data go on to the 29th
    rows = "user_id,occurred_at,step,country\n" + "\n".join(
        f"{user},2026-10-{day:02}T10:00:00Z,{step},{country}"
        for user, day, step, country in (
            ("a", 1, "x", "AT"),
            ("b", 1, "x", "AT"),
            ("b", 2, "y", "AT"),
            ("c", 29, "x", "DE"),
        )
    )
    store = shop(events=rows)
    for cut in (store.filtered(parse_conditions(["country=AT"])), store.filtered(parse_conditions(["country=DE"]))):
        by_country = funnel(store, steps=("x", "y"), window=timedelta(days=7), by="country")
        alone = funnel(cut, steps=("x", "y"), window=timedelta(days=7))
        named = str(cut.conditions[0].value)
        of_it = [row for row in by_country.records() if row["country"] == named]
        for name in ("users", "open", "matured"):
            assert by_step(alone, name) == [row[name] for row in of_it], (named, name)


def test_a_period_cuts_the_entries_and_not_what_follows(shop: Any) -> None:
    rows = events("a 1 x", "a 9 y", "b 8 x", "b 9 y")  # Thursday, 1 October 2026 is in W40
    week = parse_period("2026-W40", today=date(2026, 10, 1))
    assert by_step(funnel(shop(events=rows), steps=("x", "y"), period=week), "users") == [1, 1]


def test_the_trend_is_by_the_week_of_the_entry(shop: Any) -> None:
    rows = events("a 1 x", "a 9 y", "b 8 x", "a 8 x")
    result = funnel(shop(events=rows), steps=("x", "y"), over="week")
    assert by_step(result, "users", period="2026-W40") == [1, 1]
    assert by_step(result, "users", period="2026-W41") == [2, 1]
    assert result.facts["started"] == 2
    assert any("several periods" in note for note in result.notes)


def test_the_trend_is_cut_in_the_configured_zone(shop: Any) -> None:
    rows = HEAD + "a,2020-05-01T00:00:00Z,x,,,,,\n"
    for zone, month in (("UTC", "2020-05"), ("US/Pacific", "2020-04")):
        result = funnel(shop(zone=zone, events=rows), steps=("x",), over="month")
        assert by_step(result, "period") == [month]


@pytest.mark.parametrize("window", [None, timedelta(0), timedelta(hours=1), timedelta(days=2)])
def test_plain_counts_are_the_same_users(shop: Any, window: timedelta | None) -> None:
    rows = [f"u{n} {1 + n % 5}T{k % 24:02d}:00 {'xyz'[(n * k) % 3]}" for n in range(30) for k in range(1, 9)]
    store = shop(events=events(*rows))
    for steps in (("x", "y", "z"), ("y", "x"), ("z",)):
        slow, quick = (funnel(store, steps=steps, window=window, counts=counts) for counts in (False, True))
        assert by_step(quick, "users") == by_step(slow, "users")
        assert quick.facts == slow.facts
    week = parse_period("2026-10-02..2026-10-04", today=date(2026, 10, 1))
    slow, quick = (funnel(store, steps=("x", "y"), period=week, counts=counts) for counts in (False, True))
    assert by_step(quick, "users") == by_step(slow, "users")


def test_plain_counts_by_the_query_for_all_are_the_same_result(shop: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from supportkit.store.engines.duck import Duck

    rows = [f"u{n} {1 + n % 5}T{k % 24:02d}:00 {'xyz'[(n * k) % 3]}" for n in range(30) for k in range(1, 9)]
    store = shop(events=events(*rows))
    quick = funnel(store, steps=("x", "y", "z"), window=timedelta(hours=6), counts=True)
    monkeypatch.setattr(Duck, "spreads", True)
    monkeypatch.setattr("supportkit.funnels.running.quick_counts", None)
    assert funnel(store, steps=("x", "y", "z"), window=timedelta(hours=6), counts=True) == quick


@pytest.mark.parametrize(("share", "part"), [(1000, 7), (50, 1000), (50, 7), (7, 7)])
def test_plain_counts_by_shares_and_parts_of_the_persons_are_the_same(
    shop: Any, monkeypatch: pytest.MonkeyPatch, share: int, part: int
) -> None:
    rows = [f"u{n} {1 + n % 5}T{k % 24:02d}:00 {'xyz'[(n * k) % 3]}" for n in range(30) for k in range(1, 9)]
    store = shop(events=events(*rows))
    whole = funnel(store, steps=("x", "y", "z"), counts=True)
    monkeypatch.setattr(funnel_counts, "SHARE_ROWS", share)
    monkeypatch.setattr(funnel_counts, "PART_ROWS", part)
    assert by_step(funnel(store, steps=("x", "y", "z"), counts=True), "users") == by_step(whole, "users")


def test_plain_counts_keep_fractions_of_a_second(shop: Any) -> None:
    rows = HEAD + "a,2026-10-01T10:00:00.000001Z,y,,,,,\na,2026-10-01T10:00:00.000002Z,x,,,,,\n"
    assert by_step(funnel(shop(events=rows), steps=("x", "y"), counts=True), "users") == [1, 0]


def test_dropped_lists_who_reached_a_step_and_not_the_next(shop: Any) -> None:
    result = funnel(shop(events=SIMPLE), steps=("visit", "cart", "paid"), by="country", dropped="cart")
    assert list(result.records()) == [
        {"customer_id": "b", "dropped_at": datetime(2026, 10, 2, 12, tzinfo=UTC), "step": "cart", "country": "DE"}
    ]
    assert result.facts["started"] == 3


FORTY = [f"d{n} 1 x DE" for n in range(100)] + [f"d{n} 2 y DE" for n in range(69)]
OTHERS = [f"g{n} 1 x GB" for n in range(200)] + [f"g{n} 2 y GB" for n in range(176)]


def test_a_group_is_compared_with_the_rest_and_the_one_that_stands_out_is_named(shop: Any) -> None:
    result = funnel(shop(events=events(*FORTY, *OTHERS)), steps=("x", "y"), by="country")
    row: dict[str, Any] = next(row for row in result.records() if row["country"] == "DE" and row["step"] == "x")
    low, high = newcombe(31, 100, 24, 200)
    assert row["drop_difference"] == pytest.approx(0.31 - 0.12)
    assert (row["drop_difference_low"], row["drop_difference_high"]) == pytest.approx((low, high))
    assert row["q"] < 0.001
    assert result.notes[0].startswith("DE loses 31 % at x (31 of 100), the others 12 %; +19 points [")


def test_a_drop_that_may_be_chance_among_five_groups_is_not_said_to_stand_out(shop: Any) -> None:
    # DE loses 20 of 100, the other four 44 of 400: Newcombe's interval begins above 0 (.09 - .075) and p is .016, but
    # of five groups compared it is the smallest, so q = 5 * .016 = .08
    lost = {"DE": 20, "FR": 11, "GB": 11, "PL": 11, "RU": 11}
    rows = [f"{c}{n} 1 x {c}" for c in lost for n in range(100)]
    rows += [f"{c}{n} 2 y {c}" for c, count in lost.items() for n in range(100 - count)]
    result = funnel(shop(events=events(*rows)), steps=("x", "y"), by="country")
    row: dict[str, Any] = next(row for row in result.records() if row["country"] == "DE" and row["step"] == "x")
    assert row["drop_difference_low"] == pytest.approx(0.015, abs=5e-4)
    assert row["q"] == pytest.approx(0.08, abs=5e-3)
    assert not any("loses" in note for note in result.notes)
    assert stands_out(result, ENGLISH) == []
    (sure,) = stands_out(funnel(shop(events=events(*FORTY, *OTHERS)), steps=("x", "y"), by="country"), ENGLISH)
    assert sure.text.startswith("Germany loses 31 % at x (31 of 100)")


def test_forty_countries_of_three_users_claim_nothing_and_never_come_first(shop: Any) -> None:
    small = [f"s{c}{n} 1 x C{c:02d}" for c in range(40) for n in range(3)]
    result = funnel(shop(events=events(*FORTY, *small)), steps=("x", "y"), by="country", top=40)
    first, *_, last = result.records()
    assert first["country"] == "DE"
    assert last["q"] is None
    assert any("40 groups with fewer than 30 users" in note for note in result.notes)
    folded = funnel(shop(events=events(*FORTY, *small)), steps=("x", "y"), by="country", top=5)
    assert by_step(folded, "users", country="(other)") == [108, 0]
    assert sum(by_step(folded, "users", step="x")) == 220


PERSON = events(
    "p 1T10:01 v - chrome",
    "p 1T10:02 v - firefox",
    "p 1T10:03 s - chrome",
    "p 1T10:04 p - chrome",
    "p 1T10:05 p - firefox",
)


def test_attribution_says_whose_value_counts(shop: Any) -> None:
    def users(attribution: str, device: str) -> list[Any]:
        result = funnel(shop(events=PERSON), steps=("v", "s", "p"), by="device", attribution=attribution)
        return by_step(result, "users", device=device)

    assert users("entry", "chrome") == [1, 1, 1]
    assert users("first", "firefox") == []
    assert users("last", "firefox") == [1, 1, 1]
    assert users("all", "chrome") == [1, 1, 1]
    assert users("all", "firefox") == [1, 0, 0]


def test_attribution_to_a_step_leaves_out_who_never_reached_it(shop: Any) -> None:
    rows = events("a 1 x", "a 2 y - safari", "b 1 x - chrome")
    at_step = funnel(shop(events=rows), steps=("x", "y"), by="device", attribution="step:y")
    assert by_step(at_step, "users", device="safari") == [1, 1]
    assert at_step.facts["started"] == 1
    at_entry = funnel(shop(events=rows), steps=("x", "y"), by="device")
    assert by_step(at_entry, "users", device="(none)") == [1, 1]


def test_ids_of_one_person_are_joined_through_chains_and_cycles(shop: Any, tmp_path: Path) -> None:
    rows = events("anon1 1 s", "anon2 2 p", "person 3 m", "x1 1 s", "x2 2 p")
    names = tmp_path / "ids.csv"
    names.write_text("id,person\nanon1,anon2\nanon2,person\nx1,x2\nx2,x1\n", encoding="utf-8")
    assert by_step(funnel(shop(events=rows), steps=("s", "p", "m")), "users") == [2, 0, 0]
    result = funnel(shop(events=rows), steps=("s", "p", "m"), identities=names)
    assert by_step(result, "users") == [2, 2, 1]
    assert any("5 ids are counted as 2 persons" in note for note in result.notes)
    assert len(set(read_identities(identity_pairs(names)).values())) == 2


def test_ids_that_are_masked_are_joined_by_what_the_person_wrote(supportkit: Call, tmp_path: Path) -> None:
    (tmp_path / "events.csv").write_text(events("cookie-17 1 s", "ann@example.org 2 p"), encoding="utf-8")
    names = tmp_path / "ids.txt"
    names.write_text("id,person\ncookie-17,Ann@Example.org\n", encoding="utf-8")
    words = ("funnel", "--steps", "s,p", "--data", tmp_path / "events.csv", "--identities", names, "--format", "json")
    code, out, _ = supportkit(*words)
    shown = json.loads(out)
    assert (code, shown["facts"]["converted"]) == (0, 1)
    assert "2 of these ids are in the events" in shown["notes"]


def test_steps_can_be_optional_and_do_not_stop_the_chain(shop: Any) -> None:
    rows = events("a 1 x", "a 2 y", "a 3 z", "b 1 x", "b 3 z", "c 1 x")
    result = funnel(shop(events=rows), steps=("x", "y?", "z"))
    assert by_step(result, "step") == ["x", "y?", "z"]
    assert by_step(result, "users") == [3, 1, 2]
    assert by_step(result, "conversion") == [None, pytest.approx(1 / 3), pytest.approx(2 / 3)]
    assert by_step(result, "dropped") == [1, None, None]


def test_hold_wants_one_value_along_an_attempt(shop: Any) -> None:
    rows = events("a 1 x - - - - s1", "a 2 y - - - - s2", "b 1 x - - - - s1", "b 2 y - - - - s1")
    assert by_step(funnel(shop(events=rows), steps=("x", "y")), "users") == [2, 2]
    assert by_step(funnel(shop(events=rows), steps=("x", "y"), hold="session_id"), "users") == [2, 1]


def test_hold_takes_an_extra_column_of_the_export_and_names_the_known_ones(shop: Any) -> None:
    rows = "user_id,occurred_at,step,cart no\n" + "".join(
        f"{user},2026-10-0{day}T12:00:00Z,{step},{cart}\n"
        for user, day, step, cart in (("a", 1, "x", 7), ("a", 2, "y", 8), ("b", 1, "x", 7), ("b", 2, "y", 7))
    )
    store = shop(events=rows)
    assert by_step(funnel(store, steps=("x", "y"), hold="cart no"), "users") == [2, 1]
    with pytest.raises(UsageError, match="--hold: unknown column of events 'cart'") as error:
        funnel(store, steps=("x", "y"), hold="cart")
    assert "cart no" in error.value.hint


def test_the_definition_names_every_option_that_changes_it(shop: Any) -> None:
    store = shop(events=events("a 1 x DE", "a 2 y DE", "b 2 z"))
    two, day = timedelta(seconds=2), timedelta(days=1)
    plain = funnel(store, steps=("x", "y"), window=day, by="country")
    assert plain.definition == "users who did the steps in this order within 1 day of the first, best attempt"
    other = funnel(
        store,
        steps=("x", "y"),
        by="country",
        attribution="step:y",
        within=("y:2h",),
        grace=two,
        entry="first",
        hold="session_id",
        exclude=("z",),
    )
    assert other.definition == (
        "users who did the steps in this order, however late, first entry only, y within 2h of the step before, "
        "in either order where 2 seconds apart or less, with one session_id, without z in between (removes the "
        "attempt); each under the value at y"
    )


def test_the_part_period_at_the_end_of_a_trend_is_named(shop: Any) -> None:
    # 1 October 2026 is a Thursday, 18 October a Sunday; the 18th is whole with its last day
    note = "2026-W42 is a part period: the data ends 2026-10-14 12:00 UTC"
    for last, said in ((14, True), (18, False)):
        result = funnel(shop(events=events("a 1 x", "b 13 y", f"c {last} x")), steps=("x", "y"), over="week")
        assert (note in result.notes) is said


def test_who_dropped_can_still_go_on_while_the_window_is_open(shop: Any) -> None:
    store = shop(events=events("a 1 x", "b 8 x", "c 9 x", "c 9 y"))
    result = funnel(store, steps=("x", "y"), window=timedelta(days=3), dropped="x")
    assert [row["customer_id"] for row in result.records()] == ["a", "b"]
    assert "1 of them can still go on: their window is still open" in result.notes


def test_events_without_a_user_or_a_time_are_counted(shop: Any) -> None:
    rows = events("a 1 x", "a 2 y") + "\n,2026-10-01T12:00:00Z,x,,,,,\nb,,x,,,,,\nc,2026-10-01T12:00:00Z,,,,,,\n"
    result = funnel(shop(events=rows), steps=("x", "y"))
    assert "events without a user or a time, in no funnel: 2 (supportkit rejects)" in result.notes
    assert not any("without a user" in note for note in funnel(shop(events=SIMPLE), steps=("visit",)).notes)


def test_an_identity_map_of_one_column_is_refused(shop: Any, tmp_path: Path) -> None:
    names = tmp_path / "ids.csv"
    names.write_text("id\na\n", encoding="utf-8")
    with pytest.raises(DataError, match="one column"):
        funnel(shop(events=SIMPLE), steps=("visit",), identities=names)


def test_grace_lets_near_steps_stand_in_either_order(shop: Any) -> None:
    rows = HEAD + "a,2026-10-01T10:00:02Z,x,,,,,\na,2026-10-01T10:00:00Z,y,,,,,\n"
    store = shop(events=rows)
    plain = funnel(store, steps=("x", "y"))
    assert by_step(plain, "users") == [1, 0]
    assert "users with a step up to 2 s before the one it follows: 1 (two clocks? see --grace 2s)" in plain.notes
    later = funnel(store, steps=("x", "y"), period=parse_period("2026-10-02..2026-10-31", date(2026, 10, 1)))
    assert not [note for note in later.notes if "two clocks" in note]  # the pair is of the day before
    kept = funnel(store, steps=("x", "y"), grace=timedelta(seconds=2))
    assert by_step(kept, "users") == [1, 1]
    assert by_step(kept, "time_p50_s") == [None, 0]  # never below nothing
    assert by_step(funnel(store, steps=("x", "y"), grace=timedelta(seconds=1)), "users") == [1, 0]


def test_a_step_can_have_its_own_window_and_events_can_be_excluded(shop: Any) -> None:
    rows = events("a 1 x", "a 3 y", "b 1 x", "b 2 error", "b 3 y", "c 1 x", "c 2 y")
    store = shop(events=rows)
    assert by_step(funnel(store, steps=("x", "y"), within=("y:1d",)), "users") == [3, 1]
    assert by_step(funnel(store, steps=("x", "y"), exclude=("error",)), "users") == [3, 2]
    assert by_step(funnel(store, steps=("x", "y"), exclude=("error:x-y",), exclusion="person"), "users") == [2, 2]


ORDERS = """order_id,ordered_at,customer_id,amount,currency
    1,2026-10-02T10:00:00Z,a,50,EUR
    2,2026-10-02T10:00:00Z,b,150,EUR
    3,2026-10-20T10:00:00Z,b,20,EUR"""


def test_steps_are_conditions_on_any_table(shop: Any) -> None:
    tickets = "ticket_id,created_at,customer_id,category\nt1,2026-10-03T10:00:00Z,b,refund\n"
    store = shop(events=events("a 1 visit DE", "b 1 visit GB"), orders=ORDERS, tickets=tickets)
    steps = ("visit", "orders where amount>=100 as big order", "tickets where category=refund as refund")
    result = funnel(store, steps=steps, by="country")
    assert by_step(result, "step", country="GB") == ["visit", "big order", "refund"]
    assert by_step(result, "users", country="GB") == [1, 1, 1]
    assert by_step(result, "users", country="DE") == [1, 0, 0]
    assert by_step(funnel(store, steps=("orders", "orders")), "users") == [2, 1]  # a second order


def test_orders_without_a_customer_are_counted_in_a_note(shop: Any) -> None:
    store = shop(orders=ORDERS + "\n4,2026-10-02T10:00:00Z,,10,EUR")
    result = funnel(store, steps=("orders",))
    assert result.facts["started"] == 2
    assert "orders without a customer, in no funnel: 1" in result.notes


def test_names_with_quotes_are_found(shop: Any) -> None:
    rows = HEAD + "a,2026-10-01T10:00:00Z,test'1,D'E,,,,\n"
    result = funnel(shop(events=rows), steps=("test'1",), by="country")
    assert by_step(result, "users", country="D'E") == [1]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"steps": ("visit", "crat")}, "crat"),
        ({"steps": ("visit?", "cart")}, "first step"),
        ({"steps": ("visit",) * 21}, "1 to 20 steps"),
        ({"steps": ("visit where country=DE", "cart")}, "events where step=visit and country=DE"),
        ({"steps": ("visit", "cart WHERE day in (1, 2)?")}, "events where step=cart and day in (1, 2)"),
        ({"steps": ("visit", "cart"), "by": "contry"}, "contry"),
        ({"steps": ("visit", "cart"), "hold": "contry"}, "contry"),
        ({"steps": ("visit", "cart"), "attribution": "step:paid"}, "paid"),
        ({"steps": ("visit", "cart"), "attribution": "nobody"}, "nobody"),
        ({"steps": ("visit", "cart"), "within": ("cart:soon",)}, "soon"),
        ({"steps": ("visit", "cart"), "within": ("visit:1h",)}, "first step"),
        ({"steps": ("visit", "cart"), "exclude": ("paid:cart-visit",)}, "earlier first"),
        ({"steps": ("visit", "cart"), "exclude": ("paid",), "order": "strict"}, "exclude each other"),
        ({"steps": ("visit", "visit"), "order": "unordered"}, "differ"),
        (
            {"steps": ("visit", "events where country=DE"), "order": "unordered"},
            "one event can be only one, unlike",
        ),
        ({"steps": ("visit", "orders where amuont>1")}, "amuont"),
        ({"steps": ("visit", "cart"), "window": timedelta(days=-1)}, "negative"),
        ({"steps": ("visit", "cart"), "top": 0}, "at least 1"),
        ({"steps": ("visit", "cart"), "counts": True, "by": "country"}, "--counts"),
        ({"steps": ("visit", "cart"), "counts": True, "order": "strict"}, "--counts"),
        ({"steps": ("visit", "cart"), "dropped": "cart"}, "visit"),
        ({}, "--steps"),
    ],
)
def test_what_does_not_fit_is_named(shop: Any, options: dict[str, Any], message: str) -> None:
    with pytest.raises(UsageError) as caught:
        funnel(shop(events=SIMPLE), **options)
    assert message in caught.value.message + caught.value.hint
    assert caught.value.hint


def test_one_user_and_a_step_that_nobody_did_are_no_error(shop: Any) -> None:
    result = funnel(shop(events=events("a 1 x", "b 2 y")), steps=("x", "y"))
    assert by_step(result, "users") == [1, 0]
    assert by_step(result, "conversion") == [None, 0]


def test_a_step_that_is_a_condition_is_told_how_it_is_written(shop: Any) -> None:
    store = shop(events="user_id,occurred_at,step,page\na,2026-01-01T10:00:00Z,view,1\na,2026-01-01T10:01:00Z,view,2")
    with pytest.raises(UsageError, match="step 'page>=1': a condition stands behind a table") as raised:
        funnel(store, steps=("page>=1", "page>=2"))
    hint = "write 'events where page>=1'; each step takes an event of its own, though one event may fit two"
    assert raised.value.hint == hint
    assert funnel(store, steps=("events where page>=1", "events where page>=2")).facts["converted"] == 1


def test_unknown_steps_list_the_known_ones_on_the_command_line(supportkit: Call, tmp_path: Path) -> None:
    file = tmp_path / "events.csv"
    file.write_text(SIMPLE, encoding="utf-8")
    code, out, err = supportkit("funnel", "--steps", "visit,crat", "--data", file)
    assert (code, out) == (2, "")
    assert "did you mean 'cart'" in err
    code, _, err = supportkit("funnel", "--data", file)
    assert code == 2
    assert "visit, cart, paid" in err.replace("cart, visit, paid", "visit, cart, paid")


def test_the_samples_name_germany_and_the_payment_step(supportkit: Call, stored: Words) -> None:
    words = ("funnel", "--by", "country", *stored)
    code, out, _ = supportkit(*words, "--period", "2026-W45", "--format", "json")
    shown = json.loads(out)
    assert code == 0
    assert shown["notes"][0].startswith("DE loses ")
    assert "at payment" in shown["notes"][0]
    columns = ["country", "step_number", "step", "users", "conversion", "conversion_low", "conversion_high"]
    columns += ["conversion_from_start", "dropped", "drop_share"]
    assert list(shown["rows"][0])[: len(columns)] == columns


def test_the_query_in_the_catalogue_is_the_one_that_is_run(shop: Any) -> None:
    store = replace(shop(events=SIMPLE), queries=[])
    funnel(store, steps=("visit", "cart", "paid"), window=timedelta(days=7))
    asked = [
        re.sub(r"cast\(step as varchar\) = \$events_step_(\d)_0", r"step = $step_\1", one.sql) for one in store.queries
    ]
    assert SQL_OF_THREE_STEPS in asked


def test_the_picture_is_a_funnel_a_matrix_of_groups_and_a_line_of_each_step_over_time(shop: Any) -> None:
    store = shop(events=SIMPLE)
    plain = Chart("funnel", "step", "users", part="conversion_from_start")
    cells = Chart("matrix", "step", "country", "drop_share", mark="stands_out", part="at_risk")
    assert funnel(store, steps=("visit", "cart")).chart == plain
    assert funnel(store, steps=("visit", "cart"), by="country").chart == cells
    assert funnel(store, steps=("visit", "cart"), by="country", over="week").chart == Chart(
        "line", x="period", y="conversion", series="step", low="conversion_low", high="conversion_high"
    )


def test_of_27_groups_the_25_largest_are_shown(shop: Any) -> None:
    # C01 has one user, C02 two, … C27 twenty-seven: the two smallest are three users together
    store = shop(events=events(*(f"u{c}-{n} 1 x C{c:02d}" for c in range(1, 28) for n in range(c))))
    users = {row["country"]: row["users"] for row in funnel(store, steps=("x",), by="country").records()}
    assert users == {**{f"C{c:02d}": c for c in range(3, 28)}, "(other)": 3}
    alone = {row["country"]: row["users"] for row in funnel(store, steps=("x",), by="country", top=1).records()}
    assert alone == {"C27": 27, "(other)": 27 * 28 / 2 - 27}
    with pytest.raises(UsageError, match="--top 0: at least 1"):
        funnel(store, steps=("x",), top=0)


def test_the_whole_result_of_four_users(shop: Any) -> None:
    result = funnel(shop(events=SIMPLE), steps=("visit", "cart", "paid"))
    assert (result.metric, result.title) == ("funnel", "Funnel: visit, cart, paid")
    assert (result.scope.period, result.scope.rows) == ("all", 7)
    assert [column.name for column in result.columns][:5] == [
        "step_number",
        "step",
        "users",
        "conversion",
        "conversion_low",
    ]
    lost = funnel(shop(events=SIMPLE), steps=("visit", "cart", "paid"), by="country", dropped="cart")
    assert lost.title == "Funnel: who reached cart and not the next step"
    assert [column.name for column in lost.columns] == ["customer_id", "dropped_at", "step", "country"]
    assert lost.rows == (("b", datetime(2026, 10, 2, 12, tzinfo=UTC), "cart", "DE"),)
    assert dict(lost.facts) == dict(result.facts)
    future = Period("", date(2027, 1, 1), None)
    nobody = funnel(shop(events=SIMPLE), steps=("visit", "cart"), by="country", period=future)
    assert (nobody.rows, list(nobody.facts.values())) == ((), [0, None, None])
    # three of a week in W40, all of the trend; a group's drop is held against all others of its week
    assert [row["users"] for row in funnel(shop(events=SIMPLE), steps=("visit", "cart"), over="week").records()] == [
        3, 2,
    ]  # fmt: skip


def test_orders_that_do_not_count_are_told_where_a_step_is_an_order(shop: Any) -> None:
    orders = "order_id,ordered_at,customer_id,amount,status\n1,2026-10-03,a,5,paid\n2,2026-10-03,b,7,cancelled"
    store = shop(events=SIMPLE, orders=orders)
    result = funnel(store, steps=("visit", "orders"))
    assert by_step(result, "users") == [3, 1]
    assert "orders left out: 1 cancelled (7.00)" in result.notes
    assert not any("orders" in note for note in funnel(store, steps=("visit", "cart")).notes)

"""One way to ask: equal requests have one answer, options come from where they are said, lives have no beginning."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

import supportkit as library
from supportkit.config import read_config
from supportkit.errors import UsageError
from supportkit.metrics import METRICS
from supportkit.period import ALL, Period, containing
from supportkit.render.language import ENGLISH
from supportkit.request import Answers, Request, leaves, lost, read_request, run
from supportkit.result import Result
from supportkit.store import Store
from supportkit.store.conditions import Condition
from supportkit.store.schema import TABLES
from supportkit.store.selection import as_called
from tests.computing import ResultOf
from tests.conftest import CONFIG, Call

Shop = Callable[..., Store]
TICKETS = """
ticket_id,created_at,channel,country,is_complaint,status
A,2026-10-05T10:00:00Z,chat,DE,true,open
B,2026-10-06T10:00:00Z,chat,DE,false,open
C,2026-10-07T10:00:00Z,email,GB,true,open
D,2026-10-14T10:00:00Z,email,DE,false,open
"""
# the same of a desk that tells of replies: D has one
TOLD_TICKETS = """
ticket_id,created_at,channel,country,is_complaint,status,first_reply_at
A,2026-10-05T10:00:00Z,chat,DE,true,open,
B,2026-10-06T10:00:00Z,chat,DE,false,open,
C,2026-10-07T10:00:00Z,email,GB,true,open,
D,2026-10-14T10:00:00Z,email,DE,false,open,2026-10-14T11:00:00Z
"""
# customer a orders in September and October, b in October alone: 10 + 30 and 20
ORDERS = """
order_id,ordered_at,customer_id,amount,currency,status
1,2026-09-10T10:00:00Z,a,10.00,EUR,completed
2,2026-10-10T10:00:00Z,a,30.00,EUR,completed
3,2026-10-20T10:00:00Z,b,20.00,EUR,completed
4,2026-11-20T10:00:00Z,c,40.00,EUR,completed
"""
OCTOBER = containing(date(2026, 10, 1), "month")
LIVES = [name for name, metric in METRICS.items() if metric.cut == "life"]
STOCKS = [name for name, metric in METRICS.items() if metric.cut == "stock"]


def test_a_question_is_answered_once(shop: Shop) -> None:
    answers = Answers(shop(tickets=TICKETS))
    first = answers(answers.request("contacts", period=OCTOBER))
    assert answers(answers.request("contacts", period=OCTOBER)) is first
    assert answers(answers.request("contacts")) is not first


def test_an_option_that_holds_anyway_makes_no_other_question() -> None:
    assert read_request(METRICS["trends"], {"by": "category"}) == read_request(METRICS["trends"])
    assert read_request(METRICS["trends"], {"by": "country"}) != read_request(METRICS["trends"])


def test_a_dimension_is_called_as_its_column_is_whatever_its_capitals(shop: Shop) -> None:
    """The canonical column, and an extra one of the export, `Ring`."""
    store = shop(tickets=TICKETS.replace("status\n", "status,Ring\n").replace("open\n", "open,north\n"))
    for asked, called in (("COUNTRY", "country"), ("ring", "Ring"), ("Channel, RING", "channel,Ring")):
        found = run(store, read_request(METRICS["service"], {"by": asked}))
        assert [key.name for key in found.keys] == called.split(","), asked


def test_capitals_that_fit_two_columns_name_neither() -> None:
    several = frozenset({"Ring", "RING"})
    for asked, called in (("ring", "ring"), ("RING", "RING"), ("Country", "country"), ("TOPIC", "topic")):
        assert as_called(TABLES["tickets"], asked, several) == called


def test_questions_differ_by_metric_options_period_conditions_and_what_they_are_against() -> None:
    first = read_request(METRICS["service"], {"by": "channel"})
    others = [
        read_request(METRICS["nps"], {"by": "channel"}),
        read_request(METRICS["service"], {"by": "country"}),
        replace(first, period=OCTOBER),
        replace(first, conditions=(Condition("country", "=", "DE"),)),
        replace(first, against=(OCTOBER,)),
        replace(first, against="rest"),
    ]
    assert len({first, *others}) == 7


def test_a_fact_is_served_by_an_answer_by_other_groups_and_a_row_is_not(shop: Shop) -> None:
    answers = Answers(shop(orders=ORDERS))
    by_customer = answers(answers.request("ltv", {"by": "customer_id"}))
    assert answers(answers.request("ltv"), fact="orders") is by_customer
    assert answers(answers.request("ltv", period=OCTOBER), fact="orders") is not by_customer
    assert answers(answers.request("ltv")) is not by_customer
    tickets = Answers(shop(tickets=TICKETS))
    by_country = tickets(tickets.request("service", {"by": "country"}))  # one that is split by channel unless asked
    assert tickets(tickets.request("service"), fact="tickets") is not by_country


def test_conditions_cut_what_is_asked_and_leave_the_store_as_it_was(shop: Shop) -> None:
    store = shop(tickets=TICKETS)
    request = replace(read_request(METRICS["contacts"]), conditions=(Condition("country", "=", "DE"),))
    assert run(store, request).facts["contacts"] == 3
    assert run(store, replace(request, conditions=())).facts["contacts"] == 4
    assert run(store.filtered([Condition("channel", "=", "chat")]), request).facts["contacts"] == 2


def test_an_option_given_wins_over_the_configuration(tmp_path: Path) -> None:
    (tmp_path / "c.toml").write_text('[metrics.nps]\nby = "country"\nover = "month"\n[funnel]\nsteps = ["a", "b"]\n')
    config = read_config(tmp_path / "c.toml")
    assert read_request(METRICS["nps"], {"by": "channel"}, config).options == {"by": "channel", "over": "month"}
    assert read_request(METRICS["funnel"], {}, config).options == {"steps": ("a", "b")}
    assert read_request(METRICS["funnel"], {"steps": "c, d"}, config).options == {"steps": ("c", "d")}


@pytest.mark.parametrize("given", [{"bye": "country"}, {"by": 3}, {"over": "wek"}, {"period": "2026-10"}])
def test_an_option_that_the_metric_does_not_have_is_told(given: dict[str, object]) -> None:
    with pytest.raises(UsageError, match=r"by|over|option"):
        read_request(METRICS["nps"], given)


def test_the_tables_are_the_metrics_and_those_that_the_options_name() -> None:
    assert read_request(METRICS["nps"]).tables == ("surveys",)
    assert set(read_request(METRICS["nps"], {"by": "topic"}).tables) == {"surveys", "tickets"}


def test_the_others_are_the_same_question_in_each_period_that_it_is_against() -> None:
    request = replace(read_request(METRICS["nps"]), period=OCTOBER, against=(OCTOBER.previous(), ALL))
    assert [(one.period, one.against) for one in request.others()] == [(OCTOBER.previous(), ()), (ALL, ())]
    group = Request(METRICS["service"], conditions=(Condition("country", "=", "DE"),), against="rest")
    assert (group.whole.conditions, group.whole.against) == ((), ())


def test_the_leaves_of_a_share_are_asked_for_in_the_same_way(shop: Shop) -> None:
    request = replace(read_request(METRICS["trends"]), period=Period("w", date(2026, 10, 5), date(2026, 10, 12)))
    share = leaves(shop(tickets=TICKETS), replace(request, options={}))
    assert (share.cases, share.successes) == (3, 2)  # A, B, C; A and C complain


def test_the_library_asks_in_the_same_way_as_the_command_line(tmp_path: Path, supportkit: Call) -> None:
    (tmp_path / "orders.csv").write_text(ORDERS.lstrip(), encoding="utf-8")
    words = ("ltv", "--by", "customer_id", "--period", "2026-10", "--data", tmp_path / "orders.csv", "-f", "json")
    code, out, err = supportkit(*words)
    assert code == 0, err
    with library.read_data(tmp_path / "orders.csv") as store:
        found = library.metric("ltv")(store, by="customer_id", period=OCTOBER)
        with pytest.raises(UsageError, match="gap"):
            library.metric("ltv")(store, gapp=30)
    shown = json.loads(out)
    assert shown["facts"]["revenue"] == float(found.facts["revenue"])  # type: ignore[arg-type]
    assert shown["notes"] == list(found.notes)


def test_a_life_is_asked_for_at_the_end_of_a_period_with_all_that_was_before(shop: Shop) -> None:
    # up to the end of October: a with 10 + 30, b with 20; September is before the period, November after it
    store = shop(orders=ORDERS)
    found = run(store, replace(read_request(METRICS["ltv"]), period=OCTOBER))
    assert (found.facts["customers"], found.facts["orders"], found.facts["revenue"]) == (2, 3, 60)
    assert (found.scope.period, found.scope.start, found.scope.end) == ("..2026-10-31", None, date(2026, 11, 1))
    assert found.notes[0] == "all days up to 2026-10-31 count for ltv, those before 2026-10-01 too"


def test_a_stock_is_asked_for_with_its_period_which_says_when_to_count(shop: Shop) -> None:
    tickets = "ticket_id,created_at\nA,2026-09-30T10:00:00Z\nB,2026-10-05T10:00:00Z\nC,2026-11-05T10:00:00Z"
    stock = replace(METRICS["contacts"], cut="stock")
    found = run(shop(tickets=tickets), Request(stock, period=OCTOBER))
    assert (found.scope.period, found.scope.start, found.scope.end) == ("2026-10", date(2026, 10, 1), date(2026, 11, 1))
    assert found.facts["contacts"] == 1  # contacts does not look back by itself
    assert not any("those before" in note for note in found.notes)


@pytest.mark.parametrize("name", STOCKS)
def test_where_a_period_begins_is_nothing_to_a_stock_without_over(name: str, shop: Shop) -> None:
    store = shop(tickets=TOLD_TICKETS)
    request = read_request(METRICS[name])
    ends = date(2026, 10, 8)
    first, second = (
        run(store, replace(request, period=Period("x", start, ends))).facts for start in (None, date(2026, 10, 7))
    )
    moved = ("backlog_before", "inflow", "outflow")  # what came and went does so between two days
    assert all(first[name] == second[name] for name in first if name not in moved)
    assert first["tickets"] == 3  # A, B and C, of which two were there before the 7th


@pytest.mark.parametrize("name", LIVES)
@pytest.mark.parametrize("begins", [date(2026, 10, 1), date(2026, 10, 30), date(2020, 1, 1)])
def test_where_a_period_begins_is_nothing_to_a_life(name: str, begins: date, shop: Shop) -> None:
    store = shop(orders=ORDERS)
    request = read_request(METRICS[name])
    up_to = run(store, replace(request, period=Period("..2026-10-31", None, date(2026, 11, 1))))
    found = run(store, replace(request, period=Period("x", begins, date(2026, 11, 1))))
    assert replace(found, notes=found.notes[1:]) == up_to
    assert f"those before {begins} too" in found.notes[0]
    open_ended = run(store, replace(request, period=Period("x", begins, None)))
    assert (open_ended.facts, open_ended.scope.period) == (run(store, request).facts, "all")
    assert open_ended.notes[0] == f"all days count for {name}, those before {begins} too"


def test_a_metric_offers_leaves_and_findings_or_none_and_always_cases() -> None:
    offered = {
        what: {name for name, metric in METRICS.items() if metric.offers(what)}
        for what in ("leaves", "cases", "lost", "findings")
    }
    assert offered == {
        "leaves": {"funnel", "csat", "service", "trends"},
        "cases": set(METRICS),
        "lost": {"funnel"},
        "findings": {
            *("trends", "funnel", "service", "nps", "csat", "csi", "ces", "ltv", "survey-quality", "unanswered"),
            *("backlog", "handling", "reconcile", "handoffs", "cost", "touchpoints", "self-service"),
            *("quality-sample", "quality-score"),
        },
    }
    result = Result("contacts", "Contacts", "…", (), ())
    assert METRICS["contacts"].findings(result, ENGLISH) == []


def test_the_lost_of_a_step_are_those_who_did_not_come_to_the_next(shop: Shop) -> None:
    events = """
        user_id,occurred_at,step,country
        a,2026-10-05T10:00:00Z,visit,DE
        a,2026-10-05T11:00:00Z,paid,DE
        b,2026-10-06T10:00:00Z,visit,GB
    """
    options = {"steps": ("visit", "paid"), "step": "visit", "dimensions": ("country",)}
    (found,) = lost(shop(events=events), Request(METRICS["funnel"], options))
    assert (found.name, found.at, found.values) == ("b", datetime(2026, 10, 6, 10, tzinfo=UTC), ("GB",))


def test_lifetime_value_cohorts_and_buyers_are_lives() -> None:
    assert LIVES == ["ltv", "cohorts", "buyers"]


def test_a_check_of_a_life_compares_what_had_come_together_by_then(tmp_path: Path, supportkit: Call) -> None:
    # by the end of October 3 orders, by the end of September 1: a period alone would have 2 against 1
    (tmp_path / "orders.csv").write_text(ORDERS.lstrip(), encoding="utf-8")
    words = ("check", "--data", tmp_path / "orders.csv", "--period", "2026-10", "-f", "json")
    code, out, _ = supportkit(*words, "--expect", "ltv.orders <= +150% vs previous min 1")
    verdict = json.loads(out)["rows"][0]
    assert (code, verdict["state"], verdict["value"]) == (1, "fail", 3)


def test_a_report_of_a_period_shows_a_life_up_to_its_end(tmp_path: Path, supportkit: Call) -> None:
    (tmp_path / "orders.csv").write_text(ORDERS.lstrip(), encoding="utf-8")
    own = tmp_path / "c.toml"
    own.write_text('[report.own]\nsections = ["ltv"]\n', encoding="utf-8")
    words = ("report", "--audience", "own", "--data", tmp_path / "orders.csv", "--config", own)
    code, out, err = supportkit(*words, "--period", "2026-10", "-f", "json")
    assert code == 0, err
    _, worth = json.loads(out)
    assert (worth["facts"]["orders"], worth["scope"]["period"]) == (3, "..2026-10-31")
    assert not any("those before" in note for note in worth["notes"])


@pytest.mark.parametrize("name", ["nps", "csat", "csi", "ces", "funnel"])
def test_without_its_notes_a_result_has_the_same_figures(name: str, result_of: ResultOf, sample_store: Path) -> None:
    config = read_config(CONFIG)
    with library.open_store(sample_store, time_zone="Europe/Berlin", currency="EUR") as store:
        found = run(replace(store, figures_only=True), read_request(METRICS[name], {}, config))
    whole = result_of(name)
    assert replace(found, notes=whole.notes) == whole
    assert set(found.notes) <= set(whole.notes)


def test_what_is_asked_for_notes_alone_is_left_out_where_nobody_reads_them(shop: Shop) -> None:
    rows = "".join(f"nps,{number % 11},2026-10-0{number % 9 + 1}T10:00:00Z,c{number % 3}\n" for number in range(60))
    store = shop(surveys=f"kind,score,responded_at,customer_id\n{rows}")
    said = "customers answered more than once"
    assert said in " ".join(run(store, read_request(METRICS["nps"])).notes)
    assert said not in " ".join(run(replace(store, figures_only=True), read_request(METRICS["nps"])).notes)


def test_answers_that_are_known_serve_who_reads_figures_alone_and_not_the_other_way_round(shop: Shop) -> None:
    rows = "".join(f"nps,{number % 11},2026-10-0{number % 9 + 1}T10:00:00Z,c{number % 3}\n" for number in range(60))
    answers = Answers(shop(surveys=f"kind,score,responded_at,customer_id\n{rows}"))
    by_country = answers.request("nps", {"by": "country"})
    whole = answers(answers.request("nps"))
    figures = answers.of_figures()
    assert figures(figures.request("nps")) is whole
    assert len(figures(by_country).notes) < len(answers(by_country).notes)

"""The rows behind every figure: counted they are the counts, reckoned they are the shares, means and quantiles."""

from __future__ import annotations

import inspect
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from statistics import fmean, median
from typing import Any

import numpy as np
import pytest

from supportkit import read_data
from supportkit.config import Config, read_config
from supportkit.desk.quantile_ends import ENDS
from supportkit.errors import UsageError
from supportkit.explaining.against import with_against
from supportkit.metrics import METRICS
from supportkit.period import parse_period
from supportkit.request import Request, cases, read_request, rows, run
from supportkit.result import Value
from supportkit.stats.bounded_mean import bounded_interval
from supportkit.stats.intervals import nps_interval, wilson
from supportkit.store import Store
from supportkit.store.conditions import parse_conditions
from tests.conftest import CONFIG, SAMPLES, Call

EVERY = sorted(METRICS)
DOCS = Path(__file__).parent.parent / "docs"
Row = Mapping[str, Any]
Of = Callable[[str], list[Row]]
"""The rows of a name."""
Reckoned = Callable[[Of], Any]

COUNTS: dict[str, dict[str, str]] = {
    "funnel": {"started": "all", "converted": "converted"},
    "ltv": {name: name for name in ("watched_customers", "earlier_customers")} | {"customers": "all"},
    "cohorts": {"customers": "all"},
    "buyers": {"customers": "all"},
    "service-value": {"tickets": "all"},
    "cost": {"contacts": "contacts", "after_order": "after_order", "with_work": "with_work", "costed": "costed"},
    "touchpoints": {"contacts": "all"},
    "quality-sample": {"conversations": "all", "with_address": "with_address"},
    "quality-score": {"with_address": "with_address"},
    "self-service": {
        "tickets": "all",
        **{name: name for name in ("with_replies", "easy", "with_texts", "linked")},
    },
    "nps": {"answers": "all", "promoters": "promoters", "passives": "passives", "detractors": "detractors"},
    "csat": {"answers": "all"},
    "csi": {"answers": "all"},
    "ces": {"answers": "all"},
    "survey-quality": {"closed": "all", "offered": "offered", "answered": "answered", "with_target": "with_target"},
    "service": {
        "tickets": "all",
        "replies_told": "replies_told",
        "replied": "replied",
        "unanswered": "unanswered",
        "solved": "solved",
        "with_target": "with_target",
        "sla_kept": "kept",
        "sla_broken": "breached",
        "sla_open_late": "open_late",
        "sla_open_in_time": "open_in_time",
    },
    "trends": {"tickets": "all", "tickets_before": "before"},
    "handling": {
        **{name: name for name in ("next_replies", "first_solved", "with_replies", "with_reopens", "reopened_at")},
        "tickets": "all",
        "first_solved_business": "first_solved_business",
        "with_agents": "with_agents",
        "with_log": "with_log",
    },
    "reconcile": {"compared": "all", "compared_resolution": "resolutions"},
    "handoffs": {name: name for name in ("tickets", "repeats", "in_another_channel", "with_channels", "with_agents")},
    "topics": {"tickets": "all"},
    "emerging": {"examined": "all"},
    "causes": {"tickets": "all"},
    "contacts": {"contacts": "all", "with_hour": "with_hour"},
    "backlog": {
        "backlog": "all",
        "open": "all",
        "under_1_day": "under_1_day",
        "from_1_to_7_days": "from_1_to_7_days",
        "from_7_to_30_days": "from_7_to_30_days",
        "over_30_days": "over_30_days",
        **{name: name for name in ("inflow", "outflow", "backlog_before", "tickets")},
    },
    "unanswered": {name: name for name in ("unanswered", "customer_wrote_last", "ended_unanswered", "tickets")},
}
"""The figures that are a number of rows, and the name of those."""

WHOLE: dict[str, tuple[str, ...]] = {
    "contacts": ("customers",),
    "cost": ("orders", "followed_orders", "complained", "left", "alike"),
}
"""Those that are a number of rows of all, which are not split by the dimensions of the result."""


def values(name: str, of: list[Row]) -> list[Any]:
    return [row[name] for row in of if row[name] is not None]


def quantile(name: str, share: float, part: str = "all") -> Reckoned:
    return lambda of: float(np.quantile(values(name, of(part)), share)) if values(name, of(part)) else None


def mean(name: str, part: str = "all") -> Reckoned:
    return lambda of: fmean(values(name, of(part))) if values(name, of(part)) else None


def total(name: str, part: str = "all", *, by: float = 1) -> Reckoned:
    return lambda of: float(sum(values(name, of(part)))) / by if values(name, of(part)) else None


def distinct(name: str) -> Reckoned:
    return lambda of: len(set(values(name, of("all"))))


def share(part: str, whole: str = "all") -> Reckoned:
    return lambda of: len(of(part)) / len(of(whole)) if of(whole) else None


def weighted(part: str, whole: str) -> Reckoned:
    return lambda of: float(sum(row[part] for row in of("alike"))) / sum(row[whole] for row in of("alike"))


def interval(end: int) -> Reckoned:
    return lambda of: wilson(len(of("satisfied")), len(of("all")))[end]


def of_nps(place: int) -> Reckoned:
    def reckoned(of: Of) -> float:
        detractors, passives, promoters = (len(of(name)) for name in ("detractors", "passives", "promoters"))
        low, high = nps_interval(detractors, passives, promoters)
        found = (100 * (promoters - detractors) / len(of("all")), low, high)
        return float(found[place])

    return reckoned


def independent_share(customers: list[Any], scores: list[float]) -> float:
    """Of answers by customers who answer more than once: 1 over the design effect, by the analysis of variance."""
    by_customer: dict[Any, list[float]] = {}
    for customer, score in zip(customers, scores, strict=True):
        by_customer.setdefault(customer, []).append(score)
    again = len(scores) - len(by_customer)
    if not again:
        return 1.0
    within = sum(np.var(each) * len(each) for each in by_customer.values()) / again
    alike = min(1.0, max(0.0, 1 - within / float(np.var(scores, ddof=1))))
    per_customer = sum(len(each) ** 2 for each in by_customer.values()) / len(scores)
    return float(1 / (1 + (per_customer - 1) * alike))


def of_csi(end: int) -> Reckoned:
    def reckoned(of: Of) -> float | None:
        found = [float(value) for value in values("csi", of("all"))]
        if len(found) < 2 or np.std(found) == 0:
            return None
        share = independent_share([row["customer_id"] for row in of("all")], found)
        n = share * len(found)
        ends = bounded_interval(fmean(found), share * float(np.var(found)) * len(found) / (n - 1), n, 0, 100)
        return ends[end] if ends else None

    return reckoned


TURNS: dict[str, Callable[[Row], float]] = {
    "our_share": lambda row: row["requester_wait_s"] - row["hold_s"],
    "customer_share": lambda row: row["agent_wait_s"],
    "third_party_share": lambda row: row["hold_s"],
}


def turn(name: str) -> Reckoned:
    """The share of all the time of tickets with a log of states that it was somebody's turn."""

    def reckoned(of: Of) -> float | None:
        sums = {one: sum(seconds(row) for row in of("with_log")) for one, seconds in TURNS.items()}
        return sums[name] / sum(sums.values()) if any(sums.values()) else None

    return reckoned


def ces_net(of: Of) -> float:
    highest = sum(row["score"] >= 6 for row in of("all"))  # the samples' scale is 1-7
    return float(100 * (highest - len(of("hard"))) / len(of("all")))


def kept(of: Of) -> float | None:
    return len(of("kept")) / len(of("with_target")) if of("with_target") else None


def digging(of: Of) -> tuple[list[Row], list[Row]]:
    """The answers after tickets that went badly, and after the others."""
    bad, every = of("bad"), of("answered")
    named = {row["ticket_id"] for row in bad}
    return [r for r in every if r["ticket_id"] in named], [r for r in every if r["ticket_id"] not in named]


def gap(of: Of) -> float:
    bad, clean = (fmean(row["satisfied"] for row in part) for part in digging(of))
    return clean - bad


def area(of: Of) -> float:
    bad, clean = ([row["score_height"] for row in part] for part in digging(of))
    return fmean((high > low) + (high == low) / 2 for high in clean for low in bad)


def nobodys(of: Of) -> list[Row]:
    return [row for row in of("orders") if row["customer_id"] is None]


def all_orders(of: Of) -> int:
    return sum(int(row["orders"]) for row in of("all")) + len(nobodys(of))


def revenue(of: Of) -> float:
    return float(sum(row["revenue"] for row in of("all")) + sum(row["net"] for row in nobodys(of)))


RECKONED: dict[str, dict[str, Reckoned]] = {
    "funnel": {"conversion": share("converted")},
    "ltv": {
        "orders": all_orders,
        "revenue": revenue,
        "repeat_share": share("repeated"),
        "revenue_per_customer": lambda of: float(sum(row["revenue"] for row in of("all"))) / len(of("all")),
        "median_revenue": lambda of: float(median(row["revenue"] for row in of("all"))),
    },
    "cohorts": {"cohorts": distinct("cohort")},
    "buyers": {},
    "service-value": {"reordered_share": share("reordered")},
    "nps": {"nps": of_nps(0), "nps_low": of_nps(1), "nps_high": of_nps(2)},
    "csat": {"csat": share("satisfied"), "csat_low": interval(0), "csat_high": interval(1), "mean": mean("score")},
    "csi": {
        "csi": lambda of: float(fmean(values("csi", of("all")))),
        "csi_low": of_csi(0),
        "csi_high": of_csi(1),
        "csi_percent_of_max": lambda of: float(fmean(values("of_maximum", of("all")))),
    },
    "ces": {"ces": mean("score"), "easy_share": share("easy"), "net": ces_net},
    "survey-quality": {
        "response_rate": share("answered", "offered"),
        "bound_low": lambda of: sum(row["satisfied"] for row in of("answered")) / len(of("offered")),
        "bound_high": lambda of: (sum(r["satisfied"] for r in of("answered")) + len(of("silent"))) / len(of("offered")),
        "digging_gap": gap,
        "digging_auc": area,
        "sla_met": lambda of: 1 - sum(row["breached"] for row in of("with_target")) / len(of("with_target")),
    },
    "service": {
        "first_reply_p50_s": quantile("first_reply_s", 0.5),
        "first_reply_p90_s": quantile("first_reply_s", 0.9),
        "resolution_p50_s": quantile("resolution_s", 0.5),
        "resolution_p90_s": quantile("resolution_s", 0.9),
        "sla_met": kept,
        "first_reply_mean_s": mean("first_reply_s"),
        "resolution_mean_s": mean("resolution_s"),
    },
    "trends": {"change": lambda of: len(of("all")) / len(of("before")) - 1},
    "handling": {
        "next_reply_p50_s": quantile("next_s", 0.5, "next_replies"),
        "next_reply_p90_s": quantile("next_s", 0.9, "next_replies"),
        "next_reply_mean_s": mean("next_s", "next_replies"),
        "first_solve_mean_s": mean("first_solve_s"),
        "first_solve_p50_s": quantile("first_solve_s", 0.5),
        "first_solve_p90_s": quantile("first_solve_s", 0.9),
        "first_solve_business_p50_s": quantile("first_solve_business_s", 0.5),
        "first_solve_business_p90_s": quantile("first_solve_business_s", 0.9),
        "one_touch": share("one_touch", "with_replies"),
        "zero_touch": share("zero_touch", "with_replies"),
        "replies_mean": lambda of: fmean(values("replies", of("with_replies"))),
        "reopen_rate": share("reopened", "with_reopens"),
        "reopened_after_p50_s": quantile("reopened_after_s", 0.5, "reopened_at"),
        "hand_overs": lambda of: fmean(values("hand_overs", of("with_agents"))),
        "requester_wait_p50_s": quantile("requester_wait_s", 0.5),
        "requester_wait_p90_s": quantile("requester_wait_s", 0.9),
        "agent_wait_p50_s": quantile("agent_wait_s", 0.5),
        "hold_p50_s": quantile("hold_s", 0.5),
        **{name: turn(name) for name in TURNS},
    },
    "reconcile": {
        "median_difference_s": quantile("difference_s", 0.5),
        "within_a_minute": lambda of: 1 - len(of("apart")) / len(of("all")),
        "resolution_median_difference_s": quantile("resolution_difference_s", 0.5, "resolutions"),
        "resolution_within_a_minute": lambda of: 1 - len(of("resolutions_apart")) / len(of("resolutions")),
    },
    "cost": {
        "left_share": share("left", "complained"),
        "left_share_low": lambda of: wilson(len(of("left")), len(of("complained")))[0],
        "left_share_high": lambda of: wilson(len(of("left")), len(of("complained")))[1],
        "left_ltv": lambda of: fmean(float(row["bought"]) for row in of("left")),
        "like_left_share": weighted("left_weight", "weight"),
        "lost_value": lambda of: round(weighted("brought", "lost_weight")(of), 4),
        "like_ltv": lambda of: round(sum(weighted(one, "lost_weight")(of) for one in ("brought", "bought")), 4),
    },
    "touchpoints": {},
    "quality-sample": {"mixed": share("mixed", "with_address")},
    "quality-score": {"mixed": share("mixed", "with_address")},
    "self-service": {"easy_share": share("easy", "with_replies")},
    "handoffs": {
        "repeat_share": share("repeats", "tickets"),
        "repeat_share_low": lambda of: wilson(len(of("repeats")), len(of("tickets")))[0],
        "repeat_share_high": lambda of: wilson(len(of("repeats")), len(of("tickets")))[1],
        "switched": share("switched", "with_channels"),
        "reassigned": share("reassigned", "with_agents"),
    },
    "topics": {
        "topics": lambda of: len({row["topic"] for row in of("assigned")}),
        "assigned_share": share("assigned"),
    },
    "emerging": {"groups": distinct("terms")},
    "causes": {"hours": total("took_s", by=3600), "customers": distinct("customer_id")},
    "contacts": {"customers": distinct("customer_id"), "out_of_hours": share("out_of_hours", "with_hour")},
    "backlog": {"age_p50_s": quantile("age_s", 0.5), "age_p90_s": quantile("age_s", 0.9)},
    "unanswered": {},
}
"""How the other figures are reckoned from the rows."""

MODELS: dict[str, set[str]] = {
    "ltv": {
        *("ltv", "repeat_rate", "lifetime_months", "gap_days", "horizon_days", "ltv_low", "ltv_high"),
        *(
            "observed_ltv",
            "top_decile_share",
            "aov",
            "repeat_orders",
            "forecast",
        ),
    },
    "buyers": {
        *("r", "alpha", "a", "b", "p", "q", "v", "log_likelihood", "backtest_orders_predicted"),
        *("expected_orders", "expected_value"),
        *("backtest_orders_actual", "backtest_model_error", "backtest_formula_error", "backtest_customers"),
    },
    "service-value": {"horizon_days"},
    "self-service": {
        *("questions", "assumed_saved", "assumed_hours", "compared", "saved", "saved_low", "saved_high"),
        *("ratio", "ratio_low", "ratio_high"),
    },
    "quality-sample": {"sampled", "strata"},
    "quality-score": {
        *("conversations", "score", "score_low", "score_high", "speak_for", "read_twice", "agreement", "alpha"),
    },
    "touchpoints": {"touchpoints", "worse", "mapped"},
    "cost": {
        *("per_1000_orders", "after_order_per_1000", "average_cost", "marginal_cost"),
        *("work_mean_s", "stated_cost", "lost_value_low", "lost_value_high"),
    },
    "service": {
        *(end.name for end in ENDS),
        *("within_judged", "solved_older", "first_reply_within", "sla_spread", "first_reply_business_p50_s"),
        *("first_reply_business_p90_s", "resolution_business_p50_s", "resolution_business_p90_s"),
        *("replied_business", "solved_business"),
    },
    "survey-quality": {"representativeness"},
    "trends": {"series", "tested", "rising", "new", "falling", "common_factor"},
    "emerging": {"threshold"},
    "reconcile": {"best_definition"},
    "handoffs": {"by_chance", "excess", "excess_low", "excess_high", "by_chance_in_another"},
    "causes": {"topics"},
    "contacts": {"per_day"},
}
"""Figures that a model gives, or that count something else than rows: days, topics, all tickets that there were."""


@pytest.fixture(scope="module")
def sample() -> Iterator[tuple[Store, Config]]:
    """The samples in memory with their configuration."""
    config = read_config(CONFIG)
    with read_data(SAMPLES) as store:
        yield replace(store, zone=config.data.time_zone, currency=config.data.currency), config


def variants(name: str) -> list[dict[str, Any]]:
    """A metric without a cut, by one column, by two, over time."""
    known = set(inspect.signature(METRICS[name].compute).parameters)
    found: list[dict[str, Any]] = [{}]
    two = "country,device" if name == "funnel" else "country,channel"
    found += [{"by": "country"}, {"by": two}] if "by" in known and name != "causes" else []
    found += [{"by": "category"}] if name == "causes" else []
    found += [{"over": "week"}, {"by": "country", "over": "month"}] if "over" in known else []
    return found


def behind(store: Store, request: Request) -> Of:
    """The rows of a request by their names, each read once."""
    known: dict[str, list[Row]] = {}

    def of(name: str) -> list[Row]:
        if name not in known:
            found = rows(store, request, name)
            known[name] = list(found.records())
            assert found.facts["rows"] in (len(found.rows), None)
        return known[name]

    return of


def slices(of: Of, keys: list[str]) -> Callable[[Row], Of]:
    """The rows that have the values of a record under these keys."""
    placed: dict[str, dict[tuple[Any, ...], list[Row]]] = {}

    def within(record: Row) -> Of:
        def inside(name: str) -> list[Row]:
            if name not in placed:
                placed[name] = {}
                for row in of(name):
                    placed[name].setdefault(tuple(row[key] for key in keys), []).append(row)
            return placed[name].get(tuple(record[key] for key in keys), [])

        return inside

    return within


BY_ALL = ("csi_low", "csi_high")  # how alike the answers of one customer are is found in all rows


def assert_reckoned(name: str, record: Mapping[str, Value], of: Of, where: object) -> None:
    for figure, part in COUNTS[name].items():
        if record.get(figure) is not None:
            assert record[figure] == len(of(part)), (figure, where)
    for figure, reckoned in RECKONED[name].items():
        shown: Any = record.get(figure)
        if shown is not None:
            near = 0.6 if figure.startswith("age_") else 1e-6  # ages are shown in whole seconds
            assert float(shown) == pytest.approx(reckoned(of), rel=1e-6, abs=near), (figure, where)


@pytest.mark.parametrize("name", EVERY)
def test_every_fact_is_reckoned_from_rows_or_said_to_be_of_a_model(name: str) -> None:
    known = {*COUNTS[name], *RECKONED[name], *MODELS.get(name, ()), *WHOLE.get(name, ())}
    assert {fact.name for fact in METRICS[name].facts} <= known


@pytest.mark.parametrize("name", EVERY)
def test_the_rows_come_to_the_facts_and_those_of_a_slice_to_its_figures(
    name: str, sample: tuple[Store, Config]
) -> None:
    store, config = sample
    for given in variants(name):
        request = read_request(METRICS[name], given, config)
        result, of = run(store, request), behind(store, request)
        split = [key.name for key in result.keys]
        for figure in WHOLE.get(name, ()) if not given else ():
            assert result.facts[figure] == len(of(figure)) > 0, figure
        if not given or (not set(given) - {"by"} and name != "ltv"):
            assert_reckoned(name, result.facts, of, given)
        if set(split) <= {"country", "channel", "category", "period", "weekday", "hour", "topic"} and split:
            within = slices(of, split)
            for record in result.records():
                told = {figure: value for figure, value in record.items() if figure not in BY_ALL}
                assert_reckoned(name, told, within(record), (given, record))


@pytest.mark.parametrize("name", EVERY)
def test_the_rows_are_those_that_conditions_choose(name: str, sample: tuple[Store, Config]) -> None:
    store, config = sample
    request = replace(read_request(METRICS[name], {}, config), conditions=parse_conditions(["country=DE"]))
    assert_reckoned(name, run(store, request).facts, behind(store, request), "country=DE")


def test_the_rows_come_to_what_is_within_hours_and_within_a_bound(sample: tuple[Store, Config], tmp_path: Path) -> None:
    hours = tmp_path / "hours.toml"
    text = CONFIG.read_text(encoding="utf-8")
    hours.write_text(text + '\n[calendar.email]\nhours = "Mon-Fri 09:00-18:00"\ncountry = "DE"\n', encoding="utf-8")
    request = read_request(METRICS["service"], {"by": "channel", "within": "10m"}, read_config(hours))
    result, of = run(sample[0], request), behind(sample[0], request)
    within = slices(of, ["channel"])
    assert result.facts["replied_business"]
    for record, own in [(result.facts, of), *((one, within(one)) for one in result.records())]:
        for clock in ("first_reply_business", "resolution_business"):
            known = values(f"{clock}_s", own("all"))
            assert record["replied_business" if clock[0] == "f" else "solved_business"] == len(known)
            for name, share in (("p50", 0.5), ("p90", 0.9)):
                wanted = float(np.quantile(known, share)) if known else None
                assert record[f"{clock}_{name}_s"] == (wanted if wanted is None else pytest.approx(wanted, abs=1e-3))
        assert (
            record["within_judged"] == len(own("within_judged")) == len(own("within_bound")) + len(own("beyond_bound"))
        )
        assert record["first_reply_within"] == pytest.approx(len(own("within_bound")) / len(own("within_judged")))


def test_what_a_figure_is_set_against_is_a_number_of_rows_too(sample: tuple[Store, Config]) -> None:
    store, config = sample
    asked = replace(
        read_request(METRICS["service"], {"by": "channel"}, config), period=parse_period("2026-10", date(2026, 11, 11))
    )
    of = behind(store, asked)
    before = slices(behind(store, replace(asked, period=parse_period("2026-09", date(2026, 11, 11)))), ["channel"])
    found = run(store, asked)
    beside = (list(with_against(store, asked, found, one).records()) for one in ("previous", "rest"))
    for own, rest in zip(*beside, strict=True):
        for figure in ("tickets", "replied", "unanswered", "solved", "with_target"):
            name = COUNTS["service"][figure]
            assert (own[figure], own[f"previous_{figure}"]) == (rest[figure], len(before(own)(name)))
            assert rest[f"rest_{figure}"] == sum(row["channel"] != rest["channel"] for row in of(name))


@pytest.mark.parametrize("name", EVERY)
def test_a_figure_may_be_asked_for_its_rows_by_its_own_name(name: str, sample: tuple[Store, Config]) -> None:
    store, config = sample
    request = read_request(METRICS[name], {}, config)
    facts, offered = run(store, request).facts, cases(store, request)
    for fact in METRICS[name].facts:
        if fact.name in COUNTS[name]:
            assert offered.named(fact.name, METRICS[name].facts) == COUNTS[name][fact.name], fact.name
            assert (rows(store, request, fact.name, 1).facts["rows"] or 0) == (facts[fact.name] or 0), fact.name
        elif fact.name in RECKONED[name] and fact.kind != "count" and fact.name not in offered.names:
            assert (rows(store, request, fact.name, 1).facts["rows"] or 0) == (facts[fact.n or ""] or 0), fact.name
        elif fact.kind == "count" and fact.name not in offered.names:
            with pytest.raises(UsageError, match=f"--rows {fact.name}: this figure is no number") as said:
                rows(store, request, fact.name)
            assert "known: all" in str(said.value.hint)


OF_OTHERS = {
    *(("backlog", "inflow"), ("backlog", "outflow"), ("cost", "after_order")),
    *(("survey-quality", "digging_gap"), ("survey-quality", "digging_auc")),
}
"""What is set beside something that it is no part of: arrivals a stock, contacts orders, bad tickets all answers."""


@pytest.mark.parametrize("name", EVERY)
def test_the_rows_are_told_of_how_many_they_are_some(name: str, sample: tuple[Store, Config]) -> None:
    store, config = sample
    request = read_request(METRICS[name], {}, config)
    facts, offered = run(store, request).facts, cases(store, request)
    for fact in METRICS[name].facts:
        if fact.n is None or fact.n == fact.name or (name, fact.name) in OF_OTHERS:
            continue
        part = COUNTS[name].get(fact.name) if fact.kind == "count" else offered.tells.get(fact.name)
        if fact.kind not in ("count", "share") or part in (None, "all") or part not in offered.names:
            continue
        assert rows(store, request, part, 1).facts["of"] == facts[fact.n], (fact.name, part)


def test_the_page_lists_the_counts_that_are_no_rows(sample: tuple[Store, Config]) -> None:
    store, config = sample
    lacking = {
        (name, fact.name)
        for name in EVERY
        for fact in METRICS[name].facts
        if fact.kind == "count" and (offered := cases(store, read_request(METRICS[name], {}, config)))
        if fact.name not in {*offered.names, *offered.counts}
    }
    page = (DOCS / "rows.md").read_text(encoding="utf-8")
    told = page.partition("| metric | counts |")[2].partition("\n\n")[0]
    cells = [line.split("|")[1:3] for line in told.splitlines()[2:]]
    listed = {
        (name, figure)
        for metrics, figures in cells
        for name in re.findall(r"`([\w-]+)`", metrics)
        for figure in re.findall(r"`(\w+)`", figures)
        if figure in METRICS[name].figures
    }
    assert listed | {("service", "solved_older"), ("service", "within_judged")} == lacking


def test_the_rows_within_a_bound_are_those_that_are_judged_by_it(supportkit: Call, stored: tuple[str, ...]) -> None:
    def told(*words: str) -> dict[str, Any]:
        code, out, _ = supportkit("service", *stored, "--within", "10m", "-f", "json", *words)
        assert code == 0
        return dict(json.loads(out)["facts"])

    facts = told()
    named = ("within_judged", "within_bound", "beyond_bound", "first_reply_within")
    judged, within, beyond, share = (told("--rows", name)["rows"] for name in named)
    assert judged == share == facts["within_judged"] == within + beyond > within > 0
    assert within / judged == pytest.approx(facts["first_reply_within"], abs=1e-6)
    for name in ("unanswered", "replied", "solved"):
        assert told("--rows", name)["rows"] == facts[name]
    assert told("--rows", "all")["rows"] == facts["tickets"]
    code, _, err = supportkit("service", *stored, "--rows", "within_judged")
    assert code == 2
    assert "--rows within_judged: this figure is no number of tickets" in err
    assert "known: all, " in err


def test_the_rows_of_a_step_of_the_funnel_are_those_who_dropped_there(sample: tuple[Store, Config]) -> None:
    store, config = sample
    for given in ({}, {"by": "country"}, {"over": "month"}):
        request = read_request(METRICS["funnel"], given, config)
        result = run(store, request)
        for record in result.records():
            if record["dropped"] is None:
                continue
            found = rows(store, request, f"dropped:{record['step']}").records()
            split = [key.name for key in result.keys if not key.name.startswith("step")]
            assert sum(all(row[key] == record[key] for key in split) for row in found) == record["dropped"]


def test_the_rows_of_a_cohort_are_its_customers_and_the_months_that_they_came_back(
    sample: tuple[Store, Config],
) -> None:
    store, config = sample
    request = read_request(METRICS["cohorts"], {}, config)
    every, months = (list(rows(store, request, name).records()) for name in ("all", "retained"))
    for record in run(store, request).records():
        own = [row for row in months if row["cohort"] == record["cohort"]]
        assert sum(row["cohort"] == record["cohort"] for row in every) == record["customers"]
        if record["observed"]:
            assert sum(row["age_months"] == record["age_months"] for row in own) == record["retained"]
            so_far = sum(row["revenue"] for row in own if row["age_months"] <= record["age_months"])  # type: ignore
            assert float(so_far) / record["customers"] == pytest.approx(record["revenue_per_customer"])  # type: ignore


def test_the_rows_of_an_exposure_are_the_complaints_that_were_handled_so(sample: tuple[Store, Config]) -> None:
    store, config = sample
    request = read_request(METRICS["service-value"], {}, config)
    every = list(rows(store, request, "all").records())
    shown = {record["exposure"]: record for record in run(store, request).records()}
    for exposure, level in (("sla", "met"), ("sla", "breached"), ("reopened", "no"), ("reopened", "yes")):
        own = [row for row in every if row[exposure] == level]
        record = shown[f"{exposure}: {level}"]
        assert len(own) == record["tickets"]
        assert fmean(bool(row["reordered"]) for row in own) == pytest.approx(record["reordered_share"])


@pytest.mark.parametrize("name", EVERY)
def test_the_rows_are_named_ordered_and_cut(name: str, sample: tuple[Store, Config]) -> None:
    store, config = sample
    request = read_request(METRICS[name], {}, config)
    offered = cases(store, request).names
    assert offered[0] == "all"
    whole = rows(store, request, "all")
    keys = [tuple(record[key.name] for key in whole.keys) for record in whole.records()]
    assert len(set(keys)) == len(keys) == whole.facts["of"] or name in ("backlog", "unanswered", "reconcile")
    cut = rows(store, request, "all", 3)
    assert cut.rows == whole.rows[:3]
    assert cut.facts == whole.facts
    assert f"the first 3 of {len(whole.rows):,}" in cut.notes
    with pytest.raises(UsageError, match="unknown value"):
        rows(store, request, "al")


def test_a_name_that_no_row_has_is_no_missing_data(supportkit: Call, stored: tuple[str, ...]) -> None:
    code, out, _ = supportkit("service", *stored, "--rows", "impossible", "--where", "ticket_id=T22037", "-f", "json")
    assert (code, json.loads(out)["facts"]) == (0, {"rows": 0, "of": 1})
    code, _, err = supportkit("service", *stored, "--rows", "all", "--where", "ticket_id=nobody")
    assert code == 3
    assert "no data" in err


def test_what_rows_cannot_be_is_said(supportkit: Call, stored: tuple[str, ...]) -> None:
    code, _, err = supportkit("service", *stored, "--rows", "all", "--top", "0")
    assert code == 2
    code, _, err = supportkit("nps", *stored, "--rows", "detractor")
    assert code == 2
    assert "detractors" in err

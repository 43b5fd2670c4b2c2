"""The headline figures of a report: of the page's period, with n, interval, the period before, target and course."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import date, timedelta
from math import exp, log, sqrt
from pathlib import Path

import pytest

from supportkit.checks.rule import Bound
from supportkit.checks.targets import Target, with_goals
from supportkit.period import parse_period
from supportkit.render.document import HeadlineFigure
from supportkit.render.language import ENGLISH
from supportkit.render.small_line import small_line
from supportkit.render.value_text import duration
from supportkit.reports.figures import HeadlineSource
from supportkit.reports.whole_periods import WholePeriods
from supportkit.request import Answers
from supportkit.stats.changes import count_change, usual_range
from supportkit.stats.intervals import wilson
from supportkit.store import Store
from tests.computing import ReportOf, written
from tests.conftest import Call, Words

Shop = Callable[..., Store]


@pytest.fixture(scope="module")
def october(report_of: ReportOf) -> dict[str, HeadlineFigure]:
    """The figures of the director's page of October, by metric and label."""
    return {f"{one.metric} {one.label}": one for one in report_of("director", "2026-10").figures}


def test_a_score_is_that_of_the_period_as_a_check_has_it(
    october: dict[str, HeadlineFigure], supportkit: Call, stored: Words
) -> None:
    _, out, _ = supportkit("nps", "--period", "2026-10", *stored, "--format", "json")
    facts = json.loads(out)["facts"]
    nps = october["nps NPS"]
    assert (nps.value, nps.n) == (f"{facts['nps']:.1f}", str(facts["answers"])) == ("42.1", "19")
    assert nps.interval == f"{facts['nps_low']:.1f} – {facts['nps_high']:.1f}"
    assert nps.change.endswith("against September 2026: within chance")
    assert nps.target == "20.0"  # of the rule in the configuration


def test_the_change_of_a_score_is_the_one_that_its_table_has(
    october: dict[str, HeadlineFigure], supportkit: Call, stored: Words
) -> None:
    _, out, _ = supportkit("nps", "--over", "month", *stored, "--until", "2026-11-01", "--format", "json")
    row = json.loads(out)["rows"][-1]
    middle, low, high = (f"{row[name]:+.1f}" for name in ("difference", "difference_low", "difference_high"))
    assert october["nps NPS"].change.startswith(f"{middle} [{low}, {high}] against September 2026")


@pytest.mark.parametrize(
    ("audience", "period", "until", "latest"),
    [("director", "2026-10", "2026-11-01", "42.1"), ("head", "2026-W45", "2026-11-09", "42.9")],
)
def test_the_figures_of_a_history_stand_on_no_page(
    audience: str, period: str, until: str, latest: str, report_of: ReportOf, supportkit: Call, stored: Words
) -> None:
    _, out, _ = supportkit("nps", *stored, "--until", until, "--format", "json")
    facts = json.loads(out)["facts"]  # of all months
    for form in ("html", "markdown", "table"):
        told = written(report_of(audience, period), form)
        assert f"NPS **{facts['nps']:.1f}**" not in told
        assert f">{facts['nps']:.1f}<" not in told
        assert not re.search(rf"NPS +{facts['nps']:.1f}", told)
        assert latest in told


def test_a_share_has_wilsons_interval_its_target_and_fails_it_red_and_marked(
    october: dict[str, HeadlineFigure], report_of: ReportOf
) -> None:
    conversion = october["funnel Conversion"]
    low, high = wilson(568, 1197)
    assert (conversion.value, conversion.n, conversion.target) == ("47.5 %", "1,197", "50.0 %")
    assert conversion.interval == f"{100 * low:.1f} – {100 * high:.1f} %"
    assert conversion.failed
    page = written(report_of("director", "2026-10"), "html")
    assert '<strong class="failed">✗ 47.5\u00a0%</strong>' in page
    assert "✗ Conversion" in written(report_of("director", "2026-10"), "table")


def test_tickets_of_months_of_unequal_days_are_compared_per_day(october: dict[str, HeadlineFigure]) -> None:
    tickets = october["trends Tickets"]
    now, before = tickets.course[-1], tickets.course[-2]
    assert now is not None
    assert before is not None
    assert tickets.value == f"{now:.0f}"
    # of 31 days after 30
    low, high = (share / (1 - share) * 30 / 31 - 1 for share in wilson(int(now), int(now + before)))
    told = f"{100 * (now / 31 / (before / 30) - 1):+.1f} % [{100 * low:+.1f}, {100 * high:+.1f}]"
    assert tickets.change.startswith(f"{told} per day against September 2026: ")
    assert len(tickets.course) == 12


@pytest.mark.parametrize(
    ("month", "tickets", "tickets_before", "told"),
    [
        # 70 a day in both, of 31 days and of 28
        ("2026-03", 2170, 1960, "+0.0 % ["),
        ("2026-03", 1960, 1960, "-9.7 % ["),
        ("2026-08", 1960, 1960, "+0.0 % ["),
    ],
)
def test_a_change_is_within_chance_exactly_where_its_interval_holds_nothing(
    month: str, tickets: int, tickets_before: int, told: str, shop: Shop
) -> None:
    period = parse_period(month, date(2026, 12, 1))
    days = [*([period.previous().previous().start] * 5), *([period.previous().start] * tickets_before)]
    rows = [f"{number},{day}T07:00:00Z" for number, day in enumerate([*days, *([period.start] * tickets)])]
    answers = Answers(shop(tickets="\n".join(["ticket_id,created_at", *rows])))
    found = answers(answers.request("trends", {"by": "country"}, period=period))
    source = HeadlineSource([found], period, answers, ENGLISH, part=False, whole=WholePeriods(period))
    (change,) = (one.change for one in source.figures() if one.label == "Tickets")
    low, high = (float(end) for end in change[change.index("[") + 1 : change.index("]")].split(", "))
    assert change.startswith(told)
    assert ("per day" in change) == (month == "2026-03")
    assert ("within chance" in change) == (low <= 0 <= high)


def test_days_that_trends_takes_as_missing_are_in_no_comparison_of_tickets(supportkit: Call, tmp_path: Path) -> None:
    # 10 tickets on each day but 20 to 24 October 2026, which have 2: 260 on 26 days against 300 on the 30 of September
    first = date(2026, 3, 1)
    rows = ["ticket_id,created_at,category"]
    for day in (first + timedelta(days=n) for n in range(275)):
        often = 2 if date(2026, 10, 20) <= day <= date(2026, 10, 24) else 10
        rows += [f"{day}x{n},{day}T09:{n:02d}:00Z,{'abcde'[n % 5]}" for n in range(often)]
    (tmp_path / "tickets.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    words = ("report", "--audience", "director", "--data", tmp_path, "--period", "2026-10", "-q", "-f", "markdown")
    out = supportkit(*words)[1]
    (line,) = (one for one in out.splitlines() if one.startswith("| Tickets |"))
    assert "+0.0 % " in line
    assert " per day against September 2026: within chance; 5 days are taken as missing" in line
    assert "270" in line  # which are there


def test_a_life_is_of_all_days_beside_what_it_was_a_period_before(
    october: dict[str, HeadlineFigure], report_of: ReportOf, supportkit: Call, stored: Words
) -> None:
    ltv = october["ltv LTV"]
    assert ltv.span == "all days up to 31 October 2026"
    before = json.loads(supportkit("ltv", *stored, "--until", "2026-10-01", "-f", "json", "-q")[1])["facts"]["ltv"]
    assert ltv.change == f"{before:,.2f} EUR up to 30 September 2026; not tested: those days are in both"
    assert ltv.course == ()
    assert ltv.interval
    page = written(report_of("director", "2026-10"), "markdown")
    for title in ("Lifetime value, by country", "Cohorts"):
        assert f"# {title}, all days up to 31 October 2026" in page


def test_a_part_period_is_compared_with_as_many_days_before(report_of: ReportOf) -> None:
    figures = report_of("director", "2026-11").figures
    told = [one.change for one in figures if not one.span and one.change]
    assert len(told) > 4
    assert all("against 18–28 October 2026" in one or "in 18–28 October 2026" in one for one in told)
    assert all(not one.course for one in figures)  # twelve months end with none of which a part is there


def test_a_median_has_an_interval_and_is_compared_by_it(
    october: dict[str, HeadlineFigure], supportkit: Call, stored: Words
) -> None:
    words = ("service", *stored, "--interval", "--format", "json", "-q", "--period")
    facts, before = (json.loads(supportkit(*words, month)[1])["facts"] for month in ("2026-10", "2026-09"))
    reply = october["service First reply, median"]
    names = [f"first_reply_p50_{part}s" for part in ("", "low_", "high_")]
    (value, low, high), (other, other_low, other_high) = ([of[name] for name in names] for of in (facts, before))
    assert reply.interval == f"{duration(low)} – {duration(high)}"
    ends = (
        value - other - sqrt((value - low) ** 2 + (other_high - other) ** 2),
        value - other + sqrt((high - value) ** 2 + (other - other_low) ** 2),
    )
    told = [duration(value - other), *map(duration, ends)]
    assert reply.change == f"+{told[0]} [{told[1]}, +{told[2]}] against September 2026: within chance"


def test_every_headline_figure_but_a_count_has_an_interval(report_of: ReportOf) -> None:
    shown = [*report_of("director", "2026-10").figures, *report_of("head", "2026-W45").figures]
    assert {one.label for one in shown if not one.interval} == {"Tickets", "Unanswered"}
    assert [one.label for one in shown if not one.change and not one.span] == []


def test_a_median_of_few_is_held_against_the_periods_before(shop: Shop) -> None:
    # three tickets a month, answered after so many minutes: too few for an interval
    minutes = (10, 12, 9, 11, 10, 8, 12, 14)
    rows = [
        f"{m}{k},2026-{m:02}-02T07:00:00Z,2026-{m:02}-02T07:{minutes[m - 1]:02}:00Z" for m in range(1, 9) for k in "abc"
    ]
    store = shop(tickets="\n".join(["ticket_id,created_at,first_reply_at", *rows]))
    period = parse_period("2026-08", date(2026, 9, 1))
    answers = Answers(store)
    found = answers(answers.request("service", period=period))
    (reply,) = (
        one
        for one in HeadlineSource([found], period, answers, ENGLISH, part=False, whole=WholePeriods(period)).figures()
        if one.label == "First reply, median"
    )
    assert reply.interval == ""
    assert reply.change.startswith("12 min in July 2026; within the usual ")


def test_a_change_of_counts_is_binomial() -> None:
    # 20 after 10: two of three of both, so that the ratio is that of the share to its rest
    low, high = wilson(20, 30)
    found = count_change(20, 10)
    assert found is not None
    assert found == pytest.approx((1.0, low / (1 - low) - 1, high / (1 - high) - 1))
    assert count_change(20, 10, 0.5) == pytest.approx((0.0, low / (1 - low) / 2 - 1, high / (1 - high) / 2 - 1))
    assert count_change(0, 10) is None
    assert count_change(10, 0) is None


def test_a_figure_that_later_events_can_change_is_the_one_that_a_check_judges(
    report_of: ReportOf, supportkit: Call, stored: Words, tmp_path: Path
) -> None:
    words = ("check", "--expect", "funnel.conversion >= 50% min 100", *stored, "--history", tmp_path / "h.json")
    (judged,) = json.loads(supportkit(*words, "--period", "2026-W45", "-f", "json")[1])["rows"]
    (conversion,) = (one for one in report_of("head", "2026-W45").figures if one.label == "Conversion")
    assert (conversion.value, conversion.n) == (f"{100 * judged['value']:.1f} %", str(judged["n"]))
    assert conversion.failed == (judged["state"] == "fail")
    assert conversion.over == "of the users whose window is over; of all so far 45.1 %"
    assert "; of the users whose window is over; of all so far 45.1 %" in written(
        report_of("head", "2026-W45"), "table"
    )
    assert "по пользователям, чьё окно закрыто" in written(report_of("head", "2026-W45", "ru"), "html")


@pytest.mark.parametrize("period", ["2026", "2026-10-14..2026-11-11", "2026-11"])
def test_a_figure_of_any_days_is_the_one_that_a_check_judges_though_sections_are_split(
    period: str, report_of: ReportOf, supportkit: Call, stored: Words, tmp_path: Path
) -> None:
    words = ("check", "--expect", "funnel.conversion >= 50%", *stored, "--history", tmp_path / "h.json")
    (judged,) = json.loads(supportkit(*words, "--period", period, "-f", "json")[1])["rows"]
    (conversion,) = (one for one in report_of("director", period).figures if one.label == "Conversion")
    told = (conversion.value, conversion.n.replace(",", ""))
    assert told == (f"{100 * judged['value']:.1f} %", str(judged["n"]))
    assert conversion.over.startswith("of the users whose window is over; of all so far ")


def test_a_figure_over_too_few_for_a_verdict_is_not_red(report_of: ReportOf) -> None:
    day = report_of("manager", "2026-11-10")
    assert day.lights is not None
    states = {row["slice"]: row["state"] for row in day.lights.records() if row["check"] == "promises are kept"}
    assert set(states.values()) == {"no verdict"}  # of two or three tickets each
    (service,) = (one for one in day.sections if one.result.metric == "service")
    assert any(row["sla_met"] == 0 for row in service.result.records())
    assert service.failing() == frozenset()
    assert "✗" not in written(day, "html").partition('id="service-channel"')[2]


@pytest.mark.parametrize(("n", "red"), [(4, False), (5, True)])
def test_a_target_without_a_rule_asks_for_as_many_as_a_check(n: int, red: bool, shop: Shop) -> None:
    rows = [f"{k},2026-08-03T07:00:00Z,email,2026-08-03T09:00:00Z,2026-08-03T10:00:00Z" for k in range(n)]
    store = shop(tickets="\n".join(["ticket_id,created_at,channel,first_reply_at,solved_at", *rows]))
    period = parse_period("2026-08", date(2026, 9, 1))
    answers = Answers(store)
    target = Target("service", "first_reply_p50_s", (), Bound(1.0, "h"))
    found = with_goals(answers(answers.request("service", period=period)), (target,))
    (reply,) = (
        one
        for one in HeadlineSource([found], period, answers, ENGLISH, part=False, whole=WholePeriods(period)).figures()
        if one.label == "First reply, median"
    )
    assert (reply.value, reply.failed) == ("2 h", red)


def test_a_usual_range_is_students_prediction() -> None:
    # mean 2.5, standard deviation 1.8708, t of 5 degrees of freedom 2.5706
    half = 2.570582 * 1.870829 * sqrt(1 + 1 / 6)
    assert usual_range([0, 1, 2, 3, 4, 5]) == pytest.approx((2.5 - half, 2.5 + half), rel=1e-5)
    assert usual_range([7.0] * 6) == pytest.approx((7, 7))
    assert usual_range([1, 2, 3, 4, 5]) is None
    doubled = [2.0**power for power in (0, 1, 2, 3, 4, 5)]
    assert usual_range(doubled) == pytest.approx((exp((2.5 - half) * log(2)), exp((2.5 + half) * log(2))), rel=1e-5)


def test_a_small_line_has_gaps_where_nothing_is_known_and_its_target() -> None:
    figure = HeadlineFigure("nps", "<NPS>", "5", "9", course=(1.0, 2.0, None, 4.0, 3.0), first="June 2026", goal=2.5)
    drawn = small_line(figure, ENGLISH)
    assert drawn.count("<polyline") == 2
    assert drawn.count("<path") == 1
    assert 'aria-label="&lt;NPS&gt;: 5 periods, from June 2026 on"' in drawn
    assert small_line(HeadlineFigure("nps", "NPS", "5", "9", course=(1.0, None, 2.0)), ENGLISH) == ""


@pytest.mark.parametrize(("language", "told"), [("en", "since 12 October 2026"), ("ru", "растёт с 12 октября 2026")])
def test_a_trouble_on_a_page_of_a_month_is_told_with_its_day_and_not_with_the_first(
    language: str, told: str, report_of: ReportOf
) -> None:
    """That of Germany's payments began on 12 October (data/samples/README.md), which weeks tell."""
    page = written(report_of("director", "2026-10", language), "html")
    assert told in page
    assert "2026-10-01" not in page.replace("--since 2026-10-01", "")
    assert "1 October 2026" not in page.replace("31 October 2026", "")
    assert "с 1 октября" not in page


def test_a_score_at_the_head_that_its_survey_quality_doubts_says_so_and_links_there(report_of: ReportOf) -> None:
    """data/samples/README.md (f): Mark offers the survey only after good conversations."""
    made = report_of("director", "2026-10")
    doubted = {one.metric: (one.doubt, one.doubted_by) for one in made.figures if one.doubt}
    assert doubted == {"csat": ("survey quality doubts it: 1 alarm", "survey-quality")}
    page = written(made, "html")
    assert '! <a href="#survey-quality">survey quality doubts it: 1 alarm</a>' in page
    assert 'id="survey-quality"' in page
    assert "качество опроса под сомнением: 1 тревога" in written(report_of("director", "2026-10", "ru"), "html")


def test_a_lifetime_value_at_the_head_says_up_to_which_age_of_customers_it_is(report_of: ReportOf) -> None:
    (worth,) = (one for one in report_of("director", "2026-10").figures if one.metric == "ltv")
    days = report_of("director", "2026-10").sections
    facts = next(one.result.facts for one in days if one.result.metric == "ltv")
    assert worth.over == f"to a customer's age of {facts['horizon_days']} days"

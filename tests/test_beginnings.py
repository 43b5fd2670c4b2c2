"""Since when a trouble is: one day on all pages of the same data, whatever period and split they look at."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest

from supportkit.period import Period, begun_in, parse_period
from supportkit.stats.episode_walk import Episode
from supportkit.stats.episodes import outlook
from supportkit.stats.gaps import usual_day
from supportkit.store import Store
from supportkit.store.opening import open_store
from supportkit.trends import trends
from tests.computing import ReportOf
from tests.test_outbreak import planted

Shop = Callable[..., Store]
FIRST = date(2025, 1, 6)  # a Monday
WEEKS = 60
BEGAN = FIRST + timedelta(weeks=54)
"""The Monday on which late parcels from DE begin to rise; those from FR follow a week later."""


@pytest.fixture(scope="module")
def samples_open(sample_store: Path) -> Iterator[Store]:
    with open_store(sample_store) as store:
        yield replace(store, zone="Europe/Berlin")


def asked(text: str) -> Period:
    return parse_period(text, date(2026, 12, 1))


@pytest.mark.parametrize("by", ["category", "category,country", "category,language"])
@pytest.mark.parametrize("period", ["2026-10-16", "2026-11-05", "2026-W42", "2026-W45", "2026-10"])
def test_the_planted_troubles_began_on_their_mondays_on_every_page(samples_open: Store, period: str, by: str) -> None:
    # data/samples/README.md (b) and (c): from 2026-W42, and from 2026-W44 on
    planted_on = {"payment declined": date(2026, 10, 12), "delivery delayed": date(2026, 10, 26)}
    rows = trends(samples_open, period=asked(period), by=by).records()
    told = {(row["category"], row["since"]) for row in rows if row["state"] in ("new", "rising", "ongoing")}
    assert told <= set(planted_on.items())
    assert told or period == "2026-10-16"


def test_what_began_before_the_period_is_ongoing_and_what_began_in_it_rises(samples_open: Store) -> None:
    def states(period: str, by: str) -> dict[object, object]:
        rows = trends(samples_open, period=asked(period), by=by).records()
        return {row["category"]: row["state"] for row in rows if row["since"]}

    every = {"payment declined": "ongoing", "delivery delayed": "ongoing"}
    assert states("2026-W45", "category") == states("2026-W45", "category,language") == every
    assert states("2026-11-05", "category") == every
    assert states("2026-10", "category") == {"payment declined": "rising"}


def test_pages_of_a_day_a_week_and_a_month_name_the_same_day(report_of: ReportOf) -> None:
    for audience, period in (("manager", "2026-11-05"), ("head", "2026-W45"), ("director", "2026-10")):
        assert "since 12 October 2026" in report_of(audience, period).sentences[0].text


def shop_of_two_countries(shop: Shop) -> Store:
    lines = ["ticket_id,created_at,customer_id,category,country"]
    for week in range(WEEKS):
        for country, start in (("DE", 54), ("FR", 55), ("IT", WEEKS)):
            for category, usual in (("late", 6), ("broken", 8), ("wrong", 8), ("lost", 8), ("dear", 8)):
                many = 4 * usual if category == "late" and week >= start else usual + week % 3 - 1
                for number in range(many):
                    day = FIRST + timedelta(weeks=week, days=number % 7)
                    key = f"{category}{country}{week}-{number}"
                    lines.append(f"{key},{day}T{8 + number // 7:02d}:00:00Z,c{key},{category},{country}")
    return shop(tickets="\n".join(lines))


def test_a_part_of_a_complaint_began_with_it(shop: Shop) -> None:
    store = shop_of_two_countries(shop)
    for by in ("category", "category,country"):
        for period in (asked("2026-W08"), asked("2026-02"), asked(f"{BEGAN + timedelta(days=30)}")):
            rows = [row for row in trends(store, period=period, by=by).records() if row["since"]]
            assert {row["category"] for row in rows} == {"late"}, (by, period)
            assert {row["since"] for row in rows} == {BEGAN}, (by, period)


def test_an_episode_has_a_start_and_the_week_from_which_on_it_is_over() -> None:
    counts = planted(20, 70, 10.0, seed=7)
    counts[4, 60:64] = 40
    # two quiet weeks, 64 and 65, end it
    assert outlook(counts, np.ones(70)).episodes == (Episode(4, 60, 66),)
    assert outlook(counts[:, :63], np.ones(63)).episodes == (Episode(4, 60),)


def test_a_day_in_the_middle_of_a_month_is_told_on_a_page_of_months() -> None:
    assert begun_in(date(2026, 10, 1), "2026-10") == "2026-10"
    assert begun_in(date(2026, 10, 12), "2026-10") == ""
    assert begun_in(date(2026, 6, 1), "2026-06") == ""  # a Monday, as weeks tell it
    assert begun_in(date(2026, 10, 1), "2026-W45") == ""


def test_a_usual_day_is_the_median_of_its_weekday_around() -> None:
    daily = np.array([float(week * 10 + day) for week in range(5) for day in range(7)])
    # of five weeks each day has four others: of the first Monday 10, 20, 30, 40
    assert usual_day(daily)[0] == 25
    assert usual_day(daily)[17] == (13 + 33) / 2
    assert np.isnan(usual_day(daily[:28])).all()

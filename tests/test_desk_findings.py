"""Sentences for reports on the backlog, on what tickets take, and on the vendor's own figures."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from supportkit.desk import backlog_findings, handling_findings, reconcile_findings, repeats_findings
from supportkit.render.language import ENGLISH, language_of
from supportkit.result import Result, Scope, Value, count, figure

WEEK = Scope(period="2026-W45", start=date(2026, 11, 2), end=date(2026, 11, 9))


def result(scope: Scope = WEEK, **facts: Value) -> Result:
    columns = tuple(
        count(name) if name in ("tickets", "with_reopens", "compared") else figure(name, "number", n="tickets")
        for name in facts
    )
    return Result("m", "M", "…", (), (), facts, (), scope, fact_columns=columns, whole=False)


def test_a_backlog_that_grew_is_told_with_what_came_and_went() -> None:
    grown = result(backlog=36, backlog_before=32, inflow=122, outflow=118)
    (told,) = backlog_findings.findings(grown, ENGLISH)
    assert told.text == "the backlog grew from 32 to 36: 122 came in, 118 went out"
    assert (told.role, told.weight) == ("changed", 4)
    assert backlog_findings.findings(result(backlog=30, backlog_before=32, inflow=1, outflow=3), ENGLISH) == []
    without = result(Scope(), backlog=36, backlog_before=0, inflow=36, outflow=0)
    assert backlog_findings.findings(without, ENGLISH) == []  # since the beginning of the data, everything came


@pytest.mark.parametrize(("rate", "known", "told"), [(0.1, 30, 1), (0.09, 300, 0), (0.5, 29, 0), (None, 0, 0)])
def test_reopenings_are_told_where_they_are_many(rate: float | None, known: int, told: int) -> None:
    assert len(handling_findings.findings(result(reopen_rate=rate, with_reopens=known), ENGLISH)) == told


@pytest.mark.parametrize(("near", "compared", "told"), [(0.5, 30, 1), (0.9, 300, 0), (0.5, 29, 0), (None, 0, 0)])
def test_times_that_are_not_the_vendors_are_told(near: float | None, compared: int, told: int) -> None:
    facts: dict[str, Any] = {"within_a_minute": near, "compared": compared, "best_definition": "zendesk"}
    found = reconcile_findings.findings(result(**facts), ENGLISH)
    assert len(found) == told
    assert all("50 % of 30 first replies" in one.text and one.text.endswith("zendesk") for one in found)


def test_the_sentences_are_said_in_russian() -> None:
    russian = language_of("ru")
    (told,) = backlog_findings.findings(result(backlog=36, backlog_before=32, inflow=122, outflow=118), russian)
    assert told.text == "открытых обращений стало больше: было 32, стало 36; пришло 122, ушло 118"


@pytest.mark.parametrize(("low", "tickets", "told"), [(0.1, 30, 1), (0, 300, 0), (5, 29, 0), (None, 0, 0)])
def test_what_is_said_twice_is_told_where_it_is_more_than_chance(low: float | None, tickets: int, told: int) -> None:
    facts: dict[str, Any] = {"repeats": 12, "tickets": tickets, "excess_low": low, "by_chance": 4.6}
    found = repeats_findings.findings(result(**facts), ENGLISH)
    assert len(found) == told
    assert all(one.text == "12 of 30 tickets were said twice within days, 5 by chance alone" for one in found)

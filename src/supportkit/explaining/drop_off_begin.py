"""Since when a place loses more at a step: the Monday from which on its share is higher than before, by all weeks of
events; else why that is not known."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from supportkit.explaining.brief_request import BriefRequest
from supportkit.explaining.problems import DropOff, Problem
from supportkit.period import containing, parse_period
from supportkit.request import Answers
from supportkit.stats.rate_rise import LEAST_BEFORE, rise


def dated(answers: Answers, asked: BriefRequest, problem: Problem) -> Problem:
    """The problem with the begin of its drop-off, where no complaint tells it."""
    if problem.drop_off is None or problem.since is not None:
        return problem
    return replace(problem, drop_off=_dated(answers, asked, problem.drop_off))


def _dated(answers: Answers, asked: BriefRequest, drop: DropOff) -> DropOff:
    assert asked.period.end is not None
    last = containing(asked.period.end - timedelta(days=1), "week")
    given = {"by": asked.place, "over": "week", **asked.funnel_options}
    found = answers(answers.request("funnel", given, period=last.up_to_end()))
    ((_, place),) = drop.place
    key, period = (column.name for column in found.keys[:2])
    rows = sorted(
        (str(row[period]), int(str(row["users"])), int(str(row["dropped"])))
        for row in found.records()
        if row["step"] == drop.step and str(row[key]) == place and not row["open"] and row["users"]
    )
    if len(rows) <= LEAST_BEFORE:
        weeks = f"{len(rows)} week" if len(rows) == 1 else f"{len(rows)} weeks"
        return replace(drop, unknown=f"{weeks} whose windows are over are there, and that needs {LEAST_BEFORE + 1}")
    first = parse_period(rows[0][0], asked.period.end).start
    place_of_rise = rise([(users, dropped) for _, users, dropped in rows])
    if place_of_rise is None:
        return replace(drop, unknown=f"no week of the {len(rows)} from {first} on is told from those before it")
    return replace(drop, since=parse_period(rows[place_of_rise][0], asked.period.end).start)

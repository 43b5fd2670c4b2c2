"""The funnel's queries: known cases, laws, and hypothesis against a reference that tries every chain."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from itertools import pairwise

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from supportkit.funnels.step_sql import FunnelQuery, StepTable, steps_sql
from supportkit.stats.funnel_counts import users_by_step
from tests import funnel_reference as reference
from tests.funnel_cases import CASES, Case
from tests.funnel_reference import Journeys

SECOND = 1_000_000
Row = dict[str, object]


def plan_for(steps: list[str], mode: str = "ordered", exclusions: tuple[tuple[int, int], ...] = ()) -> FunnelQuery:
    clauses = tuple((k, f"step = '{name}'") for k, name in enumerate(steps, 1))
    excluded = tuple((j, "step = 'x'") for j in range(1, len(exclusions) + 1))
    source = StepTable("events", "user_id", "occurred_at", clauses, excluded, dimensions=("by_1",))
    return FunnelQuery(
        sources=(source,),
        steps=len(steps),
        order="strict" if mode == "strict" else "unordered" if mode == "unordered" else "ordered",
        first_entry=mode == "first",
        window=True,
        repeated=len(set(steps)) < len(steps),
        exclusions=exclusions,
        whole_person=mode == "person",
        dimensions=("by_1",),
    )


SQL_EVENTS = """
create or replace table events as
select user_id, make_timestamptz(t) as occurred_at, step, left(user_id, 1) as by_1,
       cast(make_timestamptz(t) at time zone 'UTC' as date) as over_start
  from (select unnest(cast($users as varchar[])) as user_id, unnest(cast($times as bigint[])) as t,
               unnest(cast($steps as varchar[])) as step)
"""


@cache
def database() -> duckdb.DuckDBPyConnection:
    """One connection for all journeys."""
    return duckdb.connect(config={"threads": 1})


def run(journeys: Journeys, plan: FunnelQuery, window: int, **parameters: object) -> list[Row]:
    """The rows of the query on journeys; a person's `by_1` is the first letter of the name."""
    rows = [(p, t * SECOND, name) for p, events in journeys.items() for t, name in events]
    columns = zip(("users", "times", "steps"), zip(*rows, strict=True) if rows else ((), (), ()), strict=True)
    database().execute(SQL_EVENTS, {name: list(values) for name, values in columns})
    bound = {"window_us": window * SECOND} if plan.window else {}
    bound |= {"until_us": 10**15} if plan.window else {}
    values = {"starts_us": -(10**16), "ends_us": 10**16, **bound, **parameters}
    cursor = database().execute(steps_sql(plan), values)
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def counts(journeys: Journeys, plan: FunnelQuery, window: int, **parameters: object) -> list[int]:
    return totals(run(journeys, plan, window, **parameters))


def totals(rows: list[Row]) -> list[int]:
    """The users of each step, whatever their group."""
    return [int(str(row["users"])) for row in rows if row["total"]]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.what)
def test_the_known_case_holds(case: Case) -> None:
    exclusions = ((1, 2),) if case.mode in ("attempt", "person") else ()
    plan = plan_for(case.steps.split(), case.mode, exclusions)
    assert tuple(counts(case.events, plan, case.window)) == case.counts


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.what)
def test_the_reference_agrees_with_the_known_case(case: Case) -> None:
    steps = case.steps.split()
    level = {
        "ordered": lambda e: reference.level_ordered(e, steps, case.window),
        "repeated": lambda e: reference.level_ordered(e, steps, case.window),
        "first": lambda e: reference.level_ordered(e, steps, case.window, first=True),
        "strict": lambda e: reference.level_strict(e, steps, case.window),
        "unordered": lambda e: reference.level_unordered(e, steps, case.window),
        "attempt": lambda e: reference.level_excluding(e, steps, case.window, "x", 1, 2),
        "person": lambda e: reference.level_of_clean_person(e, steps, case.window, "x", 1, 2),
    }[case.mode]
    assert tuple(reference.counts(case.events, steps, level)) == case.counts


JOURNEYS = st.dictionaries(
    st.sampled_from(["da", "db", "gc", "gd", "re"]),
    st.lists(st.tuples(st.integers(0, 20), st.sampled_from("abcxz")), max_size=8),
    max_size=5,
)
WINDOWS = st.integers(0, 20)
STEPS = ["a", "b", "c"]
SOME = settings(max_examples=20, deadline=None)


@SOME
@given(JOURNEYS, WINDOWS, st.sampled_from([["a", "b", "c"], ["a", "b"], ["a", "b", "b"], ["a", "a", "b"], ["b"]]))
def test_ordered_reaches_what_some_chain_of_events_reaches(journeys: Journeys, window: int, steps: list[str]) -> None:
    expected = reference.counts(journeys, steps, lambda e: reference.level_ordered(e, steps, window))
    assert counts(journeys, plan_for(steps), window) == expected


@settings(max_examples=200, deadline=None)
@given(JOURNEYS, WINDOWS)
def test_the_counts_by_sorted_numbers_agree_with_the_reference(journeys: Journeys, window: int) -> None:
    import numpy as np

    span = 20 + window + 2
    keys = [
        (number * span + time) * 8 + STEPS.index(name) + 1
        for number, events in enumerate(journeys.values())
        for time, name in events
        if name in STEPS
    ]
    expected = reference.counts(journeys, STEPS, lambda e: reference.level_ordered(e, STEPS, window))
    assert users_by_step(np.array(keys, dtype=np.int64), 3, window, span) == expected


def test_more_steps_than_fit_into_a_number_are_refused() -> None:
    import numpy as np

    with pytest.raises(ValueError, match="7 steps"):
        users_by_step(np.zeros(0, dtype=np.int64), 8, 1, 2)


@SOME
@given(JOURNEYS, WINDOWS)
def test_first_strict_and_unordered_agree_with_the_reference(journeys: Journeys, window: int) -> None:
    for mode, level in (
        ("first", lambda e: reference.level_ordered(e, STEPS, window, first=True)),
        ("strict", lambda e: reference.level_strict(e, STEPS, window)),
        ("unordered", lambda e: reference.level_unordered(e, STEPS, window)),
    ):
        assert counts(journeys, plan_for(STEPS, mode), window) == reference.counts(journeys, STEPS, level), mode


@SOME
@given(JOURNEYS, WINDOWS, st.sampled_from([(1, 2), (1, 3), (2, 3)]))
def test_exclusions_agree_with_the_reference(journeys: Journeys, window: int, pair: tuple[int, int]) -> None:
    for mode, level in (
        ("attempt", lambda e: reference.level_excluding(e, STEPS, window, "x", *pair)),
        ("person", lambda e: reference.level_of_clean_person(e, STEPS, window, "x", *pair)),
    ):
        plan = plan_for(STEPS, mode, (pair,))
        assert counts(journeys, plan, window) == reference.counts(journeys, STEPS, level), mode


@SOME
@given(JOURNEYS, st.tuples(WINDOWS, WINDOWS))
def test_windows_between_steps_agree_with_the_reference(journeys: Journeys, limits: tuple[int, int]) -> None:
    plan = replace(plan_for(STEPS), window=False, step_windows=frozenset({2, 3}))
    bound = {"window_2_us": limits[0] * SECOND, "window_3_us": limits[1] * SECOND}
    expected = reference.counts(journeys, STEPS, lambda e: reference.level_within(e, STEPS, limits))
    assert counts(journeys, plan, 0, **bound) == expected


@settings(max_examples=8, deadline=None)
@given(JOURNEYS, WINDOWS)
def test_the_laws_of_a_funnel_hold(journeys: Journeys, window: int) -> None:
    found = {mode: run(journeys, plan_for(STEPS, mode), window) for mode in ("ordered", "strict", "unordered", "first")}
    ordered = totals(found["ordered"])
    assert all(later <= earlier for earlier, later in pairwise(ordered)), "counts never rise along the steps"
    wider = counts(journeys, plan_for(STEPS), window + 3)
    assert all(a <= b for a, b in zip(ordered, wider, strict=True)), "a larger window never lowers a level"
    plain = {p: [e for e in events if e[1] in STEPS] for p, events in journeys.items()}
    assert counts(plain, plan_for(STEPS), window) == ordered, "other events change only strict"
    assert counts(plain, plan_for(STEPS, "unordered"), window) == totals(found["unordered"])
    backwards = {p: events[::-1] for p, events in reversed(journeys.items())}
    for mode, rows in found.items():
        assert run(backwards, plan_for(STEPS, mode), window) == rows, mode
    renamed = {f"{p[0]}-{p[::-1]}": events for p, events in journeys.items()}
    assert run(renamed, plan_for(STEPS), window) == found["ordered"], "names do not matter"
    for k in range(1, 4):
        of_step = [row for row in found["ordered"] if row["step_number"] == k]
        assert sum(int(str(r["users"])) for r in of_step if not r["total"]) == ordered[k - 1], (
            "countries sum to the total"
        )
    for low, high in (("strict", "ordered"), ("ordered", "unordered"), ("first", "ordered")):
        pair = zip(totals(found[low]), totals(found[high]), strict=True)
        assert all(a <= b for a, b in pair), f"{low} <= {high}"


@settings(max_examples=10, deadline=None)
@given(JOURNEYS, WINDOWS)
def test_an_optional_step_changes_nothing_for_the_others(journeys: Journeys, window: int) -> None:
    steps = ["a", "x", "b", "c"]
    optional = counts(journeys, replace(plan_for(steps), optional=frozenset({2})), window)
    assert [optional[0], *optional[2:]] == counts(journeys, plan_for(STEPS), window)
    assert optional[1] == counts(journeys, plan_for(["a", "x"]), window)[1]


@settings(max_examples=10, deadline=None)
@given(JOURNEYS, WINDOWS)
def test_holding_a_property_counts_each_value_as_a_person_of_its_own(journeys: Journeys, window: int) -> None:
    # the property held is whether the second of the event is even
    apart = {f"{p}{side}": [e for e in events if e[0] % 2 == side] for p, events in journeys.items() for side in (0, 1)}
    plan = plan_for(STEPS)
    held = replace(plan, hold=True, sources=(replace(plan.sources[0], held="epoch_us(occurred_at) // 1000000 % 2"),))
    own = reference.counts(apart, STEPS, lambda e: reference.level_ordered(e, STEPS, window))
    persons = counts(journeys, held, window)
    levels = {p: max(reference.level_ordered(apart[f"{p}{side}"], STEPS, window) for side in (0, 1)) for p in journeys}
    assert persons == [sum(level >= k for level in levels.values()) for k in (1, 2, 3)]
    assert all(person <= single for person, single in zip(persons, own, strict=True))


@settings(max_examples=10, deadline=None)
@given(JOURNEYS, WINDOWS)
def test_more_grace_never_lowers_a_count(journeys: Journeys, window: int) -> None:
    plain = counts(journeys, plan_for(STEPS), window)
    graced = replace(plan_for(STEPS), grace=True)
    assert counts(journeys, graced, window, grace_us=0) == plain
    assert all(a <= b for a, b in zip(plain, counts(journeys, graced, window, grace_us=3 * SECOND), strict=True))

"""The exact split of a change and the slices behind it: published figures, exact identities, and a simulation."""

from __future__ import annotations

import math

import pytest
from benchmarks.incidents import incident
from benchmarks.slices import here
from benchmarks.why import LOSS, PLANTED, SHIFT, false_alarms, power, run, tables
from hypothesis import given, settings
from hypothesis import strategies as st

from supportkit.stats.mix_and_rate import Leaves, comparable, leaf_table, paradox, split
from supportkit.stats.slices import explain

BEFORE: Leaves = {("DE",): (400, 200), ("GB",): (600, 420)}
AFTER: Leaves = {("DE",): (700, 364), ("GB",): (300, 216)}


def test_a_moved_mix_is_not_a_fallen_rate() -> None:
    # .62 -> .58; mix .3 x (.51 - .60) - .3 x (.71 - .60) = -.06; rate .55 x .02 + .45 x .02 = +.02
    found = split(leaf_table(BEFORE, AFTER, ["country"]))
    assert (found.rate_before, found.rate_after) == (0.62, 0.58)
    assert found.change == pytest.approx(-0.04, abs=1e-15)
    assert found.mix == pytest.approx(-0.06, abs=1e-15)
    assert found.rate == pytest.approx(0.02, abs=1e-15)
    # failures 336 + 84 = 420; expected 700 x 536/1100 + 300 x 264/900 = 429.09; V 63.52 + 41.53: z = -9.09/10.25
    assert found.z == pytest.approx(-0.887, abs=5e-4)
    assert paradox(leaf_table(BEFORE, AFTER, ["country"])) == ("country",)


def test_the_surer_slice_is_first_though_the_other_has_the_likelier_counts() -> None:
    # failures 880 -> 940 of 1,000: 910 expected, variance 1820 x 180 / (4 x 1999) = 41.0, z 4.7, .6 of the excess; and
    # 100 -> 140: 120 expected, variance 240 x 1760 / 7996 = 52.8, z 2.8, .4 of it. Poisson likelihoods take both for
    # as many chances to fail: 940 ln(940 / 910) - 30 = .5 against 140 ln(140 / 120) - 20 = 1.6
    before: Leaves = {("cash",): (1000, 120), ("card",): (1000, 900)}
    after: Leaves = {("cash",): (1000, 60), ("card",): (1000, 860)}
    found = explain(before, after, ["method"])
    assert [piece.values for piece in found.slices] == [(("method", "cash"),), (("method", "card"),)]
    assert [round(piece.z, 1) for piece in found.slices] == [4.7, 2.8]


def test_cases_that_are_worth_less_are_less_sure_and_ranked_alike() -> None:
    # of a quarter of the cases deviations are half as far off: z 4.7 and 2.8 of the test before become 2.34 and 1.38
    before: Leaves = {("cash",): (1000, 120), ("card",): (1000, 900)}
    after: Leaves = {("cash",): (1000, 60), ("card",): (1000, 860)}
    whole, part = (explain(before, after, ["method"], worth=worth) for worth in (1.0, 0.25))
    assert [round(piece.z, 2) for piece in part.slices] == [2.34, 1.38]
    assert [piece.values for piece in part.slices] == [piece.values for piece in whole.slices]
    assert [piece.excess for piece in part.slices] == [piece.excess for piece in whole.slices]
    assert whole.least_p < part.least_p


def test_a_moved_mix_has_no_guilty_slice() -> None:
    found = explain(BEFORE, AFTER, ["country"])
    assert found.slices == ()
    assert found.coverage is None
    assert not found.outside
    assert found.paradox == ("country",)


def test_a_leaf_that_only_one_table_has_is_all_mix() -> None:
    found = split(leaf_table({("DE",): (100, 50)}, {("DE",): (100, 50), ("FR",): (100, 80)}, ["country"]))
    assert found.change == pytest.approx(0.15)
    assert found.mix == pytest.approx(0.15)
    assert found.rate == 0
    assert found.z == 0


COUNTS = st.integers(0, 40).flatmap(lambda n: st.tuples(st.just(n), st.integers(0, n)))
TABLES = st.dictionaries(st.tuples(st.sampled_from("abc"), st.sampled_from("xyz")), COUNTS, min_size=1).filter(
    lambda table: any(n for n, _ in table.values())
)


@settings(max_examples=100, deadline=None)
@given(TABLES, TABLES)
def test_mix_and_rate_sum_to_the_change(before: Leaves, after: Leaves) -> None:
    found = split(leaf_table(before, after, ["one", "two"]))
    assert math.isclose(found.mix + found.rate, found.change, abs_tol=1e-14)


@settings(max_examples=30, deadline=None)
@given(TABLES, TABLES)
def test_turning_success_into_failure_turns_falls_into_rises(before: Leaves, after: Leaves) -> None:
    turned = [{leaf: (n, n - x) for leaf, (n, x) in table.items()} for table in (before, after)]
    down = explain(before, after, ["one", "two"], direction="down")
    up = explain(turned[0], turned[1], ["one", "two"], direction="up")
    assert [piece.values for piece in down.slices] == [piece.values for piece in up.slices]
    assert [piece.p_fwer for piece in down.slices] == [piece.p_fwer for piece in up.slices]


def test_the_same_tables_in_another_order_give_the_same_answer() -> None:
    before, after = tables_of(3)
    turned = dict(reversed(list(before.items()))), dict(reversed(list(after.items())))
    assert explain(*turned, ["country", "method", "device"]) == explain(before, after, ["country", "method", "device"])


def tables_of(seed: int) -> tuple[Leaves, Leaves]:
    import numpy as np

    return tables(5000, np.random.default_rng(seed), loss=LOSS)


def test_the_planted_slice_comes_first_and_covers_the_change() -> None:
    found, _ = run(1, 20000, loss=LOSS)
    best = found.slices[0]
    assert best.values == PLANTED
    assert best.p_fwer == 1 / 200
    assert best.q < 0.001
    assert found.coverage is not None
    assert found.coverage > 0.8
    assert not found.outside
    assert (("country", "DE"),) in [piece.values for piece in found.slices], "what it lies in is a row of its own"
    assert best.also == ()


def test_slices_of_one_depth_that_hold_the_same_are_twins() -> None:
    # Berlin and the tram are in the same leaves: which of them it is, nothing here tells; together they are no third
    before: Leaves = {
        ("DE", "Berlin", "tram"): (500, 400),
        ("DE", "Bonn", "bus"): (500, 400),
        ("FR", "Nice", "bus"): (500, 400),
    }
    after = {**before, ("DE", "Berlin", "tram"): (500, 300)}
    found = explain(before, after, ["country", "city", "line"])
    rows = {piece.values: piece.also for piece in found.slices}
    assert rows[(("city", "Berlin"),)] == ((("line", "tram"),),)
    assert (("line", "tram"),) not in rows
    assert rows[(("country", "DE"),)] == (), "of one depth, but it holds more"
    shown = [values for piece in found.slices for values in (piece.values, *piece.also)]
    assert len(shown) == len(set(shown)) == found.beyond


def test_where_twins_meet_is_the_clearer_row() -> None:
    leaves = [(c, p) for c in ("DE", "FR", "GB") for p in ("annual", "monthly")]
    before: Leaves = {(*leaf, card): (300, 240) for leaf in leaves for card in ("card", "sepa")}
    after = {**before, ("DE", "annual", "card"): (300, 60)}
    first = explain(before, after, ["country", "plan", "method"]).slices[0]
    assert first.values == (("country", "DE"), ("plan", "annual"), ("method", "card"))


def test_labelled_incidents_are_shown() -> None:
    # python -m benchmarks slices has .952 of 1,000; 40 that are found with .90 are 31 or fewer once in a hundred
    found = [(here(one), one.labels) for one in map(incident, range(40))]
    assert sum(any(label in rows[:5] for label in labels) for rows, labels in found) > 31


def test_a_fall_that_is_the_same_everywhere_lies_outside_the_dimensions() -> None:
    before: Leaves = {(c, d): (2000, 1200) for c in "abcd" for d in "xyz"}
    after: Leaves = dict.fromkeys(before, (2000, 1000))
    found = explain(before, after, ["country", "device"])
    assert found.split.rate == pytest.approx(-0.1)
    assert found.outside


def test_a_rise_is_explained_by_what_rose() -> None:
    before: Leaves = {("DE",): (1000, 500), ("GB",): (1000, 500)}
    after: Leaves = {("DE",): (1000, 700), ("GB",): (1000, 500)}
    found = explain(before, after, ["country"])
    assert found.slices[0].values == (("country", "DE"),)
    assert found.slices[0].excess == pytest.approx(100)  # 700 of 1,200 successes, 600 expected
    assert found.slices[0].share == 1


def test_leaves_that_only_one_table_has_tell_nothing_of_a_difference() -> None:
    first: Leaves = {("a",): (2, 1), ("b",): (2, 0)}
    second: Leaves = {("a",): (2, 1), ("c",): (2, 0)}
    assert comparable(first, first) == 1  # a and b: 1 each of 4 x 4 / 8
    assert comparable(first, second) == 0.5  # a alone
    assert comparable({("a",): (4, 1)}, {("b",): (4, 1)}) == 0
    with pytest.raises(ValueError, match="without a case"):
        comparable({}, first)


def test_slices_too_small_to_vary_are_not_examined() -> None:
    small: Leaves = {(f"c{number:02d}",): (3, 2) for number in range(40)}
    found = explain(small, dict.fromkeys(small, (3, 1)), ["country"])
    assert found.examined == 0
    assert (found.slices, found.least_p, found.least_q) == ((), 1.0, 1.0)


def test_impossible_tables_are_refused() -> None:
    with pytest.raises(ValueError, match="without a case"):
        explain({}, {("DE",): (1, 1)}, ["country"])
    with pytest.raises(ValueError, match="between 0 and the cases"):
        explain({("DE",): (1, 2)}, {("DE",): (1, 1)}, ["country"])
    with pytest.raises(ValueError, match="one value for each dimension"):
        explain({("DE",): (1, 1)}, {("DE",): (1, 1)}, ["country", "device"])


def test_alarms_on_data_without_a_change_stay_near_five_percent() -> None:
    # the full simulation (benchmarks/why.py) has .034 to .052; 60 runs at 5 % pass 9 once in a thousand
    for shift in (0.0, SHIFT):
        family, adjusted, _ = false_alarms(2000, 60, shift=shift)
        assert family <= 9 / 60
        assert adjusted <= 9 / 60


def test_the_planted_slice_is_found_as_often_as_simulated_before() -> None:
    significant, first, third = power(5000, 40)  # .96, .83 and .98 in 200 runs elsewhere
    assert significant >= 0.85
    assert first >= 0.68
    assert third >= 0.9

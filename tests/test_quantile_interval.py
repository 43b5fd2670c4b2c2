"""Intervals of medians and deciles: their places by the printed table, their coverage by drawing, and in `service`."""

from __future__ import annotations

import random
from collections.abc import Callable
from math import comb, log, sqrt
from pathlib import Path
from statistics import median

import pytest

from supportkit.result import interval_names
from supportkit.service import service
from supportkit.stats.quantile_interval import EXACT, quantile_difference, quantile_places
from supportkit.store import Store
from tests.conftest import Call

Shop = Callable[..., Store]


@pytest.mark.parametrize(
    ("n", "low"), [(6, 1), (8, 1), (9, 2), (10, 2), (15, 4), (20, 6), (25, 8), (50, 18), (100, 40)]
)
def test_the_places_of_a_median_are_those_of_the_printed_table(n: int, low: int) -> None:
    # Altman, Machin, Bryant & Gardner 2000, Statistics with Confidence, Table 18.3: 95 % intervals of a median
    assert quantile_places(n, 0.5) == (low, n - low + 1)


@pytest.mark.parametrize("quantile", [0.1, 0.5, 0.9])
@pytest.mark.parametrize("n", [36, 37, 80, 303])
def test_no_narrower_places_are_as_sure(n: int, quantile: float) -> None:
    places = quantile_places(n, quantile)
    assert places
    below = [comb(n, k) * quantile**k * (1 - quantile) ** (n - k) for k in range(n + 1)]
    low, high = places
    assert sum(below[:low]) <= 0.025 < sum(below[: low + 1])
    assert sum(below[high:]) <= 0.025 < sum(below[high - 1 :])


def test_too_few_values_have_no_interval() -> None:
    assert quantile_places(5, 0.5) is None  # all five on one side: 2 in 32
    assert quantile_places(35, 0.9) is None  # 0.9 ** 35 is more than 2.5 in a hundred
    assert quantile_places(36, 0.9)
    assert quantile_places(0, 0.5) is None
    with pytest.raises(ValueError, match="lies inside"):
        quantile_places(10, 1.0)


def test_many_values_go_over_to_the_normal_curve_without_a_step() -> None:
    exact, normal = quantile_places(EXACT, 0.9), quantile_places(EXACT + 1, 0.9)
    assert exact
    assert normal
    assert all(abs(one - other) <= 2 for one, other in zip(exact, normal, strict=True))


def test_nineteen_of_twenty_intervals_hold_the_true_median_of_skewed_and_mixed_durations() -> None:
    drawn = random.Random(11)
    # half chats of some minutes, half mails of some hours, each lognormal: the median lies where hardly any value does
    curves = [(log(180), 0.6), (log(6000), 0.9)]
    many = sorted(drawn.lognormvariate(*curves[i % 2]) for i in range(400_000))
    true = many[len(many) // 2]
    runs, held, apart = 2000, 0, 0
    for _ in range(runs):
        ends = []
        for n in (61, 48):
            values = sorted(drawn.lognormvariate(*drawn.choice(curves)) for _ in range(n))
            places = quantile_places(n, 0.5)
            assert places
            ends.append((median(values), values[places[0] - 1], values[places[1] - 1]))
        held += ends[0][1] <= true <= ends[0][2]
        _, low, high = quantile_difference(*ends)
        apart += low <= 0 <= high
    assert 0.94 <= held / runs <= 0.985
    assert apart / runs >= 0.94


def test_two_medians_are_compared_by_the_way_to_their_ends() -> None:
    # (20, 12, 35) less (17, 13, 22): 3, less the root of 8 ** 2 + 5 ** 2, plus that of 15 ** 2 + 4 ** 2
    assert quantile_difference((20, 12, 35), (17, 13, 22)) == pytest.approx((3, 3 - sqrt(89), 3 + sqrt(241)))


def _tickets(*groups: tuple[str, int]) -> str:
    """Tickets of channels, answered after 10, 20, … seconds and solved after twice that."""
    rows = ["ticket_id,created_at,channel,first_reply_at,solved_at"]
    for channel, n in groups:
        rows += [
            f"{channel}{k},2026-11-06T07:00:00Z,{channel},{_clock(10 * k)},{_clock(20 * k)}" for k in range(1, n + 1)
        ]
    return "\n".join(rows)


def _clock(seconds: int) -> str:
    return f"2026-11-06T{7 + seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}Z"


def test_service_tells_the_durations_at_these_places_of_the_whole_and_of_each_group(shop: Shop) -> None:
    found = service(shop(tickets=_tickets(("chat", 40), ("email", 10), ("phone", 5))), interval=True)
    rows = {row["channel"]: row for row in found.records()}
    # of 40 the places 14 and 27, and of the ninth decile 32 and 40 (0.9 ** 40 is 1.5 in a hundred); of 10 the places 2
    # and 9, and of five there are none
    names = [name for what in ("first_reply_p50_s", "first_reply_p90_s") for name in interval_names(what)]
    assert [rows["chat"][name] for name in names] == [140, 270, 320, 400]
    assert [rows["email"][name] for name in names] == [20, 90, None, None]
    assert [rows["phone"][name] for name in names] == [None] * 4
    assert [rows["chat"][name] for name in interval_names("resolution_p50_s")] == [280, 540]
    # 55 in all: 1..10 twice or thrice, the places 20 and 36 of the order
    order = sorted([10 * k for n in (40, 10, 5) for k in range(1, n + 1)])
    assert [found.facts[name] for name in interval_names("first_reply_p50_s")] == [order[19], order[35]]


def test_nothing_is_told_of_intervals_unless_asked(shop: Shop) -> None:
    found = service(shop(tickets=_tickets(("chat", 40))))
    assert found.facts["first_reply_p50_low_s"] is None
    assert "First reply p50 low" not in [column.label for column in found.for_people().columns]


def test_a_check_of_a_median_fails_only_where_its_whole_interval_is_beyond(supportkit: Call, tmp_path: Path) -> None:
    (tmp_path / "tickets.csv").write_text(_tickets(("chat", 40)), encoding="utf-8")
    config = tmp_path / "c.toml"
    words = ("check", "--data", tmp_path / "tickets.csv", "--period", "2026-11", "--config", config)
    for bound, code in (("130s", 1), ("150s", 0)):  # the median is 205 s, its interval 140 s to 270 s
        config.write_text(f'[[check]]\nexpect = "service.first_reply_p50_s <= {bound}"\nci = 0.95\n')
        assert supportkit(*words)[0] == code


def test_the_ends_of_a_reading_that_counts_every_solve_are_of_replies_alone(shop: Shop) -> None:
    found = service(shop(tickets=_tickets(("chat", 40))), definition="chatwoot", interval=True)
    assert found.facts["first_reply_p50_low_s"] is not None
    assert found.facts["resolution_p50_low_s"] is None

"""Emerging problems on small shops: what is found, and what raises no alarm."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta

import pytest
from benchmarks.letters import Letter

from supportkit.emerging import emerging
from supportkit.period import Period
from supportkit.result import Result
from supportkit.store import Store
from tests.conftest import Call, Words, shops
from tests.shop_letters import START, WEEK_20, news, quiet, said, tickets

Shop = Callable[..., Store]


def test_a_new_problem_is_named_with_examples_of_different_customers(shop: Shop) -> None:
    result = emerging(shop(tickets=tickets(*quiet(), (20, news(12), None))), period=WEEK_20)
    first = next(iter(result.records()))
    assert result.facts["groups"] == len(result.rows) >= 1
    assert "sms" in str(first["terms"]) or "code" in str(first["terms"])
    assert first["customers"] >= 8  # type: ignore[operator]
    assert str(first["examples"]).count('"') == 6


@pytest.fixture(scope="module")
def calm(tmp_path_factory: pytest.TempPathFactory) -> Result:
    """What a quiet week shows."""
    with shops(tmp_path_factory.mktemp("calm")) as shop:
        return emerging(shop(tickets=tickets(*quiet())), period=WEEK_20)


def test_a_quiet_week_has_at_most_a_group(calm: Result) -> None:
    assert calm.facts["groups"] in (0, 1)
    assert any("past" in note or "last" in note for note in calm.notes)


@pytest.mark.parametrize(
    "noise",
    [
        (20, news(50), "the same customer"),
        (20, said("", 30), None),
        (20, said("😀😀😀", 30), None),
        (20, said("Refund", 2), None),
        (20, said("Our shop asks you to describe the confirmation code problem below this line", 40), None),
        (20, said("Hello\n> the SMS confirmation code does not arrive\n> wrote the agent", 30), None),
    ],
    ids=["one customer", "empty", "emoji", "one word", "pasted template", "quoted replies"],
)
def test_noise_raises_no_alarm(shop: Shop, calm: Result, noise: tuple[int, Sequence[Letter], str | None]) -> None:
    result = emerging(shop(tickets=tickets(*quiet(), noise)), period=WEEK_20)
    assert result.facts["groups"] <= calm.facts["groups"]  # type: ignore[operator]
    assert not any("sms" in str(row["terms"]) or "code problem" in str(row["terms"]) for row in result.records())


def test_too_short_a_history_is_said(shop: Shop) -> None:
    period = Period("2026-W04", START + timedelta(weeks=2), START + timedelta(weeks=3))
    result = emerging(shop(tickets=tickets(*quiet(3))), period=period)
    assert result.facts == {"groups": None, "threshold": None, "examined": 0}
    assert any("4 are needed" in note for note in result.notes)


def test_the_sample_shop_s_planted_troubles_emerge_in_their_weeks(supportkit: Call, stored: Words) -> None:
    _, out, _ = supportkit("emerging", *stored, "--period", "2026-W42", "--format", "csv")
    assert "verlängerung" in out
    _, out, _ = supportkit("emerging", *stored, "--period", "2026-W44", "--format", "csv")
    assert "курьера" in out

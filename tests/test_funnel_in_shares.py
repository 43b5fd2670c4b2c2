"""A funnel of very many events is counted by shares of the persons: the same users, groups and medians."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from supportkit.funnel import funnel
from supportkit.render import render
from supportkit.result import Result
from supportkit.store import Store
from supportkit.store.engines.duck import Duck

Shop = Callable[..., Store]

ASKED: dict[str, dict[str, Any]] = {
    "plain": {},
    "by country": {"by": "country"},
    "cut to the two largest": {"by": "country,device", "top": 2},
    "over weeks": {"by": "country", "over": "week"},
    "without a window": {"by": "device", "window": None},
    "every value": {"by": "device", "attribution": "all"},
    "first attempts": {"by": "country", "entry": "first"},
    "optional step": {"steps": ("visit", "cart?", "payment")},
    "unordered": {"order": "unordered", "by": "country"},
    "strict": {"order": "strict"},
}


@pytest.fixture
def events(shop: Shop) -> Store:
    """Some thousand events of 300 users, with ties, gaps and values that are missing."""
    dice = random.Random(23)
    lines = ["user_id,occurred_at,step,country,device"]
    for _ in range(3_000):
        when = datetime(2026, 10, 1) + timedelta(seconds=dice.choice([0, 1, 60]) + 977 * dice.randrange(2_000))
        step = dice.choice(["visit", "visit", "cart", "payment", "page"])
        where = f"{dice.choice(['DE', 'DE', 'FR', 'GB', ''])},{dice.choice(['app', 'web', 'tv'])}"
        lines.append(f"u{dice.randrange(300)},{when:%Y-%m-%dT%H:%M:%SZ},{step},{where}")
    return shop(events="\n".join(lines))


def as_printed(result: Result) -> str:
    """What programs read, in which numbers have six decimals."""
    return render([result], "json")


@pytest.mark.parametrize("name", ASKED)
def test_shares_give_the_result_of_one_query(name: str, events: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    options = {"steps": ("visit", "cart", "payment"), "window": timedelta(days=2), **ASKED[name]}
    whole = funnel(events, **options)
    monkeypatch.setattr("supportkit.funnels.running.SHARE_ROWS", 700)
    monkeypatch.setattr("supportkit.funnels.running.steps_sql", lambda plan: "")  # which nobody asks any more
    assert as_printed(funnel(events, **options)) == as_printed(whole)
    assert whole.facts["started"]


def test_an_engine_of_many_machines_is_asked_one_query(events: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    options: dict[str, Any] = {"steps": ("visit", "cart", "payment"), "window": timedelta(days=2), "by": "country"}
    whole = funnel(events, **options)
    monkeypatch.setattr("supportkit.funnels.running.SHARE_ROWS", 700)
    monkeypatch.setattr("supportkit.funnels.running.rows_in_shares", None)  # which is not called
    monkeypatch.setattr(Duck, "spreads", True)
    assert funnel(events, **options) == whole

"""survey-quality counts the answers of customers who answered again as what they are worth."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from supportkit.stats.intervals import share_difference
from supportkit.store import Store
from supportkit.survey_quality import survey_quality

Shop = Callable[..., Store]


def gap(store: Store) -> list[float]:
    lines = {(str(row["check"]), str(row["slice"])): row for row in survey_quality(store).records()}
    found = lines["digging", "bad tickets"]
    return [float(str(found[name])) for name in ("value", "low", "high")]


def answered(shop: Shop, times: int) -> Store:
    """Twenty customers of clean tickets, five of them unhappy, and twenty of bad ones, ten unhappy; each so often."""
    tickets, surveys = ["ticket_id,created_at,solved_at,status,customer_id,reopens"], []
    surveys.append("kind,score,scale_min,scale_max,responded_at,ticket_id,customer_id")
    for bad, unhappy in ((0, 5), (1, 10)):
        for who in range(20):
            for time in range(times):
                ticket, customer = f"t{bad}-{who}-{time}", f"c{bad}-{who}"
                day = f"2026-10-{1 + time:02}"
                tickets.append(f"{ticket},{day} 08:00,{day} 12:00,solved,{customer},{2 * bad}")
                surveys.append(f"csat,{1 if who < unhappy else 5},1,5,{day} 13:00,{ticket},{customer}")
    return shop(tickets="\n".join(tickets), surveys="\n".join(surveys))


def test_five_answers_of_one_mind_are_one(shop: Shop) -> None:
    known = share_difference(15, 20, 10, 20)
    expected = [known.difference, known.low, known.high]
    assert gap(answered(shop, 1)) == pytest.approx(expected)
    assert gap(answered(shop, 5)) == pytest.approx(expected)

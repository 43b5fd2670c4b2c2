"""Groups whose value is known only after the entry, in a funnel."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from supportkit.funnel import funnel
from supportkit.funnels.findings import findings
from supportkit.funnels.steps import shared_ids
from supportkit.render.language import ENGLISH
from supportkit.store import Store

Shop = Callable[..., Store]


def events(late: int, early: int, pays: float = 0.4) -> str:
    """Visitors without a country, who get DE when they pay, and some with FR from the start."""
    lines = ["user_id,occurred_at,step,country"]
    for kind, users in (("", late), ("FR", early)):
        for n in range(users):
            lines.append(f"{kind}u{n},2026-08-21 10:00:00,visit,{kind}")
            if n < pays * users:
                lines.append(f"{kind}u{n},2026-08-21 10:01:00,pay,{kind or 'DE'}")
    return "\n".join(lines)


def test_where_a_country_is_known_only_at_payment_no_group_is_said_to_lose_more(shop: Shop) -> None:
    result = funnel(shop(events=events(200, 0)), steps=("visit", "pay"), by="country", attribution="first")
    assert result.notes[0] == (
        "country is known only after the entry for 80 of 80 users: DE is first seen at pay for 80 of 80. Whoever "
        "dropped out before has none, so no difference between groups is claimed"
    )
    assert not any("loses" in note for note in result.notes)
    assert all(row["drop_difference"] is None for row in result.records())
    assert findings(result, ENGLISH) == []


def test_where_hardly_any_is_late_the_groups_are_compared(shop: Shop) -> None:
    # 2 of 42 with a country got it at the payment: under a twentieth
    result = funnel(shop(events=events(5, 40)), steps=("visit", "pay"), by="country", attribution="first")
    assert not any("known only after" in note for note in result.notes)
    late = funnel(shop(events=events(10, 40)), steps=("visit", "pay"), by="country", attribution="first")
    assert any(note.startswith("country is known only after the entry for 4 of 44 users") for note in late.notes)


@pytest.mark.parametrize("attribution", ["entry", "last"])
def test_the_value_at_entry_is_never_late_and_the_last_one_is(attribution: str, shop: Shop) -> None:
    result = funnel(shop(events=events(200, 50)), steps=("visit", "pay"), by="country", attribution=attribution)
    late = any("known only after the entry for 80 of 130 users" in note for note in result.notes)
    assert late == (attribution == "last")
    if attribution == "entry":
        assert any(
            "200 of 250 users have no country at entry; who drops out before it is known has none" in note
            for note in result.notes
        )


def test_conditions_of_which_one_event_can_be_several_are_told(shop: Shop) -> None:
    store = shop(
        events="""user_id,occurred_at,step,page
        a,2026-01-01 10:00,view,2
        b,2026-01-01 10:00,view,1
        b,2026-01-01 11:00,view,2
        """
    )
    result = funnel(store, steps=("events where page>=1", "events where page>=2"))
    assert (result.facts["started"], result.facts["converted"]) == (2, 1)
    assert any("each step takes an event of its own" in note for note in result.notes)
    twice = funnel(store, steps=("view", "view"))
    assert not any("an event of its own" in note for note in twice.notes)


def test_a_device_of_two_persons_is_counted() -> None:
    assert shared_ids([("cookie", "ann"), ("cookie", "ann"), ("phone", "ann"), ("tablet", "bob")]) == 0
    assert shared_ids([("cookie", "ann"), ("cookie", "bob"), ("phone", "ann")]) == 1


def test_a_device_of_two_persons_is_told(shop: Shop, tmp_path: object) -> None:
    from pathlib import Path

    file = Path(str(tmp_path)) / "ids.csv"
    file.write_text("id,person\ncookie,ann\ncookie,bob\n")
    store = shop(events="user_id,occurred_at,step\nann,2026-01-01 10:00,visit\nbob,2026-01-01 11:00,visit")
    result = funnel(store, steps=("visit", "visit"), identities=file)
    assert result.facts["started"] == 1
    assert "1 of these ids is given to several persons, who count as one: do they share a device?" in result.notes

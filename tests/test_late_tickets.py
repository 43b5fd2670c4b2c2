"""Tickets that become known late: what share, as learned from the loads, and what is expected of the last days."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from supportkit.exports.loading import load
from supportkit.exports.masking.pseudonyms import Key
from supportkit.exports.recognising.load_options import LoadOptions
from supportkit.period import containing
from supportkit.stats.reporting_delay import known_after
from supportkit.store import Store, memory_store
from supportkit.store.arrivals import arrivals
from supportkit.trending.data_gaps import KnownShare, data_gaps
from supportkit.trending.equal_periods import Blocks
from supportkit.trends import trends

MONDAY = date(2026, 1, 5)
KNOWN = (0.3, 0.6, 0.8, 1.0)  # of a day's tickets 0, 1, 2 and 3 days later


def looked_at(days: int, every: int = 1) -> list[tuple[int, int, float]]:
    """100 tickets a day, looked at on every so many days, four weeks back."""
    share = dict(enumerate(KNOWN))
    looks = range(0, days, every)
    return [
        (day, now - day, 100 * share.get(now - day, 1.0)) for now in looks for day in range(max(0, now - 27), now + 1)
    ]


def test_the_share_known_is_learned_from_what_loads_found() -> None:
    known = known_after(looked_at(40))
    assert known is not None
    assert known.tolist() == pytest.approx([*KNOWN, *[1.0] * 11])


def test_days_that_are_not_settled_yet_say_nothing() -> None:
    # the last days have only been looked at early: were they taken as whole, .6 / .3 and so on would be 1
    assert known_after(looked_at(14)) is None


def test_weekly_loads_teach_every_age() -> None:
    known = known_after(looked_at(80, every=7))
    assert known is not None
    assert known[:4].tolist() == pytest.approx(list(KNOWN))


def test_an_age_seldom_looked_at_lies_between_its_neighbours() -> None:
    seen = [one for one in looked_at(40) if one[1] != 1]
    known = known_after(seen)
    assert known is not None
    assert known[1] == pytest.approx((0.3 + 0.8) / 2)


def test_too_few_tickets_teach_nothing() -> None:
    assert known_after([(day, age, tickets / 100) for day, age, tickets in looked_at(20)]) is None


def file_of(folder: Path, since: date, until: date) -> Path:
    """30 tickets a day, each known 0 to 3 days after it was created, as exported on an evening for the days since."""
    lines = ["ticket_id,created_at,customer_id,category"]
    for number in range((since - MONDAY).days, (until - MONDAY).days + 1):
        day = MONDAY + timedelta(days=number)
        share = KNOWN[min((until - day).days, 3)]
        lines += [
            f"{day}-{i},{day}T08:00:00Z,c{number}-{i},{'late' if i % 2 else 'broken'}" for i in range(int(30 * share))
        ]
    path = folder / "tickets.csv"
    path.write_text("\n".join(lines) + "\n")
    return path


def store_loaded(folder: Path, days: range) -> Store:
    """A store loaded on each of these evenings: first all days since Monday, then the last four weeks each time."""
    store = memory_store()
    for number in days:
        day = MONDAY + timedelta(days=number)
        evening = datetime(day.year, day.month, day.day, 20, tzinfo=UTC)
        load(
            store,
            [file_of(folder, MONDAY if number == days[0] else day - timedelta(weeks=4), day)],
            LoadOptions(loaded_at=evening, privacy="keep", key=Key(b"k" * 32)),
        )
    rows = [(f"O{n}-{i}", MONDAY + timedelta(days=n)) for n in range(days[-1] + 1) for i in range(20)]
    store.connection.execute(
        "insert into orders (order_id, ordered_at, customer_id, amount, source) "
        "select unnest($ids), cast(unnest(cast($days as date[])) as timestamptz), 'b', 1, 't'",
        {"ids": [name for name, _ in rows], "days": [day for _, day in rows]},
    )
    return store


def test_each_load_remembers_what_it_knew_of_the_last_days(tmp_path: Path) -> None:
    store = store_loaded(tmp_path, range(27, 30))
    last, seen = arrivals(store)
    assert last == MONDAY + timedelta(days=29)
    # of the 27th day: 9 of 30 on the same evening, 18 a day later, 24 after two
    assert [one for one in seen if one[0] == MONDAY + timedelta(days=27)] == [
        (MONDAY + timedelta(days=27), age, tickets) for age, tickets in enumerate((9, 18, 24))
    ]
    assert len({day for day, _, _ in seen}) == 30


def test_tickets_that_are_not_known_yet_are_no_fall(tmp_path: Path) -> None:
    # loaded every evening for five weeks, the last time on the Sunday of the week in question: 30 x 4 whole days, then
    # 24, 18 and 9 of 30; (4 + .8 + .6 + .3) / 7 = .814 of the week's 210 are known: 85.5 a category of 105
    store = store_loaded(tmp_path, range(62, 98))
    week = containing(MONDAY + timedelta(days=97), "week")
    result = trends(store, period=week)
    assert [row["expected"] for row in result.records()] == pytest.approx([85.5, 85.5], rel=0.03)
    assert {row["state"] for row in result.records()} == {"steady"}
    (note,) = [note for note in result.notes if "become known late" in note]
    assert "30 % of those of 2026-04-12" in note
    assert "2026-04-10 to 2026-04-12" in note
    assert "the last complete day is 2026-04-11" in note
    store.connection.execute("drop table arrivals")
    unaware = trends(store, period=week)
    assert all(row["expected"] > 90 for row in unaware.records())  # type: ignore[operator]


def test_a_gap_is_seen_beside_the_delay() -> None:
    # Friday is missing altogether, Saturday and Sunday are known by .8 and .6
    late = KnownShare(MONDAY + timedelta(days=69 + 1), (0.3, 0.6, 0.8, 1.0))
    days = {MONDAY + timedelta(days=n): 100 for n in range(67)}
    days |= {MONDAY + timedelta(days=67): 0, MONDAY + timedelta(days=68): 80, MONDAY + timedelta(days=69): 60}
    found = data_gaps(days, Blocks.of(containing(MONDAY + timedelta(days=69), "week"), MONDAY), late)
    assert found.there[-1] == pytest.approx((4 + 0 + 0.8 + 0.6) / 7)
    assert any("gap" in note or "incomplete" in note for note in found.notes)
    assert data_gaps(days, Blocks.of(containing(MONDAY + timedelta(days=69), "week"), MONDAY)).there[-1] > 0.7

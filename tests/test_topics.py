"""Topics on small shops."""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Callable, Sequence
from datetime import date

import pytest
from benchmarks.letters import Letter, letters

from supportkit.period import parse_period
from supportkit.service import service
from supportkit.store import Store
from supportkit.store.conditions import parse_conditions
from supportkit.topics import topics
from tests.conftest import Call, Words
from tests.shop_letters import START, quiet, said, tickets

Shop = Callable[..., Store]


def test_every_ticket_has_a_topic_or_is_unassigned(shop: Shop) -> None:
    result = topics(shop(tickets=tickets(*quiet(6, 100), (2, said("😀", 3), None), (3, said("Hello!", 3), None))))
    assert sum(row["tickets"] for row in result.records()) == 606  # type: ignore[misc]
    assert list(result.records())[-1]["topic"] == "unassigned"
    assert sum(row["share"] for row in result.records()) == pytest.approx(1)  # type: ignore[misc]
    assert result.facts["assigned_share"] >= 0.5  # type: ignore[operator]
    assert result.facts["topics"] == len(result.rows) - 1 >= 12


def test_topics_say_since_when_and_in_which_language(shop: Shop) -> None:
    weeks: list[tuple[int, Sequence[Letter], str | None]] = [
        (week, letters(random.Random(week), 60, ("ru", "en")), None) for week in range(4)
    ]
    rows = [row for row in topics(shop(tickets=tickets(*weeks))).records() if row["topic_id"]]
    assert {row["languages"] for row in rows} == {"ru", "en"}
    assert min(row["since"] for row in rows) == START  # type: ignore[type-var]


def test_by_topic_and_a_condition_on_it_work_in_other_metrics(shop: Shop) -> None:
    store = shop(tickets=tickets(*quiet(4, 80)))
    by_topic = {row["topic"]: row["tickets"] for row in service(store, by="topic").records()}
    assert by_topic == {row["topic"]: row["tickets"] for row in topics(store).records()}
    first = next(iter(topics(store).records()))
    cut = store.filtered(parse_conditions([f"topic='{first['topic']}'"]))
    assert service(cut).facts["tickets"] == first["tickets"]


def test_surveys_are_split_by_the_topic_of_their_ticket(supportkit: Call, stored_with_topics: Words) -> None:
    code, out, err = supportkit("csat", "--by", "topic", *stored_with_topics, "--format", "csv")
    assert code == 0, err
    names = [row[0] for row in csv.reader(io.StringIO(out))][1:]
    assert len(names) > 20
    _, out, _ = supportkit("topics", *stored_with_topics, "--format", "csv")
    assert set(names) - {"(none)"} <= {row[1] for row in csv.reader(io.StringIO(out))}


def test_a_period_cuts_the_tickets_and_changes_no_topic(shop: Shop) -> None:
    store = shop(tickets=tickets(*quiet(6, 80)))
    names = {row["topic_id"]: row["topic"] for row in topics(store).records()}
    week = topics(store, period=parse_period("2026-W03", date(2026, 3, 1)))
    assert sum(row["tickets"] for row in week.records()) == 80  # type: ignore[misc]
    assert all(names[row["topic_id"]] == row["topic"] for row in week.records())


def test_topics_of_a_few_tickets_are_all_unassigned(shop: Shop) -> None:
    result = topics(shop(tickets=tickets((0, said("Where is my order?", 5), None))))
    assert result.facts == {"topics": 0, "assigned_share": 0.0, "tickets": 5}
    assert any("fit no topic" in note for note in result.notes)


def test_topics_of_the_sample_shop_show_no_personal_data(supportkit: Call, stored_with_topics: Words) -> None:
    _, out, _ = supportkit("topics", *stored_with_topics, "--format", "csv")
    assert "@" not in out
    names = [row[1] for row in csv.reader(io.StringIO(out))]
    assert not any(character.isdigit() for name in names for character in name)

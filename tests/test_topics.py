"""Topics on small shops."""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta

import pytest
from benchmarks.letters import Letter, letters

from supportkit.period import Period, parse_period
from supportkit.result import Chart
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
    # with the extra `semantic` some are of both
    assert {"ru", "en"} <= {row["languages"] for row in rows} <= {"ru", "en", "ru, en", "en, ru"}
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
    assert len(names) > 10
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


def placed(shop: Shop, *topics: tuple[int | None, str | None, str, Sequence[int]]) -> Store:
    """A shop in Tokyo whose topics are known: of each (id, name, language) how many tickets on which day of January."""
    rows = [
        (f"{n}-{day}-{k}", day, number, name, language)
        for n, (number, name, language, days) in enumerate(topics)
        for day, count in enumerate(days, 1)
        for k in range(count)
    ]
    morning = datetime(2025, 12, 31, 20, tzinfo=UTC)  # five o'clock of the first of January in Tokyo
    lines = [f"{key},{morning + timedelta(days=day - 1):%Y-%m-%dT%H:%M:%SZ}" for key, day, *_ in rows]
    store = shop(zone="Asia/Tokyo", tickets="\n".join(["ticket_id,created_at", *lines]))
    places = ", ".join(f"('{key}', {number or 'null'}, '{name}', '{spoken}')" for key, _, number, name, spoken in rows)
    store.engine.keep(
        "ticket_topic",
        "select source, ticket_id, topic_id, nullif(topic, 'None') as topic, place.language "
        f"from main.tickets join (values {places}) as place(ticket_id, topic_id, topic, language) using (ticket_id)",
        {},
    )
    return store


def test_the_whole_result_of_known_topics(shop: Shop) -> None:
    # one parcel of twenty is in German, one card of 21 in Russian; of two topics of five the smaller id comes first
    store = placed(
        shop,
        (7, "late parcel", "en", [4, 5, 10]), (7, "late parcel", "de", [0, 1]),
        (3, "card declined", "en", [0, 0, 20]), (3, "card declined", "ru", [0, 0, 1]),
        (9, "refund", "ru", [0, 2]), (9, "refund", "en", [0, 3]),
        (4, "price", "none", [0, 1, 1]), (4, "price", "other", [0, 0, 1]), (4, "price", "latin", [0, 2]),
        (None, None, "en", [0, 1, 1]),
    )  # fmt: skip
    result = topics(store)
    first, second, third = date(2026, 1, 1), date(2026, 1, 2), date(2026, 1, 3)
    assert result.rows == (
        (3, "card declined", 21, 21 / 53, third, "en", 53),
        (7, "late parcel", 20, 20 / 53, first, "en, de", 53),
        (4, "price", 5, 5 / 53, second, None, 53),
        (9, "refund", 5, 5 / 53, second, "en, ru", 53),
        (None, "unassigned", 2, 2 / 53, None, "en", 53),
    )
    assert dict(result.facts) == {"topics": 4, "assigned_share": 51 / 53, "tickets": 53}
    assert (result.metric, result.title) == ("topics", "Topics: what the tickets are about")
    assert result.definition == "tickets by topic, from subject and body; a topic keeps its id and its name"
    assert result.chart == Chart("bar", x="topic", y="tickets")
    assert (result.notes, result.scope.rows) == ((), 53)
    # of the third day alone; a topic is still as old as its first ticket
    day = topics(store, period=Period("", third, None))
    assert [(row[1], row[2], row[4]) for row in day.rows] == [
        ("card declined", 21, third), ("late parcel", 10, first), ("price", 2, second), ("unassigned", 1, None),
    ]  # fmt: skip


@pytest.mark.parametrize(("fit", "told"), [(17, False), (16, True)])
def test_less_than_85_of_100_that_fit_are_told(fit: int, told: bool, shop: Shop) -> None:
    result = topics(placed(shop, (1, "late parcel", "en", [fit]), (None, None, "en", [20 - fit])))
    note = (
        f"{20 - fit} tickets fit no topic: too short, too few of a kind, or of a language met rarely; where they were "
        "fewer once, topics refit fits the spaces anew"
    )
    assert (note in result.notes) is told
    assert result.facts["assigned_share"] == fit / 20


def test_without_tickets_no_topic_is_known(shop: Shop) -> None:
    result = topics(shop())
    assert (result.rows, dict(result.facts)) == ((), {"topics": None, "assigned_share": None, "tickets": 0})
    assert result.notes == ()

"""Topics, emerging problems and causes on small shops."""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from pathlib import Path

import pytest
from benchmarks.letters import Letter, letter, letters

from supportkit.causes import causes
from supportkit.emerging import emerging
from supportkit.errors import UsageError
from supportkit.period import Period, parse_period
from supportkit.service import service
from supportkit.store import Store
from supportkit.store.selection import parse_conditions
from supportkit.topics import topics
from tests.conftest import Call

Shop = Callable[..., Store]
START = date(2026, 1, 5)
WEEK_20 = Period("2026-W22", START + timedelta(weeks=20), START + timedelta(weeks=21))
COLUMNS = "ticket_id,created_at,customer_id,body,is_complaint,solved_at"


def tickets(*weeks: tuple[int, Sequence[Letter], str | None]) -> str:
    """A tickets.csv of letters by (week, letters, their one customer or None for one each)."""
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    for number, (week, written, customer) in enumerate(weeks):
        for place, one in enumerate(written):
            day = START + timedelta(weeks=week, days=place % 7)
            name = f"{number:02d}-{place:03d}"
            rows.writerow([name, f"{day}T10:00:00Z", customer or f"c{name}", one.text, "true", f"{day}T12:00:00Z"])
    return COLUMNS + "\n" + text.getvalue()


def quiet(weeks: int = 21, size: int = 30) -> list[tuple[int, list[Letter], str | None]]:
    return [(week, letters(random.Random(week), size), None) for week in range(weeks)]


def said(text: str, times: int) -> list[Letter]:
    return [Letter(text, "", "en")] * times


def news(count: int, languages: Sequence[str] = ("en",)) -> list[Letter]:
    rng = random.Random(5)
    return [letter(rng, "new", languages[i % len(languages)]) for i in range(count)]


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
    cut = store.cut(parse_conditions([f"topic='{first['topic']}'"]))
    assert service(cut).facts["tickets"] == first["tickets"]


def test_surveys_are_split_by_the_topic_of_their_ticket(supportkit: Call, samples: Path) -> None:
    code, out, err = supportkit("csat", "--by", "topic", "--data", samples, "--format", "csv")
    assert code == 0, err
    names = [row[0] for row in csv.reader(io.StringIO(out))][1:]
    assert len(names) > 20
    _, out, _ = supportkit("topics", "--data", samples, "--format", "csv")
    assert set(names) - {"(none)"} <= {row[1] for row in csv.reader(io.StringIO(out))}


def test_a_period_cuts_the_tickets_and_changes_no_topic(shop: Shop) -> None:
    store = shop(tickets=tickets(*quiet(6, 80)))
    names = {row["topic_id"]: row["topic"] for row in topics(store).records()}
    week = topics(store, period=parse_period("2026-W03", date(2026, 3, 1)))
    assert sum(row["tickets"] for row in week.records()) == 80  # type: ignore[misc]
    assert all(names[row["topic_id"]] == row["topic"] for row in week.records())


def test_topics_of_a_few_tickets_are_all_unassigned(shop: Shop) -> None:
    result = topics(shop(tickets=tickets((0, said("Where is my order?", 5), None))))
    assert result.facts == {"topics": 0, "assigned_share": 0.0}
    assert any("fit no topic" in note for note in result.notes)


def test_a_new_problem_is_named_with_examples_of_different_customers(shop: Shop) -> None:
    result = emerging(shop(tickets=tickets(*quiet(), (20, news(12), None))), period=WEEK_20)
    first = next(iter(result.records()))
    assert result.facts["groups"] == len(result.rows) >= 1
    assert "sms" in str(first["terms"]) or "code" in str(first["terms"])
    assert first["customers"] >= 8  # type: ignore[operator]
    assert str(first["examples"]).count('"') == 6


def test_a_quiet_week_has_at_most_a_group(shop: Shop) -> None:
    result = emerging(shop(tickets=tickets(*quiet())), period=WEEK_20)
    assert result.facts["groups"] in (0, 1)
    assert any("past" in note or "last" in note for note in result.notes)


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
def test_noise_raises_no_alarm(shop: Shop, noise: tuple[int, Sequence[Letter], str | None]) -> None:
    calm = emerging(shop(tickets=tickets(*quiet())), period=WEEK_20)
    result = emerging(shop(tickets=tickets(*quiet(), noise)), period=WEEK_20)
    assert result.facts["groups"] <= calm.facts["groups"]  # type: ignore[operator]
    assert not any("sms" in str(row["terms"]) or "code problem" in str(row["terms"]) for row in result.records())


def test_too_short_a_history_is_said(shop: Shop) -> None:
    period = Period("2026-W04", START + timedelta(weeks=2), START + timedelta(weeks=3))
    result = emerging(shop(tickets=tickets(*quiet(3))), period=period)
    assert result.facts == {"groups": None, "threshold": None}
    assert any("4 are needed" in note for note in result.notes)


ORDERS = """
order_id,ordered_at,customer_id,amount,currency,refunded,status
1,2026-01-01T10:00:00Z,ann,100,EUR,,paid
2,2026-01-02T10:00:00Z,ann,50,EUR,20,paid
3,2026-01-02T10:00:00Z,ben,40,EUR,,paid
4,2026-01-02T10:00:00Z,cid,70,EUR,,cancelled
5,2026-01-02T10:00:00Z,eve,999,EUR,,paid
"""
COMPLAINTS = """
ticket_id,created_at,customer_id,category,is_complaint,solved_at
A,2026-01-05T10:00:00Z,ann,late,true,2026-01-05T13:00:00Z
B,2026-01-05T10:00:00Z,ann,late,true,2026-01-05T12:00:00Z
C,2026-01-05T10:00:00Z,ben,late,true,
D,2026-01-05T10:00:00Z,cid,broken,true,2026-01-06T10:00:00Z
E,2026-01-05T10:00:00Z,eve,question,false,2026-01-06T10:00:00Z
"""


def test_the_pareto_counts_shares_hours_customers_and_their_purchases(shop: Shop) -> None:
    result = causes(shop(tickets=COMPLAINTS, orders=ORDERS), by="category")
    # late: 3 of 4; 3 h + 2 h; ann 100 + 50 - 20, ben 40. broken: cid bought nothing that stands.
    late, broken = result.records()
    assert late == {
        "category": "late", "tickets": 3, "share": 0.75, "cumulative_share": 0.75, "hours": 5.0, "customers": 2,
        "revenue": 170,
    }  # fmt: skip
    assert (broken["cumulative_share"], broken["hours"], broken["revenue"]) == (1.0, 24.0, None)
    assert result.facts == {"tickets": 4, "topics": 2}
    assert any("1 tickets that are no complaints" in note for note in result.notes)


def test_without_a_mark_of_complaints_all_tickets_count(shop: Shop) -> None:
    result = causes(shop(tickets="ticket_id,created_at\nA,2026-01-05T10:00:00Z"))
    assert result.facts == {"tickets": 1, "topics": 1}
    assert next(iter(result.records()))["topic"] == "unassigned"


def test_revenue_in_two_currencies_is_not_added(shop: Shop) -> None:
    result = causes(shop(tickets=COMPLAINTS, orders=ORDERS.replace("40,EUR", "40,USD")), by="category")
    assert [row["revenue"] for row in result.records()] == [None, None]
    assert any("not added" in note for note in result.notes)


def test_causes_take_one_dimension(shop: Shop) -> None:
    with pytest.raises(UsageError, match="one column"):
        causes(shop(tickets=COMPLAINTS), by="category,channel")


def test_the_sample_shop_s_planted_troubles_emerge_in_their_weeks(supportkit: Call) -> None:
    _, out, _ = supportkit("emerging", "--data", "data/samples", "--period", "2026-W42", "--format", "csv")
    assert "verlängerung" in out
    _, out, _ = supportkit("emerging", "--data", "data/samples", "--period", "2026-W44", "--format", "csv")
    assert "курьера" in out


def test_topics_of_the_sample_shop_show_no_personal_data(supportkit: Call) -> None:
    _, out, _ = supportkit("topics", "--data", "data/samples", "--format", "csv")
    assert "@" not in out
    names = [row[1] for row in csv.reader(io.StringIO(out))]
    assert not any(character.isdigit() for name in names for character in name)

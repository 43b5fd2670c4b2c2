"""Emerging problems on small shops: what is found, and what raises no alarm."""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta

import pytest
from benchmarks.letters import Letter, letters

from supportkit.emerging import _tickets, emerging
from supportkit.period import Period, containing
from supportkit.result import Result
from supportkit.stats.emerging_groups import USUAL_THRESHOLD, backtested_threshold, emerging_groups, looked_at
from supportkit.stats.ticket_words import all_stems, tokens
from supportkit.stats.week_texts import Text, Week
from supportkit.store import Store
from supportkit.store.issue_tables import add_issue, close_issue
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


def weeks_of(text: str, weeks: int) -> list[Week]:
    """The weeks of a tickets.csv from the first on, as the scan wants them."""
    texts: list[list[Text]] = [[] for _ in range(weeks)]
    for row in csv.DictReader(io.StringIO(text)):
        words = tokens(row["body"])
        week = (date.fromisoformat(row["created_at"][:10]) - START).days // 7
        stems = tuple(stem for stem, _ in words)
        texts[week].append(Text(row["ticket_id"], row["customer_id"], stems, tuple(all_stems(row["body"]))))
    return [Week.of(week) for week in texts]


def week_of(number: int) -> Period:
    return containing(START + timedelta(weeks=number), "week")


def test_the_whole_result_is_that_of_the_scan_over_the_weeks_before(shop: Shop) -> None:
    # the first of the customers with the new problem, c08-000, writes three more letters about it
    text = tickets(*quiet(8), (7, news(12), None), (7, news(3), "c08-000"))
    result = emerging(shop(tickets=text), period=week_of(7))
    *history, now = weeks_of(text, 8)
    (group,) = emerging_groups(now, history, threshold=USUAL_THRESHOLD)
    (row,) = result.records()
    assert [row[name] for name in ("expected", "lift", "score")] == [group.expected, group.lift, group.score]
    assert row["customers"] == len(group.keys)
    assert "08-000" in group.keys
    assert row["tickets"] == len(group.keys) + 3
    assert dict(result.facts) == {"groups": 1, "threshold": 5.0, "examined": 45}
    assert (result.metric, result.title) == ("emerging", "Emerging: problems without a name yet")
    assert result.definition == (
        "words of 2026-W09 that the periods before did not lead one to expect; a customer counts once"
    )
    assert result.notes == (
        f"{row['terms']}: {row['examples']}",
        "the threshold 5.0 is the usual one: only 3 past periods could be tried",
    )
    assert (result.scope.period, result.scope.rows) == ("2026-W09", 45)


def test_terms_are_in_the_commonest_form_and_examples_in_one_line(shop: Shop) -> None:
    def said_by(who: str, subject: str, body: str) -> str:
        return f'v{who},{START + timedelta(weeks=7, days=1)}T10:00:00Z,v{who},{subject},"{body}"'

    just = f"The blue kettles leak steam {'x' * 31} and {'y' * 26}"
    over = f"{just}y"
    assert (len(just), len(over)) == (90, 91)
    letters = [
        said_by("1", "Blue kettles", "they\nleak  steam"),
        said_by("2", "", just),
        said_by("3", "", over),
        said_by("4", "", "The blue kettle leaks"),
        said_by("5", "", "The blue kettle leaks"),
    ]
    old = tickets(*quiet(8)).splitlines()
    rows = [f"{','.join(row.split(',')[:3])},,{','.join(row.split(',')[3:-2])}" for row in old[1:]]
    text = "\n".join(["ticket_id,created_at,customer_id,subject,body", *rows, *letters])
    folder = emerging(shop(tickets=text), period=week_of(7))
    (row,) = (row for row in folder.records() if "kettle" in str(row["terms"]))
    assert row["tickets"] == row["customers"] >= 5  # type: ignore[operator]
    assert "kettles" in str(row["terms"])  # three times, the kettle twice
    assert set(str(row["examples"])[1:-1].split('", "')) <= {
        "Blue kettles: they leak steam",
        just,
        f"{just.rsplit(' ', 1)[0]} …",
        "The blue kettle leaks",
    }


@pytest.mark.parametrize(("weeks", "known"), [(3, False), (4, True)])
def test_four_weeks_before_are_enough(weeks: int, known: bool, shop: Shop) -> None:
    result = emerging(shop(tickets=tickets(*quiet(weeks + 1, 8))), period=week_of(weeks))
    assert (result.facts["threshold"] is not None) is known
    assert result.facts["examined"] == (8 if known else 0)
    note = f"{weeks} periods before this one: 4 are needed to say what is new"
    assert (note in result.notes) is not known


def test_a_threshold_stays_for_four_weeks(shop: Shop) -> None:
    text = tickets(*quiet(16, 15))
    store = shop(tickets=text)
    first = next(n for n in range(12, 16) if (START.toordinal() // 7 + n) % 4 == 0)
    assert first == 12
    results = [emerging(store, period=week_of(n)) for n in (11, 12, 13, 15)]
    weeks = weeks_of(text, 16)
    # the week before is of the block before, in which four weeks could not be tried yet but for all before it
    assert [result.facts["threshold"] for result in results] == [
        backtested_threshold(weeks[:8])[0], *[backtested_threshold(weeks[:12])[0]] * 3,
    ]  # fmt: skip
    told = [result.notes[-1].rpartition(" in ")[2] for result in results]
    assert told == ["4 past ones; it stays for four", *["8 past ones; it stays for four"] * 3]


def test_a_known_issue_is_named_where_half_of_the_tickets_hold_its_words(shop: Shop) -> None:
    store = shop(tickets=tickets(*quiet(8), (7, news(12), None)))
    now = datetime(2026, 3, 1, tzinfo=UTC)
    add_issue(store, "No code", ["sms code", "confirmation code"], now)
    add_issue(store, "Broken kettles", ["kettle"], now)
    result = emerging(store, period=week_of(7))
    terms = next(result.records())["terms"]
    assert [note for note in result.notes if "issue" in note] == [f"{terms}: issue 1, 'No code'"]
    close_issue(store, 1, now)
    again = emerging(store, period=week_of(7))
    assert [note for note in again.notes if "issue" in note] == [f"{terms}: issue 1, 'No code', closed"]


def test_a_day_is_held_against_days(shop: Shop) -> None:
    # 14 letters a week are two a day; the Tuesday of the third week has eight days before it, from that Monday week on
    store = shop(tickets=tickets(*quiet(3, 14)))
    day = START + timedelta(days=15)
    result = emerging(store, period=Period(f"{day}", day, day + timedelta(days=1)))
    assert result.facts["examined"] == 2
    assert any("past periods could be tried" in note or "in 11 past ones" in note for note in result.notes)
    assert emerging(store, period=week_of(9)).facts == {"groups": None, "threshold": None, "examined": 0}


def test_of_a_large_week_the_texts_that_were_not_looked_at_are_counted_by_their_words() -> None:
    old = [letters(random.Random(week), 200) for week in range(8)]
    written = [*letters(random.Random(9), 3_000), *news(60)]

    def week(of: Sequence[Letter], name: str, size: int = 0) -> Week:
        texts = [
            Text(
                f"{name}{number:04d}",
                f"{name}{number}",
                tuple(s for s, _ in tokens(one.text)),
                tuple(all_stems(one.text)),
            )
            for number, one in enumerate(of)
        ]
        return Week.of(texts, size)

    now = week(written, "n")
    planted = {f"n{number:04d}" for number in range(3_000, 3_060)}
    found = emerging_groups(now, [week(one, f"w{n}", 3_000) for n, one in enumerate(old)], threshold=4.0)
    group = max(found, key=lambda one: len(planted & set(one.keys)))
    # every fourth of the 60 is looked at
    assert len(planted & set(group.keys)) >= 30
    assert sum(key in planted for key in group.keys) >= 0.9 * len(group.keys)


def test_of_a_large_past_week_the_same_200_tickets_are_read_whatever_came_later(shop: Shop) -> None:
    weeks = [(week, letters(random.Random(week), 400), None) for week in range(6)]
    read = [
        {
            ticket.name: ticket
            for ticket in _tickets(shop(tickets=tickets(*weeks[:known])), week_of(4))
            if ticket.block < 0
        }
        for known in (5, 6)
    ]
    assert set(read[0]) == set(read[1])
    assert len(read[0]) == 4 * 200
    assert {ticket.of_block for ticket in read[0].values()} == {400}
    assert sum(ticket.block == 0 for ticket in _tickets(shop(tickets=tickets(*weeks)), week_of(4))) == 400


def test_past_weeks_drawn_from_larger_ones_let_as_many_fewer_groups_pass() -> None:
    # 12 tries at .2 a week let 2.4 groups pass; a week in use has four times as many texts, so that .6 may, and with
    # fewer than one allowed the best score of all is the threshold
    texts = [letters(random.Random(week), 60) for week in range(28)]

    def weeks(size: int) -> list[Week]:
        return [
            Week.of(
                [Text(f"{n}-{k}", f"{n}-{k}", tuple(s for s, _ in tokens(one.text))) for k, one in enumerate(written)],
                size,
            )
            for n, written in enumerate(texts)
        ]

    assert backtested_threshold(weeks(60))[0] < backtested_threshold(weeks(900))[0]


def test_of_a_week_of_4000_texts_800_are_looked_at_and_of_800_all() -> None:
    assert [looked_at(texts) for texts in (0, 1, 800, 801, 4_000)] == [0, 1, 800, 401, 800]

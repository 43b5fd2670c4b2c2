"""The registry in a store file: weekly loads rename nothing; a person renames, merges and splits; known issues."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from benchmarks.letters import Letter, letters

from tests.conftest import Call, StoreOf
from tests.shop_letters import news, quiet, said, tickets

Weeks = Sequence[tuple[int, Sequence[Letter], str | None]]


@pytest.fixture
def desk(tmp_path: Path, store_of: StoreOf, supportkit: Call) -> Callable[..., Path]:
    """Load weeks of letters into a store file; loading again adds."""
    path = tmp_path / "store.duckdb"

    def load(weeks: Weeks) -> Path:
        file, text = tmp_path / "tickets.csv", tickets(*weeks)
        if not path.exists():
            return store_of(path, {file.name: text})
        file.write_text(text, encoding="utf-8")
        code, _, err = supportkit("load", file, "--db", path)
        assert code == 0, err
        return path

    return load


def listed(supportkit: Call, path: Path, *words: str) -> list[dict[str, object]]:
    _, out, _ = supportkit(*(words or ("topics",)), "--db", path, "--format", "json")
    rows: list[dict[str, object]] = json.loads(out)["rows"]
    return rows


def test_a_weekly_run_over_a_growing_store_changes_no_name_and_no_ticket(
    desk: Callable[..., Path], supportkit: Call
) -> None:
    path = desk(quiet(4, 60))
    supportkit("topics", "refresh", "--db", path)
    query = "select ticket_id, topic_id from topic_assignment where topic_id is not null order by all"
    before = {row["topic_id"]: row["topic"] for row in listed(supportkit, path)}
    placed = {row["ticket_id"]: row["topic_id"] for row in listed(supportkit, path, "sql", query)}
    for weeks in (5, 6, 7):
        desk([*quiet(weeks, 60), (weeks - 1, news(20), None)])
        code, out, err = supportkit("topics", "refresh", "--db", path)
        assert (code, out) == (0, "")
        assert "tickets are assigned" in err
        after = {row["topic_id"]: row["topic"] for row in listed(supportkit, path)}
        assert {number: name for number, name in after.items() if number in before} == before
        now = {row["ticket_id"]: row["topic_id"] for row in listed(supportkit, path, "sql", query)}
        assert {ticket: now[ticket] for ticket in placed} == placed


def test_a_later_copy_of_a_line_renames_no_topic_of_the_weeks_before(
    desk: Callable[..., Path], supportkit: Call
) -> None:
    line = "My coffee machine drips under its tank"
    few = [Letter(f"{line}\n{one.text}", "", "en") for one in letters(random.Random(99), 20)]
    past = [*quiet(4, 40), (3, few, None)]
    path = desk(past)
    before = listed(supportkit, path, "topics", "--wordings")
    assert any("drips under" in str(row["wording"]) for row in before)
    known = {(row["topic_id"], row["topic"]) for row in before}, {(row["wording_id"], row["wording"]) for row in before}
    desk([*past, (5, said(f"{line}\nAnd again", 1), None)])
    after = listed(supportkit, path, "topics", "--wordings")
    assert {(row["topic_id"], row["topic"]) for row in after} == known[0]
    assert {(row["wording_id"], row["wording"]) for row in after} == known[1]


def test_reading_before_a_refresh_shows_what_the_refresh_writes(desk: Callable[..., Path], supportkit: Call) -> None:
    path = desk(quiet(4, 60))
    seen = listed(supportkit, path)
    supportkit("topics", "refresh", "--db", path)
    assert listed(supportkit, path) == seen


def test_a_person_renames_and_the_name_stays(desk: Callable[..., Path], supportkit: Call) -> None:
    path = desk(quiet(4, 60))
    first = listed(supportkit, path)[0]
    number = str(first["topic_id"])
    code, _, err = supportkit("topics", "rename", number, "Late", "parcels", "--db", path)
    assert code == 0
    assert "'Late parcels'" in err
    desk(quiet(5, 60))
    supportkit("topics", "refresh", "--db", path)
    names = {row["topic_id"]: row["topic"] for row in listed(supportkit, path)}
    assert names[first["topic_id"]] == "Late parcels"


def test_merged_topics_count_as_one_and_can_be_split_again(desk: Callable[..., Path], supportkit: Call) -> None:
    path = desk(quiet(4, 60))
    before = listed(supportkit, path)
    one, other = before[0], before[1]
    assert supportkit("topics", "merge", one["topic_id"], other["topic_id"], "--db", path)[0] == 0
    merged = listed(supportkit, path)
    assert merged[0]["topic"] == one["topic"]
    assert merged[0]["tickets"] == one["tickets"] + other["tickets"]  # type: ignore[operator]
    assert len(merged) == len(before) - 1
    assert supportkit("topics", "split", one["topic_id"], "--db", path)[0] == 0
    assert listed(supportkit, path) == before


def test_a_topic_is_split_in_two_and_the_larger_part_keeps_its_name(
    desk: Callable[..., Path], supportkit: Call
) -> None:
    path = desk(quiet(4, 60))
    before = listed(supportkit, path)
    first = before[0]
    assert supportkit("topics", "split", first["topic_id"], "--db", path)[0] == 0
    after = {row["topic_id"]: row for row in listed(supportkit, path)}
    assert len(after) == len(before) + 1
    new = max(number for number in after if isinstance(number, int))
    assert after[first["topic_id"]]["topic"] == first["topic"]
    assert after[first["topic_id"]]["tickets"] + after[new]["tickets"] == first["tickets"]  # type: ignore[operator]


def test_a_refit_keeps_ids_names_and_tickets(desk: Callable[..., Path], supportkit: Call) -> None:
    path = desk(quiet(4, 60))
    supportkit("topics", "refresh", "--db", path)
    query = "select ticket_id, topic_id, name from topic_assignment join topic using (topic_id) order by all"
    before = listed(supportkit, path, "sql", query)
    assert supportkit("topics", "refit", "--db", path)[0] == 0
    assert listed(supportkit, path, "sql", query) == before


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("renaem", "1", "x"), "rename"),
        (("rename", "one", "x"), "named by its id"),
        (("rename", "1"), "needs a name"),
        (("rename", "999", "x"), "no topic 999"),
        (("merge", "1"), "which topics"),
        (("merge", "1", "1"), "in topic 1 already"),
        (("split", "999"), "no topic 999"),
    ],
)
def test_a_wrong_change_is_exit_code_2_and_changes_nothing(
    words: tuple[str, ...], told: str, desk: Callable[..., Path], supportkit: Call
) -> None:
    path = desk(quiet(2, 60))
    before = path.read_bytes()
    code, out, err = supportkit("topics", *words, "--db", path)
    assert (code, out) == (2, "")
    assert told in err
    assert path.read_bytes() == before


def test_topics_in_memory_cannot_be_kept(supportkit: Call, samples: Path) -> None:
    code, _, err = supportkit("topics", "refresh", "--data", samples)
    assert code == 2
    assert "keeps nothing" in err


def test_a_known_issue_is_matched_by_its_words_until_it_comes_back(desk: Callable[..., Path], supportkit: Call) -> None:
    path = desk([*quiet(5, 20), (3, said("the SMS code never comes", 9), None)])
    assert supportkit("issues", "add", "No code", "--terms", "sms code, confirmation code", "--db", path)[0] == 0
    row = listed(supportkit, path, "issues")[0]
    assert (row["status"], row["tickets"], row["customers"], row["title"]) == ("open", 9, 9, "No code")
    assert str(row["weeks"]).endswith("█")
    assert supportkit("issues", "close", "1", "--db", path)[0] == 0
    assert listed(supportkit, path, "issues", "list")[0]["status"] == "closed"
    assert supportkit("issues", "close", "1", "--db", path)[0] == 2
    assert supportkit("sql", "select 1", "--db", path)[0] == 0


def test_a_closed_issue_that_three_customers_write_about_is_reopened(
    desk: Callable[..., Path], supportkit: Call
) -> None:
    path = desk([(0, said("no sms code", 2), None)])
    supportkit("issues", "add", "No code", "--terms", "sms code", "--db", path)
    supportkit("issues", "close", "1", "--db", path)
    late = 60 * 52  # weeks: after today, whenever that is
    desk([(0, said("no sms code", 2), None), (late, said("sms code again", 2), None)])
    _, out, _ = supportkit("issues", "--db", path, "--as-of", "2100-01-01", "--format", "json")
    assert json.loads(out)["rows"][0]["status"] == "closed"
    desk([(0, said("no sms code", 2), None), (late, said("sms code again", 3), None)])
    _, out, _ = supportkit("issues", "--db", path, "--as-of", "2100-01-01", "--format", "json")
    assert json.loads(out)["rows"][0]["status"].startswith("reopened")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("add", "No code"), "title and terms"),
        (("add", "No code", "--terms", "please"), "says nothing"),
        (("close", "x"), "named by its id"),
        (("close", "7"), "no issue 7"),
        (("open", "7"), "list"),
    ],
)
def test_a_wrong_issue_is_exit_code_2(
    words: tuple[str, ...], told: str, desk: Callable[..., Path], supportkit: Call
) -> None:
    path = desk([(0, said("no sms code", 2), None)])
    code, _, err = supportkit("issues", *words, "--db", path)
    assert code == 2
    assert told in err


def test_emerging_says_when_a_group_is_a_known_issue(desk: Callable[..., Path], supportkit: Call) -> None:
    path = desk([*quiet(8, 30), (7, news(12), None)])
    supportkit("issues", "add", "No code", "--terms", "sms code, confirmation code", "--db", path)
    _, out, _ = supportkit("emerging", "--db", path, "--period", "2026-W09", "--format", "json")
    assert any("issue 1, 'No code'" in note for note in json.loads(out)["notes"])


def test_forgetting_a_person_takes_their_words_out_of_the_spaces(desk: Callable[..., Path], supportkit: Call) -> None:
    path = desk([*quiet(3, 60), (1, said("the zanzibarword declined", 5), "gone@example.com")])
    supportkit("topics", "refresh", "--db", path)
    before = {row["topic_id"]: row["topic"] for row in listed(supportkit, path)}
    assert supportkit("forget", "gone@example.com", "--db", path)[0] == 0
    assert {row["topic_id"]: row["topic"] for row in listed(supportkit, path)} == before
    count = listed(supportkit, path, "sql", "select count(*) as n from topic_assignment")[0]["n"]
    assert count == 180

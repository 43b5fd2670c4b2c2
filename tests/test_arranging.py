"""--sort, --top, --columns: how the rows of a result are shown; no figure changes by it."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from supportkit.commands.arranging import Arrangement, arranged
from supportkit.errors import UsageError
from supportkit.render import Display, render
from supportkit.result import Result, count, detail, figure, key, named_apart

Call = Callable[..., tuple[int, str, str]]
RESULT = Result(
    "service",
    "Service",
    "how fast",
    (key("channel"), count("tickets"), figure("sla_met", "share", n="tickets"), detail("paid", "money")),
    (("chat", 2, 0.5, Decimal("10.5")), ("email", 10, None, None), ("phone", 9, 0.75, Decimal("9"))),
    {"tickets": 21},
    fact_columns=(count("tickets"),),
)


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("tickets", ["chat", "phone", "email"]),  # 9 before 10: by value, not by letters
        ("-tickets", ["email", "phone", "chat"]),
        ("-sla_met", ["phone", "chat", "email"]),  # without a value last
        ("sla_met", ["chat", "phone", "email"]),
        ("SLA Met", ["chat", "phone", "email"]),
        ("-paid", ["chat", "phone", "email"]),
        ("-channel", ["phone", "email", "chat"]),
    ],
)
def test_rows_are_sorted_by_value(sort: str, expected: list[str]) -> None:
    result = arranged(RESULT, Arrangement(sort=sort))
    assert [row[0] for row in result.rows] == expected
    assert result.facts == RESULT.facts


def test_the_first_rows_are_counted_after_sorting_and_the_cut_is_told() -> None:
    result = arranged(RESULT, Arrangement(sort="-tickets", top=2))
    assert [row[0] for row in result.rows] == ["email", "phone"]
    assert result.notes == ("the first 2 of 3 rows, as --top asks",)
    assert arranged(RESULT, Arrangement(top=3)).notes == ()
    many = replace(RESULT, rows=RESULT.rows * 1_000)
    assert arranged(many, Arrangement(top=2_000)).notes == ("the first 2,000 of 3,000 rows, as --top asks",)


def test_a_column_that_stands_aside_is_shown_where_it_is_asked_for() -> None:
    aside = replace(RESULT, columns=(*RESULT.columns[:3], detail("paid", "money", aside=True)))
    assert "Paid" not in render([aside], "table")
    for display in (Display(), Display(80)):
        assert "Paid" in render([arranged(aside, Arrangement(columns=("channel", "paid")))], "table", display)


def test_columns_stand_in_the_order_asked_for() -> None:
    result = arranged(RESULT, Arrangement(columns=("sla_met", "channel", "Sla_Met")))
    assert [column.name for column in result.columns] == ["sla_met", "channel"]
    assert result.rows[0] == (0.5, "chat")


def test_a_column_in_other_capitals_than_a_metric_s_own_is_sorted_and_chosen_by_its_name() -> None:
    keys = named_apart((key("State"),), (count("tickets"), detail("state", "text")))
    columns = (*keys, count("tickets"), detail("state", "text"))
    result = Result("trends", "T", "d", columns, (("NY", 1, "steady"), ("CA", 2, "rising")))
    assert [row[0] for row in arranged(result, Arrangement(sort="State")).rows] == ["CA", "NY"]
    assert arranged(result, Arrangement(columns=("State",))).rows == (("NY",), ("CA",))
    assert arranged(result, Arrangement(columns=("state", "tickets"))).rows == (("steady", 1), ("rising", 2))
    assert [column.label for column in result.columns] == ["By State", "Tickets", "State"]
    with pytest.raises(UsageError, match="STATE"):
        arranged(result, Arrangement(sort="STATE"))


@pytest.mark.parametrize("asked", [Arrangement(sort="colour"), Arrangement(columns=("tickets", "colour"))])
def test_a_column_that_is_not_there_is_named_with_those_that_are(asked: Arrangement) -> None:
    with pytest.raises(UsageError, match="colour") as told:
        arranged(RESULT, asked)
    assert "channel" in (told.value.hint or "")


def test_they_hold_in_every_format(supportkit: Call, stored: tuple[str, ...]) -> None:
    asked = ("service", "--by", "channel", "--sort", "-tickets", "--top", "2", "--columns", "channel,tickets", *stored)
    code, out, _ = supportkit(*asked, "-f", "json")
    rows = json.loads(out)["rows"]
    assert code == 0
    assert [list(row) for row in rows] == [["channel", "tickets"]] * 2
    assert rows[0]["tickets"] >= rows[1]["tickets"]
    _, out, _ = supportkit(*asked, "-f", "csv")
    assert list(csv.reader(io.StringIO(out)))[1:] == [[row["channel"], str(row["tickets"])] for row in rows]
    code, _, err = supportkit("nps", "--top", "0", *stored)
    assert code == 2
    assert "--top 0" in err


def test_rows_behind_a_figure_are_sorted_before_they_are_cut(supportkit: Call, stored: tuple[str, ...]) -> None:
    def listed(*words: str) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(supportkit("service", "--rows", "solved", *words, "-f", "json", *stored)[1])
        return found

    every = listed()["rows"]
    for sort, falling in (("-first_reply_s", True), ("resolution_s", False)):
        name = sort.removeprefix("-")
        found = listed(f"--sort={sort}", "--top", "3")
        known = sorted((row[name] for row in every if row[name] is not None), reverse=falling)
        assert [row[name] for row in found["rows"]] == known[:3]
        assert found["facts"]["rows"] == len(every)
        assert any("the first 3 of" in note for note in found["notes"])
    assert listed("--top", "3")["rows"] == every[:3]


def test_a_metric_with_a_top_of_its_own_keeps_it(supportkit: Call, stored: tuple[str, ...]) -> None:
    _, out, _ = supportkit("funnel", "--by", "country", "--top", "2", "-f", "json", *stored)
    assert {row["country"] for row in json.loads(out)["rows"]} == {"DE", "GB", "(other)"}


def test_a_column_is_found_whatever_its_capitals(supportkit: Call, stored: tuple[str, ...]) -> None:
    small = supportkit("nps", "--by", "country", "-f", "csv", *stored)[1]
    large = supportkit("nps", "--by", "Country", "-f", "csv", *stored)[1]
    assert large.splitlines()[1:] == small.splitlines()[1:]


def test_a_note_hangs_under_its_dot_and_its_command_is_whole() -> None:
    command = "supportkit why funnel --step payment --group country=DE --where plan=annual --period 2026-W45"
    note = f"{'one word after another ' * 6}stands here: {command}"
    shown = render([Result("x", "X", "x", (), (), notes=(note,))], "table", Display(width=60)).splitlines()
    start = next(number for number, line in enumerate(shown) if line.startswith("· "))
    said = [line for line in shown[start:] if not line.strip().startswith("supportkit")]
    assert len(said) == 4  # three of the note, and the scope
    assert all(line.startswith("  ") for line in said[1:3])
    assert max(map(len, said)) <= 60
    assert f"  {command}" in shown

"""--chart draws a picture in letters, on one scale; what is better or worse has a colour on a terminal."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from supportkit.errors import UsageError
from supportkit.metrics import METRICS
from supportkit.period import parse_period
from supportkit.render import Display, render
from supportkit.render.cell_width import fitted, width_of
from supportkit.render.charts import spec
from supportkit.render.senses import senses
from supportkit.render.terminal_chart import drawn
from supportkit.result import Chart, Column, Goal, Result, Value, count, figure, key, number_of
from supportkit.store import open_store
from tests.computing import ResultOf
from tests.conftest import Call

RATE = (
    key("country"),
    figure("nps", "number", "NPS", n="answers"),
    figure("nps_low", "number", n="answers"),
    figure("nps_high", "number", n="answers"),
    count("answers"),
)


def result(columns: tuple[Column, ...], *rows: tuple[Value, ...], chart: Chart, **more: Any) -> Result:
    return Result("m", "M", "d", columns, rows, chart=chart, **more)


def test_an_interval_is_a_dot_between_its_ends_and_the_whole_a_line() -> None:
    # 63 columns from -50 to 70: -50 is the first, 70 the last, 10 the middle one, 39 the 47th
    chart = Chart("interval", x="country", y="nps", low="nps_low", high="nps_high")
    rows: tuple[tuple[Value, ...], ...] = (("DE", 10.0, -50.0, 39.0, 12), ("AT", 39.0, 10.0, 70.0, 9))
    facts = {"facts": {"nps": 25.0, "answers": 21}, "fact_columns": (figure("nps", "number", n="answers"), RATE[4])}
    first, second, legend = drawn(result(RATE, *rows, chart=chart, **facts), 80)
    track = first[4:-11]
    assert (track[0], track[31], track.index("┤")) == ("├", "●", 46)
    assert first.endswith("10.0 (n 12)")
    assert second[4 + 62] == "┤"
    assert second.index("●") == 4 + 46
    assert legend == "● NPS, ├─┤ its 95 % interval, ┊ the figure of all"
    assert all(len(line) <= 80 for line in (first, second, legend))


def test_a_bar_is_as_long_as_its_share_of_the_longest() -> None:
    columns = (key("country"), count("tickets"))
    chart = Chart("bar", x="country", y="tickets")
    one, half, none, _ = drawn(result(columns, ("DE", 40), ("AT", 20), ("FR", 0), chart=chart), 60)
    assert one.count("█") == pytest.approx(2 * half.count("█"), abs=1)
    assert "█" not in none


def test_a_target_and_what_stands_out_are_marked() -> None:
    columns = (key("country"), figure("late", "share", n="tickets"), count("tickets"), count("beyond"))
    chart = Chart("bar", x="country", y="late", mark="beyond")
    goals = (Goal("late", 0.5),)
    first, second, legend = drawn(result(columns, ("DE", 0.9, 10, 1), ("AT", 0.1, 10, 0), chart=chart, goals=goals), 80)
    assert ("┃" in first, "┃" in second, first.endswith("◀"), "◀" in second) == (True, True, True, False)
    assert "┃ the target" in legend
    assert "◀ stands out" in legend


def test_a_line_rises_from_the_first_period_to_the_last_inside_its_band() -> None:
    columns = (key("month", "period"), *RATE[1:])
    chart = Chart("line", x="month", y="nps", low="nps_low", high="nps_high")
    rows: tuple[tuple[Value, ...], ...] = tuple((f"2026-{m:02}", 10.0 * m, 5.0, 60.0, 30) for m in range(1, 6))
    *panel, axis, legend = drawn(result(columns, *rows, chart=chart), 60)
    assert panel[0].startswith("60.0 ┤")
    assert panel[-1].startswith("5.00 ┤")
    places = [next(i for i, line in enumerate(panel) if 0x2800 < ord(line[at]) < 0x2900) for at in (6, 59)]
    assert places[0] > places[1]  # from below to above
    assert (axis.split()[0], axis.split()[-1], len(axis)) == ("2026-01", "2026-05", 60)
    assert legend == "line: NPS, ░ its 95 % interval"
    gap = replace(result(columns, *rows, chart=chart), rows=(rows[0], ("2026-02", None, None, None, 0), *rows[2:]))
    assert any(" " in line[6:].rstrip() for line in drawn(gap, 60)[:-2])  # what is not known is not drawn


def test_several_series_are_panels_on_one_scale() -> None:
    columns = (key("channel"), key("month", "period"), count("tickets"))
    chart = Chart("line", x="month", y="tickets", series="channel")
    rows: list[tuple[Value, ...]] = [(f"c{n}", f"2026-0{m}", n * m) for n in range(8) for m in (1, 2)]
    found = drawn(result(columns, *rows, chart=chart), 80)
    assert [line for line in found if line.startswith("c")] == [f"c{n}" for n in range(6)]
    assert "and 2 more" in found


def test_a_line_of_two_dimensions_is_one_for_each_pair() -> None:
    columns = (key("country"), key("channel"), key("month", "period"), count("tickets"))
    chart = Chart("line", x="month", y="tickets", series="country")
    rows: list[tuple[Value, ...]] = [
        ("DE", channel, f"2026-0{month}", number) for channel, number in (("chat", 1), ("mail", 9)) for month in (1, 2)
    ]
    found = drawn(result(columns, *rows, chart=chart), 80)
    assert [line for line in found if line.startswith("DE")] == ["DE, chat", "DE, mail"]
    flat = [line for line in found if "⣀⣀⣀" in line or "⠤⠤⠤" in line or "⠉⠉⠉" in line or "⠒⠒⠒" in line]
    assert len(flat) == 2  # neither rises: each is as many in both months


def test_two_dimensions_are_darker_where_there_is_more() -> None:
    columns = (key("weekday"), key("hour", "count"), figure("per_day", "number", n="n"), count("n"))
    chart = Chart("heatmap", x="hour", y="weekday", series="per_day")
    head, first, second, _ = drawn(
        result(columns, ("Mon", 9, 4.0, 4), ("Mon", 10, 2.0, 2), ("Tue", 9, 0.0, 1), chart=chart), 60
    )
    assert head.split() == ["9", "10"]
    assert first.split() == ["Mon", "4█", "2▒"]
    assert second.split() == ["Tue", "0"]


def test_names_in_wide_letters_keep_the_columns_below_each_other() -> None:
    columns = (key("country"), count("tickets"))
    chart = Chart("bar", x="country", y="tickets")
    rows: tuple[tuple[Value, ...], ...] = (("日本", 40), ("Österreich", 20))
    lines = drawn(result(columns, *rows, chart=chart), 60)[:2]
    assert len({width_of(line) for line in lines}) == 1
    assert (fitted("日本語", 4), width_of(fitted("日本語", 5))) == ("日 …", 5)


@pytest.mark.parametrize("name", sorted(METRICS))
def test_whatever_has_a_picture_in_a_page_has_one_in_letters(name: str, result_of: ResultOf) -> None:
    for width in (80, 132):
        found = result_of(name)
        if spec(found) is None:
            with pytest.raises(UsageError, match="no picture"):
                drawn(found, width)
        else:
            assert max(width_of(line) for line in drawn(found, width)) <= width


def test_a_command_draws_above_its_table(supportkit: Call, stored: tuple[str, ...]) -> None:
    code, out, _ = supportkit("nps", "--by", "country", "--chart", *stored)
    assert code == 0
    assert out.index("├") < out.index("Country")
    assert supportkit("nps", "--by", "country", *stored)[1].count("├") == 0
    code, _, err = supportkit("nps", "--chart", *stored)
    assert (code, "split it with --by" in err) == (2, True)
    code, _, err = supportkit("nps", "--by", "country", "--chart", "-f", "json", *stored)
    assert (code, "-o" in err or "--output FILE.svg" in err) == (2, True)


CHANGED = (
    key("country"),
    figure("difference", "number", n="n", better="up"),
    figure("difference_low", "number", n="n"),
    figure("difference_high", "number", n="n"),
    count("n"),
)


@pytest.mark.parametrize(
    ("low", "high", "better", "sense"),
    [
        (1.0, 9.0, "up", "better"),
        (-9.0, -1.0, "up", "worse"),
        (1.0, 9.0, "down", "worse"),
        (-9.0, -1.0, "down", "better"),
        (-1.0, 9.0, "up", "chance"),
        (0.0, 9.0, "up", "chance"),
        (1.0, 9.0, None, None),
        (None, None, "up", None),
    ],
)
def test_a_change_is_better_or_worse_only_where_its_interval_says_so(
    low: float | None, high: float | None, better: Any, sense: str | None
) -> None:
    columns = (CHANGED[0], replace(CHANGED[1], better=better), *CHANGED[2:])
    one = result(columns, ("DE", 5.0, low, high, 9), chart=Chart("bar", x="country", y="n"))
    assert senses(one, next(one.records())).get("difference") == sense


def test_a_figure_is_worse_only_beyond_what_was_to_be_expected() -> None:
    columns = (key("topic"), count("tickets", better="down"), figure("low", "number", n="tickets"),
               figure("high", "number", n="tickets"))  # fmt: skip
    chart = Chart("change", x="topic", y="tickets", low="low", high="high")
    found = result(columns, ("a", 9, 2.0, 8.0), ("b", 5, 2.0, 8.0), ("c", 1, 2.0, 8.0), chart=chart)
    assert [senses(found, record).get("tickets") for record in found.records()] == ["worse", "chance", "better"]


def test_a_change_that_is_not_claimed_over_all_rows_is_within_chance() -> None:
    rows = (("DE", 5.0, 1.0, 9.0, 9), ("AT", 5.0, 1.0, 9.0, 9), ("CH", 5.0, -1.0, 9.0, 9))
    one = result(CHANGED, *rows, chart=Chart("bar", x="country", y="n"))
    claimed = replace(one, claimed={"difference": frozenset({("DE",), ("CH",)})})
    assert [senses(one, record)["difference"] for record in one.records()] == ["better", "better", "chance"]
    assert [senses(claimed, record)["difference"] for record in claimed.records()] == ["better", "chance", "chance"]
    for rate in ("q", "p_fwer"):
        columns = (*CHANGED, figure(rate, "number", n="n"))
        found = result(columns, (*rows[0], 0.05), (*rows[1], 0.06), chart=Chart("bar", x="country", y="n"))
        assert [senses(found, record)["difference"] for record in found.records()] == ["better", "chance"]


def test_what_is_coloured_is_what_the_notes_and_states_say(sample_store: Path) -> None:
    with open_store(sample_store) as store:
        scores = METRICS["nps"].compute(store, by="country")
        found = METRICS["trends"].compute(
            store, by="category,country", period=parse_period("2026-W45", date(2026, 12, 1))
        )
    assert any("differences is beyond chance" in note for note in scores.notes)
    beyond = [row for row in scores.records() if (number_of(row["difference_low"]) or 0) > 0]
    assert beyond  # by itself one is, over all eight none
    assert {senses(scores, row).get("difference") for row in scores.records()} <= {"chance", None}
    told = {row["state"] for row in found.records() if senses(found, row).get("tickets") == "worse"}
    assert told
    assert "steady" not in told
    above = [
        row for row in found.records() if (number_of(row["tickets"]) or 0) > (number_of(row["expected_high"]) or 0)
    ]
    assert "steady" in {row["state"] for row in above}  # beyond what is usual, and not told over all series


def test_colours_stand_on_a_terminal_alone() -> None:
    chart = Chart("bar", x="country", y="n")
    found = result(
        CHANGED, ("DE", 5.0, 1.0, 9.0, 9), ("AT", -5.0, -9.0, -1.0, 9), ("FR", 0.5, -4.0, 5.0, 9), chart=chart
    )
    seen = render([found], "table", Display(80, colour=True))
    lines = {line[:2]: line for line in seen.splitlines() if line[:2] in ("DE", "AT", "FR")}
    assert re.search(r"\x1b\[36m *5\.00\x1b\[0m", lines["DE"])
    assert re.search(r"\x1b\[1;31m *-5\.00\x1b\[0m", lines["AT"])
    assert re.search(r"\x1b\[2m *0\.500\x1b\[0m", lines["FR"])
    assert "\x1b" not in render([found], "table", Display(80, colour=False))
    assert "\x1b" not in render([found], "table")


@pytest.mark.parametrize("width", [24, 34, 60])
@pytest.mark.parametrize("metric", ["trends", "funnel", "cohorts", "service"])
def test_a_picture_fits_a_narrow_terminal(metric: str, width: int, result_of: ResultOf) -> None:
    assert max(map(width_of, drawn(result_of(metric), width))) <= width


def test_in_a_narrow_terminal_a_figure_stands_whole_beside_a_shortened_name() -> None:
    """34 columns: 8 of the scale, 4 between, 11 of the label, 11 of the name."""
    chart = Chart("interval", x="country", y="nps", low="nps_low", high="nps_high")
    rows: tuple[tuple[Value, ...], ...] = (("Liechtenstein", 10.0, -50.0, 39.0, 12),)
    line, *legend = drawn(result(RATE, *rows, chart=chart), 34)
    assert (line[:11], line[-11:], len(line)) == ("Liechtenst…", "10.0 (n 12)", 34)
    assert " ".join(legend) == "● NPS, ├─┤ its 95 % interval, ┊ the figure of all"

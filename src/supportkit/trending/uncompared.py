"""The tickets of a period that is compared with none, for it is not over: the most first, and nothing beside them."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from supportkit.result import Chart, Result, Value, number_of

OF_PERIOD: Final = ("tickets", "rate", "share", "examples", "exposure", "all_tickets")
"""What is of the period alone."""
OF_TEST: Final = (
    " expected",
    " series tested; ",
    " share that, and each is judged ",
    " is judged with the days before it",
)
"""What notes say that rest on a comparison."""


def uncompared(result: Result) -> Result:
    """A result of trends by the tickets of the period alone; of the past without the period itself."""
    names = [column.name for column in result.columns]
    if "tickets_before" not in names:
        return _past(result)
    keys = [column.name for column in result.keys]
    kept = {place for place, name in enumerate(names) if name in OF_PERIOD or name in keys}
    tickets = names.index("tickets")
    rows = [
        tuple(value if place in kept else None for place, value in enumerate(row))
        for row in result.rows
        if row[tickets]  # what was there before alone is not there
    ]
    return replace(
        result,
        definition=of_none(result.scope.period),
        rows=tuple(sorted(rows, key=lambda row: (-(number_of(row[tickets]) or 0), tuple(map(str, row[: len(keys)]))))),
        facts=_facts(result),
        notes=tuple(note for note in result.notes if not any(word in note for word in OF_TEST)),
        chart=alone(keys[0]) if keys else None,
        claimed={},
    )


def beside_expected(result: Result) -> Result:
    """A result of trends without the period before, where days are missing in one of the two: what was to be expected
    is of the days that are there."""
    chart = result.chart
    if chart is None or chart.before != "tickets_before":
        return result
    period, tested = result.scope.period, result.facts["tested"]
    said = f"tickets of {period} against what was to be expected on the days that are there"
    return replace(result, definition=said if tested else of_none(period), chart=replace(chart, before=None))


def of_none(period: str) -> str:
    """What such tickets are."""
    return f"tickets of {period}, which are compared with none"


def alone(by: str) -> Chart:
    """The picture of tickets that are compared with none."""
    return Chart("change", by, "tickets")


def _past(result: Result) -> Result:
    """The past periods, without the one that is not over."""
    over = next((place for place, column in enumerate(result.columns) if column.kind == "period"), None)
    if over is None or result.scope.end is None:
        return result
    last = max((str(row[over]) for row in result.rows), default="")
    return replace(result, facts=_facts(result), rows=tuple(row for row in result.rows if str(row[over]) != last))


def _facts(result: Result) -> dict[str, Value]:
    """The facts of the period alone."""
    tickets = result.facts["tickets"]
    return dict.fromkeys(result.facts) | {
        "tickets": tickets,
        "series": result.facts["series"] if tickets else 0,
        "tested": 0,
    }

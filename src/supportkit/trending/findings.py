"""What stands out in trends: series that rise beyond what their past explains."""

from __future__ import annotations

from datetime import date
from typing import Final

from supportkit.offers.finding import Finding, is_number
from supportkit.render.language import Language
from supportkit.result import Result
from supportkit.store.conditions import equals

LOUD: Final = ("new", "rising", "ongoing")


def findings(result: Result, language: Language) -> list[Finding]:
    """Series that rose beyond what their past explains and are above it; without an expectation nothing is said."""
    names = [column.name for column in result.columns]
    if "state" not in names:
        return []
    keys = result.keys
    found = []
    for row in result.records():
        expected, excess, tickets = (row[name] for name in ("expected", "excess", "tickets"))
        periods = int(str(row["window"] or 1))
        if periods > 1:
            expected, tickets = row["window_expected"], row["window_tickets"]
            excess = (float(str(tickets)) - float(str(expected))) / periods
        if row["state"] not in LOUD or not keys or not is_number(expected) or not is_number(excess):
            continue
        if float(excess) <= 0:  # a part of a day of a series that goes on: no rise by its own figures
            continue
        where = language.place((key.dimension, str(row[key.name])) for key in keys)
        since = row["since"]
        said = f"{_over(periods, result)} where {{expected}} were expected, {{state}}" + (
            " since {since}" if since else ""
        )
        text = language.plural(
            "{where}: {n} ticket" + said,
            "{where}: {n} tickets" + said,
            int(str(tickets)),
            where=where,
            periods=str(periods),
            expected=language.figures(f"{float(expected):.0f}"),
            state=language.text(str(row["state"])),
            since=language.since(since, result.scope.period) if isinstance(since, date) else "",
        )
        first = str(row[keys[0].name])
        by = ",".join(key.dimension for key in keys)
        command = ("trends", "--by", by, "--where", str(equals(keys[0].dimension, first)))
        sharpness = len(keys) + float(excess) * periods / max(int(str(tickets)), 1)  # a place says more than everywhere
        group = language.place((key.dimension, str(row[key.name])) for key in keys[1:])
        weight = float(excess)
        found.append(Finding("changed", weight, text, first, where, command, sharpness, compares=True, group=group))
    return found


def _over(periods: int, result: Result) -> str:
    """The periods that told a rise, where that is not one."""
    return "" if periods == 1 else f" in {{periods}} {unit_of(result)}"


def unit_of(result: Result) -> str:
    """What several periods of a result are called."""
    named = result.scope.period
    if "-W" in named or len(named) == len("2026-10-05"):  # a day is judged with the six before it
        return "weeks"
    return "months" if len(named) == len("2026-10") else "periods"

"""What stands out in trends: series that rise beyond what their past explains."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Final

from supportkit.offers.finding import Finding, is_number
from supportkit.render.language import Language
from supportkit.render.names import in_text
from supportkit.render.value_text import expected_text
from supportkit.result import Result, Value
from supportkit.store.conditions import NONE, equals
from supportkit.system.late_patterns import late
from supportkit.trending.judged_days import WEEK

LOUD: Final = ("new", "rising", "ongoing")
FEWEST: Final = 5  # tickets, as a rise is named from: what goes on with three where two are usual is no news
LONGEST: Final = 40  # letters of what a rise has in common, as long as it still reads as a name
_ORIGIN: Final = late(r", (?=\d+ % )")


def findings(result: Result, language: Language) -> list[Finding]:
    """Series that rose beyond what their past explains and are above it; without an expectation nothing is said.

    A rise is told as it is drawn: by the tickets of the period, so that all on a page is of the same days; by those of
    the periods that were judged together where one of several told a rise that none of them alone would; of less than a
    week by its own and by the seven days that it ends. A place that is not given is none, and what goes on within its
    printed range is said to, and lingers.
    """
    names = [column.name for column in result.columns]
    if "state" not in names:
        return []
    keys = result.keys
    together = result.chart is not None and result.chart.y == "window_tickets"  # as its picture draws it
    found = []
    for row in result.records():
        expected, excess, tickets = (row[name] for name in ("expected", "excess", "tickets"))
        periods = int(str(row["window"] or 1)) if together else 1
        if periods > 1 or is_of_days(result):
            expected, tickets = row["window_expected"], row["window_tickets"]
        if periods > 1:
            excess = (float(str(tickets)) - float(str(expected))) / periods
        if row["state"] not in LOUD or not keys or not is_number(expected) or not is_number(excess):
            continue
        if int(str(tickets)) < FEWEST or NONE in (row[key.name] for key in keys[1:]):
            continue
        if float(excess) <= 0:  # a part of a day of a series that goes on: no rise by its own figures
            continue
        lingers = is_within(row, together=together or is_of_days(result))
        where = language.place((key.dimension, str(row[key.name])) for key in keys)
        since = row["since"]
        over = _over(periods, result)
        said, told = f"{over} where {{expected}} were expected, ", {}
        number, usual = int(str(tickets)), float(expected)
        if over and unit_of(result) == "periods":  # its own tickets, beside those of the days that told the rise
            assert result.scope.end is not None
            said = f" where {{expected}} were expected, {{told}} where {{usual}} were{over} up to {{day}}, "
            told = {"told": str(number), "usual": language.figures(expected_text(usual))}
            told["day"] = language.day(result.scope.end - timedelta(days=1))
            number, usual = int(str(row["tickets"])), float(str(row["expected"]))
        said += "{state}" + (" since {since}" if since else "")
        text = language.plural(
            "{where}: {n} ticket" + said,
            "{where}: {n} tickets" + said,
            number,
            where=where,
            periods=str(periods),
            expected=language.figures(expected_text(usual)),
            state=language.text(str(row["state"])),
            since=language.since(since, result.scope.period) if isinstance(since, date) else "",
            days=str(_days(result)),
            **told,
        )
        if lingers:
            text += f"; {_within(row, language, together=together or is_of_days(result))}"
        first = str(row[keys[0].name])
        by = ",".join(key.dimension for key in keys)
        command = ("trends", "--by", by, "--where", str(equals(keys[0].dimension, first)))
        beyond = float(str(tickets)) - float(expected) if is_of_days(result) else float(excess) * periods
        sharpness = len(keys) + beyond / max(int(str(tickets)), 1)  # a place says more than everywhere
        group = language.place((key.dimension, str(row[key.name])) for key in keys[1:])
        weight = beyond if is_of_days(result) else float(excess)
        common = _origins(row.get("comes_from"), language)
        found.append(Finding("changed", weight, text, first, where, command, sharpness, True, group, common, lingers))
    return found


def _within(row: Mapping[str, Value], language: Language, *, together: bool) -> str:
    """That a series is within what is drawn of it, in words."""
    low, high = row["expected_low"], row["expected_high"]
    if together or not is_number(low) or not is_number(high):
        return language.text("within chance")
    low_text, high_text = (language.figures(f"{float(end):,.0f}") for end in (low, high))
    return language.say("within the usual {low} to {high}", low=low_text, high=high_text)


def _origins(shares: Value, language: Language) -> str:
    """What most of the excess has in common, in words; without what is too long to be read as a name."""
    parts = (part for part in _ORIGIN.split(str(shares or "")) if 0 < len(part) <= LONGEST)
    return ", ".join(language.text(in_text(part, language)) for part in parts)


def is_within(row: Mapping[str, Value], *, together: bool) -> bool:
    """Whether what is told of a series is what chance allows: tickets in the range that is drawn, or, of periods that
    are told together, a ratio whose interval reaches down to 1."""
    if together:
        low = row["window_ratio_low"]
        return is_number(low) and low <= 1
    high, tickets = row["expected_high"], row["tickets"]
    return is_number(high) and is_number(tickets) and tickets <= high


def _over(periods: int, result: Result) -> str:
    """The time that told a rise, where that is not the period."""
    if is_of_days(result):
        return " in the seven days"
    if periods == 1:
        return ""
    unit = unit_of(result)
    return f" in {{periods}} {unit}" + (" of {days} days" if unit == "periods" else "")


def _days(result: Result) -> int:
    start, end = result.scope.start, result.scope.end
    return (end - start).days if start and end else 0


def is_of_days(result: Result) -> bool:
    """Whether a result is of less than a week, so that a rise is told by the seven days that it ends."""
    return 0 < _days(result) < WEEK


def unit_of(result: Result) -> str:
    """What several periods of a result are called."""
    named = result.scope.period
    if ".." in named or is_of_days(result):
        return "weeks" if _days(result) == WEEK else "periods"
    for sign, unit in (("-W", "weeks"), ("-Q", "quarters")):
        if sign in named:
            return unit
    return {len("2026"): "years", len("2026-10"): "months"}.get(len(named), "periods")

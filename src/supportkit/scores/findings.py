"""What stands out in a score: that it is another than in the period before."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from supportkit.offers.finding import Finding, figure_text, is_number
from supportkit.period import Grain, containing
from supportkit.render.language import Language
from supportkit.render.value_text import value_text
from supportkit.result import Result, Value
from supportkit.scores.row_comparison import AGAINST_THE_REST


def findings(result: Result, language: Language) -> list[Finding]:
    """Scores that differ from the period before beyond chance, by the interval of the difference and its p-value.

    Groups that differ from one another, which is what all data are compared by, are no change.
    """
    names = [column.name for column in result.columns]
    score = result.metric
    if not {"difference", "difference_low", "difference_high", "p", "answers", score} <= set(names):
        return []
    if AGAINST_THE_REST in result.notes:
        return []
    rows = [row for row in result.records() if row["p"] is not None and _is_last(result, row)]
    found = []
    for row in rows:
        low, high, p = row["difference_low"], row["difference_high"], row["p"]
        if not (is_number(low) and is_number(high) and is_number(p)) or low * high <= 0 or p * len(rows) > 0.05:
            continue
        where = language.place((key.dimension, str(row[key.name])) for key in result.keys if key.kind != "period")
        kind = next(column.kind for column in result.columns if column.name == "difference")
        scale, kind_of_score = (100 if kind == "share" else 1), next(c.shown for c in result.columns if c.name == score)
        text = language.say(
            "{score} {where} {change} points [{low}, {high}] against the period before, now {now} of {n} answers",
            score=language.text(result.title),
            where=where,
            change=language.figures(f"{scale * float(str(row['difference'])):+.1f}"),
            low=language.figures(f"{scale * low:.1f}"),
            high=language.figures(f"{scale * high:.1f}"),
            now=value_text(row[score], kind_of_score, None, language),
            n=figure_text(row["answers"], language),
        ).replace("  ", " ")
        command = (score, "--by", "channel", "--against", "rest")
        weight = abs(float(str(row["difference"]))) * scale / 100 * float(str(row["answers"]))
        found.append(Finding("changed", weight, text, f"{score} {where}", where or score, command, compares=True))
    return found


def _is_last(result: Result, row: Mapping[str, Value]) -> bool:
    """Whether a row is of the last whole period of a history; every row where there is no history."""
    if "period" not in row:
        return True
    end, name = result.scope.end, str(row["period"])
    if not isinstance(end, date):
        return False
    grain: Grain = "week" if "W" in name else "month" if len(name) == 7 else "day"
    last = containing(end - timedelta(days=1), grain)
    return last.name == name and last.end == end

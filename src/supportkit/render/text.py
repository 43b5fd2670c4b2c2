"""Text for a messenger: at most twelve lines, no table, no markup."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from supportkit.render import PLAIN, Display
from supportkit.render.at_risk import at_risk, brief_in_words
from supportkit.render.document import Document, HeadlineFigure, lights_in_words
from supportkit.render.escaping import for_terminal
from supportkit.render.language import Language
from supportkit.render.scope_line import scope_line
from supportkit.render.value_text import cell, value_text
from supportkit.result import Result, Value

MOST_LINES: Final = 12
MOST_FIGURES: Final = 6
LOUD: Final = ("fail", "no verdict", "warn")
SIGNS: Final = {"fail": "✗", "no verdict": "?", "warn": "!", "pass": "✓", "skipped": "–"}


def from_results(results: Sequence[Result], display: Display = PLAIN) -> str:
    """Results as a few lines each: the title, the headline figures, what they cover."""
    lines = [line for result in results for line in _result(result, display)]
    return _short(lines)


def from_report(document: Document) -> str:
    """A report as a message: its sentences, the command that goes deeper, the checks that did not pass."""
    language = document.language
    lines = [document.title, document.subtitle, *document.warnings]
    for one in document.sentences:
        lines.append(f"{one.role}: {one.text}")
        if one.command:
            lines.append(f"→ {one.command}")
    if not document.sentences:
        lines += [line for one in document.sections for line in (one.title, *one.says, *one.notes)]
        lines += [_figure(one, language) for one in document.figures]
    if document.at_risk and document.at_risk.words.rows:
        lines.append(at_risk(document.at_risk.words, language))
        lines += [] if document.sentences else _problems(document.at_risk.words, language)
    lines += document.left_out if document.sentences else ()
    lines += _lights(document, language, MOST_LINES - len(lines))
    return _short(lines)


def _figure(one: HeadlineFigure, language: Language) -> str:
    """A headline figure on a line."""
    parts = [
        f"n {one.n}",
        one.interval and f"{language.text('95 % interval')} {one.interval}",
        one.change,
        one.span,
        one.over,
        one.doubt,
    ]
    return f"{one.label}: {one.value} ({'; '.join(part for part in parts if part)})"


def _problems(brief: Result, language: Language) -> list[str]:
    """What is at risk, a problem a line."""
    told = brief_in_words(brief, language).problems
    return [f"{one.name}: {' '.join(one.says)} {one.who}{f' · {one.value}' if one.value else ''}" for one in told]


def _lights(document: Document, language: Language, room: int) -> list[str]:
    if document.lights is None:
        return []
    records = list(lights_in_words(document.lights, language).records())
    counts = {state: sum(record["state"] == state for record in records) for state in SIGNS}
    told = ", ".join(
        f"{SIGNS[state]} {language.plural(f'{{n}} {state}', f'{{n}} {state}', count)}"
        for state, count in counts.items()
        if count
    )
    lines = [f"{language.text('Checks')}: {told}"]
    loud = sorted((record for record in records if record["state"] in LOUD), key=_urgency)
    room = max(0, room - 2)
    period = document.summary.scope.period
    return [*lines, *(_verdict(record, language, period) for record in loud[:room]), *_left(loud[room:], language)]


def _urgency(record: Mapping[str, Value]) -> int:
    """Trouble of which nobody knows, then what is acknowledged, then all is well."""
    if record["acknowledged"]:
        return 1
    return 0 if record["state"] in LOUD else 2


def _left(records: Sequence[Mapping[str, Value]], language: Language) -> list[str]:
    """How many verdicts have no line of their own, and how many of these are acknowledged."""
    if not records:
        return []
    more, known = language.plural("and {n} more", "and {n} more", len(records)), sum(map(_is_known, records))
    return [language.say("{more}, {known} of them acknowledged", more=more, known=str(known)) if known else more]


def _is_known(record: Mapping[str, Value]) -> bool:
    return bool(record["acknowledged"])


def _verdict(record: Mapping[str, Value], language: Language, period: str) -> str:
    """A verdict on a line: the check and its slice, what was measured, of which days where these are not the period,
    why, since when, and who knows of it."""
    own = str(record["period"] or "")
    of = f", {language.period(own)}" if own and own != period else ""
    where = f" [{record['slice']}]" if record["slice"] else ""
    measured = f": {language.figures(str(record['measured']))}" if record["measured"] else ""
    n = f", n {value_text(record['n'], 'count', None, language)}" if record["n"] is not None else ""
    reason = language.text(str(record["reason"] or ""))
    parts = [reason, course_in_words(record, language), acknowledged_in_words(record, language)]
    shown = "; ".join(part for part in parts if part)
    return f"{SIGNS[str(record['state'])]} {record['check']}{where}{measured}{of}{n} ({shown})"


def _verdicts(result: Result, language: Language) -> list[str]:
    """What `check` says: how many of each state, what did not pass, what of that is acknowledged, then what did."""
    records = list(result.records())
    told = " · ".join(
        f"{column.label} {value_text(result.facts[column.name], column.shown, None, language)}"
        for column in result.told_facts
    )
    records.sort(key=_urgency)
    room = MOST_LINES - 3 if len(records) <= MOST_LINES - 3 else MOST_LINES - 4
    lines = [result.title, told, *(_verdict(record, language, result.scope.period) for record in records[:room])]
    return [*lines, *_left(records[room:], language), scope_line(result.scope, language)]


def course_in_words(record: Mapping[str, Value], language: Language) -> str:
    """What a verdict means after those before it: new, or still since 2026-W43."""
    course = language.text(str(record["course"] or ""))
    if not record["since"]:
        return course
    return language.say("{course} since {period}", course=course, period=str(record["since"]))


def acknowledged_in_words(record: Mapping[str, Value], language: Language) -> str:
    """Until when somebody has acknowledged a trouble, and why."""
    known = record["acknowledged"]
    return language.say("acknowledged {until}", until=language.text(str(known))) if known else ""


def _result(result: Result, display: Display) -> list[str]:
    language = display.language
    if result.metric == "check":
        return _verdicts(result, language)
    figures = [
        f"{column.label} {value_text(result.facts[column.name], column.shown, result.scope.currency, language)}"
        for column in result.told_facts[:MOST_FIGURES]
    ]
    rows = [
        ", ".join(cell(value, column, language) for value, column in zip(row[:4], result.columns, strict=False))
        for row in (() if result.facts else result.rows[:MOST_FIGURES])
    ]
    return [
        result.title,
        *([" · ".join(figures)] if figures else []),
        *rows,
        scope_line(result.scope, language, named=display.named),
    ]


def _short(lines: Sequence[str]) -> str:
    """The lines, each on one line and safe, at most twelve."""
    kept = [for_terminal(line) for line in lines if line]
    if len(kept) > MOST_LINES:
        kept = [*kept[: MOST_LINES - 1], "…"]
    return "\n".join(kept) + "\n"

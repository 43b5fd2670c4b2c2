"""The command that shows the sample shop: four questions on one screen, each with the command that goes on from it."""

from __future__ import annotations

import os
import shutil
import sys
import textwrap
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from supportkit.commands.config_file import find_config
from supportkit.commands.messages import reader
from supportkit.commands.output import to_stdout
from supportkit.commands.report_output import repeated_options
from supportkit.commands.shared_options import SharedOptions, load_config, open_selected
from supportkit.explaining.suggestions import that_finds
from supportkit.metrics import METRICS
from supportkit.period import ALL, Period, last_complete
from supportkit.render.language import ENGLISH
from supportkit.render.value_text import value_text
from supportkit.reports.report_request import ReportRequest
from supportkit.reports.summary import as_sentence
from supportkit.request import Answers
from supportkit.result import Result
from supportkit.system.named import NamedTuple

WIDTH: Final = 100
TABLES: Final = ("tickets", "messages", "orders", "surveys", "events")


class Answer(NamedTuple):
    """A question, what is said to it in three lines, and the words of the command that goes on from there."""

    question: str
    lines: tuple[str, ...]
    following: str


def demo_command() -> None:
    """What is wrong in a sample shop: what rises, where customers drop out, what one is worth, and the scores."""
    from supportkit.commands.samples import samples_folder

    folder = _from_here(samples_folder())
    shared = SharedOptions(data=(folder,), config=folder / "supportkit.toml", quiet=True)
    config = load_config(shared)
    above = find_config(Path.cwd())  # which a command would take in place of the one beside the data
    repeated = shared if above else replace(shared, config=None)
    with open_selected(shared, config, TABLES) as store:
        latest = store.latest("tickets")
        assert latest is not None
        period = last_complete("week", latest, store.zone)
        asked = ReportRequest("head", period, repeated_options(repeated), program=_called())
        answers = tuple(_answers(Answers(store, config), asked))
    to_stdout("\n".join(_page(answers, asked)) + "\n")


def _page(answers: Iterable[Answer], asked: ReportRequest) -> Iterator[str]:
    told, name = reader().text, asked.period.name
    days = name if reader().code == "en" else reader().period(name, week=False)  # in English it can be typed again
    yield told(f"What is wrong in a sample shop, {days}: four questions, and how to go on from each")
    for answer in answers:
        yield from ("", told(answer.question))
        for line in answer.lines:
            yield from textwrap.wrap(
                told(line), WIDTH, initial_indent="  ", subsequent_indent="    ", break_on_hyphens=False
            )
        yield from _command(answer.following)
    yield from ("", told("All of it as a page, with its definitions, tables, charts and checks"))
    yield from _command(asked.command("report", "--output", "report.html"))


def _command(text: str) -> list[str]:
    """A command, ready to be pasted: where it is too long for a line, the shell is told that it goes on."""
    lines = textwrap.wrap(text, WIDTH - 4, subsequent_indent="  ", break_long_words=False, break_on_hyphens=False)
    return [f"  {line}" for line in [*(f"{line} \\" for line in lines[:-1]), *lines[-1:]]]


def _answers(ask: Answers, asked: ReportRequest) -> Iterator[Answer]:
    week = asked.period
    by = ("--by", "category,country")
    trends, rising = _found(ask, "trends", {"by": by[1]}, week)
    yield Answer(
        "Which complaints rise?",
        (
            f"{_fact(trends, 'tickets')} tickets, {_fact(trends, 'tickets_before')} in the week before.",
            *rising[:2],
        ),
        asked.command("trends", *by),
    )
    funnel, lost = _found(ask, "funnel", {"by": "country,plan"}, week)
    began = f"Of {_fact(funnel, 'started')} who began {_fact(funnel, 'converted')} bought"
    yield Answer(
        "Where do customers drop out?",
        (f"{began} ({_fact(funnel, 'conversion')}).", *lost[:1], *_said(funnel, "still open")),
        asked.command(*_deeper(ask, funnel, week)),
    )
    ltv, worth = _found(ask, "ltv", {"by": "country"}, ALL)
    language = reader()
    terms = " × ".join(
        f"{language.text(column.label).lower()} {language.figures(_fact(ltv, column.name))}"
        for column in ltv.fact_columns[1:4]
    )
    yield Answer(
        "What is a customer worth?",
        (f"{_figure(ltv, 'ltv', 'customers')}.", language.say("It is {terms}.", terms=terms), *worth[:1]),
        asked.command("ltv", "--by", "country", period=ALL),
    )
    nps, csi = (_found(ask, name, {}, ALL)[0] for name in ("nps", "csi"))
    _, doubts = _found(ask, "survey-quality", {}, ALL)
    yield Answer(
        "How satisfied are they, and can the scores be believed?",
        (f"{_figure(nps, 'nps', 'answers')}.", f"{_figure(csi, 'csi', 'answers')}.", *doubts[:1]),
        asked.command("survey-quality", period=ALL),
    )


def _found(ask: Answers, name: str, options: dict[str, Any], period: Period) -> tuple[Result, list[str]]:
    """A metric's result, and its findings as sentences, the weightiest first."""
    result = ask(ask.request(name, options, period=period))
    findings = sorted(METRICS[name].findings(result, reader()), key=lambda finding: (finding.lingers, -finding.weight))
    return result, [as_sentence(finding.text) for finding in findings]


def _deeper(ask: Answers, funnel: Result, period: Period) -> tuple[str, ...]:
    """The command that goes on from the funnel: that of what stands out, where it finds more, else by country."""
    findings = METRICS["funnel"].findings(funnel, ENGLISH)
    further = that_finds(ask, findings[0].command, period) if findings else ()
    return further or ("funnel", "--by", "country")


def _said(result: Result, words: str) -> tuple[str, ...]:
    return tuple(as_sentence(reader().text(note)) for note in result.notes if words in note)[:1]


def _fact(result: Result, name: str) -> str:
    column = next(column for column in result.fact_columns if column.name == name)
    return value_text(result.facts[name], column.kind, result.scope.currency)


def _figure(result: Result, name: str, n: str) -> str:
    label = next(column.label for column in result.fact_columns if column.name == name)
    low, high = _fact(result, f"{name}_low"), _fact(result, f"{name}_high")
    return f"{label} {_fact(result, name)}, 95 % interval {low} to {high}, over {_fact(result, n)} {n}"


def _from_here(folder: Path) -> Path:
    """A folder as one names it in the working directory, where it is below."""
    here = Path.cwd()
    return folder.relative_to(here) if folder.is_relative_to(here) else folder


def _called() -> tuple[str, ...]:
    """The words that call this program again in this folder: its name where a shell finds it, else where it is."""
    found, script = shutil.which("supportkit"), sys.argv[0]
    if os.path.basename(script) == "supportkit" and os.path.isfile(script):
        same = found is not None and os.path.samefile(found, script)
        return ("supportkit",) if same else (os.path.join(os.path.dirname(script) or ".", "supportkit"),)
    return ("supportkit",) if found else (sys.executable, "-m", "supportkit")

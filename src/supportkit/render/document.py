"""A report as it is shown: three sentences, the checks as lights, and sections with a picture and a table each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cached_property
from typing import Final

from supportkit.errors import unknown
from supportkit.period import begun_in
from supportkit.render.at_risk import as_known
from supportkit.render.chart_parts import FAILED
from supportkit.render.commands_in_text import parted
from supportkit.render.goals import fails, goal_of, n_of
from supportkit.render.in_language import translated
from supportkit.render.language import ENGLISH, Language
from supportkit.render.names import in_text, named
from supportkit.render.rule_words import rule_in_words, slice_in_words
from supportkit.result import Chart, Result, Value, detail, key
from supportkit.system.frozen import dataclass
from supportkit.system.named import NamedTuple


class Further(NamedTuple):
    """A command that goes on from somewhere, and what it shows."""

    shows: str
    command: str


HEADS: Final = ("brief", "figures", "checks")
"""What stands above the sections, by its ids on the page."""

BY_ROW: Final = ("bar", "interval", "change")
"""Pictures that draw a row each."""
BRIEF: Final = ("problem", "place", "since", "tickets", "expected", "step", "drop_share", "customers", "ordered_since",
                "silent", "value_at_risk", "value_low", "value_high", "share", "owner")  # fmt: skip


@dataclass(frozen=True)
class DocumentSection:
    """A result of a document: which columns and how many rows its table has, its picture, its own sentences.

    `result` is as computed, in English and with codes; `words` is what people read of it. `more` says which rows the
    table shows, `command` shows all of them. `instead` stands in place of a picture and a table that would say nothing.
    """

    result: Result
    columns: tuple[str, ...] = ()
    top: int | None = None
    chart: Chart | None = None
    heading: str = ""
    says: tuple[str, ...] = ()
    more: str = ""
    command: str = ""
    having: str | None = None
    folds: bool = False
    told: frozenset[str] = frozenset()  # notes that stand under an earlier section
    repeats: bool = False  # the headline figures stand at the head of the report, or in an earlier section
    language: Language = ENGLISH
    key: str = ""
    instead: str = ""

    @cached_property
    def words(self) -> Result:
        """The result in the words of its readers: their language, and names in place of codes."""
        return translated(named(self.result, self.language), self.language)

    @property
    def title(self) -> str:
        """What stands above it."""
        return self.heading or self.words.title

    @property
    def pictured(self) -> Result:
        """The result with the picture chosen for it; a picture of a row each has the rows of the table."""
        words = replace(self.words, title=self.title)
        if self.instead:
            return replace(words, chart=None)
        shown = replace(words, chart=self.chart) if self.chart else words
        by_row = shown.chart is not None and shown.chart.kind in BY_ROW
        return replace(shown, rows=shown.rows[: self.top]) if by_row and self.top else shown

    def table(self, *, whole: bool = False) -> Result:
        """What the table shows of the result: of rows over time the newest, all where it is wanted whole."""
        table = self._chosen(whole=whole)
        periods = [index for index, column in enumerate(table.columns) if column.kind == "period"]
        begins = [index for index, column in enumerate(table.columns) if column.name == "since"]
        rows = tuple(_with_periods(row, periods, self.language) for row in table.rows)
        rows = tuple(_with_begin(row, begins, table.scope.period, self.language) for row in rows)
        told = replace(table, facts={}, fact_columns=()) if self.repeats else table
        return replace(told, title=self.title, rows=rows, chart=None, notes=self.notes)

    @property
    def shows_newest(self) -> bool:
        """Whether the rows that are shown are those of the latest periods."""
        return any(column.kind == "period" for column in self._chosen(whole=True).columns)

    def failing(self, *, whole: bool = False) -> frozenset[tuple[int, str]]:
        """The figures of the table that are on the wrong side of their target: number of the row, name of the column.

        None where a row is not named whole: which target speaks of it cannot be told then.
        """
        table = self._chosen(whole=whole)
        if len(table.keys) < len(self.words.keys):
            return frozenset()
        rows = list(self.filtered().records())
        return frozenset(
            (number, column.name)
            for number, record in enumerate(rows[place] for place in self._places(table, whole=whole))
            for column in table.columns
            if fails(column, record[column.name], goal_of(table, column.name, record), n_of(column, record))
        )

    def _chosen(self, *, whole: bool) -> Result:
        """The columns and rows of the table, its periods as computed."""
        table = self._cut()
        return replace(table, rows=tuple(table.rows[place] for place in self._places(table, whole=whole)))

    def _cut(self) -> Result:
        """The rows that the table may show with the columns that it has."""
        shown = self.filtered()
        names = {column.name for column in shown.columns}
        chosen = [name for name in self.columns if name in names]
        if not chosen:
            return shown.for_people()
        table = shown.only([name for name in chosen if _is_known(shown, name)])
        return replace(table, columns=tuple(replace(column, aside=False) for column in table.columns))

    def _places(self, table: Result, *, whole: bool) -> Sequence[int]:
        """Which rows the table shows."""
        if self.instead:
            return ()
        return range(len(table.rows)) if whole else _newest(table, self.top)

    def filtered(self) -> Result:
        """The result with the rows that the table may show."""
        names = [column.name for column in self.result.columns]
        if self.having not in names:
            return self.words
        place = names.index(self.having)
        rows = tuple(row for row in self.words.rows if row[place] is not None and row[place] is not False)
        return replace(self.words, rows=rows, chart=None)

    @property
    def own_notes(self) -> tuple[str, ...]:
        """The notes that were not told before."""
        return tuple(note for note in self.words.notes if note not in self.told)

    @property
    def notes(self) -> tuple[str, ...]:
        """What stands in place of the table, the notes that were not told before, and how to see the other rows."""
        notes = self.own_notes
        instead = (self.instead,) if self.instead else ()
        if not self.more:
            return (*instead, *notes)
        return (
            *instead,
            *notes,
            self.language.say("{more}; all of them: {command}", more=self.more, command=self.command),
        )


@dataclass(frozen=True)
class Sentence:
    """One of the sentences at the top: what it answers, what it says, the command that goes deeper, and the keys of the
    sections that it rests on."""

    role: str
    text: str
    command: str = ""
    sections: tuple[str, ...] = ()


@dataclass(frozen=True)
class HeadlineFigure:
    """A figure at the head of a report, in words: its value with n and interval, the period before, its target.

    `course` are its values in the periods that end with the report's, the first of which is named; `span` says what it
    is of, where that is not the period, and `over` of whom, where later events can still change it for the others.
    `doubt` says that the section `doubted_by` does not believe it.
    """

    metric: str
    label: str
    value: str
    n: str
    interval: str = ""
    change: str = ""
    beyond: bool = False  # what is compared is beyond chance
    target: str = ""
    failed: bool = False
    span: str = ""
    over: str = ""
    doubt: str = ""
    doubted_by: str = ""
    course: tuple[float | None, ...] = ()
    first: str = ""
    goal: float | None = None


@dataclass(frozen=True)
class Document:
    """What an audience reads; `results` is the same as JSON has it, `filled` whether the period has any row."""

    title: str
    subtitle: str
    summary: Result
    sentences: tuple[Sentence, ...]
    sections: tuple[DocumentSection, ...]
    lights: Result | None = None
    figures: tuple[HeadlineFigure, ...] = ()
    brief: Result | None = None
    warnings: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    """Which sections are not there, and what they need."""
    language: Language = ENGLISH
    filled: bool = True
    last: str = ""
    """Where no section has a row: the last period with data, in words."""
    alone: str = ""
    """The name of the part that is shown alone, of a report whose `whole` sections there are besides."""
    whole: tuple[DocumentSection, ...] = ()

    def results(self) -> list[Result]:
        """The summary, what is at risk, the checks and the sections, whole."""
        brief = [translated(self.brief, self.language)] if self.brief else []
        figures = [self.figures_table()] if self.figures and not self.sections else []
        heads = [*brief, *figures, *((self.lights,) if self.lights else ())]
        sections = (translated(section.result, self.language) for section in self.sections)
        return [self.summary, *heads, *sections]

    def tables(self) -> list[Result]:
        """The same as tables for people."""
        lights = [lights_table(self.lights, self.language)] if self.lights else []
        figures = [self.figures_table()] if self.figures else []
        brief = [self.at_risk.table()] if self.at_risk else []
        summary = [self.summary] if self.sentences else []
        return [*summary, *brief, *figures, *lights, *(section.table() for section in self.sections)]

    @property
    def at_risk(self) -> DocumentSection | None:
        """What heads the report, as a table for people."""
        if self.brief is None:
            return None
        return DocumentSection(as_known(self.brief), BRIEF, language=self.language)

    def figures_table(self) -> Result:
        """The headline figures as a table for people."""
        text = self.language.text
        columns = (
            key("figure", label=text("Figure")),
            detail("value", "text", text("Value")),
            detail("n", "text", text("n")),
            detail("interval", "text", text("95 % interval")),
            detail("change", "text", text("Change")),
            detail("target", "text", text("Target")),
            detail("of", "text", text("Of")),
        )
        scope = self.summary.scope
        period = self.language.period(scope.period)
        rows = [
            (f"{FAILED if one.failed else ''}{one.label}", one.value, one.n, one.interval, one.change, one.target,
             "; ".join(filter(None, (one.span or period, one.over, one.doubt))))
            for one in self.figures
        ]  # fmt: skip
        filled = [place for place in range(len(columns)) if any(row[place] for row in rows)]
        return Result(
            metric="figures",
            title=self.language.say(
                "Figures {period}" if self.summary.scope.period.startswith("..") else "Figures of {period}",
                period=period,
            ),
            definition=text("each with n, 95 % interval, and the period before; ✗: on the wrong side of its target"),
            columns=tuple(columns[place] for place in filled),
            rows=tuple(tuple(row[place] or None for place in filled) for row in rows),
            scope=replace(self.summary.scope, period=""),
        )

    def only(self, name: str) -> Document:
        """The report with one section alone, by its id or its metric, or with one of its HEADS; a page without data
        stays whole. Raises UsageError where there is none of it."""
        if not self.filled:
            return self
        parts = {"brief": self.brief, "figures": self.figures, "checks": self.lights}
        emptied = replace(self, sentences=(), brief=None, figures=(), lights=None, sections=())
        alone = replace(emptied, alone=name, whole=self.sections)
        if parts.get(name):
            return replace(alone, **{"lights" if name == "checks" else name: parts[name]})  # type: ignore[arg-type]
        found = [one for one in self.sections if one.key == name] or [
            one for one in self.sections if one.result.metric == name
        ]
        if not found:
            raise unknown("section", name, [*(one for one in HEADS if parts[one]), *(one.key for one in self.sections)])
        return replace(alone, sections=(found[0],))

    def further(self) -> tuple[Further, ...]:
        """The commands that go on from the sentences and from what the tables leave out."""
        found = [Further(one.role, one.command) for one in self.sentences if one.command]
        if self.at_risk:
            found += [Further(str(row["problem"]), str(row["next"])) for row in self.at_risk.words.records()]
        for section in self.sections:
            if section.command and not section.folds:
                found.append(Further(section.title, section.command))
            found += further_in(section)
        first: dict[str, Further] = {}
        for one in found:
            first.setdefault(one.command, one)
        return tuple(first.values())


def _is_known(result: Result, name: str) -> bool:
    """Whether a column names rows, or any row has a value in it; a figure of which nothing is known fills no column."""
    place = next(number for number, column in enumerate(result.columns) if column.name == name)
    named = result.columns[place].role in ("key", "n")
    return named or not result.rows or any(row[place] is not None for row in result.rows)


def further_in(section: DocumentSection) -> tuple[Further, ...]:
    """The commands that the notes of a section name."""
    return tuple(Further(said, command) for said, command in map(parted, section.own_notes) if command)


def lights_table(lights: Result, language: Language = ENGLISH) -> Result:
    """The outcome of the checks with the columns that people read."""
    lights = lights_in_words(lights, language)
    names = ("state", "check", "slice", "measured", "n", "period", "course", "since", "reason", "acknowledged")
    empty = {column.name for column in lights.columns if column.aside}
    table = DocumentSection(lights, tuple(name for name in names if name not in empty), language=language).table()
    periods = [index for index, column in enumerate(table.columns) if column.name == "period"]
    return replace(table, rows=tuple(_with_periods(row, periods, language) for row in table.rows))


def lights_in_words(lights: Result, language: Language) -> Result:
    """The outcome of the checks as people read it: days, periods and places named in its reasons, slices and rules."""
    names = [column.name for column in lights.columns]

    def told(record: Mapping[str, Value]) -> tuple[Value, ...]:
        rule, check = str(record["rule"] or ""), record["check"]
        words: Mapping[str, Value] = {
            "reason": in_text(language.text(str(record["reason"] or "")), language) or None,
            "check": rule_in_words(rule, language) if check == rule else check,
            "slice": slice_in_words(str(record["slice"] or ""), rule, language) or record["slice"],
        }
        return tuple(words.get(name, record[name]) for name in names)

    return replace(lights, rows=tuple(map(told, lights.records())))


def _newest(table: Result, top: int | None) -> Sequence[int]:
    """Which rows are shown: the first ones, over time those of the latest periods, as they follow one another."""
    place = next((index for index, column in enumerate(table.columns) if column.kind == "period"), None)
    if top is None or place is None or len(table.rows) <= top:
        return range(len(table.rows))[:top]
    latest = sorted(range(len(table.rows)), key=lambda index: (str(table.rows[index][place]), -index), reverse=True)
    return sorted(latest[:top])


def _with_begin(row: tuple[Value, ...], places: list[int], period: str, language: Language) -> tuple[Value, ...]:
    """A row that says in words since when a trouble is: the day, or the month of one found over months."""
    told = list(row)
    for place in places:
        if isinstance(day := row[place], date):
            begun = begun_in(day, period)
            told[place] = language.period(begun) if begun else language.day(day)
    return tuple(told)


def _with_periods(row: tuple[Value, ...], places: list[int], language: Language) -> tuple[Value, ...]:
    """A row with its periods in words."""
    if not places:
        return row
    told = list(row)
    for place in places:
        told[place] = language.period(str(row[place]), week=False) if row[place] is not None else None
    return tuple(told)

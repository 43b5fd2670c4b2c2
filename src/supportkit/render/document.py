"""A report as it is shown: three sentences, the checks as lights, and sections with a picture and a table each."""

from __future__ import annotations

from dataclasses import replace

from supportkit.render.chart_parts import FAILED
from supportkit.render.language import ENGLISH, Language
from supportkit.result import Chart, Result, detail, key
from supportkit.system.frozen import dataclass


@dataclass(frozen=True)
class DocumentSection:
    """A result of a document: which columns and how many rows its table has, its picture, its own sentences."""

    result: Result
    columns: tuple[str, ...] = ()
    top: int | None = None
    chart: Chart | None = None
    heading: str = ""
    says: tuple[str, ...] = ()
    more: str = ""
    having: str | None = None
    folds: bool = False
    told: frozenset[str] = frozenset()  # notes that stand under an earlier section
    repeats: bool = False  # the headline figures stand at the head of the report, or in an earlier section

    @property
    def pictured(self) -> Result:
        """The result with the picture chosen for it."""
        return replace(self.result, chart=self.chart) if self.chart else self.result

    def table(self, *, whole: bool = False) -> Result:
        """What the table shows of the result, for people; all its rows where it is wanted whole."""
        shown = self.filtered()
        names = {column.name for column in shown.columns}
        chosen = [name for name in self.columns if name in names]
        table = shown.only(chosen) if chosen else shown.for_people()
        rows = table.rows[: None if whole else self.top]
        told = replace(table, facts={}, fact_columns=()) if self.repeats else table
        return replace(told, title=self.heading or shown.title, rows=rows, chart=None, notes=self.notes)

    def filtered(self) -> Result:
        """The result with the rows that the table may show."""
        names = [column.name for column in self.result.columns]
        if self.having not in names:
            return self.result
        place = names.index(self.having)
        rows = tuple(row for row in self.result.rows if row[place] is not None and row[place] is not False)
        return replace(self.result, rows=rows, chart=None)

    @property
    def notes(self) -> tuple[str, ...]:
        """The result's notes that were not told before, and how to see the rows that are not shown."""
        notes = tuple(note for note in self.result.notes if note not in self.told)
        return (*notes, self.more) if self.more else notes


@dataclass(frozen=True)
class Sentence:
    """One of the sentences at the top: what it answers, what it says, and the command that goes deeper."""

    role: str
    text: str
    command: str = ""


@dataclass(frozen=True)
class HeadlineFigure:
    """A figure at the head of a report, in words: its value with n and interval, the period before, its target.

    `course` are its values in the periods that end with the report's, the first of which is named; `span` says what it
    is of, where that is not the period.
    """

    metric: str
    label: str
    value: str
    n: str
    interval: str = ""
    change: str = ""
    target: str = ""
    failed: bool = False
    span: str = ""
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
    warnings: tuple[str, ...] = ()
    language: Language = ENGLISH
    filled: bool = True

    def results(self) -> list[Result]:
        """The summary, the checks and the sections, whole."""
        lights = [self.lights] if self.lights else []
        return [self.summary, *lights, *(section.result for section in self.sections)]

    def tables(self) -> list[Result]:
        """The same as tables for people."""
        lights = [lights_table(self.lights)] if self.lights else []
        figures = [self.figures_table()] if self.figures else []
        return [self.summary, *figures, *lights, *(section.table() for section in self.sections)]

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
        period = self.language.period(self.summary.scope.period)
        rows = [
            (f"{FAILED if one.failed else ''}{one.label}", one.value, one.n, one.interval, one.change, one.target,
             one.span or period)
            for one in self.figures
        ]  # fmt: skip
        filled = [place for place in range(len(columns)) if any(row[place] for row in rows)]
        return Result(
            metric="figures",
            title=self.language.say("Figures of {period}", period=period),
            definition=text("each with n, 95 % interval, and the period before; ✗: on the wrong side of its target"),
            columns=tuple(columns[place] for place in filled),
            rows=tuple(tuple(row[place] or None for place in filled) for row in rows),
            scope=replace(self.summary.scope, period=""),
        )


def lights_table(lights: Result) -> Result:
    """The outcome of the checks with the columns that people read."""
    names = ("state", "check", "slice", "measured", "n", "period", "course", "since", "reason", "acknowledged")
    empty = {column.name for column in lights.columns if column.aside}
    return DocumentSection(lights, tuple(name for name in names if name not in empty)).table()

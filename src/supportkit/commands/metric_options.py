"""A command made from a metric's signature: its parameters become options, beside the shared ones."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Final, get_origin

import typer

from supportkit.commands.command_help import SHARED, as_sentence
from supportkit.commands.completion import complete_columns, complete_condition, complete_figures, complete_language
from supportkit.commands.shared_options import SharedOptions
from supportkit.metrics import Metric
from supportkit.period import Period
from supportkit.render import FORMATS, Format
from supportkit.render.language import codes
from supportkit.request import metric_parameters
from supportkit.store.parameters import Dimension, FromConfig

Run = Callable[[Metric, SharedOptions, dict[str, Any]], None]
Act = Callable[[SharedOptions, list[str]], None]


WHERE: Final = "A condition: country=DE, amount>=10 and note is empty, channel in (chat, email); repeatable."
FILTERS: Final = ("period", "since", "until", "as_of", "where")
"""The shared options that choose rows: a command that takes no part of the data refuses them."""


def shared_parameters(*, filtered: bool = True) -> list[inspect.Parameter]:
    """The options that every reading command has; those that choose rows are hidden where they are refused."""

    def option(
        name: str, kind: Any, default: Any, text: str, flags: str, metavar: str | None = None, **more: Any
    ) -> inspect.Parameter:
        if kind == Path | None or kind == list[Path] | None:
            more["readable"] = False  # what cannot be read is told where it is read, as data and not as usage
        hidden = name in FILTERS and not filtered
        info = typer.Option(
            *flags.split(", "),
            help=text,
            metavar=metavar,
            hidden=hidden,
            show_default=False,
            rich_help_panel=SHARED,
            **more,
        )
        return inspect.Parameter(
            name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=Annotated[kind, info]
        )

    return [
        option("db", Path | None, None, "The store [default: SUPPORTKIT_DB, else supportkit.duckdb].", "--db", "FILE"),
        option("data", list[Path] | None, None, "A folder or CSVs, read in memory for this run.", "--data", "PATH"),
        option("config", Path | None, None, "Default: the nearest supportkit.toml.", "--config", "FILE"),
        option("period", str | None, None, "2026-W46, 2026-11, last-week, last-3-months, all.", "--period", "PERIOD"),
        option("since", str | None, None, "First day, inclusive.", "--since", "DAY"),
        option("until", str | None, None, "Last day, exclusive.", "--until", "DAY"),
        option("as_of", str | None, None, "Count only what was known then.", "--as-of", "TIME"),
        option("where", list[str] | None, None, WHERE, "--where", "CONDITION", autocompletion=complete_condition),
        option("format", Format | None, None, f"{', '.join(FORMATS)} [default: table].", "-f, --format", "FORMAT"),
        option("output", Path | None, None, "Write to a file instead of the screen.", "-o, --output", "FILE"),
        language_parameter(),
        option("quiet", bool, False, "Say nothing but the result.", "-q, --quiet"),
        option("verbose", bool, False, "Say more on stderr.", "-v, --verbose"),
        option("no_pager", bool, False, "Show long output on a terminal without a pager.", "--no-pager"),
    ]


def language_parameter() -> inspect.Parameter:
    """The option that every command has; it is obeyed before anything else, so that what is wrong is told in it."""
    info = typer.Option(
        "--lang",
        metavar="CODE",
        help=f"The language of what people read: {', '.join(codes())} [default: [output] language, else en].",
        show_default=False,
        rich_help_panel=SHARED,
        autocompletion=complete_language,
    )
    return inspect.Parameter(
        "lang", inspect.Parameter.KEYWORD_ONLY, default=None, annotation=Annotated[str | None, info]
    )


def with_language(function: Callable[..., None]) -> Callable[..., None]:
    """A command without the shared options that has the language's besides its own."""
    own = [*inspect.signature(function, eval_str=True).parameters.values()]

    def command(**given: Any) -> None:
        given.pop("lang", None)
        function(**given)

    return _signed(command, function, [*own, language_parameter()])


def take_shared(given: dict[str, Any]) -> SharedOptions:
    """The shared options out of a command's arguments; they are removed from `given`."""
    names = [parameter.name for parameter in shared_parameters()]
    values = {name: given.pop(name) for name in names if name in given}
    for name in ("data", "where"):
        values[name] = tuple(values.get(name) or ())
    shared = SharedOptions(**values)
    shared.form()  # what cannot be written is refused before anything is read
    if sys.stderr.isatty():
        from supportkit.commands.progress import begin_waiting

        begin_waiting(quiet=shared.quiet)
    return shared


def with_shared_options(function: Callable[..., None], *, filtered: bool = True) -> Callable[..., None]:
    """A command that has the shared options besides its own; the function takes them as one `shared`."""
    own = [p for p in inspect.signature(function, eval_str=True).parameters.values() if p.name != "shared"]

    def command(**given: Any) -> None:
        shared = take_shared(given)
        function(shared=shared, **given)

    return _signed(command, function, [*own, *shared_parameters(filtered=filtered)])


def _signed(
    command: Callable[..., None], function: Callable[..., None], parameters: list[inspect.Parameter]
) -> Callable[..., None]:
    """A command with these parameters, under the name and the words of the function that it calls."""
    parameters = [parameter.replace(kind=inspect.Parameter.KEYWORD_ONLY) for parameter in parameters]
    command.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    command.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    command.__doc__ = function.__doc__
    command.__name__ = function.__name__
    return command


def metric_command(metric: Metric, run: Run, act: Act | None = None) -> Callable[..., None]:
    """The function that Typer turns into the metric's command; words after its name are for `act`, if there is one."""

    def command(**given: Any) -> None:
        shared = take_shared(given)
        words = given.pop("words", None)
        if act is not None and words:
            act(shared, words)
            return
        run(metric, shared, {name: value for name, value in given.items() if value is not None})

    own = metric_options(metric)
    named = {option.name for option in own}
    more = rows_parameters(metric) if metric.compares else [against_parameter(), *rows_parameters(metric)]
    own += [option for option in more if option.name not in named]
    parameters = [*own, events_parameter(), *shared_parameters()]
    if act is not None:
        info = typer.Argument(metavar="[ACTION]...", help=_first_line(act), show_default=False)
        words = Annotated[list[str] | None, info]
        parameters.insert(0, inspect.Parameter("words", inspect.Parameter.KEYWORD_ONLY, default=None, annotation=words))
    command.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    command.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    command.__name__ = metric.name.replace("-", "_")
    command.__doc__ = _first_line(metric.compute)
    return command


def against_parameter() -> inspect.Parameter:
    """The option that sets the figures beside others."""
    text = "Beside the period before, or each row beside the rest: previous or rest."
    info = typer.Option("--against", metavar="WHAT", help=text, show_default=False)
    return inspect.Parameter(
        "against", inspect.Parameter.KEYWORD_ONLY, default=None, annotation=Annotated[str | None, info]
    )


def rows_parameters(metric: Metric) -> list[inspect.Parameter]:
    """The options that ask for the rows behind the figures, and how rows are shown."""
    told: tuple[tuple[str, Any, str | None, str], ...] = (
        ("rows", str, "WHAT", "List the rows behind the figures: all, or a name."),
        ("sort", str, "COLUMN", "Order the rows by a column; -COLUMN: the greatest first."),
        ("top", int, "N", "The first so many rows [default: all]."),
        ("columns", str, "COLUMNS", "These columns alone, comma-separated."),
        ("chart", bool, None, "Draw the picture above the table."),
    )
    options = []
    for name, kind, metavar, text in told:
        offered = complete_figures(metric.name) if name in ("sort", "columns") else None
        info = typer.Option(f"--{name}", metavar=metavar, help=text, show_default=False, autocompletion=offered)
        wanted: Any = Annotated[kind | None, info]
        options.append(inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=wanted))
    return options


EVENTS: Final = "A CSV of at,text,where: lines in pictures over time, beside those of [[event]]."


def events_parameter() -> inspect.Parameter:
    """The option that names a file of events."""
    info = typer.Option("--events", help=EVENTS, show_default=False, readable=False)
    return inspect.Parameter(
        "events", inspect.Parameter.KEYWORD_ONLY, default=None, annotation=Annotated[Path | None, info]
    )


def metric_options(metric: Metric) -> list[inspect.Parameter]:
    """The metric's own parameters as options; `period` and those from the configuration are not among them."""
    options = []
    for name, (kind, marks, default) in metric_parameters(metric).items():
        if kind is Period or any(isinstance(mark, FromConfig) for mark in marks):
            continue
        text = next((mark for mark in marks if isinstance(mark, str)), "")
        dimension = next((mark for mark in marks if isinstance(mark, Dimension)), None)
        if dimension is not None:
            text = text or f"Split by up to two columns of {dimension.table}, comma-separated."
        if default not in (None, False, ()):
            text = f"{text} [default: {_shown(default)}]".strip()
        columns: dict[str, Any] = (
            {"metavar": "COLUMNS", "autocompletion": complete_columns(dimension.table)} if dimension else {}
        )
        info = typer.Option(f"--{name.replace('_', '-')}", help=as_sentence(text), show_default=False, **columns)
        options.append(
            inspect.Parameter(
                name,
                inspect.Parameter.KEYWORD_ONLY,
                default=None,
                annotation=Annotated[_option_type(kind) | None, info],
            )
        )
    return options


def _option_type(kind: Any) -> Any:
    """The type that Typer reads; richer ones are read from text where the request is made."""
    if kind in (timedelta, date, Decimal) or get_origin(kind) is tuple:
        return str
    return kind


def _shown(default: Any) -> str:
    if isinstance(default, timedelta):
        return f"{default.total_seconds() / 86400:g}d"
    return ",".join(default) if isinstance(default, tuple) else str(default)


def _first_line(function: Callable[..., Any]) -> str:
    return (function.__doc__ or "").strip().splitlines()[0]

"""A command made from a metric's signature: its parameters become options, beside the shared ones."""

from __future__ import annotations

import inspect
import types
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal, Union, get_args, get_origin, get_type_hints

import typer

from supportkit.errors import UsageError, unknown
from supportkit.metrics import Metric
from supportkit.parameters import Dimension, FromConfig
from supportkit.period import Period
from supportkit.session import Shared, metric_settings
from supportkit.store.selection import TOPIC, split_dimensions

if TYPE_CHECKING:
    from supportkit.config import Config

Run = Callable[[Metric, Shared, dict[str, Any]], None]
Act = Callable[[Shared, list[str]], None]


def shared_parameters() -> list[inspect.Parameter]:
    """The options that every reading command has."""

    def option(name: str, kind: Any, default: Any, text: str, *flags: str, **more: Any) -> inspect.Parameter:
        more.setdefault("readable", False)  # what cannot be read is told where it is read, as data and not as usage
        info = typer.Option(*flags, help=text, show_default=False, rich_help_panel="Shared by all", **more)
        return inspect.Parameter(
            name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=Annotated[kind, info]
        )

    form = Literal["table", "json", "csv", "markdown", "html", "text", "xlsx"]
    return [
        option("db", Path | None, None, "The store [default: SUPPORTKIT_DB, else supportkit.duckdb].", "--db"),
        option("data", list[Path] | None, None, "A folder or CSVs, read in memory for this run.", "--data"),
        option("config", Path | None, None, "The configuration [default: the nearest supportkit.toml].", "--config"),
        option("period", str | None, None, "last-week, 2026-W46, 2026-11, last-28-days, all.", "--period"),
        option("since", str | None, None, "First day, inclusive.", "--since"),
        option("until", str | None, None, "Last day, exclusive.", "--until"),
        option("as_of", str | None, None, "Count only what was known then.", "--as-of"),
        option("where", list[str] | None, None, "A condition, for example country=DE; repeatable.", "--where"),
        option("format", form | None, None, "How to print [default: table].", "--format", "-f"),
        option("output", Path | None, None, "Write to a file instead of the screen.", "--output", "-o"),
        option("quiet", bool, False, "Say nothing but the result.", "--quiet", "-q"),
        option("verbose", bool, False, "Say more on stderr.", "--verbose", "-v"),
    ]


def take_shared(given: dict[str, Any]) -> Shared:
    """The shared options out of a command's arguments; they are removed from `given`."""
    names = [parameter.name for parameter in shared_parameters()]
    values = {name: given.pop(name) for name in names if name in given}
    for name in ("data", "where"):
        values[name] = tuple(values.get(name) or ())
    shared = Shared(**values)
    shared.form()  # what cannot be written is refused before anything is read
    return shared


def reading(function: Callable[..., None]) -> Callable[..., None]:
    """A command that has the shared options besides its own; the function takes them as one `shared`."""
    own = [p for p in inspect.signature(function, eval_str=True).parameters.values() if p.name != "shared"]
    own = [p.replace(kind=inspect.Parameter.KEYWORD_ONLY) for p in own]

    def command(**given: Any) -> None:
        shared = take_shared(given)
        function(shared=shared, **given)

    parameters = [*own, *shared_parameters()]
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

    parameters = [*metric_options(metric), *shared_parameters()]
    if act is not None:
        info = typer.Argument(metavar="[ACTION]...", help=_first_line(act), show_default=False)
        words = Annotated[list[str] | None, info]
        parameters.insert(0, inspect.Parameter("words", inspect.Parameter.KEYWORD_ONLY, default=None, annotation=words))
    command.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    command.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    command.__name__ = metric.name.replace("-", "_")
    command.__doc__ = f"{_first_line(metric.compute)}\n\n{metric.definition}"
    return command


def metric_options(metric: Metric) -> list[inspect.Parameter]:
    """The metric's own parameters as options; `period` and those from the configuration are not among them."""
    options = []
    for name, (kind, marks, default) in signature(metric).items():
        if kind is Period or any(isinstance(mark, FromConfig) for mark in marks):
            continue
        text = next((mark for mark in marks if isinstance(mark, str)), "")
        dimension = next((mark for mark in marks if isinstance(mark, Dimension)), None)
        if dimension is not None:
            text = text or f"Split by up to two columns of {dimension.table}, comma-separated."
        if default not in (None, False, ()):
            text = f"{text} [default: {_shown(default)}]".strip()
        info = typer.Option(f"--{name.replace('_', '-')}", help=text, show_default=False)
        options.append(
            inspect.Parameter(
                name,
                inspect.Parameter.KEYWORD_ONLY,
                default=None,
                annotation=Annotated[_option_type(kind) | None, info],
            )
        )
    return options


@cache
def signature(metric: Metric) -> dict[str, tuple[Any, tuple[Any, ...], Any]]:
    """The keyword parameters of a metric: its type, its marks and its default, by name."""
    hints = get_type_hints(metric.compute, include_extras=True)
    found = {}
    for name, parameter in inspect.signature(metric.compute).parameters.items():
        if parameter.kind is not inspect.Parameter.KEYWORD_ONLY:
            continue
        hint = hints[name]
        marks: tuple[Any, ...] = ()
        if get_origin(hint) is Annotated:
            hint, *rest = get_args(hint)
            marks = tuple(rest)
        found[name] = (_without_none(hint), marks, parameter.default)
    return found


def dimension_tables(metric: Metric, options: Mapping[str, Any]) -> tuple[str, ...]:
    """The tables whose columns the options name, such as tickets for --weigh-by and for --by topic."""
    parameters = signature(metric)
    named = {name: mark for name in options for mark in parameters[name][1] if isinstance(mark, Dimension)}
    topic = any(TOPIC in split_dimensions(options[name]) for name in named)
    return (*(mark.table for mark in named.values()), *(("tickets",) if topic else ()))


def arguments(metric: Metric, given: Mapping[str, Any], settings: Mapping[str, Any], where: str) -> dict[str, Any]:
    """What the metric is called with: the options given, else those of the configuration, read into their types.

    Raises UsageError that names the option, or `where` the configuration says it.
    """
    parameters = signature(metric)
    configured = {name.replace("-", "_"): value for name, value in settings.items()}
    for name in configured:
        if name not in parameters or parameters[name][0] is Period:
            known = [name for name, (kind, _, _) in parameters.items() if kind is not Period]
            raise _in_place(where, unknown("option", name, known))
    read = {name: _read(parameters[name][0], value, f"--{name.replace('_', '-')}") for name, value in given.items()}
    left = {name: value for name, value in configured.items() if name not in read}
    return {name: _read(parameters[name][0], value, f"{where} {name}") for name, value in left.items()} | read


def options_of(metric: Metric, config: Config | None, given: Mapping[str, Any]) -> dict[str, Any]:
    """What a metric is called with: the options given, over the configuration's."""
    settings = dict(metric_settings(config, metric.name))
    for name, (_, marks, _) in signature(metric).items():
        section = next((mark.section for mark in marks if isinstance(mark, FromConfig)), None)
        if section is not None and config is not None and name not in settings:
            settings[name] = config.section(section)
    defaults = config.defaults(metric.name) if config else {}
    file = f"{config.path}: " if config else ""
    return arguments(metric, given, {**defaults, **settings}, f"{file}[metrics.{metric.name}]")


def _read(kind: Any, value: Any, said: str) -> Any:
    """A value from the command line or from TOML in the parameter's type; `said` names it in an error."""
    if get_origin(kind) is Literal:
        if value not in get_args(kind):
            raise _in_place(said, unknown("value", str(value), [str(choice) for choice in get_args(kind)]))
        return value
    if get_origin(kind) is tuple:
        items = value.split(",") if isinstance(value, str) else value
        if not isinstance(items, list | tuple):
            raise UsageError(f"{said}: {value!r} is not a list of names")
        return tuple(str(item).strip() for item in items if str(item).strip())
    expected, shown = _EXPECTED.get(kind, (object, ""))
    if not isinstance(value, expected) or (isinstance(value, bool) and kind in (int, float, timedelta, Decimal)):
        raise UsageError(f"{said}: {value!r} is not {shown}")
    try:
        if kind is timedelta:
            from supportkit.duration import parse_duration

            return parse_duration(value)
        if kind is date and isinstance(value, str):
            return date.fromisoformat(value)
        if kind is Decimal:
            return Decimal(str(value))
        return Path(value) if kind is Path else value
    except (ValueError, ArithmeticError) as error:
        raise UsageError(f"{said}: {error}") from error


def _in_place(said: str, error: UsageError) -> UsageError:
    return UsageError(f"{said}: {error.message}", hint=error.hint)


_EXPECTED: Final[Mapping[Any, tuple[Any, str]]] = {
    str: (str, "a text"),
    bool: (bool, "true or false"),
    int: (int, "a whole number"),
    float: (int | float, "a number"),
    timedelta: (str | int | float | timedelta, "a duration"),
    date: (str | date, "a day"),
    Decimal: (str | int | float | Decimal, "a number"),
    Path: (str | Path, "a file"),
}


def _option_type(kind: Any) -> Any:
    """The type that Typer reads; richer ones are read from text by `arguments`."""
    if kind in (timedelta, date, Decimal) or get_origin(kind) is tuple:
        return str
    return kind


def _without_none(hint: Any) -> Any:
    if get_origin(hint) in (Union, types.UnionType):
        rest = [part for part in get_args(hint) if part is not type(None)]
        return rest[0] if len(rest) == 1 else Union[tuple(rest)]  # noqa: UP007
    return hint


def _shown(default: Any) -> str:
    if isinstance(default, timedelta):
        return f"{default.total_seconds() / 86400:g}d"
    return ",".join(default) if isinstance(default, tuple) else str(default)


def _first_line(function: Callable[..., Any]) -> str:
    return (function.__doc__ or "").strip().splitlines()[0]

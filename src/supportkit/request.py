"""One way to ask: a metric with its options, for a period, under conditions, alone or against something.

The command line, reports, checks, `why` and the library all make a request and run it on a store.
"""

from __future__ import annotations

import inspect
import types
from collections.abc import Mapping
from dataclasses import field, replace
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import (
    TYPE_CHECKING,
    Annotated,
    Any,
    Final,
    Literal,
    Union,
    get_args,
    get_origin,
    get_type_hints,
)

from supportkit.errors import UnsetError, UsageError, unknown
from supportkit.metrics import METRICS, Metric
from supportkit.period import ALL, Period
from supportkit.store.conditions import split_list
from supportkit.store.dimension_names import TOPIC, WORDING
from supportkit.store.parameters import Dimension, FromConfig
from supportkit.store.selection import split_dimensions
from supportkit.store.ticket_bands import BANDS
from supportkit.store.ticket_bands import TABLES as BAND_TABLES
from supportkit.system.frozen import dataclass
from supportkit.system.named import NamedTuple

if TYPE_CHECKING:
    from supportkit.config import Config
    from supportkit.offers.cases import Cases
    from supportkit.offers.leaves import Lost, ShareByLeaf
    from supportkit.result import Result
    from supportkit.store import Store
    from supportkit.store.conditions import Condition

Against = tuple[Period, ...] | Literal["rest"]


@dataclass(frozen=True)
class Request:
    """A question to a metric; equal questions have one answer.

    A life is asked for at the end of the `period`, with all that was before; a stock counts by itself what there is
    at the end. `options` are named and typed
    as the metric's parameters. What it is `against`: earlier periods, or the rest, which is all that the conditions
    leave out.
    """

    metric: Metric
    options: Mapping[str, Any] = field(default_factory=dict, hash=False)
    period: Period = ALL
    conditions: tuple[Condition, ...] = ()
    against: Against = ()

    @property
    def tables(self) -> tuple[str, ...]:
        """The tables that are read: the metric's, and those whose columns the options name, as for --by topic."""
        parameters = metric_parameters(self.metric)
        named = {
            name: mark
            for name in self.options
            for mark in (parameters[name].marks if name in parameters else ())
            if isinstance(mark, Dimension)
        }
        asked = {one.casefold() for name in named for one in split_dimensions(self.options[name])}
        more = (*(("tickets",) if asked & {TOPIC, WORDING} else ()), *(BAND_TABLES if asked & set(BANDS) else ()))
        return (
            *self.metric.tables,
            *(mark.table for mark in named.values()),
            *more,
        )

    @property
    def whole(self) -> Request:
        """The same question by itself, of all that it is about and of all that this is against."""
        return replace(self, conditions=() if self.against == "rest" else self.conditions, against=())

    def others(self) -> tuple[Request, ...]:
        """The same question in each period that it is against."""
        assert self.against != "rest"
        return tuple(replace(self, period=period, against=()) for period in self.against)


def run(store: Store, request: Request) -> Result:
    """The answer. Raises UsageError where the store does not have what the options name."""
    store.refuse_unproved(request.metric.name)
    found = _with_idle_names(store, request, request.metric.compute(_cut(store, request), **_given(store, request)))
    start, period = request.period.start, _covered(request)
    if start is None or period.start is not None:
        return found
    told = f"all days{f' up to {period.name[2:]}' if period.end else ''} count for {request.metric.name}"
    return replace(found, notes=(f"{told}, those before {start} too", *found.notes))


def refuse_all(metric: Metric, period: Period) -> None:
    """Raise UnsetError where all data is asked of a metric that compares a period with those before it."""
    if metric.compares and period.start is None and period.end is None:
        raise UnsetError(
            f"{metric.name} --period all: it compares a period with those before it, and before all data is none",
            hint="name a period, or leave it out for the last complete week",
        )


def leaves(store: Store, request: Request) -> ShareByLeaf:
    """The leaf table of the share that the metric is, for `why`."""
    share: ShareByLeaf = request.metric.leaves(_cut(store, request), **_given(store, request))
    return share


def lost(store: Store, request: Request) -> list[Lost]:
    """Who did not come from the step that the options name to the next, for `affected`."""
    found: list[Lost] = request.metric.lost(_cut(store, request), **_given(store, request))
    return found


def cases(store: Store, request: Request) -> Cases:
    """The rows behind the figures, not yet read, by the names that may be asked for."""
    cut = _cut(store, request)
    store.refuse_unproved(f"{request.metric.name} --rows")
    return request.metric.cases(cut, **_given(store, request))


def rows(store: Store, request: Request, name: str, top: int | None = None) -> Result:
    """The rows of a name, or of a figure (those that it counts, or its n), most telling first, at most `top` of them.

    Raises UsageError where the metric has no such rows.
    """
    from supportkit.offers.cases import rows_behind

    metric = request.metric
    found = cases(store, request)
    asked = found.named(name, metric.facts)
    behind = rows_behind(_cut(store, request), found, asked, top, metric.name, metric.title)
    return _with_idle_names(store, request, behind)


def rows_of_figure(
    store: Store, request: Request, figure: str, top: int | None, place: Mapping[str, str] | None = None
) -> Result | None:
    """The rows that made a figure what it is, in a slice of these values; None where there are no such."""
    from supportkit.offers.cases import rows_behind

    found, metric = cases(store, request), request.metric
    name = found.telling(figure, place or {})
    if not name:
        return None
    return rows_behind(_cut(store, request), found, name, top, metric.name, metric.title, place)


def _with_idle_names(store: Store, request: Request, found: Result) -> Result:
    """A result that says which calendars and targets of the configuration are of no ticket."""
    calendars, targets = request.options.get("calendar"), request.options.get("targets")
    if not calendars and not targets:
        return found
    from supportkit.desk.names_of_nobody import names_of_nobody

    idle = tuple(names_of_nobody(store, calendars, targets))
    return replace(found, notes=(*found.notes, *idle)) if idle else found


def _cut(store: Store, request: Request) -> Store:
    return store.filtered(request.conditions) if request.conditions else store


def _given(store: Store, request: Request) -> dict[str, Any]:
    period = _covered(request)
    return {**as_called(store, request).options, **({} if period is ALL else {"period": period})}


def as_called(store: Store, request: Request) -> Request:
    """The same question with its dimensions as the store calls them, whatever the capitals that they are asked in."""
    called = {
        name: store.as_called(mark.table, request.options[name])
        for name, parameter in metric_parameters(request.metric).items()
        for mark in parameter.marks
        if isinstance(mark, Dimension) and request.options.get(name)
    }
    return replace(request, options={**request.options, **called}) if called else request


def _covered(request: Request) -> Period:
    """The days that the figures are of."""
    return request.period.history() if request.metric.cut == "life" else request.period


class Answers:
    """What an open store has answered under a configuration: each request is run once."""

    def __init__(self, store: Store, config: Config | None = None) -> None:
        self.store = store
        self.config = config
        self._known: dict[Request, Result] = {}

    def of_figures(self) -> Answers:
        """The same for who reads no notes: what is known, and all else without them."""
        found = Answers(replace(self.store, figures_only=True), self.config)
        found._known |= self._known
        return found

    def request(
        self,
        metric: str,
        given: Mapping[str, Any] | None = None,
        *,
        period: Period = ALL,
        conditions: tuple[Condition, ...] = (),
    ) -> Request:
        """A request with the options given, over the configuration's."""
        return replace(read_request(METRICS[metric], given, self.config), period=period, conditions=conditions)

    def __call__(self, request: Request, *, fact: str | None = None) -> Result:
        """The answer. Where a fact is all that is wanted, a known answer by other groups will do."""
        if request not in self._known:
            if fact is not None and (served := self._by_other_groups(request, fact)) is not None:
                return served
            self._known[request] = run(self.store, request)
        return self._known[request]

    def _by_other_groups(self, request: Request, fact: str) -> Result | None:
        """A known answer with this fact, of a metric that has the same facts however it is split."""
        by = metric_parameters(request.metric).get("by")
        if by is None or by.default is not None:
            return None
        whole = _without_by(request)
        return next((r for known, r in self._known.items() if _without_by(known) == whole and fact in r.facts), None)


def _without_by(request: Request) -> Request:
    return replace(request, options={name: value for name, value in request.options.items() if name != "by"})


def read_request(metric: Metric, given: Mapping[str, Any] | None = None, config: Config | None = None) -> Request:
    """A request from options as written on the command line, in TOML or in Python, over those of the configuration.

    An option that says what holds without it is left out, so that two ways to ask the same are one request. Raises
    UsageError that names the option, and where the configuration says it.
    """
    settings = dict(config.metrics.get(metric.name, {})) if config else {}
    for name, parameter in metric_parameters(metric).items():
        section = next((mark.section for mark in parameter.marks if isinstance(mark, FromConfig)), None)
        if section is not None and config is not None and name not in settings:
            settings[name] = config.section(section)
    usual = config.defaults(metric.name) if config else {}
    file = f"{config.path}: " if config else ""
    options = _options(metric, given or {}, {**usual, **settings}, f"{file}[metrics.{metric.name}]")
    parameters = metric_parameters(metric)
    return Request(metric, {name: value for name, value in options.items() if value != parameters[name].default})


class Parameter(NamedTuple):
    """A keyword parameter of a metric: its type, its marks and its default."""

    kind: Any
    marks: tuple[Any, ...]
    default: Any


@cache
def metric_parameters(metric: Metric) -> dict[str, Parameter]:
    """The keyword parameters of a metric, by name."""
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
        found[name] = Parameter(_without_none(hint), marks, parameter.default)
    return found


def _options(metric: Metric, given: Mapping[str, Any], settings: Mapping[str, Any], where: str) -> dict[str, Any]:
    """The options given, else those of the configuration, read into their types; `where` is said of the latter."""
    parameters = metric_parameters(metric)
    known = [name for name, parameter in parameters.items() if parameter.kind is not Period]
    configured = {name.replace("-", "_"): value for name, value in settings.items()}
    for said, names in ((metric.name, given), (where, configured)):
        for name in names:
            if name not in known:
                raise _in_place(said, unknown("option", name, known))
    read = {name: _read(parameters[name].kind, value, f"--{name.replace('_', '-')}") for name, value in given.items()}
    left = {name: value for name, value in configured.items() if name not in read}
    return {name: _read(parameters[name].kind, value, f"{where} {name}") for name, value in left.items()} | read


def _read(kind: Any, value: Any, said: str) -> Any:
    """A value from the command line or from TOML in the parameter's type; `said` names it in an error."""
    if get_origin(kind) is Literal:
        if value not in get_args(kind):
            raise _in_place(said, unknown("value", str(value), [str(choice) for choice in get_args(kind)]))
        return value
    if get_origin(kind) is tuple:
        items = split_list(value) if isinstance(value, str) else value
        if not isinstance(items, list | tuple):
            raise UsageError(f"{said}: {value!r} is not a list of names")
        return tuple(str(item).strip() for item in items if str(item).strip())
    expected, shown = _EXPECTED.get(kind, (object, ""))
    if not isinstance(value, expected) or (isinstance(value, bool) and kind in (int, float, timedelta, Decimal)):
        raise UsageError(f"{said}: {value!r} is not {shown}")
    try:
        if kind is timedelta:
            from supportkit.period import parse_duration

            return parse_duration(value)
        if kind is date and isinstance(value, str):
            return date.fromisoformat(value)
        if kind is Decimal:
            return Decimal(str(value))
        return Path(value) if kind is Path else value
    except ArithmeticError as error:
        raise UsageError(f"{said}: {value!r} is not {shown}") from error
    except ValueError as error:
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


def _without_none(hint: Any) -> Any:
    if get_origin(hint) in (Union, types.UnionType):
        rest = [part for part in get_args(hint) if part is not type(None)]
        return rest[0] if len(rest) == 1 else Union[tuple(rest)]  # noqa: UP007
    return hint

"""The tools: one a metric, made from its signature, and rows, why and definition. Each answers with Results as JSON.

A tool reads and does nothing else. It is bounded as `sql` is, in time and memory, and in the rows that it gives.
Customers' texts are left out of an answer here, columns and notes alike, or marked as data where they were asked for
with --texts; the store that is asked gives no figure split by them or cut to them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, Final

from supportkit.commands.explain import request_of, timed, why_results
from supportkit.commands.shared_options import SharedOptions, open_selected, period_of
from supportkit.config import Config
from supportkit.errors import UsageError, unknown
from supportkit.explaining import evidence as beside
from supportkit.explaining.option_schema import FILTERS, Schema, asked, of_column, with_required
from supportkit.explaining.share_comparison import metric_named
from supportkit.metrics import METRICS, Metric
from supportkit.period import Period
from supportkit.render.json import as_object
from supportkit.request import Request, as_called, metric_parameters, read_request, refuse_all, rows, run
from supportkit.result import Quoting, Result
from supportkit.store import Store
from supportkit.store.conditions import parse_conditions
from supportkit.store.customer_texts import TEXTS, is_text
from supportkit.store.parameters import Dimension
from supportkit.store.query_limits import QueryLimits, within_bounds
from supportkit.store.selection import split_dimensions
from supportkit.system.named import NamedTuple

SPOKEN: Final = frozenset((*(name for names in TEXTS.values() for name in names), "examples"))
"""Columns of answers in which the words of customers stand."""
DATA: Final = "customer_text"
"""The key under which such a cell stands: what it holds is data, whatever it says."""
USUAL: Final = 100
MOST: Final = 1_000
LIMIT: Final[Mapping[str, Schema]] = {
    "limit": {"type": "integer", "minimum": 1, "maximum": MOST, "description": f"Rows at most; {USUAL} unless said."}
}
_TEXT: Final[Schema] = {"type": "string"}
Answer = Callable[["Served", dict[str, Any]], dict[str, Any]]


class Served(NamedTuple):
    """What is served: the data by the shared options, the configuration, the bounds, and whether texts are given."""

    shared: SharedOptions
    config: Config | None
    bounds: QueryLimits = QueryLimits()
    texts: bool = False


class ServedTool(NamedTuple):
    """A tool as a client sees it, and the function that answers."""

    name: str
    title: str
    description: str
    schema: Schema
    answer: Answer


def served_tools() -> dict[str, ServedTool]:
    """All tools by name."""
    named = {"metric": {"type": "string", "enum": [*METRICS, *(tool for tool in map(_tool, METRICS) if "_" in tool)]}}
    options = {"options": {"type": "object", "description": "The metric's own options, by name."}}
    shares = [name for name, metric in METRICS.items() if metric.offers("leaves")]
    why = {
        "metric": {"type": "string", "enum": shares},
        "step": {**_TEXT, "description": "Of a funnel: the step that people leave."},
        "before": {**_TEXT, "description": "A whole period; the one before `after` unless said."},
        "after": {**_TEXT, "description": "A whole period: 2026-W45, 2026-10."},
        "group": {**_TEXT, "description": "country=DE against the rest, instead of two periods."},
        "by": {**_TEXT, "description": "Look along these dimensions only, comma-separated."},
    }
    tools = [
        *(_of_metric(metric) for metric in METRICS.values()),
        ServedTool(
            "rows",
            "Rows behind a figure",
            "The tickets, answers, orders or users that a metric counted, the most telling first. `name` is all, or "
            "one of the metric's own: an unknown one is answered with those there are.",
            with_required({**named, "name": _TEXT, **options, **FILTERS, **LIMIT}, ["metric"]),
            _rows,
        ),
        ServedTool(
            "why",
            "Why a share changed",
            "What a change of a share is made of: mix and rate, and the slices behind it, with their q-values: "
            "associated with it, never its cause.",
            with_required({**why, **FILTERS, **LIMIT}, ["metric"]),
            _why,
        ),
        ServedTool(
            "definition",
            "What a metric measures",
            "How a metric is defined, by whom, its facts and its options; without a name, the list of all.",
            with_required(named, []),
            _definition,
        ),
    ]
    return {tool.name: tool for tool in tools}


def _tool(metric: str) -> str:
    """The name of a metric's tool, by which it may be named too."""
    return metric.replace("-", "_")


def _of_metric(metric: Metric) -> ServedTool:
    def answer(served: Served, given: dict[str, Any]) -> dict[str, Any]:
        limit = _limit(given)
        asked_for = _filtered(served, given)
        request = read_request(metric, given, served.config)
        with _opened(served, asked_for, request.tables) as (store, period):
            if asked_for.period:
                refuse_all(metric, period)
            request = replace(request, period=period)
            return told(run(store, request), limit, texts=served.texts, by=_text_dimensions(store, request))

    described = f"{metric.definition}\n\nSource: {metric.source}"
    return ServedTool(_tool(metric.name), metric.title, described, asked(metric, {**FILTERS, **LIMIT}), answer)


def _rows(served: Served, given: dict[str, Any]) -> dict[str, Any]:
    limit = _limit(given)
    asked_for = _filtered(served, given)
    metric = _metric(given)
    options = given.get("options") or {}
    if not isinstance(options, dict):
        raise UsageError("options: an object of the metric's options by name")
    request = read_request(metric, options, served.config)
    with _opened(served, asked_for, request.tables) as (store, period):
        request = replace(request, period=period)
        found = rows(store, request, _text(given, "name") or "all", limit)
        return told(found, limit, texts=served.texts, by=_text_dimensions(store, request))


def _why(served: Served, given: dict[str, Any]) -> dict[str, Any]:
    limit = _limit(given)
    asked_for = _filtered(served, given)
    metric = metric_named(_metric(given).name)
    words = {name: _text(given, name) for name in ("step", "before", "after", "group")}
    request = request_of(asked_for, served.config, metric, **words, steps=None, window=None)
    along = tuple(split_dimensions(_text(given, "by")))
    with _opened(served, asked_for, (*request.metric.tables, *beside.TABLES)) as (store, _):
        result, _ = why_results(store, timed(request, asked_for, store), along=along)
        return told(result, limit, texts=served.texts)


@contextmanager
def _opened(served: Served, asked_for: SharedOptions, tables: tuple[str, ...]) -> Iterator[tuple[Store, Period]]:
    """The store that a call asks within its bounds, and the period that it says; by what customers wrote only where
    texts are served, or where the owner's own conditions name them."""
    with open_selected(asked_for, served.config, tables) as store, within_bounds(store, served.bounds):
        owner = None if served.texts else parse_conditions(served.shared.where)
        period, _ = period_of(asked_for, store.zone)
        yield replace(store, texts_only_by=owner), period


def _text_dimensions(store: Store, request: Request) -> tuple[str, ...]:
    """The dimensions of a request that are what customers wrote."""
    called = as_called(store, request).options
    split = [
        (mark.table, name)
        for option, parameter in metric_parameters(request.metric).items()
        for mark in parameter.marks
        if isinstance(mark, Dimension)
        for name in split_dimensions(called.get(option))
    ]
    return tuple(name for table, name in split if is_text(store, table, name))


def _definition(served: Served, given: dict[str, Any]) -> dict[str, Any]:
    if given.get("metric") is None:
        return {"metrics": {name: metric.title for name, metric in METRICS.items()}}
    metric = _metric(given)
    return {
        "metric": metric.name,
        "title": metric.title,
        "definition": metric.definition,
        "source": metric.source,
        "facts": {fact.name: of_column(fact) for fact in metric.facts},
        "options": asked(metric, {})["properties"],
    }


def told(result: Result, limit: int, *, texts: bool, by: Iterable[str] = ()) -> dict[str, Any]:
    """A result as JSON, its first rows, and of its texts none, or each under a key that says that it is data.

    `by` are the dimensions that are texts: notes name their groups.
    """
    total = len(result.rows)
    spoken = [column.name for column in result.columns if column.dimension in SPOKEN.union(by)]
    notes: list[Any] = [{DATA: note} if by or isinstance(note, Quoting) else note for note in result.notes]
    if not texts:
        unquoted = (note.unquoted if isinstance(note, Quoting) else note for note in result.notes)
        notes = [note for note in unquoted if note]
        result = result.only([column.name for column in result.columns if column.name not in spoken])
    if total > limit:
        notes.insert(0, f"the first {limit:,} of {total:,} rows; limit gives up to {MOST:,}")
    if spoken and not texts:
        notes.append(f"{', '.join(spoken)} left out: texts of customers are given by `supportkit mcp --texts`")
    found = as_object(replace(result, rows=result.rows[:limit], notes=()))
    found["notes"] = notes
    found["over"] = {column.name: column.n for column in result.fact_columns if column.n not in (None, column.name)}
    if texts:
        for row in found["rows"]:
            for name in spoken:
                row[name] = None if row[name] is None else {DATA: row[name]}
    return found


def _metric(given: dict[str, Any]) -> Metric:
    name = str(given.get("metric")).replace("_", "-")
    if name not in METRICS:
        raise unknown("metric", name, METRICS)
    return METRICS[name]


def _text(given: dict[str, Any], name: str) -> str | None:
    value = given.get(name)
    if value is not None and not isinstance(value, str):
        raise UsageError(f"{name}: {value!r} is not a text")
    return value


def _limit(given: dict[str, Any]) -> int:
    limit = given.pop("limit", None)
    if limit is None:
        return USUAL
    if not isinstance(limit, int) or isinstance(limit, bool) or not 1 <= limit <= MOST:
        raise UsageError(f"limit: {limit!r} is no number from 1 to {MOST:,}")
    return limit


def _filtered(served: Served, given: dict[str, Any]) -> SharedOptions:
    """The shared options with what the call says of period and conditions, which is taken out of it."""
    said: dict[str, Any] = {name: given.pop(name) for name in FILTERS if given.get(name) is not None}
    for name in FILTERS:
        given.pop(name, None)
    where = said.pop("where", [])
    if isinstance(where, str) or not isinstance(where, Sequence) or not all(isinstance(one, str) for one in where):
        raise UsageError("where: a list of conditions", hint='["country=DE", "channel=chat"]')
    for name, value in said.items():
        if not isinstance(value, str):
            raise UsageError(f"{name}: {value!r} is not a text")
    return replace(served.shared, **said, where=(*served.shared.where, *where), quiet=True)

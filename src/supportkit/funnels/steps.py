"""From the words of a funnel (`visit,cart?,orders where amount>=100 as big order`) to the plan of its queries."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from supportkit.errors import DataError, UsageError, unknown
from supportkit.funnels.step_sql import FunnelQuery, Order, StepTable
from supportkit.period import Over, parse_duration
from supportkit.result import numbered
from supportkit.store import Selection, Store
from supportkit.store.conditions import Condition, read_step
from supportkit.store.schema import TABLES
from supportkit.system.frozen import dataclass

PERSONS: Final = {"events": "user_id", "orders": "customer_id", "tickets": "customer_id"}
MOST_STEPS: Final = 20
NONE: Final = "'(none)'"
_WHERE: Final = re.compile(r"(\w+)\s+where\s+(?=\S)", re.IGNORECASE)
_CONDITION: Final = re.compile(r"[\w.]+\s*(?:[<>=!]|between\s|in\s*\()", re.IGNORECASE)


@dataclass(frozen=True)
class Step:
    """One step: its name for people, the table of its events, and their conditions."""

    label: str
    table: str
    conditions: tuple[Condition, ...]
    optional: bool = False


@dataclass(frozen=True)
class FunnelOptions:
    """The options of a funnel as a person gives them."""

    steps: Sequence[str]
    window: timedelta | None = None
    order: Order = "ordered"
    entry: str = "best"
    within: Sequence[str] = ()
    exclude: Sequence[str] = ()
    exclusion: str = "attempt"
    hold: str | None = None
    attribution: str = "entry"
    grace: timedelta | None = None
    identities: Path | None = None


@dataclass(frozen=True)
class ReadyFunnel:
    """A funnel ready to run: the plan, the names of its steps, the selections it reads, and what is bound."""

    plan: FunnelQuery
    steps: tuple[Step, ...]
    tables: tuple[str, ...]
    parameters: Mapping[str, Any]
    notes: tuple[str, ...] = ()

    @property
    def labels(self) -> tuple[str, ...]:
        """The names of the steps as rows show them."""
        count = len(self.steps)
        if self.plan.order == "unordered":
            return tuple(f"any {k} of {count}" if k < count else f"all {count}" for k in range(1, count + 1))
        return tuple(f"{step.label}?" if step.optional else step.label for step in self.steps)

    def number(self, name: str, option: str) -> int:
        """The number of a step by its name. Raises UsageError with the known ones."""
        names = [step.label for step in self.steps]
        if name not in names:
            raise unknown(f"step for {option}", name, names)
        return names.index(name) + 1


def read_funnel(store: Store, words: FunnelOptions, dimensions: Sequence[str], over: Over | None) -> ReadyFunnel:
    """The funnel that the words mean on a store. Raises UsageError for what does not fit together."""
    known = known_steps(store)
    steps = tuple(_step(text, known) for text in words.steps)
    _check(words, steps)
    tables = tuple(dict.fromkeys([*(step.table for step in steps), *(["events"] if words.exclude else [])]))
    funnel = ReadyFunnel(FunnelQuery((), len(steps)), steps, tables, {})
    exclusions = [_exclusion(funnel, text, known) for text in words.exclude]
    parameters: dict[str, Any] = {}
    clauses: dict[str, list[tuple[int, str]]] = {table: [] for table in tables}
    excluded: dict[str, list[tuple[int, str]]] = {table: [] for table in tables}
    for k, step in enumerate(steps, 1):
        clause, bound = store.clause(step.table, step.conditions, f"step_{k}")
        clauses[step.table].append((k, f"({clause}) and counts" if _by_sales(step) else clause))
        parameters |= bound
    for j, (step, _, _) in enumerate(exclusions, 1):
        clause, bound = store.clause(step.table, step.conditions, f"excluded_{j}")
        excluded[step.table].append((j, clause))
        parameters |= bound
    sources = []
    for table in tables:
        held, bound = _held(store, table, words.hold)
        parameters |= bound
        shown = tuple(_dimension(store, table, name, dimensions) for name in dimensions)
        steps_here, excluded_here = tuple(clauses[table]), tuple(excluded[table])
        time = TABLES[table].time
        sources.append(StepTable(table, PERSONS[table], time, steps_here, excluded_here, held, shown))
    for place, name in enumerate(dimensions):
        if all(source.dimensions[place] == NONE for source in sources):
            store.select(tables[0], by=name)  # raises, with the names that there are
    limits = _within(funnel, words.within)
    parameters |= {f"window_{k}_us": _us(limit) for k, limit in limits.items()}
    parameters |= {"window_us": _us(words.window)} if words.window is not None else {}
    parameters |= {"grace_us": _us(words.grace)} if words.grace else {}
    notes: tuple[str, ...] = ()
    if words.identities is not None:
        pairs = identity_pairs(words.identities)
        read, shared = read_identities(pairs), shared_ids(pairs)
        aliases = {store.known_as(name): store.known_as(person) for name, person in read.items()}
        parameters |= {"aliases": list(aliases), "persons": list(aliases.values())}
        query = "select count(distinct user_id) from main.events where list_contains($aliases, user_id)"
        (met,) = store.rows(query, aliases=list(aliases))[0]
        notes = (
            f"{numbered(len(aliases), 'id is', 'ids are')} counted as "
            f"{numbered(len(set(aliases.values())), 'person')} by {words.identities.name}",
            f"{numbered(met, 'of these ids is', 'of these ids are')} in the events",
        )
        if shared:
            given = numbered(shared, "of these ids is", "of these ids are")
            notes += (f"{given} given to several persons, who count as one: do they share a device?",)
    if (alike := _conditions_overlap(steps)) is not None:
        notes += (
            f"one event can be {alike[0]} and {alike[1]}: each step takes an event of its own, so that one event alone "
            "reaches the first of them only",
        )
    plan = FunnelQuery(
        sources=tuple(sources),
        steps=len(steps),
        order=words.order,
        first_entry=words.entry == "first",
        window=words.window is not None,
        step_windows=frozenset(limits),
        grace=bool(words.grace),
        optional=frozenset(k for k, step in enumerate(steps, 1) if step.optional),
        repeated=_overlap(steps),
        sequenced="events" in tables
        and words.order != "unordered"
        and store.has_rows("events", "sequence is not null"),
        exclusions=tuple((start, end) for _, start, end in exclusions),
        whole_person=words.exclusion == "person",
        hold=words.hold is not None,
        attribution=_attribution(funnel, words.attribution),
        dimensions=tuple(f"by_{number}" for number in range(1, len(dimensions) + 1)),
        over=over is not None,
        identities=words.identities is not None,
    )
    return replace(funnel, plan=plan, parameters=parameters, notes=notes)


def known_steps(store: Store) -> tuple[str, ...]:
    """The steps that occur in the events, most frequent first."""
    query = "select step from main.events group by step order by count(*) desc, step"
    return tuple(row[0] for row in store.rows(query))


def selections(store: Store, funnel: ReadyFunnel, dimensions: Sequence[str], **cut: Any) -> tuple[Selection, ...]:
    """The tables of a funnel, each with those of the dimensions that are extra columns of its exports."""
    return tuple(
        store.select(table, by=",".join(_extra(store, table, dimensions)) or None, **cut) for table in funnel.tables
    )


def identity_pairs(path: Path) -> list[tuple[str, str]]:
    """The rows of a CSV of two columns: id, person."""
    import csv

    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = [row for row in csv.reader(file) if row]
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(f"{path}: cannot be read: {error}", hint="a CSV of two columns: id, person") from error
    if rows and len(rows[0]) < 2:
        raise DataError(f"{path}: one column", hint="a CSV of two columns: id, person")
    for number, row in enumerate(rows[1:], 2):
        if len(row) < 2 or not row[0].strip() or not row[1].strip():
            raise DataError(f"{path}, row {number}: two ids are needed", hint="a CSV of two columns: id, person")
    return [(row[0].strip(), row[1].strip()) for row in rows[1:]]


def shared_ids(pairs: Sequence[tuple[str, str]]) -> int:
    """How many ids are given to several persons: a device that two of them use makes one person of both."""
    persons: dict[str, set[str]] = {}
    for name, person in pairs:
        persons.setdefault(name, set()).add(person)
    return sum(len(of) > 1 for of in persons.values())


def read_identities(pairs: Sequence[tuple[str, str]]) -> dict[str, str]:
    """Id -> person; chains and cycles of ids come to one person."""
    parent: dict[str, str] = {}

    def root(name: str) -> str:
        while parent.setdefault(name, name) != name:
            parent[name] = name = parent[parent[name]]
        return name

    for name, other in pairs:
        alias, person = root(name), root(other)
        if alias != person:
            parent[alias] = person
    return {name: root(name) for name in parent}


def _by_sales(step: Step) -> bool:
    """Whether a step is reached by orders that are revenue alone: unless it names their state itself."""
    return step.table == "orders" and not any(one.column.startswith("status") for one in step.conditions)


def _step(text: str, known: Sequence[str]) -> Step:
    word = text.strip()
    if word in known:
        return Step(word, "events", (Condition("step", "=", word),))
    optional = word.endswith("?")
    word = word.removesuffix("?").strip()
    where = _WHERE.match(word)
    if where and where[1].lower() in PERSONS:
        conditions, label, written = read_step(word, where.end())
        return Step(label or f"{where[1].lower()} {written}", where[1].lower(), conditions, optional)
    if word in PERSONS and word not in known:
        return Step(word, word, (), optional)
    if known and word not in known:
        name, *behind = re.split(r"\s+where\s+", word, maxsplit=1, flags=re.IGNORECASE)
        if behind and name in known:
            raise UsageError(
                f"step {word!r}: conditions stand behind a table, not behind a step",
                hint=f"write events where {Condition('step', '=', name)} and {behind[0]}",
            )
        if _CONDITION.match(word):
            raise UsageError(
                f"step {word!r}: a condition stands behind a table",
                hint=f"write 'events where {word}'; each step takes an event of its own, though one event may fit two",
            )
        raise unknown("step", word, known)
    return Step(word, "events", (Condition("step", "=", word),), optional)


def _check(words: FunnelOptions, steps: Sequence[Step]) -> None:
    if not 1 <= len(steps) <= MOST_STEPS:
        raise UsageError(f"a funnel has 1 to {MOST_STEPS} steps, not {len(steps)}", hint="--steps visit,cart,paid")
    if steps[0].optional:
        raise UsageError(f"step {steps[0].label!r}: the first step cannot be optional", hint="start with what all do")
    plain = words.order == "ordered"
    for given, option in (
        (any(step.optional for step in steps), "optional steps"),
        (bool(words.within), "--within"),
        (bool(words.exclude), "--exclude"),
        (bool(words.grace), "--grace"),
    ):
        if given and not plain:
            raise UsageError(f"{option} and --order {words.order} exclude each other", hint="use --order ordered")
    if _overlap(steps) and words.grace:
        raise UsageError("--grace needs steps of which one event can be only one", hint="leave one of the two out")
    if _overlap(steps) and words.order == "unordered":
        if (alike := _conditions_overlap(steps)) is not None:
            raise UsageError(
                f"--order unordered needs steps of which one event can be only one, unlike {alike[0]} and {alike[1]}",
                hint="take steps by their names, or --order ordered",
            )
        raise UsageError("--order unordered needs steps that differ", hint="name each step once")
    if words.window is not None and words.window < timedelta(0):
        raise UsageError("--window cannot be negative", hint="for example --window 7d")


def _overlap(steps: Sequence[Step]) -> bool:
    """Whether one event can be two steps: two conditions on one table, unless they are names that differ."""
    for i, one in enumerate(steps):
        for other in steps[:i]:
            names = {step.conditions[0].value for step in (one, other) if _is_name(step)}
            if one.table == other.table and len(names) < 2:
                return True
    return False


def _conditions_overlap(steps: Sequence[Step]) -> tuple[str, str] | None:
    """The first two steps of which one event can be both, though they are not the same step twice."""
    for i, one in enumerate(steps):
        for other in steps[i + 1 :]:
            if one.conditions != other.conditions and _overlap((one, other)):
                return one.label, other.label
    return None


def _is_name(step: Step) -> bool:
    return len(step.conditions) == 1 and step.conditions[0].column == "step" and step.conditions[0].operator == "="


def _exclusion(funnel: ReadyFunnel, text: str, known: Sequence[str]) -> tuple[Step, int, int]:
    """`error`, or `error:payment-paid`: an event, and the two steps between which it must not stand."""
    name, _, between = text.partition(":")
    required = [k for k, step in enumerate(funnel.steps, 1) if not step.optional]
    start, end = required[0], required[-1]
    if between:
        first, _, last = between.partition("-")
        start, end = funnel.number(first.strip(), "--exclude"), funnel.number(last.strip(), "--exclude")
    if start >= end or start not in required or end not in required:
        raise UsageError(f"--exclude {text}: two required steps, the earlier first", hint="--exclude error:cart-paid")
    return _step(name, known), start, end


def _within(funnel: ReadyFunnel, texts: Sequence[str]) -> dict[int, timedelta]:
    """`paid:1h`: a step, and its own window from the step before."""
    found = {}
    for text in texts:
        name, _, limit = text.rpartition(":")
        k = funnel.number(name.strip(), "--within")
        if k == 1:
            raise UsageError(f"--within {text}: the first step has none before it", hint="--within paid:1h")
        try:
            found[k] = parse_duration(limit)
        except ValueError as error:
            raise UsageError(f"--within {text}: {error}", hint="--within paid:1h") from error
    return found


def _attribution(funnel: ReadyFunnel, text: str) -> str:
    if text in ("entry", "first", "last", "all"):
        return text
    kind, _, name = text.partition(":")
    if kind != "step" or not name:
        raise unknown("value for --attribution", text, ("entry", "first", "last", "all", "step:NAME"))
    return str(funnel.number(name, "--attribution"))


def _held(store: Store, table: str, name: str | None) -> tuple[str, dict[str, Any]]:
    """The property held constant, as an expression over a selected table; no value is a value of its own."""
    if name is None:
        return "null", {}
    try:
        column, bound = store.expression(table, name, "held")
    except UsageError as error:
        raise UsageError(f"--hold: {error}", hint=error.hint) from error
    return f"coalesce({column}, '')", bound


def _dimension(store: Store, table: str, name: str, dimensions: Sequence[str]) -> str:
    """The expression of a dimension: a canonical column, an extra column as the selection names it, or (none)."""
    if name in TABLES[table].names:
        return f"coalesce(nullif(cast({name} as varchar), ''), {NONE})"
    extra = _extra(store, table, dimensions)
    return f"by_{extra.index(name) + 1}" if name in extra else NONE


def _extra(store: Store, table: str, dimensions: Sequence[str]) -> list[str]:
    """Those of the dimensions that are extra columns of a table's exports."""
    return [name for name in dimensions if name not in TABLES[table].names and name in store.properties(table)]


def _us(duration: timedelta) -> int:
    return duration // timedelta(microseconds=1)

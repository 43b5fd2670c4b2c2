"""The queries of the funnel, put together from fixed clauses by the number of its steps.

Every entry (an event of step 1) starts an attempt. From each attempt an ASOF join takes the earliest event of the next
step, which is the best choice for every window that runs from the entry; a person has reached a step when one attempt
has. Times are microseconds since 1970, so that a window is a sum and never a calendar. No text of a person's stands in
these clauses: conditions come from the store with their values bound.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

Order = Literal["ordered", "strict", "unordered"]


@dataclass(frozen=True)
class Source:
    """One table with events of the funnel: its columns for person and time, and which rows are which step."""

    table: str
    person: str
    time: str
    steps: tuple[tuple[int, str], ...]
    """(step number, clause)"""
    excluded: tuple[tuple[int, str], ...] = ()
    """(number of the exclusion, clause)"""
    held: str = "null"
    """Expression of the property held constant."""
    dimensions: tuple[str, ...] = ()
    """Expressions of the plan's dimensions."""


@dataclass(frozen=True)
class Plan:
    """What the queries are put together from; a `True` means that the parameter of that name is bound."""

    sources: tuple[Source, ...]
    steps: int
    order: Order = "ordered"
    first_entry: bool = False
    window: bool = False
    step_windows: frozenset[int] = frozenset()
    """Steps with a window of their own from the step before: $window_2 …"""
    grace: bool = False
    optional: frozenset[int] = frozenset()
    repeated: bool = False
    """One event can be several steps: the order is that of the events, and each serves one step."""
    exclusions: tuple[tuple[int, int], ...] = ()
    """(from step, to step) of each exclusion."""
    whole_person: bool = False
    """An exclusion removes the person, not the attempt."""
    hold: bool = False
    attribution: str = "entry"
    """entry, first, last, all, the number of a step, or known and that number: the value there, else the first."""
    dimensions: tuple[str, ...] = ()
    over: bool = False
    identities: bool = False
    top: int = 0
    """Largest groups of each dimension that keep their name; 0 keeps all."""

    @property
    def required(self) -> tuple[int, ...]:
        """The steps that are not optional."""
        return tuple(k for k in range(1, self.steps + 1) if k not in self.optional)

    def before(self, k: int) -> int:
        """The required step before step k."""
        return max(j for j in self.required if j < k)

    def after(self, k: int) -> int | None:
        """The required step after step k."""
        return min((j for j in self.required if j > k), default=None)

    @property
    def keys(self) -> tuple[str, ...]:
        """What all events of one attempt share."""
        held = ("held",) if self.hold else ()
        return ("person", *held, *(self.dimensions if self.attribution == "all" else ()))

    @property
    def groups(self) -> tuple[str, ...]:
        """What one person can be counted in several times."""
        return (*(self.dimensions if self.attribution == "all" else ()), *(("over_start",) if self.over else ()))


def steps_sql(plan: Plan) -> str:
    """One row per group and step, and per step of the total (`total` is true): users, times in seconds, open, matured.

    Parameters: $starts_us, $ends_us (entries in [starts, ends)), $until_us (end of the data), and those of the plan.
    """
    names = (*plan.dimensions, *(("over_start",) if plan.over else ()))
    ctes = [*_chain(plan), *_reached(plan, "u", plan.groups), *_person(plan)]
    selects = []
    if plan.groups:
        ctes += list(_reached(plan, "w", ()))
    for k in range(1, plan.steps + 1):
        if plan.groups:
            selects.append(_count(plan, k, "u", names, totals=False))
            selects.append(_count(plan, k, "w", (), totals=True))
        else:
            selects.append(_count(plan, k, "u", names, totals=True))
    union = "\nunion all\n".join(selects)
    order = ", ".join(["total desc", *(f"{name} nulls first" for name in names), "step_number"])
    return f"{_with(ctes)}\nselect * from (\n{union}\n)\n order by {order}"


def leaves_sql(plan: Plan, step: int) -> str:
    """One row per combination of the dimensions: users of a step, and those of them who reached the next."""
    after = plan.after(step)
    names = ", ".join(f"g.{name}" for name in plan.dimensions)
    ctes = [*_chain(plan), *_reached(plan, "u", ()), *_person(plan)]
    return f"""{_with(ctes)}
select {names}, count(*) as cases, count(n.person) as successes
  from u{step} as u
  join g as g on g.person = u.person
  left join u{after} as n on n.person = u.person
 group by {names}
 order by {names}"""


def dropped_sql(plan: Plan, step: int) -> str:
    """One row per person who reached a step and not the next: person, when they reached it last, their dimensions."""
    after = plan.after(step)
    names = "".join(f", g.{name}" for name in plan.dimensions)
    ctes = [*_chain(plan), *_reached(plan, "u", ()), *_person(plan)]
    return f"""{_with(ctes)}
select u.person, make_timestamptz(u.latest) as dropped_at{names}
  from u{step} as u
  join g as g on g.person = u.person
  left join u{after} as n on n.person = u.person
 where n.person is null
 order by dropped_at, u.person"""


def _with(ctes: list[str]) -> str:
    return "with " + ",\n     ".join(ctes)


def _bit(k: int) -> int:
    return 1 << (k - 1)


def _is(k: int) -> str:
    return f"mask & {_bit(k)} <> 0"


def _chain(plan: Plan) -> Iterator[str]:
    """CTEs up to c1 … cn: the attempts that reached each step, with the times t1 … tk of their required steps."""
    yield _event(plan)
    if plan.order == "ordered":
        yield from _ordered(plan)
    elif plan.order == "strict":
        yield from _strict(plan)
    else:
        yield from _unordered(plan)
    if plan.whole_person and plan.exclusions:
        yield from _gone(plan)


def _event(plan: Plan) -> str:
    """All rows that are a step or an exclusion (with `strict`: all rows), with a bit set for each."""
    parts = []
    for source in plan.sources:
        bits = [f"case when {clause} then {_bit(k)} else 0 end" for k, clause in source.steps]
        bits += [f"case when {clause} then {_bit(plan.steps + j)} else 0 end" for j, clause in source.excluded]
        columns = [f"{source.person} as id", f"epoch_us({source.time}) as x", f"{' + '.join(bits)} as mask"]
        columns += [f"{source.held} as held"] if plan.hold else []
        columns += [f"{part} as {name}" for name, part in zip(plan.dimensions, source.dimensions, strict=True)]
        columns += ["over_start"] if plan.over else []
        clauses = " or ".join(f"({clause})" for _, clause in (*source.steps, *source.excluded))
        known = f"{source.person} is not null and {source.time} is not null"
        where = known if plan.order == "strict" else f"{known} and ({clauses})"
        parts.append(f"select {', '.join(columns)} from {source.table} where {where}")
    rows = " union all by name ".join(parts)
    person, joined = "e.id", ""
    if plan.identities:
        person = "coalesce(i.person, e.id)"
        joined = " left join (select unnest($aliases) as alias, unnest($persons) as person) as i on i.alias = e.id"
    number = ""
    if plan.repeated and plan.order == "ordered":
        ties = ", ".join(["x", "mask & -mask", "mask", *(["held"] if plan.hold else []), *plan.dimensions])
        number = f", row_number() over (partition by {person} order by {ties}) as r"
    return (
        f"step_event as materialized (select {person} as person, e.* exclude (id){number} from ({rows}) as e{joined})"
    )


def _entries(plan: Plan) -> str:
    """Step 1 inside the period: every one, or each person's first."""
    keys = ", ".join(plan.keys)
    over = ", over_start" if plan.over else ""
    where = f"{_is(1)} and x >= $starts_us and x < $ends_us"
    number = ", r as r1" if plan.repeated else ""
    if plan.first_entry:
        number = ", min(r) as r1" if plan.repeated else ""
        over = ", min(over_start) as over_start" if plan.over else ""
        grouped = f"{keys}{over}, min(x) as t1{number} from step_event where {where} group by {keys}"
        return f"c1 as materialized (select {grouped})"
    return f"c1 as materialized (select {keys}{over}, x as t1{number} from step_event where {where})"


def _ordered(plan: Plan) -> Iterator[str]:
    yield _entries(plan)
    shared = "".join(f"c.{key} = e.{key} and " for key in plan.keys)
    for k in range(2, plan.steps + 1):
        p = plan.before(k)
        number = f", e.r as r{k}" if plan.repeated else ""
        columns = ", ".join([*plan.keys, "x", *(["r"] if plan.repeated else [])])
        later = f"c.r{p} < e.r" if plan.repeated else f"c.t{p}{' - $grace_us' if plan.grace else ''} <= e.x"
        limits = ["e.x <= c.t1 + $window_us"] if plan.window else []
        limits += [f"e.x <= c.t{p} + $window_{k}_us"] if k in plan.step_windows else []
        text = f"""select c.*, e.x as t{k}{number} from c{p} as c
          asof join (select {columns} from step_event where {_is(k)}) as e on {shared}{later}
         where {" and ".join(limits) or "true"}"""
        for j, (start, end) in enumerate(plan.exclusions, 1):
            if not plan.whole_person and start < k <= end:
                text = f"""select c.* from ({text}) as c
          asof left join (select {", ".join((*plan.keys, "x"))} from step_event where {_is(plan.steps + j)}) as e
            on {shared}c.t{start} < e.x
         where e.x is null or e.x >= c.t{k}"""
        yield f"c{k} as materialized ({text})"


def _strict(plan: Plan) -> Iterator[str]:
    """Each event with the ones that follow it at once; any other event in between ends the attempt."""
    keys = ", ".join(plan.keys)
    window = f"(partition by {keys} order by x, mask = 0, mask & -mask, mask{', over_start' if plan.over else ''})"
    leads = "".join(
        f", lead(mask, {k - 1}) over w as m{k}, lead(x, {k - 1}) over w as t{k}" for k in range(2, plan.steps + 1)
    )
    over = ", over_start" if plan.over else ""
    yield f"""run as materialized (
        select * from (select {keys}{over}, mask, x as t1{leads} from step_event window w as {window})
         where {_is(1)} and t1 >= $starts_us and t1 < $ends_us{_first(plan)})"""
    kept, clauses = f"{keys}{over}, t1", "true"
    yield f"c1 as (select {kept} from run)"
    for k in range(2, plan.steps + 1):
        kept += f", t{k}"
        clauses += f" and m{k} & {_bit(k)} <> 0"
        limit = f" and t{k} <= t1 + $window_us" if plan.window else ""
        yield f"c{k} as (select {kept} from run where {clauses}{limit})"


def _unordered(plan: Plan) -> Iterator[str]:
    """From each event of any step: how many different steps lie inside the window that it opens."""
    keys = ", ".join(plan.keys)
    over = ", over_start" if plan.over else ""
    nexts = ", ".join(
        f"""min(x) filter ({_is(k)}) over (partition by {keys} order by x
            range between current row and unbounded following)"""
        for k in range(1, plan.steps + 1)
    )
    limit = "t <= x + $window_us" if plan.window else "t is not null"
    yield f"""run as materialized (
        select {keys}{over}, x as t1, list_sort(list_filter(nexts, lambda t: {limit})) as times
          from (select {keys}{over}, x, mask, [{nexts}] as nexts from step_event)
         where x >= $starts_us and x < $ends_us{_first(plan, "x")})"""
    kept = f"{keys}{over}, t1"
    yield f"c1 as (select {kept} from run)"
    for k in range(2, plan.steps + 1):
        kept += f", times[{k}] as t{k}"
        yield f"c{k} as (select {kept} from run where len(times) >= {k})"


def _first(plan: Plan, time: str = "t1") -> str:
    keys = ", ".join(plan.keys)
    return f" qualify row_number() over (partition by {keys} order by {time}) = 1" if plan.first_entry else ""


def _gone(plan: Plan) -> Iterator[str]:
    """Persons whose best attempt saw an excluded event, unless a clean attempt got as far."""
    attempt = ", ".join((*plan.keys, "r1" if plan.repeated else "t1"))
    shared = "".join(f"c.{key} = e.{key} and " for key in plan.keys)
    levels = [
        f"select {attempt}, {place} as level, false as excluded from c{k}" for place, k in enumerate(plan.required, 1)
    ]
    yield f"level_reached as (select {attempt}, max(level) as level from ({' union all '.join(levels)}) group by all)"
    found = []
    for j, (start, end) in enumerate(plan.exclusions, 1):
        same = " and ".join(f"n.{key} = c.{key}" for key in (*plan.keys, "r1" if plan.repeated else "t1"))
        limit = " and e.x <= c.t1 + $window_us" if plan.window else ""
        found.append(f"""select {", ".join(f"c.{key}" for key in (*plan.keys, "r1" if plan.repeated else "t1"))}
          from c{start} as c
          asof join (select {", ".join((*plan.keys, "x"))} from step_event where {_is(plan.steps + j)}) as e
            on {shared}c.t{start} < e.x
          left join c{end} as n on {same}
         where (n.t{end} is null or e.x < n.t{end}){limit}""")
    yield f"attempt_excluded as (select distinct * from ({' union all '.join(found)}))"
    names = ", ".join((*plan.keys, "r1" if plan.repeated else "t1"))
    yield f"""gone as materialized (
        select person from (select l.*, x.person is not null as excluded from level_reached as l
                              left join attempt_excluded as x using ({names}))
         group by person
        having max(level) filter (excluded) > coalesce(max(level) filter (not excluded), 0))"""


def _reached(plan: Plan, name: str, groups: tuple[str, ...]) -> Iterator[str]:
    """CTEs u1 … un: one row per person (and group) who reached a step, by the earliest attempt that did."""
    keys = ", ".join(("person", *groups))
    gone = " where person not in (select person from gone)" if plan.whole_person and plan.exclusions else ""
    for k in range(1, plan.steps + 1):
        p = plan.before(k) if k > 1 else 1
        tie = f"(t1, t{k})" if plan.hold else "t1"
        still = "bool_or(t1 + $window_us > $until_us)" if plan.window else "cast(null as boolean)"
        matured = "bool_or(t1 + $window_us <= $until_us)" if plan.window else "cast(null as boolean)"
        since, gap = f"t{k} - t1", f"t{k} - t{p}"
        if plan.grace:
            since, gap = f"greatest({since}, 0)", f"greatest({gap}, 0)"
        times = f"arg_min({since}, {tie}) as since, arg_min({gap}, {tie}) as gap"
        if k == 1:
            times = "cast(null as bigint) as since, cast(null as bigint) as gap"
        yield f"""{name}{k} as materialized (
        select {keys}, {times}, max(t{k}) as latest,
               {still} as still, {matured} as matured
          from c{k}{gone} group by {keys})"""


def _person(plan: Plan) -> Iterator[str]:
    """The value of each dimension that a person is counted under; beyond the largest groups it is (other)."""
    names = plan.dimensions
    if not names or plan.attribution == "all":
        yield "g as (select distinct person from u1)"
        return
    yield f"value_of as materialized ({_value(plan)})"
    if not plan.top:
        yield "g as (select * from value_of)"
        return
    shown = []
    for name in names:
        yield f"""largest_{name} as (
        select {name} as kept from value_of join u1 using (person)
         group by {name} order by count(*) desc, {name} limit {int(plan.top)})"""
        keeps = f"{name} = '(none)' or {name} in (select kept from largest_{name})"
        shown.append(f"case when {keeps} then {name} else '(other)' end as {name}")
    yield f"g as materialized (select person, {', '.join(shown)} from value_of)"


def _value(plan: Plan) -> str:
    names = plan.dimensions
    inside = "x >= $starts_us and x < $ends_us"
    steps = f"mask & {(1 << plan.steps) - 1} <> 0 and x >= $starts_us"
    if plan.attribution == "entry":
        return _earliest(names, "step_event", inside if plan.order == "unordered" else f"{_is(1)} and {inside}")
    if plan.attribution in ("first", "last"):
        which = "arg_min" if plan.attribution == "first" else "arg_max"
        seen = (f"{which}({name}, (x, {name})) filter ({name} <> '(none)')" for name in names)
        values = ", ".join(f"coalesce({part}, '(none)') as {name}" for part, name in zip(seen, names, strict=True))
        return f"select person, {values} from step_event where {steps} group by person"
    known, k = plan.attribution.startswith("known"), int(plan.attribution.removeprefix("known"))
    same = " and ".join(f"c.{key} = e.{key}" for key in plan.keys)
    columns = ", ".join(f"e.{name}" for name in names)
    joined = f"c{k} as c join step_event as e on {same} and e.x = c.t{k} and e.{_is(k)}"
    at = _earliest(names, f"(select c.person, c.t1 as x, {columns} from {joined})", "true")
    if not known:
        return at
    first = _value(replace(plan, attribution="first"))
    values = ", ".join(f"case when a.{name} = '(none)' then f.{name} else a.{name} end as {name}" for name in names)
    return f"select a.person, {values} from ({at}) as a join ({first}) as f on f.person = a.person"


def _earliest(names: tuple[str, ...], source: str, where: str) -> str:
    """Each person's values at the earliest time; between rows of one instant the first in the alphabet."""
    values = ", ".join(f"v.{name} as {name}" for name in names)
    packed = ", ".join(names)
    return f"""select person, {values} from (
            select person, arg_min({{{", ".join(f"{name}: {name}" for name in names)}}}, (x, {packed})) as v
              from {source} where {where} group by person)"""


def _count(plan: Plan, k: int, name: str, names: tuple[str, ...], *, totals: bool) -> str:
    """The users of step k by group, with the total beside them where asked."""
    after = plan.after(k) if k in plan.required else None
    groups = plan.groups if name == "u" else ()
    columns = [f"{'u' if part in groups else 'g'}.{part}" for part in names]
    every = (*plan.dimensions, *(("over_start",) if plan.over else ()))
    shown = [f"{column} as {part}" for column, part in zip(columns, names, strict=True)]
    shown += [f"null as {part}" for part in every if part not in names]
    sets = f"({', '.join(columns)})"
    grouping = f"grouping({columns[0]}) = 1" if columns else "true"
    by = f"group by grouping sets ({sets}, ())" if columns and totals else f"group by {sets}" if columns else ""
    joined = f"left join {name}{after} as n on " if after else ""
    joined += " and ".join(f"n.{key} = u.{key}" for key in ("person", *groups)) if after else ""
    still = "count(*) filter (u.still and n.person is null)" if after and plan.window else "cast(null as bigint)"
    matured = "count(*) filter (u.matured)" if plan.window else "cast(null as bigint)"
    shown += [f"{grouping if totals else 'false'} as total", f"{k} as step_number"]
    return f"""select {", ".join(shown)},
       count(*) as users, quantile_cont(u.since, 0.5) / 1e6 as time_p50_s,
       quantile_cont(u.since, 0.9) / 1e6 as time_p90_s,
       quantile_cont(u.gap, 0.5) / 1e6 as step_p50_s, {still} as open, {matured} as matured
  from {name}{k} as u join g as g on g.person = u.person {joined} {by}"""

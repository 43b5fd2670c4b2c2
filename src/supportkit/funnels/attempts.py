"""The attempts of a funnel as CTEs: c1 … cn, one row per attempt that reached each step, in the three orders.

Every entry (an event of step 1) starts an attempt. From each attempt an ASOF join takes the earliest event of the next
step, which is the best choice for every window that runs from the entry. Times are microseconds since 1970, so that a
window is a sum and never a calendar. No text of a person's stands in these clauses: conditions come from the store with
their values bound.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from supportkit.system.frozen import dataclass

Order = Literal["ordered", "strict", "unordered"]


@dataclass(frozen=True)
class StepTable:
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
class FunnelQuery:
    """What the queries are put together from; a `True` means that the parameter of that name is bound."""

    sources: tuple[StepTable, ...]
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
    sequenced: bool = False
    """Events have a sequence, which orders those of one instant where all of them have it."""
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
    hashed: bool = False
    """Persons go by a 64-bit hash of their id, which joins in half the time; among ten million persons two share one
    with a chance of 3 in a million."""
    shared: bool = False
    """Of the persons (hashed), number $share of $shares alone."""
    top: int = 0
    """Largest groups of each dimension that keep their name; 0 keeps all."""

    @property
    def numbered(self) -> bool:
        """Whether the events of a person have numbers, by which they follow one another, and not their times alone."""
        return self.repeated or (self.sequenced and not self.grace)

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


def _bit(k: int) -> int:
    return 1 << (k - 1)


def is_step(k: int) -> str:
    return f"mask & {_bit(k)} <> 0"


def chain(plan: FunnelQuery) -> Iterator[str]:
    """CTEs up to c1 … cn: the attempts that reached each step, with the times t1 … tk of their required steps."""
    yield step_event(plan)
    if plan.order == "ordered":
        yield from _ordered(plan)
    elif plan.order == "strict":
        yield from _strict(plan)
    else:
        yield from _unordered(plan)
    if plan.whole_person and plan.exclusions:
        yield from _gone(plan)


def step_event(plan: FunnelQuery, kept: str = "materialized") -> str:
    """All rows that are a step or an exclusion (with `strict`: all rows), with a bit set for each."""
    parts = []
    for source in plan.sources:
        bits = [f"case when {clause} then {_bit(k)} else 0 end" for k, clause in source.steps]
        bits += [f"case when {clause} then {_bit(plan.steps + j)} else 0 end" for j, clause in source.excluded]
        columns = [f"{source.person} as id", f"epoch_us({source.time}) as x", f"{' + '.join(bits)} as mask"]
        columns += [f"{source.held} as held"] if plan.hold else []
        columns += [f"{part} as {name}" for name, part in zip(plan.dimensions, source.dimensions, strict=True)]
        columns += ["over_start"] if plan.over else []
        if plan.sequenced:
            columns += [f"{'sequence' if source.table == 'events' else 'cast(null as bigint)'} as sequence"]
        clauses = " or ".join(f"({clause})" for _, clause in (*source.steps, *source.excluded))
        known = f"{source.person} is not null and {source.time} is not null"
        where = known if plan.order == "strict" else f"{known} and ({clauses})"
        parts.append(f"select {', '.join(columns)} from {source.table} where {where}")
    rows = " union all by name ".join(parts)
    person, joined = "e.id", ""
    if plan.identities:
        person = "coalesce(i.person, e.id)"
        joined = " left join (select unnest($aliases) as alias, unnest($persons) as person) as i on i.alias = e.id"
    if plan.hashed:
        person = f"hash({person})"
    share = f" where {person} % cast($shares as ubigint) = cast($share as ubigint)" if plan.shared else ""
    found = f"select {person} as person, e.* exclude (id) from ({rows}) as e{joined}{share}"
    if plan.sequenced:
        same = "over (partition by person, x)"
        place = f"case when count(sequence) {same} = count(*) {same} then sequence end"
        found = f"select * exclude (sequence), {place} as place from ({found})"
    if plan.numbered and plan.order == "ordered":
        held = ["held"] if plan.hold else []
        ties = ", ".join(["x", *(["place"] if plan.sequenced else []), "mask & -mask", "mask", *held, *plan.dimensions])
        found = f"select *, row_number() over (partition by person order by {ties}) as r from ({found})"
    return f"step_event as {kept} ({found})"


def _entries(plan: FunnelQuery) -> str:
    """Step 1 inside the period: every one, or each person's first."""
    keys = ", ".join(plan.keys)
    over = ", over_start" if plan.over else ""
    where = f"{is_step(1)} and x >= $starts_us and x < $ends_us"
    number = ", r as r1" if plan.numbered else ""
    if plan.first_entry:
        number = ", min(r) as r1" if plan.numbered else ""
        over = ", min(over_start) as over_start" if plan.over else ""
        grouped = f"{keys}{over}, min(x) as t1{number} from step_event where {where} group by {keys}"
        return f"c1 as materialized (select {grouped})"
    return f"c1 as materialized (select {keys}{over}, x as t1{number} from step_event where {where})"


def _ordered(plan: FunnelQuery) -> Iterator[str]:
    yield _entries(plan)
    shared = "".join(f"c.{key} = e.{key} and " for key in plan.keys)
    for k in range(2, plan.steps + 1):
        p = plan.before(k)
        number = f", e.r as r{k}" if plan.numbered else ""
        columns = ", ".join([*plan.keys, "x", *(["r"] if plan.numbered else [])])
        later = f"c.r{p} < e.r" if plan.numbered else f"c.t{p}{' - $grace_us' if plan.grace else ''} <= e.x"
        limits = ["e.x <= c.t1 + $window_us"] if plan.window else []
        limits += [f"e.x <= c.t{p} + $window_{k}_us"] if k in plan.step_windows else []
        fewer = f" and person in (select person from c{p})" if p > 1 else ""  # of step 1 it would cost what it saves
        text = f"""select c.*, e.x as t{k}{number} from c{p} as c
          asof join (select {columns} from step_event where {is_step(k)}{fewer}) as e on {shared}{later}
         where {" and ".join(limits) or "true"}"""
        for j, (start, end) in enumerate(plan.exclusions, 1):
            if not plan.whole_person and start < k <= end:
                text = f"""select c.* from ({text}) as c
          asof left join (select {", ".join((*plan.keys, "x"))} from step_event where {is_step(plan.steps + j)}) as e
            on {shared}c.t{start} < e.x
         where e.x is null or e.x >= c.t{k}"""
        yield f"c{k} as materialized ({text})"


def _strict(plan: FunnelQuery) -> Iterator[str]:
    """Each event with the ones that follow it at once; any other event in between ends the attempt."""
    keys = ", ".join(plan.keys)
    placed, over = ", place" if plan.sequenced else "", ", over_start" if plan.over else ""
    window = f"(partition by {keys} order by x{placed}, mask = 0, mask & -mask, mask{over})"
    leads = "".join(
        f", lead(mask, {k - 1}) over w as m{k}, lead(x, {k - 1}) over w as t{k}" for k in range(2, plan.steps + 1)
    )
    yield f"""run as materialized (
        select * from (select {keys}{over}, mask, x as t1{leads} from step_event window w as {window})
         where {is_step(1)} and t1 >= $starts_us and t1 < $ends_us{_first(plan)})"""
    kept, clauses = f"{keys}{over}, t1", "true"
    yield f"c1 as (select {kept} from run)"
    for k in range(2, plan.steps + 1):
        kept += f", t{k}"
        clauses += f" and m{k} & {_bit(k)} <> 0"
        limit = f" and t{k} <= t1 + $window_us" if plan.window else ""
        yield f"c{k} as (select {kept} from run where {clauses}{limit})"


def _unordered(plan: FunnelQuery) -> Iterator[str]:
    """From each event of any step: how many different steps lie inside the window that it opens."""
    keys = ", ".join(plan.keys)
    over = ", over_start" if plan.over else ""
    nexts = ", ".join(
        f"""min(x) filter ({is_step(k)}) over (partition by {keys} order by x
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


def _first(plan: FunnelQuery, time: str = "t1") -> str:
    keys = ", ".join(plan.keys)
    return f" qualify row_number() over (partition by {keys} order by {time}) = 1" if plan.first_entry else ""


def _gone(plan: FunnelQuery) -> Iterator[str]:
    """Persons whose best attempt saw an excluded event, unless a clean attempt got as far."""
    attempt = ", ".join((*plan.keys, "r1" if plan.numbered else "t1"))
    shared = "".join(f"c.{key} = e.{key} and " for key in plan.keys)
    levels = [
        f"select {attempt}, {place} as level, false as excluded from c{k}" for place, k in enumerate(plan.required, 1)
    ]
    yield f"level_reached as (select {attempt}, max(level) as level from ({' union all '.join(levels)}) group by all)"
    found = []
    for j, (start, end) in enumerate(plan.exclusions, 1):
        same = " and ".join(f"n.{key} = c.{key}" for key in (*plan.keys, "r1" if plan.numbered else "t1"))
        limit = " and e.x <= c.t1 + $window_us" if plan.window else ""
        found.append(f"""select {", ".join(f"c.{key}" for key in (*plan.keys, "r1" if plan.numbered else "t1"))}
          from c{start} as c
          asof join (select {", ".join((*plan.keys, "x"))} from step_event where {is_step(plan.steps + j)}) as e
            on {shared}c.t{start} < e.x
          left join c{end} as n on {same}
         where (n.t{end} is null or e.x < n.t{end}){limit}""")
    yield f"attempt_excluded as (select distinct * from ({' union all '.join(found)}))"
    names = ", ".join((*plan.keys, "r1" if plan.numbered else "t1"))
    yield f"""gone as materialized (
        select person from (select l.*, x.person is not null as excluded from level_reached as l
                              left join attempt_excluded as x using ({names}))
         group by person
        having max(level) filter (excluded) > coalesce(max(level) filter (not excluded), 0))"""

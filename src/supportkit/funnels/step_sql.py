"""The queries of the funnel: users by step and group, leaf tables for `why`, and who dropped.

A person has reached a step when one attempt has; the attempts are those of `attempts`.
"""

from __future__ import annotations

from collections.abc import Iterator

from supportkit.funnels.attempts import FunnelQuery, Order, StepTable, chain, is_step, step_event

__all__ = [
    "FunnelQuery",
    "Order",
    "StepTable",
    "clocks_sql",
    "dropped_sql",
    "leaves_sql",
    "narrow_sql",
    "reversed_sql",
    "spread_sql",
    "steps_sql",
    "times_sql",
    "users_sql",
]


def steps_sql(plan: FunnelQuery) -> str:
    """One row per group and step, and per step of the total (`total` is true): users, times in seconds, open, matured.

    Parameters: $starts_us, $ends_us (entries in [starts, ends)), $until_us (end of the data), and those of the plan.
    """
    names = (*plan.dimensions, *(("over_start",) if plan.over else ()))
    ctes = [*chain(plan), *_reached(plan, "u", plan.groups), *_person(plan)]
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


def times_sql(plan: FunnelQuery) -> str:
    """What `steps_sql` counts of a share of the persons, so that shares can be added up: users by group, step and time.

    One row per group, step (those of the total apart where a person can be in several groups) and `since`, with users,
    open, matured and tied; and, where `is_gap`, per `gap` in its place, with users alone.
    """
    names = (*plan.dimensions, *(("over_start",) if plan.over else ()))
    ctes = [*chain(plan), *_reached(plan, "u", plan.groups), *_person(plan)]
    ctes += list(_reached(plan, "w", ())) if plan.groups else []
    selects = []
    for k in range(1, plan.steps + 1):
        selects.append(_persons(plan, k, "u", names))
        selects += [_persons(plan, k, "w", ())] if plan.groups else []
    ctes.append("counted as (\n" + "\nunion all\n".join(selects) + ")")
    keys = ", ".join((*names, "total", "step_number"))
    filtered = ", ".join(f"count({flag}) filter ({flag}) as {flag}" for flag in ("open", "matured", "tied"))
    return f"""{_with(ctes)}
select {keys}, grouping(since) = 1 as is_gap, coalesce(since, gap) as value, count(*) as users, {filtered},
       bool_and(open is null) as never_open, bool_and(matured is null) as never_matured
  from counted
 group by grouping sets (({keys}, since), ({keys}, gap))"""


def leaves_sql(plan: FunnelQuery, step: int) -> str:
    """One row per combination of the dimensions (and over_start): users of a step, and who of them reached the next."""
    after = plan.after(step)
    names = ", ".join([*(f"g.{name}" for name in plan.dimensions), *(f"u.{name}" for name in plan.groups)])
    same = "".join(f" and n.{name} = u.{name}" for name in plan.groups)
    ctes = [*chain(plan), *_reached(plan, "u", plan.groups), *_person(plan)]
    return f"""{_with(ctes)}
select {names}, count(*) as cases, count(n.person) as successes
  from u{step} as u
  {_valued(plan, "u")}
  left join u{after} as n on n.person = u.person{same}
 group by {names}
 order by {names}"""


def dropped_sql(plan: FunnelQuery, step: int) -> str:
    """One row per person who reached a step and not the next: person, when they reached it last, their dimensions."""
    after = plan.after(step)
    names = "".join(f", g.{name}" for name in plan.dimensions)
    ctes = [*chain(plan), *_reached(plan, "u", ()), *_person(plan)]
    return f"""{_with(ctes)}
select u.person, make_timestamptz(u.latest) as dropped_at{names}
  from u{step} as u
  {_valued(plan, "u")}
  left join u{after} as n on n.person = u.person
 where n.person is null
 order by dropped_at, u.person"""


def users_sql(plan: FunnelQuery) -> str:
    """The beginning of a query, up to the CTE `behind`: a row for each person (and group) with the last required step
    reached, by place and by its name in $step_names, and when it was reached last."""
    keys = ", ".join(("person", *plan.groups))
    reached = " union all ".join(f"select {keys}, {k} as place, latest from u{k}" for k in plan.required)
    known = [name for name in ("by_1", "by_2") if name in plan.dimensions]
    shown = ", ".join(
        f"{'came' if name in plan.groups else 'g'}.{name}" if name in known else f"cast(null as varchar) as {name}"
        for name in ("by_1", "by_2")
    )
    over = "came.over_start" if plan.over else "cast(null as date) as over_start"
    ctes = [*chain(plan), *_reached(plan, "u", plan.groups), *_person(plan)]
    ctes.append(f"""came as (
        select {keys}, max(place) as place, arg_max(latest, place) as latest from ({reached}) group by {keys})""")
    ctes.append(f"""behind as materialized (
        select came.person as user_id, {shown}, {over}, place, list_element($step_names, place) as last_step,
               make_timestamptz(latest) as reached_at, place = {max(plan.required)} as is_converted
          from came
          {_valued(plan, "came")})""")
    return _with(ctes)


def spread_sql(plan: FunnelQuery) -> str:
    """Events of any kind: first and last time, whether all times are whole seconds or milliseconds, how many."""
    times = " union all ".join(f"select epoch_us({source.time}) as x from {source.table}" for source in plan.sources)
    return f"""
select min(x), max(x), coalesce(bool_and(x % 1000000 = 0), true), coalesce(bool_and(x % 1000 = 0), true), count(*)
  from ({times})
 where x >= $starts_us"""


def narrow_sql(plan: FunnelQuery, kind: str) -> str:
    """One narrow row per event, of steps that differ: person (a hash), moment ($unit_us since $origin_us), step.

    `kind` is the integer type that holds the moments. Of the persons, number $share of $shares.
    """
    step = " ".join(f"when {1 << (k - 1)} then {k}" for k in range(1, plan.steps + 1))
    return f"""{_with([step_event(plan, "not materialized")])}
select person, cast((x - $origin_us) // $unit_us as {kind}) as moment, cast(case mask {step} end as utinyint) as step
  from step_event
 where person % cast($shares as ubigint) = cast($share as ubigint)
   and x >= $starts_us and (x < $ends_us or not {is_step(1)})"""


def clocks_sql(plan: FunnelQuery) -> str:
    """Persons of whom a step stands up to two seconds before the step that it follows."""
    return f"""{_with([step_event(plan, "not materialized")])}
select count(distinct person)
  from (select person, mask, lead(mask) over w as next_mask, lead(x) over w as next_x, x
          from step_event
        window w as (partition by person order by x, mask desc))
 where mask = 2 * next_mask and mask < {1 << plan.steps} and next_x - x between 1 and 2000000"""


def reversed_sql(plan: FunnelQuery) -> str:
    """Persons of whom a step stands before the one it follows, within one instant and by the sequence."""
    return f"""{_with([step_event(plan, "not materialized")])}
select count(distinct after.person)
  from step_event as after
  join step_event as before on before.person = after.person and before.x = after.x
 where after.mask = 2 * before.mask and after.mask < {1 << plan.steps} and after.place < before.place"""


def _with(ctes: list[str]) -> str:
    return "with " + ",\n     ".join(ctes)


def _reached(plan: FunnelQuery, name: str, groups: tuple[str, ...]) -> Iterator[str]:
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
        if k == 1 and name == "u" and _is_valued_at_entry(plan):
            yield _entered(plan, f"{still} as still, {matured} as matured")
            continue
        yield f"""{name}{k} as materialized (
        select {keys}, {times}, max(t{k}) as latest,
               {still} as still, {matured} as matured
          from c{k}{gone} group by {keys})"""


def _is_valued(plan: FunnelQuery) -> bool:
    """Whether a person is counted under values of its own, and not under those of its attempts or under none."""
    return bool(plan.dimensions) and plan.attribution != "all"


def _is_valued_at_entry(plan: FunnelQuery) -> bool:
    """Whether a person's values are those of the earliest of the very events that u1 counts."""
    entries = plan.order != "unordered" and not plan.first_entry and not (plan.whole_person and plan.exclusions)
    return bool(plan.dimensions) and plan.attribution == "entry" and entries and not plan.groups


def _entered(plan: FunnelQuery, flags: str) -> str:
    """u1 with the values that each person is counted under."""
    values = ", ".join(f"v.{name} as {name}" for name in plan.dimensions)
    packed = ", ".join(f"{name}: {name}" for name in ("t1", *plan.dimensions))
    return f"""u1 as materialized (
        select * exclude (v), {values} from (
            select person, cast(null as bigint) as since, cast(null as bigint) as gap, max(t1) as latest, {flags},
                   min({{{packed}}}) as v
              from (select *, x as t1 from step_event where {is_step(1)} and x >= $starts_us and x < $ends_us)
             group by person))"""


def _valued(plan: FunnelQuery, people: str) -> str:
    """A join with the values that each of these people is counted under, where there are such."""
    return f"join g as g on g.person = {people}.person" if _is_valued(plan) else ""


def _person(plan: FunnelQuery) -> Iterator[str]:
    """The value of each dimension that a person is counted under; beyond the largest groups it is (other)."""
    names = plan.dimensions
    if not _is_valued(plan):
        return
    people = "value_of join u1 using (person)"
    if _is_valued_at_entry(plan):
        people = "value_of"
        yield f"value_of as (select person, {', '.join(names)} from u1)"
    else:
        yield f"value_of as materialized ({_value(plan)})"
    if not plan.top:
        yield "g as (select * from value_of)"
        return
    shown = []
    for name in names:
        yield f"""largest_{name} as (
        select {name} as kept from {people}
         group by {name} order by count(*) desc, {name} limit {int(plan.top)})"""
        keeps = f"{name} = '(none)' or {name} in (select kept from largest_{name})"
        shown.append(f"case when {keeps} then {name} else '(other)' end as {name}")
    yield f"g as materialized (select person, {', '.join(shown)} from value_of)"


def _value(plan: FunnelQuery) -> str:
    names = plan.dimensions
    inside = "x >= $starts_us and x < $ends_us"
    steps = f"mask & {(1 << plan.steps) - 1} <> 0 and x >= $starts_us"
    if plan.attribution == "entry":
        return _earliest(names, "step_event", inside if plan.order == "unordered" else f"{is_step(1)} and {inside}")
    if plan.attribution in ("first", "last"):
        which = "arg_min" if plan.attribution == "first" else "arg_max"
        seen = (f"{which}({name}, (x, {name})) filter ({name} <> '(none)')" for name in names)
        values = ", ".join(f"coalesce({part}, '(none)') as {name}" for part, name in zip(seen, names, strict=True))
        return f"select person, {values} from step_event where {steps} group by person"
    known, k = plan.attribution.startswith("known"), int(plan.attribution.removeprefix("known"))
    same = " and ".join(f"c.{key} = e.{key}" for key in plan.keys)
    columns = ", ".join(f"e.{name}" for name in names)
    joined = f"c{k} as c join step_event as e on {same} and e.x = c.t{k} and e.{is_step(k)}"
    at = _earliest(names, f"(select c.person, c.t1 as x, {columns} from {joined})", "true")
    if not known:
        return at
    earliest = ", ".join(
        f"arg_min(s.{name}, (s.x, s.{name})) filter (s.{name} <> '(none)') as {name}" for name in names
    )
    first = f"""select s.person, {earliest}
              from step_event as s
              join (select person, max(t{k}) as until from c{k} group by person) as r on r.person = s.person
             where {steps} and s.x <= r.until
             group by s.person"""
    values = ", ".join(
        f"case when a.{name} = '(none)' then coalesce(f.{name}, '(none)') else a.{name} end as {name}" for name in names
    )
    return f"select a.person, {values} from ({at}) as a join ({first}) as f on f.person = a.person"


def _earliest(names: tuple[str, ...], source: str, where: str) -> str:
    """Each person's values at the earliest time; between rows of one instant the first in the alphabet."""
    values = ", ".join(f"v.{name} as {name}" for name in names)
    packed = ", ".join(f"{name}: {name}" for name in ("x", *names))
    return f"""select person, {values} from (
            select person, min({{{packed}}}) as v
              from {source} where {where} group by person)"""


def _persons(plan: FunnelQuery, k: int, name: str, names: tuple[str, ...]) -> str:
    """Who reached step k, each with the group and the times; of the total in no group."""
    after = plan.after(k) if k in plan.required else None
    groups = plan.groups if name == "u" else ()
    every = (*plan.dimensions, *(("over_start",) if plan.over else ()))
    shown = [
        f"{'u' if part in groups else 'g'}.{part} as {part}" if part in names else f"null as {part}" for part in every
    ]
    joined = f"left join {name}{after} as n on " if after else ""
    joined += " and ".join(f"n.{key} = u.{key}" for key in ("person", *groups)) if after else ""
    still = "coalesce(u.still and n.person is null, false)" if after and plan.window else "cast(null as boolean)"
    shown += [f"{str(name == 'w').lower()} as total", f"{k} as step_number", "u.since", "u.gap", f"{still} as open"]
    return f"""select {", ".join(shown)}, u.matured as matured, u.gap = 0 as tied
  from {name}{k} as u {_valued(plan, "u")} {joined}"""


def _count(plan: FunnelQuery, k: int, name: str, names: tuple[str, ...], *, totals: bool) -> str:
    """The users of step k by group, with the total beside them where asked."""
    after = plan.after(k) if k in plan.required else None
    groups = plan.groups if name == "u" else ()
    own = k == 1 and not plan.top and _is_valued_at_entry(plan)
    columns = [f"{'u' if own or part in groups else 'g'}.{part}" for part in names]
    every = (*plan.dimensions, *(("over_start",) if plan.over else ()))
    shown = [f"{column} as {part}" for column, part in zip(columns, names, strict=True)]
    shown += [f"null as {part}" for part in every if part not in names]
    listed = ", ".join(columns)
    grouping = f"grouping({columns[0]}) = 1" if columns else "true"
    by = f"group by {f'grouping sets (({listed}), ())' if totals else listed}" if columns else ""
    joined = f"left join {name}{after} as n on " if after else ""
    joined += " and ".join(f"n.{key} = u.{key}" for key in ("person", *groups)) if after else ""
    still = "count(*) filter (u.still and n.person is null)" if after and plan.window else "cast(null as bigint)"
    matured = "count(*) filter (u.matured)" if plan.window else "cast(null as bigint)"
    shown += [f"{grouping if totals else 'false'} as total", f"{k} as step_number"]
    return f"""select {", ".join(shown)},
       count(*) as users, quantile_cont(u.since, 0.5) / 1e6 as time_p50_s,
       quantile_cont(u.since, 0.9) / 1e6 as time_p90_s,
       quantile_cont(u.gap, 0.5) / 1e6 as step_p50_s, {still} as open, {matured} as matured,
       count(*) filter (u.gap = 0) as tied
  from {name}{k} as u {"" if own else _valued(plan, "u")} {joined} {by}"""

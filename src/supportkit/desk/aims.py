"""The targets of `[sla.<name>]`: which of them a ticket has, and in which states the clock of its resolution stands.

A name is a channel, or a name of one's own where the target says for which tickets it is (channel, priority, team,
country). Of several the one with most conditions holds, of equal ones the first; `default` serves the tickets of which
none speaks. TARGET gives the CTE `target`, and `aimed_at` the joins that give its reply_target_s and
resolution_target_s, of `own` and of `other`, to the rows of a CTE; `for_targets` puts a query with them right where
targets have conditions, and `promises` are the parameters. `PAUSED` gives `paused`: the seconds in which the clock of a
resolution stood, by the log of states.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from supportkit.desk.business_time import slot, worked_until

Targets = Mapping[str, Mapping[str, Any]]
"""By name: seconds for the "first_reply" and for the "resolution", what its tickets have ("channel", "priority",
"team", "country"), and the states in which the clock of the resolution stands ("pause")."""

CONDITIONS: Final = ("channel", "priority", "team", "country")
DEFAULT: Final = "default"

TARGET: Final = """target as (
        select unnest(cast($channels as varchar[])) as target_channel,
               unnest(cast($reply_targets as double[])) as reply_target_s,
               unnest(cast($resolution_targets as double[])) as resolution_target_s)"""
_MEETS: Final = " and ".join(
    f"coalesce(lower(target_{name}) = lower(kind.{name}), target_{name} is null)" for name in CONDITIONS
)
_CONDITIONED: Final = f"""condition as (
        select {", ".join(f"unnest(cast($target_{name} as varchar[])) as target_{name}" for name in CONDITIONS)},
               unnest(cast($weights as bigint[])) as weight, unnest(cast($pauses as varchar[])) as pause,
               unnest(cast($reply_targets as double[])) as reply_target_s,
               unnest(cast($resolution_targets as double[])) as resolution_target_s),
     target as (
        select {", ".join(f"kind.{name}" for name in CONDITIONS)}, max(weight) as weight,
               arg_max({{'s': reply_target_s}}, weight).s as reply_target_s,
               arg_max({{'s': resolution_target_s}}, weight).s as resolution_target_s,
               arg_max({{'states': pause}}, weight).states as pause
          from (select distinct {", ".join(CONDITIONS)} from main.tickets) as kind
          join condition on {_MEETS}
         group by {", ".join(f"kind.{name}" for name in CONDITIONS)})"""


def aimed_at(of: str) -> str:
    """The joins of a CTE with channel, priority, team and country to its target."""
    return f"""left join target own on own.target_channel = {of}.channel
          left join target other on other.target_channel = '{DEFAULT}' and own.target_channel is null"""


def _aimed_by_conditions(of: str) -> str:
    same = " and ".join(f"own.{name} is not distinct from {of}.{name}" for name in CONDITIONS)
    return f"""left join target own on {same}
          left join target other on false"""


def for_targets(sql: str, targets: Targets | None, *aimed: str) -> str:
    """A query with TARGET whose CTEs `aimed` have targets, as it has to be for these."""
    if not has_conditions(targets):
        return sql
    for of in aimed:
        sql = sql.replace(aimed_at(of), _aimed_by_conditions(of))
    return sql.replace(TARGET, _CONDITIONED)


def has_conditions(targets: Targets | None) -> bool:
    """Whether a target is for other tickets than those of the channel of its name, or its clock stands at times."""
    return any(key in one for one in (targets or {}).values() for key in (*CONDITIONS, "pause"))


def paused_states(targets: Targets | None) -> tuple[str, ...]:
    """The states in which the clock of any resolution stands."""
    return tuple(dict.fromkeys(state for one in (targets or {}).values() for state in one.get("pause", ())))


def promises(targets: Targets | None) -> dict[str, Any]:
    """The parameters of TARGET."""
    goals = targets or {}
    times = {
        "reply_targets": [goal.get("first_reply") for goal in goals.values()],
        "resolution_targets": [goal.get("resolution") for goal in goals.values()],
    }
    if not has_conditions(targets):
        return {"channels": list(goals), **times}
    said = [_conditions(name, goal) for name, goal in goals.items()]
    return {
        **{f"target_{key}": [one.get(key) for one in said] for key in CONDITIONS},
        **times,
        "weights": [len(goals) * len(one) + len(goals) - place for place, one in enumerate(said)],
        "pauses": [",".join(goal.get("pause", ())) or None for goal in goals.values()],
    }


def _conditions(name: str, goal: Mapping[str, Any]) -> dict[str, str]:
    """What the tickets of a target have; one that does not say is for the channel of its name."""
    said = {key: str(goal[key]) for key in CONDITIONS if key in goal}
    return said or ({} if name == DEFAULT else {"channel": name})


_FROM: Final = "coalesce(from_at, created_at)"
_UNTIL: Final = "least(coalesce(until_at, ended_at), ended_at)"
_ON_THE_CLOCK: Final = f"epoch_us({_UNTIL}) - epoch_us({_FROM})"
_AT_WORK: Final = f"{worked_until('up_to', _UNTIL)} - {worked_until('since', _FROM)}"
_PAUSED: Final = """,
     spell as (
        select source, ticket_id, to_value as state, sent_at as from_at,
               lead(sent_at) over (partition by source, ticket_id order by sent_at, source_row) as until_at
          from entry
         where kind = 'status' and to_value <> ''
         union all
        select source, ticket_id, arg_min(from_value, (sent_at, source_row)), null, min(sent_at)
          from entry
         where kind = 'status' and to_value <> ''
         group by source, ticket_id),
     paused as (
        select ended.source, ended.ticket_id, sum({span}) / 1e6 as paused_s
          from (select distinct source, ticket_id, created_at, pause,
                       coalesce(resolved_at, cast($as_of as timestamptz)) as ended_at{calendar}
                  from timed
                 where pause is not null) as ended
          join spell on spell.source = ended.source and spell.ticket_id = ended.ticket_id{joins}
         where list_contains(string_split(pause, ','), state) and {begin} < ended_at
         group by ended.source, ended.ticket_id)"""
PAUSED: Final = _PAUSED.format(span=_ON_THE_CLOCK, calendar="", joins="", begin=_FROM)
PAUSED_WITHIN_HOURS: Final = _PAUSED.format(
    span=f"coalesce({_AT_WORK}, {_ON_THE_CLOCK})",
    calendar=", calendar",
    joins=f"""
          left join worked as since on since.slot = {slot("ended.calendar", _FROM)}
          left join worked as up_to on up_to.slot = {slot("ended.calendar", _UNTIL)}""",
    begin=_FROM,
)
"""The same by the clock of working hours, where a ticket has such."""

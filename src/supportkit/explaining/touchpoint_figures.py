"""What is counted at a touchpoint: its contacts and complaints and what was answered about them, in one pass over all.

Each point is a clause over the tickets, with its values bound; the first and the last contact of a customer are those
of all data, whatever the period.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from supportkit.errors import UsageError, unknown
from supportkit.result import Result
from supportkit.store import Selection, Store
from supportkit.store.conditions import Condition, parse_conditions, read_brackets
from supportkit.system.frozen import dataclass
from supportkit.system.named import NamedTuple

SCORES: Final = ("csat", "nps", "csi", "ces")

_MARKED: Final = """marked as (
        select coalesce(bool_or(is_complaint), false) as any_marked,
               coalesce(bool_or(customer_id <> ''), false) as any_customer
          from main.tickets)"""
_EDGE: Final = """edge as (
        select customer_id as person, min(created_at) as first_at, max(created_at) as last_at
          from main.tickets
         where customer_id <> '' and (status is null or status not in ('merged', 'spam', 'deleted'))
         group by customer_id)"""
_RATED: Final = """rated as (
        select ticket_id as rated_id, bool_or((score - coalesce(scale_min, 1))
                                  / nullif(coalesce(scale_max, 5) - coalesce(scale_min, 1), 0) >= 0.75) as is_satisfied
          from main.surveys
         where kind = 'csat' and ticket_id <> '' and score is not null and superseded_at is null
         group by ticket_id)"""
_CONTACT: Final = """contact as (
        select tickets.*, coalesce(created_at = first_at, false) as is_first,
               coalesce(created_at = last_at, false) as is_last
          from tickets
          left join edge on edge.person = tickets.customer_id)"""
SQL: Final = f"""
with {_MARKED},
     {_EDGE},
     {_RATED},
     {_CONTACT},
     placed as (
        select coalesce(is_complaint, false) as is_complaint, is_satisfied{{flags}}
          from contact as tickets
          left join rated on rated_id = tickets.ticket_id)
select count(*) as contacts, count(*) filter (where {{any}}) as mapped, (select any_marked from marked) as any_marked,
       (select any_customer from marked) as any_customer
       {{figures}}
  from placed
"""
SQL_TREND: Final = f"""
with {_EDGE},
     {_CONTACT},
     placed as (
        select created_at < cast($turn as timestamptz) as is_before{{flags}}
          from contact as tickets)
select {{figures}}
  from placed
"""
SQL_CASES: Final = f"""
with {_EDGE},
     {_CONTACT},
     behind as materialized (
        select source, ticket_id, by_1, by_2, over_start, created_at as dated_at, customer_id, category,
               coalesce(is_complaint, false) as is_complaint{{flags}}
          from contact as tickets)
"""
MOMENTS: Final = {"first": "is_first", "last": "is_last"}
_EDGES: Final = tuple(f"({clause})" for clause in MOMENTS.values())
"""The clauses of points that are a first or a last contact and nothing else."""


@dataclass(frozen=True)
class Point:
    """A touchpoint as it is mapped: the clause that its tickets meet, empty where it has none."""

    name: str
    owner: str | None
    clause: str
    parameters: Mapping[str, Any]
    step: str
    moves: bool
    """Whether its contacts become others as time goes on, as the last of a customer: periods are not alike then."""
    needs_customer: bool
    """Whether it is a first or a last contact, which nobody has of whom nothing is known."""
    score: tuple[str, tuple[Condition, ...]] | None
    score_name: str


class Counted(NamedTuple):
    """The contacts of a touchpoint; None where no ticket is mapped to it, or no ticket is marked as a complaint; and of
    a customer's first or last one, where no ticket has a customer."""

    contacts: int | None
    complaints: int | None
    answers: int
    satisfied: int | None


class Score(NamedTuple):
    """A score: how many answers it is of, and its interval."""

    answers: int
    value: float | None
    low: float | None
    high: float | None


class CountedPoints(NamedTuple):
    """All contacts in scope, those at a touchpoint other than a first or a last contact, and those of each."""

    contacts: int
    mapped: int
    any_marked: bool
    any_customer: bool
    of: list[Counted]


def points(store: Store, mapped: Mapping[str, Mapping[str, str]]) -> list[Point]:
    """The touchpoints of the configuration. Raises UsageError that names the section."""
    found = []
    for place, (name, said) in enumerate(mapped.items()):
        where = f"[touchpoint.{name}]"
        try:
            clauses: list[str] = []
            parameters: dict[str, Any] = {}
            if "tickets" in said:
                clause, parameters = store.clause("tickets", parse_conditions([said["tickets"]]), f"point_{place}")
                clauses.append(f"coalesce({clause}, false)")
            if "moment" in said:
                clauses.append(MOMENTS[said["moment"]])
            score = _asked_score(said["score"]) if "score" in said else None
        except UsageError as error:
            raise UsageError(f"{where} {error.message}", hint=error.hint) from error
        if not (clauses or said.get("step") or score):
            raise UsageError(f"{where} maps nothing", hint='tickets = "category=invoice", step, moment or score')
        joined = f"({' and '.join(clauses)})" if clauses else ""
        shown = said.get("score", "csat" if clauses else "")
        found.append(
            Point(
                name,
                said.get("owner"),
                joined,
                parameters,
                said.get("step", ""),
                said.get("moment") == "last",
                "moment" in said,
                score,
                shown,
            )
        )
    return found


def _asked_score(text: str) -> tuple[str, tuple[Condition, ...]]:
    """A score metric and the conditions on its answers: `csi[item=delivery]`."""
    name, bracket, _ = text.partition("[")
    if name.strip() not in SCORES:
        raise unknown("score", name.strip(), SCORES)
    conditions = read_brackets(text, len(name) + 1)[0] if bracket else ()
    return name.strip(), conditions


def counted(store: Store, known: list[Point], tickets: Selection) -> CountedPoints:
    """The contacts of a selection at each point."""
    figures = "".join(
        f""",
       count(*) filter (where is_at_{place}), count(*) filter (where is_at_{place} and is_complaint),
       count(is_satisfied) filter (where is_at_{place}), count(*) filter (where is_at_{place} and is_satisfied)"""
        for place in range(len(known))
    )
    owned = [f"is_at_{place}" for place, point in enumerate(known) if point.clause and point.clause not in _EDGES]
    sql = SQL.replace("{any}", " or ".join(owned) or "false").replace("{figures}", figures)
    ((contacts, mapped, any_marked, any_customer, *rest),) = store.rows(
        sql.replace("{flags}", flags(known)), tickets, **bound(known)
    )
    of = []
    for place, point in enumerate(known):
        here, complaints, answers, satisfied = rest[4 * place : 4 * place + 4]
        if point.clause and (any_customer or not point.needs_customer):
            of.append(Counted(here, complaints if any_marked else None, answers, satisfied))
        else:
            of.append(Counted(None, None, 0, None))
    return CountedPoints(contacts, mapped, any_marked, any_customer, of)


def before_and_after(
    store: Store, known: list[Point], tickets: Selection, turn: datetime
) -> list[tuple[int, int] | None]:
    """The contacts at each point before an instant and from then on; None where no ticket is mapped to it."""
    figures = ", ".join(
        f"count(*) filter (where is_at_{place} and is_before), count(*) filter (where is_at_{place} and not is_before)"
        for place in range(len(known))
    )
    sql = SQL_TREND.replace("{figures}", figures).replace("{flags}", flags(known))
    (counts,) = store.rows(sql, tickets, **bound(known), turn=turn)
    return [(counts[2 * place], counts[2 * place + 1]) if point.clause else None for place, point in enumerate(known)]


def flags(known: list[Point]) -> str:
    """A column for each point: whether a ticket is there."""
    return "".join(f",\n               {point.clause or 'false'} as is_at_{n}" for n, point in enumerate(known))


def bound(known: list[Point]) -> dict[str, Any]:
    """The parameters of `flags`."""
    return {name: value for point in known for name, value in point.parameters.items()}


def score_of(result: Result, metric: str) -> Score:
    """The score of a metric's result."""
    answers = result.facts.get("answers")
    value, low, high = (
        float(one) if isinstance(one, int | float) else None
        for one in (result.facts.get(name) for name in (metric, f"{metric}_low", f"{metric}_high"))
    )
    return Score(answers if isinstance(answers, int) else 0, value, low, high)

"""The answers behind a score, each with its verdict, and the respondents behind an index; the worst first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from supportkit.offers.cases import ALL as EVERY
from supportkit.offers.cases import ANSWERS, Cases
from supportkit.period import ALL, Over, Period
from supportkit.result import detail
from supportkit.scores.answers import tickets_like
from supportkit.scores.scales import Scale
from supportkit.scores.ticket_ratings import RATING
from supportkit.store import Store

_SURVEYS: Final = """
    select file_id, source_file as file, source_row as row, by_1, by_2, over_start,
           coalesce(responded_at, invited_at) as answered_at, channel, agent, ticket_id, customer_id, comment, score,
           coalesce(scale_min, $low) as lowest, coalesce(scale_max, $high) as highest
      from surveys
     where kind = $kind and not superseded"""
_RATINGS: Final = """
     union all
    select file_id, source_file, source_row, by_1, by_2, over_start, created_at, channel, agent, ticket_id, customer_id,
           null, rating, coalesce(rating_min, $low), coalesce(rating_max, $high)
      from rating"""
_BEHIND: Final = """
     behind as materialized (
        select * exclude (score), {verdict} as verdict, {told} as score
          from answer
         where score between lowest and highest and score between -1000 and 1000 and score = floor(score){on_scale})
"""
_ONE_SCALE: Final = " and lowest = $low and highest = $high"
NPS_VERDICT: Final = "case when score <= 6 then 'detractor' when score <= 8 then 'passive' else 'promoter' end"
CSAT_VERDICT: Final = """case when score > highest - case when highest - lowest < 3 then 1 else 2 end
                         then 'satisfied' else 'dissatisfied' end"""
CES_EASE: Final = "case when $turned then lowest + highest - score else score end"
CES_VERDICT: Final = f"""case when {CES_EASE} > (lowest + highest) / 2 then 'easy'
                              when {CES_EASE} < (lowest + highest) / 2 then 'hard' else 'neither' end"""

SQL_NPS: Final = f"with answer as ({_SURVEYS}),{_BEHIND.format(verdict=NPS_VERDICT, told='score', on_scale=_ONE_SCALE)}"
_CES: Final = _BEHIND.format(verdict=CES_VERDICT, told=CES_EASE, on_scale=_ONE_SCALE)
_CSAT: Final = _BEHIND.format(verdict=CSAT_VERDICT, told="score", on_scale="")
SQL_CSAT: Final = f"with answer as ({_SURVEYS}),{_CSAT}"
SQL_CSAT_AND_RATINGS: Final = f"with rating as ({RATING}), answer as ({_SURVEYS}{_RATINGS}),{_CSAT}"
SQL_CES: Final = f"with answer as ({_SURVEYS}),{_CES}"
VALUES: Final = (detail("score", "number"), detail("verdict", "text"))


def answer_cases(
    store: Store,
    sql: str,
    kind: str,
    scale: Scale,
    parts: Mapping[str, str],
    bad: str,
    *,
    period: Period = ALL,
    by: str | None = None,
    over: Over | None = None,
    ratings: bool = False,
    **parameters: Any,
) -> Cases:
    """The answers of a kind that count; `parts` are names with their verdict, `bad` the one that lowers the score."""
    selection = store.select("surveys", period=period, by=by, over=over)
    scope, notes = store.scope(selection)
    more = (tickets_like(store, selection),) if ratings else ()
    return Cases(
        unit=ANSWERS,
        sql=sql,
        selections=(selection, *more),
        values=VALUES,
        parts={EVERY: "true", **{name: f"verdict = '{verdict}'" for name, verdict in parts.items()}},
        order=("score", "answered_at desc", "file_id", "row"),
        parameters={"kind": kind, "low": scale.low, "high": scale.high, **parameters},
        scope=scope,
        notes=notes,
        counts={"answers": EVERY},
        tells=dict.fromkeys((kind, "easy_share", "net"), bad),
    )

"""Topics: what the tickets are about, found in their subject and body, in Russian, English, German and mixed.

A topic is a trouble: tickets in near words (a wording), and the wordings that are of one problem, in one language or
several. Each language has a vector space: stems, their pairs and letter n-grams, reduced by latent semantics. A ticket
belongs to the nearest wording when the cosine is at least .45; the others are unassigned, and eight that are alike
become a new wording. Wordings are of one topic when their words are alike, or when the desk's category, the product or
the time of their tickets ties them. Names are phrases of three customers at least; they and the ids stay from week to
week, and only a person changes them (supportkit topics rename, merge, split). Quotes, signatures, greetings and pasted
templates do not count. Since is the day of the first ticket.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, NamedTuple

from supportkit.offers.cases import Cases
from supportkit.offers.ticket_cases import ticket_cases
from supportkit.period import ALL, Period
from supportkit.result import Chart, Result, Value, count, counted, detail, figure, key
from supportkit.store import Store

TITLE = "Topics: what the tickets are about"
TABLES = ("tickets",)
SOURCE = "Deerwester et al. 1990 (latent semantics); Grootendorst 2022 (names by class-based TF-IDF)"
EXAMPLES = ("topics", "topics --period 2026-10 --wordings", "topics --where channel=messenger")
FACTS = (
    figure("topics", "count", n="tickets"),
    figure("assigned_share", "share", "assigned", n="tickets"),
    count("tickets"),
)
TOPIC = (key("topic_id", "count", "id"), key("topic"))
FIGURES = (
    count("tickets"),
    figure("share", "share", n="all_tickets"),
    detail("since", "date"),
    detail("languages", "text"),
    count("all_tickets", "tickets of all topics", aside=True),
)
COLUMNS = (*TOPIC, *FIGURES)
WORDING = (key("wording"), detail("wording_id", "count", "id of the wording"))
"""With --wordings, after the topic."""
LEAST_SHARE = 0.05
WANDERING = 0.15

SQL = """
with spoken as (
        select place.topic_id, tickets.by_1 as shown, tickets.by_2 as wording, place.language
          from tickets
          left join ticket_topic as place using (source, ticket_id)),
     language_count as (
        select topic_id, shown, wording, language, count(*) as tickets,
               count(*) / sum(count(*)) over (partition by topic_id, shown, wording) as part
          from spoken
         group by topic_id, shown, wording, language),
     first_seen as (
        select place.topic_id, min(cast(main.tickets.created_at at time zone $zone as date)) as since
          from main.tickets
          join ticket_topic as place using (source, ticket_id)
         group by place.topic_id)
select topic_id, shown, wording, cast(sum(tickets) as bigint) as tickets, any_value(since) as since,
       string_agg(language, ', ' order by tickets desc, language)
       filter (where part >= $least and language not in ('none', 'latin', 'other')) as languages
  from language_count
  left join first_seen using (topic_id)
 group by topic_id, shown, wording
 order by topic_id is null, sum(sum(tickets)) over (partition by topic_id) desc, topic_id, tickets desc, wording
"""
SQL_WORDINGS = """
select place.topic_id, place.wording, min(place.wording_id) as wording_id,
       min(cast(main.tickets.created_at at time zone $zone as date)) as since
  from main.tickets
  join ticket_topic as place using (source, ticket_id)
 where place.topic_id is not null
 group by place.topic_id, place.wording
 order by place.topic_id, place.wording
"""


SQL_CASES = """
with behind as materialized (
        select source, ticket_id, by_1, by_2, over_start, created_at as dated_at,
               place.topic_id is not null as is_assigned
          from tickets
          left join ticket_topic as place using (source, ticket_id))
"""


class TopicTickets(NamedTuple):
    """The tickets of a topic, or of a wording of it, those of none without its id: a row of SQL."""

    topic_id: int | None
    shown: str
    wording: str | None
    tickets: int
    since: date | None
    languages: str | None


def topics(
    store: Store,
    *,
    period: Period = ALL,
    wordings: Annotated[bool, "one row per wording of a topic"] = False,
) -> Result:
    """What the tickets are about, from their own words."""
    selection = store.select("tickets", period=period, by="topic,wording" if wordings else "topic")
    scope, notes = store.scope(selection)
    found = store.records(TopicTickets, SQL, selection, zone=store.zone, least=LEAST_SHARE)
    own = (
        {(number, name): rest for number, name, *rest in store.rows(SQL_WORDINGS, zone=store.zone)} if wordings else {}
    )
    total = sum(topic.tickets for topic in found)
    rows: list[tuple[Value, ...]] = []
    for one in found:
        wording_id, since = own.get((one.topic_id, one.wording), (None, one.since))
        named = (one.wording, wording_id) if wordings else ()
        since = since if one.topic_id else None
        rows.append((one.topic_id, one.shown, *named, one.tickets, one.tickets / total, since, one.languages, total))
    assigned = sum(topic.tickets for topic in found if topic.topic_id is not None)
    facts: dict[str, Value] = {"topics": None, "assigned_share": None, "tickets": total}
    if total:
        known = {topic.topic_id for topic in found} - {None}
        facts |= {"topics": len(known), "assigned_share": assigned / total}
    if total and assigned < (1 - WANDERING) * total:
        notes += (
            f"{counted(total - assigned, '{n} ticket fits', '{n} tickets fit')} no topic: too short, too few of a "
            "kind, or of a language met rarely; "
            "where they were fewer once, topics refit fits the spaces anew",
        )
    return Result(
        metric="topics",
        title=TITLE,
        definition="tickets by topic, from subject and body; a topic keeps its id and its name",
        columns=(*TOPIC, *WORDING, *FIGURES) if wordings else COLUMNS,
        rows=tuple(rows),
        facts=facts,
        fact_columns=FACTS,
        notes=notes,
        scope=scope,
        chart=Chart("bar", x="wording" if wordings else "topic", y="tickets"),
    )


def cases(store: Store, *, period: Period = ALL, wordings: bool = False, **options: Any) -> Cases:
    """The tickets with their topic, the latest first."""
    parts = {"assigned": "is_assigned", "unassigned": "not is_assigned"}
    by = "topic,wording" if wordings else "topic"
    return ticket_cases(store, sql=SQL_CASES, period=period, by=by, parts=parts)

"""Topics: what the tickets are about, found in their subject and body, in Russian, English, German and mixed.

A topic is a group of tickets in near words; its id and its name stay from week to week, and only a person renames,
merges or splits it (supportkit topics rename, merge, split). Each language has a vector space of its own: stems, their
pairs and letter n-grams, reduced by latent semantics. A ticket belongs to the nearest topic when the cosine is at
least .45; the others are unassigned, and eight that are alike become a new topic. Quotes, signatures, greetings and
pasted templates do not count. Since is the day of the topic's first ticket.
"""

from __future__ import annotations

from datetime import date
from typing import Any, NamedTuple

from supportkit.offers.cases import Cases
from supportkit.offers.ticket_cases import ticket_cases
from supportkit.period import ALL, Period
from supportkit.result import Chart, Result, Value, count, detail, figure, key
from supportkit.store import Store

TITLE = "Topics: what the tickets are about"
TABLES = ("tickets",)
SOURCE = "Deerwester et al. 1990 (latent semantics); Grootendorst 2022 (names by class-based TF-IDF)"
EXAMPLES = ("topics", "topics --period 2026-10", "topics --where channel=messenger")
FACTS = (
    figure("topics", "count", n="tickets"),
    figure("assigned_share", "share", "assigned", n="tickets"),
    count("tickets"),
)
COLUMNS = (
    key("topic_id", "count", "id"),
    key("topic"),
    count("tickets"),
    figure("share", "share", n="all_tickets"),
    detail("since", "date"),
    detail("languages", "text"),
    count("all_tickets", "tickets of all topics", aside=True),
)
LEAST_SHARE = 0.05
WANDERING = 0.15

SQL = """
with spoken as (
        select place.topic_id, place.topic, tickets.by_1 as shown, place.language
          from tickets
          left join ticket_topic as place using (source, ticket_id)),
     language_count as (
        select topic_id, shown, language, count(*) as tickets,
               count(*) / sum(count(*)) over (partition by topic_id, shown) as part
          from spoken
         group by topic_id, shown, language),
     first_seen as (
        select place.topic_id, min(cast(main.tickets.created_at at time zone $zone as date)) as since
          from main.tickets
          join ticket_topic as place using (source, ticket_id)
         group by place.topic_id)
select topic_id, shown, cast(sum(tickets) as bigint) as tickets, any_value(since) as since,
       string_agg(language, ', ' order by tickets desc, language)
       filter (where part >= $least and language not in ('none', 'latin', 'other')) as languages
  from language_count
  left join first_seen using (topic_id)
 group by topic_id, shown
 order by topic_id is null, tickets desc, topic_id
"""


SQL_CASES = """
with behind as materialized (
        select source, ticket_id, by_1, by_2, over_start, created_at as dated_at,
               place.topic_id is not null as is_assigned
          from tickets
          left join ticket_topic as place using (source, ticket_id))
"""


class TopicTickets(NamedTuple):
    """The tickets of a topic, those of none without its id: a row of SQL."""

    topic_id: int | None
    shown: str
    tickets: int
    since: date | None
    languages: str | None


def topics(store: Store, *, period: Period = ALL) -> Result:
    """What the tickets are about, from their own words."""
    selection = store.select("tickets", period=period, by="topic")
    scope, notes = store.scope(selection)
    found = store.records(TopicTickets, SQL, selection, zone=store.zone, least=LEAST_SHARE)
    total = sum(topic.tickets for topic in found)
    rows = tuple(
        (number, name, tickets, tickets / total, since if number else None, spoken, total)
        for number, name, tickets, since, spoken in found
    )
    assigned = sum(topic.tickets for topic in found if topic.topic_id is not None)
    facts: dict[str, Value] = {"topics": None, "assigned_share": None, "tickets": total}
    if total:
        facts |= {"topics": sum(topic.topic_id is not None for topic in found), "assigned_share": assigned / total}
    if total and assigned < (1 - WANDERING) * total:
        notes += (
            f"{total - assigned} tickets fit no topic: too short, too few of a kind, or of a language met rarely; "
            "where they were fewer once, topics refit fits the spaces anew",
        )
    return Result(
        metric="topics",
        title=TITLE,
        definition="tickets by topic, from subject and body; a topic keeps its id and its name",
        columns=COLUMNS,
        rows=rows,
        facts=facts,
        fact_columns=FACTS,
        notes=notes,
        scope=scope,
        chart=Chart("bar", x="topic", y="tickets"),
    )


def cases(store: Store, *, period: Period = ALL, **options: Any) -> Cases:
    """The tickets with their topic, the latest first."""
    parts = {"assigned": "is_assigned", "unassigned": "not is_assigned"}
    return ticket_cases(store, sql=SQL_CASES, period=period, by="topic", parts=parts)

"""Conversations that a person can read: tickets with a public message of an agent, and how the customer is addressed.

CONVERSATIONS reads the selections `tickets` and `messages` and gives `conversation`, a row for each and group: its
agent and channel, whether it is the customer's first or last one of all, and whether the agents' public messages mix
ты and вы, or du and Sie. The mix is found by pronouns alone, as a reader would see at a glance; `Sie` and `Ihr` count
where they are capital inside a sentence. Lines that begin with > are what somebody else wrote, and do not count.
"""

from __future__ import annotations

from typing import Final

from supportkit.desk.replies import ENTRY

_BEFORE, _AFTER = r"(?:^|[^\p{L}])", r"(?:[^\p{L}]|$)"


def _word(words: str) -> str:
    return f"{_BEFORE}(?:{words}){_AFTER}"


_RU_CLOSE: Final = _word("[Тт](?:ы|ебя|ебе|обой|обою|во(?:й|я|ё|е|и|его|ей|ему|им|их|ими|ю|ём|ем))")
_RU_FORMAL: Final = _word("[Вв](?:ы|ас|ам|ами|аш(?:а|е|и|его|ей|ему|им|их|ими|у|ем)?)")
_DE_CLOSE: Final = _word("[Dd](?:u|ich|ir|ein(?:e|en|em|er|es)?)")
_DE_FORMAL: Final = rf"[\p{{L}},] (?:Sie|Ihnen|Ihr(?:e|en|em|er|es)?){_AFTER}"
ADDRESS: Final = {"ru_close": _RU_CLOSE, "ru_formal": _RU_FORMAL, "de_close": _DE_CLOSE, "de_formal": _DE_FORMAL}
"""Patterns of pronouns, which are parameters of CONVERSATIONS."""

_FOUND: Final = ",\n               ".join(f"bool_or(regexp_matches(own_text, ${name})) as {name}" for name in ADDRESS)
_OWN_TEXT: Final = "case when contains(text, '>') then regexp_replace(text, '(?m)^[ \\t]*>.*$', '', 'g') else text end"

CONVERSATIONS: Final = f"""{ENTRY},
     spoken as (
        select source, ticket_id, count(*) as replies,
               {_FOUND}
          from (select *, {_OWN_TEXT} as own_text from entry)
         where sender = 'agent' and public and coalesce(kind, 'message') = 'message'
         group by source, ticket_id),
     edge as (
        select source, ticket_id,
               row_number() over (partition by customer_id order by created_at, source, ticket_id) as from_first,
               row_number() over (partition by customer_id order by created_at desc, source desc, ticket_id desc)
                 as from_last
          from main.tickets
         where customer_id <> '' and (status is null or status not in ('merged', 'spam', 'deleted'))),
     conversation as (
        select tickets.source, tickets.ticket_id, by_1, by_2, over_start, created_at, agent, channel, spoken.replies,
               case when from_first = 1 and from_last = 1 then 'only' when from_first = 1 then 'first'
                    when from_last = 1 then 'last' when from_first is not null then 'between' end as moment,
               ru_close or ru_formal or de_close or de_formal as has_address,
               (ru_close and ru_formal) or (de_close and de_formal) as is_mixed
          from tickets
          join spoken on spoken.source = tickets.source and spoken.ticket_id = tickets.ticket_id
          left join edge on edge.source = tickets.source and edge.ticket_id = tickets.ticket_id)"""

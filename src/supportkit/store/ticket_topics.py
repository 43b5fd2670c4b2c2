"""The topic of every ticket: what the registry says, and on the fly what it does not say yet.

Nothing is written to the store's file: the figures of a reading command are complete at once, and `topics refresh`
makes the same step last. All tickets count, later ones than --as-of too, so that a topic is the same thing in every
figure.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Final

from supportkit.store.topic_tables import Key, Placed, known_assignments, members, push_placed, read_registry
from supportkit.system.frozen import dataclass

if TYPE_CHECKING:
    from supportkit.stats.topic_records import Registry, TicketDocument
    from supportkit.store.engines import Engine

OTHERS: Final = 20_000
"""Templates are told by at most so many of the tickets that were placed before, drawn by the hash of their id."""

SQL_TEXTS: Final = """
with written as (
        select source, ticket_id, cast(created_at at time zone $zone as date) as day, customer_id, category, product,
               subject, body, substr(md5(concat_ws(chr(31), subject, body)), 1, 16) as text_hash
          from main.tickets),
     latest as (
        select max(day) as day
          from written),
     known as (
        select source, ticket_id, text_hash, topic_id
          from {known})
select source, ticket_id, day, customer_id, category, product, subject, body, text_hash
  from written
  left join known using (source, ticket_id, text_hash)
 where known.ticket_id is null
    or $all
    or (known.topic_id is null and written.day > (select latest.day from latest) - cast($waiting as integer))
 order by source, ticket_id
"""
SQL_OTHERS: Final = """
select source, ticket_id, cast(created_at at time zone $zone as date) as day, subject, body
  from main.tickets
  join {known} using (source, ticket_id)
 order by md5(source || ticket_id)
 limit $most
"""
SQL_TOPICS: Final = """
with placed as (
        select source, ticket_id, topic_id, language
          from newly_placed
        union all
        select known.source, known.ticket_id, known.topic_id, known.language
          from {known} as known
          join main.tickets as ticket
            on known.source = ticket.source and known.ticket_id = ticket.ticket_id
           and known.text_hash = substr(md5(concat_ws(chr(31), ticket.subject, ticket.body)), 1, 16)
          left join newly_placed as newer
            on newer.source = known.source and newer.ticket_id = known.ticket_id
         where newer.ticket_id is null)
select placed.source, placed.ticket_id, coalesce(place.topic_id, owner.topic_id) as topic_id,
       coalesce(place.topic, owner.topic) as topic, place.wording_id, place.wording, placed.language
  from placed
  left join topic_place as place on place.of_wording = placed.topic_id
  left join main.tickets as ticket
    on placed.topic_id is null and placed.source = ticket.source and placed.ticket_id = ticket.ticket_id
  left join topic_category as owner on owner.category = ticket.category
"""
"""A topic is a trouble; what is kept of a ticket is its wording, whose id the registry's table calls topic_id. A ticket
without a wording is of the trouble that stands for its category."""


@dataclass(frozen=True)
class TicketText:
    """One ticket's text as the customer wrote it, and the hash by which a change of the text is seen."""

    key: Key
    day: date
    customer: str | None
    category: str | None
    product: str | None
    text: str
    text_hash: str


def place_topics(engine: Engine, zone: str) -> None:
    """Keep the table `ticket_topic` (source, ticket_id, topic_id, topic, wording_id, wording, language)."""
    if "ticket_topic" in engine.kept:
        return
    registry, placed = refreshed(engine, zone)
    push_placed(engine, placed)
    names = [
        (number, trouble and trouble.trouble_id, trouble and trouble.name, wording.wording_id, wording.name)
        for number, wording, trouble in registry.places()
    ]
    ids = dict.fromkeys(("of_wording", "topic_id", "wording_id"), "bigint")
    columns = {name: ids.get(name, "varchar") for name in ("of_wording", "topic_id", "topic", "wording_id", "wording")}
    engine.push("topic_place", columns, names)
    owners = [(category, topic.trouble_id, topic.name) for category, topic in sorted(registry.by_category().items())]
    engine.push("topic_category", {"category": "varchar", "topic_id": "bigint", "topic": "varchar"}, owners)
    engine.keep("ticket_topic", SQL_TOPICS.format(known=known_assignments(engine)), {})


def refreshed(engine: Engine, zone: str) -> tuple[Registry, dict[Key, Placed]]:
    """The registry, and the places of the tickets that were loaded or changed since the last refresh or that wait."""
    from supportkit.stats.text_language import language
    from supportkit.stats.ticket_words import template_weeks, ticket_text
    from supportkit.stats.topic_registry import update

    registry = read_registry(engine)
    if any(wording.trouble_id is None for wording in registry.wordings):
        registry = _with_troubles(engine, zone, registry)
    pending = texts(engine, zone)
    if not pending:
        return registry, {}
    dated = {one.key: (one.day, one.text) for one in pending}
    bound = {"zone": zone, "most": OTHERS}
    for source, ticket, day, subject, body in engine.rows(SQL_OTHERS.format(known=known_assignments(engine)), bound):
        dated.setdefault((source, ticket), (day, ticket_text(subject, body)))
    pasted = template_weeks(dated.values())
    placed: dict[Key, Placed] = {}
    letters = {_name(one): one for one in pending}
    registry, assigned = update(registry, [registry_document(one, pasted) for one in pending])
    for one in assigned:
        letter = letters[one.key]
        placed[letter.key] = (one.wording_id, one.score, language(letter.text), letter.text_hash)
    return registry, placed


def _with_troubles(engine: Engine, zone: str, registry: Registry) -> Registry:
    """A registry as release 0.2.0 kept it, its wordings now of troubles."""
    from supportkit.stats.topic_registry import births_of
    from supportkit.stats.troubles import with_births

    homes = {key: registry.home(number) for key, number in members(engine).items()}
    return with_births(registry, births_of(registry, documents_by(homes, engine, zone)))[0]


def texts(engine: Engine, zone: str, *, everything: bool = False) -> list[TicketText]:
    """The own words (no quotes, no signature) of the tickets that the registry has not placed, or of all."""
    from supportkit.stats.ticket_words import ticket_text
    from supportkit.stats.topic_course import WAITING_WEEKS

    bound = {"zone": zone, "all": everything, "waiting": 7 * WAITING_WEEKS}
    return [
        TicketText((source or "", ticket), day, customer, category, product, ticket_text(subject, body), text_hash)
        for source, ticket, day, customer, category, product, subject, body, text_hash in engine.rows(
            SQL_TEXTS.format(known=known_assignments(engine)), bound
        )
    ]


def documents(engine: Engine, zone: str) -> list[TicketDocument]:
    """Every ticket made ready for the registry, in the order of their keys."""
    from supportkit.stats.ticket_words import template_weeks

    letters = texts(engine, zone, everything=True)
    pasted = template_weeks((one.day, one.text) for one in letters)
    return [registry_document(one, pasted) for one in letters]


def documents_by(owners: Mapping[Key, int], engine: Engine, zone: str) -> dict[int, list[TicketDocument]]:
    """Those of the tickets that have an owner, as a wording is, by their owner."""
    found: dict[int, list[TicketDocument]] = {}
    for document in documents(engine, zone):
        if (owner := owners.get(key_of(document.key))) is not None:
            found.setdefault(owner, []).append(document)
    return found


def key_of(name: str) -> Key:
    """The ticket of a document's key."""
    source, _, ticket = name.partition("\x1f")
    return source, ticket


def registry_document(letter: TicketText, pasted: Mapping[bytes, date]) -> TicketDocument:
    """A ticket made ready for the registry: without what was a template by its week, unless it is nothing else."""
    from supportkit.stats.text_language import language
    from supportkit.stats.ticket_words import clauses, fingerprint, passages, without_templates
    from supportkit.stats.topic_records import TicketDocument

    spoken = language(letter.text)
    marks = {fingerprint(part) for part in passages(letter.text)} if pasted else set()
    known = {mark for mark in marks & pasted.keys() if pasted[mark] <= letter.day}
    own = without_templates(letter.text, known) or letter.text
    return TicketDocument(
        _name(letter),
        letter.day,
        GROUPS.get(spoken, spoken),
        tuple(map(tuple, clauses(own, spoken))),
        letter.customer,
        own,
        letter.category or None,
        letter.product or None,
    )


GROUPS: Final[Mapping[str, str]] = {"uk": "ru", "cyrillic": "ru", "latin": "en"}
"""Languages that share a vector space with another."""


def _name(letter: TicketText) -> str:
    return "\x1f".join(letter.key)

"""The topic of every ticket: what the registry says, and on the fly what it does not say yet.

Nothing is written to the store's file: the figures of a reading command are complete at once, and `topics refresh`
makes the same step last. All tickets count, later ones than --as-of too, so that a topic is the same thing in every
figure.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

from supportkit.store.topic_tables import Key, Placed, read_assignments, read_registry, write_assignments

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from supportkit.stats.registry import Document, Registry

FIRST_TEXTS: Final = 20_000
"""A first catalogue is made from at most so many tickets, drawn by the hash of their id; the others come after."""

SQL_TEXTS: Final = """
select source, ticket_id, cast(created_at at time zone $zone as date) as day, customer_id, subject, body,
       substr(md5(concat_ws(chr(31), subject, body)), 1, 16) as text_hash
  from main.tickets
 order by source, ticket_id
"""
SQL_PLACES: Final = """
create or replace temp table placed_ticket (
    source varchar, ticket_id varchar, topic_id bigint, score double, language varchar, text_hash varchar);
create or replace temp table topic_name (topic_id bigint, home_id bigint, topic varchar);
"""
SQL_TOPICS: Final = """
create or replace temp table ticket_topic as
select placed.source, placed.ticket_id, home.topic_id, home.topic, placed.language
  from placed_ticket as placed
  left join topic_name as own on own.topic_id = placed.topic_id
  left join topic_name as home on home.topic_id = own.home_id
"""


@dataclass(frozen=True)
class Written:
    """One ticket's text as the customer wrote it, and the hash by which a change of the text is seen."""

    key: Key
    day: date
    customer: str | None
    text: str
    text_hash: str


def place(connection: DuckDBPyConnection, zone: str) -> None:
    """Make the temporary table `ticket_topic` (source, ticket_id, topic_id, topic, language), once a connection."""
    query = "select count(*) from duckdb_tables() where database_name = 'temp' and table_name = 'ticket_topic'"
    row = connection.execute(query).fetchone()
    if row and row[0]:
        return
    registry, placed = refreshed(connection, zone)
    connection.execute(SQL_PLACES)
    write_assignments(connection, placed.items(), "temp.placed_ticket")
    names = {topic.topic_id: topic.name for topic in registry.topics}
    connection.execute(
        """insert into temp.topic_name
           select unnest(cast($number as bigint[])), unnest(cast($home as bigint[])),
                  unnest(cast($name as varchar[]))""",
        {"number": list(names), "home": [registry.home(number) for number in names], "name": list(names.values())},
    )
    connection.execute(SQL_TOPICS)


def refreshed(connection: DuckDBPyConnection, zone: str) -> tuple[Registry, dict[Key, Placed]]:
    """The registry and every ticket's place, with what was loaded or changed since the last refresh."""
    from supportkit.stats.language import language
    from supportkit.stats.registry import update
    from supportkit.stats.words import templates

    registry, before = read_registry(connection), read_assignments(connection)
    letters = texts(connection, zone)
    known = {key: placed for key, placed in before.items() if placed[0] is not None}
    kept = {one.key: known[one.key] for one in letters if one.key in known and known[one.key][3] == one.text_hash}
    pending = [one for one in letters if one.key not in kept]
    pasted = templates(one.text for one in letters) if pending else frozenset()
    spoken = {one.key: language(one.text) for one in pending}
    hashes = {one.key: one.text_hash for one in pending}
    placed = dict(kept)
    for part in _parts(pending, first=not registry.spaces):
        made = [document(one, pasted) for one in part]
        registry, assigned = update(registry, made)
        for one, letter in zip(sorted(assigned, key=lambda a: a.key), sorted(part, key=_name), strict=True):
            placed[letter.key] = (one.topic_id, one.score, spoken[letter.key], hashes[letter.key])
    return registry, placed


def texts(connection: DuckDBPyConnection, zone: str) -> list[Written]:
    """Every ticket's own words: subject and body without quotes and signatures."""
    from supportkit.stats.words import ticket_text

    rows = connection.execute(SQL_TEXTS, {"zone": zone}).fetchall()
    return [
        Written((source or "", ticket), day, customer, ticket_text(subject, body), text_hash)
        for source, ticket, day, customer, subject, body, text_hash in rows
    ]


def documents(connection: DuckDBPyConnection, zone: str) -> list[Document]:
    """Every ticket made ready for the registry, in the order of their keys."""
    from supportkit.stats.words import templates

    letters = texts(connection, zone)
    pasted = templates(one.text for one in letters)
    return [document(one, pasted) for one in letters]


def key_of(name: str) -> Key:
    """The ticket of a document's key."""
    source, _, ticket = name.partition("\x1f")
    return source, ticket


def document(letter: Written, pasted: frozenset[bytes]) -> Document:
    """A ticket made ready for the registry: without templates, unless it is nothing but a template."""
    from supportkit.stats.language import language
    from supportkit.stats.registry import Document
    from supportkit.stats.words import clauses, without_templates

    spoken = language(letter.text)
    own = without_templates(letter.text, pasted) or letter.text
    return Document(
        _name(letter), letter.day, GROUPS.get(spoken, spoken), tuple(map(tuple, clauses(own, spoken))), letter.customer
    )


GROUPS: Final[Mapping[str, str]] = {"uk": "ru", "cyrillic": "ru", "latin": "en"}
"""Languages that share a vector space with another."""


def _name(letter: Written) -> str:
    return "\x1f".join(letter.key)


def _parts(pending: Sequence[Written], *, first: bool) -> Iterable[Sequence[Written]]:
    """All at once, but a large first load in two: a sample that makes the catalogue, then the rest."""
    if not first or len(pending) <= FIRST_TEXTS:
        return [pending] if pending else []
    from zlib import crc32

    drawn = sorted(pending, key=lambda one: (crc32(_name(one).encode()), one.key))
    return [drawn[:FIRST_TEXTS], drawn[FIRST_TEXTS:]]

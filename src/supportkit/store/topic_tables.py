"""The tables of the topic registry, filled at its first refresh: how it is read from a store and written to one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from supportkit.errors import DataError

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from supportkit.stats.topic_registry import Registry
    from supportkit.store.engines import Engine
    from supportkit.store.store import Store

Key = tuple[str, str]
"""A ticket: its source and its id."""
Placed = tuple[int | None, float, str, str]
"""A ticket's topic (None: it fits none yet), the cosine, its language, and the hash of the text this was said of."""


NOTHING_KNOWN: Final = """(
        select cast(null as varchar) as source, cast(null as varchar) as ticket_id, cast(null as bigint) as topic_id,
               cast(null as double) as score, cast(null as varchar) as language, cast(null as varchar) as text_hash
         where false)"""


def has_registry(engine: Engine) -> bool:
    """Whether topics were ever written to the store."""
    if not engine.has("topic_assignment"):
        return False
    query = "select 1 from main.topic_assignment union all select 1 from main.topic_space limit 1"
    return bool(engine.rows(query, {}))


def read_registry(engine: Engine) -> Registry:
    """The registry of a store; an empty one where there is none yet."""
    import numpy as np

    from supportkit.stats.text_space import Space
    from supportkit.stats.topic_registry import Registry, Topic

    if not has_registry(engine):
        return Registry()
    spaces = engine.rows("select space, data from main.topic_space order by space", {})
    centres: dict[int, dict[str, object]] = {}
    query = "select topic_id, space, centre from main.topic_centre order by topic_id, space"
    for number, space, centre in engine.rows(query, {}):
        centres.setdefault(number, {})[space] = np.asarray(centre, dtype=float)
    query = "select topic_id, name, name_locked, born, terms, merged_into from main.topic order by topic_id"
    topics = tuple(
        Topic(number, name, born, tuple(terms), centres.get(number, {}), bool(locked), into)
        for number, name, locked, born, terms, into in engine.rows(query, {})
    )
    try:
        return Registry({space: Space.from_bytes(data) for space, data in spaces}, topics)
    except ValueError as error:
        raise DataError(
            "the topics that the store keeps cannot be read",
            hint="supportkit undo, or load the exports into a new store",
        ) from error


def known_assignments(engine: Engine) -> str:
    """What is written of the tickets' topics, as a table for SQL: nothing where the store has no registry yet."""
    return "main.topic_assignment" if engine.has("topic_assignment") else NOTHING_KNOWN


def members(engine: Engine) -> dict[Key, int]:
    """The topic of each ticket that has one."""
    query = "select source, ticket_id, topic_id from main.topic_assignment where topic_id is not null"
    return {(source, ticket): topic for source, ticket, topic in engine.rows(query, {})}


def write_registry(connection: DuckDBPyConnection, registry: Registry) -> None:
    """Put a registry in the place of the one before; no assignment is touched."""
    connection.execute("delete from main.topic_space; delete from main.topic; delete from main.topic_centre")
    for space, fitted in registry.spaces.items():
        connection.execute(
            "insert into main.topic_space values ($space, $data)", {"space": space, "data": fitted.to_bytes()}
        )
    for topic in registry.topics:
        connection.execute(
            "insert into main.topic values ($number, $name, $locked, $born, $terms, $into)",
            {
                "number": topic.topic_id,
                "name": topic.name,
                "locked": topic.name_locked,
                "born": topic.born,
                "terms": list(topic.terms),
                "into": topic.merged_into,
            },
        )
        for space, centre in topic.centres.items():
            connection.execute(
                "insert into main.topic_centre values ($number, $space, $centre)",
                {"number": topic.topic_id, "space": space, "centre": [float(part) for part in centre]},
            )


def push_placed(engine: Engine, placed: Mapping[Key, Placed]) -> None:
    """Keep these assignments as the table `newly_placed`."""
    columns = dict.fromkeys(("source", "ticket_id", "topic_id", "score", "language", "text_hash"), "varchar")
    rows = [(*key, *rest) for key, rest in sorted(placed.items(), key=lambda one: one[0])]
    engine.push("newly_placed", columns | {"topic_id": "bigint", "score": "double"}, rows)


def replace_assignments(store: Store, placed: Mapping[Key, Placed]) -> None:
    """Write these assignments in the place of those of the same tickets."""
    push_placed(store.engine, placed)
    known = "(source, ticket_id) in (select (source, ticket_id) from newly_placed)"
    store.connection.execute(f"delete from main.topic_assignment where {known}")
    store.connection.execute("insert into main.topic_assignment by name from newly_placed")
    store.engine.drop("newly_placed")

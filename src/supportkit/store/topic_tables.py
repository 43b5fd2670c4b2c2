"""The tables of the topic registry, filled at its first refresh: how it is read from a store and written to one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from supportkit.store.ours import is_there

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from supportkit.stats.registry import Registry

Key = tuple[str, str]
"""A ticket: its source and its id."""
Placed = tuple[int | None, float, str, str]
"""A ticket's topic (None: it fits none yet), the cosine, its language, and the hash of the text this was said of."""


def has_registry(connection: DuckDBPyConnection) -> bool:
    """Whether topics were ever written to the store."""
    if not is_there(connection, "topic_assignment"):
        return False
    query = "select 1 from main.topic_assignment union all select 1 from main.topic_space limit 1"
    return bool(connection.execute(query).fetchall())


def read_registry(connection: DuckDBPyConnection) -> Registry:
    """The registry of a store; an empty one where there is none yet."""
    import numpy as np

    from supportkit.stats.registry import Registry, Topic
    from supportkit.stats.space import Space

    if not has_registry(connection):
        return Registry()
    spaces = connection.execute("select space, data from main.topic_space order by space").fetchall()
    centres: dict[int, dict[str, object]] = {}
    query = "select topic_id, space, centre from main.topic_centre order by topic_id, space"
    for number, space, centre in connection.execute(query).fetchall():
        centres.setdefault(number, {})[space] = np.asarray(centre, dtype=float)
    query = "select topic_id, name, name_locked, born, terms, merged_into from main.topic order by topic_id"
    topics = tuple(
        Topic(number, name, born, tuple(terms), centres.get(number, {}), bool(locked), into)
        for number, name, locked, born, terms, into in connection.execute(query).fetchall()
    )
    return Registry({space: Space.from_bytes(data) for space, data in spaces}, topics)


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


def show_known(connection: DuckDBPyConnection) -> None:
    """Make the temporary view `known_assignment`: what is written, nothing where the store has no registry yet."""
    place = "from main.topic_assignment"
    if not has_registry(connection):
        columns = ("source", "ticket_id", "topic_id", "score", "language", "text_hash")
        types = ("varchar", "varchar", "bigint", "double", "varchar", "varchar")
        empty = ", ".join(f"cast(null as {kind}) as {name}" for name, kind in zip(columns, types, strict=True))
        place = f"select {empty} where false"
    connection.execute(f"create or replace temp view known_assignment as {place}")


def members(connection: DuckDBPyConnection) -> dict[Key, int]:
    """The topic of each ticket that has one."""
    query = "select source, ticket_id, topic_id from main.topic_assignment where topic_id is not null"
    return {(source, ticket): topic for source, ticket, topic in connection.execute(query).fetchall()}


def replace_assignments(connection: DuckDBPyConnection, placed: Mapping[Key, Placed], table: str) -> None:
    """Put these assignments into a table, in the place of those of the same tickets."""
    rows = [(*key, *rest) for key, rest in sorted(placed.items(), key=lambda one: one[0])]
    columns = [list(column) for column in zip(*rows, strict=True)] if rows else [[] for _ in range(6)]
    bound = dict(zip(("source", "ticket", "topic", "score", "language", "hash"), columns, strict=True))
    connection.execute(
        """create or replace temp table newly_placed as
           select unnest(cast($source as varchar[])) as source, unnest(cast($ticket as varchar[])) as ticket_id,
                  unnest(cast($topic as bigint[])) as topic_id, unnest(cast($score as double[])) as score,
                  unnest(cast($language as varchar[])) as language, unnest(cast($hash as varchar[])) as text_hash""",
        bound,
    )
    connection.execute(
        f"delete from {table} where (source, ticket_id) in (select (source, ticket_id) from newly_placed)"
    )
    connection.execute(f"insert into {table} from temp.newly_placed; drop table temp.newly_placed")

"""The tables of the topic registry, filled at its first refresh: how it is read from a store and written to one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from supportkit.errors import DataError

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from supportkit.stats.topic_records import Registry, Wording
    from supportkit.store.engines import Engine
    from supportkit.store.store import Store

Key = tuple[str, str]
"""A ticket: its source and its id."""
Placed = tuple[int | None, float, str, str]
"""A ticket's wording (None: it fits none yet), the cosine, its language, and the hash of the text this was said of."""

NOTHING_KNOWN: Final = """(
        select cast(null as varchar) as source, cast(null as varchar) as ticket_id, cast(null as bigint) as topic_id,
               cast(null as double) as score, cast(null as varchar) as language, cast(null as varchar) as text_hash
         where false)"""
SQL_OF_TROUBLE: Final = "select topic_id, trouble_id, stems, shares from main.topic_trouble order by topic_id"
SQL_TROUBLES: Final = """
select trouble_id, name, name_locked, born, category, merged_into
  from main.trouble
 order by trouble_id
"""


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
    from supportkit.stats.topic_records import Registry, Trouble, Wording

    if not has_registry(engine):
        return Registry()
    spaces = engine.rows("select space, data from main.topic_space order by space", {})
    centres: dict[int, dict[str, object]] = {}
    query = "select topic_id, space, centre from main.topic_centre order by topic_id, space"
    for number, space, centre in engine.rows(query, {}):
        centres.setdefault(number, {})[space] = np.asarray(centre, dtype=float)
    query = "select topic_id, name, name_locked, born, terms, merged_into from main.topic order by topic_id"
    of_trouble: dict[int, tuple[int, dict[str, float]]] = {}
    troubles: list[Trouble] = []
    if engine.has("topic_trouble"):
        for number, trouble, stems, shares in engine.rows(SQL_OF_TROUBLE, {}):
            of_trouble[number] = trouble, dict(zip(stems, shares, strict=True))
        troubles = [
            Trouble(number, name, born, category, bool(locked), into)
            for number, name, locked, born, category, into in engine.rows(SQL_TROUBLES, {})
        ]
    wordings = []
    for number, name, locked, born, terms, into in engine.rows(query, {}):
        trouble, profile = of_trouble.get(number, (None, {}))
        known = centres.get(number, {})
        wordings.append(Wording(number, name, born, tuple(terms), known, bool(locked), into, trouble, profile))
    try:
        fitted = {space: Space.from_bytes(data) for space, data in spaces}
        return Registry(fitted, tuple(wordings), tuple(troubles))
    except ValueError as error:
        raise DataError(
            "the topics that the store keeps cannot be read",
            hint="supportkit undo, or load the exports into a new store",
        ) from error


def known_assignments(engine: Engine) -> str:
    """What is written of the tickets' topics, as a table for SQL: nothing where the store has no registry yet."""
    return "main.topic_assignment" if engine.has("topic_assignment") else NOTHING_KNOWN


def members(engine: Engine) -> dict[Key, int]:
    """The wording of each ticket that has one."""
    query = "select source, ticket_id, topic_id from main.topic_assignment where topic_id is not null"
    return {(source, ticket): topic for source, ticket, topic in engine.rows(query, {})}


def write_registry(connection: DuckDBPyConnection, registry: Registry) -> None:
    """Put a registry in the place of the one before; no assignment is touched."""
    for table in ("topic_space", "topic", "topic_centre", "trouble", "topic_trouble"):
        connection.execute(f"delete from main.{table}")
    for space, fitted in registry.spaces.items():
        connection.execute(
            "insert into main.topic_space values ($space, $data)", {"space": space, "data": fitted.to_bytes()}
        )
    for trouble in registry.troubles:
        connection.execute(
            "insert into main.trouble values ($number, $name, $locked, $born, $category, $into)",
            {
                "number": trouble.trouble_id,
                "name": trouble.name,
                "locked": trouble.name_locked,
                "born": trouble.born,
                "category": trouble.category,
                "into": trouble.merged_into,
            },
        )
    for wording in registry.wordings:
        _write_wording(connection, wording)


def _write_wording(connection: DuckDBPyConnection, wording: Wording) -> None:
    number = wording.wording_id
    connection.execute(
        "insert into main.topic values ($number, $name, $locked, $born, $terms, $into)",
        {
            "number": number,
            "name": wording.name,
            "locked": wording.name_locked,
            "born": wording.born,
            "terms": list(wording.terms),
            "into": wording.merged_into,
        },
    )
    if wording.trouble_id is not None:
        stems, shares = list(wording.profile), [float(share) for share in wording.profile.values()]
        connection.execute(
            "insert into main.topic_trouble values ($number, $trouble, $stems, $shares)",
            {"number": number, "trouble": wording.trouble_id, "stems": stems, "shares": shares},
        )
    for space, centre in wording.centres.items():
        connection.execute(
            "insert into main.topic_centre values ($number, $space, $centre)",
            {"number": number, "space": space, "centre": [float(part) for part in centre]},
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

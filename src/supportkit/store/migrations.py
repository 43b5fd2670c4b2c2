"""How a store of an older release becomes one of today's: numbered steps, in the copy that the next load makes.

Until then a reader sees an old store as one of today's, by views in memory. What an older release did not keep is null
in both: nobody can know it but from the export, read again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import field
from functools import cache
from typing import TYPE_CHECKING, Final

from supportkit.store.identifiers import quoted
from supportkit.store.schema import LEDGER, OLDER, PARTS, REGISTERS, SCHEMA_VERSION, TABLES, Field, columns_of, ddl
from supportkit.system.frozen import dataclass

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

OURS: Final = (*TABLES, *PARTS, *OLDER, *LEDGER, *REGISTERS)


@dataclass(frozen=True)
class MigrationStep:
    """What a schema has that the one before it had not: columns, with the SQL of what is known of them, and tables;
    and of the columns that hold meanings since, the SQL for what their words mean (`meanings`)."""

    columns: Mapping[str, Mapping[str, str]]
    meanings: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    tables: tuple[str, ...] = ()
    learnt: tuple[str, ...] = ()
    """Statements that find out what the tables say of each other; they are run when a store is migrated."""
    unknown: Mapping[str, str] = field(default_factory=dict)
    """Of the rows that an older release read: what only their export can tell, in words."""


FILES_OF_LOADS: Final = """
update main.loads
   set file_id = first_load.load_id
  from (select sha256, min(load_id) as load_id from main.loads group by sha256) as first_load
 where loads.sha256 = first_load.sha256
"""
"""An older release loaded a file under its fingerprint, too."""
FILES_OF_ROWS: Final = """
update main.{table}
   set file_id = came.file_id
  from (select source, file, loaded_at, min(file_id) as file_id
          from main.loads
         where table_name = '{table}'
         group by all
        having count(distinct file_id) = 1) as came
 where {table}.source = came.source and {table}.source_file = came.file and {table}.loaded_at = came.loaded_at
"""
"""Rows of one of two files that had one name and were loaded at once belong to none."""


def _state(column: str, *known: str) -> tuple[str, str]:
    """The SQL for the meaning of a word that stood as it was written, which the next load of its vendor reads again,
    and for the word beside it."""
    words = ", ".join(f"'{word}'" for word in known)
    return (
        f"case when {column} in ({words}) or {column} is null then {column} else 'unknown' end",
        f"case when {column} not in ({words}) then {column} end",
    )


def _verdict(column: str) -> tuple[str, str]:
    """The same for a verdict, in the words that 0.1 knew."""
    met = "'within', 'within sla', 'met', 'true', 'yes', '1'"
    missed = "'breached', 'sla violated', 'violated', 'false', 'no', '0'"
    return (
        f"case when lower({column}) in ({met}) then 'within' when lower({column}) in ({missed}) then 'breached' end",
        f"case when {column} not in ('within', 'breached') then {column} end",
    )


def _satisfaction() -> tuple[str, str]:
    """The same for a rating in the ticket, in the words that 0.1 knew."""
    degree = "^((extremely|very|highly|completely) )?"
    good = f"{degree}(happy|satisfied)|^(good|great|amazing|positive)"
    bad = f"{degree}(unhappy|dissatisfied|unsatisfied)|^(bad|awful|negative|neutral|ok)"
    word = "lower(trim(satisfaction))"
    meaning = (
        "case when satisfaction is null or try_cast(satisfaction as double) is not null then satisfaction "
        f"when regexp_matches({word}, '{good}') then 'good' when regexp_matches({word}, '{bad}') then 'bad' "
        f"when {word} = 'offered' then 'offered' when {word} in ('not offered', 'unoffered', '') then 'unoffered' "
        "else 'unknown' end"
    )
    return meaning, f"case when {meaning} <> satisfaction then satisfaction end"


def _of_status(sql: str, other: str = "null") -> str:
    """The SQL of a change of state, and of another entry of a log."""
    return f"case when kind = 'status' then {sql} else {other} end"


_STATES: Final = ("new", "open", "pending", "hold", "solved", "closed")
_SATISFACTION: Final = _satisfaction()
_STATUS: Final = _state("status", *_STATES)
_FROM: Final = _state("from_value", *_STATES, "merged", "spam", "deleted")
_TO: Final = _state("to_value", *_STATES, "merged", "spam", "deleted")
_SENDER: Final = _state("sender", "customer", "agent", "bot", "system")
_KIND: Final = _state("kind", "message", "note", "status", "assign")
_FIRST_REPLY: Final = _verdict("sla_first_reply")
_RESOLUTION: Final = _verdict("sla_resolution")

STEPS: Final[Mapping[int, MigrationStep]] = {
    2: MigrationStep(
        columns={
            "tickets": {
                "country_as_written": "null",
                "status_as_written": _STATUS[1],
                "satisfaction_as_written": _SATISFACTION[1],
                "sla_first_reply_as_written": _FIRST_REPLY[1],
                "sla_resolution_as_written": _RESOLUTION[1],
                "is_complaint_as_written": "null",
                "opener": "null",
                "opener_as_written": "null",
                "file_id": "null",
            },
            "messages": {
                "agent": "null",
                "sender_as_written": _SENDER[1],
                "kind_as_written": _KIND[1],
                "public_as_written": "null",
                "from_value_as_written": _of_status(_FROM[1]),
                "to_value_as_written": _of_status(_TO[1]),
                "file_id": "null",
            },
            "orders": {
                "status_as_written": "null",
                "currency_as_written": "null",
                "country_as_written": "null",
                "file_id": "null",
            },
            "surveys": {
                "country_as_written": "null",
                "kind_as_written": "null",
                "score_as_written": "null",
                "superseded_at": "null",
                "file_id": "null",
            },
            "events": {"country_as_written": "null", "sequence": "null", "file_id": "null"},
            "loads": {
                "older": "0",
                "reading": "null",
                "file_id": "null",
                "replaced": "0",
                "replaced_by": "null",
                "release": "null",
            },
        },
        meanings={
            "tickets": {
                "status": _STATUS[0],
                "satisfaction": _SATISFACTION[0],
                "sla_first_reply": _FIRST_REPLY[0],
                "sla_resolution": _RESOLUTION[0],
            },
            "messages": {
                "sender": _SENDER[0],
                "kind": _KIND[0],
                "from_value": _of_status(_FROM[0], "from_value"),
                "to_value": _of_status(_TO[0], "to_value"),
            },
        },
        tables=("order_lines", *OLDER, "repeats", "lost_answers"),
        learnt=(FILES_OF_LOADS, *(FILES_OF_ROWS.format(table=table) for table in TABLES)),
        unknown={
            "tickets": "states as written",
            "messages": "names of who wrote",
            "orders": "states as written and the lines of an order",
            "events": "order within one instant",
        },
    )
}
UNKNOWN: Final[Mapping[str, str]] = STEPS[2].unknown
"""What is not known of a table's rows where their load has no `reading`."""


@cache
def columns_at(name: str, version: int) -> tuple[Field, ...]:
    """The columns that a table of ours had in a schema; none where it had no such table."""
    steps = list(_after(version))
    if any(name in step.tables for step in steps):
        return ()
    added = {column for step in steps for column in step.columns.get(name, ())}
    return tuple(column for column in columns_of(name) if column.name not in added)


@cache
def needed_at(version: int) -> tuple[str, ...]:
    """The tables that every store of a schema has."""
    return tuple(name for name in (*TABLES, *PARTS, *OLDER, *LEDGER) if columns_at(name, version))


def migrate(connection: DuckDBPyConnection, database: str, version: int) -> None:
    """Bring the tables of a database, which may be written, from a schema to today's."""
    place = f"{quoted(database)}.main."
    for step in _after(version):
        for table, columns in step.columns.items():
            types = {column.name: column.type for column in columns_of(table)}
            for name, known in columns.items():
                connection.execute(f"alter table {place}{table} add column {name} {types[name]}")
                if known != "null":
                    connection.execute(f"update {place}{table} set {name} = {known}")
        for table, meanings in step.meanings.items():
            changed = ", ".join(f"{name} = {sql}" for name, sql in meanings.items())
            connection.execute(f"update {place}{table} set {changed}")
        connection.execute(ddl(step.tables, place))
        for statement in step.learnt:
            connection.execute(statement.replace("main.", place))
    bound = {"version": str(SCHEMA_VERSION)}
    connection.execute(f"update {place}meta set value = $version where name = 'schema_version'", bound)


def show_as_current(connection: DuckDBPyConnection, database: str, version: int) -> None:
    """Let a connection that only reads see the tables of a schema as today's."""
    for table in OURS:
        before = {column.name for column in columns_at(table, version)}
        if not before and table not in REGISTERS:
            columns = ", ".join(f"cast(null as {column.type}) as {column.name}" for column in columns_of(table))
            connection.execute(f"create temp view {table} as select {columns} where false")
        elif added := [column for column in columns_of(table) if column.name not in before]:
            known = {name: sql for step in _after(version) for name, sql in step.columns.get(table, {}).items()}
            columns = ", ".join(f"cast({known[column.name]} as {column.type}) as {column.name}" for column in added)
            means = {name: sql for step in _after(version) for name, sql in step.meanings.get(table, {}).items()}
            read = ", ".join(f"{sql} as {name}" for name, sql in means.items())
            every = f"* replace ({read})" if read else "*"
            of = f"{quoted(database)}.main.{table}"
            connection.execute(f"create temp view {table} as select {every}, {columns} from {of}")


def _after(version: int) -> Iterator[MigrationStep]:
    return (step for number, step in sorted(STEPS.items()) if number > version)

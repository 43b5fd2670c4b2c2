"""The tables of the store: canonical columns, their types, which are required, and the time each table is cut by."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from supportkit.system.named import NamedTuple

SCHEMA_VERSION: Final = 2
MONEY: Final = "decimal(18,4)"


class Field(NamedTuple):
    """A canonical column: its DuckDB type, whether a row without it is rejected, and the schema that it came with."""

    name: str
    type: str = "varchar"
    required: bool = False
    since: int = 1


class Table(NamedTuple):
    """A table of the store: `time` is an SQL expression for the instant its rows are dated by, `key` its id column.

    `unread` are columns that the store has and that no file fills, `lines` what a row says of a line of its own.
    """

    name: str
    time: str
    fields: tuple[Field, ...]
    key: str | None = None
    unread: tuple[Field, ...] = ()
    lines: tuple[Field, ...] = ()

    @property
    def readable(self) -> tuple[Field, ...]:
        """The columns that a file may have: those of the table, and of its lines."""
        return (*self.fields, *self.lines)

    @property
    def names(self) -> tuple[str, ...]:
        """The canonical column names, in order."""
        return tuple(field.name for field in self.fields)


def _fields(text: str, **types: str) -> tuple[Field, ...]:
    """Fields from words: a star marks a required one; types are named beside, text otherwise."""
    return tuple(Field(w.rstrip("*"), types.get(w.rstrip("*"), "varchar"), w.endswith("*")) for w in text.split())


def _later(*names: str) -> tuple[Field, ...]:
    """Columns of text that came with the second schema."""
    return tuple(Field(name, since=2) for name in names)


def _written(*names: str) -> tuple[Field, ...]:
    """The columns for the words as written beside the columns that hold their meanings."""
    return _later(*(f"{name}_as_written" for name in names))


TIME: Final = "timestamptz"
_PROVENANCE: Final = (
    Field("source"),
    Field("source_file"),
    Field("source_row", "bigint"),
    Field("properties", "json"),
    Field("loaded_at", TIME),
    Field("content_hash"),
    Field("occurrence", "bigint"),
    Field("file_id", "bigint", since=2),
)

TICKETS: Final = Table(
    "tickets",
    "created_at",
    _fields(
        "ticket_id* created_at* customer_id channel status priority subject body category tags country language "
        "product agent team first_reply_at solved_at closed_at updated_at reopens replies sla_first_reply "
        "sla_resolution vendor_first_reply_s vendor_resolution_s satisfaction is_complaint cost",
        created_at=TIME,
        tags="varchar[]",
        first_reply_at=TIME,
        solved_at=TIME,
        closed_at=TIME,
        updated_at=TIME,
        reopens="bigint",
        replies="bigint",
        vendor_first_reply_s="bigint",
        vendor_resolution_s="bigint",
        is_complaint="boolean",
        cost=MONEY,
    )
    + _written("country", "status", "satisfaction", "sla_first_reply", "sla_resolution", "is_complaint")
    + _later("opener")
    + _written("opener"),
    key="ticket_id",
)
MESSAGES: Final = Table(
    "messages",
    "sent_at",
    _fields(
        "ticket_id* sent_at* sender* public kind from_value to_value text channel",
        sent_at=TIME,
        public="boolean",
    )
    + _later("agent")
    + _written("sender", "kind", "public", "from_value", "to_value"),
)
ORDERS: Final = Table(
    "orders",
    "ordered_at",
    _fields(
        "order_id* ordered_at* customer_id amount* currency refunded status country channel payment_method product",
        ordered_at=TIME,
        amount=MONEY,
        refunded=MONEY,
    )
    + _written("status", "currency", "country"),
    key="order_id",
    lines=_fields("line sku quantity price", quantity="decimal(18,4)", price=MONEY),
)
SURVEYS: Final = Table(
    "surveys",
    "coalesce(responded_at, invited_at)",
    _fields(
        "kind* score responded_at scale_min scale_max item weight comment customer_id ticket_id order_id channel "
        "country agent invited_at",
        score="double",
        responded_at=TIME,
        scale_min="double",
        scale_max="double",
        weight="double",
        invited_at=TIME,
    )
    + _written("country", "kind", "score"),
    unread=_fields("superseded_at", superseded_at=TIME),
)
EVENTS: Final = Table(
    "events",
    "occurred_at",
    _fields(
        "user_id* occurred_at* step* country device payment_method plan session_id",
        occurred_at=TIME,
    )
    + _written("country")
    + (Field("sequence", "bigint", since=2),),
)
ORDER_LINES: Final = Table(
    "order_lines",
    "ordered_at",
    _fields(
        "order_id* line* product sku quantity amount currency refunded ordered_at adds",
        quantity="decimal(18,4)",
        amount=MONEY,
        refunded=MONEY,
        ordered_at=TIME,
        adds="boolean",
    ),
)

TABLES: Final[dict[str, Table]] = {table.name: table for table in (TICKETS, MESSAGES, ORDERS, SURVEYS, EVENTS)}
PARTS: Final[dict[str, Table]] = {table.name: table for table in (ORDER_LINES,)}
"""Tables that come with the rows of another one and are not loaded by themselves.

Lines whose amounts do not come to their order's, which the export states once, do not add."""
OLDER: Final[dict[str, Table]] = {
    f"{table.name}_older": table._replace(name=f"{table.name}_older")
    for table in (TICKETS, ORDERS, SURVEYS, ORDER_LINES)
}
"""Versions of rows that a later one goes before: what would be shown if the later one's file were read otherwise."""
STORED: Final[dict[str, Table]] = TABLES | PARTS | OLDER
"""Every table that holds rows of the exports."""
PROVENANCE: Final[tuple[str, ...]] = tuple(field.name for field in _PROVENANCE)

LEDGER: Final[dict[str, tuple[Field, ...]]] = {
    "meta": _fields("name value"),
    "loads": _fields(
        "load_id file table_name source sha256 read loaded updated unchanged rejected loaded_at older reading "
        "file_id replaced replaced_by release",
        load_id="bigint",
        read="bigint",
        loaded="bigint",
        updated="bigint",
        unchanged="bigint",
        rejected="bigint",
        loaded_at=TIME,
        older="bigint",
        file_id="bigint",
        replaced="bigint",
        replaced_by="bigint",
    ),
    "repeats": _fields(
        "table_name file_id source_row of_file of_row",
        file_id="bigint",
        source_row="bigint",
        of_file="bigint",
        of_row="bigint",
    ),
    "rejects": _fields("load_id file line column_name reason raw", load_id="bigint", line="bigint"),
    "lost_answers": _fields(
        "load_id kind word answered_at answers", load_id="bigint", answered_at=TIME, answers="bigint"
    ),
    "suppressed": _fields("token"),
    "property_names": _fields("table_name name"),
}
"""What the store knows of its loads: the books, what was refused, answers whose score nobody could read, who was
erased, the names of extra columns.

read = loaded + updated + unchanged + older + rejected. `reading` is JSON: how the file was read; null before 0.2. A
file keeps its `file_id` whatever it is read as, the greater the later it was first loaded; a row is known by that and
its `source_row`. A load that read a file anew has `replaced` so many rows of the loads that say `replaced_by`.
`repeats` are the rows of a file that are equal to one that another file brought.
"""

REGISTERS: Final[dict[str, tuple[Field, ...]]] = {
    "arrivals": _fields(
        "loaded_at loaded_on day tickets", loaded_at=TIME, loaded_on="date", day="date", tickets="bigint"
    ),
    "issue": _fields(
        "issue_id title terms opened_at closed_at owner link",
        issue_id="bigint",
        terms="varchar[]",
        opened_at=TIME,
        closed_at=TIME,
    ),
    "topic_space": _fields("space data", data="blob"),
    "topic": _fields(
        "topic_id name name_locked born terms merged_into",
        topic_id="bigint",
        name_locked="boolean",
        born="date",
        terms="varchar[]",
        merged_into="bigint",
    ),
    "trouble": _fields(
        "trouble_id name name_locked born category merged_into",
        trouble_id="bigint",
        name_locked="boolean",
        born="date",
        merged_into="bigint",
    ),
    "topic_trouble": _fields(
        "topic_id trouble_id stems shares", topic_id="bigint", trouble_id="bigint", stems="varchar[]", shares="double[]"
    ),
    "topic_centre": _fields("topic_id space centre", topic_id="bigint", centre="float[]"),
    "topic_assignment": _fields(
        "source ticket_id topic_id score language text_hash", topic_id="bigint", score="double"
    ),
}
"""What is kept beside the loads: how late tickets became known, known issues, topics. An older store may lack them.

A row of `topic` is a wording, as release 0.2.0 had it; `trouble` and `topic_trouble` say which are of one problem."""


def columns_of(name: str) -> tuple[Field, ...]:
    """The columns of any table of a store; those of a later schema stand last, as in a store that was migrated."""
    table = STORED.get(name)
    if table is not None:
        first = [field for field in table.fields if field.since == 1]
        later = [field for field in table.fields if field.since > 1]
        came = [field for field in _PROVENANCE if field.since == 1]
        came_later = [field for field in _PROVENANCE if field.since > 1]
        return (*first, *came, *later, *table.unread, *came_later)
    return LEDGER[name] if name in LEDGER else REGISTERS[name]


def ddl(names: Iterable[str], place: str = "") -> str:
    """The statements that make these tables where they are missing; `place` goes before their names."""
    made = []
    for name in names:
        columns = ", ".join(f"{field.name} {field.type}" for field in columns_of(name))
        made.append(f"create table if not exists {place}{name} ({columns});")
    return "\n".join(made)

"""The tables of the store: canonical columns, their types, which are required, and the time each table is cut by."""

from __future__ import annotations

from typing import Final, NamedTuple

SCHEMA_VERSION: Final = 1
MONEY: Final = "decimal(18,4)"


class Field(NamedTuple):
    """A canonical column: its DuckDB type and whether a row without it is rejected."""

    name: str
    type: str = "varchar"
    required: bool = False


class Table(NamedTuple):
    """A table of the store: `time` is an SQL expression for the instant its rows are dated by, `key` its id column."""

    name: str
    time: str
    fields: tuple[Field, ...]
    key: str | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """The canonical column names, in order."""
        return tuple(field.name for field in self.fields)


def _fields(text: str, **types: str) -> tuple[Field, ...]:
    """Fields from words: a star marks a required one; types are named beside, text otherwise."""
    return tuple(Field(w.rstrip("*"), types.get(w.rstrip("*"), "varchar"), w.endswith("*")) for w in text.split())


TIME: Final = "timestamptz"
_PROVENANCE: Final = (
    Field("source"),
    Field("source_file"),
    Field("source_row", "bigint"),
    Field("properties", "json"),
    Field("loaded_at", TIME),
    Field("content_hash"),
    Field("occurrence", "bigint"),
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
    ),
    key="ticket_id",
)
MESSAGES: Final = Table(
    "messages",
    "sent_at",
    _fields(
        "ticket_id* sent_at* sender* public kind from_value to_value text channel",
        sent_at=TIME,
        public="boolean",
    ),
)
ORDERS: Final = Table(
    "orders",
    "ordered_at",
    _fields(
        "order_id* ordered_at* customer_id amount* currency refunded status country channel payment_method product",
        ordered_at=TIME,
        amount=MONEY,
        refunded=MONEY,
    ),
    key="order_id",
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
    ),
)
EVENTS: Final = Table(
    "events",
    "occurred_at",
    _fields(
        "user_id* occurred_at* step* country device payment_method plan session_id",
        occurred_at=TIME,
    ),
)

TABLES: Final[dict[str, Table]] = {table.name: table for table in (TICKETS, MESSAGES, ORDERS, SURVEYS, EVENTS)}
PROVENANCE: Final[tuple[str, ...]] = tuple(field.name for field in _PROVENANCE)

_LEDGER: Final = """
create table meta (name varchar, value varchar);
create table loads (
    load_id bigint, file varchar, table_name varchar, source varchar, sha256 varchar,
    read bigint, loaded bigint, updated bigint, unchanged bigint, rejected bigint, loaded_at timestamptz);
create table rejects (
    load_id bigint, file varchar, line bigint, column_name varchar, reason varchar, raw varchar);
create table suppressed (token varchar);
create table property_names (table_name varchar, name varchar);
"""


def ddl() -> str:
    """The statements that make the tables of an empty store."""
    tables = []
    for table in TABLES.values():
        columns = ", ".join(f"{field.name} {field.type}" for field in (*table.fields, *_PROVENANCE))
        tables.append(f"create table {table.name} ({columns});")
    return "\n".join(tables) + _LEDGER

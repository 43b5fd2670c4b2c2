"""What of a row is stored: values without personal data, what the file does not give, and the extra columns."""

from __future__ import annotations

from supportkit.exports.masking.column import Column
from supportkit.exports.meanings.gift_cards import GIFTS
from supportkit.exports.recognising.expressions import Header
from supportkit.exports.recognising.header_names import contact_kind
from supportkit.exports.rows.masking_functions import json_sql, person_sql, text_sql
from supportkit.exports.rows.personal_data import Contact
from supportkit.exports.rows.private_cells import PrivateCells
from supportkit.exports.rows.refund_rows import WHOSE
from supportkit.exports.rows.refused_rows import flags, value_sql
from supportkit.exports.rows.staging import UNMASKED, Staging
from supportkit.exports.value_formats.date_sql import clock_change_sql
from supportkit.exports.value_formats.values import (
    FREE_TEXT,
    PEOPLE,
    is_one_of_sql,
    keeps_text,
    meaningful_sql,
    typed_sql,
)
from supportkit.store.schema import Field


def stored_sql(staging: Staging, name: str, private: PrivateCells) -> str:
    """The SQL of a stored column: its value without personal data, or where the row comes from; `private` takes the
    cells that are searched for such data together."""
    if name == "source_row":
        return "record"
    if name == "file_id":
        return "cast($file_id as bigint)"
    if name == WHOSE:
        return f"t{staging.normal.index(staging.known.export.refunds_of)}"
    if name == GIFTS:
        assert staging.known.export.gift_cards is not None
        return staging.known.export.gift_cards.sql(staging.normal, staging.number, is_one_of_sql)
    if name == "properties":
        return f"cast({_properties(staging, private)} as json)"
    field = next((f for f in staging.known.table.readable if f.name == name), None)
    if field is None:
        return f"${name}" if name != "loaded_at" else "cast($loaded_at as timestamptz)"
    if name in flags(staging) and flags(staging)[name] in staging.known.columns:
        flag = flags(staging)[name]  # what is plainly true or false needs no word beside it
        return f"case when v_{flag} is null then g_{flag} end"
    if staging.reading.scores and name == "score_as_written":
        return staging.reading.scores.shown_sql(staging.bind)
    if staging.reading.scores and name in ("scale_min", "scale_max"):
        end = staging.reading.scores.values_sql(staging.bind, "low" if name == "scale_min" else "high")
        return f"coalesce({end}, {value_sql(staging, field) if name in staging.known.columns else 'null'})"
    if name not in staging.known.columns:
        return _absent(staging, field)
    value = value_sql(staging, field)
    if name == "amount" and "status" in staging.known.columns and (paid := staging.known.export.part_paid):
        value = paid.amount(staging.normal, "g_status", value, staging.number)
    if name in PEOPLE:
        return _person(staging, field)
    if name == "currency" and staging.settings.currency:
        return f"coalesce({value}, {staging.bind(staging.settings.currency)})"
    if name == "public" and "kind" not in staging.known.columns:
        return f"case when g_public is null then true else {value} end"
    if staging.settings.pending or not staging.settings.mask or name in UNMASKED:
        return value
    if field.type == "varchar[]":
        return f"cast(cast({json_sql(f'cast(to_json({value}) as varchar)')} as json) as varchar[])"
    if field.type != "varchar":
        return value
    if name in FREE_TEXT:
        return text_sql(value)
    known = staging.known_of(name)
    if known is not None and known.code:
        return private.code(value, known, staging.bind(known.name))
    return private.text(value, quiet=known is not None and known.quiet)


def _absent(staging: Staging, field: Field) -> str:
    if field.name == "currency":
        own = staging.bind(staging.settings.currency) if staging.settings.currency else "null"
        return f"cast({own if staging.signed is None else f'coalesce({staging.sign_sql()}, {own})'} as varchar)"
    return "true" if field.name == "public" else f"cast(null as {field.type})"


def _person(staging: Staging, field: Field) -> str:
    """A customer's id: of the columns given, the first with a value, read as the e-mail, phone or id it holds."""
    parts = []
    given = staging.known.columns[field.name]
    for expression in given:
        kind = (
            contact_kind(staging.headers[expression.place])
            if isinstance(expression, Header) and expression.place >= 0
            else "id"
        )
        value = f"v_{field.name}"
        if len(given) > 1:
            text = meaningful_sql(field, staging.expression_sql(expression, field))
            value = typed_sql(field, text, table=staging.known.table.name, dates=None, numbers=None, zone="")
        contact: Contact = "email" if kind == "email" else "phone" if kind == "phone" else "id"
        if kind == "id" and isinstance(expression, Header) and expression.place >= 0:
            known = staging.reading.columns.get(staging.headers[expression.place])
            contact = "contact" if known is not None and known.contacts else "id"
        parts.append(person_sql(value, contact, mask=staging.settings.mask, pending=staging.settings.pending))
    return parts[0] if len(parts) == 1 else f"coalesce({', '.join(parts)})"


def _properties(staging: Staging, private: PrivateCells) -> str:
    """The cells that no column of ours takes, as a JSON object; what a change of clocks made of a time too."""
    left = staging.known.left_over(staging.headers)
    if not staging.settings.mask:
        left = sorted({*left, *staging.known.personal})
    pairs = {staging.headers[place]: f"t{place}" for place in left}
    pairs |= _clock_changes(staging)
    if not pairs:
        return "cast(null as varchar)"
    masked = (
        {staging.headers[place] for place in left} if staging.settings.mask and not staging.settings.pending else set()
    )
    listed = []
    for name, cell in sorted(pairs.items()):
        header = staging.bind(name)
        if name in masked:
            cell = private.property(cell, staging.reading.columns.get(name) or Column(name), header)
        listed.append(f"{header}, {cell}")
    made = f"cast(json_merge_patch('{{}}', json_object({', '.join(listed)})) as varchar)"
    return f"case when coalesce({', '.join(pairs.values())}) is not null then {made} end"


def private_columns(staging: Staging) -> dict[str, str]:
    """What is left for `protect_stage`: our columns, and what each holds."""
    found = {name: "person" for name in staging.known.columns if name in PEOPLE}
    if not staging.settings.mask:
        return found
    for column in staging.fields():
        if column.name not in UNMASKED | PEOPLE and keeps_text(column):
            coded = staging.coded(column.name)
            text = "text" if coded is None else f"code {coded.name}"
            found[column.name] = text if column.type == "varchar" else "tags"
    return found | ({"properties": "json"} if staging.known.left_over(staging.headers) else {})


def property_names(staging: Staging) -> list[str]:
    """The names that properties can have."""
    left = staging.known.left_over(staging.headers)
    if not staging.settings.mask:
        left = sorted({*left, *staging.known.personal})
    return [*(staging.headers[place] for place in left), *_clock_changes(staging)]


def _clock_changes(staging: Staging) -> dict[str, str]:
    changes = {}
    for name in staging.dated:
        dates, zone = staging.reading.dates.get(name), staging.reading.zones[name]
        if dates and zone != "UTC" and any(form.local_time for form in dates.formats):
            changes[f"{name}_clock"] = clock_change_sql(f"g_{name}", dates, staging.bind(zone), f"w_{name}")
    return changes

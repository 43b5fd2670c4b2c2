"""The SQL that reads instants from the texts of a column, in the formats that were found for it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from supportkit.exports.value_formats.date_formats import EPOCHS, Dates, EpochUnit, Form, Format
from supportkit.exports.value_formats.long_dates import WRITTEN_OUT, long_sql
from supportkit.exports.value_formats.month_words import plain_sql, worded_sql

IN_RANGE: Final = "between timestamptz '1900-01-01' and timestamptz '2200-01-01'"
_SERIAL_DAYS: Final = "between timestamp '1970-01-01' and timestamp '2100-01-01'"  # a number of another kind is no date
_FINER: Final = "%n"
"""The sign of nanoseconds in a format."""
_FORMS: Final[tuple[Form, ...]] = ("", "worded", "long")


def moment_sql(value: str, dates: Dates, zone: str) -> str:
    """The SQL for the instant a text stands for, null where unreadable; `zone` is SQL for the source's time zone."""
    branches = [read for form in _FORMS for read in _branches(_brought(value, form), dates.of(form), zone)]
    if not branches:
        return "cast(null as timestamptz)"
    return branches[0] if len(branches) == 1 else f"coalesce({', '.join(branches)})"


def _branches(text: str, formats: Sequence[Format], zone: str) -> list[str]:
    """The SQL of the instants that formats read from a text, one for each origin of the zone."""
    branches = []
    if local := _listed(formats, "local"):
        branches.append(f"timezone({zone}, {_parsed(text, local)})")
    if utc := _listed(formats, "utc"):
        branches.append(f"make_timestamptz(epoch_us(try_strptime({text}, {utc})))")
    if offset := _listed(formats, "offset"):
        blank = f"regexp_replace({text}, '(?i) ?(?:gmt|utc)?([+-])(\\d{{1,2}})(:?\\d{{2}})?$', ' \\1\\2\\3')"
        padded = f"regexp_replace({blank}, ' ([+-])(\\d)(:?\\d{{2}})?$', ' \\10\\2\\3')"
        parsed = f"try_strptime({padded}, {offset})"
        branches.append(
            f"make_timestamptz(epoch_us(timezone('UTC', {parsed})))"
            if _FINER in offset
            else f"cast({parsed} as timestamptz)"
        )
    for name in dict.fromkeys(one.name for one in formats if one.zone == "named"):
        branches.append(_named(text, name, [one for one in formats if one.name == name]))
    for unit in dict.fromkeys(one.unit for one in formats if one.zone == "epoch"):
        branches.append(_since_1970(text, unit))
    if any(one.zone == "serial" for one in formats):
        number = f"case when regexp_full_match({text}, '\\d{{5}}([.,]\\d+)?') then replace({text}, ',', '.') end"
        passed = f"to_milliseconds(cast(round(cast({number} as double) * 86400000) as bigint))"
        day = f"timestamp '1899-12-30' + {passed}"
        branches.append(f"timezone({zone}, case when {day} {_SERIAL_DAYS} then {day} end)")
    return branches


def _parsed(text: str, listed: str) -> str:
    """The SQL of a local time; one that is written finer than in microseconds is rounded down to them."""
    parsed = f"try_strptime({text}, {listed})"
    return f"make_timestamp(epoch_us({parsed}))" if _FINER in listed else parsed


def _named(text: str, name: str, formats: Sequence[Format]) -> str:
    """The SQL of an instant whose zone is named at the end of its text; the name is one that we know."""
    from supportkit.exports.value_formats.zone_names import zone_named

    quoted = name.replace("'", "''")
    before = f"case when suffix(lower({text}), '{quoted}') then left({text}, len({text}) - {len(name)}) end"
    local = _parsed(before, _listed(formats, "named"))
    zone = zone_named(name.strip(" ,"))
    if isinstance(zone, str):
        return f"timezone('{zone}', {local})"
    assert zone is not None
    return f"make_timestamptz(epoch_us({local}) - {zone // timedelta(microseconds=1)})"


def _since_1970(text: str, unit: EpochUnit) -> str:
    digits = "|".join(rf"\d{{{length}}}" for length, (one, _) in EPOCHS.items() if one == unit)
    number = f"case when regexp_full_match({text}, '({digits})(\\.\\d{{1,9}})?') then {text} end"
    scale = {"s": "* 1000000", "ms": "* 1000", "us": "* 1", "ns": "/ 1000"}[unit]
    return f"make_timestamptz(cast(floor(cast({number} as decimal(38, 9)) {scale}) as bigint))"


def clock_change_sql(value: str, dates: Dates, zone: str, moment: str) -> str:
    """The SQL for what a change of clocks makes of a local time: 'skipped', 'repeated', or null."""
    lists = [(form, _listed(dates.of(form), "local")) for form in _FORMS]
    read = [_parsed(_brought(value, form), listed) for form, listed in lists if listed]
    if not read:
        return "cast(null as varchar)"
    local = read[0] if len(read) == 1 else f"coalesce({', '.join(read)})"
    return (
        f"case when timezone({zone}, {moment}) <> {local} then 'skipped' "
        f"when timezone({zone}, {moment} - interval 1 hour) = {local} "
        f"or timezone({zone}, {moment} + interval 1 hour) = {local} then 'repeated' end"
    )


def _brought(value: str, form: Form) -> str:
    """The SQL of a text brought out of its form."""
    if form == "worded":
        return f"case when {worded_sql(value)} then {plain_sql(value)} end"
    return f"case when regexp_matches({value}, '{WRITTEN_OUT}') then {long_sql(value)} end" if form else value


def _listed(formats: Sequence[Format], zone: str) -> str:
    """The formats of one origin of the zone as an SQL list; they are made of our own words only."""
    texts = dict.fromkeys(one.text for one in formats if one.zone == zone)
    return "[" + ", ".join(f"'{text}'" for text in texts) + "]" if texts else ""

"""From the text of a cell to a value of a column: which words mean nothing, and the SQL for each type.

Dates and numbers are read in the way the whole column was found to be written; an id stays text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Final

from supportkit.exports.meanings import vocabulary
from supportkit.exports.meanings.nobody import nobody
from supportkit.exports.value_formats.date_formats import Dates
from supportkit.exports.value_formats.date_sql import IN_RANGE, moment_sql
from supportkit.exports.value_formats.number_formats import Numbers, number_sql
from supportkit.store.schema import Field

FREE_TEXT: Final = frozenset({"subject", "body", "text", "comment"})
IDS: Final = frozenset({"ticket_id", "order_id", "customer_id", "user_id", "session_id", "line", "sku"})
BLANKS: Final = " \t\r\n\u00a0\ufeff"
TRIMMED: Final = f"'{BLANKS}'"
PEOPLE: Final = frozenset({"customer_id", "user_id", "agent"})
STAFF: Final = frozenset({"agent", "team"})

_NOTHING: Final = ("", "-", "--", "?", "null", "(null)", "nan", "n/a", "#n/a", r"\n", "undefined")
_NO_VALUE: Final = (
    *(*_NOTHING, "na", "none", "nil", "not available", "unknown", "not set", "unset"),
    *("nicht gesetzt", "non défini", "sin definir", "не задано", "не указано"),
)
_EMPTY: Final = (*_NOTHING, "na", "none", "nil")
_LONGEST: Final = max(len(word.encode()) for word in _NO_VALUE)
NO_DAY: Final = r"^(?:000[01]-|00[./-])|[./]0001\b"
"""How the days are written that databases and programs have for none: `0000-00-00`, `01.01.0001 0:00:00`."""
_PRIORITY: Final[Mapping[str, tuple[str, ...]]] = {
    "low": (
        *(
            "low",
            "minor",
            "lowest",
            "4 - low",
            "niedrig",
            "baja",
            "низкий",
            "faible",
            "basse",
            "bassa",
            "basso",
            "laag",
        ),
        *("niski", "baixa", "düşük"),
    ),
    "normal": (
        *("normal", "medium", "moderate", "3 - moderate", "mittel", "media", "средний", "обычный", "нормальный"),
        *("normale", "moyenne", "medio", "normaal", "gemiddeld", "średni", "normalny", "média", "orta"),
    ),
    "high": (
        *(
            "high",
            "major",
            "2 - high",
            "hoch",
            "alta",
            "высокий",
            "haute",
            "élevée",
            "alto",
            "hoog",
            "wysoki",
            "yüksek",
        ),
    ),
    "urgent": (
        *("urgent", "critical", "highest", "blocker", "1 - critical", "dringend", "urgente", "срочный", "критический"),
        *("kritisch", "critique", "crítica", "critico", "spoed", "pilny", "krytyczny", "acil", "kritik"),
    ),
}
_FRESH_PRIORITY: Final[dict[str, tuple[str, ...]]] = {"low": ("1",), "normal": ("2",), "high": ("3",), "urgent": ("4",)}
_NO_BREAK: Final = r"[\x{a0}\x{2007}\x{2009}\x{202f}]"
_UNSEEN: Final = r"[\x{ad}\x{200b}-\x{200f}\x{202a}-\x{202e}\x{2060}-\x{2064}\x{2066}-\x{2069}\x{feff}]"
_SPECIAL: Final = re.compile(r"[!-/:-@\[-^`{-~]")
_SECONDS: Final = {"s": 1, "m": 60, "h": 3600, "d": 86400}


def is_one_of_sql(text: str, words: Iterable[str]) -> str:
    """The SQL for whether a text is one of our words, in any case: a pattern, since DuckDB plans a join for a list."""
    pattern = "|".join(_SPECIAL.sub(r"\\\g<0>", word) for word in words).replace("'", "''")
    return f"regexp_full_match({text}, '(?i){pattern}')"


def stripped_sql(cell: str) -> str:
    """The SQL for a cell without blanks around it, null where empty; looking for them is cheaper than trimming."""
    starts = " or ".join((f"{cell} < '!'", *(f"prefix({cell}, '{blank}')" for blank in BLANKS if blank > "!")))
    trimmed = f"nullif(trim({cell}, {TRIMMED}), '')"
    return f"case when {starts} or contains({TRIMMED}, {cell}[-1]) then {trimmed} else {cell} end"


def visible_sql(text: str) -> str:
    """The SQL for an id without signs that nobody sees, by which it would be another one elsewhere: `12 345` with a
    no-break space between its thousands is 12345, and what has no width goes."""
    bare = f"regexp_replace({text}, '{_UNSEEN}', '', 'g')"
    apart = f"regexp_full_match({bare}, '\\d{{1,3}}({_NO_BREAK}\\d{{3}})+')"
    return (
        f"case when strlen({text}) = length({text}) then {text} "
        f"when {apart} then regexp_replace({bare}, '{_NO_BREAK}', '', 'g') "
        f"else trim(regexp_replace({bare}, '{_NO_BREAK}', ' ', 'g')) end"
    )


def is_numeric(field: Field) -> bool:
    """Whether a column holds numbers."""
    return field.type in ("bigint", "double") or field.type.startswith("decimal")


def keeps_text(field: Field) -> bool:
    """Whether every text is a value of a column."""
    return field.type in ("varchar", "varchar[]")


def meaningful_sql(field: Field, text: str) -> str:
    """The SQL for a cell's text, null where it says that there is nothing; free text is kept as it is."""
    if field.name in FREE_TEXT:
        return text
    nothing = _NO_VALUE if field.type not in ("varchar", "varchar[]") or field.name in IDS else _NOTHING
    longest = _LONGEST
    if field.type == "timestamptz":
        text = f"case when not regexp_matches({text}, '{NO_DAY}') then {text} end"
    if field.name in STAFF:
        nothing = (*nothing, *nobody())
        longest = max(len(word.encode()) for word in nothing)
    return f"case when strlen({text}) > {longest} or not {is_one_of_sql(text, nothing)} then {text} end"


def filled_sql(text: str) -> str:
    """The SQL for the text of a cell beside a state, null where a placeholder stands in it."""
    return f"case when strlen({text}) > {_LONGEST} or not {is_one_of_sql(text, _EMPTY)} then {text} end"


def typed_sql(
    field: Field,
    text: str,
    *,
    table: str,
    dates: Dates | None,
    numbers: Numbers | None,
    zone: str,
    unit: str = "s",
    split: str = "",
    words: Mapping[str, str] | None = None,
    source: str = "",
    contrary: bool = False,
    spoken: Iterable[str] = (),
) -> str:
    """The SQL for the value of a column from its text; null where it cannot be read. Of what is true or false these are
    the plain words, turned round where the column says the `contrary`; those that are `spoken` for are left."""
    if field.type == "timestamptz":
        return moment_sql(text, dates, zone) if dates else "cast(null as timestamptz)"
    if field.type == "boolean":
        yes, no = ("false", "true") if contrary else ("true", "false")
        known = {way: is_one_of_sql(text, words) for way, words in _flags(frozenset(spoken)).items()}
        return f"case when {known[yes]} then true when {known[no]} then false end"
    if field.type == "varchar[]":
        return _list(text, split)
    if field.type != "varchar":
        number = number_sql(text, numbers or Numbers("plain", ""))
        if field.name.endswith("_s"):
            return _duration(text, number, unit)
        if field.type == "bigint":
            figure = f"try_cast({number} as double)"
            return f"case when {figure} % 1 = 0 then try_cast({figure} as bigint) end"
        return f"try_cast({number} as {field.type})"
    if field.name in IDS:
        text = visible_sql(text)
        whole = f"suffix({text}, '0') and regexp_full_match({text}, '\\d+\\.0+')"
        quoted = f"when prefix({text}, '''') then ltrim({text}, '''')"
        return f"case when {whole} then split_part({text}, '.', 1) {quoted} else {text} end"
    if words or (table == "tickets" and field.name == "priority"):
        return _one_of(field.name, text, words or {}, source)
    return text


def in_range_sql(field: Field, value: str) -> str:
    """The SQL that makes null of an instant no export can mean."""
    return f"case when {value} {IN_RANGE} then {value} end" if field.type == "timestamptz" else value


def _list(text: str, split: str) -> str:
    """A list from one cell: brackets and quotes around it go, empty parts too."""
    bare = f"regexp_replace({text}, '^\\[(.*)\\]$', '\\1')"
    pattern = "\\s+" if split == " " else "[,;|]"
    parts = f"regexp_split_to_array({bare}, '{pattern}')"
    return f"[p for p in [trim(q, ' \"''') for q in {parts}] if p <> '']"


def _duration(text: str, number: str, unit: str) -> str:
    """Seconds from HH:MM:SS or HH:MM, over 24 hours too, or from a number in the vendor's unit."""
    clock = f"regexp_full_match({text}, '-?\\d+:[0-5]\\d(:[0-5]\\d)?')"
    parts = [f"try_cast(nullif(split_part(ltrim({text}, '-'), ':', {n}), '') as bigint)" for n in (1, 2, 3)]
    seconds = f"{parts[0]} * 3600 + {parts[1]} * 60 + coalesce({parts[2]}, 0)"
    scaled = f"try_cast(round(try_cast({number} as double) * {_SECONDS[unit]}) as bigint)"
    return f"case when {clock} then ({seconds}) * (case when {text} like '-%' then -1 else 1 end) else {scaled} end"


def _one_of(name: str, text: str, words: Mapping[str, str], source: str) -> str:
    """The SQL for one of our words; a word that is not known stays as it is."""
    known: dict[str, set[str]] = {}
    tables: list[Mapping[str, tuple[str, ...]]] = [_PRIORITY] if name == "priority" else []
    if name == "priority" and source in ("freshdesk", "freshservice"):
        tables.append(_FRESH_PRIORITY)
    special = {theirs.casefold(): ours for theirs, ours in words.items()}
    for table in tables:
        for ours, all_theirs in table.items():
            known.setdefault(ours, set()).update(set(all_theirs) - set(special))
    for theirs, ours in special.items():
        known.setdefault(ours, set()).add(theirs)
    cases = " ".join(
        f"when {is_one_of_sql(text, sorted(theirs))} then '{ours.replace(chr(39), chr(39) * 2)}'"
        for ours, theirs in sorted(known.items())
        if theirs
    )
    return f"case {cases} else {text} end"


@cache
def _flags(spoken: frozenset[str]) -> dict[str, tuple[str, ...]]:
    """The words of one token for true and for false, which SQL can find as they are."""
    known = vocabulary("yes_no").phrases
    return {
        meaning: tuple(word for word, means in known.items() if means == meaning and word not in spoken)
        for meaning in ("true", "false")
    }

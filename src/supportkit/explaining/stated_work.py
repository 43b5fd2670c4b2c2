"""Time worked as an export states it: `00:12:30`, `1h 20min`, `PT12M`, or bare numbers whose unit is told.

The unit of bare numbers is that of --work-unit, else the one in the column's name (`Time spent (min)`). Without either
they may be anything, as replies that were counted, and are refused; so are columns whose name says that they count or
rate, or tell how long something took to happen, and seconds of which no ticket has a minute.
"""

from __future__ import annotations

import re
from typing import Any, Final, Literal

from supportkit.errors import UsageError
from supportkit.store import Store
from supportkit.system.named import NamedTuple

Unit = Literal["s", "m", "h"]
SECONDS: Final = {"s": 1, "m": 60, "h": 3600}
_UNITS: Final[dict[Unit, str]] = {
    "s": "s|secs?|seconds?|sek|sekunden?|с|сек|секунд[аы]?",
    "m": "m|mins?|minutes?|minuten?|мин|минут[аы]?",
    "h": "h|hrs?|hours?|std|stunden?|ч|час(?:а|ов)?",
}
_COUNTS: Final = frozenset(
    (
        *("count", "counts", "number", "replies", "reopens", "reopened", "comments", "messages", "touches", "contacts"),
        *("interactions", "tickets", "score", "rating", "satisfaction", "id", "price", "amount", "cost"),
    )
)
_ELAPSED: Final = frozenset(["resolution", "elapsed", "wait", "waiting", "age", "first"])
_ELAPSED_COLUMNS: Final = ("vendor_first_reply_s", "vendor_resolution_s")
_HINT: Final = "name the column in which time worked is stated, as 'Total time spent' of a time tracker"
_AMOUNT: Final = r"(\d+(?:[.,]\d+)?)\s*"
_WORDS: Final = "".join(rf"(?:{_AMOUNT}(?:{_UNITS[unit]})\.?)?\s*" for unit in ("h", "m", "s"))
_CLOCK: Final = r"(\d+):([0-5]\d):([0-5]\d(?:\.\d+)?)"
PATTERNS: Final = {"clock": _CLOCK, "worded": _WORDS}
"""Parameters of WORK_S."""


def _part(pattern: str, place: int, seconds: int) -> str:
    text = f"regexp_extract(work_text, ${pattern}, {place})"
    return f"coalesce(try_cast(replace({text}, ',', '.') as double), 0) * {seconds}"


def _sum(pattern: str) -> str:
    return " + ".join(_part(pattern, place, SECONDS[unit]) for place, unit in enumerate(("h", "m", "s"), 1))


COLUMN: Final = "{work}"
WORK_TEXT: Final = f"nullif(regexp_replace(lower(trim({COLUMN})), '^pt', ''), '') as work_text"
"""What the column says, as WORK_S reads it."""
_BARE: Final = "try_cast(replace(work_text, ',', '.') as double)"
_TOLD: Final = f"""case when regexp_full_match(work_text, $clock) then {_sum("clock")}
                    when regexp_full_match(work_text, $worded) then {_sum("worded")} end"""
WORK_S: Final = f"coalesce(case when {_BARE} >= 0 then {_BARE} * $unit end, {_TOLD})"
"""The seconds worked on a ticket; null where none are stated. Bare numbers are in units of $unit seconds."""
SQL_SHAPE: Final = f"""
with said as (select {WORK_TEXT} from tickets)
select count(*) filter (where {_BARE} >= 0) as bare, max({_BARE}) filter (where {_BARE} >= 0) as most,
       count({_TOLD}) as told
  from said
"""


class Shape(NamedTuple):
    """What a column says: bare numbers, the largest of them, and times with their unit; a row of SQL_SHAPE."""

    bare: int
    most: float | None
    told: int


class StatedWork(NamedTuple):
    """The column that states work: its SQL, and the parameters of that and of WORK_S."""

    column: str
    parameters: dict[str, Any]


def stated_work(store: Store, name: str | None, unit: Unit | None) -> StatedWork:
    """The column of that name. Raises UsageError where what it states is no time worked, or its unit is not told."""
    if name is None:
        return StatedWork("cast(null as varchar)", {**PATTERNS, "unit": None})
    column, given = store.expression("tickets", name, "work")
    _refuse_name(name, column)
    told = unit or _unit_in(name)
    (shape,) = store.records(Shape, SQL_SHAPE.replace(COLUMN, column), store.select("tickets"), **given, **PATTERNS)
    if shape.bare and told is None:
        raise UsageError(
            f"--work {name}: bare numbers, and nothing says of what: they may be counts",
            hint="--work-unit s, m or h, where it is time worked",
        )
    if told == "s" and shape.most is not None and shape.most < SECONDS["m"] and not shape.told:
        raise UsageError(
            f"--work {name}: no ticket has more than {shape.most:g}: as seconds this is no work, and may be a count",
            hint="--work-unit m or h, where it is time worked",
        )
    return StatedWork(column, {**given, **PATTERNS, "unit": SECONDS[told] if told else None})


def _refuse_name(name: str, column: str) -> None:
    words = set(_words(name))
    if name in _ELAPSED_COLUMNS or words & _ELAPSED:
        raise UsageError(f"--work {name}: this is time that passed, not work", hint=_HINT)
    is_ours = "json_extract" not in column
    if is_ours or (words & _COUNTS and _unit_in(name) is None):
        raise UsageError(f"--work {name}: this is no time worked", hint=_HINT)


def _unit_in(name: str) -> Unit | None:
    """The unit that a column's name ends in or has in brackets; None where it has none or two."""
    words = _words(name)
    found: list[Unit] = [unit for unit, pattern in _UNITS.items() if any(re.fullmatch(pattern, word) for word in words)]
    return found[0] if len(found) == 1 else None


def _words(name: str) -> list[str]:
    return [word for word in re.split(r"[\W_\d]+", name.casefold()) if word]

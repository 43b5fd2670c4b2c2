"""What the configuration says of tickets that there are none of: a `[calendar.NAME]`, or a target, for a channel, a
priority, a team or a country that no ticket has. It does nothing, and nothing else tells of a name that is misspelled.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from typing import Final

from supportkit.desk.aims import CONDITIONS, DEFAULT, Targets
from supportkit.desk.business_time import Calendars
from supportkit.store import Store

OF_CALENDARS: Final = ("channel", "team", "country")
MOST_TOLD: Final = 12
MOST_NAMES: Final = 1_000


def names_of_nobody(store: Store, calendars: Calendars | None, targets: Targets | None) -> Iterator[str]:
    """A note for each such name, with the nearest that tickets have."""
    if store.figures_only or not (calendars or targets) or not store.has_rows("tickets", "true"):
        return
    for name in sorted({one.name for one in calendars or ()} - {""}):
        if not _is_there(store, OF_CALENDARS, name):
            yield f"[calendar.{name}] is of no ticket: {_others(store, OF_CALENDARS, name)}"
    for name, goal in (targets or {}).items():
        said = {column: str(goal[column]) for column in CONDITIONS if column in goal}
        said = said or ({} if name == DEFAULT else {"channel": name})
        for column, value in said.items():
            if not _is_there(store, (column,), value):
                yield f"[sla.{name}] is of no ticket: {_others(store, (column,), value)}"


def _is_there(store: Store, columns: Sequence[str], name: str) -> bool:
    meets = " or ".join(f"lower({column}) = $name" for column in columns)
    return bool(store.fixed(f"select 1 from main.tickets where {meets} limit 1", name=name.lower()))


def _others(store: Store, columns: Sequence[str], name: str) -> str:
    """Which columns lack a name, and what stands in them: the nearest, else the first."""
    found = [
        value
        for column in columns
        for (value,) in store.fixed(
            f"select distinct {column} from main.tickets where {column} <> '' order by {column} limit {MOST_NAMES}"
        )
    ]
    lower = {value.lower(): value for value in found}
    near = [lower[one] for one in get_close_matches(name.lower(), lower, n=3)]
    told = ", ".join(near or found[:MOST_TOLD])
    lacks = f"none has the {' or '.join((', '.join(columns[:-1]), columns[-1]) if columns[1:] else columns)} {name!r}"
    if not told:
        return lacks
    return f"{lacks}; nearest: {told}" if near else f"{lacks}; there are: {told}"

"""A funnel's figure by the users whose window is over: of what the others do, later events can still change it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from supportkit.funnels.notes import NO_WINDOW
from supportkit.offers.settled import Settled
from supportkit.result import Result, Value
from supportkit.stats.intervals import wilson

Record = Mapping[str, Value]

FIXED: Final = ("started", "open", "matured", "matured_before", "conversion_matured")
"""Figures that no window keeps open: who began, what is open now, and what is of closed windows anyway."""
REACH: Final[Mapping[str, tuple[int, int]]] = {"converted": (0, 1), "users": (0, 1), "dropped": (-1, 1)}
"""By how many users a number can still change for each who waits: who goes on may be lost at a later step."""
NOT_KNOWN: Final = "whose window is over is not known of plain counts: take counts out of [metrics.funnel]"


def settled(result: Result, name: str, record: Record) -> Settled:
    """The figure of that name, in a row of a funnel or in its facts, by the users whose window is over.

    Shares are taken over these users. A number of users is one only where no window is open, and else lies between two;
    those of the first step are known at once. Without a window the figure stays as it is, with a note.
    """
    groups = [key.name for key in result.keys if key.name not in ("step_number", "step")]
    steps = [row for row in result.records() if all(row[one] == record.get(one, row[one]) for one in groups)]
    if name in FIXED or (name == "users" and record["step_number"] == 1):
        return Settled(record, at_once=name in ("started", "users"))
    if any(row["users"] and row["matured"] is None for row in steps):
        plain = not any(note.startswith(NO_WINDOW) for note in result.notes)
        return Settled(record, pending=NOT_KNOWN) if plain else Settled(record, note=NO_WINDOW)
    waiting = sum(_number(row["open"]) for row in steps)
    if not waiting:
        return Settled(record)
    found = _over_closed_windows(name, record, steps)
    if found is None:
        whose = f"{waiting} user" if waiting == 1 else f"{waiting} users"
        low, high = (waiting * side for side in REACH.get(name, (0, 0)))
        pending = f"the window of {whose} is still open: what follows can change it"
        return Settled(record, pending, reach=(low, high) if name in REACH else None)
    so_far = record[name]
    of_all = f"; of all so far {100 * so_far:.1f} %" if isinstance(so_far, float) else ""
    return Settled({**record, **found}, note=f"of the users whose window is over{of_all}")


def _over_closed_windows(name: str, record: Record, steps: list[dict[str, Value]]) -> Record | None:
    """The share, its interval and its n over the users whose window is over; None where it is none of them."""
    matured = [_number(row["matured"]) for row in steps]
    if "step_number" not in record:
        return _of_the_whole(record, steps) if name == "conversion" else None
    place = next(number for number, row in enumerate(steps) if row["step_number"] == record["step_number"])
    if name == "conversion":
        before = _number(record["matured_before"])
        found = _share("conversion", "users_before", matured[place], before)
        low, high = wilson(matured[place], before) if before else (None, None)
        return found and {**found, "conversion_low": low, "conversion_high": high}
    if name == "conversion_from_start":
        return _share(name, "started", matured[place], matured[0])
    after = [n for n, row in enumerate(steps) if n > place and not str(row["step"]).endswith("?")]
    if name == "drop_share" and after:
        return _share(name, "at_risk", matured[place] - matured[after[0]], matured[place])
    return None


def _of_the_whole(record: Record, steps: list[dict[str, Value]]) -> Record | None:
    """The conversion of all groups together; None where a user can be in several of them."""
    first, last = (end(_number(row["step_number"]) for row in steps) for end in (min, max))

    def together(column: str, number: int) -> int:
        return sum(_number(row[column]) for row in steps if row["step_number"] == number)

    if together("users", first) != record["started"]:
        return None
    return _share("conversion", "started", together("matured", last), together("matured", first))


def _share(name: str, n: str, part: int, whole: int) -> Record | None:
    return {name: part / whole, n: whole} if whole else None


def _number(value: Value) -> int:
    return value if isinstance(value, int) else 0

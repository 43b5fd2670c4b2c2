"""A funnel's figure by the users whose window is over: of what the others do, later events can still change it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from supportkit.offers.settled import Settled
from supportkit.result import Result, Value
from supportkit.stats.intervals import wilson

Record = Mapping[str, Value]

FIXED: Final = ("started", "matured", "matured_before", "conversion_matured")
"""Figures that later events do not change: who began, and what is of closed windows anyway."""
NO_WINDOW: Final = "no window: a later entry had less time to convert"


def settled(result: Result, name: str, record: Record) -> Settled:
    """The figure of that name, in a row of a funnel or in its facts, by the users whose window is over.

    Shares are taken over these users. A number of users is one only where no window is open; those of the first step
    are known at once. Without a window the figure stays as it is, with a note.
    """
    groups = [key.name for key in result.keys if key.name not in ("step_number", "step")]
    steps = [row for row in result.records() if all(row[one] == record.get(one, row[one]) for one in groups)]
    if any(row["users"] and row["matured"] is None for row in steps):
        return Settled(record, note=NO_WINDOW)
    waiting = sum(_number(row["open"]) for row in steps)
    if not waiting or name in FIXED or (name == "users" and record["step_number"] == 1):
        return Settled(record)
    found = _over_closed_windows(name, record, steps)
    if found is None:
        whose = f"{waiting} user" if waiting == 1 else f"{waiting} users"
        return Settled(record, pending=f"the window of {whose} is still open: what follows can change it")
    return Settled({**record, **found}, note="of the users whose window is over")


def _over_closed_windows(name: str, record: Record, steps: list[dict[str, Value]]) -> Record | None:
    """The share, its interval and its n over the users whose window is over; None where it is none of them."""
    matured = [_number(row["matured"]) for row in steps]
    if "step_number" not in record:
        return _share("conversion", "started", matured[-1], matured[0]) if name == "conversion" else None
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


def _share(name: str, n: str, part: int, whole: int) -> Record | None:
    return {name: part / whole, n: whole} if whole else None


def _number(value: Value) -> int:
    return value if isinstance(value, int) else 0

"""The damaged rows of the sample files: what broken exports look like, a handful in each file."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass

from benchmarks.shop_data.trade import Row


@dataclass(frozen=True)
class Damage:
    """One damaged line of a file: its physical line, what is wrong, and what ought to become of it."""

    file: str
    line: int
    column: str
    what: str
    fate: str


REJECTED = "rejected"
KEPT = "kept, this cell null"
LOADED = "loaded"
SAME = "unchanged (counted, not loaded twice)"

#: file: (place in the file, column, new value, what, fate); a column of "" is damage to the line as a whole
PLAN: dict[str, tuple[tuple[float, str, str, str, str], ...]] = {
    "tickets": (
        (0.21, "created_at", "31.02.2026 25:61", "no such date", REJECTED),
        (0.34, "ticket_id", "", "no ticket id", REJECTED),
        (0.47, "", "fields", "two fields too many (commas without quotes)", REJECTED),
        (0.55, "", "twice", "an exact duplicate of the line above", SAME),
        (0.63, "reopens", "two", "a number in words", KEPT),
        (0.71, "solved_at", "2025-01-01T00:00:00Z", "solved before it was created", LOADED),
    ),
    "messages": (
        (0.2, "sent_at", "2026-13-01T10:00:00Z", "no such date", REJECTED),
        (0.4, "ticket_id", "", "no ticket id", REJECTED),
        (0.6, "", "fields", "two fields too many (commas without quotes)", REJECTED),
        (0.7, "sender", "", "no sender", REJECTED),
    ),
    "orders": (
        (0.15, "amount", "12.9O", "an amount with a letter O", REJECTED),
        (0.3, "order_id", "", "no order id", REJECTED),
        (0.45, "ordered_at", "yesterday", "no date", REJECTED),
        (0.5, "", "twice", "an exact duplicate of the line above", SAME),
        (0.6, "refunded", "n/a", "no number", KEPT),
        (0.7, "customer_id", "", "no customer (in no per-customer figure)", LOADED),
    ),
    "surveys": (
        (0.25, "score", "11", "a score off its scale", LOADED),
        (0.4, "score", "good", "a score that is no number", REJECTED),
        (0.5, "kind", "", "no kind", REJECTED),
        (0.6, "responded_at", "2026-02-30T10:00:00Z", "no such date", REJECTED),
    ),
    "events": (
        (0.2, "user_id", "", "no user", REJECTED),
        (0.35, "occurred_at", "12:30", "a time without a date", REJECTED),
        (0.5, "", "fields", "two fields too many (commas without quotes)", REJECTED),
        (0.65, "step", "", "no step", REJECTED),
    ),
}


def with_damage(name: str, rows: list[Row]) -> tuple[str, list[Damage]]:
    """The text of a file with its damaged lines, and the list of them.

    Most damaged lines are extra ones, written after the row they are a copy of, so that the sound rows stay whole; only
    a cell that is lost in a row that stays (a fate of "kept" or "loaded") replaces the row itself.
    """
    header = list(rows[0])
    plan = {_place(name, rows, share): (column, value, what, fate) for share, column, value, what, fate in PLAN[name]}
    lines, damages = [_line(header)], list[Damage]()
    for number, row in enumerate(rows):
        if number not in plan:
            lines.append(_line(row.values()))
            continue
        column, value, what, fate = plan[number]
        # an answer keeps no invitation, or it would be taken for one that nobody answered
        other = {"invited_at": ""} if name == "surveys" and fate == REJECTED else {}
        changed = _line((row | other | {column: value}).values()) if column else _broken(row, value)
        lines += [changed] if fate in (KEPT, LOADED) else [_line(row.values()), changed]
        damages.append(Damage(f"{name}.csv", len(lines), column, what, fate))
    return "".join(lines), damages


def _place(name: str, rows: list[Row], share: float) -> int:
    """A row near that place that can be damaged without touching a planted trouble."""
    place = int(len(rows) * share)
    if name == "surveys":
        while rows[place]["kind"] != "nps" or not rows[place]["score"]:
            place += 1
    if name == "tickets":
        while not rows[place]["solved_at"] or rows[place]["reopens"] != "0" or "," not in rows[place]["body"]:
            place += 1
    return place


def _broken(row: Row, how: str) -> str:
    text = _line(row.values())
    return text if how == "twice" else text.replace("\n", ",see below,thanks\n")


def _line(values: object) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerow(values)  # type: ignore[arg-type]
    return text.getvalue()

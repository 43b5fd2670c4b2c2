"""A form of `quality-sample` as people filled it in: what each reader says of each conversation.

A criterion is any column that the sample did not have by itself. Yes and no are read in four languages, numbers from 0
to 1 as they are; an empty cell is not judged. Spreadsheets may have made other delimiters of the commas.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final, NamedTuple

from supportkit.errors import DataError
from supportkit.system.csv_lines import csv_lines

TOLD: Final = (
    *("source", "ticket_id", "agent", "channel", "created_at", "moment", "replies", "mixes", "stratum", "stratum_size"),
    *("inclusion", "reader", "comment"),
)
"""Columns of the sample that are no criteria."""
NEEDED: Final = ("ticket_id", "stratum", "stratum_size")
YES: Final = ("yes", "y", "true", "ja", "j", "да", "x", "+", "oui", "✓")
NO: Final = ("no", "n", "false", "nein", "нет", "-", "non", "✗")
EMPTY: Final = ("", "n/a", "na", "–", "?")


class Reading(NamedTuple):
    """What one reader says of a conversation: its judgements from 0 to 1 by criterion."""

    source: str
    ticket_id: str
    agent: str
    channel: str
    stratum: str
    size: int
    reader: str
    judged: dict[str, float]

    @property
    def score(self) -> float:
        """The mean of its judgements."""
        return sum(self.judged.values()) / len(self.judged)


class Form(NamedTuple):
    """A form that was read back: its criteria, what was judged, and how many lines are empty."""

    criteria: tuple[str, ...]
    readings: list[Reading]
    unread: int


def read_form(file: Path) -> Form:
    """The readings of a form. Raises DataError that names the file, the line and the column."""
    lines = csv_lines(file, f"--form {file}")
    if not lines:
        raise DataError(f"--form {file}: is empty", hint="supportkit quality-sample -o FILE.csv makes one")
    header = [name.strip() for name in lines[0][1]]
    missing = [name for name in NEEDED if name not in header]
    if missing:
        raise DataError(
            f"--form {file}: no column {missing[0]}: it is no form of quality-sample",
            hint="keep the columns of the sample: the chance to be drawn is in them",
        )
    criteria = tuple(name for name in header if name and name not in TOLD)
    if not criteria:
        raise DataError(f"--form {file}: no criterion to judge by", hint="solved, correct, polite: a column for each")
    readings, unread = [], 0
    for number, cells in lines[1:]:
        row = dict(zip(header, (*cells, *[""] * len(header)), strict=False))
        judged = {}
        for name in criteria:
            value = _judgement(row[name], f"--form {file}, line {number}, {name}")
            if value is not None:
                judged[name] = value
        if not judged:
            unread += 1
            continue
        readings.append(
            Reading(
                row.get("source", ""),
                row["ticket_id"].strip(),
                row.get("agent", "").strip() or "(none)",
                row.get("channel", "").strip() or "(none)",
                row["stratum"].strip(),
                _size(row["stratum_size"], f"--form {file}, line {number}, stratum_size"),
                row.get("reader", "").strip(),
                judged,
            )
        )
    return Form(criteria, readings, unread)


def _judgement(cell: str, where: str) -> float | None:
    """A judgement from 0 to 1; None where there is none."""
    word = cell.strip().casefold()
    if word in EMPTY:
        return None
    if word in YES:
        return 1.0
    if word in NO:
        return 0.0
    try:
        value = float(word.replace(",", "."))
    except ValueError:
        value = -1.0
    if not 0 <= value <= 1:
        raise DataError(f"{where}: {cell.strip()!r} is no judgement", hint="yes, no or a number from 0 to 1")
    return value


def _size(cell: str, where: str) -> int:
    digits = cell.strip().replace(",", "").replace("\u202f", "").replace(" ", "").removesuffix(".0")
    if not digits.isdecimal() or int(digits) < 1:
        raise DataError(f"{where}: {cell.strip()!r} is no number", hint="keep it as the sample has it")
    return int(digits)

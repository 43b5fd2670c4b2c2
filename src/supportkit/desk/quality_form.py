"""A form of `quality-sample` as people filled it in: what each reader says of each conversation.

A criterion is any column that the sample did not have by itself. Yes and no are read in four languages, numbers from 0
to 1 as they are; an empty cell is not judged. Spreadsheets may have made other delimiters of the commas. What the
sample says of a conversation and of its chance to be drawn is sealed, line by line: a line that was changed or added
would speak for others than were drawn, and is refused. Said twice by one reader counts once, and is told.
"""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from typing import Final

from supportkit.errors import DataError
from supportkit.system.csv_lines import csv_lines
from supportkit.system.named import NamedTuple

TOLD: Final = (
    *("source", "ticket_id", "agent", "channel", "created_at", "moment", "replies", "mixes", "stratum", "stratum_size"),
    *("inclusion", "part", "seal", "reader", "comment"),
)
"""Columns of the sample that are no criteria."""
NEEDED: Final = ("ticket_id", "stratum", "stratum_size", "inclusion", "part", "seal")
YES: Final = ("yes", "y", "true", "ja", "j", "да", "x", "+", "oui", "✓")
NO: Final = ("no", "n", "false", "nein", "нет", "-", "non", "✗")
EMPTY: Final = ("", "n/a", "na", "–", "?")
NOBODY: Final = "(none)"
FORMULA: Final = ("=", "+", "-", "@")
"""What a formula begins with in a spreadsheet."""


class Reading(NamedTuple):
    """What one reader says of a conversation: its judgements from 0 to 1 by criterion."""

    line: int
    source: str
    ticket_id: str
    agent: str
    channel: str
    stratum: str
    size: int
    inclusion: float
    part: int
    reader: str
    judged: dict[str, float]

    @property
    def score(self) -> float:
        """The mean of its judgements."""
        return sum(self.judged.values()) / len(self.judged)


class Form(NamedTuple):
    """A form that was read back: its criteria, what was judged, how many lines are empty, which say a thing again."""

    criteria: tuple[str, ...]
    readings: list[Reading]
    unread: int
    again: list[int]


def seal(
    source: str | None,
    ticket_id: str,
    agent: str | None,
    channel: str | None,
    stratum: str,
    size: int,
    inclusion: float,
    part: int,
) -> str:
    """A short digest of what the sample says of a conversation; it begins with a letter, so that no spreadsheet takes
    it for a number. It finds what was changed by mistake and keeps nobody from changing both."""
    said = (source, ticket_id, agent, channel, stratum, size, f"{inclusion:.6f}", part)
    return f"s{sha256('|'.join(str(one or '').strip() for one in said).encode()).hexdigest()[:10]}"


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
        row = {name: _said(cell) for name, cell in zip(header, (*cells, *[""] * len(header)), strict=False)}
        where = f"--form {file}, line {number}"
        judged = {name: _judgement(row[name], f"{where}, {name}") for name in criteria}
        said = {name: value for name, value in judged.items() if value is not None}
        if said:
            readings.append(_reading(row, said, number, where))
        else:
            unread += 1
    kept, again = _once(readings, file)
    return Form(criteria, kept, unread, again)


def _said(cell: str) -> str:
    """A cell without the mark that keeps a spreadsheet from taking it for a formula."""
    text = cell.strip()
    return text[1:] if text[:1] == "'" and text[1:2] in FORMULA else text


def _reading(row: dict[str, str], judged: dict[str, float], number: int, where: str) -> Reading:
    """A line that was filled in. Raises DataError where its seal is not that of what it says."""
    size = _number(row["stratum_size"], f"{where}, stratum_size")
    part = _number(row["part"], f"{where}, part")
    inclusion = _chance(row["inclusion"], f"{where}, inclusion")
    source, agent, channel = (row.get(name, "") for name in ("source", "agent", "channel"))
    ticket = row["ticket_id"]
    if row["seal"] != seal(source, ticket, agent, channel, row["stratum"], size, inclusion, part):
        raise DataError(
            f"{where}: this is not what quality-sample wrote: its ticket, agent, channel, stratum or chance was "
            "changed, or the line was added",
            hint="draw the sample again with the same --seed, and copy the judgements",
        )
    return Reading(
        line=number,
        source=source,
        ticket_id=ticket,
        agent=agent or NOBODY,
        channel=channel or NOBODY,
        stratum=row["stratum"],
        size=size,
        inclusion=inclusion,
        part=part,
        reader=row.get("reader", ""),
        judged=judged,
    )


def _once(readings: list[Reading], file: Path) -> tuple[list[Reading], list[int]]:
    """Each reader's judgement of a conversation once, and the lines that say one again. Raises DataError where a reader
    says two things of one conversation."""
    first: dict[tuple[str, str, str], Reading] = {}
    again = []
    for one in readings:
        known = first.setdefault((one.source, one.ticket_id, one.reader.casefold()), one)
        if known is one:
            continue
        if known.judged != one.judged:
            raise DataError(
                f"--form {file}, lines {known.line} and {one.line}: {one.ticket_id} is judged twice by one reader",
                hint="leave one of the two, or name the other reader in the column reader",
            )
        again.append(one.line)
    return list(first.values()), again


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


def _chance(cell: str, where: str) -> float:
    try:
        return float(cell.replace(",", "."))
    except ValueError as error:
        raise DataError(f"{where}: {cell!r} is no number", hint="keep it as the sample has it") from error


def _number(cell: str, where: str) -> int:
    digits = cell.strip().replace(",", "").replace("\u202f", "").replace(" ", "").removesuffix(".0")
    if not digits.isdecimal() or int(digits) < 1:
        raise DataError(f"{where}: {cell.strip()!r} is no number", hint="keep it as the sample has it")
    return int(digits)

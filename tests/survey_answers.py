"""Survey answers written in a test, and what is read off a result."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from supportkit.exports import LoadOptions, load
from supportkit.result import Result
from supportkit.store import Store

WEEK = "2026-11-03T10:00:00Z"  # a Tuesday of 2026-W45


WEEK_BEFORE = "2026-10-27T10:00:00Z"


def answers(kind: str, scores: Mapping[Any, int], when: str = WEEK, channel: str = "", more: str = ",") -> list[str]:
    """Survey lines: a count of answers for each score; `more` is scale_min,scale_max."""
    scale = more.replace(",", "-")
    return [
        f"{kind},{score},{when},{more},{channel},{kind}{when}{channel}{scale}{score}-{number},"
        for score, count in scores.items()
        for number in range(count)
    ]


def surveys(*lines: Sequence[str]) -> str:
    """A surveys.csv of those lines."""
    header = "kind,score,responded_at,scale_min,scale_max,channel,ticket_id,invited_at"
    return "\n".join([header, *(line for part in lines for line in part)])


def fact(result: Result, *names: str) -> tuple[Any, ...]:
    """Facts by name."""
    return tuple(result.facts[name] for name in names)


def said(result: Result, words: str) -> bool:
    """Whether a note has these words."""
    return any(words in note for note in result.notes)


def in_files(store: Store, folder: Path, table: str | None = "surveys", **files: str) -> Store:
    """A store of surveys, with those of other files too, or what these are recognised as."""
    for name, text in files.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
        load(store, [folder / f"{name}.csv"], LoadOptions(table=table))
    return store

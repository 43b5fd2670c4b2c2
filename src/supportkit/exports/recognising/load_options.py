"""How files are to be read: what a command, a configuration or a program says of a load."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import field
from datetime import datetime
from pathlib import Path

from supportkit.exports.masking.pseudonyms import Key, Privacy
from supportkit.exports.meanings.deciding_words import Given
from supportkit.exports.reading.writing import NOTHING_SAID, Writing
from supportkit.system.frozen import dataclass

Progress = Callable[[str, int, int, int], None]


@dataclass(frozen=True)
class LoadOptions:
    """How files are to be read. `progress` is told the file, the bytes done, all bytes and the rows.

    Of a file with several tables `sheet` is the one meant. Columns of the files that are named in `drop` are not
    loaded. Where `columns` came with the data in a configuration, `came_in` is that file. A file that was loaded before
    takes the place of what it brought: to all tables, but with `beside` only to the one it is read as now; and with
    other ids only where they may move (`move_ids`). With `guess` a file of no vendor that we know is loaded as it is
    guessed to be, where nothing that is needed is in doubt.
    """

    table: str | None = None
    source: str | None = None
    columns: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    came_in: Path | None = None
    map: Mapping[str, str] = field(default_factory=dict)
    values: Given = field(default_factory=dict)
    keep: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    drop: tuple[str, ...] = ()
    dates: str | None = None
    sheet: str | None = None
    zone: str = "UTC"
    currency: str | None = None
    privacy: Privacy = "mask"
    key: Key | None = None
    order_key: tuple[str, ...] = ("order_id",)
    with_files: tuple[str, ...] = ()
    joins: Mapping[str, Sequence[str]] = field(default_factory=dict)
    beside: bool = False
    move_ids: bool = False
    guess: bool = False
    writing: Writing = NOTHING_SAID
    writings: Mapping[str, Writing] = field(default_factory=dict)
    only: frozenset[str] | None = None
    loaded_at: datetime | None = None
    progress: Progress | None = None

    @property
    def usual_sheet(self) -> str:
        """The sheet of workbooks of the source that is named, as `[read.<source>]` says."""
        said = self.writings.get(self.source or "")
        return said.sheet if said else ""

    @property
    def for_one_metric(self) -> bool:
        """Whether the store is thrown away after a run that reads `only` some tables."""
        return self.only is not None

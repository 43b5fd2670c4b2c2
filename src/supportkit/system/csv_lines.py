"""The lines of a CSV that a person keeps beside the store, whatever delimiter a spreadsheet made of its commas."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Final

from supportkit.errors import DataError

DELIMITERS: Final = ",;\t|"


def csv_lines(file: Path, told: str) -> list[tuple[int, list[str]]]:
    """The cells of each line that holds something, with its number; the delimiter is the one most often in the first.

    Raises DataError that names the file as `told`, and why it cannot be read.
    """
    try:
        text = file.read_text(encoding="utf-8-sig")
        head = text.split("\n", 1)[0]
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(DELIMITERS, key=head.count))
        return [(reader.line_num, cells) for cells in reader if any(cell.strip() for cell in cells)]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        why = error.strerror if isinstance(error, OSError) else str(error)
        why = "is not UTF-8" if isinstance(error, UnicodeDecodeError) else why
        raise DataError(f"{told}: cannot be read: {why}", hint="save it as CSV in UTF-8") from error

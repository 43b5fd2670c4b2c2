"""Lists of objects that stand in the rows of a JSON file, as the actions of a visit: each may be a row."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator
from contextlib import suppress

from supportkit.exports.masking import mask_text
from supportkit.exports.recognising.guessing.settled import File


def lists_told(file: File) -> Iterator[str]:
    """A line for each column of a JSON file that holds lists of objects, with the option that reads a row for each."""
    for header, cells in zip(file.headers, file.cells, strict=True):
        if not file.name.endswith(".json") or not any(cell.startswith("[{") for cell in cells or ()):
            continue
        lists = []
        for cell in cells or ():
            with suppress(ValueError):  # of one that was cut
                lists.append(json.loads(cell) if cell.startswith("[") else [])
        lists = [each for each in lists if each]
        objects = [one for each in lists for one in each]
        if all(isinstance(one, dict) for one in objects):
            name = mask_text(header)[0]
            yield (
                f"{name} has {len(objects):,} objects in {len(lists):,} of the first rows, kept as a text: "
                f"--sheet {shlex.quote(name)} reads a row for each"
            )

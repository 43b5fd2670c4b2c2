"""Whether a file is an export that is known by its header, told without reading its rows."""

from __future__ import annotations

from pathlib import Path

from supportkit.errors import SupportkitError
from supportkit.exports.reading.cells import find_layout
from supportkit.exports.reading.files import open_export
from supportkit.exports.recognising.recognise import recognise


def is_known(path: Path) -> bool:
    """Whether a load would know what the file is without being told; False where it cannot be read."""
    try:
        with open_export(path, name=path.name) as export:
            _, layout = find_layout(export)
            if layout is None:
                return False
            recognise(path.name, layout.names)
    except SupportkitError:
        return False
    return True

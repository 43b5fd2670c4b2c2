"""Where the bundled samples are: inside an installed package, or in the project's own folder."""

from __future__ import annotations

from pathlib import Path

from supportkit.errors import DataError


def samples_folder() -> Path:
    """The folder of the sample shop's exports. Raises DataError where it was not installed."""
    package = Path(__file__).parent.parent
    for folder in (package / "samples", package.parent.parent / "data" / "samples"):
        if (folder / "tickets.csv").is_file():
            return folder
    raise DataError("the bundled samples are not here", hint="install supportkit again")

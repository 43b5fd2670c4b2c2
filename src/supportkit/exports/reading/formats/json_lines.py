"""The objects of a file of JSON lines, one a line."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from supportkit.errors import DataError
from supportkit.exports.reading.formats import Rows, Source
from supportkit.exports.reading.formats.flat import flat
from supportkit.exports.reading.formats.json_rows import damaged, parsed


@contextmanager
def rows(source: Source) -> Iterator[Rows]:
    """Each line is a row. The file is read twice: which columns there are is known at its end."""
    header = list(dict.fromkeys(name for row in _cells(source) for name in row))
    yield Rows(header, ([row.get(name, "") for name in header] for row in _cells(source)))


def _cells(source: Source) -> Iterator[dict[str, str]]:
    source.file.seek(0)
    for number, line in enumerate(source.file, 1):
        if not line.strip():
            continue
        try:
            item = parsed(line)
            if not isinstance(item, dict):
                raise DataError(f"{source.name}, line {number}: is no object", hint="write one object a line")
            yield dict(flat(item))
        except (ValueError, RecursionError) as error:
            raise damaged(f"{source.name}, line {number}", error) from error

"""The objects of a JSON file: a list of them, or the one list of them in an object, as an API gives it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from supportkit.errors import DataError, NotAnExportError
from supportkit.exports.formats import Rows, Source
from supportkit.exports.formats.flat import flat, table_of


@contextmanager
def rows(source: Source) -> Iterator[Rows]:
    """Each object is a row; figures stand as they are written."""
    try:
        content = parsed(source.file.read())
        items = _items(content)
        if items is None:
            raise NotAnExportError(
                f"{source.name}: is JSON, and no list of objects",
                hint='write it as [{"id": 1, …}, {"id": 2, …}], or one object a line',
            )
        header, found = table_of(dict(flat(item)) for item in items)
    except (ValueError, RecursionError) as error:
        raise damaged(source.name, error) from error
    yield Rows(header, iter(found))


def parsed(text: bytes) -> Any:
    """The content of a JSON text, its figures as they are written. Raises ValueError, RecursionError."""
    return json.loads(text.decode("utf-8-sig"), parse_int=str, parse_float=str, parse_constant=lambda _: None)


def damaged(name: str, error: Exception) -> DataError:
    """That a file is no JSON, and where."""
    why = "it is nested too deep" if isinstance(error, RecursionError) else str(error)
    return DataError(f"{name}: cannot be read as JSON: {why}", hint="export or copy it again")


def _items(content: Any) -> list[dict[str, Any]] | None:
    if isinstance(content, list) and all(isinstance(item, dict) for item in content):
        return content
    if not isinstance(content, dict):
        return None
    lists = [found for value in content.values() if isinstance(value, list) and value and (found := _items(value))]
    return lists[0] if len(lists) == 1 else None if lists else [content]

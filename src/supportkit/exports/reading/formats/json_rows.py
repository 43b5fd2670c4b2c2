"""The objects of a JSON file: a list of them, or the one list of them in an object, as an API gives it."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any, Final

from supportkit.errors import DataError, NotAnExportError
from supportkit.exports.reading.formats import Rows, Source
from supportkit.exports.reading.formats.flat import flat, table_of

_DEEPEST: Final = 3
"""Objects around a list of objects, at most."""
MOST: Final = 512 << 20
"""Bytes of a file that is read at once."""


@contextmanager
def rows(source: Source) -> Iterator[Rows]:
    """Each object is a row; figures stand as they are written."""
    if os.fstat(source.file.fileno()).st_size > MOST:
        raise DataError(
            f"{source.name}: is more than {MOST >> 20} MB of JSON in one piece", hint="write it as one object a line"
        )
    try:
        content = parsed(source.file.read())
        items = _items(content)
        if items is None:
            several = isinstance(content, dict) and len(_lists(content)) > 1
            what = "has several lists of objects" if several else "no list of objects"
            raise NotAnExportError(
                f"{source.name}: is JSON, and {what}",
                hint="write each list into a file of its own"
                if several
                else 'write it as [{"id": 1, …}, {"id": 2, …}], or one object a line',
            )
        header, found = table_of(dict(flat(item)) for item in items)
    except (ValueError, RecursionError) as error:
        raise damaged(source.name, error) from error
    yield Rows(header, iter(found))


def parsed(text: bytes) -> Any:
    """The content of a JSON text, its figures as they are written. Raises ValueError, RecursionError."""
    return json.loads(
        text.decode("utf-8-sig"),
        parse_int=str,
        parse_float=str,
        parse_constant=lambda _: None,
        object_pairs_hook=_with_all,
    )


def _with_all(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object in which a key that has a second value keeps it under a name with a number, as repeated headers."""
    found = dict(pairs)
    if len(found) == len(pairs):
        return found
    found = {}
    for name, value in pairs:
        if name not in found or found[name] == value:
            found[name] = value
        else:
            found[next(f"{name}_{n}" for n in count(2) if f"{name}_{n}" not in found)] = value
    return found


def damaged(name: str, error: Exception) -> DataError:
    """That a file is no JSON, and where."""
    why = "it is nested too deep" if isinstance(error, RecursionError) else str(error)
    return DataError(f"{name}: cannot be read as JSON: {why}", hint="export or copy it again")


def _items(content: Any) -> list[dict[str, Any]] | None:
    """The list of objects in a content: itself, or the only one in an object, as in `{"data": {"tickets": […]}}`."""
    if isinstance(content, list):
        return content if all(isinstance(item, dict) for item in content) else None
    if not isinstance(content, dict):
        return None
    lists = _lists(content)
    return lists[0] if len(lists) == 1 else None if lists else [content]


def _lists(content: dict[str, Any], depth: int = 0) -> list[list[dict[str, Any]]]:
    """The lists of objects in an object, or else in the objects in it."""
    here = [one for one in content.values() if isinstance(one, list) and one and all(isinstance(i, dict) for i in one)]
    if here or depth == _DEEPEST:
        return here
    inner = (one for one in content.values() if isinstance(one, dict))
    return [found for one in inner for found in _lists(one, depth + 1)]

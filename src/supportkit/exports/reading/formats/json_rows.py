"""The objects of a JSON file: a list of them, or a list of them in an object, as an API gives it; or an object of them
by their ids. A list that each of them has of its own, as a visit has its actions, is asked for by its name.

The answer to a query has the names once, and a list of cells for each row: `{"columns": ["id"], "results": [[1]]}`.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from itertools import count
from typing import Any, Final

from supportkit.errors import DataError, NotAnExportError
from supportkit.exports.reading.formats import Rows, Source
from supportkit.exports.reading.formats.flat import flat, table_of
from supportkit.exports.reading.formats.keyed_rows import keyed_rows
from supportkit.exports.reading.formats.sheets import chosen
from supportkit.exports.reading.header_place import is_figure

_DEEPEST: Final = 3
"""Objects around a list of objects, at most."""
_PAGING: Final = frozenset(
    (
        *("count", "total", "total_count", "next", "previous", "prev", "page", "pages", "page_count", "per_page"),
        *("limit", "offset", "has_more", "next_page", "cursor", "next_cursor", "status", "success", "object", "url"),
    )
)
"""What a page of an answer says beside its list, where it is no object."""
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
        header, found = table_of(dict(flat(item)) for item in _meant(source, parsed(source.file.read())))
    except (ValueError, RecursionError) as error:
        raise damaged(source.name, error) from error
    yield Rows(header, iter(found))


def _meant(source: Source, content: Any) -> list[dict[str, Any]]:
    """The list of objects asked for, by its name as in `{"data": {"tickets": […]}}`, or the only one; objects by their
    ids where there is no list, or they are asked for.

    Raises NotAnExportError where there is none, or several and none is asked for.
    """
    lists = _lists(content)
    if not lists or source.sheet is not None:
        lists |= _keyed(content)
    if source.sheet is not None and source.sheet not in lists:
        lists |= unfolded(lists)
    if not lists and source.sheet is None:
        if isinstance(content, dict):
            return [content]
        if not content:
            return []
        hint = 'write it as [{"id": 1, …}, {"id": 2, …}], or one object a line'
        raise NotAnExportError(f"{source.name}: is JSON, and no list of objects", hint=hint)
    return lists[chosen(source, "list", list(lists), list(lists))]


def unfolded(lists: Mapping[str, list[dict[str, Any]]]) -> dict[str, list[dict[str, Any]]]:
    """The lists of objects that the objects of lists have, by their names: a row for each object in them, with what
    else is said of the one around it."""
    found: dict[str, list[dict[str, Any]]] = {}
    for name, key in dict.fromkeys((name, key) for name, items in lists.items() for item in items for key in item):
        inner = [(item, item[key]) for item in lists[name] if isinstance(item.get(key), list) and item[key]]
        if inner and all(isinstance(one, dict) for _, many in inner for one in many):
            called = key if key not in found and key not in lists else f"{name}.{key}"
            found[called] = [{**one, **_around(item, key, one)} for item, many in inner for one in many]
    return found


def _around(item: Mapping[str, Any], key: str, one: Mapping[str, Any]) -> dict[str, Any]:
    """What an object says beside a list in it, under names that the object in the list has not."""
    return {f"parent.{name}" if name in one else name: value for name, value in item.items() if name != key}


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
    if isinstance(error, json.JSONDecodeError) and error.msg == "Extra data":
        return DataError(
            f"{name}: is more than one piece of JSON, the second from line {error.lineno}, column {error.colno} on",
            hint="write them as one list, or as one object a line",
        )
    why = "it is nested too deep" if isinstance(error, RecursionError) else str(error)
    return DataError(f"{name}: cannot be read as JSON: {why}", hint="export or copy it again")


def _lists(content: Any, name: str = "", depth: int = 0) -> dict[str, list[dict[str, Any]]]:
    """The lists of objects in a content by their names: itself, those of a list by number, those of objects by key."""
    inner: Iterable[tuple[object, Any]] = content.items() if isinstance(content, dict) else ()
    if (answer := _of_query(content)) is not None:
        return {name or "1": answer}
    if keyed_rows(content, _PAGING) is not None:
        return {}
    if isinstance(content, list) and content:
        if all(isinstance(item, dict) for item in content):
            return _pages(content, name) or {name or "1": content}
        if all(isinstance(item, list) for item in content):
            inner = enumerate(content, 1)
    if depth == _DEEPEST:
        return {}
    begun = f"{name}." if name else ""
    found = (_lists(one, f"{begun}{key}", depth + 1) for key, one in inner if isinstance(one, dict | list))
    return {each: items for lists in found for each, items in lists.items()}


def _keyed(content: Any, name: str = "", depth: int = 0) -> dict[str, list[dict[str, Any]]]:
    """The objects in a content that stand under their ids, by the name of the object that they are in."""
    if (found := keyed_rows(content, _PAGING)) is not None:
        return {name or "1": found}
    if not isinstance(content, dict) or depth == _DEEPEST:
        return {}
    begun = f"{name}." if name else ""
    inner = (_keyed(one, f"{begun}{key}", depth + 1) for key, one in content.items())
    return {each: items for keyed in inner for each, items in keyed.items()}


def _pages(content: list[dict[str, Any]], name: str) -> dict[str, list[dict[str, Any]]] | None:
    """The one list of objects that each page of a list of pages has, as some APIs answer; None where they are none."""
    keys = [[key for key, value in page.items() if isinstance(value, list)] for page in content]
    if any(len(found) != 1 or found != keys[0] for found in keys):
        return None
    key = keys[0][0]
    items = [item for page in content for item in page[key]]
    rest = [one for page in content for one, value in page.items() if one != key and not isinstance(value, dict)]
    if not items or not all(isinstance(item, dict) for item in items) or not _PAGING.issuperset(rest):
        return None
    return {f"{name}.{key}" if name else key: items}


def _of_query(content: Any) -> list[dict[str, Any]] | None:
    """The rows of an answer to a query, or of a list whose first row has the names; None where it is neither."""
    if isinstance(content, list) and len(content) > 1 and isinstance(content[0], list):
        names, rows = content[0], content[1:]
        return _named(names, rows) if len(names) > 1 else None
    if isinstance(content, dict):
        lists = [one for one in content.values() if isinstance(one, list) and one]
        for names in lists:
            called = [one.get("name") if isinstance(one, dict) else one for one in names]
            for rows in lists:
                if rows is not names and (found := _named(called, rows)) is not None:
                    return found
    return None


def _named(names: list[Any], rows: list[Any]) -> list[dict[str, Any]] | None:
    """Rows of cells with these names; None where they are no names, or a row has another number of cells."""
    if not all(isinstance(one, str) and one and not is_figure(one) for one in names) or len(set(names)) < len(names):
        return None
    if any(not isinstance(row, list) or len(row) != len(names) for row in rows):
        return None
    return [dict(zip(names, row, strict=True)) for row in rows]

"""Objects that stand in an object under their numbers or ids, in the place of a list: `{"0": {…}, "1": {…}}`.

The key is a column of its own, `key`, unless it only counts them or each object says it itself.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, Final

from supportkit.exports.reading.formats.flat import flat

_NUMBER: Final = re.compile(r"\d+")
_FEWEST: Final = 2
"""Objects under keys that are no plain numbers, and cells of each, before they are rows."""
_ALIKE: Final = 0.5
"""The share of all cells whose names most objects have, from which on they are of one kind."""
KEY: Final = "key"


def keyed_rows(content: object, paging: frozenset[str]) -> list[dict[str, Any]] | None:
    """The objects of an object whose keys are numbers or ids, with what `paging` says beside them; None where it is
    something else."""
    if not isinstance(content, dict) or not content:
        return None
    objects = {name: one for name, one in content.items() if isinstance(one, dict) and one}
    if not paging.issuperset(name for name in content if name not in objects) or not _are_ids(list(objects)):
        return None
    cells = [dict(flat(one)) for one in objects.values()]
    if not _are_alike(cells, [dict(_figures(one)) for one in objects.values()]):
        return None
    if _count(list(objects)) or all(name in own.values() for name, own in zip(objects, cells, strict=True)):
        return list(objects.values())
    called = next(name for name in (KEY, f"_{KEY}", f"__{KEY}") if all(name not in one for one in objects.values()))
    return [{called: name, **one} for name, one in objects.items()]


def _are_ids(names: list[str]) -> bool:
    """Whether keys are numbers, or all have a digit in them, as ids and days have."""
    if all(_NUMBER.fullmatch(name) for name in names):
        return bool(names)
    return len(names) >= _FEWEST and all(any(char.isdigit() for char in name) for name in names)


def _count(names: list[str]) -> bool:
    """Whether keys only count what they are of, from 0 or from 1."""
    start = int(names[0]) if _NUMBER.fullmatch(names[0]) else -1
    return start in (0, 1) and names == [str(n) for n in range(start, start + len(names))]


def _figures(item: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """The values of an object that are no objects and no lists, by their names, of those within it too."""
    for name, value in item.items():
        if isinstance(value, dict):
            yield from ((f"{name}.{inner}", one) for inner, one in _figures(value))
        elif not isinstance(value, list):
            yield name, value


def _are_alike(cells: list[dict[str, str]], figures: list[dict[str, Any]]) -> bool:
    """Whether objects are of one kind: each has some values, and most have the names that most have."""
    if any(len(one) < _FEWEST for one in figures):
        return False
    of_name = Counter(name for one in cells for name in one)
    common = sum(many for many in of_name.values() if 2 * many > len(cells))
    return common >= _ALIKE * of_name.total()

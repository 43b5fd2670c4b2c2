"""The rows of a query are read by name: a column more or less, or in another place, is an error and no wrong figure."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

import supportkit
from supportkit.store import Store

Shop = Callable[..., Store]
ROOT = Path(supportkit.__file__).parent
ASKING = sorted(
    file
    for file in ROOT.rglob("*.py")
    if file.relative_to(ROOT).parts[0] not in ("store", "exports")
    and (".rows(" in (text := file.read_text(encoding="utf-8")) or ".records(" in text)
)
TICKETS = """
ticket_id,created_at
1,2026-11-02T10:00:00Z
2,2026-11-03T10:00:00Z
"""


class Counted(NamedTuple):
    """A row of the queries below."""

    tickets: int
    days: int


def test_a_row_has_its_columns_by_name(shop: Shop) -> None:
    store = shop(tickets=TICKETS)
    sql = "select count(*) as tickets, count(distinct cast(created_at as date)) as days from tickets"
    (found,) = store.records(Counted, sql, store.select("tickets"))
    assert (found.tickets, found.days) == (2, 2)


@pytest.mark.parametrize(
    "columns", ["1 as days, 2 as tickets", "1 as tickets", "1 as tickets, 2 as days, 3 as weeks", "1 as tickets, 2"]
)
def test_a_query_with_other_columns_than_the_row_is_a_bug(shop: Shop, columns: str) -> None:
    store = shop(tickets=TICKETS)
    with pytest.raises(AssertionError, match="Counted has the fields"):
        store.records(Counted, f"select {columns} from tickets", store.select("tickets"))


def by_number(source: str) -> Iterator[str]:
    """Where a module reads the third thing of a row, or a later one, by its number."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Subscript):
            continue
        place = node.slice.lower if isinstance(node.slice, ast.Slice) else node.slice
        if isinstance(place, ast.Constant) and isinstance(place.value, int) and place.value >= 2:
            yield f"line {node.lineno}: {ast.unparse(node)}"


@pytest.mark.parametrize("file", ASKING, ids=lambda file: str(file.relative_to(ROOT)))
def test_no_row_is_read_by_number(file: Path) -> None:
    assert list(by_number(file.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize("source", ["known = total[13] > 0", "sum(row[2] for row in rows)", "_figures(cell[3:])"])
def test_the_lint_sees_a_row_that_is_read_by_number(source: str) -> None:
    assert list(by_number(source))

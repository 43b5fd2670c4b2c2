"""What customers wrote, and who may ask for it: a store may be open to all but their texts.

Texts stand in columns of ours, and in extra ones of an export by any name. Of those they are told by their cells: most
of four words and more are written once, as names of products and states are not.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from supportkit.errors import UsageError
from supportkit.store.lined_orders import property_path

if TYPE_CHECKING:
    from supportkit.store.conditions import Condition
    from supportkit.store.store import Store

TEXTS: Final = {"tickets": ("subject", "body"), "messages": ("text",), "surveys": ("comment",)}
"""The columns of ours in which customers' words stand."""
BLANKS: Final = 3
LETTERS: Final = 40
"""A cell with so many blanks, or with more letters, may be a text."""

SQL_LONG: Final = """
with cell as (
        select trim(json_extract_string(properties, $path)) as said
          from main.{table})
select count(*) as cells, count(distinct said) as different
  from cell
 where length(said) - length(replace(said, ' ', '')) >= $blanks
    or length(said) > $letters
"""


def is_text(store: Store, table: str, name: str) -> bool:
    """Whether a column of a table, in whatever capitals, holds what customers wrote."""
    name = store.as_called(table, name)
    if name in TEXTS.get(table, ()):
        return True
    if name not in store.properties(table):
        return False
    bound = {"path": property_path(name), "blanks": BLANKS, "letters": LETTERS}
    ((cells, different),) = store.fixed(SQL_LONG.format(table=table), **bound)
    return bool(2 * different > cells)


def refuse_texts(store: Store, table: str, names: Iterable[str], conditions: Iterable[Condition]) -> None:
    """Raise UsageError where figures would be split by customers' texts or cut to them, which this store does not give.

    What its owner cuts it to may name them.
    """
    if store.texts_only_by is None:
        return
    cut = [condition.column for condition in conditions if condition not in store.texts_only_by]
    for name in (*names, *cut):
        if is_text(store, table, name):
            raise UsageError(
                f"{name}: what customers wrote is given by `supportkit mcp --texts` alone",
                hint="split by another column, or leave the condition out",
            )

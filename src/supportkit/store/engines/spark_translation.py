"""A query of ours as Spark is asked it: its tree, written anew by the rules of `spark_sql.py` from its leaves on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from supportkit.store.engines.spark_sql import everybody, of_star, rules, untranslatable

PREFIX: Final = "supportkit_"
"""What our tables are called there: a selection is a CTE of the table's own name, and Spark would read itself."""


def translated(sql: str, tables: Mapping[str, Any], compared: frozenset[str] | None = None) -> str:
    """A query of ours with its values written out, as Spark runs it. Raises DataError for what has no sure translation.

    `tables` are the names of ours; any other name is a table that is kept for a run. Where it is said which kinds of
    expressions were `compared` with DuckDB's answers, one of another kind is refused, whatever would come of it.
    """
    import sqlglot
    from sqlglot import exp

    tree = sqlglot.parse_one(sql, read="duckdb")
    if compared is not None and (others := _kinds(tree) - compared):
        raise untranslatable(f"{', '.join(sorted(others))} has not been compared")
    made = {one.alias for one in tree.find_all(exp.CTE)}

    def named(node: Any) -> Any:
        ours = node.name in tables and (node.db == "main" or (not node.db and node.name not in made))
        if not ours:
            return node
        shown = node.alias or node.name
        return exp.alias_(exp.to_table(PREFIX + node.name), shown, table=True)

    by_kind: dict[type[Any], Callable[[Any], Any]] = {exp.Table: named, **rules()}
    tree = tree.transform(everybody)
    text = _from_the_leaves(tree, by_kind).sql(dialect="spark", unsupported_level=sqlglot.ErrorLevel.RAISE)
    return str(text)


def kinds_of(sql: str) -> frozenset[str]:
    """The kinds of expressions in a query of ours, by sqlglot's names."""
    import sqlglot

    return _kinds(sqlglot.parse_one(sql, read="duckdb"))


def _kinds(tree: Any) -> frozenset[str]:
    return frozenset("".join((type(node).__name__, *_manner(node))) for node in tree.walk())


def _manner(node: Any) -> list[str]:
    """What makes one kind two: by what a join finds its rows, what becomes of the columns of a star."""
    named = type(node).__name__
    if named == "Join" and node.method:
        return [node.method.title(), node.side.title()]
    return [word for word in ("Except", "Replace") if named == "Star" and of_star(node, word.lower())]


def _from_the_leaves(node: Any, by_kind: Mapping[type[Any], Callable[[Any], Any]]) -> Any:
    """The tree with each node written anew by its rule, those inside it first."""
    for child in list(node.iter_expressions()):
        made = _from_the_leaves(child, by_kind)
        if made is not child:
            child.replace(made)
    found = by_kind.get(type(node))
    return node if found is None else found(node)

"""DuckDB's SQL in Spark's: rules on the tree, each for something that sqlglot leaves as it is or writes with another
meaning. What no rule is sure of is refused, never tried: that a query runs is no proof that it counts the same.

`spark_translation.py` applies them. The session's zone is UTC and ANSI is on, which `spark.py` sees to; times are
Spark's TIMESTAMP, an instant.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from supportkit.errors import DataError
from supportkit.store.engines.java_patterns import java_pattern


def untranslatable(what: str) -> DataError:
    """The error for what Spark would count otherwise, or not at all."""
    return DataError(
        f"not answered on Spark: {what}", hint="ask the same of the folder on one machine: --db parquet:FOLDER"
    )


def unsure(node: Any) -> DataError:
    """The error for a part of a query that no rule is sure of."""
    return untranslatable(f"no rule is sure of {node.sql(dialect='duckdb')}")


def of_star(node: Any, word: str) -> list[Any]:
    """The columns that a star leaves out, or has anew."""
    found: list[Any] = node.args.get(word) or node.args.get(f"{word}_") or []
    return found


def everybody(node: Any) -> Any:
    """`1 = 1 or …`, as where a sample is everybody: true, before a rule sees what else might have been asked."""
    from sqlglot import exp

    for one in node.flatten() if isinstance(node, exp.Or) else ():
        if isinstance(one, exp.EQ) and isinstance(one.this, exp.Literal) and one.this == one.expression:
            return exp.true()
    return node


def rules() -> dict[type[Any], Callable[[Any], Any]]:
    """The rules by the kind of node that they are for."""
    from sqlglot import exp

    whole, wide = exp.DataType.build("decimal(38, 0)"), exp.DataType.build("decimal(20, 0)")
    kinds = {
        exp.DataType.Type.INT128: whole,
        exp.DataType.Type.UINT128: whole,
        exp.DataType.Type.UBIGINT: wide,
        exp.DataType.Type.JSON: exp.DataType.build("string"),
    }

    def cte(node: Any) -> Any:
        node.set("materialized", None)
        return node

    def kind(node: Any) -> Any:
        return kinds[node.this].copy() if node.this in kinds else node

    def double(node: Any) -> Any:
        return exp.cast(node, "double")

    def division(node: Any) -> Any:
        """DuckDB divides decimals and whole numbers as doubles, Spark decimals as decimals."""
        node.set("this", double(node.this))
        node.set("expression", double(node.expression))
        return node

    def mean(node: Any) -> Any:
        node.set("this", double(node.this))
        return node

    def bits(node: Any) -> Any:
        """The low bits of a whole number that may be wider than Spark's widest one with bits; others as they are."""
        mask = int(node.expression.name) if isinstance(node.expression, exp.Literal) else -1
        if mask < 1 or mask & (mask + 1):
            return node
        return exp.func("PMOD", node.this, exp.Literal.number(mask + 1))

    def called(node: Any) -> Any:
        if node.name.upper() == "HASH":
            return identity(node)
        found = _CALLS.get(node.name.upper())
        if found is None:
            raise untranslatable(f"the function {node.name}")
        return found(exp, node.expressions)

    def identity(node: Any) -> Any:
        """A hash that stands for what it is of, as a column that others are compared with; Spark's own is another, so
        that a share of all by it would be other rows."""
        named = node.parent.alias if isinstance(node.parent, exp.Alias) else ""
        counted = node.root().find_all(exp.Mod, exp.IntDiv)
        if not named or any(column.name == named for one in counted for column in one.find_all(exp.Column)):
            raise untranslatable("a share of the rows by their hash, as very many are asked for")
        return node.expressions[0]

    def grouping(node: Any) -> Any:
        """The bits of several columns, the first one's the highest: Spark's `grouping` takes one."""
        columns = node.expressions
        bit = [
            exp.Mul(this=exp.Grouping(expressions=[column.copy()]), expression=exp.Literal.number(2**place))
            for place, column in enumerate(reversed(columns))
        ]
        if len(bit) == 1:
            return node
        whole = bit[0]
        for one in bit[1:]:
            whole = exp.Add(this=whole, expression=one)
        return exp.paren(whole)

    def selected(node: Any) -> Any:
        return _nearest(exp, _replaced(exp, lists(node)))

    def lists(node: Any) -> Any:
        """Several lists taken apart side by side: Spark would give each one with each."""
        apart = [one for one in node.expressions if isinstance(one.unalias(), exp.Unnest | exp.Explode)]
        if len(apart) < 2:
            return node
        values = [(one.unalias().expressions or [one.unalias().this])[0] for one in apart]
        side_by_side = exp.Aliases(
            this=exp.func("INLINE", exp.func("ARRAYS_ZIP", *values)),
            expressions=[exp.to_identifier(one.alias) for one in apart],
        )
        at = node.expressions.index(apart[0])
        rest = [one for one in node.expressions if all(one is not other for other in apart)]
        node.set("expressions", [*rest[:at], side_by_side, *rest[at:]])
        return node

    def least(node: Any, where: Any = None) -> Any:
        """The `n` least values as a list, null where there is none."""
        number = node.args.get("count")
        if number is None or (where is None and isinstance(node.parent, exp.Filter)):
            return node
        every = exp.func("COLLECT_LIST", node.this)
        if where is not None:
            every = exp.Filter(this=every, expression=where)
        found = exp.func("SLICE", exp.func("ARRAY_SORT", every), exp.Literal.number(1), number)
        return exp.func("NULLIF", found, exp.func("ARRAY"))

    def filtered(node: Any) -> Any:
        if isinstance(node.this, exp.Min) and node.this.args.get("count"):
            return least(node.this, node.expression)
        return ordered(node.this, node.expression) if isinstance(node.this, exp.ArrayAgg) else node

    def greatest(node: Any) -> Any:
        if node.args.get("count") is not None:
            raise unsure(node)
        return node

    def weekday(node: Any) -> Any:
        """Monday is 1; what is written for it otherwise begins on Sunday."""
        return exp.paren(exp.Add(this=exp.func("WEEKDAY", node.this), expression=exp.Literal.number(1)))

    def difference(node: Any) -> Any:
        """DuckDB counts the bounds of the unit that lie between, Spark the whole units that passed."""
        unit = str(node.args["unit"].name).lower()
        if unit not in _UNITS:
            raise untranslatable(f"a difference in {unit}s")
        end, start = (_UNITS[unit](exp, one) for one in (node.this, node.expression))
        return exp.paren(exp.Sub(this=end, expression=start))

    def element(node: Any) -> Any:
        """An element of a list by its number, null where there is none."""
        place = node.expressions[0] if len(node.expressions) == 1 else None
        if place is None or isinstance(place, exp.Slice) or place.is_string:
            raise unsure(node)
        number = (
            exp.Literal.number(int(place.name) + 1)
            if place.is_int
            else exp.cast(exp.Add(this=exp.paren(place), expression=exp.Literal.number(1)), "int")
        )
        return exp.func("TRY_ELEMENT_AT", node.this, number)

    def refused(node: Any) -> Any:
        raise unsure(node)

    def days(node: Any) -> Any:
        return _span("day")(exp, [node.this])

    def ordered(node: Any, where: Any = None) -> Any:
        """A list in an order of its own, which Spark's has not: of pairs with what orders them, null where there is
        none. One without an order is nothing that two engines agree on."""
        if where is None and isinstance(node.parent, exp.Filter):
            return node
        if not isinstance(node.this, exp.Order) or any(one.args.get("desc") for one in node.this.expressions):
            raise unsure(node)
        keys = [one.this for one in node.this.expressions]
        known = [part for key in keys for part in (exp.Is(this=key.copy(), expression=exp.Null()), key)]
        pair = exp.func("NAMED_STRUCT", *_named(exp, [*known, node.this.this]))
        every = exp.func("COLLECT_LIST", pair)
        if where is not None:
            every = exp.Filter(this=every, expression=where)
        pick = exp.Lambda(this=exp.column(f"part_{len(known)}", "pair"), expressions=[exp.to_identifier("pair")])
        return exp.func("NULLIF", exp.func("TRANSFORM", exp.func("ARRAY_SORT", every), pick), exp.func("ARRAY"))

    def quantile(node: Any) -> Any:
        return exp.func("PERCENTILE", node.this, node.expression)

    def overlap(node: Any) -> Any:
        return exp.func("ARRAYS_OVERLAP", node.this, node.expression)

    def found_all(node: Any) -> Any:
        """What a pattern found, as a whole; Spark gives its first group."""
        if node.args.get("group") not in (None, exp.Literal.number(0)):
            raise unsure(node)
        found = [node.this, pattern(node.expression), exp.Literal.number(0)]
        return exp.Anonymous(this="REGEXP_EXTRACT_ALL", expressions=found)

    def replaced(node: Any) -> Any:
        """DuckDB replaces the first that it finds, Spark all: the same where all are asked for, or what is found begins
        the text or goes to the end."""
        asked, written = node.args.get("modifiers"), node.expression.name
        everywhere = asked is not None and asked.name == "g"
        once = written.endswith(".*$") or (written.startswith("^") and "|" not in written)
        if not everywhere and (asked or not once):
            raise unsure(node)
        if set(node.args["replacement"].name) & set("\\$"):
            raise untranslatable(f"a replacement with parts of what was found: {node.sql(dialect='duckdb')}")
        return exp.func("REGEXP_REPLACE", node.this, pattern(node.expression), node.args["replacement"])

    def pattern(node: Any) -> Any:
        if not (isinstance(node, exp.Literal) and node.is_string):
            raise untranslatable(f"a pattern that is reckoned: {node.sql(dialect='duckdb')}")
        return exp.Literal.string(java_pattern(node.name))

    def alike(node: Any) -> Any:
        """Whether a pattern is found."""
        if node.args.get("flag"):
            raise unsure(node)
        node.set("expression", pattern(node.expression))
        return node

    def full(node: Any) -> Any:
        """Whether a pattern is the whole of a text."""
        if node.args.get("options") or not (isinstance(node.expression, exp.Literal) and node.expression.is_string):
            raise unsure(node)
        return alike(exp.RegexpLike(this=node.this, expression=exp.Literal.string(f"^(?:{node.expression.name})$")))

    def counting(node: Any) -> Any:
        """Whole numbers below a bound; up to one, Spark would count down where it lies below the first."""
        if not node.args.get("is_end_exclusive"):
            raise unsure(node)
        return node

    def rank(node: Any) -> Any:
        """A value that is there; of a kind of its own, since sqlglot writes the one that it knows as an estimate."""
        order = exp.Order(expressions=[exp.Ordered(this=node.this, nulls_first=True)])
        exact = exp.Anonymous(this="PERCENTILE_DISC", expressions=[node.expression])
        return exp.WithinGroup(this=exact, expression=order)

    return {
        exp.CTE: cte,
        exp.DataType: kind,
        exp.Div: division,
        exp.Avg: mean,
        exp.BitwiseAnd: bits,
        exp.Anonymous: called,
        exp.Grouping: grouping,
        exp.Select: selected,
        exp.Min: least,
        exp.Max: greatest,
        exp.Filter: filtered,
        exp.DayOfWeekIso: weekday,
        exp.DateDiff: difference,
        exp.Bracket: element,
        exp.PercentileDisc: rank,
        exp.ArrayOverlaps: overlap,
        exp.RegexpExtractAll: found_all,
        exp.RegexpReplace: replaced,
        exp.RegexpLike: alike,
        exp.RegexpFullMatch: full,
        exp.PercentileCont: quantile,
        exp.ToDays: days,
        exp.GenerateSeries: counting,
        exp.ArrayAgg: ordered,
        exp.Qualify: refused,
    }


def _named(exp: Any, values: list[Any]) -> list[Any]:
    """What makes a structure of values whose fields are called by their places."""
    return [part for place, one in enumerate(values) for part in (exp.Literal.string(f"part_{place}"), one)]


def _replaced(exp: Any, node: Any) -> Any:
    """A star with a column written anew, as the star without it and the column beside: it then is the last one."""
    made = []
    for one in node.expressions:
        star = one.this if isinstance(one, exp.Column) else one
        anew = of_star(star, "replace") if isinstance(star, exp.Star) else []
        if anew:
            star.set("replace", None)
            star.set("except_", [exp.to_identifier(part.alias) for part in anew])
        made += [one, *anew]
    node.set("expressions", made)
    return node


_NEAREST: Final = """
select {near}, {far}
  from (select {near}, case when {known} then last_value({far}) ignore nulls over (
                 partition by {keys} order by at desc, side {ties} rows between unbounded preceding and current row
               ) end as {far}
          from (select 0 as side, struct({near}.*) as {near}, null as {far}, {near_keys} from near_rows
                 union all
                select 1, null, case when {far_at} is not null then struct({far}.*) end, {far_keys} from far_rows))
 where {kept}
"""


def _nearest(exp: Any, node: Any) -> Any:
    """A join by nearest time as a window over the rows of both sides in the order of time: the last row of the other
    side so far. Each side is a structure of its columns, by the name that it had."""
    import sqlglot

    joins = [one for one in node.args.get("joins") or () if one.method == "ASOF"]
    if not joins:
        return node
    join, start = joins[0], node.args["from_"].this
    *same, nearest = list(join.args["on"].flatten())
    named = {"near": start.alias_or_name, "far": join.this.alias_or_name}

    def of(one: Any, side: str) -> bool:
        return {column.table for column in one.find_all(exp.Column)} == {named[side]}

    sides = all(isinstance(one, exp.EQ) and of(one.this, "near") and of(one.expression, "far") for one in same)
    known = isinstance(nearest, exp.LT | exp.LTE) and of(nearest.this, "near") and of(nearest.expression, "far")
    if join is not node.args["joins"][0] or len(joins) > 1 or not (same and sides and known):
        raise untranslatable(join.sql(dialect="duckdb"))
    keys = [f"key_{place}" for place in range(len(same))]

    def columns(side: str) -> str:
        given = [one.args[side].sql(dialect="spark") for one in (*same, nearest)]
        return ", ".join(f"{column} as {name}" for column, name in zip(given, (*keys, "at"), strict=True))

    windowed = sqlglot.parse_one(
        _NEAREST.format(
            **named,
            known=" and ".join(f"{name} is not null" for name in (*keys, "at")),
            keys=", ".join(keys),
            ties="desc" if isinstance(nearest, exp.LTE) else "asc",
            near_keys=columns("this"),
            far_keys=columns("expression"),
            far_at=nearest.expression.sql(dialect="spark"),
            kept=f"{named['near']} is not null" + ("" if join.side else f" and {named['far']} is not null"),
        ),
        read="spark",
    )
    for table in windowed.find_all(exp.Table):
        table.replace((start if table.name == "near_rows" else join.this).copy())
    join.pop()
    start.replace(windowed.subquery(f"nearest_{named['near']}"))
    return node


def _instant(exp: Any, given: list[Any]) -> Any:
    return exp.func("UNIX_MICROS", exp.cast(given[0], "timestamptz"))


def _at_zone(exp: Any, given: list[Any]) -> Any:
    return exp.AtTimeZone(this=given[1], zone=given[0])


def _place(exp: Any, given: list[Any]) -> Any:
    return exp.func("NULLIF", exp.func("ARRAY_POSITION", *given), exp.Literal.number(0))


def _span(unit: str) -> Callable[[Any, list[Any]], Any]:
    """A length of time of so many of a unit, which may be a fraction of it."""
    seconds = {"day": 86_400, "hour": 3_600, "minute": 60, "second": 1, "millisecond": 0.001, "microsecond": 0.000001}

    def made(exp: Any, given: list[Any]) -> Any:
        number = exp.cast(given[0], "decimal(24, 6)")
        length = exp.Mul(this=number, expression=exp.Literal.number(str(seconds[unit])))
        nothing = exp.Literal.number(0)
        return exp.func("MAKE_DT_INTERVAL", nothing, nothing.copy(), nothing.copy(), exp.cast(length, "decimal(18, 6)"))

    return made


def _instant_in(name: str) -> Callable[[Any, Any], Any]:
    """An instant as a whole number of seconds or less, which Spark rounds down as DuckDB does."""

    def counted(exp: Any, value: Any) -> Any:
        return exp.func(name, exp.cast(value, "timestamptz"))

    return counted


def _day(exp: Any, value: Any) -> Any:
    return exp.Anonymous(this="UNIX_DATE", expressions=[exp.cast(value, "date")])


def _month(exp: Any, value: Any) -> Any:
    year = exp.Mul(this=exp.func("YEAR", value.copy()), expression=exp.Literal.number(12))
    return exp.paren(exp.Add(this=year, expression=exp.func("MONTH", value)))


_UNITS: Final[dict[str, Callable[[Any, Any], Any]]] = {
    "microsecond": _instant_in("UNIX_MICROS"),
    "millisecond": _instant_in("UNIX_MILLIS"),
    "second": _instant_in("UNIX_SECONDS"),
    "day": _day,
    "month": _month,
}
"""The number of the unit that a time lies in."""


def _has_all(exp: Any, given: list[Any]) -> Any:
    missing = exp.func("SIZE", exp.func("ARRAY_EXCEPT", given[1], given[0]))
    return exp.EQ(this=missing, expression=exp.Literal.number(0))


_CALLS: Final[dict[str, Callable[[Any, list[Any]], Any]]] = {
    "EPOCH_US": _instant,
    "TIMEZONE": _at_zone,
    "LIST_POSITION": _place,
    "LIST_HAS_ALL": _has_all,
    "MAKE_TIMESTAMPTZ": lambda exp, given: exp.func("TIMESTAMP_MICROS", *given),
    **{f"TO_{unit.upper()}S": _span(unit) for unit in ("hour", "minute", "second", "microsecond")},
}

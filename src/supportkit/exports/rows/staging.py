"""One file on its way to rows: its cells, which of them give each column of ours, and how they are written.

Every query over a file is made in layers: `t` columns are its cells without blanks around them, `g` columns the text
given for each of ours. `row_query` makes values and rows of them.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from supportkit.exports.masking.column import Column
from supportkit.exports.meanings.deciding_words import Readers
from supportkit.exports.meanings.gift_cards import GIFTS
from supportkit.exports.reading.cells import Cells
from supportkit.exports.recognising.expressions import (
    FINE,
    INSTANT,
    MONEY,
    Expression,
    Header,
    added,
    columns_read,
    counts_rows,
    numeric_columns,
    sql_of,
)
from supportkit.exports.recognising.header_names import normal_header
from supportkit.exports.recognising.keeping import numbers_in
from supportkit.exports.recognising.recognised import Recognised
from supportkit.exports.rows.refund_rows import WHOSE
from supportkit.exports.rows.settings import ColumnFormats, Settings
from supportkit.exports.value_formats.number_formats import Numbers, number_sql, sign_sql
from supportkit.exports.value_formats.values import (
    FREE_TEXT,
    IDS,
    PEOPLE,
    filled_sql,
    is_numeric,
    is_one_of_sql,
    keeps_text,
    meaningful_sql,
    stripped_sql,
)
from supportkit.store.matching import ComparedColumn, kind_of
from supportkit.store.schema import Field

UNMASKED: Final = (IDS - {"session_id"}) | {"status", "priority", "currency", "kind", "sender"}
_MONEY: Final = frozenset(("amount", "refunded", "price"))
STAGE: Final = "load_stage"
TEXTS: Final = "load_texts"


class Staging:
    """What is known of one file while it is loaded. `parameters` are bound with every query over it."""

    def __init__(
        self,
        cells: Cells,
        known: Recognised,
        settings: Settings,
        readers: Readers,
        hide: Callable[[str], str] = str,
    ) -> None:
        self.cells = cells
        self.known = known
        self.settings = settings
        self.readers = readers
        self.hide = hide
        self.reading = ColumnFormats()
        self.parameters: dict[str, object] = dict(cells.parameters)
        self.headers = cells.layout.names
        self.normal = [normal_header(header) for header in self.headers]
        for name in known.columns:
            self.reading.zones[name] = self._zone(name)

    def bound(self, sql: str, **values: object) -> dict[str, object]:
        """The parameters that a query names."""
        names = set(re.findall(r"\$([a-z_]\w*)", sql))
        return {name: value for name, value in {**self.parameters, **values}.items() if name in names}

    def bind(self, value: object) -> str:
        """A parameter for a value of the person or the file."""
        same = (n for n, v in self.parameters.items() if n.startswith("p") and type(v) is type(value) and v == value)
        name = next(same, f"p{len(self.parameters)}")
        self.parameters[name] = value
        return f"${name}"

    @property
    def dated(self) -> list[str]:
        """Our columns that hold dates."""
        return [field.name for field in self.fields() if field.type == "timestamptz"]

    @property
    def numeric(self) -> list[str]:
        """Our columns that hold numbers."""
        return [field.name for field in self.fields() if is_numeric(field)]

    @property
    def money(self) -> frozenset[str]:
        """Our columns of money, of which a thousand with a point may be one and a quarter."""
        return frozenset(field.name for field in self.fields() if field.name in _MONEY)

    @property
    def figures(self) -> list[int]:
        """Columns of the file that are calculated with."""
        found: dict[int, None] = {}
        for column, expressions in self.known.columns.items():
            field = self.field(column)
            for one in expressions:
                read = numeric_columns(one, numeric=is_numeric(field), numbers=self._numbers(field))
                found.update(dict.fromkeys(read))
        for _, kept in self.known.keep:
            found.update(dict.fromkeys(numbers_in(kept, self.compared)))
        if self.known.export.gift_cards:
            found.update(dict.fromkeys(self.known.export.gift_cards.places(self.normal)))
        return list(found)

    @property
    def sums(self) -> dict[str, tuple[Expression, ...]]:
        """Our columns of texts, with the expressions in which `+` adds or joins by what the file's columns hold."""
        texts = [field for field in self.fields() if keeps_text(field)]
        asked = {f.name: tuple(one for one in self.known.columns[f.name] if added(one)) for f in texts}
        return {name: expressions for name, expressions in asked.items() if expressions}

    @property
    def passing(self) -> tuple[str, ...]:
        """Columns of the stage that no table has: what is needed until the rows are merged."""
        export = self.known.export
        whose = (WHOSE,) if export.refunds_of in self.normal else ()
        lines = (field.name for field in self.known.table.lines if field.name in self.known.columns)
        return (*whose, *((GIFTS,) if export.gift_cards else ()), *lines)

    @property
    def searched(self) -> list[int]:
        """The columns of the file that are searched for personal data: extra ones, and those that are texts of ours."""
        if not self.settings.mask:
            return []
        ours = [place for name in self._texts() for place in self._places_of(name)]
        return [*ours, *self.known.left_over(self.headers)]

    @property
    def people(self) -> list[int]:
        """The columns of the file that hold people's ids, whose headers may say what kind."""
        return [place for name in self.known.columns if name in PEOPLE for place in self._places_of(name)]

    def _texts(self) -> list[str]:
        return [field.name for field in self.fields() if self._is_searched(field) and field.name not in FREE_TEXT]

    def _is_searched(self, field: Field) -> bool:
        return field.type == "varchar" and field.name not in UNMASKED | PEOPLE

    def _places_of(self, name: str) -> list[int]:
        found = (one.place for one in self.known.columns[name] if isinstance(one, Header) and one.place >= 0)
        return list(found)

    def coded(self, name: str) -> Column | None:
        """What is known of one of our columns of codes, where it is one column of the file."""
        known = self.known_of(name)
        return known if known is not None and known.code else None

    def known_of(self, name: str) -> Column | None:
        """What is known of one of our columns of short texts, where it is one column of the file."""
        places = self._places_of(name)
        if name in FREE_TEXT or len(places) != 1 or len(self.known.columns[name]) > 1:
            return None
        return self.reading.columns.get(self.headers[places[0]])

    @property
    def numbered(self) -> bool:
        """Whether the rows come with their numbers: in a large file they are counted later, unless a map asks."""
        asked = [expression for many in self.known.columns.values() for expression in many]
        asked += [side for _, kept in self.known.keep for one in kept for side in one.sides]
        return self.settings.pending or self.cells.placed or any(map(counts_rows, asked))

    def fields(self) -> list[Field]:
        """Our columns that the file gives."""
        return [field for field in self.known.table.readable if field.name in self.known.columns]

    def field(self, name: str) -> Field:
        """One of our columns by its name."""
        return next(field for field in self.known.table.readable if field.name == name)

    def _relation(self, limit: int | None) -> str:
        return self.cells.relation if limit is None else f"(from {self.cells.relation} limit {limit})"

    def over_texts(self, sql: str, limit: int | None = None) -> str:
        """The layers above over the first one: the file's cells, and those that are named, as `t`, without blanks
        around them, null where empty."""
        named = sorted({int(place) for place in re.findall(r"\bt(\d+)\b", sql)})
        texts = "".join(f", {stripped_sql(f'c{place}')} as t{place}" for place in named if place < len(self.headers))
        number = "row_number() over ()" if self.numbered else "cast(null as bigint)"
        record = "" if self.cells.placed else f", {number} as record"
        return sql.replace(TEXTS, f"(select *{record}{texts} from {self._relation(limit)})")

    def compared(self, place: int) -> ComparedColumn:
        """A column of the file as conditions see it: of the kind of ours that it fills, else of none."""
        number = f"try_cast({self.number(place)} as double)"
        for field in self.fields():
            alone = self.known.columns[field.name] == (Header(place),) and field.name not in self.known.units
            if alone and field.name not in self.known.export.last_number:
                kind = kind_of(field.type)
                value = number if kind == "number" else f"v_{field.name}"
                return ComparedColumn(kind, f"g_{field.name}", value, number, loose=True)
        return ComparedColumn("any", f"t{place}", number=number)

    def given_sql(self, field: Field) -> str:
        """The text given for a column: the first of its expressions that has one."""
        if field.name in self.reading.usual:
            return f"nullif({self.cell(field.name)}, '')"
        texts = [
            meaningful_sql(field, self.expression_sql(expression, field))
            for expression in self.known.columns[field.name]
        ]
        if field.name in self.known.export.last_number:
            texts = [f"nullif(regexp_extract({text}, '(\\d+)/?$', 1), '')" for text in texts]
        text = texts[0] if len(texts) == 1 else f"coalesce({', '.join(texts)})"
        return self._joined(field.name, text)

    def expression_sql(self, expression: Expression, field: Field) -> str:
        """The text that an expression over the file's columns gives for one of ours."""
        return sql_of(
            expression,
            numeric=is_numeric(field),
            bind=self.bind,
            number=self.number,
            numbers=self._numbers(field),
            kind=INSTANT if field.type == "timestamptz" else FINE if is_numeric(field) else MONEY,
        )

    def _numbers(self, field: Field) -> Callable[[int], bool]:
        """Which columns of the file are numbers in a sum: for an instant any, since no text is added to make one."""
        known = self.reading.numbers_alone
        return lambda place: field.type == "timestamptz" or place in known

    def _joined(self, column: str, text: str) -> str:
        """The text of a state with what other columns of the export say of it."""
        besides = [
            one.sql(filled_sql(f"t{place}"), header, self.bind, is_one_of_sql)
            for header, one in self.known.beside(self.headers).get(column, {}).items()
            if header in self.headers
            for place in [self.headers.index(header)]
        ]
        if column == "status" and (paid := self.known.export.part_paid):
            besides.append(paid.joined(self.normal, text, self.number, is_one_of_sql))
        return f"nullif(coalesce({text}, '') || {' || '.join(besides)}, '')" if besides else text

    def cell(self, name: str) -> str:
        """The file's own column that is one of ours; nothing where more than one may be, or a part of it."""
        expressions = self.known.columns[name]
        if len(expressions) > 1 or name in self.known.export.last_number:
            return ""
        (expression,) = expressions
        return f"c{expression.place}" if isinstance(expression, Header) and expression.place >= 0 else ""

    def number(self, place: int) -> str:
        """The SQL of a column of the file as a number."""
        return number_sql(f"t{place}", self.reading.figures.get(place, Numbers("plain", "")))

    @property
    def signed(self) -> int | None:
        """The column of the file in whose amounts the signs of their currencies stand, where no column says it."""
        if self.known.table.name != "orders" or "currency" in self.known.columns:
            return None
        if self.known.export.sign in self.normal:
            return self.normal.index(self.known.export.sign)
        amounts, numbers = self.known.columns["amount"], self.reading.numbers.get("amount")
        if len(amounts) > 1 or numbers is None or numbers.style == "plain":
            return None
        return amounts[0].place if isinstance(amounts[0], Header) and amounts[0].place >= 0 else None

    def sign_sql(self) -> str:
        """What stands in an amount beside its figures."""
        return sign_sql(f"t{self.signed}")

    @property
    def given(self) -> set[str]:
        """Our columns that the file has."""
        return {*self.known.columns, *(("currency",) if self.signed is not None else ())}

    def _zone(self, name: str) -> str:
        """The time zone of a column: the map's, else its header's, else the vendor's, else the configuration's."""
        if stated := self.known.settings.get("time_zone"):
            return stated
        for expression in self.known.columns[name]:
            for place in columns_read(expression):
                if place in self.known.zones:
                    return self.known.zones[place]
        return self.known.export.time_zone or self.settings.zone

"""The query that turns cells into typed rows: text, then given, then typed, then what is kept and what is refused.

One query for every file, in layers: `t` columns are a file's cells without blanks around them, `g` columns the text
given for each of ours, `v` columns the values. What was given and has no value is told in `bad`; why a row is refused
stands in `refused`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from supportkit.exports.cells import Cells
from supportkit.exports.date_sql import clock_change_sql
from supportkit.exports.deciding_words import Readers
from supportkit.exports.expressions import (
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
from supportkit.exports.gift_cards import GIFTS
from supportkit.exports.keeping import NOT_KEPT, Read, kept_sql, numbers_in
from supportkit.exports.masking.column import Column
from supportkit.exports.number_formats import Numbers, number_sql
from supportkit.exports.personal_data import Contact, json_sql, person_sql, property_sql, text_sql
from supportkit.exports.recognise import Recognised, contact_kind, normal_header
from supportkit.exports.refund_rows import WHOSE
from supportkit.exports.settings import ROUNDED, ColumnFormats, Settings
from supportkit.exports.values import (
    FREE_TEXT,
    IDS,
    PEOPLE,
    filled_sql,
    in_range_sql,
    is_numeric,
    is_one_of_sql,
    keeps_text,
    meaningful_sql,
    stripped_sql,
    typed_sql,
)
from supportkit.store.deciding import deciding
from supportkit.store.matching import ComparedColumn, kind_of
from supportkit.store.schema import MONEY as STORED_MONEY
from supportkit.store.schema import Field

UNMASKED: Final = (IDS - {"session_id"}) | {"status", "priority", "currency", "kind", "sender"}
STAGE: Final = "load_stage"
TEXTS: Final = "load_texts"


class Staging:
    """The layers for one file. `parameters` are bound with every query made here."""

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
        return [field.name for field in self._fields() if field.type == "timestamptz"]

    @property
    def numeric(self) -> list[str]:
        """Our columns that hold numbers."""
        return [field.name for field in self._fields() if is_numeric(field)]

    @property
    def figures(self) -> list[int]:
        """Columns of the file that are calculated with."""
        found: dict[int, None] = {}
        for column, expressions in self.known.columns.items():
            field = self._field(column)
            for one in expressions:
                read = numeric_columns(one, numeric=is_numeric(field), numbers=self._numbers(field))
                found.update(dict.fromkeys(read))
        for _, kept in self.known.keep:
            found.update(dict.fromkeys(numbers_in(kept, self._compared)))
        if self.known.export.gift_cards:
            found.update(dict.fromkeys(self.known.export.gift_cards.places(self.normal)))
        return list(found)

    @property
    def sums(self) -> dict[str, tuple[Expression, ...]]:
        """Our columns of texts, with the expressions in which `+` adds or joins by what the file's columns hold."""
        texts = [field for field in self._fields() if keeps_text(field)]
        asked = {f.name: tuple(one for one in self.known.columns[f.name] if added(one)) for f in texts}
        return {name: expressions for name, expressions in asked.items() if expressions}

    @property
    def passing(self) -> tuple[str, ...]:
        """Columns of the stage that no table has: what is needed until the rows are merged."""
        export = self.known.export
        whose = (WHOSE,) if export.refunds_of in self.normal else ()
        lines = (field.name for field in self.known.table.lines if field.name in self.known.columns)
        return (*whose, *((GIFTS,) if export.gift_cards else ()), *lines)

    def given_query(self, column: str, limit: int | None) -> str:
        """The texts given for one of our columns, of the first rows or of all."""
        return self._over_texts(f"select {self._given(self._field(column))} from {TEXTS}", limit)

    def glance_query(self, figures: Mapping[str, str], limit: int | None) -> str:
        """Aggregates of the texts given for several columns: `figures` has for each the SQL, with `{}` for the text;
        of a column that is one of the file's, its cells as they are."""
        given = ", ".join(f"{self.cell(name) or self._given(self._field(name))} as g_{name}" for name in figures)
        selected = ", ".join(sql.format(f"g_{name}") for name, sql in figures.items())
        return self._over_texts(f"select {selected} from (select {given} from {TEXTS})", limit)

    def score_query(self, numbers: Sequence[str], most: int, limit: int | None) -> str:
        """The kinds and the texts of scores that are no numbers, and these numbers, with the most rows first."""
        given = ", ".join(f"{self._given(self._field(name))} as g_{name}" for name in ("kind", "score"))
        number = number_sql("g_score", self.reading.numbers["score"])
        asked = f"({number} is null" + (f" or list_contains({self.bind(list(numbers))}, g_score))" if numbers else ")")
        return self._over_texts(
            f"select g_kind, g_score from (select {given} from {TEXTS}) "
            f"where g_kind is not null and g_score is not null and {asked} "
            f"group by all order by count(*) desc, g_kind, g_score limit {most}",
            limit,
        )

    def cell_query(self, place: int, limit: int | None) -> str:
        """The texts of one column of the file."""
        return self._over_texts(f"select t{place} from {TEXTS}", limit)

    def first_rows_query(self, selected: str, limit: int) -> str:
        """Aggregates of the texts of the file's columns, in the first rows."""
        return self._over_texts(f"select {selected} from {TEXTS}", limit)

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
        return [field.name for field in self._fields() if self._is_searched(field) and field.name not in FREE_TEXT]

    def _is_searched(self, field: Field) -> bool:
        return field.type == "varchar" and field.name not in UNMASKED | PEOPLE

    def _places_of(self, name: str) -> list[int]:
        found = (one.place for one in self.known.columns[name] if isinstance(one, Header) and one.place >= 0)
        return list(found)

    def _column(self, name: str) -> Column | None:
        """What is known of one of our columns, where it is one column of the file."""
        places = self._places_of(name)
        if name in FREE_TEXT or len(places) != 1 or len(self.known.columns[name]) > 1:
            return None
        known = self.reading.columns.get(self.headers[places[0]])
        return known if known is not None and known.code else None

    def rows_query(self) -> str:
        """Every row with its values, `bad`, `refused` and its place in the file."""
        return self._over_texts(self._rows())

    def stage_query(self, columns: tuple[str, ...]) -> str:
        """All rows, with personal data taken out, in the order of `columns`; then why a row is refused, and the columns
        that could not be read."""
        selected = ", ".join(f"{self._kept(self._stored(name))} as {name}" for name in columns)
        return self._over_texts(f"select {selected}, refused_column, refused, bad from ({self._rows()})")

    def _rows(self) -> str:
        given = self._layer(f"select * from {TEXTS}", self._given_columns())
        if self.reading.scores:
            given = self._layer(given, {"s_score": self.reading.scores.place_sql(self.bind)})
        values = self._layer(given, self._value_columns())
        return self._judged(self._layer(values, self._keep_columns()) if self.known.keep else values)

    def _kept(self, value: str) -> str:
        """The SQL of a value, of which nothing is read where its row is refused and it may hold personal data."""
        return f"case when refused is null then {value} end" if "private_" in value else value

    @property
    def numbered(self) -> bool:
        """Whether the rows come with their numbers: in a large file they are counted later, unless a map asks."""
        asked = [expression for many in self.known.columns.values() for expression in many]
        asked += [side for _, kept in self.known.keep for one in kept for side in one.sides]
        return self.settings.pending or self.cells.placed or any(map(counts_rows, asked))

    def _fields(self) -> list[Field]:
        return [field for field in self.known.table.readable if field.name in self.known.columns]

    def _field(self, name: str) -> Field:
        return next(field for field in self.known.table.readable if field.name == name)

    def _relation(self, limit: int | None) -> str:
        return self.cells.relation if limit is None else f"(from {self.cells.relation} limit {limit})"

    def _over_texts(self, sql: str, limit: int | None = None) -> str:
        """The layers above over the first one: the file's cells, and those that are named, as `t`, without blanks
        around them, null where empty."""
        named = sorted({int(place) for place in re.findall(r"\bt(\d+)\b", sql)})
        texts = "".join(f", {stripped_sql(f'c{place}')} as t{place}" for place in named if place < len(self.headers))
        number = "row_number() over ()" if self.numbered else "cast(null as bigint)"
        record = "" if self.cells.placed else f", {number} as record"
        return sql.replace(TEXTS, f"(select *{record}{texts} from {self._relation(limit)})")

    def _layer(self, inner: str, columns: Mapping[str, str]) -> str:
        added = ", ".join(f"{sql} as {name}" for name, sql in columns.items())
        return f"select *, {added} from ({inner})"

    def _given_columns(self) -> dict[str, str]:
        return {f"g_{field.name}": self._given(field) for field in self._fields()}

    def _keep_columns(self) -> dict[str, str]:
        cells = Read(self._compared, self._number, self.bind, self.settings.zone)
        return {
            f"keep_{number}": kept_sql(kept, cells, fold=text in self.known.export.keep)
            for number, (text, kept) in enumerate(self.known.keep)
        }

    def _compared(self, place: int) -> ComparedColumn:
        """A column of the file as conditions see it: of the kind of ours that it fills, else of none."""
        number = f"try_cast({self._number(place)} as double)"
        for field in self._fields():
            alone = self.known.columns[field.name] == (Header(place),) and field.name not in self.known.units
            if alone and field.name not in self.known.export.last_number:
                kind = kind_of(field.type)
                value = number if kind == "number" else f"v_{field.name}"
                return ComparedColumn(kind, f"g_{field.name}", value, number, loose=True)
        return ComparedColumn("any", f"t{place}", number=number)

    def _given(self, field: Field) -> str:
        """The text given for a column: the first of its expressions that has one."""
        if field.name in self.reading.usual:
            return f"nullif({self.cell(field.name)}, '')"
        texts = [
            meaningful_sql(field, self._sql_of(expression, field)) for expression in self.known.columns[field.name]
        ]
        if field.name in self.known.export.last_number:
            texts = [f"nullif(regexp_extract({text}, '(\\d+)/?$', 1), '')" for text in texts]
        text = texts[0] if len(texts) == 1 else f"coalesce({', '.join(texts)})"
        return self._joined(field.name, text)

    def _sql_of(self, expression: Expression, field: Field) -> str:
        return sql_of(
            expression,
            numeric=is_numeric(field),
            bind=self.bind,
            number=self._number,
            numbers=self._numbers(field),
            kind=INSTANT if field.type == "timestamptz" else MONEY,
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
            besides.append(paid.joined(self.normal, text, self._number, is_one_of_sql))
        return f"nullif(coalesce({text}, '') || {' || '.join(besides)}, '')" if besides else text

    def cell(self, name: str) -> str:
        """The file's own column that is one of ours; nothing where more than one may be, or a part of it."""
        expressions = self.known.columns[name]
        if len(expressions) > 1 or name in self.known.export.last_number:
            return ""
        (expression,) = expressions
        return f"c{expression.place}" if isinstance(expression, Header) and expression.place >= 0 else ""

    def _number(self, place: int) -> str:
        return number_sql(f"t{place}", self.reading.figures.get(place, Numbers("plain", "")))

    def _value_columns(self) -> dict[str, str]:
        judged = {one.column: one for one in deciding(self.known.table.name)}
        columns = {}
        for column in self._fields():
            export = self.known.export
            value = typed_sql(
                column,
                f"g_{column.name}",
                table=self.known.table.name,
                dates=self.reading.dates.get(column.name),
                numbers=self.reading.numbers.get(column.name),
                zone=self.bind(self.reading.zones[column.name]),
                unit=self.known.units.get(column.name, "s"),
                split=export.split,
                words=None if column.name in judged else export.values.get(column.name),
                source=export.source,
                contrary=column.name in self.known.contrary,
                spoken=self.readers.spoken(judged[column.name]) if column.name in judged else (),
            )
            if column.name == "score" and self.reading.scores:
                value = f"coalesce({self.reading.scores.values_sql(self.bind, 'value')}, {value})"
            columns[f"v_{column.name}"] = value
        return columns

    def _judged(self, inner: str) -> str:
        """The last layer: instants in range, the bad cells, and the reason a row is refused."""
        fields = self._fields()
        ranged = ", ".join(f"{in_range_sql(f, f'v_{f.name}')} as w_{f.name}" for f in fields if f.type == "timestamptz")
        inner = f"select *, {ranged} from ({inner})" if ranged else inner
        flags = self._flags()
        lost = {f.name: self._unread(f) for f in fields if not keeps_text(f) and f.name not in flags.values()}
        lost |= {f"{f.name}{ROUNDED}": _is_rounded(f.name) for f in fields if f.type == STORED_MONEY}
        bad = "cast(null as varchar[])"
        if lost:
            names = ", ".join(f"case when {sql} then '{name}' end" for name, sql in lost.items())
            bad = f"case when {' or '.join(lost.values())} then [b for b in [{names}] if b is not null] end"
        cases = self._refusals()
        column = " ".join(f"when {when} then {place}" for when, place, _ in cases)
        reason = " ".join(f"when {when} then {why}" for when, _, why in cases)
        return (
            f"select *, {bad} as bad, case {column} end as refused_column, case {reason} end as refused from ({inner})"
        )

    def _flags(self) -> dict[str, str]:
        """For the columns that hold the words of what is true or false as written, the columns that they are for."""
        return {one.written: one.column for one in deciding(self.known.table.name) if one.kind == "flag"}

    def _refusals(self) -> list[tuple[str, str, str]]:
        """The conditions under which a row is refused: condition, column and reason, as SQL."""
        cases = []
        for number, (text, _) in enumerate(self.known.keep):
            cases.append((f"not keep_{number}", "cast(null as varchar)", f"'{NOT_KEPT}' || {self.bind(text)}"))
        for column in self.known.table.fields:
            if not column.required or (self.known.export.lines == "first" and column.name != self.known.table.key):
                continue
            given = "true"
            if column.name == "amount" and not self.known.export.recognise:  # another line of the order may state it
                given = "g_amount is not null"
            else:
                cases.append((f"g_{column.name} is null", f"'{column.name}'", f"'{column.name} is empty'"))
            if not keeps_text(column):
                unread = f"{given} and {self._value(column)} is null"
                cases.append((unread, f"'{column.name}'", f"'{column.name} cannot be read'"))
        if self.known.table.name == "surveys":
            cases += self._refused_answers()
        return cases or [("false", "cast(null as varchar)", "''")]

    def _refused_answers(self) -> list[tuple[str, str, str]]:
        """An answer of which the score cannot be read, and what is neither an answer nor an invitation."""
        given = {name: self._field(name) for name in ("score", "responded_at") if name in self.known.columns}
        invited = "invited_at" in self.known.columns
        uninvited = f"{self._value(self._field('invited_at'))} is null" if invited else "true"
        cases = []
        if "score" in given:
            cases.append((self._unread(given["score"]), "'score'", "'score cannot be read'"))
        if "responded_at" in given:
            unread = f"{self._unread(given['responded_at'])} and {uninvited}"
            cases.append((unread, "'responded_at'", "'responded_at cannot be read'"))
        for name in ("score", "responded_at"):
            empty = f"{self._value(given[name])} is null" if name in given else "true"
            why = f"'{name} is empty: neither answered (score and responded_at) nor invited_at'"
            cases.append((f"{empty} and {uninvited}", f"'{name}'", why))
        return cases

    def _unread(self, field: Field) -> str:
        """The SQL for whether a column has a text that is no value of it."""
        unread = f"g_{field.name} is not null and {self._value(field)} is null"
        if field.name == "score" and self.reading.scores:
            unread += f" and not {self.reading.scores.silent_sql(self.bind)}"
        return f"({unread})"

    def _value(self, field: Field) -> str:
        return f"{'w' if field.type == 'timestamptz' else 'v'}_{field.name}"

    def _stored(self, name: str) -> str:
        """The SQL of a stored column: its value without personal data, or where the row comes from."""
        if name == "source_row":
            return "record"
        if name == "file_id":
            return "cast($file_id as bigint)"
        if name == WHOSE:
            return f"t{self.normal.index(self.known.export.refunds_of)}"
        if name == GIFTS:
            assert self.known.export.gift_cards is not None
            return self.known.export.gift_cards.sql(self.normal, self._number, is_one_of_sql)
        if name == "properties":
            return f"cast({self._properties()} as json)"
        field = next((f for f in self.known.table.readable if f.name == name), None)
        if field is None:
            return f"${name}" if name != "loaded_at" else "cast($loaded_at as timestamptz)"
        if name in self._flags() and self._flags()[name] in self.known.columns:
            flag = self._flags()[name]  # what is plainly true or false needs no word beside it
            return f"case when v_{flag} is null then g_{flag} end"
        if self.reading.scores and name == "score_as_written":
            return self.reading.scores.shown_sql(self.bind)
        if self.reading.scores and name in ("scale_min", "scale_max"):
            end = self.reading.scores.values_sql(self.bind, "low" if name == "scale_min" else "high")
            return f"coalesce({end}, {self._value(field) if name in self.known.columns else 'null'})"
        if name not in self.known.columns:
            return self._absent(field)
        value = self._value(field)
        if name == "amount" and "status" in self.known.columns and (paid := self.known.export.part_paid):
            value = paid.amount(self.normal, "g_status", value, self._number)
        if name in PEOPLE:
            return self._person(field)
        if name == "currency" and self.settings.currency:
            return f"coalesce({value}, {self.bind(self.settings.currency)})"
        if name == "public" and "kind" not in self.known.columns:
            return f"case when g_public is null then true else {value} end"
        if self.settings.pending or not self.settings.mask or name in UNMASKED:
            return value
        if field.type == "varchar[]":
            return f"cast(cast({json_sql(f'cast(to_json({value}) as varchar)')} as json) as varchar[])"
        if field.type != "varchar":
            return value
        coded = self._column(name)
        header = self.bind(coded.name) if coded else ""
        return text_sql(value, free=name in FREE_TEXT, coded=coded, header=header)

    def _absent(self, field: Field) -> str:
        if field.name == "currency":
            own = self.bind(self.settings.currency) if self.settings.currency else "null"
            return f"cast({own if self.signed is None else f'coalesce({self._sign()}, {own})'} as varchar)"
        return "true" if field.name == "public" else f"cast(null as {field.type})"

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

    def _sign(self) -> str:
        """What stands in an amount beside its figures."""
        figures = rf"regexp_replace(t{self.signed}, '[eE][+-]?\d+', '')"
        return rf"nullif(regexp_extract({figures}, '[^\d\s.,''’()%+−-]+'), '')"

    @property
    def given(self) -> set[str]:
        """Our columns that the file has."""
        return {*self.known.columns, *(("currency",) if self.signed is not None else ())}

    def _person(self, field: Field) -> str:
        """A customer's id: of the columns given, the first with a value, read as the e-mail, phone or id it holds."""
        parts = []
        given = self.known.columns[field.name]
        for expression in given:
            kind = (
                contact_kind(self.headers[expression.place])
                if isinstance(expression, Header) and expression.place >= 0
                else "id"
            )
            value = f"v_{field.name}"
            if len(given) > 1:
                text = meaningful_sql(field, self._sql_of(expression, field))
                value = typed_sql(field, text, table=self.known.table.name, dates=None, numbers=None, zone="")
            contact: Contact = "email" if kind == "email" else "phone" if kind == "phone" else "id"
            if kind == "id" and isinstance(expression, Header) and expression.place >= 0:
                known = self.reading.columns.get(self.headers[expression.place])
                contact = "contact" if known is not None and known.contacts else "id"
            parts.append(person_sql(value, contact, mask=self.settings.mask, pending=self.settings.pending))
        return parts[0] if len(parts) == 1 else f"coalesce({', '.join(parts)})"

    def _properties(self) -> str:
        """The cells that no column of ours takes, as a JSON object; what a change of clocks made of a time too."""
        left = self.known.left_over(self.headers)
        if not self.settings.mask:
            left = sorted({*left, *self.known.personal})
        pairs = {self.headers[place]: f"t{place}" for place in left}
        pairs |= self._clock_changes()
        if not pairs:
            return "cast(null as varchar)"
        masked = {self.headers[place] for place in left} if self.settings.mask and not self.settings.pending else set()
        listed = ", ".join(
            f"{header}, {self._property(name, sql, header) if name in masked else sql}"
            for name, sql in sorted(pairs.items())
            for header in [self.bind(name)]
        )
        made = f"cast(json_merge_patch('{{}}', json_object({listed})) as varchar)"
        return f"case when coalesce({', '.join(pairs.values())}) is not null then {made} end"

    def _property(self, name: str, cell: str, header: str) -> str:
        return property_sql(cell, self.reading.columns.get(name) or Column(name), header)

    def private_columns(self) -> dict[str, str]:
        """What is left for `protect_stage`: our columns, and what each holds."""
        found = {name: "person" for name in self.known.columns if name in PEOPLE}
        if not self.settings.mask:
            return found
        for column in self._fields():
            if column.name not in UNMASKED | PEOPLE and keeps_text(column):
                coded = self._column(column.name)
                text = "text" if coded is None else f"code {coded.name}"
                found[column.name] = text if column.type == "varchar" else "tags"
        return found | ({"properties": "json"} if self.known.left_over(self.headers) else {})

    def property_names(self) -> list[str]:
        """The names that properties can have."""
        left = self.known.left_over(self.headers)
        if not self.settings.mask:
            left = sorted({*left, *self.known.personal})
        return [*(self.headers[place] for place in left), *self._clock_changes()]

    def _clock_changes(self) -> dict[str, str]:
        changes = {}
        for name in self.dated:
            dates, zone = self.reading.dates.get(name), self.reading.zones[name]
            if dates and zone != "UTC" and any(form.local_time for form in dates.formats):
                changes[f"{name}_clock"] = clock_change_sql(f"g_{name}", dates, self.bind(zone), f"w_{name}")
        return changes

    def _zone(self, name: str) -> str:
        """The time zone of a column: the map's, else its header's, else the vendor's, else the configuration's."""
        if stated := self.known.settings.get("time_zone"):
            return stated
        for expression in self.known.columns[name]:
            for place in columns_read(expression):
                if place in self.known.zones:
                    return self.known.zones[place]
        return self.known.export.time_zone or self.settings.zone


def _is_rounded(name: str) -> str:
    """The SQL for whether a figure has more than the four decimals that are stored; a short text is none."""
    return f"(length(g_{name}) > 5 and regexp_matches(g_{name}, '[.,]\\d{{4}}\\d*[1-9]'))"

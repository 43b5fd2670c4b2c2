"""Personal data taken out of rows on their way in: text is masked, customers' e-mails and phones become pseudonyms.

Only cells that a cheap pattern selects reach Python: in a large file DuckDB calls the functions registered here for
those alone while rows stream by; a small file is treated in its stage, a temporary table, before it is merged.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from threading import Lock
from typing import TYPE_CHECKING, Final, Literal, cast

from supportkit.exports.masking import Masked, certain, mask_text, may_be_personal
from supportkit.exports.masking.code_shapes import DATED
from supportkit.exports.masking.column import Column
from supportkit.exports.masking.in_sql import LIKELY, is_likely_in_text, quoted
from supportkit.exports.masking.naming import SUFFIXES
from supportkit.exports.masking.papers import is_paper
from supportkit.exports.masking.pseudonyms import PERSONAL_ID, Key, Privacy, customer_id, is_contact, written_out
from supportkit.exports.rows.masking_processes import Gathered, MaskingProcesses
from supportkit.system.late_patterns import late

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

REMEMBERED: Final = 200_000
SHORT: Final = 40
"""The longest cell that is remembered: longer ones are texts, which hardly come twice."""


_PAPERS: Final = {"passport": "PASSPORT", "tax": "TAX"}
_TOKEN: Final = late(r"\[[A-Z]+\]")
_SHORT_CODE: Final = late(r"(?=.{1,12}$)[A-Za-z]*(?:[0-9][A-Za-z]*){0,5}")
"""Letters and digits in which no number of a person is, unless their header speaks of such."""

_PLAIN_EMAIL: Final = r"[a-z0-9_%+-][a-z0-9._%+-]*@[a-z0-9-]+(\.[a-z0-9-]+)*\.[a-z]+"
ID_CANDIDATE: Final = PERSONAL_ID.replace("'", "''")
_SIGNS: Final = "'\"`´‘’“”«»<=\\|/ \t\r\n\u00a0\ufeff"
"""What a spreadsheet, a quote or a slip leaves before a number, which would part it from its header."""

Contact = Literal["email", "phone", "contact", "id"]
"""What a column of people holds; a contact is an e-mail, a phone however it is written, or an id."""

_NO_PHONE: Final = late(rf"{DATED}|[0-9]{{1,3}}(?:\.[0-9]{{1,3}}){{3}}|[0-9](?:[ .,][0-9]{{3}}){{1,2}}")
"""Days, network addresses and amounts, which groups of digits may be as well."""

_SOME_SIGN: Final = "[@＠0-9０-９٠-٩۰-۹]"


@dataclass
class Protection:
    """How personal data is treated in one load, and what was found: `found` counts by kind, `columns` are those of the
    file that is being read, by their headers."""

    mode: Privacy
    key: Key | None
    found: Counter[str] = field(default_factory=Counter)
    remembered: dict[tuple[str, str], str] = field(default_factory=dict)
    counting: Lock = field(default_factory=Lock, repr=False)
    columns: dict[str, Column] = field(default_factory=dict)
    masked: dict[tuple[str, str], Masked] = field(default_factory=dict, repr=False)

    def begin(self, columns: Mapping[str, Column]) -> None:
        """From here on a file is read of whose columns this is known."""
        self.columns = dict(columns)
        self.masked = {}

    def text(self, value: str) -> str:
        """A text without personal data."""
        return self.counted(mask_text(value))

    def know(self, columns: Mapping[str, Column]) -> None:
        """From here on this is known of some columns."""
        for name, column in columns.items():
            if self.columns.get(name) != column:
                self.begin({**self.columns, name: column})

    def masker(self, what: str) -> Callable[..., Masked]:
        """What masks a text that may be personal, or a cell of a column that we have no name for."""
        return _candidate if what == "text" else self._known_property

    def counted(self, masked: Masked) -> str:
        """The text of what was masked, which is counted."""
        text, counts = masked
        if counts:
            with self.counting:  # DuckDB calls from several threads
                self.found.update(counts)
        return text

    def file_name(self, name: str) -> str:
        """The name of a file without the e-mails in it; what it ends with stays."""
        if self.mode == "keep":
            return name
        ends = SUFFIXES.search(name)
        stem = name[: ends.start()] if ends else name
        masked, counts = mask_text(stem)
        return masked + name[len(stem) :] if "EMAIL" in counts else name

    def shown(self, message: str) -> str:
        """A message with an example from the file, as it may be shown."""
        return mask_text(message)[0] if self.mode == "mask" else message

    def person(self, value: str, kind: Contact) -> str:
        """The id under which a customer is known."""
        known = self.remembered.get((value, kind))
        if known is not None:
            return known
        assert self.key is not None
        known = customer_id(value, self.key, privacy=self.mode, kind=kind)
        if len(self.remembered) < REMEMBERED:
            self.remembered[value, kind] = known
        return known

    def column(self, name: str) -> Column:
        """What is known of a column of the file, by its header."""
        known = self.columns.get(name)
        if known is None:
            known = self.columns[name] = Column(name)
        return known

    def property(self, name: str, cell: str) -> str:
        """A cell of a column that we have no name for; what its header says counts as a word before it."""
        return self.counted(self._known_property(name, cell))

    def changes(self, name: str, cell: str) -> bool:
        """Whether there is something to be taken out of such a cell; nothing is counted."""
        return self._known_property(name, cell)[0] != cell

    def _known_property(self, name: str, cell: str) -> Masked:
        known = self.masked.get((name, cell))
        if known is None:
            known = self._property(self.column(name), cell)
            if len(self.masked) < REMEMBERED and len(cell) <= SHORT:
                self.masked[name, cell] = known
        return known

    def _property(self, column: Column, cell: str) -> Masked:
        if column.is_private and (whole := written_out(cell)) != cell:
            masked, counts = self._property(column, whole)
            return (masked, counts) if counts else (cell, counts)
        masked, counts = self._as_headed(column, cell)
        if not counts and column.contacts and is_contact(cell) and not _NO_PHONE.fullmatch(cell.strip()):
            return "[PHONE]", {"PHONE": 1}
        return masked, counts

    def _as_headed(self, column: Column, cell: str) -> Masked:
        bare = cell.lstrip(_SIGNS)
        if column.is_plain(bare) or (_SHORT_CODE.fullmatch(bare) and not column.is_private):
            return cell, {}
        if column.is_code(bare):
            return certain(cell, column.ids)
        before = column.before
        masked, counts = mask_text(before + bare)
        if column.numbers in _PAPERS and is_paper(bare) and not _TOKEN.fullmatch(masked.removeprefix(before)):
            kind = _PAPERS[column.numbers]
            return f"{cell[: len(cell) - len(bare)]}[{kind}]", {kind: 1}
        if not counts and column.numbers:
            before = f"{column.numbers}: "
            masked, counts = mask_text(before + bare)
        if not masked.startswith(before):
            return mask_text(cell)
        left = masked.removeprefix(before)
        if bare == cell:
            return left, counts
        return mask_text(cell[: -len(bare)] + left) if bare else (cell, {})

    def coded(self, name: str, cell: str) -> str:
        """A cell of a column of ours of which most cells are codes; it is a text where it is none."""
        column = self.column(name)
        return self.counted(certain(cell, column.ids)) if column.is_code(cell) else self.text(cell)

    def json(self, value: str) -> str:
        """Tags or properties as JSON without personal data; figures and vendors' ids stay."""
        import json

        found = json.loads(value)
        if isinstance(found, list):
            changed: object = [self.text(cell) for cell in found]
        else:
            changed = {name: self.property(name, cell) for name, cell in found.items()}
        if changed == found:
            return value
        return json.dumps(changed, ensure_ascii=False, separators=(",", ":"))


def _candidate(value: str) -> Masked:
    """A text that may hold personal data, as a pattern has found that is sure of plain signs."""
    if not value.isascii():
        return mask_text(value)
    from supportkit.exports.masking.masked_text import masked

    return masked(value)


@contextmanager
def masking_functions(connection: DuckDBPyConnection, protection: Protection, *, small: bool = False) -> Iterator[None]:
    """The functions as SQL: private_person(t, kind), private_json(json), private_code(header, t), and private_text and
    private_property, which `of_text` and `of_property` call.

    Small files need none: `protect_stage` treats their stage, which spares loading what DuckDB needs to call Python.
    They are made outside a transaction; an error that passes here ends the one that is open.
    """
    from supportkit.system.duckdb_engine import duckdb

    processes, functions = None, list[_Function]()
    if not small:
        threads = connection.execute("select current_setting('threads')").fetchall()[0][0]  # and ends what is not read
        processes = MaskingProcesses(threads if protection.mode == "mask" else 1)
        functions = [*_one_by_one(protection), *_gathered(protection, processes)]
        import numpy  # noqa: F401  # which DuckDB calls missing where it only cannot be loaded, as for lack of memory
    for name, function, types, made in functions:
        connection.create_function(name, function, types, made)  # type: ignore[arg-type]
    try:
        yield
    except BaseException:
        with suppress(duckdb.Error):
            connection.execute("rollback")
        raise
    finally:
        for name, *_ in functions:
            connection.remove_function(name)
        if processes:
            processes.end()


_Function = tuple[str, Callable[..., object], list[str], str]
"""A function of DuckDB's: its name, what it calls, the types that it takes, and the one that it gives."""


def _one_by_one(protection: Protection) -> Iterator[_Function]:
    yield "private_person", protection.person, ["VARCHAR", "VARCHAR"], "VARCHAR"
    yield "private_json", protection.json, ["VARCHAR"], "VARCHAR"
    yield "private_code", protection.coded, ["VARCHAR", "VARCHAR"], "VARCHAR"


def _gathered(protection: Protection, processes: MaskingProcesses) -> Iterator[_Function]:
    """Of texts and of cells with their header, those that gather a chunk's, and those that give what became of each."""

    def together(what: str) -> Gathered:
        here = protection.masker(what)
        return Gathered(here, lambda cells: processes.mask(what, cells, protection.columns, here))

    texts, properties = together("text"), together("property")
    yield "ask_text", lambda text: texts.ask(text), ["VARCHAR"], "INTEGER"
    yield (
        "private_text",
        lambda place, text: protection.counted(texts.answer(place, text)),
        ["INTEGER", "VARCHAR"],
        "VARCHAR",
    )
    yield "ask_property", lambda header, cell: properties.ask(header, cell), ["VARCHAR", "VARCHAR"], "INTEGER"
    yield (
        "private_property",
        lambda place, header, cell: protection.counted(properties.answer(place, header, cell)),
        ["INTEGER", "VARCHAR", "VARCHAR"],
        "VARCHAR",
    )


def protect_stage(
    connection: DuckDBPyConnection,
    stage: str,
    columns: Mapping[str, str],
    protection: Protection,
    properties: Sequence[str] = (),
) -> None:
    """Take personal data out of a small stage; `columns` says of each what it holds: text, code and its header, person,
    tags or json. The names of the `properties` are told where the rows are many.

    A person stands there as `kind value`, kind being email, phone or id.
    """
    texts = {
        column: column if holds.startswith(("text", "person", "code ")) else f"cast(to_json({column}) as varchar)"
        for column, holds in columns.items()
    }
    changed: dict[str, dict[str, str]] = {}
    for column, cell in _cells(connection, stage, texts, properties, protection):
        done = _treated(cell, columns[column], protection)
        if done != cell:
            changed.setdefault(column, {})[cell] = done
    for column, treated in changed.items():
        kind = {"tags": "varchar[]", "json": "json"}.get(columns[column])
        stored = f"cast(cast(done as json) as {kind})" if kind else "done"
        connection.execute(
            f"update {stage} set {column} = {stored} "
            "from (select unnest($given) as given, unnest($done) as done) as treated "
            f"where {texts[column]} = treated.given",
            {"given": list(treated), "done": list(treated.values())},
        )


def _cells(
    connection: DuckDBPyConnection,
    stage: str,
    texts: Mapping[str, str],
    properties: Sequence[str],
    protection: Protection,
) -> Iterator[tuple[str, str]]:
    """The different cells of a stage that may have to be changed, by their column."""
    alike = {column: text for column, text in texts.items() if column != "properties" or not properties}
    if alike:
        cells = ", ".join(f"{{'of': '{column}', 'cell': {text}}}" for column, text in alike.items())
        distinct = f"select distinct one.of, one.cell from (select unnest([{cells}]) as one from {stage})"
        yield from connection.execute(f"{distinct} where one.cell is not null").fetchall()
    if len(alike) == len(texts):
        return
    each = (
        "select properties, unnest($names) as name, unnest(json_extract_string(properties, "
        f"[{', '.join(map(_pointer, properties))}])) as cell from {stage}"
    )
    different = f"select distinct name, cell from ({each}) where cell is not null"
    found = connection.execute(different, {"names": list(properties)}).fetchall()
    changing = [(name, cell) for name, cell in found if protection.changes(name, cell)]
    if changing:
        names, values = zip(*changing, strict=True)
        rows = (
            f"select distinct cast(properties as varchar) from ({each}) "
            "semi join (select unnest($of) as name, unnest($cells) as cell) using (name, cell)"
        )
        given = {"names": list(properties), "of": list(names), "cells": list(values)}
        yield from (("properties", cell) for (cell,) in connection.execute(rows, given).fetchall())


def _pointer(name: str) -> str:
    """A name in a JSON object as a pointer, in SQL."""
    return quoted("/" + name.replace("~", "~0").replace("/", "~1"))


def _treated(value: str, holds: str, protection: Protection) -> str:
    if holds == "text":
        return protection.text(value)
    if holds.startswith("code "):
        return protection.coded(holds.removeprefix("code "), value)
    if holds != "person":
        return protection.json(value) if holds == "json" or may_be_personal(value) else value
    kind, _, text = value.partition(" ")
    return protection.person(text, cast("Contact", kind))


def of_text(value: str) -> str:
    """The SQL of a text that may be personal without what is."""
    return f"private_text(ask_text({value}), {value})"


def of_property(header: str, cell: str) -> str:
    """The same of a cell of a column that we have no name for."""
    return f"private_property(ask_property({header}, {cell}), {header}, {cell})"


def text_sql(value: str) -> str:
    """The SQL that masks a free text where it may hold personal data."""
    return f"case when {value} is not null and {is_likely_in_text(value)} then {of_text(value)} else {value} end"


def person_sql(value: str, kind: Contact, *, mask: bool = True, pending: bool = False) -> str:
    """The SQL for a customer's id from a column of e-mails, phones or ids; pending, it is left for `protect_stage`.

    A plain e-mail that is kept is in its one form already.
    """
    if pending:
        return f"'{kind} ' || {value}"
    plain = "" if mask else f"when regexp_full_match({value}, '{_PLAIN_EMAIL}') then {value} "
    if kind == "contact":
        personal = f"when regexp_matches({value}, '{_SOME_SIGN}') then private_person({value}, 'contact')"
        return f"case {plain}{personal} else {value} end"
    if kind != "id":
        return f"case {plain}when {value} is not null then private_person({value}, '{kind}') end"
    personal = f"when regexp_matches({value}, '{ID_CANDIDATE}') then private_person({value}, 'id')"
    return f"case {plain}{personal} else {value} end"


def json_sql(value: str) -> str:
    """The SQL that masks tags or properties, given as JSON text."""
    return f"case when regexp_matches({value}, {quoted(LIKELY)}) then private_json({value}) else {value} end"

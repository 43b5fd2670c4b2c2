"""Personal data taken out by DuckDB while rows stream by: the functions that it calls, and the SQL that calls them.

Only cells that a cheap pattern selects reach Python.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Final

from supportkit.exports.masking.in_sql import LIKELY, is_likely_in_text, quoted
from supportkit.exports.masking.pseudonyms import PERSONAL_ID
from supportkit.exports.rows.masking_processes import Gathered, MaskingProcesses
from supportkit.exports.rows.personal_data import Contact, Protection

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

ID_CANDIDATE: Final = PERSONAL_ID.replace("'", "''")
_PLAIN_EMAIL: Final = r"[a-z0-9_%+-][a-z0-9._%+-]*@[a-z0-9-]+(\.[a-z0-9-]+)*\.[a-z]+"
_SOME_SIGN: Final = "[@＠0-9０-９٠-٩۰-۹]"


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
    several = f"contains({value}, chr(10))"  # people, one a line
    personal = f"when regexp_matches({value}, '{ID_CANDIDATE}') or {several} then private_person({value}, 'id')"
    return f"case {plain}{personal} else {value} end"


def json_sql(value: str) -> str:
    """The SQL that masks tags or properties, given as JSON text."""
    return f"case when regexp_matches({value}, {quoted(LIKELY)}) then private_json({value}) else {value} end"

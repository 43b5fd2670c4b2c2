"""The vendors' exports, one TOML file each: adding a vendor is adding a file.

An `[[export]]` says which table it is, by which headers it is known (`a|b`: either), which headers are which of our
columns (several: the first that has a value; `~` begins a pattern), and what a vendor's words, units and zones mean;
what is `beside` a state changes what it means. With `own_names` our names for columns are headers too; `contrary`
headers ask the other way round (`private` is not `public`), headers that `asks` names ask for one meaning of a column,
where yes is it and no another (`inbound`: of the customer), and a `first_close` says nothing of what was solved again.
Rows below zero are `refunds_of` an order of the same customer; in `sign` the amounts bear the sign of their currency.
`personal` columns hold names and addresses that no pattern finds: they are left out unless privacy is "keep".
"""

from __future__ import annotations

from dataclasses import field
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal

from supportkit.exports.meanings.beside import Beside
from supportkit.exports.meanings.gift_cards import GiftCards
from supportkit.exports.meanings.part_payments import PartPaid
from supportkit.exports.toml_tables import toml_table
from supportkit.exports.value_formats.date_formats import Order
from supportkit.system.frozen import dataclass
from supportkit.system.named import NamedTuple


class Duration(NamedTuple):
    """A vendor's column of durations, and the unit of its bare numbers."""

    column: str
    headers: tuple[str, ...]
    unit: Literal["s", "m", "h", "d"]
    business: bool = False
    """Whether only business hours are counted."""


_HERE: Final = Path(__file__).parent


@dataclass(frozen=True)
class Export:
    """One kind of file that a vendor writes."""

    source: str
    table: str
    recognise: tuple[str, ...]
    columns: dict[str, tuple[str, ...]] = field(default_factory=dict)
    constants: dict[str, str] = field(default_factory=dict)
    durations: tuple[Duration, ...] = ()
    values: dict[str, dict[str, str]] = field(default_factory=dict)
    dates: Order | None = None
    time_zone: str | None = None
    split: str = ""
    lines: Literal["add", "first"] = "add"
    personal: tuple[str, ...] = ()
    keep: tuple[str, ...] = ()
    beside: tuple[Beside, ...] = ()
    refunds_of: str = ""
    sign: str = ""
    gift_cards: GiftCards | None = None
    part_paid: PartPaid | None = None
    last_number: tuple[str, ...] = ()
    own_names: bool = False
    contrary: dict[str, tuple[str, ...]] = field(default_factory=dict)
    asks: dict[str, dict[str, dict[str, str]]] = field(default_factory=dict)
    first_close: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    """Columns with one of which a file is another one: rows of comments have a `comment_id` beside their ticket's."""


class Source(NamedTuple):
    """A vendor: its name, what it is called, and its exports."""

    name: str
    title: str
    exports: tuple[Export, ...]


@cache
def sources() -> tuple[Source, ...]:
    """Every vendor known, by name."""
    return tuple(sorted((_read(file) for file in _HERE.glob("*.toml")), key=lambda source: source.name))


def our_own() -> Source:
    """The exports with our own names for columns."""
    return _read(_HERE / "supportkit.toml")


@cache
def _read(file: Path) -> Source:
    return _source(toml_table(file))


def _source(content: dict[str, Any]) -> Source:
    exports = tuple(_export(content["name"], part) for part in content.pop("export"))
    return Source(exports=exports, **content)


def _export(source: str, part: dict[str, Any]) -> Export:
    tables = ("durations", "beside")
    lists = {name: tuple(value) for name, value in part.items() if isinstance(value, list) and name not in tables}
    beside = tuple(Beside(**{**one, "silent": tuple(one.get("silent", ()))}) for one in part.get("beside", ()))
    durations = tuple(
        Duration(d["column"], tuple(d["from"]), d["unit"], d.get("business", False)) for d in part.get("durations", ())
    )
    columns = {name: tuple(headers) for name, headers in part.get("columns", {}).items()}
    contrary = {name: tuple(headers) for name, headers in part.get("contrary", {}).items()}
    given = part.get("gift_cards")
    cards = GiftCards(**{**given, "words": tuple(given["words"]), "false": tuple(given["false"])}) if given else None
    owed = part.get("part_paid")
    part_paid = PartPaid(owed["owed"], tuple(owed["words"])) if owed else None
    read = {"columns": columns, "durations": durations, "beside": beside, "gift_cards": cards, "part_paid": part_paid}
    read["contrary"] = contrary
    return Export(**{**part, **lists, **read, "source": source})

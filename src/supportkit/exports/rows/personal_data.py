"""Personal data taken out of rows on their way in: text is masked, customers' e-mails and phones become pseudonyms.

In a large file DuckDB calls for it while rows stream by (`masking_functions.py`); a small file is treated in its stage,
a temporary table, before it is merged (`small_stage.py`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from threading import Lock
from typing import Final, Literal

from supportkit.exports.masking import Masked, certain, mask_text
from supportkit.exports.masking.code_shapes import DATED
from supportkit.exports.masking.column import Column
from supportkit.exports.masking.naming import SUFFIXES
from supportkit.exports.masking.papers import is_paper
from supportkit.exports.masking.pseudonyms import Key, Privacy, customer_id, first_of_several, is_contact, written_out
from supportkit.system.late_patterns import late

REMEMBERED: Final = 200_000
SHORT: Final = 40
"""The longest cell that is remembered: longer ones are texts, which hardly come twice."""


_PAPERS: Final = {"passport": "PASSPORT", "tax": "TAX"}
_TOKEN: Final = late(r"\[[A-Z]+\]")
_SHORT_CODE: Final = late(r"(?=.{1,12}$)[A-Za-z]*(?:[0-9][A-Za-z]*){0,5}")
"""Letters and digits in which no number of a person is, unless their header speaks of such."""

_SIGNS: Final = "'\"`´‘’“”«»<=\\|/ \t\r\n\u00a0\ufeff"
"""What a spreadsheet, a quote or a slip leaves before a number, which would part it from its header."""

Contact = Literal["email", "phone", "contact", "id"]
"""What a column of people holds; a contact is an e-mail, a phone however it is written, or an id."""

_NO_PHONE: Final = late(rf"{DATED}|[0-9]{{1,3}}(?:\.[0-9]{{1,3}}){{3}}|[0-9](?:[ .,][0-9]{{3}}){{1,2}}")
"""Days, network addresses and amounts, which groups of digits may be as well."""


@dataclass
class Protection:
    """How personal data is treated in one load, and what was found: `found` counts by kind, `several` are the cells
    that name more than one person, `columns` those of the file that is being read, by their headers."""

    mode: Privacy
    key: Key | None
    found: Counter[str] = field(default_factory=Counter)
    remembered: dict[tuple[str, str], str] = field(default_factory=dict)
    counting: Lock = field(default_factory=Lock, repr=False)
    columns: dict[str, Column] = field(default_factory=dict)
    several: set[str] = field(default_factory=set, repr=False)
    masked: dict[tuple[str, str], Masked] = field(default_factory=dict, repr=False)

    def begin(self, columns: Mapping[str, Column]) -> None:
        """From here on a file is read of whose columns this is known."""
        self.columns = dict(columns)
        self.masked = {}

    def next_file(self) -> None:
        """From here on what is found is of another file."""
        self.found.clear()
        self.several.clear()

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
                for kind, count in counts.items():  # half the time of `update`
                    self.found[kind] += count
        return text

    def file_name(self, name: str) -> str:
        """The name of a file as it is stored and told of."""
        return file_name(name, self.mode)

    def shown(self, message: str) -> str:
        """A message with an example from the file, as it may be shown."""
        return mask_text(message)[0] if self.mode == "mask" else message

    def person(self, value: str, kind: Contact) -> str:
        """The id under which a customer is known."""
        first = first_of_several(value)
        if first != value:
            self.several.add(value)
            value = first
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


def file_name(name: str, mode: Privacy) -> str:
    """The name of a file without the e-mails in it, where they are masked; what it ends with stays."""
    ends = SUFFIXES.search(name)
    stem = name[: ends.start()] if ends else name
    masked, counts = mask_text(stem) if mode == "mask" else (stem, {})
    return masked + name[len(stem) :] if "EMAIL" in counts else name


def _candidate(value: str) -> Masked:
    """A text that may hold personal data, as a pattern has found that is sure of plain signs."""
    if not value.isascii():
        return mask_text(value)
    from supportkit.exports.masking.masked_text import masked

    return masked(value)

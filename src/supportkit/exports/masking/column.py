"""What a column says of its cells, from its header and a sample of them: which are codes or dates, which are contacts.

Cells that share one code shape (`TEC-PH-10002345`) and dates hold no bare phone or passport, however their digits are
grouped; what can be nothing else (an e-mail, a card, an IBAN, a phone with its plus) is found in them as well.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Final

from supportkit.exports.masking import identity_numbers
from supportkit.exports.masking.headers import numbers_under
from supportkit.system.frozen import dataclass
from supportkit.system.late_patterns import late

MOST: Final = 0.8
"""The share of a column's different cells that have to be of one shape, or dates."""

_ID_NAME: Final = late(
    r"(?:^|[\s_#.-])(?:id|ids|key|no|nr|number|zip|code|count|row)\W*$|[a-z]Id$|#$|barcode|strichcode|штрих-?код",
    re.IGNORECASE,
)
_PRIVATE_NAME: Final = late(
    r"phone|mobile|\bcell(?:s|phone)?\b|whats|viber|fax|\btel|telefon|handy|rufnummer|контакт|телефон|моб|passport|passnr"
    r"|ausweis|паспорт|card|karte|карт|\btax|steuer|инн|снилс|ssn|social|iban|konto|\bcontact|national|nino|\bdni\b|\bnif\b"
    r"|\bnie\b|pesel|aadhaar|licen[cs]e|führerschein"
    r"|passw|kennwort|парол|\bpwd?\b|\bpin\b|secret|token|api ?key",
    re.IGNORECASE,
)
_PERSON_NAME: Final = late(r"customer|client\b|kunde|клиент|покупател|cliente\b|acheteur", re.IGNORECASE)
_COUNTED: Final = late(r"[\s_#.(-]*\d{1,2}\)?\s*$")
_PARTS: Final = late(r"_+|(?<=[a-zа-я])(?=[A-ZА-Я])")

_MEASURE: Final = "-?[0-9]{1,8}|-?[0-9]+[.,][0-9]+"
_DAY: Final = "(?:0?[1-9]|[12][0-9]|3[01])"
_YEAR: Final = "(?:19|20)[0-9]{2}"
DATED: Final = (
    rf"(?:[^\W\d_]{{2,10}}\.?,? )?(?:{_YEAR}[-/.]{_DAY}[-/.]{_DAY}|{_DAY}[-/.]{_DAY}[-/.](?:{_YEAR}|[0-9]{{2}})"
    rf"|{_DAY}[-/. ]{{1,2}}[^\W\d_]{{3,10}}[-/., ]{{1,2}}(?:{_YEAR}|[0-9]{{2}})"
    rf"|[^\W\d_]{{3,10}}\.? {_DAY}(?:,? {_YEAR})?)"
    r"(?:(?:T|,? )[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:[.,][0-9]{1,9})?)?(?: ?[AaPp]\.?[Mm]\.?)?)?"
    rf"(?: ?(?:Z|[A-Z]{{3,4}}|[+-][0-9]{{2}}:?[0-9]{{2}}))?(?: {_YEAR})?"
)
"""A day or an instant, as exports write them; the same in RE2 and in Python."""

_CODE: Final = late(r"#?[^\W_]+(?:[-_/.:#][^\W_]+)*")
_UUID: Final = r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
_RUN: Final = late(r"[^\W\d_]+|[0-9]+|.", re.DOTALL)
_LONG: Final = late(r"(?<![0-9])[0-9]{13,19}(?![0-9])")
WITHOUT_CARDS: Final = (DATED, _UUID)
"""The patterns of codes that hold neither a card nor an account number."""


@dataclass(frozen=True)
class Column:
    """How the cells of one column are looked at."""

    name: str
    code: str = ""
    """The pattern of cells that are codes, days or instants."""

    ids: frozenset[int] = frozenset({13})
    """The lengths of long numbers that are ids here, though one in ten of them passes for a card."""

    contacts: bool = False
    """Whether most cells are e-mails or phones."""

    @cached_property
    def cue(self) -> str:
        """The header as words before a cell, without the number that tells it from its like."""
        return _PARTS.sub(" ", _COUNTED.sub("", self.name)).strip() or self.name

    @cached_property
    def before(self) -> str:
        """What counts as words before a cell; nothing where the header names a person, whose cell may be any number."""
        named = _PERSON_NAME.search(self.cue) and not self.is_private and not _ID_NAME.search(self.cue)
        return "" if named else f"{self.cue}: "

    @cached_property
    def is_private(self) -> bool:
        """Whether the header speaks of phones, cards, papers or accounts of people, or most cells are contacts."""
        return self.contacts or _PRIVATE_NAME.search(self.cue) is not None or self.numbers != ""

    @cached_property
    def numbers(self) -> str:
        """The word for the numbers under this header, where it says nothing else; empty where it does."""
        return numbers_under(self.cue)

    @cached_property
    def plain(self) -> str:
        """The pattern of cells that are left as they are: measures, ids, days and instants; empty where none are."""
        parts = [] if self.is_private else [_MEASURE]
        if not self.is_private and (_ID_NAME.search(self.name) or _ID_NAME.search(self.cue)):
            parts += ["[0-9]{1,12}", *(f"[0-9]{{{length}}}" for length in sorted(self.ids))]
        return "|".join([*parts, self.code] if self.code in WITHOUT_CARDS else parts)

    def is_plain(self, cell: str) -> bool:
        """Whether a cell is left as it is without another look."""
        return self._plain.fullmatch(cell) is not None

    def is_code(self, cell: str) -> bool:
        """Whether a cell has the shape of the codes of this column."""
        return self._code.fullmatch(cell) is not None

    @cached_property
    def _plain(self) -> re.Pattern[str]:
        return late(f"(?:{self.plain})" if self.plain else "(?!)")

    @cached_property
    def _code(self) -> re.Pattern[str]:
        return late(f"(?:{self.code})" if self.code else "(?!)")


def column_of(name: str, cells: Sequence[str], *, contacts: bool = False) -> Column:
    """What the header and some different cells say of a column."""
    bare = Column(name, "", _ids_like_cards(cells), contacts)
    if contacts or bare.is_private or _PERSON_NAME.search(bare.cue) or len(cells) < 2:
        return bare
    return replace(bare, code=_code_shape(cells))


def _code_shape(cells: Sequence[str]) -> str:
    """The pattern that most cells are of: days, or one shape of letters and digits; empty where there is none."""
    for pattern in WITHOUT_CARDS:
        whole = late(f"(?:{pattern})")
        if sum(whole.fullmatch(cell) is not None for cell in cells) >= MOST * len(cells):
            return pattern
    shapes = Counter(_shape(cell) for cell in cells if _CODE.fullmatch(cell))
    shape, count = max(shapes.items(), key=lambda item: (item[1], item[0]), default=("", 0))
    if count < MOST * len(cells) or "A" not in shape or "9" not in shape:
        return ""
    of_shape = [cell for cell in cells if _shape(cell) == shape]
    if sum(map(_says_what_it_is, of_shape)) * 2 > len(of_shape):
        return ""
    return "".join(r"[^\W\d_]+" if part == "A" else "[0-9]+" if part == "9" else re.escape(part) for part in shape)


def _shape(cell: str) -> str:
    """`AAA-AA-99` as `A-A-9`: letters and digits by their kind, what stands between them as it is."""
    return "".join("9" if run[0] in "0123456789" else "A" if run[0].isalpha() else run for run in _RUN.findall(cell))


def _says_what_it_is(cell: str) -> bool:
    """Whether the letters before a number name what it is, or the whole is a number of a person with letters in it."""
    from supportkit.exports.masking.cues import CARD_CUE, TAX_CUE, TELEPHONE
    from supportkit.exports.masking.masked_text import contacts, is_tax_with_letters

    before = cell[: next(place for place, sign in enumerate(cell) if sign.isdecimal())]
    if CARD_CUE.search(before) or TAX_CUE.search(before):
        return True
    if TELEPHONE.search(before) and (before[-1] in ":." or contacts(cell[len(before) :])):
        return True  # "CALL-1428713" is a code, "CALL-0301234567" and "Tel:1428713" are phones
    return before.casefold().startswith(("pass", "ausweis", "паспорт")) or is_tax_with_letters(cell)


def _ids_like_cards(cells: Iterable[str]) -> frozenset[int]:
    """The lengths of long numbers that are ids: most of those that begin like a card fail the test of its last digit,
    which one number in ten passes. Thirteen digits are no card that is still issued, unless most of several are one."""
    passed: Counter[int] = Counter()
    failed: Counter[int] = Counter()
    for cell in cells:
        for run in _LONG.findall(cell):
            if identity_numbers.of_issuer(run):
                (passed if identity_numbers.luhn(run) else failed)[len(run)] += 1
    ids = {length for length, count in failed.items() if count > 2 * passed[length]}
    return frozenset(ids | ({13} if passed[13] < 3 else set()))

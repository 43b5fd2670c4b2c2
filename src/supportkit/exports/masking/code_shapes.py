"""Which cells of a column are codes, days or instants: by the shape that most of them share.

Cells that share one code shape (`TEC-PH-10002345`, or digits alone that are no phones) and dates hold no bare phone or
passport, however their digits are grouped; what can be nothing else (an e-mail, a card, an IBAN, a phone with its plus)
is found in them as well.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Final

from supportkit.exports.masking.naming import PERSON_HEADER
from supportkit.system.late_patterns import late

MOST: Final = 0.8
"""The share of a column's different cells that have to be of one shape, or dates."""

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
_FIGURES: Final = late(r"[0-9]+(?:[-_/.:][0-9]+)*")
_TRUNK: Final = late(r"0|[78][34589][0-9]{9}\Z")
"""How a phone begins that is dialled at home, in Germany or in Russia."""

_PHONE: Final = 9
"""The fewest digits that are taken for a phone where nothing is said of them."""

_FEWEST: Final = 5
"""Cells of the same groups of digits that show what they are."""

_CLOSE: Final = 4
"""The most numbers between the first and the last of some that count up, for each of them."""

_ASKED: Final = 40
"""Cells that are asked whether they name somebody, which takes long."""

WITHOUT_CARDS: Final = (DATED, _UUID)
"""The patterns of codes that hold neither a card nor an account number."""


def code_shape(cue: str, before: str, cells: Sequence[str]) -> str:
    """The pattern that most cells are of: days, one shape of letters and digits, or digits alone that name nobody under
    a header of these words; empty where there is none."""
    for pattern in WITHOUT_CARDS:
        whole = late(f"(?:{pattern})")
        if sum(whole.fullmatch(cell) is not None for cell in cells) >= MOST * len(cells):
            return pattern
    if figures := _figures_shape(cue, before, cells):
        return figures
    shapes = Counter(_shape(cell) for cell in cells if _CODE.fullmatch(cell))
    shape, count = max(shapes.items(), key=lambda item: (item[1], item[0]), default=("", 0))
    if count < MOST * len(cells) or "A" not in shape or "9" not in shape:
        return ""
    of_shape = [cell for cell in cells if _shape(cell) == shape]
    if sum(map(_says_what_it_is, of_shape)) * 2 > len(of_shape):
        return ""
    return "".join(r"[^\W\d_]+" if part == "A" else "[0-9]+" if part == "9" else re.escape(part) for part in shape)


def _figures_shape(cue: str, before: str, cells: Sequence[str]) -> str:
    """The pattern of codes of digits alone, where most cells are such: those that share their groups of digits and are
    mostly no numbers of persons, or count up; empty where there are none."""
    shapes: dict[str, list[str]] = {}
    for cell in cells:
        if _FIGURES.fullmatch(cell):
            shapes.setdefault(_figures(cell), []).append(cell)
    if sum(map(len, shapes.values())) < MOST * len(cells) or PERSON_HEADER.search(cue):
        return ""
    return "|".join(shape for shape, alike in sorted(shapes.items()) if _are_codes(before, alike))


def _are_codes(before: str, cells: Sequence[str]) -> bool:
    """Whether most of some cells of equal groups of digits name nobody, or they are so close that they count up."""
    if len(cells) < _FEWEST or (cells[0].isdecimal() and len(cells[0]) < _PHONE):
        return False
    if not any(_TRUNK.match(cell) or not cell.isdecimal() for cell in cells):
        figures = [int(cell) for cell in cells]
        if max(figures) - min(figures) < _CLOSE * len(cells):
            return True
    some = cells[:: -(-len(cells) // _ASKED)]
    return 2 * sum(map(_names_a_person, (f"{before}{cell}" for cell in some))) <= len(some)


def _names_a_person(text: str) -> bool:
    from supportkit.exports.masking.masked_text import masked

    return not masked(text)[1].keys() <= {"CARD", "SECRET"}


def _figures(cell: str) -> str:
    """The pattern of the cells with the same groups of digits."""
    return "".join(f"[0-9]{{{len(run)}}}" if run[0] in "0123456789" else re.escape(run) for run in _RUN.findall(cell))


def _shape(cell: str) -> str:
    """`AAA-AA-99` as `A-A-9`: letters and digits by their kind, what stands between them as it is."""
    return "".join("9" if run[0] in "0123456789" else "A" if run[0].isalpha() else run for run in _RUN.findall(cell))


def _says_what_it_is(cell: str) -> bool:
    """Whether the letters before a number name what it is, or the whole is a number of a person with letters in it."""
    from supportkit.exports.masking.cues import CARD_CUE, TAX_CUE, TELEPHONE
    from supportkit.exports.masking.literals import small_letters
    from supportkit.exports.masking.masked_text import contacts, is_tax_with_letters

    before = small_letters(cell[: next(place for place, sign in enumerate(cell) if sign.isdecimal())])
    if CARD_CUE.search(before) or TAX_CUE.search(before):
        return True
    if TELEPHONE.search(before) and (before[-1] in ":." or contacts(cell[len(before) :])):
        return True  # "CALL-1428713" is a code, "CALL-0301234567" and "Tel:1428713" are phones
    return before.startswith(("pass", "ausweis", "паспорт")) or is_tax_with_letters(cell)

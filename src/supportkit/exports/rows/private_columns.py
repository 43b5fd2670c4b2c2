"""What the first rows say of the columns that may hold personal data: which are codes or days, which are contacts."""

from __future__ import annotations

from dataclasses import replace

from supportkit.exports.masking import may_be_personal
from supportkit.exports.masking.column import Column, column_of
from supportkit.exports.masking.in_sql import ANY_SIGN
from supportkit.exports.masking.pseudonyms import is_contact
from supportkit.exports.recognising.header_names import contact_kind
from supportkit.exports.rows.first_rows import FirstRows
from supportkit.exports.rows.private_cells import MANY
from supportkit.exports.rows.staging import Staging
from supportkit.system.late_patterns import late

_any_sign = late(ANY_SIGN)


def find_private(staging: Staging, rows: FirstRows) -> dict[str, Column]:
    """What is known of each column of texts, extra cells and people, by its header.

    Only of cells that may hold personal data anything needs to be known: where there is none in the first rows, the
    header alone is.
    """
    places = {**dict.fromkeys(staging.searched, False), **dict.fromkeys(staging.people, True)}
    found, large = {}, staging.cells.rows >= MANY
    for place, people in places.items():
        header, cells = staging.headers[place], sorted({cell for cell in rows[place] if cell is not None})
        if people:
            contacts = contact_kind(header) == "id" and 2 * sum(map(is_contact, cells)) > len(cells)
            found[header] = Column(header, contacts=contacts)
        else:
            personal = [cell for cell in cells if may_be_personal(cell)]
            known = column_of(header, personal, contacts=_are_contacts(personal, len(cells)))
            found[header] = replace(known, quiet=True) if large and _is_quiet(known, cells) else known
    return found


def _is_quiet(column: Column, cells: list[str]) -> bool:
    """Whether no cell has a sign by which something personal is known, but for plain ones and codes."""
    signs = (cell for cell in cells if _any_sign.search(cell))
    return not column.is_private and all(column.is_plain(cell) or column.is_code(cell) for cell in signs)


def _are_contacts(cells: list[str], of: int) -> bool:
    """Whether most cells can be nothing but contacts: e-mails, and phones with a plus or two zeros before them."""
    plainly = [cell for cell in cells if "@" in cell or cell.lstrip().startswith(("+", "00"))]
    return 2 * len(plainly) > of and 2 * sum(map(is_contact, plainly)) > of

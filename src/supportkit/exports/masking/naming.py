"""Where a text or an extra column names an erased person: the name goes, the rest stays.

A name is taken for one where it cannot be much else: an e-mail, a phone, a pseudonym, an id of letters and digits, a
long number. A short number or word (an id like 88 or `gold`) names a person only as the whole of a cell whose header
speaks of people.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Final

from supportkit.exports.masking import contacts
from supportkit.system.late_patterns import late

NAMED: Final = "[ERASED]"
PERSON_HEADER: Final = late(
    r"customer|client|user|request[eo]r|contact|buyer|submitter|person|member|guest|patient|subscriber|recipient|owner"
    r"|sender|reporter|creator|author|account|referr|invit|sponsor|parent|e-?mail|phone|(?:\b|_|ed)by\b"
    r"|kunde|käufer|nutzer|melder|besteller|ansprech|empf(?:ä|oh)|geworben|mitglied|konto"
    r"|клиент|покупател|пользовател|заказчик|контакт|получател|отправител|участник|владел|телефон|почт"
    r"|cliente|usuario|comprador|contacto|acheteur|utilisateur|destinataire|demandeur",
    re.IGNORECASE,
)
OWN_NUMBER: Final = late(
    r"(?:customer|client|user|requester|buyer|shopper)[ _-]?(?:id|no\.?|nr\.?|number|#)"
    r"|kunden[ _-]?(?:id|nr\.?|nummer)|(?:id|номер|код) (?:клиента|покупателя|пользователя)",
    re.IGNORECASE,
)
"""The header of the shop's own number of a row's customer, and nothing more in it."""
SUFFIXES: Final = late(r"(?:\.(?:csv|tsv|txt|gz|zst|zip|xlsx?|ods|json|ndjson|parquet|sqlite|pdf))+$", re.IGNORECASE)
"""What an address may be followed by in the name of a file."""
_WORD: Final = late(r"[^\W_](?:[\w.+%-]*\w)?|_[\w.+%-]*\w")
_PIECE: Final = late(r"[^\s,;|]+")

Knows = Callable[[str], bool]


def telling(name: str) -> bool:
    """Whether a name is one wherever it stands."""
    if name.isdecimal():
        return len(name) >= 9
    return "@" in name or len(name) > 5 or (len(name) == 5 and any(char.isdecimal() for char in name))


def without(text: str, knows: Knows) -> str:
    """The text with the token in place of each name that is known."""
    pieces: list[str] = []
    at = 0
    for start, found_end in contacts(text):
        suffixes = SUFFIXES.search(text, start, found_end)
        end = suffixes.start() if suffixes else found_end
        if start >= at and knows(text[start:end]):
            pieces += (_words(text[at:start], knows), NAMED)
            at = end
    return "".join([*pieces, _words(text[at:], knows)])


def _words(text: str, knows: Knows) -> str:
    return _WORD.sub(lambda match: NAMED if telling(match[0]) and knows(match[0]) else match[0], text)


def unnamed(properties: str, knows: Knows) -> str | None:
    """Extra columns, given as JSON, in which cells that name a person that is known are gone; None where all are."""
    cells: dict[str, object] = json.loads(properties)
    left = {}
    for name, cell in cells.items():
        if not isinstance(cell, str):
            left[without(name, knows)] = cell
        elif not _names(name, cell, knows):
            left[without(name, knows)] = without(cell, knows)
    if left == cells:
        return properties
    return json.dumps(left, ensure_ascii=False, separators=(",", ":")) if left else None


def _names(name: str, cell: str, knows: Knows) -> bool:
    """Whether a cell is a name or a list of names with one that is known among them."""
    of_people = PERSON_HEADER.search(name) is not None
    pieces = {cell.strip(), *_PIECE.findall(cell)} if of_people else {cell.strip()}
    return any((of_people or telling(piece)) and knows(piece) for piece in pieces)

"""Columns under a bare word for somebody (`Customer`, `Kunde`, `Покупатель`) that hold names of people in the first
rows: they are left out as columns of names are. Under such a header stand ids as well, which stay."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from supportkit.exports.recognising.header_names import normal_header
from supportkit.exports.recognising.recognised import Recognised
from supportkit.exports.rows.first_rows import FirstRows
from supportkit.system.late_patterns import late

_SOMEBODY: Final = late(
    r"customer|client|buyer|guest|user|visitor|requester|requestor|reporter|caller|member|patient|student|participant"
    r"|attendee|subscriber|payer|person|contact|purchaser|shopper|reviewer|respondent"
    r"|kund(?:e|in)|käufer(?:in)?|gast|besteller(?:in)?|nutzer(?:in)?|anrufer(?:in)?|melder(?:in)?|teilnehmer(?:in)?"
    r"|cliente|acheteu(?:r|se)|invit[ée]|demandeu(?:r|se)|utilisateur|appelant"
    r"|comprador(?:a)?|huésped|solicitante|usuario|participante"
    r"|клиент|покупатель|заказчик|гость|пользователь|посетитель|заявитель|абонент|участник|контакт"
    r"|acquirente|ospite|klant|koper|klient|kupując[ya]|gość|hóspede|müşteri|misafir"
)
_NAME: Final = late(r"(?:[^\W\d_a-zà-ÿа-яё][\w'’.-]*,? ){1,3}[^\W\d_a-zà-ÿа-яё][^\W\d_'’.]*(?:[-'’.][^\W\d_]*)*")
_MOSTLY: Final = 0.7
_FEWEST: Final = 3
"""Different names at least: a firm with two words comes again."""


def with_people(known: Recognised, headers: Sequence[str], rows: FirstRows, kept: Sequence[str]) -> Recognised:
    """What a file is, with those of its extra columns left out that hold names of people; `kept` are headers that
    somebody wants."""
    stay = {normal_header(header) for header in kept}
    found = frozenset(
        place
        for place in known.left_over(headers)
        if _SOMEBODY.fullmatch(" ".join(headers[place].casefold().replace("_", " ").split()))
        and normal_header(headers[place]) not in stay
        and _are_names({cell for cell in rows[place] if cell is not None})
    )
    return replace(known, named=known.named | found, personal=known.personal | found) if found else known


def _are_names(cells: set[str]) -> bool:
    names = [cell for cell in cells if _NAME.fullmatch(cell) and not cell.isupper()]
    return len(names) >= _FEWEST and len(names) >= _MOSTLY * len(cells)

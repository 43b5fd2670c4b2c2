"""What a column says of its cells, from its header and a sample of them: which are codes, which are contacts."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Final

from supportkit.exports.masking import identity_numbers
from supportkit.exports.masking.code_shapes import WITHOUT_CARDS, code_shape
from supportkit.exports.masking.headers import numbers_under
from supportkit.system.frozen import dataclass
from supportkit.system.late_patterns import late

_ID_NAME: Final = late(
    r"(?:^|[\s_#.-])(?:id|ids|key|no|nr|number|zip|code|count|row)\W*$|[a-z]Id$|#$|barcode|strichcode|штрих-?код",
    re.IGNORECASE,
)
_PRIVATE_NAME: Final = late(
    r"phone|mobile|\bcell(?:s|phone)?\b|whats|viber|fax|\btel|telefon|handy|rufnummer|контакт|телефон|моб|passport|passnr"
    r"|ausweis|паспорт|card|karte|карт|\btax|steuer|инн|снилс|ssn|social|iban|konto|\bcontact|national|nino|\bdni\b|\bnif\b"
    r"|\bnie\b|pesel|aadhaar|licen[cs]e|führerschein"
    r"|passw|kennwort|парол|\bsession$|\bpwd?\b|\bpin\b|secret|token|api ?key",
    re.IGNORECASE,
)
_THING_NAME: Final = late(
    r"(?:(?:google|facebook|meta|bing|tiktok|utm|parent|source|target) )?(?:(?:ad|ads|anzeigen) ?)?"
    r"(?:campaigns?|ads?|ad ?sets?|ad ?groups?|keywords?|creatives?|banners?|posts?|pages?|videos?|channels?|playlists?"
    r"|listings?|offers?|stores?|shops?|outlets?|branch(?:es)?|warehouses?|locations?|terminals?|machines?|devices?"
    r"|assets?|products?|variants?|skus?|items?|articles?|models?|materials?|parts?|batch(?:es)?|lots?|vouchers?"
    r"|coupons?|flights?|vehicles?|plans?|gruppen?|kampagnen?|filialen?|lager|läden|laden|geräte?|produkte?|artikel"
    r"|anzeigen?|кампани[яи]|объявлени[ея]|магазин|склад|филиал|товар|артикул|устройство|campañas?|anuncios?|tiendas?"
    r"|almac[ée]n|productos?|campagnes?|annonces?|magasins?|boutiques?|entrep[ôo]t|produits?)",
    re.IGNORECASE,
)
"""Headers that name a thing: its bare digits are its number."""

_CODE_NAME: Final = late(r"(?:codes?|код|c[óo]digo|clave)\W*", re.IGNORECASE)
"""A header that in a text would be a word before a code that lets somebody in."""

_PERSON_NAME: Final = late(r"customer|client\b|kunde|клиент|покупател|cliente\b|acheteur", re.IGNORECASE)
_COUNTED: Final = late(r"[\s_#.(-]*\d{1,2}\)?\s*$")
_PARTS: Final = late(r"_+|(?<=[a-zа-я])(?=[A-ZА-Я])")

_MEASURE: Final = "-?[0-9]{1,8}|-?[0-9]+[.,][0-9]+"
_LONG: Final = late(r"(?<![0-9])[0-9]{13,19}(?![0-9])")


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

    quiet: bool = False
    """Whether the first cells, but for plain ones and codes, have no sign by which something personal is known."""

    def __reduce__(self) -> tuple[object, ...]:
        """Pickled without what was worked out of it."""
        return Column, (self.name, self.code, self.ids, self.contacts)

    @cached_property
    def cue(self) -> str:
        """The header as words before a cell, without the number that tells it from its like."""
        return _PARTS.sub(" ", _COUNTED.sub("", self.name)).strip() or self.name

    @cached_property
    def before(self) -> str:
        """What counts as words before a cell; nothing where the header names a person, whose cell may be any number, or
        only says that its cells are codes."""
        if _CODE_NAME.fullmatch(self.cue):
            return ""
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
        if not self.is_private and self._is_of_things:
            parts += ["[0-9]{1,12}", *(f"[0-9]{{{length}}}" for length in sorted(self.ids))]
        return "|".join([*parts, self.code] if self.code in WITHOUT_CARDS else parts)

    @cached_property
    def _is_of_things(self) -> bool:
        """Whether the header is that of an id, or names a thing."""
        if _ID_NAME.search(self.name) or _ID_NAME.search(self.cue):
            return True
        return _THING_NAME.fullmatch(self.cue) is not None

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
    return replace(bare, code=code_shape(bare.cue, bare.before, cells))


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

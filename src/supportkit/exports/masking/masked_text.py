"""Personal data in free text: found by shape and checksum, and replaced by a token that says what stood there.

Every pattern takes time linear in the text: tickets are written by strangers.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache

from supportkit.exports.masking import identifiers
from supportkit.exports.masking.digits import Span
from supportkit.exports.masking.first_look import may_be_personal
from supportkit.exports.masking.numbers import numbers

_AT = r"(?:[ ]?[@＠][ ]?|[ ]?[(\[{][ ]?(?:at|ät|собака)[ ]?[)\]}][ ]?|[ ]собака[ ])"
_DOT = r"(?:[.．。]|[ ]?[(\[{][ ]?(?:dot|punkt|точка)[ ]?[)\]}][ ]?)"
_ALONE = r"(?<![^\W_])"  # no letter or digit before
_END = r"(?![^\W_])"

_PATIENCE = 2000  # numbers looked at in the first two rounds; each further one has half, so that the rounds end

_email = re.compile(
    rf"""(?:(?<![\w.%+'&~-])[.%+'&~-]*+(?P<local>\w[\w.%+'&~-]*+)|"[^"\n]{{1,64}}"){_AT}
        (?:(?:[\w-]++{_DOT})+(?:xn--[\w-]++|[^\W\d_]{{2,24}})|\[[0-9a-f:.]{{3,45}}\])""",
    re.IGNORECASE | re.VERBOSE,
)
_iban_start = re.compile(rf"{_ALONE}(?=([A-Z]{{2}})[0-9]{{2}}[ -]?[A-Z0-9]{{4}})", re.IGNORECASE)
_lettered = re.compile(
    rf"""{_ALONE}(?:
        (?P<vat>DE[ ]?[0-9]{{3}}[ ]?[0-9]{{3}}[ ]?[0-9]{{3}})
      | (?P<nino>[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z][ ]?[0-9]{{2}}[ ]?[0-9]{{2}}[ ]?[0-9]{{2}}[ ]?[A-D])
      | (?P<fiscale>[A-Z]{{6}}[0-9]{{2}}[A-EHLMPRST][0-9]{{2}}[A-Z][0-9]{{3}}[A-Z])
      | (?P<pension>[0-9]{{2}}[ ]?[0-3][0-9][01][0-9]{{3}}[ ]?[A-Z][ ]?[0-9]{{3}})
      | (?P<nif>(?:[XYZ][ -]?[0-9]{{7}}|[0-9]{{8}})[ -]?[A-Z])
    ){_END}""",
    re.IGNORECASE | re.VERBOSE,
)
_card_run = re.compile(r"(?<![0-9])[0-9](?:[-/. ]?[0-9]){12,18}(?![0-9])")
_passport = re.compile(
    rf"""{_ALONE}(?<!\[)(?:passport|reisepass|pass|personalausweis|ausweis|(?:загран)?паспорт)\w{{0,8}}
        (?:[ ]?-?[ ]?(?:nummer|number|nr|no|id|серия|номер|№|\#|is|ist|lautet|mein|my|мой|данные|[.:,=])){{0,5}}[ ]?
        (?P<number>[0-9]{{2}}[ -]?[0-9]{{2}}[ ,]{{0,2}}(?:номер|№|no)?[ ]?[0-9]{{6}}|[0-9]{{2}}[ -]?[0-9]{{7}}
          |(?=[A-Z]{{0,3}}[0-9])(?=[A-Z0-9]{{0,6}}[0-9]{{2}})[A-Z0-9]{{6,10}}){_END}""",
    re.IGNORECASE | re.VERBOSE,
)


def masked(text: str) -> tuple[str, dict[str, int]]:
    """What `mask_text` returns, for a text that may hold personal data."""
    counts: dict[str, int] = {}
    patience = _PATIENCE * 2
    while True:
        before = text
        for find in (_emails, _ibans, _passports, _tax_with_letters):
            text = _replace(text, find(text), counts)
        text = _replace(text, numbers(text, min(patience, _PATIENCE)), counts)
        if text == before or not may_be_personal(text):
            return text, counts
        patience //= 2


def certain(text: str, ids: frozenset[int]) -> tuple[str, dict[str, int]]:
    """A code without what can be nothing else: account numbers, and cards of other lengths than those of ids."""
    counts: dict[str, int] = {}
    for spans in (_ibans(text), _cards(text, ids)):
        text = _replace(text, spans, counts)
    return text, counts


def _cards(text: str, ids: frozenset[int]) -> Iterator[Span]:
    for match in _card_run.finditer(text):
        digits = "".join(filter(str.isdecimal, match[0]))
        if len(digits) not in ids and identifiers.card(digits):
            yield match.start(), match.end(), "CARD"


def is_tax_with_letters(text: str) -> bool:
    """Whether the whole of a text is a tax or insurance number that has letters and a control digit."""
    return any((start, end) == (0, len(text)) for start, end, _ in _tax_with_letters(text))


def contacts(text: str) -> list[tuple[int, int]]:
    """Where the e-mails and phones of a text stand, first to last."""
    found = [(start, end) for start, end, _ in _emails(text)]
    for start, end, token in numbers(text, _PATIENCE):
        if token == "PHONE" and all(end <= begun or start >= ended for begun, ended in found):
            found.append((start, end))
    return sorted(found)


def _replace(text: str, spans: Iterable[Span], counts: dict[str, int]) -> str:
    pieces: list[str] = []
    at = 0
    for start, end, token in spans:
        counts[token] = counts.get(token, 0) + 1
        pieces += (text[at:start], f"[{token}]")
        at = end
    return "".join([*pieces, text[at:]]) if pieces else text


def _emails(text: str) -> Iterator[Span]:
    for match in _email.finditer(text):
        yield max(match.start(), match.start("local")), match.end(), "EMAIL"


def _ibans(text: str) -> Iterator[Span]:
    at = 0
    for match in _iban_start.finditer(text):
        length = identifiers.IBAN_LENGTH.get(match[1].upper())
        if length is None or match.start() < at:
            continue
        written = _written_iban(length).match(text, match.start())
        if written and identifiers.iban("".join(filter(str.isalnum, written[0]))):
            at = written.end()
            yield match.start(), at, "IBAN"


@cache
def _written_iban(length: int) -> re.Pattern[str]:
    return re.compile(rf"[A-Z0-9](?:[ \u00a0-]?[A-Z0-9]){{{length - 1}}}{_END}", re.IGNORECASE)


def _passports(text: str) -> Iterator[Span]:
    for match in _passport.finditer(text):
        yield match.start("number"), match.end("number"), "PASSPORT"


def _tax_with_letters(text: str) -> Iterator[Span]:
    for match in _lettered.finditer(text):
        compact = "".join(filter(str.isalnum, match[0]))
        if (
            match["fiscale"]
            or match["pension"]
            or (match["vat"] and identifiers.german_vat(compact[2:]))
            or (match["nino"] and compact[:2].upper() not in ("BG", "GB", "NK", "KN", "TN", "NT", "ZZ"))
            or (match["nif"] and identifiers.spanish_nif(compact))
        ):
            yield match.start(), match.end(), "TAX"

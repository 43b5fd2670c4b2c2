"""Personal data in free text: found by shape and checksum, and replaced by a token that says what stood there.

Every pattern takes time linear in the text: tickets are written by strangers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from itertools import count

from supportkit.exports.masking import identity_numbers
from supportkit.exports.masking.digits import Span
from supportkit.exports.masking.emails import emails
from supportkit.exports.masking.first_look import may_be_masked
from supportkit.exports.masking.numbers import Patience, numbers
from supportkit.exports.masking.papers import (
    accounts,
    ibans,
    insurances,
    passports,
    series_and_numbers,
    tax_with_letters,
)
from supportkit.exports.masking.plain_signs import plainly, replaced
from supportkit.exports.masking.secret_words import is_silent, speaks_of_secrets
from supportkit.exports.masking.secrets import card_codes, secrets
from supportkit.system.late_patterns import late

_card_run = late(r"(?<![0-9])[0-9](?:[-/. ]?[0-9]){12,18}(?![0-9])")


_TURNS = 3
"""How often a text is searched, since a token in place of one find may set free another; whatever still does so is
made to do it, and is masked from the next find on."""

_LONG = 2000
"""Signs of a text from which on to look whether more stands in it takes longer than to search it."""
_SECRETS = 24
"""Secrets that people write in one text."""
_A_SECRET = 100
"""Signs of a long text for each secret in it."""

_FINDERS = (secrets, emails, ibans, accounts, passports, series_and_numbers, insurances, tax_with_letters)
"""What is looked for before bare numbers are, one after the other."""


def masked(text: str) -> tuple[str, dict[str, int]]:
    """What `mask_text` returns, for a text that may hold personal data."""
    counts: dict[str, int] = {}
    finders: list[Callable[[str], Iterator[Span] | list[Span]]] = [
        *_FINDERS,
        partial(numbers, patience=Patience()),
        card_codes,
    ]
    without: dict[int, str] = {}  # in which text a finder has found nothing, which it is not asked again
    silent = False  # whether nothing in the text speaks of secrets
    for turn in count():
        plain = before = plainly(text)
        silent = plain.text is text and (silent or not speaks_of_secrets(text.casefold()))
        for place, find in enumerate(finders):
            if without.get(place) == plain.text or (silent and find is secrets):
                continue
            if not (spans := list(find(plain.text))):
                without[place] = plain.text
            else:
                most = 0 if turn >= _TURNS else _most(len(plain.text)) if find is secrets else len(spans)
                if len(spans) > most:
                    spans[most:] = [(spans[most][0], len(plain.text), spans[most][2])]
                plain = plain.without(spans)
                for _, _, kind in spans:
                    counts[kind] = counts.get(kind, 0) + 1
                    silent = silent and is_silent(kind)
        text = plain.written
        if plain is before or (len(text) < _LONG and not may_be_masked(text, silent=silent)):
            break
    return text, counts


def _most(signs: int) -> int:
    """The secrets of a text that are taken out one by one; behind them nothing of it is left."""
    return max(_SECRETS, signs // _A_SECRET)


def certain(text: str, ids: frozenset[int]) -> tuple[str, dict[str, int]]:
    """A code without what can be nothing else: account numbers, and cards of other lengths than those of ids."""
    counts: dict[str, int] = {}
    for find in (ibans, partial(_cards, ids=ids)):
        spans = list(find(text))
        for _, _, kind in spans:
            counts[kind] = counts.get(kind, 0) + 1
        text = replaced(text, spans)
    return text, counts


def _cards(text: str, ids: frozenset[int]) -> Iterator[Span]:
    for match in _card_run.finditer(text):
        digits = "".join(filter(str.isdecimal, match[0]))
        if len(digits) not in ids and identity_numbers.card(digits):
            yield match.start(), match.end(), "CARD"


def is_tax_with_letters(text: str) -> bool:
    """Whether the whole of a text is a tax or insurance number that has letters and a control digit."""
    return any((start, end) == (0, len(text)) for start, end, _ in tax_with_letters(text))


def contacts(text: str) -> list[tuple[int, int]]:
    """Where the e-mails and phones of a text stand, first to last."""
    found = [(start, end) for start, end, _ in emails(text)]
    for start, end, token in numbers(text):
        if token == "PHONE" and all(end <= begun or start >= ended for begun, ended in found):
            found.append((start, end))
    return sorted(found)

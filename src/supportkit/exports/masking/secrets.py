"""Secrets in a text: passwords after their word, tokens and keys, session ids, links that let somebody in.

A value is one by its own shape (`sk_live_…`, `AKIA…`, a JWT), or by the word before it; a word that only speaks of a
password (`my password is wrong`) is none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from supportkit.exports.masking import provider_keys
from supportkit.exports.masking.literals import has_one, matches, places, small_letters
from supportkit.exports.masking.passwords import passwords
from supportkit.exports.masking.secret_patterns import (
    ACCESS_CODE,
    AFTER_CARD,
    ASSIGNED,
    BEARER,
    CARD_CODE,
    CODE,
    CODE_OF_A_THING,
    COOKIE,
    DIGEST,
    IN_COMMAND,
    ONE_COOKIE,
    ONE_TIME,
    SEED,
    SPARE_CODES,
    TO_ENTER,
    URL,
    WHOSE_CODE,
    YOUR_CODE,
    YOURS_BEFORE,
)
from supportkit.exports.masking.secret_values import AROUND, in_url, is_value, within
from supportkit.exports.masking.secret_words import CODE_BEGINS, SHELLS, has_word
from supportkit.system.late_patterns import late

Span = tuple[int, int, str]
_Asked = tuple[tuple[tuple[str, ...], re.Pattern[str]], ...]
_VALUES: Final[_Asked] = (
    (("bearer", "authorization"), BEARER),
    (
        (
            "cvv", "cvc", "sicherheitscode", "kartenprüf", "prüfnum", "prüfziff", "security code", "код безопасности",
        ),
        CARD_CODE,
    ),
    (
        (
            "pin", "otp", "tan", "my pin", "mein", "мой pin", "mi pin", "tu pin", "su pin", "mon pin", "votre pin",
            "пин", "geheim", "passcode", "one time ", "one-time ", "verification code", "security code", "login code",
            "sms", "смс", "2fa", "mfa", "totp", "got ", "received ", "code ", "código ", "codigo ",
            "codice ", "kod ", "confirmation code", "access code", "reset code", "bestätigungs", "sicherheits",
            "zugangs", "код ",
        ),
        ONE_TIME,
    ),
    (("use ", "enter ", "type "), TO_ENTER),
)  # fmt: skip
"""Patterns of values, and what each of their matches begins with, in small letters."""
_YOURS: Final = ("code", "pin", "otp", "digo", "код")
_TEMPORARY: Final = (
    "code", "codice", "kod", "digo", "clave", "код", "einmal", "de passe", "one time", "one-time", "solo uso", "temp",
    "парол",
)  # fmt: skip
"""Of these and of those above one stands in each text with a code that lets somebody in."""
_IN_SMALL_LETTERS: Final[_Asked] = (
    (
        (
            "sess", "sid", "csrf", "xsrf", "token", "key", "secret", "schlüssel", "ключ", "токен", "id сессии",
            "идентификатор сессии", "clé ", "cle ", "clave ", "sitzungs",
        ),
        ASSIGNED,
    ),
    (CODE_BEGINS, ACCESS_CODE),
)  # fmt: skip
"""The same of a text in small letters, where the value is no word."""
_CODES: Final = ("code", "код", "código", "codigo")
_SPARE: Final = (
    "backup", "recovery", "scratch", "emergency", "wiederherstellungs", "reserve", "ersatz", "резервные", "запасные",
    "коды", "código", "codigo", "codes de ",
)  # fmt: skip
_SEED: Final = ("seed", "recovery", "mnemonic", "secret", "backup")
_LAST_WORD: Final = late(r"[^\W_]+\Z")
_JSON: Final = late(r"[{,]\s*[\"']\Z")
_LONGEST_WORD: Final = 12
_LONGEST_SCHEME: Final = 16
_OF_A_SCHEME: Final = frozenset("abcdefghijklmnopqrstuvwxyz0123456789+.-")


def secrets(text: str) -> list[Span]:
    """Where the secrets of a text stand, first to last."""
    folded = text.casefold()
    found = [*provider_keys.keys(text, folded)] if provider_keys.has_literal(folded) else []
    found += _by_words(text, folded) if has_word(folded) else ()
    found = sorted((start, end) for start, end in found if end > start and text[start] != "[")
    spans: list[Span] = []
    for start, end in found:
        if spans and start < spans[-1][1]:
            start, end = spans[-1][0], max(end, spans.pop()[1])
        spans.append((start, end, "SECRET"))
    return spans


def card_codes(text: str) -> Iterator[Span]:
    """The codes of cards that are taken out already, which stand behind them."""
    if "[CARD]" in text:
        for match in AFTER_CARD.finditer(text):
            yield *match.span("value"), "SECRET"


def _by_words(text: str, folded: str) -> Iterator[tuple[int, int]]:
    small = small_letters(text)
    for words, pattern in _VALUES:
        if begins := places(small, words):
            yield from (within(text, *match.span("value")) for match in matches(pattern, text, begins))
    if "digest" in small:
        yield from (match.span("value") for match in DIGEST.finditer(text))
    if has_one(small, _YOURS):
        yield from (within(text, *match.span("value")) for match in YOUR_CODE.finditer(small))
    for words, pattern in _IN_SMALL_LETTERS:
        if words is not CODE_BEGINS or has_one(small, _TEMPORARY):
            found = (match for match in matches(pattern, small, places(small, words)) if is_value(match["value"]))
            yield from (within(text, *match.span("value")) for match in found)
    if "cookie" in small:
        yield from _cookies(text, small)
    yield from _codes(small)
    if "cod" in small or "код" in small:
        yield from (match.span("value") for match in matches(SPARE_CODES, small, places(small, _SPARE)))
    if "phrase" in small or " words" in small:
        yield from (match.span("value") for match in matches(SEED, small, places(small, _SEED)))
    yield from passwords(text, small)
    if begins := _commands(small):
        for match in matches(IN_COMMAND, small, begins):
            yield match.span(match.lastgroup or 0)
    for url in matches(URL, text, places(small, ("http",))):
        yield from in_url(text, *url.span())


def _cookies(text: str, small: str) -> Iterator[tuple[int, int]]:
    """What a browser sends to be known again."""
    for line in matches(COOKIE, text, places(small, ("cookie",))):
        for match in ONE_COOKIE.finditer(text, *line.span("line")):
            if is_value(match["value"]):
                yield within(text, *match.span("value"))


def _commands(small: str) -> list[int]:
    """Where a line for a shell or an address may begin, in which a name and a password stand."""
    begins = places(small, SHELLS)
    for place in places(small, ("://",)) if "@" in small else ():
        first = place
        while first > max(0, place - _LONGEST_SCHEME) and small[first - 1] in _OF_A_SCHEME:
            first -= 1
        begins += range(first, place - 1)
    return sorted(begins)


def _codes(small: str) -> Iterator[tuple[int, int]]:
    """Codes behind nothing but the word, that belong to no thing."""
    for match in matches(CODE, small, places(small, _CODES)):
        before = small[max(0, match.start() - AROUND) : match.start()]
        if _is_the_readers(before) and not CODE_OF_A_THING.search(before):
            yield match.span("value")


def _is_the_readers(before: str) -> bool:
    """Whether a code behind these words is nobody's but the reader's: a sentence begins with it, or they say so."""
    bare = before.rstrip(" \t")
    if not bare:
        return True
    if bare[-1] == "-":
        return len(bare) < len(before)
    if bare[-1] in "_]" or not bare[-1].isalnum():
        return bare[-1] not in "_]" and not _JSON.search(bare)  # `{"code": 4004}` is mostly one of an error
    last = _LAST_WORD.search(bare[-_LONGEST_WORD:])
    return (last is not None and last[0] in WHOSE_CODE) or YOURS_BEFORE.search(before) is not None
